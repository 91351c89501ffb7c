package person

import (
	"fmt"
	"time"
)

// Date is a civil date that may be partial, as identity documents allow (ICAO 9303-3, 4.7: an unknown day
// or month). The zero value is unknown altogether. It has no zone: a birthday is the same day everywhere.
type Date struct {
	Year  int // 0: unknown
	Month int // 0: unknown
	Day   int // 0: unknown
}

// On makes an exact date.
func On(year, month, day int) Date { return Date{year, month, day} }

// DateOf is the civil date that t shows in its own location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, int(m), d}
}

// ParseDate reads "2006-01-02", "2006-01", "2006" or "".
func ParseDate(s string) (Date, error) {
	var d Date
	if err := d.UnmarshalText([]byte(s)); err != nil {
		return Date{}, err
	}
	return d, nil
}

// Exact tells whether year, month and day are known.
func (d Date) Exact() bool { return d.Year != 0 && d.Month != 0 && d.Day != 0 }

// IsZero tells whether nothing is known.
func (d Date) IsZero() bool { return d == Date{} }

// First is the earliest day that d can mean; the zero time if the year is unknown.
func (d Date) First(loc *time.Location) time.Time {
	if d.Year == 0 {
		return time.Time{}
	}
	return time.Date(d.Year, time.Month(max(d.Month, 1)), max(d.Day, 1), 0, 0, 0, 0, loc)
}

// Last is the latest day that d can mean; the zero time if the year is unknown.
func (d Date) Last(loc *time.Location) time.Time {
	switch {
	case d.Year == 0:
		return time.Time{}
	case d.Month == 0:
		return time.Date(d.Year, 12, 31, 0, 0, 0, 0, loc)
	case d.Day == 0:
		return time.Date(d.Year, time.Month(d.Month)+1, 0, 0, 0, 0, 0, loc)
	}
	return d.First(loc)
}

// Before compares exact dates; a partial date is compared by the first day that it can mean.
func (d Date) Before(e Date) bool {
	a, b := d.First(time.UTC), e.First(time.UTC)
	return a.Before(b)
}

// AddDays moves an exact date.
func (d Date) AddDays(n int) Date { return DateOf(d.First(time.UTC).AddDate(0, 0, n)) }

// Years is the full years from d to day; sure is false where a partial date leaves two answers, and then
// years is the smaller one: somebody who may be a child is treated as a child.
func (d Date) Years(day Date) (years int, sure bool) {
	if d.Year == 0 || day.Year == 0 {
		return 0, false
	}
	young, old := fullYears(DateOf(d.Last(time.UTC)), day), fullYears(DateOf(d.First(time.UTC)), day)
	return young, young == old
}

func fullYears(from, to Date) int {
	n := to.Year - from.Year
	if to.Month < from.Month || to.Month == from.Month && to.Day < from.Day {
		n--
	}
	return n
}

// String is "2006-01-02", "2006-01", "2006" or "".
func (d Date) String() string {
	switch {
	case d.Year == 0:
		return ""
	case d.Month == 0:
		return fmt.Sprintf("%04d", d.Year)
	case d.Day == 0:
		return fmt.Sprintf("%04d-%02d", d.Year, d.Month)
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// MarshalText writes what String shows.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what String writes and refuses days that no calendar has.
func (d *Date) UnmarshalText(b []byte) error {
	*d = Date{}
	if len(b) == 0 {
		return nil
	}
	layouts := map[int]string{4: "2006", 7: "2006-01", 10: time.DateOnly}
	t, err := time.Parse(layouts[len(b)], string(b))
	if err != nil || layouts[len(b)] == "" || t.Year() == 0 {
		return fmt.Errorf("date %q: want 2006-01-02, 2006-01 or 2006", b)
	}
	d.Year = t.Year()
	if len(b) > 4 {
		d.Month = int(t.Month())
	}
	if len(b) > 7 {
		d.Day = t.Day()
	}
	return nil
}
