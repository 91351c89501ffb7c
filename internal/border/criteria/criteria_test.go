package criteria_test

import (
	"strings"
	"testing"

	"countersign/internal/border/criteria"
	"countersign/internal/fault"
	"countersign/laws"

	"pgregory.net/rapid"
)

func books(t interface {
	Helper()
	Fatal(...any)
}) []*criteria.Book {
	t.Helper()
	b, err := criteria.Load(laws.Border)
	if err != nil {
		t.Fatal(err)
	}
	if len(b) != 4 {
		t.Fatal("rulebooks missing", len(b))
	}
	return b
}

func find(t *testing.T, evs []criteria.Evaluation, rule string) criteria.Evaluation {
	t.Helper()
	for _, e := range evs {
		if e.Rule.ID == rule {
			return e
		}
	}
	t.Fatalf("rule %s was not evaluated", rule)
	return criteria.Evaluation{}
}

var exit = criteria.Journey{State: "al", Direction: criteria.Exit, Destination: []string{"gb", "GBR"}, Day: "2026-05-04"}

// The order of 2019 says that people in its two lists may not cross. Stamose v Bulgaria (29713/05): here it
// leads to second line and shows the conflict.
func TestOrderOf2019NeverRefuses(t *testing.T) {
	f := criteria.Facts{"history.inad_2_years": criteria.Is(true), "history.deported_3_years": criteria.Is(true), "history.no_ban_document_shown": criteria.Is(false)}
	evs := criteria.Evaluate(books(t), exit, f)
	for _, rule := range []string{"al.exit.inad-2019", "al.exit.deportiv-2019"} {
		e := find(t, evs, rule)
		if e.State != criteria.NotMet || e.Effect != criteria.SecondLine || e.Rule.Conflict == nil || !strings.Contains(e.Rule.Conflict.Basis, "29713/05") {
			t.Errorf("%s: %s %s", rule, e.State, e.Effect)
		}
	}
	before := exit
	before.Day = "2019-12-19"
	if e := find(t, criteria.Evaluate(books(t), before, f), "al.exit.inad-2019"); e.State != criteria.NotInForce {
		t.Errorf("the order reached back before its date: %s", e.State)
	}
}

// A check for the United Kingdom cannot rest on Schengen criteria (law, section 4).
func TestDestinations(t *testing.T) {
	for _, e := range criteria.Evaluate(books(t), exit, nil) {
		if strings.HasPrefix(e.Rule.ID, "schengen.") {
			t.Errorf("%s was evaluated for the United Kingdom", e.Rule.ID)
		}
	}
	j := exit
	j.Destination = []string{"schengen", "ITA"}
	evs := criteria.Evaluate(books(t), j, criteria.Facts{"document.months_after_trip": criteria.Num(1), "trip.humanitarian": criteria.Is(false)})
	if e := find(t, evs, "schengen.passport-3-months"); e.State != criteria.NotMet || e.Effect != criteria.Info {
		t.Errorf("on exit the destination's criteria inform: %s %s", e.State, e.Effect)
	}
	entry := criteria.Journey{State: "schengen", Direction: criteria.Entry, Destination: []string{"schengen"}, Day: "2026-05-04"}
	evs = criteria.Evaluate(books(t), entry, criteria.Facts{"document.months_after_trip": criteria.Num(3), "document.issue_age_years": criteria.Num(10.01)})
	if e := find(t, evs, "schengen.passport-3-months"); e.State != criteria.Met { // SBC Art. 6(1)(a)(i)
		t.Errorf("three months exactly: %s", e.State)
	}
	if e := find(t, evs, "schengen.passport-10-years"); e.State != criteria.NotMet || e.Effect != criteria.MayRefuse { // SBC Art. 6(1)(a)(ii)
		t.Errorf("ten years and a few days: %s %s", e.State, e.Effect)
	}
}

// Unknown means ask, never refuse; and on exit nothing can ever refuse but the four supports: for all facts.
func TestNoFactsRefuse(t *testing.T) {
	all := books(t)
	rapid.Check(t, func(t *rapid.T) {
		f := criteria.Facts{}
		for name, kind := range criteria.Vocabulary {
			if !rapid.Bool().Draw(t, name) {
				continue
			}
			switch kind {
			case criteria.Truth:
				f[name] = criteria.Is(rapid.Bool().Draw(t, "v"))
			case criteria.Quantity:
				f[name] = criteria.Num(rapid.Float64Range(-400, 4000).Draw(t, "v"))
			default:
				f[name] = criteria.Str(rapid.SampledFrom([]string{"passport", "card", "both-parents", "nobody"}).Draw(t, "v"))
			}
		}
		j := exit
		j.Destination = rapid.SampledFrom([][]string{nil, {"gb"}, {"schengen"}, {"TUR"}}).Draw(t, "to")
		for _, e := range criteria.Evaluate(all, j, f) {
			if e.State != criteria.NotMet && e.Effect.Rank() > criteria.Ask.Rank() {
				t.Fatalf("%s is %s and yet asks for %s", e.Rule.ID, e.State, e.Effect)
			}
			if e.Effect == criteria.MayRefuse && e.Rule.Support == "" {
				t.Fatalf("%s would support a refusal to leave", e.Rule.ID)
			}
		}
	})
}

// Rulebooks that reach too far are not loaded.
func TestRulebooksRefused(t *testing.T) {
	const frame = `{"id":"x","state":"al","direction":"DIR","title":{"en":"a","sq":"b"},"source":"s","from":"2020-01-01","snapshot_max_age_hours":1,"second_officer":true,
		"remedy":{"mark":"N","text":{"en":"a","sq":"b"}},"rules":[{"id":"r","legal_basis":"l","mark":"S","destinations":["any"],RULE,"reason":{"en":"a","sq":"b"},"satisfied_by":{"en":"a","sq":"b"}}]}`
	for _, c := range []struct{ name, dir, rule, field string }{
		{"sound", "exit", `"require":{"fact":"document.invalid","is":false},"effect":"may-refuse","support":"invalid-document"`, ""},
		{"a past removal refuses", "entry", `"require":{"fact":"history.deported_3_years","is":false},"effect":"may-refuse"`, "effect"},
		{"a match alone refuses on exit", "exit", `"require":{"fact":"alert.second_look","is":false},"effect":"may-refuse","support":"warrant"`, "support"},
		{"means refuse an exit", "exit", `"require":{"fact":"trip.means_shown","is":true},"effect":"may-refuse"`, "support"},
		{"means dressed as minors", "exit", `"require":{"fact":"trip.means_shown","is":true},"effect":"may-refuse","support":"minors"`, "support"},
		{"an unknown fact", "exit", `"require":{"fact":"asylum.claimed","is":false},"effect":"ask"`, "asylum.claimed"},
		{"a test of another kind", "exit", `"require":{"fact":"trip.means_shown","at_least":3},"effect":"ask"`, "trip.means_shown"},
		{"two things in one", "exit", `"require":{"fact":"trip.means_shown","is":true,"any":[]},"effect":"ask"`, "expression"},
		{"nothing", "exit", `"require":{},"effect":"ask"`, "expression"},
		{"an unknown member", "exit", `"require":{"fact":"trip.means_shown","is":true},"effect":"ask","score":3`, "json"},
	} {
		text := strings.Replace(strings.Replace(frame, "DIR", c.dir, 1), "RULE", c.rule, 1)
		_, err := criteria.Parse([]byte(text))
		if got := fault.ArgsOf(err)["field"]; (err == nil) != (c.field == "") || got != c.field {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestThreeValues(t *testing.T) { // Kleene
	yes, no := criteria.Expr{Fact: "trip.means_shown", Is: ptr(true)}, criteria.Expr{Fact: "trip.return_shown", Is: ptr(true)}
	for _, c := range []struct {
		f        criteria.Facts
		all, any criteria.Three
	}{
		{nil, criteria.Unknown, criteria.Unknown},
		{criteria.Facts{"trip.means_shown": criteria.Is(true)}, criteria.Unknown, criteria.True},
		{criteria.Facts{"trip.means_shown": criteria.Is(false)}, criteria.False, criteria.Unknown},
		{criteria.Facts{"trip.means_shown": criteria.Num(1)}, criteria.Unknown, criteria.Unknown}, // of the wrong kind
	} {
		all, any := criteria.Expr{All: []criteria.Expr{yes, no}}, criteria.Expr{Any: []criteria.Expr{yes, no}}
		if all.Eval(c.f) != c.all || any.Eval(c.f) != c.any || (&criteria.Expr{Not: &all}).Eval(c.f) != -c.all {
			t.Errorf("%v: %v %v", c.f, all.Eval(c.f), any.Eval(c.f))
		}
	}
}

func ptr(b bool) *bool { return &b }

func FuzzParse(f *testing.F) {
	b, _ := laws.Border.ReadFile("al/border-exit.json")
	f.Add(b)
	f.Add([]byte(`{"id":"x","rules":[{"require":{"not":{"not":{}}}}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		book, err := criteria.Parse(b)
		if err != nil {
			return
		}
		for _, e := range criteria.Evaluate([]*criteria.Book{book}, exit, criteria.Facts{}) {
			if e.Effect == criteria.MayRefuse && e.State != criteria.NotMet {
				t.Fatal("unknown refuses")
			}
		}
	})
}
