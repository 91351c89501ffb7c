// Package press checks a draft before it goes out: it finds every number in it, binds each to a definition,
// a population and a period, and says whether it is true of a published edition.
//
// Binding is declared: by inline markup, by a person, or by a person's acceptance of the one reading that
// the sentence's own words give. A statement is never bound by its value: over 731,385 aggregates of one
// edition 954 occurs eleven times (facts/statistics.md, section 5), so a search for equal values would
// “verify” stale figures. What is not bound never passes.
//
// It never changes a draft and never publishes one.
package press

import (
	"math/big"

	"countersign/internal/statistics"
)

// Lang is the language of a draft.
type Lang string

const (
	English  Lang = "en"
	Albanian Lang = "sq"
)

// Verdict is whether a statement is true of the edition. Cautions are another axis.
type Verdict string

const (
	Match           Verdict = "match"
	MatchRounded    Verdict = "match-rounded"    // equal at the printed precision
	Stale           Verdict = "stale"            // true at an earlier edition of the series
	OtherSource     Verdict = "other-source"     // true in another series
	Wrong           Verdict = "wrong"            // false
	WrongDefinition Verdict = "wrong-definition" // equals another measure: of or to, with or without port
	OverlapSum      Verdict = "overlap-sum"      // adds measures that overlap
	Unpublished     Verdict = "unpublished"      // not released yet, or not held
	Suppressed      Verdict = "suppressed"       // withheld by disclosure control
	Unchecked       Verdict = "unchecked"        // not bound
)

// Passes tells whether a statement may go out as it is. Cautions may still stand.
func (v Verdict) Passes() bool { return v == Match || v == MatchRounded }

// Caution is a finding that does not make a statement false.
type Caution string

const (
	Fragile     Caution = "fragile"     // a majority or direction inside the revision band
	Provisional Caution = "provisional" // the figure will be revised and the text does not say so
	Ambiguous   Caution = "ambiguous"   // “returned to” for a count by nationality
	AddedUp     Caution = "added-up"    // overlapping groups named as if they added up
	Inference   Caution = "inference"   // the figures do not carry what is concluded
	Separator   Caution = "separator"   // 1.888 or 1,888: thousands or decimals?
)

// Bound is how a number is qualified in the text.
type Bound string

const (
	Exactly Bound = ""
	Over    Bound = "over"
	AtLeast Bound = "at-least"
	Nearly  Bound = "nearly"
	About   Bound = "about"
	Under   Bound = "under"
	AtMost  Bound = "at-most"
	Between Bound = "between"
)

// Unit is what a number counts.
type Unit string

const (
	Number  Unit = "number"
	Percent Unit = "percent"
	Points  Unit = "points" // percentage points
	Times   Unit = "times"  // doubled, halved
	Money   Unit = "money"
	Vague   Unit = "vague" // dozens, hundreds, thousands: no number that could be checked
)

// Statement is one number found in a draft.
type Statement struct {
	Start, End int // bytes in the plain text
	Line       int // line of the draft, from 1
	Text       string
	Value      *big.Rat // percent as 51, doubled as 2
	High       *big.Rat // of a range: its upper end
	Precision  *big.Rat // value of the last printed digit
	Unit       Unit
	Bound      Bound
	Majority   bool // worded as a majority or “more than half”
	Written    bool // in words
	Unclear    bool // the separator may be read in two ways
	Markup     string
	Sentence   int
}

// How a statement came to be bound.
type How string

const (
	ByMarkup  How = "markup"
	ByPerson  How = "person"
	ByReading How = "reading accepted"
)

// Finding is what the check says of one statement, or of wording without one (Statement nil).
type Finding struct {
	Statement  *Statement
	Line       int
	Text       string // the sentence
	Verdict    Verdict
	Claim      *Claim
	How        How
	Suggestion *Claim // offered when not bound; complete or not
	Now        *big.Rat
	At         statistics.Edition // the edition checked against
	True       statistics.Edition // stale, other source: the edition of which it is true
	Instead    string             // wrong definition: the measure that has the value
	Problem    error              // unpublished, or a markup that cannot be read
	Cautions   []Caution
	Band       string // fragile: the band and how many revisions it rests on
}

// Aside is a number that states nothing: it is listed, so that a reader sees that it was not overlooked.
type Aside struct {
	Line int
	Text string
	Why  string
}

// Why a number states nothing.
const (
	AsideDate = "date" // a date, period or time of day
	AsideName = "name" // of a section, form, flight, telephone: or an ordinal
	AsideCode = "code" // in code or an address
	AsideList = "list" // numbers a list
)

// Report is the check of one draft.
type Report struct {
	Edition  statistics.Edition
	Findings []Finding
	Asides   []Aside
}

// Passes tells whether every statement passes; cautions do not block.
func (r *Report) Passes() bool {
	for _, f := range r.Findings {
		if f.Statement != nil && !f.Verdict.Passes() {
			return false
		}
	}
	return true
}
