package desk

import (
	"context"

	"countersign/internal/act"
	"countersign/internal/casework"
	"countersign/internal/store"

	"github.com/go-json-experiment/json"
)

// Sweep brings the work list up to date with time alone: a reply that has become deemed consent, a certificate that
// has ended, a notice period that is over, a review that is due today. It says nothing and signs nothing; what follows
// from time is derived, and an officer acts on it (design.md 5.2). It returns how many cases changed.
func (d *Desk) Sweep(ctx context.Context) (int, error) {
	moved, err := d.movedCases(ctx)
	if err != nil || len(moved) == 0 {
		return 0, err
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

// sweepPage is how many lines of the work list are read at once.
const sweepPage = 500

// movedCases lists every open case whose line would read otherwise now.
func (d *Desk) movedCases(ctx context.Context) (moved []act.ID, err error) {
	for offset := 0; ; offset += sweepPage {
		rows, _, err := store.Cases(d.Store, store.CaseFilter{Open: true, Sort: "-opened", Limit: sweepPage, Offset: offset})
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			if changed, err := d.moved(row); err != nil {
				return nil, err
			} else if changed {
				moved = append(moved, row.ID)
			}
		}
		if len(rows) < sweepPage {
			return moved, nil
		}
	}
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
	return row.Next != next.Key || row.Owes != next.Owner || row.Args != string(args) || row.Blocked != (len(next.Gates) > 0) ||
		!row.Due.Truncate(1e6).Equal(next.Due.Truncate(1e6)), err
}
