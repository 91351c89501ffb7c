// Package timeliness measures how long steps take and where work is lost: the figures of both sides'
// dashboards (facts/problems.md, P1 to P11). Who could have prevented an ended attempt follows from its
// typed reason; nobody picks it.
//
// It counts what it is given, at a day that it is given; it reads no clock and no record, and ranks no
// officer and no person.
package timeliness

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// Wait is one wait: from a day to another, or still going on when End is zero.
type Wait struct{ Start, End time.Time }

// Waiting is a distribution of waits that includes those still waiting: leaving them out would make a queue
// look fast because its slowest cases have not ended.
type Waiting struct {
	N, Ended, Still int
	Median, P90     Days // by the product-limit estimate (Kaplan and Meier, 1958)
	Longest         int  // days, of those still waiting
}

// Days is a number of days that may lie beyond what has been seen.
type Days struct {
	N      int
	Beyond bool // more than N days: so many are still waiting that the point is not reached
}

// Waits measures waits as of a day. A wait that ends after the day counts as still waiting.
func Waits(all []Wait, asOf time.Time) Waiting {
	var w Waiting
	ended, still := map[int]int{}, map[int]int{} // waits by how many days they took, or have taken
	for _, x := range all {
		if x.Start.After(asOf) {
			continue
		}
		w.N++
		if x.End.IsZero() || x.End.After(asOf) {
			w.Still++
			d := days(x.Start, asOf)
			w.Longest = max(w.Longest, d)
			still[d]++
			continue
		}
		w.Ended++
		ended[days(x.Start, x.End)]++
	}
	lengths := slices.Collect(maps.Keys(ended))
	for d := range still {
		if _, ok := ended[d]; !ok {
			lengths = append(lengths, d)
		}
	}
	slices.Sort(lengths)
	left, rest := 1.0, w.N
	last := 0
	median, p90 := false, false
	for _, d := range lengths {
		// At equal length an end comes before a wait that goes on: the latter was at risk when the former ended.
		for range ended[d] {
			left *= float64(rest-1) / float64(rest)
			const tiny = 1e-12 // products of fractions: 1/2 may come out a hair above
			if !median && left <= 0.5+tiny {
				w.Median, median = Days{N: d}, true
			}
			if !p90 && left <= 0.1+tiny {
				w.P90, p90 = Days{N: d}, true
			}
			rest--
		}
		rest -= still[d]
		last = d
	}
	if !median {
		w.Median = Days{last, w.N > 0}
	}
	if !p90 {
		w.P90 = Days{last, w.N > 0}
	}
	return w
}

// days is whole days between two dates, as a calendar counts them.
func days(from, to time.Time) int { return int(day(to) - day(from)) }

// day numbers the dates of the calendar.
func day(t time.Time) int64 {
	_, east := t.Zone()
	s := t.Unix() + int64(east)
	n := s / 86400
	if s < n*86400 { // before 1970
		n--
	}
	return n
}

// Application is one application as one side sent and the other dealt with it.
type Application struct {
	Requested string    // authority that was asked
	Receipt   time.Time // when the request was countersigned there
	Replied   time.Time // zero: not yet
	Deemed    bool      // the limit passed without a reply, and an officer relied on it
}

// Replies is how one side answers, visible to both (pain K39).
type Replies struct {
	Side    string
	Waiting Waiting
	Deemed  int
}

// ReplyTimes measures replies by the side that was asked. A deemed consent is no reply: its wait goes on.
func ReplyTimes(all []Application, asOf time.Time) []Replies {
	waits := map[string][]Wait{}
	deemed := map[string]int{}
	for _, a := range all {
		waits[a.Requested] = append(waits[a.Requested], Wait{a.Receipt, a.Replied})
		if a.Deemed {
			deemed[a.Requested]++
		}
	}
	var out []Replies
	for side, w := range waits {
		out = append(out, Replies{side, Waits(w, asOf), deemed[side]})
	}
	slices.SortFunc(out, func(a, b Replies) int { return cmp.Compare(a.Side, b.Side) })
	return out
}
