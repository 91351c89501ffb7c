package web

import (
	"slices"

	"countersign/internal/taskforce"
	"countersign/internal/web/component"
)

// forceHome is what waits for this side: proposals to answer, tasks asked or late, conflicts to note; and who is on
// duty now. A posted officer's own posting comes first.
func forceHome(v *visit) error {
	s, err := v.forceState("view-measures")
	if err != nil {
		return err
	}
	p := v.forcePage(v.t("taskforce.page.area"))
	if v.who.Posted {
		if posting := s.Postings[v.who.Posting]; posting != nil {
			p.Intro = v.t("taskforce.page.posted", "until", v.words.Day(posting.Accredited.Until), "powers", v.list2("taskforce.power.", posting.Accredited.Powers))
			p.Acts = append(p.Acts, ForceLink{Text: v.t("taskforce.page.own-posting"), Href: "/task-force/postings/" + string(posting.ID)})
		}
	}
	waiting := v.waiting(s)
	late, asked := 0, 0
	for _, t := range s.OpenTasks(v.Desk.Authority) {
		if t.Overdue(v.today()) > 0 {
			late++
		}
		if t.Status == taskforce.TaskAsked {
			asked++
		}
	}
	crossed := 0
	for _, x := range s.Crossings() {
		if !slices.Contains(x.Noted, v.Desk.Authority) {
			crossed++
		}
	}
	p.Tiles = &component.Tiles{Words: v.words, Label: v.t("taskforce.page.tiles")}
	tile := func(n int, key, href string, tone component.Tone) {
		if n == 0 {
			tone = component.Neutral
		}
		p.Tiles.Items = append(p.Tiles.Items, component.Tile{Count: n, Text: v.t("taskforce.page.tile." + key), Href: href, Tone: tone})
	}
	tile(len(waiting), "answer", "#to-answer", component.Notice)
	tile(asked, "asked", "/task-force/tasks?owner="+v.Desk.Authority+"&status=asked", component.Notice)
	tile(late, "late", "/task-force/tasks?owner="+v.Desk.Authority+"&status=late", component.Bad)
	tile(crossed, "crossed", "#to-answer", component.Unknown)
	v.conflicts(p, s, v.unnoted(s))
	if len(waiting) > 0 {
		p.part(v.t("taskforce.page.to-answer"), component.Table{Head: v.heads("what", "change", "by", "on"), Rows: waiting, Caption: v.t("taskforce.page.to-answer"), CaptionClasses: "govuk-visually-hidden"})
	} else {
		p.words(v.t("taskforce.page.to-answer"), v.t("taskforce.page.nothing"))
	}
	p.part(v.t("taskforce.page.duty"), v.duty(s))
	return v.render("taskforce", p)
}

func (v *visit) unnoted(s taskforce.State) []taskforce.Crossing {
	return slices.DeleteFunc(s.Crossings(), func(x taskforce.Crossing) bool { return slices.Contains(x.Noted, v.Desk.Authority) })
}

// waiting are the other side's proposals that wait for this side's answer.
func (v *visit) waiting(s taskforce.State) [][]component.TableCell {
	var rows [][]component.TableCell
	add := func(p *taskforce.Proposal, path, title string) {
		if p != nil && p.By != v.Desk.Authority {
			rows = append(rows, []component.TableCell{{HTML: link(path, title)}, {Text: v.change(p)}, {Text: v.authority(p.By)}, {Text: v.words.Short(p.Made.In(v.zone))}})
		}
	}
	for _, m := range sorted(s.Measures, func(m *taskforce.Measure) string { return m.Terms().From + string(m.ID) }) {
		add(m.Open, "/task-force/measures/"+string(m.ID), v.both(m.Terms().Title))
	}
	for _, m := range sorted(s.Meetings, func(m *taskforce.Meeting) string { return m.Starts.String() + string(m.ID) }) {
		add(m.Open, "/task-force/meetings/"+string(m.ID), v.both(m.Title))
	}
	for _, c := range sorted(s.Commitments, func(c *taskforce.Commitment) string { return string(c.ID) }) {
		add(c.Open, "/task-force/commitments/"+string(c.ID), v.both(entryOf(c).Promise))
	}
	return rows
}
