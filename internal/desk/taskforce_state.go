package desk

import (
	"maps"
	"slices"
	"strings"
	"sync/atomic"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/store"
	"countersign/internal/taskforce"
)

// taskForce is the state of the joint task force as all acts together make it. Readers get the state of the last
// commit, which is never changed again. A turn works on a copy of its own; only a turn that succeeds hands it on.
//
// Acts of other domains are not folded: an act says itself at which position of the other stream its author was, and
// FoldAt is told its own.
type taskForce struct {
	durable atomic.Pointer[force]
	waiting *force // of the commit under way; only the writer touches it
}

// force is a folded state and the newest act in it, by which the writer knows whether it still stands.
type force struct {
	state taskforce.State
	last  act.ID
}

// forceKinds are the kinds of acts that the state is made of.
var forceKinds = slices.Sorted(func(yield func(act.Kind) bool) {
	for _, vocabulary := range []act.Vocabulary{joint.Vocabulary, domestic.Vocabulary} {
		for kind := range maps.Keys(vocabulary) {
			switch prefix, _, _ := strings.Cut(string(kind), "."); prefix {
			case "measure", "meeting", "minutes", "task", "commitment", "posting", "duty", "message", "crossing":
				if !yield(kind) {
					return
				}
			}
		}
	}
})

func isForce(kind act.Kind) bool {
	_, ok := slices.BinarySearch(forceKinds, kind)
	return ok
}

// readForce folds the state from the record. Acts of other domains are not opened; acts without effect are left out.
func (d *Desk) readForce(r reader) (*force, error) {
	f := &force{state: taskforce.New(d.Authority, d.Peer.Authority)}
	return f, store.EachActOf(r, slices.Compact(slices.Clone(forceKinds)), func(row store.ActRow) error {
		if row.Refused != "" {
			return nil
		}
		e, err := d.event(r, row)
		if err != nil {
			return err
		}
		f.fold(e)
		return nil
	})
}

func (f *force) fold(e act.Event) {
	if f.last = e.ID; e.Scope != act.Joint {
		f.state = taskforce.Fold(f.state, e)
		return
	}
	f.state = taskforce.FoldAt(f.state, e.Officer.Authority, e.Index, e)
}

// loadForce reads the state anew for readers.
func (d *Desk) loadForce() error {
	f, err := d.readForce(d.Store)
	if err == nil {
		d.force.durable.Store(f)
	}
	return err
}

// forceNow is the state inside the transaction.
func (t *turn) forceNow() (*force, error) {
	if t.force != nil {
		return t.force, nil
	}
	if f := t.Desk.force.waiting; f != nil {
		// It counts only if its commit went through or is this one: then its newest act is there.
		if _, ok, err := store.FindAct(t.tx, f.last); err != nil || ok {
			return f, err
		}
		t.Desk.force.waiting = nil
	}
	return t.Desk.force.durable.Load(), nil
}

// settleForce lets an act of the task force take effect.
func (t *turn) settleForce(e act.Event) error {
	if t.rebuilding {
		return nil // the state is read once at the end
	}
	if t.force == nil {
		f, err := t.forceNow()
		if err != nil {
			return err
		}
		t.force = &force{f.state.Clone(), f.last}
	}
	t.force.fold(e)
	return nil
}

// rereadForce replaces the state by what the record says, after an act of it was taken back.
func (t *turn) rereadForce() (err error) {
	if t.rebuilding {
		return nil
	}
	t.force, err = t.readForce(t.tx)
	return err
}

// closeForce hands the turn's state on: to the next turn at once, to readers once it is durable.
func (t *turn) closeForce() {
	f := t.force
	if f == nil {
		return
	}
	t.Desk.force.waiting = f
	t.tx.After(func() { t.Desk.force.durable.Store(f) })
}
