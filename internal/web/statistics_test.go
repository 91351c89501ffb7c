package web_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"countersign/internal/desk"
	"countersign/internal/statistics"
	"countersign/internal/statistics/release"
	"countersign/internal/web/browsertest"
	"countersign/internal/words"
)

// release announces and drafts a joint release; the peer has not said its count yet.
func (w *world) release(t testing.TB) {
	t.Helper()
	who := w.GB.As("statistician").For("purpose.statistics")
	plan := desk.ReleasePlan{ID: "transfers-2026-q3", Kind: release.KindJoint, First: statistics.Q(2026, 2), Last: statistics.Q(2026, 3), At: time.Date(2027, 1, 14, 9, 30, 0, 0, time.UTC)}
	if err := w.GB.Desk.AnnounceRelease(t.Context(), who, plan); err != nil {
		t.Fatal(err)
	}
	findings, err := w.GB.Desk.DraftRelease(t.Context(), who, plan.ID)
	if err != nil || len(findings) != 1 || findings[0].Kind != desk.MirrorMissing {
		t.Fatal(findings, err)
	}
}

// figures are the pages of this area: who looks, and where.
var figures = []struct{ name, role, path string }{
	{"statistics-figures", "statistician", "/statistics?nationality=albania&year=2022"}, {"statistics-releases", "statistician", "/statistics/releases"},
	{"statistics-release", "supervisor", "/statistics/releases/transfers-2026-q3"}, {"statistics-press", "press-officer", "/statistics/press"},
	{"statistics-dashboards", "supervisor", "/statistics/dashboards"},
}

func TestStatisticsGolden(t *testing.T) {
	w := newWorld(t)
	w.people()
	w.release(t)
	for _, lang := range words.Langs {
		for _, p := range figures {
			t.Run(p.name+"."+string(lang), func(t *testing.T) {
				same(t, p.name+"."+string(lang), w.as(t, w.GB, p.role, lang).page(p.path))
			})
		}
	}
}

// A draft is checked on the page: the verdict is a word, what is not bound does not pass, and a binding by a
// person is taken.
func TestPressPage(t *testing.T) {
	w := newWorld(t)
	visitor := w.as(t, w.GB, "press-officer", words.English)
	post := func(path string, form url.Values) string { _, page := visitor.post(path, form); return page }
	form := url.Values{"text": {"In 2022, 956 Albanian nationals were returned by force."}, "format": {"text"}, "series": {"quarterly"}, "edition": {"2023-05-25"}, "do": {"check"}}
	page := post("/statistics/press", form)
	if !strings.Contains(page, "unchecked") || !strings.Contains(page, "0 of 1 statements pass.") || strings.Contains(page, `value="register"`) {
		t.Error("an unbound number passed")
	}
	form.Set("bind-1", "enforced | of albania | 2022")
	if page = post("/statistics/press", form); !strings.Contains(page, "1 of 1 statements pass.") || !strings.Contains(page, "bound by a person") {
		t.Error("a number bound by a person did not pass")
	}
	form.Set("edition", "2023-11-23")
	if page = post("/statistics/press", form); !strings.Contains(page, "stale") || !strings.Contains(page, "964") {
		t.Error("a stale number is not said to be stale")
	}
}

// Every page of the area in a real browser, in both languages.
func TestStatisticsInBrowser(t *testing.T) {
	browser := browsertest.Start(t)
	w := newWorld(t)
	w.people()
	w.release(t)
	for _, lang := range words.Langs {
		byRole := map[string]*browsertest.Page{}
		for _, s := range figures {
			if byRole[s.role] == nil {
				byRole[s.role] = browser.Page(t)
				signIn(t, byRole[s.role], w.GB, s.role, lang)
			}
			p := byRole[s.role]
			seen(p, w.GB.URL()+s.path, s.name, lang)
		}
	}
}
