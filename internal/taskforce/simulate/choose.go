package simulate

import (
	"fmt"
	"slices"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/taskforce"
)

func text(s string) joint.Text { return joint.Text{EN: s, SQ: s} }

var reason = text("agreed with the operational units")

// choose picks what an officer of s tries next. A returned officer signs instead of the one on duty.
func (w *world) choose(s, peer *side) (taskforce.Command, act.Officer) {
	switch w.c.IntN(12) {
	case 0, 1, 2, 3:
		return w.measure(s), act.Officer{}
	case 4, 5, 6:
		return w.task(s, peer), act.Officer{}
	case 7:
		return w.meeting(s, peer), act.Officer{}
	case 8:
		return w.commitment(s), act.Officer{}
	case 9, 10:
		return w.posting(s)
	}
	return w.other(s, peer), act.Officer{}
}

// pick returns one of the things of a family, or a fresh id when chance or number say so.
func (w *world) pick(family string, atMost int) (id act.ID, fresh bool) {
	known := w.ids[family]
	if len(known) == 0 || len(known) < atMost && w.c.IntN(6) == 0 {
		id = w.id()
		w.ids[family] = append(known, id)
		return id, true
	}
	return known[w.c.IntN(len(known))], false
}

// drop forgets a thing about which nothing is left to do.
func (w *world) drop(family string, id act.ID) {
	w.ids[family] = slices.DeleteFunc(w.ids[family], func(x act.ID) bool { return x == id })
}

func (w *world) day(n int) string { return w.now().AddDate(0, 0, n).Format(time.DateOnly) }

func (w *world) terms() joint.MeasureTerms {
	kinds := []string{"checks", "verifications", "officer-exchange"}
	return joint.MeasureTerms{Kind: kinds[w.c.IntN(len(kinds))], Title: text("Joint measure"), Objective: text("Objective"),
		Basis:      []joint.MeasureBasis{{Article: "Art. 1"}},
		Indicators: []joint.Indicator{{Code: "checks-made", Target: int64(100 * (1 + w.c.IntN(3)))}},
		Owners:     []joint.MeasureOwner{{Authority: "al", Officer: "al-coordinator"}, {Authority: "gb", Officer: "gb-coordinator"}},
		From:       w.day(0)[:7] + "-01", Until: "2027-12-31", Places: []string{"TIA"}, Resources: text("Existing staff"),
		Risks: []joint.RightsRisk{{Right: "ECHR Protocol 4 Art. 2", Risk: text("Delay"), Mitigation: text("Review of each refusal")}}}
}

func (w *world) measure(s *side) taskforce.Command {
	id, fresh := w.pick("measure", w.o.Measures)
	m := s.state.Measures[id]
	if fresh || m == nil {
		if !fresh {
			return nil
		}
		return taskforce.ProposeMeasure{ID: id, Terms: w.terms()}
	}
	if m.Open == nil && m.StatusOn(w.day(1)) == taskforce.MeasureEnded || m.Open == nil && m.Base() == "" {
		w.drop("measure", id) // nothing more to agree on; a new measure takes its place
		return nil
	}
	if p := m.Open; p != nil {
		switch {
		case p.By == s.name && w.c.IntN(3) == 0:
			return taskforce.WithdrawMeasure{ID: id, Proposal: p.ID}
		case p.By == s.name:
			return nil
		case w.c.IntN(4) == 0:
			return taskforce.DeclineMeasure{ID: id, Proposal: p.ID, Reason: reason}
		}
		return taskforce.AcceptMeasure{ID: id, Proposal: p.ID}
	}
	for _, p := range m.Proposals {
		if p.By == s.name && p.Status == taskforce.SetAside && w.c.IntN(2) == 0 {
			return taskforce.WithdrawMeasure{ID: id, Proposal: p.ID}
		}
	}
	if w.c.IntN(5) == 0 {
		return taskforce.AccountMeasure{ID: id, Account: joint.MeasureAccount{From: w.day(-7), Until: w.day(0),
			Results: []joint.IndicatorResult{{Code: "checks-made", Value: int64(w.c.IntN(90))}}, Summary: text("Week")}}
	}
	c := taskforce.ChangeMeasure{ID: id, From: w.day(1), Reason: reason}
	switch n := w.c.IntN(40); {
	case n == 0:
		c.Change = "end"
	case n < 10:
		c.Change = "suspend"
	case n < 18:
		c.Change = "resume"
	default:
		c.Change = "amend"
		t := m.Terms()
		t.Indicators = []joint.Indicator{{Code: "checks-made", Target: int64(100 * (1 + w.c.IntN(3)))}}
		c.Terms = &t
	}
	return c
}

func (w *world) task(s, peer *side) taskforce.Command {
	id, fresh := w.pick("task", 1<<20)
	if fresh {
		owner := s.name
		if w.c.IntN(2) == 0 {
			owner = peer.name
		}
		return taskforce.OpenTask{ID: id, Task: joint.Task{Title: text("Task"), Owner: owner, Due: w.day(14), Evidence: text("A list")}}
	}
	// Recent tasks are the busy ones.
	if known := w.ids["task"]; len(known) > 20 {
		id = known[len(known)-1-w.c.IntN(20)]
	}
	t := s.state.Tasks[id]
	if t == nil {
		return nil
	}
	if t.Owner != s.name {
		switch {
		case t.Status == taskforce.TaskAsked:
			return taskforce.WithdrawTask{ID: id, Reason: reason}
		case t.Status == taskforce.TaskDone && w.c.IntN(2) == 0:
			return taskforce.QuestionTask{ID: id, Reason: reason}
		case w.c.IntN(6) == 0:
			return taskforce.EscalateTask{ID: id, Level: t.Level + 1, Reason: reason}
		}
		return taskforce.CompleteTask{ID: id, Evidence: evidence} // must be refused
	}
	switch n := w.c.IntN(8); {
	case t.Status == taskforce.TaskAsked && n < 6:
		return taskforce.TakeTask{ID: id, Officer: s.officers[0].ID}
	case t.Status == taskforce.TaskAsked:
		return taskforce.DeclineTask{ID: id, Reason: reason}
	case n < 4:
		return taskforce.CompleteTask{ID: id, Evidence: evidence}
	case n < 5:
		return taskforce.MoveTask{ID: id, Due: w.day(21), Reason: reason}
	case n < 7:
		return taskforce.AssignTask{ID: id, Officer: s.officers[1].ID}
	}
	return taskforce.CancelTask{ID: id, Reason: reason}
}

var evidence = []joint.TaskEvidence{{Kind: "edition", Ref: "2026-1", Note: text("See the edition")}}

func (w *world) meeting(s, peer *side) taskforce.Command {
	id, fresh := w.pick("meeting", 200)
	m := s.state.Meetings[id]
	if fresh {
		at := w.now().Add(24 * time.Hour)
		return taskforce.CallMeeting{ID: id, Call: joint.MeetingCall{Title: text("Meeting"), Starts: at, Ends: at.Add(time.Hour),
			Place: text("Online"), Agenda: []joint.Text{text("State of the measures")}}}
	}
	if m == nil {
		return nil
	}
	if p := m.Open; p != nil {
		switch {
		case p.By == s.name:
			return taskforce.WithdrawMinutes{ID: id, Proposal: p.ID}
		case w.c.IntN(3) == 0:
			return taskforce.ReturnMinutes{ID: id, Proposal: p.ID, Reason: reason}
		}
		return taskforce.AgreeMinutes{ID: id, Proposal: p.ID}
	}
	if w.c.IntN(4) == 0 {
		return taskforce.CancelMeeting{ID: id, Reason: reason}
	}
	if w.c.IntN(4) == 0 {
		at := w.now().Add(48 * time.Hour)
		return taskforce.MoveMeeting{ID: id, Move: joint.MeetingMove{Starts: at, Ends: at.Add(time.Hour), Reason: reason}}
	}
	task := w.id()
	w.ids["task"] = append(w.ids["task"], task)
	owner := s.name
	if w.c.IntN(2) == 0 {
		owner = peer.name
	}
	return taskforce.ProposeMinutes{ID: id, Minutes: joint.Minutes{Items: []joint.Text{text(fmt.Sprint("Text ", w.c.IntN(2)))},
		Decisions: []joint.MinutesDecision{{ID: w.id(), Text: text("Decision")}},
		Actions:   []joint.MinutesAction{{ID: task, Title: text("Action"), Owner: owner, Due: w.day(30)}}}}
}

func (w *world) commitment(s *side) taskforce.Command {
	id, fresh := w.pick("commitment", 10)
	c := s.state.Commitments[id]
	if c == nil && !fresh {
		return nil
	}
	if c != nil && c.Open != nil {
		if c.Open.By == s.name {
			return taskforce.WithdrawCommitment{ID: id, Proposal: c.Open.ID}
		}
		if w.c.IntN(4) == 0 {
			return taskforce.DeclineCommitment{ID: id, Proposal: c.Open.ID, Reason: reason}
		}
		return taskforce.AcceptCommitment{ID: id, Proposal: c.Open.ID}
	}
	if c != nil && c.Entry != nil && w.c.IntN(2) == 0 {
		return taskforce.StateProgress{ID: id, Progress: joint.CommitmentProgress{Status: "under-way", AsOf: w.day(0), Statement: text("Begun")}}
	}
	return taskforce.ProposeCommitment{ID: id, Entry: joint.Commitment{Source: text("Stand-in"), StandIn: true,
		Promise: text("Promise"), By: []string{"al", "gb"}, Due: w.day(100 + 10*w.c.IntN(2)), Evidence: text("A list")}}
}

// posting takes the next step of one posting, whichever side it falls to, and now and then recalls.
func (w *world) posting(s *side) (taskforce.Command, act.Officer) {
	id, fresh := w.pick("posting", 20)
	if fresh {
		for _, m := range w.ids["measure"] {
			if x := s.state.Measures[m]; x != nil && x.Base() != "" && x.Terms().Kind == "officer-exchange" {
				host := []string{"al", "gb"}[w.c.IntN(2)]
				return taskforce.OpenPosting{ID: id, Terms: joint.Posting{Post: act.ID(fmt.Sprint("post-", w.c.IntN(8))),
					Host: host, Home: s.state.Peer(host), Mandate: m, Title: text("Liaison officer"), Powers: []string{"advice"},
					From: w.day(1 + 29*w.c.IntN(2)), Until: w.day(60)}}, act.Officer{}
			}
		}
		w.drop("posting", id) // there is no mandate for it
		return nil, act.Officer{}
	}
	p := s.state.Postings[id]
	if p == nil || p.Recalled != nil {
		if p != nil && w.c.IntN(4) == 0 { // the other side may not have heard of it yet, and goes on
			w.drop("posting", id)
		}
		return nil, act.Officer{}
	}
	often := 12
	switch {
	case p.Accredited == nil: // most get so far
		often = 40
	case w.day(0) < p.Accredited.From: // a recall before the first day: access must never begin
		often = 6
	}
	if w.c.IntN(often) == 0 {
		why := "recalled-by-home"
		if p.Terms.Host == s.name {
			why = "ended-by-host"
		}
		return taskforce.RecallPosting{ID: id, Reason: why}, act.Officer{}
	}
	if p.Nominee == nil || w.c.IntN(10) == 0 {
		w.nominee++
		return taskforce.NominateOfficer{ID: id, Nominee: joint.PostingNominee{Officer: act.ID(fmt.Sprint("officer-", w.nominee)),
			Consented: w.day(-1)}}, act.Officer{}
	}
	return w.posted(s, p)
}

func (w *world) posted(s *side, p *taskforce.Posting) (taskforce.Command, act.Officer) {
	officer := act.Officer{ID: p.Nominee.Officer, Authority: s.name, Role: taskforce.PostedOfficer}
	switch {
	case !p.Vetted[s.name]:
		return taskforce.VetOfficer{ID: p.ID, Passed: w.c.IntN(10) > 0}, act.Officer{}
	case p.Terms.Host != s.name:
		return nil, officer
	case p.Consent == nil:
		return taskforce.ConsentToPosting{ID: p.ID, Given: w.c.IntN(10) > 0}, act.Officer{}
	case p.Accredited == nil:
		return taskforce.AccreditOfficer{ID: p.ID, Accreditation: joint.PostingAccreditation{Powers: []string{"advice"},
			Supervisor: s.officers[1].ID, From: p.Terms.From, Until: p.Terms.Until}}, act.Officer{}
	case len(p.Trainings) < 2:
		return taskforce.RecordTraining{ID: p.ID, Training: joint.PostingTraining{
			Course: []string{"data-protection", "fundamental-rights"}[len(p.Trainings)], Date: w.day(0)}}, act.Officer{}
	case p.Rules == nil:
		return taskforce.AcceptRules{ID: p.ID, Rules: joint.PostingRules{Version: "1", SHA256: fmt.Sprintf("%064x", 1)}}, officer
	}
	return taskforce.ReportPosting{ID: p.ID, Report: joint.PostingReport{From: p.Accredited.From, Until: w.day(0),
		Activities: []joint.PostingActivity{{Code: "meetings", Count: 2}}, Summary: text("Week")}}, officer
}

// other: notes of conflicts, duty, messages.
func (w *world) other(s, peer *side) taskforce.Command {
	switch w.c.IntN(4) {
	case 0:
		id := w.id()
		return taskforce.SetDuty{ID: id, Entry: joint.Duty{Function: "border", Desk: text("Duty desk"), Phone: "+355 4 000 0000",
			From: w.now(), Until: w.now().Add(12 * time.Hour)}}
	case 1:
		id, _ := w.pick("message", 1<<20)
		if s.state.Messages[id] != nil {
			return taskforce.ReadMessage{ID: id}
		}
		return taskforce.SendMessage{ID: id, Message: domestic.MessageDraft{Caveat: "task-force", Subject: "Figures",
			Text: "The weekly figures are ready.", To: []act.ID{peer.officers[0].ID}, Expires: w.now().Add(240 * time.Hour)}}
	}
	for _, x := range s.state.Crossings() {
		if !slices.Contains(x.Noted, s.name) && w.c.IntN(3) == 0 {
			return taskforce.NoteCrossing{Family: x.Family, Case: x.Case, Acts: x.Acts}
		}
	}
	return nil
}
