package demo

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/casework"
	"countersign/internal/person"
	"countersign/internal/treaty"
)

// calendar: each state declares a holiday while limits run. The notice period counts on the British days at once; the
// limit to announce the journey counts on the days of both, from when the other one has the declaration. The days were
// counted by hand.
func (s *Story) calendar(ctx context.Context) error {
	s.until("2025-01-13 09:00") // a Monday
	f := s.open(ctx, mirela, casework.Readmission, "EAW", domestic.Encounter{Route: "in-country-check", Place: "York", Date: person.On(2025, 1, 12)})
	b := seat(at("2025-01-21 10:30"), "892") // the Tuesday after
	if err := f.request(joint.Evidence{Type: "identity-card"}).al("readmission-officer", casework.ReplyConfirm{Basis: "proof", Document: true}).slot().
		laissezPasser("LP0079001", person.On(2025, 6, 30)).hold(b).decided().serve(b).interpreter(b.Departs).settled(); err != nil {
		return err
	}
	if err := s.limitsStand(f, "2025-01-20", "2025-01-16", "story.calendar.before"); err != nil {
		return err
	}
	moved, err := s.declare(ctx, s.GB, 16, "Day of mourning", "Ditë zie", "Proclamation 7")
	if err != nil {
		return err
	}
	s.check(slices.ContainsFunc(moved, func(m casework.MovedDate) bool {
		return m.Case == f.id && m.Rule == "notice-period" && m.To.After(m.From)
	}),
		"story.calendar.declared", "count", strconv.Itoa(len(moved)))
	if err := s.limitsStand(f, "2025-01-21", "2025-01-16", "story.calendar.own"); err != nil {
		return err
	}
	if err := f.attest(casework.StepConfirm).settled(); err != nil {
		return err
	}
	s.refused(f.try(s.GB, "caseworker", casework.ConfirmBooking{}), "fault.case.gate-closed", "story.calendar.stopped")
	if err := f.slot().settled(); err != nil {
		return err
	}
	if err := s.limitsStand(f, "2025-01-21", "2025-01-15", "story.calendar.received"); err != nil {
		return err
	}
	if _, err := s.declare(ctx, s.AL, 20, "Day of elections", "Dita e zgjedhjeve", "Vendimi 12"); err != nil {
		return err
	}
	if err := f.slot().settled(); err != nil {
		return err
	}
	if err := s.limitsStand(f, "2025-01-21", "2025-01-14", "story.calendar.both"); err != nil {
		return err
	}
	return s.sameDays(ctx, f)
}

// declare lets a supervisor declare a day of January 2025 free, and says which limits it moved.
func (s *Story) declare(ctx context.Context, a *Authority, day int, en, sq, source string) ([]casework.MovedDate, error) {
	s.Clock.Advance(time.Minute)
	return a.Desk.Holiday(ctx, a.As("supervisor"), casework.DeclareHoliday{HolidayDeclaration: joint.HolidayDeclaration{Date: person.On(2025, 1, day), NameEn: en, NameSq: sq, Source: source}})
}

// limitsStand checks the last day of the notice period and the last day to announce the journey.
func (s *Story) limitsStand(f *flow, notice, announce, key string) error {
	view, err := s.GB.Desk.ViewCase(f.ctx, s.GB.As("caseworker"), f.id)
	if err != nil {
		return err
	}
	last := func(t time.Time) string {
		return t.In(s.GB.Desk.Law.Location()).Add(-time.Second).Format(time.DateOnly)
	}
	var until, by string
	for _, g := range view.Gates[casework.StepConfirm] {
		if g.ID == "notice-period" {
			until = last(g.Until)
		}
	}
	for _, d := range view.Deadlines {
		if d.Rule == "notice" {
			by = last(d.Due)
		}
	}
	s.check(until == notice && by == announce, key, "notice", until, "announce", by)
	return nil
}

// sameDays checks that both states hold the same declared days, that the date names them, and ends the attempt.
func (s *Story) sameDays(ctx context.Context, f *flow) error {
	var held [2]string
	for i, a := range []*Authority{s.GB, s.AL} {
		lines, err := a.Desk.HolidayLines(ctx, a.As("supervisor"), 2025)
		if err != nil {
			return err
		}
		for _, l := range lines {
			if l.Declared != "" && !l.Receipt.IsZero() {
				held[i] += l.State + " " + l.Part + " " + l.Date.String() + "; "
			}
		}
	}
	view, err := s.GB.Desk.ViewCase(ctx, s.GB.As("caseworker"), f.id)
	if err != nil {
		return err
	}
	var why string
	for _, d := range view.Deadlines {
		if r, ok := d.Trace.(treaty.Reckoning); ok && d.Rule == "notice" {
			why = strings.Join(r.Explain(s.words, string(s.words.Lang)), "\n")
		}
	}
	named := strings.Contains(why, "Day of mourning") && strings.Contains(why, "Day of elections") || strings.Contains(why, "Ditë zie") && strings.Contains(why, "Dita e zgjedhjeve")
	s.check(held[0] == held[1] && strings.Count(held[0], ";") == 4 && named, "story.calendar.same")
	return f.gb("caseworker", casework.CancelBooking{Reason: "no-seat"}).gb("caseworker", casework.Withdraw{Reason: "other"}).slot().settled()
}
