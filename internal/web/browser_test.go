package web

import (
	"testing"

	"countersign/internal/web/browsertest"
	"countersign/internal/words"
)

// Every page, in both languages: axe-core finds nothing, and at 400 % zoom nothing must be scrolled sideways.
func TestGalleryInBrowser(t *testing.T) {
	server := galleryServer(t)
	browser := browsertest.Start(t)
	for _, lang := range words.Langs {
		t.Run(string(lang), func(t *testing.T) {
			p := browser.Page(t)
			p.Open(server.URL + "/gallery/work?lang=" + string(lang))
			for _, name := range []string{"work", "empty", "case", "form", "errors", "stop", "conflict", "problem", "answer", "done"} {
				p.Open(server.URL + "/gallery/" + name)
				if got := browsertest.Eval[string](p, "document.documentElement.lang"); got != string(lang) {
					t.Fatalf("%s is in %q", name, got)
				}
				p.Accessible()
				p.Shot("gallery-" + name + "-" + string(lang))
				p.Size(320, 640)
				p.Fits()
				p.Shot("gallery-" + name + "-" + string(lang) + "-zoom400")
				p.Size(1280, 900)
			}
		})
	}
}
