// Package exchange carries streams of joint acts between two authorities. Sending is replicating the stream:
// "you have countersigned up to n; here are n.. and my signed head"; the receiver's countersignature is the
// receipt (design.md, section 3). The whole protocol is written down in docs/protocol.md.
//
// It imports only the joint vocabulary's side of the product: it cannot name a domestic act, and it sees acts
// only as bytes. It decides nothing about them and stores nothing itself; both are behind Streams.
package exchange

import (
	"context"

	"countersign/internal/record"
)

// Streams is the authority's record as the exchange needs it.
type Streams interface {
	// Outgoing gives the stretch of the own stream from an index, with a signed head for its end. No head means
	// that nothing may leave now.
	Outgoing(ctx context.Context, from int64) (record.Batch, error)
	// Countersigned takes the peer's countersignature over an own head and returns its size.
	Countersigned(ctx context.Context, cosigned []byte) (int64, error)
	// Incoming takes a stretch of the peer's stream; the answer may leave only when it returns.
	Incoming(ctx context.Context, b record.Batch) (record.Answer, error)
	// Held says what is held of the peer's stream.
	Held(ctx context.Context) (record.Answer, error)
	// Size is how many acts the own stream has.
	Size(ctx context.Context) (int64, error)
	// Standing compares what the peer holds of the own stream with what is here. A node that is behind its own
	// past, because an old backup was restored, stops here before it signs any head.
	Standing(ctx context.Context, a record.Answer) error
	// Eager allows heads to be signed with each commit; only after Standing, never before.
	Eager(on bool)
	// GiveBack gives the peer a stretch of its own stream as it is held here, and its countersignatures.
	GiveBack(ctx context.Context, from, countersignedFrom int64) (record.Returned, error)
	// Refused notes a message refused as a whole, "here" or "there".
	Refused(ctx context.Context, side, reason, detail string) error
	// Floor is the lowest version that both sides still take, as they have signed.
	Floor(ctx context.Context) (int64, error)
}

// Kinds of messages.
const (
	kindPush   = "push"   // a stretch of the sender's stream
	kindAsk    = "ask"    // what do you hold of mine
	kindPull   = "pull"   // give me the next stretch of yours; here is what I hold of it
	kindReturn = "return" // give me back what you hold of mine: an old backup was restored here
)

// message is a request on the link. What it does not need is zero.
type message struct {
	Version  int64  `json:"version"`
	Kind     string `json:"kind"`
	From     string `json:"from"` // authority
	To       string `json:"to"`
	Start    int64  `json:"start"`
	Head     string `json:"head"`
	Held     int64  `json:"held"`     // pull, return: of the receiver's stream
	Cosigned string `json:"cosigned"` // pull: newest countersigned head of the receiver's stream
	Newest   string `json:"newest"`   // pull: newest head of it that was seen
}

// reply is the answer on the link. Version, refused, oldest and latest mean the same in every version.
type reply struct {
	Version  int64    `json:"version"`
	Refused  string   `json:"refused"`
	Oldest   int64    `json:"speaks_from"` // versions that the answering node speaks
	Latest   int64    `json:"speaks_to"`
	Held     int64    `json:"held"`
	Cosigned string   `json:"cosigned"`
	Newest   string   `json:"newest"`
	Start    int64    `json:"start"` // pull, return: of the acts that follow
	Head     string   `json:"head"`
	Heads    []string `json:"heads"`  // return: countersigned heads of the asker's stream
	Theirs   []string `json:"theirs"` // return: the asker's own countersignatures over the answerer's stream
	More     bool     `json:"more"`
}

// Versions is the range of protocol versions that a node speaks: its own and the one before.
type Versions struct{ Oldest, Latest int64 }

// Speaks is what this software speaks. Version 1 is the first, so there is none before it.
var Speaks = Versions{1, 1}

// agree picks the version of a link, or 0 when there is none: the highest that both speak and that is not below
// the signed floor.
func (v Versions) agree(peer Versions, floor int64) int64 {
	version := min(v.Latest, peer.Latest)
	if version < max(v.Oldest, peer.Oldest, floor) {
		return 0
	}
	return version
}
