package demo

import (
	"context"
	"strconv"
	"time"

	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/casework"
	"countersign/internal/desk"
	"countersign/internal/person"
	"countersign/internal/treaty"
)

// beginning: an agreement, two authorities that know each other's keys, and officers that both sides know.
func (s *Story) beginning(ctx context.Context) error {
	a, err := treaty.FindAgreement(Agreement, treaty.DateOf(s.Clock.Now(), time.UTC))
	if err != nil {
		return err
	}
	s.check(a.StandIn, "story.beginning.stand-in", "agreement", a.Title.In(string(s.words.Lang)))
	if err := s.Slot(ctx); err != nil {
		return err
	}
	for _, p := range [][2]*Authority{{s.GB, s.AL}, {s.AL, s.GB}} {
		own, err := p[0].Desk.Officers(p[0].Authority)
		if err != nil {
			return err
		}
		held, err := p[1].Desk.Officers(p[0].Authority)
		if err != nil {
			return err
		}
		s.check(len(held) == len(own) && len(own) > 5, "story.beginning.roster", "authority", s.words.Text("authority."+p[0].Authority), "count", strconv.Itoa(len(own)-1))
	}
	return nil
}

// removal: a whole enforced return, from intake to the handover that the other state accepts.
func (s *Story) removal(ctx context.Context) error {
	found, err := s.GB.Desk.FindPeople(ctx, s.GB.As("caseworker"), desk.Search{Name: "Agim Hoxha", Birth: "1994"})
	if err != nil {
		return err
	}
	s.check(len(found) == 0, "story.removal.search")
	f := s.openOnPages(ctx, agim, casework.Readmission, "EAW", domestic.Encounter{Route: "in-country-check", Place: "Luton", Date: person.On(2023, 12, 10)})
	found, err = s.GB.Desk.FindPeople(ctx, s.GB.As("caseworker"), desk.Search{Name: "gimi HOXHA"})
	if err != nil {
		return err
	}
	s.check(len(found) == 1 && found[0].ID == f.id, "story.removal.opened", "name", agim.Main().String())

	s.refused(f.try(s.GB, "caseworker", casework.RequestReadmission{Category: "national", Evidence: []joint.Evidence{{Type: "passport-copy"}}}),
		"fault.case.gate-unknown", "story.removal.not-attested")
	if err := f.request(joint.Evidence{Type: "passport-copy"}).settled(); err != nil {
		return err
	}
	_, next, err := f.view(s.AL, "readmission-officer")
	if err != nil {
		return err
	}
	s.check(next.Key == "case.next.reply" && next.Owner == AL && !next.Due.IsZero(), "story.removal.requested", "due", next.Args["due"])
	if err := s.question(f); err != nil {
		return err
	}
	if err := s.appeal(f); err != nil {
		return err
	}
	return s.journey(f)
}

// question: the other state asks, the clock stands, the answer comes, and it confirms.
func (s *Story) question(f *flow) error {
	f.Clock.Advance(48 * time.Hour)
	if err := f.al("readmission-officer", casework.AskMoreInformation{Items: []string{"photograph", "parents"}}).slot().settled(); err != nil {
		return err
	}
	_, next, err := f.view(s.GB, "caseworker")
	if err != nil {
		return err
	}
	s.check(next.Key == "case.next.information" && next.Owner == GB, "story.removal.question")
	f.Clock.Advance(24 * time.Hour)
	if err := f.attest(casework.StepRequest).gb("caseworker", casework.GiveInformation{Items: []string{"photograph", "parents"}}).slot().settled(); err != nil {
		return err
	}
	_, next, err = f.view(s.AL, "readmission-officer")
	if err != nil {
		return err
	}
	s.check(next.Owner == AL, "story.removal.clock", "due", next.Args["due"])
	if err := f.al("readmission-officer", casework.ReplyConfirm{Basis: "prima_facie", Document: true}).slot().settled(); err != nil {
		return err
	}
	state, _, err := f.view(s.GB, "caseworker")
	if err != nil {
		return err
	}
	s.check(state.Reply.Positive, "story.removal.confirmed")
	return nil
}

// appeal: a pending appeal closes every step, for anybody, and the other state learns nothing of it.
func (s *Story) appeal(f *flow) error {
	held, _ := s.AL.Desk.Held(f.ctx)
	if err := f.laissezPasser("LP0012345", person.On(2024, 6, 30)).attest(casework.StepHoldSeat).
		gb("court-liaison", casework.SetBarrier{Barrier: domestic.Barrier{Gate: "appeal-pending", Effect: "suspensive", Evidence: "court-record", Reference: "PA/00001/2023"}}).settled(); err != nil {
		return err
	}
	for _, role := range []string{"caseworker", "senior-caseworker"} {
		s.refused(f.try(s.GB, role, casework.HoldSeat{Booking: seat(at("2024-01-09 10:30"), "892")}), "fault.case.gate-closed",
			"story.removal.appeal", "role", s.words.Text("role."+role))
	}
	if err := f.slot().settled(); err != nil {
		return err
	}
	after, _ := s.AL.Desk.Held(f.ctx)
	s.check(after.Held == held.Held+1, "story.removal.silent") // the document request alone
	var barrier casework.Barrier
	state, _, err := f.view(s.GB, "caseworker")
	if err != nil {
		return err
	}
	for _, b := range state.Active(f.Clock.Now()) {
		barrier = b
	}
	f.Clock.Advance(24 * time.Hour)
	if err := f.gb("court-liaison", casework.LiftBarrier{Barrier: barrier.ID, Evidence: "court-record"}).settled(); err != nil {
		return err
	}
	s.did("story.removal.lifted")
	return nil
}

// journey: notice, its period, the announcement, and the handover.
func (s *Story) journey(f *flow) error {
	early, departs := seat(at("2023-12-20 10:30"), "892"), at("2024-01-09 10:30")
	b := seat(departs, "892")
	if err := f.hold(early).decided().serve(early).attest(casework.StepConfirm).settled(); err != nil {
		return err
	}
	s.refused(f.try(s.GB, "caseworker", casework.ConfirmBooking{}), "fault.case.gate-closed", "story.removal.notice")
	if err := f.gb("caseworker", casework.CancelBooking{Reason: "error"}).hold(b).serve(b).interpreter(departs).settled(); err != nil {
		return err
	}
	s.until("2023-12-28 10:00")
	if err := f.confirm().settled(); err != nil {
		return err
	}
	_, next, err := f.view(s.AL, "border-officer")
	if err != nil {
		return err
	}
	s.check(next.Key == "case.next.await-arrival", "story.removal.announced")
	s.Clock.Set(departs.Add(-20 * time.Hour))
	if err := f.fit(departs.AddDate(0, 0, 2)).lock().gb("escort-officer", casework.MoveDocument{DocumentMove: domestic.DocumentMove{Number: "LP0012345", Holder: "escort"}}).
		leave(departs).settled(); err != nil {
		return err
	}
	s.did("story.removal.departed")
	if err := f.handover(b.Arrives).settled(); err != nil {
		return err
	}
	for _, a := range []*Authority{s.GB, s.AL} {
		role := map[string]string{GB: "caseworker", AL: "border-officer"}[a.Authority]
		state, _, err := f.view(a, role)
		if err != nil {
			return err
		}
		s.check(state.Outcome() == casework.Returned, "story.removal.returned", "authority", s.words.Text("authority."+a.Authority))
	}
	if err := f.gb("caseworker", casework.RecordReturn{}).settled(); err != nil {
		return err
	}
	s.returns++
	s.did("story.removal.counted")
	typed := 0
	for _, g := range s.Given() {
		if g.Typed {
			typed++
		}
	}
	s.check(s.given.Forms() > 30, "story.removal.pages", "forms", strconv.Itoa(s.given.Forms()), "typed", strconv.Itoa(typed))
	s.handed = f.id
	return nil
}
