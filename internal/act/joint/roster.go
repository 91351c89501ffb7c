package joint

import "countersign/internal/act"

const (
	RosterEntered act.Kind = "roster.entered"
	RosterEnded   act.Kind = "roster.ended"
)

var rosterKinds = act.Vocabulary{
	RosterEntered: func() any { return new(RosterEntry) },
	RosterEnded:   func() any { return new(RosterEnd) },
}

// RosterEntry makes an officer's key known to the other state. It is signed by the authority's root key
// and is judged by its position in the stream, not by the clock (facts/exchange.md, section 6).
type RosterEntry struct {
	Officer act.ID `json:"officer"`
	Name    string `json:"name"`           // display name or service number, as the authority chooses
	Role    string `json:"role"`           // role for which this key signs
	Key     string `json:"key"`            // Ed25519 public key, standard base64
	KeyID   string `json:"key_id"`         // what acts name as their signer
	Until   string `json:"until,omitzero"` // last day, 2006-01-02; empty: until ended
}

// RosterEnd ends an officer's key: acts after it in the stream are refused.
type RosterEnd struct {
	KeyID  string `json:"key_id"`
	Reason string `json:"reason"` // left, replaced, compromised
}
