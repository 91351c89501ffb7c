package api

import (
	"bytes"
	"context"
	"net/http"

	"countersign/internal/act"
	"countersign/internal/desk"
	"countersign/internal/paper"

	"github.com/danielgtaylor/huma/v2"
)

// PaperLine is a paper that can be written of a case now.
type PaperLine struct {
	Kind     string   `json:"kind"`
	Title    string   `json:"title"`
	Draft    bool     `json:"draft" doc:"it must not be served, sent or relied on"`
	Withheld []string `json:"withheld" doc:"why, in the language of the request"`
}

// Papers are the papers of a case.
type Papers struct {
	Items []PaperLine `json:"items"`
}

// Written is a paper as data.
type Written struct {
	Hash  string      `json:"hash" doc:"version of the paper"`
	Draft bool        `json:"draft"`
	Code  string      `json:"code,omitempty" doc:"text of the square code; countersign verify --qr reads it"`
	Form  *paper.Form `json:"form" doc:"as docs/schemas says for the kind"`
}

type paperIn struct {
	OfCase
	Kind string `path:"kind" enum:"application,notification,interview-report,reply,refusal,criminal-record-request,travel-document-request,transit-request,departure-details,transfer-notice,handover-record"`
	Body struct {
		Remedies []paper.Remedy `json:"remedies,omitempty" maxItems:"6" doc:"ways to challenge a refusal, each with its legal basis; the software knows none"`
		Transit  []string       `json:"transit,omitempty" maxItems:"6" doc:"States of transit, ISO 3166-1 alpha-3"`
	}
}

type pdfOut struct {
	Type string `header:"Content-Type"`
	Name string `header:"Content-Disposition"`
	Body []byte
}

func (s *service) papers() {
	register(s, huma.Operation{OperationID: "papers", Method: http.MethodGet, Path: "/cases/{id}/papers", Tags: []string{"papers"}, Summary: "The papers that can be written of a case now"}, s.listPapers)
	register(s, huma.Operation{OperationID: "paper", Method: http.MethodPost, Path: "/cases/{id}/papers/{kind}", Tags: []string{"papers"}, Summary: "A paper as data under its dated schema"}, s.paper)
	register(s, huma.Operation{OperationID: "paper-pdf", Method: http.MethodPost, Path: "/cases/{id}/papers/{kind}/pdf", Tags: []string{"papers"}, Summary: "A paper as PDF in both languages",
		Responses: map[string]*huma.Response{"200": {Description: "OK", Content: map[string]*huma.MediaType{"application/pdf": {Schema: &huma.Schema{Type: "string", Format: "binary"}}}}}}, s.paperPDF)
}

func (s *service) listPapers(ctx context.Context, in *OfCase) (*body[Papers], error) {
	who, err := session(ctx, in.Purpose)
	if err != nil {
		return nil, err
	}
	list, err := s.Desk.Papers(ctx, who, act.ID(in.ID))
	if err != nil {
		return nil, err
	}
	c, out := spoken(ctx), Papers{Items: []PaperLine{}}
	for _, f := range list {
		line := PaperLine{Kind: string(f.Kind), Title: c.Text("paper.title." + string(f.Kind)), Draft: f.Draft(), Withheld: []string{}}
		for _, key := range f.Withheld {
			line.Withheld = append(line.Withheld, c.Text(key, "language", f.Language))
		}
		out.Items = append(out.Items, line)
	}
	return &body[Papers]{out}, nil
}

func (s *service) form(ctx context.Context, in *paperIn) (*paper.Form, error) {
	who, err := session(ctx, in.Purpose)
	if err != nil {
		return nil, err
	}
	return s.Desk.Paper(ctx, who, act.ID(in.ID), paper.FormKind(in.Kind), desk.PaperChoice{Remedies: in.Body.Remedies, Transit: in.Body.Transit})
}

func (s *service) paper(ctx context.Context, in *paperIn) (*body[Written], error) {
	f, err := s.form(ctx, in)
	if err != nil {
		return nil, err
	}
	out := Written{Draft: f.Draft(), Form: f}
	if !out.Draft {
		out.Code = f.Act.Mark.String()
	}
	out.Hash, err = f.Hash()
	return &body[Written]{out}, err
}

func (s *service) paperPDF(ctx context.Context, in *paperIn) (*pdfOut, error) {
	f, err := s.form(ctx, in)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := paper.WriteFormPDF(&b, f, s.Words); err != nil {
		return nil, err
	}
	return &pdfOut{Type: "application/pdf", Name: `attachment; filename="` + in.Kind + `.pdf"`, Body: b.Bytes()}, nil
}
