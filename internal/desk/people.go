package desk

import (
	"context"
	"slices"

	"countersign/internal/access"
	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/casework"
	"countersign/internal/fault"
	"countersign/internal/store"
)

// People carries out one official act about who is whom. No file is rewritten: a merge is a link between two subjects,
// made by two officers with different roles, and undoing it restores both exactly.
func (d *Desk) People(ctx context.Context, who Session, c casework.PeopleCommand) ([]act.Event, error) {
	var events []act.Event
	err := d.perform(ctx, who, func(t *turn) error {
		if err := t.allow(PeopleAction(c), access.Resource{Type: "case", Relation: "assigned", Domestic: true}); err != nil {
			return err
		}
		people, err := t.people(t.tx)
		if err != nil {
			return err
		}
		if err := t.known(c); err != nil {
			return err
		}
		statements, err := casework.DecidePeople(people, c, casework.Env{Now: t.tx.Now, By: who.Officer, Own: t.Authority, Law: t.Law})
		if err != nil {
			return err
		}
		events, err = t.say(statements...)
		return err
	})
	return events, err
}

// PeopleAction is the question to the policies.
func PeopleAction(c casework.PeopleCommand) string {
	switch c.(type) {
	case casework.ProposeMerge:
		return "propose-merge"
	case casework.ConfirmMerge:
		return "confirm-merge"
	}
	return "undo-merge"
}

// known refuses to link somebody of whom this node has no case.
func (t *turn) known(c casework.PeopleCommand) error {
	p, ok := c.(casework.ProposeMerge)
	if !ok {
		return nil
	}
	for _, id := range []act.ID{p.Kept, p.Merged} {
		_, total, err := store.Cases(t.tx, store.CaseFilter{Subjects: []act.ID{id}, Limit: 1})
		if err != nil {
			return err
		}
		if total == 0 {
			return fault.New(fault.Missing, "fault.case.missing")
		}
	}
	return nil
}

// people folds the links from their acts, in this node's order.
func (d *Desk) people(r reader) (casework.People, error) {
	var p casework.People
	var rows []store.ActRow
	for _, kind := range []act.Kind{domestic.MergeProposed, domestic.MergeConfirmed, domestic.MergeUndone} {
		const page = 512
		for after := int64(0); ; {
			list, err := store.ActsOfKind(r, kind, after, page)
			if err != nil {
				return p, err
			}
			rows = append(rows, list...)
			if len(list) < page {
				break
			}
			after = list[len(list)-1].Seq
		}
	}
	slices.SortFunc(rows, func(a, b store.ActRow) int { return int(a.Seq - b.Seq) })
	for _, row := range rows {
		e, err := d.event(r, row)
		if fault.KindOf(err) == fault.Missing {
			continue // an erased person has no links
		} else if err != nil {
			return p, err
		}
		p = casework.FoldPeople(p, e)
	}
	return p, nil
}

// SamePerson lists every subject that is held to be one human being with this one, itself included; the look is
// recorded.
func (d *Desk) SamePerson(ctx context.Context, who Session, subject act.ID) ([]act.ID, error) {
	if err := d.consult(ctx, who, "view-work-list", access.Resource{Type: "case"}, "same-person", subject); err != nil {
		return nil, err
	}
	p, err := d.people(d.Store)
	if err != nil {
		return nil, err
	}
	same := []act.ID{subject}
	for i := range p.Merges {
		for _, id := range []act.ID{p.Merges[i].Kept, p.Merges[i].Merged} {
			if p.Canonical(id) == p.Canonical(subject) && !slices.Contains(same, id) {
				same = append(same, id)
			}
		}
	}
	return same, nil
}

// DecidedOnLink lists what was done about either person while a merge held: what has to be looked at again when the
// link turns out to be wrong.
func (d *Desk) DecidedOnLink(ctx context.Context, who Session, proposal act.ID) ([]act.Event, error) {
	p, err := d.people(d.Store)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(p.Merges, func(m casework.Merge) bool { return m.ID == proposal })
	if i < 0 {
		return nil, fault.New(fault.Missing, "fault.case.no-merge")
	}
	subjects := []act.ID{p.Merges[i].Kept, p.Merges[i].Merged}
	rows, _, err := store.Cases(d.Store, store.CaseFilter{Subjects: subjects})
	if err != nil {
		return nil, err
	}
	if err := d.consult(ctx, who, "view-work-list", access.Resource{Type: "case"}, "decided-on-link", subjects...); err != nil {
		return nil, err
	}
	var events []act.Event
	for _, row := range rows {
		list, err := d.eventsAbout(d.Store, row.ID)
		if err != nil {
			return nil, err
		}
		events = append(events, list...)
	}
	return p.SinceMerge(proposal, events), nil
}
