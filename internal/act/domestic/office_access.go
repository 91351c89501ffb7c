package domestic

import "countersign/internal/act"

// Kinds about who gets in: the identity by which an officer signs in, teams whose members work on each other's
// cases, the pairing with the other authority, and looks in an emergency.
const (
	SubjectBound      act.Kind = "subject.bound"
	TeamSet           act.Kind = "team.set"
	PairingProposed   act.Kind = "pairing.proposed"
	PairingConfirmed  act.Kind = "pairing.confirmed"
	PairingDropped    act.Kind = "pairing.dropped"
	EmergencyStated   act.Kind = "emergency.stated"
	EmergencyReviewed act.Kind = "emergency.reviewed"
)

var accessKinds = act.Vocabulary{
	SubjectBound:      func() any { return new(Subject) },
	TeamSet:           func() any { return new(Team) },
	PairingProposed:   func() any { return new(Pairing) },
	PairingConfirmed:  func() any { return new(PairingStep) },
	PairingDropped:    func() any { return new(PairingStep) },
	EmergencyStated:   func() any { return new(Emergency) },
	EmergencyReviewed: func() any { return new(EmergencyReview) },
}

// Subject says that an identity at the authority's own provider is this officer, from now on and nobody else.
type Subject struct {
	Officer act.ID `json:"officer"`
	Issuer  string `json:"issuer"`
	Subject string `json:"subject"`
}

// Team is officers who work on each other's cases. A team without members is closed.
type Team struct {
	ID      act.ID   `json:"id"`
	Name    string   `json:"name"`
	Members []act.ID `json:"members"`
}

// Pairing is the other authority's public keys, whose fingerprint the officer has compared with a person on the
// other side.
type Pairing struct {
	Authority   string `json:"authority"`
	Fingerprint string `json:"fingerprint"`
	Keys        string `json:"keys"` // the public key file
}

// PairingStep is the second officer's own comparison, or the end of the proposal.
type PairingStep struct {
	Proposal    act.ID `json:"proposal"`
	Fingerprint string `json:"fingerprint"`
}

// Emergency is why an officer reads a case of another team at once.
type Emergency struct {
	Case   act.ID      `json:"case"` // not the act's own: the file of the case does not change
	Reason string      `json:"reason"`
	Until  act.Instant `json:"until"`
}

// EmergencyReview is what a supervisor found of it afterwards.
type EmergencyReview struct {
	Statement act.ID `json:"statement"`
	Justified bool   `json:"justified"`
	Note      string `json:"note"`
}
