package desk

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/casework"
	"countersign/internal/fault"
	"countersign/internal/store"
)

// answersKept is how long a request may be repeated.
const answersKept = 7 * 24 * time.Hour

// Once makes a write safe to repeat: the same key and the same request have the first answer, byte for byte, and
// no second effect. The answer is kept in the transaction of the acts, so that no crash can part them. A
// request that was refused has changed nothing and may be sent again under its key.
type Once struct {
	Key    string
	Digest []byte // of all that was asked
	Seen   int64  // acts of the case that the caller had seen; not looked at when a case is opened
	Answer func(Done) (status int, body []byte, err error)
}

// Done is what a write did.
type Done struct {
	Case    act.ID
	Acts    []act.Event
	Version int64 // acts of the case now
}

// Change is an act that the caller had not seen.
type Change struct {
	Act     act.ID
	Kind    act.Kind
	Officer string // name on the roster
	Role    string
	At      time.Time
}

// Stale is the error of a write by somebody who has not seen the newest acts of the case: it names who changed
// what, so that nothing is overwritten and nobody has to guess.
type Stale struct {
	Seen, Now int64
	Changes   []Change
	fault     *fault.Error
}

func (s *Stale) Error() string { return s.fault.Error() }
func (s *Stale) Unwrap() error { return s.fault }

// CaseOnce is Case with a key; repeated tells that the answer is the first one, given again.
func (d *Desk) CaseOnce(ctx context.Context, who Session, id act.ID, c casework.Command, o Once) (a store.AnswerRow, repeated bool, err error) {
	return d.once(ctx, who, o, func(t *turn) (Done, error) {
		if err := t.fresh(id, o.Seen); err != nil {
			return Done{}, err
		}
		events, err := t.carryOut(id, c)
		return Done{Case: id, Acts: events, Version: o.Seen + int64(len(events))}, err
	})
}

// OpenCaseOnce is OpenCase with a key.
func (d *Desk) OpenCaseOnce(ctx context.Context, who Session, opening domestic.CaseOpening, o Once) (a store.AnswerRow, repeated bool, err error) {
	return d.once(ctx, who, o, func(t *turn) (Done, error) {
		id, events, err := t.openCase(casework.OpenCase{CaseOpening: opening})
		return Done{Case: id, Acts: events, Version: int64(len(events))}, err
	})
}

func (d *Desk) once(ctx context.Context, who Session, o Once, do func(*turn) (Done, error)) (a store.AnswerRow, repeated bool, err error) {
	err = d.perform(ctx, who, func(t *turn) error {
		kept, ok, err := store.FindAnswer(t.tx, who.Officer.ID, o.Key)
		if err != nil {
			return err
		}
		if ok && !bytes.Equal(kept.Digest, o.Digest) {
			return fault.New(fault.Conflict, "fault.api.key-reused")
		}
		if repeated = ok; ok {
			a = kept
			return nil
		}
		done, err := do(t)
		if err != nil {
			return err
		}
		status, body, err := o.Answer(done)
		if err != nil {
			return err
		}
		a = store.AnswerRow{Officer: who.Officer.ID, Key: o.Key, Digest: o.Digest, Status: int64(status), Body: body, At: t.tx.Now}
		if err := t.tx.DropAnswers(t.tx.Now.Add(-answersKept)); err != nil {
			return err
		}
		return t.tx.PutAnswer(a)
	})
	return a, repeated, err
}

// fresh refuses a write whose author has not seen the newest acts of the case.
func (t *turn) fresh(id act.ID, seen int64) error {
	h, err := t.history(id)
	if err != nil {
		return err
	}
	now := int64(h.acts)
	if now == 0 {
		return fault.New(fault.Missing, "fault.case.missing")
	}
	if seen == now {
		return nil
	}
	events, err := t.eventsAbout(t.tx, id)
	if err != nil {
		return err
	}
	names, err := t.names()
	if err != nil {
		return err
	}
	stale := &Stale{Seen: seen, Now: now}
	var who []string
	natureless := t.allow("view-barriers", t.caseResource(t.tx, h.state.State, t.who)) != nil
	for _, e := range events[min(max(seen, 0), now):] {
		c := Change{Act: e.ID, Kind: e.Kind, Officer: names[e.Officer.ID], Role: e.Officer.Role, At: e.Recorded}
		if natureless && slices.Contains(natures, e.Kind) { // that it is held up may be known, not by what or whom
			c = Change{Kind: HeldGate, At: e.Recorded}
		}
		stale.Changes = append(stale.Changes, c)
		who = append(who, strings.TrimPrefix(fmt.Sprintf("%s: %s", c.Officer, c.Kind), ": "))
	}
	stale.fault = fault.New(fault.Conflict, "fault.api.stale", "seen", fmt.Sprint(seen), "now", fmt.Sprint(now), "changes", strings.Join(who, "; "))
	return stale
}
