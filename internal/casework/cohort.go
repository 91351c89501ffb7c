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

// Met is what a case adds to the cohort of its own encounter. Somebody met twice has two encounters and two cases; who
// they are is not looked at.
type Met struct {
	Route     string      `json:"route,omitzero"`
	Place     string      `json:"place,omitzero"`
	Date      person.Date `json:"date,omitzero"`
	Asked     bool        `json:"asked,omitzero"`
	Confirmed bool        `json:"confirmed,omitzero"`
	Refused   bool        `json:"refused,omitzero"`
	Silent    bool        `json:"silent,omitzero"`
	Returned  bool        `json:"returned,omitzero"`
	Waiting   bool        `json:"waiting,omitzero"`
}

// Met is the case's own encounter and what came of it; of a case without one it is zero.
func (s State) Met() Met {
	met := s.Encounter
	if met.Route == "" {
		return Met{}
	}
	o := s.outcome()
	return Met{Route: met.Route, Place: strings.Join(strings.Fields(met.Place), " "), Date: met.Date, Asked: s.Request.Is(),
		Confirmed: s.Reply.Is() && s.Reply.Positive, Refused: s.Reply.Is() && !s.Reply.Positive, Silent: s.Relied.Is() && !s.Reply.Is(),
		Returned: o == Returned || o == Left, Waiting: o == Open}
}

// Add counts one case, once, under its own encounter.
func (c *Cohorts) Add(met Met) {
	if met.Route == "" || !c.From.IsZero() && met.Date.Before(c.From) || !c.To.IsZero() && c.To.Before(met.Date) {
		return
	}
	key := [2]string{met.Route, met.Place}
	row := c.rows[key]
	if row == nil {
		if c.rows == nil {
			c.rows = map[[2]string]*Cohort{}
		}
		row = &Cohort{Route: key[0], Place: key[1]}
		c.rows[key] = row
	}
	row.add(met)
}

func (c *Cohort) add(met Met) {
	count := func(n *int, yes bool) {
		if yes {
			*n++
		}
	}
	count(&c.Met, true)
	count(&c.Asked, met.Asked)
	count(&c.Confirmed, met.Confirmed)
	count(&c.Refused, met.Refused)
	count(&c.Silent, met.Silent)
	count(&c.Returned, met.Returned)
	count(&c.Waiting, met.Waiting)
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
