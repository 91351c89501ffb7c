package casework

import "countersign/internal/person"

// Closed lists of codes. They are part of the vocabulary's version: a code that is added or dropped is a new
// version of the messages (K14). Each has a catalogue text "case.code.LIST.CODE".
var (
	Categories = []string{"national", "former_national", "right_of_abode", "third_country_national", "stateless", "family_member"}
	Bases      = []string{"proof", "prima_facie", "interview"}
	Relations  = []string{"spouse", "child", "parent", "other"}

	// RefusalReasons are about nationality, identity and the agreement, never about protection.
	RefusalReasons = []string{"not-a-national", "identity-not-established", "false-document", "no-connection",
		"request-too-late", "exception-applies", "information-not-given"}
	ExtensionReasons = []string{"register-search", "archive-search", "interview-pending", "third-state-enquiry", "technical"}
	MoreItems        = []string{"photograph", "fingerprints", "document-copy", "birth-record", "last-residence", "parents",
		"family-members", "earlier-names", "interview"}
	ArrivalProblems = []string{"crossing-point-closed", "time-not-possible", "reception-not-ready"}
	DeclineReasons  = []string{"not-the-person", "document-missing", "not-announced", "not-fit-on-arrival"}

	// EndReasons are domestic. Across the border every one of them is "withdrawn".
	EndReasons = []string{"protection-claim", "court", "trafficking", "child", "health", "no-document", "document-expired",
		"no-seat", "weather", "technical", "carrier-refused", "disruption", "absconded", "escort-missing", "reply-refused",
		"leave-granted", "consent-withdrawn", "family", "stop-order", "receiving-side", "error", "other"}
	// Preventable says who could have prevented an end; it follows from the reason, nobody picks it (P3).
	Preventable = map[string]string{"no-document": "authority", "document-expired": "authority", "escort-missing": "authority",
		"error": "authority", "no-seat": "authority", "weather": "nobody", "technical": "carrier", "carrier-refused": "carrier",
		"receiving-side": "other-state", "reply-refused": "nobody"}

	MoveReasons    = []string{"new-facts", "wrong-route", "error", "person-asked", "law-changed"}
	ChangeReasons  = []string{"document-seen", "person-said", "other-state", "error", "merged"}
	ReopenReasons  = []string{"new-consent", "obstacle-ended", "error"}
	DocumentEnds   = []string{"leave-granted", "expired", "lost", "damaged", "withdrawn", "used", "error"}
	Holders        = []string{"authority", "person", "carrier", "escort", "issuer", "other"}
	Means          = []string{"air", "sea", "land"}
	Papers         = []string{"liability", "intention", "departure-details", "priority-notice", "decision", "reserve-list"}
	Addressees     = []string{"person", "representative"}
	ServiceMethods = []string{"in-person", "post", "electronic"}
	Checks         = []string{"repeated-in-own-words", "questions-answered", "interpreter-confirmed", "written-reply"}
	NeedTypes      = []string{"wheelchair", "walking-aid", "medicine", "medical-escort", "diet", "pregnancy", "sight", "hearing",
		"speech", "reading", "calm-handling", "same-sex-escort", "infant", "other-care"}
	DepartureEvidence = []string{"escort-report", "carrier", "exit-check", "embassy", "entry-stamp"}
	DetentionGrounds  = []string{"removal-imminent", "identity", "risk-of-absconding", "public-safety"}
	Imminence         = []string{"document-in-hand", "reply-due", "journey-booked"}
	DetentionEnds     = []string{"departed", "bail", "released"}
	EncounterRoutes   = []string{"small-boat", "in-country-check", "prison", "port", "other"}
	Effects           = []string{"suspensive", "non-suspensive"}
	OverrideReasons   = []string{"court-agrees", "no-bearing-on-return", "person-asked"}
	Channels          = []string{"in-person", "video", "telephone"}
	InterviewResults  = []string{"confirmed", "not-confirmed", "undetermined"}
	RecordPurposes    = []string{"identity", "safety-of-transfer", "offender-management"}
	RecordCategories  = []string{"violence", "sexual", "drugs", "property", "fraud", "traffic", "other"}
	OrderTypes        = []string{"bring-back"}
)

// Codes are all closed lists by the name under which catalogues have their words: "case.code.NAME.CODE".
func Codes() map[string][]string {
	return map[string][]string{
		"category": Categories, "basis": Bases, "relation": Relations, "refusal": RefusalReasons, "extension": ExtensionReasons, "item": MoreItems,
		"arrival": ArrivalProblems, "decline": DeclineReasons, "end": EndReasons, "move": MoveReasons, "change": ChangeReasons, "reopen": ReopenReasons,
		"document-end": DocumentEnds, "holder": Holders, "means": Means, "paper": Papers, "addressee": Addressees, "method": ServiceMethods, "check": Checks,
		"need": NeedTypes, "departure": DepartureEvidence, "ground": DetentionGrounds, "imminence": Imminence, "detention-end": DetentionEnds,
		"encounter": EncounterRoutes, "effect": Effects, "override": OverrideReasons, "channel": Channels, "interview": InterviewResults,
		"record-purpose": RecordPurposes, "record-category": RecordCategories, "order": OrderTypes, "transit": TransitReasons, "holiday": HolidayReasons, "document": person.DocumentTypes,
	}
}
