package taskforce

import (
	"slices"

	"countersign/internal/act"
	"countersign/internal/act/joint"
)

// ProposeCommitment enters a promise in the register or corrects its entry; it stands when the other side has
// accepted it.
type ProposeCommitment struct {
	ID    act.ID
	Entry joint.Commitment // Base is filled in
}

func (c ProposeCommitment) decide(s State, _ Env) ([]act.Statement, error) {
	if c.ID == "" {
		return nil, invalid("fault.taskforce.no-id")
	}
	body := c.Entry
	body.Base = ""
	if old := s.Commitments[c.ID]; old != nil {
		if old.Open != nil {
			return nil, conflict("fault.taskforce.open-proposal", "authority", old.Open.By)
		}
		if old.Agreed != nil {
			body.Base = old.Agreed.ID
		}
	}
	if err := check("promise", body.Source, body.Promise, body.Evidence); err != nil {
		return nil, err
	}
	if len(body.By) == 0 {
		return nil, invalid("fault.taskforce.nobody-owes")
	}
	for i, by := range body.By {
		if !slices.Contains(s.Parties[:], by) || slices.Contains(body.By[:i], by) {
			return nil, invalid("fault.taskforce.not-party", "authority", by)
		}
	}
	if body.Due != "" {
		if err := date("due", body.Due); err != nil {
			return nil, err
		}
	}
	return one(joint.CommitmentProposed, c.ID, &body), nil
}

// AcceptCommitment agrees to the other side's entry.
type AcceptCommitment struct{ ID, Proposal act.ID }

func (c AcceptCommitment) decide(s State, env Env) ([]act.Statement, error) {
	p, err := s.commitmentProposal(c.ID, c.Proposal, env)
	if err != nil {
		return nil, err
	}
	return reply(joint.CommitmentAccepted, c.ID, p.ID, &joint.Agreement{Proposal: p.ID}), nil
}

// DeclineCommitment refuses the other side's entry, with the reason.
type DeclineCommitment struct {
	ID, Proposal act.ID
	Reason       joint.Text
}

func (c DeclineCommitment) decide(s State, env Env) ([]act.Statement, error) {
	p, err := s.commitmentProposal(c.ID, c.Proposal, env)
	if err != nil {
		return nil, err
	}
	if err := check("reason", c.Reason); err != nil {
		return nil, err
	}
	return reply(joint.CommitmentDeclined, c.ID, p.ID, &joint.ProposalRefusal{Proposal: p.ID, Reason: c.Reason}), nil
}

// WithdrawCommitment takes back one's own entry.
type WithdrawCommitment struct{ ID, Proposal act.ID }

func (c WithdrawCommitment) decide(s State, env Env) ([]act.Statement, error) {
	r := s.Commitments[c.ID]
	if r == nil {
		return nil, missing("fault.taskforce.commitment-unknown")
	}
	if err := withdrawable(r.Proposals, c.Proposal, env); err != nil {
		return nil, err
	}
	return reply(joint.CommitmentWithdrawn, c.ID, c.Proposal, &joint.Withdrawal{Proposal: c.Proposal}), nil
}

func (s State) commitmentProposal(id, proposal act.ID, env Env) (*Proposal, error) {
	c := s.Commitments[id]
	if c == nil {
		return nil, missing("fault.taskforce.commitment-unknown")
	}
	return answerable(c.Proposals, proposal, env)
}

// StateProgress publishes how far one's own side is, in both languages.
type StateProgress struct {
	ID       act.ID
	Progress joint.CommitmentProgress
}

func (c StateProgress) decide(s State, env Env) ([]act.Statement, error) {
	r := s.Commitments[c.ID]
	switch {
	case r == nil || r.Entry == nil:
		return nil, missing("fault.taskforce.commitment-unknown")
	case !slices.Contains(r.Entry.By, env.Us): // nobody speaks for the other side
		return nil, denied("fault.taskforce.not-owed")
	case !slices.Contains(CommitmentStates, c.Progress.Status):
		return nil, invalid("fault.taskforce.progress-status", "status", c.Progress.Status)
	case c.Progress.Status == "kept" && len(c.Progress.Evidence) == 0:
		return nil, invalid("fault.taskforce.no-evidence")
	}
	if err := date("as-of", c.Progress.AsOf); err != nil {
		return nil, err
	}
	if c.Progress.AsOf > env.today() {
		return nil, invalid("fault.taskforce.account-ahead", "until", c.Progress.AsOf)
	}
	for _, m := range c.Progress.Measures {
		if s.Measures[m] == nil {
			return nil, missing("fault.taskforce.measure-unknown")
		}
	}
	if err := check("statement", c.Progress.Statement); err != nil {
		return nil, err
	}
	// The page is public: words of protection have no place beside a joint promise (design.md, section 4).
	if Protected(c.Progress.Statement.EN) || Protected(c.Progress.Statement.SQ) {
		return nil, invalid("fault.taskforce.text-protected")
	}
	return one(joint.CommitmentProgressed, c.ID, &c.Progress), nil
}
