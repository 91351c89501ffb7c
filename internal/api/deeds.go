package api

import (
	"bytes"
	"context"
	stdjson "encoding/json"
	"fmt"
	"net/http"
	"reflect"

	"countersign/internal/act"
	"countersign/internal/desk"

	"github.com/danielgtaylor/huma/v2"
)

// Deed is the answer to an official act that is not about one case.
type Deed struct {
	About act.ID   `json:"about,omitempty" doc:"what it is about, for example the measure that it began"`
	Acts  []Signed `json:"acts" doc:"what was signed, in order; empty: nothing was to be signed"`
}

var deedType = reflect.TypeFor[Deed]()

type deedIn struct {
	WithPurpose
	WithLanguage
	WithKey
	RawBody []byte
}

type deedOfIn struct {
	WithPurpose
	WithLanguage
	WithKey
	ID      string `path:"id" maxLength:"60"`
	RawBody []byte
}

// deed describes one official act: where it is posted, the struct of its body, and the function of the desk that does it.
type deed struct {
	id, path, tag, summary string
	body                   any // zero value of the struct that do gets
	do                     func(ctx context.Context, who desk.Session, id string, body any) error
}

// deeds registers acts. Each is done under its key: repeated, it has its first answer and no second effect.
func (s *service) deeds(all ...deed) {
	for _, d := range all {
		f := formOf(d.body)
		registry := s.OpenAPI().Components.Schemas
		op := huma.Operation{OperationID: d.id, Method: http.MethodPost, Path: d.path, Tags: []string{d.tag}, Summary: d.summary, MaxBodyBytes: maxBody,
			RequestBody: jsonBody(registry.Schema(f.flat, true, "Do"+pascal(d.id)+"Body")),
			Responses: map[string]*huma.Response{"200": {Description: "OK",
				Content: map[string]*huma.MediaType{"application/json": {Schema: registry.Schema(deedType, true, "Deed")}}}}}
		if bytes.Contains([]byte(d.path), []byte("{id}")) {
			register(s, op, func(ctx context.Context, in *deedOfIn) (*writeOut, error) {
				return s.carry(ctx, d, f, in.ID, &deedIn{in.WithPurpose, in.WithLanguage, in.WithKey, in.RawBody})
			})
		} else {
			register(s, op, func(ctx context.Context, in *deedIn) (*writeOut, error) { return s.carry(ctx, d, f, "", in) })
		}
	}
}

// pascal writes propose-measure as ProposeMeasure.
func pascal(s string) string {
	var out []byte
	up := true
	for _, c := range []byte(s) {
		switch {
		case c == '-':
			up = true
			continue
		case up && 'a' <= c && c <= 'z':
			c -= 'a' - 'A'
		}
		out, up = append(out, c), false
	}
	return string(out)
}

func (s *service) carry(ctx context.Context, d deed, f form, id string, in *deedIn) (*writeOut, error) {
	who, err := session(ctx, in.Purpose)
	if err != nil {
		return nil, err
	}
	raw := in.RawBody
	if len(bytes.TrimSpace(raw)) == 0 {
		raw = []byte("{}")
	}
	body, err := f.read(raw)
	if err != nil {
		return nil, err
	}
	o := desk.Once{Key: in.Key, Digest: digest(d.id, id, in.Purpose, string(in.RawBody)), Answer: deedOf}
	a, repeated, err := s.Desk.UnderKey(ctx, o, func(ctx context.Context) error { return d.do(ctx, who, id, body) })
	if err != nil {
		return nil, err
	}
	out := &writeOut{Status: int(a.Status), Type: "application/json", Body: bytes.Clone(a.Body)}
	if repeated {
		out.Repeated = "true"
	}
	return out, nil
}

func deedOf(d desk.Done) (int, []byte, error) {
	out := Deed{About: d.Case, Acts: []Signed{}}
	for _, e := range d.Acts {
		out.Acts = append(out.Acts, Signed{Act: e.ID, Kind: string(e.Kind), Scope: string(e.Scope), Recorded: e.Recorded.UTC(), Index: e.Index})
		if out.About == "" {
			out.About = e.Case
		}
	}
	b, err := stdjson.Marshal(out)
	return http.StatusOK, append(b, '\n'), err
}

// Pages are one part of a register.
type Pages[T any] struct {
	Items []T    `json:"items"`
	Total int    `json:"total"`
	Next  string `json:"next,omitempty" doc:"address of the next page"`
}

// paged cuts one page out of a list.
func paged[T, V any](p Page, path string, all []T, view func(T) V) *body[Pages[V]] {
	out := Pages[V]{Items: []V{}, Total: len(all), Next: p.next(path, map[string][]string{}, len(all))}
	for _, x := range all[min(p.Offset, len(all)):min(p.Offset+p.Limit, len(all))] {
		out.Items = append(out.Items, view(x))
	}
	return &body[Pages[V]]{out}
}

// get registers a reading.
func get[I, O any](s *service, id, path, tag, summary string, handle func(context.Context, *I) (*O, error)) {
	register(s, huma.Operation{OperationID: id, Method: http.MethodGet, Path: path, Tags: []string{tag}, Summary: summary}, handle)
}

// wrong is a body of another type than its deed asked for: a mistake of this package.
func wrong(v any) error { return fmt.Errorf("unexpected body %T", v) }
