package domestic

import (
	"time"

	"countersign/internal/act"
	"countersign/internal/person"
)

// Kinds of a return case that never leave the node: the file and its people.
const (
	CaseOpened        act.Kind = "case.opened"
	CaseAssigned      act.Kind = "case.assigned"
	CaseRecategorised act.Kind = "case.recategorised"
	CaseMovedBack     act.Kind = "case.moved-back"
	CaseClosed        act.Kind = "case.closed"
	AttemptEnded      act.Kind = "attempt.ended"
	TextReviewed      act.Kind = "text.reviewed"
	PersonChanged     act.Kind = "person.changed"
	NeedRecorded      act.Kind = "need.recorded"
	NeedEnded         act.Kind = "need.ended"
	SupportSet        act.Kind = "support.set" // language, interpreter, representative
	FamilyLinked      act.Kind = "family.linked"
	FamilySeparation  act.Kind = "family.separation-decided"
	ChildDecided      act.Kind = "child.best-interests"
	OffenderRecorded  act.Kind = "offender.recorded"
	ConsentRecorded   act.Kind = "consent.recorded"
	ConsentWithdrawn  act.Kind = "consent.withdrawn"
	MergeProposed     act.Kind = "person.merge-proposed"
	MergeConfirmed    act.Kind = "person.merge-confirmed"
	MergeUndone       act.Kind = "person.merge-undone"
)

var caseKinds = act.Vocabulary{
	CaseOpened:        func() any { return new(CaseOpening) },
	CaseAssigned:      func() any { return new(Assignment) },
	CaseRecategorised: func() any { return new(Recategorisation) },
	CaseMovedBack:     func() any { return new(MoveBack) },
	CaseClosed:        func() any { return new(Closing) },
	AttemptEnded:      func() any { return new(EndedAttempt) },
	TextReviewed:      func() any { return new(Review) },
	PersonChanged:     func() any { return new(PersonChange) },
	NeedRecorded:      func() any { return new(Need) },
	NeedEnded:         func() any { return new(NeedEnd) },
	SupportSet:        func() any { return new(Support) },
	FamilyLinked:      func() any { return new(FamilyLink) },
	FamilySeparation:  func() any { return new(Separation) },
	ChildDecided:      func() any { return new(BestInterests) },
	OffenderRecorded:  func() any { return new(Offender) },
	ConsentRecorded:   func() any { return new(Consent) },
	ConsentWithdrawn:  func() any { return new(ConsentEnd) },
	MergeProposed:     func() any { return new(MergeProposal) },
	MergeConfirmed:    func() any { return new(MergeStep) },
	MergeUndone:       func() any { return new(MergeStep) },
}

// IsCase tells whether the kind is about a return case.
func IsCase(k act.Kind) bool {
	for _, v := range []act.Vocabulary{caseKinds, barrierKinds, journeyKinds} {
		if _, ok := v[k]; ok {
			return true
		}
	}
	return false
}

// Encounter is where and how the authority met the person, so that "increased verifications" has a
// denominator.
type Encounter struct {
	Route string      `json:"route"` // small-boat, in-country-check, prison, port, other
	Place string      `json:"place,omitzero"`
	Date  person.Date `json:"date"`
}

// CaseOpening opens a file on the requesting side.
type CaseOpening struct {
	Agreement     string             `json:"agreement,omitzero"` // pinned version; empty on routes that touch no peer
	Peer          string             `json:"peer,omitzero"`      // authority that would be asked
	Route         string             `json:"route"`              // readmission, notification, verified-departure, port-refusal, other-destination
	Part          string             `json:"part"`               // part of the state where the person is, for its calendar
	Person        person.Particulars `json:"person"`
	Destination   string             `json:"destination"` // ISO 3166-1 alpha-3; nationality is not destination
	Unaccompanied bool               `json:"unaccompanied,omitzero"`
	Encounter     Encounter          `json:"encounter,omitzero"`
}

// Assignment moves a file to an officer (K1, K17: ownership moves only by an act).
type Assignment struct {
	Officer act.ID `json:"officer"`
	Reason  string `json:"reason,omitzero"`
}

// Recategorisation changes the route of a case before its outcome, with a reason.
type Recategorisation struct {
	From   string `json:"from"`
	To     string `json:"to"`
	Reason string `json:"reason"`
}

// MoveBack returns a case to an earlier step: what was done after it has to be done again.
type MoveBack struct {
	To     string `json:"to"`
	Reason string `json:"reason"`
}

// Closing ends the file after its outcome.
type Closing struct {
	Reason string `json:"reason"`
}

// EndedAttempt is the one typed reason of an attempt that did not lead to a return, and its stage. It stays
// here; across the border the attempt is "withdrawn" (P1).
type EndedAttempt struct {
	Reason string `json:"reason"`
	Stage  string `json:"stage"`
	Whole  bool   `json:"whole"` // the application ends, not only this journey
}

// Review is a second officer's word that a text may cross.
type Review struct {
	Text   string `json:"text"`
	Author act.ID `json:"author"`
}

// PersonChange corrects or completes particulars; the reason is typed.
type PersonChange struct {
	Person        person.Particulars `json:"person"`
	Unaccompanied bool               `json:"unaccompanied,omitzero"`
	Fields        []string           `json:"fields"`
	Reason        string             `json:"reason"`
}

// Need is something that others must know to treat the person well: the need, never the diagnosis.
type Need struct {
	Type   string `json:"type"`
	Shared bool   `json:"shared,omitzero"` // the person expressly agreed that the other state is told
}

// NeedEnd ends a need.
type NeedEnd struct {
	Type string `json:"type"`
}

// Support is who speaks with and for the person.
type Support struct {
	Language       string      `json:"language"` // that the person understands best, BCP 47
	Interpreter    bool        `json:"interpreter"`
	Representative string      `json:"representative,omitzero"` // name or office; empty: none
	Since          person.Date `json:"since,omitzero"`
}

// FamilyLink says that cases belong to one family, which travels together or not at all.
type FamilyLink struct {
	Family   act.ID `json:"family"`
	Case     act.ID `json:"case"`
	Relation string `json:"relation"`
}

// Separation is a specialist's decision that a family may travel apart.
type Separation struct {
	Allowed bool   `json:"allowed"`
	Reason  string `json:"reason"`
}

// BestInterests is a child's own decision, and the adult who receives the child.
type BestInterests struct {
	Return    bool        `json:"return"` // the return is in the child's best interests
	Receiver  string      `json:"receiver,omitzero"`
	Relation  string      `json:"relation,omitzero"`
	Reception bool        `json:"reception"` // reception is arranged and confirmed
	Decided   person.Date `json:"decided"`
}

// Offender holds what decides when an offender may leave.
type Offender struct {
	Offender         bool        `json:"offender"`
	SentenceEnds     person.Date `json:"sentence_ends,omitzero"`
	ReleaseDate      person.Date `json:"release_date,omitzero"`
	DeportationOrder person.Date `json:"deportation_order,omitzero"`
	Pending          bool        `json:"pending"` // a prosecution is pending
	// RequisiteFrom and RequisiteUntil are the first and the last day of the custodial period that the early-removal rule asks for.
	RequisiteFrom  person.Date `json:"requisite_from,omitzero"`
	RequisiteUntil person.Date `json:"requisite_until,omitzero"`
	// EarlyRemovalFrom is the day that was decided on; never earlier than the rule's own.
	EarlyRemovalFrom person.Date `json:"early_removal_from,omitzero"`
}

// Consent is the person's own decision to go, and how it is known that it is one.
type Consent struct {
	At         time.Time `json:"at"`
	Language   string    `json:"language"`
	ReadBy     string    `json:"read_by"`
	Understood bool      `json:"understood"`
	Checked    string    `json:"checked"`       // how understanding was checked
	Form       string    `json:"form,omitzero"` // version hash of the text
	Assistance bool      `json:"assistance,omitzero"`
}

// ConsentEnd is the person's change of mind; nobody needs to give a reason.
type ConsentEnd struct {
	At time.Time `json:"at"`
}

// MergeProposal says that two subjects are one human being.
type MergeProposal struct {
	Kept     act.ID   `json:"kept"`
	Merged   act.ID   `json:"merged"`
	Evidence []string `json:"evidence"`
}

// MergeStep confirms or undoes a proposal.
type MergeStep struct {
	Proposal act.ID `json:"proposal"`
	Reason   string `json:"reason,omitzero"`
}
