package demo

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/joint"
	"countersign/internal/taskforce"
)

// force is the task force at work in the story: each method is an official act; the first error stops it.
type force struct {
	*World
	ctx context.Context
	err error

	onPages bool // officers use the node's pages, as people do
}

// do lets an officer with a role give a command, and returns what it is about and the act.
func (f *force) do(a *Authority, role string, c taskforce.Command) (about, made act.ID) {
	if f.err != nil {
		return "", ""
	}
	f.Clock.Advance(time.Minute)
	if f.onPages {
		about, f.err = f.forceOnPage(a, a.As(role).Officer.ID, c)
		return about, f.newest(a, about)
	}
	events, err := a.Desk.TaskForce(f.ctx, a.As(role).For("purpose.taskforce"), c)
	if f.err = err; err != nil || len(events) == 0 {
		return "", ""
	}
	return events[0].Case, events[0].ID
}

// try gives a command and returns its error without stopping the story.
func (f *force) try(a *Authority, role string, c taskforce.Command) error {
	if f.onPages {
		_, err := f.forceOnPage(a, a.As(role).Officer.ID, c)
		return cmp.Or(f.err, err)
	}
	_, err := a.Desk.TaskForce(f.ctx, a.As(role).For("purpose.taskforce"), c)
	return cmp.Or(f.err, err)
}

func (f *force) slot() {
	if f.err == nil {
		f.err = f.Slot(f.ctx)
	}
}

func (f *force) state(a *Authority) taskforce.State {
	s, err := a.Desk.TaskForceState(f.ctx, a.As("coordinator").For("purpose.taskforce"), "view-measures")
	f.err = cmp.Or(f.err, err)
	return s
}

// day is a day from now, in the calendar of London.
func (f *force) day(days int) string {
	return f.Clock.Now().In(london).AddDate(0, 0, days).Format(time.DateOnly)
}

// taskForce: a measure is proposed, amended by both sides at once, agreed, minuted, worked on and accounted for.
func (s *Story) taskForce(ctx context.Context) error {
	f := &force{World: s.World, ctx: ctx, onPages: true}
	// The stand-in names no crossing points; those of both states’ registers count.
	terms := checksInDecember(f)
	bad := terms
	bad.Places = []string{"al-nowhere"}
	_, err := s.GB.Desk.TaskForce(ctx, s.GB.As("coordinator").For("purpose.taskforce"), taskforce.ProposeMeasure{Terms: bad}) // no page offers the place
	s.refused(err, "fault.taskforce.crossing-point", "story.taskforce.nowhere")
	measure, proposal := f.do(s.GB, "coordinator", taskforce.ProposeMeasure{Terms: terms})
	f.slot()
	if f.err != nil {
		return f.err
	}
	s.checks = measure
	m := f.state(s.AL).Measures[measure]
	s.check(m != nil && m.StatusOn(f.day(0)) == taskforce.MeasureProposed && !m.InForce(f.day(0)), "story.taskforce.proposed")
	f.do(s.AL, "coordinator", taskforce.AcceptMeasure{ID: measure, Proposal: proposal})
	f.slot()
	s.check(f.state(s.GB).Measures[measure].InForce(f.day(0)) && f.state(s.AL).Measures[measure].InForce(f.day(0)), "story.taskforce.agreed")
	if err := s.crossing(f, measure, terms); err != nil {
		return err
	}
	if err := s.minuted(f, measure); err != nil {
		return err
	}
	return s.accounted(f, measure)
}

func text(en, sq string) joint.Text { return joint.Text{EN: en, SQ: sq} }

func checksInDecember(f *force) joint.MeasureTerms {
	return joint.MeasureTerms{Kind: "checks", Title: text("Reinforced document checks in winter", "Kontrolle të përforcuara të dokumenteve në dimër"),
		Objective: text("Forged documents are found before the journey, and every refusal of exit is reviewed.", "Dokumentet e falsifikuara gjenden para udhëtimit dhe çdo refuzim i daljes rishikohet."),
		Basis:     []joint.MeasureBasis{{Article: "Art. 19"}}, Indicators: []joint.Indicator{{Code: "documents-examined", Target: 400}, {Code: "exit-refusals-reviewed", Target: 100}},
		Owners: []joint.MeasureOwner{{Authority: AL, Officer: f.AL.As("coordinator").Officer.ID}, {Authority: GB, Officer: f.GB.As("coordinator").Officer.ID}},
		From:   f.day(0), Until: f.day(90), Places: dayPoints[:2], Resources: text("Four officers of each side, two document readers.", "Katër nëpunës nga secila palë, dy lexues dokumentesh."),
		Risks: []joint.RightsRisk{{Right: "ECHR Protocol 4 Art. 2", Risk: text("Somebody is kept from leaving without a lawful reason.", "Dikush pengohet të dalë pa arsye të ligjshme."),
			Mitigation: text("An officer decides, gives the reason in writing, and a second officer reviews it within a day.", "Vendos një nëpunës, jep arsyen me shkrim dhe një nëpunës i dytë e rishikon brenda një dite.")}}}
}

// crossing: both sides amend the measure while neither knows of the other's amendment. Neither gains by the speed of
// its link: both are set aside, the decision is named, and one side withdraws its own so that the other can be agreed.
func (s *Story) crossing(f *force, measure act.ID, terms joint.MeasureTerms) error {
	longer, more := terms, terms
	longer.Until = f.day(120)
	more.Places = slices.Clone(dayPoints)
	_, ours := f.do(s.GB, "coordinator", taskforce.ChangeMeasure{ID: measure, Change: "amend", From: f.day(1), Terms: &longer, Reason: text("The winter traffic lasts until Easter.", "Trafiku i dimrit zgjat deri në Pashkë.")})
	_, theirs := f.do(s.AL, "coordinator", taskforce.ChangeMeasure{ID: measure, Change: "amend", From: f.day(1), Terms: &more, Reason: text("A third crossing point is needed.", "Nevojitet një pikë e tretë kalimi.")})
	f.slot()
	f.slot()
	if f.err != nil {
		return f.err
	}
	for _, a := range []*Authority{s.GB, s.AL} {
		found := f.state(a).Measures[measure].Crossings
		ok := len(found) == 1 && found[0].Ruling == taskforce.RulingBothAside
		s.check(ok, "story.taskforce.crossed", "authority", s.words.Text("authority."+a.Authority), "ruling", s.words.Text("taskforce.ruling."+string(taskforce.RulingBothAside)))
		if ok {
			f.do(a, "coordinator", taskforce.NoteCrossing{Family: "measure", Case: measure, Acts: found[0].Acts})
		}
	}
	f.slot()
	f.do(s.GB, "coordinator", taskforce.WithdrawMeasure{ID: measure, Proposal: ours})
	f.slot()
	f.do(s.GB, "coordinator", taskforce.AcceptMeasure{ID: measure, Proposal: theirs})
	f.slot()
	if f.err != nil {
		return f.err
	}
	agreed := f.state(s.AL).Measures[measure].TermsOn(f.day(2))
	s.check(len(agreed.Places) == 3 && agreed.Until == terms.Until, "story.taskforce.amended")
	return s.same(f)
}

// same compares what both nodes hold of the task force.
func (s *Story) same(f *force) error {
	f.slot()
	gb, err := s.GB.Desk.ForceDigest()
	if err != nil {
		return err
	}
	al, err := s.AL.Desk.ForceDigest()
	if err != nil {
		return err
	}
	s.check(gb == al, "story.taskforce.same", "digest", gb[:16])
	return f.err
}

// minuted: a meeting, minutes that the other side agrees, and a task that only its owner can complete.
func (s *Story) minuted(f *force, measure act.ID) error {
	starts := f.Clock.Now().Add(2 * time.Hour).Truncate(time.Hour)
	meeting, _ := f.do(s.AL, "coordinator", taskforce.CallMeeting{ID: "", Call: joint.MeetingCall{Title: text("Task force, winter measure", "Task-forca, masa e dimrit"), Starts: starts, Ends: starts.Add(time.Hour),
		Place: text("By video", "Me video"), Agenda: []joint.Text{text("State of the measure", "Gjendja e masës")}}})
	f.slot()
	f.Clock.Set(starts.Add(time.Hour))
	_, minutes := f.do(s.AL, "coordinator", taskforce.ProposeMinutes{ID: meeting, Minutes: joint.Minutes{Items: []joint.Text{text("The measure is carried out at three points.", "Masa zbatohet në tri pika.")},
		Decisions: []joint.MinutesDecision{{Text: text("Figures are reported every month.", "Shifrat raportohen çdo muaj."), Measure: measure}},
		Actions:   []joint.MinutesAction{{Title: text("Send specimens of the new travel document", "Të dërgohen mostrat e dokumentit të ri të udhëtimit"), Owner: AL, Due: f.day(14), Measure: measure}}}})
	f.slot()
	f.do(s.GB, "coordinator", taskforce.AgreeMinutes{ID: meeting, Proposal: minutes})
	f.slot()
	if f.err != nil {
		return f.err
	}
	state := f.state(s.GB)
	tasks := state.OpenTasks(AL)
	s.check(len(state.Decisions()) == 1 && len(tasks) == 1, "story.taskforce.minutes")
	if len(tasks) != 1 {
		return nil
	}
	evidence := []joint.TaskEvidence{{Kind: "act", Ref: string(minutes), Note: text("Handed over at the meeting.", "U dorëzuan në mbledhje.")}}
	s.refused(f.try(s.GB, "coordinator", taskforce.CompleteTask{ID: tasks[0].ID, Evidence: evidence}), "fault.taskforce.not-own-task", "story.taskforce.not-owner")
	f.do(s.AL, "coordinator", taskforce.CompleteTask{ID: tasks[0].ID, Evidence: evidence})
	f.slot()
	s.check(f.err == nil && f.state(s.GB).Tasks[tasks[0].ID].Status == taskforce.TaskDone, "story.taskforce.done")
	return f.err
}

// accounted: each side reports its own figures; a target is never filled in.
func (s *Story) accounted(f *force, measure act.ID) error {
	from := f.day(0)
	f.Clock.Advance(72 * time.Hour)
	for _, a := range []*Authority{s.GB, s.AL} {
		value := map[string]int64{GB: 57, AL: 131}[a.Authority]
		f.do(a, "coordinator", taskforce.AccountMeasure{ID: measure, Account: joint.MeasureAccount{From: from, Until: f.day(0), Results: []joint.IndicatorResult{{Code: "documents-examined", Value: value}},
			Summary: text("First three days (invented figures of the demonstration).", "Tri ditët e para (shifra të sajuara për demonstrim).")}})
	}
	f.slot()
	if f.err != nil {
		return f.err
	}
	figures := f.state(s.AL).Measures[measure].Situation(f.day(0))
	s.check(len(figures) == 2 && figures[0].Reported[GB] == 57 && figures[0].Reported[AL] == 131 && len(figures[1].Reported) == 0, "story.taskforce.accounted", "count", strconv.Itoa(57+131))
	return s.same(f)
}
