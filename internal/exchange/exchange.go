// Package exchange carries streams of joint acts between two authorities. Sending is replicating the stream:
// "you have countersigned up to n; here are n.. and my signed head"; the receiver's countersignature is the
// receipt (design.md, section 3).
//
// It imports only the joint vocabulary's side of the product: it cannot name a domestic act, and it sees acts
// only as bytes. It decides nothing about them and stores nothing itself; both are behind Streams.
package exchange

import (
	"context"

	"countersign/internal/fault"
	"countersign/internal/record"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Streams is the authority's record as the exchange needs it.
type Streams interface {
	// Outgoing gives the stretch of the own stream from an index, with a signed head for its end.
	Outgoing(ctx context.Context, from int64) (record.Batch, error)
	// Countersigned takes the peer's countersignature over an own head and returns its size.
	Countersigned(ctx context.Context, cosigned []byte) (int64, error)
	// Incoming takes a stretch of the peer's stream; the answer may leave only when it returns.
	Incoming(ctx context.Context, b record.Batch) (record.Answer, error)
	// Held says what is held of the peer's stream.
	Held(ctx context.Context) (record.Answer, error)
	// Size is how many acts the own stream has.
	Size(ctx context.Context) (int64, error)
	// Behind is told when the peer holds more of the own stream than there is here: an old backup was
	// restored. The node stops writing and takes its acts back.
	Behind(ctx context.Context, a record.Answer) error
	// Refused notes a message refused as a whole, "here" or "there".
	Refused(ctx context.Context, side, reason, detail string) error
}

// message is a request on the link. Kind "push" carries a stretch; "ask" asks only what is held.
type message struct {
	Version string           `json:"version"`
	Kind    string           `json:"kind"`
	From    string           `json:"from"` // authority
	To      string           `json:"to"`
	Nonce   []byte           `json:"nonce"` // only the receiver can read and echo it: it authenticates the answer
	Start   int64            `json:"start"`
	Head    string           `json:"head"`
	Acts    []jsontext.Value `json:"acts"`
}

// reply is the answer on the link.
type reply struct {
	Version  string `json:"version"`
	Nonce    []byte `json:"nonce"`
	Held     int64  `json:"held"`
	Cosigned string `json:"cosigned"`
	Newest   string `json:"newest"`
	Refused  string `json:"refused"`
}

// Version is the link's protocol version. It is inside what is sealed, so it cannot be lowered on the way.
const Version = "countersign-exchange/1"

const (
	infoRequest = "countersign/exchange/1/request"
	infoReply   = "countersign/exchange/1/reply"
)

func (m message) batch() record.Batch {
	b := record.Batch{From: m.Start, Head: []byte(m.Head), Acts: make([][]byte, len(m.Acts))}
	for i, a := range m.Acts {
		b.Acts[i] = a
	}
	return b
}

func pushMessage(b record.Batch) message {
	m := message{Kind: "push", Start: b.From, Head: string(b.Head), Acts: make([]jsontext.Value, len(b.Acts))}
	for i, a := range b.Acts {
		m.Acts[i] = a
	}
	return m
}

// decode reads a message or reply strictly: duplicate or unknown members and trailing bytes are refused.
func decode(raw []byte, into any) error {
	if err := json.Unmarshal(raw, into, json.RejectUnknownMembers(true)); err != nil {
		return fault.New(fault.Invalid, "fault.exchange.malformed").Because(err)
	}
	return nil
}
