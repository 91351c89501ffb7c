package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"countersign/internal/act"
	"countersign/internal/casework"
	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/internal/words"

	"github.com/danielgtaylor/huma/v2"
)

// Problem is an answer that is none (RFC 9457). Key names the sentence in both languages; title is that sentence
// in the language the client asked for.
type Problem struct {
	Type    string            `json:"type" doc:"urn:countersign:problem: and the key"`
	Title   string            `json:"title" doc:"what went wrong, in the language of the request"`
	Status  int               `json:"status"`
	Kind    string            `json:"kind" enum:"invalid,denied,missing,conflict,late,unavailable,internal" doc:"decides what a client can do"`
	Key     string            `json:"key" doc:"catalogue key; stable"`
	Args    map[string]string `json:"args,omitempty" doc:"variables of the sentence"`
	Errors  []Where           `json:"errors,omitempty" doc:"what does not follow the schema, and where"`
	Gates   []Gate            `json:"gates,omitempty" doc:"every gate that is closed before the step"`
	Changes []Change          `json:"changes,omitempty" doc:"acts that the client had not seen: who changed what"`
}

// Where is one thing that does not follow the schema.
type Where struct {
	Location string `json:"location"`
	Message  string `json:"message"`
}

// Change is an act that the client had not seen.
type Change struct {
	Act     act.ID    `json:"act,omitempty"`
	Kind    string    `json:"kind"`
	Officer string    `json:"officer,omitempty"`
	Role    string    `json:"role,omitempty"`
	At      time.Time `json:"at"`
}

func (p *Problem) Error() string { return p.Key + ": " + p.Title }

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType implements huma.ContentTypeFilter.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

var statusOf = map[fault.Kind]int{fault.Invalid: http.StatusUnprocessableEntity, fault.Denied: http.StatusForbidden, fault.Missing: http.StatusNotFound,
	fault.Conflict: http.StatusConflict, fault.Late: http.StatusConflict, fault.Unavailable: http.StatusServiceUnavailable}

// problemOf puts an error in the client's language. What is not a fault is internal: logged, and not shown.
func (s *service) problemOf(c *words.Catalogue, err error) *Problem {
	if p, ok := errors.AsType[*Problem](err); ok {
		return p
	}
	kind := fault.KindOf(err)
	if kind == "" {
		s.Log.Error("api", "err", err)
		return newProblem(c, "internal", "fault.api.internal", nil, http.StatusInternalServerError)
	}
	p := newProblem(c, string(kind), fault.KeyOf(err), fault.ArgsOf(err), statusOf[kind])
	if stale, ok := errors.AsType[*desk.Stale](err); ok {
		p.Status = http.StatusPreconditionFailed
		for _, x := range stale.Changes {
			p.Changes = append(p.Changes, Change{Act: x.Act, Kind: string(x.Kind), Officer: x.Officer, Role: x.Role, At: x.At.UTC()})
		}
	}
	if shut, ok := errors.AsType[*casework.GatesClosed](err); ok {
		for i := range shut.Gates {
			p.Gates = append(p.Gates, gateOf(&shut.Gates[i], c))
		}
	}
	return p
}

func newProblem(c *words.Catalogue, kind, key string, args map[string]string, status int) *Problem {
	return &Problem{Type: "urn:countersign:problem:" + key, Title: c.Map(key, args), Status: status, Kind: kind, Key: key, Args: args}
}

// transform turns what huma itself refuses into the same problems.
func (s *service) transform(ctx huma.Context, _ string, v any) (any, error) {
	m, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	kind, key := "invalid", "fault.api.schema"
	if m.Status >= http.StatusInternalServerError {
		kind, key = "internal", "fault.api.internal"
	}
	p := newProblem(s.speaker(ctx.Header("Accept-Language")), kind, key, nil, m.Status)
	for _, e := range m.Errors {
		p.Errors = append(p.Errors, Where{Location: e.Location, Message: e.Message})
	}
	if len(m.Errors) == 0 && m.Detail != "" {
		p.Errors = []Where{{Location: "request", Message: m.Detail}}
	}
	return p, nil
}

func (s *service) writeProblem(w http.ResponseWriter, p *Problem) {
	b, err := json.Marshal(p)
	if err != nil {
		http.Error(w, "", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Content-Length", strconv.Itoa(len(b)))
	w.WriteHeader(p.Status)
	w.Write(b)
}

// register adds an operation whose errors are problems.
func register[I, O any](s *service, op huma.Operation, handle func(context.Context, *I) (*O, error)) {
	lang := func(ctx context.Context) *words.Catalogue {
		c, _ := ctx.Value(speakerKey{}).(*words.Catalogue)
		return c
	}
	op.Middlewares = append(op.Middlewares, func(ctx huma.Context, next func(huma.Context)) {
		next(huma.WithValue(ctx, speakerKey{}, s.speaker(ctx.Header("Accept-Language"))))
	})
	huma.Register(s.API, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := handle(ctx, in)
		if err != nil {
			return nil, s.problemOf(lang(ctx), err)
		}
		return out, nil
	})
	s.describe(op.Method, op.Path)
}

type speakerKey struct{}

// spoken is the catalogue of the request.
func spoken(ctx context.Context) *words.Catalogue { return ctx.Value(speakerKey{}).(*words.Catalogue) }

// describe says in the document that errors are problems, and drops the raw form of bodies that have a schema.
func (s *service) describe(method, path string) {
	item := s.OpenAPI().Paths[path]
	op := item.Get
	if method == http.MethodPost {
		op = item.Post
	}
	schema := s.OpenAPI().Components.Schemas.Schema(problemType, true, "Problem")
	for status := range op.Responses {
		if n, err := strconv.Atoi(status); status == "default" || err == nil && n >= 400 {
			delete(op.Responses, status)
		}
	}
	op.Responses["default"] = &huma.Response{Description: "A problem (RFC 9457)",
		Content: map[string]*huma.MediaType{"application/problem+json": {Schema: schema}}}
	if op.RequestBody != nil && len(op.RequestBody.Content) > 1 {
		delete(op.RequestBody.Content, "application/octet-stream")
	}
}
