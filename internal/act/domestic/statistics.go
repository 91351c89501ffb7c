package domestic

import (
	"time"

	"countersign/internal/act"
)

// Acts by which one state counts returns. They carry codes of the statistics code lists and never a name,
// a date of birth or a case: a count must not lead back to a person.
const (
	ReturnRecorded  act.Kind = "return.recorded"
	ReturnCorrected act.Kind = "return.corrected"
	ReturnRetracted act.Kind = "return.retracted"

	// Steps of a state's own release (joint releases are joint acts).
	ReleaseStepped act.Kind = "release.step"

	EditionImported   act.Kind = "edition.imported"
	StatementReleased act.Kind = "statement.released"
)

// statisticsKinds are the kinds of this file, for the Merge call of the vocabulary.
var statisticsKinds = act.Vocabulary{
	ReturnRecorded:  func() any { return new(ReturnRecord) },
	ReturnCorrected: func() any { return new(ReturnCorrection) },
	ReturnRetracted: func() any { return new(ReturnRetraction) },
	ReleaseStepped:  func() any { return new(ReleaseStep) },

	EditionImported:   func() any { return new(EditionImport) },
	StatementReleased: func() any { return new(PressStatement) },
}

// CountedReturn is one return as it counts.
type CountedReturn struct {
	ID               act.ID `json:"id"`       // of the return, random; not of a case or person
	Departed         string `json:"departed"` // 2006-01-02; the date on which the return counts
	Type             string `json:"type"`     // code; the group follows from it
	Nationality      string `json:"nationality"`
	Age              string `json:"age"` // band
	Sex              string `json:"sex"`
	DestinationGroup string `json:"destination_group"`
	Destination      string `json:"destination,omitzero"`
	Offender         bool   `json:"offender,omitzero"`
	// Evidence says how the departure is known: handover, carrier, passenger-data, border-stamp,
	// peer-confirmation. A return learned late from other data is a matched departure and names its evidence.
	Evidence string `json:"evidence,omitzero"`
	// Known is set only for history imported from an earlier system: the date on which that system came to
	// know it. Views "as known on" then take that system's word, and a release says so.
	Known string `json:"known,omitzero"`
}

// KnownAt is when the fact became known: when this node recorded it, or for imported history the start of
// the day (UTC) that the earlier system names.
func (c CountedReturn) KnownAt(recorded time.Time) (time.Time, error) {
	return knownAt(c.Known, recorded)
}

func knownAt(day string, recorded time.Time) (time.Time, error) {
	if day == "" {
		return recorded, nil
	}
	return time.Parse(time.DateOnly, day)
}

// ReturnRecord enters a return into the count.
type ReturnRecord struct {
	Return CountedReturn `json:"return"`
}

// ReturnCorrection replaces what is held of a return from now on; earlier views stay as they were.
type ReturnCorrection struct {
	Return CountedReturn `json:"return"`
	Reason string        `json:"reason"` // coded: reclassified, date, personal-detail, offender-flag
}

// ReturnRetraction takes a return out of the count from now on.
type ReturnRetraction struct {
	ID     act.ID `json:"id"`
	Reason string `json:"reason"` // coded: duplicate, did-not-depart
	Known  string `json:"known,omitzero"`
}

// KnownAt is as for CountedReturn.
func (r ReturnRetraction) KnownAt(recorded time.Time) (time.Time, error) {
	return knownAt(r.Known, recorded)
}

// ReleaseStep is one step of a statistical release: its state machine is statistics/release.
type ReleaseStep struct {
	Release string `json:"release"`          // for example "returns-2023-05-25"
	Step    string `json:"step"`             // its name in statistics/release
	At      string `json:"at,omitzero"`      // announced: the minute of publication, RFC 3339
	Digest  string `json:"digest,omitzero"`  // SHA-256 of the manifest
	Note    string `json:"note,omitzero"`    // corrected: what changed and why, published with it; findings decided: why it may go out
	Officer act.ID `json:"reader,omitzero"`  // pre-release: who is given access
	Purpose string `json:"purpose,omitzero"` // pre-release: why

	// What an announcement lays down.
	Kind    string `json:"kind,omitzero"` // "joint"; empty: this state's own tables
	First   string `json:"first,omitzero"`
	Last    string `json:"last,omitzero"`    // quarters, both included
	Country string `json:"country,omitzero"` // nationality, of own tables

	// What a draft was counted from.
	Known string           `json:"known,omitzero"` // RFC 3339
	Head  string           `json:"head,omitzero"`  // of the domestic log; it stays here, the manifest names a commitment to it
	Sizes map[string]int64 `json:"sizes,omitzero"` // of both streams by author, of a joint release
	Open  int              `json:"open,omitzero"`  // findings of the audit and differences between both counts
}

// EditionImport enters a table of an official edition. The table itself is kept beside the record by its hash.
type EditionImport struct {
	Table     string `json:"table"`
	Published string `json:"published"`
	File      string `json:"file"`
	Hash      string `json:"hash"` // SHA-256 of the file as given
	Rows      int    `json:"rows"`
	Returns   int64  `json:"returns"`
}

// PressStatement is a text that went out, with what each of its numbers was bound to. It stays registered: the
// watch checks it again at every new edition.
type PressStatement struct {
	Document string            `json:"document"`
	Text     string            `json:"text"`
	Format   string            `json:"format,omitzero"`
	Lang     string            `json:"lang,omitzero"`
	Series   string            `json:"series"`
	Edition  string            `json:"edition"` // date
	Accept   bool              `json:"accept,omitzero"`
	Bindings map[string]string `json:"bindings,omitzero"` // by the statement's number
	Date     string            `json:"date,omitzero"`     // day of the text, where it was given
	Claims   []PressClaim      `json:"claims,omitzero"`   // what its numbers were bound to when it went out, in order
}

// PressClaim is one number of a registered text. It is kept as it was bound, so that a later version of the
// program, which may find other numbers, checks the same claims.
type PressClaim struct {
	Text  string `json:"text"`
	Claim string `json:"claim"`
}
