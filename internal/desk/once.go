package desk

import (
	"bytes"
	"context"
	"errors"
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
		a, repeated, err = t.answerOnce(o, func() (Done, error) { return do(t) })
		return err
	})
	return a, repeated, err
}

// answerOnce gives the first answer again, or does what is asked and keeps its answer.
func (t *turn) answerOnce(o Once, do func() (Done, error)) (a store.AnswerRow, repeated bool, err error) {
	kept, ok, err := store.FindAnswer(t.tx, t.who.Officer.ID, o.Key)
	if err != nil {
		return a, false, err
	}
	if ok && !bytes.Equal(kept.Digest, o.Digest) {
		return a, false, fault.New(fault.Conflict, "fault.api.key-reused")
	}
	if ok {
		return kept, true, nil
	}
	done, err := do()
	if err != nil {
		return a, false, err
	}
	status, body, err := o.Answer(done)
	if err != nil {
		return a, false, err
	}
	a = store.AnswerRow{Officer: t.who.Officer.ID, Key: o.Key, Digest: o.Digest, Status: int64(status), Body: body, At: t.tx.Now}
	if err := t.tx.DropAnswers(t.tx.Now.Add(-answersKept)); err != nil {
		return a, false, err
	}
	return a, false, t.tx.PutAnswer(a)
}

// underKey is an official act that is done under a key, whichever function of the desk does it.
type underKey struct {
	Once
	answer   store.AnswerRow
	repeated bool
	used     bool
}

type keyOfOnce struct{}

// forgetKey is a context for what is recorded on the way to the act itself, for example the look at a file.
func forgetKey(ctx context.Context) context.Context {
	return context.WithValue(ctx, keyOfOnce{}, (*underKey)(nil))
}

// UnderKey does one official act under a key: do calls one function of the desk with the context. A repeated request
// has the first answer and does nothing.
func (d *Desk) UnderKey(ctx context.Context, o Once, do func(context.Context) error) (a store.AnswerRow, repeated bool, err error) {
	k := &underKey{Once: o}
	if err := do(context.WithValue(ctx, keyOfOnce{}, k)); err != nil && !k.repeated {
		return a, false, err
	}
	if !k.used {
		return a, false, errors.New("the request made no act under its key")
	}
	return k.answer, k.repeated, nil
}

// errRepeated ends a function of the desk whose act was done before under the same key.
var errRepeated = errors.New("done before under this key")

// first runs the turn's act, once if it has a key. A function that makes a second turn under the same key is a mistake
// of its caller: the key would part the two.
func (t *turn) first(ctx context.Context, fn func(*turn) error) error {
	k, _ := ctx.Value(keyOfOnce{}).(*underKey)
	if k == nil {
		return fn(t)
	}
	if k.used {
		return errors.New("two acts under one key")
	}
	a, repeated, err := t.answerOnce(k.Once, func() (Done, error) {
		err := fn(t)
		return Done{Case: t.about, Acts: t.said}, err
	})
	if err != nil {
		return err
	}
	k.answer, k.repeated, k.used = a, repeated, true
	if repeated {
		return errRepeated
	}
	return nil
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
