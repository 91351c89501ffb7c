package demo

import (
	"context"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/casework"
	"countersign/internal/person"
)

// flow is one case on its way, with the few words that the story's chapters share. Each method is one or
// more official acts of named roles; the first error stops the chapter.
type flow struct {
	*World
	ctx  context.Context
	id   act.ID
	part string
	err  error

	onPages bool // officers use the node's pages, as people do
}

func (s *Story) open(ctx context.Context, p person.Particulars, route casework.Route, part string, encounter domestic.Encounter) *flow {
	f := &flow{World: s.World, ctx: ctx, part: part}
	f.id, f.err = s.GB.Desk.OpenCase(ctx, s.GB.As("caseworker"), s.opening(p, route, part, encounter))
	return f
}

// openOnPages is open by the pages of the nodes, and so is everything after it.
func (s *Story) openOnPages(ctx context.Context, p person.Particulars, route casework.Route, part string, encounter domestic.Encounter) *flow {
	f := &flow{World: s.World, ctx: ctx, part: part, onPages: true}
	f.id, f.err = s.OpenOnPages(s.opening(p, route, part, encounter))
	return f
}

func (s *Story) opening(p person.Particulars, route casework.Route, part string, encounter domestic.Encounter) domestic.CaseOpening {
	return domestic.CaseOpening{Agreement: Agreement, Peer: AL, Route: string(route), Part: part, Person: p, Destination: "ALB", Encounter: encounter}
}

// gb and al let an officer with a role carry out a command, unless something failed before.
func (f *flow) gb(role string, c casework.Command) *flow { return f.do(f.GB, role, c) }
func (f *flow) al(role string, c casework.Command) *flow { return f.do(f.AL, role, c) }

func (f *flow) do(a *Authority, role string, c casework.Command) *flow {
	if f.err == nil {
		f.Clock.Advance(time.Minute) // two acts are never made at one instant
		if f.onPages {
			f.err = f.OnPage(a, role, f.id, c)
			return f
		}
		_, f.err = a.Desk.Case(f.ctx, a.As(role), f.id, c)
	}
	return f
}

// try carries out a command and returns its error without stopping the flow.
func (f *flow) try(a *Authority, role string, c casework.Command) error {
	if f.err != nil {
		return f.err
	}
	if f.onPages {
		return f.OnPage(a, role, f.id, c)
	}
	_, err := a.Desk.Case(f.ctx, a.As(role), f.id, c)
	return err
}

func (f *flow) attest(step casework.Step) *flow {
	if f.err == nil {
		f.Clock.Advance(time.Minute)
		if f.onPages {
			f.err = f.AttestOnPages(f.ctx, f.id, step)
			return f
		}
		f.err = f.Attest(f.ctx, f.id, step)
	}
	return f
}

func (f *flow) slot() *flow {
	if f.err == nil {
		f.err = f.Slot(f.ctx)
	}
	return f
}

// bySystem carries out a command that another system of the authority hands in, as the medical service's does with the
// hour until which its certificate is good.
func (f *flow) bySystem(a *Authority, role string, c casework.Command) *flow {
	if f.err == nil {
		f.Clock.Advance(time.Minute)
		_, f.err = a.Desk.Case(f.ctx, a.As(role), f.id, c)
	}
	return f
}

// settled returns what went wrong so far, and forgets it.
func (f *flow) settled() error {
	err := f.err
	f.err = nil
	return err
}

// view is the case as a node holds it.
func (f *flow) view(a *Authority, role string) (casework.State, casework.Next, error) {
	v, err := a.Desk.ViewCase(f.ctx, a.As(role), f.id)
	return v.State, v.Next, err
}

// request attests what guards the application and sends it.
func (f *flow) request(evidence ...joint.Evidence) *flow {
	return f.attest(casework.StepRequest).gb("caseworker", casework.RequestReadmission{Category: "national", Evidence: evidence}).slot()
}

// laissezPasser asks for a travel document and lets the other state issue it.
func (f *flow) laissezPasser(number string, until person.Date) *flow {
	return f.attest(casework.StepDocument).gb("caseworker", casework.AskTravelDocument{}).slot().
		al("readmission-officer", casework.IssueTravelDocument{Document: person.Document{Type: person.LaissezPasser, Number: number,
			Issuer: "ALB", ValidUntil: until, OneJourney: true, From: "GBR", To: "ALB"}}).slot()
}

// seat is the story's scheduled flight.
func seat(departs time.Time, number string) domestic.Booking {
	return domestic.Booking{Means: "air", Carrier: "BA", Number: number, From: "LHR", To: "TIA", Country: "ALB", Departs: departs, Arrives: departs.Add(3 * time.Hour), Escorts: 2}
}

// hold holds a seat; serve gives the person the notice that names it.
func (f *flow) hold(b domestic.Booking) *flow {
	return f.attest(casework.StepHoldSeat).gb("caseworker", casework.HoldSeat{Booking: b})
}

func (f *flow) serve(b domestic.Booking) *flow {
	return f.gb("caseworker", casework.ServeNotice{Service: domestic.Service{Papers: []string{"intention", "departure-details"}, Route: "10A", To: "person",
		Language: "sq", ReadBy: "interpreter", Understood: true, Checked: "repeated-in-own-words", Method: "in-person", Proof: "signature",
		Part: f.part, Destination: b.Country, Stops: b.Stops, Departs: b.Departs}})
}

// decided records the decision to remove, without which no notice is served.
func (f *flow) decided() *flow {
	now := f.Clock.Now()
	return f.gb("senior-caseworker", casework.RecordCertificate{Certificate: domestic.Certificate{Gate: "removal-decision", From: now, Until: now.AddDate(1, 0, 0), Evidence: "decision-letter"}})
}

// interpreter arranges one for a journey.
func (f *flow) interpreter(departs time.Time) *flow {
	return f.gb("caseworker", casework.RecordCertificate{Certificate: domestic.Certificate{Gate: "interpreter", From: f.Clock.Now(), Until: departs.AddDate(0, 0, 2), Evidence: "booking-record"}})
}

func (f *flow) fit(until time.Time) *flow {
	return f.gb("medical-officer", f.fitUntil(until))
}

func (f *flow) fitUntil(until time.Time) casework.Command {
	return casework.RecordCertificate{Certificate: domestic.Certificate{Gate: "fit-to-travel", From: f.Clock.Now(), Until: until, Evidence: "medical-examination"}}
}

// confirm confirms the seat and announces the journey; the other side acknowledges.
func (f *flow) confirm() *flow {
	return f.attest(casework.StepConfirm).gb("caseworker", casework.ConfirmBooking{}).attest(casework.StepAnnounce).
		gb("caseworker", casework.NotifyTransfer{Luggage: 1}).slot().al("border-officer", casework.AcknowledgeArrival{}).slot()
}

func (f *flow) lock() *flow {
	return f.attest(casework.StepLock).gb("coordinator", casework.LockJourney{})
}

// leave takes the person to the door and records the departure.
func (f *flow) leave(departs time.Time) *flow {
	f.Clock.Set(departs.Add(-90 * time.Minute))
	f.attest(casework.StepDepart)
	f.Clock.Set(departs)
	return f.gb("escort-officer", casework.Depart{})
}

// handover offers the person at the crossing point, and the other state accepts: the act that takes effect.
func (f *flow) handover(arrives time.Time) *flow {
	f.Clock.Set(arrives)
	return f.attest(casework.StepHandover).gb("escort-officer", casework.OfferHandover{Place: "TIA", Property: 1}).slot().
		al("border-officer", casework.AcceptHandover{Property: 1}).slot()
}
