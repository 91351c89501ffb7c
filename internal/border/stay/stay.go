// Package stay counts days of stay in a moving window: how many are used, until when a person may stay, when
// they may lawfully come back. The parameters (90 in any 180 days for the Schengen area, SBC Art. 6(1)) come
// from a rulebook. It counts; it never says what follows from the count.
package stay

import (
	"math/bits"
	"time"

	"countersign/internal/fault"
)

// Day is a calendar day, counted from 1 January 1970. A stay is counted in days of the place, not in hours.
type Day int32

// DayOf is the calendar day that t shows in its own zone.
func DayOf(t time.Time) Day {
	y, m, d := t.Date()
	return Day(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// Parse reads 2006-01-02.
func Parse(s string) (Day, error) {
	t, err := time.Parse("2006-01-02", s)
	if err != nil || t.Year() < 1900 || t.Year() > 2200 {
		return 0, fault.New(fault.Invalid, "fault.border.day", "value", s)
	}
	return DayOf(t), nil
}

func (d Day) String() string { return time.Unix(int64(d)*86400, 0).UTC().Format("2006-01-02") }

// Stay is one stay; the days of entry and of exit both count. Exit 0 means that the person has not left.
type Stay struct{ Entry, Exit Day }

// Rule is how many days are allowed in a window of so many, counted back from each day of stay.
type Rule struct {
	Days   int `json:"days"`
	Window int `json:"window"`
}

// Result is the count on one day.
type Result struct {
	On        Day
	Used      int  // days of stay in the window that ends with On
	Left      int  // days that the window of On still leaves
	Present   bool // On itself is a day of stay
	Overstay  int  // days of stay up to On that were beyond the rule
	FirstOver Day  // the first of them; 0 none

	// LatestDeparture is the last day to which a person who is there on On, and stays, may stay. 0 if being
	// there on On is itself beyond the rule.
	LatestDeparture Day
	// EarliestEntry is the first day from On on which an absent person may be there. It is On itself if that
	// is lawful.
	EarliestEntry Day
	// EntryUntil is the last day of an unbroken stay that begins on EarliestEntry.
	EntryUntil Day
}

const maxWindow = 400 // 180 in every rule known; a window that fits the bit set

// Count counts the days of stays known on the day on. Overlapping stamps count once; their order is of no
// matter; stays that begin after on are left out. An open stay counts up to on.
func Count(rule Rule, stays []Stay, on Day) (Result, error) {
	if rule.Days <= 0 || rule.Window < rule.Days || rule.Window > maxWindow {
		return Result{}, fault.New(fault.Invalid, "fault.border.stay-rule")
	}
	r := Result{On: on}
	var past, ahead set
	past.first, ahead.first = on-Day(2*maxWindow), on-Day(maxWindow)
	for _, s := range stays {
		exit := s.Exit
		if exit == 0 {
			exit = max(on, s.Entry)
		}
		if exit < s.Entry {
			return Result{}, fault.New(fault.Invalid, "fault.border.stay-order", "entry", s.Entry.String(), "exit", s.Exit.String())
		}
		if s.Entry > on {
			continue
		}
		exit = min(exit, on) // what lies ahead is a plan, not a stay
		past.add(s.Entry, exit)
		ahead.add(s.Entry, exit)
	}
	w := Day(rule.Window - 1)
	r.Used = past.count(on-w, on)
	r.Left = max(rule.Days-r.Used, 0)
	r.Present = past.has(on)
	r.overstay(rule, &past)
	r.ahead(rule, &ahead)
	return r, nil
}

// overstay finds the days of stay on which the window already held more than the rule allows, within the
// span that is kept (more than two windows back nothing can matter for a check today).
func (r *Result) overstay(rule Rule, s *set) {
	if s.count(s.first, r.On) <= rule.Days { // nobody can be over
		return
	}
	w := Day(rule.Window)
	used := s.count(s.first, s.first+w-1)
	for d := s.first + w - 1; d <= r.On; d++ {
		if d > s.first+w-1 {
			used += s.bit(d) - s.bit(d-w)
		}
		if used > rule.Days && s.has(d) {
			if r.Overstay == 0 {
				r.FirstOver = d
			}
			r.Overstay++
		}
	}
}

// ahead walks forward with the moving window: old days leave it as new ones enter, so "90 less used" is not
// the answer to until when.
func (r *Result) ahead(rule Rule, s *set) {
	w := Day(rule.Window)
	until := func(from Day) Day { // last lawful day of an unbroken stay that begins on from; from-1 if none
		used := s.count(from-w+1, from-1)
		d := from
		for ; ; d++ {
			// d is a day of stay: counted once whether or not a stamp has it already.
			if d > from {
				used -= s.bit(d - w) // leaves the window; days from `from` on are counted by their number
			}
			if used+int(d-from)+1 > rule.Days {
				return d - 1
			}
		}
	}
	if last := until(r.On); last >= r.On {
		r.LatestDeparture = last
	}
	used := s.count(r.On-w+1, r.On-1)
	for d := r.On; ; d++ {
		if d > r.On {
			used += s.bit(d-1) - s.bit(d-w)
		}
		if used < rule.Days {
			r.EarliestEntry, r.EntryUntil = d, until(d)
			return
		}
	}
}

// set is a set of days from first on, one bit each.
type set struct {
	first Day
	bits  [(3*maxWindow + 63) / 64]uint64
}

func (s *set) size() Day { return Day(len(s.bits) * 64) }

func (s *set) add(from, to Day) {
	i, j := max(from-s.first, 0), min(to-s.first, s.size()-1)
	for i <= j {
		n := min(64-i%64, j-i+1)
		s.bits[i/64] |= (^uint64(0) >> (64 - n)) << (i % 64)
		i += n
	}
}

func (s *set) has(d Day) bool { return s.bit(d) == 1 }

func (s *set) bit(d Day) int {
	i := d - s.first
	if i < 0 || i >= s.size() {
		return 0
	}
	return int(s.bits[i/64] >> (i % 64) & 1)
}

func (s *set) count(from, to Day) int {
	n := 0
	i, j := max(from-s.first, 0), min(to-s.first, s.size()-1)
	for i <= j {
		k := min(64-i%64, j-i+1)
		n += bits.OnesCount64(s.bits[i/64] & ((^uint64(0) >> (64 - k)) << (i % 64)))
		i += k
	}
	return n
}
