package casework

import (
	"errors"
	"slices"
	"testing"
	"time"

	"countersign/internal/act/domestic"
	"countersign/internal/fault"
)

func TestBarriers(t *testing.T) {
	start := func(t *testing.T) *world {
		w := newWorld(t)
		w.agreed()
		return w
	}
	barrier := func(w *world) Barrier { s := w.gb.state(); return s.Barriers[len(s.Barriers)-1] }
	t.Run("a non-suspensive appeal holds nothing; an unknown one does", func(t *testing.T) {
		w := start(t)
		w.gb.must("court-liaison", SetBarrier{domestic.Barrier{Gate: "appeal-pending", Effect: "non-suspensive", Evidence: "court-record"}})
		if g := w.gb.gate("appeal-pending", StepConfirm); g.Status == GateClosed {
			t.Error("closed by a non-suspensive appeal")
		}
		w.gb.must("caseworker", SetBarrier{domestic.Barrier{Gate: "appeal-pending", Evidence: "court-record"}})
		if g := w.gb.gate("appeal-pending", StepConfirm); g.Status != GateClosed {
			t.Error("an appeal of unknown effect must hold")
		}
	})
	t.Run("an oral injunction holds at once on one officer’s word and is confirmed later by another", func(t *testing.T) {
		w := start(t)
		w.gb.must("escort-officer", SetBarrier{domestic.Barrier{Gate: "court-order", Oral: true}})
		if g := w.gb.gate("court-order", StepDepart); g.Status != GateClosed || g.MessageKey != "case.gate.barrier-oral" {
			t.Errorf("%+v", g)
		}
		d := Deadlines(w.gb.state(), w.gb.env("caseworker"))
		if !slices.ContainsFunc(d, func(d Deadline) bool { return d.Rule == "oral" && d.Due.Equal(barrier(w).At.Add(72*time.Hour)) }) {
			t.Errorf("no reminder to confirm: %+v", d)
		}
		w.pass(90 * 24 * time.Hour)
		if g := w.gb.gate("court-order", StepDepart); g.Status != GateClosed {
			t.Error("an unconfirmed order lapsed by itself")
		}
		w.gb.must("court-liaison", ConfirmBarrier{Barrier: barrier(w).ID, Evidence: "sealed-order"})
		w.gb.refused(t, "court-liaison", ConfirmBarrier{Barrier: barrier(w).ID, Evidence: "sealed-order"}, "fault.case.not-oral")
	})
	t.Run("two lifts of one barrier", func(t *testing.T) {
		w := start(t)
		w.gb.must("caseworker", SetBarrier{domestic.Barrier{Gate: "court-order", Evidence: "sealed-order"}})
		lift := LiftBarrier{Barrier: barrier(w).ID, Evidence: "court-record"}
		w.gb.refused(t, "caseworker", lift, "fault.case.role")
		w.gb.must("court-liaison", lift)
		w.gb.refused(t, "court-liaison", lift, "fault.case.lifted-twice")
	})
	t.Run("a barrier cannot end before it began, nor begin tomorrow", func(t *testing.T) {
		w := start(t)
		w.gb.refused(t, "caseworker", SetBarrier{domestic.Barrier{Gate: "court-order", Evidence: "sealed-order", Since: w.now.AddDate(0, 0, 1)}}, "fault.case.future")
		w.gb.must("caseworker", SetBarrier{domestic.Barrier{Gate: "court-order", Evidence: "sealed-order"}})
		w.gb.refused(t, "court-liaison", LiftBarrier{Barrier: barrier(w).ID, Evidence: "x", At: w.now.AddDate(0, 0, -1)}, "fault.case.lift-before-set")
	})
	t.Run("NABA 2022 s61: the recovery period is at least 30 days", func(t *testing.T) {
		w := start(t)
		w.gb.must("caseworker", SetBarrier{domestic.Barrier{Gate: "trafficking-recovery", Evidence: "decision-letter"}})
		lift := LiftBarrier{Barrier: barrier(w).ID, Evidence: "decision-letter"}
		w.pass(29 * 24 * time.Hour)
		w.gb.refused(t, "specialist", lift, "fault.case.min-days")
		w.pass(24 * time.Hour)
		w.gb.must("specialist", lift)
	})
	t.Run("restart after STOP needs two officers of different roles", func(t *testing.T) {
		w := start(t)
		w.gb.must("escort-officer", SetBarrier{domestic.Barrier{Gate: "stop", Evidence: "seen"}})
		lift := LiftBarrier{Barrier: barrier(w).ID, Evidence: "looked into"}
		w.gb.must("supervisor", lift)
		if len(w.gb.state().Active(w.now)) != 1 {
			t.Fatal("one officer restarted")
		}
		w.gb.refused(t, "supervisor", lift, "fault.case.second-officer")
		w.gb.must("senior-caseworker", lift)
		if len(w.gb.state().Active(w.now)) != 0 {
			t.Error("two officers could not restart")
		}
	})
	t.Run("the time to appeal ends by itself, and somebody has to look again", func(t *testing.T) {
		w := start(t)
		w.gb.must("caseworker", SetBarrier{domestic.Barrier{Gate: "appeal-time", Evidence: "decision-letter", Until: w.now.AddDate(0, 0, 14)}})
		w.gb.refused(t, "caseworker", SetBarrier{domestic.Barrier{Gate: "court-order", Evidence: "sealed-order", Until: w.now.AddDate(0, 0, 14)}}, "fault.case.no-end")
		w.pass(14*24*time.Hour + time.Minute)
		if g := w.gb.gate("appeal-time", StepConfirm); g.Status != GateUnknown {
			t.Errorf("%+v", g)
		}
		w.gb.mustAttest("booking")
		if g := w.gb.gate("appeal-time", StepConfirm); g.Status != GateOpen {
			t.Errorf("%+v", g)
		}
	})
	t.Run("nobody attests a barrier away", func(t *testing.T) {
		w := start(t)
		w.gb.must("caseworker", SetBarrier{domestic.Barrier{Gate: "age-dispute", Evidence: "assessment"}})
		if err := w.gb.attest("booking"); fault.KeyOf(err) != "fault.case.attest-against-barrier" {
			t.Error(err)
		}
	})
	t.Run("a word given before a lift says nothing about it", func(t *testing.T) {
		w := start(t)
		w.gb.mustAttest("booking")
		w.gb.must("caseworker", SetBarrier{domestic.Barrier{Gate: "court-order", Evidence: "sealed-order"}})
		w.gb.must("court-liaison", LiftBarrier{Barrier: barrier(w).ID, Evidence: "court-record"})
		if g := w.gb.gate("court-order", StepConfirm); g.Status != GateUnknown || g.MessageKey != "case.gate.attested-too-old" {
			t.Errorf("%+v", g)
		}
		w.gb.mustAttest("booking")
		if g := w.gb.gate("court-order", StepConfirm); g.Status != GateOpen {
			t.Errorf("looked again after the lift: %+v", g)
		}
		w.gb.must("caseworker", SetBarrier{domestic.Barrier{Gate: "age-dispute", Evidence: "assessment"}})
		w.gb.must("specialist", LiftBarrier{Barrier: barrier(w).ID, Evidence: "assessment"})
		if g := w.gb.gate("court-order", StepConfirm); g.Status != GateOpen {
			t.Errorf("the lift of another barrier made it stale: %+v", g)
		}
		if g := w.gb.gate("age-dispute", StepConfirm); g.Status != GateUnknown {
			t.Errorf("the second barrier of the list: %+v", g)
		}
	})
	t.Run("a closing gate reaches the open booking at once", func(t *testing.T) {
		w := newWorld(t)
		w.booked()
		w.gb.must("medical-officer", SetBarrier{domestic.Barrier{Gate: "interim-measure", Evidence: "court-letter"}})
		s := w.gb.state()
		if b := s.booking(); !b.Suspended.Is() || b.Confirmed.Is() || !s.Paused.Is() {
			t.Errorf("%+v", b)
		}
	})
}

func TestOverride(t *testing.T) {
	w := newWorld(t)
	w.agreed()
	w.gb.must("caseworker", SetBarrier{domestic.Barrier{Gate: "judicial-review", Evidence: "court-record"}})
	ask := func(gate string) ProposeOverride {
		return ProposeOverride{domestic.Override{Gate: gate, Step: "hold-seat", Reason: "court-agrees", Until: w.now.Add(48 * time.Hour)}}
	}
	w.gb.refused(t, "senior-caseworker", ask("court-order"), "fault.case.no-override")
	w.gb.refused(t, "caseworker", ask("judicial-review"), "fault.case.role")
	w.gb.must("senior-caseworker", ask("judicial-review"))
	id := w.gb.state().Overrides[0].ID
	w.gb.mustAttestRest("booking", "judicial-review")
	w.gb.refused(t, "caseworker", booking(w.now.AddDate(0, 0, 10)), "fault.case.gate-closed")
	w.gb.refused(t, "senior-caseworker", ConfirmOverride{id}, "fault.case.role")
	env := w.gb.env("court-liaison")
	env.By.ID = "gb-senior-caseworker" // the same officer, with another hat
	if err := w.gb.as(env, ConfirmOverride{id}); fault.KeyOf(err) != "fault.case.second-officer" {
		t.Error(err)
	}
	w.gb.must("court-liaison", ConfirmOverride{id})
	if g := w.gb.gate("judicial-review", StepHoldSeat); g.Override != id {
		t.Errorf("%+v", g)
	}
	if g := w.gb.gate("judicial-review", StepConfirm); g.Passes() {
		t.Error("an override of one step let another pass")
	}
	w.gb.must("caseworker", booking(w.now.AddDate(0, 0, 10)))
	if d := Deadlines(w.gb.state(), w.gb.env("supervisor")); !slices.ContainsFunc(d, func(d Deadline) bool { return d.Rule == "override-review" }) {
		t.Error("nobody has to review it")
	}
	w.gb.must("supervisor", ReviewOverride{Override: id, Upheld: false, Reason: "no ground"})
	if s := w.gb.state(); !s.booking().Suspended.Is() {
		t.Error("a review that did not uphold changed nothing")
	}
}

// The seven points (design.md 5.7): each step needs its own word, and none lasts longer than its window.
func TestAttestationPoints(t *testing.T) {
	w := newWorld(t)
	departs := w.ready()
	for _, c := range []struct {
		step   Step
		at     time.Time
		status Status
	}{
		{StepDepart, departs, GateOpen},
		{StepHandover, departs, GateUnknown},
		{StepLock, departs.Add(-20*time.Hour + time.Minute), GateOpen},
		{StepLock, departs.Add(5 * time.Hour), GateUnknown},
	} {
		env := w.gb.env("caseworker")
		env.Now = c.at
		for _, g := range Evaluate(w.gb.state(), env, c.step) {
			if g.ID == "asylum-claim" && g.Status != c.status {
				t.Errorf("%s at %s: %s %s", c.step, c.at, g.Status, g.MessageKey)
			}
		}
	}
	t.Run("a delay makes the last check stale", func(t *testing.T) {
		s := w.gb.state()
		s.Bookings = slices.Clone(s.Bookings)
		b := &s.Bookings[len(s.Bookings)-1]
		b.Departs = b.Departs.Add(3 * time.Hour)
		env := w.gb.env("escort-officer")
		if i := slices.IndexFunc(Evaluate(s, env, StepDepart), func(g Gate) bool { return g.ID == "asylum-claim" && g.Status == GateUnknown }); i < 0 {
			t.Error("the word given for the old time still counts")
		}
	})
	t.Run("a word given after a restore counts", func(t *testing.T) {
		env := w.gb.env("escort-officer")
		env.RestoredAt = w.now.Add(-300 * time.Hour)
		for _, g := range Evaluate(w.gb.state(), env, StepDepart) {
			if !g.Passes() {
				t.Errorf("%+v", g)
			}
		}
	})
	t.Run("after a restore every gate is unknown", func(t *testing.T) {
		env := w.gb.env("escort-officer")
		env.RestoredAt = w.now
		_, err := Decide(w.gb.state(), Depart{}, env)
		var shut *GatesClosed
		if !errors.As(err, &shut) || len(shut.Gates) < 15 {
			t.Errorf("%v", err)
		}
	})
}

// An expired fit-to-travel certificate stops the departure two hours before.
func TestFitnessExpires(t *testing.T) {
	w := newWorld(t)
	departs := w.booked()
	w.now = departs.Add(-20 * time.Hour)
	w.gb.must("coordinator", RecordCertificate{domestic.Certificate{Gate: "interpreter", Until: departs.Add(24 * time.Hour), Evidence: "booking-record"}})
	w.gb.refused(t, "caseworker", RecordCertificate{domestic.Certificate{Gate: "fit-to-travel", Until: departs, Evidence: "medical-examination"}}, "fault.case.role")
	w.gb.must("medical-officer", RecordCertificate{domestic.Certificate{Gate: "fit-to-travel", Until: departs.Add(time.Hour), Evidence: "medical-examination"}})
	w.gb.mustAttest("manifest-lock")
	w.gb.must("caseworker", LockJourney{})
	w.gb.mustAttest("t24")
	w.now = departs.Add(-2 * time.Hour)
	w.gb.must("medical-officer", RevokeCertificate{Gate: "fit-to-travel", Reason: "worse"})
	w.gb.mustAttest("t2")
	if g := w.gb.gate("fit-to-travel", StepDepart); g.Status != GateClosed {
		t.Errorf("%+v", g)
	}
	if s := w.gb.state(); !s.Paused.Is() {
		t.Error("the other state still expects the person")
	}
}
