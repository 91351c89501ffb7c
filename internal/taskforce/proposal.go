package taskforce

import (
	"time"

	"countersign/internal/act"
	"countersign/internal/act/joint"
)

// ProposalStatus says where a proposal stands.
type ProposalStatus string

const (
	Open       ProposalStatus = "open"        // waits for the other side
	Agreed     ProposalStatus = "agreed"      // in effect
	Declined   ProposalStatus = "declined"    //
	Withdrawn  ProposalStatus = "withdrawn"   //
	SetAside   ProposalStatus = "set-aside"   // lost against a crossing proposal
	Lapsed     ProposalStatus = "lapsed"      // its base was never agreed
	OutOfOrder ProposalStatus = "out-of-turn" // made although another was open, or has no base
)

// Proposal is one side's proposal about a measure, minutes or a commitment, and what became of it.
type Proposal struct {
	ID       act.ID         `json:"id"` // of the act that proposed it
	By       string         `json:"by"` // authority
	Officer  act.Officer    `json:"officer"`
	Made     time.Time      `json:"made"`
	Change   string         `json:"change"` // new, amend, suspend, resume, end
	Base     act.ID         `json:"base"`
	Content  any            `json:"content"` // the joint body
	Status   ProposalStatus `json:"status"`
	Answer   act.ID         `json:"answer"` // the act that agreed, declined or withdrew it
	Answered act.Officer    `json:"answered"`
	At       time.Time      `json:"at"`     // when it was answered
	Reason   joint.Text     `json:"reason"` // of a refusal

	place  entry
	taken  *entry      // its author took it back
	rivals []*Proposal // crossing proposals because of which it is set aside
	basis  []entry     // the acts that agreed it: the answer, or the same proposal of the other side
}

// move is what an act does to the proposals of its thing.
type move struct {
	verb   string // propose, agree, decline, withdraw, or empty
	target act.ID // the proposal that is answered
	change string
	base   act.ID
	reason joint.Text
}

func moveOf(body any) move {
	switch b := body.(type) {
	case *joint.MeasureProposal:
		return move{verb: "propose", change: "new"}
	case *joint.MeasureChange:
		return move{verb: "propose", change: b.Change, base: b.Base}
	case *joint.Minutes:
		return move{verb: "propose", change: changeOf(b.Base), base: b.Base}
	case *joint.Commitment:
		return move{verb: "propose", change: changeOf(b.Base), base: b.Base}
	case *joint.Agreement:
		return move{verb: "agree", target: b.Proposal}
	case *joint.ProposalRefusal:
		return move{verb: "decline", target: b.Proposal, reason: b.Reason}
	case *joint.Withdrawal:
		return move{verb: "withdraw", target: b.Proposal}
	}
	return move{}
}

func changeOf(base act.ID) string {
	if base == "" {
		return "new"
	}
	return "amend"
}
