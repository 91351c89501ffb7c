package words

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Months and weekdays as both languages write them inside a sentence (Unicode CLDR, wide, format).
var (
	months = map[Lang][12]string{
		English: {"January", "February", "March", "April", "May", "June", "July", "August", "September",
			"October", "November", "December"},
		Albanian: {"janar", "shkurt", "mars", "prill", "maj", "qershor", "korrik", "gusht", "shtator",
			"tetor", "nëntor", "dhjetor"},
	}
	shortMonths = map[Lang][12]string{
		English:  {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
		Albanian: {"jan", "shk", "mar", "pri", "maj", "qer", "korr", "gush", "sht", "tet", "nën", "dhj"},
	}
	weekdays = map[Lang][7]string{
		English:  {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
		Albanian: {"e diel", "e hënë", "e martë", "e mërkurë", "e enjte", "e premte", "e shtunë"},
	}
	separators = map[Lang]struct{ group, decimal string }{
		English:  {",", "."},
		Albanian: {"\u00a0", ","}, // no-break space
	}
)

// Date writes the calendar day of t in t's own zone: 23 November 2026, 23 nëntor 2026. A legal day is a
// date in a named zone, so the caller chooses the zone with t.In (pain K20).
func (c *Catalogue) Date(t time.Time) string {
	return strconv.Itoa(t.Day()) + "\u00a0" + months[c.Lang][t.Month()-1] + " " + strconv.Itoa(t.Year())
}

// Short writes the day for a narrow column: 23 Nov 2026, 23 nën 2026, with no-break spaces.
func (c *Catalogue) Short(t time.Time) string {
	return strconv.Itoa(t.Day()) + "\u00a0" + shortMonths[c.Lang][t.Month()-1] + "\u00a0" + strconv.Itoa(t.Year())
}

// Weekday writes the day's name and the date: Monday 23 November 2026, e hënë, 23 nëntor 2026.
func (c *Catalogue) Weekday(t time.Time) string {
	return c.Text("words.weekday", "weekday", weekdays[c.Lang][t.Weekday()], "date", c.Date(t))
}

// Day writes a date as the record keeps it, possibly partial: 2006-01-02, 2006-01 or 2006. Anything else,
// and a part written 00 or XX, is returned as it is: a wrong date in a document must be seen as it stands.
func (c *Catalogue) Day(s string) string {
	if t, err := time.Parse("2006-01-02", s); err == nil {
		return c.Date(t)
	}
	if t, err := time.Parse("2006-01", s); err == nil {
		return months[c.Lang][t.Month()-1] + " " + strconv.Itoa(t.Year())
	}
	return s
}

// Clock writes the time of day of t in t's own zone on 24 hours: 09:05.
func (c *Catalogue) Clock(t time.Time) string { return t.Format("15:04") }

// Moment writes date and time with the name of the zone: 23 November 2026, 09:05 (UK time). Two states in
// two zones read the same page, so a time never stands without its zone.
func (c *Catalogue) Moment(t time.Time) string {
	return c.Text("words.moment", "date", c.Date(t), "time", c.Clock(t), "zone", c.Zone(t))
}

// Zone names the zone of t, by place if the catalogue knows it and by its offset if not.
func (c *Catalogue) Zone(t time.Time) string {
	if key := "words.zone." + strings.ReplaceAll(t.Location().String(), "/", "."); c.Has(key) {
		return c.Text(key)
	}
	return "UTC" + t.Format("-07:00")
}

// Number writes a whole number in groups of three: 12,345 or 12 345 with a no-break space.
func (c *Catalogue) Number(n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + separators[c.Lang].group + digits[i:]
	}
	return sign + digits
}

// Decimal writes f with so many places, rounded half away from zero as the publications do.
func (c *Catalogue) Decimal(f float64, places int) string {
	scale := math.Pow10(places)
	s := strconv.FormatFloat(math.Round(f*scale)/scale, 'f', places, 64)
	whole, fraction, _ := strings.Cut(s, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil { // not a number, or beyond all counting
		return s
	}
	out := c.Number(n)
	if n == 0 && strings.HasPrefix(s, "-") && strings.Trim(s, "-0.") != "" {
		out = "-0"
	}
	if fraction != "" {
		out += separators[c.Lang].decimal + fraction
	}
	return out
}

// Percent writes a share of one as a percentage: 0.625 is 62.5%.
func (c *Catalogue) Percent(share float64, places int) string {
	return c.Decimal(share*100, places) + "%"
}

// Count writes a counted thing, for example Count("words.days", 25): 25 days.
func (c *Catalogue) Count(key string, n int) string {
	text := c.Text(key, "count", strconv.Itoa(n))
	if grouped := c.Number(int64(n)); len(grouped) > 3 {
		return strings.Replace(text, strconv.Itoa(n), grouped, 1)
	}
	return text
}

// Duration writes d with its two largest units: 3 days 4 hours, 2 hours 5 minutes, 40 seconds.
func (c *Catalogue) Duration(d time.Duration) string {
	if d < 0 {
		d = -d
	}
	units := []struct {
		key  string
		size time.Duration
	}{{"words.days", 24 * time.Hour}, {"words.hours", time.Hour}, {"words.minutes", time.Minute}, {"words.seconds", time.Second}}
	for i, u := range units {
		n := d / u.size
		if n == 0 && u.size > time.Second {
			continue
		}
		out := c.Count(u.key, int(n))
		if i+1 < len(units) {
			if rest := d % u.size / units[i+1].size; rest > 0 {
				out += " " + c.Count(units[i+1].key, int(rest))
			}
		}
		return out
	}
	return ""
}

// Distance says how far a day is from today: today, tomorrow, in 3 days, 2 days ago. Both are midnights or
// instants in the same zone; only their dates count.
func (c *Catalogue) Distance(day, today time.Time) string {
	a := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, time.UTC)
	b := time.Date(today.Year(), today.Month(), today.Day(), 0, 0, 0, 0, time.UTC)
	switch n := int(a.Sub(b) / (24 * time.Hour)); {
	case n == 0:
		return c.Text("words.today")
	case n == 1:
		return c.Text("words.tomorrow")
	case n == -1:
		return c.Text("words.yesterday")
	case n > 0:
		return c.Count("words.in-days", n)
	default:
		return c.Count("words.days-ago", -n)
	}
}

// List joins items as a sentence does: a, b and c.
func (c *Catalogue) List(items []string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	last := len(items) - 1
	return c.Text("words.list", "items", strings.Join(items[:last], ", "), "last", items[last])
}
