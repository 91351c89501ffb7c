package treaty

import (
	"slices"
	"testing"
	"time"

	"countersign/internal/fault"
)

// day reads a date or ends the test.
func day(t testing.TB, s string) Date {
	t.Helper()
	d, err := ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func calendars(t testing.TB) *Calendars {
	t.Helper()
	c, err := LoadCalendars()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func rule(t testing.TB, id, name string, facts Facts) *Limit {
	t.Helper()
	a, err := FindAgreement(id, NewDate(2023, time.January, 1))
	if err != nil {
		t.Fatal(err)
	}
	l, err := a.Find(name, facts)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func noon(t testing.TB, s string) time.Time { return Noon(day(t, s), time.UTC) }

func stop(t testing.TB, from, until string) Stop {
	s := Stop{From: noon(t, from)}
	if until != "" {
		s.Until = noon(t, until)
	}
	return s
}

// Every case of facts/agreements.md, section 9, and the counting rules of design.md 5.3. The rows A2, A13, A20,
// A26 and cc/2007/556 are not encoded as agreements (their marks or parties do not allow it): their shapes are
// written here as limits.
func TestLimitsByArticle(t *testing.T) {
	all := calendars(t)
	al, eaw := all.Calendar("al", ""), all.Calendar("gb", "EAW")
	utc := Setting{Zone: time.UTC, Requesting: eaw, Requested: al}
	with := func(change func(*Setting)) Setting { s := utc; change(&s); return s }
	wd := func(n int, whose Whose) *Limit {
		return &Limit{Rule: RuleReply, Limit: n, Unit: WorkingDay, Calendar: whose, OnExpiry: []Expiry{NoEffect}}
	}
	proof := Facts{Tier: TierProof, Category: National}
	prima := Facts{Tier: TierPrimaFacie, Category: National}
	tests := []struct {
		name  string
		limit *Limit
		start string
		in    Setting
		last  string
	}{
		{"A1 EC-Albania Art 10: reply 14 calendar days from receipt", rule(t, "ec-al", "reply", Facts{}), "2022-12-13", utc, "2022-12-27"},
		{"calendar days do not roll over a weekend or a holiday", rule(t, "ec-al", "reply", Facts{}), "2022-12-11", utc, "2022-12-25"},
		{"A8 Russia-Switzerland Art 12(2): 25 calendar days from confirmed receipt", rule(t, "ru-ch", "reply", Facts{}), "2023-03-01", utc, "2023-03-26"},
		{"A8 Art 12(2): extended to 60 in all", rule(t, "ru-ch", "reply", Facts{}), "2023-03-01",
			with(func(s *Setting) { s.Extension = &Grant{By: 35, Reason: "archive"} }), "2023-04-30"},
		{"A2 EC-Serbia Art 10: extension adds 6 to 10 calendar days", &Limit{Rule: RuleReply, Limit: 10, Unit: CalendarDay,
			Extension: &Extension{Max: 6, Basis: Additional, NeedsReason: true}}, "2023-03-01",
			with(func(s *Setting) { s.Extension = &Grant{By: 6, Reason: "hospital"} }), "2023-03-17"},
		{"A18 Switzerland-Bosnia Art 10(3): extension to 30 calendar days in all", rule(t, "ch-ba", "reply", Facts{}), "2023-03-01",
			with(func(s *Setting) { s.Extension = &Grant{By: 10, Reason: "archive"} }), "2023-03-31"},
		{"A17 UK-Switzerland Art 6(1): 5 working days with proof", rule(t, "gb-ch", "reply", proof), "2023-02-01", utc, "2023-02-08"},
		{"A17 Art 6(2): 8 working days with prima facie evidence", rule(t, "gb-ch", "reply", prima), "2023-02-01", utc, "2023-02-13"},
		{"A17 Art 10(3): third-country nationals 10 working days", rule(t, "gb-ch", "reply", Facts{Category: ThirdCountry}), "2023-02-01", utc, "2023-02-15"},
		{"A26: nationals 2 working days", wd(2, OfRequested), "2023-02-01", utc, "2023-02-03"},
		{"A9 Benelux-Kosovo Art 7(3): 28 calendar days", rule(t, "benelux-xk", "reply", Facts{}), "2023-02-01", utc, "2023-03-01"},
		{"A9 Art 7(4): register check 7 calendar days inside them", rule(t, "benelux-xk", "register-check", Facts{}), "2023-02-01", utc, "2023-02-08"},
		{"A9 Art 7(5): transfer within 3 months", rule(t, "benelux-xk", "transfer", Facts{}), "2022-11-30", utc, "2023-02-28"},
		{"A9 Art 7(5): extended by the time an obstacle needs", rule(t, "benelux-xk", "transfer", Facts{}), "2022-11-30",
			with(func(s *Setting) { s.Extension = &Grant{By: 10} }), "2023-03-10"},
		{"A14 Benelux-FR Yugoslavia Art 5(1): 10 working days", rule(t, "benelux-yu", "reply", Facts{Category: National}), "2023-03-01", utc, "2023-03-16"},
		{"A14 Art 5(3): again 10 working days after the obstacle ended", rule(t, "benelux-yu", "reply", Facts{Category: National}), "2023-03-01",
			with(func(s *Setting) { s.Restart = &Restarted{ObstacleEnded, noon(t, "2023-03-20")} }), "2023-04-04"},
		{"Benelux-FR Yugoslavia Art 6(2): notice 3 working days before", rule(t, "benelux-yu", "notice", Facts{Escort: EscortNone}), "2023-02-10", utc, "2023-02-07"},
		{"Art 6(2): 5 working days with police escort", rule(t, "benelux-yu", "notice", Facts{Escort: EscortPolice}), "2023-02-10", utc, "2023-02-03"},
		{"EC-Albania protocol Art 5(1): notice skips the holidays of both", rule(t, "uk-al", "notice", Facts{}), "2023-01-06", utc, "2022-12-30"},
		{"EC-Albania protocol Art 4(2): document within 14 calendar days", rule(t, "ec-al", "travel-document", Facts{}), "2022-12-13", utc, "2022-12-27"},
		{"EC-Albania Art 12: three months from transfer", rule(t, "ec-al", "wrongful-readmission", Facts{}), "2022-12-13", utc, "2023-03-13"},
		{"A1 Art 10: request within one year, from a leap day", rule(t, "ec-al", "request", Facts{Category: Stateless}), "2024-02-29", utc, "2025-02-28"},
		{"IAA 1999 s10A: 5 working days, Scotland", rule(t, "gb-removal", "notice", Facts{}), "2022-12-30",
			Setting{Requesting: all.Calendar("gb", "SCT")}, "2023-01-10"},
		{"s10A: England and Wales have no 3 January", rule(t, "gb-removal", "notice", Facts{}), "2022-12-30", Setting{Requesting: eaw}, "2023-01-09"},
		{"s10A: Northern Ireland skips 12 July", rule(t, "gb-removal", "notice", Facts{}), "2023-07-07",
			Setting{Requesting: all.Calendar("gb", "NIR")}, "2023-07-17"},
		{"s10A(6): a new stop starts it again", rule(t, "gb-removal", "notice", Facts{}), "2023-07-03",
			Setting{Requesting: eaw, Restart: &Restarted{StopAdded, noon(t, "2023-07-07")}}, "2023-07-14"},
		{"s10B: 21 days, the first is the original date", rule(t, "gb-removal", "failed-removal", Facts{}), "2023-07-01", Setting{Requesting: eaw}, "2023-07-21"},
		{"s10C: 7 days, the first is the day after refusal", rule(t, "gb-removal", "refused-entry", Facts{}), "2023-07-01", Setting{Requesting: eaw}, "2023-07-08"},
		{"s10D: 21 days after the cut-off", rule(t, "gb-removal", "after-priority-notice", Facts{}), "2023-07-01", Setting{Requesting: eaw}, "2023-07-22"},
		{"s10E: 21 days, the first is the day after the decision", rule(t, "gb-removal", "after-review", Facts{}), "2023-07-01", Setting{Requesting: eaw}, "2023-07-22"},
		{"cc/2007/556: notice at least 24 hours before", &Limit{Rule: RuleTransferNotice, Limit: 24, Unit: Hour, Direction: Backward}, "2023-03-02", utc, "2023-03-01"},
		{"more information stops the clock by its days", rule(t, "ec-al", "reply", Facts{}), "2022-12-13",
			with(func(s *Setting) { s.Stops = []Stop{stop(t, "2022-12-16", "2022-12-20")} }), "2022-12-31"},
		{"a stop after the end changes nothing", rule(t, "ec-al", "reply", Facts{}), "2022-12-13",
			with(func(s *Setting) { s.Stops = []Stop{stop(t, "2022-12-27", "2022-12-29")} }), "2022-12-27"},
		{"a stop moves months by its days", rule(t, "ec-al", "transfer", Facts{}), "2022-12-13",
			with(func(s *Setting) { s.Stops = []Stop{stop(t, "2023-01-01", "2023-01-11")} }), "2023-03-23"},
		{"the file says that the last day rolls over", &Limit{Rule: RuleReply, Limit: 14, Unit: CalendarDay, RollsOver: true,
			Calendar: OfRequested}, "2022-12-11", utc, "2022-12-27"},
		{"days decided to be working days", &Limit{Rule: RuleTransitReply, Limit: 5, Unit: DayUnspecified, Calendar: OfRequested,
			Decision: &Decision{Means: WorkingDay, By: "committee of experts", On: day(t, "2023-01-01")}}, "2022-12-23", utc, "2023-01-04"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := Reckon(tt.limit, noon(t, tt.start), tt.in)
			if err != nil {
				t.Fatal(err)
			}
			if r.LastDay != day(t, tt.last) {
				t.Errorf("last day %s, want %s\n%+v", r.LastDay, tt.last, r.Steps)
			}
			if r.Unit != Hour && !r.EndsAt.Equal(day(t, tt.last).AddDays(1).Start(r.Zone)) {
				t.Errorf("ends at %s, want midnight at the end of %s", r.EndsAt, tt.last)
			}
		})
	}
}

func TestEffectsByArticle(t *testing.T) {
	document := &Limit{Rule: RuleReply, Limit: 15, Unit: CalendarDay, OnExpiry: []Expiry{DeemedConsent, DocumentDeemed}}
	late := &Limit{Rule: RuleRequest, Limit: 1, Unit: Year, OnExpiry: []Expiry{DutyEnded}}
	consent := &Limit{Rule: RuleConsentValidity, Limit: 30, Unit: CalendarDay, StartsOn: OnConsent, OnExpiry: []Expiry{NoEffect}}
	for name, tt := range map[string]struct {
		limit *Limit
		want  []Expiry
	}{
		"A1: silence is consent":                            {rule(t, "ec-al", "reply", Facts{}), []Expiry{DeemedConsent}},
		"A13: silence also accepts a document":              {document, []Expiry{DeemedConsent, DocumentDeemed}},
		"EC-Albania protocol Art 4(2): the document alone":  {rule(t, "ec-al", "travel-document", Facts{}), []Expiry{DocumentDeemed}},
		"A20: a late request ends the duty":                 {late, []Expiry{DutyEnded}},
		"A17: silence has no effect that the text states":   {rule(t, "gb-ch", "transfer", Facts{}), nil},
		"A26: the consent itself ends":                      {consent, nil},
		"A9: an unanswered register check is not a consent": {rule(t, "benelux-xk", "register-check", Facts{}), nil},
	} {
		t.Run(name, func(t *testing.T) {
			c := calendars(t)
			r, err := Reckon(tt.limit, noon(t, "2023-02-01"), Setting{Zone: time.UTC, Requesting: c.Calendar("gb", "EAW"), Requested: c.Calendar("al", "")})
			if err != nil {
				t.Fatal(err)
			}
			if before := r.Effects(r.EndsAt.Add(-time.Nanosecond)); before != nil || r.Late(r.EndsAt.Add(-time.Nanosecond)) {
				t.Errorf("an effect before the end: %v", before)
			}
			if got := r.Effects(r.EndsAt); !slices.Equal(got, tt.want) || !r.Late(r.EndsAt) {
				t.Errorf("at the end %v, want %v", got, tt.want)
			}
		})
	}
}

// Midnight is the requested State's, and its summer time counts.
func TestMidnightOfTheRequestedState(t *testing.T) {
	tirane := calendars(t).Calendar("al", "")
	l := rule(t, "uk-al", "reply", Facts{})
	for start, want := range map[string]string{
		"2023-03-11T23:30:00Z": "2023-03-26T22:00:00Z", // 12 March in Tirana; the last day, 26 March, has 23 hours
		"2023-03-11T22:30:00Z": "2023-03-25T23:00:00Z", // 11 March in Tirana; ends before summer time begins
		"2023-10-14T22:30:00Z": "2023-10-29T23:00:00Z", // 15 October in Tirana; summer time ends on the last day
	} {
		at, err := time.Parse(time.RFC3339, start)
		if err != nil {
			t.Fatal(err)
		}
		r, err := Reckon(l, at, Setting{Requested: tirane})
		if err != nil {
			t.Fatal(err)
		}
		if got := r.EndsAt.UTC().Format(time.RFC3339); got != want {
			t.Errorf("from %s: ends at %s, want %s", start, got, want)
		}
	}
}

// What the text does not allow is refused with its own reason.
func TestRefusals(t *testing.T) {
	c := calendars(t)
	utc := Setting{Zone: time.UTC, Requesting: c.Calendar("gb", "EAW"), Requested: c.Calendar("al", "")}
	with := func(change func(*Setting)) Setting { s := utc; change(&s); return s }
	grant := func(n int, why string) Setting { return with(func(s *Setting) { s.Extension = &Grant{n, why} }) }
	for name, tt := range map[string]struct {
		limit *Limit
		start string
		in    Setting
		key   string
	}{
		"no extension in EC-Albania Art 10":      {rule(t, "ec-al", "reply", Facts{}), "2023-01-02", grant(1, "x"), "fault.treaty.no-extension"},
		"A8: over 60 in all":                     {rule(t, "ru-ch", "reply", Facts{}), "2023-01-02", grant(36, "x"), "fault.treaty.extension-cap"},
		"A8: without a reason":                   {rule(t, "ru-ch", "reply", Facts{}), "2023-01-02", grant(5, ""), "fault.treaty.extension-reason"},
		"A18: over 30 in all":                    {rule(t, "ch-ba", "reply", Facts{}), "2023-01-02", grant(11, "x"), "fault.treaty.extension-cap"},
		"an extension by nothing":                {rule(t, "ch-ba", "reply", Facts{}), "2023-01-02", grant(0, "x"), "fault.treaty.extension-size"},
		"days that nobody has defined":           {rule(t, "uk-al", "transit-reply", Facts{}), "2023-01-02", utc, "fault.treaty.unspecified"},
		"A1 does not run again":                  {rule(t, "ec-al", "reply", Facts{}), "2023-01-02", with(func(s *Setting) { s.Restart = &Restarted{ObstacleEnded, noon(t, "2023-01-03")} }), "fault.treaty.no-restart"},
		"a notice cannot be stopped":             {rule(t, "uk-al", "notice", Facts{}), "2023-01-06", with(func(s *Setting) { s.Stops = []Stop{stop(t, "2023-01-02", "2023-01-03")} }), "fault.treaty.backward"},
		"released before it is stopped":          {rule(t, "ec-al", "reply", Facts{}), "2023-01-06", with(func(s *Setting) { s.Stops = []Stop{stop(t, "2023-01-03", "2023-01-02")} }), "fault.treaty.stop"},
		"a State whose holidays nobody holds":    {rule(t, "benelux-xk", "travel-document", Facts{}), "2023-01-02", Setting{Zone: time.UTC}, "fault.treaty.no-calendar"},
		"a year whose holidays nobody holds":     {rule(t, "gb-removal", "notice", Facts{}), "2030-12-30", utc, "fault.treaty.calendar-range"},
		"no State, no zone, no midnight":         {rule(t, "ec-al", "reply", Facts{}), "2023-01-02", Setting{}, "fault.treaty.no-zone"},
		"one more extension than the additional": {&Limit{Limit: 10, Unit: CalendarDay, Extension: &Extension{Max: 6, Basis: Additional}}, "2023-01-02", grant(7, ""), "fault.treaty.extension-cap"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Reckon(tt.limit, noon(t, tt.start), tt.in)
			if fault.KeyOf(err) != tt.key {
				t.Errorf("got %v, want %s", err, tt.key)
			}
		})
	}
}

func TestFind(t *testing.T) {
	for name, tt := range map[string]struct {
		id, rule string
		facts    Facts
		key      string
	}{
		"the tier decides and is not known":       {"gb-ch", "reply", Facts{Category: National}, "fault.treaty.fact-needed"},
		"the escort decides and is not known":     {"benelux-yu", "notice", Facts{}, "fault.treaty.fact-needed"},
		"own nationals: at any time, no limit":    {"benelux-xk", "request", Facts{Category: National}, "fault.treaty.rule-not-for-facts"},
		"left empty, not guessed: TD validity":    {"uk-al", "document-validity", Facts{}, "fault.treaty.rule-unknown"},
		"left empty, not guessed: fast reply":     {"uk-al", "fast-reply", Facts{}, "fault.treaty.rule-unknown"},
		"a rule that the agreement does not have": {"uk-al", "register-check", Facts{}, "fault.treaty.no-rule"},
	} {
		t.Run(name, func(t *testing.T) {
			a, err := FindAgreement(tt.id, NewDate(2023, 1, 1))
			if err != nil {
				t.Fatal(err)
			}
			if l, err := a.Find(tt.rule, tt.facts); fault.KeyOf(err) != tt.key {
				t.Errorf("got %v, %v, want %s", l, err, tt.key)
			}
		})
	}
}

// While the clock stands there is no last day, and nothing is late or deemed.
func TestStandingClock(t *testing.T) {
	in := Setting{Zone: time.UTC, Stops: []Stop{stop(t, "2022-12-16", "")}}
	for _, name := range []string{"reply", "transfer"} {
		r, err := Reckon(rule(t, "ec-al", name, Facts{}), noon(t, "2022-12-13"), in)
		if err != nil {
			t.Fatal(err)
		}
		if far := noon(t, "2030-01-01"); !r.Stopped || r.Late(far) || r.Effects(far) != nil {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// A holiday declared while a limit runs moves its end, and Compare says by how much.
func TestDeclaredHoliday(t *testing.T) {
	eaw := calendars(t).Calendar("gb", "EAW")
	l := rule(t, "gb-removal", "notice", Facts{})
	before, err := Reckon(l, noon(t, "2027-02-01"), Setting{Requesting: eaw})
	if err != nil {
		t.Fatal(err)
	}
	declared := eaw.Declare(Holiday{Date: day(t, "2027-02-03"), Name: Text{"Declared", "E shpallur"}, Status: Announced})
	after, err := Reckon(l, noon(t, "2027-02-01"), Setting{Requesting: declared})
	if err != nil {
		t.Fatal(err)
	}
	c, changed := Compare(before, after)
	if !changed || c.Days != 1 || after.LastDay != day(t, "2027-02-09") { // Monday 8 February becomes Tuesday 9
		t.Errorf("%+v %v", c, changed)
	}
	if ok, _ := eaw.Working(day(t, "2027-02-03")); !ok {
		t.Error("declaring changed the calendar it was declared on")
	}
	if _, changed := Compare(before, before); changed {
		t.Error("the same date counts as changed")
	}
}
