package web_test

import (
	"fmt"
	"testing"

	"countersign/internal/demo"
	"countersign/internal/web/browsertest"
	"countersign/internal/words"
)

// signIn signs a real browser in as the officer with a role.
func signIn(t testing.TB, p *browsertest.Page, a *demo.Authority, role string, lang words.Lang) {
	t.Helper()
	for _, o := range a.Officers {
		if o.Role != role {
			continue
		}
		p.Open(a.URL() + "/sign-in?lang=" + string(lang))
		browsertest.Eval[bool](p, fmt.Sprintf(`document.querySelector('input[value="%s"]').checked = true`, o.ID))
		p.Click("#sign-in button.govuk-button")
		return
	}
	t.Fatalf("nobody is %s", role)
}

// byForms looks at the pages that a person comes to by a form: what was found, a new case with errors and without, an
// act with errors, and the page before an act that cannot be taken back.
func (w *world) byForms(t *testing.T, p *browsertest.Page, lang words.Lang) {
	p.Open(w.GB.URL() + "/search")
	p.Fill("#name", "Hoxha")
	p.Click("#search button.govuk-button")
	looked(p, "search-found", lang)
	p.Click(`main a[href^="/cases/new"]`)
	looked(p, "open-case", lang)
	p.Click("#open button.govuk-button")
	looked(p, "open-case-errors", lang)
	p.Open(w.GB.URL() + "/cases/" + string(w.cases["asked"]) + "/act/withdraw")
	p.Click(send)
	looked(p, "act-errors", lang)
	pick(p, "reason", "other")
	p.Click(send)
	looked(p, "act-stop", lang)
	p.Open(w.GB.URL() + "/no-such-page")
	looked(p, "problem", lang)
}

// Every page, in both languages: axe-core finds nothing, and at 400 % zoom nothing must be scrolled sideways.
func TestPagesInBrowser(t *testing.T) {
	browser := browsertest.Start(t)
	w := newWorld(t)
	w.people()
	for _, lang := range words.Langs {
		t.Run(string(lang), func(t *testing.T) {
			byRole := map[string]*browsertest.Page{}
			p := browser.Page(t)
			seen(p, w.GB.URL()+"/sign-in?lang="+string(lang), "sign-in", lang)
			for _, s := range w.shown() {
				key := s.at.Authority + s.role
				if byRole[key] == nil {
					byRole[key] = browser.Page(t)
					signIn(t, byRole[key], s.at, s.role, lang)
				}
				p := byRole[key]
				seen(p, s.at.URL()+s.path, s.name, lang)
				if got := browsertest.Eval[string](p, "document.documentElement.lang"); got != string(lang) {
					t.Fatalf("%s is in %q", s.name, got)
				}
			}
			w.byForms(t, byRole[w.GB.Authority+"caseworker"], lang)
		})
	}
}
