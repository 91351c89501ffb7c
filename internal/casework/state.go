package casework

import (
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/person"
)

// State is a case as it follows from its acts, at either node. Its slices and pointers are never changed
// after they are set: a state may be kept and folded further in two ways.
type State struct {
	Case, Person          act.ID
	Requesting, Requested string
	Route                 Route
	Agreement             string // pinned version
	Part                  string // part of the requesting state where the person is
	Destination           string // ISO 3166-1 alpha-3
	Particulars           person.Particulars
	Unaccompanied         bool
	Encounter             domestic.Encounter
	Owner                 act.ID // officer who has the file
	Opened, Last          time.Time
	Acts                  int

	// What both states know.
	Request       Request
	Questions     []Question
	Extension     Mark
	ExtensionWhy  string
	Reply         Reply
	Relied        Mark // reliance on deemed consent
	ReliedDue     time.Time
	DocumentAsked Mark
	DocumentBy    Mark // reliance on the common document
	Willing       Mark
	Announced     *Announced
	Paused        Mark
	Receiving     Mark // the receiving side said "not yet"
	Withdrawn     Mark
	Offers        []Offered
	Accepted      *Accepted
	TakeBack      Mark
	TakeBackOK    Mark
	Corrected     Mark // particulars were corrected after the reply
	Interviews    []Interview
	Records       []CriminalRecord
	Transit       *Transit

	// What only this node knows.
	Barriers     []Barrier
	attested     [7][]finding
	Certificates []Certificate
	Overrides    []Override
	Served       []Served
	Documents    []Document
	Bookings     []Booking
	Departed     *Departed
	Consent      *Consent
	Detention    *Detention
	Needs        []domestic.Need
	Support      domestic.Support
	Family       []domestic.FamilyLink
	Separation   *domestic.Separation
	Child        *domestic.BestInterests
	Offender     *domestic.Offender
	prosecuted   Mark // a pending prosecution ended
	Attempts     []Attempt
	Orders       []Order
	Texts        []Text
	Moves        []Move
	Contested    []Contested
	Return       *Return
	Closed       Mark
	PortRefusal  *domestic.PortRefusal
}

// Mark is that an act happened: which one, when in the world, by whom, and when the other state had it.
type Mark struct {
	ID      act.ID
	At      time.Time
	Receipt time.Time
	By      act.Officer
}

// Is tells whether the act happened.
func (m Mark) Is() bool { return m.ID != "" }

// Request is the application or notification that is open or was answered.
type Request struct {
	Mark
	Notification bool
	Category     string
	Evidence     []joint.Evidence
	Found        person.Date
	Count        int // applications so far in this case
}

// Question is one request for more information and its answer.
type Question struct {
	Asked Mark
	Items []string
	Given Mark
}

// Reply is the requested state's answer.
type Reply struct {
	Mark
	Positive bool
	Basis    string // proof, prima_facie, interview
	Reason   string // of a refusal
}

// Announced is the notice of transfer in force, and the other side's acknowledgement.
type Announced struct {
	Mark
	joint.Announcement
	Ready   Mark
	Problem string
}

// Offered is a handover offered on the spot.
type Offered struct {
	Mark
	joint.Offer
	Stopped  Mark // the first act that called it off: paused, transfer or case withdrawn
	Declined Mark
	Why      string
}

// Accepted is the act that takes effect.
type Accepted struct {
	Mark
	joint.Acceptance
}

// Interview is an interview by the requested state's mission.
type Interview struct {
	Arranged Mark
	joint.InterviewArranged
	Stopped Mark // “not yet”, or the end of what it was for: the person is not brought to it
	Held    Mark
	Result  joint.InterviewResult
}

// CriminalRecord is a criminal-record request, which has a legal basis of its own.
type CriminalRecord struct {
	Asked    Mark
	Basis    string
	Answered Mark
	Answer   joint.RecordAnswer
}

// Barrier is a barrier and what became of it.
type Barrier struct {
	Mark
	domestic.Barrier
	Confirmed Mark
	Proposed  Mark // a first officer proposed to lift it
	Lifted    Mark
}

type finding struct {
	domestic.Finding
	at, recorded time.Time
	id           act.ID
}

// Certificate is a positive fact with an end.
type Certificate struct {
	Mark
	domestic.Certificate
	Revoked  Mark
	recorded time.Time
}

// Override is an override and its two later acts.
type Override struct {
	Mark
	domestic.Override
	Confirmed Mark
	Reviewed  Mark
	Upheld    bool
}

// Served is a paper served.
type Served struct {
	Mark
	domestic.Service
}

// Document is a travel document and where the paper is.
type Document struct {
	Mark
	person.Document
	Accepted  []string
	Holder    string
	Place     string
	Peer      bool // issued by the requested state for this return
	Cancelled Mark
	Used      bool
}

// Booking is a seat and how far it came.
type Booking struct {
	Mark
	domestic.Booking
	Confirmed, Locked, Suspended, Cancelled Mark
	Why                                     string
}

// Departed is a departure.
type Departed struct {
	Mark
	Booking  act.ID
	At       time.Time
	Evidence string
}

// Consent is the person's own decision; Withdrawn ends it.
type Consent struct {
	Mark
	domestic.Consent
	Withdrawn Mark
}

// Detention is the current or last detention.
type Detention struct {
	Mark
	domestic.Detention
	Reviewed Mark
	Next     person.Date
	Ended    Mark
	How      string
}

// Attempt is an ended attempt.
type Attempt struct {
	Mark
	domestic.EndedAttempt
}

// Order is a court's order that is no barrier.
type Order struct {
	Mark
	domestic.Order
}

// Text is a text that a second officer reviewed for the border.
type Text struct {
	Mark
	domestic.Review
}

// Move is a move back, a change of route, or a reopening, with its reason.
type Move struct {
	Mark
	From, To, Reason string
}

// Contested is a fact that contradicts another one; an officer settles it, the software does not.
type Contested struct {
	Mark
	Key     string // catalogue key of what contradicts what
	Against act.ID
	Settled Mark
}

// Return is the return as this state counted it.
type Return struct {
	Mark
	Record    act.ID
	Retracted bool
}

// Outcome is how a case ended. A case has exactly one (I7).
type Outcome string

const (
	Open      Outcome = ""
	Returned  Outcome = "returned"
	Left      Outcome = "departed" // verified departure, refused at port, other destination
	Withdrawn Outcome = "withdrawn"
	Refused   Outcome = "refused"
)

// Outcome derives how the case ended. Acceptance takes effect and comes first.
func (s State) Outcome() Outcome { return s.outcome() }

func (s *State) outcome() Outcome {
	switch {
	case s.Accepted != nil:
		return Returned
	case s.Departed != nil && !s.Route.TouchesPeer():
		return Left
	case s.Withdrawn.Is():
		return Withdrawn
	case s.Reply.Is() && !s.Reply.Positive && s.Closed.Is():
		return Refused
	case s.Closed.Is() && !s.Request.Is():
		return Withdrawn
	}
	return Open
}

// Active is the barriers that hold at a time.
func (s State) Active(now time.Time) []Barrier {
	var all []Barrier
	for i := range s.Barriers {
		if s.Barriers[i].holds(now, false) {
			all = append(all, s.Barriers[i])
		}
	}
	return all
}

// holds tells whether the barrier holds: from when it was set, until it is lifted, or until its own end
// where the profile lets time open it. An appeal holds unless it is known not to be suspensive.
func (b *Barrier) holds(now time.Time, expires bool) bool {
	switch {
	case b.Lifted.Is(), b.Effect == "non-suspensive":
		return false
	case expires && !b.Until.IsZero() && !now.Before(b.Until):
		return false
	}
	return true
}

// Booking is the booking in hand: the last one that was not cancelled.
func (s State) Booking() *Booking { return s.booking() }

func (s *State) booking() *Booking {
	for i := len(s.Bookings) - 1; i >= 0; i-- {
		if !s.Bookings[i].Cancelled.Is() {
			return &s.Bookings[i]
		}
	}
	return nil
}

// willing tells whether the person's consent stands.
func (s *State) willing() bool { return s.Consent != nil && !s.Consent.Withdrawn.Is() }

// child tells whether the person is or may be a child at a time; unknown is yes.
func (s *State) child(now time.Time) bool {
	years, _ := s.Particulars.Birth.Years(person.DateOf(now))
	return years < 18
}

// detained tells whether the person is held.
func (s *State) detained() bool { return s.Detention != nil && !s.Detention.Ended.Is() }

// expected tells whether the other state expects the person: a transfer was announced and still stands.
// Only then may "not yet" be said (design.md, section 4).
func (s *State) expected() bool {
	return s.Announced != nil && s.Accepted == nil && !s.Withdrawn.Is()
}

// awaited tells whether the other state expects the person at an interview: arranged, neither held nor called off, and
// not more than a day ago.
func (s *State) awaited(now time.Time) bool {
	for i := range s.Interviews {
		if v := &s.Interviews[i]; !v.Held.Is() && !v.Stopped.Is() && now.Before(v.InterviewArranged.At.AddDate(0, 0, 1)) {
			return true
		}
	}
	return false
}

// asked tells whether an application or notification is open at the other state.
func (s *State) asked() bool { return s.Request.Is() && !s.Withdrawn.Is() }

// consented tells whether the other state has agreed, by its reply or by its silence, or need not be asked.
func (s *State) consented() bool {
	if s.Route == NotificationOnly {
		return s.Request.Is()
	}
	return s.Reply.Is() && s.Reply.Positive || s.Relied.Is() && !(s.Reply.Is() && !s.Reply.Positive && s.Reply.At.Before(s.ReliedDue))
}

// outdated tells whether the particulars were corrected after the reply: it has to be given again.
func (s *State) outdated() bool {
	return s.Reply.Is() && s.Corrected.Is() && s.Corrected.At.After(s.Reply.At)
}

// openQuestion is the last question without an answer.
func (s *State) openQuestion() *Question {
	if n := len(s.Questions); n > 0 && !s.Questions[n-1].Given.Is() {
		return &s.Questions[n-1]
	}
	return nil
}

// document is the best usable document for a day and destination: not cancelled, covering the day with the
// margin, accepted there; one with the longest validity.
func (s *State) document(day person.Date, country string, margin int) *Document {
	var best *Document
	for i := range s.Documents {
		d := &s.Documents[i]
		if d.Cancelled.Is() || d.Used || !d.Covers(day, margin) || !accepts(d, country) {
			continue
		}
		if best == nil || best.ValidUntil.Before(d.ValidUntil) {
			best = d
		}
	}
	return best
}

func accepts(d *Document, country string) bool {
	if d.Issuer == country {
		return true
	}
	for _, c := range d.Accepted {
		if c == country {
			return true
		}
	}
	return false
}

// offer is the offer that can be accepted now.
func (s *State) offer() *Offered {
	if n := len(s.Offers); n > 0 && s.Accepted == nil && !s.Offers[n-1].Stopped.Is() && !s.Offers[n-1].Declined.Is() {
		return &s.Offers[n-1]
	}
	return nil
}
