package domestic

import "countersign/internal/act"

// Kinds about the office itself: texts that wait for a second officer before they may cross, changes of the
// roster that wait for a second officer, and what a person's admitted representative may see and ask.
const (
	TextProposed    act.Kind = "text.proposed"
	TextReturned    act.Kind = "text.returned"
	RosterProposed  act.Kind = "roster.proposed"
	RosterConfirmed act.Kind = "roster.confirmed"
	RosterDropped   act.Kind = "roster.dropped"
	CounselAdmitted act.Kind = "counsel.admitted"
	CounselEnded    act.Kind = "counsel.ended"
	StopRequested   act.Kind = "stop.requested"
	StopAnswered    act.Kind = "stop.answered"
)

var officeKinds = act.Vocabulary{
	TextProposed:    func() any { return new(TextProposal) },
	TextReturned:    func() any { return new(TextReturn) },
	RosterProposed:  func() any { return new(RosterProposal) },
	RosterConfirmed: func() any { return new(RosterStep) },
	RosterDropped:   func() any { return new(RosterStep) },
	CounselAdmitted: func() any { return new(Counsel) },
	CounselEnded:    func() any { return new(Counsel) },
	StopRequested:   func() any { return new(StopRequest) },
	StopAnswered:    func() any { return new(StopAnswer) },
}

// TextProposal is a text that its author wants to let cross with an act of the case.
type TextProposal struct {
	Text string `json:"text"`
}

// TextReturn gives a text back to its author without clearing it.
type TextReturn struct {
	Proposal act.ID `json:"proposal"`
	Reason   string `json:"reason"`
}

// RosterProposal asks for one change: that an officer is entered, with or without the identity by which the officer
// signs in; that an identity is bound to Officer; that Officer is ended; or that a team is as it says.
type RosterProposal struct {
	Officer act.ID `json:"officer,omitzero"`
	Name    string `json:"name,omitzero"`
	Role    string `json:"role,omitzero"`
	Until   string `json:"until,omitzero"` // last day, 2006-01-02
	Reason  string `json:"reason,omitzero"`

	Issuer  string `json:"issuer,omitzero"`  // of the identity
	Subject string `json:"subject,omitzero"` // the provider's name for the person
	Known   string `json:"known,omitzero"`   // what else the provider calls the person

	Team *Team `json:"team,omitzero"`
}

// RosterStep is the second officer's answer to a proposal.
type RosterStep struct {
	Proposal act.ID `json:"proposal"`
	Officer  act.ID `json:"officer,omitzero"` // who was entered or ended
}

// Counsel admits a representative to one person's case, or ends it.
type Counsel struct {
	Officer act.ID `json:"officer"`
}

// StopRequest is a representative's request to stop; an officer answers it and decides about a barrier.
type StopRequest struct {
	Reason string `json:"reason"`
}

// StopAnswer answers it.
type StopAnswer struct {
	Request act.ID `json:"request"`
	Stopped bool   `json:"stopped"`
	Reason  string `json:"reason"`
}
