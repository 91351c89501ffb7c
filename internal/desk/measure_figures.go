package desk

import (
	"cmp"
	"context"
	"time"

	"countersign/internal/access"
	"countersign/internal/act"
	"countersign/internal/act/joint"
	"countersign/internal/fault"
	"countersign/internal/store"
	"countersign/internal/taskforce"
)

// MeasureFigures counts, from this node's own record, what can be counted of a measure's indicators: by code and
// authority. Checks are those made under the measure; requests, answers and documents are those of the two states in
// the measure's period; officers and trainings are those of its postings. A code that is not there cannot be counted
// here, and is never guessed. first and last are days; empty: those of the measure.
func (d *Desk) MeasureFigures(_ context.Context, who Session, id act.ID, first, last string) (map[string]map[string]int64, error) {
	if err := d.allow(who, "view-measures", access.Resource{Type: "task-force"}); err != nil {
		return nil, err
	}
	state := d.force.durable.Load().state
	m := state.Measures[id]
	if m == nil {
		return nil, fault.New(fault.Missing, "fault.taskforce.measure-unknown")
	}
	terms := m.TermsOn(d.Clock().In(d.Law.Location()).Format(time.DateOnly))
	from, until, err := d.span(cmp.Or(first, terms.From), cmp.Or(last, terms.Until))
	if err != nil {
		return nil, err
	}
	out := map[string]map[string]int64{}
	for _, i := range terms.Indicators {
		by, err := d.indicator(who, m, i.Code, from, until)
		if err != nil {
			return nil, err
		}
		if by != nil {
			out[i.Code] = by
		}
	}
	return out, nil
}

// span is the period of a measure as instants, in the own zone: first day, and the day after the last.
func (d *Desk) span(first, last string) (from, until time.Time, err error) {
	if from, err = time.ParseInLocation(time.DateOnly, first, d.Law.Location()); err != nil {
		return from, until, fault.New(fault.Invalid, "fault.taskforce.period").Because(err)
	}
	if until, err = time.ParseInLocation(time.DateOnly, last, d.Law.Location()); err != nil {
		return from, until, fault.New(fault.Invalid, "fault.taskforce.period").Because(err)
	}
	return from, until.AddDate(0, 0, 1), nil
}

// counted are the joint acts behind indicators. Each is counted for the side that made it.
var counted = map[string][]act.Kind{
	"verifications-requested": {joint.CaseRequested},
	"verifications-answered":  {joint.CaseConfirmed, joint.CaseRefused},
	"travel-documents-issued": {joint.CaseDocumentIssued},
}

// CountedJointly tells whether a figure is counted from what both states hold, so that the account of a measure takes
// it from the record instead of from an officer.
func CountedJointly(code string) bool {
	_, ok := counted[code]
	return ok || code == "days-to-answer-median" || code == "officers-posted" || code == "trainings-held"
}

func (d *Desk) indicator(who Session, m *taskforce.Measure, code string, from, until time.Time) (map[string]int64, error) {
	switch code {
	case "checks-made", "exits-refused", "exit-refusals-reviewed":
		if who.Posted { // how many were stopped is the host's own
			return nil, nil
		}
		n, err := store.CountChecks(d.Store, m.ID, code, from, until)
		return map[string]int64{d.Authority: n}, err
	case "officers-posted", "trainings-held":
		return d.ofPostings(m.ID, code), nil
	case "days-to-answer-median":
		return store.MedianAnswer(d.Store, joint.CaseRequested, counted["verifications-answered"], from, until, d.authorities())
	}
	kinds, ok := counted[code]
	if !ok {
		return nil, nil
	}
	return store.CountJoint(d.Store, kinds, from, until, d.authorities())
}

// authorities names the author of each kind of stream.
func (d *Desk) authorities() map[store.LogKind]string {
	return map[store.LogKind]string{store.Stream: d.Authority, store.Peer: d.Peer.Authority}
}

// ofPostings counts for the side that sends, of the postings under a measure.
func (d *Desk) ofPostings(measure act.ID, code string) map[string]int64 {
	out := map[string]int64{d.Authority: 0, d.Peer.Authority: 0}
	for _, p := range d.force.durable.Load().state.Postings {
		switch {
		case p.Terms.Mandate != measure:
		case code == "officers-posted" && p.Accredited != nil:
			out[p.Terms.Home]++
		case code == "trainings-held":
			out[p.Terms.Home] += int64(len(p.Trainings))
		}
	}
	return out
}
