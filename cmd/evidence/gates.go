package main

import (
	"context"
	"fmt"
	"strings"

	"countersign/internal/casework/truth"
	"countersign/internal/treaty"
	"countersign/laws"
)

// gates shows that no step passes a closed gate: by the whole table of what can be true of a case, by faults planted
// in the gate code, by barriers that arrive while a step is under way, and by somebody who writes into the database.
func gates(r *Run) error {
	ctx := context.Background()
	for _, part := range []struct {
		name string
		run  func(context.Context) error
	}{{"table", r.truthTable}, {"time", r.gateTimes}, {"calendar", r.gateCalendar}, {"race", r.gateRace}, {"sql", r.gateSQL}, {"mutation", r.mutation}} {
		if !r.wants(part.name) {
			continue
		}
		r.Say("— %s", part.name)
		if err := part.run(ctx); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
	}
	r.Figure("%s", strings.Join(r.notes, "; "))
	return nil
}

// truthTable compares the gate function with the invariants written by hand, for each law.
func (r *Run) truthTable(context.Context) error {
	for _, id := range []string{"gb", "al"} {
		law, err := treaty.LoadLaw(laws.Files, id)
		if err != nil {
			return err
		}
		t := truth.Check(law, r.Quick)
		for _, w := range t.Wrong {
			r.Caught("%s: %s", id, w)
		}
		r.Say("law of %s: %d rows, %d cells, %d open, %d disagreements", id, t.Rows, t.Cells, t.Open, t.Disagreements)
		for _, rule := range truth.Rules(id, r.Quick) {
			r.Say("  %9d cells closed first by: %s", t.Used[rule], rule)
			if t.Used[rule] == 0 {
				r.Caught("%s: no cell shows the rule: %s", id, rule)
			}
		}
		r.note("truth table of %s: %d rows, %d cells, %d disagreements", id, t.Rows, t.Cells, t.Disagreements)
	}
	return nil
}
