package desk

import (
	"context"
	"time"

	"countersign/internal/access"
	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/fault"
)

// allow asks the policies whether the session's officer may do this. A denial names the policy question, so
// that the officer learns whom to ask, and nothing about the thing itself.
func (d *Desk) allow(who Session, action string, r access.Resource) error {
	return d.allowAt(d.force.durable.Load(), d.Clock(), who, action, r)
}

// allowAt is allow by one state of the task force at one instant: whether a posted officer's mandate gives access is
// found out at every question, on whatever interface it is asked.
func (d *Desk) allowAt(f *force, at time.Time, who Session, action string, r access.Resource) error {
	principal := access.Principal{Officer: who.Officer, Posted: who.Posted, Home: who.Home}
	if who.Posted {
		principal.Mandate = d.accessOf(f, who, at)
	}
	answer := d.Access.Allow(access.Request{Principal: principal, Action: action, Resource: r, Purpose: who.Purpose})
	if !answer.Allowed {
		return fault.New(fault.Denied, "fault.access.denied", "action", action, "role", who.Officer.Role)
	}
	return nil
}

// allow is asked of the state and the time of the transaction: a recall that came before this act counts.
func (t *turn) allow(action string, r access.Resource) error {
	f, err := t.forceNow()
	if err != nil {
		return err
	}
	return t.allowAt(f, t.tx.Now, t.who, action, r)
}

// consult records that personal data is about to be shown: who, when, what for, whom (DPA 2018 s62). Nothing
// is shown unless this is durable.
func (d *Desk) consult(ctx context.Context, who Session, action string, r access.Resource, view string, people ...act.ID) error {
	if err := d.allow(who, action, r); err != nil {
		return err
	}
	return d.perform(forgetKey(ctx), who, func(t *turn) error {
		_, err := t.say(act.Statement{Scope: act.Domestic, Kind: domestic.DataConsulted,
			Body: &domestic.Consultation{Purpose: who.Purpose, View: view, People: people}})
		return err
	})
}
