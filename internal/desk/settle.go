package desk

import (
	"countersign/internal/act"
	"countersign/internal/act/joint"
)

// settle lets one act take effect on what is kept beside the record. What an act is about is projected once,
// when the turn closes.
func (t *turn) settle(e act.Event) error {
	if isBorder(e.Kind) {
		return t.settleBorder(e)
	}
	t.touch(e.Case)
	switch {
	case isRoster(e.Kind):
		clear(t.signers)
		return t.settleRoster(e, e.Index)
	case isLink(e.Kind):
		return t.settleLink(e)
	case e.Kind == joint.ActRefused && e.Officer.Authority == t.Peer.Authority:
		return t.settleRefusal(e.Body.(*joint.ActRefusal))
	case isReturn(e.Kind):
		return t.settleReturn(e)
	}
	return nil
}

// settleRefusal takes the effect off an own act that the peer holds but could not take.
func (t *turn) settleRefusal(r *joint.ActRefusal) error {
	log, err := t.tx.Log(t.stream)
	if err != nil {
		return err
	}
	if r.Index < 0 || r.Index >= log.Size() {
		return nil // it names no act of ours
	}
	about, err := t.tx.RefuseAct(log.ID, r.Index, r.Reason)
	t.touch(about)
	return err
}

// project brings what was touched up to date.
func (t *turn) project(id act.ID) error {
	events, err := t.eventsAbout(t.tx, id)
	if err != nil || len(events) == 0 {
		return err
	}
	return t.projectCase(id, events)
}
