package casework

import (
	"testing"
	"time"

	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/person"
)

// A willing person goes to a third state through the other one: it is asked, knows nothing else of the case, and the
// journey goes on only while it agrees. Called off, it learns “withdrawn” and nothing more.
func TestTransit(t *testing.T) {
	w := newWorld(t)
	gb, al := w.gb, w.al
	c := opening(OtherDestination)
	c.CaseOpening.Destination = "ITA"
	gb.must("caseworker", c)
	ask := AskTransit{Agreement: "stand-in", To: "al", States: []string{"GRC"}}
	gb.refused(t, "caseworker", ask, "fault.case.no-booking")
	gb.must("caseworker", RecordConsent{domestic.Consent{Language: "sq", ReadBy: "interpreter", Understood: true, Checked: "written-reply"}})
	gb.must("caseworker", RecordDocument{domestic.HeldDocument{Document: person.Document{Type: person.Passport, Number: "BA7654321", Issuer: "ALB",
		ValidUntil: person.On(2029, 1, 1)}, Accepted: []string{"ITA"}, Holder: "escort", Genuine: true}})
	gb.mustAttest("booking")
	b := booking(w.now.Truncate(time.Hour).AddDate(0, 0, 10))
	b.Country, b.To, b.Stops = "ITA", "FCO", []string{"TIA"}
	gb.must("caseworker", b)
	gb.refused(t, "caseworker", ask, "fault.case.gate-unknown") // nobody has looked for barriers yet
	gb.mustAttest("request")
	for _, bad := range []AskTransit{{}, {Agreement: "stand-in", To: "gb"}, {Agreement: "stand-in", To: "al", States: []string{"Greece"}}} {
		if err := gb.try("caseworker", bad); err == nil {
			t.Errorf("%+v was asked", bad)
		}
	}
	gb.must("caseworker", ask)
	gb.refused(t, "caseworker", ask, "fault.case.transit-asked")
	w.sync()

	asked := al.state()
	if asked.Transit == nil || asked.Transit.Destination != "ITA" || !asked.Transit.Conditions || asked.SideOf("al") != Requested || len(asked.Bookings)+len(asked.Barriers) > 0 {
		t.Fatalf("the other state holds %+v", asked)
	}
	for _, n := range []*node{gb, al} {
		if next := NextStep(n.state(), n.env("caseworker")); next.Key != "case.next.transit" || next.Owner != "al" {
			t.Errorf("%s: %s by %s", n.own, next.Key, next.Owner)
		}
	}

	s := gb.state()
	departs := s.booking().Departs
	gb.must("caseworker", ConfirmBooking{})
	w.now = departs.Add(-20 * time.Hour)
	for gate, role := range map[string]string{"fit-to-travel": "medical-officer", "interpreter": "coordinator"} {
		r, _ := gb.law.Gate(gate)
		gb.must(role, RecordCertificate{domestic.Certificate{Gate: gate, Until: departs.Add(24 * time.Hour), Evidence: r.Evidence[0]}})
	}
	gb.mustAttest("manifest-lock")
	gb.refused(t, "caseworker", LockJourney{}, "fault.case.no-transit")
	al.refused(t, "readmission-officer", AnswerTransit{joint.TransitAnswer{}}, "fault.case.needed")
	al.must("readmission-officer", AnswerTransit{joint.TransitAnswer{Agreed: true, Reason: "danger"}})
	if answered := al.state().Transit.Answer; answered.Reason != "" {
		t.Errorf("agreed, with a ground for refusal: %+v", answered)
	}
	al.refused(t, "readmission-officer", AnswerTransit{joint.TransitAnswer{Agreed: true}}, "fault.case.no-transit-question")
	w.sync()
	gb.must("caseworker", LockJourney{})

	// The agreement is taken back before the person has left.
	al.must("readmission-officer", AnswerTransit{joint.TransitAnswer{Reason: "danger"}})
	w.sync()
	gb.mustAttest("t24")
	w.now = departs.Add(-time.Hour)
	gb.mustAttest("t2")
	gb.refused(t, "escort-officer", Depart{}, "fault.case.no-transit")
	gb.must("caseworker", CancelBooking{Reason: "receiving-side"})
	w.sync()
	for _, n := range []*node{gb, al} {
		if s := n.state(); s.transit() != nil || len(s.Contested) > 0 {
			t.Errorf("%s: transit stands after the journey was called off: %+v", n.own, s.Transit)
		}
	}
	if k := kinds(gb); k[len(k)-1] != joint.CaseTransferWithdrawn {
		t.Errorf("it learned %v", k)
	}
	al.refused(t, "readmission-officer", AnswerTransit{joint.TransitAnswer{Agreed: true}}, "fault.case.no-transit-question")
}

// Only the state that was asked answers, and only the state of the case asks.
func TestTransitHasOneWriterEach(t *testing.T) {
	w := newWorld(t)
	w.requested()
	before := len(w.al.state().Contested)
	w.al.append(w.state("al").joint(joint.CaseTransitAsked, &joint.TransitRequest{To: "gb", Destination: "ITA"}), w.al.env("readmission-officer"))
	if s := w.al.state(); len(s.Contested) != before+1 || s.Transit != nil {
		t.Errorf("the asked state asked: %+v", s.Transit)
	}
}

func (w *world) state(own string) *State {
	s := map[string]*node{"gb": w.gb, "al": w.al}[own].state()
	return &s
}
