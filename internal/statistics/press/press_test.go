package press

import (
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"countersign/internal/fault"
	"countersign/internal/statistics"
	"countersign/internal/statistics/official"
	"countersign/internal/statistics/past"
)

// library is the demo's record as known on three days, the official editions and the origin's table.
var library = sync.OnceValue(func() Library {
	ledger := statistics.NewLedger()
	for _, b := range past.Plan(1) {
		for _, i := range b.Items {
			if err := i.Apply(ledger, b.RecordedAt); err != nil {
				panic(err)
			}
		}
	}
	l := Library{FromOrigin{}}
	for _, day := range []time.Time{past.February, past.April, past.May} {
		l = append(l, FromLedger{ledger, past.KnownOn(day)})
	}
	for _, e := range official.Editions {
		l = append(l, FromTable{e})
	}
	return l
})

func edition(s statistics.Series, day time.Time) statistics.Edition {
	return statistics.Edition{Series: s, Published: day}
}

func check(t testing.TB, source string, o Options) *Report {
	t.Helper()
	r, err := Check(Draft{Source: source, Format: Markdown}, library(), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// verdicts lists what the check says of each number.
func verdicts(r *Report) string {
	var all []string
	for _, f := range r.Findings {
		if f.Statement != nil {
			all = append(all, f.Statement.Text+" "+string(f.Verdict))
		}
	}
	return strings.Join(all, "\n")
}

const markedUp = `# Returns of Albanian nationals

In 2022, [1,888]{returns-without-port | of albania | 2022} Albanian nationals were returned: [954]{enforced | of albania | 2022}
([51%]{enforced / returns-without-port | of albania | 2022}) by force and [934]{voluntary | of albania | 2022} of their own accord.
Voluntary returns rose by [90%]{voluntary | of albania | 2022 on 2021}, from [492]{voluntary | of albania | 2021}.
In the first quarter of 2023 there were [795]{returns-without-port | of albania | 2023 Q1}, of which [51%]{voluntary / returns-without-port | of albania | 2023 Q1} voluntary.
From 13 December 2022 to 7 April 2023 there were more than [1,000]{returns-without-port | of albania | 2022-12-13..2023-04-07} returns.
`

// The origin's statements, marked up: all true of 24 April 2023; stale a month later (facts, section 7).
func TestMarkedUp(t *testing.T) {
	april := check(t, markedUp, Options{Edition: edition(statistics.Record, past.April)})
	if !april.Passes() || len(april.Findings) != 9 {
		t.Errorf("24 April:\n%s", verdicts(april))
	}
	may := check(t, markedUp, Options{Edition: edition(statistics.Record, past.May)})
	want := map[string]struct {
		v   Verdict
		now string
	}{"1,888": {Stale, "1,958"}, "954": {Stale, "956"}, "51%": {Stale, "48.8 %"}, "934": {Stale, "1,002"}, "90%": {Stale, "+102.8 %"}, "492": {Stale, "494"}}
	for _, f := range may.Findings {
		w, ok := want[f.Statement.Text]
		if !ok || f.Claim.Period == statistics.QuarterPeriod(statistics.Q(2023, 1)) {
			continue
		}
		if f.Verdict != w.v || f.Show(f.Now, "en") != w.now || !f.True.Published.Equal(past.KnownOn(past.April)) {
			t.Errorf("25 May: %s is %s, now %s", f.Statement.Text, f.Verdict, f.Show(f.Now, "en"))
		}
	}
	share := slices.IndexFunc(april.Findings, func(f Finding) bool { return f.Statement.Text == "51%" })
	if f := april.Findings[share]; !slices.Contains(f.Cautions, Fragile) || !slices.Contains(f.Cautions, Provisional) || !strings.Contains(f.Band, "revisions") {
		t.Errorf("51%%: cautions %v, band %q", f.Cautions, f.Band)
	}
}

// The same statements against the quarterly series: another source was right, not this one.
func TestOtherSource(t *testing.T) {
	r := check(t, "[954]{enforced | of albania | 2022} enforced returns.", Options{Edition: edition(statistics.Quarterly, past.May)})
	if f := r.Findings[0]; f.Verdict != OtherSource || f.True.Series == statistics.Quarterly || f.Show(f.Now, "en") != "956" {
		t.Errorf("%s, true of %v, now %s", f.Verdict, f.True, f.Show(f.Now, "en"))
	}
	r = check(t, "[954]{enforced | of albania | 2022 | live-systems} enforced returns.", Options{Edition: edition(statistics.Quarterly, past.May)})
	if f := r.Findings[0]; f.Verdict != Match || f.At.Series != statistics.Live {
		t.Errorf("a claim that names its series: %s at %s", f.Verdict, f.At)
	}
}

// The origin's statements as plain text, in both languages. Nothing passes until a person accepts the
// readings, and a reading never depends on the value.
func TestPlain(t *testing.T) {
	english := `In 2022, 1,888 Albanian nationals were returned, of whom 954 (51%) were enforced returns and 934 were voluntary returns.
Voluntary returns of Albanians rose by 90%, from 492 in 2021 to 934 in 2022.
In the first quarter of 2023, 795 Albanians were returned: 389 enforced returns and 406 voluntary returns, so that 51% of returns were voluntary.
More than half of the returns of Albanian nationals in 2022 were enforced.
Over 1,000 Albanians were returned from 13 December 2022 to the first week of April 2023.`
	albanian := `Në vitin 2022 u kthyen 1.888 shtetas shqiptarë: 954 kthime të detyruara (51%) dhe 934 kthime vullnetare.
Kthimet vullnetare të shtetasve shqiptarë u rritën me 90 për qind, nga 492 në vitin 2021 në 934 në vitin 2022.
Në tremujorin e parë të vitit 2023 u kthyen 795 shqiptarë, nga të cilët 389 me kthime të detyruara dhe 406 me kthime vullnetare.
Nga 13 dhjetori 2022 deri më 7 prill 2023 u kthyen mbi 1.000 shqiptarë.`
	for name, c := range map[string]struct {
		text string
		n    int
	}{"English": {english, 13}, "Albanian": {albanian, 11}} {
		plain := check(t, c.text, Options{Edition: edition(statistics.Record, past.April)})
		for _, f := range plain.Findings {
			if f.Verdict != Unchecked {
				t.Errorf("%s: %s passes without a binding", name, f.Statement.Text)
			}
		}
		accepted := check(t, c.text, Options{Edition: edition(statistics.Record, past.April), Accept: true})
		if !accepted.Passes() || len(accepted.Findings) != c.n {
			for _, f := range accepted.Findings {
				t.Errorf("%s: %q %s: claim %v, suggestion %v, now %s", name, f.Statement.Text, f.Verdict, f.Claim, f.Suggestion, f.Show(f.Now, "en"))
			}
		}
		// Readings come from words: with other numbers they are the same, and now wrong.
		other := check(t, strings.NewReplacer("1,888", "1,777", "1.888", "1.777", "954", "955", "934", "935").Replace(c.text), Options{Edition: edition(statistics.Record, past.April), Accept: true})
		for i, f := range other.Findings {
			if f.Claim == nil || accepted.Findings[i].Claim == nil || f.Claim.String() != accepted.Findings[i].Claim.String() {
				t.Errorf("%s: the reading of %s depends on its value", name, f.Statement.Text)
			}
			if f.Verdict.Passes() && f.Statement.Text != accepted.Findings[i].Statement.Text {
				t.Errorf("%s: %s passes", name, f.Statement.Text)
			}
		}
	}
}

// Each verdict and each caution, named by the fact that it rests on.
func TestVerdicts(t *testing.T) {
	april := Options{Edition: edition(statistics.Record, past.April), Accept: true}
	quarterly := Options{Edition: edition(statistics.Quarterly, past.May), Accept: true}
	for name, c := range map[string]struct {
		text     string
		o        Options
		verdict  Verdict
		cautions []Caution
	}{
		"returned to Albania":     {"In 2022, 1,888 people were returned to Albania.", april, WrongDefinition, nil},
		"with port":               {"[2,510]{returns-without-port | of albania | 2022} returns", quarterly, WrongDefinition, nil},
		"wrong":                   {"There were 1,234 returns of Albanian nationals in 2022.", april, Wrong, nil},
		"sum of overlap":          {"[3,475]{enforced + offender | of albania | 2022}", april, OverlapSum, nil},
		"sum of parts":            {"[1,888]{enforced + voluntary | of albania | 2022}", april, Match, nil},
		"not published yet":       {"[896]{returns-without-port | of albania | 2023 Q1}", quarterly, Unpublished, nil},
		"not ended yet":           {"[896]{returns-without-port | of albania | 2023}", april, Unpublished, nil},
		"asylum-related":          {"[1,240]{asylum-related | of albania | 2022}", april, Unpublished, nil},
		"marked up, cannot read":  {"[954]{enforced | albania | 2022}", april, Unchecked, nil},
		"percent for a count":     {"[51%]{enforced | of albania | 2022}", april, Unchecked, nil},
		"over, true":              {"over [1,800]{returns-without-port | of albania | 2022}", april, Match, nil},
		"over, equal":             {"over [1,888]{returns-without-port | of albania | 2022}", april, Wrong, nil},
		"over, far below":         {"over [1,000]{returns-without-port | of albania | 2022}", april, Wrong, nil},
		"nearly":                  {"nearly [1,900]{returns-without-port | of albania | 2022}", april, Match, nil},
		"about":                   {"about [1,900]{returns-without-port | of albania | 2022}", april, MatchRounded, nil},
		"flat and rounded":        {"[1,900]{returns-without-port | of albania | 2022}", april, Wrong, nil},
		"one decimal":             {"[50.5%]{enforced / returns-without-port | of albania | 2022}", april, MatchRounded, nil},
		"one decimal, wrong":      {"[50.6%]{enforced / returns-without-port | of albania | 2022}", april, Wrong, nil},
		"fell instead of rose":    {"Voluntary returns of Albanians fell by 90% in 2022 compared with 2021.", april, Wrong, nil},
		"nearly doubled":          {"Voluntary returns of Albanians nearly doubled in 2022 compared with 2021.", april, Wrong, nil},
		"written":                 {"Nine hundred and fifty-four Albanians were removed in enforced returns in 2022.", april, Match, nil},
		"a majority":              {"The majority of returns of Albanian nationals in 2022 were enforced.", april, Match, []Caution{Fragile, Provisional}},
		"a majority in May":       {"The majority of returns of Albanian nationals in 2022 were enforced.", quarterly, OtherSource, []Caution{Provisional}},
		"said to be provisional":  {"Provisional figures: there were 954 enforced returns of Albanian nationals in 2022.", april, Match, nil},
		"returned to, of":         {"Returned to Albania: [1,888]{returns-without-port | of albania | 2022}.", april, Match, []Caution{Ambiguous, Provisional}},
		"groups as if they added": {"[1,888]{returns-without-port | of albania | 2022} returns, a combination of failed asylum seekers, foreign national offenders and voluntary returns.", april, Match, []Caution{AddedUp, Provisional}},
		"inference":               {"[954]{enforced | of albania | 2022} enforced returns are evidence that the agreement works.", april, Match, []Caution{Inference, Provisional}},
		"separator":               {"There were 1.888 returns of Albanian nationals in 2022.", april, Unchecked, []Caution{Provisional, Separator}},
		"men":                     {"In 2022, 84% of Albanian nationals returned were men.", april, Unchecked, nil},
		"small boats":             {"In 2022, 954 Albanian nationals arrived in small boats.", april, Unchecked, nil},
		"money":                   {"The flights cost £575,748 in 2020.", april, Unchecked, nil},
		"Albanian verdict":        {"Në vitin 2022 pati 1.000 kthime të detyruara të shtetasve shqiptarë.", april, Wrong, nil},
	} {
		r := check(t, c.text, c.o)
		i := slices.IndexFunc(r.Findings, func(f Finding) bool { return f.Statement != nil })
		if i < 0 {
			t.Errorf("%s: no statement found", name)
			continue
		}
		f := r.Findings[i]
		if f.Verdict != c.verdict {
			t.Errorf("%s: %q %s, want %s (claim %v, suggestion %v, now %s, %v)", name, f.Statement.Text, f.Verdict, c.verdict, f.Claim, f.Suggestion, f.Show(f.Now, "en"), f.Problem)
		}
		slices.Sort(f.Cautions)
		slices.Sort(c.cautions)
		if c.cautions != nil && !slices.Equal(f.Cautions, c.cautions) {
			t.Errorf("%s: cautions %v, want %v", name, f.Cautions, c.cautions)
		}
	}
}

// A sentence without a number that concludes what figures cannot carry is a finding too.
func TestInferenceWithoutNumber(t *testing.T) {
	r := check(t, "This is an encouraging trend.\n\nKjo është provë se marrëveshja funksionon.", Options{Edition: edition(statistics.Record, past.April)})
	if len(r.Findings) != 2 || r.Findings[1].Line != 3 {
		t.Errorf("%+v", r.Findings)
	}
}

func TestHTML(t *testing.T) {
	source := "<!doctype html><title>x</title>\n<p>In 2022 there were\n<data data-claim=\"enforced | of albania | 2022\">954</data> enforced returns &amp; more.</p>\n<script>var n = 1234</script>\n<table><tr><td>77</td></tr></table>"
	r, err := Check(Draft{Source: source, Format: HTML}, library(), Options{Edition: edition(statistics.Record, past.April)})
	if err != nil {
		t.Fatal(err)
	}
	if got := verdicts(r); got != "954 match\n77 unchecked" || r.Findings[0].Line != 3 || r.Findings[1].Line != 5 {
		t.Errorf("%s at lines %d, %d", got, r.Findings[0].Line, r.Findings[1].Line)
	}
}

// A person's binding counts as one; an edition that does not exist is refused.
func TestBindings(t *testing.T) {
	o := Options{Edition: edition(statistics.Record, past.April), Bindings: map[int]string{1: "enforced | of albania | 2022"}}
	if r := check(t, "We returned 954 that year.", o); r.Findings[0].Verdict != Match || r.Findings[0].How != ByPerson {
		t.Errorf("%+v", r.Findings[0])
	}
	if _, err := Check(Draft{Source: "x"}, library(), Options{Edition: edition(statistics.Record, statistics.Day(2023, 6, 1))}); fault.KeyOf(err) != "fault.press.edition" {
		t.Error(err)
	}
}

// Published statements are checked again at each new edition.
func TestWatch(t *testing.T) {
	april := check(t, markedUp, Options{Edition: edition(statistics.Record, past.April)})
	notices, err := Watch(Published{"release.md", april.Edition, april.Findings}, library(), edition(statistics.Record, past.May))
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, n := range notices {
		if n.After.Verdict != Stale {
			t.Errorf("%s: %s", n.After.Statement.Text, n.After.Verdict)
		}
		texts = append(texts, n.After.Statement.Text)
	}
	if len(texts) < 7 || slices.Contains(texts, "1,000") {
		t.Errorf("notices for %v", texts)
	}
	same, err := Watch(Published{"release.md", april.Edition, april.Findings}, library(), edition(statistics.Record, past.April))
	if err != nil || len(same) != 0 {
		t.Errorf("the same edition gives notices: %v %v", same, err)
	}
}

// Claims are written as they are read.
func TestClaimText(t *testing.T) {
	for _, s := range []string{"enforced | of albania | 2022", "enforced / returns-without-port | of albania | 2022", "voluntary | of albania | 2022 on 2021",
		"returns-without-port | to albania | 2022-12-13..2023-04-07 | live-systems", "enforced + voluntary | of brazil | 2022 Q1..2022 Q3", "enforced / returns-without-port | of albania | 2022 on 2021"} {
		c, err := ParseClaim(s)
		if err != nil || c.String() != s {
			t.Errorf("%s: %v %v", s, c, err)
		}
	}
	for s, key := range map[string]string{"": "fault.press.claim", "forced | of albania | 2022": "fault.press.measure", "enforced | albania | 2022": "fault.press.population",
		"enforced | of atlantis | 2022": "fault.press.population", "enforced | of albania | then": "fault.press.period", "enforced | of albania | 2022 | gossip": "fault.press.series",
		"enforced | of albania | 2023..2022": "fault.press.period"} {
		if _, err := ParseClaim(s); fault.KeyOf(err) != key {
			t.Errorf("%q: %v", s, err)
		}
	}
}

func FuzzCheck(f *testing.F) {
	f.Add(markedUp, "en", 1)
	f.Add("Nga 13 dhjetori 2022 deri më 7 prill u kthyen mbi 1.000 shqiptarë, dy të tretat vullnetare.", "sq", 0)
	f.Add("<p>One in three, <data data-claim='x'>half</data> a thousand and", "en", 2)
	f.Fuzz(func(t *testing.T, s, lang string, format int) {
		formats := []Format{Text, Markdown, HTML}
		r, err := Check(Draft{Source: s, Format: formats[((format%3)+3)%3], Lang: Lang(lang)}, library(), Options{Edition: edition(statistics.Record, past.April), Accept: true})
		if err != nil {
			return
		}
		for _, f := range r.Findings {
			if f.Verdict.Passes() && (f.Claim == nil || f.Now == nil) {
				t.Fatalf("%q passes without a claim or value", f.Statement.Text)
			}
		}
	})
}

// A hostile draft is refused or done with work that grows with its length, counted in allocations: no full stops, nothing
// but numbers, or nothing but dates.
func TestHostileDraft(t *testing.T) {
	for name, piece := range map[string]string{
		"numbers": "954 ", "years": "in 2022 ", "words": "returned albanians of the ", "brackets": "[1]{", "some numbers": "954 enforced returns of Albanians in 2022 ",
	} {
		times := min(MaxDraft/4/len(piece), 900)
		half, whole := allocations(t, strings.Repeat(piece, times/2)), allocations(t, strings.Repeat(piece, times))
		if whole > 3*half {
			t.Errorf("%s: %d allocations, and %d for half of the length", name, whole, half)
		}
	}
}

func allocations(t *testing.T, draft string) uint64 {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := Check(Draft{Source: draft, Format: Markdown}, library(), Options{Edition: edition(statistics.Record, past.April), Accept: true})
	runtime.ReadMemStats(&after)
	if err != nil && fault.KeyOf(err) != "fault.press.too-long" {
		t.Error(err)
	}
	return after.Mallocs - before.Mallocs
}

// What a text was bound to when it went out stays bound by its words, also when a version numbers it otherwise.
func TestRebind(t *testing.T) {
	d := Draft{Source: "In 2022 we returned 954 and 934, and 954 again.", Format: Text}
	got := Rebind(d, []Binding{{"954", "enforced | of albania | 2022"}, {"gone", "x"}, {"954", "voluntary | of albania | 2022"}})
	if len(got) != 2 || got[1] != "enforced | of albania | 2022" || got[3] != "voluntary | of albania | 2022" {
		t.Errorf("%v", got)
	}
}

// Every digit of a text is a statement or set aside with its reason.
func TestNothingPassedOver(t *testing.T) {
	source := `London, 24.4.2023

1. Under Article 11(2) and section 5, flight BA2654 left at 09:30 on 24 April 2023 with 73 people (tel. 020 7946 0000).
See https://example.org/2022/954 and form IMB_05, version 2.1.3, the 4th of its kind; 2022/23 had 1 958 and 1.888.`
	r, err := Check(Draft{Source: source, Format: Text}, library(), Options{Edition: edition(statistics.Record, past.April), Accept: true})
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, f := range r.Findings {
		if f.Statement != nil {
			all = append(all, f.Statement.Text)
		}
	}
	for _, a := range r.Asides {
		all = append(all, a.Text)
	}
	rest := source
	for _, s := range all {
		rest = strings.Replace(rest, s, "", 1)
	}
	if hasDigit(rest) {
		t.Errorf("passed over: %q\nreported: %q", rest, all)
	}
	if got := verdicts(r); got != "73 unchecked\n1 958 unchecked\n1.888 unchecked" {
		t.Error(got)
	}
}
