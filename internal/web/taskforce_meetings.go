package web

import (
	"slices"

	"countersign/internal/act/joint"
	"countersign/internal/fault"
	"countersign/internal/taskforce"
	"countersign/internal/web/component"
)

func (v *visit) meetingStatus(m *taskforce.Meeting) component.Status {
	switch {
	case m.Cancelled:
		return component.Status{Tone: component.Neutral, Text: v.t("taskforce.page.meeting.cancelled")}
	case m.Agreed != nil:
		return component.Status{Tone: component.Good, Text: v.t("taskforce.page.meeting.agreed")}
	case m.Open != nil:
		return component.Status{Tone: component.Waiting, Text: v.t("taskforce.page.meeting.proposed")}
	case v.now().After(m.Ends):
		return component.Status{Tone: component.Notice, Text: v.t("taskforce.page.meeting.no-minutes")}
	}
	return component.Status{Tone: component.Neutral, Text: v.t("taskforce.page.meeting.ahead")}
}

// meetingsPage lists the meetings and, below, the register of what both sides decided.
func meetingsPage(v *visit) error {
	s, err := v.forceState("view-measures")
	if err != nil {
		return err
	}
	p := v.forcePage(v.t("taskforce.page.menu.meetings"))
	all := sorted(s.Meetings, func(m *taskforce.Meeting) string { return m.Starts.Format("20060102150405") + string(m.ID) })
	slices.Reverse(all)
	p.part("", v.paged(p.Title, v.columnsOf("title", "starts", "by", "status"), len(all), func(i int) component.WorkRow {
		m, status := all[i], v.meetingStatus(all[i])
		return component.WorkRow{Cells: []component.TableCell{{HTML: link("/task-force/meetings/"+string(m.ID), v.both(m.Title))}, {Text: v.moment(m.Starts)}, {Text: v.authority(m.CalledBy)}, statusCell(status.Tone, status.Text)}}
	}))
	table := component.Table{Head: v.heads("decision", "on"), Caption: v.t("taskforce.page.decisions"), CaptionClasses: "govuk-visually-hidden"}
	for _, d := range s.Decisions() {
		if len(table.Rows) == perPage {
			break
		}
		table.Rows = append(table.Rows, []component.TableCell{{HTML: link("/task-force/meetings/"+string(d.Meeting), v.both(d.Text))}, {Text: v.words.Short(d.On.In(v.zone))}})
	}
	if len(table.Rows) > 0 {
		p.part(v.t("taskforce.page.decisions"), table)
	}
	v.offer(p, "", "", taskforce.CallMeeting{ID: probe})
	return v.render("taskforce", p)
}

func meetingPage(v *visit) error {
	s, err := v.forceState("view-measures")
	if err != nil {
		return err
	}
	m := s.Meetings[v.id("id")]
	if m == nil {
		return fault.New(fault.Missing, "fault.taskforce.meeting-unknown")
	}
	status := v.meetingStatus(m)
	p := v.thing("meetings", v.both(m.Title), m.ID)
	p.Status = &status
	v.conflicts(p, m.Crossings)
	if m.Open != nil {
		p.Intro = v.t("taskforce.page.open", "authority", v.authority(m.Open.By), "change", v.t("taskforce.page.minutes"))
		v.offer(p, m.ID, m.Open.ID, taskforce.AgreeMinutes{ID: m.ID, Proposal: m.Open.ID}, taskforce.ReturnMinutes{ID: m.ID, Proposal: m.Open.ID})
	}
	for _, x := range m.Minutes {
		v.offer(p, m.ID, x.ID, taskforce.WithdrawMinutes{ID: m.ID, Proposal: x.ID})
	}
	v.offer(p, m.ID, "", taskforce.ProposeMinutes{ID: m.ID}, taskforce.MoveMeeting{ID: m.ID}, taskforce.CancelMeeting{ID: m.ID})
	p.part(v.t("taskforce.page.facts"), v.facts("starts", v.moment(m.Starts), "ends", v.moment(m.Ends), "place", v.both(m.Place), "called-by", v.authority(m.CalledBy), "reason", v.both(m.Reason)))
	text := m.Text()
	if text != nil {
		v.minutes(p, v.t("taskforce.page.minutes.agreed"), m, text)
	}
	if m.Open != nil {
		if proposed, ok := m.Open.Content.(*joint.Minutes); ok {
			v.minutes(p, v.t("taskforce.page.minutes.proposed"), m, proposed)
		}
	}
	if text == nil && m.Open == nil {
		agenda := component.Table{Head: v.heads("agenda"), Caption: v.t("taskforce.page.column.agenda"), CaptionClasses: "govuk-visually-hidden"}
		for _, x := range m.Agenda {
			agenda.Rows = append(agenda.Rows, []component.TableCell{{Text: v.both(x)}})
		}
		p.part(v.t("taskforce.page.column.agenda"), agenda)
	}
	v.tasksOf(p, s, func(t *taskforce.Task) bool { return t.Meeting == m.ID })
	v.proposals(p, m.Minutes)
	if err := v.history(p, "view-measures", m.ID); err != nil {
		return err
	}
	return v.render("taskforce", p)
}

// minutes is one text: what was said on each point, what was decided, who does what by when.
func (v *visit) minutes(p *ForcePage, title string, m *taskforce.Meeting, text *joint.Minutes) {
	items := component.Table{Head: v.heads("agenda", "minutes"), Caption: title, CaptionClasses: "govuk-visually-hidden"}
	for i, x := range text.Items {
		point := ""
		if i < len(m.Agenda) {
			point = v.both(m.Agenda[i])
		}
		items.Rows = append(items.Rows, []component.TableCell{{Text: point}, {Text: v.both(x)}})
	}
	for _, d := range text.Decisions {
		items.Rows = append(items.Rows, []component.TableCell{{Text: v.t("taskforce.page.decision")}, {Text: v.both(d.Text)}})
	}
	for _, a := range text.Actions {
		items.Rows = append(items.Rows, []component.TableCell{{Text: v.t("taskforce.page.action", "authority", v.authority(a.Owner), "due", v.words.Day(a.Due))}, {Text: v.both(a.Title)}})
	}
	p.part(title, items)
}
