package statistics

import (
	"time"

	"countersign/internal/fault"
)

// Series names where figures come from. A provisional table from live systems and a quarterly series are
// two series: their figures are compared, never mixed.
type Series string

const (
	Quarterly Series = "quarterly"    // Immigration system statistics, Ret_D01 to Ret_D04
	Live      Series = "live-systems" // ad hoc tables from live operational systems, provisional
	Record    Series = "record"       // counted from the acts of this record
)

// Edition names a publication: a series at a date. For Record, the date is the instant "as known at".
type Edition struct {
	Series    Series
	Published time.Time
}

func (e Edition) String() string { return string(e.Series) + " " + e.Published.Format(time.DateOnly) }

// Population says whose returns: those of a nationality, or those to a destination. The two are different
// questions; 159 of 1,958 returns of Albanian nationals in 2022 went elsewhere.
type Population struct {
	Nationality Country
	Destination Country
}

// Figure is a value with all that it is a value of.
type Figure struct {
	Measure    Measure
	Population Population
	Period     Period
	Edition    Edition
	Value      int64
}

// Add sums figures of one population, period and edition over groups that do not overlap, and refuses
// anything else. There is no other addition of figures in this program.
func Add(figures ...Figure) (Figure, error) {
	if len(figures) == 0 {
		return Figure{}, fault.New(fault.Invalid, "fault.statistics.nothing")
	}
	sum, measures := figures[0], []Measure{figures[0].Measure}
	for _, f := range figures[1:] {
		switch {
		case f.Population != sum.Population:
			return Figure{}, fault.New(fault.Invalid, "fault.statistics.other-population")
		case f.Edition != sum.Edition:
			return Figure{}, fault.New(fault.Invalid, "fault.statistics.other-edition", "one", sum.Edition.String(), "other", f.Edition.String())
		case f.Period != sum.Period:
			return Figure{}, fault.New(fault.Invalid, "fault.statistics.other-period")
		}
		sum.Value += f.Value
		measures = append(measures, f.Measure)
	}
	m, err := Union(sum.Edition.Published, measures...)
	if err != nil {
		return Figure{}, err
	}
	sum.Measure = m
	return sum, nil
}

// AddPeriods sums figures of one measure over periods that do not share a day.
func AddPeriods(figures ...Figure) (Figure, error) {
	if len(figures) == 0 {
		return Figure{}, fault.New(fault.Invalid, "fault.statistics.nothing")
	}
	sum := figures[0]
	covered := sum.Period.Until.Sub(sum.Period.From)
	for i, f := range figures[1:] {
		covered += f.Period.Until.Sub(f.Period.From)
		if f.Measure != sum.Measure || f.Population != sum.Population || f.Edition != sum.Edition {
			return Figure{}, fault.New(fault.Invalid, "fault.statistics.other-measure")
		}
		for _, g := range figures[:i+1] {
			if f.Period.Overlaps(g.Period) {
				return Figure{}, fault.New(fault.Invalid, "fault.statistics.periods-overlap")
			}
		}
		if f.Period.From.Before(sum.Period.From) {
			sum.Period.From = f.Period.From
		}
		if f.Period.Until.After(sum.Period.Until) {
			sum.Period.Until = f.Period.Until
		}
		sum.Value += f.Value
	}
	if covered != sum.Period.Until.Sub(sum.Period.From) {
		return Figure{}, fault.New(fault.Invalid, "fault.statistics.periods-gap")
	}
	return sum, nil
}

// EndOf is the last instant of a day: "as known on 24 April" includes what was recorded that day.
func EndOf(day time.Time) time.Time { return day.AddDate(0, 0, 1).Add(-time.Nanosecond) }
