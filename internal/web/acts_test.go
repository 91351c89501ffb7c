package web_test

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"countersign/internal/casework"
	"countersign/internal/demo"
	"countersign/internal/web"
	"countersign/internal/words"
)

// Every command that casework knows has a page, and every page a command: nothing can only be done elsewhere.
func TestEveryCommandHasAPage(t *testing.T) {
	pages := web.Acts()
	for _, c := range casework.Commands() {
		name := casework.Name(c)
		if name != "open-case" && !slices.Contains(pages, name) {
			t.Errorf("%s has no page", name)
		}
		pages = slices.DeleteFunc(pages, func(p string) bool { return p == name })
	}
	if len(pages) > 0 {
		t.Errorf("pages without a command: %v", pages)
	}
}

var actLink = regexp.MustCompile(`href="(/cases/[0-9a-f-]+/act/[a-z-]+(?:\?about=[^"]+)?)"`)

// Whatever a case page offers has a form in both languages whose words are complete, and sending it empty
// says what is missing instead of failing.
func TestOfferedActsHaveForms(t *testing.T) {
	w := newWorld(t)
	w.people()
	seen := map[string]bool{}
	for _, lang := range words.Langs {
		for _, at := range []*demo.Authority{w.GB, w.AL} {
			for _, o := range at.Officers {
				v := w.as(t, at, o.Role, lang)
				for name := range w.cases {
					status, body := v.get("/cases/" + string(w.cases[name]))
					if status != 200 {
						continue
					}
					for _, m := range actLink.FindAllStringSubmatch(body, -1) {
						w.tryAct(t, v, strings.ReplaceAll(m[1], "&amp;", "&"), string(lang)+" "+o.Role+"@"+at.Authority, seen, 0)
					}
				}
			}
		}
	}
	t.Logf("%d forms", len(seen))
	if len(seen) < 90 {
		t.Errorf("only %d forms were seen", len(seen))
	}
}

func (w *world) tryAct(t *testing.T, v *visitor, path, who string, seen map[string]bool, depth int) {
	t.Helper()
	side, _, _ := strings.Cut(who, " ") // a form is looked at once per language and authority, whoever comes first
	_, authority, _ := strings.Cut(who, "@")
	key := side + authority + regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]+`).ReplaceAllString(path, "*")
	if seen[key] || depth > 1 {
		return
	}
	seen[key] = true
	status, body := v.get(path)
	if status != 200 {
		t.Errorf("%s %s: %d %s", who, path, status, main(body))
		return
	}
	if m := flaw.FindString(body); m != "" {
		t.Errorf("%s %s holds %q", who, path, m)
	}
	if !strings.Contains(body, `id="act"`) { // a choice of what it is about
		for _, m := range actLink.FindAllStringSubmatch(main(body), -1) {
			w.tryAct(t, v, strings.ReplaceAll(m[1], "&amp;", "&"), who, seen, depth+1)
		}
		return
	}
	if !strings.Contains(main(body), "govuk-form-group") {
		return // nothing is asked: sending it would do it
	}
	status, body = v.post(path, url.Values{"seen": {"0"}})
	if status >= 500 || m(body) {
		t.Errorf("%s %s sent empty: %d %s", who, path, status, main(body))
	}
}

func m(body string) bool { return flaw.MatchString(body) }

// The form of every act has all its words, whether or not the people of this world need it.
func TestEveryFormHasWords(t *testing.T) {
	w := newWorld(t)
	w.people()
	site, err := web.NewSite(web.Site{Desk: w.GB.Desk})
	if err != nil {
		t.Fatal(err)
	}
	view, err := w.GB.Desk.ViewCase(t.Context(), w.GB.As("senior-caseworker"), w.cases["question"])
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range words.Langs {
		for _, name := range web.Acts() {
			html, err := site.FormOf(name, lang, w.GB.As("senior-caseworker"), view)
			if err != nil {
				t.Fatal(err)
			}
			if found := flaw.FindAllString(html, -1); found != nil {
				t.Errorf("%s %s holds %q", name, lang, found)
			}
		}
	}
}
