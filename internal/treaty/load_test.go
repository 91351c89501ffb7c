package treaty

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"countersign/agreements"
	"countersign/internal/fault"
)

// least is the smallest agreement that is whole; the tests break one line of it each.
const least = `{
  "id": "t",
  "version": "2026-01-01",
  "kind": "agreement",
  "title": {"en": "Test", "sq": "Provë"},
  "parties": ["gb", "al"],
  "zones": {"gb": "Europe/London", "al": "Europe/Tirane"},
  "in_force_from": "2020-01-01",
  "mark": "V",
  "sources": [{"id": "s", "title": "A text", "reference": "OJ 1"}],
  "effective_act": "handover-acceptance",
  "daily_requests": null,
  "limits": [
    {
      "rule": "reply",
      "limit": 14,
      "unit": "calendar_day",
      "starts_on": "receipt",
      "on_expiry": ["deemed_consent"],
      "article": "unknown",
      "source": "s"
    }
  ],
  "crossing_points": null
}
`

func TestLeastAgreement(t *testing.T) {
	a, err := ParseAgreement("t.json", []byte(least))
	if err != nil {
		t.Fatal(err)
	}
	l, err := a.Find("reply", Facts{})
	if err != nil {
		t.Fatal(err)
	}
	if l.Article != UnknownArticle || l.Cited() != "A text (OJ 1)" || l.Bound != AtMost || l.FirstDay != DayAfter {
		t.Errorf("%+v", l)
	}
}

// A broken file says where it breaks and what would do.
func TestBrokenFiles(t *testing.T) {
	for name, tt := range map[string]struct {
		old, new         string
		key, line, field string
		allowed          string
	}{
		"unknown field": {`"limit": 14`, `"limits": 14`, "unknown", "16", "limits.0.limits", "rule, limit, unit"},
		"unknown unit": {`"unit": "calendar_day"`, `"unit": "business_day"`, "value", "17", "limits.0.unit",
			"hour, calendar_day, working_day, day_unspecified, month, year"},
		"missing unit":          {`      "unit": "calendar_day",` + "\n", "", "missing", "14", "limits.0.unit", "hour"},
		"unknown trigger":       {`"receipt"`, `"reciept"`, "value", "18", "limits.0.starts_on", "confirmed_receipt"},
		"text for a number":     {`"limit": 14`, `"limit": "14"`, "value", "16", "limits.0.limit", "1, 2, 3 ..."},
		"no days":               {`"limit": 14`, `"limit": 0`, "value", "16", "limits.0.limit", "1 ... 1000"},
		"empty article":         {`"article": "unknown"`, `"article": ""`, "missing", "20", "limits.0.article", UnknownArticle},
		"source of nowhere":     {`"source": "s"`, `"source": "x"`, "value", "21", "limits.0.source", "s"},
		"mark R is never coded": {`"mark": "V"`, `"mark": "R"`, "value", "9", "mark", "V"},
		"no such day":           {`"2020-01-01"`, `"2020-02-30"`, "value", "8", "in_force_from", "2006-01-02"},
		"ends before it begins": {`"2020-01-01",`, `"2020-01-01", "in_force_until": "2019-01-01",`, "value", "8", "in_force_until", "in_force_from"},
		"working days of nobody": {`"unit": "calendar_day"`, `"unit": "working_day"`, "missing", "14", "limits.0.calendar",
			"requesting, requested, both"},
		"a calendar for nothing": {`"starts_on"`, `"calendar": "both", "starts_on"`, "value", "18", "limits.0.calendar", "working_day"},
		"no word on silence":     {`["deemed_consent"]`, `[]`, "missing", "19", "limits.0.on_expiry", "none, deemed_consent"},
		"none and something":     {`["deemed_consent"]`, `["none", "duty_ended"]`, "value", "19", "limits.0.on_expiry", "none"},
		"given twice":            {`"mark": "V"`, `"mark": "V", "mark": "V"`, "repeated", "9", "mark", ""},
		"not JSON":               {`"mark": "V",`, `"mark": "V"`, "syntax", "10", "", ""},
		"one language":           {`, "sq": "Provë"`, ``, "missing", "5", "title.sq", ""},
		"a zone on the moon":     {`"Europe/Tirane"`, `"Luna/Tycho"`, "value", "7", "zones.al", "Europe/Tirane"},
		"one party":              {`["gb", "al"]`, `["gb"]`, "missing", "6", "parties", "gb"},
		"silent stand-in":        {`"mark"`, `"stand_in": true, "mark"`, "missing", "1", "stand_in_for.en", ""},
		"another name":           {`"id": "t"`, `"id": "u"`, "value", "2", "id", "t"},
		"longer than the limit it is part of": {`"on_expiry": ["deemed_consent"]`, `"on_expiry": ["none"], "sub_limits": [
{"rule": "register-check", "limit": 15, "unit": "calendar_day", "starts_on": "request", "on_expiry": ["none"], "article": "1", "source": "s"}]`,
			"value", "20", "limits.0.sub_limits.0.limit", "<= 14"},
		"the same limit twice": {`    }
  ]`, `    },
    {"rule": "reply", "limit": 15, "unit": "calendar_day", "starts_on": "request", "on_expiry": ["none"], "article": "1", "source": "s"}
  ]`, "duplicate", "23", "limits.1.rule", ""},
		"total below the limit":    {`"on_expiry"`, `"extension": {"max": 10, "basis": "total"}, "on_expiry"`, "value", "19", "limits.0.extension.max", "> 14"},
		"extension without end":    {`"on_expiry"`, `"extension": {"basis": "additional"}, "on_expiry"`, "missing", "19", "limits.0.extension.until", "obstacle_ended"},
		"no requests at all":       {`"daily_requests": null`, `"daily_requests": 0`, "value", "12", "daily_requests", "null"},
		"crossing point of nobody": {`"crossing_points": null`, `"crossing_points": [{"state": "fr", "means": "air", "name": "Orly"}]`, "value", "24", "crossing_points.0.state", "gb, al"},
	} {
		t.Run(name, func(t *testing.T) {
			broken := strings.Replace(least, tt.old, tt.new, 1)
			if broken == least {
				t.Fatal("the file is not broken")
			}
			_, err := ParseAgreement("t.json", []byte(broken))
			args := fault.ArgsOf(err)
			if fault.KindOf(err) != fault.Invalid || fault.KeyOf(err) != "fault.treaty.file."+tt.key || args["file"] != "t.json" ||
				args["line"] != tt.line || tt.field != "" && args["field"] != tt.field || !strings.Contains(args["allowed"], tt.allowed) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// The agreements that ship are whole, and each says what it is.
func TestShippedAgreements(t *testing.T) {
	all, err := Agreements()
	if err != nil {
		t.Fatal(err)
	}
	treaties := 0
	for _, a := range all {
		if a.Kind == Treaty && !a.StandIn {
			treaties++
		}
		if a.StandIn != (a.ID == "uk-al") {
			t.Errorf("%s: stand-in %v", a.ID, a.StandIn)
		}
		for l := range a.limits() {
			if l.StandIn() != a.StandIn || l.Cited() == " ()" || l.agreement == "" {
				t.Errorf("%s %s: %+v", a.ID, l.Rule, l)
			}
		}
	}
	if treaties != 6 {
		t.Errorf("%d real agreements, want 6", treaties)
	}
}

// The stand-in has the values of EC-Albania 2005 and its Benelux protocol, limit by limit.
func TestStandInIsECAlbania(t *testing.T) {
	uk, err := FindAgreement("uk-al", NewDate(2023, 1, 1))
	if err != nil {
		t.Fatal(err)
	}
	ec, err := FindAgreement("ec-al", NewDate(2023, 1, 1))
	if err != nil {
		t.Fatal(err)
	}
	if len(uk.Limits) != len(ec.Limits) {
		t.Fatalf("%d limits, want %d", len(uk.Limits), len(ec.Limits))
	}
	for i, l := range uk.Limits {
		e := ec.Limits[i]
		if fmt.Sprint(l.Rule, l.Limit, l.Unit, l.Bound, l.StartsOn, l.OnExpiry) != fmt.Sprint(e.Rule, e.Limit, e.Unit, e.Bound, e.StartsOn, e.OnExpiry) {
			t.Errorf("%+v differs from %+v", l, e)
		}
	}
}

// Which version applies on a day, and what a node may do with it (design.md 5.10).
func TestVersionInForce(t *testing.T) {
	file := func(version, force string) *fstest.MapFile {
		s := strings.Replace(least, `"2026-01-01"`, `"`+version+`"`, 1)
		return &fstest.MapFile{Data: []byte(strings.Replace(s, `"in_force_from": "2020-01-01"`, force, 1))}
	}
	all, err := LoadAgreements(fstest.MapFS{
		"t.json":            file("2020-01-01", `"in_force_from": "2020-01-01", "in_force_until": "2024-01-01", "in_force_checked": true`),
		"t@2024-01-01.json": file("2024-01-01", `"in_force_from": "2024-01-01", "in_force_checked": true`),
	})
	if err != nil {
		t.Fatal(err)
	}
	for on, want := range map[string]string{"2019-12-31": "", "2020-01-01": "2020-01-01", "2023-12-31": "2020-01-01", "2024-01-01": "2024-01-01"} {
		a, err := find(all, "t", day(t, on))
		switch {
		case want == "" && fault.KeyOf(err) != "fault.treaty.not-in-force":
			t.Errorf("%s: %v, %v", on, a, err)
		case want != "" && (err != nil || a.Version != day(t, want) || a.Usable(day(t, on), false) != nil):
			t.Errorf("%s: %+v, %v", on, a, err)
		}
	}
	if _, err := LoadAgreements(fstest.MapFS{"t.json": file("2020-01-01", `"mark2": 1`)}); err == nil {
		t.Error("one invalid file must refuse all")
	}
}

func TestUsable(t *testing.T) {
	for name, tt := range map[string]struct {
		id   string
		demo bool
		key  string
	}{
		"only the demo may run on a stand-in":        {"uk-al", true, ""},
		"a real node refuses the stand-in":           {"uk-al", false, "fault.treaty.stand-in"},
		"a real node refuses what nobody checked":    {"gb-ch", false, "fault.treaty.force-unknown"},
		"nobody makes requests under superseded law": {"benelux-yu", true, "fault.treaty.not-in-force"},
	} {
		a, err := FindAgreement(tt.id, NewDate(2023, 1, 1))
		if err != nil {
			t.Fatal(err)
		}
		if err := a.Usable(NewDate(2023, 1, 1), tt.demo); fault.KeyOf(err) != tt.key {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := FindAgreement("gb-ch", NewDate(2006, 10, 15)); fault.KeyOf(err) != "fault.treaty.not-in-force" {
		t.Errorf("UK-Switzerland before 16 October 2006: %v", err)
	}
}

// Nothing that is read may crash the loader; what it accepts, it accepts again after nothing has changed.
func FuzzParseAgreement(f *testing.F) {
	f.Add([]byte(least))
	f.Add([]byte(`{"limits":[{"sub_limits":[{}]}]}`))
	f.Add([]byte(`{"zones":{"gb":"/"},"parties":["gb"]}`))
	f.Add([]byte(`{"version":"0000-00-00"}`))
	names, err := agreements.Files.ReadDir(".")
	if err != nil {
		f.Fatal(err)
	}
	for _, n := range names {
		data, err := agreements.Files.ReadFile(n.Name())
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := ParseAgreement("t.json", data)
		if err == nil {
			for l := range a.limits() {
				if l.Limit < 1 || l.Article == "" || len(l.OnExpiry) == 0 {
					t.Errorf("accepted %+v", l)
				}
			}
			return
		}
		if fault.KindOf(err) != fault.Invalid || fault.ArgsOf(err)["line"] == "" || fault.ArgsOf(err)["file"] != "t.json" {
			t.Errorf("an error without a place: %v", err)
		}
	})
}
