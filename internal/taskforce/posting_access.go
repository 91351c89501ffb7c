package taskforce

import (
	"time"

	"countersign/internal/act"
)

// Session is the host's own evidence that access began or ended.
type Session struct {
	Open       bool
	At         time.Time
	Why        string
	Interfaces []string
}

// Access is whether a posted officer may use the host's node at an instant, and why (a catalogue key).
type Access struct {
	Open   bool
	Why    string
	Begins time.Time // first instant of the accredited period; zero: not accredited
	Ends   time.Time // first instant after it, or of the recall
}

// AccessAt tells whether the posting gives access at an instant. Nobody opens or closes it: it follows from the
// acts, the day and the mandate, so it begins and ends with the posting by itself. zone is the host's.
func (s State) AccessAt(id act.ID, at time.Time, zone *time.Location) Access {
	p := s.Postings[id]
	if p == nil || p.Accredited == nil {
		return Access{Why: "taskforce.access.not-accredited"}
	}
	a := Access{Begins: dayStart(p.Accredited.From, 0, zone), Ends: dayStart(p.Accredited.Until, 1, zone)}
	if p.Recalled != nil && p.Recalled.known.Before(a.Ends) {
		a.Ends = p.Recalled.known
	}
	a.Why = s.closed(p, a, at, zone)
	a.Open = a.Why == ""
	if a.Open {
		a.Why = "taskforce.access.open"
	}
	return a
}

// closed names the first reason why there is no access, or is empty.
func (s State) closed(p *Posting, a Access, at time.Time, zone *time.Location) string {
	day := at.In(zone).Format(time.DateOnly)
	mandate := s.Measures[p.Terms.Mandate]
	switch {
	case p.Recalled != nil && !at.Before(p.Recalled.known):
		return "taskforce.access.recalled"
	case !at.Before(a.Ends):
		return "taskforce.access.ended"
	case at.Before(a.Begins):
		return "taskforce.access.not-begun"
	case p.Consent == nil || !*p.Consent || !p.vettedByBoth():
		return "taskforce.access.not-accredited"
	case p.Rules == nil:
		return "taskforce.access.rules"
	case !p.trained("data-protection") || !p.trained("fundamental-rights"):
		return "taskforce.access.training"
	case mandate == nil || !mandate.InForce(day):
		return "taskforce.access.mandate"
	}
	return ""
}

// NextChange is the next instant after at when access may change by itself: the node wakes up then and closes
// what is open. Zero: never. Recalls and changes of the mandate come as acts.
func (s State) NextChange(id act.ID, at time.Time, zone *time.Location) time.Time {
	p := s.Postings[id]
	if p == nil || p.Accredited == nil {
		return time.Time{}
	}
	var next time.Time
	note := func(t time.Time) {
		if t.After(at) && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	note(dayStart(p.Accredited.From, 0, zone))
	note(dayStart(p.Accredited.Until, 1, zone))
	if p.Recalled != nil {
		note(p.Recalled.known)
	}
	if m := s.Measures[p.Terms.Mandate]; m != nil {
		note(dayStart(m.Terms().From, 0, zone))
		for _, a := range m.Agreed {
			note(dayStart(effective(a), 0, zone))
			if t := termsOf(a); t != nil {
				note(dayStart(t.Until, 1, zone))
			}
		}
	}
	return next
}

// PostedAs finds the posting under which an officer acts at an instant, so that every act can show the
// officer's own state. Nil: not posted.
func (s State) PostedAs(officer act.ID, at time.Time, zone *time.Location) *Posting {
	for _, p := range s.Programme() {
		if p.named(officer) && s.AccessAt(p.ID, at, zone).Open {
			return p
		}
	}
	return nil
}

func (p *Posting) vettedByBoth() bool { return p.Vetted[p.Terms.Home] && p.Vetted[p.Terms.Host] }

func (p *Posting) trained(course string) bool {
	for _, t := range p.Trainings {
		if t.Course == course {
			return true
		}
	}
	return false
}

// dayStart is midnight at the beginning of a day, n days later, in a zone. time.Date finds the right offset on
// days when the clocks change.
func dayStart(day string, n int, zone *time.Location) time.Time {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return time.Time{}
	}
	return time.Date(t.Year(), t.Month(), t.Day()+n, 0, 0, 0, 0, zone)
}
