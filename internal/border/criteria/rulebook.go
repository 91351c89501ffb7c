// Package criteria owns the conditions of entry and exit as dated rulebooks, and evaluates them over what is
// known of one traveller. A condition is met, not met, or unknown; unknown means ask, never refuse. The
// result is a list of evaluations with their legal basis: an officer decides, this package never does.
//
// A rulebook cannot say more than the law of the project allows: on exit only a court's ban, a warrant, an
// invalid document or the law on minors may support a refusal, and a past refusal, a past removal or being
// on a list never does. A file that tries is not loaded.
package criteria

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"countersign/internal/fault"
	"countersign/internal/words"

	"github.com/go-json-experiment/json"
)

// Mark says how well a source is known (facts: law): V read, S secondary, I inferred, D rule of this project,
// N not found. A rule marked N is never evaluated: its law has to be found first.
type Mark string

// Effect is what follows if a condition is not met, in rising order.
type Effect string

const (
	Info       Effect = "info"
	Ask        Effect = "ask"
	SecondLine Effect = "second-line"
	MayRefuse  Effect = "may-refuse" // an officer may, with individual reasons; nothing does so by itself
)

var effects = []Effect{Info, Ask, SecondLine, MayRefuse}

// Rank orders effects.
func (e Effect) Rank() int { return slices.Index(effects, e) }

// Direction of travel seen from the state whose rulebook it is.
type Direction string

const (
	Entry Direction = "entry"
	Exit  Direction = "exit"
)

// Supports are the only things that can support a refusal to leave one's country.
var Supports = []string{"court-ban", "warrant", "invalid-document", "minors"}

// Text is a sentence in both languages.
type Text map[words.Lang]string

// Conflict shows the officer that a rule stands against higher law.
type Conflict struct {
	Basis string `json:"basis"`
	Mark  Mark   `json:"mark"`
	Text  Text   `json:"text"`
}

// Rule is one condition.
type Rule struct {
	ID           string    `json:"id"`
	LegalBasis   string    `json:"legal_basis"`
	Mark         Mark      `json:"mark"`
	From         string    `json:"from,omitzero"` // first day in force, 2006-01-02; empty: as its rulebook
	To           string    `json:"to,omitzero"`   // last day
	Destinations []string  `json:"destinations"`  // areas or states it applies to; "any"
	When         *Expr     `json:"when,omitzero"` // applies only then
	Require      *Expr     `json:"require,omitzero"`
	Effect       Effect    `json:"effect"`
	Support      string    `json:"support,omitzero"` // what supports a refusal on exit
	Reason       Text      `json:"reason"`
	SatisfiedBy  Text      `json:"satisfied_by"`
	Conflict     *Conflict `json:"conflict,omitzero"`
}

// Book is the rulebook of one authority for one direction.
type Book struct {
	ID           string    `json:"id"`
	State        string    `json:"state"` // whose officers may apply it: "al", "gb", "schengen"
	Direction    Direction `json:"direction"`
	Title        Text      `json:"title"`
	Source       string    `json:"source"`
	From         string    `json:"from"`
	To           string    `json:"to,omitzero"`
	SnapshotAge  int       `json:"snapshot_max_age_hours"` // older alert lists may not be used at a lane
	SecondSigner bool      `json:"second_officer"`         // a refusal needs one
	Remedy       Remedy    `json:"remedy"`
	Stay         *StayRule `json:"stay,omitzero"`
	Rules        []Rule    `json:"rules"`

	Hash string `json:"-"` // of the file, kept with each decision for an appeal
}

// StayRule is the moving window of this rulebook.
type StayRule struct {
	Days   int `json:"days"`
	Window int `json:"window"`
}

// Remedy is how a refusal can be challenged.
type Remedy struct {
	Mark Mark `json:"mark"`
	Text Text `json:"text"`
}

// Load reads every border-*.json under the folders of fsys. A file that breaks a rule is named.
func Load(fsys fs.FS) ([]*Book, error) {
	var books []*Book
	names, err := fs.Glob(fsys, "*/border-*.json")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if strings.HasSuffix(name, "border-points.json") { // the register of crossing points
			continue
		}
		b, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		book, err := Parse(b)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for _, other := range books {
			if other.ID == book.ID {
				return nil, fmt.Errorf("%s: %w", name, broken(book.ID, "id"))
			}
		}
		books = append(books, book)
	}
	return books, nil
}

// Parse reads one rulebook.
func Parse(b []byte) (*Book, error) {
	var book Book
	if err := json.Unmarshal(b, &book, json.RejectUnknownMembers(true)); err != nil {
		return nil, fault.New(fault.Invalid, "fault.border.rulebook", "rule", "?", "field", "json").Because(err)
	}
	if err := book.check(); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(b)
	book.Hash = hex.EncodeToString(sum[:])
	return &book, nil
}

func broken(rule, field string) *fault.Error {
	return fault.New(fault.Invalid, "fault.border.rulebook", "rule", rule, "field", field)
}

func (b *Book) check() error {
	switch {
	case b.ID == "" || b.State == "":
		return broken(b.ID, "id")
	case b.Direction != Entry && b.Direction != Exit:
		return broken(b.ID, "direction")
	case !day(b.From) || b.From == "" || !day(b.To):
		return broken(b.ID, "from")
	case !b.Title.complete() || !b.Remedy.Text.complete() || !b.Remedy.Mark.known():
		return broken(b.ID, "text")
	case b.SnapshotAge <= 0:
		return broken(b.ID, "snapshot_max_age_hours")
	case b.Stay != nil && (b.Stay.Days <= 0 || b.Stay.Window < b.Stay.Days):
		return broken(b.ID, "stay")
	}
	seen := map[string]bool{}
	for i := range b.Rules {
		r := &b.Rules[i]
		if seen[r.ID] {
			return broken(r.ID, "id")
		}
		seen[r.ID] = true
		if err := b.checkRule(r); err != nil {
			return err
		}
	}
	return nil
}

func (b *Book) checkRule(r *Rule) error {
	switch {
	case r.ID == "" || r.LegalBasis == "" || !r.Mark.known():
		return broken(r.ID, "legal_basis")
	case !day(r.From) || !day(r.To):
		return broken(r.ID, "from")
	case len(r.Destinations) == 0:
		return broken(r.ID, "destinations")
	case r.Effect.Rank() < 0:
		return broken(r.ID, "effect")
	case !r.Reason.complete() || !r.SatisfiedBy.complete():
		return broken(r.ID, "text")
	case r.Conflict != nil && (!r.Conflict.Text.complete() || r.Conflict.Basis == "" || !r.Conflict.Mark.known()):
		return broken(r.ID, "conflict")
	case r.Require == nil && r.Mark != "N":
		return broken(r.ID, "require")
	}
	if err := r.When.check(r.ID); err != nil {
		return err
	}
	if err := r.Require.check(r.ID); err != nil {
		return err
	}
	// What is past never refuses, in either direction (Stamose v Bulgaria; design.md, section 7).
	if r.Effect == MayRefuse && (r.Require.uses("history.") || r.When.uses("history.")) {
		return broken(r.ID, "effect")
	}
	if b.Direction == Exit && r.Effect == MayRefuse {
		if !slices.Contains(Supports, r.Support) || !r.Require.only(supportFacts[r.Support]) {
			return broken(r.ID, "support")
		}
	} else if r.Support != "" {
		return broken(r.ID, "support")
	}
	return nil
}

// supportFacts are the facts on which each support may rest, by prefix: a rule that calls itself one thing
// and asks another is not loaded.
var supportFacts = map[string][]string{
	"court-ban":        {"confirmed.court_travel_ban"},
	"warrant":          {"confirmed.warrant"},
	"invalid-document": {"document.invalid", "document.expired", "confirmed.document_lost"},
	"minors":           {"minor.", "traveller.age"},
}

func (m Mark) known() bool { return len(m) == 1 && strings.Contains("VSIDNK", string(m)) }

func (t Text) complete() bool {
	for _, l := range words.Langs {
		if t[l] == "" {
			return false
		}
	}
	return len(t) == len(words.Langs)
}

func day(s string) bool {
	if s == "" {
		return true
	}
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return false
	}
	for i, c := range s {
		if i != 4 && i != 7 && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}
