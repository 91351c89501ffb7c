package web_test

import (
	"io"
	"log/slog"
	"strings"
	"testing"

	"countersign/internal/demo"
	"countersign/internal/store"
	"countersign/internal/words"
)

// After the demo's whole story, with people at every stage of a return, every case page of both nodes stands
// for every role in both languages, and so do all forms that it offers.
func TestPagesOfTheStory(t *testing.T) {
	if testing.Short() {
		t.Skip("walks every page of the whole story: run without -short")
	}
	catalogues, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	told, _, err := demo.Tell(t.Context(), demo.Options{Folder: t.TempDir(), Seed: 3, Log: slog.New(slog.DiscardHandler)}, catalogues[words.English], io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(told.Close)
	w := &world{World: told, t: t}
	seen, pages := map[string]bool{}, 0
	for _, at := range []*demo.Authority{w.GB, w.AL} {
		cases, _, err := store.Cases(at.Store(), store.CaseFilter{Limit: 40})
		if err != nil {
			t.Fatal(err)
		}
		for i, o := range at.Officers {
			lang := words.Langs[i%len(words.Langs)]
			v := w.as(t, at, o.Role, lang)
			for n, c := range cases {
				if (n+i)%3 != 0 { // each role at a third of the cases: together they see all of them
					continue
				}
				for _, path := range []string{"", "/their-view", "/texts", "/representative"} {
					status, body := v.get("/cases/" + string(c.ID) + path)
					if status >= 500 || flaw.MatchString(body) {
						t.Errorf("%s %s%s: %d %q", o.Role, c.ID, path, status, flaw.FindString(body))
					}
					pages++
					if status != 200 || path != "" {
						continue
					}
					for _, m := range actLink.FindAllStringSubmatch(body, -1) {
						w.tryAct(t, v, strings.ReplaceAll(m[1], "&amp;", "&"), string(lang)+" "+o.Role+"@"+at.Authority+c.Next, seen, 0)
					}
				}
			}
		}
	}
	t.Logf("%d pages, %d forms", pages, len(seen))
}
