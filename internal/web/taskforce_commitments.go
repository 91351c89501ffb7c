package web

import (
	"cmp"
	"slices"

	"countersign/internal/act/joint"
	"countersign/internal/fault"
	"countersign/internal/taskforce"
	"countersign/internal/web/component"
)

// entryOf is what a commitment says: as agreed, or as first proposed.
func entryOf(c *taskforce.Commitment) joint.Commitment {
	if c.Entry != nil {
		return *c.Entry
	}
	if e, ok := c.Proposals[0].Content.(*joint.Commitment); ok {
		return *e
	}
	return joint.Commitment{}
}

var commitmentTones = map[string]component.Tone{"under-way": component.Waiting, "delayed": component.Notice, "kept": component.Good, "not-kept": component.Bad}

func (v *visit) commitmentStatus(c *taskforce.Commitment) component.Status {
	if c.Entry == nil {
		return component.Status{Tone: component.Waiting, Text: v.t("taskforce.proposal." + string(c.Proposals[len(c.Proposals)-1].Status))}
	}
	if len(c.Statements) == 0 {
		return component.Status{Tone: component.Neutral, Text: v.t("taskforce.page.no-statement")}
	}
	last := c.Statements[len(c.Statements)-1]
	return component.Status{Tone: cmp.Or(commitmentTones[last.Status], component.Neutral), Text: v.t("taskforce.commitment." + last.Status)}
}

func commitmentsPage(v *visit) error {
	s, err := v.forceState("view-measures")
	if err != nil {
		return err
	}
	p := v.forcePage(v.t("taskforce.page.menu.commitments"))
	p.Acts = append(p.Acts, ForceLink{Text: v.t("taskforce.page.progress"), Href: "/progress"})
	all := sorted(s.Commitments, func(c *taskforce.Commitment) string { return cmp.Or(entryOf(c).Due, "9999") + string(c.ID) })
	p.part("", v.paged(p.Title, v.columnsOf("promise", "by", "due", "status"), len(all), func(i int) component.WorkRow {
		c, e, status := all[i], entryOf(all[i]), v.commitmentStatus(all[i])
		return component.WorkRow{Cells: []component.TableCell{{HTML: link("/task-force/commitments/"+string(c.ID), v.both(e.Promise))}, {Text: v.owing(e)}, {Text: v.dueOf(e)}, statusCell(status.Tone, status.Text)}}
	}))
	v.offer(p, "", "", taskforce.ProposeCommitment{ID: probe})
	return v.render("taskforce", p)
}

func (v *visit) owing(e joint.Commitment) string {
	var all []string
	for _, a := range e.By {
		all = append(all, v.authority(a))
	}
	return v.words.List(all)
}

func (v *visit) dueOf(e joint.Commitment) string {
	if e.Due == "" {
		return v.t("taskforce.page.no-date")
	}
	return v.words.Day(e.Due)
}

func commitmentPage(v *visit) error {
	s, err := v.forceState("view-measures")
	if err != nil {
		return err
	}
	c := s.Commitments[v.id("id")]
	if c == nil {
		return fault.New(fault.Missing, "fault.taskforce.commitment-unknown")
	}
	e, status := entryOf(c), v.commitmentStatus(c)
	p := v.thing("commitments", v.both(e.Promise), c.ID)
	p.Status = &status
	v.conflicts(p, c.Crossings)
	if c.Open != nil {
		p.Intro = v.t("taskforce.page.open", "authority", v.authority(c.Open.By), "change", v.t("taskforce.page.kind.commitments"))
		v.offer(p, c.ID, c.Open.ID, taskforce.AcceptCommitment{ID: c.ID, Proposal: c.Open.ID}, taskforce.DeclineCommitment{ID: c.ID, Proposal: c.Open.ID})
	}
	for _, x := range c.Proposals {
		v.offer(p, c.ID, x.ID, taskforce.WithdrawCommitment{ID: c.ID, Proposal: x.ID})
	}
	v.offer(p, c.ID, "", taskforce.StateProgress{ID: c.ID})
	stand := ""
	if e.StandIn {
		stand = v.t("taskforce.page.stand-in")
	}
	p.part(v.t("taskforce.page.facts"), v.facts("source", v.both(e.Source), "stand-in", stand, "owing", v.owing(e), "due", v.dueOf(e), "wanted", v.both(e.Evidence)))
	table := component.Table{Head: v.heads("on", "by", "status", "statement"), Caption: v.t("taskforce.page.statements"), CaptionClasses: "govuk-visually-hidden"}
	for _, x := range slices.Backward(c.Statements) {
		table.Rows = append(table.Rows, []component.TableCell{{Text: v.words.Day(x.AsOf)}, {Text: v.authority(x.By)}, statusCell(cmp.Or(commitmentTones[x.Status], component.Neutral), v.t("taskforce.commitment."+x.Status)), {Text: v.both(x.Statement)}})
	}
	if len(table.Rows) > 0 {
		p.part(v.t("taskforce.page.statements"), table)
	}
	v.proposals(p, c.Proposals)
	if err := v.history(p, "view-measures", c.ID); err != nil {
		return err
	}
	return v.render("taskforce", p)
}

// ProgressPage is the public page: what was promised, by whom, by when, with what evidence, and what each owing side
// says itself. Silence is never filled in.
type ProgressPage struct {
	Layout
	Lines []ProgressLine
}

// ProgressLine is one promise.
type ProgressLine struct {
	Promise string
	Facts   component.SummaryList
}

func progressPage(v *visit) error {
	p := &ProgressPage{Layout: v.layout(v.t("taskforce.page.progress"))}
	for _, l := range v.Desk.Progress(v.today()) {
		line := ProgressLine{Promise: v.both(l.Entry.Promise)}
		stand, late := "", ""
		if l.Entry.StandIn {
			stand = v.t("taskforce.page.stand-in")
		}
		if l.Overdue {
			late = v.t("taskforce.page.past-due")
		}
		line.Facts = v.facts("source", v.both(l.Entry.Source), "stand-in", stand, "owing", v.owing(l.Entry), "due", v.dueOf(l.Entry), "late", late, "wanted", v.both(l.Entry.Evidence))
		for _, a := range l.Entry.By {
			value := component.Cell{Text: v.t("taskforce.page.silent")}
			if x, ok := l.Latest[a]; ok {
				value = component.Cell{Text: v.t("taskforce.page.said", "status", v.t("taskforce.commitment."+x.Status), "day", v.words.Day(x.AsOf), "statement", v.both(x.Statement))}
			}
			line.Facts.Rows = append(line.Facts.Rows, component.SummaryRow{Key: component.Cell{Text: v.authority(a)}, Value: value})
		}
		p.Lines = append(p.Lines, line)
	}
	return v.render("taskforce_progress", p)
}
