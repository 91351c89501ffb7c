package demo

import (
	"context"
	"time"

	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/casework"
	"countersign/internal/person"
)

// voluntary: a willing person with a passport. Nobody needs to be asked; the other state is told.
func (s *Story) voluntary(ctx context.Context) error {
	f := s.openOnPages(ctx, liridona, casework.NotificationOnly, "EAW", domestic.Encounter{Route: "other", Place: "London", Date: person.On(2024, 1, 9)})
	f.gb("caseworker", casework.SetSupport{Support: domestic.Support{Language: "sq", Interpreter: true}}).
		gb("caseworker", casework.RecordDocument{HeldDocument: domestic.HeldDocument{Document: person.Document{Type: person.Passport, Number: "BA1234567",
			Issuer: "ALB", Issued: person.On(2019, 3, 4), ValidUntil: person.On(2029, 3, 3)}, Accepted: []string{"ALB"}, Holder: "person", Genuine: true}})
	if err := f.attest(casework.StepRequest).settled(); err != nil {
		return err
	}
	s.refused(f.try(s.GB, "caseworker", casework.NotifyInstead{Number: "BA1234567"}), "fault.case.gate-closed", "story.voluntary.no-consent")
	s.refused(f.try(s.GB, "caseworker", casework.RecordConsent{Consent: domestic.Consent{Language: "en", ReadBy: "officer", Checked: "repeated-in-own-words"}}),
		"fault.case.not-understood", "story.voluntary.not-understood")
	if err := f.gb("caseworker", casework.RecordConsent{Consent: domestic.Consent{Language: "sq", ReadBy: "interpreter", Understood: true,
		Checked: "repeated-in-own-words", Assistance: true}}).attest(casework.StepRequest).gb("caseworker", casework.NotifyInstead{Number: "BA1234567"}).slot().settled(); err != nil {
		return err
	}
	s.did("story.voluntary.notified")
	departs := f.Clock.Now().Add(8 * 24 * time.Hour).Truncate(24 * time.Hour).Add(11 * time.Hour)
	b := seat(departs, "894")
	b.Escorts = 0
	if err := f.hold(b).fit(departs.AddDate(0, 0, 3)).
		interpreter(departs).confirm().settled(); err != nil {
		return err
	}
	s.Clock.Set(departs.Add(-20 * time.Hour))
	if err := f.lock().leave(departs).handover(b.Arrives).gb("caseworker", casework.RecordReturn{}).settled(); err != nil {
		return err
	}
	s.returns++
	s.did("story.voluntary.returned")
	return nil
}

// silence: no reply within the limit; an officer signs the reliance on it, and the common document serves.
func (s *Story) silence(ctx context.Context) error {
	f := s.openOnPages(ctx, fatmir, casework.Readmission, "EAW", domestic.Encounter{Route: "prison", Place: "Wandsworth", Date: person.On(2024, 1, 17)})
	f.gb("caseworker", casework.RecordOffender{Offender: domestic.Offender{Offender: true, SentenceEnds: person.On(2024, 3, 1), DeportationOrder: person.On(2023, 11, 20)}})
	if err := f.request(joint.Evidence{Type: "own-statement"}).settled(); err != nil {
		return err
	}
	s.Clock.Advance(13 * 24 * time.Hour)
	s.refused(f.try(s.GB, "senior-caseworker", casework.RelyOnDeemedConsent{}), "fault.case.too-early", "story.silence.too-early")
	s.Clock.Advance(2 * 24 * time.Hour)
	if err := f.attest(casework.StepDocument).gb("senior-caseworker", casework.RelyOnDeemedConsent{}).slot().settled(); err != nil {
		return err
	}
	state, _, err := f.view(s.AL, "readmission-officer")
	if err != nil {
		return err
	}
	s.check(state.Relied.Is() && !state.Reply.Is(), "story.silence.relied")
	if err := f.attest(casework.StepDocument).gb("caseworker", casework.AskTravelDocument{}).slot().settled(); err != nil {
		return err
	}
	s.Clock.Advance(15 * 24 * time.Hour)
	if err := f.attest(casework.StepDocument).gb("senior-caseworker", casework.RelyOnCommonDocument{Document: person.Document{Type: person.StandardTD, Number: "GB-STD-000042", Issuer: "GBR",
		ValidUntil: person.On(2024, 8, 1), OneJourney: true, From: "GBR", To: "ALB"}}).slot().settled(); err != nil {
		return err
	}
	s.did("story.silence.document")
	return s.silentJourney(f)
}

func (s *Story) silentJourney(f *flow) error {
	departs := s.Clock.Now().Add(20 * 24 * time.Hour).Truncate(24 * time.Hour).Add(10 * time.Hour)
	b := seat(departs, "890")
	if err := f.hold(b).decided().serve(b).interpreter(departs).settled(); err != nil {
		return err
	}
	s.Clock.Set(departs.Add(-9 * 24 * time.Hour))
	if err := f.confirm().settled(); err != nil {
		return err
	}
	s.Clock.Set(departs.Add(-20 * time.Hour))
	if err := f.fit(departs.AddDate(0, 0, 2)).lock().gb("escort-officer", casework.MoveDocument{DocumentMove: domestic.DocumentMove{Number: "GB-STD-000042", Holder: "escort"}}).
		leave(departs).handover(b.Arrives).gb("caseworker", casework.RecordReturn{}).settled(); err != nil {
		return err
	}
	s.returns++
	s.did("story.silence.returned")
	return nil
}

// scotland: the notice period runs on Scottish working days, and a certificate that ends two hours before the
// departure stops it.
func (s *Story) scotland(ctx context.Context) error {
	s.until("2024-12-13 09:00")
	f := s.openOnPages(ctx, bledar, casework.Readmission, "SCT", domestic.Encounter{Route: "in-country-check", Place: "Glasgow", Date: person.On(2024, 12, 12)})
	if err := f.request(joint.Evidence{Type: "identity-card"}).al("readmission-officer", casework.ReplyConfirm{Basis: "proof", Document: true}).slot().
		laissezPasser("LP0077001", person.On(2025, 4, 30)).settled(); err != nil {
		return err
	}
	early, late := seat(at("2025-01-06 09:30"), "890"), seat(at("2025-01-08 09:30"), "890")
	s.until("2024-12-24 10:00")
	if err := f.hold(early).decided().serve(early).interpreter(late.Departs).attest(casework.StepConfirm).settled(); err != nil {
		return err
	}
	s.refused(f.try(s.GB, "caseworker", casework.ConfirmBooking{}), "fault.case.gate-closed", "story.scotland.christmas")
	if err := f.gb("caseworker", casework.CancelBooking{Reason: "no-seat"}).hold(late).serve(late).settled(); err != nil {
		return err
	}
	s.until("2024-12-30 10:00")
	if err := f.confirm().settled(); err != nil {
		return err
	}
	s.did("story.scotland.confirmed")
	s.Clock.Set(late.Departs.Add(-18 * time.Hour))
	if err := f.bySystem(s.GB, "medical-officer", f.fitUntil(late.Departs.Add(-2*time.Hour))).lock().settled(); err == nil {
		s.check(false, "story.scotland.fit")
	} else {
		s.refused(err, "fault.case.gate-closed", "story.scotland.fit")
	}
	if err := f.gb("caseworker", casework.CancelBooking{Reason: "health"}).slot().settled(); err != nil {
		return err
	}
	state, _, err := f.view(s.AL, "readmission-officer")
	if err != nil {
		return err
	}
	s.check(state.Announced == nil, "story.scotland.withdrawn")
	return nil
}

// door: a claim made at the aircraft door stops the handover; the other state learns only "not yet".
func (s *Story) door(ctx context.Context) error {
	s.until("2025-02-03 09:00")
	f := s.openOnPages(ctx, edlira, casework.Readmission, "EAW", domestic.Encounter{Route: "in-country-check", Place: "Leeds", Date: person.On(2025, 2, 2)})
	departs := at("2025-02-20 10:30")
	b := seat(departs, "892")
	if err := f.request(joint.Evidence{Type: "passport-copy"}).al("readmission-officer", casework.ReplyConfirm{Basis: "prima_facie", Document: true}).slot().
		laissezPasser("LP0088002", person.On(2025, 7, 31)).hold(b).decided().serve(b).interpreter(departs).settled(); err != nil {
		return err
	}
	s.until("2025-02-12 10:00")
	if err := f.confirm().settled(); err != nil {
		return err
	}
	s.Clock.Set(departs.Add(-20 * time.Hour))
	if err := f.fit(departs.AddDate(0, 0, 2)).lock().gb("escort-officer", casework.MoveDocument{DocumentMove: domestic.DocumentMove{Number: "LP0088002", Holder: "escort"}}).settled(); err != nil {
		return err
	}
	s.Clock.Set(departs.Add(-90 * time.Minute))
	if err := f.attest(casework.StepDepart).gb("escort-officer", casework.SetBarrier{Barrier: domestic.Barrier{Gate: "asylum-claim", Evidence: "person-said"}}).settled(); err != nil {
		return err
	}
	s.Clock.Set(departs)
	s.refused(f.try(s.GB, "escort-officer", casework.Depart{}), "fault.case.gate-closed", "story.door.stopped")
	if err := f.slot().settled(); err != nil {
		return err
	}
	view, err := s.AL.Desk.ViewCase(ctx, s.AL.As("readmission-officer"), f.id)
	if err != nil {
		return err
	}
	last := view.Events[len(view.Events)-1]
	_, empty := last.Body.(*joint.NotYet)
	s.check(view.State.Paused.Is() && last.Kind == joint.CasePaused && empty && len(view.State.Barriers) == 0, "story.door.not-yet")
	return nil
}
