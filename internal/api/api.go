// Package api is the JSON API of one authority: a thin adapter over the desk, described by an OpenAPI 3.1
// document that comes from the same code. What an officer may do by page, a program may do for the officer, with
// the same gates, purposes and records; there is no second way in.
//
// It never imports web, keeps no state, decides nothing, and puts no personal data into an address.
package api

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/internal/words"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// Base is where the API is mounted.
const Base = "/api"

// Version is the version of the API's document. A change that breaks a client is a new version.
const Version = "1.0.0"

// Authenticator says for which officer a request is made, or refuses it.
type Authenticator interface {
	Session(ctx context.Context, r *http.Request) (desk.Session, error)
}

// Config is what the API works with. Desk is required.
type Config struct {
	Desk *desk.Desk
	// Border is the crossing points of the authority; nil where it has none.
	Border *desk.Border
	// Authenticator defaults to the desk's own bearer tokens.
	Authenticator Authenticator
	// Words are the catalogues; nil loads the embedded ones.
	Words map[words.Lang]*words.Catalogue
	// Log takes what went wrong inside; default: nowhere. Nothing about a person is ever written to it.
	Log *slog.Logger
}

// New builds the handler of everything under Base.
func New(c Config) (http.Handler, error) {
	s, err := build(c)
	if err != nil {
		return nil, err
	}
	return s.guard(s.mux), nil
}

type service struct {
	Config
	huma.API
	mux *http.ServeMux
}

func build(c Config) (*service, error) {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Authenticator == nil {
		c.Authenticator = Tokens{c.Desk}
	}
	if c.Words == nil {
		var err error
		if c.Words, err = words.Load(); err != nil {
			return nil, err
		}
	}
	s := &service{Config: c, mux: http.NewServeMux()}
	h := huma.DefaultConfig("Countersign", Version)
	h.Info.Description = "The joint gateway of one authority. Every write is an official act: signed by the officer for whom the program works, " +
		"decided under the gates of the law, recorded. Every reading of personal data is itself recorded with its purpose."
	h.Info.License = &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"}
	h.Servers = []*huma.Server{{URL: Base}}
	h.CreateHooks, h.SchemasPath, h.DocsPath = nil, "", ""
	h.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"officer": {Type: "http", Scheme: "bearer",
		Description: "Token of an officer's session or device. It ends with the officer's key on the roster."}}
	h.Security = []map[string][]string{{"officer": {}}}
	h.RejectUnknownQueryParameters = true
	h.Transformers = []huma.Transformer{s.transform}
	s.API = humago.NewWithPrefix(s.mux, Base, h)
	s.UseMiddleware(s.authenticate)
	for _, part := range []func(){s.people, s.cases, s.papers, s.attachments, s.acts, s.proofs, s.inspection, s.figures, s.taskforce, s.releases, s.administration, s.calendar, s.border} {
		part()
	}
	return s, nil
}

// guard sets what every answer carries, and answers what no operation does.
func (s *service) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("Referrer-Policy", "no-referrer")
		if _, pattern := s.mux.Handler(r); pattern == "" {
			s.writeProblem(w, s.problemOf(s.speaker(r.Header.Get("Accept-Language")), fault.New(fault.Missing, "fault.api.no-operation")))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// Tokens authenticates by the desk's bearer tokens.
type Tokens struct{ Desk *desk.Desk }

// Session implements Authenticator.
func (t Tokens) Session(ctx context.Context, r *http.Request) (desk.Session, error) {
	scheme, token, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	if !ok || !strings.EqualFold(scheme, "bearer") {
		return desk.Session{}, fault.New(fault.Denied, "fault.api.token")
	}
	return t.Desk.TokenSession(ctx, strings.TrimSpace(token))
}

type sessionKey struct{}

// authenticate lets nothing through without a session, but for the document itself.
func (s *service) authenticate(ctx huma.Context, next func(huma.Context)) {
	r, w := humago.Unwrap(ctx)
	who, err := s.Authenticator.Session(ctx.Context(), r)
	if err != nil {
		p := s.problemOf(s.speaker(ctx.Header("Accept-Language")), err)
		if fault.KindOf(err) == fault.Denied {
			p.Status = http.StatusUnauthorized
			w.Header().Set("WWW-Authenticate", `Bearer realm="countersign"`)
		}
		s.writeProblem(w, p)
		return
	}
	next(huma.WithValue(ctx, sessionKey{}, who))
}

// Purposes are the justifications that a reading of personal data may have (DPA 2018 s62).
var Purposes = []string{"casework", "emergency", "border", "inspection", "statistics", "taskforce", "administration"}

// session is the session with the purpose stated for this request.
func session(ctx context.Context, purpose string) (desk.Session, error) {
	who, ok := ctx.Value(sessionKey{}).(desk.Session)
	if !ok {
		return who, fault.New(fault.Denied, "fault.api.token")
	}
	if !slices.Contains(Purposes, purpose) {
		return who, fault.New(fault.Invalid, "fault.api.purpose", "allowed", strings.Join(Purposes, ", "))
	}
	return who.For("purpose." + purpose), nil
}

// speaker is the catalogue of the first language that the client names and we speak.
func (s *service) speaker(accept string) *words.Catalogue {
	for part := range strings.SplitSeq(accept, ",") {
		tag, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		lang, _, _ := strings.Cut(tag, "-")
		if c, ok := s.Words[words.Lang(strings.ToLower(lang))]; ok {
			return c
		}
	}
	return s.Words[words.English]
}
