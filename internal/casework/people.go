package casework

import (
	"slices"
	"strings"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/fault"
)

// People says which subjects are one human being, across cases. A merge is a link between two subjects and
// nothing else: no file is rewritten, so that undoing it restores both exactly (P12, T12).
type People struct {
	Merges []Merge
}

// Merge is a proposal to take two subjects as one person, and what became of it.
type Merge struct {
	Mark
	domestic.MergeProposal
	Confirmed Mark
	Undone    Mark
	Reason    string
}

// InForce tells whether the merge holds.
func (m *Merge) InForce() bool { return m.Confirmed.Is() && !m.Undone.Is() }

// FoldPeople adds one act.
func FoldPeople(p People, e act.Event) People {
	m := mark(&e)
	switch b := e.Body.(type) {
	case *domestic.MergeProposal:
		p.Merges = add(p.Merges, Merge{Mark: m, MergeProposal: *b})
	case *domestic.MergeStep:
		p.Merges = change(p.Merges, func(x *Merge) bool { return x.ID == b.Proposal }, func(x *Merge) {
			if e.Kind == domestic.MergeConfirmed {
				x.Confirmed = m
			} else {
				x.Undone, x.Reason = m, b.Reason
			}
		})
	}
	return p
}

// Canonical is the subject that stands for a person: merges are followed while they hold.
func (p People) Canonical(id act.ID) act.ID {
	for range len(p.Merges) {
		i := slices.IndexFunc(p.Merges, func(m Merge) bool { return m.InForce() && m.Merged == id })
		if i < 0 {
			return id
		}
		id = p.Merges[i].Kept
	}
	return id
}

// SinceMerge are the acts about either subject while the merge held: what was decided on the link and has to
// be looked at when it is undone.
func (p People) SinceMerge(proposal act.ID, events []act.Event) []act.Event {
	var list []act.Event
	for i := range p.Merges {
		m := &p.Merges[i]
		if m.ID != proposal || !m.Confirmed.Is() {
			continue
		}
		for _, e := range events {
			if (e.Subject == m.Kept || e.Subject == m.Merged) && !e.Made.Before(m.Confirmed.At) && (!m.Undone.Is() || e.Made.Before(m.Undone.At)) {
				list = append(list, e)
			}
		}
	}
	return list
}

// PeopleCommand is a command about who is whom.
type PeopleCommand interface {
	decidePeople(p *People, env *Env) ([]act.Statement, error)
}

// DecidePeople is Decide for merges.
func DecidePeople(p People, c PeopleCommand, env Env) ([]act.Statement, error) {
	switch {
	case c == nil:
		return nil, fault.New(fault.Invalid, "fault.case.no-command")
	case env.Now.IsZero() || env.By.ID == "":
		return nil, fault.New(fault.Invalid, "fault.case.environment")
	case env.By.Authority != env.Own:
		return nil, fault.New(fault.Denied, "fault.case.authority")
	}
	return c.decidePeople(&p, &env)
}

// ProposeMerge is the first officer's act.
type ProposeMerge struct{ domestic.MergeProposal }

func (c ProposeMerge) decidePeople(p *People, env *Env) ([]act.Statement, error) {
	if err := all(may(caseRoles, env), need("kept", string(c.Kept), nil), need("merged", string(c.Merged), nil), codes("evidence", c.Evidence, nil)); err != nil {
		return nil, err
	}
	if c.Kept == c.Merged || p.Canonical(c.Kept) == p.Canonical(c.Merged) || slices.ContainsFunc(p.Merges, func(m Merge) bool {
		return !m.Undone.Is() && (m.Kept == c.Kept && m.Merged == c.Merged || m.Kept == c.Merged && m.Merged == c.Kept || m.InForce() && m.Merged == c.Merged)
	}) {
		return nil, fault.New(fault.Conflict, "fault.case.linked")
	}
	body := c.MergeProposal
	return one(act.Statement{Scope: act.Domestic, Kind: domestic.MergeProposed, Subject: c.Kept, Body: &body}), nil
}

// ConfirmMerge is the second officer's act, with another role.
type ConfirmMerge struct{ Proposal act.ID }

func (c ConfirmMerge) decidePeople(p *People, env *Env) ([]act.Statement, error) {
	m, err := p.find(c.Proposal)
	if err := all(err, may([]string{"senior-caseworker", "supervisor", "specialist"}, env)); err != nil {
		return nil, err
	}
	switch {
	case m.Confirmed.Is() || m.Undone.Is():
		return nil, fault.New(fault.Conflict, "fault.case.confirmed")
	case m.By.ID == env.By.ID || m.By.Role == env.By.Role:
		return nil, fault.New(fault.Denied, "fault.case.second-officer")
	case p.Canonical(m.Kept) == p.Canonical(m.Merged):
		return nil, fault.New(fault.Conflict, "fault.case.linked")
	}
	return one(act.Statement{Scope: act.Domestic, Kind: domestic.MergeConfirmed, Subject: m.Kept, Body: &domestic.MergeStep{Proposal: m.ID}}), nil
}

// UndoMerge restores both subjects; it also takes back a proposal that nobody confirmed.
type UndoMerge struct {
	Proposal act.ID
	Reason   string
}

func (c UndoMerge) decidePeople(p *People, env *Env) ([]act.Statement, error) {
	m, err := p.find(c.Proposal)
	if err := all(err, may([]string{"senior-caseworker", "supervisor", "specialist"}, env), need("reason", strings.TrimSpace(c.Reason), MoveReasons)); err != nil {
		return nil, err
	}
	if m.Undone.Is() {
		return nil, fault.New(fault.Conflict, "fault.case.confirmed")
	}
	return one(act.Statement{Scope: act.Domestic, Kind: domestic.MergeUndone, Subject: m.Kept, Body: &domestic.MergeStep{Proposal: m.ID, Reason: c.Reason}}), nil
}

func (p *People) find(id act.ID) (*Merge, error) {
	i := slices.IndexFunc(p.Merges, func(m Merge) bool { return m.ID == id && id != "" })
	if i < 0 {
		return nil, fault.New(fault.Missing, "fault.case.no-merge")
	}
	return &p.Merges[i], nil
}
