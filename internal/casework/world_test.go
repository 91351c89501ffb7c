package casework

import (
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/fault"
	"countersign/internal/person"
	"countersign/internal/treaty"
)

// world is two nodes that exchange joint acts when the test says so. It checks after each act that both
// nodes could store it: that the vocabulary of its scope encodes and decodes it.
type world struct {
	now    time.Time
	ids    int
	gb, al *node
	t      fataler
}

type fataler interface {
	Helper()
	Fatalf(string, ...any)
}

type node struct {
	own    string
	law    *treaty.Law
	events []act.Event
	sent   []int // indexes of own joint acts
	passed int   // how many of them the peer has dealt with
	family []State
	w      *world
}

var laws = map[string]*treaty.Law{}

func law(id string) *treaty.Law {
	if laws[id] == nil {
		l, err := treaty.LoadLaw(os.DirFS("../../laws"), id)
		if err != nil {
			panic(err)
		}
		laws[id] = l
	}
	return laws[id]
}

var monday = time.Date(2023, 3, 6, 9, 0, 0, 0, time.UTC)

func newWorld(t fataler) *world {
	w := &world{now: monday, t: t}
	w.gb = &node{own: "gb", law: law("gb"), w: w}
	w.al = &node{own: "al", law: law("al"), w: w}
	return w
}

func (w *world) id() act.ID { w.ids++; return act.ID(fmt.Sprintf("id-%04d", w.ids)) }

func (n *node) env(role string) Env {
	return Env{Now: n.w.now, Own: n.own, Law: n.law, By: act.Officer{ID: act.ID(n.own + "-" + role), Authority: n.own, Role: role},
		Agreement: terms{}, Removal: terms{}, Family: n.family, ID: act.ID(fmt.Sprintf("record-%d", n.w.ids))}
}

func (n *node) state() State { return FoldAll(n.events) }

// try gives a command and records what it says.
func (n *node) try(role string, c Command) error { return n.as(n.env(role), c) }

func (n *node) as(env Env, c Command) error {
	n.w.now = n.w.now.Add(time.Second)
	env.Now = n.w.now
	list, err := Decide(n.state(), c, env)
	if err != nil {
		return err
	}
	for _, st := range list {
		n.append(st, env)
	}
	return nil
}

func (n *node) append(st act.Statement, env Env) {
	vocabulary := domestic.Vocabulary
	if st.Scope == act.Joint {
		vocabulary = joint.Vocabulary
	}
	raw, err := vocabulary.Encode(st.Kind, st.Body)
	if err != nil {
		n.w.t.Fatalf("%s: %v", st.Kind, err)
	}
	body, err := vocabulary.Decode(st.Kind, raw)
	if err != nil {
		n.w.t.Fatalf("%s: %v", st.Kind, err)
	}
	// the numbering of joint acts knows nothing of domestic ones
	id := fmt.Sprintf("%s-%s-%d", n.own, st.Scope, len(n.events)-len(n.sent))
	if st.Scope == act.Joint {
		id = fmt.Sprintf("%s-%s-%d", n.own, st.Scope, len(n.sent))
	}
	n.events = append(n.events, act.Event{ID: act.ID(id), Scope: st.Scope, Kind: st.Kind, Subject: st.Subject, Case: st.Case, Officer: env.By,
		Occurred: st.Occurred, Made: n.w.now, Recorded: n.w.now, InReplyTo: st.InReplyTo, Body: body})
	if st.Scope == act.Joint {
		n.sent = append(n.sent, len(n.events)-1)
	}
}

// must gives a command that has to work.
func (n *node) must(role string, c Command) {
	n.w.t.Helper()
	if err := n.try(role, c); err != nil {
		n.w.t.Fatalf("%s %s: %v", role, Name(c), err)
	}
}

// refused gives a command that has to be refused with a key.
func (n *node) refused(t *testing.T, role string, c Command, key string) {
	t.Helper()
	before := len(n.events)
	err := n.try(role, c)
	if fault.KeyOf(err) != key {
		t.Fatalf("%s %s: %v, want %s", role, Name(c), err, key)
	}
	if len(n.events) != before {
		t.Fatalf("%s: refused, and left acts behind", Name(c))
	}
}

// gate tells how a gate stands before a step.
func (n *node) gate(id string, step Step) Gate {
	for _, g := range Evaluate(n.state(), n.env("caseworker"), step) {
		if g.ID == id {
			n.agree(g)
			return g
		}
	}
	return Gate{ID: id, Status: "absent"}
}

func (w *world) other(n *node) *node {
	if n == w.gb {
		return w.al
	}
	return w.gb
}

// agree checks that what a gate says and how it stands are the same.
func (n *node) agree(g Gate) {
	n.w.t.Helper()
	if open := slices.Contains([]string{"case.gate.clear", notNeeded, "case.gate.overridden"}, g.MessageKey); open != g.Passes() {
		n.w.t.Fatalf("%s is %s and says %s", g.ID, g.Status, g.MessageKey)
	}
}

// push delivers up to max acts of n to its peer; the countersignature is the receipt.
func (w *world) push(n *node, max int) int {
	to, done := w.other(n), 0
	for n.passed < len(n.sent) && done < max {
		e := &n.events[n.sent[n.passed]]
		e.Receipt = w.now
		copied := *e
		copied.Recorded = w.now
		to.events = append(to.events, copied)
		n.passed++
		done++
	}
	return done
}

// sync delivers everything, both ways.
func (w *world) sync() {
	w.push(w.gb, 1<<30)
	w.push(w.al, 1<<30)
}

// pass lets time go by.
func (w *world) pass(d time.Duration) { w.now = w.now.Add(d) }

// attest gives a clear word on every gate that is attested at a point.
func (n *node) attest(point string) error {
	var f []domestic.Finding
	for _, id := range Attestable(n.state(), n.env("caseworker"), point, "caseworker") {
		r, _ := n.law.Gate(id)
		evidence := "file"
		if r.Test == "barrier" && len(r.Evidence) > 0 {
			evidence = r.Evidence[0]
		}
		f = append(f, domestic.Finding{Gate: id, Clear: true, Evidence: evidence})
	}
	return n.try("caseworker", Attest{Point: point, Findings: f})
}

func (n *node) mustAttest(point string) {
	n.w.t.Helper()
	if err := n.attest(point); err != nil {
		n.w.t.Fatalf("attest %s: %v", point, err)
	}
}

// terms are plain limits for tests: those of EC-Albania 2005 (A1) and its protocol, and the five working days of
// IAA 1999 s10A with weekends as the only days off.
type terms struct{}

func (terms) InForce(time.Time) bool { return true }

func (terms) Term(rule string, start time.Time, f TermFacts) (Term, error) {
	for _, s := range f.Stopped {
		if s.To.IsZero() {
			return Term{OnExpiry: "deemed_consent"}, nil
		}
		start = start.Add(s.To.Sub(s.From))
	}
	switch rule {
	case "reply":
		n := 14
		if f.Extended {
			n = 20
		}
		return Term{Due: endOfDay(start.AddDate(0, 0, n), time.UTC), OnExpiry: "deemed_consent"}, nil
	case "travel-document":
		return Term{Due: endOfDay(start.AddDate(0, 0, 14), time.UTC), OnExpiry: "document_deemed"}, nil
	case "transfer", "wrongful-readmission":
		return Term{Due: endOfDay(start.AddDate(0, 3, 0), time.UTC), OnExpiry: "none"}, nil
	case "notice":
		if f.Means != "" { // of transfer, counted back from the arrival
			return Term{Due: endOfDay(workingDays(start, -3), time.UTC), OnExpiry: "none"}, nil
		}
		return Term{Due: endOfDay(workingDays(start, 5), time.UTC), OnExpiry: "none"}, nil
	case "failed-removal", "after-priority-notice", "after-review":
		return Term{Due: endOfDay(start.AddDate(0, 0, 21), time.UTC)}, nil
	case "refused-entry":
		return Term{Due: endOfDay(start.AddDate(0, 0, 7), time.UTC)}, nil
	}
	return Term{}, fault.New(fault.Missing, "fault.treaty.no-rule")
}

func workingDays(t time.Time, n int) time.Time {
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	for n > 0 {
		t = t.AddDate(0, 0, step)
		if wd := t.Weekday(); wd != time.Saturday && wd != time.Sunday {
			n--
		}
	}
	return t
}

var arben = person.Particulars{Names: []person.Name{{Family: "Prifti", Given: "Arben"}}, Birth: person.On(1990, 5, 17), Sex: "M", Nationalities: []string{"ALB"}}

func opening(route Route) OpenCase {
	c := OpenCase{Case: "case-1", Person: "person-1", CaseOpening: domestic.CaseOpening{Route: string(route), Part: "EAW", Person: arben,
		Destination: "ALB", Encounter: domestic.Encounter{Route: "small-boat", Date: person.On(2023, 3, 1)}}}
	if route.TouchesPeer() {
		c.Agreement, c.Peer = "stand-in", "al"
	}
	return c
}

var laissezPasser = person.Document{Type: person.LaissezPasser, Number: "LP0001", Issuer: "ALB", Issued: person.On(2023, 3, 7),
	ValidUntil: person.On(2023, 6, 30), OneJourney: true}

func request() RequestReadmission {
	return RequestReadmission{Category: "national", Evidence: []joint.Evidence{{Type: "passport-copy"}}, Found: person.On(2023, 3, 1)}
}

// requested opens a case and sends the application.
func (w *world) requested() {
	w.t.Helper()
	w.gb.must("caseworker", opening(Readmission))
	w.gb.mustAttest("request")
	w.gb.must("caseworker", request())
	w.sync()
}

// agreed goes on to the positive reply and the travel document in hand.
func (w *world) agreed() {
	w.t.Helper()
	w.requested()
	w.al.must("readmission-officer", ReplyConfirm{Basis: "prima_facie", Document: true})
	w.sync()
	w.gb.mustAttest("travel-document")
	w.gb.must("caseworker", AskTravelDocument{TravelOn: person.On(2023, 3, 20)})
	w.sync()
	w.al.must("readmission-officer", IssueTravelDocument{Document: laissezPasser})
	w.sync()
	w.gb.must("caseworker", RecordDocument{domestic.HeldDocument{Document: laissezPasser, Holder: "authority", Genuine: true}})
}

func booking(departs time.Time) HoldSeat {
	return HoldSeat{domestic.Booking{Means: "air", Carrier: "XX", Number: "123", From: "STN", To: "TIA", Country: "ALB",
		Departs: departs, Arrives: departs.Add(3 * time.Hour), Escorts: 2}}
}

func service(departs, at time.Time) ServeNotice {
	return ServeNotice{domestic.Service{Papers: []string{"intention", "departure-details"}, Route: "10A", To: "person", At: at, Language: "sq",
		ReadBy: "interpreter 7", Understood: true, Checked: "repeated-in-own-words", Method: "in-person", Proof: "signature", Part: "EAW",
		Destination: "ALB", Departs: departs}}
}

// booked goes on to the announced and locked journey; it departs ten days later.
func (w *world) booked() time.Time {
	w.t.Helper()
	w.agreed()
	departs := w.now.Truncate(time.Hour).AddDate(0, 0, 10).Add(3 * time.Hour)
	w.gb.must("senior-caseworker", RecordCertificate{domestic.Certificate{Gate: "removal-decision", Until: w.now.AddDate(1, 0, 0), Evidence: "decision-letter"}})
	w.gb.mustAttest("booking")
	w.gb.must("caseworker", booking(departs))
	w.gb.must("caseworker", service(departs, w.now))
	w.gb.must("caseworker", ConfirmBooking{})
	w.gb.must("caseworker", NotifyTransfer{Luggage: 1})
	w.sync()
	w.al.must("border-officer", AcknowledgeArrival{})
	w.sync()
	return departs
}

// ready goes on to the locked journey, two hours before the departure, everything attested.
func (w *world) ready() time.Time {
	w.t.Helper()
	departs := w.booked()
	w.now = departs.Add(-20 * time.Hour)
	w.gb.must("medical-officer", RecordCertificate{domestic.Certificate{Gate: "fit-to-travel", Until: departs.Add(24 * time.Hour), Evidence: "medical-examination"}})
	w.gb.must("coordinator", RecordCertificate{domestic.Certificate{Gate: "interpreter", Until: departs.Add(24 * time.Hour), Evidence: "booking-record"}})
	w.gb.mustAttest("manifest-lock")
	w.gb.must("caseworker", LockJourney{})
	w.gb.mustAttest("t24")
	w.now = departs.Add(-90 * time.Minute)
	w.gb.mustAttest("t2")
	w.gb.must("caseworker", MoveDocument{domestic.DocumentMove{Number: laissezPasser.Number, Holder: "escort"}})
	return departs
}

// offered goes on to the offer at the crossing point.
func (w *world) offered() {
	w.t.Helper()
	departs := w.ready()
	w.gb.must("escort-officer", Depart{})
	w.now = departs.Add(3 * time.Hour)
	w.gb.mustAttest("handover")
	w.gb.must("escort-officer", OfferHandover{Place: "TIA", Property: 1})
	w.sync()
}

// returned is the whole line.
func (w *world) returned() {
	w.t.Helper()
	w.offered()
	w.al.must("border-officer", AcceptHandover{Property: 1})
	w.sync()
	w.gb.must("caseworker", RecordReturn{})
}

func kinds(n *node) []act.Kind {
	var list []act.Kind
	for _, i := range n.sent {
		list = append(list, n.events[i].Kind)
	}
	return list
}

func has(n *node, k act.Kind) bool { return slices.Contains(kinds(n), k) }
