package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	stdjson "encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"countersign/internal/act"
	"countersign/internal/casework"
	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/internal/store"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
)

// Receipt is the answer to a write.
type Receipt struct {
	Case    act.ID   `json:"case"`
	Version int64    `json:"version" doc:"acts of the case now"`
	Acts    []Signed `json:"acts" doc:"what was signed, in order"`
}

// Signed is one act that was signed.
type Signed struct {
	Act      act.ID    `json:"act"`
	Kind     string    `json:"kind"`
	Scope    string    `json:"scope" enum:"joint,domestic" doc:"joint: the other authority will see it"`
	Recorded time.Time `json:"recorded"`
	Index    int64     `json:"index" doc:"position in its log"`
}

// WithKey are the headers of a write.
type WithKey struct {
	Key string `header:"Idempotency-Key" required:"true" minLength:"8" maxLength:"100" doc:"Chosen by the client, new for each intended act. The same key with the same request has the first answer; with another request it is a conflict"`
}

type writeOut struct {
	Status   int
	Type     string `header:"Content-Type"`
	ETag     string `header:"ETag"`
	Repeated string `header:"Idempotency-Replayed" doc:"true: the first answer, given again"`
	Body     []byte
}

type openIn struct {
	WithPurpose
	WithLanguage
	WithKey
	RawBody []byte
}

type actIn struct {
	OfCase
	WithKey
	Match   string `header:"If-Match" doc:"The version of the case that the officer has seen, from its ETag. Required"`
	RawBody []byte
}

type previewIn struct {
	OfCase
	Name    string `path:"name" maxLength:"60" doc:"name of the act"`
	RawBody []byte
}

// Preview is exactly what the other authority would see of an act.
type Preview struct {
	Crossing []Crossing `json:"crossing" doc:"empty: nothing would cross"`
}

// Crossing is one joint act that would cross.
type Crossing struct {
	Kind string         `json:"kind"`
	Body map[string]any `json:"body"`
}

func (s *service) acts() {
	opening := formOf(opened{}) // case and person get their identifiers from the desk
	open := s.operation("open-case", "/cases", "Open a case", "OpenCase", opening, http.StatusCreated)
	register(s, open, func(ctx context.Context, in *openIn) (*writeOut, error) { return s.open(ctx, in, &opening) })
	forms := map[string]form{}
	for _, c := range casework.Commands() {
		name := casework.Name(c)
		if _, is := c.(casework.OpenCase); is {
			continue
		}
		f := formOf(c)
		forms[name] = f
		op := s.operation(name, "/cases/{id}/acts/"+name, "Act: "+strings.ReplaceAll(name, "-", " "), f.command.Name(), f, http.StatusOK)
		op.Description = "Roles: " + strings.Join(casework.Roles(c), ", ") + "."
		if side := casework.SideFor(c); side != casework.NoSide {
			op.Description += " Side: " + string(side) + "."
		}
		register(s, op, func(ctx context.Context, in *actIn) (*writeOut, error) { return s.act(ctx, in, name, &f) })
	}
	preview := huma.Operation{OperationID: "preview", Method: http.MethodPost, Path: "/cases/{id}/previews/{name}", Tags: []string{"acts"},
		Summary: "Exactly what the other authority would see of an act; nothing is signed", MaxBodyBytes: maxBody,
		RequestBody: jsonBody(&huma.Schema{Type: "object", Description: "The body of the act of that name"})}
	register(s, preview, func(ctx context.Context, in *previewIn) (*body[Preview], error) { return s.preview(ctx, in, forms) })
}

const maxBody = 256 << 10

func jsonBody(schema *huma.Schema) *huma.RequestBody {
	return &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/json": {Schema: schema}}}
}

// operation describes a write: the schema of its body, and the receipt.
func (s *service) operation(id, path, summary, hint string, f form, status int) huma.Operation {
	registry := s.OpenAPI().Components.Schemas
	receipt := registry.Schema(receiptType, true, "Receipt")
	return huma.Operation{OperationID: id, Method: http.MethodPost, Path: path, Tags: []string{"acts"}, Summary: summary, DefaultStatus: status, MaxBodyBytes: maxBody,
		RequestBody: jsonBody(registry.Schema(f.flat, true, hint+"Body")),
		Responses: map[string]*huma.Response{fmt.Sprint(status): {Description: http.StatusText(status),
			Content: map[string]*huma.MediaType{"application/json": {Schema: receipt}}}}}
}

// digest is what makes two requests the same: the officer's purpose, the operation, the version seen, the body.
func digest(parts ...string) []byte {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return h.Sum(nil)
}

func receiptOf(status int) func(desk.Done) (int, []byte, error) {
	return func(d desk.Done) (int, []byte, error) {
		r := Receipt{Case: d.Case, Version: d.Version, Acts: []Signed{}}
		for _, e := range d.Acts {
			r.Acts = append(r.Acts, Signed{Act: e.ID, Kind: string(e.Kind), Scope: string(e.Scope), Recorded: e.Recorded.UTC(), Index: e.Index})
		}
		b, err := stdjson.Marshal(r)
		return status, append(b, '\n'), err
	}
}

func answer(a store.AnswerRow, repeated bool, err error) (*writeOut, error) {
	if err != nil {
		return nil, err
	}
	var r Receipt
	if err := stdjson.Unmarshal(a.Body, &r); err != nil {
		return nil, err
	}
	out := &writeOut{Status: int(a.Status), Type: "application/json", ETag: etag(r.Version), Body: bytes.Clone(a.Body)}
	if repeated {
		out.Repeated = "true"
	}
	return out, nil
}

func (s *service) open(ctx context.Context, in *openIn, f *form) (*writeOut, error) {
	who, err := session(ctx, in.Purpose)
	if err != nil {
		return nil, err
	}
	c, err := f.read(in.RawBody)
	if err != nil {
		return nil, err
	}
	return answer(s.Desk.OpenCaseOnce(ctx, who, c.(opened).CaseOpening, desk.Once{Key: in.Key, Digest: digest("open-case", in.Purpose, string(in.RawBody)), Answer: receiptOf(http.StatusCreated)}))
}

func (s *service) act(ctx context.Context, in *actIn, name string, f *form) (*writeOut, error) {
	who, err := session(ctx, in.Purpose)
	if err != nil {
		return nil, err
	}
	seen, ok := version(in.Match)
	if !ok {
		p := newProblem(spoken(ctx), string(fault.Invalid), "fault.api.if-match", nil, http.StatusPreconditionRequired)
		return nil, p
	}
	c, err := f.read(in.RawBody)
	if err != nil {
		return nil, err
	}
	return answer(s.Desk.CaseOnce(ctx, who, act.ID(in.ID), c.(casework.Command), desk.Once{Key: in.Key, Seen: seen,
		Digest: digest(name, in.ID, in.Purpose, fmt.Sprint(seen), string(in.RawBody)), Answer: receiptOf(http.StatusOK)}))
}

func (s *service) preview(ctx context.Context, in *previewIn, forms map[string]form) (*body[Preview], error) {
	who, err := session(ctx, in.Purpose)
	if err != nil {
		return nil, err
	}
	f, ok := forms[in.Name]
	if !ok {
		return nil, fault.New(fault.Missing, "fault.api.no-operation")
	}
	c, err := f.read(in.RawBody)
	if err != nil {
		return nil, err
	}
	crossing, err := s.Desk.Preview(ctx, who, act.ID(in.ID), c.(casework.Command))
	if err != nil {
		return nil, err
	}
	out := Preview{Crossing: []Crossing{}}
	for _, x := range crossing {
		one := Crossing{Kind: string(x.Kind)}
		if err := json.Unmarshal(x.Body, &one.Body); err != nil {
			return nil, err
		}
		out.Crossing = append(out.Crossing, one)
	}
	return &body[Preview]{out}, nil
}
