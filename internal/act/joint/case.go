package joint

import (
	"time"

	"countersign/internal/act"
	"countersign/internal/person"
)

// Kinds of a return case that both states share. The comment names the side that writes it: every fact has
// one writer (design.md 5.1). Rq is the requesting, Rd the requested state.
const (
	CaseRequested         act.Kind = "case.requested"           // Rq: readmission application
	CaseNotified          act.Kind = "case.notified"            // Rq: communication instead of an application
	CaseMoreAsked         act.Kind = "case.more-asked"          // Rd
	CaseMoreGiven         act.Kind = "case.more-given"          // Rq
	CaseReplyExtended     act.Kind = "case.reply-extended"      // Rd
	CaseConfirmed         act.Kind = "case.confirmed"           // Rd: positive reply
	CaseRefused           act.Kind = "case.refused"             // Rd: negative reply with its reason
	CaseConsentRelied     act.Kind = "case.consent-relied"      // Rq: an officer relies on deemed consent
	CaseDocumentAsked     act.Kind = "case.document-asked"      // Rq
	CaseDocumentIssued    act.Kind = "case.document-issued"     // Rd
	CaseDocumentRelied    act.Kind = "case.document-relied"     // Rq: the common document, after silence
	CaseDocumentReturned  act.Kind = "case.document-returned"   // Rq: an unused document goes back
	CaseDocumentCancelled act.Kind = "case.document-cancelled"  // Rd
	CaseWilling           act.Kind = "case.willing"             // Rq: the person said they will return
	CaseAnnounced         act.Kind = "case.announced"           // Rq: notice of transfer
	CaseArrivalReady      act.Kind = "case.arrival-ready"       // Rd: acknowledges the notice
	CasePaused            act.Kind = "case.paused"              // Rq: "not yet"
	CaseResumed           act.Kind = "case.resumed"             // Rq: end of "not yet"
	CaseTransferWithdrawn act.Kind = "case.transfer-withdrawn"  // Rq: this journey does not take place
	CaseWithdrawn         act.Kind = "case.withdrawn"           // Rq: the application or notification ends
	CaseReopened          act.Kind = "case.reopened"            // Rq: a withdrawn application goes on
	CaseOffered           act.Kind = "case.offered"             // Rq: handover offered on the spot
	CaseAccepted          act.Kind = "case.accepted"            // Rd: the act that takes effect
	CaseDeclined          act.Kind = "case.declined"            // Rd: handover not accepted
	CaseCorrected         act.Kind = "case.particulars-changed" // Rq: corrected particulars
	CaseTakeBackAsked     act.Kind = "case.take-back-asked"     // Rd: readmitted in error
	CaseTakeBackAgreed    act.Kind = "case.take-back-agreed"    // Rq
	CaseInterviewArranged act.Kind = "case.interview-arranged"  // Rq
	CaseInterviewHeld     act.Kind = "case.interview-held"      // Rd
	CaseReceivingPaused   act.Kind = "case.receiving-paused"    // Rd: "not yet" of the receiving side
	CaseReceivingResumed  act.Kind = "case.receiving-resumed"   // Rd
	CaseRecordAsked       act.Kind = "case.record-asked"        // Rq: criminal record, on its own legal basis
	CaseRecordAnswered    act.Kind = "case.record-answered"     // Rd
	CaseTransitAsked      act.Kind = "case.transit-asked"       // Rq: through the other state to a third one
	CaseTransitAnswered   act.Kind = "case.transit-answered"    // Rd
)

var caseKinds = act.Vocabulary{
	CaseRequested:         func() any { return new(Request) },
	CaseNotified:          func() any { return new(Notification) },
	CaseMoreAsked:         func() any { return new(MoreAsked) },
	CaseMoreGiven:         func() any { return new(MoreGiven) },
	CaseReplyExtended:     func() any { return new(Extension) },
	CaseConfirmed:         func() any { return new(Confirmation) },
	CaseRefused:           func() any { return new(Refusal) },
	CaseConsentRelied:     func() any { return new(Reliance) },
	CaseDocumentAsked:     func() any { return new(DocumentRequest) },
	CaseDocumentIssued:    func() any { return new(DocumentIssue) },
	CaseDocumentRelied:    func() any { return new(Reliance) },
	CaseDocumentReturned:  func() any { return new(DocumentEnd) },
	CaseDocumentCancelled: func() any { return new(DocumentEnd) },
	CaseWilling:           func() any { return new(Willing) },
	CaseAnnounced:         func() any { return new(Announcement) },
	CaseArrivalReady:      func() any { return new(Arrival) },
	CasePaused:            func() any { return new(NotYet) },
	CaseResumed:           func() any { return new(NotYet) },
	CaseTransferWithdrawn: func() any { return new(End) },
	CaseWithdrawn:         func() any { return new(End) },
	CaseReopened:          func() any { return new(End) },
	CaseOffered:           func() any { return new(Offer) },
	CaseAccepted:          func() any { return new(Acceptance) },
	CaseDeclined:          func() any { return new(Decline) },
	CaseCorrected:         func() any { return new(Correction) },
	CaseTakeBackAsked:     func() any { return new(TakeBack) },
	CaseTakeBackAgreed:    func() any { return new(TakeBack) },
	CaseInterviewArranged: func() any { return new(InterviewArranged) },
	CaseInterviewHeld:     func() any { return new(InterviewResult) },
	CaseReceivingPaused:   func() any { return new(NotYet) },
	CaseReceivingResumed:  func() any { return new(NotYet) },
	CaseRecordAsked:       func() any { return new(RecordRequest) },
	CaseRecordAnswered:    func() any { return new(RecordAnswer) },
	CaseTransitAsked:      func() any { return new(TransitRequest) },
	CaseTransitAnswered:   func() any { return new(TransitAnswer) },
}

// Remark is the only free text that crosses: one officer wrote it, another one of the same authority
// reviewed exactly these words before they left (design.md, section 4).
type Remark struct {
	Text     string `json:"text"`
	Author   act.ID `json:"author"`
	Reviewer act.ID `json:"reviewer"`
}

// Evidence is one item of the request's list, with the tier that the agreement gives its type.
type Evidence struct {
	Type     string          `json:"type"` // for example passport, passport-copy, register-hit, own-statement
	Document person.Document `json:"document,omitzero"`
	Annex    int             `json:"annex,omitzero"` // number in the annex list
}

// Relative is a family member who travels along under an own case.
type Relative struct {
	Case     act.ID `json:"case"`
	Relation string `json:"relation"` // spouse, child, parent, other
}

// Request is the readmission application (Benelux-Kosovo, annexes 1A/1B; no form has an asylum field).
type Request struct {
	Agreement string             `json:"agreement"` // id of the agreement's version
	To        string             `json:"to"`        // code of the requested authority
	Category  string             `json:"category"`  // national, former_national, right_of_abode, third_country_national, stateless, family_member
	Person    person.Particulars `json:"person"`
	Evidence  []Evidence         `json:"evidence"`
	Family    []Relative         `json:"family,omitzero"`
	Found     person.Date        `json:"found,omitzero"` // when the irregular stay was found (knowledge)
	Interview bool               `json:"interview,omitzero"`
	Needs     []string           `json:"needs,omitzero"` // typed needs of help or care; only as the person agreed
}

// Notification is the communication that replaces an application for a willing person with a valid
// passport (Benelux-Kosovo annex 3; EC-Sri Lanka Art 6(2)(b)).
type Notification struct {
	Agreement   string             `json:"agreement"`
	To          string             `json:"to"`
	Person      person.Particulars `json:"person"`
	Document    person.Document    `json:"document"`
	Declaration bool               `json:"declaration"` // the person's signed declaration is attached
	Needs       []string           `json:"needs,omitzero"`
}

// MoreAsked asks for named items before a reply; "more information" is an outcome of its own (K14).
type MoreAsked struct {
	Items  []string `json:"items"`
	Remark Remark   `json:"remark,omitzero"`
}

// MoreGiven answers MoreAsked.
type MoreGiven struct {
	Items    []string   `json:"items"`
	Evidence []Evidence `json:"evidence,omitzero"`
	Remark   Remark     `json:"remark,omitzero"`
}

// Extension prolongs the time to reply; the reason is typed.
type Extension struct {
	Reason string `json:"reason"`
}

// Confirmation is the positive reply.
type Confirmation struct {
	Basis    string   `json:"basis"`             // proof, prima_facie, interview
	Covers   []act.ID `json:"covers,omitzero"`   // cases of family members that the reply covers
	Document bool     `json:"document,omitzero"` // a travel document will be issued
	Remark   Remark   `json:"remark,omitzero"`
}

// Refusal is the negative reply; an officer gives a typed reason (K4). It never depends on anything the
// requesting state keeps to itself.
type Refusal struct {
	Reason string `json:"reason"`
	Remark Remark `json:"remark,omitzero"`
}

// Reliance is signed when silence counts: the limit that passed, from the act that started it.
type Reliance struct {
	Rule  string    `json:"rule"`         // rule of the agreement, for example "reply"
	Start act.ID    `json:"start"`        // the act whose receipt started the limit
	Due   time.Time `json:"due"`          // when the limit ended
	Own   string    `json:"own,omitzero"` // number of the requesting state's own or common document
}

// DocumentRequest asks for a travel document after a positive reply or deemed consent.
type DocumentRequest struct {
	TravelOn person.Date `json:"travel_on,omitzero"` // planned day, so that validity can be judged
}

// DocumentIssue tells which document was issued, and for how long.
type DocumentIssue struct {
	Document person.Document `json:"document"`
}

// DocumentEnd ends a document. No reason crosses.
type DocumentEnd struct {
	Number string `json:"number"`
}

// Willing says that the person said they will return; the declaration stays with the requesting state.
type Willing struct {
	Declaration bool `json:"declaration"`
}

// Journey is how a person or family travels.
type Journey struct {
	Means   string    `json:"means"`            // air, sea, land
	Carrier string    `json:"carrier,omitzero"` // for example BA
	Number  string    `json:"number,omitzero"`  // full flight key: carrier, number, day (K30)
	From    string    `json:"from"`             // place of departure, IATA or crossing-point code
	To      string    `json:"to"`               // crossing point of arrival
	Departs time.Time `json:"departs"`
	Arrives time.Time `json:"arrives"`
	Stops   []string  `json:"stops,omitzero"` // every expected stop
}

// Announcement is the notice of transfer (Benelux-Kosovo annex 2; EC-Serbia annex 4).
type Announcement struct {
	Journey       Journey         `json:"journey"`
	Document      person.Document `json:"document"`
	Escorts       int             `json:"escorts,omitzero"`
	MedicalEscort bool            `json:"medical_escort,omitzero"`
	Needs         []string        `json:"needs,omitzero"` // list II: only as the person agreed
	Luggage       int             `json:"luggage,omitzero"`
}

// Arrival acknowledges an announcement: ready, or what stands against it on the receiving side.
type Arrival struct {
	Ready   bool   `json:"ready"`
	Problem string `json:"problem,omitzero"` // crossing-point-closed, time-not-possible, reception-not-ready
}

// NotYet is "not yet" and its end. It has no field, so that every cause looks alike.
type NotYet struct{}

// End is every end, and the reopening after it. The kind says all that may be said: "withdrawn".
type End struct{}

// Offer is the handover offered at the crossing point.
type Offer struct {
	At        time.Time       `json:"at"`
	Place     string          `json:"place"`
	Document  person.Document `json:"document"`
	Property  int             `json:"property"`           // sealed bags handed over
	Medicine  bool            `json:"medicine,omitzero"`  // medicine is handed over, in a sealed bag
	Restraint bool            `json:"restraint,omitzero"` // must be off before leaving the aircraft
}

// Acceptance takes effect when it is signed (design.md 5.1).
type Acceptance struct {
	At       time.Time `json:"at"`
	Property int       `json:"property"` // bags received
	Medicine bool      `json:"medicine,omitzero"`
}

// Decline refuses the handover on the spot, with a typed reason of the receiving side.
type Decline struct {
	Reason string `json:"reason"`
}

// Correction replaces particulars that were wrong; the peer's reply is judged again by an officer.
type Correction struct {
	Person person.Particulars `json:"person"`
	Fields []string           `json:"fields"`
}

// TakeBack is readmission in error (EC-Albania Art 12) and its answer.
type TakeBack struct {
	Evidence []Evidence `json:"evidence,omitzero"`
}

// IsCase tells whether the kind is about a return case.
func IsCase(k act.Kind) bool { _, ok := caseKinds[k]; return ok }

// InterviewArranged offers an interview by the requested state's mission (Benelux-Kosovo Art 5(4)).
type InterviewArranged struct {
	At          time.Time `json:"at"`
	Channel     string    `json:"channel"` // in-person, video, telephone
	Place       string    `json:"place,omitzero"`
	Language    string    `json:"language"`
	Interpreter bool      `json:"interpreter"`
	Monitor     bool      `json:"monitor,omitzero"` // somebody independent is present
}

// InterviewResult is the written result. Only nationality and identity were asked about: the questions that
// are barred are listed in the form, and the interviewer states that none was put.
type InterviewResult struct {
	At           time.Time `json:"at"`
	Attendees    int       `json:"attendees"`
	Interpreter  bool      `json:"interpreter"`
	OnlyIdentity bool      `json:"only_identity"`
	Result       string    `json:"result"` // confirmed, not-confirmed, undetermined
	Reason       string    `json:"reason,omitzero"`
}

// RecordRequest asks for the criminal record of one person, on a legal basis of its own.
type RecordRequest struct {
	Basis   string `json:"basis"`   // article
	Purpose string `json:"purpose"` // typed
}

// RecordAnswer is the answer; an empty list with Found false says that there is no record.
type RecordAnswer struct {
	Found   bool          `json:"found"`
	Entries []RecordEntry `json:"entries,omitzero"`
}

// RecordEntry is one conviction.
type RecordEntry struct {
	Convicted person.Date `json:"convicted"`
	Category  string      `json:"category"` // typed: violence, sexual, drugs, property, fraud, traffic, other
	Months    int         `json:"months,omitzero"`
}
