package treaty

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func drawDate(t *rapid.T, name string) Date {
	return NewDate(2021, 1, 1).AddDays(rapid.IntRange(0, 2500).Draw(t, name))
}

func drawLimit(t *rapid.T, units ...Unit) *Limit {
	return &Limit{Rule: RuleReply, Limit: rapid.IntRange(1, 60).Draw(t, "limit"), Unit: rapid.SampledFrom(units).Draw(t, "unit"),
		Calendar: rapid.SampledFrom(whose).Draw(t, "calendar"), FirstDay: rapid.SampledFrom(firstDays).Draw(t, "first day"),
		OnExpiry: []Expiry{NoEffect}}
}

func reckon(t *rapid.T, l *Limit, start time.Time, in Setting) Reckoning {
	r, err := Reckon(l, start, in)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// A limit that runs forwards never ends before it starts; one that counts backwards never ends after.
func TestEndNeverBeforeStart(t *testing.T) {
	c := calendars(t)
	rapid.Check(t, func(t *rapid.T) {
		l := drawLimit(t, Hour, CalendarDay, WorkingDay, Month)
		start := drawDate(t, "start").Start(time.UTC).Add(time.Duration(rapid.IntRange(0, 86399).Draw(t, "second")) * time.Second)
		in := Setting{Requesting: c.Calendar("gb", "SCT"), Requested: c.Calendar("al", "")}
		if r := reckon(t, l, start, in); !r.EndsAt.After(start) {
			t.Fatalf("%+v from %s ends at %s", l, start, r.EndsAt)
		}
		l.Direction = Backward
		if r := reckon(t, l, start, in); r.EndsAt.After(start) {
			t.Fatalf("%+v before %s ends at %s", l, start, r.EndsAt)
		}
	})
}

// One more holiday never shortens a limit in working days, nor brings a backward limit nearer.
func TestHolidayNeverShortens(t *testing.T) {
	c := calendars(t)
	rapid.Check(t, func(t *rapid.T) {
		l := drawLimit(t, WorkingDay)
		start := drawDate(t, "start")
		in := Setting{Requesting: c.Calendar("gb", "NIR"), Requested: c.Calendar("al", "")}
		more := in
		declared := start.AddDays(rapid.IntRange(-90, 90).Draw(t, "declared"))
		more.Requested = in.Requested.Declare(Holiday{Date: declared})
		more.Requesting = in.Requesting.Declare(Holiday{Date: declared})
		a, b := reckon(t, l, start.Start(time.UTC), in), reckon(t, l, start.Start(time.UTC), more)
		if b.LastDay.Before(a.LastDay) {
			t.Fatalf("a holiday on %s moved %s to %s", declared, a.LastDay, b.LastDay)
		}
		l.Direction = Backward
		a, b = reckon(t, l, start.Start(time.UTC), in), reckon(t, l, start.Start(time.UTC), more)
		if b.LastDay.After(a.LastDay) {
			t.Fatalf("backwards: a holiday on %s moved %s to %s", declared, a.LastDay, b.LastDay)
		}
	})
}

// A stop inside the limit moves its end by exactly its days, in calendar days and in months.
func TestStopShiftsByItsDays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := drawLimit(t, CalendarDay, Month)
		l.FirstDay = DayAfter
		start := drawDate(t, "start")
		in := Setting{Zone: time.UTC}
		plain := reckon(t, l, Noon(start, time.UTC), in)
		from := start.AddDays(rapid.IntRange(0, plain.LastDay.Sub(start)-1).Draw(t, "from"))
		days := rapid.IntRange(0, 40).Draw(t, "days")
		in.Stops = []Stop{{Noon(from, time.UTC), Noon(from.AddDays(days), time.UTC)}}
		if r := reckon(t, l, Noon(start, time.UTC), in); r.LastDay.Sub(plain.LastDay) != days {
			t.Fatalf("%d days from %s moved %s to %s", days, from, plain.LastDay, r.LastDay)
		}
	})
}

// Every number of a reckoning is in its steps: the days counted make up the limit, without gap or overlap.
func TestStepsTellTheWholeDate(t *testing.T) {
	c := calendars(t)
	rapid.Check(t, func(t *rapid.T) {
		l := drawLimit(t, CalendarDay, WorkingDay)
		start := drawDate(t, "start")
		in := Setting{Requesting: c.Calendar("gb", "EAW"), Requested: c.Calendar("al", "")}
		r := reckon(t, l, Noon(start, time.UTC), in)
		next, counted := r.FirstDay, 0
		for _, s := range r.Steps {
			if s.Count == 0 {
				continue
			}
			if s.From != next || s.To.Sub(s.From) != s.Count-1 {
				t.Fatalf("gap before %+v, want %s", s, next)
			}
			if s.Key == "treaty.step.counted" {
				counted += s.Count
			}
			next = s.To.AddDays(1)
		}
		if counted != l.Limit || next.AddDays(-1) != r.LastDay {
			t.Fatalf("%d of %d days, up to %s of %s", counted, l.Limit, next, r.LastDay)
		}
	})
}
