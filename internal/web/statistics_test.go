package web_test

import (
	"fmt"
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

// A checked draft in a real browser: what passes, what does not and why, and what states nothing.
func TestCheckedDraftInBrowser(t *testing.T) {
	browser := browsertest.Start(t)
	w := newWorld(t)
	for lang, draft := range map[words.Lang]string{
		words.English:  "Last year 964 Albanians were returned by force, 270 more than the year before, under Article 11(2). 84% of them were men.",
		words.Albanian: "Vitin e kaluar u kthyen me detyrim 964 shtetas shqiptarë, 270 më shumë se një vit më parë, sipas nenit 11. 84% e tyre ishin burra.",
	} {
		p := browser.Page(t)
		signIn(t, p, w.GB, "press-officer", lang)
		p.Size(1280, 900)
		p.Open(w.GB.URL() + "/statistics/press")
		for name, value := range map[string]string{"text": draft, "date-day": "4", "date-month": "12", "date-year": "2023"} {
			browsertest.Eval[bool](p, fmt.Sprintf(`(document.getElementsByName(%q)[0].value = %q) !== ""`, name, value))
		}
		for name, value := range map[string]string{"series": "quarterly", "edition": "2023-11-23", "accept": "yes"} { // radios, a list or a box
			browsertest.Eval[bool](p, fmt.Sprintf(`(e => e.tagName === "SELECT" ? (e.value = %[2]q) !== "" : document.querySelector('[name=%[1]s][value="%[2]s"]').click() || true)(document.getElementsByName(%[1]q)[0])`, name, value))
		}
		p.Click("button[value=check]")
		page := p.Text("main")
		for _, want := range map[words.Lang][]string{words.English: {"2 of 3 statements pass.", "narrows what is counted", "11(2)"}, words.Albanian: {"Kalojnë 2 nga 3 pohime.", "ngushton", "11"}}[lang] {
			if !strings.Contains(page, want) {
				t.Errorf("%s: %q is not on the page:\n%s", lang, want, page)
			}
		}
		p.Accessible()
		p.Shot("statistics-press-checked-" + string(lang))
		p.Size(320, 640)
		p.Fits()
		p.Accessible()
	}
}
