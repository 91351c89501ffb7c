package criteria

// Value is what is known of one fact; the zero value is unknown.
type Value struct {
	Kind   Kind
	Bool   bool
	Number float64
	Text   string
}

// Kind of a fact.
type Kind uint8

const (
	Missing Kind = iota
	Truth
	Quantity
	Word
)

// Is, Num and Str make values.
func Is(b bool) Value     { return Value{Kind: Truth, Bool: b} }
func Num(n float64) Value { return Value{Kind: Quantity, Number: n} }
func Str(s string) Value  { return Value{Kind: Word, Text: s} }

// Facts are what is known of one traveller and journey, by name.
type Facts map[string]Value

// Vocabulary is every fact that a rulebook may ask for. There is none about asylum, and none about a return
// carried out by the other state: what is not here cannot become a criterion. The facts named "confirmed" are
// set by an officer who has looked at an alert, never by a match alone.
var Vocabulary = map[string]Kind{
	"document.kind":                  Word,     // passport, card, visa, none
	"document.invalid":               Truth,    // a check digit is wrong, or an officer found it not genuine
	"document.expired":               Truth,    // on the day of the check
	"document.days_left":             Quantity, // from the day of the check to the expiry
	"document.months_after_trip":     Quantity, // calendar months from the planned departure to the expiry, with fraction
	"document.issue_age_years":       Quantity, // calendar years since the issue, with fraction: 10 on the anniversary
	"document.biometric":             Truth,
	"confirmed.document_lost":        Truth,
	"confirmed.court_travel_ban":     Truth,
	"confirmed.warrant":              Truth,
	"confirmed.entry_ban":            Truth,
	"confirmed.child_abduction":      Truth,
	"alert.second_look":              Truth, // the screening asks for a second look
	"traveller.age":                  Quantity,
	"traveller.national":             Truth, // of the state that checks
	"minor.accompanied_by":           Word,  // both-parents, one-parent, other-adult, nobody
	"minor.consent_shown":            Truth,
	"trip.purpose_shown":             Truth,
	"trip.address_shown":             Truth,
	"trip.invitation_shown":          Truth,
	"trip.lodging_shown":             Truth,
	"trip.return_shown":              Truth,
	"trip.means_shown":               Truth, // judged by the officer against the reference amounts, where there are any
	"trip.insurance_shown":           Truth,
	"trip.visa_required":             Truth,
	"trip.visa_held":                 Truth,
	"trip.residence_permit":          Truth,
	"trip.humanitarian":              Truth,
	"stay.days_used":                 Quantity,
	"stay.days_left":                 Quantity,
	"history.inad_2_years":           Truth, // entry of the order of 2019: refused abroad in the last two years
	"history.deported_3_years":       Truth, // entry of the order of 2019: removed in the last three years
	"history.no_ban_document_shown":  Truth,
	"officer.threat_to_public_order": Truth, // an individual finding of an officer
}
