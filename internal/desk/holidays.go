package desk

import (
	"context"
	"slices"
	"time"

	"countersign/internal/access"
	"countersign/internal/act"
	"countersign/internal/act/joint"
	"countersign/internal/casework"
	"countersign/internal/fault"
	"countersign/internal/store"
	"countersign/internal/treaty"
)

// Holiday carries out one official act about the own calendar and says which running limits it moved. The limits are
// derived, so nothing is rewritten: the next look at a case reckons with the new day, and names it.
func (d *Desk) Holiday(ctx context.Context, who Session, c casework.HolidayCommand) ([]casework.MovedDate, error) {
	var before, after casework.Holidays
	err := d.perform(ctx, who, func(t *turn) (err error) {
		if err = t.allow("declare-holiday", access.Resource{Type: "calendar"}); err != nil {
			return err
		}
		if before, err = t.holidays(t.tx, t.tx.Now); err != nil {
			return err
		}
		statements, err := casework.DecideHoliday(before, t.Calendars, c, casework.Env{Now: t.tx.Now, By: who.Officer, Own: t.Authority, Law: t.Law})
		if err != nil {
			return err
		}
		events, err := t.say(statements...)
		after = before
		for _, e := range events {
			e.Receipt = t.tx.Now // what it will move once the other state has countersigned it: the officer learns of it now
			after = casework.FoldHolidays(after, e)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if _, err := d.Sweep(ctx); err != nil {
		return nil, err
	}
	return d.movedBy(ctx, before, after)
}

// movedBy lists the running limits that differ between two sets of holidays. It is asked outside the writer's
// transaction.
func (d *Desk) movedBy(ctx context.Context, before, after casework.Holidays) ([]casework.MovedDate, error) {
	rows, _, err := store.Cases(d.Store, store.CaseFilter{Open: true})
	if err != nil {
		return nil, err
	}
	var all []casework.MovedDate
	for _, row := range rows {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		s, err := d.caseState(d.Store, row.ID)
		if fault.KindOf(err) == fault.Missing { // about somebody who was forgotten
			continue
		}
		if err != nil {
			return nil, err
		}
		a, err := d.env(d.Store, s)
		if err != nil {
			return nil, err
		}
		b := a
		d.reckon(&a, s, before)
		d.reckon(&b, s, after)
		all = append(all, casework.Moved(s, a, b)...)
	}
	return all, nil
}

// HolidayLine is a holiday as it stands in one state's calendar.
type HolidayLine struct {
	State, Part string
	treaty.Holiday
	Declared  act.ID // the declaration, where it was declared by an act
	By        act.Officer
	At        time.Time
	Receipt   time.Time
	Withdrawn bool
}

// HolidayLines are the holidays of a year in both states, with those that were declared by an act, in order.
func (d *Desk) HolidayLines(_ context.Context, who Session, year int) ([]HolidayLine, error) {
	if err := d.allow(who, "view-calendar", access.Resource{Type: "calendar", Domestic: true}); err != nil {
		return nil, err
	}
	now := d.Clock().UTC()
	h, err := d.holidays(d.Store, now)
	if err != nil {
		return nil, err
	}
	var all []HolidayLine
	for _, state := range []string{d.Authority, d.Peer.Authority} {
		parts := d.Calendars.Parts(state)
		if len(parts) == 0 {
			parts = []string{""}
		}
		for _, part := range parts {
			c := d.Calendars.Calendar(state, part)
			if c == nil {
				continue
			}
			for _, day := range c.Holidays(year) {
				all = append(all, HolidayLine{State: state, Part: part, Holiday: day})
			}
			all = append(all, declaredLines(h, state, part, year)...)
		}
	}
	slices.SortStableFunc(all, func(a, b HolidayLine) int { return a.Date.Compare(b.Date) })
	return all, nil
}

func declaredLines(h casework.Holidays, state, part string, year int) []HolidayLine {
	var all []HolidayLine
	for _, x := range h.Days {
		if x.State != state || x.Date.Year != year || len(x.Parts) > 0 && !slices.Contains(x.Parts, part) {
			continue
		}
		all = append(all, HolidayLine{State: state, Part: part, Declared: x.ID, By: x.By, At: x.At, Receipt: x.Receipt, Withdrawn: x.Withdrawn.Is(),
			Holiday: treaty.Holiday{Date: treaty.NewDate(x.Date.Year, time.Month(x.Date.Month), x.Date.Day), Name: treaty.Text{En: x.NameEn, Sq: x.NameSq},
				State: state, Part: part, Status: treaty.Announced, Source: x.Source}})
	}
	return all
}

// holidays folds what was declared on both sides, as this node knew it at a moment.
func (d *Desk) holidays(r reader, at time.Time) (casework.Holidays, error) {
	var h casework.Holidays
	for _, kind := range []act.Kind{joint.HolidayDeclared, joint.HolidayWithdrawn} {
		err := d.eachOfKind(r, kind, func(e act.Event) {
			if e.Recorded.After(at) {
				return
			}
			if e.Receipt.After(at) {
				e.Receipt = time.Time{}
			}
			h = casework.FoldHolidays(h, e)
		})
		if err != nil {
			return h, err
		}
	}
	return h, nil
}

// admitHoliday refuses a declaration that no calendar could take.
func (t *turn) admitHoliday(e act.Event) error {
	h, err := t.holidays(t.tx, t.tx.Now)
	if err != nil {
		return err
	}
	return h.Sound(t.Calendars, e)
}

// reckon gives a decision the calendars on which its limits are counted.
func (d *Desk) reckon(env *casework.Env, s casework.State, h casework.Holidays) {
	requesting, requested := s.Requesting, s.Requested
	if requesting == "" {
		requesting, requested = d.Authority, d.Peer.Authority
	}
	env.Agreement = terms{agreement: d.Agreement, calendars: h.Shared(d.Calendars, env.Now), requesting: requesting, requested: requested, demo: d.Demo}
	if d.Removal != nil {
		env.Removal = terms{agreement: d.Removal, calendars: h.Own(d.Calendars, d.Authority, env.Now), requesting: d.Authority, demo: d.Demo}
	}
}
