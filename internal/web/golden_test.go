package web

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"countersign/internal/web/component"
	"countersign/internal/web/static"
	"countersign/internal/words"
)

var update = flag.Bool("update", false, "write the golden files anew; look at the difference before committing it")

var version = regexp.MustCompile(static.Prefix + `([a-z]+)\.[A-Za-z0-9_-]{12}\.`)

// left is what is left of a session of 20 minutes that began with the test; a slow machine shows some seconds less.
var left = regexp.MustCompile(`data-left="1[01]\d\d"`)

// golden compares a page with its golden file; the versions of built files and the seconds since sign-in do not count.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name+".html")
	got = version.ReplaceAll(got, []byte(static.Prefix+"$1.VERSION."))
	got = left.ReplaceAll(got, []byte(`data-left="1199"`))
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; go test -update writes it", err)
	}
	a, b := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i := range max(len(a), len(b)) {
		if i >= len(a) || i >= len(b) || a[i] != b[i] {
			t.Errorf("%s differs from line %d:\n got %s\nwant %s", path, i+1, at(a, i), at(b, i))
			return
		}
	}
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "(end)"
}

// missing is how the catalogue shows a key that it does not have; ZgotmplZ is how html/template shows what it
// refused; both are faults wherever they stand.
var missing = regexp.MustCompile(`\[[a-z-]+(\.[a-z-]+)+\]|ZgotmplZ|\{[a-z_]+\}`)

func TestGalleryGolden(t *testing.T) {
	r := newRenderer(t)
	for _, lang := range words.Langs {
		g := newGallery(t, r, lang)
		for name, make := range g.pages() {
			page, view := make()
			b, err := r.HTML(page, view)
			if err != nil {
				t.Errorf("%s %s: %v", name, lang, err)
				continue
			}
			if m := missing.Find(b); m != nil {
				t.Errorf("%s %s holds %q", name, lang, m)
			}
			if strings.Contains(string(b), " style=") || strings.Contains(string(b), "<script>") {
				t.Errorf("%s %s holds something inline", name, lang)
			}
			golden(t, "golden/"+name+"."+string(lang), b)
		}
	}
}

// A list of fifty rows, as an officer opens it all day.
func BenchmarkWorkList(b *testing.B) {
	r := newRenderer(b)
	g := newGallery(b, r, words.Albanian)
	page, view := g.work()
	parts := view.(*galleryPage).Parts
	list := parts[len(parts)-1].(component.WorkList)
	for len(list.Rows) < 50 {
		list.Rows = append(list.Rows, list.Rows[:5]...)
	}
	parts[len(parts)-1] = list
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.HTML(page, view); err != nil {
			b.Fatal(err)
		}
	}
}
