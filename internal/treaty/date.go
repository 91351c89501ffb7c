package treaty

import (
	"fmt"
	"time"

	"countersign/internal/fault"
)

// Date is a day of the civil calendar, without time and zone. The zero Date means “no date given”.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// NewDate returns the day; overflowing months and days are carried, as time.Date does.
func NewDate(year int, month time.Month, day int) Date {
	return dateOf(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

// ParseDate reads 2006-01-02.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fault.New(fault.Invalid, "fault.treaty.date", "value", s)
	}
	return dateOf(t), nil
}

// DateOf returns the day on which the instant falls in the zone.
func DateOf(t time.Time, zone *time.Location) Date { return dateOf(t.In(zone)) }

func dateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// IsZero tells whether no date was given.
func (d Date) IsZero() bool { return d == Date{} }

// String writes 2006-01-02, and nothing for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// MarshalText writes the date as in a file.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads 2006-01-02; an empty text is the zero Date.
func (d *Date) UnmarshalText(b []byte) (err error) {
	*d = Date{}
	if len(b) > 0 {
		*d, err = ParseDate(string(b))
	}
	return err
}

// Start returns the instant at which the day begins in the zone; daylight saving is the zone's.
func (d Date) Start(zone *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, zone)
}

// End returns midnight at the end of the day: the instant at which the next day begins.
func (d Date) End(zone *time.Location) time.Time { return d.AddDays(1).Start(zone) }

// AddDays returns the day n days later, or earlier where n is negative.
func (d Date) AddDays(n int) Date { return NewDate(d.Year, d.Month, d.Day+n) }

// AddMonths returns the same-numbered day n months later, or the last day of that month where it has none.
func (d Date) AddMonths(n int) Date {
	last := NewDate(d.Year, d.Month+time.Month(n)+1, 0)
	last.Day = min(d.Day, last.Day)
	return last
}

// Sub returns the number of days from e to d.
func (d Date) Sub(e Date) int {
	return int(d.Start(time.UTC).Sub(e.Start(time.UTC)) / (24 * time.Hour))
}

// Before tells whether d is earlier than e.
func (d Date) Before(e Date) bool { return d.Compare(e) < 0 }

// After tells whether d is later than e.
func (d Date) After(e Date) bool { return d.Compare(e) > 0 }

// Compare orders dates.
func (d Date) Compare(e Date) int { return d.Start(time.UTC).Compare(e.Start(time.UTC)) }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return d.Start(time.UTC).Weekday() }
