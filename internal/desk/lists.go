package desk

import (
	"context"
	"slices"

	"countersign/internal/access"
	"countersign/internal/act"
	"countersign/internal/fault"
	"countersign/internal/store"

	"github.com/go-json-experiment/json"
)

// SavedList is a list of cases that an officer keeps: a name of the officer's own, and a filter in codes.
type SavedList struct {
	Name  string `json:"name"`
	Query string `json:"query"`
}

// SavedListsCap is how many lists an officer keeps. Beyond it the oldest goes.
const SavedListsCap = 12

// SavedLists are the officer's own lists, oldest first. They are kept from one session to the next, and what the
// officer called them is sealed: it may name somebody.
func (d *Desk) SavedLists(_ context.Context, who Session) ([]SavedList, error) {
	if err := d.allow(who, "view-work-list", access.Resource{Type: "case"}); err != nil {
		return nil, err
	}
	return d.savedLists(d.Store, who.Officer.ID)
}

// SaveList keeps a list; one of the same name is replaced. It is no official act and none is recorded.
func (d *Desk) SaveList(ctx context.Context, who Session, l SavedList) error {
	return d.changeLists(ctx, who, func(all []SavedList) []SavedList {
		all = append(without(all, l.Name), l)
		return all[max(0, len(all)-SavedListsCap):]
	})
}

// DropList forgets a list.
func (d *Desk) DropList(ctx context.Context, who Session, name string) error {
	return d.changeLists(ctx, who, func(all []SavedList) []SavedList { return without(all, name) })
}

func without(all []SavedList, name string) []SavedList {
	return slices.DeleteFunc(all, func(l SavedList) bool { return l.Name == name })
}

func (d *Desk) changeLists(ctx context.Context, who Session, change func([]SavedList) []SavedList) error {
	if err := d.allow(who, "view-work-list", access.Resource{Type: "case"}); err != nil {
		return err
	}
	return d.Store.Write(ctx, func(tx *store.Tx) error {
		all, err := d.savedLists(tx, who.Officer.ID)
		if err != nil {
			return err
		}
		plain, err := json.Marshal(change(all))
		if err != nil {
			return err
		}
		sealed, err := d.Vault.Seal(tx, string(who.Officer.ID), listsOf(who.Officer.ID), plain)
		if err != nil {
			return err
		}
		return tx.PutOfficerLists(who.Officer.ID, sealed)
	})
}

func (d *Desk) savedLists(r reader, officer act.ID) (all []SavedList, err error) {
	sealed, err := store.OfficerLists(r, officer)
	if err != nil || sealed == nil {
		return nil, err
	}
	plain, err := d.Vault.Open(r, string(officer), listsOf(officer), sealed)
	if fault.KindOf(err) == fault.Missing { // the key went, and the lists with it
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return all, json.Unmarshal(plain, &all)
}

// listsOf is the place under which they are sealed.
func listsOf(officer act.ID) string { return "officer_lists/" + string(officer) }

// Queues are the teams whose files the officer may want as a list: all of them for who may read the roster, and
// otherwise the officer's own. They are this authority's own affair: a posted officer is refused.
func (d *Desk) Queues(_ context.Context, who Session) ([]store.Team, error) {
	if err := d.allow(who, "view-work-list", access.Resource{Type: "case", Domestic: true}); err != nil {
		return nil, err
	}
	all, err := store.Teams(d.Store)
	if err != nil || d.allow(who, "view-roster", access.Resource{Type: "roster"}) == nil {
		return all, err
	}
	return slices.DeleteFunc(all, func(t store.Team) bool { return !slices.Contains(t.Members, who.Officer.ID) }), nil
}
