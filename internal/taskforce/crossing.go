package taskforce

import (
	"slices"

	"countersign/internal/act"
	"countersign/internal/act/joint"
)

// Ruling names how acts that crossed were resolved. People on both sides read it (catalogue key
// "taskforce.ruling." + ruling) and note that they have.
type Ruling string

const (
	// Both proposed the same: that is an agreement.
	RulingSame Ruling = "same-proposal"
	// Two different proposals of equal weight: neither stands; either side may withdraw its own, and then the
	// other's stands again.
	RulingBothAside Ruling = "both-set-aside"
	// Ending goes before suspending, suspending before any other change: the cautious proposal stays open.
	RulingCautious Ruling = "cautious-first"
	// A withdrawal wins over an acceptance that crossed it (design.md 5.1).
	RulingWithdrawal Ruling = "withdrawal-first"
	// The terms that a proposal changes were never agreed, because a withdrawal crossed their acceptance.
	RulingBaseGone Ruling = "base-not-agreed"
	// A recall wins over every step of the posting that crossed it.
	RulingRecall Ruling = "recall-first"
	// A completion was renewed while the earlier one was questioned: the new one is looked at again.
	RulingRenewed Ruling = "renewed-meanwhile"
	// A meeting was cancelled while the other side sent minutes of it: the minutes show that it took place.
	RulingHeld Ruling = "minutes-show-it-was-held"
)

// Rulings lists every ruling.
var Rulings = []Ruling{RulingSame, RulingBothAside, RulingCautious, RulingWithdrawal, RulingBaseGone,
	RulingRecall, RulingRenewed, RulingHeld}

// Crossing is a conflict between two acts that crossed, and how it was decided.
type Crossing struct {
	Family string    `json:"family"`
	Case   act.ID    `json:"case"`
	Acts   [2]act.ID `json:"acts"` // the smaller id first
	Ruling Ruling    `json:"ruling"`
	Noted  []string  `json:"noted"` // authorities whose officer has noted it
}

// conflicts collects the crossings of one thing.
type conflicts []Crossing

// add records a ruling once.
func (c *conflicts) add(family string, id act.ID, a, b act.ID, r Ruling) {
	if b < a {
		a, b = b, a
	}
	for _, x := range *c {
		if x.Acts == [2]act.ID{a, b} && x.Ruling == r {
			return
		}
	}
	*c = append(*c, Crossing{Family: family, Case: id, Acts: [2]act.ID{a, b}, Ruling: r})
}

// note marks the crossings that an officer of stream has noted.
func (c conflicts) note(stream string, n *joint.CrossingNote) {
	for i, x := range c {
		if x.Acts == n.Acts && !slices.Contains(x.Noted, stream) {
			c[i].Noted = append(slices.Clip(x.Noted), stream)
			slices.Sort(c[i].Noted)
		}
	}
}

// NoteCrossing records that the signing officer has seen a conflict.
type NoteCrossing struct {
	Family string
	Case   act.ID
	Acts   [2]act.ID
}

func (c NoteCrossing) decide(s State, env Env) ([]act.Statement, error) {
	for _, x := range s.crossings(c.Family, c.Case) {
		if x.Acts != c.Acts {
			continue
		}
		if slices.Contains(x.Noted, env.Us) {
			return nil, conflict("fault.taskforce.crossing-noted")
		}
		body := &joint.CrossingNote{Family: c.Family, Acts: c.Acts}
		return one(joint.CrossingNoted, c.Case, body), nil
	}
	return nil, missing("fault.taskforce.crossing-unknown")
}

// noteOf returns the note that an act carries, if it is one.
func noteOf(body any) (*joint.CrossingNote, bool) {
	n, ok := body.(*joint.CrossingNote)
	return n, ok
}
