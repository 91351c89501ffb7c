// Package casework owns the return case: its state as a fold over acts, the gates that the law puts before
// each step, the clocks that the treaty starts, and the one sentence that says what is next and who owes it.
// The same code runs at both states; only the side differs.
//
// It is pure: no clock, no randomness, no input or output. It never refuses a person, never scores one, and
// never lets a step pass an absolute gate, on any interface, for anyone. What it lets cross the border tells
// nothing of a barrier: every cause looks alike (design.md, section 4).
package casework

import (
	"time"

	"countersign/internal/act"
	"countersign/internal/treaty"
)

// Route is how a person returns (design.md 5.5). Only the first two touch the peer before the journey.
type Route string

const (
	Readmission       Route = "readmission"
	NotificationOnly  Route = "notification"
	VerifiedDeparture Route = "verified-departure"
	RefusedAtPort     Route = "port-refusal"
	OtherDestination  Route = "other-destination"
)

// Routes lists the routes in the order in which forms offer them.
var Routes = []Route{Readmission, NotificationOnly, VerifiedDeparture, RefusedAtPort, OtherDestination}

// TouchesPeer tells whether the other state is asked or told before the journey.
func (r Route) TouchesPeer() bool { return r == Readmission || r == NotificationOnly }

// Step is what a gate guards.
type Step string

const (
	StepRequest     Step = "request"
	StepDocument    Step = "document"
	StepHoldSeat    Step = "hold-seat"
	StepServeNotice Step = "serve-notice"
	StepConfirm     Step = "confirm"
	StepAnnounce    Step = "announce"
	StepLock        Step = "lock"
	StepDepart      Step = "depart"
	StepHandover    Step = "handover"
)

// Steps lists the guarded steps in the order of a return.
var Steps = []Step{StepRequest, StepDocument, StepHoldSeat, StepServeNotice, StepConfirm, StepAnnounce, StepLock, StepDepart, StepHandover}

// Points are the seven points of attestation (design.md 5.7).
var Points = []string{"request", "travel-document", "booking", "manifest-lock", "t24", "t2", "handover"}

// pointsOf are the points whose attestation a step needs. A notice is preparation and needs none.
var pointsOf = map[Step][]int{
	StepRequest: {0}, StepDocument: {1}, StepHoldSeat: {2}, StepConfirm: {2}, StepAnnounce: {2}, StepLock: {3},
	StepDepart: {4, 5}, StepHandover: {6},
}

// Side is which state a node is in a case.
type Side string

const (
	Requesting Side = "requesting"
	Requested  Side = "requested"
	NoSide     Side = ""
)

// Terms reckons time limits of an agreement or of a removal law; package treaty stands behind it.
type Terms interface {
	// InForce tells whether new requests may be made at t.
	InForce(t time.Time) bool
	// Term reckons a limit. An error says that the text has no such rule, or that a fact is missing.
	Term(rule string, start time.Time, f TermFacts) (Term, error)
}

// TermFacts are the facts on which the choice and the reckoning of a limit hang.
type TermFacts struct {
	Tier     string          // proof, prima_facie, start_only, interview
	Category string          // national, third_country_national ...
	Escort   string          // none, police, medical
	Means    string          // air, land, sea
	Part     string          // part of the state where the person is
	Stopped  []Span          // time that does not count, where the text stops the clock
	Extended bool            // the limit was extended under its clause
	Facts    map[string]bool // further named facts of a text
}

// Span is a stretch of time; a zero To is still open.
type Span struct{ From, To time.Time }

// Term is a reckoned limit.
type Term struct {
	Due      time.Time // first instant after the limit
	OnExpiry string    // none, deemed_consent, duty_ended, document_deemed
	Basis    string    // article and source, "unknown" where nobody knows it
	StandIn  bool
	Trace    any // treaty's own explanation of the date
}

// Env is all that a decision may depend on beside the state.
type Env struct {
	Now       time.Time
	By        act.Officer
	Own       string      // code of this node's authority
	Law       *treaty.Law // this state's law
	Agreement Terms       // the pinned agreement; nil on routes without one
	Removal   Terms       // the removal law's limits; nil where the profile names none
	// RestoredAt is when the node came back from a backup: what was attested before is unknown again.
	RestoredAt time.Time
	// Family are the states of the other cases of the same family.
	Family []State
	// ID makes a fresh random identifier for a record that an act creates; only RecordReturn needs one.
	ID act.ID
}

// side is this node's side in the case.
func (s *State) side(own string) Side {
	switch own {
	case "":
		return NoSide
	case s.Requesting:
		return Requesting
	case s.Requested:
		return Requested
	}
	return NoSide
}

// SideOf tells which side an authority is on.
func (s State) SideOf(own string) Side { return s.side(own) }
