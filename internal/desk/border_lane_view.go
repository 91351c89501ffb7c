package desk

import (
	"encoding/hex"
	"io"
	"slices"

	"countersign/internal/access"
	"countersign/internal/border/lane"
	"countersign/internal/fault"
	"countersign/internal/store"
)

// LaneStatus is a lane as its supervisor sees it.
type LaneStatus struct {
	store.LaneRow
	Keys []LaneKey
}

// LaneKey is a key that was lent to a lane, and whether it counts now.
type LaneKey struct {
	store.LaneKeyRow
	Counts bool
	Own    bool // of the officer who asks
}

// LaneStatuses lists the lanes with the keys that are still in their time, for those who lend, revoke or close.
func (b *Border) LaneStatuses(who Session) ([]LaneStatus, error) {
	if b.allow(who, "close-lane", access.Resource{Type: "lane", Domestic: true}) != nil {
		if err := b.allow(who, "delegate-device", access.Resource{Type: "lane", Relation: "assigned", Domestic: true}); err != nil {
			return nil, err
		}
	}
	rows, err := store.AllLanes(b.Store)
	if err != nil {
		return nil, err
	}
	now := b.Clock()
	var out []LaneStatus
	for _, r := range rows {
		counting, err := b.laneKeys(b.Store, r.Lane)
		if err != nil {
			return nil, err
		}
		keys, err := store.LaneKeys(b.Store, r.Lane)
		if err != nil {
			return nil, err
		}
		s := LaneStatus{LaneRow: r}
		for _, k := range keys {
			if !now.Before(k.Until) {
				continue
			}
			_, counts := counting[k.KeyID]
			s.Keys = append(s.Keys, LaneKey{k, counts, k.Officer.ID == who.Officer.ID})
		}
		out = append(out, s)
	}
	return out, nil
}

// LaneSetup is what the operator puts into a lane's folder for a shift.
type LaneSetup struct {
	Delegation *lane.Delegation
	Public     string // of the delegated key, standard base64
	Cleared    []string
}

// SetUpLane gives what a lane needs to work under a delegation that counts now. It is for the operator of the node,
// who holds its folder; the delegation is an officer's act, and nothing here makes one.
func (b *Border) SetUpLane(name, keyID string) (*LaneSetup, error) {
	keys, err := b.laneKeys(b.Store, name)
	if err != nil {
		return nil, err
	}
	var found *lane.Delegation
	now := b.Clock()
	for _, d := range keys {
		if (keyID == "" || d.KeyID == keyID) && now.Before(d.Until) && (found == nil || d.From.After(found.From)) {
			found = d
		}
	}
	if found == nil {
		return nil, fault.New(fault.Missing, "fault.border.no-delegation", "lane", name)
	}
	rows, err := store.LaneKeys(b.Store, name)
	if err != nil {
		return nil, err
	}
	s := &LaneSetup{Delegation: found}
	for _, r := range rows {
		if r.KeyID == found.KeyID {
			s.Public = r.Public
		}
	}
	for key := range b.Cleared() {
		s.Cleared = append(s.Cleared, hex.EncodeToString(key[:]))
	}
	slices.Sort(s.Cleared)
	return s, nil
}

// PointName is a crossing point as the register calls it, or its identifier where there is none.
func (b *Border) PointName(id string) string {
	if b.Points != nil {
		for _, p := range b.Points.Points {
			if p.ID == id {
				return p.Name
			}
		}
	}
	return id
}

// PackForLane writes the image of the lists in use for the operator of the node, who holds its signing key.
func (b *Border) PackForLane(w io.Writer) error { return b.pack(w) }
