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

// Every page, in both languages: axe-core finds nothing, and at 400 % zoom nothing must be scrolled sideways.
func TestPagesInBrowser(t *testing.T) {
	browser := browsertest.Start(t)
	w := newWorld(t)
	w.people()
	for _, lang := range words.Langs {
		t.Run(string(lang), func(t *testing.T) {
			byRole := map[string]*browsertest.Page{}
			p := browser.Page(t)
			p.Open(w.GB.URL() + "/sign-in?lang=" + string(lang))
			p.Accessible()
			p.Shot("sign-in-" + string(lang))
			for _, s := range w.shown() {
				key := s.at.Authority + s.role
				if byRole[key] == nil {
					byRole[key] = browser.Page(t)
					signIn(t, byRole[key], s.at, s.role, lang)
				}
				p := byRole[key]
				p.Size(1280, 900)
				p.Open(s.at.URL() + s.path)
				if got := browsertest.Eval[string](p, "document.documentElement.lang"); got != string(lang) {
					t.Fatalf("%s is in %q", s.name, got)
				}
				p.Accessible()
				p.Shot(s.name + "-" + string(lang))
				p.Size(320, 640)
				p.Fits()
				p.Accessible()
			}
		})
	}
}
