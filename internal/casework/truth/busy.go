package truth

import (
	"slices"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/casework"
	"countersign/internal/treaty"
)

// Busy is a long case one hour before its departure, with everything in order: the acts of the table's first row,
// and as many movements of its travel document and words at the last point as make n acts.
func Busy(law *treaty.Law, n int) ([]act.Event, casework.Env) {
	f := Facts{Law: law.ID}
	dims := dimensions(law)
	var events []act.Event
	for _, d := range dims[:len(dims)-1] {
		d.set(&f, 0)
		if d.acts != nil {
			events = append(events, d.acts(&f)...)
		}
	}
	start := now.Add(-50 * time.Minute)
	for i := 0; len(events) < n; i++ {
		at := start.Add(time.Duration(i) * time.Second)
		e := event(domestic.DocumentMoved, &domestic.DocumentMove{Number: "LP1", Holder: "escort", Place: "van"}, at)
		if i%2 == 1 {
			e = latest(events, at)
		}
		events = append(events, e)
	}
	return events, casework.Env{Now: now, By: officer, Own: "gb", Law: law, Agreement: limits{true}, Removal: limits{true}}
}

// latest is the last attestation, given again.
func latest(events []act.Event, at time.Time) act.Event {
	for _, e := range slices.Backward(events) {
		if e.Kind == domestic.GatesAttested {
			return event(domestic.GatesAttested, e.Body, at)
		}
	}
	return event(domestic.DocumentMoved, &domestic.DocumentMove{Number: "LP1", Holder: "escort"}, at)
}
