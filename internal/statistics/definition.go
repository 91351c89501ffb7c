package statistics

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"slices"
	"sync"
	"time"

	"countersign/internal/fault"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

//go:embed definitions.json
var definitionsFile []byte

// Measure names what is counted: a definition's id.
type Measure string

const (
	WithoutPort      Measure = "returns-without-port"
	WithPort         Measure = "returns-with-port"
	EnforcedReturns  Measure = "enforced"
	VoluntaryReturns Measure = "voluntary"
	PortReturns      Measure = "port"
	OffenderReturns  Measure = "offender"
	AsylumRelated    Measure = "asylum-related"
)

// Role says how a measure relates to the others.
type Role string

const (
	Part    Role = "part"    // one group of the partition
	Total   Role = "total"   // a union of groups
	Overlap Role = "overlap" // cuts across the groups: already counted in them, never added to them
)

// Definition is one measure's counting rule, as dated data. Its hash is what a release names.
type Definition struct {
	ID         Measure `json:"id"`
	ValidFrom  string  `json:"valid_from"`
	Role       Role    `json:"role"`
	Groups     []Group `json:"groups"`               // which groups are counted
	Flag       string  `json:"flag,omitzero"`        // and only returns that bear this flag
	NeverJoint bool    `json:"never_joint,omitzero"` // a state's own table only
	Unit       string  `json:"unit"`                 // "return": events, not persons
	DateBasis  string  `json:"date_basis"`           // "departure"
	Population string  `json:"population"`           // by nationality, whatever the destination
	English    string  `json:"en"`
	Sq         string  `json:"sq"`
	Source     string  `json:"source"`
	hash       string
}

// Hash is the SHA-256 of the definition in canonical JSON (RFC 8785), in hex.
func (d *Definition) Hash() string { return d.hash }

// Text is the definition's name in a language.
func (d *Definition) Text(lang string) string {
	if lang == "sq" {
		return d.Sq
	}
	return d.English
}

// Counts tells whether a return counts under the definition.
func (d *Definition) Counts(r *Return) bool {
	if d.Flag != "" && (d.Flag != "offender" || !r.Offender) {
		return false
	}
	return slices.Contains(d.Groups, r.Group())
}

// Definitions lists every definition, in the file's order.
var Definitions = sync.OnceValue(func() []Definition {
	var raw []jsontext.Value
	if err := json.Unmarshal(definitionsFile, &raw); err != nil {
		panic("statistics: definitions.json: " + err.Error())
	}
	all := make([]Definition, len(raw))
	for i, r := range raw {
		if err := json.Unmarshal(r, &all[i], json.RejectUnknownMembers(true)); err != nil {
			panic("statistics: definitions.json: " + err.Error())
		}
		if err := r.Canonicalize(); err != nil {
			panic("statistics: definitions.json: " + err.Error())
		}
		sum := sha256.Sum256(r)
		all[i].hash = hex.EncodeToString(sum[:])
	}
	return all
})

// Define returns the definition of a measure in force on a date.
func Define(m Measure, on time.Time) (*Definition, error) {
	all := Definitions()
	var best *Definition
	for i := range all {
		d := &all[i]
		if d.ID == m && d.ValidFrom <= on.Format(time.DateOnly) && (best == nil || d.ValidFrom > best.ValidFrom) {
			best = d
		}
	}
	if best == nil {
		return nil, fault.New(fault.Missing, "fault.statistics.measure", "measure", string(m))
	}
	return best, nil
}

// Union returns the measure that the given ones add up to, or refuses: a measure that overlaps (offender,
// asylum-related) is already counted in the groups, and a group counted twice is counted twice.
func Union(on time.Time, parts ...Measure) (Measure, error) {
	var groups []Group
	for _, m := range parts {
		d, err := Define(m, on)
		if err != nil {
			return "", err
		}
		if d.Role == Overlap && len(parts) > 1 {
			return "", fault.New(fault.Invalid, "fault.statistics.overlap", "measure", string(m))
		}
		for _, g := range d.Groups {
			if slices.Contains(groups, g) {
				return "", fault.New(fault.Invalid, "fault.statistics.overlap", "measure", string(m))
			}
			groups = append(groups, g)
		}
	}
	if len(parts) == 1 {
		return parts[0], nil
	}
	for _, d := range Definitions() {
		if d.Role != Overlap && sameGroups(d.Groups, groups) {
			return d.ID, nil
		}
	}
	return "", fault.New(fault.Invalid, "fault.statistics.union", "measure", string(parts[0]))
}

func sameGroups(a, b []Group) bool {
	if len(a) != len(b) {
		return false
	}
	for _, g := range a {
		if !slices.Contains(b, g) {
			return false
		}
	}
	return true
}
