package timeliness

import (
	"cmp"
	"math/big"
	"slices"
	"time"

	"countersign/internal/act"
)

// Tally is a count under a code.
type Tally struct {
	Code string
	N    int
}

func tally(m map[string]int) []Tally {
	var out []Tally
	for c, n := range m {
		out = append(out, Tally{c, n})
	}
	slices.SortFunc(out, func(a, b Tally) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Code, b.Code)) })
	return out
}

// Ended is one attempt at a return that ended before departure (P1): one typed reason, one stage.
type Ended struct {
	Reason, Stage string
	Day           time.Time
}

// Attempts counts ended attempts.
type Attempts struct {
	N        int
	ByReason []Tally
	ByStage  []Tally
	Other    *big.Rat // share of “other”, which is to stay under 2 %; nil when nothing ended
}

// EndedAttempts counts attempts that ended from one day up to another, both included.
func EndedAttempts(all []Ended, first, last time.Time) Attempts {
	reason, stage := map[string]int{}, map[string]int{}
	var a Attempts
	for _, e := range all {
		if e.Day.Before(first) || e.Day.After(last) {
			continue
		}
		a.N++
		reason[e.Reason]++
		stage[e.Stage]++
	}
	a.ByReason, a.ByStage = tally(reason), tally(stage)
	if a.N > 0 {
		a.Other = big.NewRat(int64(reason["other"]), int64(a.N))
	}
	return a
}

// Booking is one seat that was booked.
type Booking struct {
	Travel    time.Time
	Cancelled time.Time // zero: not cancelled
	Reason    string    // typed, of the cancellation
	Returned  bool      // the person left on it
}

// Cancellations counts cancelled bookings by reason and by days before travel (P2, P5).
type Cancellations struct {
	Booked, Cancelled, Returned int
	ByReason                    []Tally
	ByDaysBefore                []Tally
	SeatsPerReturn              *big.Rat // booked over returned; nil when nobody returned
}

// CancelledBookings counts bookings whose travel lies from one day up to another, both included.
func CancelledBookings(all []Booking, first, last time.Time) Cancellations {
	reason, before := map[string]int{}, map[string]int{}
	var c Cancellations
	for _, b := range all {
		if b.Travel.Before(first) || b.Travel.After(last) {
			continue
		}
		c.Booked++
		if b.Returned {
			c.Returned++
		}
		if !b.Cancelled.IsZero() {
			c.Cancelled++
			reason[b.Reason]++
			before[daysBefore(days(b.Cancelled, b.Travel))]++
		}
	}
	c.ByReason, c.ByDaysBefore = tally(reason), inOrder(before, "after", "same day", "1", "2-3", "4-7", "8+")
	if c.Returned > 0 {
		c.SeatsPerReturn = big.NewRat(int64(c.Booked), int64(c.Returned))
	}
	return c
}

func daysBefore(n int) string {
	switch {
	case n < 0:
		return "after"
	case n == 0:
		return "same day"
	case n == 1:
		return "1"
	case n <= 3:
		return "2-3"
	case n <= 7:
		return "4-7"
	}
	return "8+"
}

func inOrder(m map[string]int, codes ...string) []Tally {
	var out []Tally
	for _, c := range codes {
		out = append(out, Tally{c, m[c]})
	}
	return out
}

// Document is one travel document that was agreed or issued.
type Document struct {
	Issued, ValidUntil time.Time
	Used               bool
	Withdrawn          time.Time // zero: not withdrawn
	MayStay            bool      // the person has got leave: the document should have withdrawn itself
}

// Documents is the stock of valid documents that nobody has used (P8).
type Documents struct {
	Unused int
	ByAge  []Tally // of the unused, by days since issue
	Live   int     // of the unused, for people who may stay: to be 0
}

// UnusedDocuments counts the stock as of a day.
func UnusedDocuments(all []Document, asOf time.Time) Documents {
	var d Documents
	age := map[string]int{}
	for _, x := range all {
		if x.Used || x.Issued.After(asOf) || x.ValidUntil.Before(asOf) || !x.Withdrawn.IsZero() && !x.Withdrawn.After(asOf) {
			continue
		}
		d.Unused++
		if x.MayStay {
			d.Live++
		}
		switch n := days(x.Issued, asOf); {
		case n <= 30:
			age["0-30"]++
		case n <= 90:
			age["31-90"]++
		case n <= 365:
			age["91-365"]++
		default:
			age["over a year"]++
		}
	}
	d.ByAge = inOrder(age, "0-30", "31-90", "91-365", "over a year")
	return d
}

// OpenCase is an open case with its last step and what is due.
type OpenCase struct {
	Case     act.ID
	LastStep time.Time
	Due      time.Time // zero: nothing is due, which is a finding of its own
	Owner    string    // who owes the next step; empty: nobody
}

// Idle is what stands still (P3, P11).
type Idle struct {
	Open    int
	Idle    int      // without a step for more than the limit
	Longest []act.ID // of those, the ones that have stood longest, the longest first; at most LongestIdle
	Overdue int
	NoOwner int
	NoDue   int
}

// LongestIdle is how many of the idle cases are named. Whoever works them off comes to the next.
const LongestIdle = 50

// IdleCases counts cases without a step for more than limit days (7 in facts/problems.md, P3), and names those that
// have stood longest.
func IdleCases(all []OpenCase, asOf time.Time, limit int) Idle {
	var r Idle
	var longest []OpenCase
	for _, c := range all {
		r.Open++
		if days(c.LastStep, asOf) > limit {
			r.Idle++
			longest = keep(longest, c)
		}
		switch {
		case c.Due.IsZero():
			r.NoDue++
		case c.Due.Before(asOf):
			r.Overdue++
		}
		if c.Owner == "" {
			r.NoOwner++
		}
	}
	for _, c := range longest {
		r.Longest = append(r.Longest, c.Case)
	}
	return r
}

// keep puts a case into the list of those that have stood longest, if it is one of them.
func keep(longest []OpenCase, c OpenCase) []OpenCase {
	order := func(a, b OpenCase) int { return cmp.Or(a.LastStep.Compare(b.LastStep), cmp.Compare(a.Case, b.Case)) }
	if len(longest) == LongestIdle && order(longest[LongestIdle-1], c) < 0 {
		return longest
	}
	at, _ := slices.BinarySearchFunc(longest, c, order)
	longest = slices.Insert(longest, at, c)
	return longest[:min(len(longest), LongestIdle)]
}

// Barrier is a fact that stops a return: when it could be known and when it was recorded. What it is stays
// in the node.
type Barrier struct {
	Knowable, Recorded time.Time
	AfterBooking       bool
}

// Lead is how late barriers are recorded (P4: median at most a day; P5: none late that was knowable).
type Lead struct {
	Waiting      Waiting
	LateKnowable int // recorded after the booking though knowable the day before or earlier
}

// BarrierLead measures barriers as of a day.
func BarrierLead(all []Barrier, asOf time.Time) Lead {
	var l Lead
	var waits []Wait
	for _, b := range all {
		waits = append(waits, Wait{b.Knowable, b.Recorded})
		if b.AfterBooking && !b.Recorded.IsZero() && days(b.Knowable, b.Recorded) >= 1 {
			l.LateKnowable++
		}
	}
	l.Waiting = Waits(waits, asOf)
	return l
}

// ConsentAlerts lists how many willing people have waited more than 7, 14 and 21 days since they consented
// and have not departed (P6).
func ConsentAlerts(all []Wait, asOf time.Time) []Tally {
	m := map[string]int{}
	for _, w := range all {
		if w.Start.After(asOf) || !w.End.IsZero() && !w.End.After(asOf) {
			continue
		}
		switch n := days(w.Start, asOf); {
		case n > 21:
			m["over 21"]++
		case n > 14:
			m["15-21"]++
		case n > 7:
			m["8-14"]++
		}
	}
	return inOrder(m, "8-14", "15-21", "over 21")
}

// Retyped is the share of identity fields that were typed by hand although the other side, the document or
// an import held them (P10: to be 0); nil when there were no fields.
func Retyped(typed, all int) *big.Rat {
	if all == 0 {
		return nil
	}
	return big.NewRat(int64(typed), int64(all))
}
