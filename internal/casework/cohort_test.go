package casework

import (
	"slices"
	"testing"

	"countersign/internal/act/domestic"
	"countersign/internal/person"
)

// Each case is counted once, under its own route and place, in the period of its encounter, at every stage.
func TestCohorts(t *testing.T) {
	met := func(route, place string, day int) domestic.Encounter {
		return domestic.Encounter{Route: route, Place: place, Date: person.On(2023, 3, day)}
	}
	stages := map[string]func(*world){"asked": (*world).requested, "agreed": (*world).agreed, "returned": (*world).returned}
	c := Cohorts{From: person.On(2023, 3, 1), To: person.On(2023, 3, 31)}
	for _, x := range []struct {
		stage string
		at    domestic.Encounter
	}{{"asked", met("small-boat", "Dover", 1)}, {"agreed", met("small-boat", " Dover ", 31)}, {"returned", met("prison", "Wandsworth", 2)}, {"asked", met("small-boat", "Ramsgate", 5)}} {
		w := newWorld(t)
		stages[x.stage](w)
		s := w.gb.state()
		s.Encounter = x.at
		c.Add(s.Met())
	}
	w := newWorld(t)
	w.requested()
	w.al.must("readmission-officer", ReplyRefuse{Reason: "not-a-national"})
	w.sync()
	refused := w.gb.state()
	refused.Encounter = met("small-boat", "Dover", 9)
	c.Add(refused.Met())
	for _, day := range []person.Date{person.On(2023, 2, 28), person.On(2023, 4, 1)} {
		refused.Encounter.Date = day
		c.Add(refused.Met())
	}
	want := []Cohort{{Route: "small-boat", Place: "Dover", Met: 3, Asked: 3, Confirmed: 1, Refused: 1, Waiting: 3},
		{Route: "small-boat", Place: "Ramsgate", Met: 1, Asked: 1, Waiting: 1}, {Route: "prison", Place: "Wandsworth", Met: 1, Asked: 1, Confirmed: 1, Returned: 1}}
	if got := c.Rows(); !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
}
