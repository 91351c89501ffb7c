package desk

import (
	"context"
	"errors"
	"time"

	"countersign/internal/act"

	"countersign/internal/casework"
	"countersign/internal/store"
)

// Rebuild derives all projections from the acts again and compares them with the live ones. What differs is
// returned, table by table; nothing is changed unless write is set.
func (d *Desk) Rebuild(ctx context.Context, write bool) ([]store.Difference, error) {
	var differences []store.Difference
	undo := errors.New("compared only")
	err := d.Store.Write(ctx, func(tx *store.Tx) error {
		live, err := store.Snapshot(tx)
		if err != nil {
			return err
		}
		if err := d.turn(tx, Session{}).rebuild(); err != nil {
			return err
		}
		again, err := store.Snapshot(tx)
		if err != nil {
			return err
		}
		differences = store.Compare(live, again)
		if !write {
			return undo
		}
		return nil
	})
	if errors.Is(err, undo) {
		err = nil
	}
	return differences, err
}

// rebuild clears the projections and settles every act again in this node's order.
func (t *turn) rebuild() error {
	swept, err := store.Swept(t.tx)
	if err != nil {
		return err
	}
	if err := t.tx.ClearProjections(); err != nil {
		return err
	}
	t.counted = nil
	now := t.tx.Now
	defer func() { t.tx.Now = now }()
	about := map[act.ID]struct{}{}
	own, err := t.tx.Log(t.stream)
	if err != nil {
		return err
	}
	err = store.EachAct(t.tx, func(row store.ActRow) error {
		if row.Refused != "" && row.Log != own.ID { // an own act stands until the peer's refusal comes by
			return nil
		}
		e, err := t.event(t.tx, row)
		if err != nil {
			return err
		}
		e.Recorded, t.tx.Now = row.Recorded, row.Recorded
		clear(t.touched)
		if err := t.settle(e); err != nil {
			return err
		}
		for id := range t.touched {
			about[id] = struct{}{}
		}
		return t.indexAfter(e)
	})
	if err != nil {
		return err
	}
	clear(t.touched)
	for id := range about {
		if err := t.reproject(id, swept[id]); err != nil {
			return err
		}
	}
	return nil
}

// indexAfter keeps the blind tokens that an act about a case brought, as it did when it was new.
func (t *turn) indexAfter(e act.Event) error {
	if e.Case == "" || !casework.IsJoint(e.Kind) && e.Scope == act.Joint {
		return nil
	}
	state := casework.Fold(t.folded[e.Case], e)
	t.folded[e.Case] = state
	if state.Case == "" {
		return nil
	}
	return t.indexPerson(state.Person, state.Particulars)
}

// reproject writes the projections of one thing as of the last time that anything moved it.
func (t *turn) reproject(id act.ID, swept time.Time) error {
	events, err := t.eventsAbout(t.tx, id)
	if err != nil {
		return err
	}
	var last time.Time
	for _, e := range events {
		for _, at := range []time.Time{e.Recorded, e.Receipt} {
			if at.After(last) {
				last = at
			}
		}
	}
	t.tx.Now, t.swept = last, swept.After(last)
	if t.swept { // time alone had moved it since
		t.tx.Now = swept
	}
	return t.project(id)
}
