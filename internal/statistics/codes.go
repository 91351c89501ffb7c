package statistics

import (
	_ "embed"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
)

// Codes of the dimensions. Labels drift from edition to edition (facts: 24 nationalities were renamed and
// the age bands relabelled in 2023), so counts are held by code and labels are dated data.
type (
	Group     string // enforced, voluntary, port: a partition of all returns
	Type      string // a type lies in exactly one group
	Age       string
	Sex       string
	DestGroup string // home country, EU member state, other country
	Country   string // nationality or destination: two different questions on one code list
	Region    string // follows from the nationality
)

const (
	Enforced  Group = "enforced"
	Voluntary Group = "voluntary"
	Port      Group = "port"
)

// Groups is the partition in the order in which tables show it.
var Groups = []Group{Enforced, Voluntary, Port}

//go:embed codes.json
var codesFile []byte

//go:embed countries.json
var countriesFile []byte

// Name is one label of a code and the editions in which it is used.
type Name struct {
	Label string `json:"label"`
	From  string `json:"from,omitzero"` // first publication date that uses it; empty: always did
	To    string `json:"to,omitzero"`   // last day on which it was in use
}

// Code is one entry of a code list.
type Code struct {
	Code    string        `json:"code"`
	Within  Group         `json:"within,omitzero"` // of a type: its group
	Names   []Name        `json:"names"`
	Regions []DatedRegion `json:"regions,omitzero"` // of a country
	English string        `json:"en,omitzero"`
	Sq      string        `json:"sq,omitzero"`
}

// DatedRegion is the region of a country, with the editions that count it there.
type DatedRegion struct {
	Region Region `json:"region"`
	From   string `json:"from,omitzero"`
	To     string `json:"to,omitzero"`
}

// List is a code list of one dimension.
type List struct {
	Name   string
	Codes  []Code
	labels map[string]int
	codes  map[string]int
}

// CodeLists is every dimension's list.
type CodeLists struct {
	Groups, Types, Ages, Sexes, DestGroups, Countries List
}

// Lists reads the embedded code lists once. They are data of this program: a fault in them is a fault of
// the build, which the package's tests find.
var Lists = sync.OnceValue(func() *CodeLists {
	var f struct {
		Groups     []Code `json:"groups"`
		Types      []Code `json:"types"`
		Ages       []Code `json:"ages"`
		Sexes      []Code `json:"sexes"`
		DestGroups []Code `json:"destination_groups"`
	}
	var countries []Code
	if err := json.Unmarshal(codesFile, &f, json.RejectUnknownMembers(true)); err != nil {
		panic("statistics: codes.json: " + err.Error())
	}
	if err := json.Unmarshal(countriesFile, &countries, json.RejectUnknownMembers(true)); err != nil {
		panic("statistics: countries.json: " + err.Error())
	}
	return &CodeLists{
		Groups: newList("return_type_group", f.Groups), Types: newList("return_type", f.Types),
		Ages: newList("age", f.Ages), Sexes: newList("sex", f.Sexes),
		DestGroups: newList("destination_group", f.DestGroups), Countries: newList("country", countries),
	}
})

func newList(name string, codes []Code) List {
	l := List{Name: name, Codes: codes, labels: map[string]int{}, codes: map[string]int{}}
	for i, c := range codes {
		l.codes[c.Code] = i
		for _, n := range c.Names {
			l.labels[n.Label] = i
		}
	}
	return l
}

// Index returns the place of a code in its list.
func (l *List) Index(code string) (int, bool) { i, ok := l.codes[code]; return i, ok }

// ByLabel returns the place of the code that bears a label in files published on a date. Known tells that
// the label exists; used is false when it is not in use in that edition.
func (l *List) ByLabel(label string, published time.Time) (i int, known, used bool) {
	i, known = l.labels[label]
	if !known {
		return 0, false, false
	}
	for _, n := range l.Codes[i].Names {
		if n.Label == label && inForce(n.From, n.To, published) {
			return i, true, true
		}
	}
	return i, true, false
}

func inForce(from, to string, on time.Time) bool {
	day := on.Format(time.DateOnly)
	return (from == "" || from <= day) && (to == "" || day <= to)
}

// Label is what an edition of a date calls the code.
func (c *Code) Label(published time.Time) string {
	for _, n := range c.Names {
		if inForce(n.From, n.To, published) {
			return n.Label
		}
	}
	return c.Names[len(c.Names)-1].Label
}

// Text is what a person reads, in English or Albanian ("sq"); countries have the official label only.
func (c *Code) Text(lang string) string {
	switch {
	case lang == "sq" && c.Sq != "":
		return c.Sq
	case c.English != "":
		return c.English
	}
	return c.Names[len(c.Names)-1].Label
}

// Region is the region under which an edition of a date counts a country.
func (c *Code) Region(published time.Time) Region {
	for _, r := range c.Regions {
		if inForce(r.From, r.To, published) {
			return r.Region
		}
	}
	return ""
}

// GroupOf returns the group of a type, or "" for an unknown type.
func GroupOf(t Type) Group {
	l := Lists()
	if i, ok := l.Types.Index(string(t)); ok {
		return l.Types.Codes[i].Within
	}
	return ""
}

// Nearest returns the known label closest to an unknown one, for the message that refuses it.
func (l *List) Nearest(label string) string {
	best, near := "", 1<<30
	for _, c := range l.Codes {
		for _, n := range c.Names {
			if d := distance(label, n.Label); d < near {
				best, near = n.Label, d
			}
		}
	}
	return best
}

// distance is the Levenshtein distance over runes, bounded input.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	if len(x) > 80 {
		x = x[:80]
	}
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		diagonal := row[0]
		row[0] = i + 1
		for j := range y {
			cost := diagonal
			if x[i] != y[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(y)]
}
