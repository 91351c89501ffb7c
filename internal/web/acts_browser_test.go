package web_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"countersign/internal/act"
	"countersign/internal/signin"
	"countersign/internal/taskforce"
	"countersign/internal/web"
	"countersign/internal/web/browsertest"
	"countersign/internal/words"
)

// formSeen is seen for the nth form of many. Forms have one build: axe-core, which takes seconds, looks at each in one of
// the languages, by turns.
func formSeen(p *browsertest.Page, url, name string, lang words.Lang, nth int) {
	p.Size(1280, 900)
	p.Open(url)
	if lang == words.Langs[nth%len(words.Langs)] {
		p.Accessible()
	}
	p.Shot(name + "-" + string(lang))
	p.Size(320, 640)
	p.Fits()
	p.Size(360, 740)
	p.Shot(name + "-" + string(lang) + "-360")
}

// One address serves the forms of all acts on a case. Each of them is looked at in both languages, whether or not the
// people of this world need it; a new act comes into the list by itself.
func TestEveryActInBrowser(t *testing.T) {
	browser := browsertest.Start(t)
	w := newWorld(t)
	w.people()
	site, err := web.NewSite(web.Site{Desk: w.GB.Desk, Sessions: signin.New(signin.Options{Store: w.GB.Store(), Vault: w.GB.Desk.Vault, Now: w.Clock.Now}), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	who := w.GB.As("senior-caseworker")
	view, err := w.GB.Desk.ViewCase(t.Context(), who, w.cases["question"])
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(site.ActForms(who, view))
	t.Cleanup(server.Close)
	for nth, name := range web.Acts() {
		t.Run(name, func(t *testing.T) {
			p := browser.Page(t)
			for _, lang := range words.Langs {
				formSeen(p, server.URL+"/forms/"+name+"?lang="+string(lang), "form-"+name, lang, nth)
				if got := browsertest.Eval[string](p, `document.documentElement.lang + " " + document.querySelectorAll("#act button.govuk-button").length`); got != string(lang)+" 1" {
					t.Errorf("the form is %s", got)
				}
			}
		})
	}
}

// The same for every act of the task force, each by an officer who may give it.
func TestEveryForceActInBrowser(t *testing.T) {
	browser := browsertest.Start(t)
	w := newWorld(t)
	ids := w.taskForce()
	byRole := map[string][]string{}
	for _, c := range taskforce.Commands {
		name := taskforce.Name(c)
		path := "/task-force/act/" + name + "?id=" + string(thingOf(ids, name)) + "&about=" + string(thingOf(ids, name))
		found := ""
		for _, role := range []string{"coordinator", "supervisor", "specialist", "posted-officer"} {
			v := w.guest(t, words.English)
			if role != "posted-officer" {
				v = w.as(t, w.GB, role, words.English)
			}
			if status, _ := v.get(path); status == http.StatusOK {
				found = role
				break
			}
		}
		if found == "" {
			t.Errorf("nobody looks at the form of %s", name)
			continue
		}
		byRole[found] = append(byRole[found], path)
	}
	for role, paths := range byRole {
		for _, lang := range words.Langs {
			t.Run(role+"-"+string(lang), func(t *testing.T) {
				p := browser.Page(t)
				w.signInForce(t, p, w.GB, role, lang)
				for nth, path := range paths {
					name, _, _ := strings.Cut(strings.TrimPrefix(path, "/task-force/act/"), "?")
					formSeen(p, w.GB.URL()+path, "force-form-"+name, lang, nth)
				}
			})
		}
	}
}

// thingOf is what an act of the task force is about in this world.
func thingOf(ids map[string]act.ID, name string) act.ID {
	for word, family := range map[string]string{"measure": "measure", "meeting": "meeting", "minutes": "meeting", "task": "task", "commitment": "commitment", "progress": "commitment", "message": "message"} {
		if strings.HasSuffix(name, "-"+word) {
			return ids[family]
		}
	}
	return ids["posting"]
}
