package paper

import (
	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/person"
)

func application(in *FormInput, f *Form) (act.Event, bool) {
	e, ok := in.last(joint.CaseRequested)
	c := &Application{Identity: IdentityOf(in.State.Particulars), Evidence: []Item{}, Family: []Member{}, Special: Needs{Needs: agreedNeeds(in.State.Needs)}}
	f.Content = c
	if !ok { // a draft from the file
		for _, d := range in.State.Documents {
			if !d.Cancelled.Is() {
				c.Evidence = append(c.Evidence, item(d.Type, d.Document, 0))
			}
		}
		for _, r := range in.State.Family {
			c.Family = append(c.Family, Member{File: r.Case, Relation: r.Relation})
		}
		return e, false
	}
	b := e.Body.(*joint.Request)
	c.Request.Category, c.Request.Found, c.Request.Interview = b.Category, b.Found.String(), b.Interview
	c.Identity = IdentityOf(b.Person)
	for _, v := range b.Evidence {
		c.Evidence = append(c.Evidence, item(v.Type, v.Document, v.Annex))
		if v.Annex > 0 {
			c.Request.Annexes++
		}
	}
	for _, r := range b.Family {
		c.Family = append(c.Family, Member{File: r.Case, Relation: r.Relation})
	}
	c.Special.Needs = list(b.Needs)
	return e, true
}

func item(kind string, d person.Document, annex int) Item {
	return Item{Evidence: kind, Number: d.Number, Issuer: d.Issuer, Issued: d.Issued.String(), ValidUntil: d.ValidUntil.String(), Annex: annex}
}

// list never is nil: an empty list is said, not left out.
func list(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}

func notification(in *FormInput, f *Form) (act.Event, bool) {
	e, ok := in.last(joint.CaseNotified)
	if !ok {
		return e, false
	}
	b := e.Body.(*joint.Notification)
	c := &Notification{Identity: IdentityOf(b.Person), Document: paperOf(b.Document), Special: Needs{Needs: list(b.Needs)}}
	c.Will.Willing, c.Will.Declaration = true, b.Declaration
	f.Content = c
	return e, true
}

func reply(in *FormInput, f *Form) (act.Event, bool) {
	e, ok := in.last(joint.CaseConfirmed, joint.CaseRefused)
	if !ok {
		return e, false
	}
	c := &Reply{Identity: in.asked()}
	if asked, found := in.last(joint.CaseRequested); found {
		c.Answer.Applied, c.Answer.Received = asked.Made.UTC(), asked.Receipt.UTC()
	}
	switch b := e.Body.(type) {
	case *joint.Confirmation:
		c.Answer.Decision, c.Answer.Basis, c.Answer.Document, c.Answer.Covers = "agreed", b.Basis, b.Document, b.Covers
		c.Answer.Remarks = b.Remark.Text
	case *joint.Refusal:
		c.Answer.Decision, c.Answer.Reason, c.Answer.Remarks = "refused", b.Reason, b.Remark.Text
	}
	f.Content = c
	return e, true
}

func interview(in *FormInput, f *Form) (act.Event, bool) {
	e, ok := in.last(joint.CaseInterviewHeld)
	if !ok {
		return e, false
	}
	b := e.Body.(*joint.InterviewResult)
	c := &Interview{Identity: in.asked()}
	for _, v := range in.Events {
		if a, is := v.Body.(*joint.InterviewArranged); is && v.ID == e.InReplyTo {
			c.Arranged.At, c.Arranged.Channel, c.Arranged.Place = a.At.UTC(), a.Channel, a.Place
			c.Arranged.Language, c.Arranged.Interpreter, c.Arranged.Monitor = a.Language, a.Interpreter, a.Monitor
		}
	}
	c.Held.At, c.Held.Attendees, c.Held.Interpreter, c.Held.OnlyIdentity = b.At.UTC(), b.Attendees, b.Interpreter, b.OnlyIdentity
	c.Held.Result, c.Held.Reason = b.Result, b.Reason
	f.Content = c
	return e, true
}

func criminalRecord(in *FormInput, f *Form) (act.Event, bool) {
	e, ok := in.last(joint.CaseRecordAsked)
	if !ok {
		return e, false
	}
	b := e.Body.(*joint.RecordRequest)
	c := &CriminalRecord{Identity: in.asked()}
	c.Request.Basis, c.Request.Purpose = b.Basis, b.Purpose
	f.Content = c
	return e, true
}

func travelDocument(in *FormInput, f *Form) (act.Event, bool) {
	e, ok := in.last(joint.CaseDocumentAsked)
	c := &TravelDocument{Identity: in.asked()}
	c.Request.Consent, c.Request.Since = in.consent()
	f.Content = c
	if b, is := e.Body.(*joint.DocumentRequest); is {
		c.Request.TravelOn = b.TravelOn.String()
	}
	return e, ok
}

func transfer(in *FormInput, f *Form) (act.Event, bool) {
	e, ok := in.last(joint.CaseAnnounced)
	c := &Transfer{Identity: in.asked()}
	c.Consent.Consent, c.Consent.Since = in.consent()
	c.Received.State = "waiting"
	if !ok {
		b := in.State.Booking()
		if b == nil {
			return e, false
		}
		c.Journey, c.Escort.Escorts, c.Special.Needs = bookingWay(b), b.Escorts, agreedNeeds(in.State.Needs)
		f.Content = c
		return e, false
	}
	b := e.Body.(*joint.Announcement)
	c.Document, c.Journey, c.Special.Needs = paperOf(b.Document), wayOf(b.Journey), list(b.Needs)
	c.Escort.Escorts, c.Escort.MedicalEscort, c.Escort.Luggage = b.Escorts, b.MedicalEscort, b.Luggage
	if a := in.State.Announced; a != nil && a.Mark.ID == e.ID && a.Ready.Is() {
		c.Received.State, c.Received.At, c.Received.Problem = "ready", a.Ready.At.UTC(), a.Problem
		if a.Problem != "" {
			c.Received.State = "problem"
		}
	}
	f.Content = c
	return e, true
}

// transit is the request as it was signed, or a draft from the file while none is.
func transit(in *FormInput, f *Form) (act.Event, bool) {
	e, ok := in.last(joint.CaseTransitAsked)
	c := &Transit{Identity: IdentityOf(in.State.Particulars)}
	if b := in.State.Booking(); !ok && b != nil && len(in.Transit) > 0 {
		c.Journey = bookingWay(b)
		for _, d := range in.State.Documents {
			if !d.Cancelled.Is() {
				c.Document = paperOf(d.Document)
			}
		}
		c.Transit.States, c.Transit.Destination, c.Escort.Escorts = in.Transit, in.State.Destination, b.Escorts
		f.Content = c
		return e, false
	}
	if !ok {
		return e, false
	}
	b := e.Body.(*joint.TransitRequest)
	c.Identity, c.Document, c.Journey = IdentityOf(b.Person), paperOf(b.Document), wayOf(b.Journey)
	c.Transit.States, c.Transit.Destination, c.Escort.Escorts = append([]string{}, b.States...), b.Destination, b.Escorts
	c.Declaration.Conditions = b.Conditions
	f.Content = c
	return e, true
}

func handover(in *FormInput, f *Form) (act.Event, bool) {
	e, ok := in.last(joint.CaseAccepted)
	c := &Handover{Identity: in.asked()}
	var offer act.Event
	for _, v := range in.Events {
		if v.Kind == joint.CaseOffered && (!ok || v.ID == e.InReplyTo) {
			offer = v
		}
	}
	b, is := offer.Body.(*joint.Offer)
	if !is {
		return e, false
	}
	c.Offered.At, c.Offered.Place, c.Offered.By = b.At.UTC(), b.Place, in.Officers[offer.Officer.ID]
	c.Offered.Property, c.Offered.Medicine, c.Document = b.Property, b.Medicine, paperOf(b.Document)
	if a, accepted := e.Body.(*joint.Acceptance); accepted {
		c.Accepted.At, c.Accepted.By, c.Accepted.Property, c.Accepted.Medicine = a.At.UTC(), in.Officers[e.Officer.ID], a.Property, a.Medicine
	}
	f.Content = c
	return e, ok
}

func (in *FormInput) addressee() Addressee {
	s := &in.State
	return Addressee{Name: s.Particulars.Main().String(), Birth: s.Particulars.Birth.String(), Language: s.Support.Language, Representative: s.Support.Representative}
}

// inOwnLanguage withholds a paper whose own-language copy is not there: no copy, no act (facts/law.md, section 9).
func (in *FormInput) inOwnLanguage(f *Form) {
	f.Language = in.State.Support.Language
	switch f.Language {
	case "en", "sq":
	case "":
		f.withhold("paper.draft.language-unknown")
	default:
		f.withhold("paper.draft.language")
	}
}

func refusal(in *FormInput, f *Form) (act.Event, bool) {
	e, ok := in.last(joint.CaseRefused)
	if !ok {
		return e, false
	}
	b := e.Body.(*joint.Refusal)
	c := &Refusal{Person: in.addressee(), Remedies: in.Remedies}
	c.Decision.By, c.Decision.At, c.Decision.Reason, c.Decision.Remarks = e.Officer.Authority, e.Made.UTC(), b.Reason, b.Remark.Text
	f.Content = c
	in.inOwnLanguage(f)
	if len(in.Remedies) == 0 {
		c.Remedies = []Remedy{}
		f.withhold("paper.draft.no-remedies")
	}
	return e, true
}

func departure(in *FormInput, f *Form) (act.Event, bool) {
	b := in.State.Booking()
	if b == nil {
		return act.Event{}, false
	}
	c := &Departure{Person: in.addressee(), Journey: bookingWay(b)}
	c.Notice.Destination = b.Country
	for i := len(in.State.Served) - 1; i >= 0; i-- {
		if v := in.State.Served[i]; v.Route != "" {
			c.Notice.Route = v.Route
			break
		}
	}
	if in.Law != nil {
		if rule, ok := in.Law.Notice(c.Notice.Route); ok {
			c.Notice.Basis = rule.Basis
		}
	}
	f.Content = c
	in.inOwnLanguage(f)
	for _, e := range in.Events { // the seat that the notice names; a domestic act
		if e.Kind == domestic.SeatHeld && e.ID == b.ID {
			return e, true
		}
	}
	return act.Event{}, false
}
