package desk

import (
	"context"
	"fmt"
	"reflect"

	"countersign/internal/act"
	"countersign/internal/act/joint"
	"countersign/internal/store"
)

// Misremembered compares what the writer remembers of cases with what their acts say, and counts what it remembers.
func (d *Desk) Misremembered(ctx context.Context, cases ...act.ID) (wrong []string, remembered int, err error) {
	err = d.Store.Write(ctx, func(tx *store.Tx) error {
		for _, id := range cases {
			h, ok := tx.Recall(historyOf(id)).(*history)
			if !ok {
				continue
			}
			remembered++
			events, err := d.eventsAbout(tx, id)
			if err != nil {
				return err
			}
			if s := dossierOf(events); !reflect.DeepEqual(s, h.state) || h.acts != len(events) {
				wrong = append(wrong, fmt.Sprintf("case %s: %d acts remembered, %d recorded:\n%+v\n%+v", id, h.acts, len(events), h.state, s))
			}
		}
		return nil
	})
	return wrong, remembered, err
}

// KeepAndOpen keeps an act under a given name in a transaction that ends with then, and opens it inside.
func (d *Desk) KeepAndOpen(ctx context.Context, who Session, id act.ID, nonce string, then error) error {
	return d.perform(ctx, who, func(t *turn) error {
		s := act.Statement{Scope: act.Joint, Kind: joint.LinkTested, Body: &joint.LinkTest{Nonce: nonce}}
		e, err := t.envelope(s, who.Officer, t.Entropy.Joint)
		if err != nil {
			return err
		}
		e.ID = id
		body, err := joint.Vocabulary.Encode(s.Kind, s.Body)
		if err != nil {
			return err
		}
		signed, err := act.Sign(e, body, who.key, t.Entropy.Joint)
		if err != nil {
			return err
		}
		event := eventOf(e, s.Body)
		event.Recorded = t.tx.Now
		if err := t.keep(t.stream, signed, &event, ""); err != nil {
			return err
		}
		if _, err := d.OpenNamed(t.tx, id); err != nil {
			return err
		}
		return then
	})
}

// OpenNamed opens one act by its name.
func (d *Desk) OpenNamed(r reader, id act.ID) (act.Event, error) {
	row, ok, err := store.FindAct(r, id)
	if err != nil || !ok {
		return act.Event{}, fmt.Errorf("act %s: %v", id, err)
	}
	return d.event(r, row)
}
