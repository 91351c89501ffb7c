package timeliness

import (
	"math/big"
	"reflect"
	"testing"
	"time"

	"countersign/internal/act"
	"pgregory.net/rapid"
)

func d(n int) time.Time { return time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n) }

// Those still waiting count: a queue is not fast because its slowest cases have not ended.
func TestWaits(t *testing.T) {
	all := []Wait{{d(0), d(2)}, {d(0), d(4)}, {d(0), time.Time{}}, {d(0), time.Time{}}, {d(50), time.Time{}}}
	w := Waits(all, d(30))
	if w.N != 4 || w.Ended != 2 || w.Still != 2 || w.Median != (Days{N: 4}) || w.P90 != (Days{30, true}) || w.Longest != 30 {
		t.Errorf("%+v", w)
	}
	if w := Waits(nil, d(1)); w != (Waiting{}) {
		t.Errorf("nothing: %+v", w)
	}
	one := Waits([]Wait{{d(0), d(5)}}, d(3))
	if one.Still != 1 || !one.Median.Beyond {
		t.Errorf("ends after the day: %+v", one)
	}
}

// Without anyone waiting, the median is the usual lower one; with people waiting it is never shorter.
func TestWaitsProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var ended, mixed []Wait
		for range rapid.IntRange(1, 30).Draw(t, "n") {
			w := Wait{d(0), d(rapid.IntRange(0, 60).Draw(t, "days"))}
			ended = append(ended, w)
			if rapid.Bool().Draw(t, "waiting") {
				w.End = time.Time{}
			}
			mixed = append(mixed, w)
		}
		a, b := Waits(ended, d(60)), Waits(mixed, d(60))
		if a.Median.Beyond || a.Median.N > a.P90.N || b.Median.N < a.Median.N {
			t.Fatalf("ended %+v, mixed %+v", a, b)
		}
	})
}

func TestReplyTimes(t *testing.T) {
	r := ReplyTimes([]Application{{"al", d(0), d(10), false}, {"al", d(0), time.Time{}, true}, {"gb", d(0), d(3), false}}, d(40))
	if len(r) != 2 || r[0].Side != "al" || r[0].Deemed != 1 || r[0].Waiting.Still != 1 || r[1].Waiting.Median.N != 3 {
		t.Errorf("%+v", r)
	}
}

func TestLosses(t *testing.T) {
	a := EndedAttempts([]Ended{{"court-order", "booked", d(1)}, {"other", "requested", d(2)}, {"court-order", "booked", d(99)}}, d(0), d(10))
	if a.N != 2 || a.Other.Cmp(big.NewRat(1, 2)) != 0 || a.ByReason[0] != (Tally{"court-order", 1}) {
		t.Errorf("%+v", a)
	}
	c := CancelledBookings([]Booking{{d(10), d(10), "not-fit", false}, {d(10), d(3), "withdrawn", false}, {d(10), time.Time{}, "", true}, {d(90), d(1), "x", false}}, d(0), d(30))
	if c.Booked != 3 || c.Cancelled != 2 || c.SeatsPerReturn.Cmp(big.NewRat(3, 1)) != 0 ||
		!reflect.DeepEqual(c.ByDaysBefore, []Tally{{"after", 0}, {"same day", 1}, {"1", 0}, {"2-3", 0}, {"4-7", 1}, {"8+", 0}}) {
		t.Errorf("%+v", c)
	}
	u := UnusedDocuments([]Document{{d(0), d(100), false, time.Time{}, true}, {d(0), d(100), true, time.Time{}, false}, {d(0), d(5), false, time.Time{}, false}, {d(0), d(100), false, d(3), true}}, d(40))
	if u.Unused != 1 || u.Live != 1 || u.ByAge[1] != (Tally{"31-90", 1}) {
		t.Errorf("%+v", u)
	}
	i := IdleCases([]OpenCase{{"a", d(0), d(5), "gb"}, {"b", d(-3), time.Time{}, ""}, {"c", d(18), d(30), "al"}}, d(20), 7)
	if !reflect.DeepEqual(i, Idle{Open: 3, Idle: 2, Longest: []act.ID{"b", "a"}, Overdue: 1, NoOwner: 1, NoDue: 1}) {
		t.Errorf("%+v", i)
	}
	l := BarrierLead([]Barrier{{d(0), d(0), true}, {d(0), d(6), true}, {d(0), d(1), false}}, d(20))
	if l.LateKnowable != 1 || l.Waiting.Median.N != 1 {
		t.Errorf("%+v", l)
	}
	if got := ConsentAlerts([]Wait{{d(0), time.Time{}}, {d(10), time.Time{}}, {d(0), d(2)}, {d(20), time.Time{}}}, d(30)); !reflect.DeepEqual(got, []Tally{{"8-14", 1}, {"15-21", 1}, {"over 21", 1}}) {
		t.Errorf("%+v", got)
	}
	if Retyped(0, 0) != nil || Retyped(1, 4).Cmp(big.NewRat(1, 4)) != 0 {
		t.Error("retyped")
	}
}
