package taskforce

import (
	"slices"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
)

// ProposeMeasure proposes a new measure under an id that the desk has drawn.
type ProposeMeasure struct {
	ID    act.ID
	Terms joint.MeasureTerms
}

func (c ProposeMeasure) decide(s State, env Env) ([]act.Statement, error) {
	if err := unused(c.ID, s.Measures); err != nil {
		return nil, err
	}
	if err := checkTerms(s, c.Terms, env); err != nil {
		return nil, err
	}
	if c.Terms.Until < env.today() {
		return nil, late("fault.taskforce.period-over", "until", c.Terms.Until)
	}
	return one(joint.MeasureProposed, c.ID, &joint.MeasureProposal{Terms: c.Terms}), nil
}

// ChangeMeasure proposes to amend, suspend, resume or end an agreed measure.
type ChangeMeasure struct {
	ID     act.ID
	Change string
	From   string
	Terms  *joint.MeasureTerms // only to amend
	Reason joint.Text
}

func (c ChangeMeasure) decide(s State, env Env) ([]act.Statement, error) {
	m := s.Measures[c.ID]
	if m == nil {
		return nil, missing("fault.taskforce.measure-unknown")
	}
	if m.Base() == "" {
		return nil, conflict("fault.taskforce.measure-not-agreed")
	}
	if m.Open != nil {
		return nil, conflict("fault.taskforce.open-proposal", "authority", m.Open.By)
	}
	if err := c.fits(s, m, env); err != nil {
		return nil, err
	}
	body := &joint.MeasureChange{Base: m.Base(), Change: c.Change, From: c.From, Terms: c.Terms, Reason: c.Reason}
	return one(joint.MeasureChangeProposed, c.ID, body), nil
}

func (c ChangeMeasure) fits(s State, m *Measure, env Env) error {
	if err := date("from", c.From); err != nil {
		return err
	}
	if err := check("reason", c.Reason); err != nil {
		return err
	}
	if c.From < env.today() {
		return invalid("fault.taskforce.backdated", "from", c.From)
	}
	status := m.StatusOn(c.From)
	if status == MeasureEnded {
		return late("fault.taskforce.measure-ended")
	}
	if (c.Change == "amend") != (c.Terms != nil) {
		return invalid("fault.taskforce.change-terms")
	}
	switch c.Change {
	case "amend":
		return checkTerms(s, *c.Terms, env)
	case "end":
		return nil
	case "suspend":
		if status == MeasureSuspended {
			return conflict("fault.taskforce.already-suspended")
		}
		return nil
	case "resume":
		if status != MeasureSuspended {
			return conflict("fault.taskforce.not-suspended")
		}
		return nil
	}
	return invalid("fault.taskforce.change", "change", c.Change)
}

// AcceptMeasure agrees to a proposal of the other side; with it the proposal has effect.
type AcceptMeasure struct{ ID, Proposal act.ID }

func (c AcceptMeasure) decide(s State, env Env) ([]act.Statement, error) {
	m := s.Measures[c.ID]
	if m == nil {
		return nil, missing("fault.taskforce.measure-unknown")
	}
	p, err := answerable(m.Proposals, c.Proposal, env)
	if err != nil {
		return nil, err
	}
	// The accepting side judges by its own file of the agreement: terms it cannot carry are not agreed.
	if t := termsOf(p); t != nil {
		if err := checkTerms(s, *t, env); err != nil {
			return nil, err
		}
		if t.Until < env.today() {
			return nil, late("fault.taskforce.period-over", "until", t.Until)
		}
		if !env.Agreement.inForce(env.today()) {
			return nil, denied("fault.taskforce.agreement-not-in-force")
		}
	}
	return reply(joint.MeasureAccepted, c.ID, p.ID, &joint.Agreement{Proposal: p.ID}), nil
}

// DeclineMeasure refuses a proposal of the other side, with the reason.
type DeclineMeasure struct {
	ID, Proposal act.ID
	Reason       joint.Text
}

func (c DeclineMeasure) decide(s State, env Env) ([]act.Statement, error) {
	m := s.Measures[c.ID]
	if m == nil {
		return nil, missing("fault.taskforce.measure-unknown")
	}
	p, err := answerable(m.Proposals, c.Proposal, env)
	if err != nil {
		return nil, err
	}
	if err := check("reason", c.Reason); err != nil {
		return nil, err
	}
	return reply(joint.MeasureDeclined, c.ID, p.ID, &joint.ProposalRefusal{Proposal: p.ID, Reason: c.Reason}), nil
}

// WithdrawMeasure takes back one's own proposal before the other side has accepted it, or after it was set
// aside, so that the other side's stands.
type WithdrawMeasure struct{ ID, Proposal act.ID }

func (c WithdrawMeasure) decide(s State, env Env) ([]act.Statement, error) {
	m := s.Measures[c.ID]
	if m == nil {
		return nil, missing("fault.taskforce.measure-unknown")
	}
	if err := withdrawable(m.Proposals, c.Proposal, env); err != nil {
		return nil, err
	}
	return reply(joint.MeasureWithdrawn, c.ID, c.Proposal, &joint.Withdrawal{Proposal: c.Proposal}), nil
}

// AccountMeasure reports one's own figures for a period.
type AccountMeasure struct {
	ID      act.ID
	Account joint.MeasureAccount
}

func (c AccountMeasure) decide(s State, env Env) ([]act.Statement, error) {
	m := s.Measures[c.ID]
	if m == nil {
		return nil, missing("fault.taskforce.measure-unknown")
	}
	if m.Base() == "" {
		return nil, conflict("fault.taskforce.measure-not-agreed")
	}
	if err := period(c.Account.From, c.Account.Until); err != nil {
		return nil, err
	}
	if c.Account.Until > env.today() {
		return nil, invalid("fault.taskforce.account-ahead", "until", c.Account.Until)
	}
	if err := check("summary", c.Account.Summary); err != nil {
		return nil, err
	}
	if len(c.Account.Results) == 0 {
		return nil, invalid("fault.taskforce.no-indicator")
	}
	terms := m.TermsOn(c.Account.Until)
	for i, r := range c.Account.Results {
		known := slices.ContainsFunc(terms.Indicators, func(x joint.Indicator) bool { return x.Code == r.Code })
		twice := slices.ContainsFunc(c.Account.Results[:i], func(x joint.IndicatorResult) bool { return x.Code == r.Code })
		if !known || twice || r.Value < 0 {
			return nil, invalid("fault.taskforce.indicator", "code", r.Code)
		}
	}
	return one(joint.MeasureAccounted, c.ID, &c.Account), nil
}

// AdviseMeasure records one's own legal, rights, data-protection or finance advice on a proposal. It stays at
// home.
type AdviseMeasure struct {
	ID     act.ID
	Advice domestic.MeasureAdvice
}

func (c AdviseMeasure) decide(s State, env Env) ([]act.Statement, error) {
	m := s.Measures[c.ID]
	if m == nil {
		return nil, missing("fault.taskforce.measure-unknown")
	}
	if !slices.ContainsFunc(m.Proposals, func(p *Proposal) bool { return p.ID == c.Advice.Proposal }) {
		return nil, missing("fault.taskforce.proposal-unknown")
	}
	if !slices.Contains([]string{"legal", "rights", "data-protection", "finance"}, c.Advice.Field) ||
		!slices.Contains([]string{"accept", "accept-with-changes", "decline"}, c.Advice.Advice) {
		return nil, invalid("fault.taskforce.advice")
	}
	return own(domestic.MeasureAdvised, c.ID, &c.Advice), nil
}

// answerable returns the other side's open proposal, or says why it cannot be answered.
func answerable(all []*Proposal, id act.ID, env Env) (*Proposal, error) {
	i := slices.IndexFunc(all, func(p *Proposal) bool { return p.ID == id })
	switch {
	case i < 0:
		return nil, missing("fault.taskforce.proposal-unknown")
	case all[i].By == env.Us: // in force only when the other has accepted
		return nil, denied("fault.taskforce.own-proposal")
	case all[i].Status != Open:
		return nil, conflict("fault.taskforce.not-open", "status", string(all[i].Status))
	}
	return all[i], nil
}

func withdrawable(all []*Proposal, id act.ID, env Env) error {
	i := slices.IndexFunc(all, func(p *Proposal) bool { return p.ID == id })
	switch {
	case i < 0:
		return missing("fault.taskforce.proposal-unknown")
	case all[i].By != env.Us:
		return denied("fault.taskforce.not-own-proposal")
	case all[i].Status != Open && all[i].Status != SetAside:
		return conflict("fault.taskforce.not-open", "status", string(all[i].Status))
	}
	return nil
}

// unused refuses an id that is empty or already names a thing of the same family.
func unused[T any](id act.ID, m map[act.ID]*T) error {
	if id == "" {
		return invalid("fault.taskforce.no-id")
	}
	if m[id] != nil {
		return conflict("fault.taskforce.id-used")
	}
	return nil
}
