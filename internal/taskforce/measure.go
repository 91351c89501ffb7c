package taskforce

import (
	"slices"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/joint"
)

// MeasureStatus is where a measure stands on a day.
type MeasureStatus string

const (
	MeasureProposed  MeasureStatus = "proposed" // waits for the other side
	MeasureRefused   MeasureStatus = "declined"
	MeasureTakenBack MeasureStatus = "withdrawn"
	MeasureAhead     MeasureStatus = "agreed" // agreed, its first day is ahead
	MeasureInForce   MeasureStatus = "in-force"
	MeasureSuspended MeasureStatus = "suspended"
	MeasureEnded     MeasureStatus = "ended"
)

// Measure is a joint measure with all that was proposed and agreed about it.
type Measure struct {
	ID         act.ID      `json:"id"`
	ProposedBy string      `json:"proposed_by"`
	Proposals  []*Proposal `json:"proposals"` // in the merged order
	Agreed     []*Proposal `json:"agreed"`    // in the order of agreement; the last is in effect
	Open       *Proposal   `json:"open"`      // waits for an answer
	Accounts   []Account   `json:"accounts"`
	Crossings  []Crossing  `json:"crossings"`
}

// Account is what one side reported.
type Account struct {
	ID      act.ID      `json:"id"`
	By      string      `json:"by"`
	Officer act.Officer `json:"officer"`
	Made    time.Time   `json:"made"`
	joint.MeasureAccount
}

func measureOf(id act.ID, acts []entry) *Measure {
	t := negotiate("measure", id, acts)
	if len(t.all) == 0 {
		return nil
	}
	m := &Measure{ID: id, ProposedBy: t.all[0].By, Proposals: t.all, Agreed: t.agreed, Open: t.open(),
		Crossings: t.conflicts}
	for _, e := range acts {
		if b, ok := e.event.Body.(*joint.MeasureAccount); ok {
			m.Accounts = append(m.Accounts, Account{e.event.ID, e.stream, e.event.Officer, e.event.Made.UTC(), *b})
		}
	}
	return m
}

// Base is the proposal last agreed: what a change has to name. Empty: nothing is agreed yet.
func (m *Measure) Base() act.ID {
	if len(m.Agreed) == 0 {
		return ""
	}
	return m.Agreed[len(m.Agreed)-1].ID
}

// Terms are those last agreed; before the first agreement those of the first proposal.
func (m *Measure) Terms() joint.MeasureTerms { return m.TermsOn("9999-12-31") }

// TermsOn are the agreed terms that hold on a day: an amendment holds from its own first day.
func (m *Measure) TermsOn(day string) joint.MeasureTerms {
	terms := termsOf(m.Proposals[0])
	for _, p := range m.Agreed {
		if t := termsOf(p); t != nil && (p.Change == "new" || effective(p) <= day) {
			terms = t
		}
	}
	if terms == nil {
		return joint.MeasureTerms{}
	}
	return *terms
}

func termsOf(p *Proposal) *joint.MeasureTerms {
	switch b := p.Content.(type) {
	case *joint.MeasureProposal:
		return &b.Terms
	case *joint.MeasureChange:
		return b.Terms
	}
	return nil
}

// effective is the first day of an agreed change: the day it names, but never before it was agreed.
func effective(p *Proposal) string {
	agreed := p.At.UTC().Format(time.DateOnly)
	if c, ok := p.Content.(*joint.MeasureChange); ok {
		return max(agreed, c.From)
	}
	return agreed
}

// StatusOn tells where the measure stands on a day.
func (m *Measure) StatusOn(day string) MeasureStatus {
	if len(m.Agreed) == 0 {
		return m.unagreed()
	}
	status := MeasureInForce
	for _, p := range m.Agreed {
		if effective(p) > day {
			continue
		}
		switch p.Change {
		case "end":
			return MeasureEnded
		case "suspend":
			status = MeasureSuspended
		case "resume":
			status = MeasureInForce
		}
	}
	terms := m.TermsOn(day)
	switch {
	case day > terms.Until:
		return MeasureEnded
	case day < max(terms.From, effective(m.Agreed[0])):
		return MeasureAhead
	}
	return status
}

func (m *Measure) unagreed() MeasureStatus {
	switch last := m.Proposals[len(m.Proposals)-1]; {
	case m.Open != nil:
		return MeasureProposed
	case last.Status == Declined:
		return MeasureRefused
	}
	return MeasureTakenBack
}

// InForce tells whether the measure binds on a day.
func (m *Measure) InForce(day string) bool { return m.StatusOn(day) == MeasureInForce }

// Figure is one indicator on the situation page: where it began, where it should go, what each side reported
// last. A side that has not reported is absent.
type Figure struct {
	Code     string           `json:"code"`
	Baseline *int64           `json:"baseline"`
	Target   int64            `json:"target"`
	Reported map[string]int64 `json:"reported"` // authority -> value of its latest account
}

// Situation returns the figures of a measure as both sides reported them until a day.
func (m *Measure) Situation(day string) []Figure {
	var out []Figure
	for _, i := range m.TermsOn(day).Indicators {
		f := Figure{Code: i.Code, Baseline: i.Baseline, Target: i.Target, Reported: map[string]int64{}}
		latest := map[string]string{}
		for _, a := range m.Accounts {
			k := slices.IndexFunc(a.Results, func(r joint.IndicatorResult) bool { return r.Code == i.Code })
			if k >= 0 && a.Until <= day && a.Until >= latest[a.By] {
				latest[a.By], f.Reported[a.By] = a.Until, a.Results[k].Value
			}
		}
		out = append(out, f)
	}
	return out
}
