package component

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"countersign/internal/words"
)

func english(t testing.TB) *words.Catalogue {
	t.Helper()
	all, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	return all[words.English]
}

func TestWorkListLinksKeepFilters(t *testing.T) {
	u, err := url.Parse("/cases?owner=me&sort=due&page=3&state=a&state=b")
	if err != nil {
		t.Fatal(err)
	}
	w := WorkList{Words: english(t), URL: u, SortBy: "due", Page: 3, PerPage: 10, Total: 95, Rows: make([]WorkRow, 10),
		Columns: []Column{{Text: "Due", Sort: "due"}, {Text: "Name", Sort: "name"}, {Text: "Plain"}}}
	heads := w.Heads()
	for i, want := range []string{
		"/cases?down=1&owner=me&sort=due&state=a&state=b", // the same again: downwards, from the first page
		"/cases?owner=me&sort=name&state=a&state=b",
		"",
	} {
		if heads[i].Href != want {
			t.Errorf("column %d: %s", i, heads[i].Href)
		}
	}
	if heads[0].Aria != "ascending" || heads[1].Aria != "none" || heads[2].Aria != "" {
		t.Errorf("%+v", heads)
	}
	if got := w.Counted(); got != "21 to 30 of 95 entries" {
		t.Error(got)
	}
	p := w.Pages()
	var numbers []string
	for _, item := range p.Items {
		numbers = append(numbers, item.Number)
	}
	if got := strings.Join(numbers, " "); got != "1 2 3 4  10" {
		t.Errorf("pages %q", got)
	}
	if p.Next.Href != "/cases?owner=me&page=4&sort=due&state=a&state=b" {
		t.Error(p.Next.Href)
	}
}

// Every page of every list is reachable, the last page has a rest, and no list is cut at ten (K26).
func TestPagesCoverTheList(t *testing.T) {
	c := english(t)
	for total := range 200 {
		last := max(1, (total+9)/10)
		for page := 1; page <= last; page++ {
			w := WorkList{Words: c, Page: page, PerPage: 10, Total: total}
			p := w.Pages()
			if (p == nil) != (total <= 10) {
				t.Fatalf("%d entries: %v", total, p)
			}
			if p != nil && ((p.Next == nil) != (page == last) || (p.Previous == nil) != (page == 1)) {
				t.Fatalf("%d entries, page %d: %+v", total, page, p)
			}
		}
	}
}

func TestChipLiftsOneFilter(t *testing.T) {
	u, err := url.Parse("/cases?owner=me&state=a&state=b&page=4")
	if err != nil {
		t.Fatal(err)
	}
	f := Filter{Words: english(t), URL: u, Chips: []Chip{{Text: "a", Name: "state", Value: "a"}, {Text: "all", Name: "state"}}}
	lifts := f.Lifts()
	rest := func(v chipView) (s string) {
		for _, h := range v.Rest {
			s += h.Name + "=" + h.Value + " "
		}
		return s
	}
	if got := rest(lifts[0]); got != "owner=me state=b " {
		t.Error(got)
	}
	if got := rest(lifts[1]); got != "owner=me " {
		t.Error(got)
	}
}

func TestNextTone(t *testing.T) {
	today := time.Date(2026, 11, 23, 23, 59, 0, 0, time.UTC)
	for _, test := range []struct {
		due        string
		ours, done bool
		want       Tone
	}{
		{"2026-11-22", true, false, Bad}, {"2026-11-22", false, false, Bad}, {"2026-11-23", true, false, Notice},
		{"2026-11-26", true, false, Notice}, {"2026-11-27", true, false, Neutral}, {"2026-11-27", false, false, Waiting},
		{"", true, false, Neutral}, {"2026-11-01", true, true, Good},
	} {
		n := Next{Words: english(t), Due: test.due, Ours: test.ours, Done: test.done, Today: today}
		if n.Tone() != test.want {
			t.Errorf("%+v: %s", test, n.Tone())
		}
	}
	if by := (Next{Words: english(t), Today: today}).By(); by != "No time limit is running" {
		t.Error(by)
	}
}

// Unknown and stale conditions hold a step up as a closed one does: unknown is closed.
func TestGatesSummary(t *testing.T) {
	g := Gates{Words: english(t), Items: []Gate{{State: GateOpen}, {State: GateUnknown}, {State: GateStale}, {State: GateClosed}, {State: GateOverridden}}}
	if got := g.Summary(); got != "3 conditions hold up the next step." {
		t.Error(got)
	}
	g.Items = g.Items[:1]
	if got := g.Summary(); got != "Nothing holds up the next step." {
		t.Error(got)
	}
}

// Recorded is told only when its day is another than the day it occurred, in the zone that is shown.
func TestTimelineTwoTimes(t *testing.T) {
	day := time.Date(2026, 11, 17, 16, 0, 0, 0, time.UTC)
	items := Timeline{Words: english(t), Items: []TimelineItem{{Occurred: day, Recorded: day.Add(time.Hour)}, {Occurred: day, Recorded: day.Add(9 * time.Hour)}}}.Shown()
	if items[0].RecordedLater != "" || !strings.Contains(items[1].RecordedLater, "18\u00a0November") {
		t.Errorf("%q %q", items[0].RecordedLater, items[1].RecordedLater)
	}
}

func TestAttributesRefuseScript(t *testing.T) {
	for _, name := range []string{"onclick", "OnFocus", "style", "a b", `x"`, ""} {
		if _, err := HTML(Button{Text: "x", Attributes: Attrs{name: "y"}}); err == nil {
			t.Errorf("%q was taken", name)
		}
	}
}

// Every text of every piece is escaped.
func TestPiecesEscape(t *testing.T) {
	const bad = `<script>alert(1)</script>`
	c := english(t)
	for _, piece := range []Component{
		IdentityBar{Words: c, Name: bad, Lang: bad, Facts: []Fact{{bad, bad, ""}}, Status: &Status{Tone: bad, Text: bad}, Note: bad},
		Next{Words: c, What: bad, Who: bad, Due: bad, Button: bad, Href: "javascript:alert(1)", Note: bad, Why: &Why{Words: c, Date: bad, Steps: []WhyStep{{bad, bad, bad}}, Note: bad}},
		Gates{Words: c, IDPrefix: bad, Items: []Gate{{Title: bad, State: bad, Step: bad, Missing: bad, Basis: bad, Decides: bad, By: bad, Attested: bad, Href: bad}}},
		Timeline{Words: c, Title: bad, Level: bad, Items: []TimelineItem{{Title: bad, By: bad, Role: bad, Authority: bad, Text: bad, Href: bad, Tone: bad}}},
		WorkList{Words: c, Caption: bad, SortBy: bad, SelectID: bad, Columns: []Column{{Text: bad, Sort: bad}}, Rows: []WorkRow{{Cells: []TableCell{{Text: bad}}, Select: bad, Name: bad, Tone: bad}}, Total: 1},
		Filter{Words: c, Chips: []Chip{{bad, bad, bad}}, Clear: bad},
		Tiles{Words: c, Label: bad, Items: []Tile{{1, bad, bad, bad}}},
		Interruption{Words: c, Act: bad, Title: bad, Text: bad, Action: bad, Cancel: bad, Facts: []SummaryRow{{Key: Cell{Text: bad}, Value: Cell{Text: bad}}}, Hidden: []HiddenInput{{bad, bad}}},
		Conflict{Words: c, Who: bad, Role: bad, Changes: []Change{{bad, bad, bad, bad}}, Action: bad, Again: bad, Discard: bad},
		Problem{Words: c, Title: bad, Text: bad, Do: []string{bad}, Reference: bad},
		Fresh{Words: c, Text: bad, Tone: bad, Status: bad},
		Panel{TitleText: bad, HeadingLevel: bad}, NotificationBanner{Text: bad, TitleText: bad, TitleHeadingLevel: bad},
	} {
		h, err := HTML(piece)
		if err != nil {
			t.Errorf("%T: %v", piece, err)
		}
		if strings.Contains(string(h), "<script") || strings.Contains(string(h), `"javascript:`) {
			t.Errorf("%T: %s", piece, h)
		}
	}
}
