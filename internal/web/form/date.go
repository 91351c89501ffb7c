package form

import (
	"strconv"
	"strings"
	"time"

	"countersign/internal/web/component"
	"countersign/internal/words"
)

// Date is a day. With Partial, month and year or the year alone are enough, as documents have it.
type Date struct {
	Base
	Day, Month, Year string // as typed
	Partial          bool
	Earliest, Latest time.Time // bounds by date; zero: none
	wrong            [3]bool
}

func (d *Date) names() []string {
	return []string{d.Name + "-day", d.Name + "-month", d.Name + "-year"}
}

func (d *Date) read(s source) {
	d.Day = clean(s.values.Get(d.Name+"-day"), false)
	d.Month = clean(s.values.Get(d.Name+"-month"), false)
	d.Year = clean(s.values.Get(d.Name+"-year"), false)
}

// Set fills the boxes from a date of the record, possibly partial.
func (d *Date) Set(value string) {
	parts := append(strings.Split(value, "-"), "", "")
	d.Year, d.Month, d.Day = parts[0], strings.TrimPrefix(parts[1], "0"), strings.TrimPrefix(parts[2], "0")
}

// Value is the date as the record keeps it: 2006-01-02, 2006-01 or 2006; empty if nothing was typed. It means
// something only when the form is valid.
func (d *Date) Value() string {
	switch {
	case d.Year == "":
		return ""
	case d.Month == "":
		return d.Year
	case d.Day == "":
		return d.Year + "-" + two(d.Month)
	}
	return d.Year + "-" + two(d.Month) + "-" + two(d.Day)
}

// Time is midnight of a whole date in a zone; ok is false for a partial or wrong one.
func (d *Date) Time(zone *time.Location) (t time.Time, ok bool) {
	t, err := time.ParseInLocation("2006-01-02", d.Value(), zone)
	return t, err == nil
}

func two(s string) string { return strings.Repeat("0", max(0, 2-len(s))) + s }

func (d *Date) check() *Message {
	d.wrong = [3]bool{}
	if d.Day+d.Month+d.Year == "" {
		return d.missing()
	}
	if m := d.absent(); m != nil {
		return m
	}
	if m := d.impossible(); m != nil {
		return m
	}
	return d.outside()
}

// absent names the parts that are missing, as the design system asks.
func (d *Date) absent() *Message {
	d.wrong = [3]bool{d.Day == "" && !d.Partial, d.Month == "" && (!d.Partial || d.Day != ""), d.Year == ""}
	switch d.wrong {
	case [3]bool{}:
		return nil
	case [3]bool{true, false, false}:
		return Say("web.form.date.day")
	case [3]bool{false, true, false}:
		return Say("web.form.date.month")
	case [3]bool{false, false, true}:
		return Say("web.form.date.year")
	}
	return Say("web.form.date.parts")
}

func (d *Date) impossible() *Message {
	number := func(s string, low, high int) bool {
		n, err := strconv.Atoi(s)
		return s == "" || err == nil && n >= low && n <= high
	}
	d.wrong = [3]bool{!number(d.Day, 1, 31), !number(d.Month, 1, 12), !number(d.Year, 1, 9999) || len(d.Year) != 4}
	if d.wrong[2] && !d.wrong[0] && !d.wrong[1] {
		return Say("web.form.date.year-digits")
	}
	if d.wrong == [3]bool{} && d.Day != "" {
		if _, ok := d.Time(time.UTC); !ok { // 31 February
			d.wrong = [3]bool{true, true, true}
		}
	}
	if d.wrong != [3]bool{} {
		return Say("web.form.date.real")
	}
	return nil
}

// outside compares the first possible day with the latest bound, and the last possible day with the earliest.
func (d *Date) outside() *Message {
	first, last := d.span()
	switch {
	case !d.Latest.IsZero() && first > d.Latest.Format("2006-01-02"):
		return d.all("web.form.date.latest", d.Latest)
	case !d.Earliest.IsZero() && last < d.Earliest.Format("2006-01-02"):
		return d.all("web.form.date.earliest", d.Earliest)
	}
	return nil
}

func (d *Date) all(key string, bound time.Time) *Message {
	d.wrong = [3]bool{true, true, true}
	return Say(key, "bound", bound.Format("2006-01-02"))
}

func (d *Date) span() (first, last string) {
	v := d.Value()
	return (v + "-01-01")[:10], (v + "-12-31")[:10]
}

func (d *Date) anchor() string {
	for i, part := range []string{"day", "month", "year"} {
		if d.wrong[i] {
			return d.Name + "-" + part
		}
	}
	return d.Name + "-day"
}

// Component is the question as three boxes.
func (d *Date) Component(c *words.Catalogue) component.Component {
	item := func(i int, part, label, value, width string) component.DateItem {
		wrong := d.err != nil && (d.wrong[i] || d.wrong == [3]bool{})
		return component.DateItem{Name: part, Label: c.Text(label), Value: value, Error: &wrong, Classes: width, Autocomplete: "off"}
	}
	return component.DateInput{ID: d.Name, NamePrefix: d.Name, Fieldset: d.fieldset(c), Hint: d.hint(c),
		ErrorMessage: d.message(c), Items: []component.DateItem{
			item(0, "day", "web.form.date.label.day", d.Day, "govuk-input--width-2"),
			item(1, "month", "web.form.date.label.month", d.Month, "govuk-input--width-2"),
			item(2, "year", "web.form.date.label.year", d.Year, "govuk-input--width-4"),
		}}
}

// Clock is a time of day, 24 hours. Colon, full stop or nothing may stand between hours and minutes.
type Clock struct {
	Base
	Typed string
}

func (k *Clock) read(s source) { k.Typed = clean(s.values.Get(k.Name), false) }

// Value is the time as 15:04; ok is false when it is empty or wrong.
func (k *Clock) Value() (hhmm string, ok bool) {
	digits := strings.NewReplacer(":", "", ".", "").Replace(k.Typed)
	if len(digits) == 3 {
		digits = "0" + digits
	}
	t, err := time.Parse("1504", digits)
	if err != nil || len(digits) != 4 {
		return "", false
	}
	return t.Format("15:04"), true
}

func (k *Clock) check() *Message {
	if k.Typed == "" {
		return k.missing()
	}
	if _, ok := k.Value(); !ok {
		return Say("web.form.clock")
	}
	return nil
}

// Component is the question as a short input.
func (k *Clock) Component(c *words.Catalogue) component.Component {
	return component.Input{ID: k.Name, Name: k.Name, Value: k.Typed, Label: k.label(c), Hint: k.hint(c),
		ErrorMessage: k.message(c), Classes: "govuk-input--width-5", Autocomplete: "off"}
}

// At is the moment of a day and a time in a zone. ok is false when either is wrong, and for an hour that the
// zone skips in spring; of an hour that comes twice in autumn it is the first (pain K20).
func At(d *Date, k *Clock, zone *time.Location) (t time.Time, ok bool) {
	clock, ok := k.Value()
	if !ok {
		return time.Time{}, false
	}
	t, err := time.ParseInLocation("2006-01-02 15:04", d.Value()+" "+clock, zone)
	if err != nil || t.Format("2006-01-02 15:04") != d.Value()+" "+clock {
		return time.Time{}, false
	}
	for _, shift := range []time.Duration{time.Hour, 30 * time.Minute} {
		if first := t.Add(-shift); first.Format("15:04") == clock { // package time does not say which it gives
			return first, true
		}
	}
	return t, true
}
