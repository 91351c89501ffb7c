package casework

import (
	"slices"
	"testing"
	"time"

	"countersign/internal/act/domestic"
	"countersign/internal/fault"
)

// held goes on to a seat that is held, and a decision to remove.
func (w *world) held(departs time.Time, stops ...string) {
	w.t.Helper()
	if s := w.gb.state(); len(s.Certificates) == 0 {
		w.gb.must("senior-caseworker", RecordCertificate{domestic.Certificate{Gate: "removal-decision", Until: w.now.AddDate(1, 0, 0), Evidence: "decision-letter"}})
	}
	w.gb.mustAttest("booking")
	b := booking(departs)
	b.Stops = stops
	w.gb.must("caseworker", b)
}

func TestNoticePeriod(t *testing.T) {
	day := 24 * time.Hour
	for _, c := range []struct {
		name  string
		leave time.Duration // after the service
		serve func(w *world, departs time.Time)
		want  string
	}{
		{"s10A: five working days, the first is the day after", 8 * day, func(w *world, d time.Time) { w.gb.must("caseworker", service(d, w.now)) }, "case.gate.clear"},
		{"s10A: departure on the fifth working day", 7 * day, func(w *world, d time.Time) { w.gb.must("caseworker", service(d, w.now)) }, "case.gate.notice-running"},
		{"nothing served", 20 * day, func(*world, time.Time) {}, "case.gate.no-notice"},
		{"served on somebody who did not understand", 20 * day, func(w *world, d time.Time) {
			s := service(d, w.now)
			s.Understood = false
			w.gb.must("caseworker", s)
		}, "case.gate.no-notice"},
		{"served and understood, on the person only, with a representative", 20 * day, func(w *world, d time.Time) {
			w.gb.must("caseworker", SetSupport{domestic.Support{Language: "sq", Representative: "Office & Co"}})
			w.gb.must("caseworker", service(d, w.now))
		}, "case.gate.representative-not-served"},
		{"the clock runs from the later of the two services", 10 * day, func(w *world, d time.Time) {
			w.gb.must("caseworker", SetSupport{domestic.Support{Language: "sq", Representative: "Office & Co"}})
			w.gb.must("caseworker", service(d, w.now))
			w.pass(3 * day)
			s := service(d, w.now)
			s.To = "representative"
			w.gb.must("caseworker", s)
		}, "case.gate.notice-running"},
		{"the intention alone names no journey", 20 * day, func(w *world, d time.Time) {
			s := service(d, w.now)
			s.Papers = []string{"intention"}
			w.gb.must("caseworker", s)
		}, "case.gate.no-notice"},
		{"details that follow later do not prolong the period", 8 * day, func(w *world, d time.Time) {
			s := service(d, w.now)
			s.Papers = []string{"intention"}
			w.gb.must("caseworker", s)
			w.pass(4 * day)
			s = service(d, w.now)
			s.Papers = []string{"departure-details"}
			w.gb.must("caseworker", s)
		}, "case.gate.clear"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.agreed()
			departs := w.now.Truncate(time.Hour).Add(c.leave + 3*time.Hour)
			w.held(departs)
			c.serve(w, departs)
			if g := w.gb.gate("notice-period", StepConfirm); g.MessageKey != c.want {
				t.Errorf("%s %s, want %s", g.Status, g.MessageKey, c.want)
			}
		})
	}
}

// s10A(6): a changed destination or a new stop starts a fresh notice period; another date for the same journey
// needs new details and no fresh period.
func TestNoticeRestarts(t *testing.T) {
	start := func(t *testing.T) (*world, time.Time) {
		w := newWorld(t)
		w.agreed()
		first := w.now.Truncate(time.Hour).AddDate(0, 0, 10)
		w.held(first)
		w.gb.must("caseworker", service(first, w.now))
		w.now = first.AddDate(0, 0, -1)
		w.gb.must("caseworker", CancelBooking{Reason: "no-seat"})
		return w, first.AddDate(0, 0, 3)
	}
	t.Run("another date", func(t *testing.T) {
		w, again := start(t)
		w.held(again)
		if g := w.gb.gate("notice-period", StepConfirm); g.MessageKey != "case.gate.notice-other-journey" {
			t.Errorf("%+v", g)
		}
		w.gb.must("caseworker", service(again, w.now))
		if g := w.gb.gate("notice-period", StepConfirm); g.Status != GateOpen {
			t.Errorf("%+v", g)
		}
	})
	t.Run("a new stop", func(t *testing.T) {
		w, again := start(t)
		w.held(again, "ATH")
		s := service(again, w.now)
		w.gb.refused(t, "caseworker", s, "fault.case.details-differ")
		s.Stops = []string{"ATH"}
		w.gb.must("caseworker", s)
		if g := w.gb.gate("notice-period", StepConfirm); g.MessageKey != "case.gate.notice-running" {
			t.Errorf("%+v", g)
		}
	})
}

// s10B: after a failed removal a new departure within 21 days, only if it failed outside the state's control.
func TestFailedRemoval(t *testing.T) {
	for _, c := range []struct {
		reason string
		after  int // days from the failed departure
		fault  string
		want   string
	}{
		{"weather", 3, "", "case.gate.clear"},
		{"disruption", 22, "", "case.gate.notice-over"},
		{"no-seat", 3, "fault.case.no-failed-removal", ""},
	} {
		w := newWorld(t)
		w.agreed()
		first := w.now.Truncate(time.Hour).AddDate(0, 0, 10)
		w.held(first)
		w.gb.must("caseworker", service(first, w.now))
		w.now = first.Add(-time.Hour)
		w.gb.must("caseworker", CancelBooking{Reason: c.reason})
		w.now = first.Add(time.Hour)
		again := first.AddDate(0, 0, c.after)
		w.held(again)
		s := service(again, w.now)
		s.Papers, s.Route, s.Original = []string{"departure-details"}, "10B", first
		if c.fault != "" {
			w.gb.refused(t, "caseworker", s, c.fault)
			continue
		}
		w.gb.must("caseworker", s)
		if g := w.gb.gate("notice-period", StepConfirm); g.MessageKey != c.want {
			t.Errorf("%s after %d days: %s %s", c.reason, c.after, g.Status, g.MessageKey)
		}
	}
}

// s10C: leave to enter refused on arrival: the departure within seven days of the refusal, without the long period.
func TestRefusedEntryNotice(t *testing.T) {
	for after, want := range map[int]string{1: "case.gate.clear", 9: "case.gate.notice-over"} {
		w := newWorld(t)
		w.agreed()
		departs := w.now.Truncate(time.Hour).AddDate(0, 0, after)
		w.held(departs)
		s := service(departs, w.now)
		s.Papers, s.Route = []string{"departure-details"}, "10C"
		w.gb.refused(t, "caseworker", s, "fault.case.date")
		s.Original = w.now.Add(-time.Hour)
		w.gb.must("caseworker", s)
		if g := w.gb.gate("notice-period", StepConfirm); g.MessageKey != want {
			t.Errorf("after %d days: %s %s", after, g.Status, g.MessageKey)
		}
	}
}

// Whoever leaves of their own will is not removed and needs no notice; when the will changes, the notice is missing.
func TestWillingNeedsNoNotice(t *testing.T) {
	w := newWorld(t)
	w.agreed()
	w.gb.must("caseworker", consented())
	w.held(w.now.Truncate(time.Hour).AddDate(0, 0, 2))
	if g := w.gb.gate("notice-period", StepConfirm); g.Status != GateOpen {
		t.Errorf("%+v", g)
	}
	w.gb.must("caseworker", ConfirmBooking{})
	w.gb.must("escort-officer", WithdrawConsent{})
	if s := w.gb.state(); s.booking() != nil || s.Outcome() != Withdrawn {
		t.Errorf("the journey goes on: %+v", s.booking())
	}
}

// A route that is not law on the day, or whose limits nobody holds, is not known, and unknown is closed.
func TestNoticeRouteNotInForce(t *testing.T) {
	w := newWorld(t)
	w.agreed()
	departs := w.now.Truncate(time.Hour).AddDate(0, 0, 20)
	w.held(departs)
	w.gb.must("caseworker", service(departs, w.now))
	env := w.gb.env("caseworker")
	if n := NoticeClock(w.gb.state(), env); n.Status != GateOpen || n.Route.ID != "10A" || n.Start.IsZero() || !n.End.After(n.Start) {
		t.Errorf("%+v", n)
	}
	env.Removal = nil
	if n := NoticeClock(w.gb.state(), env); n.Status != GateUnknown || n.Why != "case.gate.no-notice-law" {
		t.Errorf("no limits: %+v", n)
	}
	env = w.gb.env("caseworker")
	l := *env.Law
	l.Notices = slices.Clone(l.Notices)
	l.Notices[0].Commence = "2023-03-07"
	env.Law = &l
	if n := NoticeClock(w.gb.state(), env); n.Status != GateUnknown || n.Why != "case.gate.no-notice-law" {
		t.Errorf("not yet law: %+v", n)
	}
	l.Notices = nil
	if n := NoticeClock(w.gb.state(), env); n.Status != GateUnknown || n.Why != "case.gate.no-notice-law" {
		t.Errorf("a route nobody knows: %+v", n)
	}
}

// A return from Albania stays closed until a lawyer has completed the profile: unknown is closed.
func TestUnknownNoticeLawIsClosed(t *testing.T) {
	w := newWorld(t)
	s := State{Case: "c", Requesting: "al", Requested: "gb", Route: Readmission, Destination: "GBR"}
	for _, g := range Evaluate(s, w.al.env("caseworker"), StepConfirm) {
		if g.ID == "notice-period" && g.Passes() {
			t.Errorf("%+v", g)
		}
	}
}

// The routes that follow an earlier notice (s10B, s10D, s10E) need one: understood, under another route, for the
// same destination and every stop.
func TestFollowingNoticeNeedsAnEarlierOne(t *testing.T) {
	w := newWorld(t)
	w.agreed()
	departs := w.now.Truncate(time.Hour).AddDate(0, 0, 10)
	w.held(departs, "ATH")
	s := w.gb.state()
	follow := service(departs, w.now).Service
	follow.Papers, follow.Route, follow.Original, follow.Stops = []string{"departure-details"}, "10E", w.now.AddDate(0, 0, -1), []string{"ATH"}
	earlier := service(departs, w.now.AddDate(0, 0, -2)).Service
	earlier.Stops = []string{"ATH"}
	for name, c := range map[string]struct {
		change func(*domestic.Service)
		want   string
	}{
		"an earlier one":             {func(*domestic.Service) {}, "case.gate.clear"},
		"to another destination":     {func(v *domestic.Service) { v.Destination = "ITA" }, "case.gate.no-notice"},
		"without the stop":           {func(v *domestic.Service) { v.Stops = nil }, "case.gate.no-notice"},
		"under the same route":       {func(v *domestic.Service) { v.Route = "10E" }, "case.gate.no-notice"},
		"that was not understood":    {func(v *domestic.Service) { v.Understood = false }, "case.gate.no-notice"},
		"on the representative only": {func(v *domestic.Service) { v.To = "representative" }, "case.gate.no-notice"},
	} {
		v, one := earlier, s
		c.change(&v)
		one.Served = []Served{{Mark{ID: "1"}, v}, {Mark{ID: "2"}, follow}}
		if n := NoticeClock(one, w.gb.env("caseworker")); n.Why != c.want || (n.Status == GateOpen) != (c.want == "case.gate.clear") {
			t.Errorf("%s: %s %s", name, n.Status, n.Why)
		}
	}
	env := w.gb.env("caseworker")
	env.Removal = silent{}
	s.Served = []Served{{Mark{ID: "1"}, earlier}, {Mark{ID: "2"}, follow}}
	if n := NoticeClock(s, env); n.Status != GateUnknown || n.Why != "case.gate.no-notice-law" {
		t.Errorf("a law without the limit: %+v", n)
	}
}

// silent is a removal law that knows no limit.
type silent struct{ terms }

func (silent) Term(string, time.Time, TermFacts) (Term, error) {
	return Term{}, fault.New(fault.Missing, "fault.treaty.no-rule")
}

// Papers of another route or for another destination neither start nor end anything.
func TestOtherPapersAreNotMixedIn(t *testing.T) {
	w := newWorld(t)
	w.agreed()
	departs := w.now.Truncate(time.Hour).AddDate(0, 0, 20)
	w.held(departs)
	s := w.gb.state()
	good := service(departs, w.now).Service
	elsewhere, port, representative := good, good, good
	elsewhere.Destination, elsewhere.Papers = "ITA", []string{"intention"}
	port.Route = "10C"
	representative.To = "representative"
	intention := good
	intention.Papers = []string{"intention"}
	unrouted, details := intention, good
	unrouted.Route, details.Papers = "", []string{"departure-details"}
	for name, c := range map[string]struct {
		list []domestic.Service
		want string
	}{
		"first another destination, then this one":                     {[]domestic.Service{elsewhere, good}, "case.gate.clear"},
		"the details of another route do not complete this one":        {[]domestic.Service{port, intention}, "case.gate.no-notice"},
		"an intention that names no route, and details under this one": {[]domestic.Service{unrouted, details}, "case.gate.clear"},
		"the representative’s copy does not complete the person’s":     {[]domestic.Service{representative, intention}, "case.gate.no-notice"},
	} {
		one := s
		one.Served = nil
		for _, v := range c.list {
			one.Served = append(one.Served, Served{Mark{ID: "s"}, v})
		}
		if n := NoticeClock(one, w.gb.env("caseworker")); n.Why != c.want {
			t.Errorf("%s: %s %s", name, n.Status, n.Why)
		}
	}
}

// What counts as service: proven, understood and checked, for a person; a paper without a route starts no clock.
func TestWhatCountsAsService(t *testing.T) {
	w := newWorld(t)
	w.agreed()
	departs := w.now.Truncate(time.Hour).AddDate(0, 0, 20)
	w.held(departs)
	s := w.gb.state()
	good := service(departs, w.now).Service
	for name, c := range map[string]struct {
		change func(*domestic.Service)
		want   string
	}{
		"all of it":          {func(*domestic.Service) {}, "case.gate.clear"},
		"no proof":           {func(v *domestic.Service) { v.Proof = "" }, "case.gate.no-notice"},
		"not understood":     {func(v *domestic.Service) { v.Understood = false }, "case.gate.no-notice"},
		"not checked":        {func(v *domestic.Service) { v.Checked = "" }, "case.gate.no-notice"},
		"no language":        {func(v *domestic.Service) { v.Language = "" }, "case.gate.no-notice"},
		"no route":           {func(v *domestic.Service) { v.Route = "" }, "case.gate.no-notice"},
		"on somebody else":   {func(v *domestic.Service) { v.To = "representative" }, "case.gate.no-notice"},
		"another place":      {func(v *domestic.Service) { v.Destination = "ITA" }, "case.gate.no-notice"},
		"another day":        {func(v *domestic.Service) { v.Departs = v.Departs.AddDate(0, 0, 1) }, "case.gate.notice-other-journey"},
		"no day":             {func(v *domestic.Service) { v.Departs = time.Time{} }, "case.gate.notice-other-journey"},
		"the wrong papers":   {func(v *domestic.Service) { v.Papers = []string{"decision"} }, "case.gate.no-notice"},
		"details, no notice": {func(v *domestic.Service) { v.Papers = []string{"departure-details"} }, "case.gate.no-notice"},
	} {
		v, one := good, s
		c.change(&v)
		one.Served = []Served{{Mark{ID: "s"}, v}}
		g := find(Evaluate(one, w.gb.env("caseworker"), StepConfirm), "notice-period")
		if g.MessageKey != c.want || g.Passes() != (c.want == "case.gate.clear") {
			t.Errorf("%s: %s %s", name, g.Status, g.MessageKey)
		}
		// a decision served later, without a route, takes nothing away
		one.Served = append(one.Served, Served{Mark{ID: "t"}, domestic.Service{Papers: []string{"decision"}, To: "person", Proof: "signature", Understood: true,
			Checked: "written-reply", Language: "sq", Destination: "ALB", At: w.now}})
		if g := find(Evaluate(one, w.gb.env("caseworker"), StepConfirm), "notice-period"); g.MessageKey != c.want {
			t.Errorf("%s, and a decision later: %s", name, g.MessageKey)
		}
	}
	s.Bookings, s.Served = nil, []Served{{Mark{ID: "s"}, good}}
	if n := NoticeClock(s, w.gb.env("caseworker")); n.Status != GateClosed || n.Why != "case.gate.no-journey" {
		t.Errorf("without a journey: %+v", n)
	}
}

// A representative reads: nobody asks whether they understood. Without proof it does not count for them either.
func TestServiceOnARepresentative(t *testing.T) {
	v := Served{Service: domestic.Service{To: "representative", Proof: "receipt"}}
	if !counts(&v) {
		t.Error("a proven service on the representative does not count")
	}
	v.Proof = ""
	if counts(&v) {
		t.Error("an unproven one counts")
	}
	v = Served{Service: domestic.Service{To: "person", Proof: "receipt"}}
	if counts(&v) {
		t.Error("one that the person did not understand counts")
	}
}

// s10A(6) spares a fresh period for a new stop in the country itself. The exception is not used: a stop has no country on
// record, and more time does nobody wrong.
func TestANewStopInTheCountryItself(t *testing.T) {
	w := newWorld(t)
	w.agreed()
	first := w.now.Truncate(time.Hour).AddDate(0, 0, 10)
	w.held(first)
	w.gb.must("caseworker", service(first, w.now))
	w.now = first.AddDate(0, 0, -1)
	w.gb.must("caseworker", CancelBooking{Reason: "no-seat"})
	again := first.AddDate(0, 0, 2)
	w.held(again, "MAN")
	s := service(again, w.now)
	s.Stops = []string{"MAN"}
	w.gb.must("caseworker", s)
	if g := w.gb.gate("notice-period", StepConfirm); g.MessageKey != "case.gate.notice-running" {
		t.Errorf("%+v", g)
	}
}
