package web_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"countersign/internal/web"
	"countersign/internal/web/browsertest"
	"countersign/internal/words"
)

// seen opens a page as an officer sees it at a desk and on a telephone, has axe-core look at it, makes sure that at
// 400 % zoom nothing has to be scrolled sideways, and leaves pictures of both widths.
func seen(p *browsertest.Page, url, name string, lang words.Lang) {
	p.Size(1280, 900)
	p.Open(url)
	looked(p, name, lang)
}

// looked is seen for the page that is open.
func looked(p *browsertest.Page, name string, lang words.Lang) {
	p.Size(1280, 900)
	p.Accessible()
	p.Shot(name + "-" + string(lang))
	p.Size(320, 640)
	p.Fits()
	p.Accessible()
	p.Size(360, 740)
	p.Shot(name + "-" + string(lang) + "-360")
	p.Size(1280, 900)
}

// notLooked are addresses that answer with no page: files, feeds and redirections.
var notLooked = []string{"GET /statistics/releases/{id}/files/{name}", "GET /task-force/feed/{officer}/{token}", "GET /sign-in/return", "GET /sign-in/start",
	"GET /administration/pairing/keys"}

// byHand are the pages that a browser test comes to by a form.
var byHand = []string{"GET /sign-in", "GET /search/{key}", "GET /cases/new"}

// No page is left out: each address that shows one is in a list of those that are looked at in both languages.
func TestEveryPageIsLookedAt(t *testing.T) {
	c := newWorld(t).crossing()
	w := c.world
	w.people()
	ids := w.taskForce()
	mux := http.NewServeMux()
	patterns := web.Patterns(w.GB.Desk)
	for _, r := range patterns {
		mux.HandleFunc(r.Pattern, func(http.ResponseWriter, *http.Request) {})
	}
	found := slices.Concat(notLooked, byHand, []string{"GET /progress"})
	note := func(path string) {
		_, pattern := mux.Handler(httptest.NewRequest(http.MethodGet, path, nil))
		found = append(found, pattern)
	}
	for _, p := range w.shown() {
		note(p.path)
	}
	for _, p := range w.forceShown(ids) {
		note(p.path)
	}
	for _, p := range c.pages() {
		note(p.path)
	}
	for _, p := range figures {
		note(p.path)
	}
	for _, r := range patterns {
		if strings.HasPrefix(r.Pattern, "GET ") && !slices.Contains(found, r.Pattern) {
			t.Errorf("nobody looks at %s", r.Pattern)
		}
	}
}
