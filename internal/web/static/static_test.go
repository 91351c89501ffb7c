package static

import (
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestServedForEverAndCompressed(t *testing.T) {
	f, err := New()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"countersign.css", "countersign.js", "icon.svg", "licences.txt"} {
		for _, encoding := range []string{"", "gzip, br"} {
			r := httptest.NewRequest(http.MethodGet, f.URL(name), nil)
			r.Header.Set("Accept-Encoding", encoding)
			w := httptest.NewRecorder()
			f.ServeHTTP(w, r)
			var body io.Reader = w.Body
			if encoding != "" {
				if body, err = gzip.NewReader(w.Body); err != nil {
					t.Fatal(name, err)
				}
			}
			got, err := io.ReadAll(body)
			if err != nil {
				t.Fatal(name, err)
			}
			want, err := files.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if w.Code != 200 || string(got) != string(want) {
				t.Errorf("%s %q: status %d, %d bytes", name, encoding, w.Code, len(got))
			}
			if cc := w.Header().Get("Cache-Control"); !strings.Contains(cc, "immutable") {
				t.Errorf("%s: Cache-Control %q", name, cc)
			}
		}
	}
}

func TestNothingElseIsServed(t *testing.T) {
	f, err := New()
	if err != nil {
		t.Fatal(err)
	}
	for _, request := range []struct{ method, path string }{
		{"GET", "/static/"}, {"GET", "/static/countersign.css"}, {"GET", "/static/../static.go"},
		{"GET", "/static/static.go"}, {"POST", f.URL("countersign.css")}, {"GET", f.URL("none")},
	} {
		w := httptest.NewRecorder()
		f.ServeHTTP(w, httptest.NewRequest(request.method, request.path, nil))
		if w.Code != http.StatusNotFound {
			t.Errorf("%s %s: %d", request.method, request.path, w.Code)
		}
	}
}

// The first visit loads the style, the script and the icon; the pages have what is left of 100 KB.
func TestFirstVisitIsSmall(t *testing.T) {
	f, err := New()
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for _, name := range []string{"countersign.css", "countersign.js", "icon.svg"} {
		t.Logf("%s: %d bytes compressed", name, f.Compressed(name))
		total += f.Compressed(name)
	}
	if total > 40_000 {
		t.Errorf("style, script and icon are %d bytes compressed", total)
	}
}

var foreign = regexp.MustCompile(`(?i)gds transport|crown|crest|gov\.uk logo|url\(|@import`)

// Neither file may hold branding of others or fetch anything from anywhere.
func TestNothingForeign(t *testing.T) {
	for _, name := range []string{"countersign.css", "countersign.js"} {
		b, err := files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if m := foreign.Find(b); m != nil {
			t.Errorf("%s holds %q", name, m)
		}
	}
}

// The committed files were built from the committed sources: each source has the sum that the build noted, and
// no source is new.
func TestBuiltFromTheseSources(t *testing.T) {
	root := filepath.Join("..", "..", "..", "assets")
	noted, err := os.ReadFile("sources.sha256")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for line := range strings.Lines(string(noted)) {
		want, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		b, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		known[name] = true
		if got := fmt.Sprintf("%x", sha256.Sum256(b)); got != want {
			t.Errorf("assets/%s changed after the build; run npm run build in assets", name)
		}
	}
	for _, folder := range []string{"js", "scss"} {
		names, err := filepath.Glob(filepath.Join(root, folder, "*"))
		if err != nil || len(names) == 0 {
			t.Fatal(folder, err)
		}
		for _, name := range names {
			if !known[folder+"/"+filepath.Base(name)] {
				t.Errorf("%s is new since the build", name)
			}
		}
	}
}
