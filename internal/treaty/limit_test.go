package treaty

import (
	"slices"
	"testing"

	"countersign/internal/fault"
)

// A fact outside the vocabulary is refused with what is allowed; an unknown one is not.
func TestFactsAreChecked(t *testing.T) {
	if err := (Facts{}).Check(); err != nil {
		t.Error(err)
	}
	if err := (Facts{Tier: TierProof, Category: National, Escort: escorts[0], Means: means[0]}).Check(); err != nil {
		t.Error(err)
	}
	for flag, f := range map[string]Facts{"tier": {Tier: "x"}, "category": {Category: "x"}, "escort": {Escort: "x"}, "means": {Means: "x"}} {
		err := f.Check()
		args := fault.ArgsOf(err)
		want := map[string]string{"tier": list(tiers), "category": list(categories), "escort": list(escorts), "means": list(means)}[flag]
		if fault.KeyOf(err) != "fault.treaty.word" || args["flag"] != flag || args["value"] != "x" || args["allowed"] != want {
			t.Errorf("%s: %v %v", flag, err, args)
		}
	}
}

// What “days” means is decided by a person, or shown as undecided.
func TestEffectiveUnit(t *testing.T) {
	for name, c := range map[string]struct {
		l       Limit
		unit    Unit
		decided bool
	}{
		"named":     {Limit{Unit: Month}, Month, true},
		"decided":   {Limit{Unit: DayUnspecified, Decision: &Decision{Means: WorkingDay}}, WorkingDay, true},
		"undecided": {Limit{Unit: DayUnspecified}, CalendarDay, false},
	} {
		if unit, decided := c.l.Effective(); unit != c.unit || decided != c.decided {
			t.Errorf("%s: %s %v", name, unit, decided)
		}
	}
	l := Limit{standIn: true, cited: "a text"}
	if !l.StandIn() || l.Cited() != "a text" || (&Limit{}).StandIn() || !l.forward() || (&Limit{Direction: Backward}).forward() {
		t.Errorf("%+v", l)
	}
}

// The most specific limit wins; where the choice hangs on what is not known, it says what and of which values; a rule that
// the text leaves empty, has for others only, or does not have at all is told apart.
func TestFindALimit(t *testing.T) {
	of := func(n int, c Condition, sub ...Limit) Limit {
		return Limit{Rule: RuleReply, Limit: n, AppliesWhen: c, SubLimits: sub}
	}
	one := Condition{Tier: []Tier{TierProof}}
	two := Condition{Tier: []Tier{TierProof}, Category: []Category{National}}
	a := &Agreement{ID: "t", Limits: []Limit{of(1, Condition{}), of(2, one), of(3, two), {Rule: RuleTransfer, Limit: 9, SubLimits: []Limit{{Rule: "register-check", Limit: 7}}}},
		NotKnown: []Unknown{{Rule: RuleTransitReply}}}
	for name, c := range map[string]struct {
		rule  string
		facts Facts
		want  int
	}{
		"nothing special":       {"reply", Facts{Tier: TierPrimaFacie, Category: Stateless}, 1},
		"one condition":         {"reply", Facts{Tier: TierProof, Category: Stateless}, 2},
		"two conditions":        {"reply", Facts{Tier: TierProof, Category: National}, 3},
		"a limit inside one":    {"register-check", Facts{}, 7},
		"one without condition": {"transfer", Facts{}, 9},
	} {
		l, err := a.Find(c.rule, c.facts)
		if err != nil || l.Limit != c.want {
			t.Errorf("%s: %+v %v, want %d", name, l, err, c.want)
		}
	}
	last := &Agreement{ID: "t", Limits: []Limit{of(3, two), of(2, one), of(1, Condition{}), of(4, Condition{Escort: []Escort{escorts[1]}}), of(5, Condition{Means: []Means{means[0]}})}}
	for want, f := range map[int]Facts{3: {Tier: TierProof, Category: National, Escort: escorts[0], Means: means[1]}, 4: {Tier: TierPrimaFacie, Category: Stateless, Escort: escorts[1], Means: means[1]},
		5: {Tier: TierPrimaFacie, Category: Stateless, Escort: escorts[0], Means: means[0]}} {
		if l, err := last.Find("reply", f); err != nil || l.Limit != want {
			t.Errorf("in the other order: %+v %v, want %d", l, err, want)
		}
	}
	for name, c := range map[string]struct {
		rule  string
		facts Facts
		key   string
		kind  fault.Kind
		args  map[string]string
	}{
		"the tier is not known":     {"reply", Facts{Category: Stateless}, "fault.treaty.fact-needed", fault.Invalid, map[string]string{"agreement": "t", "rule": "reply", "facts": "tier (proof)"}},
		"nothing is known":          {"reply", Facts{}, "fault.treaty.fact-needed", fault.Invalid, map[string]string{"facts": "category (national); tier (proof)"}},
		"left empty":                {string(RuleTransitReply), Facts{}, "fault.treaty.rule-unknown", fault.Missing, map[string]string{"agreement": "t", "rule": string(RuleTransitReply)}},
		"not in the text":           {"notice", Facts{}, "fault.treaty.no-rule", fault.Missing, map[string]string{"agreement": "t", "rule": "notice", "allowed": list(a.Rules())}},
		"what is asked differently": {"Reply", Facts{}, "fault.treaty.no-rule", fault.Missing, nil},
	} {
		l, err := a.Find(c.rule, c.facts)
		got := fault.ArgsOf(err)
		if l != nil || fault.KeyOf(err) != c.key || fault.KindOf(err) != c.kind {
			t.Errorf("%s: %+v %v", name, l, err)
		}
		for k, v := range c.args {
			if got[k] != v {
				t.Errorf("%s: %s is %q, want %q", name, k, got[k], v)
			}
		}
	}
	others := &Agreement{ID: "t", Limits: []Limit{of(2, one)}}
	if _, err := others.Find("reply", Facts{Tier: TierPrimaFacie}); fault.KeyOf(err) != "fault.treaty.rule-not-for-facts" || fault.ArgsOf(err)["rule"] != "reply" || fault.ArgsOf(err)["agreement"] != "t" {
		t.Errorf("%v", err)
	}
	all := Condition{Tier: []Tier{TierProof}, Category: []Category{National}, Escort: []Escort{escorts[0]}, Means: []Means{means[0]}}
	_, err := (&Agreement{ID: "t", Limits: []Limit{of(1, all)}}).Find("reply", Facts{})
	if got, want := fault.ArgsOf(err)["facts"], "category (national); escort ("+string(escorts[0])+"); means ("+string(means[0])+"); tier (proof)"; got != want {
		t.Errorf("every fact is asked for by its name: %q, want %q", got, want)
	}
	several := Condition{Tier: []Tier{TierProof, TierPrimaFacie}, Means: []Means{means[1], means[0]}}
	_, needs := several.match(Facts{})
	sorted := []string{string(means[0]), string(means[1])}
	slices.Sort(sorted)
	if got, want := asks(append(needs, needs...)), "means ("+sorted[0]+", "+sorted[1]+"); tier (prima_facie, proof)"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if holds, needs := several.match(Facts{Tier: TierInterview}); holds || needs != nil {
		t.Errorf("one fact is against it, and it asks for another: %v %v", holds, needs)
	}
	if holds, needs := several.match(Facts{Tier: TierProof, Means: means[0]}); !holds || needs != nil {
		t.Errorf("%v %v", holds, needs)
	}
	if holds, needs := several.match(Facts{Tier: TierProof}); holds || len(needs) != 1 {
		t.Errorf("%v %v", holds, needs)
	}
}

// Who only wants some of the limits stops where they like.
func TestLimitsStopWhereAsked(t *testing.T) {
	a := &Agreement{Limits: []Limit{{Limit: 1, SubLimits: []Limit{{Limit: 2}, {Limit: 3}}}, {Limit: 4}}}
	for stop := 1; stop <= 4; stop++ {
		var got []int
		for l := range a.limits() {
			if got = append(got, l.Limit); len(got) == stop {
				break
			}
		}
		if !slices.Equal(got, []int{1, 2, 3, 4}[:stop]) {
			t.Errorf("%v", got)
		}
	}
}

// Of two limits that ask equally much and both hold, the first of the file is the one, in either order.
func TestOfEquallySpecificLimitsTheFirst(t *testing.T) {
	byTier := Limit{Rule: RuleReply, Limit: 1, AppliesWhen: Condition{Tier: []Tier{TierProof}}}
	byCategory := Limit{Rule: RuleReply, Limit: 2, AppliesWhen: Condition{Category: []Category{National}}}
	facts := Facts{Tier: TierProof, Category: National}
	for _, limits := range [][]Limit{{byTier, byCategory}, {byCategory, byTier}} {
		l, err := (&Agreement{ID: "t", Limits: limits}).Find("reply", facts)
		if err != nil || l.Limit != limits[0].Limit {
			t.Errorf("%+v %v, want the limit of %d", l, err, limits[0].Limit)
		}
	}
}
