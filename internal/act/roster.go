package act

import (
	"crypto/ed25519"

	"countersign/internal/fault"
)

// Signer is one key of the roster: whose it is, for which role, and from which to which position of its
// authority's stream its acts count. Positions decide, not clocks (facts/exchange.md, section 6).
type Signer struct {
	Officer   ID
	Authority string
	Name      string
	Role      string
	Key       ed25519.PublicKey
	From      int64  // position of the roster act that entered it
	Ended     int64  // position of the roster act that ended it; 0: not ended
	Until     string // last day in the authority's own calendar, 2006-01-02; "": open
}

// Roster is the officers of one authority by key id, folded from the roster acts of its stream.
type Roster map[string]Signer

// At returns the signer of keyID for an act at position index made on day (2006-01-02).
func (r Roster) At(keyID string, index int64, day string) (Signer, error) {
	s, ok := r[keyID]
	switch {
	case !ok || index < s.From:
		return s, fault.New(fault.Denied, "fault.roster.unknown-key", "key", keyID)
	case s.Ended > 0 && index > s.Ended:
		return s, fault.New(fault.Denied, "fault.roster.ended", "key", keyID)
	case s.Until != "" && day > s.Until:
		return s, fault.New(fault.Denied, "fault.roster.expired", "key", keyID, "until", s.Until)
	}
	return s, nil
}
