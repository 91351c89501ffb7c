package treaty

// The small typed vocabulary in which agreements and laws are written. Every list below is closed: a file
// that uses another word is refused with the list of what is allowed.

// Rule names what a limit governs.
type Rule string

const (
	RuleRequest          Rule = "request"              // request within ... of knowledge
	RuleReply            Rule = "reply"                // answer to a readmission application
	RuleFastReply        Rule = "fast-reply"           // answer in the accelerated procedure
	RuleRegisterCheck    Rule = "register-check"       // answer from the population register
	RuleInterview        Rule = "interview"            // interview by the mission
	RuleInterviewResult  Rule = "interview-result"     // its result
	RuleTravelDocument   Rule = "travel-document"      // issue of the travel document
	RuleDocumentValidity Rule = "document-validity"    // how long it must be or is valid
	RuleRenewal          Rule = "renewal"              // a new document after the first has expired
	RuleTransfer         Rule = "transfer"             // transfer after consent
	RuleTransferNotice   Rule = "notice"               // notice before a transfer; in a law: before a removal
	RuleTransitRequest   Rule = "transit-request"      // request before a transit
	RuleTransitReply     Rule = "transit-reply"        // answer to it
	RuleWrongful         Rule = "wrongful-readmission" // taking back a person readmitted in error
	RuleConsentValidity  Rule = "consent-validity"     // how long a consent lasts
	RuleFailedRemoval    Rule = "failed-removal"       // new departure after one that failed (IAA 1999 s10B)
	RuleRefusedEntry     Rule = "refused-entry"        // leave to enter refused on arrival (s10C)
	RuleAfterPriority    Rule = "after-priority-notice"
	RuleAfterReview      Rule = "after-review" // after a judicial-review decision (s10E)
)

var rules = []Rule{RuleRequest, RuleReply, RuleFastReply, RuleRegisterCheck, RuleInterview, RuleInterviewResult,
	RuleTravelDocument, RuleDocumentValidity, RuleRenewal, RuleTransfer, RuleTransferNotice, RuleTransitRequest,
	RuleTransitReply, RuleWrongful, RuleConsentValidity, RuleFailedRemoval, RuleRefusedEntry, RuleAfterPriority,
	RuleAfterReview}

// Unit is what a limit counts.
type Unit string

const (
	Hour           Unit = "hour"
	CalendarDay    Unit = "calendar_day"
	WorkingDay     Unit = "working_day"
	DayUnspecified Unit = "day_unspecified" // the text says “days” and not which; needs a decision
	Month          Unit = "month"
	Year           Unit = "year"
)

var units = []Unit{Hour, CalendarDay, WorkingDay, DayUnspecified, Month, Year}

// Bound tells whether something must happen within the limit or not before it has passed.
type Bound string

const (
	AtMost  Bound = "at_most"
	AtLeast Bound = "at_least"
)

var bounds = []Bound{AtMost, AtLeast}

// Direction tells whether the limit runs after its start or counts backwards from it.
type Direction string

const (
	Forward  Direction = "after"
	Backward Direction = "before"
)

var directions = []Direction{Forward, Backward}

// Whose names the calendar of working days.
type Whose string

const (
	OfRequesting Whose = "requesting"
	OfRequested  Whose = "requested"
	OfBoth       Whose = "both" // a day counts only where it is a working day in both States
)

var whose = []Whose{OfRequesting, OfRequested, OfBoth}

// Trigger is what starts a limit.
type Trigger string

const (
	OnReceipt           Trigger = "receipt"           // countersignature by the other State (design.md 5.3)
	OnConfirmedReceipt  Trigger = "confirmed_receipt" // the other State's confirmation of receipt
	OnRequest           Trigger = "request"           // date of the request itself
	OnSubmission        Trigger = "submission"        // day of lodging
	OnKnowledge         Trigger = "knowledge"         // the requesting State learns of the illegal stay
	OnApprehension      Trigger = "apprehension"
	OnPositiveReply     Trigger = "positive_reply" // receipt of it
	OnConsent           Trigger = "consent"        // positive reply, or expiry of the time to reply
	OnDocumentRequest   Trigger = "document_request"
	OnDocumentIssue     Trigger = "document_issue"
	OnInterviewRequest  Trigger = "interview_request"
	OnInterview         Trigger = "interview"
	OnTransfer          Trigger = "transfer"
	OnTransit           Trigger = "transit"
	OnServed            Trigger = "served" // proven service of the notice on the person
	OnOriginalDeparture Trigger = "original_departure"
	OnRefusal           Trigger = "refusal"
	OnCutOff            Trigger = "cut_off" // priority removal notice cut-off, or the end of appeal rights
	OnDecision          Trigger = "decision"
)

var triggers = []Trigger{OnReceipt, OnConfirmedReceipt, OnRequest, OnSubmission, OnKnowledge, OnApprehension,
	OnPositiveReply, OnConsent, OnDocumentRequest, OnDocumentIssue, OnInterviewRequest, OnInterview, OnTransfer,
	OnTransit, OnServed, OnOriginalDeparture, OnRefusal, OnCutOff, OnDecision}

// FirstDay tells which day is day 1.
type FirstDay string

const (
	DayAfter FirstDay = "day_after" // the rule unless the file says otherwise (design.md 5.3)
	SameDay  FirstDay = "same_day"
)

var firstDays = []FirstDay{DayAfter, SameDay}

// Tier is the strength of evidence.
type Tier string

const (
	TierProof      Tier = "proof"
	TierPrimaFacie Tier = "prima_facie"
	TierStart      Tier = "start_only" // reason to begin a check, no presumption
	TierInterview  Tier = "interview"
)

var tiers = []Tier{TierProof, TierPrimaFacie, TierStart, TierInterview}

// Category is the category of persons under an agreement.
type Category string

const (
	National       Category = "national"
	FormerNational Category = "former_national"
	RightOfAbode   Category = "right_of_abode"
	ThirdCountry   Category = "third_country_national"
	Stateless      Category = "stateless"
	FamilyMember   Category = "family_member"
)

var categories = []Category{National, FormerNational, RightOfAbode, ThirdCountry, Stateless, FamilyMember}

// Escort tells who goes with the person.
type Escort string

const (
	EscortNone    Escort = "none"
	EscortPolice  Escort = "police"
	EscortMedical Escort = "medical"
)

var escorts = []Escort{EscortNone, EscortPolice, EscortMedical}

// Means is the means of transport.
type Means string

const (
	Air  Means = "air"
	Land Means = "land"
	Sea  Means = "sea"
)

var means = []Means{Air, Land, Sea}

// Expiry is what the law attaches to the end of a limit. Effects are derived from acts and time; an officer
// signs the reliance on them (design.md 5.2).
type Expiry string

const (
	NoEffect       Expiry = "none"           // the text read attaches none
	DeemedConsent  Expiry = "deemed_consent" // silence is consent; it never proves nationality
	DutyEnded      Expiry = "duty_ended"     // the duty to readmit has ended
	DocumentDeemed Expiry = "document_deemed"
	// DocumentDeemed: the requesting State's own or the common travel document counts as accepted.
)

var expiries = []Expiry{NoEffect, DeemedConsent, DutyEnded, DocumentDeemed}

// Basis tells whether an extension adds to the limit or sets a total.
type Basis string

const (
	Additional Basis = "additional"
	Total      Basis = "total"
)

var bases = []Basis{Additional, Total}

// Event is what lets a limit start again or ends its extension.
type Event string

const (
	ObstacleEnded      Event = "obstacle_ended"
	DestinationChanged Event = "destination_changed"
	StopAdded          Event = "stop_added"
)

var events = []Event{ObstacleEnded, DestinationChanged, StopAdded}

// Kind tells an agreement between States from a State's own law written in the same shape.
type Kind string

const (
	Treaty      Kind = "agreement"
	DomesticLaw Kind = "domestic-law"
)

var kinds = []Kind{Treaty, DomesticLaw}

// Mark tells how well a value is known. Only values whose provision was read may be encoded.
type Mark string

// Verified: the provision itself was read.
const Verified Mark = "V"

var marks = []Mark{Verified}

// EffectiveAct is the one act under the agreement that takes effect (design.md 5.1).
type EffectiveAct string

// HandoverAcceptance: the return takes effect when the other State accepts the person.
const HandoverAcceptance EffectiveAct = "handover-acceptance"

var effectiveActs = []EffectiveAct{HandoverAcceptance}
