package desk

import (
	"errors"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/border/lane"
	"countersign/internal/fault"
	"countersign/internal/store"
)

// laneEvent reads an act by which the node took in a lane's entry as the act that the lane's officer made. Any
// other act stays as it is.
func (d *Desk) laneEvent(r reader, e act.Event) (act.Event, error) {
	b, ok := e.Body.(*domestic.LaneEntry)
	if !ok {
		return e, nil
	}
	keys, err := store.LaneKeys(r, b.Lane)
	if err != nil {
		return e, err
	}
	for _, k := range keys {
		if k.KeyID == b.Key {
			e.Officer = k.Officer
		}
	}
	e.Kind, e.Occurred = b.Kind, b.Made
	e.Body, err = domestic.Vocabulary.Decode(b.Kind, b.Body)
	if inner, ok := e.Body.(*domestic.BorderDecision); ok {
		inner.MergeKey = (entryOf(b)).MergeKey()
	}
	return e, err
}

func entryOf(b *domestic.LaneEntry) *lane.Entry {
	return &lane.Entry{Lane: b.Lane, Seq: b.Seq, Prev: b.Prev, Made: b.Made, Kind: b.Kind, Body: b.Body, Key: b.Key, Sig: b.Sig}
}

func (t *turn) settleLaneEntry(e act.Event, b *domestic.LaneEntry) error {
	entry := entryOf(b)
	hash, err := entry.Hash()
	if err != nil {
		return err
	}
	row, _, err := store.FindLane(t.tx, b.Lane)
	if err != nil {
		return err
	}
	row.Seq, row.Prev = b.Seq, hash
	if err := t.tx.PutLane(row); err != nil {
		return err
	}
	if e, err = t.laneEvent(t.tx, e); err != nil {
		return err
	}
	return t.settleDecision(e, b.Lane)
}

func (t *turn) settleDelegation(e act.Event, b *domestic.BorderDelegation) error {
	row, known, err := store.FindLane(t.tx, b.Lane)
	if err != nil {
		return err
	}
	if !known {
		row.Point = b.Point
		if err := t.tx.PutLane(row); err != nil {
			return err
		}
	}
	return t.tx.PutLaneKey(store.LaneKeyRow{KeyID: b.KeyID, Lane: b.Lane, Point: b.Point, Public: b.Public, Officer: e.Officer, From: b.From, Until: b.Until})
}

// ProveLane goes through a lane's whole log as the node holds it: every entry once, in order, chained, and signed
// by a key that an officer had lent. It returns how many entries there are.
func (b *Border) ProveLane(name string) (uint64, error) {
	rows, err := store.LaneKeys(b.Store, name)
	if err != nil {
		return 0, err
	}
	keys := map[string]*lane.Delegation{}
	for _, k := range rows {
		if keys[k.KeyID], err = delegation(k); err != nil {
			return 0, err
		}
	}
	log, err := store.FindLog(b.Store, LaneOrigin(b.Authority, name))
	if err != nil {
		return 0, err
	}
	var at lane.Position
	for from := int64(0); from < log.Size; {
		acts, err := store.ActsOfLog(b.Store, log.ID, from, 512)
		if err != nil || len(acts) == 0 {
			return at.Seq, errors.Join(err, fault.New(fault.Missing, "fault.audit.missing"))
		}
		for _, row := range acts {
			e, err := b.event(b.Store, row)
			if err != nil {
				return at.Seq, err
			}
			entry, ok := e.Body.(*domestic.LaneEntry)
			if !ok {
				return at.Seq, fault.New(fault.Invalid, "fault.border.lane-entry", "entry", string(row.ID))
			}
			if _, at, err = lane.Merge(at, []lane.Entry{*entryOf(entry)}, keys, row.Recorded); err != nil {
				return at.Seq, err
			}
		}
		from += int64(len(acts))
	}
	if row, _, err := store.FindLane(b.Store, name); err != nil || row.Seq != at.Seq || row.Prev != at.Prev {
		return at.Seq, errors.Join(err, fault.New(fault.Conflict, "fault.border.lane-fork", "entry", name))
	}
	return at.Seq, nil
}
