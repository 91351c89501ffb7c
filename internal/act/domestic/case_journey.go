package domestic

import (
	"time"

	"countersign/internal/act"
	"countersign/internal/person"
)

// Kinds about papers, the journey and detention.
const (
	NoticeServed      act.Kind = "notice.served"
	DocumentRecorded  act.Kind = "document.recorded"
	DocumentMoved     act.Kind = "document.moved"
	DocumentCancelled act.Kind = "document.cancelled"
	SeatHeld          act.Kind = "booking.held"
	BookingConfirmed  act.Kind = "booking.confirmed"
	BookingSuspended  act.Kind = "booking.suspended"
	BookingCancelled  act.Kind = "booking.cancelled"
	JourneyLocked     act.Kind = "journey.locked"
	JourneyDeparted   act.Kind = "journey.departed"
	DepartureVerified act.Kind = "departure.verified"
	DetentionRecorded act.Kind = "detention.recorded"
	DetentionReviewed act.Kind = "detention.reviewed"
	DetentionEnded    act.Kind = "detention.ended"
	RefusalAtPort     act.Kind = "port.refused"
)

var journeyKinds = act.Vocabulary{
	NoticeServed:      func() any { return new(Service) },
	DocumentRecorded:  func() any { return new(HeldDocument) },
	DocumentMoved:     func() any { return new(DocumentMove) },
	DocumentCancelled: func() any { return new(DocumentEnd) },
	SeatHeld:          func() any { return new(Booking) },
	BookingConfirmed:  func() any { return new(BookingStep) },
	BookingSuspended:  func() any { return new(BookingStep) },
	BookingCancelled:  func() any { return new(BookingStep) },
	JourneyLocked:     func() any { return new(BookingStep) },
	JourneyDeparted:   func() any { return new(Departure) },
	DepartureVerified: func() any { return new(Departure) },
	DetentionRecorded: func() any { return new(Detention) },
	DetentionReviewed: func() any { return new(DetentionReview) },
	DetentionEnded:    func() any { return new(DetentionEnd) },
	RefusalAtPort:     func() any { return new(PortRefusal) },
}

// Service is a paper given to somebody, and how it is known that it was understood. A paper served on
// somebody who did not understand it does not count (law, section 9).
type Service struct {
	Papers      []string  `json:"papers"` // intention, departure-details, priority-notice, liability, decision
	Route       string    `json:"route"`  // notice route of the law profile, for example "10A"
	To          string    `json:"to"`     // person, representative
	At          time.Time `json:"at"`
	Language    string    `json:"language"`
	ReadBy      string    `json:"read_by,omitzero"`
	Understood  bool      `json:"understood"`
	Checked     string    `json:"checked,omitzero"`
	Method      string    `json:"method"` // in-person, post, electronic
	Proof       string    `json:"proof"`  // receipt, signature, witness
	Part        string    `json:"part"`   // part of the state where the person is
	Destination string    `json:"destination"`
	Stops       []string  `json:"stops,omitzero"`
	Departs     time.Time `json:"departs,omitzero"`  // departure details only
	Original    time.Time `json:"original,omitzero"` // what the route counts from: failed date, refusal, cut-off, decision
	Form        string    `json:"form,omitzero"`
}

// HeldDocument is a travel document of the person, where the paper is and who holds it.
type HeldDocument struct {
	Document person.Document `json:"document"`
	Accepted []string        `json:"accepted"` // states that accept it for this journey
	Holder   string          `json:"holder"`   // authority, person, carrier, escort, other
	Place    string          `json:"place,omitzero"`
	Genuine  bool            `json:"genuine"` // looked at and found genuine
}

// DocumentMove says who holds the paper now.
type DocumentMove struct {
	Number string `json:"number"`
	Holder string `json:"holder"`
	Place  string `json:"place,omitzero"`
}

// DocumentEnd takes a document out of use.
type DocumentEnd struct {
	Number string `json:"number"`
	Reason string `json:"reason"`
}

// Booking is a seat on a journey; the journey is the same struct that the peer is told about.
type Booking struct {
	Means   string    `json:"means"`
	Carrier string    `json:"carrier,omitzero"`
	Number  string    `json:"number,omitzero"`
	From    string    `json:"from"`
	To      string    `json:"to"`
	Country string    `json:"country"` // destination of the journey, ISO 3166-1 alpha-3
	Departs time.Time `json:"departs"`
	Arrives time.Time `json:"arrives"`
	Stops   []string  `json:"stops,omitzero"`
	Escorts int       `json:"escorts,omitzero"`
	Police  bool      `json:"police,omitzero"` // with a police escort
	Charter bool      `json:"charter,omitzero"`
	Reserve bool      `json:"reserve,omitzero"` // reserve seat: only if told in writing
}

// BookingStep is about one booking.
type BookingStep struct {
	Booking act.ID `json:"booking"`
	Reason  string `json:"reason,omitzero"`
}

// Departure says that somebody left.
type Departure struct {
	Booking  act.ID    `json:"booking,omitzero"`
	At       time.Time `json:"at"`
	Evidence string    `json:"evidence"` // escort-report, carrier, exit-check, embassy, entry-stamp
}

// Detention records the power, the ground and why the return is imminent.
type Detention struct {
	Power    string    `json:"power"`
	Ground   string    `json:"ground"`
	Imminent string    `json:"imminent"` // typed: document-in-hand, reply-due, journey-booked
	Place    string    `json:"place"`
	At       time.Time `json:"at"`
}

// DetentionReview says whether the reason is still valid (P13).
type DetentionReview struct {
	Maintained bool        `json:"maintained"`
	Reason     string      `json:"reason"`
	Next       person.Date `json:"next,omitzero"`
}

// DetentionEnd ends detention.
type DetentionEnd struct {
	How string    `json:"how"` // departed, bail, released
	At  time.Time `json:"at"`
}

// PortRefusal is refused entry at the port and its subsequent departure.
type PortRefusal struct {
	At    time.Time `json:"at"`
	Place string    `json:"place"` // uk-port, juxtaposed
}
