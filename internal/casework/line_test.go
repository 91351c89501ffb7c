package casework

import (
	"testing"
	"time"

	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
)

// The main line of a return, from the application to the count, and the sentence before each step.
func TestReadmission(t *testing.T) {
	w := newWorld(t)
	w.returned()
	for _, n := range []*node{w.gb, w.al} {
		s := n.state()
		if s.Outcome() != Returned || len(s.Contested) > 0 {
			t.Fatalf("%s: outcome %q, contested %v", n.own, s.Outcome(), s.Contested)
		}
	}
	s := w.gb.state()
	if s.Return == nil {
		t.Fatal("the return is not counted")
	}
	last := w.gb.events[len(w.gb.events)-1].Body.(*domestic.ReturnRecord).Return
	want := domestic.CountedReturn{ID: last.ID, Departed: "2023-03-16", Type: "enforced-non-detained", Nationality: "ALB", Age: "30-49", Sex: "male",
		DestinationGroup: "home", Destination: "ALB"}
	if last != want {
		t.Errorf("counted as %+v", last)
	}
	w.gb.refused(t, "caseworker", RecordReturn{}, "fault.case.counted")
	if n := NextStep(s, w.gb.env("caseworker")); n.Key != "case.next.close" {
		t.Errorf("next: %+v", n)
	}
}

func TestNextStepNamesOwner(t *testing.T) {
	w := newWorld(t)
	expect := func(where, key, owner string) {
		t.Helper()
		for _, n := range []*node{w.gb, w.al} {
			if len(n.events) == 0 {
				continue
			}
			if got := NextStep(n.state(), n.env("caseworker")); got.Key != key || got.Owner != owner {
				t.Errorf("%s, at %s: %s by %s; want %s by %s", where, n.own, got.Key, got.Owner, key, owner)
			}
		}
	}
	w.gb.must("caseworker", opening(Readmission))
	expect("opened", "case.next.request", "gb")
	w.gb.mustAttest("request")
	w.gb.must("caseworker", request())
	expect("sent", "case.next.receipt", "al")
	w.sync()
	expect("received", "case.next.reply", "al")
	w.al.must("readmission-officer", AskMoreInformation{Items: []string{"photograph"}})
	w.sync()
	expect("asked", "case.next.information", "gb")
	w.gb.must("caseworker", GiveInformation{Items: []string{"photograph"}})
	w.sync()
	expect("given", "case.next.reply", "al")
	w.pass(40 * 24 * time.Hour)
	expect("silent", "case.next.rely", "gb")
}

// EC-Albania 2005 Art 10: no reply within 14 calendar days from receipt counts as agreement. An officer signs
// the reliance, and it never proves nationality.
func TestDeemedConsent(t *testing.T) {
	w := newWorld(t)
	w.requested()
	w.gb.refused(t, "senior-caseworker", RelyOnDeemedConsent{}, "fault.case.too-early")
	w.now = endOfDay(monday.AddDate(0, 0, 14), time.UTC).Add(-time.Minute)
	w.gb.mustAttest("travel-document")
	w.gb.refused(t, "senior-caseworker", RelyOnDeemedConsent{}, "fault.case.too-early")
	w.pass(2 * time.Minute)
	w.gb.refused(t, "caseworker", RelyOnDeemedConsent{}, "fault.case.role")
	w.gb.must("senior-caseworker", RelyOnDeemedConsent{})
	w.sync()
	for _, n := range []*node{w.gb, w.al} {
		s := n.state()
		if !s.consented() || s.Reply.Is() || s.Reply.Basis != "" {
			t.Errorf("%s: consent %v, reply %+v", n.own, s.consented(), s.Reply)
		}
	}
}

// Silence starts with the receipt: what the other state has not countersigned starts nothing.
func TestNoReceiptNoClock(t *testing.T) {
	w := newWorld(t)
	w.gb.must("caseworker", opening(Readmission))
	w.gb.mustAttest("request")
	w.gb.must("caseworker", request())
	w.pass(60 * 24 * time.Hour)
	w.gb.refused(t, "senior-caseworker", RelyOnDeemedConsent{}, "fault.case.no-effect")
	if d := Deadlines(w.gb.state(), w.gb.env("caseworker")); len(d) != 1 || d[0].Rule != "receipt" || d[0].Owner != "al" {
		t.Errorf("deadlines: %+v", d)
	}
}

// A refusal that crosses the reliance counts if it was made in time; after the time it is contested.
func TestRefusalCrossesReliance(t *testing.T) {
	for _, late := range []bool{false, true} {
		w := newWorld(t)
		w.requested()
		due := endOfDay(monday.AddDate(0, 0, 14), time.UTC)
		w.now = due.Add(-time.Hour)
		if late {
			w.now = due.Add(time.Hour)
		}
		w.al.must("readmission-officer", ReplyRefuse{Reason: "not-a-national"})
		w.now = due.Add(2 * time.Hour)
		w.gb.mustAttest("travel-document")
		w.gb.must("senior-caseworker", RelyOnDeemedConsent{})
		w.sync()
		for _, n := range []*node{w.gb, w.al} {
			s := n.state()
			if s.consented() != late || len(s.Contested) != 1 {
				t.Errorf("late %v, %s: consented %v, contested %d", late, n.own, s.consented(), len(s.Contested))
			}
		}
	}
}

// A claim made at the aircraft door stops the handover, and the other state learns only “not yet”.
func TestClaimAtTheDoor(t *testing.T) {
	w := newWorld(t)
	w.ready()
	w.gb.must("escort-officer", SetBarrier{domestic.Barrier{Gate: "asylum-claim", Evidence: "person-said"}})
	w.gb.refused(t, "escort-officer", Depart{}, "fault.case.gate-closed")
	w.sync()
	if got := kinds(w.gb); got[len(got)-1] != joint.CasePaused {
		t.Errorf("sent %v", got)
	}
	if s := w.al.state(); !s.Paused.Is() {
		t.Error("the other state does not know that the person is not coming yet")
	}
	w.gb.refused(t, "caseworker", ConfirmBooking{}, "fault.case.gate-closed")
}

// Before anything was announced, a barrier sends nothing at all.
func TestBarrierBeforeAnnouncementIsSilent(t *testing.T) {
	w := newWorld(t)
	w.agreed()
	before := len(w.gb.sent)
	w.gb.must("caseworker", SetBarrier{domestic.Barrier{Gate: "trafficking-referral", Evidence: "referral-record"}})
	if len(w.gb.sent) != before {
		t.Errorf("sent %v", kinds(w.gb)[before:])
	}
}

// Withdrawal wins until the handover is accepted (design.md 5.1), at both nodes, whichever crosses.
func TestWithdrawalAndAcceptance(t *testing.T) {
	t.Run("withdrawn first", func(t *testing.T) {
		w := newWorld(t)
		w.offered()
		w.gb.must("caseworker", Withdraw{Reason: "court"})
		w.sync()
		w.al.refused(t, "border-officer", AcceptHandover{}, "fault.case.finished")
		if o := w.al.state().Outcome(); o != Withdrawn {
			t.Error(o)
		}
	})
	t.Run("crossing", func(t *testing.T) {
		w := newWorld(t)
		w.offered()
		w.gb.must("caseworker", Withdraw{Reason: "court"})
		w.al.must("border-officer", AcceptHandover{Property: 1})
		w.sync()
		for _, n := range []*node{w.gb, w.al} {
			if s := n.state(); s.Outcome() != Returned || len(s.Contested) != 1 {
				t.Errorf("%s: %q, contested %v", n.own, s.Outcome(), s.Contested)
			}
		}
	})
	t.Run("a false acceptance after the withdrawal was received", func(t *testing.T) {
		w := newWorld(t)
		w.offered()
		before := w.al.state()
		offer := before.offer().ID
		w.gb.must("caseworker", Withdraw{Reason: "court"})
		w.sync()
		w.pass(time.Minute)
		s := w.al.state()
		w.al.append(answer(s.joint(joint.CaseAccepted, &joint.Acceptance{At: w.now}), offer), w.al.env("border-officer"))
		w.sync()
		for _, n := range []*node{w.gb, w.al} {
			if s := n.state(); s.Outcome() != Withdrawn || len(s.Contested) != 1 {
				t.Errorf("%s: %q, contested %v", n.own, s.Outcome(), s.Contested)
			}
		}
	})
}
