// Package person holds what identifies a human being across documents: names as written, civil dates that
// may be partial, particulars as the treaty forms ask for them, and travel documents. It knows nothing of a
// case, of a barrier, or of why anybody is asked about.
//
// It never guesses: an unknown day stays unknown, and a name stays as the document has it.
package person

import (
	"strings"
	"unicode"
)

// Name is one name as a source writes it.
type Name struct {
	Family string `json:"family"`
	Given  string `json:"given,omitzero"`
	Kind   string `json:"kind,omitzero"` // "" document name, maiden, former, alias
}

// String is the name for display, given names first.
func (n Name) String() string { return strings.TrimSpace(n.Given + " " + n.Family) }

// NameKinds are the kinds that the request form knows (Benelux-Kosovo, annexes 1A/1B).
var NameKinds = []string{"", "maiden", "former", "alias"}

// Sexes as a travel document shows them (ICAO 9303-4: F, M, X).
var Sexes = []string{"F", "M", "X"}

// Particulars are the fields of the request form (agreements, section 7). There is no field for a claim
// for asylum, for health or for anything else that the form does not need.
type Particulars struct {
	Names         []Name   `json:"names"`
	Birth         Date     `json:"birth"`
	BirthPlace    string   `json:"birth_place,omitzero"`
	BirthCountry  string   `json:"birth_country,omitzero"` // ISO 3166-1 alpha-3
	Sex           string   `json:"sex,omitzero"`           // F, M, X; empty: unknown
	Nationalities []string `json:"nationalities"`          // ISO 3166-1 alpha-3, believed
	FatherName    string   `json:"father_name,omitzero"`
	MotherName    string   `json:"mother_name,omitzero"`
	LastResidence string   `json:"last_residence,omitzero"` // in the requested state
	CivilStatus   string   `json:"civil_status,omitzero"`
	Languages     []string `json:"languages,omitzero"` // BCP 47
}

// Main is the name on the document, or the first one.
func (p Particulars) Main() Name {
	for _, n := range p.Names {
		if n.Kind == "" {
			return n
		}
	}
	if len(p.Names) > 0 {
		return p.Names[0]
	}
	return Name{}
}

// Problem names the first field that is missing or impossible, or "" when the particulars can be sent.
func (p Particulars) Problem(today Date) string {
	switch {
	case len(p.Names) == 0 || strings.TrimSpace(p.Main().Family+p.Main().Given) == "":
		return "names"
	case badName(p.Names):
		return "names"
	case p.Birth.Year == 0 || p.Birth.Year < today.Year-130 || today.Before(p.Birth):
		return "birth"
	case p.Sex != "" && p.Sex != "F" && p.Sex != "M" && p.Sex != "X":
		return "sex"
	case p.BirthCountry != "" && !Alpha3(p.BirthCountry):
		return "birth_country"
	case len(p.Nationalities) == 0:
		return "nationalities"
	}
	for _, n := range p.Nationalities {
		if !Alpha3(n) {
			return "nationalities"
		}
	}
	return ""
}

func badName(names []Name) bool {
	for _, n := range names {
		for _, r := range n.Family + n.Given + n.Kind {
			if unicode.IsControl(r) || unicode.IsDigit(r) {
				return true
			}
		}
	}
	return false
}

// Alpha3 tells whether s has the form of an ISO 3166-1 alpha-3 code (ICAO adds XXA, XXB, XXC, XXX).
func Alpha3(s string) bool {
	if len(s) != 3 {
		return false
	}
	for _, r := range s {
		if r < 'A' || r > 'Z' {
			return false
		}
	}
	return true
}
