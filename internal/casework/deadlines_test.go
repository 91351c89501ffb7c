package casework

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/fault"
	"countersign/internal/person"
	"countersign/internal/treaty"

	"github.com/go-json-experiment/json"
)

// told are terms that end a day after they start, and note what they were asked.
type told struct{ asked *[]asked }

type asked struct {
	rule  string
	start time.Time
	facts TermFacts
}

func (told) InForce(time.Time) bool { return true }

func (x told) Term(rule string, start time.Time, f TermFacts) (Term, error) {
	if x.asked != nil {
		*x.asked = append(*x.asked, asked{rule, start, f})
	}
	return Term{Due: start.AddDate(0, 0, 1), OnExpiry: "deemed_consent", Basis: "Art. 1", StandIn: true, Trace: "why"}, nil
}

// did is an act that happened on an hour and was countersigned an hour later; hours count from monday.
func did(id string, hour int) Mark {
	return Mark{ID: act.ID(id), At: hourly(hour), Receipt: hourly(hour + 1)}
}

func hourly(n int) time.Time { return monday.Add(time.Duration(n) * time.Hour) }

// under is an application that the other state has.
func under() State {
	return State{Case: "c", Requesting: "gb", Requested: "al", Route: Readmission, Destination: "ALB", Request: Request{Mark: did("request", 1)}}
}

func termEnv(own string, now time.Time) Env {
	return Env{Now: now, Own: own, Law: law("gb"), By: act.Officer{ID: "o", Authority: own, Role: "caseworker"}, Agreement: told{}, Removal: told{}}
}

// What the choice of a limit hangs on: the strongest evidence, the category, the part, what stopped the clock.
func TestTermFacts(t *testing.T) {
	proof := []string{"passport", "laissez-passer", "identity-card", "military-id", "seamans-book", "consular-card", "register-hit", "visa-hit"}
	for _, e := range append([]string{"", "own-statement", "passport-copy", "driving-licence"}, proof...) {
		s := under()
		if e != "" {
			s.Request.Evidence = []joint.Evidence{{Type: "own-statement"}, {Type: e}, {Type: "passport-copy"}}
		}
		want := "prima_facie"
		if slices.Contains(proof, e) {
			want = "proof"
		}
		if got := s.facts().Tier; got != want {
			t.Errorf("%q is %s, want %s", e, got, want)
		}
	}
	s := under()
	s.Part = "SCT"
	if f := s.facts(); f.Category != "national" || f.Part != "SCT" || f.Extended || f.Stopped != nil {
		t.Errorf("%+v", f)
	}
	s.Request.Category, s.Extension = "stateless", did("x", 2)
	s.Questions = []Question{{Asked: did("q", 3), Given: did("g", 5)}, {Asked: Mark{ID: "q2", At: hourly(7)}}}
	f := s.facts()
	if f.Category != "stateless" || !f.Extended || !slices.Equal(f.Stopped, []Span{{hourly(4), hourly(6)}, {hourly(7), time.Time{}}}) {
		t.Errorf("%+v", f)
	}
}

// Only the limit to reply is stopped and extended; a limit without an agreement or a start is refused.
func TestTermOfARule(t *testing.T) {
	var list []asked
	s := under()
	s.Extension, s.Questions = did("x", 2), []Question{{Asked: did("q", 3), Given: did("g", 5)}}
	env := termEnv("gb", hourly(9))
	env.Agreement = told{&list}
	for _, rule := range []string{"reply", "register-check"} {
		if _, err := s.term(rule, &env); err != nil {
			t.Fatal(err)
		}
	}
	if !list[0].facts.Extended || len(list[0].facts.Stopped) != 1 || list[1].facts.Extended || list[1].facts.Stopped != nil || !list[1].start.Equal(hourly(2)) {
		t.Errorf("%+v", list)
	}
	if _, err := s.term("transfer", &env); fault.KeyOf(err) != "fault.case.not-started" || fault.ArgsOf(err)["rule"] != "transfer" {
		t.Errorf("%v", err)
	}
	env.Agreement = nil
	if _, err := s.term("reply", &env); fault.KeyOf(err) != "fault.case.no-effect" || fault.KindOf(err) != fault.Missing {
		t.Errorf("%v", err)
	}
}

// When each limit starts: on receipt, which is the countersignature; from the day on which silence took effect; from the
// handover itself.
func TestLimitsStart(t *testing.T) {
	replied, relied, asked, unasked := under(), under(), under(), under()
	replied.Reply = Reply{Mark: did("reply", 4), Positive: true}
	relied.Relied, relied.ReliedDue = did("relied", 8), hourly(7)
	both := relied
	both.Reply = Reply{Mark: did("reply", 4), Positive: true}
	asked.DocumentAsked = did("document", 5)
	transit := State{Case: "c", Requesting: "gb", Requested: "al", Transit: &Transit{Mark: did("transit", 3)}}
	over := transit
	ended := *transit.Transit
	ended.Ended = did("x", 4)
	over.Transit = &ended
	returned := under()
	returned.Accepted = &Accepted{Mark: Mark{ID: "a", At: hourly(6)}}
	unsent := State{Case: "c", Requesting: "gb", Requested: "al"}
	flying := under()
	flying.Request.Receipt = time.Time{}
	for _, c := range []struct {
		rule string
		s    State
		hour int // 0: it does not run
	}{
		{"reply", under(), 2}, {"register-check", under(), 2}, {"interview", under(), 2},
		{"reply", flying, 0}, {"reply", unsent, 0},
		{"transfer", replied, 5}, {"consent-validity", replied, 5},
		{"transfer", relied, 7}, {"consent-validity", relied, 7}, {"transfer", both, 5}, {"transfer", under(), 0},
		{"travel-document", asked, 6}, {"travel-document", unasked, 2}, {"travel-document", unsent, 0},
		{"transit-reply", transit, 4}, {"transit-reply", over, 0}, {"transit-reply", unsent, 0},
		{"wrongful-readmission", returned, 6}, {"wrongful-readmission", under(), 0},
		{"nothing-of-the-kind", returned, 0},
	} {
		start, ok := c.s.starts(c.rule)
		if ok != (c.hour > 0) || ok && !start.Equal(hourly(c.hour)) {
			t.Errorf("%s: %v %v, want hour %d", c.rule, start, ok, c.hour)
		}
	}
}

// Every deadline of a case, with who owes it, from when, until when and what follows; hours count from monday, and a day
// follows each start.
func TestDeadlinesOfACase(t *testing.T) {
	day := hourly(24 * 30)
	change := func(s State, f func(*State)) State {
		f(&s)
		return s
	}
	replied := change(under(), func(s *State) { s.Reply = Reply{Mark: did("reply", 4), Positive: true} })
	documented := change(replied, func(s *State) { s.DocumentAsked = did("document", 5) })
	returned := change(replied, func(s *State) { s.Accepted = &Accepted{Mark: Mark{ID: "a", At: hourly(6)}} })
	transit := State{Case: "c", Requesting: "gb", Requested: "al", Route: Readmission, Transit: &Transit{Mark: did("transit", 3)}}
	question := change(under(), func(s *State) { s.Questions = []Question{{Asked: did("q", 3)}} })
	oral := change(under(), func(s *State) {
		s.Barriers = []Barrier{{Mark: Mark{ID: "b", At: hourly(1)}, Barrier: domestic.Barrier{Gate: "court-order", Oral: true}}}
	})
	overridden := change(under(), func(s *State) {
		s.Overrides = []Override{{Override: domestic.Override{Gate: "judicial-review"}, Confirmed: Mark{ID: "c", At: hourly(2)}}}
	})
	ordered := change(returned, func(s *State) {
		s.TakeBack = did("t", 8)
		s.Orders = []Order{{Mark{ID: "o", At: hourly(7)}, domestic.Order{Type: "bring-back", Due: person.On(2023, 3, 20)}}, {Mark{ID: "p", At: hourly(7)}, domestic.Order{Type: "bring-back"}}}
	})
	booked := change(replied, func(s *State) {
		s.Bookings = []Booking{{Mark: Mark{ID: "s"}, Booking: domestic.Booking{Means: "air", Departs: hourly(100), Arrives: hourly(103)}}}
	})
	reply := "reply case.due.reply al 2 26 deemed_consent"
	transfer := "transfer case.due.transfer gb 5 29 deemed_consent"
	for name, c := range map[string]struct {
		own  string
		s    State
		env  func(*Env)
		want string
	}{
		"nothing was asked":                     {"gb", State{Case: "c", Requesting: "gb", Requested: "al", Route: Readmission}, nil, ""},
		"no agreement":                          {"gb", under(), func(e *Env) { e.Agreement = nil }, ""},
		"transit without an agreement":          {"gb", transit, func(e *Env) { e.Agreement = nil }, ""},
		"a reply is owed":                       {"gb", under(), nil, reply},
		"and they know it":                      {"al", under(), nil, reply},
		"they have not received it":             {"gb", change(under(), func(s *State) { s.Request.Receipt = time.Time{} }), nil, "receipt case.due.receipt al 1 - "},
		"a limit that nobody knows":             {"gb", under(), func(e *Env) { e.Agreement = silent{} }, ""},
		"a question is open":                    {"gb", question, nil, "information case.due.information gb 4 - "},
		"it was answered":                       {"gb", change(question, func(s *State) { s.Questions = []Question{{Asked: did("q", 3), Given: did("g", 5)}} }), nil, reply},
		"a question, and they replied":          {"gb", change(replied, func(s *State) { s.Questions = []Question{{Asked: did("q", 3)}} }), nil, transfer},
		"they refused":                          {"gb", change(under(), func(s *State) { s.Reply = Reply{Mark: did("reply", 4)} }), nil, ""},
		"corrected after the reply":             {"gb", change(replied, func(s *State) { s.Corrected = did("x", 6) }), nil, transfer},
		"corrected after it, with a question":   {"gb", change(replied, func(s *State) { s.Corrected, s.Questions = did("x", 6), []Question{{Asked: did("q", 7)}} }), nil, transfer + "; information case.due.information gb 8 - "},
		"withdrawn":                             {"gb", change(under(), func(s *State) { s.Withdrawn = did("w", 5) }), nil, ""},
		"withdrawn before they had it":          {"gb", change(under(), func(s *State) { s.Request.Receipt, s.Withdrawn = time.Time{}, did("w", 5) }), nil, ""},
		"agreed":                                {"gb", replied, nil, transfer},
		"agreed, then withdrawn":                {"gb", change(replied, func(s *State) { s.Withdrawn = did("w", 5) }), nil, ""},
		"a document is owed":                    {"gb", documented, nil, transfer + "; travel-document case.due.document al 6 30 deemed_consent"},
		"it was issued":                         {"gb", change(documented, func(s *State) { s.Documents = []Document{{Peer: true}} }), nil, transfer},
		"somebody’s own is no issued one":       {"gb", change(documented, func(s *State) { s.Documents = []Document{{}} }), nil, transfer + "; travel-document case.due.document al 6 30 deemed_consent"},
		"the common document serves":            {"gb", change(documented, func(s *State) { s.DocumentBy = did("d", 9) }), nil, transfer},
		"asked for a document, and no reply":    {"gb", change(under(), func(s *State) { s.DocumentAsked = did("document", 5) }), nil, reply},
		"told of somebody willing":              {"gb", change(documented, func(s *State) { s.Route, s.Request.Notification, s.Reply = NotificationOnly, true, Reply{} }), nil, "travel-document case.due.document al 6 30 deemed_consent"},
		"returned":                              {"gb", returned, nil, "wrongful-readmission case.due.take-back al 6 30 deemed_consent"},
		"returned, and taken back":              {"gb", change(returned, func(s *State) { s.TakeBack = did("t", 8) }), nil, ""},
		"transit is asked":                      {"gb", transit, nil, "transit-reply case.due.transit al 4 28 deemed_consent"},
		"transit is answered":                   {"gb", change(transit, func(s *State) { x := *s.Transit; x.Answered = did("a", 5); s.Transit = &x }), nil, ""},
		"transit, and the case is over":         {"gb", change(transit, func(s *State) { s.Withdrawn = did("w", 5) }), nil, ""},
		"on one officer’s word":                 {"gb", oral, nil, reply + "; oral case.due.oral gb 1 73 none"},
		"the other side knows nothing of it":    {"al", oral, nil, reply},
		"confirmed in writing":                  {"gb", change(oral, func(s *State) { s.Barriers = slices.Clone(s.Barriers); s.Barriers[0].Confirmed = did("x", 2) }), nil, reply},
		"lifted":                                {"gb", change(oral, func(s *State) { s.Barriers = slices.Clone(s.Barriers); s.Barriers[0].Lifted = did("x", 2) }), nil, reply},
		"not on a word":                         {"gb", change(oral, func(s *State) { s.Barriers = slices.Clone(s.Barriers); s.Barriers[0].Oral = false }), nil, reply},
		"of a gate that nobody knows":           {"gb", change(oral, func(s *State) { s.Barriers = slices.Clone(s.Barriers); s.Barriers[0].Gate = "x" }), nil, reply},
		"no law":                                {"gb", oral, func(e *Env) { e.Law = nil }, reply},
		"an exception waits for its review":     {"gb", overridden, nil, reply + "; override-review case.due.override gb 2 74 none"},
		"it was reviewed":                       {"gb", change(overridden, func(s *State) { s.Overrides = slices.Clone(s.Overrides); s.Overrides[0].Reviewed = did("r", 3) }), nil, reply},
		"it was only proposed":                  {"gb", change(overridden, func(s *State) { s.Overrides = slices.Clone(s.Overrides); s.Overrides[0].Confirmed = Mark{} }), nil, reply},
		"an exception to what nobody knows":     {"gb", change(overridden, func(s *State) { s.Overrides = slices.Clone(s.Overrides); s.Overrides[0].Gate = "x" }), nil, reply},
		"a court ordered a return":              {"gb", ordered, nil, "order case.due.order gb 7 351 none"},
		"a journey is to be announced":          {"gb", booked, nil, transfer + "; notice case.due.announce gb 103 127 "},
		"it was announced":                      {"gb", change(booked, func(s *State) { s.Announced = &Announced{Mark: did("n", 9)} }), nil, transfer},
		"no limit to announce is known":         {"gb", booked, func(e *Env) { e.Agreement = silent{} }, ""},
		"a journey of a route without the peer": {"gb", change(booked, func(s *State) { s.Route = OtherDestination }), nil, ""},
		"a journey, and nobody was asked":       {"gb", change(booked, func(s *State) { s.Request, s.Reply = Request{}, Reply{} }), nil, ""},
		"a journey, and the person has arrived": {"gb", change(booked, func(s *State) { s.Accepted, s.TakeBack = &Accepted{Mark: did("a", 6)}, did("t", 7) }), nil, ""},
	} {
		env := termEnv(c.own, day)
		if c.env != nil {
			c.env(&env)
		}
		if got := sentence(Deadlines(c.s, env)); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, c.want)
		}
	}
}

// sentence writes deadlines with hours since monday.
func sentence(list []Deadline) string {
	var all []string
	for _, d := range list {
		due := "-"
		if !d.Due.IsZero() {
			due = fmt.Sprint(int(d.Due.Sub(monday) / time.Hour))
		}
		all = append(all, fmt.Sprintf("%s %s %s %d %s %s", d.Rule, d.Key, d.Owner, int(d.Start.Sub(monday)/time.Hour), due, d.Effect))
	}
	return strings.Join(all, "; ")
}

// The earliest comes first and what nobody can date comes last; overdue is what ended by now, and nothing without an end.
func TestDeadlinesInOrder(t *testing.T) {
	s := under()
	s.Questions = []Question{{Asked: did("q", 3)}} // has no end
	s.Barriers = []Barrier{{Mark: Mark{ID: "b", At: hourly(30)}, Barrier: domestic.Barrier{Gate: "stop", Oral: true}},
		{Mark: Mark{ID: "b", At: hourly(1)}, Barrier: domestic.Barrier{Gate: "stop", Oral: true}}, {Mark: Mark{ID: "b", At: hourly(20)}, Barrier: domestic.Barrier{Gate: "stop", Oral: true}}}
	for now, overdue := range map[time.Time][]bool{hourly(0): {false, false, false, false}, hourly(25).Add(-1): {false, false, false, false}, hourly(25): {true, false, false, false},
		hourly(44): {true, true, false, false}, hourly(500): {true, true, true, false}} {
		list := Deadlines(s, termEnv("gb", now))
		if got := sentence(list); got != "oral case.due.oral gb 1 25 none; oral case.due.oral gb 20 44 none; oral case.due.oral gb 30 54 none; information case.due.information gb 4 - " {
			t.Fatal(got)
		}
		for i, d := range list {
			if d.Overdue != overdue[i] {
				t.Errorf("%v: %s is overdue: %v", now, d.Rule, d.Overdue)
			}
		}
	}
	list := Deadlines(under(), termEnv("gb", hourly(9)))
	if d := list[0]; d.Basis != "Art. 1" || !d.StandIn || d.Trace != "why" {
		t.Errorf("a date cannot explain itself: %+v", d)
	}
	booked := under()
	booked.Bookings = []Booking{{Mark: Mark{ID: "s"}, Booking: domestic.Booking{Means: "air", Departs: hourly(100), Arrives: hourly(103)}}}
	for _, d := range Deadlines(booked, termEnv("gb", hourly(9))) {
		if d.Basis != "Art. 1" || !d.StandIn || d.Trace != "why" {
			t.Errorf("a date cannot explain itself: %+v", d)
		}
	}
}

// Detention is reviewed on the profile's days, on the day that a reviewer set, and on the day on which an attempt ended;
// after the last of those days every so many days (P13).
func TestDetentionReviewDates(t *testing.T) {
	zone := law("gb").Location()
	at := func(d, h int) time.Time { return time.Date(2023, 3, 6+d, h, 0, 0, 0, zone) }
	held := func(reviewed time.Time, next person.Date, attempts ...time.Time) State {
		s := State{Case: "c", Requesting: "gb", Requested: "al", Detention: &Detention{Mark: Mark{ID: "d", At: at(0, 9)}}}
		if !reviewed.IsZero() {
			s.Detention.Reviewed, s.Detention.Next = Mark{ID: "r", At: reviewed}, next
		}
		for _, a := range attempts {
			s.Attempts = append(s.Attempts, Attempt{Mark: Mark{ID: "a", At: a}})
		}
		return s
	}
	none := person.Date{}
	for name, c := range map[string]struct {
		s    State
		days int // midnight at the end of this day after the detention began
	}{
		"never reviewed":                          {held(time.Time{}, none), 1},
		"reviewed on the first day":               {held(at(0, 15), none), 1},
		"reviewed on the day it was due":          {held(at(1, 15), none), 7},
		"reviewed late":                           {held(at(3, 15), none), 7},
		"reviewed on the seventh day":             {held(at(7, 15), none), 14},
		"reviewed on the fourteenth day":          {held(at(14, 15), none), 28},
		"reviewed on the last of the days":        {held(at(28, 15), none), 56},
		"reviewed after all of them":              {held(at(30, 15), none), 58},
		"the reviewer set a day":                  {held(at(7, 15), person.On(2023, 3, 16)), 10},
		"an attempt ended":                        {held(at(7, 15), person.On(2023, 3, 16), at(8, 10)), 8},
		"an attempt ended on the day of a review": {held(at(7, 15), none, at(7, 16)), 7},
		"it ended before the review":              {held(at(7, 15), none, at(7, 14)), 14},
		"and at the same moment":                  {held(at(7, 15), none, at(7, 15)), 14},
		"an attempt before the detention":         {held(time.Time{}, none, at(0, 8)), 1},
		"the first of two attempts":               {held(at(7, 15), none, at(9, 1), at(11, 1)), 9},
	} {
		env := termEnv("gb", at(3, 12))
		list := Deadlines(c.s, env)
		want := at(c.days+1, 0)
		if len(list) != 1 || list[0].Rule != "detention" || list[0].Key != "case.due.detention" || !list[0].Due.Equal(want) || !list[0].Start.Equal(at(0, 9)) || list[0].Owner != "gb" || list[0].Effect != "none" {
			t.Errorf("%s: %+v, want %v", name, list, want)
		}
	}
	free := held(time.Time{}, none)
	free.Detention.Ended = Mark{ID: "e"}
	if list := Deadlines(free, termEnv("gb", at(3, 12))); len(list) != 0 {
		t.Errorf("somebody who is free: %+v", list)
	}
	// the end of a day is midnight there, also when the clocks change in the night
	if got, want := endOfDay(time.Date(2023, 3, 25, 23, 59, 59, 999, zone), zone), time.Date(2023, 3, 26, 0, 0, 0, 0, zone); !got.Equal(want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got, want := endOfDay(time.Date(2023, 3, 26, 12, 0, 0, 0, time.UTC), zone), time.Date(2023, 3, 26, 23, 0, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// A reviewer sets the next review no later than the profile allows between two.
func TestNextReviewHasAnEnd(t *testing.T) {
	w := newWorld(t)
	w.requested()
	w.gb.must("senior-caseworker", Detain{domestic.Detention{Power: "IA 1971 sch 2", Ground: "removal-imminent", Imminent: "journey-booked", Place: "IRC 1"}})
	for days, key := range map[int]string{0: "fault.case.date", 1: "", 28: "", 29: "fault.case.date"} {
		err := w.gb.try("supervisor", ReviewDetention{domestic.DetentionReview{Maintained: true, Reason: "x", Next: person.DateOf(w.now).AddDays(days)}})
		if fault.KeyOf(err) != key {
			t.Errorf("in %d days: %v", days, err)
		}
	}
	for name, days := range map[string][]int{"none": {}, "the day itself": {0, 7}, "out of order": {7, 1}} {
		l := *law("gb")
		l.ReviewDays = days
		if err := reread(t, &l); err == nil {
			t.Errorf("a profile loads with review days: %s", name)
		}
	}
	for name, e := range map[string]treaty.EarlyRemovalRule{"no share": {LessYears: 1, Basis: "x", Mark: "V"}, "more than all": {Share: [2]int{2, 1}, LessYears: 1, Basis: "x", Mark: "V"},
		"no years": {Share: [2]int{1, 2}, Basis: "x", Mark: "V"}, "no basis": {Share: [2]int{1, 2}, LessYears: 1, Mark: "V"}, "no mark": {Share: [2]int{1, 2}, LessYears: 1, Basis: "x"}} {
		l := *law("gb")
		l.EarlyRemoval = []treaty.EarlyRemovalRule{e}
		if err := reread(t, &l); err == nil {
			t.Errorf("a profile loads with an early-removal rule: %s", name)
		}
	}
	if l := *law("gb"); reread(t, &l) != nil {
		t.Error("the profile itself does not load any more")
	}
	for _, id := range []string{"asylum-claim", "child"} { // what is no fact, and what is no barrier
		l := bent(id, func(r *treaty.GateRule) {
			r.Fact = map[string]string{"asylum-claim": "x", "child": treaty.FactProsecution}[id]
		})
		if err := reread(t, l); err == nil {
			t.Errorf("a profile loads with a fact of %s", id)
		}
	}
}

// reread writes a profile and loads it again.
func reread(t *testing.T, l *treaty.Law) error {
	t.Helper()
	b, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	_, err = treaty.ReadLaw(bytes.NewReader(b))
	return err
}
