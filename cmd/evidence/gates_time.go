package main

import (
	"context"
	"fmt"
	"time"

	"countersign/internal/casework"
	"countersign/internal/casework/truth"
	"countersign/internal/treaty"
	"countersign/laws"
)

// The times that are promised: all gates of a step, and a case of 500 acts read from its acts.
const (
	gateLimit = 20 * time.Microsecond
	foldLimit = 2 * time.Millisecond
	longCase  = 500
)

// gateTimes measures on a case of 500 acts whose departure is due. The best of several rounds counts: what the
// machine does beside it is not the product's time.
func (r *Run) gateTimes(context.Context) error {
	law, err := treaty.LoadLaw(laws.Files, "gb")
	if err != nil {
		return err
	}
	events, env := truth.Busy(law, longCase)
	s := casework.FoldAll(events)
	if s.Acts != longCase {
		return fmt.Errorf("the case has %d acts, not %d", s.Acts, longCase)
	}
	gates := casework.Evaluate(s, env, casework.StepDepart)
	for _, g := range gates {
		if !g.Passes() {
			return fmt.Errorf("the case is not in order: %s is %s (%s)", g.ID, g.Status, g.MessageKey)
		}
	}
	each := best(100, 200, func() { casework.Evaluate(s, env, casework.StepDepart) })
	r.Say("gates: all %d gates before the departure %v (limit %v)", len(gates), each, gateLimit)
	fold := best(100, 5, func() { casework.FoldAll(events) })
	r.Say("fold: a case of %d acts %v (limit %v)", longCase, fold, foldLimit)
	if each > gateLimit {
		r.Caught("the gates of a step take %v, more than %v", each, gateLimit)
	}
	if fold > foldLimit {
		r.Caught("a fold of %d acts takes %v, more than %v", longCase, fold, foldLimit)
	}
	r.note("all %d gates of a step in %v, fold of %d acts in %v", len(gates), each, longCase, fold)
	return nil
}

// best is the shortest mean time of one call over the rounds.
func best(rounds, calls int, fn func()) time.Duration {
	shortest := time.Duration(1<<63 - 1)
	for range rounds {
		began := time.Now()
		for range calls {
			fn()
		}
		shortest = min(shortest, time.Since(began)/time.Duration(calls))
	}
	return shortest
}
