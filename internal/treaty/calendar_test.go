package treaty

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"countersign/internal/fault"
)

// Every entry of facts/holidays.md, and the days that moved. The moved days of Albania are those that the Bank of
// Albania published (through vacanza/holidays); those of the United Kingdom follow from the table of substitutes.
func TestHolidays(t *testing.T) {
	all := calendars(t)
	parts := map[string][2]string{"al": {"al", ""}, "EAW": {"gb", "EAW"}, "SCT": {"gb", "SCT"}, "NIR": {"gb", "NIR"}}
	for _, tt := range []struct {
		where string
		free  []string // working days that are holidays
		work  []string // days that other parts or lists have and this one does not
	}{
		{"al", []string{"2020-01-01", "2020-01-02", "2020-01-03", "2023-03-14", "2023-03-22", "2020-05-01", "2023-09-05",
			"2024-11-22", "2022-11-28", "2022-11-29", "2022-12-08", "2023-12-25", "2022-03-21", "2024-03-15",
			"2021-05-13", "2022-05-02", "2023-04-21", "2024-04-10", "2020-07-31", "2021-07-20", "2023-06-28", "2025-06-06"},
			[]string{"2023-10-19", "2022-10-19", "2023-11-22", "2022-11-22", "2023-04-11", "2022-12-27", "2021-01-05"}},
		{"al", []string{"2021-01-04", "2022-01-03", "2022-01-04", "2023-01-03", "2020-03-16", "2021-03-15", "2020-03-23",
			"2021-05-03", "2021-05-04", "2022-05-03", "2020-09-07", "2021-09-06", "2025-11-24", "2026-11-23", "2020-11-30",
			"2020-12-01", "2021-11-30", "2024-12-09", "2021-12-27", "2022-12-26", "2020-05-25", "2022-07-11", "2024-06-17",
			"2025-03-31", "2020-04-13", "2020-04-20", "2021-04-05", "2022-04-18", "2022-04-25", "2023-04-10", "2023-04-17",
			"2024-04-01", "2024-05-06", "2025-04-21", "2027-05-04"},
			[]string{"2025-04-22", "2023-01-04", "2022-05-04", "2021-05-05"}}, // both Easters of 2025 fall on one day and move once
		{"EAW", []string{"2020-01-01", "2020-04-10", "2020-04-13", "2020-05-08", "2020-05-25", "2020-08-31", "2020-12-25",
			"2020-12-28", "2021-12-27", "2021-12-28", "2022-01-03", "2022-06-02", "2022-06-03", "2022-09-19", "2022-12-26",
			"2022-12-27", "2023-01-02", "2023-05-01", "2023-05-08", "2023-05-29", "2023-08-28", "2026-12-28", "2027-12-28"},
			[]string{"2020-05-04", "2022-05-30", "2023-01-03", "2023-03-17", "2023-07-12", "2023-08-07", "2023-11-30", "2022-01-04"}},
		{"SCT", []string{"2022-01-03", "2022-01-04", "2023-01-02", "2023-01-03", "2020-01-02", "2021-01-04", "2023-04-07",
			"2023-08-07", "2023-11-30", "2024-12-02", "2020-11-30", "2022-06-02", "2022-06-03", "2022-09-19", "2023-05-08", "2020-05-08"},
			[]string{"2023-04-10", "2023-08-28", "2023-07-12", "2023-03-17", "2023-01-04"}},
		{"NIR", []string{"2023-03-17", "2024-03-18", "2023-04-07", "2023-04-10", "2023-07-12", "2020-07-13", "2025-07-14",
			"2023-08-28", "2022-06-03", "2022-09-19", "2023-05-08", "2022-12-27", "2020-05-08"},
			[]string{"2023-01-03", "2023-08-07", "2023-11-30"}},
	} {
		c := all.Calendar(parts[tt.where][0], parts[tt.where][1])
		for _, d := range tt.free {
			if ok, why := c.Working(day(t, d)); ok || why.Holiday == nil {
				t.Errorf("%s: %s (%s) should be a holiday", tt.where, d, day(t, d).Weekday())
			}
		}
		for _, d := range tt.work {
			if ok, why := c.Working(day(t, d)); !ok {
				t.Errorf("%s: %s should be a working day, is %+v", tt.where, d, why)
			}
		}
	}
}

func TestStatusOfHolidays(t *testing.T) {
	all := calendars(t)
	for _, tt := range []struct {
		state, part, date string
		want              Status
	}{
		{"al", "", "2025-01-01", Announced}, {"al", "", "2026-01-01", Computed}, {"al", "", "2025-06-06", Announced},
		{"al", "", "2026-05-27", Estimated}, {"al", "", "2026-03-20", Estimated}, {"gb", "EAW", "2022-09-19", Announced},
		{"gb", "EAW", "2020-05-08", Announced}, {"gb", "NIR", "2023-07-12", Computed},
	} {
		if h, ok := all.Calendar(tt.state, tt.part).Holiday(day(t, tt.date)); !ok || h.Status != tt.want || h.Source == "" {
			t.Errorf("%s %s: %+v, want %s", tt.state, tt.date, h, tt.want)
		}
	}
}

func TestCalendarsByName(t *testing.T) {
	all := calendars(t)
	if all.Calendar("gb", "") != nil || all.Calendar("ch", "") != nil || all.Calendar("al", "EAW") != nil {
		t.Error("a calendar that nobody holds was given")
	}
	if got := all.Parts("gb"); len(got) != 3 || len(all.Parts("al")) != 0 {
		t.Errorf("parts %v, %v", got, all.Parts("al"))
	}
	changed := all.Calendar("al", "").Declare(Holiday{Date: day(t, "2023-02-01")})
	if ok, _ := all.With(changed).Calendar("al", "").Working(day(t, "2023-02-01")); ok {
		t.Error("the declared holiday is lost")
	}
	if ok, _ := all.Calendar("al", "").Working(day(t, "2023-02-01")); !ok {
		t.Error("the calendars given first were changed")
	}
	if sunday := WeekendsOnly("ch", time.UTC); !sunday.Partial {
		t.Error("a calendar without holidays must say so")
	}
}

// A holiday that a State declares is one line of its file.
func TestDeclaredIsOneLine(t *testing.T) {
	const file = `{"state": "zz", "version": "2026-01-01", "zone": "Europe/Tirane", "first_year": 2026, "last_year": 2027,
"moves": "next_working_day", "announced_through": null, "source": "test", "holidays": [], "declared": [
{"date": "2026-03-04", "name": {"en": "Mourning", "sq": "Zi kombëtare"}, "status": "announced"}
]}`
	all, err := LoadCalendarsFrom(fstest.MapFS{"zz/holidays.json": {Data: []byte(file)}})
	if err != nil {
		t.Fatal(err)
	}
	if ok, why := all.Calendar("zz", "").Working(day(t, "2026-03-04")); ok || why.Holiday.Name.Sq != "Zi kombëtare" {
		t.Errorf("%v %+v", ok, why)
	}
	broken := []byte(file[:len(file)-30] + `"guessed"}]}`)
	_, err = LoadCalendarsFrom(fstest.MapFS{"zz/holidays.json": {Data: broken}})
	if fault.KindOf(err) != fault.Invalid || fault.ArgsOf(err)["line"] == "" {
		t.Errorf("got %v", err)
	}
}

const zzHolidays = `{"state": "zz", "version": "2026-01-01", "zone": "Europe/Tirane", "first_year": 2026, "last_year": 2030, "parts": ["p", "q"],
"moves": "next_working_day", "announced_through": 2027, "source": "test", "holidays": [
{"name": {"en": "Fixed", "sq": "E caktuar"}, "rule": {"kind": "fixed", "month": 2, "day": 29}, "since": 2028, "until": 2029},
{"name": {"en": "Good Friday", "sq": "E premtja"}, "parts": ["q"], "rule": {"kind": "easter", "easter": "gregorian", "offset": -2}},
{"name": {"en": "Orthodox", "sq": "Ortodokse"}, "rule": {"kind": "easter", "easter": "julian"}},
{"name": {"en": "First", "sq": "E para"}, "rule": {"kind": "nth_weekday", "month": 5, "weekday": "monday", "nth": 1}, "instead": [{"year": 2027, "date": "2027-05-05"}]},
{"name": {"en": "Last", "sq": "E fundit"}, "rule": {"kind": "nth_weekday", "month": 5, "weekday": "monday", "nth": -1}},
{"name": {"en": "Listed", "sq": "E listuar"}, "rule": {"kind": "listed", "dates": ["2026-03-19", "2027-03-09"], "islamic_month": 10, "islamic_day": 1}},
{"name": {"en": "Listed only", "sq": "Vetëm e listuar"}, "rule": {"kind": "listed", "dates": ["2026-07-01"]}}], "declared": [
{"date": "2026-03-04", "name": {"en": "Mourning", "sq": "Zi"}, "parts": ["p"], "status": "announced", "source": "its own"},
{"date": "2027-03-04", "name": {"en": "Mourning", "sq": "Zi"}, "status": "estimated"}]}`

func loadZZ(text string) (*Calendars, error) {
	return LoadCalendarsFrom(fstest.MapFS{"zz/holidays.json": {Data: []byte(text)}})
}

// Every kind of rule gives its days, in the years and parts that it is for, with how well each is known and from where.
func TestEveryKindOfHoliday(t *testing.T) {
	all, err := loadZZ(zzHolidays)
	if err != nil {
		t.Fatal(err)
	}
	year := func(part string, y int) string {
		var days []string
		for _, h := range all.Calendar("zz", part).Holidays(y) {
			text := h.Date.String()[5:] + " " + h.Name.En + " " + string(h.Status)[:1]
			if !h.Moved.IsZero() {
				text += " from " + h.Moved.String()[5:]
			}
			if h.Source != "test" {
				text += " by " + h.Source
			}
			if h.State != "zz" || h.Part != part || h.Name.Sq == "" {
				text += " WRONG"
			}
			days = append(days, text)
		}
		return strings.Join(days, ", ")
	}
	for at, want := range map[[2]string]string{
		{"p", "2026"}: "03-04 Mourning a by its own, 03-19 Listed a, 04-12 Orthodox a, 04-13 Orthodox a from 04-12, 05-04 First a, 05-25 Last a, 07-01 Listed only a",
		{"q", "2026"}: "03-19 Listed a, 04-03 Good Friday a, 04-12 Orthodox a, 04-13 Orthodox a from 04-12, 05-04 First a, 05-25 Last a, 07-01 Listed only a",
		{"p", "2027"}: "03-04 Mourning e, 03-09 Listed a, 05-02 Orthodox a, 05-03 Orthodox a from 05-02, 05-05 First a, 05-31 Last a",
		{"p", "2028"}: "02-27 Listed e, 02-28 Listed e from 02-27, 02-29 Fixed c, 04-16 Orthodox c, 04-17 Orthodox c from 04-16, 05-01 First c, 05-29 Last c",
		{"p", "2029"}: "02-15 Listed e, 03-01 Fixed c, 04-08 Orthodox c, 04-09 Orthodox c from 04-08, 05-07 First c, 05-28 Last c",
		{"p", "2030"}: "02-05 Listed e, 04-28 Orthodox c, 04-29 Orthodox c from 04-28, 05-06 First c, 05-27 Last c",
		{"p", "2031"}: "",
	} {
		y, _ := strconv.Atoi(at[1])
		if got := year(at[0], y); got != want {
			t.Errorf("%s %d:\n got %s\nwant %s", at[0], y, got, want)
		}
	}
}

// Three days on one weekend move to three working days, in their order; two on one date are one and move once.
func TestDaysThatMove(t *testing.T) {
	d := func(day int) Holiday { return Holiday{Date: NewDate(2023, 4, day)} }
	for want, days := range map[string][]Holiday{
		"2023-04-01 2023-04-02 2023-04-03>01 2023-04-04>02":            {d(1), d(2)},
		"2023-04-01 2023-04-02 2023-04-03 2023-04-04>01 2023-04-05>02": {d(1), d(2), d(3)},
		"2023-04-02 2023-04-02 2023-04-03>02":                          {d(2), d(2)},
		"2023-04-03":                                                   {d(3)},
		"2023-04-01 2023-04-03 2023-04-04 2023-04-05>01":               {d(1), d(3), d(4)},
	} {
		got := move(days)
		slices.SortStableFunc(got, func(a, b Holiday) int { return a.Date.Compare(b.Date) })
		var all []string
		for _, h := range got {
			text := h.Date.String()
			if !h.Moved.IsZero() {
				text += ">" + h.Moved.String()[8:]
			}
			all = append(all, text)
		}
		if strings.Join(all, " ") != want {
			t.Errorf("got %s\nwant %s", strings.Join(all, " "), want)
		}
	}
}

// A file that says what cannot be is refused at the field, with what stands there and what is allowed there.
func TestBrokenHolidayFiles(t *testing.T) {
	const years, nths, months = "first_year ... first_year + 200", "1, 2, 3, 4, -1", "1-1 ... 12-31"
	const zones, days = "Europe/London ... (IANA)", "sunday, monday, tuesday, wednesday, thursday, friday, saturday"
	const first = `"month": 5, "weekday": "monday", "nth": 1`
	for _, c := range []struct{ from, to, field, key, value, allowed string }{
		{`"state": "zz"`, `"state": ""`, "state", "missing", "", `"..."`},
		{`"Europe/Tirane"`, `"Europe/Atlantis"`, "zone", "value", "Europe/Atlantis", zones},
		{`"Europe/Tirane"`, `""`, "zone", "value", "", zones},
		{`"first_year": 2026`, `"first_year": 1582`, "last_year", "value", "2030", years},
		{`"last_year": 2030`, `"last_year": 2025`, "last_year", "value", "2025", years},
		{`"last_year": 2030`, `"last_year": 2227`, "last_year", "value", "2227", years},
		{`"next_working_day"`, `"never"`, "moves", "value", "never", "next_working_day"},
		{`"next_working_day"`, `""`, "moves", "missing", "", "next_working_day"},
		{`"source": "test"`, `"source": ""`, "source", "missing", "", `"..."`},
		{`"E caktuar"`, `""`, "holidays.0.name.sq", "missing", "", `"..."`},
		{`"parts": ["q"]`, `"parts": ["x"]`, "holidays.1.parts.0", "value", "x", "p, q"},
		{`"kind": "fixed"`, `"kind": "guessed"`, "holidays.0.rule.kind", "value", "guessed", "fixed, easter, nth_weekday, listed"},
		{`"kind": "fixed"`, `"kind": ""`, "holidays.0.rule.kind", "missing", "", "fixed, easter, nth_weekday, listed"},
		{`"day": 29`, `"day": 30`, "holidays.0.rule.day", "value", "2-30", months},
		{`"month": 2, "day": 29`, `"month": 14, "day": 5`, "holidays.0.rule.day", "value", "14-5", months},
		{`"easter": "julian"`, `"easter": "coptic"`, "holidays.2.rule.easter", "value", "coptic", "gregorian, julian"},
		{`"easter": "julian"`, `"easter": ""`, "holidays.2.rule.easter", "missing", "", "gregorian, julian"},
		{first, `"month": 5, "weekday": "moonday", "nth": 1`, "holidays.3.rule.weekday", "value", "moonday", days},
		{first, `"month": 5, "weekday": "", "nth": 1`, "holidays.3.rule.weekday", "missing", "", days},
		{first, `"month": 5, "weekday": "monday", "nth": 0`, "holidays.3.rule.nth", "value", "0", nths},
		{first, `"month": 5, "weekday": "monday", "nth": 5`, "holidays.3.rule.nth", "value", "5", nths},
		{`"nth": -1`, `"nth": -2`, "holidays.4.rule.nth", "value", "-2", nths},
		{first, `"month": 0, "weekday": "monday", "nth": 1`, "holidays.3.rule.nth", "value", "1", nths},
		{first, `"month": 13, "weekday": "monday", "nth": 1`, "holidays.3.rule.nth", "value", "1", nths},
		{`"year": 2027, "date": "2027-05-05"`, `"year": 2027, "date": ""`, "holidays.3.instead.0.date", "missing", "", "2006-01-02"},
		{`"dates": ["2026-07-01"]`, `"dates": []`, "holidays.6.rule.dates", "missing", "", "[ ... ]"},
		{`"date": "2026-03-04"`, `"date": ""`, "declared.0.date", "missing", "", "2006-01-02"},
		{`"sq": "Zi"}, "parts"`, `"sq": ""}, "parts"`, "declared.0.name.sq", "missing", "", `"..."`},
		{`"parts": ["p"], "status"`, `"parts": ["x"], "status"`, "declared.0.parts.0", "value", "x", "p, q"},
		{`"status": "estimated"`, `"status": "guessed"`, "declared.1.status", "value", "guessed", list(statuses)},
		{`"status": "estimated"`, `"status": ""`, "declared.1.status", "missing", "", list(statuses)},
	} {
		if strings.Count(zzHolidays, c.from) < 1 {
			t.Fatalf("%s is not in the file", c.from)
		}
		_, err := loadZZ(strings.Replace(zzHolidays, c.from, c.to, 1))
		want := map[string]string{"file": "zz/holidays.json", "field": c.field, "allowed": c.allowed}
		if c.key == "value" {
			want["value"] = c.value
		}
		got := maps.Clone(fault.ArgsOf(err))
		if line, err := strconv.Atoi(got["line"]); err != nil || line < 1 || line > 1+strings.Count(zzHolidays, "\n") {
			t.Errorf("%s: refused at line %q", c.to, got["line"])
		}
		delete(got, "line")
		if fault.KindOf(err) != fault.Invalid || fault.KeyOf(err) != "fault.treaty.file."+c.key || !maps.Equal(got, want) {
			t.Errorf("%s: %v\n got %v\nwant %v", c.to, err, got, want)
		}
	}
	for _, good := range [][2]string{{`"nth": 1`, `"nth": 4`}, {`"first_year": 2026, "last_year": 2030`, `"first_year": 2026, "last_year": 2226`},
		{`"month": 5, "weekday": "monday", "nth": -1`, `"month": 12, "weekday": "sunday", "nth": -1`}, {first, `"month": 1, "weekday": "monday", "nth": 1`}} {
		if _, err := loadZZ(strings.Replace(zzHolidays, good[0], good[1], 1)); err != nil {
			t.Errorf("%s: %v", good[1], err)
		}
	}
	edge := strings.Replace(zzHolidays, `"first_year": 2026, "last_year": 2030`, `"first_year": 1583, "last_year": 1583`, 1)
	if _, err := loadZZ(edge); err != nil {
		t.Errorf("the first year of the Gregorian calendar: %v", err)
	}
}

// The order of the file does not matter: a Sunday's holiday that stands before a Saturday's moves after it, and two on one
// date move once, wherever they stand. Saturday is 2 May 2026, Sunday 3 May.
func TestTheOrderOfAHolidayFile(t *testing.T) {
	fixed := func(name string, day int) string {
		return fmt.Sprintf(`{"name": {"en": %q, "sq": %q}, "rule": {"kind": "fixed", "month": 5, "day": %d}}`, name, name, day)
	}
	want := map[string]string{"2026-05-02": "", "2026-05-03": "", "2026-05-04": "2026-05-02", "2026-05-05": "2026-05-03"}
	for _, order := range [][]string{
		{fixed("a", 3), fixed("b", 2), fixed("a", 3)},
		{fixed("b", 2), fixed("a", 3), fixed("b", 2)},
		{fixed("b", 2), fixed("a", 3)},
	} {
		got := map[string]string{}
		for _, h := range oneYear(t, strings.Join(order, ", "), "").Holidays(2026) {
			got[h.Date.String()] = h.Moved.String()
		}
		if !maps.Equal(got, want) {
			t.Errorf("%s:\n got %v\nwant %v", order, got, want)
		}
	}
}

// A file of one year holds the days declared for that year, and none of another.
func TestDeclaredForItsYear(t *testing.T) {
	declared := func(date string) string {
		return `{"date": "` + date + `", "name": {"en": "Mourning", "sq": "Zi"}, "status": "announced"}`
	}
	c := oneYear(t, "", declared("2026-03-04")+", "+declared("2027-03-04"))
	if _, ok := c.Holiday(day(t, "2026-03-04")); !ok {
		t.Error("the day declared for the year is not held")
	}
	if h, ok := c.Holiday(day(t, "2027-03-04")); ok {
		t.Errorf("a day of a year that the file does not hold: %+v", h)
	}
}

func oneYear(t *testing.T, holidays, declared string) *Calendar {
	t.Helper()
	all, err := loadZZ(`{"state": "zz", "version": "2026-01-01", "zone": "Europe/Tirane", "first_year": 2026, "last_year": 2026,
"moves": "next_working_day", "announced_through": null, "source": "test", "holidays": [` + holidays + `], "declared": [` + declared + `]}`)
	if err != nil {
		t.Fatal(err)
	}
	return all.Calendar("zz", "")
}
