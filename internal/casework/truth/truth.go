package truth

import (
	"fmt"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/casework"
	"countersign/internal/treaty"
)

// Report is the table's size and every cell in which the gates and the invariants disagree.
type Report struct {
	Rows, Cells, Open int
	Wrong             []string // at most 20 are kept
	Disagreements     int
	Used              map[string]int // cells that each invariant closed
}

// Check compares the gate function with the invariants over the table of a state's law: all combinations of the facts about person, papers and procedure without a barrier, and all sets of barriers with
// everything else in order. Quick leaves out values that take the same path, and sets of more than two barriers.
func Check(law *treaty.Law, quick bool) Report {
	r := Report{Used: map[string]int{}}
	dims := dimensions(law)
	var walk func(int, Facts, casework.State)
	walk = func(i int, f Facts, s casework.State) {
		if i == len(dims) {
			r.row(law, f, s)
			return
		}
		n := dims[i].values
		if quick && dims[i].quick > 0 {
			n = dims[i].quick
		}
		for v := range n {
			g := f
			dims[i].set(&g, v)
			walk(i+1, g, foldAll(s, dims[i].acts, &g))
		}
	}
	walk(0, Facts{Law: law.ID}, casework.State{})
	r.barriers(law, dims, quick)
	return r
}

func foldAll(s casework.State, acts func(*Facts) []act.Event, f *Facts) casework.State {
	if acts == nil {
		return s
	}
	for _, e := range acts(f) {
		s = casework.Fold(s, e)
	}
	return s
}

// barriers enumerates the sets of barriers over a case in which all else is in order.
func (r *Report) barriers(law *treaty.Law, dims []dimension, quick bool) {
	f := Facts{Law: law.ID}
	var s casework.State
	for i := range dims[:len(dims)-1] {
		dims[i].set(&f, 0)
		s = foldAll(s, dims[i].acts, &f)
	}
	f.Restored, f.Willing = false, true
	for set := uint32(0); set < 1<<len(Barriers); set++ {
		if quick && bits(set) > 2 || set&absent[law.ID] != 0 {
			continue
		}
		f.Barriers = set
		b := s
		for i, gate := range Barriers {
			if set>>i&1 == 1 {
				e := event(domestic.BarrierSet, &domestic.Barrier{Gate: gate, Since: now.Add(-time.Minute), Evidence: "x", Reference: gate}, now.Add(-time.Minute))
				e.ID = act.ID("barrier-" + gate)
				b = casework.Fold(b, e)
			}
		}
		f.Override = false
		r.row(law, f, b)
		if set>>judicialReview&1 == 1 {
			f.Override = true
			r.row(law, f, override(b))
		}
	}
}

// override is two officers' word on the judicial review, for the departure.
func override(s casework.State) casework.State {
	e := event(domestic.OverrideProposed, &domestic.Override{Gate: "judicial-review", Step: "depart", Reason: "court-agrees", Until: now.Add(3 * time.Hour)}, now.Add(-time.Minute))
	s = casework.Fold(s, e)
	return casework.Fold(s, event(domestic.OverrideConfirmed, &domestic.OverrideStep{Override: e.ID}, now.Add(-time.Second)))
}

func bits(n uint32) (count int) {
	for ; n > 0; n &= n - 1 {
		count++
	}
	return count
}

// row asks the gates about one row at every step.
func (r *Report) row(law *treaty.Law, f Facts, s casework.State) {
	env := casework.Env{Now: now, By: officer, Own: "gb", Law: law, Agreement: limits{f.InForce}, Removal: limits{true}, Family: relatives(&f, s)}
	if f.Restored {
		env.RestoredAt = now.Add(-10 * time.Minute)
	}
	r.Rows++
	for _, step := range casework.Steps {
		r.Cells++
		open := true
		var shut string
		for _, g := range casework.Evaluate(s, env, step) {
			if !g.Passes() {
				open, shut = false, g.ID
			}
		}
		why := Forbidden(&f, step)
		if why != "" {
			r.Used[why]++
		}
		if open {
			r.Open++
		}
		if open != (why == "") {
			r.Disagreements++
			if len(r.Wrong) < 20 {
				r.Wrong = append(r.Wrong, fmt.Sprintf("%s: gates say open=%v (%s), the law says %q: %+v", step, open, shut, why, f))
			}
		}
	}
}

// relatives is the case of the other member of the family: the same in everything, or on another day, or held.
func relatives(f *Facts, s casework.State) []casework.State {
	other := s
	other.Case, other.Family = "other", nil
	switch f.Family {
	case "none":
		return nil
	case "held":
		other = casework.Fold(other, withCase(event(domestic.BarrierSet, &domestic.Barrier{Gate: "court-order", Since: now.Add(-time.Minute), Evidence: "x"}, now.Add(-time.Minute))))
	case "apart", "apart-allowed":
		next := departs.AddDate(0, 0, 1)
		other = casework.Fold(other, withCase(event(domestic.SeatHeld, &domestic.Booking{Carrier: "XX", Number: "1", To: "TIA", Country: "ALB", Departs: next}, days(20))))
	}
	return []casework.State{other}
}

func withCase(e act.Event) act.Event {
	e.Case = "other"
	return e
}

// limits are the two limits that the gates ask for: five working days of notice, taken at its longest.
type limits struct{ inForce bool }

func (l limits) InForce(time.Time) bool { return l.inForce }

func (limits) Term(rule string, start time.Time, _ casework.TermFacts) (casework.Term, error) {
	return casework.Term{Due: start.AddDate(0, 0, 8)}, nil
}
