package desk

import (
	"context"

	"countersign/internal/access"
	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/fault"
	"countersign/internal/statistics"
	"countersign/internal/store"
)

// CountReturns enters returns, corrections and retractions into the count, all or none: single ones, or an
// ordered batch of history from before the link (design.md 5.10: history is imported as history, not as
// exchange). Each item is a *domestic.ReturnRecord, ReturnCorrection or ReturnRetraction.
func (d *Desk) CountReturns(ctx context.Context, who Session, items ...any) error {
	return d.perform(ctx, who, func(t *turn) error {
		if err := t.allow("record-return", access.Resource{Type: "return", Domestic: true}); err != nil {
			return err
		}
		for _, item := range items {
			s, err := countStatement(item)
			if err != nil {
				return err
			}
			if _, err := t.say(s); err != nil {
				return err
			}
		}
		return nil
	})
}

func countStatement(item any) (act.Statement, error) {
	s := act.Statement{Scope: act.Domestic, Body: item}
	switch item.(type) {
	case *domestic.ReturnRecord:
		s.Kind = domestic.ReturnRecorded
	case *domestic.ReturnCorrection:
		s.Kind = domestic.ReturnCorrected
	case *domestic.ReturnRetraction:
		s.Kind = domestic.ReturnRetracted
	default:
		return s, fault.New(fault.Invalid, "fault.statistics.nothing")
	}
	return s, nil
}

func isReturn(kind act.Kind) bool {
	return kind == domestic.ReturnRecorded || kind == domestic.ReturnCorrected || kind == domestic.ReturnRetracted
}

// settleReturn lets an act count. What the ledger refuses is not recorded at all.
func (t *turn) settleReturn(e act.Event) error {
	ledger, err := t.counting()
	if err != nil {
		return err
	}
	if err := ledger.Apply(e); err != nil {
		return err
	}
	body, err := domestic.Vocabulary.Encode(e.Kind, e.Body)
	if err != nil {
		return err
	}
	return t.tx.PutReturn(store.ReturnRow{Act: e.ID, Kind: e.Kind, Recorded: e.Recorded, Body: string(body)})
}

// counting is the ledger to which the turn adds. It is kept from turn to turn, because the writer is the only
// one that adds; a turn that fails throws it away.
func (t *turn) counting() (*statistics.Ledger, error) {
	if t.ledger != nil {
		return t.ledger, nil
	}
	t.ledger, t.counted = t.counted, nil
	if t.ledger == nil {
		var err error
		if t.ledger, err = t.readLedger(t.tx); err != nil {
			return nil, err
		}
	}
	t.tx.After(func() { t.counted = t.ledger })
	return t.ledger, nil
}

// Ledger is every return with all that was ever recorded of it, as the acts say.
func (d *Desk) Ledger(context.Context) (*statistics.Ledger, error) { return d.readLedger(d.Store) }

func (d *Desk) readLedger(q store.Querier) (*statistics.Ledger, error) {
	l := statistics.NewLedger()
	return l, store.Returns(q, 0, func(r store.ReturnRow) error {
		body, err := domestic.Vocabulary.Decode(r.Kind, []byte(r.Body))
		if err != nil {
			return err
		}
		return l.Apply(act.Event{ID: r.Act, Scope: act.Domestic, Kind: r.Kind, Recorded: r.Recorded, Body: body})
	})
}
