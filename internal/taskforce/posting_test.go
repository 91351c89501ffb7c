package taskforce

import (
	"fmt"
	"testing"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/fault"
)

func post(from, until string) joint.Posting {
	return joint.Posting{Post: "liaison-tirana", Host: "al", Home: "gb", Mandate: "m", Title: both("Liaison officer"),
		Place: "TIA", Powers: []string{"advice", "observation"}, From: from, Until: until}
}

// posted is an officer who signs with the role of a posted officer.
func (p *pair) posted(us, id string) Env {
	env := p.env(us, PostedOfficer)
	env.Officer.ID = act.ID(id)
	return env
}

// accredit takes a posting from the vacancy to access.
func (p *pair) accredit(id act.ID, officer act.ID, from, until string) {
	p.t.Helper()
	p.as("al", "coordinator", OpenPosting{ID: id, Terms: post(from, until)}, "")
	p.deliver()
	p.as("gb", "coordinator", NominateOfficer{ID: id, Nominee: joint.PostingNominee{Officer: officer, Consented: "2026-05-01"}}, "")
	p.as("gb", "coordinator", VetOfficer{ID: id, Passed: true}, "")
	p.deliver()
	p.as("al", "coordinator", VetOfficer{ID: id, Passed: true}, "")
	p.as("al", "coordinator", ConsentToPosting{ID: id, Given: true}, "")
	p.as("al", "coordinator", AccreditOfficer{ID: id, Accreditation: joint.PostingAccreditation{Powers: []string{"advice"},
		Supervisor: "al-supervisor", From: from, Until: until}}, "")
	for _, c := range []string{"data-protection", "fundamental-rights"} {
		p.as("al", "coordinator", RecordTraining{ID: id, Training: joint.PostingTraining{Course: c, Date: "2026-05-04"}}, "")
	}
	p.deliver()
	p.with(p.posted("gb", string(officer)), AcceptRules{ID: id, Rules: joint.PostingRules{Version: "1", SHA256: fmt.Sprintf("%064x", 7)}}, "")
	p.deliver()
}

var tirana = time.FixedZone("CET+1", 2*3600)

// Access begins and ends with the posting by itself, to the second, in the host's zone.
func TestAccessFollowsThePosting(t *testing.T) {
	p := newPair(t)
	p.agreed("m", "officer-exchange")
	p.accredit("x", "gb-officer", "2026-06-01", "2026-08-31")
	begins, ends := time.Date(2026, 6, 1, 0, 0, 0, 0, tirana), time.Date(2026, 9, 1, 0, 0, 0, 0, tirana)
	s := p.node["al"].state
	for at, why := range map[time.Time]string{begins.Add(-time.Second): "not-begun", begins: "open", ends.Add(-time.Second): "open",
		ends: "ended", ends.AddDate(1, 0, 0): "ended"} {
		if a := s.AccessAt("x", at, tirana); a.Why != "taskforce.access."+why || a.Open != (why == "open") || a.Ends != ends {
			t.Errorf("%s: %+v, want %s", at, a, why)
		}
	}
	if n := s.NextChange("x", begins, tirana); !n.Equal(ends) {
		t.Errorf("next change %s", n)
	}
	if s.PostedAs("gb-officer", begins, tirana) == nil || s.PostedAs("gb-officer", ends, tirana) != nil {
		t.Error("posted as")
	}
	// The mandate is suspended: access closes on that day, although the posting runs on.
	c := p.as("gb", "coordinator", ChangeMeasure{ID: "m", Change: "suspend", From: "2026-07-01", Reason: both("x")}, "")
	p.deliver()
	p.as("al", "coordinator", AcceptMeasure{ID: "m", Proposal: c}, "")
	s = p.node["al"].state
	if a := s.AccessAt("x", time.Date(2026, 7, 1, 0, 0, 0, 0, tirana), tirana); a.Why != "taskforce.access.mandate" {
		t.Errorf("%+v", a)
	}
	if n := s.NextChange("x", begins, tirana); !n.Equal(time.Date(2026, 7, 1, 0, 0, 0, 0, tirana)) {
		t.Errorf("next change %s", n)
	}
}

// Either side recalls at once, also when the other node's clock runs ahead, and whatever crosses the recall.
func TestRecall(t *testing.T) {
	for _, us := range []string{"al", "gb"} {
		p := newPair(t)
		p.agreed("m", "officer-exchange")
		p.accredit("x", "gb-officer", "2026-05-10", "2026-08-31")
		p.now = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
		why := map[string]string{"al": "ended-by-host", "gb": "recalled-by-home"}
		p.as(us, "supervisor", RecallPosting{ID: "x", Reason: why[New("al", "gb").Peer(us)]}, "fault.taskforce.recall-reason")
		p.as(us, "supervisor", RecallPosting{ID: "x", Reason: why[us]}, "")
		p.as(us, "supervisor", RecallPosting{ID: "x", Reason: why[us]}, "fault.taskforce.posting-over")
		n := p.node[us]
		n.out[len(n.out)-1].Made = p.now.Add(time.Minute) // a clock that runs ahead
		host := p.node["al"]
		if us == "gb" {
			e := n.out[len(n.out)-1]
			e.Recorded = p.now
			host.state = Fold(host.state, e)
		}
		if a := host.state.AccessAt("x", p.now, tirana); a.Open || a.Why != "taskforce.access.recalled" {
			t.Errorf("recalled by %s: %+v", us, a)
		}
		p.with(p.posted("al", "gb-officer"), ReportPosting{ID: "x"}, "fault.taskforce.posting-over")
	}
}

// What a posting may not do: outlive its mandate, overlap, begin without consent, give more than the agreement.
func TestPostingRefused(t *testing.T) {
	p := newPair(t)
	p.agreed("m", "officer-exchange")
	p.agreed("checks", "checks")
	bad := func(change func(*joint.Posting), key string) {
		t.Helper()
		terms := post("2026-06-01", "2026-08-31")
		change(&terms)
		p.as("al", "coordinator", OpenPosting{ID: "y", Terms: terms}, key)
	}
	bad(func(x *joint.Posting) { x.Until = "2027-01-01" }, "fault.taskforce.outlives-mandate")
	bad(func(x *joint.Posting) { x.From = "2026-05-09" }, "fault.taskforce.outlives-mandate")
	bad(func(x *joint.Posting) { x.Mandate = "checks" }, "fault.taskforce.no-mandate")
	bad(func(x *joint.Posting) { x.Mandate = "none" }, "fault.taskforce.no-mandate")
	bad(func(x *joint.Posting) { x.Place = "XXX" }, "fault.taskforce.crossing-point")
	bad(func(x *joint.Posting) { x.Host = "gb" }, "fault.taskforce.posting-states")
	bad(func(x *joint.Posting) { x.Powers = []string{"arrest"} }, "fault.taskforce.powers")
	bad(func(x *joint.Posting) { x.Powers = []string{"executive"} }, "fault.taskforce.executive")

	p.as("al", "coordinator", OpenPosting{ID: "x", Terms: post("2026-06-01", "2026-08-31")}, "")
	p.deliver()
	nominee := func(consented string) NominateOfficer {
		return NominateOfficer{ID: "x", Nominee: joint.PostingNominee{Officer: "gb-officer", Consented: consented}}
	}
	p.as("al", "coordinator", nominee("2026-05-01"), "fault.taskforce.home-only")
	p.as("gb", "coordinator", nominee(""), "fault.taskforce.no-consent")
	p.as("gb", "coordinator", nominee("2026-05-05"), "fault.taskforce.no-consent") // tomorrow
	p.as("gb", "coordinator", VetOfficer{ID: "x", Passed: true}, "fault.taskforce.no-nominee")
	p.as("gb", "coordinator", nominee("2026-05-01"), "")
	p.as("gb", "coordinator", VetOfficer{ID: "x", Passed: true}, "")
	p.deliver()
	p.as("gb", "coordinator", ConsentToPosting{ID: "x", Given: true}, "fault.taskforce.host-only")
	p.as("al", "coordinator", ConsentToPosting{ID: "x", Given: true}, "fault.taskforce.not-vetted")
	p.as("al", "coordinator", VetOfficer{ID: "x", Passed: true}, "")
	acc := joint.PostingAccreditation{Powers: []string{"advice"}, Supervisor: "al-supervisor", From: "2026-06-01", Until: "2026-08-31"}
	try := func(change func(*joint.PostingAccreditation), key string) {
		t.Helper()
		a := acc
		change(&a)
		p.as("al", "coordinator", AccreditOfficer{ID: "x", Accreditation: a}, key)
	}
	try(func(*joint.PostingAccreditation) {}, "fault.taskforce.no-host-consent")
	p.as("al", "coordinator", ConsentToPosting{ID: "x", Given: true}, "")
	try(func(a *joint.PostingAccreditation) { a.Until = "2026-09-30" }, "fault.taskforce.outlives-mandate")
	try(func(a *joint.PostingAccreditation) { a.Powers = []string{"executive"} }, "fault.taskforce.powers")
	try(func(a *joint.PostingAccreditation) { a.Supervisor = "gb-officer" }, "fault.taskforce.supervisor")
	p.with(p.posted("al", "gb-officer"), AccreditOfficer{ID: "x", Accreditation: acc}, "fault.taskforce.posted-officer")
	try(func(*joint.PostingAccreditation) {}, "")
	if a := p.node["al"].state.AccessAt("x", time.Date(2026, 6, 2, 9, 0, 0, 0, tirana), tirana); a.Why != "taskforce.access.rules" {
		t.Errorf("without rules and training: %+v", a)
	}
	p.deliver()
	// The same officer elsewhere, or another officer on the same post, on common days.
	p.as("gb", "coordinator", OpenPosting{ID: "z", Terms: post("2026-08-31", "2026-10-31")}, "")
	p.as("gb", "coordinator", NominateOfficer{ID: "z", Nominee: joint.PostingNominee{Officer: "gb-officer", Consented: "2026-05-01"}}, "fault.taskforce.overlap")
	p.as("gb", "coordinator", NominateOfficer{ID: "z", Nominee: joint.PostingNominee{Officer: "gb-second", Consented: "2026-05-01"}}, "")
	p.as("gb", "coordinator", VetOfficer{ID: "z", Passed: true}, "")
	p.deliver()
	p.as("al", "coordinator", VetOfficer{ID: "z", Passed: true}, "")
	p.as("al", "coordinator", ConsentToPosting{ID: "z", Given: true}, "")
	acc.From, acc.Until = "2026-08-31", "2026-10-31"
	p.as("al", "coordinator", AccreditOfficer{ID: "z", Accreditation: acc}, "fault.taskforce.overlap")
	acc.From = "2026-09-01"
	p.as("al", "coordinator", AccreditOfficer{ID: "z", Accreditation: acc}, "")
	p.deliver()
}

// Executive power needs an article of the agreement, named in the accreditation.
func TestExecutivePower(t *testing.T) {
	env := Env{Agreement: Agreement{Executive: map[string]struct{}{"Art. 7": {}}}}
	for article, key := range map[string]string{"Art. 7": "", "Art. 8": "fault.taskforce.executive", "": "fault.taskforce.executive"} {
		if err := checkPowers([]string{"executive"}, Powers, article, env, true); fault.KeyOf(err) != key {
			t.Errorf("%q: %v", article, err)
		}
	}
}

// A renewed nomination crosses an accreditation: the officer who was replaced gets no access.
func TestNominationCrossesAccreditation(t *testing.T) {
	p := newPair(t)
	p.agreed("m", "officer-exchange")
	p.as("al", "coordinator", OpenPosting{ID: "x", Terms: post("2026-06-01", "2026-08-31")}, "")
	p.deliver()
	p.as("gb", "coordinator", NominateOfficer{ID: "x", Nominee: joint.PostingNominee{Officer: "first", Consented: "2026-05-01"}}, "")
	p.as("gb", "coordinator", VetOfficer{ID: "x", Passed: true}, "")
	p.deliver()
	p.as("al", "coordinator", VetOfficer{ID: "x", Passed: true}, "")
	p.as("al", "coordinator", ConsentToPosting{ID: "x", Given: true}, "")
	p.as("al", "coordinator", AccreditOfficer{ID: "x", Accreditation: joint.PostingAccreditation{Powers: []string{"advice"},
		Supervisor: "al-supervisor", From: "2026-06-01", Until: "2026-08-31"}}, "")
	p.as("gb", "coordinator", NominateOfficer{ID: "x", Nominee: joint.PostingNominee{Officer: "second", Consented: "2026-05-01"}}, "")
	p.deliver()
	x := p.node["al"].state.Postings["x"]
	if x.Accredited != nil || x.Nominee.Officer != "second" || len(x.Crossings) != 1 || x.Crossings[0].Ruling != RulingWithdrawal {
		t.Errorf("%+v", x)
	}
}

// Reports, the supervisor's receipt, and the handover from one officer to the next.
func TestPostingWork(t *testing.T) {
	p := newPair(t)
	p.agreed("m", "officer-exchange")
	p.accredit("x", "gb-officer", "2026-05-10", "2026-06-30")
	p.accredit("next", "gb-second", "2026-07-01", "2026-08-31")
	p.now = time.Date(2026, 6, 15, 9, 0, 0, 0, time.UTC)
	report := func(until string, code string) ReportPosting {
		return ReportPosting{ID: "x", Report: joint.PostingReport{From: "2026-05-10", Until: until,
			Activities: []joint.PostingActivity{{Code: code, Count: 4}}, Summary: both("Quiet")}}
	}
	me := p.posted("al", "gb-officer")
	p.with(p.posted("al", "gb-second"), report("2026-06-14", "meetings"), "fault.taskforce.posted-only")
	p.with(me, report("2026-06-30", "meetings"), "fault.taskforce.report-period")
	p.with(me, report("2026-06-14", "persons-returned"), "fault.taskforce.activity")
	id := p.with(me, report("2026-06-14", "meetings"), "")
	p.as("al", "coordinator", SeeReport{ID: "x", Report: id}, "fault.taskforce.supervisor-only")
	p.as("al", "supervisor", SeeReport{ID: "x", Report: id}, "")
	p.as("al", "supervisor", SeeReport{ID: "x", Report: id}, "fault.taskforce.report-seen")

	work := open("al")
	work.Task.Due = "2026-07-20"
	p.as("al", "coordinator", work, "")
	p.as("al", "coordinator", AssignTask{ID: "t", Officer: "gb-officer"}, "")
	hand := HandOverPost{ID: "x", Handover: joint.PostingHandover{To: "next", Note: both("One task is open")}}
	p.with(me, hand, "fault.taskforce.handover-left")
	hand.Handover.Tasks = []act.ID{"t"}
	p.with(me, hand, "")
	p.deliver()
	p.with(p.posted("al", "gb-second"), TakeOverPost{ID: "next", From: "x"}, "fault.taskforce.no-access")
	p.now = time.Date(2026, 7, 1, 9, 0, 0, 0, time.UTC)
	p.with(p.posted("al", "gb-second"), TakeOverPost{ID: "next", From: "x"}, "")
	p.with(p.posted("al", "gb-officer"), report("2026-06-30", "meetings"), "fault.taskforce.no-access")
	p.deliver()
	if got := p.node["gb"].state.Postings["next"].TakenOver; got == nil || got.From != "x" {
		t.Errorf("%+v", got)
	}
}

// Messages: caveat, review by a second officer, receipts, expiry.
func TestMessages(t *testing.T) {
	p := newPair(t)
	msg := domestic.MessageDraft{Caveat: "task-force", Subject: "Figures", Text: "The figures are ready.", Expires: p.now.Add(48 * time.Hour)}
	send := func(change func(*domestic.MessageDraft), key string) {
		t.Helper()
		m := msg
		change(&m)
		p.as("gb", "coordinator", SendMessage{ID: "n", Message: m}, key)
	}
	send(func(m *domestic.MessageDraft) { m.Caveat = "public" }, "fault.taskforce.caveat")
	send(func(m *domestic.MessageDraft) { m.Expires = p.now }, "fault.taskforce.expiry")
	send(func(m *domestic.MessageDraft) { m.Briefing = true }, "fault.taskforce.no-recipient")
	send(func(m *domestic.MessageDraft) { m.Person = true }, "fault.taskforce.not-cleared")
	send(func(m *domestic.MessageDraft) { m.Text = "He was born in 1990" }, "fault.taskforce.not-cleared")
	send(func(m *domestic.MessageDraft) { m.Text = "Passport BA1234567" }, "fault.taskforce.not-cleared")
	send(func(m *domestic.MessageDraft) { m.Text = "Statistika e azilit" }, "fault.taskforce.not-cleared")
	send(func(*domestic.MessageDraft) {}, "")

	person := domestic.MessageDraft{Caveat: "named-officers", To: []act.ID{"al-coordinator"}, Subject: "Tomorrow’s handover", Person: true,
		Text: "Please bring the medicine of the second passenger.", Expires: p.now.Add(24 * time.Hour)}
	wide := person
	wide.Caveat = "task-force"
	p.as("gb", "coordinator", DraftMessage{ID: "q", Draft: wide}, "fault.taskforce.person-caveat")
	asylum := person
	asylum.Text = "The asylum claim was refused."
	p.as("gb", "coordinator", DraftMessage{ID: "q", Draft: asylum}, "fault.taskforce.text-protected")
	p.as("gb", "coordinator", DraftMessage{ID: "q", Draft: person}, "")
	if len(p.node["gb"].out) != 1 {
		t.Fatal("a draft is on its way")
	}
	p.as("gb", "coordinator", SendMessage{ID: "q"}, "fault.taskforce.not-cleared")
	p.as("gb", "coordinator", ReviewMessage{ID: "q", Cleared: true}, "fault.taskforce.second-officer")
	twin := p.env("gb", "coordinator")
	twin.Officer.ID = "another"
	p.with(twin, ReviewMessage{ID: "q", Cleared: true}, "fault.taskforce.second-officer") // same role
	p.as("gb", "supervisor", ReviewMessage{ID: "q"}, "fault.taskforce.review-reason")
	p.as("gb", "supervisor", ReviewMessage{ID: "q", Cleared: true}, "")
	p.as("gb", "supervisor", SendMessage{ID: "q"}, "fault.taskforce.not-cleared") // only its author
	p.as("gb", "coordinator", SendMessage{ID: "q"}, "")
	p.deliver()
	got := p.node["al"].state.Messages["q"]
	if got.Body.Reviewer != "gb-supervisor" || got.Body.Text != person.Text {
		t.Errorf("%+v", got.Body)
	}
	p.as("al", "supervisor", ReadMessage{ID: "q"}, "fault.taskforce.message-unknown") // not named
	p.as("al", "coordinator", ReadMessage{ID: "q"}, "")
	p.as("al", "coordinator", ReadMessage{ID: "q"}, "fault.taskforce.message-read")
	p.deliver()
	if m := p.node["gb"].state.Messages["q"]; !m.ReadBy("al-coordinator") || len(m.Unread()) != 0 {
		t.Errorf("%+v", m)
	}
	late := p.now.Add(25 * time.Hour)
	reader := act.Officer{ID: "al-coordinator", Authority: "al", Role: "coordinator"}
	if got.MayRead(reader, late) || !got.MayRead(reader, p.now) {
		t.Error("expiry")
	}
}
