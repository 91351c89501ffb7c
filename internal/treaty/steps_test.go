package treaty

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"countersign/internal/fault"
)

// march is a calendar of March 2023 with the holidays given; it holds that year and no other.
func march(state string, days ...int) *Calendar {
	c := &Calendar{State: state, Zone: time.UTC, FirstYear: 2023, LastYear: 2023}
	for _, d := range days {
		c = c.Declare(Holiday{Date: NewDate(2023, time.March, d), Name: Text{En: fmt.Sprint("day ", d)}})
	}
	return c
}

// told writes the steps of a reckoning: what each is, its days of the month, how many, from which number on.
func told(r Reckoning) string {
	var all []string
	for _, s := range r.Steps {
		text := strings.TrimPrefix(s.Key, "treaty.step.")
		if !s.From.IsZero() {
			text += " " + s.From.String()[5:]
		}
		if !s.To.IsZero() {
			text += ".." + s.To.String()[5:]
		}
		if s.Count != 0 {
			text += fmt.Sprintf(" x%d", s.Count)
		}
		if s.First != 0 {
			text += fmt.Sprintf(" #%d", s.First)
		}
		if s.Unit != "" && s.Unit != CalendarDay {
			text += " " + string(s.Unit)
		}
		if s.Reason != "" {
			text += " " + s.Reason
		}
		if s.Holiday != nil {
			text += " " + s.Holiday.Name.En + " of " + s.Holiday.State
		}
		all = append(all, text)
	}
	end := "no end"
	if !r.Stopped {
		end = r.EndsAt.UTC().Format("01-02 15:04")
	}
	return strings.Join(all, "; ") + fmt.Sprintf(" | first %s last %s ends %s counted %d", r.FirstDay, r.LastDay, end, r.Counted)
}

// Every step of a date is told, in order, and nothing else: what a person who doubts the date reads.
func TestStepsOfADate(t *testing.T) {
	at := func(d, h int) time.Time { return time.Date(2023, time.March, d, h, 0, 0, 0, time.UTC) }
	monday := at(6, 9)
	limit := func(n int, unit Unit, change ...func(*Limit)) *Limit {
		l := &Limit{Rule: RuleReply, Limit: n, Unit: unit, Calendar: OfBoth, StartsOn: OnReceipt, OnExpiry: []Expiry{NoEffect}}
		for _, f := range change {
			f(l)
		}
		return l
	}
	backward := func(l *Limit) { l.Direction = Backward }
	sameDay := func(l *Limit) { l.FirstDay = SameDay }
	rolls := func(l *Limit) { l.RollsOver = true }
	extends := func(unit Unit) func(*Limit) {
		return func(l *Limit) { l.Extension = &Extension{Basis: Additional, Unit: unit} }
	}
	by := func(n int) *Grant { return &Grant{By: n} }
	for name, c := range map[string]struct {
		l    *Limit
		in   Setting
		want string
	}{
		"calendar days": {limit(3, CalendarDay), Setting{},
			"start 03-06 receipt; day-after 03-07; counted 03-07..03-09 x3 #1; end 03-09..03-10 | first 2023-03-07 last 2023-03-09 ends 03-10 00:00 counted 0"},
		"from the day itself": {limit(3, CalendarDay, sameDay), Setting{},
			"start 03-06 receipt; same-day 03-06; counted 03-06..03-08 x3 #1; end 03-08..03-09 | first 2023-03-06 last 2023-03-08 ends 03-09 00:00 counted 0"},
		"at least": {limit(1, CalendarDay, func(l *Limit) { l.Bound = AtLeast }), Setting{},
			"start 03-06 receipt; day-after 03-07; counted 03-07..03-07 x1 #1; not-before 03-07..03-08 | first 2023-03-07 last 2023-03-07 ends 03-08 00:00 counted 0"},
		"working days over holidays of both and a weekend": {limit(5, WorkingDay), Setting{Requesting: march("a", 8), Requested: march("b", 9, 13)},
			"start 03-06 receipt; day-after 03-07; counted 03-07..03-07 x1 #1; holiday 03-08..03-08 x1 #1 day 8 of a; holiday 03-09..03-09 x1 #1 day 9 of b; " +
				"counted 03-10..03-10 x1 #2; weekend 03-11..03-12 x2 #2; holiday 03-13..03-13 x1 #2 day 13 of b; counted 03-14..03-16 x3 #3; end 03-16..03-17 " +
				"| first 2023-03-07 last 2023-03-16 ends 03-17 00:00 counted 0"},
		"two holidays are two steps": {limit(1, WorkingDay), Setting{Requesting: march("a", 7, 8), Requested: march("b")},
			"start 03-06 receipt; day-after 03-07; holiday 03-07..03-07 x1 day 7 of a; holiday 03-08..03-08 x1 day 8 of a; counted 03-09..03-09 x1 #1; end 03-09..03-10 " +
				"| first 2023-03-07 last 2023-03-09 ends 03-10 00:00 counted 0"},
		"backward": {limit(3, WorkingDay, backward), Setting{Requesting: march("a", 3), Requested: march("b")},
			"start 03-06 receipt; day-before 03-05; weekend 03-05..03-04 x2; holiday 03-03..03-03 x1 day 3 of a; counted 03-02..02-28 x3 #1; latest 02-28..03-01 " +
				"| first 2023-03-05 last 2023-02-28 ends 03-01 00:00 counted 0"},
		"the clock stops for two days": {limit(3, CalendarDay), Setting{Stops: []Stop{{at(7, 9), at(9, 9)}}},
			"start 03-06 receipt; day-after 03-07; counted 03-07..03-07 x1 #1; stopped 03-08..03-09 x2 #1; counted 03-10..03-11 x2 #2; end 03-11..03-12 " +
				"| first 2023-03-07 last 2023-03-11 ends 03-12 00:00 counted 0"},
		"the clock stands": {limit(3, CalendarDay), Setting{Stops: []Stop{{From: at(7, 9)}}},
			"start 03-06 receipt; day-after 03-07; counted 03-07..03-07 x1 #1; standing 03-08 | first 2023-03-07 last 2023-03-07 ends no end counted 1"},
		"extended in its own unit": {limit(2, CalendarDay, extends("")), Setting{Extension: by(1)},
			"start 03-06 receipt; day-after 03-07; extension x1; counted 03-07..03-09 x3 #1; end 03-09..03-10 | first 2023-03-07 last 2023-03-09 ends 03-10 00:00 counted 0"},
		"extended in another unit": {limit(2, CalendarDay, extends(WorkingDay)), Setting{Extension: by(2), Requesting: march("a", 9), Requested: march("b")},
			"start 03-06 receipt; day-after 03-07; extension x2 working_day; counted 03-07..03-08 x2 #1; holiday 03-09..03-09 x1 day 9 of a; counted 03-10..03-10 x1 #1; " +
				"weekend 03-11..03-12 x2 #1; counted 03-13..03-13 x1 #2; end 03-13..03-14 | first 2023-03-07 last 2023-03-13 ends 03-14 00:00 counted 0"},
		"restarted, with a limit of its own": {limit(9, CalendarDay, func(l *Limit) { l.Restart = &Restart{On: []Event{ObstacleEnded}, Limit: 2} }), Setting{Restart: &Restarted{ObstacleEnded, at(10, 9)}},
			"restart 03-10 obstacle_ended; day-after 03-11; counted 03-11..03-12 x2 #1; end 03-12..03-13 | first 2023-03-11 last 2023-03-12 ends 03-13 00:00 counted 0"},
		"restarted with the same limit": {limit(1, CalendarDay, func(l *Limit) { l.Restart = &Restart{On: []Event{ObstacleEnded}} }), Setting{Restart: &Restarted{ObstacleEnded, at(10, 9)}},
			"restart 03-10 obstacle_ended; day-after 03-11; counted 03-11..03-11 x1 #1; end 03-11..03-12 | first 2023-03-11 last 2023-03-11 ends 03-12 00:00 counted 0"},
		"restarted with one day": {limit(9, CalendarDay, func(l *Limit) { l.Restart = &Restart{On: []Event{ObstacleEnded}, Limit: 1} }), Setting{Restart: &Restarted{ObstacleEnded, at(10, 9)}},
			"restart 03-10 obstacle_ended; day-after 03-11; counted 03-11..03-11 x1 #1; end 03-11..03-12 | first 2023-03-11 last 2023-03-11 ends 03-12 00:00 counted 0"},
		"it rolls over a weekend and a holiday": {limit(5, CalendarDay, rolls), Setting{Requesting: march("a", 13), Requested: march("b")},
			"start 03-06 receipt; day-after 03-07; counted 03-07..03-11 x5 #1; rolled 03-11..03-14; end 03-14..03-15 | first 2023-03-07 last 2023-03-14 ends 03-15 00:00 counted 0"},
		"nothing to roll over": {limit(3, CalendarDay, rolls), Setting{Requesting: march("a"), Requested: march("b")},
			"start 03-06 receipt; day-after 03-07; counted 03-07..03-09 x3 #1; end 03-09..03-10 | first 2023-03-07 last 2023-03-09 ends 03-10 00:00 counted 0"},
		"it rolls, and the clock stands": {limit(5, CalendarDay, rolls), Setting{Requesting: march("a"), Requested: march("b"), Stops: []Stop{{From: at(10, 9)}}},
			"start 03-06 receipt; day-after 03-07; counted 03-07..03-10 x4 #1; standing 03-11 | first 2023-03-07 last 2023-03-10 ends no end counted 4"},
		"it rolls, and the clock stands after a Saturday": {limit(9, CalendarDay, rolls), Setting{Requesting: march("a"), Requested: march("b"), Stops: []Stop{{From: at(11, 9)}}},
			"start 03-06 receipt; day-after 03-07; counted 03-07..03-11 x5 #1; standing 03-12 | first 2023-03-07 last 2023-03-11 ends no end counted 5"},
		"months that roll, and the clock stands": {limit(1, Month, rolls), Setting{Requesting: march("a"), Requested: march("b"), Stops: []Stop{{From: at(9, 9)}}},
			"start 03-06 receipt; day-after 03-07; same-number 03-06..04-06 x1 month; standing 03-10 | first 2023-03-07 last  ends no end counted 0"},
		"nobody decided what days are": {limit(2, DayUnspecified), Setting{Demonstration: true},
			"start 03-06 receipt; undecided; day-after 03-07; counted 03-07..03-08 x2 #1; end 03-08..03-09 | first 2023-03-07 last 2023-03-08 ends 03-09 00:00 counted 0"},
		"somebody decided that they are working days": {limit(2, DayUnspecified, func(l *Limit) { l.Decision, l.Calendar = &Decision{Means: WorkingDay}, "" }), Setting{Requesting: march("a", 7), Requested: march("b", 8)},
			"start 03-06 receipt; day-after 03-07; counted 03-07..03-07 x1 #1; holiday 03-08..03-08 x1 #1 day 8 of b; counted 03-09..03-09 x1 #2; end 03-09..03-10 " +
				"| first 2023-03-07 last 2023-03-09 ends 03-10 00:00 counted 0"},
		"months": {limit(1, Month), Setting{},
			"start 03-06 receipt; day-after 03-07; same-number 03-06..04-06 x1 month; end 04-06..04-07 | first 2023-03-07 last 2023-04-06 ends 04-07 00:00 counted 0"},
		"months from the day itself": {limit(1, Month, sameDay), Setting{},
			"start 03-06 receipt; same-day 03-06; same-number 03-06..04-06 x1 month; end 04-05..04-06 | first 2023-03-06 last 2023-04-05 ends 04-06 00:00 counted 0"},
		"a year back": {limit(1, Year, backward), Setting{},
			"start 03-06 receipt; day-before 03-05; same-number 03-06..03-06 x1 year; latest 03-06..03-07 | first 2023-03-05 last 2022-03-06 ends 03-07 00:00 counted 0"},
		"months moved by a stop": {limit(1, Month), Setting{Stops: []Stop{{at(9, 9), at(12, 9)}, {at(20, 9), at(21, 9)}}},
			"start 03-06 receipt; day-after 03-07; same-number 03-06..04-06 x1 month; moved-by-stop 03-10..04-10 x4; end 04-10..04-11 | first 2023-03-07 last 2023-04-10 ends 04-11 00:00 counted 0"},
		"months moved by one day": {limit(1, Month), Setting{Stops: []Stop{{at(9, 9), at(10, 9)}}},
			"start 03-06 receipt; day-after 03-07; same-number 03-06..04-06 x1 month; moved-by-stop 03-10..04-07 x1; end 04-07..04-08 | first 2023-03-07 last 2023-04-07 ends 04-08 00:00 counted 0"},
		"months, and the clock stands": {limit(1, Month), Setting{Stops: []Stop{{From: at(9, 9)}}},
			"start 03-06 receipt; day-after 03-07; same-number 03-06..04-06 x1 month; standing 03-10 | first 2023-03-07 last  ends no end counted 0"},
		"months, and days more": {limit(1, Month, extends(CalendarDay)), Setting{Extension: by(3)},
			"start 03-06 receipt; day-after 03-07; extension x3; same-number 03-06..04-06 x1 month; counted 04-07..04-09 x3 #1; end 04-09..04-10 | first 2023-03-07 last 2023-04-09 ends 04-10 00:00 counted 0"},
		"months and days more, and the clock stands": {limit(1, Month, extends(CalendarDay)), Setting{Extension: by(3), Stops: []Stop{{From: at(9, 9)}}},
			"start 03-06 receipt; day-after 03-07; extension x3; same-number 03-06..04-06 x1 month; standing 03-10 | first 2023-03-07 last  ends no end counted 0"},
		"hours": {limit(30, Hour), Setting{},
			"start 03-06 receipt; hours x30; end-hour 03-07..03-08 | first 2023-03-06 last 2023-03-07 ends 03-07 15:00 counted 0"},
		"hours at least": {limit(30, Hour, func(l *Limit) { l.Bound = AtLeast }), Setting{},
			"start 03-06 receipt; hours x30; not-before-hour 03-07..03-08 | first 2023-03-06 last 2023-03-07 ends 03-07 15:00 counted 0"},
		"hours back": {limit(30, Hour, backward), Setting{},
			"start 03-06 receipt; hours x30; latest-hour 03-05..03-06 | first 2023-03-06 last 2023-03-05 ends 03-05 03:00 counted 0"},
		"hours with a stop": {limit(30, Hour), Setting{Stops: []Stop{{at(6, 12), at(6, 17)}}},
			"start 03-06 receipt; stopped 03-06..03-06 x5 hour; hours x30; end-hour 03-07..03-08 | first 2023-03-06 last 2023-03-07 ends 03-07 20:00 counted 0"},
		"a stop that begins with the limit": {limit(30, Hour), Setting{Stops: []Stop{{monday, at(6, 10)}}},
			"start 03-06 receipt; stopped 03-06..03-06 x1 hour; hours x30; end-hour 03-07..03-08 | first 2023-03-06 last 2023-03-07 ends 03-07 16:00 counted 0"},
		"a stop before the limit": {limit(30, Hour), Setting{Stops: []Stop{{at(6, 8), at(6, 20)}}},
			"start 03-06 receipt; hours x30; end-hour 03-07..03-08 | first 2023-03-06 last 2023-03-07 ends 03-07 15:00 counted 0"},
		"a stop that begins when it ends": {limit(30, Hour), Setting{Stops: []Stop{{From: at(7, 15)}}},
			"start 03-06 receipt; hours x30; end-hour 03-07..03-08 | first 2023-03-06 last 2023-03-07 ends 03-07 15:00 counted 0"},
		"hours, and the clock stands": {limit(30, Hour), Setting{Stops: []Stop{{From: at(7, 14)}}},
			"start 03-06 receipt; standing 03-07 | first  last  ends no end counted 0"},
		"hours extended": {limit(30, Hour, extends("")), Setting{Extension: by(2)},
			"start 03-06 receipt; extension x2 hour; hours x32; end-hour 03-07..03-08 | first 2023-03-06 last 2023-03-07 ends 03-07 17:00 counted 0"},
		"hours, and days more": {limit(30, Hour, extends(CalendarDay)), Setting{Extension: by(2)},
			"start 03-06 receipt; extension x2; hours x30; counted 03-08..03-09 x2 #1; end-hour 03-09..03-10 | first 2023-03-06 last 2023-03-09 ends 03-09 15:00 counted 0"},
		"hours, and working days more": {limit(30, Hour, extends(WorkingDay)), Setting{Extension: by(2), Requesting: march("a", 8), Requested: march("b")},
			"start 03-06 receipt; extension x2 working_day; hours x30; holiday 03-08..03-08 x1 day 8 of a; counted 03-09..03-10 x2 #1; end-hour 03-10..03-11 " +
				"| first 2023-03-06 last 2023-03-10 ends 03-10 15:00 counted 0"},
	} {
		if c.in.Zone == nil {
			c.in.Zone = time.UTC
		}
		r, err := Reckon(c.l, monday, c.in)
		if got := told(r); err != nil || got != c.want {
			t.Errorf("%s: %v\n got %s\nwant %s", name, err, got, c.want)
		}
	}
}

// What a limit does not allow is refused with what is wrong: each with the rule, and where it helps with what would be right.
func TestWhatAReckoningRefuses(t *testing.T) {
	monday := time.Date(2023, time.March, 6, 9, 0, 0, 0, time.UTC)
	base := func(change ...func(*Limit)) *Limit {
		l := &Limit{Rule: RuleReply, Limit: 3, Unit: CalendarDay, Article: "Art. 10", OnExpiry: []Expiry{NoEffect}}
		for _, f := range change {
			f(l)
		}
		return l
	}
	extension := func(x Extension) func(*Limit) { return func(l *Limit) { l.Extension = &x } }
	for name, c := range map[string]struct {
		l    *Limit
		in   Setting
		key  string
		args map[string]string
	}{
		"no zone":                    {base(), Setting{}, "fault.treaty.no-zone", map[string]string{"rule": "reply"}},
		"days that nobody defined":   {base(func(l *Limit) { l.Unit = DayUnspecified }), Setting{Zone: time.UTC}, "fault.treaty.unspecified", map[string]string{"rule": "reply", "article": "Art. 10"}},
		"a stop, counted backwards":  {base(func(l *Limit) { l.Direction = Backward }), Setting{Zone: time.UTC, Stops: []Stop{{From: monday}}}, "fault.treaty.backward", map[string]string{"rule": "reply"}},
		"extended, backwards":        {base(func(l *Limit) { l.Direction = Backward }, extension(Extension{})), Setting{Zone: time.UTC, Extension: &Grant{By: 1}}, "fault.treaty.backward", nil},
		"restarted, backwards":       {base(func(l *Limit) { l.Direction, l.Restart = Backward, &Restart{On: []Event{ObstacleEnded}} }), Setting{Zone: time.UTC, Restart: &Restarted{ObstacleEnded, monday}}, "fault.treaty.backward", nil},
		"a stop that ends too early": {base(), Setting{Zone: time.UTC, Stops: []Stop{{monday, monday.Add(-1)}}}, "fault.treaty.stop", map[string]string{"rule": "reply"}},
		"a stop that ends at once":   {base(), Setting{Zone: time.UTC, Stops: []Stop{{monday, monday}}}, "", nil},
		"no clause to restart":       {base(), Setting{Zone: time.UTC, Restart: &Restarted{ObstacleEnded, monday}}, "fault.treaty.no-restart", map[string]string{"rule": "reply", "event": "obstacle_ended"}},
		"restarted on another event": {base(func(l *Limit) { l.Restart = &Restart{} }), Setting{Zone: time.UTC, Restart: &Restarted{ObstacleEnded, monday}}, "fault.treaty.no-restart", nil},
		"no clause to extend":        {base(), Setting{Zone: time.UTC, Extension: &Grant{By: 1}}, "fault.treaty.no-extension", map[string]string{"rule": "reply"}},
		"extended by nothing":        {base(extension(Extension{Basis: Additional})), Setting{Zone: time.UTC, Extension: &Grant{}}, "fault.treaty.extension-size", map[string]string{"rule": "reply"}},
		"extended by one":            {base(extension(Extension{Basis: Additional})), Setting{Zone: time.UTC, Extension: &Grant{By: 1}}, "", nil},
		"for no reason":              {base(extension(Extension{Basis: Additional, NeedsReason: true})), Setting{Zone: time.UTC, Extension: &Grant{By: 1}}, "fault.treaty.extension-reason", nil},
		"a reason that none needs":   {base(extension(Extension{Basis: Additional})), Setting{Zone: time.UTC, Extension: &Grant{By: 99}}, "", nil},
		"to the cap":                 {base(extension(Extension{Basis: Additional, Max: 6})), Setting{Zone: time.UTC, Extension: &Grant{By: 6}}, "", nil},
		"over the cap":               {base(extension(Extension{Basis: Additional, Max: 6})), Setting{Zone: time.UTC, Extension: &Grant{By: 7}}, "fault.treaty.extension-cap", map[string]string{"rule": "reply", "max": "6", "basis": "additional"}},
		"a cap of one":               {base(extension(Extension{Basis: Additional, Max: 1})), Setting{Zone: time.UTC, Extension: &Grant{By: 2}}, "fault.treaty.extension-cap", nil},
		"to the whole":               {base(extension(Extension{Basis: Total, Max: 6})), Setting{Zone: time.UTC, Extension: &Grant{By: 3}}, "", nil},
		"over the whole":             {base(extension(Extension{Basis: Total, Max: 6})), Setting{Zone: time.UTC, Extension: &Grant{By: 4}}, "fault.treaty.extension-cap", map[string]string{"basis": "total"}},
		"a whole of one":             {base(extension(Extension{Basis: Total, Max: 1})), Setting{Zone: time.UTC, Extension: &Grant{By: 1}}, "fault.treaty.extension-cap", nil},
		"the whole has no cap":       {base(extension(Extension{Basis: Total})), Setting{Zone: time.UTC, Extension: &Grant{By: 99}}, "", nil},
		"no calendar":                {base(func(l *Limit) { l.Unit, l.Calendar = WorkingDay, OfBoth }), Setting{Zone: time.UTC, Requested: march("b")}, "fault.treaty.no-calendar", map[string]string{"rule": "reply", "whose": "both"}},
		"the calendar ends":          {base(func(l *Limit) { l.Unit, l.Calendar, l.Limit = WorkingDay, OfRequested, 300 }), Setting{Zone: time.UTC, Requested: march("b")}, "fault.treaty.calendar-range", map[string]string{"state": "b", "date": "2024-01-01", "first": "2023", "last": "2023"}},
		"it rolls past the calendar": {base(func(l *Limit) { l.RollsOver, l.Calendar, l.Limit = true, OfRequested, 301 }), Setting{Zone: time.UTC, Requested: march("b")}, "fault.treaty.calendar-range", nil},
	} {
		_, err := Reckon(c.l, monday, c.in)
		if fault.KeyOf(err) != c.key {
			t.Errorf("%s: %v, want %q", name, err, c.key)
		}
		got := fault.ArgsOf(err)
		for k, v := range c.args {
			if got[k] != v {
				t.Errorf("%s: says %v, want %s=%s", name, got, k, v)
			}
		}
	}
	partial := WeekendsOnly("b", time.UTC)
	l := &Limit{Rule: RuleReply, Limit: 3, Unit: WorkingDay, Calendar: OfBoth}
	for _, in := range []Setting{{Requesting: partial, Requested: march("b")}, {Requesting: march("a"), Requested: partial}} {
		if r, err := Reckon(l, monday, in); err != nil || !r.Partial {
			t.Errorf("a date that may be too early does not say so: %v %+v", err, r)
		}
	}
	if r, err := Reckon(l, monday, Setting{Requesting: march("a"), Requested: march("b")}); err != nil || r.Partial || r.Undecided {
		t.Errorf("%v %+v", err, r)
	}
}

// How a date differs: not at all, by its day, or by its hour only.
func TestCompareDates(t *testing.T) {
	a := Reckoning{LastDay: NewDate(2023, 3, 6), EndsAt: time.Date(2023, 3, 7, 0, 0, 0, 0, time.UTC)}
	later, hour, standing := a, a, Reckoning{}
	later.LastDay, later.EndsAt = NewDate(2023, 3, 9), a.EndsAt.AddDate(0, 0, 3)
	hour.EndsAt = a.EndsAt.Add(time.Hour)
	elsewhere := a
	elsewhere.LastDay = NewDate(2023, 3, 5)
	for name, c := range map[string]struct {
		from, to Reckoning
		days     int
		changed  bool
	}{
		"the same": {a, a, 0, false}, "later": {a, later, 3, true}, "earlier": {later, a, -3, true}, "an hour": {a, hour, 0, true}, "the day only": {a, elsewhere, -1, true},
		"the clock stands now": {a, standing, 0, true}, "it runs again": {standing, a, 0, true},
	} {
		got, changed := Compare(c.from, c.to)
		if changed != c.changed || got.Days != c.days || changed && (got.From != c.from.LastDay || got.To != c.to.LastDay) {
			t.Errorf("%s: %+v %v", name, got, changed)
		}
	}
}

// Dates as text and in months, at the edges.
func TestDatesAtTheEdges(t *testing.T) {
	if _, err := ParseDate("2023-02-29"); fault.KeyOf(err) != "fault.treaty.date" || fault.ArgsOf(err)["value"] != "2023-02-29" {
		t.Errorf("%v", err)
	}
	if got := (Date{}).String(); got != "" {
		t.Errorf("no date is %q", got)
	}
	if got := NewDate(987, 3, 4).String(); got != "0987-03-04" {
		t.Errorf("%q", got)
	}
	d := NewDate(2023, 3, 6)
	if err := d.UnmarshalText(nil); err != nil || !d.IsZero() {
		t.Errorf("an empty text leaves %v %v", d, err)
	}
	d = NewDate(2023, 3, 6)
	if err := d.UnmarshalText([]byte("x")); err == nil || !d.IsZero() {
		t.Errorf("a text that is none leaves %v %v", d, err)
	}
	if err := d.UnmarshalText([]byte("2023-03-06")); err != nil || d != NewDate(2023, 3, 6) {
		t.Errorf("%v %v", d, err)
	}
	zone := time.FixedZone("x", 3600)
	if got := NewDate(2023, 3, 6).Start(zone); !got.Equal(time.Date(2023, 3, 5, 23, 0, 0, 0, time.UTC)) {
		t.Errorf("%v", got)
	}
	for n, want := range map[int]string{0: "2023-01-31", 1: "2023-02-28", 2: "2023-03-31", 3: "2023-04-30", 13: "2024-02-29", -2: "2022-11-30"} {
		if got := NewDate(2023, 1, 31).AddMonths(n).String(); got != want {
			t.Errorf("%d months: %s, want %s", n, got, want)
		}
	}
	if got := NewDate(2023, 1, 28).AddMonths(1).String(); got != "2023-02-28" {
		t.Error(got)
	}
	if got := NewDate(2023, 1, 27).AddMonths(1).String(); got != "2023-02-27" {
		t.Error(got)
	}
}

// Calendars are values, hold what was put in, and know where they end.
func TestCalendarsAsValues(t *testing.T) {
	c := march("a", 20, 7, 14)
	if c.Covers(NewDate(2022, 12, 31)) || !c.Covers(NewDate(2023, 1, 1)) || !c.Covers(NewDate(2023, 12, 31)) || c.Covers(NewDate(2024, 1, 1)) {
		t.Error("the years that a calendar holds")
	}
	w := WeekendsOnly("a", time.UTC)
	if w.FirstYear != 1 || w.LastYear != 9999 || !w.Partial || w.State != "a" || w.Zone != time.UTC {
		t.Errorf("%+v", w)
	}
	more := w.Declare(Holiday{Date: NewDate(2023, 3, 7), State: "x", Part: "y"})
	if h, ok := more.Holiday(NewDate(2023, 3, 7)); !ok || h.State != "a" || h.Part != "" {
		t.Errorf("%+v %v", h, ok)
	}
	if _, ok := w.Holiday(NewDate(2023, 3, 7)); ok {
		t.Error("the calendar given first was changed")
	}
	c = c.Declare(Holiday{Date: NewDate(2022, 3, 7)})
	var days []string
	for _, h := range c.Holidays(2023) {
		days = append(days, h.Date.String()[8:])
	}
	if strings.Join(days, " ") != "07 14 20" {
		t.Errorf("the holidays of a year: %v", days)
	}
	all := &Calendars{byState: map[string]map[string]*Calendar{"a": {"": march("a")}}}
	with := all.With(&Calendar{State: "b", Part: "p"}).With(&Calendar{State: "b", Part: "q"})
	if with.Calendar("b", "p") == nil || with.Calendar("b", "q") == nil || with.Calendar("a", "") == nil || len(all.States()) != 1 || strings.Join(with.Parts("b"), " ") != "p q" {
		t.Errorf("%v %v", maps.Keys(with.byState), all.States())
	}
}
