package desk

import (
	"context"
	"crypto/rand"
	"strings"
	"time"

	"countersign/internal/access"
	"countersign/internal/act"
	"countersign/internal/act/joint"
	"countersign/internal/fault"
	"countersign/internal/record"
	"countersign/internal/store"
)

// Size is how many acts the own stream has.
func (d *Desk) Size(context.Context) (int64, error) {
	log, err := store.FindLog(d.Store, d.stream)
	return log.Size, err
}

// Refused notes a message that was refused as a whole; both sides keep such a note.
func (d *Desk) Refused(ctx context.Context, side, reason, detail string) error {
	return d.Store.Write(ctx, func(tx *store.Tx) error {
		return tx.PutRefusal(store.Refusal{Peer: d.Peer.Authority, Side: side, Reason: reason, Detail: detail})
	})
}

// Heads returns the present heads of the own stream, of the peer's as held here, and of the domestic log.
func (d *Desk) Heads(ctx context.Context) ([]record.Head, error) {
	var heads []record.Head
	err := d.Store.Write(ctx, func(tx *store.Tx) error {
		heads = heads[:0]
		for _, origin := range []string{d.stream, d.peer, d.domestic} {
			log, err := tx.Log(origin)
			if err != nil {
				return err
			}
			heads = append(heads, log.Head())
		}
		return nil
	})
	return heads, err
}

// LinkState is how the link stands, for those who watch it.
type LinkState struct {
	store.LinkRow
	Size          int64 // own stream
	Countersigned int64 // of it
	Held          int64 // of the peer's stream
	Frozen        bool
	ReadOnly      string
}

// LinkState reads how the link stands. It holds nothing personal.
func (d *Desk) LinkState(context.Context) (LinkState, error) {
	var s LinkState
	var err error
	if s.LinkRow, err = store.Link(d.Store); err != nil {
		return s, err
	}
	own, err := store.FindLog(d.Store, d.stream)
	if err != nil {
		return s, err
	}
	peer, err := store.FindLog(d.Store, d.peer)
	if err != nil {
		return s, err
	}
	s.Size, s.Held = own.Size, peer.Size
	if h, ok, err := store.NewestCountersigned(d.Store, own.ID); err != nil {
		return s, err
	} else if ok {
		s.Countersigned = h.Size
	}
	if s.Frozen, err = store.Frozen(d.Store); err != nil {
		return s, err
	}
	s.ReadOnly, err = store.ReadOnly(d.Store)
	return s, err
}

// TestLink sends an act that says nothing, to see that acts arrive and countersignatures come back. padding, up to
// 8 KiB, gives it the size of a real one.
func (d *Desk) TestLink(ctx context.Context, who Session, padding string) (act.Event, error) {
	var e act.Event
	err := d.perform(ctx, who, func(t *turn) error {
		if err := t.allow("view-link", access.Resource{Type: "node"}); err != nil {
			return err
		}
		events, err := t.say(act.Statement{Scope: act.Joint, Kind: joint.LinkTested, Body: &joint.LinkTest{Nonce: rand.Text(), Padding: padding}})
		if err != nil {
			return err
		}
		e = events[0]
		return nil
	})
	return e, err
}

// Reasons for which a link is paused or ended.
var (
	pauseReasons = []string{"maintenance", "incident", "agreement"}
	endReasons   = []string{"agreement-expired", "agreement-ended", "replaced"}
)

func known(reasons []string, reason string) error {
	for _, r := range reasons {
		if r == reason {
			return nil
		}
	}
	return fault.New(fault.Invalid, "fault.exchange.reason", "reason", reason, "reasons", strings.Join(reasons, ", "))
}

// PauseLink stops the exchange at once: from this commit on nothing is taken from the peer, and nothing after
// this act leaves. Work inside the authority goes on.
func (d *Desk) PauseLink(ctx context.Context, reason string) error {
	if err := known(pauseReasons, reason); err != nil {
		return err
	}
	return d.linkAct(ctx, joint.LinkPaused, &joint.LinkPause{Reason: reason}, false)
}

// ResumeLink ends the own pause.
func (d *Desk) ResumeLink(ctx context.Context) error {
	return d.linkAct(ctx, joint.LinkResumed, &joint.LinkResumption{}, false)
}

// EndLink ends the exchange for good; what is under way is wound down by hand.
func (d *Desk) EndLink(ctx context.Context, reason string) error {
	if err := known(endReasons, reason); err != nil {
		return err
	}
	return d.linkAct(ctx, joint.LinkEnded, &joint.LinkEnd{Reason: reason}, true)
}

// RaiseFloor refuses from now on every message below a version of the link's protocol.
func (d *Desk) RaiseFloor(ctx context.Context, version int64) error {
	if version < 1 || version > d.Speaks {
		return fault.New(fault.Invalid, "fault.exchange.floor")
	}
	return d.linkAct(ctx, joint.LinkFloor, &joint.VersionFloor{Version: version}, true)
}

// linkAct makes one act about the link, by root or by the node.
func (d *Desk) linkAct(ctx context.Context, kind act.Kind, body any, root bool) error {
	return d.Store.Write(ctx, func(tx *store.Tx) error {
		if why, err := store.ReadOnly(tx); err != nil || why != "" {
			return fault.New(fault.Unavailable, "fault.node.read-only").Because(err)
		}
		t, s := d.turn(tx, Session{}), act.Statement{Scope: act.Joint, Kind: kind, Body: body}
		if root {
			if err := t.byRoot(s); err != nil {
				return err
			}
		} else if _, err := t.append(s, t.node(), t.Keys.Node); err != nil {
			return err
		}
		return t.close()
	})
}

// settleLink keeps how the link stands after one act about it. Positions are sizes: the act itself still counts.
func (t *turn) settleLink(e act.Event) error {
	own := e.Officer.Authority == t.Authority
	if e.Kind == joint.LinkTested {
		return nil
	}
	link, err := store.Link(t.tx)
	if err != nil {
		return err
	}
	switch b := e.Body.(type) {
	case *joint.LinkPause:
		*side(own, &link.PausedHere, &link.PausedThere) = e.Index + 1
	case *joint.LinkResumption:
		*side(own, &link.PausedHere, &link.PausedThere) = 0
	case *joint.LinkEnd:
		if link.Ended == "" {
			link.Ended, link.EndedAt = e.Officer.Authority, e.Index+1
		}
	case *joint.VersionFloor:
		floor := side(own, &link.FloorHere, &link.FloorThere)
		*floor = max(*floor, b.Version)
	case *joint.KeyChange:
		return t.settleKey(e)
	}
	return t.tx.SetLink(link)
}

func side[T any](own bool, here, there *T) *T {
	if own {
		return here
	}
	return there
}

// Floor is the lowest version of the link's protocol that both sides still take.
func (d *Desk) Floor(context.Context) (int64, error) {
	link, err := store.Link(d.Store)
	return max(link.FloorHere, link.FloorThere), err
}

// OldestExposed is when the oldest own joint act was recorded that the peer has not countersigned; ok is false when
// there is none.
func (d *Desk) OldestExposed(countersigned int64) (at time.Time, ok bool, err error) {
	log, err := store.FindLog(d.Store, d.stream)
	if err != nil {
		return at, false, err
	}
	rows, err := store.ActsOfLog(d.Store, log.ID, countersigned, 1)
	if err != nil || len(rows) == 0 {
		return at, false, err
	}
	return rows[0].Recorded, true, nil
}
