package casework

import (
	"testing"
	"time"

	"countersign/internal/act/domestic"
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
