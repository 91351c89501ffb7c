package casework

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/joint"
	"countersign/internal/fault"
	"countersign/internal/person"
	"countersign/internal/treaty"
)

// Holidays are the public holidays that the two states declared since the calendars were written. Each state
// declares its own; what is declared moves every limit that still runs, and each date names it.
type Holidays struct {
	Days []DeclaredHoliday
}

// DeclaredHoliday is one declaration and what became of it.
type DeclaredHoliday struct {
	Mark
	joint.HolidayDeclaration
	State     string // the authority whose state is free that day
	Recorded  time.Time
	Withdrawn Mark
	ended     time.Time // when the withdrawal was recorded here
}

// HolidayReasons are why a declaration is taken back.
var HolidayReasons = []string{"error", "state-withdrew"}

// IsHoliday tells whether a kind is about the calendars.
func IsHoliday(k act.Kind) bool { return k == joint.HolidayDeclared || k == joint.HolidayWithdrawn }

// FoldHolidays adds one act. A withdrawal by the other state changes nothing.
func FoldHolidays(h Holidays, e act.Event) Holidays {
	switch b := e.Body.(type) {
	case *joint.HolidayDeclaration:
		h.Days = add(h.Days, DeclaredHoliday{Mark: mark(&e), HolidayDeclaration: *b, State: e.Officer.Authority, Recorded: e.Recorded})
	case *joint.HolidayWithdrawal:
		h.Days = change(h.Days, func(d *DeclaredHoliday) bool {
			return d.ID == e.InReplyTo && d.State == e.Officer.Authority && !d.Withdrawn.Is()
		}, func(d *DeclaredHoliday) { d.Withdrawn, d.ended = mark(&e), e.Recorded })
	}
	return h
}

// Own are the calendars on which this state counts its own limits: what it declared counts from when it was recorded.
func (h Holidays) Own(base *treaty.Calendars, state string, now time.Time) *treaty.Calendars {
	return h.on(base, func(d *DeclaredHoliday) bool {
		return d.State == state && !d.Recorded.After(now) && (!d.Withdrawn.Is() || d.ended.After(now))
	})
}

// Shared are the calendars on which both states count the agreement's limits. A declaration counts there once the
// other state has countersigned it, and only if it did so before the day was over: both sides then move the same
// limits at the same moment, and nothing that silence has already brought about is undone. The texts that were read
// do not say this; it is a rule of this project.
func (h Holidays) Shared(base *treaty.Calendars, now time.Time) *treaty.Calendars {
	return h.on(base, func(d *DeclaredHoliday) bool {
		return inTime(d.Mark, d.Date, base, d.State) && !d.Receipt.After(now) &&
			!(inTime(d.Withdrawn, d.Date, base, d.State) && !d.Withdrawn.Receipt.After(now))
	})
}

// inTime tells whether an act was countersigned before its day was over in the state that is free.
func inTime(m Mark, day person.Date, base *treaty.Calendars, state string) bool {
	c := anyCalendar(base, state)
	return c != nil && m.Is() && !m.Receipt.IsZero() && m.Receipt.Before(day.AddDays(1).First(c.Zone))
}

func (h Holidays) on(base *treaty.Calendars, counts func(*DeclaredHoliday) bool) *treaty.Calendars {
	for i := range h.Days {
		d := &h.Days[i]
		if !counts(d) {
			continue
		}
		for _, part := range d.parts(base) {
			if c := base.Calendar(d.State, part); c != nil {
				base = base.With(c.Declare(treaty.Holiday{Date: treaty.NewDate(d.Date.Year, time.Month(d.Date.Month), d.Date.Day),
					Name: treaty.Text{En: d.NameEn, Sq: d.NameSq}, Status: treaty.Announced, Source: d.Source}))
			}
		}
	}
	return base
}

// parts are the parts of the state that are free.
func (d *DeclaredHoliday) parts(base *treaty.Calendars) []string {
	if len(d.Parts) > 0 {
		return d.Parts
	}
	if all := base.Parts(d.State); len(all) > 0 {
		return all
	}
	return []string{""}
}

func anyCalendar(all *treaty.Calendars, state string) *treaty.Calendar {
	if c := all.Calendar(state, ""); c != nil {
		return c
	}
	for _, part := range all.Parts(state) {
		return all.Calendar(state, part)
	}
	return nil
}

// Sound refuses a declaration that no calendar could take, whoever made it.
func (h Holidays) Sound(base *treaty.Calendars, e act.Event) error {
	switch b := e.Body.(type) {
	case *joint.HolidayDeclaration:
		return soundHoliday(b, base, e.Officer.Authority)
	case *joint.HolidayWithdrawal:
		if !slices.ContainsFunc(h.Days, func(d DeclaredHoliday) bool {
			return d.ID == e.InReplyTo && d.State == e.Officer.Authority && !d.Withdrawn.Is()
		}) {
			return fault.New(fault.Missing, "fault.holiday.none")
		}
		return need("reason", b.Reason, HolidayReasons)
	}
	return nil
}

func soundHoliday(b *joint.HolidayDeclaration, base *treaty.Calendars, state string) error {
	c := anyCalendar(base, state)
	switch {
	case c == nil:
		return fault.New(fault.Missing, "fault.holiday.no-calendar", "state", state)
	case !b.Date.Exact() || int(b.Date.Year) < c.FirstYear || int(b.Date.Year) > c.LastYear:
		return fault.New(fault.Invalid, "fault.holiday.year", "first", strconv.Itoa(c.FirstYear), "last", strconv.Itoa(c.LastYear))
	}
	for _, part := range b.Parts {
		if err := need("part", part, base.Parts(state)); err != nil {
			return err
		}
	}
	for field, text := range map[string]string{"name_en": b.NameEn, "name_sq": b.NameSq, "source": b.Source} {
		if n := len(strings.TrimSpace(text)); n == 0 || n > 120 {
			return need(field, "", nil)
		}
		if err := crossable(text); err != nil {
			return err
		}
	}
	return nil
}

// HolidayCommand is an official act about the own calendar.
type HolidayCommand interface {
	decideHoliday(h *Holidays, base *treaty.Calendars, env *Env) ([]act.Statement, error)
}

// DecideHoliday is Decide for the calendars.
func DecideHoliday(h Holidays, base *treaty.Calendars, c HolidayCommand, env Env) ([]act.Statement, error) {
	switch {
	case c == nil:
		return nil, fault.New(fault.Invalid, "fault.case.no-command")
	case env.Now.IsZero() || env.By.ID == "" || env.Law == nil:
		return nil, fault.New(fault.Invalid, "fault.case.environment")
	case env.By.Authority != env.Own:
		return nil, fault.New(fault.Denied, "fault.case.authority")
	}
	return c.decideHoliday(&h, base, &env)
}

// DeclareHoliday makes a day free from today on. A day that has passed is not made free: what ended on it has ended.
type DeclareHoliday struct{ joint.HolidayDeclaration }

func (c DeclareHoliday) decideHoliday(h *Holidays, base *treaty.Calendars, env *Env) ([]act.Statement, error) {
	if err := all(may([]string{"supervisor"}, env), soundHoliday(&c.HolidayDeclaration, base, env.Own),
		when(c.Date.Before(env.day()), "fault.holiday.passed")); err != nil {
		return nil, err
	}
	day := treaty.NewDate(c.Date.Year, time.Month(c.Date.Month), c.Date.Day)
	known := h.Own(base, env.Own, env.Now)
	declared := DeclaredHoliday{HolidayDeclaration: c.HolidayDeclaration, State: env.Own}
	if !slices.ContainsFunc(declared.parts(base), func(part string) bool {
		works, _ := known.Calendar(env.Own, part).Working(day)
		return works
	}) {
		return nil, fault.New(fault.Conflict, "fault.holiday.free")
	}
	body := c.HolidayDeclaration
	return one(act.Statement{Scope: act.Joint, Kind: joint.HolidayDeclared, Body: &body}), nil
}

// WithdrawHoliday takes the own declaration back before its day.
type WithdrawHoliday struct {
	Declaration act.ID
	Reason      string
}

func (c WithdrawHoliday) decideHoliday(h *Holidays, _ *treaty.Calendars, env *Env) ([]act.Statement, error) {
	i := slices.IndexFunc(h.Days, func(d DeclaredHoliday) bool {
		return d.ID == c.Declaration && d.State == env.Own && !d.Withdrawn.Is()
	})
	if i < 0 {
		return nil, fault.New(fault.Missing, "fault.holiday.none")
	}
	if err := all(may([]string{"supervisor"}, env), need("reason", c.Reason, HolidayReasons),
		when(!env.day().Before(h.Days[i].Date), "fault.holiday.passed")); err != nil {
		return nil, err
	}
	return one(answer(act.Statement{Scope: act.Joint, Kind: joint.HolidayWithdrawn, Body: &joint.HolidayWithdrawal{Reason: c.Reason}}, c.Declaration)), nil
}

// MovedDate is a limit that a calendar moved.
type MovedDate struct {
	Case     act.ID
	Rule     string
	From, To time.Time
}

// Moved compares the limits of one case under two environments that differ in their calendars only.
func Moved(s State, before, after Env) []MovedDate {
	var list []MovedDate
	old := Deadlines(s, before)
	for _, d := range Deadlines(s, after) {
		i := slices.IndexFunc(old, func(o Deadline) bool { return o.Rule == d.Rule && o.Start.Equal(d.Start) })
		if i >= 0 && !old[i].Due.Equal(d.Due) {
			list = append(list, MovedDate{Case: s.Case, Rule: d.Rule, From: old[i].Due, To: d.Due})
		}
	}
	if s.side(after.Own) == Requesting && s.outcome() == Open && !s.willing() {
		if a, b := s.notice(&before), s.notice(&after); !a.End.IsZero() && !a.End.Equal(b.End) {
			list = append(list, MovedDate{Case: s.Case, Rule: "notice-period", From: a.End, To: b.End})
		}
	}
	return list
}
