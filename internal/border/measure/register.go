// Package measure owns what a joint measure at the border leaves behind: counts by criterion, decision, point
// and hour; the fairness view; the totals that both states may see; and the register of crossing points with
// the share that is covered. It counts decisions, never travellers by origin, and keeps nobody's data.
package measure

import (
	"io/fs"
	"slices"

	"countersign/internal/border/criteria"
	"countersign/internal/fault"

	"github.com/go-json-experiment/json"
)

// Point is a place where the border may be crossed.
type Point struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Border string `json:"border,omitzero"` // neighbouring state; empty at ports and airports
	Kind   string `json:"kind"`            // land, sea, air
	Main   bool   `json:"main,omitzero"`
}

// Register is all crossing points of a state that are known, with what is known to be missing.
type Register struct {
	State    string        `json:"state"`
	Source   string        `json:"source"`
	Mark     criteria.Mark `json:"mark"`
	Complete bool          `json:"complete"`
	Gaps     criteria.Text `json:"gaps"`
	Points   []Point       `json:"points"`
}

// LoadRegister reads STATE/border-points.json.
func LoadRegister(fsys fs.FS, state string) (*Register, error) {
	b, err := fs.ReadFile(fsys, state+"/border-points.json")
	if err != nil {
		return nil, fault.New(fault.Missing, "fault.border.register", "state", state).Because(err)
	}
	var r Register
	if err := json.Unmarshal(b, &r, json.RejectUnknownMembers(true)); err != nil {
		return nil, fault.New(fault.Invalid, "fault.border.register", "state", state).Because(err)
	}
	seen := map[string]bool{}
	for _, p := range r.Points {
		if p.ID == "" || seen[p.ID] || !slices.Contains([]string{"land", "sea", "air"}, p.Kind) {
			return nil, fault.New(fault.Invalid, "fault.border.register", "state", state)
		}
		seen[p.ID] = true
	}
	return &r, nil
}

// Coverage is how many of the known points something reaches. It is a share of what is known: Complete says
// whether that is all there is.
type Coverage struct {
	Kind            string
	Covered, Points int
	Complete        bool
}

// Covered counts, for land, sea and air, the points in use. A point that the register does not know is an error.
func (r *Register) Covered(points []string) ([]Coverage, error) {
	out := []Coverage{{Kind: "land", Complete: r.Complete}, {Kind: "sea", Complete: r.Complete}, {Kind: "air", Complete: r.Complete}}
	known := map[string]bool{}
	for _, p := range r.Points {
		known[p.ID] = true
		for i := range out {
			if out[i].Kind == p.Kind {
				out[i].Points++
				if slices.Contains(points, p.ID) {
					out[i].Covered++
				}
			}
		}
	}
	for _, p := range points {
		if !known[p] {
			return nil, fault.New(fault.Missing, "fault.border.point", "point", p)
		}
	}
	return out, nil
}
