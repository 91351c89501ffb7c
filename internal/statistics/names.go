package statistics

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"github.com/go-json-experiment/json"
)

//go:embed demonyms.json
var demonymsFile []byte

// Naming is what a name stands for: the country as a place, or its people.
type Naming struct {
	Country Country
	People  bool
}

// names maps every form of a name, in lower case, to what it stands for: official labels of all editions,
// other names in use, English demonyms, and Albanian names with their case endings.
var names = sync.OnceValue(func() map[string]Naming {
	var people []struct {
		Code   Country  `json:"code"`
		En     []string `json:"en"`
		Sq     []string `json:"sq"`
		Places []string `json:"places"`
	}
	if err := json.Unmarshal(demonymsFile, &people, json.RejectUnknownMembers(true)); err != nil {
		panic("statistics: demonyms.json: " + err.Error())
	}
	m := map[string]Naming{}
	put := func(form string, n Naming) {
		form = strings.ToLower(form)
		if _, taken := m[form]; !taken {
			m[form] = n
		}
	}
	all := Lists().Countries.Codes
	for _, c := range all {
		for _, n := range c.Names {
			put(n.Label, Naming{Country(c.Code), false})
		}
		put(c.Sq, Naming{Country(c.Code), false})
	}
	for _, p := range people {
		for _, s := range p.Places {
			put(s, Naming{p.Code, false})
		}
		for _, s := range p.En {
			put(s, Naming{p.Code, true})
			put(s+"s", Naming{p.Code, true})
		}
	}
	for _, c := range all { // after the exact names, so that “Nigeri” stays Niger
		stem, rest, _ := strings.Cut(c.Sq, " ")
		for _, ending := range []string{"ja", "a", "u", "i"} {
			if s, ok := strings.CutSuffix(stem, ending); ok && len(s) > 2 {
				stem = s
				break
			}
		}
		if stem == "" || slices.Contains([]string{"Ishuj", "Ishull", "Republik", "Pa", "Shën", "Shtetet"}, stem) {
			continue
		}
		for _, ending := range placeEndings {
			put(strings.TrimSpace(stem+ending+" "+rest), Naming{Country(c.Code), false})
		}
	}
	for _, p := range people {
		for _, s := range p.Sq {
			for _, ending := range peopleEndings {
				put(s+ending, Naming{p.Code, true})
			}
		}
	}
	delete(m, "")
	return m
})

// Endings of Albanian nouns in the cases in which texts name places and people.
var (
	placeEndings  = []string{"", "i", "u", "a", "ja", "ë", "it", "ut", "in", "un", "ës", "së", "jës", "ën", "në", "jën", "t", "ve", "ët", "ëve"}
	peopleEndings = []string{"", "ë", "e", "i", "u", "ja", "a", "ët", "ëve", "ësh", "et", "eve", "in", "un", "it", "ut", "en", "es", "jen", "jes", "at", "ave"}
)

// Named tells what a name stands for, in any case of letters. It knows a country's code too.
func Named(name string) (Naming, bool) {
	name = strings.Join(strings.Fields(name), " ")
	if n, ok := names()[strings.ToLower(name)]; ok {
		return n, true
	}
	list := &Lists().Countries
	if i, ok := list.Index(strings.ToLower(name)); ok {
		return Naming{Country: Country(list.Codes[i].Code)}, true
	}
	return Naming{}, false
}
