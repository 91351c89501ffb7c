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
		t := d.turn(tx, Session{})
		live, err := t.snapshot()
		if err != nil {
			return err
		}
		if err := t.rebuild(); err != nil {
			return err
		}
		again, err := t.snapshot()
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

// snapshot is every projection as text; of what is sealed, what it holds.
func (t *turn) snapshot() (map[string][]string, error) {
	all, err := store.Snapshot(t.tx)
	if err != nil {
		return nil, err
	}
	all["cases.measured"], err = t.measuredRows()
	return all, err
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
	t.replayed = map[act.ID]*replay{}
	defer func() { t.tx.Now, t.replayed = now, nil }()
	own, err := t.tx.Log(t.stream)
	if err != nil {
		return err
	}
	about, moment := map[act.ID]time.Time{}, map[act.ID]struct{}{}
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
			t.replayed[e.Case] = t.replayed[e.Case].with(e, t.Authority)
		}
		clear(t.touched)
		if err := t.settle(e); err != nil {
			return err
		}
		for id := range t.touched {
			about[id], moment[id] = t.tx.Now, struct{}{}
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
	for id, moved := range about {
		if err := t.reproject(id, moved, swept[id]); err != nil {
			return err
		}
	}
	t.rebuilding = false
	t.tx.ForgetAll() // acts may have been refused or been given other receipts
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

// replay is a thing in a rebuild: each act is folded once, and those that waited for a receipt again when it comes.
type replay struct {
	all     []act.Event
	ahead   int64       // what the authors of the own joint acts had seen of the peer's stream
	settled dossier     // folded from acts whose receipts, if they have any, had come
	waiting []act.Event // the acts after those, with the receipts that they have at the end
	seen    int         // of the waiting ones, folded into state
	state   dossier
	next    time.Time // when the next receipt of those comes; zero: never
}

func (r *replay) with(e act.Event, own string) *replay {
	if r == nil {
		r = &replay{}
	}
	r.all, r.waiting = append(r.all, e), append(r.waiting, e)
	if ours(e, own) {
		r.ahead = max(r.ahead, e.Seen)
	}
	if theirs(e, own) && e.Index < r.ahead { // it came again after a restore: from the beginning, in causal order
		*r = replay{all: r.all, ahead: r.ahead, waiting: slices.Clone(causal(r.all, own))}
	}
	return r
}

// at folds what was known at a moment, which is never before the last one.
func (r *replay) at(now time.Time) dossier {
	if r == nil {
		return dossier{}
	}
	if !r.next.IsZero() && !r.next.After(now) {
		r.seen, r.state, r.next = 0, r.settled, time.Time{}
	}
	for ; r.seen < len(r.waiting); r.seen++ {
		e := r.waiting[r.seen]
		if e.Receipt.After(now) {
			if r.next.IsZero() || e.Receipt.Before(r.next) {
				r.next = e.Receipt
			}
			e.Receipt = time.Time{}
		}
		r.state = r.state.and(e)
		if r.seen == 0 && !waits(e) {
			r.settled, r.waiting, r.seen = r.state, r.waiting[1:], -1
		}
	}
	return r.state
}

// reproject writes the projections of one thing as of the last time that anything moved it: an act about it, a receipt,
// or the peer's refusal of such an act, which is about nothing itself.
func (t *turn) reproject(id act.ID, last, swept time.Time) error {
	events, err := t.eventsAbout(t.tx, id)
	if err != nil {
		return err
	}
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
	return t.projectCase(id, dossierOf(events))
}
