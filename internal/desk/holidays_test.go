package desk_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"countersign/internal/act/joint"
	"countersign/internal/casework"
	"countersign/internal/demo"
	"countersign/internal/desk"
	"countersign/internal/desk/desktest"
	"countersign/internal/fault"
	"countersign/internal/person"
	"countersign/internal/treaty"
	"countersign/internal/words"
)

// workingReply lets both states of a world count ten working days for a reply, as Benelux–FR Yugoslavia does: the
// stand-in of the demo counts calendar days, which no holiday moves.
func workingReply(t *testing.T, w *demo.World) {
	t.Helper()
	for _, a := range []*demo.Authority{w.GB, w.AL} {
		changed := *a.Desk.Agreement
		changed.Limits = slices.Clone(changed.Limits)
		i := slices.IndexFunc(changed.Limits, func(l treaty.Limit) bool { return l.Rule == treaty.RuleReply })
		changed.Limits[i].Limit, changed.Limits[i].Unit, changed.Limits[i].Calendar = 10, treaty.WorkingDay, treaty.OfRequested
		a.Desk.Agreement = &changed
	}
}

func declare(y, m, d int, parts ...string) casework.DeclareHoliday {
	return casework.DeclareHoliday{HolidayDeclaration: joint.HolidayDeclaration{Date: person.On(y, m, d), Parts: parts,
		NameEn: "Day of mourning", NameSq: "Ditë zie", Source: "Decision 812"}}
}

// due is a limit of the case as a node reckons it, with the words of why.
func due(t *testing.T, a *demo.Authority, w *desktest.Walk, role, rule string) (time.Time, string) {
	t.Helper()
	view, err := a.Desk.ViewCase(context.Background(), a.As(role), w.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range view.Deadlines {
		if r, ok := d.Trace.(treaty.Reckoning); ok && d.Rule == rule {
			all, err := words.Load()
			if err != nil {
				t.Fatal(err)
			}
			return d.Due, strings.Join(r.Explain(all[words.English], "en"), "\n")
		}
	}
	t.Fatalf("no limit %s at %s", rule, a.Authority)
	return time.Time{}, ""
}

// A holiday that the requested state declares while a reply is running moves the limit at both states to the same
// day, and the date names it. Taken back, it moves the limit back. The record rebuilds to the same work list.
func TestHolidayMovesAReplyMidRun(t *testing.T) {
	w := desktest.Open(t, 71)
	ctx := context.Background()
	workingReply(t, w.World)
	w.Request().Push()
	before, _ := due(t, w.GB, w, "caseworker", "reply")
	w.Clock.Advance(24 * time.Hour)
	moved, err := w.AL.Desk.Holiday(ctx, w.AL.As("supervisor"), declare(2023, 12, 19))
	if err != nil {
		t.Fatal(err)
	}
	if len(moved) != 1 || moved[0].Rule != "reply" || moved[0].Case != w.ID || !moved[0].To.After(moved[0].From) {
		t.Errorf("the officer was told %+v", moved)
	}
	if now, _ := due(t, w.AL, w, "readmission-officer", "reply"); !now.Equal(before) {
		t.Error("it counts before the other state has it: the two would reckon with different days")
	}
	w.Push()
	for _, side := range []struct {
		a    *demo.Authority
		role string
	}{{w.GB, "caseworker"}, {w.AL, "readmission-officer"}} {
		now, why := due(t, side.a, w, side.role, "reply")
		if want := before.AddDate(0, 0, 1); !now.Equal(want) {
			t.Errorf("%s: due %v, was %v, want %v", side.a.Authority, now, before, want)
		}
		if !strings.Contains(why, "Day of mourning") {
			t.Errorf("%s: the date does not name the holiday:\n%s", side.a.Authority, why)
		}
		if _, err := side.a.Desk.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		if d, err := side.a.Desk.Rebuild(ctx, false); err != nil || len(d) > 0 {
			t.Errorf("%s: rebuilt otherwise: %v %v", side.a.Authority, d, err)
		}
	}
	lines, err := w.AL.Desk.HolidayLines(ctx, w.AL.As("supervisor"), 2023)
	i := slices.IndexFunc(lines, func(l desk.HolidayLine) bool { return l.Declared != "" })
	if err != nil || i < 0 || lines[i].Receipt.IsZero() {
		t.Fatal(lines, err)
	}
	if _, err := w.AL.Desk.Holiday(ctx, w.AL.As("supervisor"), casework.WithdrawHoliday{Declaration: lines[i].Declared, Reason: "state-withdrew"}); err != nil {
		t.Fatal(err)
	}
	w.Push()
	for _, a := range []*demo.Authority{w.GB, w.AL} {
		role := map[string]string{demo.GB: "caseworker", demo.AL: "readmission-officer"}[a.Authority]
		if now, _ := due(t, a, w, role, "reply"); !now.Equal(before) {
			t.Errorf("%s: %v after the withdrawal, was %v", a.Authority, now, before)
		}
	}
}

// What is countersigned after its day is over moves nothing: silence may have taken effect meanwhile.
func TestHolidayHeardOfTooLate(t *testing.T) {
	w := desktest.Open(t, 72)
	workingReply(t, w.World)
	w.Request().Push()
	before, _ := due(t, w.GB, w, "caseworker", "reply")
	if _, err := w.AL.Desk.Holiday(context.Background(), w.AL.As("supervisor"), declare(2023, 12, 12)); err != nil {
		t.Fatal(err)
	}
	w.Clock.Set(time.Date(2023, 12, 12, 23, 30, 0, 0, time.UTC)) // already the 13th in Tirana
	w.Push()
	for _, a := range []*demo.Authority{w.GB, w.AL} {
		role := map[string]string{demo.GB: "caseworker", demo.AL: "readmission-officer"}[a.Authority]
		if now, _ := due(t, a, w, role, "reply"); !now.Equal(before) {
			t.Errorf("%s: moved to %v, was %v", a.Authority, now, before)
		}
	}
}

// A holiday declared in one part of the United Kingdom moves the notice period of whoever is there, at once, and shuts
// the gate that stood open; it moves nobody's elsewhere.
func TestHolidayMovesANoticeMidRun(t *testing.T) {
	for part, want := range map[string]casework.Status{"EAW": casework.GateClosed, "SCT": casework.GateOpen} {
		w := desktest.Open(t, 73)
		w.Request().Agree().Document().Seat()
		gb := w.GB
		clock := func() casework.Notice {
			view, err := gb.Desk.ViewCase(context.Background(), gb.As("caseworker"), w.ID)
			if err != nil {
				t.Fatal(err)
			}
			for _, g := range view.Gates[casework.StepConfirm] {
				if g.ID == "notice-period" {
					return casework.Notice{Status: g.Status, End: g.Until, Why: g.MessageKey}
				}
			}
			t.Fatal("no notice gate")
			return casework.Notice{}
		}
		n := clock()
		if n.Status != casework.GateOpen {
			t.Fatalf("closed before anything: %+v", n)
		}
		// every working day up to the journey is declared free, one after the other
		for day := time.Date(2023, 12, 12, 0, 0, 0, 0, time.UTC); day.Before(desktest.Departs); day = day.AddDate(0, 0, 1) {
			_, err := gb.Desk.Holiday(context.Background(), gb.As("supervisor"), declare(day.Year(), int(day.Month()), day.Day(), part))
			if err != nil && fault.KeyOf(err) != "fault.holiday.free" {
				t.Fatal(err)
			}
		}
		after := clock()
		if after.Status != want {
			t.Errorf("%s: %+v, was %+v", part, after, n)
		}
		if after.End.Equal(n.End) != (part == "SCT") {
			t.Errorf("%s: the period ended %v and ends %v", part, n.End, after.End)
		}
		if _, err := gb.Desk.Case(context.Background(), gb.As("caseworker"), w.ID, casework.ConfirmBooking{}); part == "EAW" && fault.KindOf(err) != fault.Denied {
			t.Errorf("a seat was bought inside the period: %v", err)
		}
	}
}

// Who may not, may not; a passed day, a free day and text that would tell something are refused, and nothing leaves.
func TestHolidayRefusals(t *testing.T) {
	w := desktest.World(t, 74)
	ctx, al := context.Background(), w.AL
	size, _ := al.Desk.Size(ctx)
	named := declare(2023, 12, 19)
	named.NameEn = "Day of asylum"
	for what, c := range map[string]struct {
		role string
		c    casework.HolidayCommand
		key  string
	}{
		"a caseworker":    {"caseworker", declare(2023, 12, 19), "fault.access.denied"},
		"yesterday":       {"supervisor", declare(2023, 12, 8), "fault.holiday.passed"},
		"a Sunday":        {"supervisor", declare(2023, 12, 17), "fault.holiday.free"},
		"a holiday":       {"supervisor", declare(2023, 12, 25), "fault.holiday.free"},
		"a foreign part":  {"supervisor", declare(2023, 12, 19, "SCT"), "fault.case.unknown-code"},
		"an unknown year": {"supervisor", declare(2099, 12, 18), "fault.holiday.year"},
		"a barred word":   {"supervisor", named, "fault.case.text-word"},
		"no day":          {"supervisor", casework.DeclareHoliday{}, "fault.holiday.year"},
		"none to undo":    {"supervisor", casework.WithdrawHoliday{Declaration: "x", Reason: "error"}, "fault.holiday.none"},
	} {
		if _, err := al.Desk.Holiday(ctx, al.As(c.role), c.c); fault.KeyOf(err) != c.key {
			t.Errorf("%s: %v, want %s", what, err, c.key)
		}
	}
	if after, _ := al.Desk.Size(ctx); after != size {
		t.Errorf("%d acts left behind", after-size)
	}
}
