package casework

import (
	"slices"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/fault"
	"countersign/internal/person"
)

// AskTravelDocument asks for a travel document after a positive reply or deemed consent.
type AskTravelDocument struct{ TravelOn person.Date }

func (AskTravelDocument) about() about {
	return about{name: "ask-travel-document", side: Requesting, roles: caseRoles}
}

func (c AskTravelDocument) decide(s *State, env *Env) ([]act.Statement, error) {
	if err := all(when(!s.consented(), "fault.case.no-consent"), when(s.DocumentAsked.Is() && s.issued() == nil, "fault.case.document-asked"),
		closed(s, env, StepDocument)); err != nil {
		return nil, err
	}
	if !c.TravelOn.IsZero() && (!c.TravelOn.Exact() || c.TravelOn.Before(env.day())) {
		return nil, fault.New(fault.Invalid, "fault.case.date", "field", "travel_on")
	}
	return one(s.joint(joint.CaseDocumentAsked, &joint.DocumentRequest{TravelOn: c.TravelOn})), nil
}

// issued is the last document that the requested state issued and that still stands.
func (s *State) issued() *Document {
	for i := len(s.Documents) - 1; i >= 0; i-- {
		if d := &s.Documents[i]; d.Peer && !d.Cancelled.Is() && !d.Used {
			return d
		}
	}
	return nil
}

// IssueTravelDocument tells that a travel document was issued.
type IssueTravelDocument struct{ Document person.Document }

func (IssueTravelDocument) about() about {
	return about{name: "issue-travel-document", side: Requested, roles: replyRoles}
}

func (c IssueTravelDocument) decide(s *State, env *Env) ([]act.Statement, error) {
	if f := c.Document.Problem(); f != "" {
		return nil, fault.New(fault.Invalid, "fault.case.document", "field", f)
	}
	if err := all(when(!s.asked() || !s.consented(), "fault.case.no-consent"),
		when(!c.Document.ValidUntil.Exact() || c.Document.ValidUntil.Before(env.day()), "fault.case.document", "field", "valid_until"),
		when(s.hasDocument(c.Document), "fault.case.document-twice")); err != nil {
		return nil, err
	}
	return one(answer(s.joint(joint.CaseDocumentIssued, &joint.DocumentIssue{Document: c.Document}), s.DocumentAsked.ID)), nil
}

func (s *State) hasDocument(d person.Document) bool {
	return slices.ContainsFunc(s.Documents, func(o Document) bool { return o.Number == d.Number && o.Issuer == d.Issuer })
}

// RelyOnCommonDocument signs that silence on the travel document lets the common document serve.
type RelyOnCommonDocument struct{ Document person.Document }

func (RelyOnCommonDocument) about() about {
	return about{name: "rely-on-common-document", side: Requesting, roles: []string{"senior-caseworker", "readmission-officer"}}
}

func (c RelyOnCommonDocument) decide(s *State, env *Env) ([]act.Statement, error) {
	if f := c.Document.Problem(); f != "" || c.Document.Type != person.StandardTD {
		return nil, fault.New(fault.Invalid, "fault.case.document", "field", cond(f, "type"))
	}
	if err := all(when(!s.consented(), "fault.case.no-consent"), when(s.issued() != nil, "fault.case.document-issued"),
		when(s.DocumentBy.Is(), "fault.case.relied"), when(s.hasDocument(c.Document), "fault.case.document-twice")); err != nil {
		return nil, err
	}
	start := s.DocumentAsked
	if !start.Is() {
		start = s.Request.Mark
	}
	st, err := s.rely("travel-document", "document_deemed", joint.CaseDocumentRelied, start, c.Document.Number, env)
	if err != nil {
		return nil, err
	}
	return append(st, s.own(domestic.DocumentRecorded, &domestic.HeldDocument{Document: c.Document,
		Accepted: []string{s.Destination}, Holder: "authority", Genuine: true})), nil
}

func cond(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// ReturnDocument sends an unused document back: it is withdrawn by itself when the person may stay (P8).
type ReturnDocument struct{ Number, Reason string }

func (ReturnDocument) about() about {
	return about{name: "return-document", side: Requesting, roles: caseRoles, late: true}
}

func (c ReturnDocument) decide(s *State, env *Env) ([]act.Statement, error) {
	d := s.numbered(c.Number)
	if err := all(when(d == nil || !d.Peer, "fault.case.no-document"), need("reason", c.Reason, DocumentEnds)); err != nil {
		return nil, err
	}
	return []act.Statement{s.own(domestic.DocumentCancelled, &domestic.DocumentEnd{Number: c.Number, Reason: c.Reason}),
		s.joint(joint.CaseDocumentReturned, &joint.DocumentEnd{Number: c.Number})}, nil
}

// numbered is the document with a number that still stands.
func (s *State) numbered(number string) *Document {
	for i := range s.Documents {
		if d := &s.Documents[i]; d.Number == number && !d.Cancelled.Is() && number != "" {
			return d
		}
	}
	return nil
}

// CancelIssuedDocument takes back a document that this state issued.
type CancelIssuedDocument struct{ Number string }

func (CancelIssuedDocument) about() about {
	return about{name: "cancel-issued-document", side: Requested, roles: replyRoles}
}

func (c CancelIssuedDocument) decide(s *State, env *Env) ([]act.Statement, error) {
	if d := s.numbered(c.Number); d == nil || !d.Peer {
		return nil, fault.New(fault.Missing, "fault.case.no-document")
	}
	return one(s.joint(joint.CaseDocumentCancelled, &joint.DocumentEnd{Number: c.Number})), nil
}

// RecordDocument notes a travel document that somebody holds: the person's own, or the paper that came.
type RecordDocument struct{ domestic.HeldDocument }

func (RecordDocument) about() about {
	return about{name: "record-document", roles: append(slices.Clone(caseRoles), "border-officer", "escort-officer")}
}

func (c RecordDocument) decide(s *State, env *Env) ([]act.Statement, error) {
	if f := c.Document.Problem(); f != "" {
		return nil, fault.New(fault.Invalid, "fault.case.document", "field", f)
	}
	if err := all(need("holder", c.Holder, Holders), when(!c.Genuine, "fault.case.not-genuine"), s.contradicts(c.Document)); err != nil {
		return nil, err
	}
	body := c.HeldDocument
	return one(s.own(domestic.DocumentRecorded, &body)), nil
}

// contradicts refuses a known number with other dates: one of the two is wrong, and an officer says which.
func (s *State) contradicts(d person.Document) error {
	for _, o := range s.Documents {
		if o.Number == d.Number && o.Issuer == d.Issuer && (o.ValidUntil != d.ValidUntil || o.Type != d.Type) {
			return fault.New(fault.Conflict, "fault.case.document-contradicts", "number", d.Number)
		}
	}
	return nil
}

// MoveDocument says who holds the paper now.
type MoveDocument struct{ domestic.DocumentMove }

func (MoveDocument) about() about {
	return about{name: "move-document", roles: append(slices.Clone(caseRoles), "escort-officer", "border-officer"), late: true}
}

func (c MoveDocument) decide(s *State, env *Env) ([]act.Statement, error) {
	if err := all(when(s.numbered(c.Number) == nil, "fault.case.no-document"), need("holder", c.Holder, Holders)); err != nil {
		return nil, err
	}
	body := c.DocumentMove
	return one(s.own(domestic.DocumentMoved, &body)), nil
}

// CancelDocument takes a document out of use here: lost, damaged, found false.
type CancelDocument struct{ domestic.DocumentEnd }

func (CancelDocument) about() about {
	return about{name: "cancel-document", roles: caseRoles, late: true}
}

func (c CancelDocument) decide(s *State, env *Env) ([]act.Statement, error) {
	if err := all(when(s.numbered(c.Number) == nil, "fault.case.no-document"), need("reason", c.Reason, DocumentEnds)); err != nil {
		return nil, err
	}
	body := c.DocumentEnd
	return one(s.own(domestic.DocumentCancelled, &body)), nil
}
