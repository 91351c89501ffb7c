package web_test

import (
	"net/url"
	"testing"

	"countersign/internal/demo"
	"countersign/internal/web/browsertest"
	"countersign/internal/words"
)

// Every page of the task force, on both nodes and in both languages: axe-core finds nothing, and at 400 % zoom nothing
// but a table has to be scrolled sideways. The posted officer is locked out in the open page when the mandate ends.
func TestTaskForceInBrowser(t *testing.T) {
	browser := browsertest.Start(t)
	w := newWorld(t)
	ids := w.taskForce()
	for _, lang := range words.Langs {
		t.Run(string(lang), func(t *testing.T) {
			byRole := map[string]*browsertest.Page{}
			for _, s := range w.forceShown(ids) {
				key := s.at.Authority + s.role
				if byRole[key] == nil {
					byRole[key] = browser.Page(t)
					w.signInForce(t, byRole[key], s.at, s.role, lang)
				}
				p := byRole[key]
				seen(p, s.at.URL()+s.path, s.name, lang)
			}
			p := browser.Page(t)
			seen(p, w.AL.URL()+"/progress?lang="+string(lang), "force-progress", lang)
		})
	}
}

func (w *world) signInForce(t *testing.T, p *browsertest.Page, at *demo.Authority, role string, lang words.Lang) {
	if role != "posted-officer" {
		signIn(t, p, at, role, lang)
		return
	}
	p.Open(at.URL() + "/sign-in?lang=" + string(lang) + "&next=" + url.QueryEscape("/task-force"))
	browsertest.Eval[bool](p, `document.querySelector('input[value="`+string(w.AL.As("border-officer").Officer.ID)+`"]').checked = true`)
	p.Click("#sign-in button.govuk-button")
}
