package casework

import (
	"slices"

	"countersign/internal/act"
	"countersign/internal/act/joint"
	"countersign/internal/fault"
	"countersign/internal/person"
)

// Transit is a request to let the person pass through the other state on the way to a third one, and its answer.
type Transit struct {
	Mark
	joint.TransitRequest
	Answered Mark
	Answer   joint.TransitAnswer
	Ended    Mark // the journey was called off
}

// TransitReasons are the grounds on which transit is refused (Benelux–Kosovo Art 9(3)-(4); EC–Albania Art 13).
var TransitReasons = []string{"danger", "prosecution"}

// transit is the request that stands; nil where none does.
func (s *State) transit() *Transit {
	if s.Transit == nil || s.Transit.Ended.Is() {
		return nil
	}
	return s.Transit
}

// AskTransit asks for transit for the journey in hand, in the time that the agreement sets before it.
type AskTransit struct {
	Agreement, To string
	States        []string
}

func (AskTransit) about() about {
	return about{name: "ask-transit", side: Requesting, roles: caseRoles}
}

func (c AskTransit) decide(s *State, env *Env) ([]act.Statement, error) {
	b := s.booking()
	if err := all(when(s.Route != OtherDestination, "fault.case.route", "route", string(s.Route)), when(b == nil, "fault.case.no-booking"), s.inFuture(env),
		when(s.transit() != nil, "fault.case.transit-asked"), need("to", c.To, nil), need("agreement", c.Agreement, nil), when(c.To == env.Own, "fault.case.route-peer"),
		particulars(s.Particulars, env), closed(s, env, StepRequest)); err != nil {
		return nil, err
	}
	for _, state := range c.States {
		if !person.Alpha3(state) {
			return nil, need("states", "", nil)
		}
	}
	d := s.document(person.DateOf(b.Departs.In(env.Law.Location())), b.Country, env.Law.MarginDays)
	if d == nil {
		return nil, fault.New(fault.Denied, "fault.case.no-document")
	}
	if env.Agreement != nil {
		if due, err := env.Agreement.Term("transit-request", b.Departs, s.facts()); err == nil && !env.Now.Before(due.Due) {
			return nil, fault.New(fault.Late, "fault.case.late", "due", day(due.Due))
		}
	}
	return one(s.joint(joint.CaseTransitAsked, &joint.TransitRequest{Agreement: c.Agreement, To: c.To, Person: s.Particulars, Document: d.Document, States: c.States,
		Destination: s.Destination, Escorts: b.Escorts, Conditions: true, Journey: joint.Journey{Means: b.Means, Carrier: b.Carrier, Number: b.Number,
			From: b.From, To: b.To, Departs: b.Departs, Arrives: b.Arrives, Stops: b.Stops}})), nil
}

// AnswerTransit agrees to transit or refuses it. What was agreed to may be refused later, until the person has left:
// the requesting state then keeps the person or takes them back.
type AnswerTransit struct{ joint.TransitAnswer }

func (AnswerTransit) about() about {
	return about{name: "answer-transit", side: Requested, roles: replyRoles}
}

func (c AnswerTransit) decide(s *State, env *Env) ([]act.Statement, error) {
	t := s.transit()
	if t == nil || t.Answered.Is() && (!t.Answer.Agreed || c.Agreed) {
		return nil, fault.New(fault.Conflict, "fault.case.no-transit-question")
	}
	if !c.Agreed {
		if err := need("reason", c.Reason, TransitReasons); err != nil {
			return nil, err
		}
	}
	body := c.TransitAnswer
	if c.Agreed {
		body.Reason = ""
	}
	return one(answer(s.joint(joint.CaseTransitAnswered, &body), t.ID)), nil
}

// throughPeer refuses the last steps of a journey for which transit was asked and is not agreed to.
func (s *State) throughPeer() error {
	t := s.transit()
	return when(t != nil && !(t.Answered.Is() && t.Answer.Agreed), "fault.case.no-transit")
}

// foldTransit opens a case at the state that is asked, and the request at both.
func (s *State) foldTransit(e *act.Event, b *joint.TransitRequest) {
	if s.Case == "" {
		s.Case, s.Person, s.Opened = e.Case, e.Subject, e.Made
		s.Requesting, s.Requested, s.Route, s.Destination = e.Officer.Authority, b.To, OtherDestination, b.Destination
		s.Particulars = b.Person
	}
	if s.Requested == "" { // this state's own case knew of no other state before
		s.Requested = b.To
	}
	if s.side(e.Officer.Authority) != Requesting || b.To != s.Requested || s.Route != OtherDestination {
		s.contest(e, ContestedWriter, "")
		return
	}
	s.Agreement = b.Agreement
	s.Transit = &Transit{Mark: mark(e), TransitRequest: *b}
}

func (s *State) transitStep(e *act.Event, change func(*Transit)) {
	if t := s.transit(); t != nil && (e.InReplyTo == "" || e.InReplyTo == t.ID) {
		next := *t
		next.States = slices.Clone(t.States)
		change(&next)
		s.Transit = &next
	}
}
