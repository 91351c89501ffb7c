package demo

import (
	"context"
	"strconv"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/casework"
	"countersign/internal/person"
)

// family: a mother and her child. The child has a decision of its own, they travel together or not at all, and a
// judge's word on the telephone holds them both at once.
func (s *Story) family(ctx context.Context) error {
	s.until("2025-03-03 09:00")
	mother, child, err := s.relatives(ctx)
	if err != nil {
		return err
	}
	b, other := seat(at("2025-03-25 10:30"), "892"), seat(at("2025-03-26 10:30"), "894")
	if err := mother.decided().hold(b).serve(b).interpreter(b.Departs).settled(); err != nil {
		return err
	}
	if err := child.decided().attest(casework.StepHoldSeat).settled(); err != nil {
		return err
	}
	s.refused(child.try(s.GB, "caseworker", casework.HoldSeat{Booking: other}), "fault.case.gate-closed", "story.family.child")
	if err := child.gb("specialist", casework.DecideBestInterests{BestInterests: domestic.BestInterests{Return: true, Receiver: "Gjeta Vjollca", Relation: "parent",
		Reception: true, Decided: person.On(2025, 3, 3)}}).hold(other).serve(other).interpreter(other.Departs).settled(); err != nil {
		return err
	}
	s.until("2025-03-14 10:00")
	if err := mother.attest(casework.StepConfirm).settled(); err != nil {
		return err
	}
	s.refused(mother.try(s.GB, "caseworker", casework.ConfirmBooking{}), "fault.case.gate-closed", "story.family.apart")
	if err := child.gb("caseworker", casework.CancelBooking{Reason: "no-seat"}).hold(b).serve(b).settled(); err != nil {
		return err
	}
	for _, f := range []*flow{mother, child} {
		if err := f.confirm().settled(); err != nil {
			return err
		}
	}
	s.did("story.family.together")
	return s.injunction(mother, child, b)
}

// relatives opens, asks for and links the two.
func (s *Story) relatives(ctx context.Context) (mother, child *flow, err error) {
	met := domestic.Encounter{Route: "in-country-check", Place: "Leeds", Date: person.On(2025, 3, 2)}
	mother, child = s.openOnPages(ctx, vjollca, casework.Readmission, "EAW", met), s.openOnPages(ctx, driton, casework.Readmission, "EAW", met)
	for i, f := range []*flow{mother, child} {
		err := f.request(joint.Evidence{Type: "identity-card"}).al("readmission-officer", casework.ReplyConfirm{Basis: "proof", Document: true}).slot().
			laissezPasser("LP009100"+strconv.Itoa(i+1), person.On(2025, 8, 31)).settled()
		if err != nil {
			return mother, child, err
		}
	}
	family := mother.id
	err = mother.gb("caseworker", casework.LinkFamily{FamilyLink: domestic.FamilyLink{Family: family, Case: child.id, Relation: "child"}}).settled()
	return mother, child, err
}

// injunction: out of hours, on one officer's word, confirmed in writing the next morning.
func (s *Story) injunction(mother, child *flow, b domestic.Booking) error {
	s.Clock.Set(b.Departs.Add(-14 * time.Hour))
	if err := mother.gb("escort-officer", casework.SetBarrier{Barrier: domestic.Barrier{Gate: "court-order", Oral: true}}).settled(); err != nil {
		return err
	}
	for _, f := range []*flow{mother, child} {
		if err := f.fit(b.Departs.AddDate(0, 0, 2)).attest(casework.StepLock).settled(); err != nil {
			return err
		}
	}
	if err := mother.attest(casework.StepConfirm).settled(); err != nil {
		return err
	}
	s.refused(mother.try(s.GB, "caseworker", casework.ConfirmBooking{}), "fault.case.gate-closed", "story.family.injunction")
	s.refused(child.try(s.GB, "coordinator", casework.LockJourney{}), "fault.case.gate-closed", "story.family.both")
	if err := mother.slot().settled(); err != nil {
		return err
	}
	state, _, err := mother.view(s.AL, "border-officer")
	if err != nil {
		return err
	}
	s.check(state.Paused.Is() && len(state.Barriers) == 0, "story.family.not-yet")
	s.Clock.Set(b.Departs.Add(-time.Hour))
	state, _, err = mother.view(s.GB, "court-liaison")
	if err != nil {
		return err
	}
	for _, barrier := range state.Active(s.Clock.Now()) {
		if err := mother.gb("court-liaison", casework.ConfirmBarrier{Barrier: barrier.ID, Evidence: "sealed-order"}).settled(); err != nil {
			return err
		}
	}
	s.did("story.family.confirmed")
	for _, f := range []*flow{mother, child} {
		if err := f.gb("caseworker", casework.CancelBooking{Reason: "court"}).slot().settled(); err != nil {
			return err
		}
	}
	return nil
}

// people: two files that look like one person; the link was wrong, and undoing it restores both.
func (s *Story) people(ctx context.Context) error {
	met := domestic.Encounter{Route: "other", Place: "Dover", Date: person.On(2025, 3, 24)}
	one, two := s.openOnPages(ctx, shpetim, casework.Readmission, "EAW", met), s.openOnPages(ctx, shpetimAgain, casework.Readmission, "EAW", met)
	var subjects [2]act.ID
	for i, f := range []*flow{one, two} {
		if err := f.settled(); err != nil {
			return err
		}
		state, _, err := f.view(s.GB, "caseworker")
		if err != nil {
			return err
		}
		subjects[i] = state.Person
	}
	gb := s.GB.Desk
	events, err := gb.People(ctx, s.GB.As("caseworker"), casework.ProposeMerge{MergeProposal: domestic.MergeProposal{Kept: subjects[0], Merged: subjects[1], Evidence: []string{"same-name-and-birth"}}})
	if err != nil {
		return err
	}
	proposal := events[0].ID
	_, err = gb.People(ctx, s.GB.As("caseworker"), casework.ConfirmMerge{Proposal: proposal})
	s.refused(err, "fault.access.denied", "story.people.one-officer")
	s.Clock.Advance(time.Minute)
	if _, err := gb.People(ctx, s.GB.As("senior-caseworker"), casework.ConfirmMerge{Proposal: proposal}); err != nil {
		return err
	}
	same, err := gb.SamePerson(ctx, s.GB.As("caseworker"), subjects[1])
	if err != nil {
		return err
	}
	s.check(len(same) == 2, "story.people.merged")
	if err := two.gb("medical-officer", casework.RecordNeed{Need: domestic.Need{Type: casework.NeedTypes[0]}}).settled(); err != nil {
		return err
	}
	s.Clock.Advance(time.Minute)
	if _, err := gb.People(ctx, s.GB.As("supervisor"), casework.UndoMerge{Proposal: proposal, Reason: "error"}); err != nil {
		return err
	}
	list, err := gb.DecidedOnLink(ctx, s.GB.As("senior-caseworker"), proposal)
	if err != nil {
		return err
	}
	same, err = gb.SamePerson(ctx, s.GB.As("caseworker"), subjects[1])
	if err != nil {
		return err
	}
	s.check(len(same) == 1 && len(list) == 1, "story.people.undone", "count", strconv.Itoa(len(list)))
	return nil
}
