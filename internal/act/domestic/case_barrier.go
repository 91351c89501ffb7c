package domestic

import (
	"time"

	"countersign/internal/act"
	"countersign/internal/person"
)

// Kinds that open and close gates. The profile of the state's law names the gates.
const (
	BarrierSet          act.Kind = "barrier.set"
	BarrierConfirmed    act.Kind = "barrier.confirmed"
	BarrierLiftProposed act.Kind = "barrier.lift-proposed"
	BarrierLifted       act.Kind = "barrier.lifted"
	GatesAttested       act.Kind = "gates.attested"
	CertificateRecorded act.Kind = "certificate.recorded"
	CertificateRevoked  act.Kind = "certificate.revoked"
	OverrideProposed    act.Kind = "override.proposed"
	OverrideConfirmed   act.Kind = "override.confirmed"
	OverrideReviewed    act.Kind = "override.reviewed"
	FactContested       act.Kind = "fact.contested"
	OrderRecorded       act.Kind = "order.recorded"
)

var barrierKinds = act.Vocabulary{
	BarrierSet:          func() any { return new(Barrier) },
	BarrierConfirmed:    func() any { return new(BarrierStep) },
	BarrierLiftProposed: func() any { return new(BarrierStep) },
	BarrierLifted:       func() any { return new(BarrierStep) },
	GatesAttested:       func() any { return new(Attestation) },
	CertificateRecorded: func() any { return new(Certificate) },
	CertificateRevoked:  func() any { return new(CertificateEnd) },
	OverrideProposed:    func() any { return new(Override) },
	OverrideConfirmed:   func() any { return new(OverrideStep) },
	OverrideReviewed:    func() any { return new(OverrideStep) },
	FactContested:       func() any { return new(Contest) },
	OrderRecorded:       func() any { return new(Order) },
}

// Barrier closes a gate.
type Barrier struct {
	Gate      string    `json:"gate"`
	Since     time.Time `json:"since"`
	Until     time.Time `json:"until,omitzero"`  // only where the profile lets the gate open by time
	Effect    string    `json:"effect,omitzero"` // appeals: suspensive, non-suspensive; empty: unknown, so it holds
	Oral      bool      `json:"oral,omitzero"`   // on one officer's word, to be confirmed
	Evidence  string    `json:"evidence,omitzero"`
	Reference string    `json:"reference,omitzero"` // court or claim reference
}

// BarrierStep is about one barrier: its confirmation, a proposal to lift it, its lifting.
type BarrierStep struct {
	Barrier  act.ID    `json:"barrier"` // the act that set it
	Evidence string    `json:"evidence"`
	At       time.Time `json:"at,omitzero"`
}

// Finding is the answer to one gate's question at an attestation.
type Finding struct {
	Gate     string    `json:"gate"`
	Clear    bool      `json:"clear"`
	Evidence string    `json:"evidence"`       // what was looked at: a typed source
	Until    time.Time `json:"until,omitzero"` // earlier end of validity, if the source has one
}

// Attestation is one officer's word at one of the seven points (design.md 5.7).
type Attestation struct {
	Point    string    `json:"point"`
	Findings []Finding `json:"findings"`
}

// Certificate is a positive fact with an end, such as fitness to travel. The need crosses, not the diagnosis.
type Certificate struct {
	Gate     string      `json:"gate"`
	From     time.Time   `json:"from"`
	Until    time.Time   `json:"until"`
	Evidence string      `json:"evidence"`
	Document person.Date `json:"document,omitzero"`
}

// CertificateEnd revokes certificates of a gate from now on.
type CertificateEnd struct {
	Gate   string `json:"gate"`
	Reason string `json:"reason"`
}

// Override lets one step pass one closed gate, where the profile allows it.
type Override struct {
	Gate   string    `json:"gate"`
	Step   string    `json:"step"`
	Reason string    `json:"reason"`
	Until  time.Time `json:"until"`
}

// OverrideStep is about one override: the second officer's confirmation, or the later review.
type OverrideStep struct {
	Override act.ID `json:"override"`
	Upheld   bool   `json:"upheld,omitzero"`
	Reason   string `json:"reason,omitzero"`
}

// Contest records that facts contradict each other, or that a contradiction was settled.
type Contest struct {
	Act     act.ID `json:"act"`
	Against act.ID `json:"against,omitzero"`
	Settled bool   `json:"settled,omitzero"`
	Reason  string `json:"reason"`
}

// Order is a court's order that is no barrier: to bring somebody back after the departure.
type Order struct {
	Type      string      `json:"type"` // bring-back
	Reference string      `json:"reference"`
	Due       person.Date `json:"due,omitzero"`
}
