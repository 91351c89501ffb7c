package record

import (
	"encoding/base64"

	"countersign/internal/fault"

	"golang.org/x/mod/sumdb/tlog"
)

// What a node shows to an inspector from outside. It is JSON over the node's API (docs/protocol.md, section 11); nothing in
// it has to be believed but what its reader computes again from the acts' commitments and signatures.

// Standing is what a node says of its two streams at one moment. It only bounds the reading: sizes are how far to read,
// keys count when they are those that the inspector was given by people.
type Standing struct {
	Own     Authority        `json:"own"`
	Peer    Authority        `json:"peer"`
	Streams []StreamStanding `json:"streams"`
	Changes []Exhibit        `json:"changes"` // of log and countersigning keys since the pairing
	Frozen  bool             `json:"frozen"`  // the node keeps a proof that the other authority signed two records
}

// StreamStanding is one of the streams as the node holds it.
type StreamStanding struct {
	Origin string `json:"origin"`
	Author string `json:"author"`
	Size   int64  `json:"size"`
	Newest int64  `json:"newest"` // size of the largest head
}

// Stream finds a stream by its author.
func (s Standing) Stream(author string) StreamStanding {
	for _, x := range s.Streams {
		if x.Author == author {
			return x
		}
	}
	return StreamStanding{Author: author}
}

// Line is one act as an inspector sees it: blind but for what ForAuditor opens, or only its leaf where the person was erased.
type Line struct {
	Exhibit
	Refused bool   `json:"refused,omitzero"`
	Erased  string `json:"erased,omitzero"` // base64 of the leaf's hash
}

// Show reads a line; its root and its fields are checked by the reader.
func (l Line) Show() (Shown, error) {
	if l.Erased == "" {
		x, err := l.Exhibit.Show()
		x.Refused = l.Refused
		return x, err
	}
	b, err := base64.StdEncoding.DecodeString(l.Erased)
	if err != nil || len(b) != tlog.HashSize {
		return Shown{}, fault.New(fault.Invalid, "fault.bundle.proof")
	}
	h := tlog.Hash(b)
	return Shown{Index: l.Index, Erased: &h}, nil
}
