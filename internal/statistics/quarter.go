package statistics

import (
	"fmt"
	"time"

	"countersign/internal/fault"
)

// Quarter is a calendar quarter: four times the year, plus 0 to 3.
type Quarter int

// Q makes the quarter of a year, number 1 to 4.
func Q(year, number int) Quarter { return Quarter(year*4 + number - 1) }

// QuarterOf returns the quarter of a date. Returns count by date of departure.
func QuarterOf(day time.Time) Quarter { return Q(day.Year(), (int(day.Month())+2)/3) }

// ParseQuarter reads "2022 Q1", as official files write it.
func ParseQuarter(s string) (Quarter, error) {
	if len(s) != 7 || s[4] != ' ' || s[5] != 'Q' || s[6] < '1' || s[6] > '4' {
		return 0, fault.New(fault.Invalid, "fault.statistics.quarter", "value", s)
	}
	year := 0
	for _, c := range s[:4] {
		if c < '0' || c > '9' {
			return 0, fault.New(fault.Invalid, "fault.statistics.quarter", "value", s)
		}
		year = year*10 + int(c-'0')
	}
	if year < 1900 || year > 2199 {
		return 0, fault.New(fault.Invalid, "fault.statistics.quarter", "value", s)
	}
	return Q(year, int(s[6]-'0')), nil
}

// Year is the calendar year that the quarter lies in.
func (q Quarter) Year() int { return int(q) / 4 }

// Number is 1 to 4.
func (q Quarter) Number() int { return int(q)%4 + 1 }

func (q Quarter) String() string { return fmt.Sprintf("%04d Q%d", q.Year(), q.Number()) }

// Start is the first day, End the day after the last.
func (q Quarter) Start() time.Time {
	return time.Date(q.Year(), time.Month(q.Number()*3-2), 1, 0, 0, 0, 0, time.UTC)
}
func (q Quarter) End() time.Time { return (q + 1).Start() }

// Days is the number of days in the quarter.
func (q Quarter) Days() int { return int(q.End().Sub(q.Start()).Hours() / 24) }

// Day makes a date: midnight UTC.
func Day(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// ParseDay reads 2006-01-02.
func ParseDay(s string) (time.Time, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return t, fault.New(fault.Invalid, "fault.statistics.day", "value", s)
	}
	return t, nil
}

// Period is a span of days: From is its first day, Until the day after its last.
type Period struct{ From, Until time.Time }

// Year, QuarterPeriod and Days make periods.
func Year(y int) Period                 { return Period{Day(y, 1, 1), Day(y+1, 1, 1)} }
func QuarterPeriod(q Quarter) Period    { return Period{q.Start(), q.End()} }
func Days(first, last time.Time) Period { return Period{first, last.AddDate(0, 0, 1)} }

// Contains tells whether the day lies in the period.
func (p Period) Contains(day time.Time) bool { return !day.Before(p.From) && day.Before(p.Until) }

// Overlaps tells whether the periods share a day: figures of such periods are never summed.
func (p Period) Overlaps(o Period) bool { return p.From.Before(o.Until) && o.From.Before(p.Until) }

// Quarters lists the whole quarters of the period; false when it begins or ends inside one.
func (p Period) Quarters() ([]Quarter, bool) {
	first, last := QuarterOf(p.From), QuarterOf(p.Until)
	if !first.Start().Equal(p.From) || !last.Start().Equal(p.Until) || last <= first {
		return nil, false
	}
	var all []Quarter
	for q := first; q < last; q++ {
		all = append(all, q)
	}
	return all, true
}

// String names a year as "2022", a quarter as "2022 Q1" and anything else by its first and last day.
func (p Period) String() string {
	if p.From.YearDay() == 1 && p == Year(p.From.Year()) {
		return fmt.Sprint(p.From.Year())
	}
	if qs, ok := p.Quarters(); ok {
		if len(qs) == 1 {
			return qs[0].String()
		}
		return qs[0].String() + " to " + qs[len(qs)-1].String()
	}
	return p.From.Format(time.DateOnly) + " to " + p.Until.AddDate(0, 0, -1).Format(time.DateOnly)
}
