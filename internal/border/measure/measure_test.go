package measure

import (
	"fmt"
	"testing"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/laws"

	"pgregory.net/rapid"
)

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// decided is a decision on a check; a refusal rests on the first of the rules that asked for something.
func decided(check, point, decision string, hour int, rules ...string) act.Event {
	ref := domestic.BorderCheckRef{Check: act.ID(check), Point: point, Rules: rules}
	e := act.Event{Occurred: time.Date(2026, 5, 4, hour, 10, 0, 0, time.UTC), Kind: domestic.BorderDecided, Body: &domestic.BorderDecision{BorderCheckRef: ref, Decision: decision}}
	if decision == "refuse" {
		e.Kind, e.Body = domestic.BorderRefused, &domestic.BorderRefusal{BorderCheckRef: ref, Rule: append(rules, "none")[0]}
	}
	return e
}

// Every check counts once, under its last decision, however often its acts arrive (pain K10).
func TestEachCheckOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := NewCounts("2026-05-04")
		n := rapid.IntRange(1, 30).Draw(t, "checks")
		final := map[string]string{}
		for i := range n {
			id := fmt.Sprint("c", i)
			first := decided(id, "p", "second-line", 9, "r1", "r1", "r2")
			last := first
			final[id] = "second-line"
			if rapid.Bool().Draw(t, "ends") {
				final[id] = rapid.SampledFrom([]string{"allow", "refuse"}).Draw(t, "how")
				last = decided(id, "p", final[id], 10, "r1")
			}
			for _, e := range []act.Event{first, last, first, last} {
				c.Add(e, time.UTC)
			}
		}
		want, got := map[string]int{}, map[string]int{}
		for _, d := range final {
			want[d]++
		}
		for k, v := range c.Checks {
			got[k.Decision] += v
		}
		for _, d := range []string{"allow", "second-line", "refuse"} {
			if got[d] != want[d] {
				t.Fatalf("%s: %d, want %d", d, got[d], want[d])
			}
			if d != "second-line" && c.Criteria[[3]string{"p", "r1", d}] != want[d] {
				t.Fatalf("rule under %s: %d", d, c.Criteria[[3]string{"p", "r1", d}])
			}
		}
	})
}

func TestProposalsAndOtherDaysDoNotCount(t *testing.T) {
	c := NewCounts("2026-05-04")
	e := decided("c1", "p", "refuse", 9)
	e.Kind = domestic.BorderRefusalProposed
	c.Add(e, time.UTC)
	e = decided("c2", "p", "allow", 23)
	c.Add(e, time.FixedZone("", 3600)) // already the next day at the crossing point (pain K20)
	if len(c.Checks) != 0 {
		t.Error(c.Checks)
	}
}

// The other state sees totals: rounded, small ones left out, and never a cell that a single traveller changes
// by one.
func TestJointShowsTotalsOnly(t *testing.T) {
	c := NewCounts("2026-05-04")
	for i := range 103 {
		c.Add(decided(fmt.Sprint("a", i), "morine", "allow", 9), time.UTC)
	}
	for i := range 3 {
		c.Add(decided(fmt.Sprint("b", i), "morine", "refuse", 9, "al.exit.document-valid"), time.UTC)
	}
	j := c.Joint("m1")
	for _, cell := range append(append(j.Points, j.Hours...), j.Criteria...) {
		if cell.Count%5 != 0 || cell.Low == (cell.Count > 0) {
			t.Errorf("%+v", cell)
		}
		if cell.Decision == "refuse" && !cell.Low {
			t.Errorf("three people are shown: %+v", cell)
		}
	}
	if len(j.Points) != 2 || j.Points[0].Count != 105 || j.Travelled != 105 {
		t.Errorf("%+v", j)
	}
}

func TestFairness(t *testing.T) {
	c := NewCounts("2026-05-04")
	for i := range 200 {
		d := "allow"
		if i < 12 {
			d = "refuse"
		}
		c.Add(decided(fmt.Sprint("a", i), "big", d, 9, "r1", "asked-too"), time.UTC)
	}
	for i := range 8 {
		c.Add(decided(fmt.Sprint("b", i), "small", "refuse", 9, "r1"), time.UTC)
	}
	for _, r := range c.Fairness() {
		switch {
		case r.Point == "small" && (!r.Protected || r.Refused != 0):
			t.Errorf("eight people are shown: %+v", r)
		case r.Rule == "asked-too":
			t.Errorf("a refusal counts under a rule on which it does not rest: %+v", r)
		case r.Point == "big" && (r.Protected || r.Refused != 12 || r.Checked != 200):
			t.Errorf("%+v", r)
		}
	}
}

func TestExpiry(t *testing.T) {
	kept := []Kept{{"old", noon.Add(-49 * time.Hour), false}, {"found", noon.Add(-49 * time.Hour), true}, {"new", noon.Add(-time.Hour), false}}
	if got := Expired(kept, 48*time.Hour, noon); len(got) != 1 || got[0] != "old" {
		t.Error(got)
	}
}

func TestRegister(t *testing.T) { // law, section 6: 20 of 22 land points named; ports and airports incomplete
	r, err := LoadRegister(laws.Border, "al")
	if err != nil {
		t.Fatal(err)
	}
	cov, err := r.Covered([]string{"al-morine", "al-kakavije", "al-durres-port"})
	if err != nil || cov[0] != (Coverage{"land", 2, 20, false}) || cov[1] != (Coverage{"sea", 1, 1, false}) || cov[2] != (Coverage{"air", 0, 1, false}) {
		t.Errorf("%+v %v", cov, err)
	}
	if _, err := r.Covered([]string{"al-nowhere"}); err == nil {
		t.Error("an unknown point counted")
	}
}
