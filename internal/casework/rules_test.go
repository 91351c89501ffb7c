package casework

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
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
)

// The zero value of every command is refused with words, at every stage and by every role, never with a panic
// and never with an internal error.
func TestZeroCommands(t *testing.T) {
	stages := map[string]func(w *world){"nothing": func(*world) {}, "requested": (*world).requested, "agreed": (*world).agreed,
		"ready": func(w *world) { w.ready() }, "offered": (*world).offered, "returned": (*world).returned}
	for stage, reach := range stages {
		w := newWorld(t)
		reach(w)
		for _, c := range Commands() {
			for _, n := range []*node{w.gb, w.al} {
				for _, role := range Roles(c) {
					if _, err := Decide(n.state(), c, n.env(role)); err != nil && fault.KeyOf(err) == "" {
						t.Errorf("%s, %s by %s: %v", stage, Name(c), role, err)
					}
				}
			}
		}
	}
	if _, err := Decide(State{}, nil, Env{}); fault.KeyOf(err) != "fault.case.no-command" {
		t.Error(err)
	}
}

// Commands() has every command of this package, and names are used once.
func TestCommandsAreListed(t *testing.T) {
	pkgs, err := parser.ParseDir(token.NewFileSet(), ".", func(i fs.FileInfo) bool { return !strings.HasSuffix(i.Name(), "_test.go") }, 0)
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, f := range pkgs["casework"].Files {
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Name.Name == "about" && fn.Recv != nil {
				count++
			}
		}
	}
	names := map[string]bool{}
	for _, c := range Commands() {
		if names[Name(c)] || Name(c) == "" || len(Roles(c)) == 0 {
			t.Errorf("%T: name %q", c, Name(c))
		}
		names[Name(c)] = true
	}
	if count != len(names) {
		t.Errorf("%d commands in the code, %d in the list", count, len(names))
	}
}

// A closed gate names itself, its legal basis and who may change it.
func TestClosedGateExplains(t *testing.T) {
	w := newWorld(t)
	w.agreed()
	w.gb.must("caseworker", SetBarrier{domestic.Barrier{Gate: "appeal-pending", Effect: "suspensive", Evidence: "court-record"}})
	w.gb.mustAttestRest("booking", "appeal-pending")
	err := w.gb.try("caseworker", booking(w.now.AddDate(0, 0, 10)))
	var shut *GatesClosed
	if !errors.As(err, &shut) || len(shut.Gates) != 1 {
		t.Fatalf("%v", err)
	}
	g := shut.Gates[0]
	if g.ID != "appeal-pending" || !g.Absolute || !strings.Contains(g.LegalBasis, "s78") || !slices.Contains(g.WhoMayChange, "court-liaison") {
		t.Errorf("%+v", g)
	}
	if args := fault.ArgsOf(err); args["gate"] != "appeal-pending" || args["who"] == "" {
		t.Errorf("%v", args)
	}
}

// mustAttestRest attests everything but one gate.
func (n *node) mustAttestRest(point, but string) {
	n.w.t.Helper()
	var f []domestic.Finding
	for _, id := range Attestable(n.state(), n.env("caseworker"), point, "caseworker") {
		if id != but {
			f = append(f, domestic.Finding{Gate: id, Clear: true, Evidence: "file"})
		}
	}
	n.must("caseworker", Attest{Point: point, Findings: f})
}

func TestTextsAcrossTheBorder(t *testing.T) {
	w := newWorld(t)
	w.requested()
	ask := AskMoreInformation{Items: []string{"photograph"}, Remark: "The photograph is too dark."}
	w.al.refused(t, "readmission-officer", ask, "fault.case.not-reviewed")
	env := w.al.env("readmission-officer")
	if err := w.al.as(env, ReviewText{Text: ask.Remark, Author: env.By.ID}); fault.KeyOf(err) != "fault.case.same-officer" {
		t.Error(err)
	}
	w.al.must("supervisor", ReviewText{Text: ask.Remark, Author: env.By.ID})
	changed := ask
	changed.Remark += " Send it today."
	w.al.refused(t, "readmission-officer", changed, "fault.case.not-reviewed")
	w.al.must("readmission-officer", ask)
	for _, text := range []string{"He applied for ASYLUM.", "ka kërkuar azil", "kërkesë për mbrojtje ndërkombëtare", "viktimë e trafikimit", "re\u00adfugee",
		"ankimi nuk ka mbaruar", "a\u200bsylum"} {
		w.al.refused(t, "supervisor", ReviewText{Text: text, Author: "x"}, "fault.case.text-word")
	}
}

func TestRoutes(t *testing.T) {
	t.Run("notification: only with a valid passport and the person’s own will", func(t *testing.T) {
		w := newWorld(t)
		w.gb.must("caseworker", opening(NotificationOnly))
		w.gb.mustAttest("request")
		w.gb.refused(t, "caseworker", NotifyInstead{"P1"}, "fault.case.gate-closed")
		w.gb.refused(t, "caseworker", RecordConsent{domestic.Consent{Language: "sq", ReadBy: "interpreter", Checked: "written-reply"}}, "fault.case.not-understood")
		w.gb.must("caseworker", consented())
		w.gb.refused(t, "caseworker", NotifyInstead{"P1"}, "fault.case.no-passport")
		passport := person.Document{Type: person.Passport, Number: "P1", Issuer: "ALB", ValidUntil: person.On(2030, 1, 1)}
		w.gb.must("caseworker", RecordDocument{domestic.HeldDocument{Document: passport, Holder: "authority", Genuine: true}})
		w.gb.must("caseworker", NotifyInstead{"P1"})
		w.sync()
		w.al.refused(t, "readmission-officer", ReplyConfirm{Basis: "proof"}, "fault.case.no-request")
		w.gb.must("caseworker", WithdrawConsent{})
		w.sync()
		if a, b := w.gb.state().Outcome(), w.al.state().Outcome(); a != Withdrawn || b != Withdrawn {
			t.Error(a, b)
		}
		if got := kinds(w.gb); got[len(got)-1] != joint.CaseWithdrawn {
			t.Errorf("%v", got)
		}
	})
	t.Run("verified departure touches nobody and is counted", func(t *testing.T) {
		w := newWorld(t)
		w.gb.must("caseworker", opening(VerifiedDeparture))
		w.gb.refused(t, "caseworker", request(), "fault.case.route")
		w.gb.refused(t, "statistician", VerifyDeparture{At: w.now.AddDate(0, 0, 1), Evidence: "embassy"}, "fault.case.future")
		w.gb.must("statistician", VerifyDeparture{At: w.now.AddDate(0, 0, -30), Evidence: "exit-check"})
		w.gb.must("statistician", RecordReturn{})
		r := w.gb.events[len(w.gb.events)-1].Body.(*domestic.ReturnRecord).Return
		if r.Type != "other-verified" || r.Departed != "2023-02-04" || len(w.gb.sent) != 0 {
			t.Errorf("%+v, sent %d", r, len(w.gb.sent))
		}
	})
	t.Run("refused at port", func(t *testing.T) {
		w := newWorld(t)
		w.gb.must("border-officer", opening(RefusedAtPort))
		w.gb.refused(t, "border-officer", VerifyDeparture{Evidence: "carrier"}, "fault.case.no-port-refusal")
		w.gb.must("border-officer", RefuseAtPort{domestic.PortRefusal{Place: "juxtaposed"}})
		w.gb.must("border-officer", VerifyDeparture{Evidence: "carrier"})
		w.gb.must("caseworker", RecordReturn{})
		if r := w.gb.events[len(w.gb.events)-1].Body.(*domestic.ReturnRecord).Return; r.Type != "juxtaposed" {
			t.Errorf("%+v", r)
		}
	})
	t.Run("nationality is not destination", func(t *testing.T) {
		w := newWorld(t)
		c := opening(OtherDestination)
		c.Destination = "ITA"
		w.gb.must("caseworker", c)
		w.gb.must("caseworker", VerifyDeparture{Evidence: "embassy"})
		w.gb.must("caseworker", RecordReturn{})
		if r := w.gb.events[len(w.gb.events)-1].Body.(*domestic.ReturnRecord).Return; r.Nationality != "ALB" || r.DestinationGroup != "eu" {
			t.Errorf("%+v", r)
		}
	})
}

func consented() RecordConsent {
	return RecordConsent{domestic.Consent{Language: "sq", ReadBy: "interpreter", Understood: true, Checked: "repeated-in-own-words", Form: "v1"}}
}

// K2: one open application per case. A second one only after a refusal, and a late reply to the first is contested.
func TestSecondApplication(t *testing.T) {
	w := newWorld(t)
	w.requested()
	w.gb.refused(t, "caseworker", request(), "fault.case.open-request")
	w.al.must("readmission-officer", ReplyRefuse{Reason: "identity-not-established"})
	w.sync()
	w.gb.mustAttest("request")
	w.gb.must("caseworker", request())
	w.sync()
	w.al.must("readmission-officer", ReplyConfirm{Basis: "interview"})
	w.sync()
	for _, n := range []*node{w.gb, w.al} {
		if s := n.state(); !s.consented() || s.Request.Count != 2 || len(s.Contested) != 0 {
			t.Errorf("%s: %+v", n.own, s.Reply)
		}
	}
}

func TestReplyClock(t *testing.T) {
	due := func(w *world) time.Time {
		for _, d := range Deadlines(w.al.state(), w.al.env("caseworker")) {
			if d.Rule == "reply" {
				return d.Due
			}
		}
		return time.Time{}
	}
	w := newWorld(t)
	w.requested()
	first := due(w)
	w.al.must("readmission-officer", AskMoreInformation{Items: []string{"photograph"}})
	w.sync()
	if !due(w).IsZero() {
		t.Error("the clock runs while information is awaited")
	}
	w.pass(72 * time.Hour)
	w.gb.mustAttest("request")
	w.gb.must("caseworker", GiveInformation{Items: []string{"photograph"}})
	w.sync()
	if got := due(w).Sub(first); got != 72*time.Hour {
		t.Errorf("moved by %v", got)
	}
	w.al.must("readmission-officer", ExtendReply{Reason: "register-search"})
	w.al.refused(t, "readmission-officer", ExtendReply{Reason: "register-search"}, "fault.case.extended")
	w.sync()
	if got := due(w).Sub(first); got != (72+6*24)*time.Hour {
		t.Errorf("extended to %v", got)
	}
}

// P13, issue 4: every cancelled attempt opens a same-day review of the detention.
func TestDetentionReview(t *testing.T) {
	w := newWorld(t)
	w.booked()
	w.gb.must("senior-caseworker", Detain{domestic.Detention{Power: "IA 1971 sch 2", Ground: "removal-imminent", Imminent: "journey-booked", Place: "IRC 1"}})
	w.gb.must("supervisor", ReviewDetention{domestic.DetentionReview{Maintained: true, Reason: "journey in nine days", Next: person.DateOf(w.now.AddDate(0, 0, 7))}})
	w.pass(24 * time.Hour)
	w.gb.must("caseworker", CancelBooking{Reason: "weather"})
	d := Deadlines(w.gb.state(), w.gb.env("caseworker"))
	i := slices.IndexFunc(d, func(d Deadline) bool { return d.Rule == "detention" })
	if i < 0 || !d[i].Due.Equal(endOfDay(w.now, time.UTC)) {
		t.Errorf("%+v", d)
	}
	if a := w.gb.state().Attempts; len(a) != 1 || a[0].Reason != "weather" || a[0].Stage != "confirmed" {
		t.Errorf("%+v", a)
	}
	if !has(w.gb, joint.CaseTransferWithdrawn) || has(w.gb, joint.CaseWithdrawn) {
		t.Errorf("%v", kinds(w.gb))
	}
}

// P8: an unused document goes back with the case, whatever ended it.
func TestUnusedDocumentGoesBack(t *testing.T) {
	for _, reason := range []string{"leave-granted", "protection-claim", "absconded"} {
		w := newWorld(t)
		w.agreed()
		w.gb.must("caseworker", Withdraw{Reason: reason})
		w.sync()
		if s := w.al.state(); s.issued() != nil {
			t.Errorf("%s: the document lives on", reason)
		}
		if got := kinds(w.gb); !slices.Equal(got[len(got)-2:], []act.Kind{joint.CaseWithdrawn, joint.CaseDocumentReturned}) {
			t.Errorf("%s: %v", reason, got)
		}
	}
}

func TestReopen(t *testing.T) {
	w := newWorld(t)
	w.agreed()
	w.gb.refused(t, "senior-caseworker", Reopen{Reason: "obstacle-ended"}, "fault.case.not-withdrawn")
	w.gb.must("caseworker", Withdraw{Reason: "health"})
	w.sync()
	w.gb.refused(t, "caseworker", request(), "fault.case.finished")
	if g := w.gb.gate("reply", StepConfirm); g.MessageKey != "case.gate.withdrawn" {
		t.Errorf("%+v", g)
	}
	w.gb.mustAttest("request")
	w.gb.must("senior-caseworker", Reopen{Reason: "obstacle-ended"})
	w.sync()
	for _, n := range []*node{w.gb, w.al} {
		if s := n.state(); s.Outcome() != Open || !s.consented() {
			t.Errorf("%s: %q", n.own, s.Outcome())
		}
	}
	if n := NextStep(w.gb.state(), w.gb.env("caseworker")); n.Key != "case.next.ask-document" {
		t.Error(n.Key)
	}
}

// A court may order somebody’s return after the departure.
func TestBringBack(t *testing.T) {
	w := newWorld(t)
	w.returned()
	w.gb.must("court-liaison", RecordOrder{domestic.Order{Type: "bring-back", Reference: "CO/1", Due: person.DateOf(w.now.AddDate(0, 0, 30))}})
	if n := NextStep(w.gb.state(), w.gb.env("caseworker")); n.Key != "case.next.bring-back" {
		t.Error(n.Key)
	}
}

// EC-Albania 2005 Art 12: readmission in error, within three months of the transfer.
func TestTakeBack(t *testing.T) {
	w := newWorld(t)
	w.returned()
	evidence := []joint.Evidence{{Type: "register-hit"}}
	w.al.must("readmission-officer", AskTakeBack{Evidence: evidence})
	w.sync()
	if n := NextStep(w.gb.state(), w.gb.env("caseworker")); n.Key != "case.next.take-back" || n.Owner != "gb" {
		t.Error(n)
	}
	w.gb.must("senior-caseworker", AgreeTakeBack{})
	late := newWorld(t)
	late.returned()
	late.pass(100 * 24 * time.Hour)
	late.al.refused(t, "readmission-officer", AskTakeBack{Evidence: evidence}, "fault.case.late")
}

func TestInterviewAndRecord(t *testing.T) {
	w := newWorld(t)
	w.requested()
	arrange := ArrangeInterview{joint.InterviewArranged{At: w.now.Add(48 * time.Hour), Channel: "video", Language: "sq", Interpreter: true}}
	w.gb.must("caseworker", arrange)
	w.sync()
	w.pass(48 * time.Hour)
	id := w.al.state().Interviews[0].Arranged.ID
	held := RecordInterview{Interview: id, InterviewResult: joint.InterviewResult{Attendees: 3, Interpreter: true, Result: "confirmed"}}
	w.al.refused(t, "readmission-officer", held, "fault.case.barred-question")
	held.OnlyIdentity = true
	w.al.must("readmission-officer", held)
	w.al.refused(t, "readmission-officer", held, "fault.case.no-interview")
	w.sync()
	w.gb.must("caseworker", SetBarrier{domestic.Barrier{Gate: "asylum-claim", Evidence: "claim-record"}})
	arrange.At = w.now.Add(48 * time.Hour)
	w.gb.refused(t, "caseworker", arrange, "fault.case.gate-closed")
	w.gb.refused(t, "supervisor", AskCriminalRecord{Basis: "Art 5", Purpose: "identity"}, "fault.case.gate-closed")
}

// A claim that comes after an interview was arranged stops it: the other state learns “not yet”, once, and whatever the
// barrier is; what it records afterwards is refused there, and an interview that crossed the word is shown as crossed.
func TestBarrierStopsAnInterview(t *testing.T) {
	arranged := func() (*world, act.ID) {
		w := newWorld(t)
		w.requested()
		w.gb.must("caseworker", ArrangeInterview{joint.InterviewArranged{At: w.now.Add(48 * time.Hour), Channel: "video", Language: "sq", Interpreter: true}})
		w.sync()
		return w, w.al.state().Interviews[0].Arranged.ID
	}
	result := func(id act.ID) RecordInterview {
		return RecordInterview{Interview: id, InterviewResult: joint.InterviewResult{Attendees: 3, Interpreter: true, OnlyIdentity: true, Result: "confirmed"}}
	}
	for _, gate := range []string{"asylum-claim", "trafficking-referral", "court-order", "stop"} {
		w, id := arranged()
		before := len(w.gb.sent)
		w.gb.must("specialist", SetBarrier{domestic.Barrier{Gate: gate, Evidence: cond(first(w.gb.law, gate), "x")}})
		w.gb.must("specialist", SetBarrier{domestic.Barrier{Gate: gate, Evidence: cond(first(w.gb.law, gate), "x"), Reference: "again"}})
		if new := kinds(w.gb)[before:]; !slices.Equal(new, []act.Kind{joint.CasePaused}) {
			t.Errorf("%s: the other state was told %v", gate, new)
		}
		w.sync()
		w.pass(48 * time.Hour)
		w.al.refused(t, "readmission-officer", result(id), "fault.case.paused")
		if s := w.al.state(); s.Interviews[0].Held.Is() || s.Paused.Is() {
			t.Errorf("%s: %+v", gate, s.Interviews[0])
		}
	}
	t.Run("held before the word arrived", func(t *testing.T) {
		w, id := arranged()
		w.gb.must("escort-officer", SetBarrier{domestic.Barrier{Gate: "asylum-claim", Evidence: "person-said"}})
		w.pass(48 * time.Hour)
		w.al.must("readmission-officer", result(id))
		w.sync()
		for n, crossed := range map[*node]int{w.gb: 1, w.al: 0} { // where the result came first, nothing crossed it
			if s := n.state(); !s.Interviews[0].Held.Is() || len(s.Contested) != crossed {
				t.Errorf("%s: %+v %+v", n.own, s.Interviews[0], s.Contested)
			}
		}
	})
	t.Run("held although it was known", func(t *testing.T) {
		w, id := arranged()
		w.gb.must("escort-officer", SetBarrier{domestic.Barrier{Gate: "asylum-claim", Evidence: "person-said"}})
		w.sync()
		w.pass(48 * time.Hour)
		body := result(id).InterviewResult
		s := w.al.state()
		w.al.append(answer(s.joint(joint.CaseInterviewHeld, &body), id), w.al.env("readmission-officer"))
		w.sync()
		if s := w.gb.state(); s.Interviews[0].Held.Is() || len(s.Contested) != 1 {
			t.Errorf("%+v %+v", s.Interviews[0], s.Contested)
		}
	})
	t.Run("long past", func(t *testing.T) {
		w, _ := arranged()
		w.pass(96 * time.Hour)
		before := len(w.gb.sent)
		w.gb.must("escort-officer", SetBarrier{domestic.Barrier{Gate: "asylum-claim", Evidence: "person-said"}})
		if new := kinds(w.gb)[before:]; len(new) > 0 {
			t.Errorf("“not yet” of somebody whom nobody expects: %v", new)
		}
	})
	t.Run("on an officer’s word", func(t *testing.T) {
		w, _ := arranged()
		w.gb.must("escort-officer", Pause{})
		w.gb.refused(t, "escort-officer", Pause{}, "fault.case.not-expected")
		w.gb.mustAttest("request")
		w.gb.must("caseworker", ArrangeInterview{joint.InterviewArranged{At: w.now.Add(48 * time.Hour), Channel: "video", Language: "sq", Interpreter: true}})
		w.gb.must("caseworker", Withdraw{Reason: "court"})
		w.sync()
		if s := w.al.state(); !s.Interviews[1].Stopped.Is() {
			t.Errorf("withdrawn, and the interview stands: %+v", s.Interviews)
		}
	})
}

// first is the first kind of evidence that a gate accepts.
func first(l *treaty.Law, gate string) string {
	if r, ok := l.Gate(gate); ok && len(r.Evidence) > 0 {
		return r.Evidence[0]
	}
	return ""
}

func TestFamilyAndChild(t *testing.T) {
	w := newWorld(t)
	c := opening(Readmission)
	c.CaseOpening.Person.Birth = person.Date{Year: 2005} // turns 18 this year, nobody knows when
	c.Unaccompanied = true
	w.gb.must("caseworker", c)
	if g := w.gb.gate("child", StepConfirm); g.Status != GateClosed {
		t.Errorf("somebody who may be a child: %+v", g)
	}
	decide := DecideBestInterests{domestic.BestInterests{Return: true, Decided: person.On(2023, 3, 6)}}
	w.gb.refused(t, "caseworker", decide, "fault.case.role")
	w.gb.refused(t, "specialist", decide, "fault.case.needed")
	decide.Receiver = "aunt"
	for _, day := range []person.Date{{}, {Year: 2023, Month: 3}, person.On(2023, 3, 7), person.On(2004, 12, 31)} { // none, no day, tomorrow, before the birth
		never := decide
		never.Decided = day
		w.gb.refused(t, "specialist", never, "fault.case.date")
	}
	w.gb.must("specialist", decide)
	if g := w.gb.gate("child", StepConfirm); g.MessageKey != "case.gate.no-reception" {
		t.Errorf("%+v", g)
	}
	decide.Reception = true
	w.gb.must("specialist", decide)
	if g := w.gb.gate("child", StepConfirm); g.Status != GateOpen {
		t.Errorf("%+v", g)
	}
	w.gb.must("caseworker", LinkFamily{domestic.FamilyLink{Family: "f", Case: "case-2", Relation: "parent"}})
	if g := w.gb.gate("family", StepConfirm); g.Status != GateUnknown {
		t.Errorf("a family member whose case nobody can read: %+v", g)
	}
	w.gb.must("specialist", DecideSeparation{domestic.Separation{Allowed: true, Reason: "the parent follows"}})
	if g := w.gb.gate("family", StepConfirm); g.Status != GateOpen {
		t.Errorf("%+v", g)
	}
}

// P12, T12: a merge by two officers, and a way back that restores both.
func TestMergePersons(t *testing.T) {
	w := newWorld(t)
	var p People
	do := func(role string, c PeopleCommand) error {
		list, err := DecidePeople(p, c, w.gb.env(role))
		for _, st := range list {
			p = FoldPeople(p, act.Event{ID: w.id(), Kind: st.Kind, Subject: st.Subject, Officer: w.gb.env(role).By, Made: w.now, Body: st.Body})
		}
		return err
	}
	want := func(err error, key string) {
		t.Helper()
		if fault.KeyOf(err) != key {
			t.Fatalf("%v, want %q", err, key)
		}
	}
	link := ProposeMerge{domestic.MergeProposal{Kept: "a", Merged: "b", Evidence: []string{"fingerprints"}}}
	want(do("caseworker", link), "")
	want(do("caseworker", link), "fault.case.linked")
	if p.Canonical("b") != "b" {
		t.Fatal("one officer merged two people")
	}
	id := p.Merges[0].ID
	want(do("caseworker", ConfirmMerge{id}), "fault.case.role")
	want(do("specialist", ConfirmMerge{id}), "")
	if p.Canonical("b") != "a" {
		t.Fatal("not merged")
	}
	w.pass(time.Hour)
	events := []act.Event{{ID: "1", Subject: "b", Made: w.now}, {ID: "2", Subject: "c", Made: w.now}, {ID: "3", Subject: "a", Made: w.now.Add(-2 * time.Hour)}}
	if got := p.SinceMerge(id, events); len(got) != 1 || got[0].ID != "1" {
		t.Errorf("%v", got)
	}
	want(do("supervisor", UndoMerge{Proposal: id, Reason: "error"}), "")
	if p.Canonical("b") != "b" || p.Canonical("a") != "a" {
		t.Error("not restored")
	}
	want(do("caseworker", link), "")
}

// STOP by any authorised person on either side (law, section 9): the receiving side says “not yet” as well, and
// nothing is accepted while its own barrier holds.
func TestStopOnTheReceivingSide(t *testing.T) {
	w := newWorld(t)
	w.offered()
	w.al.must("border-officer", SetBarrier{domestic.Barrier{Gate: "stop", Evidence: "seen"}})
	w.al.refused(t, "border-officer", AcceptHandover{}, "fault.case.paused")
	w.al.refused(t, "readmission-officer", Resume{}, "fault.case.barrier-holds")
	w.sync()
	if s := w.gb.state(); !s.Receiving.Is() || len(s.Contested) != 0 {
		t.Errorf("%+v", s.Contested)
	}
	if g := w.gb.gate("announced", StepDepart); g.MessageKey != "case.gate.receiving-paused" {
		t.Errorf("%+v", g)
	}
	if n := NextStep(w.gb.state(), w.gb.env("caseworker")); n.Key != "case.next.paused" || n.Owner != "al" {
		t.Errorf("%+v", n)
	}
	id := w.al.state().Barriers[0].ID
	w.al.must("supervisor", LiftBarrier{Barrier: id, Evidence: "looked into"})
	w.al.must("senior-caseworker", LiftBarrier{Barrier: id, Evidence: "looked into"})
	w.al.must("readmission-officer", Resume{})
	w.al.must("border-officer", AcceptHandover{Property: 1})
	w.sync()
	if o := w.gb.state().Outcome(); o != Returned {
		t.Error(o)
	}
}
