// Package mirror compares what two states count of the same transfers, act by act. Both hold the acceptance
// of each handover, so a difference can be named by its act, without personal data.
//
// It never changes a count: a difference is explained by a person before publication.
package mirror

import (
	"cmp"
	"slices"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/joint"
	"countersign/internal/statistics"
)

// Kind says how two counts differ on one act.
type Kind string

const (
	OnlyOurs    Kind = "only-ours"
	OnlyTheirs  Kind = "only-theirs"
	OtherDay    Kind = "other-day"    // both count it in the period, on different days
	OtherPeriod Kind = "other-period" // one side counts it outside the period
	Twice       Kind = "twice"        // one side counts the act more than once
)

// Difference is one act on which the sides differ. A day that a side does not have is zero.
type Difference struct {
	Act          act.ID
	Kind         Kind
	Ours, Theirs time.Time
}

// Report is the comparison of one period.
type Report struct {
	Period       statistics.Period
	Ours, Theirs int // transfers counted in the period
	Agreed       int // counted by both on the same day
	Differences  []Difference
}

// Agree tells whether there is nothing to explain.
func (r *Report) Agree() bool { return len(r.Differences) == 0 }

// Compare reads both sides' counts. Transfers outside the period serve to explain those within.
func Compare(p statistics.Period, ours, theirs joint.MirrorCount) (*Report, error) {
	r := &Report{Period: p}
	a, err := r.read(ours, true)
	if err != nil {
		return nil, err
	}
	b, err := r.read(theirs, false)
	if err != nil {
		return nil, err
	}
	for id, day := range a {
		other, ok := b[id]
		in, otherIn := p.Contains(day), ok && p.Contains(other)
		switch {
		case in:
			r.Ours++
			if otherIn && day.Equal(other) {
				r.Agreed++
			} else {
				r.Differences = append(r.Differences, Difference{id, kind(ok, otherIn, OnlyOurs), day, other})
			}
		case otherIn:
			r.Differences = append(r.Differences, Difference{id, OtherPeriod, day, other})
		}
		if otherIn {
			r.Theirs++
		}
	}
	for id, day := range b {
		if _, ok := a[id]; !ok && p.Contains(day) {
			r.Theirs++
			r.Differences = append(r.Differences, Difference{id, OnlyTheirs, time.Time{}, day})
		}
	}
	slices.SortFunc(r.Differences, func(x, y Difference) int { return cmp.Or(cmp.Compare(x.Act, y.Act), cmp.Compare(x.Kind, y.Kind)) })
	return r, nil
}

func kind(held, in bool, only Kind) Kind {
	switch {
	case !held:
		return only
	case in:
		return OtherDay
	}
	return OtherPeriod
}

// read turns one side's transfers into days by act; an act counted twice is a difference of its own.
func (r *Report) read(c joint.MirrorCount, ours bool) (map[act.ID]time.Time, error) {
	m := make(map[act.ID]time.Time, len(c.Transfers))
	for _, t := range c.Transfers {
		day, err := statistics.ParseDay(t.Day)
		if err != nil {
			return nil, err
		}
		if _, ok := m[t.Act]; ok {
			d := Difference{Act: t.Act, Kind: Twice}
			if ours {
				d.Ours = day
			} else {
				d.Theirs = day
			}
			r.Differences = append(r.Differences, d)
			continue
		}
		m[t.Act] = day
	}
	return m, nil
}
