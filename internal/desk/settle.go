package desk

import (
	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/store"
)

// settle lets one act take effect on what is kept beside the record. What an act is about is projected once,
// when the turn closes.
func (t *turn) settle(e act.Event) error {
	if isForce(e.Kind) {
		return t.settleForce(e)
	}
	if isBorder(e.Kind) {
		return t.settleBorder(e)
	}
	t.touch(e.Case)
	switch {
	case e.Kind == domestic.SubjectBound || e.Kind == domestic.TeamSet:
		return t.settleOffice(e)
	case joint.IsRoster(e.Kind):
		return t.settleRoster(e, e.Index)
	case joint.IsLink(e.Kind):
		return t.settleLink(e)
	case e.Kind == joint.ActRefused && e.Officer.Authority == t.Peer.Authority:
		return t.settleRefusal(e.Body.(*joint.ActRefusal))
	case isReturn(e.Kind):
		return t.settleReturn(e)
	case e.Kind == domestic.DataConsulted:
		return t.settleLook(e)
	}
	return t.indexAct(e)
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
	if err != nil {
		return err
	}
	t.touch(about)
	if rows, err := store.ActsOfLog(t.tx, log.ID, r.Index, 1); err != nil || len(rows) == 0 || !isForce(rows[0].Kind) {
		return err
	}
	return t.rereadForce()
}

// project brings what was touched up to date.
func (t *turn) project(id act.ID) error {
	if t.replayed != nil {
		return t.projectCase(id, t.replayed[id].at(t.tx.Now))
	}
	h, err := t.history(id)
	if err != nil || h.acts == 0 {
		return err
	}
	return t.projectCase(id, h.state)
}
