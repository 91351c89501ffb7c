package casefile

import (
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/casework"
)

// Observation is a case of another system under the gates and clocks of this one. Nothing of it is an act.
type Observation struct {
	Case      act.ID
	Reference string
	Next      casework.Next
	Closed    []casework.Gate // before the next step
	Due       time.Time       // of the reply or transfer, as reckoned here
	Rule      string
	TheirDue  time.Time // as the other system shows it
	Differs   bool      // the two days are not the same, or only one is there
	StandIn   bool      // the limit is not the agreed one
}

// Observe lays what the other system says happened over the case, in memory only, and evaluates gates and clocks.
// The application and reply that it reports are no exchange: they are never recorded as such, never sent, and
// no officer of this node stands behind them.
func Observe(s casework.State, imported domestic.Import, env casework.Env) Observation {
	for _, e := range course(&s, imported) {
		s = casework.Fold(s, e)
	}
	o := Observation{Case: s.Case, Reference: imported.Reference, Next: casework.NextStep(s, env), TheirDue: imported.Due}
	for _, g := range o.Next.Gates {
		o.Closed = append(o.Closed, g)
	}
	for _, d := range casework.Deadlines(s, env) {
		if !d.Due.IsZero() && (d.Rule == "reply" || d.Rule == "transfer") {
			o.Due, o.Rule, o.StandIn = d.Due, d.Rule, d.StandIn
			break
		}
	}
	zone := time.UTC
	if env.Law != nil {
		zone = env.Law.Location()
	}
	o.Differs = lastDay(o.Due, zone) != lastDay(o.TheirDue, zone)
	return o
}

// lastDay is the last day of a limit. Ours ends at the first instant after it; another system shows a day.
func lastDay(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return t.In(zone).Add(-time.Second).Format(time.DateOnly)
}

// course are events as they would be, had they been exchanged.
func course(s *casework.State, i domestic.Import) []act.Event {
	if i.Requested.IsZero() || s.Requested == "" {
		return nil
	}
	of := func(kind act.Kind, id act.ID, authority string, at, receipt time.Time, body any) act.Event {
		return act.Event{ID: id, Scope: act.Joint, Kind: kind, Subject: s.Person, Case: s.Case, Officer: act.Officer{Authority: authority},
			Occurred: at, Made: at, Recorded: at, Receipt: receipt, Body: body}
	}
	list := []act.Event{of(joint.CaseRequested, "imported-request", s.Requesting, i.Requested, i.Received,
		&joint.Request{Agreement: s.Agreement, To: s.Requested, Category: "national", Person: s.Particulars})}
	if i.Replied.IsZero() {
		return list
	}
	kind, body := joint.CaseRefused, any(&joint.Refusal{})
	if i.Positive {
		kind, body = joint.CaseConfirmed, &joint.Confirmation{Basis: "prima_facie"}
	}
	answer := of(kind, "imported-reply", s.Requested, i.Replied, i.Replied, body)
	answer.InReplyTo = "imported-request"
	return append(list, answer)
}
