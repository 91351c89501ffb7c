package desk

import (
	"context"
	"errors"
	"slices"
	"time"

	"countersign/internal/act"

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

// rebuild clears the projections and settles every act again in this node's order. What is about the same thing is
// projected after each moment at which something was recorded, because projections remember, for example since when a
// case has been blocked.
func (t *turn) rebuild() error {
	swept, err := store.Swept(t.tx)
	if err != nil {
		return err
	}
	if err := t.tx.ClearProjections(); err != nil {
		return err
	}
	t.counted = nil
	t.rebuilding = true
	now := t.tx.Now
	t.replayed = map[act.ID][]act.Event{}
	defer func() { t.tx.Now, t.replayed = now, nil }()
	own, err := t.tx.Log(t.stream)
	if err != nil {
		return err
	}
	about, moment := map[act.ID]struct{}{}, map[act.ID]struct{}{}
	err = store.EachAct(t.tx, func(row store.ActRow) error {
		if !row.Recorded.Equal(t.tx.Now) {
			if err := t.projectAll(moment); err != nil {
				return err
			}
			clear(moment)
			t.tx.Now = row.Recorded
		}
		if row.Refused != "" && row.Log != own.ID { // an own act stands until the peer's refusal comes by
			return nil
		}
		e, err := t.event(t.tx, row)
		if err != nil {
			return err
		}
		if e.Case != "" {
			t.replayed[e.Case] = append(t.replayed[e.Case], e)
		}
		clear(t.touched)
		if err := t.settle(e); err != nil {
			return err
		}
		for id := range t.touched {
			about[id], moment[id] = struct{}{}, struct{}{}
		}
		return nil
	})
	if err == nil {
		err = t.projectAll(moment)
	}
	if err != nil {
		return err
	}
	clear(t.touched)
	t.replayed = nil
	for id := range about {
		if err := t.reproject(id, swept[id]); err != nil {
			return err
		}
	}
	t.rebuilding = false
	if err := t.rereadForce(); err != nil {
		return err
	}
	t.closeForce()
	return nil
}

func (t *turn) projectAll(ids map[act.ID]struct{}) error {
	for id := range ids {
		if err := t.project(id); err != nil {
			return err
		}
	}
	return nil
}

// eventsUntilNow are the events about one thing as they stood at the moment that is being replayed.
func (t *turn) eventsUntilNow(id act.ID) []act.Event {
	events := slices.Clone(t.replayed[id])
	for i, e := range events {
		if e.Receipt.After(t.tx.Now) {
			events[i].Receipt = time.Time{}
		}
	}
	return events
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
