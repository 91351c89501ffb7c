package api

import (
	"context"
	"net/http"

	"countersign/internal/act"
	"countersign/internal/desk"
	"countersign/internal/paper"

	"github.com/danielgtaylor/huma/v2"
)

// Attachment is a file of a case.
type Attachment struct {
	Attachment act.ID `json:"attachment"`
	Title      string `json:"title"`
	Type       string `json:"type"`
	Size       int    `json:"size"`
	SHA256     string `json:"sha256"`
}

// Attachments are the files of a case that the officer may see.
type Attachments struct {
	Items []Attachment `json:"items"`
}

type attachIn struct {
	OfCase
	WithKey
	Type    string `header:"Content-Type" required:"true"`
	Title   string `query:"title" required:"true" enum:"photograph,passport-copy,identity-card-copy,birth-record,travel-document,interview-report,notice-served,receipt,medical-certificate,court-paper,other" doc:"what it is"`
	RawBody []byte
}

type attachmentIn struct {
	OfCase
	Attachment string `path:"attachment" format:"uuid"`
}

func binary() *huma.MediaType {
	return &huma.MediaType{Schema: &huma.Schema{Type: "string", Format: "binary"}}
}

func (s *service) attachments() {
	types := map[string]*huma.MediaType{}
	for _, t := range paper.AttachmentTypes {
		types[t] = binary()
	}
	receipt := s.OpenAPI().Components.Schemas.Schema(receiptType, true, "Receipt")
	register(s, huma.Operation{OperationID: "attach", Method: http.MethodPost, Path: "/cases/{id}/attachments", Tags: []string{"attachments"}, Summary: "Add a file to a case", DefaultStatus: http.StatusCreated,
		Description: "PDF, JPEG or PNG up to 8 MB, known by looking at it. Images are drawn anew: what is kept has no metadata. A file that is not what it claims to be is refused.",
		RequestBody: &huma.RequestBody{Required: true, Content: types}, MaxBodyBytes: paper.MaxAttachment + 1, SkipValidateBody: true,
		Responses: map[string]*huma.Response{"201": {Description: "Created", Content: map[string]*huma.MediaType{"application/json": {Schema: receipt}}}}}, s.attach)
	register(s, huma.Operation{OperationID: "attachments", Method: http.MethodGet, Path: "/cases/{id}/attachments", Tags: []string{"attachments"}, Summary: "The files of a case"}, s.listAttachments)
	register(s, huma.Operation{OperationID: "attachment", Method: http.MethodGet, Path: "/cases/{id}/attachments/{attachment}", Tags: []string{"attachments"}, Summary: "One file, checked against the act that binds it",
		Responses: map[string]*huma.Response{"200": {Description: "OK", Content: map[string]*huma.MediaType{"application/octet-stream": binary()}}}}, s.attachment)
}

func (s *service) attach(ctx context.Context, in *attachIn) (*writeOut, error) {
	who, err := session(ctx, in.Purpose)
	if err != nil {
		return nil, err
	}
	return answer(s.Desk.AttachOnce(ctx, who, act.ID(in.ID), in.Title, in.Type, in.RawBody, desk.Once{Key: in.Key,
		Digest: digest("attach", in.ID, in.Purpose, in.Title, in.Type, string(in.RawBody)), Answer: receiptOf(http.StatusCreated)}))
}

func (s *service) listAttachments(ctx context.Context, in *OfCase) (*body[Attachments], error) {
	who, err := session(ctx, in.Purpose)
	if err != nil {
		return nil, err
	}
	list, err := s.Desk.Attachments(ctx, who, act.ID(in.ID))
	out := Attachments{Items: []Attachment{}}
	for _, a := range list {
		out.Items = append(out.Items, Attachment(a))
	}
	return &body[Attachments]{out}, err
}

func (s *service) attachment(ctx context.Context, in *attachmentIn) (*pdfOut, error) {
	who, err := session(ctx, in.Purpose)
	if err != nil {
		return nil, err
	}
	a, b, err := s.Desk.Attachment(ctx, who, act.ID(in.ID), act.ID(in.Attachment))
	// Never shown by a browser itself, whatever it may hold.
	return &pdfOut{Type: "application/octet-stream", Name: `attachment; filename="` + a.Title + `"`, Body: b}, err
}
