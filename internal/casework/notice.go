package casework

import (
	"slices"
	"strings"
	"time"

	"countersign/internal/treaty"
)

// testNotice asks that the papers of one notice route were served, understood, on the person and on the
// representative, for this destination and these stops, and that the journey departs when the route allows
// (IAA 1999 ss 10A-10E). Nothing departs inside a notice period. Whoever leaves of their own will is not
// removed, and needs no notice.
func testNotice(s *State, env *Env) (Status, string, time.Time, time.Time) {
	if s.willing() || s.Route == VerifiedDeparture {
		return GateOpen, notNeeded, time.Time{}, time.Time{}
	}
	n := s.notice(env)
	return n.Status, n.Why, n.Start, n.End
}

// Notice is the state of the notice clock.
type Notice struct {
	Status Status
	Why    string // message key
	Route  *treaty.NoticeRule
	Start  time.Time // what the limit counts from
	End    time.Time // first instant after the limit
	Term   Term
}

// NoticeClock says which notice route runs, from when and until when.
func NoticeClock(s State, env Env) Notice { return s.notice(&env) }

func (s *State) notice(env *Env) Notice {
	last := s.lastService()
	if last == nil {
		return Notice{Status: GateClosed, Why: "case.gate.no-notice"}
	}
	route, ok := env.Law.Notice(last.Route)
	if !ok || !route.InForce(env.Now.In(env.Law.Location()).Format(time.DateOnly)) || env.Removal == nil {
		return Notice{Status: GateUnknown, Why: "case.gate.no-notice-law"}
	}
	n := Notice{Route: route}
	n.Start, n.Why = s.noticeStart(env, route)
	if n.Why != "" {
		n.Status = GateClosed
		return n
	}
	if route.Starts == "original" {
		n.Start = last.Original
	}
	var err error
	if n.Term, err = env.Removal.Term(route.Rule, n.Start, TermFacts{Part: last.Part}); err != nil {
		n.Status, n.Why = GateUnknown, "case.gate.no-notice-law"
		return n
	}
	n.End = n.Term.Due
	n.Status, n.Why = s.insideNotice(route, n.End)
	return n
}

func (s *State) insideNotice(route *treaty.NoticeRule, end time.Time) (Status, string) {
	b := s.booking() // noticeStart has found it
	switch {
	case route.Bound == "at_least" && b.Departs.Before(end):
		return GateClosed, "case.gate.notice-running"
	case route.Bound == "at_most" && !b.Departs.Before(end):
		return GateClosed, "case.gate.notice-over"
	}
	return GateOpen, "case.gate.clear"
}

// counts tells whether a service counts: a paper in a language that the person understands, read aloud or
// handed over, understood, and how that was checked, with proof. A representative reads.
func counts(v *Served) bool {
	if v.Proof == "" {
		return false
	}
	return v.To == "representative" || v.Understood && v.Checked != "" && v.Language != ""
}

// lastService is the last paper that counts for the person.
func (s *State) lastService() *Served {
	for i := len(s.Served) - 1; i >= 0; i-- {
		if s.Served[i].To == "person" && counts(&s.Served[i]) && s.Served[i].Route != "" {
			return &s.Served[i]
		}
	}
	return nil
}

// noticeStart is when the clock of a route started: the later of the proven services on the person and on
// the representative. It returns why not, if something is missing.
func (s *State) noticeStart(env *Env, route *treaty.NoticeRule) (time.Time, string) {
	start, why := s.servedOn(env, "person", route)
	if why != "" || s.Support.Representative == "" {
		return start, why
	}
	other, why := s.servedOn(env, "representative", route)
	if why != "" {
		return other, "case.gate.representative-not-served"
	}
	if other.After(start) {
		start = other
	}
	return start, ""
}

// servedOn walks through what was served on one addressee. A changed destination or an added stop starts the
// notice period again (IAA 1999 s10A(6)); a new date for the same journey does not.
func (s *State) servedOn(env *Env, to string, route *treaty.NoticeRule) (start time.Time, why string) {
	b := s.booking()
	if b == nil {
		return start, "case.gate.no-journey"
	}
	var have []string
	var details *Served
	for i := range s.Served {
		v := &s.Served[i]
		if v.To != to || !counts(v) || !slices.Contains([]string{route.ID, ""}, v.Route) && !route.Same {
			continue
		}
		if slices.Contains(v.Papers, "departure-details") {
			if details != nil && (details.Destination != v.Destination || !covers(details.Stops, v.Stops)) {
				start = v.Service.At
			}
			details = v
		}
		if v.Destination != b.Country {
			continue
		}
		for _, p := range v.Papers {
			if !slices.Contains(have, p) {
				have = append(have, p)
				if p != "departure-details" { // details name the journey; the intention starts the period
					start = later(start, v.Service.At)
				}
			}
		}
	}
	for _, p := range route.Papers {
		if !slices.Contains(have, p) {
			return start, "case.gate.no-notice"
		}
	}
	switch {
	case route.Same && !s.toldBefore(to, route, b):
		return start, "case.gate.no-notice"
	case details == nil, details.Destination != b.Country, !covers(details.Stops, b.Stops):
		return start, "case.gate.notice-other-journey"
	case !sameDay(details.Departs, b.Departs, env.Law.Location()):
		return start, "case.gate.notice-other-journey"
	}
	return start, ""
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// covers tells whether every stop of the journey was told.
func covers(told, stops []string) bool {
	for _, p := range stops {
		if !slices.ContainsFunc(told, func(t string) bool { return strings.EqualFold(t, p) }) {
			return false
		}
	}
	return true
}

// toldBefore tells whether an earlier notice under another route named the same destination and stops, as
// the routes after a failed removal, a priority notice or a review ask.
func (s *State) toldBefore(to string, route *treaty.NoticeRule, b *Booking) bool {
	return slices.ContainsFunc(s.Served, func(v Served) bool {
		return v.To == to && counts(&v) && v.Route != route.ID && v.Destination == b.Country && covers(v.Stops, b.Stops)
	})
}

// sameDay compares the civil days of two times in a zone.
func sameDay(a, b time.Time, zone *time.Location) bool {
	return !a.IsZero() && a.In(zone).Format(time.DateOnly) == b.In(zone).Format(time.DateOnly)
}
