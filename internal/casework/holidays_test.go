package casework

import (
	"slices"
	"strings"
	"testing"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/joint"
	"countersign/internal/fault"
	"countersign/internal/person"
	"countersign/internal/treaty"
)

func calendars(t *testing.T) *treaty.Calendars {
	t.Helper()
	all, err := treaty.LoadCalendars()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func holiday(y, m, d int, parts ...string) joint.HolidayDeclaration {
	return joint.HolidayDeclaration{Date: person.On(y, m, d), Parts: parts, NameEn: "Day of mourning", NameSq: "Ditë zie", Source: "Decision 812"}
}

// declared is a declaration as it stands in the record of a node.
func declared(id, state string, b joint.HolidayDeclaration, recorded, receipt time.Time) act.Event {
	return act.Event{ID: act.ID(id), Scope: act.Joint, Kind: joint.HolidayDeclared, Officer: act.Officer{ID: "o", Authority: state}, Made: recorded, Recorded: recorded,
		Receipt: receipt, Body: &b}
}

func takenBack(id, of, state string, recorded, receipt time.Time) act.Event {
	return act.Event{ID: act.ID(id), Scope: act.Joint, Kind: joint.HolidayWithdrawn, Officer: act.Officer{ID: "o", Authority: state}, InReplyTo: act.ID(of), Made: recorded,
		Recorded: recorded, Receipt: receipt, Body: &joint.HolidayWithdrawal{Reason: "error"}}
}

func works(t *testing.T, all *treaty.Calendars, state, part string, y, m, d int) bool {
	t.Helper()
	c := all.Calendar(state, part)
	if c == nil {
		t.Fatalf("no calendar of %s %s", state, part)
	}
	ok, _ := c.Working(treaty.NewDate(y, time.Month(m), d))
	return ok
}

// The own law counts a declared day from when it is recorded, in the parts that are named, until it is taken back.
func TestOwnCalendar(t *testing.T) {
	base := calendars(t)
	at := time.Date(2023, 12, 11, 9, 0, 0, 0, time.UTC)
	later := at.Add(time.Hour)
	var h Holidays
	h = FoldHolidays(h, declared("a", "gb", holiday(2023, 12, 14, "SCT"), at, time.Time{}))
	h = FoldHolidays(h, declared("b", "gb", holiday(2023, 12, 19), at, time.Time{}))
	h = FoldHolidays(h, declared("c", "al", holiday(2023, 12, 20), at, time.Time{}))
	for name, c := range map[string]struct {
		state, part string
		day         int
		now         time.Time
		works       bool
	}{
		"the part that is named":              {"gb", "SCT", 14, at, false},
		"another part":                        {"gb", "EAW", 14, at, true},
		"no part is named: all of them":       {"gb", "EAW", 19, at, false},
		"no part is named: this one too":      {"gb", "SCT", 19, at, false},
		"before it was recorded":              {"gb", "EAW", 19, at.Add(-time.Second), true},
		"the other state’s day is not ours":   {"al", "", 20, at, true},
		"a day that nobody declared":          {"gb", "EAW", 20, at, true},
		"the same day in the other state":     {"al", "", 19, at, true},
		"the named part of an undeclared day": {"gb", "SCT", 13, at, true},
	} {
		if got := works(t, h.Own(base, "gb", c.now), c.state, c.part, 2023, 12, c.day); got != c.works {
			t.Errorf("%s: works %v", name, got)
		}
	}
	if works(t, h.Own(base, "al", at), "al", "", 2023, 12, 20) {
		t.Error("a state without parts: its own day works")
	}
	if got, _ := h.Own(base, "gb", at).Calendar("gb", "EAW").Holiday(treaty.NewDate(2023, 12, 19)); got.Name.En != "Day of mourning" || got.Name.Sq != "Ditë zie" ||
		got.Source != "Decision 812" || got.Status != treaty.Announced {
		t.Errorf("the date would not name the holiday: %+v", got)
	}
	if !works(t, base, "gb", "EAW", 2023, 12, 19) {
		t.Error("the calendars of the program themselves were changed")
	}
	// taken back by the other state: nothing; by the own one: from when it is recorded
	if x := FoldHolidays(h, takenBack("w", "b", "al", later, time.Time{})); works(t, x.Own(base, "gb", later), "gb", "EAW", 2023, 12, 19) {
		t.Error("the other state took back what it did not declare")
	}
	h = FoldHolidays(h, takenBack("w", "b", "gb", later, time.Time{}))
	if works(t, h.Own(base, "gb", at), "gb", "EAW", 2023, 12, 19) || !works(t, h.Own(base, "gb", later), "gb", "EAW", 2023, 12, 19) || works(t, h.Own(base, "gb", later), "gb", "SCT", 2023, 12, 14) {
		t.Error("a withdrawal counts from when it is recorded, and for its own day")
	}
	again := FoldHolidays(h, takenBack("x", "b", "gb", later.Add(time.Hour), time.Time{}))
	if !again.Days[1].ended.Equal(later) || again.Days[1].Withdrawn.ID != "w" {
		t.Error("a second withdrawal moved the first")
	}
}

// Limits of the agreement count a day from its countersignature, and only where that came before the day was over there;
// so does taking it back.
func TestSharedCalendar(t *testing.T) {
	base := calendars(t)
	made := time.Date(2023, 12, 11, 9, 0, 0, 0, time.UTC)
	over := time.Date(2023, 12, 19, 23, 0, 0, 0, time.UTC) // midnight in Tirana, and the 19th still in London
	for name, c := range map[string]struct {
		state, part   string
		receipt, back time.Time
		now           time.Time
		works         bool
	}{
		"not countersigned":                        {"al", "", time.Time{}, time.Time{}, over.AddDate(0, 0, 9), true},
		"countersigned":                            {"al", "", made, time.Time{}, made, false},
		"before that":                              {"al", "", made, time.Time{}, made.Add(-time.Second), true},
		"in the day’s last second":                 {"al", "", over.Add(-time.Second), time.Time{}, over.AddDate(0, 0, 9), false},
		"when it was over there":                   {"al", "", over, time.Time{}, over.AddDate(0, 0, 9), true},
		"the other state’s clock is not asked":     {"gb", "EAW", over, time.Time{}, over.AddDate(0, 0, 9), false},
		"an hour later it is over there too":       {"gb", "EAW", over.Add(time.Hour), time.Time{}, over.AddDate(0, 0, 9), true},
		"taken back":                               {"al", "", made, made.Add(time.Hour), made.Add(time.Hour), true},
		"taken back, before that was known":        {"al", "", made, made.Add(time.Hour), made.Add(time.Hour - 1), false},
		"taken back when the day was over":         {"al", "", made, over, over.AddDate(0, 0, 9), false},
		"taken back, and nobody countersigned it":  {"al", "", made, time.Time{}, over.AddDate(0, 0, 9), false},
		"taken back in the day’s last second":      {"al", "", made, over.Add(-time.Second), over, true},
		"taken back by one who never declared it":  {"al", "", time.Time{}, made.Add(time.Hour), over, true},
		"in a part, and it counts for this part":   {"gb", "SCT", made, time.Time{}, made, false},
		"in all parts where none is named (south)": {"gb", "NIR", made, time.Time{}, made, false},
	} {
		h := FoldHolidays(Holidays{}, declared("a", c.state, holiday(2023, 12, 19), made, c.receipt))
		if !c.back.IsZero() || strings.Contains(name, "nobody countersigned") {
			h = FoldHolidays(h, takenBack("w", "a", c.state, made, c.back))
		}
		if got := works(t, h.Shared(base, c.now), c.state, c.part, 2023, 12, 19); got != c.works {
			t.Errorf("%s: works %v", name, got)
		}
	}
	// a state whose calendar nobody holds changes nothing, and breaks nothing
	h := FoldHolidays(Holidays{}, declared("a", "xk", holiday(2023, 12, 19), made, made))
	if shared := h.Shared(base, made); shared != base {
		t.Error("a day of a state without a calendar changed the calendars")
	}
	if own := h.Own(base, "xk", made); own != base {
		t.Error("a day of a state without a calendar changed the own calendars")
	}
}

// What is declared is sound, whoever declares it: by an officer here, or by an act that comes from there.
func TestSoundHolidays(t *testing.T) {
	base := calendars(t)
	c := base.Calendar("al", "")
	change := func(f func(*joint.HolidayDeclaration)) joint.HolidayDeclaration {
		b := holiday(2023, 12, 19)
		f(&b)
		return b
	}
	for name, x := range map[string]struct {
		state, key string
		b          joint.HolidayDeclaration
	}{
		"in order":               {"al", "", holiday(2023, 12, 19)},
		"the first year":         {"al", "", holiday(c.FirstYear, 12, 19)},
		"the year before":        {"al", "fault.holiday.year", holiday(c.FirstYear-1, 12, 19)},
		"the last year":          {"al", "", holiday(c.LastYear, 12, 19)},
		"the year after":         {"al", "fault.holiday.year", holiday(c.LastYear+1, 12, 19)},
		"only a month":           {"al", "fault.holiday.year", change(func(b *joint.HolidayDeclaration) { b.Date = person.Date{Year: 2023, Month: 12} })},
		"no calendar":            {"xk", "fault.holiday.no-calendar", holiday(2023, 12, 19)},
		"a part":                 {"gb", "", holiday(2023, 12, 19, "SCT", "NIR")},
		"a part that is none":    {"gb", "fault.case.unknown-code", holiday(2023, 12, 19, "SCT", "ALB")},
		"a part where none is":   {"al", "fault.case.unknown-code", holiday(2023, 12, 19, "SCT")},
		"no English name":        {"al", "fault.case.needed", change(func(b *joint.HolidayDeclaration) { b.NameEn = " " })},
		"no Albanian name":       {"al", "fault.case.needed", change(func(b *joint.HolidayDeclaration) { b.NameSq = "" })},
		"no source":              {"al", "fault.case.needed", change(func(b *joint.HolidayDeclaration) { b.Source = "" })},
		"a letter":               {"al", "", change(func(b *joint.HolidayDeclaration) { b.NameEn = "x" })},
		"as long as it may be":   {"al", "", change(func(b *joint.HolidayDeclaration) { b.Source = strings.Repeat("x", 120) })},
		"longer":                 {"al", "fault.case.needed", change(func(b *joint.HolidayDeclaration) { b.Source = strings.Repeat("x", 121) })},
		"a word that may not go": {"al", "fault.case.text-word", change(func(b *joint.HolidayDeclaration) { b.NameSq = "Dita e azilit, azil" })},
	} {
		err := Holidays{}.Sound(base, declared("a", x.state, x.b, monday, time.Time{}))
		if fault.KeyOf(err) != x.key {
			t.Errorf("%s: %v, want %q", name, err, x.key)
		}
		if field := fault.ArgsOf(err)["field"]; x.key == "fault.case.needed" && !slices.Contains([]string{"name_en", "name_sq", "source"}, field) ||
			x.key == "fault.case.unknown-code" && field != "part" {
			t.Errorf("%s: the refusal names the field %q", name, field)
		}
		if args := fault.ArgsOf(err); x.key == "fault.holiday.year" && (args["first"] != "2020" || args["last"] != "2030") || x.key == "fault.holiday.no-calendar" && args["state"] != "xk" {
			t.Errorf("%s: the refusal says %v", name, args)
		}
	}
	if err := (Holidays{}).Sound(base, act.Event{Kind: joint.CasePaused, Body: &joint.NotYet{}}); err != nil {
		t.Errorf("what is about no calendar: %v", err)
	}
	if !IsHoliday(joint.HolidayDeclared) || !IsHoliday(joint.HolidayWithdrawn) || IsHoliday(joint.CasePaused) {
		t.Error("which kinds are about the calendars")
	}
}

// Only what was declared by the same state, and still stands, is taken back.
func TestSoundWithdrawals(t *testing.T) {
	base := calendars(t)
	h := FoldHolidays(Holidays{}, declared("a", "al", holiday(2023, 12, 19), monday, monday))
	for name, x := range map[string]struct {
		of, state, reason, key string
		before                 bool
	}{
		"in order":            {"a", "al", "error", "", false},
		"another state’s":     {"a", "gb", "error", "fault.holiday.none", false},
		"none":                {"b", "al", "error", "fault.holiday.none", false},
		"a second time":       {"a", "al", "error", "fault.holiday.none", true},
		"for no reason":       {"a", "al", "", "fault.case.needed", false},
		"for another reason":  {"a", "al", "weather", "fault.case.unknown-code", false},
		"the state withdrew":  {"a", "al", "state-withdrew", "", false},
		"nothing is answered": {"", "al", "error", "fault.holiday.none", false},
	} {
		one := h
		if x.before {
			one = FoldHolidays(h, takenBack("w", "a", "al", monday, monday))
		}
		e := takenBack("x", x.of, x.state, monday, monday)
		e.Body = &joint.HolidayWithdrawal{Reason: x.reason}
		err := one.Sound(base, e)
		if fault.KeyOf(err) != x.key || x.key == "fault.case.needed" && fault.ArgsOf(err)["field"] != "reason" {
			t.Errorf("%s: %v, want %q", name, err, x.key)
		}
	}
}

// holidayEnv is a supervisor of Albania on a day.
func holidayEnv(t *testing.T, now time.Time) Env {
	return Env{Now: now, Own: "al", Law: law("al"), By: act.Officer{ID: "al-supervisor", Authority: "al", Role: "supervisor"}}
}

func TestDecideHolidays(t *testing.T) {
	base := calendars(t)
	tuesday := time.Date(2023, 12, 19, 9, 0, 0, 0, time.UTC)
	var h Holidays
	h = FoldHolidays(h, declared("other", "gb", holiday(2023, 12, 22), tuesday, tuesday))
	h = FoldHolidays(h, declared("mine", "al", holiday(2023, 12, 20), tuesday, tuesday))
	h = FoldHolidays(h, declared("gone", "al", holiday(2023, 12, 21), tuesday, tuesday))
	h = FoldHolidays(h, takenBack("w", "gone", "al", tuesday, tuesday))
	for name, x := range map[string]struct {
		c   HolidayCommand
		env func(*Env)
		key string
	}{
		"a working day":                     {DeclareHoliday{holiday(2023, 12, 22)}, nil, ""},
		"today":                             {DeclareHoliday{holiday(2023, 12, 19)}, nil, ""},
		"yesterday":                         {DeclareHoliday{holiday(2023, 12, 18)}, nil, "fault.holiday.passed"},
		"a Saturday":                        {DeclareHoliday{holiday(2023, 12, 23)}, nil, "fault.holiday.free"},
		"a holiday":                         {DeclareHoliday{holiday(2023, 12, 25)}, nil, "fault.holiday.free"},
		"declared before":                   {DeclareHoliday{holiday(2023, 12, 20)}, nil, "fault.holiday.free"},
		"declared, and taken back":          {DeclareHoliday{holiday(2023, 12, 21)}, nil, ""},
		"an unsound one":                    {DeclareHoliday{holiday(2099, 12, 18)}, nil, "fault.holiday.year"},
		"take it back":                      {WithdrawHoliday{"mine", "error"}, nil, ""},
		"take the other state’s back":       {WithdrawHoliday{"other", "error"}, nil, "fault.holiday.none"},
		"take it back twice":                {WithdrawHoliday{"gone", "error"}, nil, "fault.holiday.none"},
		"take nothing back":                 {WithdrawHoliday{"x", "error"}, nil, "fault.holiday.none"},
		"take it back for no reason":        {WithdrawHoliday{"mine", ""}, nil, "fault.case.needed"},
		"take it back on its day":           {WithdrawHoliday{"mine", "error"}, func(e *Env) { e.Now = e.Now.AddDate(0, 0, 1) }, "fault.holiday.passed"},
		"after its day":                     {WithdrawHoliday{"mine", "error"}, func(e *Env) { e.Now = e.Now.AddDate(0, 0, 2) }, "fault.holiday.passed"},
		"by a caseworker":                   {DeclareHoliday{holiday(2023, 12, 22)}, func(e *Env) { e.By.Role = "caseworker" }, "fault.case.role"},
		"taken back by a caseworker":        {WithdrawHoliday{"mine", "error"}, func(e *Env) { e.By.Role = "caseworker" }, "fault.case.role"},
		"by an officer of the other state":  {DeclareHoliday{holiday(2023, 12, 22)}, func(e *Env) { e.By.Authority = "gb" }, "fault.case.authority"},
		"nothing":                           {nil, nil, "fault.case.no-command"},
		"by nobody":                         {DeclareHoliday{holiday(2023, 12, 22)}, func(e *Env) { e.By.ID = "" }, "fault.case.environment"},
		"at no time":                        {DeclareHoliday{holiday(2023, 12, 22)}, func(e *Env) { e.Now = time.Time{} }, "fault.case.environment"},
		"without a law":                     {DeclareHoliday{holiday(2023, 12, 22)}, func(e *Env) { e.Law = nil }, "fault.case.environment"},
		"the day has begun in Tirana":       {DeclareHoliday{holiday(2023, 12, 19)}, func(e *Env) { e.Now = time.Date(2023, 12, 19, 23, 30, 0, 0, time.UTC) }, "fault.holiday.passed"},
		"it is still the evening in Tirana": {DeclareHoliday{holiday(2023, 12, 19)}, func(e *Env) { e.Now = time.Date(2023, 12, 19, 22, 30, 0, 0, time.UTC) }, ""},
	} {
		env := holidayEnv(t, tuesday)
		if x.env != nil {
			x.env(&env)
		}
		list, err := DecideHoliday(h, base, x.c, env)
		if fault.KeyOf(err) != x.key || (len(list) == 1) != (x.key == "") {
			t.Errorf("%s: %v %v, want %q", name, list, err, x.key)
			continue
		}
		if x.key == "fault.case.needed" && fault.ArgsOf(err)["field"] != "reason" {
			t.Errorf("%s: the refusal names the field %q", name, fault.ArgsOf(err)["field"])
		}
		if x.key != "" {
			continue
		}
		switch c := x.c.(type) {
		case DeclareHoliday:
			if b, ok := list[0].Body.(*joint.HolidayDeclaration); !ok || list[0].Kind != joint.HolidayDeclared || list[0].Scope != act.Joint || b.Date != c.Date {
				t.Errorf("%s: %+v", name, list[0])
			}
		case WithdrawHoliday:
			if b, ok := list[0].Body.(*joint.HolidayWithdrawal); !ok || list[0].Kind != joint.HolidayWithdrawn || list[0].Scope != act.Joint || list[0].InReplyTo != "mine" || b.Reason != "error" {
				t.Errorf("%s: %+v", name, list[0])
			}
		}
	}
}

// A day that is a holiday in one part of the state may be declared for the whole: it is a working day in the others.
func TestDeclareWhereOnePartIsFree(t *testing.T) {
	base := calendars(t)
	env := Env{Now: time.Date(2023, 11, 27, 9, 0, 0, 0, time.UTC), Own: "gb", Law: law("gb"), By: act.Officer{ID: "s", Authority: "gb", Role: "supervisor"}}
	for _, x := range []struct {
		parts []string
		key   string
	}{{nil, ""}, {[]string{"SCT"}, "fault.holiday.free"}, {[]string{"EAW"}, ""}, {[]string{"SCT", "EAW"}, ""}} {
		_, err := DecideHoliday(Holidays{}, base, DeclareHoliday{holiday(2023, 11, 30, x.parts...)}, env) // St Andrew's Day
		if fault.KeyOf(err) != x.key {
			t.Errorf("%v: %v, want %q", x.parts, err, x.key)
		}
	}
}

// shifted gives every limit one day more.
type shifted struct{ terms }

func (x shifted) Term(rule string, start time.Time, f TermFacts) (Term, error) {
	t, err := x.terms.Term(rule, start, f)
	if !t.Due.IsZero() {
		t.Due = t.Due.AddDate(0, 0, 1)
	}
	return t, err
}

// What a changed calendar moves is told: limits of the agreement and the notice period, each by its rule, from and to.
func TestMovedDates(t *testing.T) {
	w := newWorld(t)
	w.requested()
	env := w.gb.env("caseworker")
	after := env
	after.Agreement, after.Removal = shifted{}, shifted{}
	reply := w.gb.state()
	list := Moved(reply, env, after)
	if len(list) != 1 || list[0].Rule != "reply" || list[0].Case != "case-1" || !list[0].To.Equal(list[0].From.AddDate(0, 0, 1)) {
		t.Errorf("%+v", list)
	}
	if list := Moved(reply, env, env); len(list) != 0 {
		t.Errorf("nothing changed: %+v", list)
	}
	w = newWorld(t)
	w.agreed()
	departs := w.now.Truncate(time.Hour).AddDate(0, 0, 20)
	w.held(departs)
	w.gb.must("caseworker", service(departs, w.now))
	env = w.gb.env("caseworker")
	after = env
	after.Removal = shifted{}
	s := w.gb.state()
	list = Moved(s, env, after)
	if len(list) != 1 || list[0].Rule != "notice-period" || list[0].Case != "case-1" || !list[0].To.Equal(list[0].From.AddDate(0, 0, 1)) {
		t.Errorf("%+v", list)
	}
	if list := Moved(s, env, env); len(list) != 0 {
		t.Errorf("nothing changed, and a notice runs: %+v", list)
	}
	// nobody removes the willing; the other side has no notice period; what is over is over
	willing := s
	willing.Consent = &Consent{Mark: Mark{ID: "c"}}
	over := s
	over.Withdrawn = Mark{ID: "w"}
	other, otherAfter := env, after
	other.Own, otherAfter.Own = "al", "al"
	for name, list := range map[string][]MovedDate{"willing": Moved(willing, env, after), "over": Moved(over, env, after), "the other side": Moved(s, other, otherAfter)} {
		if len(list) != 0 {
			t.Errorf("%s: %+v", name, list)
		}
	}
	unserved := s
	unserved.Served = nil
	if list := Moved(unserved, env, after); len(list) != 0 {
		t.Errorf("no notice was served: %+v", list)
	}
}

// The first declaration is taken back like any other one.
func TestTheFirstDeclarationIsTakenBack(t *testing.T) {
	h := FoldHolidays(Holidays{}, declared("mine", "al", holiday(2023, 12, 20), monday, monday))
	if list, err := DecideHoliday(h, calendars(t), WithdrawHoliday{"mine", "error"}, holidayEnv(t, monday)); err != nil || len(list) != 1 {
		t.Errorf("%v %v", list, err)
	}
}

// A state with a single part that has a calendar of its own is free in that part.
func TestAStateWithOnePart(t *testing.T) {
	base := calendars(t).With(&treaty.Calendar{State: "xx", Part: "P", Zone: time.UTC, FirstYear: 2023, LastYear: 2023})
	h := FoldHolidays(Holidays{}, declared("a", "xx", holiday(2023, 12, 20), monday, monday))
	if works(t, h.Own(base, "xx", monday), "xx", "P", 2023, 12, 20) {
		t.Error("its only part works on the declared day")
	}
}

// lengths gives each rule a limit of its own.
type lengths struct{ terms }

func (lengths) Term(rule string, start time.Time, _ TermFacts) (Term, error) {
	return Term{Due: start.AddDate(0, 0, len(rule))}, nil
}

// Two limits that start at one moment are not taken for each other.
func TestLimitsThatStartTogether(t *testing.T) {
	s := under()
	s.Reply, s.DocumentAsked = Reply{Mark: did("reply", 4), Positive: true}, did("document", 4)
	env := termEnv("gb", hourly(9))
	env.Agreement = lengths{}
	if list := Moved(s, env, env); len(list) != 0 {
		t.Errorf("nothing changed: %+v", list)
	}
}
