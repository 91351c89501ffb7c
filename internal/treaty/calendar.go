package treaty

import (
	"maps"
	"slices"
	"time"
)

// Calendars holds the calendar of every State and part that is known. It is a value: declaring a holiday gives
// another one.
type Calendars struct {
	byState map[string]map[string]*Calendar
}

// Calendar tells the working days of one State, or of one part of it.
type Calendar struct {
	State, Part string
	Zone        *time.Location
	FirstYear   int // outside these years the calendar knows no holidays and a reckoning is refused
	LastYear    int
	Partial     bool // knows weekends only: no holidays of this State are held

	days map[Date]Holiday
}

// Reason says why a day is not a working day.
type Reason struct {
	Weekend bool
	Holiday *Holiday
}

// Calendar returns the calendar of a State's part; part is "" for a State without parts. It is nil where none is held.
func (all *Calendars) Calendar(state, part string) *Calendar { return all.byState[state][part] }

// States lists the States whose holidays are held.
func (all *Calendars) States() []string { return slices.Sorted(maps.Keys(all.byState)) }

// Parts lists the parts of a State; none for a State without parts.
func (all *Calendars) Parts(state string) []string {
	parts := slices.Sorted(maps.Keys(all.byState[state]))
	return slices.DeleteFunc(parts, func(p string) bool { return p == "" })
}

// With returns calendars in which c replaces the calendar of its State and part.
func (all *Calendars) With(c *Calendar) *Calendars {
	next := &Calendars{byState: maps.Clone(all.byState)}
	next.byState[c.State] = maps.Clone(all.byState[c.State])
	if next.byState[c.State] == nil {
		next.byState[c.State] = map[string]*Calendar{}
	}
	next.byState[c.State][c.Part] = c
	return next
}

// WeekendsOnly returns a calendar of a State whose holidays are not held: it knows Saturdays and Sundays. A date
// reckoned with it may be too early, and says so.
func WeekendsOnly(state string, zone *time.Location) *Calendar {
	return &Calendar{State: state, Zone: zone, FirstYear: 1, LastYear: 9999, Partial: true}
}

// Working tells whether the day is a working day, and if not why: a Saturday, a Sunday or a holiday.
func (c *Calendar) Working(d Date) (bool, Reason) {
	if weekend(d) {
		return false, Reason{Weekend: true}
	}
	if h, ok := c.days[d]; ok {
		return false, Reason{Holiday: &h}
	}
	return true, Reason{}
}

// Covers tells whether the calendar holds the holidays of the day's year.
func (c *Calendar) Covers(d Date) bool { return d.Year >= c.FirstYear && d.Year <= c.LastYear }

// Declare returns a calendar with one more holiday. Running limits are reckoned again with it.
func (c *Calendar) Declare(h Holiday) *Calendar {
	next := *c
	next.days = maps.Clone(c.days)
	if next.days == nil {
		next.days = map[Date]Holiday{}
	}
	h.State, h.Part = c.State, c.Part
	next.days[h.Date] = h
	return &next
}

// Holidays lists the holidays of a year in order, those on weekends and those moved from them included.
func (c *Calendar) Holidays(year int) []Holiday {
	var all []Holiday
	for _, h := range c.days {
		if h.Date.Year == year {
			all = append(all, h)
		}
	}
	slices.SortFunc(all, func(a, b Holiday) int { return a.Date.Compare(b.Date) })
	return all
}

// Holiday returns the holiday on the day, if there is one.
func (c *Calendar) Holiday(d Date) (Holiday, bool) {
	h, ok := c.days[d]
	return h, ok
}
