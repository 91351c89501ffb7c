package desk

import (
	"context"
	"fmt"
	"reflect"
	"time"

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

// DashboardOfActs is what Dashboard must be: every case folded from its acts.
func (d *Desk) DashboardOfActs(ctx context.Context, who Session, span time.Duration) (*Dashboard, error) {
	kept := &register{}
	rows, _, err := store.Cases(d.Store, store.CaseFilter{Limit: 100000})
	if err != nil {
		return nil, err
	}
	kept.cases = map[act.ID]*entry{}
	for _, r := range rows {
		e := &entry{id: r.ID, open: r.Outcome == "", owes: r.Owes, due: r.Due, updated: r.Updated}
		if err := d.measureFromActs(d.Store, e); err != nil {
			return nil, err
		}
		kept.cases[r.ID] = e
	}
	kept.turn = 1 << 60 // nothing is read
	other := &Desk{Config: d.Config}
	other.force.durable.Store(d.force.durable.Load())
	other.register.cases, other.register.turn = kept.cases, kept.turn
	return other.Dashboard(ctx, who, span)
}

// Overlook has the register miss what was written up to now and after it.
func (d *Desk) Overlook() { d.register.turn = 1 << 60 }

// Measure seals other figures of a case, as no act has them.
func (d *Desk) Measure(ctx context.Context, id, person act.ID) error {
	return d.Store.Write(ctx, func(tx *store.Tx) error {
		sealed, err := d.Vault.Seal(tx, string(person), caseMeasured(id), []byte(`{"case":true}`))
		if err != nil {
			return err
		}
		_, err = tx.Exec(`UPDATE cases SET measured_sealed = $1 WHERE id = $2`, sealed, string(id))
		return err
	})
}

// FamilyFirst is what lists are sorted by.
func FamilyFirst(name string) string { return familyFirst(name) }
