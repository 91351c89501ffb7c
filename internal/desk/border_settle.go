package desk

import (
	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/store"
)

const borderCounted = joint.BorderCounted

// settleBorder writes what follows from one act at the border. The tables name nobody.
func (t *turn) settleBorder(e act.Event) error {
	switch b := e.Body.(type) {
	case *domestic.LaneEntry:
		return t.settleLaneEntry(e, b)
	case *domestic.BorderSnapshot:
		return t.tx.PutList(store.ListRow{List: b.List, Version: b.Version, SHA256: b.SHA256, Count: b.Count, At: e.Recorded})
	case *domestic.BorderMeasure:
		return t.tx.PutMeasure(store.MeasureRow{Act: e.ID, Measure: b.Measure, Rulebook: b.Rulebook, Points: b.Points, From: b.From, Until: b.Until})
	case *domestic.BorderDelegation:
		return t.settleDelegation(e, b)
	case *domestic.LaneRevocation:
		_, err := t.tx.RevokeLaneKey(b.Lane, b.KeyID)
		return err
	case *domestic.LaneClosing:
		return t.settleClosing(b)
	case *domestic.BorderClearance:
		return t.tx.PutCleared(b.Key, b.List, b.Ref)
	case *joint.BorderCounts:
		body, err := joint.Vocabulary.Encode(e.Kind, b)
		if err != nil {
			return err
		}
		return t.tx.PutCounts(store.CountsRow{Authority: e.Officer.Authority, Measure: b.Measure, Day: b.Day, At: e.Recorded, Body: string(body)})
	}
	return t.settleDecision(e, "")
}

// settleDecision keeps how a check stands after an act of decision, wherever that was made.
func (t *turn) settleDecision(e act.Event, lane string) error {
	var ref *domestic.BorderCheckRef
	decision, ground, seconds := "", "", int64(0)
	switch b := e.Body.(type) {
	case *domestic.BorderDecision:
		ref, decision, seconds = &b.BorderCheckRef, b.Decision, b.SecondLineSeconds
	case *domestic.BorderRefusal:
		if ref, decision, ground = &b.BorderCheckRef, "refuse", b.Rule; e.Kind == domestic.BorderRefusalProposed {
			decision, ground = "second-line", "" // a proposal refuses nobody
		}
	case *domestic.BorderReview:
		return t.settleReview(e.Case, b)
	case *domestic.BorderReferral: // appears nowhere
		return t.tx.KeepTraveller(b.Check)
	default:
		return nil
	}
	before, known, err := store.FindCheck(t.tx, ref.Check)
	if err != nil || known && (before.Decision == "refuse" || before.Decision == "allow") {
		return err // what was decided stands until it is reviewed
	}
	if known && before.Decision == "second-line" && decision != "second-line" {
		seconds = max(seconds, int64(e.Occurred.Sub(before.At).Seconds()))
	}
	if decision != "allow" {
		if err := t.tx.KeepTraveller(ref.Check); err != nil {
			return err
		}
	}
	return t.tx.PutCheck(store.CheckRow{ID: ref.Check, Point: ref.Point, Direction: ref.Direction, Measure: ref.Measure, At: e.Occurred, Decision: decision,
		Rules: ref.Rules, Rulebooks: ref.Rulebooks, Lists: ref.Lists, Lane: lane, Act: e.ID, Seconds: seconds, Ground: ground})
}

func (t *turn) settleReview(check act.ID, b *domestic.BorderReview) error {
	row, ok, err := store.FindCheck(t.tx, check)
	if err != nil || !ok {
		return err
	}
	if row.Reviewed = b.Outcome; b.Outcome == "withdrawn" {
		row.Decision = "allow"
	}
	return t.tx.PutCheck(row)
}
