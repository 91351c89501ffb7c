package press

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"countersign/internal/statistics"
)

// mention is a country that a sentence names, and as what.
type mention struct {
	country statistics.Country
	as      role
}

type role string

const (
	nationality role = "of"    // “Albanians”, “shtetas të Shqipërisë”
	destination role = "to"    // “returned to Albania”
	place       role = "place" // “in Albania”, “the Albanian government”
)

var (
	wordsOf    = expression(`\pL[\pL’'-]*`)
	peopleOf   = expression(`(?i)(?:nationals?|citizens?|people|persons|those|returnees|migrants|individuals|offenders|shtetas\pL*|qytetarë\pL*|persona\pL*|njerëz|ata|ardhur)(?: \pL+)? (?:of|from|të|nga|e)(?: the)? ?$`)
	toPlace    = expression(`(?i)(?:(?:^|[^\pL])to|drejt|për në|(?:kthy\pL*|kthime\pL*|kthimi\pL*|rikthy\pL*|larg\pL*)[^.;]{0,50}? në)(?: the)? ?$`)
	notTo      = expression(`(?i)(?:according|thanks|due|related|visit|visits|travelled|letter|said) to(?: the)? ?$`)
	authority  = expression(`(?i)^ ?(?:government|authorit|police|state|border|embassy|minister|ministry|officials?\b|language|lek\b|prime|side|counterpart|delegation|capital|parliament|president|consul|ambassador|media|press\b|law|court|interior|foreign minist)`)
	authoritet = expression(`(?i)(?:qeveri\pL*|polici\pL*|autoritet\pL*|ambasad\pL*|ministri\pL*|ministr\pL*|shteti(?:t|n)?|gjuh\pL*|pala|palën|palës|zyrtar\pL*|kryeministr\pL*|delegacion\pL*|konsull\pL*|ligj\pL*|parlament\pL*|president\pL*|krahu) $`)
)

// mentions finds the countries that a text names. English names begin with a capital; Albanian ones of peoples do not.
func mentions(text string, lang Lang) []mention {
	var all []mention
	at := wordsOf.FindAllStringIndex(text, -1)
	for i := 0; i < len(at); i++ {
		first, _ := utf8.DecodeRuneInString(text[at[i][0]:])
		capital := unicode.IsUpper(first)
		if !capital && lang == English {
			continue
		}
		for n := min(5, len(at)-i); n >= 1; n-- {
			from, to := at[i][0], at[i+n-1][1]
			if n > 1 && (!capital || strings.ContainsAny(text[from:to], ",.;:()|")) {
				continue
			}
			name := strings.TrimSuffix(strings.TrimSuffix(text[from:to], "’s"), "'s")
			named, ok := statistics.Named(strings.Trim(name, "’'"))
			if !ok || !named.People && !capital {
				continue
			}
			all = append(all, mention{named.Country, roleOf(named, text, from, to)})
			i += n - 1
			break
		}
	}
	return all
}

func roleOf(n statistics.Naming, text string, from, to int) role {
	before, after := strings.ReplaceAll(tail(text, from, 80), "\n", " "), strings.ReplaceAll(text[to:], "\n", " ")
	switch {
	case n.People && (authority.MatchString(after) || authoritet.MatchString(before)):
		return place
	case n.People, peopleOf.MatchString(before):
		return nationality
	case toPlace.MatchString(before) && !notTo.MatchString(before):
		return destination
	}
	return place
}

// countries lists the distinct countries that are named in a role.
func countries(all []mention, as role) []statistics.Country {
	var found []statistics.Country
	seen := map[statistics.Country]bool{}
	for _, m := range all {
		if m.as == as && !seen[m.country] {
			seen[m.country] = true
			found = append(found, m.country)
		}
	}
	return found
}

// population is the one nationality or destination of the words behind the number, else of its sentence,
// else what earlier words leave standing.
func (r *reader) population(c *Claim, st *Statement, near string) {
	sentence, ok := r.named[st.Sentence]
	if !ok {
		sentence = mentions(r.d.text(r.d.sentences[st.Sentence]), r.lang)
		r.named[st.Sentence] = sentence
	}
	of, to := countries(sentence, nationality), countries(sentence, destination)
	if here := countries(mentions(near, r.lang), nationality); len(here) == 1 {
		of = here
	}
	for _, p := range countries(sentence, place) { // “Germany returned 954 Albanians”
		if !(len(of) > 0 && p == of[0] || len(to) > 0 && p == to[0] || len(of)+len(to) == 0 && p == r.ctx.population.Nationality) {
			c.miss("place " + string(p))
		}
	}
	switch {
	case len(of) > 1 || len(to) > 1:
		c.miss("population")
		return
	case len(of) == 1 && len(to) == 1:
		c.miss("of-or-to")
		return
	case len(of) == 1:
		c.Population.Nationality = of[0]
	case len(to) == 1:
		c.Population.Destination = to[0]
	case r.ctx.population != (statistics.Population{}):
		c.Population = r.ctx.population
		c.Carried = append(c.Carried, "population")
		return
	default:
		c.miss("population")
		return
	}
	r.ctx.population = c.Population
}
