package desk

import (
	"time"

	"countersign/internal/casework"
	"countersign/internal/treaty"
)

// terms reckons the limits of one agreement or removal law on the calendars of both states.
type terms struct {
	agreement             *treaty.Agreement
	calendars             *treaty.Calendars
	requesting, requested string
	demo                  bool
}

// InForce tells whether new requests may be made at t.
func (t terms) InForce(at time.Time) bool {
	return t.agreement.Usable(treaty.DateOf(at, time.UTC), t.demo) == nil
}

// Term reckons one limit.
func (t terms) Term(rule string, start time.Time, f casework.TermFacts) (casework.Term, error) {
	limit, err := t.agreement.Find(rule, treaty.Facts{Tier: treaty.Tier(f.Tier), Category: treaty.Category(f.Category),
		Escort: treaty.Escort(f.Escort), Means: treaty.Means(f.Means)})
	if err != nil {
		return casework.Term{}, err
	}
	r, err := treaty.Reckon(limit, start, t.setting(limit, f))
	if err != nil {
		return casework.Term{}, err
	}
	out := casework.Term{Basis: r.Article + ", " + r.Source, StandIn: r.StandIn, Trace: r, OnExpiry: string(treaty.NoEffect)}
	if !r.Stopped {
		out.Due = r.EndsAt
	}
	if len(r.OnExpiry) > 0 {
		out.OnExpiry = string(r.OnExpiry[0])
	}
	return out, nil
}

func (t terms) setting(limit *treaty.Limit, f casework.TermFacts) treaty.Setting {
	in := treaty.Setting{Requesting: t.calendar(t.requesting, f.Part), Requested: t.calendar(t.requested, ""), Demonstration: t.demo}
	for _, s := range f.Stopped {
		in.Stops = append(in.Stops, treaty.Stop{From: s.From, Until: s.To})
	}
	if f.Extended && limit.Extension != nil {
		by := limit.Extension.Max
		if limit.Extension.Basis == treaty.Total {
			by -= limit.Limit
		}
		in.Extension = &treaty.Grant{By: by, Reason: "granted"}
	}
	if zone, err := t.agreement.Zone(t.requested); err == nil {
		in.Zone = zone
	}
	return in
}

// calendar is the state's calendar for a part, or for the state where it has but one.
func (t terms) calendar(state, part string) *treaty.Calendar {
	if c := t.calendars.Calendar(state, part); c != nil {
		return c
	}
	if parts := t.calendars.Parts(state); len(parts) > 0 {
		return t.calendars.Calendar(state, parts[0])
	}
	return nil
}
