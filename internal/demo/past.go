package demo

import (
	"context"
	"strconv"
	"time"

	"countersign/internal/act/domestic"
	"countersign/internal/casework"
	"countersign/internal/statistics"
	"countersign/internal/statistics/official"
	"countersign/internal/statistics/past"
)

// past loads the synthetic history through the desk, in the order in which it became known, and counts it.
// People are invented; the volumes are built to match what was published. What is shown is the counting.
func (s *Story) past(ctx context.Context) error {
	n := 0
	for _, batch := range past.Plan(s.seed) {
		items := make([]any, 0, len(batch.Items))
		for _, item := range batch.Items {
			items = append(items, body(item, batch.RecordedAt))
		}
		if err := s.GB.Desk.CountReturns(ctx, s.GB.As("statistician").For("purpose.statistics"), items...); err != nil {
			return err
		}
		n += len(items)
	}
	s.did("story.past.loaded", "count", s.words.Number(int64(n)))
	ledger, err := s.GB.Desk.Ledger(ctx)
	if err != nil {
		return err
	}
	if err := s.origin(ledger); err != nil {
		return err
	}
	return s.edition(ledger)
}

// body is the act that says an item of the plan. History names the day on which it became known.
func body(i past.Item, known time.Time) any {
	day := known.Format(time.DateOnly)
	r := i.Return.Body()
	r.Known = day
	switch i.Op {
	case past.Correct:
		return &domestic.ReturnCorrection{Return: r, Reason: i.Reason}
	case past.Retract:
		return &domestic.ReturnRetraction{ID: i.Return.ID, Reason: i.Reason, Known: day}
	}
	return &domestic.ReturnRecord{Return: r}
}

// counter counts returns of Albanian nationals as known at one time.
type counter struct {
	*statistics.Ledger
	at  time.Time
	err error
}

func (c *counter) count(m statistics.Measure, p statistics.Period) int64 {
	n, err := c.Ledger.Count(statistics.Query{Measure: m, Period: p, Nationality: "albania"}, c.at)
	if err != nil && c.err == nil {
		c.err = err
	}
	return n
}

// percent writes a ratio in whole percent, as texts do.
func (c *counter) percent(part, whole int64) string {
	r, err := statistics.Share(part, whole)
	if err != nil {
		c.err = err
		return "?"
	}
	return statistics.Percent(r, 0)
}

func (c *counter) change(now, before int64) string {
	r, err := statistics.Change(now, before)
	if err != nil {
		c.err = err
		return "?"
	}
	return statistics.Percent(r, 0)
}

// origin checks the figures of 24 April 2023 as the record knew them on that day.
func (s *Story) origin(l *statistics.Ledger) error {
	c := &counter{Ledger: l, at: past.KnownOn(past.April)}
	e22, v22 := c.count(statistics.EnforcedReturns, statistics.Year(2022)), c.count(statistics.VoluntaryReturns, statistics.Year(2022))
	all, v21 := c.count(statistics.WithoutPort, statistics.Year(2022)), c.count(statistics.VoluntaryReturns, statistics.Year(2021))
	s.check(all == 1888 && e22 == 954 && v22 == 934, "story.past.2022", "all", s.words.Number(all), "enforced", s.words.Number(e22), "voluntary", s.words.Number(v22), "share", c.percent(e22, all))
	s.check(v21 == 492 && c.change(v22, v21) == "90", "story.past.change", "voluntary", s.words.Number(v22), "before", s.words.Number(v21), "change", c.change(v22, v21))
	q := statistics.QuarterPeriod(statistics.Q(2023, 1))
	eq, vq, aq := c.count(statistics.EnforcedReturns, q), c.count(statistics.VoluntaryReturns, q), c.count(statistics.WithoutPort, q)
	s.check(aq == 795 && eq == 389 && vq == 406, "story.past.quarter", "all", s.words.Number(aq), "enforced", s.words.Number(eq), "voluntary", s.words.Number(vq), "share", c.percent(vq, aq))
	since := c.count(statistics.WithoutPort, statistics.Days(statistics.Day(2022, 12, 13), statistics.Day(2023, 4, 7)))
	s.check(since > 1000, "story.past.since", "all", s.words.Number(since))
	return c.err
}

// edition checks every quarter and group of the official edition of 25 May 2023.
func (s *Story) edition(l *statistics.Ledger) error {
	c := &counter{Ledger: l, at: past.KnownOn(past.May)}
	cells, wrong := 0, 0
	for q := statistics.Q(2021, 1); q <= statistics.Q(2022, 4); q++ {
		for _, m := range []statistics.Measure{statistics.EnforcedReturns, statistics.VoluntaryReturns, statistics.PortReturns} {
			want, ok := official.Table().Value(past.May, m, statistics.QuarterPeriod(q))
			if cells++; !ok || c.count(m, statistics.QuarterPeriod(q)) != want {
				wrong++
			}
		}
	}
	e, v := c.count(statistics.EnforcedReturns, statistics.Year(2022)), c.count(statistics.VoluntaryReturns, statistics.Year(2022))
	s.check(wrong == 0 && cells == 24, "story.past.edition", "cells", strconv.Itoa(cells), "all", s.words.Number(e+v), "enforced", s.words.Number(e), "voluntary", s.words.Number(v), "share", c.percent(e, e+v))
	s.check(e < v, "story.past.flip")
	return c.err
}

// count: the story's own returns are in the count of their quarter, and nowhere else; what is retracted goes.
func (s *Story) count(ctx context.Context) error {
	ledger, err := s.GB.Desk.Ledger(ctx)
	if err != nil {
		return err
	}
	c := &counter{Ledger: ledger, at: s.Clock.Now()}
	p := statistics.QuarterPeriod(statistics.Q(2024, 1))
	before := c.count(statistics.WithoutPort, p)
	s.check(before == int64(s.returns), "story.count.live", "all", s.words.Number(before), "enforced", s.words.Number(c.count(statistics.EnforcedReturns, p)),
		"voluntary", s.words.Number(c.count(statistics.VoluntaryReturns, p)), "offender", s.words.Number(c.count(statistics.OffenderReturns, p)))
	if err := s.OnPage(s.GB, "senior-caseworker", s.handed, casework.RetractReturn{Reason: "duplicate"}); err != nil {
		return err
	}
	ledger, err = s.GB.Desk.Ledger(ctx)
	if err != nil {
		return err
	}
	after := &counter{Ledger: ledger, at: s.Clock.Now()}
	earlier := &counter{Ledger: ledger, at: s.Clock.Now().Add(-time.Minute)}
	s.check(after.count(statistics.WithoutPort, p) == before-1 && earlier.count(statistics.WithoutPort, p) == before, "story.count.retracted", "all", s.words.Number(before-1), "before", s.words.Number(before))
	return c.err
}
