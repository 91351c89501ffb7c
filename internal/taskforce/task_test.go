package taskforce

import (
	"strings"
	"testing"
	"time"

	"countersign/internal/act/joint"
)

var shown = []joint.TaskEvidence{{Kind: "edition", Ref: "2026-2", Note: both("Table 3")}}

func open(owner string) OpenTask {
	return OpenTask{ID: "t", Task: joint.Task{Title: both("Train the officers"), Owner: owner, Due: "2026-05-20", Evidence: both("List")}}
}

// Neither side can close, assign, move or cancel the other's task; the owner closes it with evidence.
func TestTaskIsItsOwners(t *testing.T) {
	p := newPair(t)
	p.as("gb", "coordinator", open("al"), "")
	p.deliver()
	for _, c := range []Command{CompleteTask{ID: "t", Evidence: shown}, AssignTask{ID: "t", Officer: "x"}, TakeTask{ID: "t"},
		MoveTask{ID: "t", Due: "2026-06-01", Reason: both("x")}, CancelTask{ID: "t", Reason: both("x")},
		DeclineTask{ID: "t", Reason: both("x")}} {
		p.as("gb", "coordinator", c, "fault.taskforce.not-own-task")
	}
	p.as("al", "coordinator", TakeTask{ID: "t", Officer: "al-supervisor"}, "")
	p.as("al", "coordinator", CompleteTask{ID: "t"}, "fault.taskforce.no-evidence")
	p.as("al", "coordinator", CompleteTask{ID: "t", Evidence: []joint.TaskEvidence{{Kind: "document", Ref: "1", Note: both("n")}}}, "fault.taskforce.evidence-digest")
	p.as("al", "coordinator", MoveTask{ID: "t", Due: "2026-06-01", Reason: both("Illness")}, "")
	p.deliver()
	if got := p.node["gb"].state.Tasks["t"]; got.FirstDue != "2026-05-20" || got.Due != "2026-06-01" || got.Overdue("2026-06-04") != 3 {
		t.Errorf("%+v", got)
	}
	p.as("gb", "coordinator", EscalateTask{ID: "t", Level: 1, Reason: both("Late")}, "")
	p.as("gb", "coordinator", EscalateTask{ID: "t", Level: 1, Reason: both("Late")}, "fault.taskforce.level")
	p.as("gb", "coordinator", WithdrawTask{ID: "t", Reason: both("x")}, "fault.taskforce.task-status")
	p.as("al", "coordinator", CompleteTask{ID: "t", Evidence: shown}, "")
	p.deliver()
	p.as("gb", "coordinator", QuestionTask{ID: "t", Reason: both("No list")}, "")
	p.deliver()
	if got := p.node["al"].state.Tasks["t"].Status; got != TaskQuestioned {
		t.Errorf("questioned: %s", got)
	}
	p.as("al", "coordinator", CompleteTask{ID: "t", Evidence: shown}, "")
	p.deliver()
	if got := p.node["gb"].state.Tasks["t"]; got.Status != TaskDone || got.Overdue("2027-01-01") != 0 {
		t.Errorf("%+v", got)
	}
}

// A withdrawal that crosses the taking wins, and both see it.
func TestTaskWithdrawalCrossesTaking(t *testing.T) {
	p := newPair(t)
	p.as("gb", "coordinator", open("al"), "")
	p.deliver()
	p.as("gb", "coordinator", WithdrawTask{ID: "t", Reason: both("No longer needed")}, "")
	p.as("al", "coordinator", TakeTask{ID: "t"}, "")
	p.as("al", "coordinator", CompleteTask{ID: "t", Evidence: shown}, "")
	p.deliver()
	s := p.node["al"].state
	if s.Tasks["t"].Status != TaskWithdrawn || len(s.Crossings()) != 2 || s.Crossings()[0].Ruling != RulingWithdrawal {
		t.Errorf("%s %+v", s.Tasks["t"].Status, s.Crossings())
	}
}

// Minutes count when both have agreed the same text: then decisions and actions stand.
func TestMinutes(t *testing.T) {
	p := newPair(t)
	at := p.now.Add(time.Hour)
	p.as("gb", "coordinator", CallMeeting{ID: "x", Call: joint.MeetingCall{Title: both("Steering"), Starts: at, Ends: at.Add(-time.Hour),
		Place: both("Tirana"), Agenda: []joint.Text{both("One")}}}, "fault.taskforce.meeting-time")
	p.as("gb", "coordinator", CallMeeting{ID: "x", Call: joint.MeetingCall{Title: both("Steering"), Starts: at, Ends: at.Add(time.Hour),
		Place: both("Tirana"), Agenda: []joint.Text{both("One")}}}, "")
	p.deliver()
	p.as("al", "coordinator", CancelMeeting{ID: "x", Reason: both("x")}, "fault.taskforce.not-own-meeting")
	minutes := joint.Minutes{Items: []joint.Text{both("Agreed")}, Decisions: []joint.MinutesDecision{{ID: "d", Text: both("We train")}},
		Actions: []joint.MinutesAction{{ID: "a", Title: both("Train"), Owner: "al", Due: "2026-06-01"}}}
	p.as("al", "coordinator", ProposeMinutes{ID: "x", Minutes: minutes}, "fault.taskforce.minutes-early")
	p.now = at.Add(2 * time.Hour)
	first := p.as("al", "coordinator", ProposeMinutes{ID: "x", Minutes: minutes}, "")
	p.deliver()
	if len(p.node["gb"].state.Tasks) != 0 || len(p.node["gb"].state.Decisions()) != 0 {
		t.Fatal("minutes count before the other side agreed")
	}
	p.as("al", "coordinator", AgreeMinutes{ID: "x", Proposal: first}, "fault.taskforce.own-proposal")
	p.as("gb", "coordinator", ReturnMinutes{ID: "x", Proposal: first, Reason: both("Date is wrong")}, "")
	p.deliver()
	minutes.Actions[0].Due = "2026-06-10"
	second := p.as("al", "coordinator", ProposeMinutes{ID: "x", Minutes: minutes}, "")
	p.deliver()
	p.as("gb", "coordinator", AgreeMinutes{ID: "x", Proposal: second}, "")
	p.deliver()
	s := p.node["al"].state
	if task := s.Tasks["a"]; task == nil || task.Due != "2026-06-10" || task.Owner != "al" || len(s.Decisions()) != 1 {
		t.Fatalf("task %+v, decisions %d", s.Tasks["a"], len(s.Decisions()))
	}
	p.as("al", "coordinator", CompleteTask{ID: "a", Evidence: shown}, "")
	p.deliver()
}

// A withdrawal crosses the agreement to minutes: the task that the agreeing side saw is taken back, with a ruling.
func TestMinutesUndone(t *testing.T) {
	p := newPair(t)
	at := p.now.Add(time.Hour)
	p.as("gb", "coordinator", CallMeeting{ID: "x", Call: joint.MeetingCall{Title: both("S"), Starts: at, Ends: at.Add(time.Hour),
		Place: both("T"), Agenda: []joint.Text{both("One")}}}, "")
	p.deliver()
	p.now = at
	id := p.as("al", "coordinator", ProposeMinutes{ID: "x", Minutes: joint.Minutes{Items: []joint.Text{both("A")},
		Actions: []joint.MinutesAction{{ID: "a", Title: both("Train"), Owner: "gb", Due: "2026-06-01"}}}}, "")
	p.deliver()
	p.as("gb", "coordinator", AgreeMinutes{ID: "x", Proposal: id}, "")
	if p.node["gb"].state.Tasks["a"] == nil {
		t.Fatal("agreed, but no task")
	}
	p.as("al", "coordinator", WithdrawMinutes{ID: "x", Proposal: id}, "")
	p.deliver()
	s := p.node["gb"].state
	if s.Tasks["a"] != nil || len(s.Crossings()) != 1 || s.Crossings()[0].Ruling != RulingWithdrawal {
		t.Errorf("task %+v, crossings %+v", s.Tasks["a"], s.Crossings())
	}
}

// Commitments: both enter them, only the side that owes one speaks of it, and the page has both languages.
func TestCommitments(t *testing.T) {
	p := newPair(t)
	entry := joint.Commitment{Source: both("Communiqué, stand-in"), StandIn: true, Promise: both("More checks"), By: []string{"al"},
		Due: "2026-06-30", Evidence: both("An edition")}
	id := p.as("gb", "coordinator", ProposeCommitment{ID: "c", Entry: entry}, "")
	p.deliver()
	word := func(status string, evidence ...string) StateProgress {
		return StateProgress{ID: "c", Progress: joint.CommitmentProgress{Status: status, AsOf: "2026-05-04", Statement: both("Begun"), Evidence: evidence}}
	}
	p.as("al", "coordinator", word("under-way"), "fault.taskforce.commitment-unknown")
	p.as("al", "coordinator", AcceptCommitment{ID: "c", Proposal: id}, "")
	p.deliver()
	p.as("gb", "coordinator", word("kept", "x"), "fault.taskforce.not-owed")
	p.as("al", "coordinator", word("kept"), "fault.taskforce.no-evidence")
	p.as("al", "coordinator", word("finished"), "fault.taskforce.progress-status")
	asylum := word("under-way")
	asylum.Progress.Statement.SQ = "Më pak kërkesa për azil"
	p.as("al", "coordinator", asylum, "fault.taskforce.text-protected")
	p.as("al", "coordinator", word("under-way"), "")
	p.deliver()
	lines := p.node["gb"].state.Progress("2026-07-01")
	if len(lines) != 1 || !lines[0].Overdue || lines[0].Latest["al"].Status != "under-way" || !lines[0].Entry.StandIn {
		t.Errorf("%+v", lines)
	}
}

// The calendar says when something happens and nothing about anybody (RFC 5545).
func TestCalendar(t *testing.T) {
	p := newPair(t)
	p.agreed("11111111-measure", "checks")
	at := p.now.Add(time.Hour)
	p.as("gb", "coordinator", CallMeeting{ID: "22222222-meeting", Call: joint.MeetingCall{Title: both("About Mr Hoxha"), Starts: at,
		Ends: at.Add(time.Hour), Place: both("Rruga 1"), Agenda: []joint.Text{both("One")}}}, "")
	text := p.node["gb"].state.Calendar(CalendarWords{Name: "Grupi i përbashkët i punës; këtu, " + strings.Repeat("ë", 60), Meeting: "Takim",
		MeasureBegins: "Fillon masa", MeasureEnds: "Mbaron masa"}, p.now)
	for _, secret := range []string{"Hoxha", "Rruga", "Checks in May", "gb-coordinator"} {
		if strings.Contains(text, secret) {
			t.Errorf("the calendar holds %q", secret)
		}
	}
	for _, want := range []string{"DTSTART:20260504T100000Z", "DTSTART;VALUE=DATE:20260510", "DTEND;VALUE=DATE:20270101",
		"SUMMARY:Takim 22222222", "END:VCALENDAR\r\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	for _, line := range strings.Split(strings.TrimSuffix(text, "\r\n"), "\r\n") {
		if len(line) > 75 || strings.ContainsAny(line, "\r\n") {
			t.Errorf("line of %d octets: %q", len(line), line)
		}
	}
	if strings.Count(text, "BEGIN:VEVENT") != 3 {
		t.Errorf("%d events", strings.Count(text, "BEGIN:VEVENT"))
	}
}

// Duty: who answers now, and when nobody does.
func TestDuty(t *testing.T) {
	p := newPair(t)
	set := func(id string, from, hours int) SetDuty {
		at := p.now.Add(time.Duration(from) * time.Hour)
		return SetDuty{ID: "d" + "-" + "1", Entry: joint.Duty{Function: "border", Desk: both("Desk " + id), Phone: "+355 4 222 0000",
			From: at, Until: at.Add(time.Duration(hours) * time.Hour)}}
	}
	first, second := set("one", 0, 8), set("two", 10, 4)
	second.ID = "d-2"
	p.as("al", "coordinator", first, "")
	p.as("al", "coordinator", second, "")
	bad := set("three", 0, 1)
	bad.ID, bad.Entry.Phone = "d-3", "222 0000"
	p.as("al", "coordinator", bad, "fault.taskforce.phone")
	p.deliver()
	p.as("gb", "coordinator", EndDuty{ID: "d-1", At: p.now.Add(time.Hour)}, "fault.taskforce.not-own-duty")
	s := p.node["gb"].state
	if on := s.OnDuty(p.now.Add(7 * time.Hour)); len(on) != 1 || on[0].ID != "d-1" {
		t.Errorf("%+v", on)
	}
	gaps := s.DutyGaps("al", "border", p.now, p.now.Add(24*time.Hour))
	if len(gaps) != 2 || gaps[0].From != p.now.Add(8*time.Hour) || gaps[0].Until != p.now.Add(10*time.Hour) || gaps[1].From != p.now.Add(14*time.Hour) {
		t.Errorf("%+v", gaps)
	}
}
