package desk

import (
	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/store"
	"countersign/internal/vault"
)

// reader is what opening acts needs: rows and wrapped keys.
type reader interface {
	store.Querier
	vault.Keys
}

// signedAct opens the kept bytes of an act.
func (d *Desk) signedAct(r reader, row store.ActRow) (*act.Signed, error) {
	plain, err := d.Vault.Open(r, string(row.Subject), place(row.ID), row.Sealed)
	if err != nil {
		return nil, err
	}
	return act.Parse(plain)
}

// event opens one kept act.
func (d *Desk) event(r reader, row store.ActRow) (act.Event, error) {
	signed, err := d.signedAct(r, row)
	if err != nil {
		return act.Event{}, err
	}
	envelope, raw, err := signed.Open()
	if err != nil {
		return act.Event{}, err
	}
	vocabulary := joint.Vocabulary
	if envelope.Scope == act.Domestic {
		vocabulary = domestic.Vocabulary
	}
	body, err := vocabulary.Decode(envelope.Kind, raw)
	if err != nil {
		return act.Event{}, err
	}
	e := eventOf(envelope, body)
	e.Recorded, e.Receipt, e.Index = row.Recorded, row.Receipt, row.Index
	return e, nil
}

// eventsAbout opens all acts about one thing that took effect, in this node's order.
func (d *Desk) eventsAbout(r reader, about act.ID) ([]act.Event, error) {
	rows, err := store.ActsAbout(r, about)
	if err != nil {
		return nil, err
	}
	events := make([]act.Event, 0, len(rows))
	for _, row := range rows {
		if row.Refused != "" {
			continue
		}
		e, err := d.event(r, row)
		if err != nil {
			return nil, err
		}
		events = append(events, e)
	}
	return events, nil
}
