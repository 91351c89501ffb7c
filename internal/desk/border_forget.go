package desk

import (
	"context"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/border/measure"
	"countersign/internal/store"
)

// forgetAtOnce bounds one sweep's transaction.
const forgetAtOnce = 5000

// Forget destroys the keys of travellers with whom nothing was found, once their time is over. What was counted
// stays; who it was cannot be read by anybody any more. It returns how many were forgotten.
func (b *Border) Forget(ctx context.Context) (int, error) {
	total := 0
	for {
		n, err := b.forgetSome(ctx)
		total += n
		if err != nil || n < forgetAtOnce {
			return total, err
		}
	}
}

func (b *Border) forgetSome(ctx context.Context) (int, error) {
	var forgotten []act.ID
	err := b.perform(ctx, Session{Officer: b.node(), key: b.Keys.Node}, func(t *turn) error {
		before := t.tx.Now.Add(-b.Retention)
		rows, err := store.Travellers(t.tx, before, forgetAtOnce)
		if err != nil {
			return err
		}
		kept := make([]measure.Kept, 0, len(rows))
		for _, r := range rows {
			kept = append(kept, measure.Kept{Check: r.Check, At: r.At, Finding: r.Finding})
		}
		if forgotten = measure.Expired(kept, b.Retention, t.tx.Now); len(forgotten) == 0 {
			return nil
		}
		for _, check := range forgotten {
			if err := t.tx.DestroyKey(check); err != nil {
				return err
			}
			if err := t.tx.DropTraveller(check); err != nil {
				return err
			}
		}
		_, err = t.say(act.Statement{Scope: act.Domestic, Kind: domestic.BorderForgotten,
			Body: &domestic.BorderForgetting{Travellers: len(forgotten), Before: before}})
		return err
	})
	if err != nil {
		return 0, err
	}
	b.forgotten(forgotten...)
	return len(forgotten), nil
}

// RunForgetting sweeps from time to time until ctx ends.
func (b *Border) RunForgetting(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if _, err := b.Forget(ctx); err != nil && ctx.Err() == nil {
			b.alarm("travellers could not be forgotten", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
