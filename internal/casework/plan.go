package casework

import (
	"slices"
	"time"

	"countersign/internal/act/domestic"
	"countersign/internal/person"
	"countersign/internal/treaty"
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

// EarliestRemoval is the first day on which a prisoner may be removed before the release, by the rule that is law on the
// day of travel: the minimum custody is the longer of a share of the requisite period and that period less some years
// (NABA 2022 s47). It is zero where no rule is in force or an end of the period is not known.
func EarliestRemoval(law *treaty.Law, o *domestic.Offender, travel person.Date) person.Date {
	from, until := o.RequisiteFrom, o.RequisiteUntil
	i := slices.IndexFunc(law.EarlyRemoval, func(e treaty.EarlyRemovalRule) bool { return e.InForce(travel.String()) })
	if i < 0 || !from.Exact() || !until.Exact() || !from.Before(until) {
		return person.Date{}
	}
	e := &law.EarlyRemoval[i]
	start, end := from.First(time.UTC), until.First(time.UTC)
	days := int(end.Sub(start) / (24 * time.Hour))
	first := from.AddDays((days*e.Share[0] + e.Share[1] - 1) / e.Share[1])
	if less := person.DateOf(end.AddDate(-e.LessYears, 0, 0)); first.Before(less) {
		first = less
	}
	if first.Before(o.EarlyRemovalFrom) {
		return o.EarlyRemovalFrom
	}
	return first
}
