package desk

import (
	"context"
	"slices"
	"time"

	"countersign/internal/access"
	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/casework"
	"countersign/internal/person"
	"countersign/internal/statistics/timeliness"
	"countersign/internal/store"
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

// Dashboard folds every case as it stands and measures it. span is how far back ended attempts and bookings count.
func (d *Desk) Dashboard(_ context.Context, who Session, span time.Duration) (*Dashboard, error) {
	// Its counts are small and of domestic facts: not for everybody who reads published figures.
	if err := d.allow(who, "count-returns", access.Resource{Type: "release", Domestic: true}); err != nil {
		return nil, err
	}
	secret := d.allow(who, "view-barriers", access.Resource{Type: "case", Domestic: true}) != nil
	now := d.Clock().UTC()
	from := now.Add(-span)
	zone := d.Law.Location()
	m := &measured{now: now, secret: secret, met: casework.Cohorts{From: person.DateOf(from.In(zone)), To: person.DateOf(now.In(zone))}}
	for offset := 0; ; {
		rows, total, err := store.Cases(d.Store, store.CaseFilter{Sort: "opened", Limit: 500, Offset: offset})
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			events, err := d.eventsAbout(d.Store, row.ID)
			if err != nil {
				return nil, err
			}
			m.add(row, foldCase(events), events)
		}
		if offset += len(rows); offset >= total || len(rows) == 0 {
			break
		}
	}
	return &Dashboard{AsOf: now, From: from, Replies: timeliness.ReplyTimes(m.applications, now), Consent: timeliness.Waits(m.consents, now),
		Alerts: timeliness.ConsentAlerts(m.consents, now), Attempts: timeliness.EndedAttempts(m.ended, from, now),
		Cancellations: timeliness.CancelledBookings(m.bookings, from, now.AddDate(1, 0, 0)), Documents: timeliness.UnusedDocuments(m.documents, now),
		Idle: timeliness.IdleCases(m.open, now, idleAfter), Lead: timeliness.BarrierLead(m.barriers, now), Cohorts: m.met.Rows()}, nil
}

// measured is what the dashboards need of all cases: times and codes.
type measured struct {
	now          time.Time
	secret       bool // reasons that tell the nature of a barrier are joined into one
	applications []timeliness.Application
	consents     []timeliness.Wait
	ended        []timeliness.Ended
	bookings     []timeliness.Booking
	documents    []timeliness.Document
	open         []timeliness.OpenCase
	barriers     []timeliness.Barrier
	met          casework.Cohorts
}

func (m *measured) add(row store.CaseRow, s casework.State, events []act.Event) {
	if s.Case == "" {
		return
	}
	m.met.Add(&s)
	m.replies(s)
	m.journey(s)
	m.stops(s, events)
	if s.Outcome() == casework.Open {
		m.open = append(m.open, timeliness.OpenCase{Case: s.Case, LastStep: s.Last, Due: row.Due, Owner: row.Owes})
	}
}

// Reasons that tell of a claim, a victim or a child are for those who may know barriers (design.md, section 4).
var secretReasons = []string{"protection-claim", "trafficking", "child", "health", "court", "leave-granted", "stop-order", "family"}

// heldReason is the one code under which such reasons stand for everybody else.
const heldReason = "held"

func (m *measured) reason(code string) string {
	if m.secret && slices.Contains(secretReasons, code) {
		return heldReason
	}
	return code
}

// replies: an application counts from its receipt at the side that was asked; a withdrawn one waits no more.
func (m *measured) replies(s casework.State) {
	if !s.Request.Is() || s.Request.Notification || s.Request.Receipt.IsZero() {
		return
	}
	a := timeliness.Application{Requested: s.Requested, Receipt: s.Request.Receipt, Deemed: s.Relied.Is()}
	switch {
	case s.Reply.Is():
		a.Replied = s.Reply.At
	case s.Withdrawn.Is():
		return // nobody owes a reply; the withdrawal is no reply either
	}
	m.applications = append(m.applications, a)
}

func (m *measured) journey(s casework.State) {
	var left time.Time
	switch {
	case s.Departed != nil:
		left = s.Departed.At
	case s.Accepted != nil:
		left = s.Accepted.Mark.At
	}
	if s.Consent != nil && !s.Consent.Withdrawn.Is() && (!left.IsZero() || s.Outcome() == casework.Open) {
		m.consents = append(m.consents, timeliness.Wait{Start: s.Consent.Mark.At, End: left})
	}
	for _, b := range s.Bookings {
		booking := timeliness.Booking{Travel: b.Departs, Reason: m.reason(b.Why), Cancelled: b.Cancelled.At}
		booking.Returned = s.Departed != nil && s.Departed.Booking == b.ID
		m.bookings = append(m.bookings, booking)
	}
	for _, doc := range s.Documents {
		if !doc.Peer {
			continue // the person's own passport is no travel document agreed for this return
		}
		x := timeliness.Document{Issued: doc.Mark.At, Used: doc.Used || !left.IsZero(), Withdrawn: doc.Cancelled.At}
		if y, mo, day := doc.ValidUntil.Year, doc.ValidUntil.Month, doc.ValidUntil.Day; y > 0 {
			x.ValidUntil = time.Date(y, time.Month(mo), day, 23, 59, 59, 0, time.UTC)
		}
		x.MayStay = s.Outcome() == casework.Withdrawn
		m.documents = append(m.documents, x)
	}
}

func (m *measured) stops(s casework.State, events []act.Event) {
	for _, a := range s.Attempts {
		m.ended = append(m.ended, timeliness.Ended{Reason: m.reason(a.Reason), Stage: a.Stage, Day: a.Mark.At})
	}
	var held time.Time // when a seat was first held
	for _, b := range s.Bookings {
		if held.IsZero() || b.Mark.At.Before(held) {
			held = b.Mark.At
		}
	}
	for _, e := range events {
		if e.Kind == domestic.BarrierSet {
			m.barriers = append(m.barriers, timeliness.Barrier{Knowable: e.Occurred, Recorded: e.Recorded, AfterBooking: !held.IsZero() && e.Recorded.After(held)})
		}
	}
}
