package desk

import (
	"context"
	"slices"
	"time"

	"countersign/internal/act"
	"countersign/internal/casework"
	"countersign/internal/store"

	"github.com/go-json-experiment/json"
)

// Sweep brings the work list up to date with time alone: a reply that has become deemed consent, a certificate that
// has ended, a notice period that is over, a review that is due today. It says nothing and signs nothing; what follows
// from time is derived, and an officer acts on it (design.md 5.2). It returns how many cases changed.
//
// Cases whose date has come since the last sweep are looked at every time, and of all the others a stretch in turn,
// so that each is looked at again and again however many there are.
func (d *Desk) Sweep(ctx context.Context) (int, error) {
	rows, err := d.toSweep()
	if err != nil {
		return 0, err
	}
	var moved []act.ID
	for _, row := range rows {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		if changed, err := d.moved(row); err != nil {
			return 0, err
		} else if changed {
			moved = append(moved, row.ID)
		}
	}
	if len(moved) == 0 {
		return 0, nil
	}
	return len(moved), d.Store.Write(ctx, func(tx *store.Tx) error {
		t := d.turn(tx, Session{})
		t.swept = true
		for _, id := range moved {
			if err := t.project(id); err != nil {
				return err
			}
		}
		return nil
	})
}

// sweepStretch is how many open cases one sweep looks at beside those whose date has come.
const sweepStretch = 1000

// sweeping is where the sweep is. Only the sweep touches it.
type sweeping struct {
	after act.ID    // the last case of the stretch before
	until time.Time // dates up to here have been looked at
}

func (d *Desk) toSweep() ([]store.CaseRow, error) {
	now := d.Clock()
	stretch, _, err := store.Cases(d.Store, store.CaseFilter{Open: true, Sort: "id", After: d.swept.after, Limit: sweepStretch})
	if err != nil {
		return nil, err
	}
	due, _, err := store.Cases(d.Store, store.CaseFilter{Open: true, DueFrom: d.swept.until, DueBefore: now, Limit: 10 * sweepStretch})
	if err != nil {
		return nil, err
	}
	d.swept = sweeping{until: now}
	if len(stretch) == sweepStretch {
		d.swept.after = stretch[len(stretch)-1].ID
	}
	for _, c := range due {
		if !slices.ContainsFunc(stretch, func(s store.CaseRow) bool { return s.ID == c.ID }) {
			stretch = append(stretch, c)
		}
	}
	return stretch, nil
}

// moved tells whether the case's line would read otherwise now. It is asked outside the writer's transaction.
func (d *Desk) moved(row store.CaseRow) (bool, error) {
	s, err := d.caseState(d.Store, row.ID)
	if err != nil || s.Case == "" {
		return false, err
	}
	env, err := d.env(d.Store, s)
	if err != nil {
		return false, err
	}
	next := casework.NextStep(s, env)
	args, err := json.Marshal(next.Args, json.Deterministic(true))
	return row.Next != next.Key || row.Owes != next.Owner || row.Args != string(args) || row.Blocked != (len(next.Gates) > 0) || row.Held != held(s, env.Now) ||
		!row.Due.Truncate(1e6).Equal(next.Due.Truncate(1e6)), err
}
