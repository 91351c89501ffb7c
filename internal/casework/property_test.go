package casework

import (
	"slices"
	"testing"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/person"
	"countersign/internal/treaty"

	"pgregory.net/rapid"
)

// drive does at both nodes what the next step says, as diligent officers would. It returns the sentence.
func (w *world) drive() string {
	gb, al := w.gb, w.al
	s := gb.state()
	n := NextStep(s, gb.env("caseworker"))
	switch n.Key {
	case "case.next.open":
		_ = gb.try("caseworker", opening(Readmission))
	case "case.next.request", "case.next.after-refusal":
		_ = gb.attest("request")
		_ = gb.try("caseworker", request())
	case "case.next.information":
		_ = gb.attest("request")
		_ = gb.try("caseworker", GiveInformation{Items: []string{"photograph"}})
	case "case.next.reply":
		_ = al.try("readmission-officer", ReplyConfirm{Basis: "proof"})
	case "case.next.rely":
		_ = gb.attest("travel-document")
		_ = gb.try("senior-caseworker", RelyOnDeemedConsent{})
	case "case.next.ask-document":
		_ = gb.attest("travel-document")
		_ = gb.try("caseworker", AskTravelDocument{})
	case "case.next.issue-document":
		d := laissezPasser
		d.Number, d.Issued = "LP"+w.now.Format("20060102150405"), person.DateOf(w.now)
		d.ValidUntil = d.Issued.AddDays(90)
		_ = al.try("readmission-officer", IssueTravelDocument{Document: d})
	case "case.next.hold-seat", "case.next.serve-notice":
		_ = gb.try("senior-caseworker", RecordCertificate{domestic.Certificate{Gate: "removal-decision", Until: w.now.AddDate(1, 0, 0), Evidence: "decision-letter"}})
		_ = gb.attest("booking")
		_ = gb.try("caseworker", booking(w.now.Truncate(time.Hour).AddDate(0, 0, 10)))
		if b := gb.state().Booking(); b != nil {
			_ = gb.try("caseworker", service(b.Departs, w.now))
		}
	case "case.next.confirm", "case.next.paused":
		_ = gb.attest("booking")
		if gb.try("caseworker", ConfirmBooking{}) != nil && s.booking() != nil && !w.now.Before(s.booking().Departs) {
			_ = gb.try("caseworker", CancelBooking{Reason: "weather"})
		}
		_ = gb.try("caseworker", Resume{})
	case "case.next.announce":
		_ = gb.attest("booking")
		_ = gb.try("caseworker", NotifyTransfer{})
	case "case.next.acknowledge":
		_ = al.try("border-officer", AcknowledgeArrival{})
	case "case.next.lock", "case.next.depart":
		w.travel(s.booking())
	case "case.next.offer":
		_ = gb.attest("handover")
		_ = gb.try("escort-officer", OfferHandover{Place: "TIA"})
	case "case.next.accept":
		_ = al.try("border-officer", AcceptHandover{})
	case "case.next.count":
		_ = gb.try("caseworker", RecordReturn{})
	}
	return n.Key
}

// travel goes to the day of the journey and through the last checks.
func (w *world) travel(b *Booking) {
	if w.now.After(b.Departs) {
		_ = w.gb.try("caseworker", CancelBooking{Reason: "weather"})
		return
	}
	if t := b.Departs.Add(-20 * time.Hour); w.now.Before(t) {
		w.now = t
	}
	until := b.Departs.Add(24 * time.Hour)
	_ = w.gb.try("medical-officer", RecordCertificate{domestic.Certificate{Gate: "fit-to-travel", Until: until, Evidence: "medical-examination"}})
	_ = w.gb.try("coordinator", RecordCertificate{domestic.Certificate{Gate: "interpreter", Until: until, Evidence: "booking-record"}})
	_ = w.gb.attest("manifest-lock")
	_ = w.gb.try("caseworker", LockJourney{})
	_ = w.gb.attest("t24")
	if t := b.Departs.Add(-time.Hour); w.now.Before(t) {
		w.now = t
	}
	_ = w.gb.attest("t2")
	s := w.gb.state()
	if d := s.issued(); d != nil {
		_ = w.gb.try("escort-officer", MoveDocument{domestic.DocumentMove{Number: d.Number, Holder: "escort"}})
	}
	_ = w.gb.try("escort-officer", Depart{})
}

var barrierGates = []string{"asylum-claim", "further-submissions", "human-rights-claim", "appeal-pending", "court-order", "interim-measure",
	"child-proceedings", "trafficking-referral", "trafficking-recovery", "age-dispute", "real-risk", "stop"}

// set sets a barrier as whoever first learns of it.
func (n *node) set(gate string) error {
	r, _ := n.law.Gate(gate)
	evidence := "seen"
	if len(r.Evidence) > 0 {
		evidence = r.Evidence[0]
	}
	return n.try("escort-officer", SetBarrier{domestic.Barrier{Gate: gate, Evidence: evidence, Reference: string(n.w.id())}})
}

// lift lifts every barrier, by two officers where the law asks for two. It always takes two commands a barrier.
func (n *node) lift() {
	for _, b := range n.state().Active(n.w.now) {
		r, _ := n.law.Gate(b.Gate)
		_ = n.try(r.LiftBy[0], LiftBarrier{Barrier: b.ID, Evidence: "decision-letter"})
		_ = n.try(r.LiftBy[len(r.LiftBy)-1], LiftBarrier{Barrier: b.ID, Evidence: "decision-letter"})
	}
}

// authorises are the acts by which the requesting state lets a return go on.
var authorises = []act.Kind{joint.CaseRequested, joint.CaseConsentRelied, joint.CaseDocumentAsked, domestic.SeatHeld, domestic.BookingConfirmed, joint.CaseAnnounced,
	joint.CaseResumed, domestic.JourneyLocked, domestic.JourneyDeparted, joint.CaseOffered}

// never says, from the plain acts and by hand, why an authorising act must not exist at this moment. It
// knows nothing of the profile and shares no code with the gates.
func never(events []act.Event, kind act.Kind, now time.Time) string {
	lifted, sets := map[act.ID]bool{}, map[act.ID]string{}
	var journey *domestic.Booking
	var notice, fit, removal bool
	var papers []person.Document
	gone := map[string]bool{}
	for _, e := range events {
		switch b := e.Body.(type) {
		case *domestic.Barrier:
			sets[e.ID] = b.Gate
		case *domestic.BarrierStep:
			if e.Kind == domestic.BarrierLifted {
				lifted[b.Barrier] = true
			}
		case *domestic.Booking:
			journey = b
		case *joint.DocumentIssue:
			papers = append(papers, b.Document)
		case *joint.DocumentEnd:
			gone[b.Number] = true
		case *domestic.DocumentEnd:
			gone[b.Number] = true
		}
	}
	for id, gate := range sets {
		if !lifted[id] {
			return "a barrier holds: " + gate
		}
	}
	if kind != domestic.BookingConfirmed && kind != joint.CaseAnnounced && kind != domestic.JourneyLocked && kind != domestic.JourneyDeparted && kind != joint.CaseOffered {
		return ""
	}
	for _, e := range events {
		switch b := e.Body.(type) {
		case *domestic.Service:
			notice = notice || b.Understood && b.To == "person" && b.Destination == journey.Country && !journey.Departs.Before(endOfDay(workingDays(b.At, 5), time.UTC))
		case *domestic.Certificate:
			fit = fit || b.Gate == "fit-to-travel" && b.Until.After(journey.Departs)
			removal = removal || b.Gate == "removal-decision" && b.Until.After(now)
		}
	}
	switch {
	case !notice && kind != joint.CaseOffered:
		return "no notice, or inside it"
	case !slices.ContainsFunc(papers, func(d person.Document) bool {
		return !gone[d.Number] && d.ValidUntil.String() > journey.Departs.Format(time.DateOnly)
	}):
		return "no travel document valid on the day"
	case !fit && (kind == domestic.JourneyLocked || kind == domestic.JourneyDeparted || kind == joint.CaseOffered):
		return "not fit to travel"
	}
	return ""
}

// Two states work on one case, diligent or not, while acts are delayed: no authorisation passes an absolute
// gate, “not yet” is said only of somebody announced, withdrawal wins until acceptance, and both nodes end
// with the same one outcome.
func TestTwoStates(t *testing.T) {
	reached := map[Outcome]int{}
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t)
		if why := w.play(t); why != "" {
			t.Fatal(why)
		}
		w.sync()
		a, b := w.gb.state(), w.al.state()
		if a.Case != "" && b.Case != "" && a.Outcome() != b.Outcome() {
			if !(a.Closed.Is() || a.Departed != nil && a.Accepted == nil && !a.Route.TouchesPeer()) {
				t.Fatalf("gb says %q, al says %q", a.Outcome(), b.Outcome())
			}
		}
		reached[a.Outcome()]++
	})
	t.Logf("outcomes %v", reached)
	if reached[Returned] == 0 || reached[Withdrawn] == 0 {
		t.Errorf("the test does not reach every outcome: %v", reached)
	}
}

// play lets both states do what chance says, and says which invariant an act broke.
func (w *world) play(t *rapid.T) string {
	for range rapid.IntRange(0, 16).Draw(t, "diligent") {
		w.drive()
		w.sync()
	}
	for range rapid.IntRange(5, 60).Draw(t, "acts") {
		marks := [2]int{len(w.gb.events), len(w.al.events)}
		withdrawn := w.al.state().Withdrawn.Is()
		w.random(t)
		for _, e := range w.gb.events[marks[0]:] {
			i := slices.IndexFunc(w.gb.events, func(x act.Event) bool { return x.ID == e.ID })
			if e.Officer.Authority != "gb" {
				continue
			}
			if why := never(w.gb.events[:i], e.Kind, e.Made); slices.Contains(authorises, e.Kind) && why != "" {
				return string(e.Kind) + ": " + why
			}
			if e.Kind == joint.CasePaused && !announcedBefore(w.gb.events[:i]) {
				return "“not yet” of somebody who is not expected"
			}
		}
		for _, e := range w.al.events[marks[1]:] {
			if e.Kind == joint.CaseAccepted && withdrawn {
				return "accepted after the withdrawal was there"
			}
		}
	}
	return ""
}

// Each absolute gate is taken out of the law, one at a time: the same play must find that acts pass where it stood.
func TestTwoStatesFindsABrokenGate(t *testing.T) {
	for _, gate := range []string{"asylum-claim", "interim-measure", "real-risk", "notice-period", "travel-document", "fit-to-travel"} {
		t.Run(gate, func(t *testing.T) {
			broken := *law("gb")
			broken.Gates = slices.Clone(broken.Gates)
			i := slices.IndexFunc(broken.Gates, func(g treaty.GateRule) bool { return g.ID == gate })
			broken.Gates[i].Guards = nil
			plays := rapid.Custom(func(rt *rapid.T) string {
				w := newWorld(t)
				w.gb.law = &broken
				return w.play(rt)
			})
			for seed := range 1000 {
				if why := plays.Example(seed); why != "" {
					t.Logf("play %d: %s", seed, why)
					return
				}
			}
			t.Error("no play found that the gate is gone: the test shows nothing")
		})
	}
}

func announcedBefore(events []act.Event) bool {
	on := false
	for _, e := range events {
		switch e.Kind {
		case joint.CaseAnnounced:
			on = true
		case joint.CaseTransferWithdrawn, joint.CaseWithdrawn, joint.CaseAccepted:
			on = false
		}
	}
	return on
}

// random does one thing, more often than not the next one.
func (w *world) random(t *rapid.T) {
	gb, al := w.gb, w.al
	op := rapid.IntRange(0, 44).Draw(t, "op")
	switch {
	case op < 16:
		w.drive()
	case op < 22:
		w.push(gb, rapid.IntRange(1, 3).Draw(t, "gb acts"))
	case op < 28:
		w.push(al, rapid.IntRange(1, 3).Draw(t, "al acts"))
	case op == 28:
		w.pass(time.Duration(rapid.IntRange(1, 400).Draw(t, "hours")) * time.Hour)
	case op == 29:
		_ = gb.set(rapid.SampledFrom(barrierGates).Draw(t, "gate"))
	case op == 30 || op == 31:
		gb.lift()
	case op == 32:
		_ = gb.try("caseworker", Withdraw{Reason: rapid.SampledFrom(EndReasons).Draw(t, "reason")})
	case op == 33:
		_ = gb.attest("request")
		_ = gb.try("senior-caseworker", Reopen{Reason: "obstacle-ended"})
	case op == 34:
		_ = al.try("readmission-officer", ReplyRefuse{Reason: "not-a-national"})
	case op == 35:
		_ = al.try("readmission-officer", AskMoreInformation{Items: []string{"photograph"}})
	case op == 36:
		_ = gb.try("caseworker", CancelBooking{Reason: "technical"})
	case op == 37:
		_ = gb.try("supervisor", Pause{})
	case op == 38:
		_ = al.try("border-officer", AcceptHandover{})
	case op == 39:
		_ = al.try("border-officer", DeclineHandover{Reason: "not-announced"})
	case op == 40:
		_ = gb.try("senior-caseworker", CloseCase{Reason: "error"})
	case op == 41:
		_ = gb.try("caseworker", CancelDocument{domestic.DocumentEnd{Number: laissezPasser.Number, Reason: "lost"}})
	case op > 41:
		w.hurry(t)
	}
}

func issuedTo(n *node) *Document {
	s := n.state()
	return s.issued()
}

// hurry is a journey by officers who leave out what they should not: the notice, the document, the doctor. What the
// gates do not stop gets through.
func (w *world) hurry(t *rapid.T) {
	gb := w.gb
	all := rapid.IntRange(0, 7).Draw(t, "left out")
	noNotice, noPaper, noDoctor := all&1 != 0, all&2 != 0, all&4 != 0
	if s := gb.state(); s.booking() != nil && !s.left(s.booking()) {
		_ = gb.try("caseworker", CancelBooking{Reason: "error"})
	}
	_ = gb.try("senior-caseworker", RecordCertificate{domestic.Certificate{Gate: "removal-decision", Until: w.now.AddDate(1, 0, 0), Evidence: "decision-letter"}})
	if d := issuedTo(gb); d != nil && noPaper {
		_ = gb.try("caseworker", ReturnDocument{Number: d.Number, Reason: "error"})
	}
	_ = gb.attest("booking")
	_ = gb.try("caseworker", booking(w.now.Truncate(time.Hour).AddDate(0, 0, rapid.IntRange(3, 10).Draw(t, "days"))))
	b := gb.state().Booking()
	if b == nil {
		return
	}
	if !noNotice {
		_ = gb.try("caseworker", service(b.Departs, w.now))
	}
	_ = gb.try("caseworker", ConfirmBooking{})
	_ = gb.try("caseworker", NotifyTransfer{})
	w.sync()
	_ = w.al.try("border-officer", AcknowledgeArrival{})
	w.sync()
	w.now = b.Departs.Add(-20 * time.Hour)
	until := b.Departs.Add(24 * time.Hour)
	_ = gb.try("coordinator", RecordCertificate{domestic.Certificate{Gate: "interpreter", Until: until, Evidence: "booking-record"}})
	if !noDoctor {
		_ = gb.try("medical-officer", RecordCertificate{domestic.Certificate{Gate: "fit-to-travel", Until: until, Evidence: "medical-examination"}})
	}
	_ = gb.attest("manifest-lock")
	_ = gb.try("caseworker", LockJourney{})
	_ = gb.attest("t24")
	w.now = b.Departs.Add(-time.Hour)
	_ = gb.attest("t2")
	if d := issuedTo(gb); d != nil {
		_ = gb.try("escort-officer", MoveDocument{domestic.DocumentMove{Number: d.Number, Holder: "escort"}})
	}
	_ = gb.try("escort-officer", Depart{})
}

// Twin worlds: one script of officers, and only the nature of the barrier differs. Everything that leaves the
// node is the same: kinds, bodies, times, order.
func TestTwinWorlds(t *testing.T) {
	differed := false
	rapid.Check(t, func(t *rapid.T) {
		from := rapid.IntRange(0, 16).Draw(t, "diligent")
		ops := rapid.SliceOfN(rapid.IntRange(0, 9), 10, 60).Draw(t, "script")
		gates := rapid.Permutation(barrierGates).Draw(t, "gates")
		a, b := twin(t, from, ops, gates[0]), twin(t, from, ops, gates[1])
		x, y := sent(t, a.gb), sent(t, b.gb)
		if !slices.Equal(x, y) {
			t.Fatalf("with %s: %v\nwith %s: %v", gates[0], x, gates[1], y)
		}
		differed = differed || slices.ContainsFunc(x, func(s string) bool { return s[:len("case.paused")] == "case.paused" })
	})
	if !differed {
		t.Error("no script ever came to “not yet”: the test shows nothing")
	}
}

func twin(t *rapid.T, from int, ops []int, gate string) *world {
	w := newWorld(t)
	for range from {
		w.drive()
		w.sync()
	}
	for _, op := range ops {
		switch op {
		case 0:
			_ = w.gb.set(gate)
		case 1:
			w.pass(31 * 24 * time.Hour) // longer than any recovery period, so that both may be lifted
			w.gb.lift()
		case 2:
			_ = w.gb.try("caseworker", CancelBooking{Reason: "error"})
		case 3:
			_ = w.gb.try("caseworker", Withdraw{Reason: "error"})
			_ = w.gb.attest("request")
			_ = w.gb.try("senior-caseworker", Reopen{Reason: "error"})
		default:
			w.drive()
		}
		w.sync()
		w.now = w.now.Truncate(time.Minute).Add(time.Minute)
	}
	return w
}

// sent is everything that left the node, with its time.
func sent(t *rapid.T, n *node) []string {
	var out []string
	for _, i := range n.sent {
		e := n.events[i]
		raw, err := joint.Vocabulary.Encode(e.Kind, e.Body)
		if err != nil {
			t.Fatalf("%v", err)
		}
		out = append(out, string(e.Kind)+" "+string(raw)+" "+e.Made.Format(time.RFC3339))
	}
	return out
}

// Following the next step, and nothing else, leads from the opening to the count.
func TestNextStepLeadsHome(t *testing.T) {
	w := newWorld(t)
	var said []string
	for range 40 {
		said = append(said, w.drive())
		w.sync()
		if s := w.gb.state(); s.Return != nil {
			return
		}
	}
	t.Fatalf("never home: %v", said)
}
