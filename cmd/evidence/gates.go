package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"

	"countersign/internal/casework/truth"
	"countersign/internal/store/storetest"
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
	}{{"table", r.truthTable}, {"time", r.gateTimes}, {"calendar", r.gateCalendar}, {"race", r.onEach(r.gateRace)}, {"sql", r.onEach(r.gateSQL)}, {"mutation", r.mutation}} {
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

// onEach runs a part on SQLite and, where a server is given, on PostgreSQL too.
func (r *Run) onEach(part func(context.Context, engine) error) func(context.Context) error {
	return func(ctx context.Context) error {
		if err := part(ctx, engine{"SQLite", ""}); err != nil {
			return err
		}
		server := os.Getenv(storetest.Env)
		if server == "" {
			r.Say("  not on PostgreSQL: %s names no server (tools/with-postgres starts one)", storetest.Env)
			return nil
		}
		return part(ctx, engine{"PostgreSQL", server})
	}
}

// engine is the database under a world; the server's address is empty for SQLite.
type engine struct{ name, server string }

// truthTable compares the gate function with the invariants written by hand, for each law.
func (r *Run) truthTable(context.Context) error {
	ids := []string{"gb", "al"}
	tables := make([]truth.Report, len(ids))
	var group sync.WaitGroup
	for i, id := range ids {
		law, err := treaty.LoadLaw(laws.Files, id)
		if err != nil {
			return err
		}
		group.Go(func() { tables[i] = truth.Check(law, r.Quick) })
	}
	group.Wait()
	for i, id := range ids {
		t := &tables[i]
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
