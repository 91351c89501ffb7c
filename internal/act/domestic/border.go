package domestic

import (
	"time"

	"countersign/internal/act"
)

// Acts at a crossing point. Who travelled, what was found and what an officer decided stays with the state
// whose officers checked.
const (
	BorderDecided           act.Kind = "border.decided"            // allow or second line
	BorderRefusalProposed   act.Kind = "border.refusal-proposed"   // first officer
	BorderRefused           act.Kind = "border.refused"            // in force
	BorderReviewed          act.Kind = "border.reviewed"           // a decision looked at again, on complaint or by itself
	BorderCleared           act.Kind = "border.cleared"            // a match is another person
	BorderReferred          act.Kind = "border.referred"           // to those who protect, never back to a queue
	BorderSnapshotActivated act.Kind = "border.snapshot-activated" // a list version is in use
	BorderMeasureActivated  act.Kind = "border.measure-activated"  // a rulebook at named points for a period
	BorderLaneDelegated     act.Kind = "border.lane-delegated"     // an officer lends a lane a short-lived key
)

var borderKinds = act.Vocabulary{
	BorderDecided:           func() any { return new(BorderDecision) },
	BorderRefusalProposed:   func() any { return new(BorderRefusal) },
	BorderRefused:           func() any { return new(BorderRefusal) },
	BorderReviewed:          func() any { return new(BorderReview) },
	BorderCleared:           func() any { return new(BorderClearance) },
	BorderReferred:          func() any { return new(BorderReferral) },
	BorderSnapshotActivated: func() any { return new(BorderSnapshot) },
	BorderMeasureActivated:  func() any { return new(BorderMeasure) },
	BorderLaneDelegated:     func() any { return new(BorderDelegation) },
}

// BorderCheckRef says which check an act is about and on which data it rested, so that it can be run again.
type BorderCheckRef struct {
	Check     act.ID   `json:"check"`
	Point     string   `json:"point"`
	Direction string   `json:"direction"`          // entry, exit
	Measure   act.ID   `json:"measure,omitzero"`   // the joint measure it was part of
	Rulebooks []string `json:"rulebooks"`          // id@hash
	Lists     []string `json:"lists"`              // list@version
	Rules     []string `json:"rules,omitzero"`     // rules that asked for something
	MergeKey  string   `json:"merge_key,omitzero"` // of a lane's queue
}

// BorderDecision is an officer's decision other than a refusal.
type BorderDecision struct {
	BorderCheckRef
	Decision           string `json:"decision"` // allow, second-line
	SecondLineSeconds  int64  `json:"second_line_seconds,omitzero"`
	SnapshotAgeSeconds int64  `json:"snapshot_age_seconds,omitzero"` // of the oldest list, when the link was down
}

// BorderRefusal is the standard form. Every text is in the language of the officer and in the person's own.
type BorderRefusal struct {
	BorderCheckRef
	Rule            string            `json:"rule"`
	LegalBasis      string            `json:"legal_basis"`
	Support         string            `json:"support,omitzero"` // on exit: court-ban, warrant, invalid-document, minors
	Reasons         map[string]string `json:"reasons"`          // about this person, by language
	Proportionality map[string]string `json:"proportionality"`
	Remedy          map[string]string `json:"remedy"`
	PersonLanguage  string            `json:"person_language"`
	CopyGiven       bool              `json:"copy_given"`
	ComplaintGiven  bool              `json:"complaint_leaflet_given"`
}

// BorderReview is the outcome of looking at a decision again.
type BorderReview struct {
	Decision act.ID `json:"decision"`
	Outcome  string `json:"outcome"` // upheld, corrected, withdrawn
	Reasons  string `json:"reasons"`
}

// BorderClearance records that a match is another person. It holds for this person and document only.
type BorderClearance struct {
	Key     string `json:"key"` // border.ClearedKey in hexadecimal
	List    string `json:"list"`
	Ref     string `json:"ref"`
	Reasons string `json:"reasons"`
}

// BorderReferral hands a person to those who protect. Its nature never leaves the node.
type BorderReferral struct {
	Check act.ID `json:"check"`
	To    string `json:"to"` // protection, trafficking-victims, child-protection, medical
}

// BorderSnapshot is a list version taken into use.
type BorderSnapshot struct {
	List    string `json:"list"`
	Version int64  `json:"version"`
	SHA256  string `json:"sha256"`
	Count   int    `json:"count"`
}

// BorderMeasure puts a rulebook to work at crossing points for a period.
type BorderMeasure struct {
	Measure  act.ID    `json:"measure"`
	Rulebook string    `json:"rulebook"` // id@hash
	Points   []string  `json:"points"`
	From     time.Time `json:"from"`
	Until    time.Time `json:"until"`
}

// BorderDelegation lends a lane a key that ends by itself.
type BorderDelegation struct {
	Lane   string    `json:"lane"`
	Point  string    `json:"point"`
	KeyID  string    `json:"key_id"`
	Public string    `json:"public"` // Ed25519, standard base64
	From   time.Time `json:"from"`
	Until  time.Time `json:"until"`
}
