package web

import (
	"net/http"
	"net/http/httptest"
	"strings"

	"countersign/internal/desk"
	"countersign/internal/signin"
	"countersign/internal/web/component"
	"countersign/internal/web/static"
	"countersign/internal/words"
)

// FormOf renders the questions of an act with its button, for the test of their words.
func (s *Site) FormOf(act string, lang words.Lang, who desk.Session, view desk.CaseView) (string, error) {
	v := &visit{Site: s, words: s.Catalogues[lang], who: who, r: httptest.NewRequest("GET", "/", nil)}
	o := officials()[act]
	a := &asker{visit: v, view: view, act: act}
	o.Ask(a)
	var b strings.Builder
	for _, f := range a.fields {
		h, err := component.HTML(f.Component(v.words))
		if err != nil {
			return "", err
		}
		b.WriteString(string(h))
	}
	for _, key := range []string{"page.do." + act, "page.group." + o.Group} {
		b.WriteString(v.t(key))
	}
	return b.String(), nil
}

// ActForms serves the form of every act about one case, whatever its state, at /forms/NAME.
func (s *Site) ActForms(who desk.Session, view desk.CaseView) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /forms/{act}", func(w http.ResponseWriter, r *http.Request) {
		v := &visit{Site: s, w: w, r: r, words: s.Catalogues[LanguageOf(r)], who: who}
		if err := s.Sessions.Begin(r.Context(), signin.Proof{Officer: who.Officer.ID}); err != nil {
			v.fail(err)
			return
		}
		name := r.PathValue("act")
		d := &draft{asker: &asker{visit: v, view: view, act: name}, official: officials()[name], path: casePath(view.State.Case, "act", name)}
		if d.About != nil {
			if options := d.About(d.asker); len(options) > 0 {
				d.about = options[0].Value
			}
		}
		d.ask()
		if err := v.render("act", d.page()); err != nil {
			v.fail(err)
		}
	})
	outer := http.NewServeMux()
	outer.Handle("GET "+static.Prefix, s.Static)
	outer.Handle("/", Headers(Language(s.Sessions.Wrap(mux))))
	return outer
}

// Patterns lists every address of the site.
func Patterns(d *desk.Desk) []route { return (&Site{Desk: d}).routes() }
