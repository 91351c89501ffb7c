package web

import (
	"crypto/rand"
	"log/slog"
	"net/http"
	"time"

	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/internal/signin"
	"countersign/internal/web/static"
	"countersign/internal/words"
)

// Site is the pages of one authority. Its fields are what every page works with.
type Site struct {
	Desk     *desk.Desk
	Sessions *signin.Sessions
	Border   *desk.Border // the crossing points; nil: this node has none
	// Provider proves who officers are. The demo has none: there, officers are chosen from a list.
	Provider signin.Provider
	Log      *slog.Logger

	*Renderer
	zone   *time.Location
	asking chan struct{} // bounds the questions of open pages that are answered at once
}

// page answers one request of a signed-in officer. An error becomes a page of its own.
type page func(*visit) error

// route is one address: method and path with an exact end, and who may come in without being signed in.
type route struct {
	Pattern string
	Page    page
	Open    bool // reached without a session
}

// NewSite prepares all pages.
func NewSite(s Site) (*Site, error) {
	catalogues, err := words.Load()
	if err != nil {
		return nil, err
	}
	for lang, c := range catalogues { // the law profile's own names of conditions, as labels of questions
		gates := map[string]string{}
		for _, g := range s.Desk.Law.Gates {
			gates["page.gate-question."+g.ID] = g.Name.In(string(lang))
		}
		catalogues[lang] = c.With(gates)
	}
	if s.Renderer, err = NewRenderer(catalogues, Pages); err != nil {
		return nil, err
	}
	s.zone, s.asking = s.Desk.Law.Location(), make(chan struct{}, maxAsking)
	return &s, nil
}

// Handler serves the pages. Around all of them stand the headers that keep a page to its browser, the refusal
// of what other sites send (T16), the language and the session.
func (s *Site) Handler() http.Handler {
	mux := http.NewServeMux()
	for _, r := range s.routes() {
		mux.Handle(r.Pattern, s.serve(r))
	}
	mux.Handle("/", s.serve(route{Page: unknownPage}))
	inner := Headers(Language(s.Sessions.Wrap(mux)))
	outer := http.NewServeMux()
	outer.Handle("GET "+static.Prefix, s.Static) // without a session, and kept by the browser
	outer.Handle("GET "+PathLive, Headers(http.HandlerFunc(s.live)))
	outer.Handle("/", http.NewCrossOriginProtection().Handler(inner))
	return outer
}

func unknownPage(*visit) error { return fault.New(fault.Missing, "page.fault.no-page") }

// serve finds out who asks, and lets the page answer.
func (s *Site) serve(r route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		v := &visit{Site: s, w: w, r: req, words: s.Catalogues[LanguageOf(req)]}
		ok, err := v.enter()
		switch {
		case err != nil:
		case !ok && !r.Open:
			err = v.askToSignIn()
		default:
			err = r.Page(v)
		}
		if err != nil {
			v.fail(err)
		}
	})
}

// fail answers with the page for an error. What is not a fault goes to the log under a reference, with the
// route's pattern and never with its address or what was typed.
func (v *visit) fail(err error) {
	reference := ""
	if fault.KindOf(err) == "" {
		reference = rand.Text()[:8]
		v.Log.Error("page failed", "reference", reference, "route", v.r.Pattern, "err", err)
	}
	if err := v.Problem(v.w, v.layout(""), v.spoken(err), reference); err != nil {
		v.Log.Error("problem page failed", "route", v.r.Pattern, "err", err)
	}
}
