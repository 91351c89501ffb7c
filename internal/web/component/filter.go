package component

import (
	"html/template"
	"maps"
	"net/url"
	"slices"

	"countersign/internal/words"
)

// Chip is a filter in force, with a button that lifts it.
type Chip struct {
	Text  string // what is filtered: "Owner: me"
	Name  string // parameter
	Value string // empty: every value of the parameter
}

// Filter is the form above a list: a GET form, so that a filtered list has an address of its own, can be saved
// and sent to a colleague. Chips are buttons, reached by the keyboard like any other (pain K35).
type Filter struct {
	Words  *words.Catalogue
	URL    *url.URL
	Fields template.HTML // the questions, rendered by the page's form
	Chips  []Chip
	Keep   []string // parameters that the form does not ask but must not lose, such as sort
	Open   bool     // show the questions at once
	Clear  string   // address of the unfiltered list; empty: the path alone
}

func (Filter) partial() string { return "filter" }

// Action is the path that the form asks.
func (f Filter) Action() string {
	if f.URL == nil {
		return "/"
	}
	return f.URL.Path
}

// ClearHref is where every filter is lifted.
func (f Filter) ClearHref() string { return or(f.Clear, f.Action()) }

// Kept are the parameters to keep.
func (f Filter) Kept() []HiddenInput {
	var all []HiddenInput
	for _, name := range f.Keep {
		for _, value := range f.query()[name] {
			all = append(all, HiddenInput{name, value})
		}
	}
	return all
}

func (f Filter) query() url.Values {
	if f.URL == nil {
		return nil
	}
	return f.URL.Query()
}

type chipView struct {
	Chip
	Rest []HiddenInput
}

// Lifts are the chips with everything that stays when one is lifted.
func (f Filter) Lifts() []chipView {
	var all []chipView
	for _, c := range f.Chips {
		v := chipView{Chip: c}
		q := f.query()
		for _, name := range slices.Sorted(maps.Keys(q)) {
			for _, value := range q[name] {
				if name == "page" || name == c.Name && (c.Value == "" || c.Value == value) {
					continue
				}
				v.Rest = append(v.Rest, HiddenInput{name, value})
			}
		}
		all = append(all, v)
	}
	return all
}
