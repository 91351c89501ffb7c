package web

import (
	"cmp"
	"maps"
	"slices"

	"countersign/internal/act"
	"countersign/internal/taskforce"
	"countersign/internal/web/component"
)

// messagesPage lists what the officer may read by the handling caveats, and the texts that wait for a second officer.
func messagesPage(v *visit) error {
	all, err := v.Desk.Messages(v.ctx(), v.who)
	if err != nil {
		return err
	}
	names, err := v.Desk.Names()
	if err != nil {
		return err
	}
	p := v.forcePage(v.t("taskforce.page.menu.messages"))
	p.part("", v.paged(p.Title, v.columnsOf("subject", "from", "caveat", "on", "expires", "read"), len(all), func(i int) component.WorkRow {
		m, tone, key := all[i], component.Notice, "taskforce.page.unread"
		switch {
		case m.Mine:
			tone, key = component.Neutral, "taskforce.page.sent"
		case m.Read:
			tone, key = component.Good, "taskforce.page.read"
		}
		return component.WorkRow{Cells: []component.TableCell{{HTML: link("/task-force/messages/"+string(m.ID), m.Body.Subject)}, {Text: v.officer(names, m.From.ID)}, {Text: v.t("taskforce.caveat." + m.Body.Caveat)},
			{Text: v.moment(m.Sent)}, {Text: v.moment(m.Body.Expires)}, statusCell(tone, v.t(key))}}
	}))
	drafts, err := v.Desk.Drafts(v.ctx(), v.who)
	if err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(drafts)) {
		v.messageDraft(p, id, drafts[id], names)
	}
	v.offer(p, "", "", taskforce.DraftMessage{ID: probe})
	return v.render("taskforce", p)
}

// messageDraft is a text on its way to a second officer. It is shown whole: whoever clears it has to read it.
func (v *visit) messageDraft(p *ForcePage, id act.ID, d taskforce.Draft, names map[act.ID]string) {
	status := v.t("taskforce.page.draft.waits")
	if d.Review != "" {
		status = v.t("taskforce.page.draft.returned")
		if d.Cleared {
			status = v.t("taskforce.page.draft.cleared")
		}
	}
	p.part(v.t("taskforce.page.draft", "subject", d.Subject), v.facts("status", status, "author", v.officer(names, d.Author.ID), "caveat", v.t("taskforce.caveat."+d.Caveat), "to", v.officers(names, d.To), "text", d.Text, "reason", d.Reason))
	v.offer(p, id, "", taskforce.ReviewMessage{ID: id, Cleared: true})
	if d.Cleared && d.Author.ID == v.who.Officer.ID {
		v.offer(p, id, "", taskforce.SendMessage{ID: id})
	}
}

func (v *visit) officers(names map[act.ID]string, ids []act.ID) string {
	var all []string
	for _, id := range ids {
		all = append(all, v.officer(names, id))
	}
	return v.words.List(all)
}

func messagePage(v *visit) error {
	m, err := v.Desk.ViewMessage(v.ctx(), v.who, v.id("id"))
	if err != nil {
		return err
	}
	names, err := v.Desk.Names()
	if err != nil {
		return err
	}
	p := v.thing("messages", m.Body.Subject, m.ID)
	p.Intro = v.t("taskforce.page.caveat", "caveat", v.t("taskforce.caveat."+m.Body.Caveat))
	onward := v.t("taskforce.page.onward.no")
	if m.Body.Onward {
		onward = v.t("taskforce.page.onward.yes")
	}
	v.offer(p, m.ID, "", taskforce.ReadMessage{ID: m.ID})
	p.part("", v.facts("text", cmp.Or(m.Body.Text, v.t("taskforce.page.expired"))))
	reviewer := ""
	if m.Body.Reviewer != "" {
		reviewer = v.officer(names, m.Body.Reviewer)
	}
	p.part(v.t("taskforce.page.facts"), v.facts("author", v.officer(names, m.From.ID), "role", v.role(m.From.Role), "sent", v.moment(m.Sent), "to", v.officers(names, m.Body.To), "onward", onward, "expires", v.moment(m.Body.Expires), "reviewer", reviewer))
	table := component.Table{Head: v.heads("officer", "role", "on"), Caption: v.t("taskforce.page.receipts"), CaptionClasses: "govuk-visually-hidden"}
	for _, r := range m.Readers {
		table.Rows = append(table.Rows, []component.TableCell{{Text: v.officer(names, r.Officer.ID)}, {Text: v.role(r.Officer.Role)}, {Text: v.moment(r.At)}})
	}
	if len(table.Rows) > 0 {
		p.part(v.t("taskforce.page.receipts"), table)
	}
	if unread := m.Unread(); m.Body.Briefing && len(unread) > 0 {
		p.words(v.t("taskforce.page.no-receipt"), v.officers(names, unread))
	}
	return v.render("taskforce", p)
}
