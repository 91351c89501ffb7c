package casework

import (
	"slices"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/person"
	"countersign/internal/treaty"
)

// foldFile folds the file and its people.
func (s *State) foldFile(e *act.Event) bool {
	m := mark(e)
	switch b := e.Body.(type) {
	case *domestic.Assignment:
		s.Owner = b.Officer
	case *domestic.Recategorisation:
		s.Route = Route(b.To)
		s.Moves = add(s.Moves, Move{m, b.From, b.To, b.Reason})
	case *domestic.MoveBack:
		s.moveBack(Step(b.To))
		s.Moves = add(s.Moves, Move{m, "", b.To, b.Reason})
	case *domestic.Closing:
		s.Closed = m
	case *domestic.EndedAttempt:
		s.Attempts = add(s.Attempts, Attempt{m, *b})
	case *domestic.Review:
		s.Texts = add(s.Texts, Text{m, *b})
	case *domestic.PersonChange:
		s.Particulars, s.Unaccompanied = b.Person, b.Unaccompanied
	case *domestic.Need:
		s.Needs = add(slices.DeleteFunc(slices.Clone(s.Needs), func(n domestic.Need) bool { return n.Type == b.Type }), *b)
	case *domestic.NeedEnd:
		s.Needs = slices.DeleteFunc(slices.Clone(s.Needs), func(n domestic.Need) bool { return n.Type == b.Type })
	case *domestic.Support:
		s.Support = *b
	case *domestic.FamilyLink:
		s.Family = add(s.Family, *b)
	case *domestic.Separation:
		s.Separation = b
	case *domestic.BestInterests:
		s.Child = b
	case *domestic.Offender:
		if s.fact(treaty.FactProsecution) && !b.Pending {
			s.prosecuted = m
		}
		s.Offender = b
	case *domestic.Consent:
		s.Consent = &Consent{Mark: m, Consent: *b}
	case *domestic.ConsentEnd:
		if s.Consent != nil {
			c := *s.Consent
			c.Withdrawn = m
			s.Consent = &c
		}
	case *domestic.ReturnRecord:
		s.Return = &Return{Mark: m, Record: b.Return.ID}
	case *domestic.ReturnRetraction:
		if s.Return != nil && s.Return.Record == b.ID {
			r := *s.Return
			r.Retracted = true
			s.Return = &r
		}
	default:
		return false
	}
	return true
}

// moveBack forgets what was attested from a step on: it has to be done again.
func (s *State) moveBack(to Step) {
	for i := slices.Index(Steps, to); i >= 0 && i < len(Steps); i++ {
		for _, p := range pointsOf[Steps[i]] {
			s.attested[p] = nil
		}
	}
}

// foldBarrier folds what opens and closes gates.
func (s *State) foldBarrier(e *act.Event) bool {
	m := mark(e)
	switch b := e.Body.(type) {
	case *domestic.Barrier:
		s.Barriers = add(s.Barriers, Barrier{Mark: m, Barrier: *b})
	case *domestic.BarrierStep:
		s.barrierStep(e, m, b)
	case *domestic.Attestation:
		s.attest(e, b)
	case *domestic.Certificate:
		s.Certificates = add(s.Certificates, Certificate{Mark: m, Certificate: *b, recorded: e.Recorded})
	case *domestic.CertificateEnd:
		s.Certificates = change(s.Certificates, func(c *Certificate) bool { return c.Gate == b.Gate && !c.Revoked.Is() },
			func(c *Certificate) { c.Revoked = m })
	case *domestic.Override:
		s.Overrides = add(s.Overrides, Override{Mark: m, Override: *b})
	case *domestic.OverrideStep:
		s.Overrides = change(s.Overrides, func(o *Override) bool { return o.ID == b.Override }, func(o *Override) {
			if e.Kind == domestic.OverrideConfirmed {
				o.Confirmed = m
			} else {
				o.Reviewed, o.Upheld = m, b.Upheld
			}
		})
	case *domestic.Contest:
		s.foldContest(e, m, b)
	case *domestic.Order:
		s.Orders = add(s.Orders, Order{m, *b})
	default:
		return false
	}
	return true
}

func (s *State) barrierStep(e *act.Event, m Mark, b *domestic.BarrierStep) {
	s.Barriers = change(s.Barriers, func(x *Barrier) bool { return x.ID == b.Barrier }, func(x *Barrier) {
		switch {
		case e.Kind == domestic.BarrierConfirmed:
			x.Confirmed = m
		case e.Kind == domestic.BarrierLiftProposed:
			x.Proposed = m
		case !x.Lifted.Is():
			x.Lifted = m
		}
	})
}

func (s *State) foldContest(e *act.Event, m Mark, b *domestic.Contest) {
	if !b.Settled {
		s.Contested = add(s.Contested, Contested{Mark: m, Key: "case.contested.stated", Against: b.Against})
		return
	}
	s.Contested = change(s.Contested, func(c *Contested) bool { return c.ID == b.Act && !c.Settled.Is() },
		func(c *Contested) { c.Settled = m })
}

// attest keeps the last finding of each gate at each point.
func (s *State) attest(e *act.Event, b *domestic.Attestation) {
	p := slices.Index(Points, b.Point)
	if p < 0 {
		return
	}
	list := slices.Clone(s.attested[p])
	for _, f := range b.Findings {
		n := finding{f, e.Made, e.Recorded, e.ID}
		if i := slices.IndexFunc(list, func(o finding) bool { return o.Gate == f.Gate }); i >= 0 {
			list[i] = n
		} else {
			list = append(list, n)
		}
	}
	s.attested[p] = list
}

// foldJourney folds papers, journey and detention.
func (s *State) foldJourney(e *act.Event) bool {
	m := mark(e)
	switch b := e.Body.(type) {
	case *domestic.Service:
		s.Served = add(s.Served, Served{m, *b})
	case *domestic.HeldDocument:
		s.holdDocument(m, b)
	case *domestic.DocumentMove:
		s.Documents = change(s.Documents, func(d *Document) bool { return d.Number == b.Number },
			func(d *Document) { d.Holder, d.Place = b.Holder, b.Place })
	case *domestic.DocumentEnd:
		s.endDocument(b.Number, m)
	case *domestic.Booking:
		s.Bookings = add(s.Bookings, Booking{Mark: m, Booking: *b})
	case *domestic.BookingStep:
		s.bookingStep(e.Kind, m, b)
	case *domestic.Departure:
		s.Departed = &Departed{Mark: m, Booking: b.Booking, At: b.At, Evidence: b.Evidence}
	case *domestic.Detention:
		s.Detention = &Detention{Mark: m, Detention: *b}
	case *domestic.DetentionReview:
		s.detention(func(d *Detention) { d.Reviewed, d.Next = m, b.Next })
	case *domestic.DetentionEnd:
		s.detention(func(d *Detention) { d.Ended, d.How = m, b.How })
	case *domestic.PortRefusal:
		s.PortRefusal = b
	default:
		return false
	}
	return true
}

// holdDocument adds a document, or says where the paper of a known one is.
func (s *State) holdDocument(m Mark, b *domestic.HeldDocument) {
	known := false
	s.Documents = change(s.Documents, func(d *Document) bool { return d.Number == b.Document.Number && d.Issuer == b.Document.Issuer },
		func(d *Document) {
			known = true
			d.Holder, d.Place, d.Accepted = b.Holder, b.Place, b.Accepted
		})
	if !known {
		s.Documents = add(s.Documents, Document{Mark: m, Document: b.Document, Accepted: b.Accepted, Holder: b.Holder, Place: b.Place})
	}
}

func (s *State) bookingStep(kind act.Kind, m Mark, b *domestic.BookingStep) {
	s.Bookings = change(s.Bookings, func(x *Booking) bool { return x.ID == b.Booking }, func(x *Booking) {
		switch kind {
		case domestic.BookingConfirmed:
			x.Confirmed, x.Suspended = m, Mark{}
		case domestic.JourneyLocked:
			x.Locked = m
		case domestic.BookingSuspended:
			x.Suspended, x.Confirmed, x.Locked = m, Mark{}, Mark{}
		case domestic.BookingCancelled:
			x.Cancelled, x.Why = m, b.Reason
		}
	})
}

func (s *State) detention(f func(*Detention)) {
	if s.Detention != nil {
		d := *s.Detention
		f(&d)
		s.Detention = &d
	}
}

// day is the civil date of a time in the law's zone.
func (e *Env) day() person.Date { return person.DateOf(e.Now.In(e.Law.Location())) }
