package desk

import (
	"context"
	"slices"

	"countersign/internal/access"
	"countersign/internal/act"
	"countersign/internal/store"
)

// MaxOnHold is how many cases may be asked about at once: more than any page shows.
const MaxOnHold = 120

// OnHold says which of some cases are held at this moment, for pages that are open already. It shows nobody and
// tells no reason: every barrier looks alike (design.md, section 4). A representative learns of own clients. A posted
// officer of the other state learns nothing here: their own node tells what their state was told, “not yet”.
func (d *Desk) OnHold(_ context.Context, who Session, ids ...act.ID) ([]act.ID, error) {
	ids = ids[:min(len(ids), MaxOnHold)]
	if who.Officer.Role == RoleCounsel && !who.Posted {
		own, err := d.clientsAmong(who, ids)
		if err != nil {
			return nil, err
		}
		ids = own
	} else if err := d.allow(who, "view-work-list", access.Resource{Type: "case", Domestic: true}); err != nil {
		return nil, err
	}
	rows, err := store.OnHold(d.Store, ids)
	held := []act.ID{}
	for _, row := range rows {
		held = append(held, row.ID)
	}
	return held, err
}

// clientsAmong keeps the cases to which the representative is admitted.
func (d *Desk) clientsAmong(who Session, ids []act.ID) ([]act.ID, error) {
	maybe, err := store.CasesOfCounsel(d.Store, who.Officer.ID)
	if err != nil {
		return nil, err
	}
	var own []act.ID
	for _, id := range ids {
		if !slices.Contains(maybe, id) {
			continue
		}
		events, err := d.eventsAbout(d.Store, id)
		if err != nil {
			return nil, err
		}
		if slices.Contains(Admitted(events), who.Officer.ID) {
			own = append(own, id)
		}
	}
	return own, nil
}
