package web

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"countersign/internal/fault"
	"countersign/internal/words"
)

func TestLanguageIsKeptAndLeavesTheAddress(t *testing.T) {
	h := Language(http.NotFoundHandler())
	for _, test := range []struct{ ask, to, cookie string }{
		{"/cases?lang=sq&page=2&q=a%26b", "/cases?page=2&q=a%26b", "sq"},
		{"/?lang=en", "/", "en"},
		{"/cases?lang=xx", "/cases", ""},
		{"//elsewhere.example/x?lang=sq", "/elsewhere.example/x", "sq"},
		{"/%5C%5Celsewhere.example?lang=sq", "/%5C%5Celsewhere.example", "sq"},
		{"/cases/a%2Fb?lang=sq", "/cases/a%2Fb", "sq"},
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, test.ask, nil))
		if w.Code != http.StatusSeeOther || w.Header().Get("Location") != test.to {
			t.Errorf("%s: %d %s, want %s", test.ask, w.Code, w.Header().Get("Location"), test.to)
		}
		cookie := ""
		for _, c := range w.Result().Cookies() {
			cookie = c.Value
			if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode {
				t.Errorf("%s: cookie %v", test.ask, c)
			}
		}
		if cookie != test.cookie {
			t.Errorf("%s: cookie %q", test.ask, cookie)
		}
	}
}

func TestLanguageOf(t *testing.T) {
	for _, test := range []struct {
		cookie, accept string
		want           words.Lang
	}{
		{"", "", words.English}, {"", "sq-AL,sq;q=0.9,en;q=0.8", words.Albanian}, {"", "it,en;q=0.5,sq;q=0.9", words.Albanian},
		{"en", "sq", words.English}, {"../x", "sq", words.Albanian}, {"", "\x00;;", words.English},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Accept-Language", test.accept)
		if test.cookie != "" {
			r.AddCookie(&http.Cookie{Name: languageCookie, Value: test.cookie})
		}
		if got := LanguageOf(r); got != test.want {
			t.Errorf("cookie %q, accept %q: %s", test.cookie, test.accept, got)
		}
	}
}

func TestHeaders(t *testing.T) {
	w := httptest.NewRecorder()
	Headers(http.NotFoundHandler()).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	for name, want := range map[string]string{"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
		"Content-Security-Policy": "frame-ancestors 'none'", "Referrer-Policy": "same-origin"} {
		if got := w.Header().Get(name); !strings.Contains(got, want) {
			t.Errorf("%s: %q", name, got)
		}
	}
	if csp := w.Header().Get("Content-Security-Policy"); strings.Contains(csp, "unsafe") || strings.Contains(csp, "http") {
		t.Errorf("policy %q", csp)
	}
}

// A first visit, page and built files together, stays under 100 KB; the page itself is counted uncompressed.
func TestFirstVisit(t *testing.T) {
	r := newRenderer(t)
	files := r.Static.Compressed("countersign.css") + r.Static.Compressed("countersign.js") + r.Static.Compressed("icon.svg")
	largest := 0
	for _, lang := range words.Langs {
		g := newGallery(t, r, lang)
		for name, make := range g.pages() {
			page, view := make()
			b, err := r.HTML(page, view)
			if err != nil {
				t.Fatal(err)
			}
			if largest = max(largest, len(b)); files+len(b) > 100_000 {
				t.Errorf("%s %s: %d bytes", name, lang, files+len(b))
			}
		}
	}
	t.Logf("built files %d bytes compressed, largest page %d bytes", files, largest)
}

// Files keep their own caching under the page headers.
func TestStaticUnderHeaders(t *testing.T) {
	r := newRenderer(t)
	w := httptest.NewRecorder()
	Headers(r.Static).ServeHTTP(w, httptest.NewRequest(http.MethodGet, r.Static.URL("countersign.css"), nil))
	if got := w.Header().Values("Cache-Control"); len(got) != 1 || !strings.Contains(got[0], "immutable") {
		t.Errorf("%q", got)
	}
}

func TestProblems(t *testing.T) {
	r := newRenderer(t)
	for _, lang := range words.Langs {
		g := newGallery(t, r, lang)
		for _, test := range []struct {
			err    error
			status int
			holds  string
		}{
			{fault.New(fault.Invalid, "web.fault.request"), 422, r.Catalogues[lang].Text("web.fault.request")},
			{fault.New(fault.Denied, "web.fault.no-such-key"), 403, r.Catalogues[lang].Text("web.problem.denied.title")},
			{fault.New(fault.Missing, ""), 404, r.Catalogues[lang].Text("web.problem.missing.text")},
			{fault.New(fault.Conflict, ""), 409, r.Catalogues[lang].Text("web.problem.conflict.do")},
			{fault.New(fault.Late, ""), 409, r.Catalogues[lang].Text("web.problem.late.title")},
			{fault.New(fault.Unavailable, ""), 503, r.Catalogues[lang].Text("web.problem.unavailable.do")},
			{errors.New("disk /var/secret full"), 500, "REF-1"},
		} {
			w := httptest.NewRecorder()
			if err := r.Problem(w, g.layout("", "/x"), test.err, "REF-1"); err != nil {
				t.Fatal(err)
			}
			body := w.Body.String()
			if w.Code != test.status || !strings.Contains(body, test.holds) || strings.Contains(body, "secret") {
				t.Errorf("%s %v: %d", lang, test.err, w.Code)
			}
			if m := missing.FindString(body); m != "" {
				t.Errorf("%s %v: %s", lang, test.err, m)
			}
		}
	}
}

type brokenPage struct {
	Layout
	Wrong map[string]int
}

// A page that fails midway is not shown at all, and its error tells nobody outside the log.
func TestHalfAPageIsNoPage(t *testing.T) {
	catalogues, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	r, err := NewRenderer(catalogues, fstest.MapFS{"broken.gohtml": {Data: []byte(`{{define "main"}}secret name {{.Nothing}}{{end}}`)}})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	if err := r.Render(w, 200, "broken", &brokenPage{Layout: Layout{Words: catalogues[words.English], URL: "/"}}); err == nil {
		t.Error("no error")
	}
	if w.Code != 500 || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestPagesMustDefineMainAndHaveOneName(t *testing.T) {
	catalogues, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	page := &fstest.MapFile{Data: []byte(`{{define "main"}}{{end}}`)}
	if _, err := NewRenderer(catalogues, fstest.MapFS{"a.gohtml": {Data: []byte("x")}}); err == nil {
		t.Error("a page without main was taken")
	}
	if _, err := NewRenderer(catalogues, fstest.MapFS{"a.gohtml": page}, fstest.MapFS{"a.gohtml": page}); err == nil {
		t.Error("two pages of one name were taken")
	}
	if _, err := NewRenderer(catalogues, fstest.MapFS{"a.gohtml": {Data: []byte(`{{define "main"}}{{printf2 .}}{{end}}`)}}); err == nil {
		t.Error("an unknown function was taken")
	}
}
