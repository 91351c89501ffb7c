package casework

import (
	"slices"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/fault"
)

// OfferHandover offers the person to the receiving officer at the crossing point.
type OfferHandover struct {
	Place    string
	Property int
	Medicine bool
}

func (OfferHandover) about() about {
	return about{name: "offer-handover", side: Requesting, roles: escortRoles}
}

func (c OfferHandover) decide(s *State, env *Env) ([]act.Statement, error) {
	b := s.booking()
	if err := all(when(!s.expected(), "fault.case.not-expected"), when(!s.left(b), "fault.case.not-departed"),
		when(s.offer() != nil, "fault.case.offered"), need("place", c.Place, nil), when(c.Property < 0 || c.Property > 99, "fault.case.needed", "field", "property"),
		when(s.Paused.Is() || s.Receiving.Is(), "fault.case.paused"), closed(s, env, StepHandover)); err != nil {
		return nil, err
	}
	return one(s.joint(joint.CaseOffered, &joint.Offer{At: env.Now, Place: c.Place, Document: s.Announced.Document,
		Property: c.Property, Medicine: c.Medicine})), nil
}

// AcceptHandover is the act that takes effect. It is refused when the offer was called off.
type AcceptHandover struct {
	Property int
	Medicine bool
}

func (AcceptHandover) about() about {
	return about{name: "accept-handover", side: Requested, roles: receiveRoles}
}

func (c AcceptHandover) decide(s *State, env *Env) ([]act.Statement, error) {
	o, err := s.answerable(env)
	if err := all(err, when(c.Property < 0 || c.Property > 99, "fault.case.needed", "field", "property")); err != nil {
		return nil, err
	}
	return one(answer(s.joint(joint.CaseAccepted, &joint.Acceptance{At: env.Now, Property: c.Property, Medicine: c.Medicine}), o.ID)), nil
}

// answerable is the offer that can be answered.
func (s *State) answerable(env *Env) (*Offered, error) {
	o := s.offer()
	switch {
	case s.Withdrawn.Is():
		return nil, fault.New(fault.Conflict, "fault.case.withdrawn")
	case s.Paused.Is(), s.Receiving.Is():
		return nil, fault.New(fault.Conflict, "fault.case.paused")
	case len(s.Active(env.Now)) > 0:
		return nil, fault.New(fault.Denied, "fault.case.barrier-holds")
	case o == nil:
		return nil, fault.New(fault.Conflict, "fault.case.no-offer")
	}
	return o, nil
}

// DeclineHandover refuses the handover on the spot, with a typed reason.
type DeclineHandover struct{ Reason string }

func (DeclineHandover) about() about {
	return about{name: "decline-handover", side: Requested, roles: receiveRoles}
}

func (c DeclineHandover) decide(s *State, env *Env) ([]act.Statement, error) {
	o, err := s.answerable(env)
	if err := all(err, need("reason", c.Reason, DeclineReasons)); err != nil {
		return nil, err
	}
	return one(answer(s.joint(joint.CaseDeclined, &joint.Decline{Reason: c.Reason}), o.ID)), nil
}

// Pause says “not yet” of someone whom both states expect. Either side may; no cause crosses.
type Pause struct{}

func (Pause) about() about {
	return about{name: "pause", roles: anyOfficer}
}

func (Pause) decide(s *State, env *Env) ([]act.Statement, error) {
	own := s.Paused
	if s.side(env.Own) == Requested {
		own = s.Receiving
	}
	interview := s.side(env.Own) == Requesting && s.awaited(env.Now)
	if err := all(when(!s.expected() && !interview, "fault.case.not-expected"), when(own.Is() && !interview, "fault.case.paused")); err != nil {
		return nil, err
	}
	return s.notYetActs("stop-order", env), nil
}

// notYetActs suspend every open booking and, where the other state expects the person, on a journey or at an interview,
// say “not yet”: nobody is brought before the authorities whose protection they may have asked against.
func (s *State) notYetActs(reason string, env *Env) []act.Statement {
	var out []act.Statement
	if s.side(env.Own) == Requested {
		if s.expected() && !s.Receiving.Is() {
			out = append(out, s.joint(joint.CaseReceivingPaused, &joint.NotYet{}))
		}
		return out
	}
	if b := s.booking(); b != nil && !b.Suspended.Is() && s.Accepted == nil {
		out = append(out, s.own(domestic.BookingSuspended, &domestic.BookingStep{Booking: b.ID, Reason: reason}))
	}
	if s.expected() && !s.Paused.Is() || s.awaited(env.Now) {
		out = append(out, s.joint(joint.CasePaused, &joint.NotYet{}))
	}
	return out
}

// Resume ends “not yet” once every gate lets the announced journey be confirmed again.
type Resume struct{}

func (Resume) about() about {
	return about{name: "resume", roles: append(slices.Clone(journeyRoles), "supervisor", "readmission-officer")}
}

func (Resume) decide(s *State, env *Env) ([]act.Statement, error) {
	if s.side(env.Own) == Requested {
		if err := all(when(!s.Receiving.Is(), "fault.case.not-paused"), when(len(s.Active(env.Now)) > 0, "fault.case.barrier-holds")); err != nil {
			return nil, err
		}
		return one(s.joint(joint.CaseReceivingResumed, &joint.NotYet{})), nil
	}
	b := s.booking()
	if err := all(when(!s.Paused.Is() || !s.expected(), "fault.case.not-paused"),
		when(b == nil || !b.Confirmed.Is(), "fault.case.not-confirmed"), s.inFuture(env), closed(s, env, StepAnnounce)); err != nil {
		return nil, err
	}
	return one(s.joint(joint.CaseResumed, &joint.NotYet{})), nil
}
