package desk

import (
	"context"
	"slices"
	"time"

	"countersign/internal/access"
	"countersign/internal/casework"
	"countersign/internal/person"
	"countersign/internal/statistics/timeliness"
)

// Dashboard is what inspectors and auditors found missing elsewhere (facts/problems.md, P1 to P11), measured from
// the acts. It counts cases and ranks nobody. Reply times are of both sides and equal at both nodes; the rest is
// this state's own and stays here.
type Dashboard struct {
	AsOf          time.Time
	From          time.Time                // of the span in which ended attempts and bookings count
	Replies       []timeliness.Replies     // reply times and deemed consents, both sides
	Consent       timeliness.Waiting       // days from the person's consent to departure (P6)
	Alerts        []timeliness.Tally       // willing people who still wait
	Attempts      timeliness.Attempts      // P1
	Cancellations timeliness.Cancellations // P2, P5
	Documents     timeliness.Documents     // P8
	Idle          timeliness.Idle          // P3, P11
	Lead          timeliness.Lead          // P4, P5
	Cohorts       []casework.Cohort        // people met in the span, by route and place
}

// idleAfter is after how many days without a step a case counts as idle (P3).
const idleAfter = 7

// DashboardAge is how old the answer may be that is given again: figures over months do not change in a minute, and
// AsOf says when they were counted.
const DashboardAge = time.Minute

// question is whoever may know as much, asking for as long a span: they get one answer.
type question struct {
	secret bool
	span   time.Duration
}

// Dashboard measures all cases as they stand, or stood within the last minute. span is how far back ended attempts
// and bookings count.
func (d *Desk) Dashboard(_ context.Context, who Session, span time.Duration) (*Dashboard, error) {
	// Its counts are small and of domestic facts: not for everybody who reads published figures.
	if err := d.allow(who, "count-returns", access.Resource{Type: "release", Domestic: true}); err != nil {
		return nil, err
	}
	now := d.Clock().UTC()
	key := question{d.allow(who, "view-barriers", access.Resource{Type: "case", Domestic: true}) != nil, span}
	return d.register.answer(key, now, func() (*Dashboard, error) { return d.dashboard(key, now) })
}

// answer gives the last answer again while it is fresh. Whoever asks meanwhile waits for the one that is counted.
func (g *register) answer(key question, now time.Time, count func() (*Dashboard, error)) (*Dashboard, error) {
	g.asking.Lock()
	defer g.asking.Unlock()
	if a := g.answers[key]; a != nil && !now.Before(a.AsOf) && now.Sub(a.AsOf) < DashboardAge {
		return a, nil
	}
	a, err := count()
	if err != nil {
		return nil, err
	}
	if g.answers == nil {
		g.answers = map[question]*Dashboard{}
	}
	g.answers[key] = a
	return a, nil
}

func (d *Desk) dashboard(key question, now time.Time) (*Dashboard, error) {
	from := now.Add(-key.span)
	zone := d.Law.Location()
	all := tallied{secret: key.secret, met: casework.Cohorts{From: person.DateOf(from.In(zone)), To: person.DateOf(now.In(zone))}}
	if err := d.register.tally(d, &all); err != nil {
		return nil, err
	}
	return &Dashboard{AsOf: now, From: from, Replies: timeliness.ReplyTimes(all.Applications, now), Consent: timeliness.Waits(all.Consents, now),
		Alerts: timeliness.ConsentAlerts(all.Consents, now), Attempts: timeliness.EndedAttempts(all.Ended, from, now),
		Cancellations: timeliness.CancelledBookings(all.Bookings, from, now.AddDate(1, 0, 0)), Documents: timeliness.UnusedDocuments(all.Documents, now),
		Idle: timeliness.IdleCases(all.open, now, idleAfter), Lead: timeliness.BarrierLead(all.Barriers, now), Cohorts: all.met.Rows()}, nil
}

// tallied is what is counted of all cases together.
type tallied struct {
	measured
	secret bool // reasons that tell the nature of a barrier are joined into one
	open   []timeliness.OpenCase
	met    casework.Cohorts
}

// tally counts every case of the register.
func (g *register) tally(d *Desk, all *tallied) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if err := g.bring(d); err != nil {
		return err
	}
	all.Applications = make([]timeliness.Application, 0, len(g.cases))
	all.open = make([]timeliness.OpenCase, 0, len(g.cases))
	for _, e := range g.cases {
		if e.measured.Case {
			all.add(e)
		}
	}
	return nil
}

func (a *tallied) add(e *entry) {
	m := &e.measured
	a.met.Add(m.Met)
	a.Applications = append(a.Applications, m.Applications...)
	a.Consents = append(a.Consents, m.Consents...)
	a.Documents = append(a.Documents, m.Documents...)
	a.Barriers = append(a.Barriers, m.Barriers...)
	for _, x := range m.Ended {
		x.Reason = a.reason(x.Reason)
		a.Ended = append(a.Ended, x)
	}
	for _, b := range m.Bookings {
		b.Reason = a.reason(b.Reason)
		a.Bookings = append(a.Bookings, b)
	}
	if e.open {
		a.open = append(a.open, timeliness.OpenCase{Case: e.id, LastStep: e.updated, Due: e.due, Owner: e.owes})
	}
}

// Reasons that tell of a claim, a victim or a child are for those who may know barriers (design.md, section 4).
var secretReasons = []string{"protection-claim", "trafficking", "child", "health", "court", "leave-granted", "stop-order", "family"}

// heldReason is the one code under which such reasons stand for everybody else.
const heldReason = "held"

func (a *tallied) reason(code string) string {
	if a.secret && slices.Contains(secretReasons, code) {
		return heldReason
	}
	return code
}
