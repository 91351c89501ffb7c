package casework

import (
	"cmp"
	"slices"
	"strings"

	"countersign/internal/person"
)

// Cohort counts what became of the people met on a route of encounter at a place, so that “increased verifications”
// has a denominator: how many were met, of how many the other state was asked, and what came of it. It counts cases
// and never scores anybody.
type Cohort struct {
	Route, Place                                              string
	Met, Asked, Confirmed, Refused, Silent, Returned, Waiting int
}

// Cohorts counts the cases whose encounter was in a period of days, the last one included. The zero dates ask nothing.
type Cohorts struct {
	From, To person.Date
	rows     map[[2]string]*Cohort
}

// Add counts one case, once, under its own encounter. Somebody met twice has two encounters and two cases; who they
// are is not looked at.
func (c *Cohorts) Add(s *State) {
	met := s.Encounter
	if met.Route == "" || !c.From.IsZero() && met.Date.Before(c.From) || !c.To.IsZero() && c.To.Before(met.Date) {
		return
	}
	key := [2]string{met.Route, strings.Join(strings.Fields(met.Place), " ")}
	row := c.rows[key]
	if row == nil {
		if c.rows == nil {
			c.rows = map[[2]string]*Cohort{}
		}
		row = &Cohort{Route: key[0], Place: key[1]}
		c.rows[key] = row
	}
	row.add(s)
}

func (c *Cohort) add(s *State) {
	count := func(n *int, yes bool) {
		if yes {
			*n++
		}
	}
	o := s.outcome()
	count(&c.Met, true)
	count(&c.Asked, s.Request.Is())
	count(&c.Confirmed, s.Reply.Is() && s.Reply.Positive)
	count(&c.Refused, s.Reply.Is() && !s.Reply.Positive)
	count(&c.Silent, s.Relied.Is() && !s.Reply.Is())
	count(&c.Returned, o == Returned || o == Left)
	count(&c.Waiting, o == Open)
}

// Rows are the cohorts in the order of the routes, then of the places.
func (c *Cohorts) Rows() []Cohort {
	list := make([]Cohort, 0, len(c.rows))
	for _, r := range c.rows {
		list = append(list, *r)
	}
	slices.SortFunc(list, func(a, b Cohort) int {
		return cmp.Or(slices.Index(EncounterRoutes, a.Route)-slices.Index(EncounterRoutes, b.Route), strings.Compare(a.Place, b.Place))
	})
	return list
}
