package domestic

import (
	"time"

	"countersign/internal/act"

	"github.com/go-json-experiment/json/jsontext"
)

// Acts about lanes: what a lane signed and the node took in, keys that ended early, days that were closed, and
// the forgetting of travellers with whom nothing was found.
const (
	BorderLaneTaken   act.Kind = "border.lane-taken"   // one entry of a lane's queue, as the lane signed it
	BorderLaneRevoked act.Kind = "border.lane-revoked" // a lane's key counts no more, at once
	BorderLaneClosed  act.Kind = "border.lane-closed"  // nothing is missing of a lane's day
	BorderForgotten   act.Kind = "border.forgotten"    // keys of travellers were destroyed
)

var borderLaneKinds = act.Vocabulary{
	BorderLaneTaken:   func() any { return new(LaneEntry) },
	BorderLaneRevoked: func() any { return new(LaneRevocation) },
	BorderLaneClosed:  func() any { return new(LaneClosing) },
	BorderForgotten:   func() any { return new(BorderForgetting) },
}

// LaneEntry is one decision byte for byte as the lane's delegated key signed it (border/lane.Entry). The node
// signs only that it took it in: who decided is the officer who delegated the key.
type LaneEntry struct {
	Lane string         `json:"lane"`
	Seq  uint64         `json:"seq"`
	Prev string         `json:"prev"`
	Made time.Time      `json:"made"`
	Kind act.Kind       `json:"kind"`
	Body jsontext.Value `json:"body"`
	Key  string         `json:"key"`
	Sig  string         `json:"sig"`
}

// LaneRevocation ends a lane's key before its time.
type LaneRevocation struct {
	Lane   string `json:"lane"`
	KeyID  string `json:"key_id"`
	Reason string `json:"reason"` // lost, stolen, end-of-shift, error
}

// LaneClosing says how far a lane's log goes at the end of a day. Its keys end with it.
type LaneClosing struct {
	Lane    string `json:"lane"`
	Day     string `json:"day"`
	Entries uint64 `json:"entries"`
	Last    string `json:"last"` // hash of the last entry, which the lane compares with its own
}

// BorderForgetting says how many travellers' keys were destroyed, and for which time of check.
type BorderForgetting struct {
	Travellers int       `json:"travellers"`
	Before     time.Time `json:"before"`
}
