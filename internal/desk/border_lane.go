package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"countersign/internal/access"
	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/border/lane"
	"countersign/internal/fault"
	"countersign/internal/store"
)

// LaneOrigin names the log of a lane at its authority.
func LaneOrigin(authority, name string) string {
	return "countersign/" + authority + "/lane/" + name
}

// DelegateLane lends a lane a short-lived key. Whoever signs this act is the officer who decides at the lane.
func (b *Border) DelegateLane(ctx context.Context, who Session, d domestic.BorderDelegation) (*lane.Delegation, error) {
	var out *lane.Delegation
	return out, b.perform(ctx, who, func(t *turn) error {
		if err := t.allow("delegate-device", access.Resource{Type: "lane", Relation: "assigned", Domestic: true}); err != nil {
			return err
		}
		if err := t.allow("decide-check", access.Resource{Type: "check", Domestic: true}); err != nil {
			return err // nobody lends what they do not have
		}
		s := act.Statement{Scope: act.Domestic, Kind: domestic.BorderLaneDelegated, Body: &d}
		made, err := lane.FromAct(act.Event{Officer: who.Officer, Body: &d})
		if err != nil {
			return err
		}
		if act.KeyID(made.Public) != d.KeyID || d.Until.Before(t.tx.Now) || len(d.Lane) > 64 {
			return fault.New(fault.Invalid, "fault.border.delegation")
		}
		if err := b.knownPoint(d.Point); err != nil {
			return err
		}
		if known, ok, err := store.FindLane(t.tx, d.Lane); err != nil || ok && known.Point != d.Point {
			return errors.Join(err, fault.New(fault.Conflict, "fault.border.lane-point", "lane", d.Lane))
		}
		if err := t.tx.CreateLog(LaneOrigin(t.Authority, d.Lane), store.Device); err != nil {
			return err
		}
		out = made
		_, err = t.say(s)
		return err
	})
}

// RevokeLane ends a lane's key at once: what it signed and the node has not yet taken in is refused, whatever time
// it names, because whoever holds the key can name any.
func (b *Border) RevokeLane(ctx context.Context, who Session, name, keyID, reason string) error {
	return b.perform(ctx, who, func(t *turn) error {
		keys, err := store.LaneKeys(t.tx, name)
		if err != nil {
			return err
		}
		relation, found := "none", false
		for _, k := range keys {
			if k.KeyID == keyID {
				if found = true; k.Officer.ID == who.Officer.ID {
					relation = "assigned"
				}
			}
		}
		if !found {
			return fault.New(fault.Missing, "fault.border.no-lane", "lane", name)
		}
		if err := t.allow("revoke-device", access.Resource{Type: "lane", Relation: relation, Domestic: true}); err != nil {
			return err
		}
		_, err = t.say(act.Statement{Scope: act.Domestic, Kind: domestic.BorderLaneRevoked, Body: &domestic.LaneRevocation{Lane: name, KeyID: keyID, Reason: reason}})
		return err
	})
}

// maxDelivery bounds one delivery of a lane's queue.
const maxDelivery = 2000

// DeliverLane takes in what a lane has queued, each entry exactly once by its place in the lane's own log. What
// came before a bad entry stands; the error says why the rest does not. Nobody is signed in: the entries carry the
// signature of the key that an officer delegated, and only that makes them count.
func (b *Border) DeliverLane(ctx context.Context, batch []lane.Entry) (lane.Position, error) {
	var at lane.Position
	if len(batch) == 0 || len(batch) > maxDelivery {
		return at, fault.New(fault.Invalid, "fault.border.lane-batch", "limit", fmt.Sprint(maxDelivery))
	}
	for i := range batch {
		if batch[i].Lane != batch[0].Lane {
			return at, fault.New(fault.Invalid, "fault.border.lane-batch", "limit", fmt.Sprint(maxDelivery))
		}
	}
	var refused error
	err := b.perform(ctx, Session{Officer: b.node()}, func(t *turn) (err error) {
		at, refused, err = t.takeLane(batch)
		return err
	})
	if err != nil {
		return at, err
	}
	return at, refused
}

// LanePosition is how far a lane's log was taken in: where its queue goes on.
func (b *Border) LanePosition(name string) (lane.Position, error) {
	row, ok, err := store.FindLane(b.Store, name)
	if err == nil && !ok {
		err = fault.New(fault.Missing, "fault.border.no-lane", "lane", name)
	}
	return lane.Position{Seq: row.Seq, Prev: row.Prev}, err
}

func (t *turn) takeLane(batch []lane.Entry) (at lane.Position, refused, err error) {
	name := batch[0].Lane
	row, ok, err := store.FindLane(t.tx, name)
	if err != nil || !ok {
		return at, nil, errors.Join(err, fault.New(fault.Missing, "fault.border.no-lane", "lane", name))
	}
	keys, err := t.laneKeys(t.tx, name)
	if err != nil {
		return at, nil, err
	}
	start := lane.Position{Seq: row.Seq, Prev: row.Prev}
	merged, at, refused := lane.Merge(start, batch, keys, t.tx.Now)
	taken := 0
	for i := range batch {
		e := &batch[i]
		if e.Seq <= start.Seq || e.Seq > at.Seq || taken == len(merged) {
			continue
		}
		m := merged[taken]
		check, point := checkOf(m.Statement.Body)
		if point != "" && point != row.Point { // a lane decides at its own crossing point
			at, refused = lane.Position{Seq: e.Seq - 1, Prev: e.Prev}, fault.New(fault.Denied, "fault.border.lane-point", "lane", name)
			break
		}
		if err := t.takeEntry(e, check, m); err != nil {
			return at, nil, err
		}
		taken++
	}
	if fault.KeyOf(refused) == "fault.border.lane-signature" {
		refused = t.whyNot(name, batch, at, refused)
	}
	return at, refused, nil
}

// whyNot says of an entry whose key does not count that the key was revoked, where that is the reason.
func (t *turn) whyNot(name string, batch []lane.Entry, at lane.Position, refused error) error {
	keys, err := store.LaneKeys(t.tx, name)
	if err != nil {
		return err
	}
	for i := range batch {
		for _, k := range keys {
			if batch[i].Seq == at.Seq+1 && k.KeyID == batch[i].Key && !k.Revoked.IsZero() {
				return fault.New(fault.Denied, "fault.border.lane-revoked", "lane", name)
			}
		}
	}
	return refused
}

// laneKeys are the keys that count for a lane now: not revoked, lent by an officer who is on the roster and may
// still decide.
func (d *Desk) laneKeys(q store.Querier, name string) (map[string]*lane.Delegation, error) {
	rows, err := store.LaneKeys(q, name)
	if err != nil {
		return nil, err
	}
	keys := map[string]*lane.Delegation{}
	for _, k := range rows {
		if !k.Revoked.IsZero() {
			continue
		}
		counts, err := onRoster(q, k.Officer)
		if err != nil {
			return nil, err
		}
		may := Session{Officer: k.Officer, Purpose: "purpose.border"}
		if !counts || d.allow(may, "decide-check", access.Resource{Type: "check", Domestic: true}) != nil {
			continue
		}
		if keys[k.KeyID], err = delegation(k); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

func onRoster(q store.Querier, o act.Officer) (bool, error) {
	keyID, _, err := store.OfficerKey(q, o.ID)
	if err != nil {
		return false, err
	}
	signer, ok, err := store.FindSigner(q, keyID)
	return ok && signer.Ended == 0, err
}

func delegation(k store.LaneKeyRow) (*lane.Delegation, error) {
	return lane.FromAct(act.Event{Officer: k.Officer, Body: &domestic.BorderDelegation{Lane: k.Lane, Point: k.Point, KeyID: k.KeyID, Public: k.Public, From: k.From, Until: k.Until}})
}

// takeEntry appends one entry to the lane's own log. The node signs that it took it in; the decision is the
// delegating officer's.
func (t *turn) takeEntry(e *lane.Entry, check act.ID, m lane.Merged) error {
	_, err := t.appendTo(LaneOrigin(t.Authority, e.Lane), act.Statement{Scope: act.Domestic, Kind: domestic.BorderLaneTaken, Case: check,
		Subject: borderSubject(m.Statement.Kind, check), Occurred: e.Made, Body: &domestic.LaneEntry{Lane: e.Lane, Seq: e.Seq, Prev: e.Prev,
			Made: e.Made, Kind: e.Kind, Body: e.Body, Key: e.Key, Sig: e.Sig}}, t.node(), t.Keys.Node)
	return err
}

func checkOf(body any) (check act.ID, point string) {
	switch b := body.(type) {
	case *domestic.BorderDecision:
		return b.Check, b.Point
	case *domestic.BorderRefusal:
		return b.Check, b.Point
	case *domestic.BorderReferral:
		return b.Check, ""
	}
	return "", ""
}

// CloseLane ends a lane's day: the supervisor names the last entry that the lane shows, so that one still in its
// queue cannot be forgotten. The lane's keys end with it.
func (b *Border) CloseLane(ctx context.Context, who Session, name, day, last string) error {
	return b.perform(ctx, who, func(t *turn) error {
		if err := t.allow("close-lane", access.Resource{Type: "lane", Domestic: true}); err != nil {
			return err
		}
		row, ok, err := store.FindLane(t.tx, name)
		switch {
		case err != nil:
			return err
		case !ok:
			return fault.New(fault.Missing, "fault.border.no-lane", "lane", name)
		case row.Prev != last:
			return fault.New(fault.Conflict, "fault.border.lane-open", "lane", name)
		case day <= row.Closed:
			return fault.New(fault.Conflict, "fault.border.lane-closed", "lane", name, "day", row.Closed)
		}
		if _, err := time.Parse(time.DateOnly, day); err != nil {
			return fault.New(fault.Invalid, "fault.border.day", "value", day)
		}
		_, err = t.say(act.Statement{Scope: act.Domestic, Kind: domestic.BorderLaneClosed, Body: &domestic.LaneClosing{Lane: name, Day: day, Entries: row.Seq, Last: row.Prev}})
		return err
	})
}

func (t *turn) settleClosing(b *domestic.LaneClosing) error {
	row, _, err := store.FindLane(t.tx, b.Lane)
	if err != nil {
		return err
	}
	row.Closed = b.Day
	if err := t.tx.PutLane(row); err != nil {
		return err
	}
	_, err = t.tx.RevokeLaneKey(b.Lane, "")
	return err
}
