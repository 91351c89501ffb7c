package press

import (
	"slices"
	"time"

	"countersign/internal/fault"
	"countersign/internal/statistics"
	"countersign/internal/statistics/cube"
	"countersign/internal/statistics/official"
)

// Source is one published edition. Value answers with a fault "fault.statistics.unpublished" or
// "fault.statistics.suppressed" where it does not give a number.
type Source interface {
	Edition() statistics.Edition
	Provisional() bool
	Value(statistics.Measure, statistics.Population, statistics.Period) (int64, error)
}

// Library is every edition that a check may name.
type Library []Source

// At returns the edition of a series of a date.
func (l Library) At(series statistics.Series, published time.Time) (Source, error) {
	for _, s := range l {
		if e := s.Edition(); e.Series == series && sameDay(e.Published, published) {
			return s, nil
		}
	}
	return nil, fault.New(fault.Missing, "fault.press.edition", "edition", published.Format(time.DateOnly), "series", string(series))
}

func sameDay(a, b time.Time) bool { return a.Format(time.DateOnly) == b.Format(time.DateOnly) }

// before returns the editions of a series published up to an edition, newest first, itself excluded.
func (l Library) before(e statistics.Edition, series statistics.Series) []Source {
	var all []Source
	for _, s := range l {
		if o := s.Edition(); o.Series == series && !o.Published.After(e.Published) && o != e {
			all = append(all, s)
		}
	}
	slices.SortStableFunc(all, func(a, b Source) int { return b.Edition().Published.Compare(a.Edition().Published) })
	return all
}

// others returns editions of other series published up to an edition, newest first.
func (l Library) others(e statistics.Edition) []Source {
	var all []Source
	for _, series := range []statistics.Series{statistics.Record, statistics.Quarterly, statistics.Live} {
		if series != e.Series {
			all = append(all, l.before(e, series)...)
		}
	}
	return all
}

// FromHolding is an imported official edition.
type FromHolding struct{ *cube.Holding }

func (h FromHolding) Edition() statistics.Edition { return h.Holding.Edition }
func (h FromHolding) Provisional() bool           { return h.Holding.Provisional }
func (h FromHolding) Value(m statistics.Measure, p statistics.Population, period statistics.Period) (int64, error) {
	return h.Sum(cube.Filter{Measure: m, Population: p, Period: period})
}

// FromLedger is the record as known at an instant. It counts any days, and refuses what had not ended.
type FromLedger struct {
	Ledger *statistics.Ledger
	AsOf   time.Time
}

func (l FromLedger) Edition() statistics.Edition {
	return statistics.Edition{Series: statistics.Record, Published: l.AsOf}
}
func (l FromLedger) Provisional() bool { return true }
func (l FromLedger) Value(m statistics.Measure, p statistics.Population, period statistics.Period) (int64, error) {
	if period.Until.After(l.AsOf) {
		return 0, fault.New(fault.Missing, "fault.statistics.not-ended", "period", period.String(), "edition", l.Edition().String())
	}
	return l.Ledger.Count(statistics.Query{Measure: m, Period: period, Nationality: p.Nationality, Destination: p.Destination}, l.AsOf)
}

// FromTable is an official edition out of the shipped table: Albanian nationals only.
type FromTable struct{ Published time.Time }

func (t FromTable) Edition() statistics.Edition {
	return statistics.Edition{Series: statistics.Quarterly, Published: t.Published}
}
func (t FromTable) Provisional() bool { return false }
func (t FromTable) Value(m statistics.Measure, p statistics.Population, period statistics.Period) (int64, error) {
	if p == (statistics.Population{Nationality: "albania"}) {
		if n, ok := official.Table().Value(t.Published, m, period); ok {
			return n, nil
		}
	}
	return 0, notHere(t, period)
}

// FromOrigin is the statement of 24 April 2023: the figures that it gives and no others.
type FromOrigin struct{}

func (FromOrigin) Edition() statistics.Edition {
	day, _ := statistics.ParseDay(official.Table().Origin.Published)
	return statistics.Edition{Series: statistics.Series(official.Table().Origin.Series), Published: day}
}
func (FromOrigin) Provisional() bool { return official.Table().Origin.Provisional }
func (o FromOrigin) Value(m statistics.Measure, p statistics.Population, period statistics.Period) (int64, error) {
	origin := official.Table().Origin
	if string(p.Nationality) == origin.Nationality && p.Destination == "" {
		for _, f := range origin.Figures {
			if f.Measure == m && f.Period == period.String() {
				return f.Value, nil
			}
		}
	}
	return 0, notHere(o, period)
}

func notHere(s Source, p statistics.Period) error {
	return fault.New(fault.Missing, "fault.statistics.not-in-table", "period", p.String(), "edition", s.Edition().String())
}

// remembered answers each question to an edition once: a draft asks the same ones again and again.
type remembered struct {
	Source
	answers map[question]answer
}

type question struct {
	measure    statistics.Measure
	population statistics.Population
	period     statistics.Period
}

type answer struct {
	value int64
	err   error
}

func (r remembered) Value(m statistics.Measure, p statistics.Population, period statistics.Period) (int64, error) {
	q := question{m, p, period}
	a, ok := r.answers[q]
	if !ok {
		a.value, a.err = r.Source.Value(m, p, period)
		r.answers[q] = a
	}
	return a.value, a.err
}

// remember wraps a library for the time of one check.
func (l Library) remember() Library {
	all := make(Library, len(l))
	for i, s := range l {
		all[i] = remembered{s, map[question]answer{}}
	}
	return all
}
