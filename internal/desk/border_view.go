package desk

import (
	"context"

	"countersign/internal/access"
	"countersign/internal/act"
	"countersign/internal/border"
	"countersign/internal/fault"
	"countersign/internal/store"
)

// Decided is a check under its acts, wherever it was made. Check is nil when the node does not hold, or holds no
// more, what the traveller showed: a lane keeps that to itself.
type Decided struct {
	ID    act.ID
	Row   store.CheckRow // zero when nothing was decided
	State border.State
	Check *BorderCheck
}

// ViewDecision shows a check with what was decided about it; the look is recorded first.
func (b *Border) ViewDecision(ctx context.Context, who Session, id act.ID) (*Decided, error) {
	if err := b.consult(ctx, who, "view-check", access.Resource{Type: "check", Domestic: true}, "border-check", id); err != nil {
		return nil, err
	}
	d := &Decided{ID: id}
	row, decided, err := store.FindCheck(b.Store, id)
	if err != nil {
		return nil, err
	}
	d.Row = row
	if d.Check, err = b.check(b.Store, id); fault.KeyOf(err) == "fault.border.forgotten" {
		if !decided {
			return nil, err
		}
	} else if err != nil {
		return nil, err
	}
	d.State, err = b.checkState(b.Store, id)
	return d, err
}

// maxOpen bounds the list of what waits for a second officer.
const maxOpen = 100

// OpenDecisions are the newest checks that wait in the second line, those with a refusal proposed first, and the
// newest refusals. They name nobody.
func (b *Border) OpenDecisions(who Session) (proposed, waiting, refused []Decided, err error) {
	if err := b.allow(who, "view-check", access.Resource{Type: "check", Domestic: true}); err != nil {
		return nil, nil, nil, err
	}
	rows, err := store.ChecksWith(b.Store, "second-line", maxOpen)
	if err != nil {
		return nil, nil, nil, err
	}
	for _, r := range rows {
		s, err := b.checkState(b.Store, r.ID)
		if err != nil {
			return nil, nil, nil, err
		}
		switch d := (Decided{ID: r.ID, Row: r, State: s}); {
		case s.Proposed != nil:
			proposed = append(proposed, d)
		case !s.Referred: // those who protect have taken over
			waiting = append(waiting, d)
		}
	}
	if rows, err = store.ChecksWith(b.Store, "refuse", maxOpen); err != nil {
		return nil, nil, nil, err
	}
	for _, r := range rows {
		refused = append(refused, Decided{ID: r.ID, Row: r})
	}
	return proposed, waiting, refused, nil
}

// MayDo tells whether the officer's role has a step at the crossing points at all.
func (b *Border) MayDo(who Session, action string) bool {
	return b.allow(who, action, access.Resource{Type: "check", Relation: "assigned", Domestic: true}) == nil
}
