package desk

import (
	"context"
	"time"

	"countersign/internal/access"
	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/fault"
	"countersign/internal/store"
)

// Look is one look at personal data as it stands in the record: who, when, what for, at how many people. The
// people themselves are named only to an inspection of the record, not in a list.
type Look struct {
	At      time.Time
	Officer act.Officer
	Purpose string
	View    string
	People  int
}

// Looks lists the latest looks, for those who watch over them.
func (d *Desk) Looks(_ context.Context, who Session, limit int) ([]Look, error) {
	if err := d.allow(who, "view-consultations", access.Resource{Type: "case"}); err != nil {
		return nil, err
	}
	rows, err := store.LatestOfKind(d.Store, domestic.DataConsulted, limit)
	if err != nil {
		return nil, err
	}
	var all []Look
	for _, row := range rows {
		e, err := d.event(d.Store, row)
		if fault.KindOf(err) == fault.Missing {
			continue
		}
		if err != nil {
			return nil, err
		}
		if b, ok := e.Body.(*domestic.Consultation); ok {
			all = append(all, Look{At: e.Recorded, Officer: e.Officer, Purpose: b.Purpose, View: b.View, People: len(b.People)})
		}
	}
	return all, nil
}
