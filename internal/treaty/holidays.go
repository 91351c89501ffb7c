package treaty

import (
	"cmp"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"

	"countersign/laws"
)

// Status tells how well the date of a holiday is known.
type Status string

const (
	Announced Status = "announced" // given by the State
	Computed  Status = "computed"  // follows from the rule; not announced
	Estimated Status = "estimated" // follows the moon: it may be a day away
)

var statuses = []Status{Announced, Computed, Estimated}

// Holiday is a day that is not a working day, in a State or one part of it.
type Holiday struct {
	Date   Date
	Name   Text
	State  string
	Part   string // "" where the State has no parts
	Status Status
	Source string
	Moved  Date // the day from which it moved; zero: it did not
}

// holidayFile is laws/STATE/holidays.json.
type holidayFile struct {
	State     string        `json:"state"`
	Version   Date          `json:"version"`
	Zone      string        `json:"zone"`
	FirstYear int           `json:"first_year"`
	LastYear  int           `json:"last_year"`
	Parts     []string      `json:"parts,omitempty"`
	Moves     string        `json:"moves"`
	Announced int           `json:"announced_through"` // rule-made days up to this year were announced; null: not said
	Source    string        `json:"source"`
	Holidays  []holidayRule `json:"holidays"`
	Declared  []declared    `json:"declared"` // one line for each day that a State declares
}

type holidayRule struct {
	Name    Text      `json:"name"`
	Parts   []string  `json:"parts,omitempty"` // all parts unless given
	Since   int       `json:"since,omitzero"`
	Until   int       `json:"until,omitzero"`
	Rule    dayRule   `json:"rule"`
	Instead []instead `json:"instead,omitempty"` // in that year the day was moved by the State
}

type instead struct {
	Year int  `json:"year"`
	Date Date `json:"date"`
}

type declared struct {
	Date   Date     `json:"date"`
	Name   Text     `json:"name"`
	Parts  []string `json:"parts,omitempty"`
	Status Status   `json:"status"`
	Source string   `json:"source,omitzero"`
}

type dayRule struct {
	Kind    string `json:"kind"` // fixed | easter | nth_weekday | listed
	Month   int    `json:"month,omitzero"`
	Day     int    `json:"day,omitzero"`
	Easter  string `json:"easter,omitzero"` // gregorian | julian
	Offset  int    `json:"offset,omitzero"` // days after Easter Sunday
	Weekday string `json:"weekday,omitzero"`
	Nth     int    `json:"nth,omitzero"` // 1 first, -1 last
	Dates   []Date `json:"dates,omitempty"`
	// IslamicMonth and IslamicDay estimate a listed day in the years that the list does not hold.
	IslamicMonth int `json:"islamic_month,omitzero"`
	IslamicDay   int `json:"islamic_day,omitzero"`
}

var (
	dayKinds = []string{"fixed", "easter", "nth_weekday", "listed"}
	easters  = []string{"gregorian", "julian"}
	moves    = []string{"next_working_day"}
	weekdays = []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}
)

// LoadCalendars reads the holidays of every State that ships with the program.
func LoadCalendars() (*Calendars, error) { return LoadCalendarsFrom(laws.Files) }

// LoadCalendarsFrom reads STATE/holidays.json of every State in fsys.
func LoadCalendarsFrom(fsys fs.FS) (*Calendars, error) {
	names, err := fs.Glob(fsys, "*/holidays.json")
	if err != nil {
		return nil, err
	}
	all := &Calendars{byState: map[string]map[string]*Calendar{}}
	for _, name := range names {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		if err := all.read(name, data); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (all *Calendars) read(name string, data []byte) error {
	var f holidayFile
	if err := decode(name, data, &f); err != nil {
		return err
	}
	c := &checker{file: name, data: data}
	c.holidays(&f)
	if c.err != nil {
		return c.err
	}
	zone, err := time.LoadLocation(f.Zone)
	if err != nil {
		return err
	}
	all.byState[f.State] = map[string]*Calendar{}
	parts := f.Parts
	if len(parts) == 0 {
		parts = []string{""}
	}
	for _, part := range parts {
		cal := &Calendar{State: f.State, Part: part, Zone: zone, FirstYear: f.FirstYear, LastYear: f.LastYear,
			days: map[Date]Holiday{}}
		for year := f.FirstYear; year <= f.LastYear; year++ {
			for _, h := range f.year(year, part) {
				cal.days[h.Date] = h
			}
		}
		all.byState[f.State][part] = cal
	}
	return nil
}

func (c *checker) holidays(f *holidayFile) {
	c.text("/state", f.State)
	if _, err := time.LoadLocation(f.Zone); err != nil || f.Zone == "" {
		c.refuse("/zone", "fault.treaty.file.value", "value", f.Zone, "allowed", "Europe/London ... (IANA)")
	}
	if f.FirstYear < 1583 || f.LastYear < f.FirstYear || f.LastYear > f.FirstYear+200 {
		c.refuse("/last_year", "fault.treaty.file.value", "value", strconv.Itoa(f.LastYear), "allowed", "first_year ... first_year + 200")
	}
	word(c, "/moves", f.Moves, moves, true)
	c.text("/source", f.Source)
	for i, h := range f.Holidays {
		p := fmt.Sprintf("/holidays/%d", i)
		c.both(p+"/name", h.Name)
		each(c, p+"/parts", h.Parts, f.Parts)
		c.dayRule(p+"/rule", h.Rule)
		for j, in := range h.Instead {
			c.date(fmt.Sprintf("%s/instead/%d/date", p, j), in.Date)
		}
	}
	for i, d := range f.Declared {
		p := fmt.Sprintf("/declared/%d", i)
		c.date(p+"/date", d.Date)
		c.both(p+"/name", d.Name)
		each(c, p+"/parts", d.Parts, f.Parts)
		word(c, p+"/status", d.Status, statuses, true)
	}
}

func (c *checker) dayRule(p string, r dayRule) {
	word(c, p+"/kind", r.Kind, dayKinds, true)
	switch r.Kind {
	case "fixed":
		if d := NewDate(2024, time.Month(r.Month), r.Day); int(d.Month) != r.Month || d.Day != r.Day {
			c.refuse(p+"/day", "fault.treaty.file.value", "value", fmt.Sprintf("%d-%d", r.Month, r.Day), "allowed", "1-1 ... 12-31")
		}
	case "easter":
		word(c, p+"/easter", r.Easter, easters, true)
	case "nth_weekday":
		word(c, p+"/weekday", r.Weekday, weekdays, true)
		if r.Nth != -1 && (r.Nth < 1 || r.Nth > 4) || r.Month < 1 || r.Month > 12 {
			c.refuse(p+"/nth", "fault.treaty.file.value", "value", strconv.Itoa(r.Nth), "allowed", "1, 2, 3, 4, -1")
		}
	case "listed":
		if len(r.Dates) == 0 {
			c.refuse(p+"/dates", "fault.treaty.file.missing", "allowed", "[ ... ]")
		}
	}
}

// year lists the holidays of one part in one year: those of the rules, the days to which they move, and those that
// the State declared. Of two on one date the later in the list is the one that counts.
func (f *holidayFile) year(year int, part string) []Holiday {
	var days []Holiday
	for _, h := range f.Holidays {
		if year < h.Since || h.Until != 0 && year > h.Until || !holds(h.Parts, part) {
			continue
		}
		for _, d := range h.in(year) {
			if d.status == Computed && year <= f.Announced {
				d.status = Announced
			}
			days = append(days, Holiday{Date: d.date, Name: h.Name, State: f.State, Part: part, Status: d.status, Source: f.Source})
		}
	}
	slices.SortStableFunc(days, func(a, b Holiday) int { return a.Date.Compare(b.Date) })
	days = move(days) // in the order of the days, whatever the order of the file
	for _, d := range f.Declared {
		if d.Date.Year == year && holds(d.Parts, part) {
			days = append(days, Holiday{Date: d.Date, Name: d.Name, State: f.State, Part: part, Status: d.Status,
				Source: cmp.Or(d.Source, f.Source)})
		}
	}
	return days
}

func holds(parts []string, part string) bool { return len(parts) == 0 || slices.Contains(parts, part) }

// move adds the day to which each holiday on a weekend moves: the next day that is neither a weekend nor taken
// (law 7651; the substitute days of the United Kingdom). Two holidays on one date are one day and move once.
func move(days []Holiday) []Holiday {
	taken := map[Date]bool{}
	for _, h := range days {
		taken[h.Date] = true
	}
	moved := slices.Clone(days)
	for i, h := range days {
		if !weekend(h.Date) || i > 0 && days[i-1].Date == h.Date {
			continue
		}
		next := h
		next.Moved = h.Date
		for next.Date = h.Date.AddDays(1); weekend(next.Date) || taken[next.Date]; {
			next.Date = next.Date.AddDays(1)
		}
		taken[next.Date] = true
		moved = append(moved, next)
	}
	return moved
}

func weekend(d Date) bool { w := d.Weekday(); return w == time.Saturday || w == time.Sunday }

type found struct {
	date   Date
	status Status
}

// in returns the days of the rule in a year.
func (h holidayRule) in(year int) []found {
	for _, in := range h.Instead {
		if in.Year == year {
			return []found{{in.Date, Announced}}
		}
	}
	r := h.Rule
	switch r.Kind {
	case "fixed":
		return []found{{NewDate(year, time.Month(r.Month), r.Day), Computed}}
	case "easter":
		return []found{{easter(year, r.Easter).AddDays(r.Offset), Computed}}
	case "nth_weekday":
		return []found{{nth(year, time.Month(r.Month), time.Weekday(slices.Index(weekdays, r.Weekday)), r.Nth), Computed}}
	}
	for _, d := range r.Dates {
		if d.Year == year {
			return []found{{d, Announced}}
		}
	}
	var days []found
	if r.IslamicMonth > 0 {
		for _, d := range islamic(year, r.IslamicMonth, r.IslamicDay) {
			days = append(days, found{d, Estimated})
		}
	}
	return days
}

// nth returns the nth such weekday of a month; -1 is the last.
func nth(year int, month time.Month, day time.Weekday, n int) Date {
	if n == -1 {
		last := NewDate(year, month+1, 0)
		return last.AddDays(-int(last.Weekday()-day+7) % 7)
	}
	first := NewDate(year, month, 1)
	return first.AddDays(int(day-first.Weekday()+7)%7 + 7*(n-1))
}

// easter returns Easter Sunday as a Gregorian date, by the Gregorian computus (Meeus, Jones, Butcher) or by
// the Julian one.
func easter(year int, kind string) Date {
	if strings.EqualFold(kind, "julian") {
		a, b, c := year%4, year%7, year%19
		d := (19*c + 15) % 30
		e := (2*a + 4*b - d + 34) % 7
		m := (d + e + 114) / 31
		day := (d+e+114)%31 + 1
		return NewDate(year, time.Month(m), day+year/100-year/400-2) // Julian to Gregorian
	}
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	g := (8*b + 13) / 25
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return NewDate(year, time.Month(n/31), n%31+1)
}

// islamic returns the Gregorian days of a year on which a day of the tabular Islamic calendar falls (civil epoch;
// eleven years of each thirty have 355 days, the others 354). The State's own announcement may differ by a day: that
// is why these are estimates.
func islamic(year, month, day int) []Date {
	var days []Date
	d := NewDate(622, time.July, 19) // 1 Muharram 1, proleptic Gregorian
	d = d.AddDays((59*(month-1)+1)/2 + day - 1)
	for h := 1; d.Year <= year; h++ {
		if d.Year == year {
			days = append(days, d)
		}
		d = d.AddDays(354)
		if (11*h+14)%30 < 11 { // 2, 5, 7, 10, 13, 16, 18, 21, 24, 26 and 29 of the thirty
			d = d.AddDays(1)
		}
	}
	return days
}
