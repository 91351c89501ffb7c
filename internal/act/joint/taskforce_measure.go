package joint

import "countersign/internal/act"

const (
	MeasureProposed       act.Kind = "measure.proposed"        // one side proposes a new measure
	MeasureChangeProposed act.Kind = "measure.change-proposed" // ... or to amend, suspend, resume or end it
	MeasureAccepted       act.Kind = "measure.accepted"        // the other side agrees: only now it has effect
	MeasureDeclined       act.Kind = "measure.declined"
	MeasureWithdrawn      act.Kind = "measure.withdrawn" // the proposing side takes its proposal back
	MeasureAccounted      act.Kind = "measure.accounted" // one side reports its figures for a period
)

var measureKinds = act.Vocabulary{
	MeasureProposed:       func() any { return new(MeasureProposal) },
	MeasureChangeProposed: func() any { return new(MeasureChange) },
	MeasureAccepted:       func() any { return new(Agreement) },
	MeasureDeclined:       func() any { return new(ProposalRefusal) },
	MeasureWithdrawn:      func() any { return new(Withdrawal) },
	MeasureAccounted:      func() any { return new(MeasureAccount) },
	CrossingNoted:         func() any { return new(CrossingNote) },
}

// MeasureTerms is all that the two sides agree about a measure. An amendment carries the full new terms, so
// that what is in force can be read in one place.
type MeasureTerms struct {
	Kind       string         `json:"kind"` // checks, verifications, returns, officer-exchange, crime-exploitation, legal-routes, reintegration
	Title      Text           `json:"title"`
	Objective  Text           `json:"objective"`
	Basis      []MeasureBasis `json:"basis"`
	Indicators []Indicator    `json:"indicators"`
	Owners     []MeasureOwner `json:"owners"` // exactly one on each side
	From       string         `json:"from"`   // first day, 2006-01-02
	Until      string         `json:"until"`  // last day
	Places     []string       `json:"places"` // crossing points, by their code in the agreement
	Resources  Text           `json:"resources"`
	Risks      []RightsRisk   `json:"risks"` // risks to rights, each with its mitigation
}

// MeasureBasis is an article of the agreement, or a commitment of the register. One of the two is set.
type MeasureBasis struct {
	Article    string `json:"article,omitzero"`
	Commitment act.ID `json:"commitment,omitzero"`
}

// Indicator is one figure by which the measure is judged. Codes are a closed list, so that nothing about
// protection can be counted jointly (design.md, section 4).
type Indicator struct {
	Code     string `json:"code"`
	Baseline *int64 `json:"baseline,omitzero"` // absent: unknown, never guessed
	Target   int64  `json:"target"`
}

// MeasureOwner is the officer who answers for the measure on one side.
type MeasureOwner struct {
	Authority string `json:"authority"`
	Officer   act.ID `json:"officer"`
}

// RightsRisk is a risk that the measure brings for somebody's rights, and what is done about it.
type RightsRisk struct {
	Right      string `json:"right"` // the provision, for example "ECHR Protocol 4 Art. 2"
	Risk       Text   `json:"risk"`
	Mitigation Text   `json:"mitigation"`
}

// MeasureProposal proposes a new measure; Case of the act is its id from then on.
type MeasureProposal struct {
	Terms MeasureTerms `json:"terms"`
}

// MeasureChange proposes a change of an agreed measure. Base is the proposal last agreed, as the author knew
// it: a change of terms that nobody agreed has no effect.
type MeasureChange struct {
	Base   act.ID        `json:"base"`
	Change string        `json:"change"` // amend, suspend, resume, end
	From   string        `json:"from"`   // first day of the change
	Terms  *MeasureTerms `json:"terms,omitzero"`
	Reason Text          `json:"reason"`
}

// Agreement accepts one proposal of the other side, named by its act.
type Agreement struct {
	Proposal act.ID `json:"proposal"`
}

// ProposalRefusal declines one proposal of the other side, with the reason that its people will read.
type ProposalRefusal struct {
	Proposal act.ID `json:"proposal"`
	Reason   Text   `json:"reason"`
}

// Withdrawal takes back one's own proposal. It wins over an acceptance that crosses it (design.md 5.1).
type Withdrawal struct {
	Proposal act.ID `json:"proposal"`
}

// MeasureAccount is what one side says a measure has brought about in a period: only totals.
type MeasureAccount struct {
	From    string            `json:"from"`
	Until   string            `json:"until"`
	Results []IndicatorResult `json:"results"`
	Summary Text              `json:"summary"`
}

// IndicatorResult is the value of one indicator in the period of the account.
type IndicatorResult struct {
	Code  string `json:"code"`
	Value int64  `json:"value"`
}
