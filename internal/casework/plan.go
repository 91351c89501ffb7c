package casework

import (
	"time"

	"countersign/internal/person"
)

// Plan says which document will serve on the day of travel, until when it has to be renewed, and whether the
// common document may take its place.
type Plan struct {
	Day          person.Date
	Document     *Document // covers the day with the margin
	Short        *Document // the best one that does not
	RenewBy      time.Time // first instant at which a renewal asked for comes too late; zero: not known
	Fallback     bool      // an officer may rely on the common document now
	FallbackFrom time.Time // from when, if silence lasts
}

// DocumentPlan plans for the booked day, or for today.
func DocumentPlan(s State, env Env) Plan {
	country, at := s.Destination, env.Now
	if b := s.booking(); b != nil {
		country, at = b.Country, b.Departs
	}
	p := Plan{Day: person.DateOf(at.In(env.Law.Location()))}
	p.Document = s.document(p.Day, country, env.Law.MarginDays)
	if p.Document == nil {
		p.Short = s.longest(country)
	}
	if t, err := s.term("travel-document", &env); err == nil && t.OnExpiry == "document_deemed" && !t.Due.IsZero() && s.issued() == nil {
		p.FallbackFrom, p.Fallback = t.Due, !env.Now.Before(t.Due) && s.consented()
	}
	if env.Agreement != nil && s.booking() != nil {
		// Asked for at t, a document is there at the end of its limit: step back the same time from the day.
		if t, err := env.Agreement.Term("travel-document", env.Now, TermFacts{Category: s.facts().Category, Tier: s.facts().Tier}); err == nil && !t.Due.IsZero() {
			p.RenewBy = p.Day.First(env.Law.Location()).Add(-t.Due.Sub(env.Now))
		}
	}
	return p
}

func (s *State) longest(country string) *Document {
	var best *Document
	for i := range s.Documents {
		d := &s.Documents[i]
		if !d.Cancelled.Is() && !d.Used && accepts(d, country) && d.ValidUntil.Exact() && (best == nil || best.ValidUntil.Before(d.ValidUntil)) {
			best = d
		}
	}
	return best
}

// EarliestRemoval is the first day of the early-removal scheme for prisoners (NABA 2022 s47): the minimum
// custody is the longer of half the requisite period and that period less one year.
func EarliestRemoval(custodyFrom, requisiteEnd person.Date) person.Date {
	if !custodyFrom.Exact() || !requisiteEnd.Exact() || !custodyFrom.Before(requisiteEnd) {
		return person.Date{}
	}
	from, end := custodyFrom.First(time.UTC), requisiteEnd.First(time.UTC)
	days := int(end.Sub(from) / (24 * time.Hour))
	half := custodyFrom.AddDays((days + 1) / 2)
	if less := person.DateOf(end.AddDate(-1, 0, 0)); half.Before(less) {
		return less
	}
	return half
}
