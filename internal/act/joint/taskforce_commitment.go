package joint

import "countersign/internal/act"

const (
	CommitmentProposed   act.Kind = "commitment.proposed" // enter a promise in the register, or correct the entry
	CommitmentAccepted   act.Kind = "commitment.accepted"
	CommitmentDeclined   act.Kind = "commitment.declined"
	CommitmentWithdrawn  act.Kind = "commitment.withdrawn"
	CommitmentProgressed act.Kind = "commitment.progressed" // a side that owes it says how far it is
)

var commitmentKinds = act.Vocabulary{
	CommitmentProposed:   func() any { return new(Commitment) },
	CommitmentAccepted:   func() any { return new(Agreement) },
	CommitmentDeclined:   func() any { return new(ProposalRefusal) },
	CommitmentWithdrawn:  func() any { return new(Withdrawal) },
	CommitmentProgressed: func() any { return new(CommitmentProgress) },
}

// Commitment is what a communiqué or the agreement promised, by whom and by when.
type Commitment struct {
	Base     act.ID   `json:"base,omitzero"` // the entry last agreed, when this corrects it
	Source   Text     `json:"source"`        // the document, with its date and point
	StandIn  bool     `json:"stand_in"`      // the source is a stand-in, not the agreed text
	Promise  Text     `json:"promise"`
	By       []string `json:"by"`           // authorities that owe it, one or both
	Due      string   `json:"due,omitzero"` // empty: the source names no date
	Evidence Text     `json:"evidence"`     // what will show that it is kept
}

// CommitmentProgress is one side's own statement, fit to be published, in both languages.
type CommitmentProgress struct {
	Status    string   `json:"status"` // not-started, under-way, delayed, kept, not-kept
	AsOf      string   `json:"as_of"`
	Statement Text     `json:"statement"`
	Measures  []act.ID `json:"measures"` // measures that carry it out
	Evidence  []string `json:"evidence"` // public references
}
