package casework

import (
	"slices"
	"strings"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/fault"
	"countersign/internal/person"
)

// ServeNotice records a paper served. One that was not understood is recorded and does not count.
type ServeNotice struct{ domestic.Service }

func (ServeNotice) about() about {
	return about{name: "serve-notice", side: Requesting, roles: append(slices.Clone(caseRoles), "escort-officer")}
}

func (c ServeNotice) decide(s *State, env *Env) ([]act.Statement, error) {
	t, err := env.past(c.At, "at")
	if err := all(err, codes("papers", c.Papers, Papers), need("to", c.To, Addressees), need("language", c.Language, nil),
		need("method", c.Method, ServiceMethods), need("proof", c.Proof, nil), need("part", c.Part, env.Law.Parts)); err != nil {
		return nil, err
	}
	body := c.Service
	body.At = t
	if err := s.noticeRoute(&body, env); err != nil {
		return nil, err
	}
	if slices.Contains(c.Papers, "departure-details") {
		if err := s.details(&body, env); err != nil {
			return nil, err
		}
	}
	if body.Understood && body.To == "person" {
		if err := need("checked", body.Checked, Checks); err != nil {
			return nil, err
		}
	}
	if err := closed(s, env, StepServeNotice); err != nil {
		return nil, err
	}
	return one(at(s.own(domestic.NoticeServed, &body), t)), nil
}

// noticeRoute checks that the route of notices exists, and that what it counts from happened: the failed
// departure for reasons outside the state's control (s10B), the refusal, the cut-off, the decision.
func (s *State) noticeRoute(b *domestic.Service, env *Env) error {
	if b.Route == "" {
		return nil
	}
	r, ok := env.Law.Notice(b.Route)
	switch {
	case !ok:
		return fault.New(fault.Invalid, "fault.case.notice-route", "route", b.Route)
	case r.Starts == "original" && (b.Original.IsZero() || b.Original.After(env.Now)):
		return fault.New(fault.Invalid, "fault.case.date", "field", "original")
	case len(r.AfterAttempt) > 0 && !s.failedOn(b.Original, r.AfterAttempt, env):
		return fault.New(fault.Conflict, "fault.case.no-failed-removal")
	}
	return nil
}

// failedOn tells whether a journey of that day failed for one of the reasons.
func (s *State) failedOn(day time.Time, reasons []string, env *Env) bool {
	return slices.ContainsFunc(s.Bookings, func(b Booking) bool {
		return b.Cancelled.Is() && slices.Contains(reasons, b.Why) && sameDay(b.Departs, day, env.Law.Location())
	})
}

// details checks departure details: date, destination and every expected stop are named, and agree with the
// seat that is held.
func (s *State) details(b *domestic.Service, env *Env) error {
	held := s.booking()
	switch {
	case held == nil:
		return fault.New(fault.Conflict, "fault.case.no-booking")
	case b.Destination != held.Country || !covers(b.Stops, held.Stops) || !sameDay(b.Departs, held.Departs, env.Law.Location()):
		return fault.New(fault.Conflict, "fault.case.details-differ")
	}
	return nil
}

func codes(field string, list, allowed []string) error {
	if len(list) == 0 {
		return need(field, "", nil)
	}
	for _, v := range list {
		if err := need(field, v, allowed); err != nil {
			return err
		}
	}
	return nil
}

// HoldSeat holds a seat without confirming it, so that the notice can name the journey.
type HoldSeat struct{ domestic.Booking }

func (HoldSeat) about() about {
	return about{name: "hold-seat", side: Requesting, roles: journeyRoles}
}

func (c HoldSeat) decide(s *State, env *Env) ([]act.Statement, error) {
	if err := all(when(s.booking() != nil, "fault.case.booked"), c.check(s, env), closed(s, env, StepHoldSeat)); err != nil {
		return nil, err
	}
	body := c.Booking
	return one(s.own(domestic.SeatHeld, &body)), nil
}

func (c HoldSeat) check(s *State, env *Env) error {
	if err := all(need("means", c.Means, Means), need("from", c.From, nil), need("to", c.To, nil)); err != nil {
		return err
	}
	switch {
	case c.Means == "air" && (c.Carrier == "" || c.Number == "") && !c.Charter:
		return need("number", "", nil)
	case !c.Departs.After(env.Now) || c.Departs.After(env.Now.AddDate(1, 0, 0)):
		return fault.New(fault.Invalid, "fault.case.date", "field", "departs")
	case !c.Arrives.After(c.Departs) || c.Arrives.After(c.Departs.AddDate(0, 0, 7)):
		return fault.New(fault.Invalid, "fault.case.date", "field", "arrives")
	case c.Country != s.Destination:
		return fault.New(fault.Conflict, "fault.case.destination")
	case c.Escorts < 0 || c.Escorts > 20:
		return fault.New(fault.Invalid, "fault.case.needed", "field", "escorts")
	}
	return nil
}

// ConfirmBooking buys the seat; no seat is confirmed with an open gate (P2).
type ConfirmBooking struct{}

func (ConfirmBooking) about() about {
	return about{name: "confirm-booking", side: Requesting, roles: journeyRoles}
}

func (c ConfirmBooking) decide(s *State, env *Env) ([]act.Statement, error) {
	b := s.booking()
	if err := all(when(b == nil, "fault.case.no-booking"), when(b != nil && b.Confirmed.Is(), "fault.case.confirmed"), s.inFuture(env),
		closed(s, env, StepConfirm)); err != nil {
		return nil, err
	}
	return one(s.own(domestic.BookingConfirmed, &domestic.BookingStep{Booking: b.ID})), nil
}

// inFuture refuses a step on a journey whose departure has passed.
func (s *State) inFuture(env *Env) error {
	b := s.booking()
	return when(b != nil && !env.Now.Before(b.Departs), "fault.case.journey-gone")
}

// CancelBooking ends this journey with one typed reason. Where the other state expects the person it is told
// that the transfer is withdrawn, and nothing else.
type CancelBooking struct{ Reason string }

func (CancelBooking) about() about {
	return about{name: "cancel-booking", side: Requesting, roles: append(slices.Clone(journeyRoles), "escort-officer")}
}

func (c CancelBooking) decide(s *State, env *Env) ([]act.Statement, error) {
	b := s.booking()
	if err := all(when(b == nil, "fault.case.no-booking"), need("reason", c.Reason, EndReasons)); err != nil {
		return nil, err
	}
	out := []act.Statement{s.own(domestic.BookingCancelled, &domestic.BookingStep{Booking: b.ID, Reason: c.Reason}),
		s.own(domestic.AttemptEnded, &domestic.EndedAttempt{Reason: c.Reason, Stage: s.stage()})}
	if s.expected() || s.transit() != nil {
		out = append(out, s.joint(joint.CaseTransferWithdrawn, &joint.End{}))
	}
	return out, nil
}

// stage is how far the attempt came.
func (s *State) stage() string {
	b := s.booking()
	switch {
	case s.offer() != nil:
		return "handover"
	case s.Departed != nil && b != nil && s.Departed.Booking == b.ID:
		return "departed"
	case b != nil && b.Locked.Is():
		return "locked"
	case b != nil && b.Confirmed.Is():
		return "confirmed"
	case b != nil:
		return "held"
	case s.consented():
		return "agreed"
	case s.asked():
		return "requested"
	}
	return "preparation"
}

// NotifyTransfer announces the confirmed journey to the other state, in the time that the agreement sets.
type NotifyTransfer struct {
	MedicalEscort bool
	Luggage       int
}

func (NotifyTransfer) about() about {
	return about{name: "notify-transfer", side: Requesting, roles: append(slices.Clone(caseRoles), "coordinator")}
}

func (c NotifyTransfer) decide(s *State, env *Env) ([]act.Statement, error) {
	b := s.booking()
	if err := all(when(!s.Route.TouchesPeer() || !s.asked(), "fault.case.route", "route", string(s.Route)),
		when(b == nil || !b.Confirmed.Is(), "fault.case.not-confirmed"), s.inFuture(env),
		when(s.Announced != nil && b != nil && s.Announced.Journey.Departs.Equal(b.Departs) && s.Announced.Journey.Number == b.Number,
			"fault.case.announced"), closed(s, env, StepAnnounce)); err != nil {
		return nil, err
	}
	if due, err := s.noticeOfTransfer(b, env); err == nil && !env.Now.Before(due.Due) {
		return nil, fault.New(fault.Late, "fault.case.late", "due", day(due.Due))
	}
	d := s.document(person.DateOf(b.Departs.In(env.Law.Location())), b.Country, env.Law.MarginDays)
	if d == nil {
		return nil, fault.New(fault.Denied, "fault.case.no-document")
	}
	return one(s.joint(joint.CaseAnnounced, &joint.Announcement{Journey: joint.Journey{Means: b.Means, Carrier: b.Carrier, Number: b.Number,
		From: b.From, To: b.To, Departs: b.Departs, Arrives: b.Arrives, Stops: b.Stops}, Document: d.Document, Escorts: b.Escorts,
		MedicalEscort: c.MedicalEscort, Needs: s.sharedNeeds(), Luggage: c.Luggage})), nil
}

// noticeOfTransfer is the last moment to announce a journey: it counts back from the arrival.
func (s *State) noticeOfTransfer(b *Booking, env *Env) (Term, error) {
	if env.Agreement == nil {
		return Term{}, fault.New(fault.Missing, "fault.case.no-effect")
	}
	f := s.facts()
	f.Stopped, f.Extended = nil, false // what stopped the reply does not stop this limit
	f.Means, f.Escort = b.Means, "none"
	if b.Police {
		f.Escort = "police"
	}
	return env.Agreement.Term("notice", b.Arrives, f)
}

// AcknowledgeArrival acknowledges the notice of transfer.
type AcknowledgeArrival struct{ Problem string }

func (AcknowledgeArrival) about() about {
	return about{name: "acknowledge-arrival", side: Requested, roles: append(slices.Clone(replyRoles), "border-officer", "coordinator")}
}

func (c AcknowledgeArrival) decide(s *State, env *Env) ([]act.Statement, error) {
	if !s.expected() {
		return nil, fault.New(fault.Conflict, "fault.case.not-expected")
	}
	if c.Problem != "" {
		if err := need("problem", c.Problem, ArrivalProblems); err != nil {
			return nil, err
		}
	}
	return one(answer(s.joint(joint.CaseArrivalReady, &joint.Arrival{Ready: c.Problem == "", Problem: c.Problem}), s.Announced.ID)), nil
}

// LockJourney closes the list: nobody is added or changed afterwards.
type LockJourney struct{}

func (LockJourney) about() about {
	return about{name: "lock-journey", side: Requesting, roles: journeyRoles}
}

func (c LockJourney) decide(s *State, env *Env) ([]act.Statement, error) {
	b := s.booking()
	if err := all(when(b == nil || !b.Confirmed.Is(), "fault.case.not-confirmed"), when(b != nil && b.Locked.Is(), "fault.case.locked"),
		s.inFuture(env), closed(s, env, StepLock), s.throughPeer()); err != nil {
		return nil, err
	}
	return one(s.own(domestic.JourneyLocked, &domestic.BookingStep{Booking: b.ID})), nil
}

// Depart records the departure, at the door.
type Depart struct{ At time.Time }

func (Depart) about() about {
	return about{name: "depart", side: Requesting, roles: escortRoles}
}

func (c Depart) decide(s *State, env *Env) ([]act.Statement, error) {
	b := s.booking()
	t, err := env.past(c.At, "at")
	// The gates come first: who stands at the door learns what stopped the journey, not that it was stopped.
	if err := all(err, when(s.left(b), "fault.case.departed"), closed(s, env, StepDepart), s.throughPeer(), when(b == nil || !b.Locked.Is(), "fault.case.not-locked"),
		when(b != nil && t.Before(b.Departs.Add(-12*time.Hour)), "fault.case.too-early", "due", func() string {
			if b == nil {
				return ""
			}
			return day(b.Departs)
		}())); err != nil {
		return nil, err
	}
	return one(at(s.own(domestic.JourneyDeparted, &domestic.Departure{Booking: b.ID, At: t, Evidence: "escort-report"}), t)), nil
}

func (s *State) left(b *Booking) bool {
	return s.Departed != nil && b != nil && s.Departed.Booking == b.ID
}

// VerifyDeparture records a departure that was learned later, or one to another destination.
type VerifyDeparture struct {
	At       time.Time
	Evidence string
}

func (VerifyDeparture) about() about {
	return about{name: "verify-departure", side: Requesting, roles: append(slices.Clone(caseRoles), "border-officer", "statistician")}
}

func (c VerifyDeparture) decide(s *State, env *Env) ([]act.Statement, error) {
	t, err := env.past(c.At, "at")
	if err := all(err, when(s.Route.TouchesPeer(), "fault.case.route", "route", string(s.Route)),
		when(s.Departed != nil, "fault.case.departed"), need("evidence", c.Evidence, DepartureEvidence),
		when(s.Route == RefusedAtPort && s.PortRefusal == nil, "fault.case.no-port-refusal"),
		when(s.PortRefusal != nil && t.Before(s.PortRefusal.At), "fault.case.date", "field", "at")); err != nil {
		return nil, err
	}
	out := one(at(s.own(domestic.DepartureVerified, &domestic.Departure{At: t, Evidence: c.Evidence}), t))
	if b := s.Active(env.Now); len(b) > 0 { // it happened all the same: it is on record, and somebody has to look
		out = append(out, s.own(domestic.FactContested, &domestic.Contest{Against: b[0].ID, Reason: "departed-with-barrier"}))
	}
	return out, nil
}

// RefuseAtPort records refused entry at the port.
type RefuseAtPort struct{ domestic.PortRefusal }

func (RefuseAtPort) about() about {
	return about{name: "refuse-at-port", side: Requesting, roles: []string{"border-officer", "senior-caseworker"}}
}

func (c RefuseAtPort) decide(s *State, env *Env) ([]act.Statement, error) {
	t, err := env.past(c.At, "at")
	if err := all(err, when(s.Route != RefusedAtPort, "fault.case.route", "route", string(s.Route)),
		when(s.PortRefusal != nil, "fault.case.exists"), need("place", c.Place, []string{"uk-port", "juxtaposed", "port"})); err != nil {
		return nil, err
	}
	body := c.PortRefusal
	body.At = t
	return one(at(s.own(domestic.RefusalAtPort, &body), t)), nil
}

func day(t time.Time) string { return strings.TrimSpace(t.Format(time.DateOnly)) }
