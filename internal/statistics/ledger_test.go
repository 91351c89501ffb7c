package statistics

import (
	"math/big"
	"testing"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/fault"

	"pgregory.net/rapid"
)

func sample(id act.ID, departed time.Time, kind Type) Return {
	return Return{ID: id, Departed: departed, Type: kind, Nationality: "albania", Age: "18-29", Sex: "male", DestGroup: "home", Destination: "albania"}
}

// The acts of the domestic vocabulary fold into the ledger, through their encoded form.
func TestApply(t *testing.T) {
	l := NewLedger()
	r := sample("r1", Day(2022, 5, 3), "controlled")
	corrected := r
	corrected.Type = "enforced-detention"
	imported := sample("r2", Day(2022, 5, 4), "assisted").Body()
	imported.Known = "2022-06-01"
	for i, step := range []struct {
		kind act.Kind
		body any
	}{
		{domestic.ReturnRecorded, &domestic.ReturnRecord{Return: r.Body()}},
		{domestic.ReturnCorrected, &domestic.ReturnCorrection{Return: corrected.Body(), Reason: "reclassified"}},
		{domestic.ReturnRetracted, &domestic.ReturnRetraction{ID: "r1", Reason: "duplicate"}},
		{domestic.ReturnRecorded, &domestic.ReturnRecord{Return: imported}},
	} {
		raw, err := domestic.Vocabulary.Encode(step.kind, step.body)
		if err != nil {
			t.Fatal(err)
		}
		body, err := domestic.Vocabulary.Decode(step.kind, raw)
		if err != nil {
			t.Fatal(err)
		}
		if err := l.Apply(act.Event{Kind: step.kind, Recorded: Day(2022, 7, 1+i), Body: body}); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		asOf                time.Time
		enforced, voluntary int64
	}{
		{Day(2022, 5, 31), 0, 0}, {Day(2022, 6, 1), 0, 1}, {Day(2022, 7, 1), 0, 2}, {Day(2022, 7, 2), 1, 1}, {Day(2022, 7, 3), 0, 1},
	} {
		for m, want := range map[Measure]int64{EnforcedReturns: c.enforced, VoluntaryReturns: c.voluntary, WithoutPort: c.enforced + c.voluntary, PortReturns: 0} {
			got, err := l.Count(Query{Measure: m, Period: Year(2022), Nationality: "albania"}, c.asOf)
			if err != nil || got != want {
				t.Errorf("%s as of %s: %d, %v; want %d", m, c.asOf.Format(time.DateOnly), got, err, want)
			}
		}
	}
	if got := l.Changes(Day(2022, 1, 1), Day(2023, 1, 1), 50); got != (Changes{Recorded: 2, Late: 1, Corrected: 1, Retracted: 1}) {
		t.Errorf("changes %+v", got)
	}
}

func TestLedgerRefuses(t *testing.T) {
	l := NewLedger()
	r := sample("r1", Day(2022, 5, 3), "controlled")
	must(t, l.Record(r, Day(2022, 6, 1)))
	unknown := r
	unknown.ID, unknown.Nationality = "r9", "atlantis"
	other := r
	other.ID = "r2"
	for name, c := range map[string]struct {
		err error
		key string
	}{
		"twice":     {l.Record(r, Day(2022, 6, 2)), "fault.statistics.recorded-twice"},
		"unknown":   {l.Correct(other, Day(2022, 6, 2)), "fault.statistics.unknown-return"},
		"code":      {l.Record(unknown, Day(2022, 6, 2)), "fault.statistics.code"},
		"backwards": {l.Correct(r, Day(2022, 5, 2)), "fault.statistics.order"},
	} {
		if fault.KeyOf(c.err) != c.key {
			t.Errorf("%s: %v", name, c.err)
		}
	}
	must(t, l.Retract("r1", Day(2022, 7, 1)))
	if err := l.Correct(r, Day(2022, 8, 1)); fault.KeyOf(err) != "fault.statistics.retracted" {
		t.Errorf("after retraction: %v", err)
	}
	if _, err := l.Count(Query{Measure: AsylumRelated, Period: Year(2022)}, Day(2022, 8, 1)); fault.KindOf(err) != fault.Denied {
		t.Errorf("asylum-related: %v", err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Whatever is recorded later, what was known at an instant stays what it was, and the three groups are a
// partition of all returns.
func TestPastViewsStand(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l, known := NewLedger(), Day(2022, 1, 1)
		types := []Type{"enforced-detention", "other-verified", "uk-ports"}
		id := func() act.ID { return act.ID(string(rune('a' + rapid.IntRange(0, 9).Draw(t, "id")))) }
		var asOf time.Time
		var then map[Cell]int64
		for i := range rapid.IntRange(1, 40).Draw(t, "steps") {
			known = known.AddDate(0, 0, rapid.IntRange(0, 9).Draw(t, "days"))
			r := sample(id(), Day(2022, 1, 1).AddDate(0, 0, rapid.IntRange(0, 364).Draw(t, "departed")), rapid.SampledFrom(types).Draw(t, "type"))
			switch rapid.IntRange(0, 2).Draw(t, "op") {
			case 0:
				_ = l.Record(r, known)
			case 1:
				_ = l.Correct(r, known)
			case 2:
				_ = l.Retract(r.ID, known)
			}
			if i == 10 {
				asOf, then = known, l.Cells(known)
				known = known.AddDate(0, 0, 1)
			}
		}
		if then != nil {
			for c, n := range l.Cells(asOf) {
				if then[c] != n {
					t.Fatalf("%v was %d, is %d", c, then[c], n)
				}
			}
		}
		var parts int64
		for _, m := range []Measure{EnforcedReturns, VoluntaryReturns, PortReturns} {
			n, _ := l.Count(Query{Measure: m, Period: Year(2022)}, known)
			parts += n
		}
		if all, _ := l.Count(Query{Measure: WithPort, Period: Year(2022)}, known); all != parts {
			t.Fatalf("groups sum to %d, all returns are %d", parts, all)
		}
	})
}

// Overlapping groups, other editions, periods and populations are never added up (design.md, section 7).
func TestAddRefuses(t *testing.T) {
	e := Edition{Quarterly, Day(2023, 8, 24)}
	f := func(m Measure, n int64) Figure {
		return Figure{Measure: m, Population: Population{Nationality: "albania"}, Period: Year(2022), Edition: e, Value: n}
	}
	sum, err := Add(f(EnforcedReturns, 959), f(VoluntaryReturns, 1019))
	if err != nil || sum.Value != 1978 || sum.Measure != WithoutPort {
		t.Errorf("enforced and voluntary: %+v, %v", sum, err)
	}
	later, other, to := f(VoluntaryReturns, 1036), f(VoluntaryReturns, 370), f(VoluntaryReturns, 865)
	later.Edition.Published, other.Period, to.Population = Day(2023, 11, 23), QuarterPeriod(Q(2022, 4)), Population{Destination: "albania"}
	for name, c := range map[string]struct {
		with Figure
		key  string
	}{
		"offenders":      {f(OffenderReturns, 846), "fault.statistics.overlap"},
		"asylum-related": {f(AsylumRelated, 1240), "fault.statistics.overlap"},
		"itself":         {f(EnforcedReturns, 959), "fault.statistics.overlap"},
		"a total":        {f(WithoutPort, 1978), "fault.statistics.overlap"},
		"an edition":     {later, "fault.statistics.other-edition"},
		"a period":       {other, "fault.statistics.other-period"},
		"a destination":  {to, "fault.statistics.other-population"},
	} {
		if _, err := Add(f(EnforcedReturns, 959), c.with); fault.KeyOf(err) != c.key {
			t.Errorf("%s: %v", name, err)
		}
	}
	if one, err := Add(f(OffenderReturns, 846)); err != nil || one.Measure != OffenderReturns {
		t.Errorf("a measure by itself stays what it is: %v %v", one.Measure, err)
	}
	q := func(n int) Figure {
		f := f(EnforcedReturns, 1)
		f.Period = QuarterPeriod(Q(2022, n))
		return f
	}
	if s, err := AddPeriods(q(2), q(1)); err != nil || s.Period != (Period{Day(2022, 1, 1), Day(2022, 7, 1)}) {
		t.Errorf("two quarters: %v %v", s.Period, err)
	}
	if _, err := AddPeriods(q(1), f(EnforcedReturns, 959)); fault.KeyOf(err) != "fault.statistics.periods-overlap" {
		t.Errorf("a quarter of the year: %v", err)
	}
	if _, err := AddPeriods(q(1), q(3)); fault.KeyOf(err) != "fault.statistics.periods-gap" {
		t.Errorf("a gap: %v", err)
	}
}

// Percentages are computed on exact values and rounded once, half away from zero.
func TestRounding(t *testing.T) {
	for _, c := range []struct {
		num, den int64
		decimals int
		want     string
	}{
		{954, 1888, 0, "51"}, {954, 1888, 2, "50.53"}, {406, 795, 0, "51"}, {956, 1958, 2, "48.83"}, {1, 200, 0, "1"}, {-1, 200, 0, "-1"},
		{3, 1000, 0, "0"}, {-3, 1000, 0, "0"}, {125, 1000, 1, "12.5"}, {1, 8, 0, "13"}, {2, 3, 1, "66.7"},
	} {
		if got := Percent(big.NewRat(c.num, c.den), c.decimals); got != c.want {
			t.Errorf("%d/%d: %s, want %s", c.num, c.den, got, c.want)
		}
	}
	rise, err := Change(934, 492)
	if err != nil || Percent(rise, 0) != "90" || Percent(rise, 2) != "89.84" {
		t.Errorf("934 on 492: %v %v", rise, err)
	}
	if _, err := Change(60, 49); fault.KeyOf(err) != "fault.statistics.small-base" {
		t.Errorf("small base: %v", err)
	}
	if Count(1071665, "en") != "1,071,665" || Count(1888, "sq") != "1.888" || Count(-12, "en") != "-12" {
		t.Error("thousands")
	}
}

// Every definition has a hash, a text in both languages and groups that exist; every type lies in a group.
func TestDefinitionsAndCodes(t *testing.T) {
	seen := map[string]bool{}
	for _, d := range Definitions() {
		if len(d.Hash()) != 64 || seen[d.Hash()] || d.Text("sq") == "" || d.Text("en") == d.Text("sq") || len(d.Groups) == 0 {
			t.Errorf("definition %s", d.ID)
		}
		seen[d.Hash()] = true
	}
	for _, c := range Lists().Types.Codes {
		if _, ok := Lists().Groups.Index(string(c.Within)); !ok {
			t.Errorf("type %s lies in no group", c.Code)
		}
	}
	if got := Lists().Countries.Nearest("Albanie"); got != "Albania" {
		t.Errorf("nearest %s", got)
	}
	burma, known, used := Lists().Countries.ByLabel("Burma", Day(2023, 8, 24))
	if !known || used || Lists().Countries.Codes[burma].Code != "myanmar-burma" {
		t.Error("Burma is not a label of August 2023")
	}
}

func TestQuarters(t *testing.T) {
	for _, s := range []string{"2022 Q0", "2022 Q5", "2022Q1", "2022 q1", "20x2 Q1", "", "2022 Q11"} {
		if _, err := ParseQuarter(s); fault.KeyOf(err) != "fault.statistics.quarter" {
			t.Errorf("%q: %v", s, err)
		}
	}
	q, err := ParseQuarter("2022 Q4")
	if err != nil || q.String() != "2022 Q4" || q.Days() != 92 || (q+1).String() != "2023 Q1" || QuarterOf(Day(2022, 12, 31)) != q {
		t.Errorf("%v %v", q, err)
	}
	if s := Days(Day(2022, 12, 13), Day(2023, 4, 7)); s.String() != "2022-12-13 to 2023-04-07" || !s.Contains(Day(2023, 4, 7)) || s.Contains(Day(2023, 4, 8)) {
		t.Error(s)
	}
	if Year(2022).String() != "2022" || QuarterPeriod(q).String() != "2022 Q4" {
		t.Error("names of periods")
	}
}
