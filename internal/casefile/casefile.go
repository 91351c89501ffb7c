// Package casefile takes cases over from an authority's other system, and gives them back to it, so that nobody
// types a case twice: CSV and JSON under a documented mapping, and shadow mode, in which this node only observes.
//
// It is pure: it reads from a reader it is given and returns records and problems. It opens no case (desk
// does), guesses no value, and never takes a line that it has not understood as a whole.
package casefile

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"countersign/internal/act/domestic"
	"countersign/internal/fault"
	"countersign/internal/person"

	"github.com/go-json-experiment/json"
)

// Limits of one file.
const (
	MaxBytes = 32 << 20
	maxLines = 100_000
	maxValue = 400
)

// Fields are what a case can be taken over with, in the order in which an export writes them.
var Fields = []string{"reference", "surname", "given_names", "aliases", "birth", "birth_place", "birth_country", "sex", "nationality",
	"father_name", "mother_name", "last_residence", "language", "interpreter", "route", "part", "destination", "unaccompanied",
	"encounter_route", "encounter_place", "encounter_date", "document_type", "document_number", "document_issuer", "document_valid_until",
	"requested", "received", "replied", "positive", "due"}

// required fields, by the file or by a fixed value of the mapping.
var required = []string{"reference", "surname", "birth", "nationality", "route", "part", "destination"}

// Mapping says which column of the other system is which field of ours.
type Mapping struct {
	System    string           `json:"system"`             // name of the other system
	Delimiter string           `json:"delimiter,omitzero"` // of CSV; default a comma
	Zone      string           `json:"zone,omitzero"`      // of times without one; default UTC
	Fields    map[string]Field `json:"fields"`
}

// Field is one field of ours.
type Field struct {
	From  string            `json:"from,omitzero"`  // column, or path of a JSON member: person.birth
	Value string            `json:"value,omitzero"` // where the column is not there or empty
	Date  string            `json:"date,omitzero"`  // how the other system writes dates, in Go's reference form: 02/01/2006
	Codes map[string]string `json:"codes,omitzero"` // the other system's code to ours; with it, no other code is taken
	Split string            `json:"split,omitzero"` // between several values
}

// ReadMapping reads a mapping and refuses what it could not work with.
func ReadMapping(b []byte) (*Mapping, error) {
	m := new(Mapping)
	if err := json.Unmarshal(b, m, json.RejectUnknownMembers(true)); err != nil {
		return nil, fault.New(fault.Invalid, "fault.import.mapping", "field", "").Because(err)
	}
	bad := func(field string) error { return fault.New(fault.Invalid, "fault.import.mapping", "field", field) }
	if strings.TrimSpace(m.System) == "" || len(m.System) > 60 {
		return nil, bad("system")
	}
	if m.Delimiter != "" && (len(m.Delimiter) != 1 || strings.ContainsAny(m.Delimiter, "\"\r\n")) {
		return nil, bad("delimiter")
	}
	if _, err := time.LoadLocation(m.Zone); err != nil {
		return nil, bad("zone")
	}
	for name, f := range m.Fields {
		if !slices.Contains(Fields, name) || f.From == "" && f.Value == "" {
			return nil, bad(name)
		}
	}
	for _, name := range required {
		if _, ok := m.Fields[name]; !ok {
			return nil, bad(name)
		}
	}
	return m, nil
}

// Record is one case as taken over.
type Record struct {
	Line     int
	Opening  domestic.CaseOpening
	Document *person.Document
	Support  *domestic.Support
	Import   domestic.Import
}

// Problem is why a line is not taken: all that is wrong with it, at once.
type Problem struct {
	Line  int
	Field string
	Value string
	Key   string // catalogue key
}

func (p Problem) String() string { return fmt.Sprintf("%d %s %q: %s", p.Line, p.Field, p.Value, p.Key) }

// Result is a file as read.
type Result struct {
	Records  []Record
	Problems []Problem
	Lines    int
}
