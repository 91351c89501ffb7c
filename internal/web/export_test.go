package web

import (
	"net/http/httptest"
	"strings"

	"countersign/internal/desk"
	"countersign/internal/web/component"
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

// Patterns lists every address of the site.
func Patterns(d *desk.Desk) []route { return (&Site{Desk: d}).routes() }
