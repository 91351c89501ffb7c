package main

import (
	"context"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/casework"
	"countersign/internal/demo"
	"countersign/internal/desk"
	"countersign/internal/person"
)

// calendarStep is one thing that happens to the calendars, and where the two limits of the case must stand after it. The
// days were counted by hand: served on Monday 11 December 2023, five working days, seat on Tuesday the 19th.
type calendarStep struct {
	about    string
	do       func(ctx context.Context, w *demo.World) error
	notice   string // the last day of the notice period
	closed   bool   // is the journey inside it?
	announce string // the last day to announce the journey, three working days of both states back from it: the 18th, the 15th, the 14th
}

func calendarSteps() []calendarStep {
	declare := func(a func(*demo.World) *demo.Authority, day int, parts ...string) func(context.Context, *demo.World) error {
		return func(ctx context.Context, w *demo.World) error {
			_, err := a(w).Desk.Holiday(ctx, a(w).As("supervisor"), casework.DeclareHoliday{HolidayDeclaration: joint.HolidayDeclaration{
				Date: person.On(2023, 12, day), Parts: parts, NameEn: "Day of mourning", NameSq: "Ditë zie", Source: "Decision 812"}})
			return err
		}
	}
	gb, al := func(w *demo.World) *demo.Authority { return w.GB }, func(w *demo.World) *demo.Authority { return w.AL }
	slot := func(ctx context.Context, w *demo.World) error { return w.Slot(ctx) }
	night := time.Date(2023, 12, 13, 23, 30, 0, 0, time.UTC) // the 14th has begun in Tirana, and not in London
	return []calendarStep{
		{"nothing declared", slot, "2023-12-18", false, "2023-12-14"},
		{"Scotland declares the 14th; the person is in England", declare(gb, 14, "SCT"), "2023-12-18", false, "2023-12-14"},
		{"England declares the 15th", declare(gb, 15, "EAW"), "2023-12-19", true, "2023-12-14"},
		{"the other state has it", slot, "2023-12-19", true, "2023-12-13"},
		{"Albania declares the 18th", declare(al, 18), "2023-12-19", true, "2023-12-13"},
		{"the other state has it", slot, "2023-12-19", true, "2023-12-12"},
		{"Albania declares the 13th, and it comes when that day is over there", func(ctx context.Context, w *demo.World) error {
			if err := declare(al, 13)(ctx, w); err != nil {
				return err
			}
			w.Clock.Set(night)
			return w.Slot(ctx)
		}, "2023-12-19", true, "2023-12-12"},
	}
}

// gateCalendar declares holidays while limits run, and compares each limit with days counted by hand.
func (r *Run) gateCalendar(ctx context.Context) error {
	w, err := r.world(ctx, "calendar")
	if err != nil {
		return err
	}
	defer w.Close()
	id, err := noticed(ctx, w)
	if err != nil {
		return err
	}
	for _, step := range calendarSteps() {
		if err := step.do(ctx, w); err != nil {
			return err
		}
		view, err := w.GB.Desk.ViewCase(ctx, w.GB.As("caseworker"), id)
		if err != nil {
			return err
		}
		notice, closed, announce := limitsOf(&view, w.GB.Desk.Law.Location())
		if notice != step.notice || closed != step.closed || announce != step.announce {
			r.Caught("%s: the notice ends %s (closed: %v) and the announcement is due %s; counted by hand: %s (%v), %s",
				step.about, notice, closed, announce, step.notice, step.closed, step.announce)
		}
		r.Say("  %-68s notice until %s, announce by %s", step.about, notice, announce)
	}
	r.note("%d steps with declared holidays as counted by hand", len(calendarSteps()))
	return nil
}

// noticed is a case with a seat and a notice that names it.
func noticed(ctx context.Context, w *demo.World) (act.ID, error) {
	id, err := openFor(ctx, w, 3)
	if err != nil {
		return id, err
	}
	departs := time.Date(2023, 12, 19, 10, 0, 0, 0, time.UTC)
	seat := domestic.Booking{Means: "air", Carrier: "BA", Number: "892", From: "LHR", To: "TIA", Country: "ALB", Departs: departs, Arrives: departs.Add(3 * time.Hour)}
	for _, x := range []struct {
		role string
		c    casework.Command
	}{
		{"caseworker", casework.RequestReadmission{Category: "national", Evidence: []joint.Evidence{{Type: "own-statement"}}}},
		{"senior-caseworker", casework.RecordCertificate{Certificate: domestic.Certificate{Gate: "removal-decision", Until: departs.AddDate(1, 0, 0), Evidence: "decision-letter"}}},
		{"caseworker", casework.HoldSeat{Booking: seat}},
		{"caseworker", casework.ServeNotice{Service: domestic.Service{Papers: []string{"intention", "departure-details"}, Route: "10A", To: "person", Language: "sq", ReadBy: "interpreter",
			Understood: true, Checked: "repeated-in-own-words", Method: "in-person", Proof: "signature", Part: "EAW", Destination: "ALB", Departs: departs}}},
	} {
		w.Clock.Advance(time.Minute)
		if _, err := w.GB.Desk.Case(ctx, w.GB.As(x.role), id, x.c); err != nil {
			return id, err
		}
	}
	return id, nil
}

// limitsOf reads the two limits as the officer sees them.
func limitsOf(view *desk.CaseView, zone *time.Location) (notice string, closed bool, announce string) {
	last := func(t time.Time) string { return t.In(zone).Add(-time.Second).Format(time.DateOnly) }
	for _, g := range view.Gates[casework.StepConfirm] {
		if g.ID == "notice-period" {
			notice, closed = last(g.Until), !g.Passes()
		}
	}
	for _, d := range view.Deadlines {
		if d.Rule == "notice" {
			announce = last(d.Due)
		}
	}
	return notice, closed, announce
}
