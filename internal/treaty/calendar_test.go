package treaty

import (
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

// Dates of Easter Sunday from the tables of the two churches.
func TestEaster(t *testing.T) {
	for year, want := range map[int][2]string{
		2018: {"2018-04-01", "2018-04-08"}, 2019: {"2019-04-21", "2019-04-28"}, 2020: {"2020-04-12", "2020-04-19"},
		2021: {"2021-04-04", "2021-05-02"}, 2022: {"2022-04-17", "2022-04-24"}, 2023: {"2023-04-09", "2023-04-16"},
		2024: {"2024-03-31", "2024-05-05"}, 2025: {"2025-04-20", "2025-04-20"}, 2030: {"2030-04-21", "2030-04-28"},
	} {
		if got := easter(year, "gregorian"); got != day(t, want[0]) {
			t.Errorf("%d: %s, want %s", year, got, want[0])
		}
		if got := easter(year, "julian"); got != day(t, want[1]) {
			t.Errorf("%d, Julian: %s, want %s", year, got, want[1])
		}
	}
}

// The estimate of an Eid is at most a day away from the day that Albania kept, in every year that is known.
func TestEidEstimate(t *testing.T) {
	known := map[[2]int][]string{
		{10, 1}:  {"2020-05-24", "2021-05-13", "2022-05-02", "2023-04-21", "2024-04-10", "2025-03-30"},
		{12, 10}: {"2020-07-31", "2021-07-20", "2022-07-09", "2023-06-28", "2024-06-16", "2025-06-06"},
	}
	for feast, dates := range known {
		for _, s := range dates {
			d := day(t, s)
			got := islamic(d.Year, feast[0], feast[1])
			if len(got) != 1 || got[0].Sub(d) < -1 || got[0].Sub(d) > 1 {
				t.Errorf("%s: estimated %v", s, got)
			}
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

// A file that says what cannot be is refused at the field, with what is allowed there.
func TestBrokenHolidayFiles(t *testing.T) {
	for _, c := range []struct{ from, to, field, allowed string }{
		{`"state": "zz"`, `"state": ""`, "/state", ""},
		{`"Europe/Tirane"`, `"Europe/Atlantis"`, "/zone", "Europe/London ... (IANA)"},
		{`"Europe/Tirane"`, `""`, "/zone", ""},
		{`"first_year": 2026`, `"first_year": 1582`, "/last_year", "first_year ... first_year + 200"},
		{`"last_year": 2030`, `"last_year": 2025`, "/last_year", ""},
		{`"last_year": 2030`, `"last_year": 2227`, "/last_year", ""},
		{`"next_working_day"`, `"never"`, "/moves", "next_working_day"},
		{`"next_working_day"`, `""`, "/moves", ""},
		{`"source": "test"`, `"source": ""`, "/source", ""},
		{`"E caktuar"`, `""`, "/holidays/0/name", ""},
		{`"parts": ["q"]`, `"parts": ["x"]`, "/holidays/1/parts", ""},
		{`"kind": "fixed"`, `"kind": "guessed"`, "/holidays/0/rule/kind", "fixed, easter, nth_weekday, listed"},
		{`"day": 29`, `"day": 30`, "/holidays/0/rule/day", "1-1 ... 12-31"},
		{`"month": 2,`, `"month": 14,`, "/holidays/0/rule/day", ""},
		{`"easter": "julian"`, `"easter": "coptic"`, "/holidays/2/rule/easter", "gregorian, julian"},
		{`"weekday": "monday", "nth": 1`, `"weekday": "moonday", "nth": 1`, "/holidays/3/rule/weekday", ""},
		{`"nth": 1`, `"nth": 0`, "/holidays/3/rule/nth", "1, 2, 3, 4, -1"},
		{`"nth": 1`, `"nth": 5`, "/holidays/3/rule/nth", ""},
		{`"nth": -1`, `"nth": -2`, "/holidays/4/rule/nth", ""},
		{`"month": 5, "weekday": "monday", "nth": 1`, `"month": 0, "weekday": "monday", "nth": 1`, "/holidays/3/rule/nth", ""},
		{`"month": 5, "weekday": "monday", "nth": 1`, `"month": 13, "weekday": "monday", "nth": 1`, "/holidays/3/rule/nth", ""},
		{`"year": 2027, "date": "2027-05-05"`, `"year": 2027, "date": ""`, "/holidays/3/instead/0/date", ""},
		{`"dates": ["2026-07-01"]`, `"dates": []`, "/holidays/6/rule/dates", "[ ... ]"},
		{`"date": "2026-03-04"`, `"date": ""`, "/declared/0/date", ""},
		{`"sq": "Zi"}, "parts"`, `"sq": ""}, "parts"`, "/declared/0/name", ""},
		{`"parts": ["p"], "status"`, `"parts": ["x"], "status"`, "/declared/0/parts", ""},
		{`"status": "estimated"`, `"status": "guessed"`, "/declared/1/status", ""},
	} {
		if strings.Count(zzHolidays, c.from) < 1 {
			t.Fatalf("%s is not in the file", c.from)
		}
		_, err := loadZZ(strings.Replace(zzHolidays, c.from, c.to, 1))
		args := fault.ArgsOf(err)
		if fault.KindOf(err) != fault.Invalid || !strings.HasPrefix(args["field"], strings.ReplaceAll(c.field[1:], "/", ".")) || c.allowed != "" && args["allowed"] != c.allowed {
			t.Errorf("%s: %v %v, want the field %s", c.to, err, args, c.field)
		}
	}
	for _, good := range [][2]string{{`"nth": 1`, `"nth": 4`}, {`"first_year": 2026, "last_year": 2030`, `"first_year": 2026, "last_year": 2226`}, {`"month": 5, "weekday": "monday", "nth": -1`, `"month": 12, "weekday": "sunday", "nth": -1`}} {
		if _, err := loadZZ(strings.Replace(zzHolidays, good[0], good[1], 1)); err != nil {
			t.Errorf("%s: %v", good[1], err)
		}
	}
	edge := strings.Replace(zzHolidays, `"first_year": 2026, "last_year": 2030`, `"first_year": 1583, "last_year": 1583`, 1)
	if _, err := loadZZ(edge); err != nil {
		t.Errorf("the first year of the Gregorian calendar: %v", err)
	}
}
