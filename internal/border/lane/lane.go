// Package lane owns what a lane needs to work with the link down: a queue of an officer's decisions, signed
// with a short-lived key that the officer delegated and chained to each other, and the rules by which a node
// takes such a queue in exactly once. It also notices clocks that jump and lists that are too old. It never
// decides, and it has no way to receive anything but signed alert lists and rulebooks.
package lane

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/fault"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Delegation is an officer's act that lends a lane a key for a shift.
type Delegation struct {
	Lane    string
	Point   string
	Officer act.Officer
	KeyID   string
	Public  ed25519.PublicKey
	From    time.Time
	Until   time.Time
}

// longest is how long a lane key may live: a shift, not a career.
const longest = 24 * time.Hour

// FromAct reads the delegation that an officer signed.
func FromAct(e act.Event) (*Delegation, error) {
	b, ok := e.Body.(*domestic.BorderDelegation)
	if !ok {
		return nil, fault.New(fault.Invalid, "fault.border.delegation")
	}
	key, err := base64.StdEncoding.DecodeString(b.Public)
	if err != nil || len(key) != ed25519.PublicKeySize || b.Lane == "" || b.KeyID == "" || !b.Until.After(b.From) || b.Until.Sub(b.From) > longest {
		return nil, fault.New(fault.Invalid, "fault.border.delegation")
	}
	return &Delegation{b.Lane, b.Point, e.Officer, b.KeyID, key, b.From, b.Until}, nil
}

// Entry is one decision in a lane's queue. Its bytes are signed; Prev chains it to the one before.
type Entry struct {
	Lane string         `json:"lane"`
	Seq  uint64         `json:"seq"` // from 1, without gaps
	Prev string         `json:"prev"`
	Made time.Time      `json:"made"`
	Kind act.Kind       `json:"kind"`
	Body jsontext.Value `json:"body"`
	Key  string         `json:"key"`
	Sig  string         `json:"sig,omitzero"`
}

// MergeKey names the entry for all time: what is merged once under it is never merged again.
func (e *Entry) MergeKey() string { return fmt.Sprintf("%s/%d", e.Lane, e.Seq) }

func (e *Entry) signed() ([]byte, error) {
	c := *e
	c.Sig = ""
	b, err := json.Marshal(&c)
	if err != nil {
		return nil, err
	}
	v := jsontext.Value(b)
	if err := v.Canonicalize(); err != nil {
		return nil, err
	}
	return append([]byte("countersign-lane 1\n"), v...), nil
}

// Hash is what the next entry names as its Prev.
func (e *Entry) Hash() (string, error) {
	b, err := e.signed()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(append(b, e.Sig...))
	return hex.EncodeToString(sum[:]), nil
}

// Queue is a lane's own log since it started or since it was last emptied.
type Queue struct {
	d       *Delegation
	key     ed25519.PrivateKey
	Next    uint64
	Prev    string
	Pending []Entry // not yet acknowledged by the node
}

// NewQueue goes on where the node says the lane's log stands (next 1 and prev "" for a new lane).
func NewQueue(d *Delegation, key ed25519.PrivateKey, next uint64, prev string) *Queue {
	return &Queue{d: d, key: key, Next: max(next, 1), Prev: prev}
}

// Append signs one decision. It is refused when the delegation has ended: the officer has to sign in again.
func (q *Queue) Append(st act.Statement, now time.Time) (*Entry, error) {
	if now.Before(q.d.From) || !now.Before(q.d.Until) {
		return nil, fault.New(fault.Late, "fault.border.lane-key", "until", q.d.Until.UTC().Format(time.RFC3339))
	}
	body, err := domestic.Vocabulary.Encode(st.Kind, st.Body)
	if err != nil {
		return nil, err
	}
	e := Entry{Lane: q.d.Lane, Seq: q.Next, Prev: q.Prev, Made: now.UTC(), Kind: st.Kind, Body: body, Key: q.d.KeyID}
	msg, err := e.signed()
	if err != nil {
		return nil, err
	}
	e.Sig = base64.StdEncoding.EncodeToString(ed25519.Sign(q.key, msg))
	hash, err := e.Hash()
	if err != nil {
		return nil, err
	}
	q.Pending, q.Next, q.Prev = append(q.Pending, e), e.Seq+1, hash
	return &e, nil
}

// Acknowledge drops what the node holds durably.
func (q *Queue) Acknowledge(upTo uint64) {
	for len(q.Pending) > 0 && q.Pending[0].Seq <= upTo {
		q.Pending = q.Pending[1:]
	}
}

// Position is how far a node has taken in a lane's log.
type Position struct {
	Seq  uint64
	Prev string // hash of the entry at Seq
}

// Merged is an entry as the node will record it.
type Merged struct {
	Statement act.Statement
	Officer   act.Officer
	MergeKey  string
}

// lanes may decide at the lane; everything else needs the node.
var laneKinds = map[act.Kind]bool{domestic.BorderDecided: true, domestic.BorderRefusalProposed: true, domestic.BorderReferred: true}

// Merge checks a batch against what the node already holds and returns what is new. Entries delivered again
// are skipped; another entry in a place that is taken, a gap, a broken chain, a wrong signature or a key
// outside its time refuse the batch from there on, and what came before it stands.
func Merge(at Position, batch []Entry, keys map[string]*Delegation, now time.Time) ([]Merged, Position, error) {
	var out []Merged
	for i := range batch {
		e := &batch[i]
		hash, err := e.Hash()
		if err != nil {
			return out, at, fault.New(fault.Invalid, "fault.border.lane-entry", "entry", e.MergeKey()).Because(err)
		}
		switch {
		case e.Seq == at.Seq && hash != at.Prev:
			return out, at, fault.New(fault.Conflict, "fault.border.lane-fork", "entry", e.MergeKey())
		case e.Seq <= at.Seq: // delivered before
			continue
		case e.Seq != at.Seq+1 || e.Prev != at.Prev:
			return out, at, fault.New(fault.Conflict, "fault.border.lane-gap", "entry", e.MergeKey())
		}
		m, err := e.open(keys, now)
		if err != nil {
			return out, at, err
		}
		out, at = append(out, *m), Position{e.Seq, hash}
	}
	return out, at, nil
}

func (e *Entry) open(keys map[string]*Delegation, now time.Time) (*Merged, error) {
	d := keys[e.Key]
	msg, err := e.signed()
	sig, sigErr := base64.StdEncoding.DecodeString(e.Sig)
	if d == nil || d.Lane != e.Lane || err != nil || sigErr != nil || !ed25519.Verify(d.Public, msg, sig) {
		return nil, fault.New(fault.Denied, "fault.border.lane-signature", "entry", e.MergeKey())
	}
	if e.Made.Before(d.From) || !e.Made.Before(d.Until) || e.Made.After(now.Add(skew)) {
		return nil, fault.New(fault.Late, "fault.border.lane-time", "entry", e.MergeKey())
	}
	if !laneKinds[e.Kind] {
		return nil, fault.New(fault.Denied, "fault.border.lane-kind", "kind", string(e.Kind))
	}
	body, err := domestic.Vocabulary.Decode(e.Kind, e.Body)
	if err != nil {
		return nil, err
	}
	switch b := body.(type) {
	case *domestic.BorderDecision:
		b.MergeKey = e.MergeKey()
	case *domestic.BorderRefusal:
		b.MergeKey = e.MergeKey()
	}
	return &Merged{act.Statement{Scope: act.Domestic, Kind: e.Kind, Occurred: e.Made, Body: body}, d.Officer, e.MergeKey()}, nil
}
