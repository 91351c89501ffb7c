package web

import (
	"cmp"
	"html/template"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/joint"
	"countersign/internal/taskforce"
	"countersign/internal/web/component"
)

// ForcePage is a page of the task force: a register or one thing in it, what may be done here, and the conflicts that
// an officer has to see first.
type ForcePage struct {
	Layout
	Kind      string // what kind of thing it is, above the heading
	Status    *component.Status
	Intro     string
	Menu      []ForceLink
	Tiles     *component.Tiles
	Conflicts []ForceConflict
	Acts      []ForceLink
	Filter    *component.Filter
	Parts     []ForcePart
}

// ForceLink leads to a page of the task force or to one of its acts.
type ForceLink struct {
	Text, Href string
	Current    bool
}

// ForcePart is a piece of the page under a heading of its own.
type ForcePart struct {
	Title string
	Text  string
	Piece component.Component
}

// ForceConflict is two acts that crossed on the way, with the decision and its name.
type ForceConflict struct {
	Title  string // of what it is about, on a page that is not about it
	Href   string
	Acts   []string // the two acts: what, by whom, when
	Ruling string
	Noted  string
	Note   string // address of the act with which one's own side notes it; empty: it has
}

// taskforceRoutes are the addresses of the task force.
func taskforceRoutes() []route {
	return []route{
		{Pattern: "GET /task-force", Page: forceHome},
		{Pattern: "GET /task-force/measures", Page: measuresPage},
		{Pattern: "GET /task-force/measures/{id}", Page: measurePage},
		{Pattern: "GET /task-force/meetings", Page: meetingsPage},
		{Pattern: "GET /task-force/meetings/{id}", Page: meetingPage},
		{Pattern: "GET /task-force/tasks", Page: tasksPage},
		{Pattern: "GET /task-force/tasks/{id}", Page: taskPage},
		{Pattern: "GET /task-force/commitments", Page: commitmentsPage},
		{Pattern: "GET /task-force/commitments/{id}", Page: commitmentPage},
		{Pattern: "GET /task-force/postings", Page: postingsPage},
		{Pattern: "GET /task-force/postings/{id}", Page: postingPage},
		{Pattern: "GET /task-force/calendar", Page: calendarPage},
		{Pattern: "GET /task-force/messages", Page: messagesPage},
		{Pattern: "GET /task-force/messages/{id}", Page: messagePage},
		{Pattern: "GET /task-force/act/{act}", Page: forceActPage},
		{Pattern: "POST /task-force/act/{act}", Page: doForceAct},
		{Pattern: "GET /task-force/feed/{officer}/{token}", Page: calendarFeed, Open: true},
		{Pattern: "GET /progress", Page: progressPage, Open: true},
	}
}

// forceMenu are the registers, in the order in which a measure passes through them.
var forceMenu = []struct{ key, path, action string }{
	{"home", "/task-force", "view-measures"}, {"measures", "/task-force/measures", "view-measures"}, {"meetings", "/task-force/meetings", "view-measures"},
	{"tasks", "/task-force/tasks", "view-tasks"}, {"commitments", "/task-force/commitments", "view-measures"}, {"postings", "/task-force/postings", "view-postings"},
	{"calendar", "/task-force/calendar", "view-calendar"}, {"messages", "/task-force/messages", "view-messages"},
}

// forcePage starts a page of the task force.
func (v *visit) forcePage(title string) *ForcePage {
	p := &ForcePage{Layout: v.layout(title)}
	p.Wide = true
	for _, m := range forceMenu {
		if v.Desk.May(v.who, m.action) {
			p.Menu = append(p.Menu, ForceLink{v.t("taskforce.page.menu." + m.key), m.path, v.r.URL.Path == m.path})
		}
	}
	return p
}

// thing is a page about one thing, with the way back to its register.
func (v *visit) thing(family, title string, id act.ID) *ForcePage {
	p := v.forcePage(title)
	p.Kind, p.Reference = v.t("taskforce.page.kind."+family), shortID(id)
	p.Back = &component.BackLink{Href: "/task-force/" + family}
	return p
}

func (v *visit) forceState(action string) (taskforce.State, error) {
	return v.Desk.TaskForceState(v.ctx(), v.who, action)
}

func (v *visit) today() string { return v.now().Format(time.DateOnly) }

// both is a text in the page's language; both are of equal rank.
func (v *visit) both(t joint.Text) string {
	if v.words.Lang == "sq" {
		return t.SQ
	}
	return t.EN
}

func (v *visit) days(from, until string) string {
	return v.t("taskforce.page.days", "from", v.words.Day(from), "until", v.words.Day(until))
}

func (v *visit) list2(keys string, values []string) string {
	var all []string
	for _, x := range values {
		all = append(all, v.t(keys+x))
	}
	return v.words.List(all)
}

func (v *visit) places(codes []string) string {
	var all []string
	for _, c := range codes {
		all = append(all, cmp.Or(v.Desk.Places()[c], c))
	}
	return v.words.List(all)
}

func shortID(id act.ID) string { return strings.ToUpper(string(id[:min(8, len(id))])) }

func link(href, text string) template.HTML {
	return template.HTML(`<a class="govuk-link" href="` + template.HTMLEscapeString(href) + `">` + template.HTMLEscapeString(text) + `</a>`)
}

func statusCell(tone component.Tone, text string) component.TableCell {
	h, _ := component.HTML(component.Status{Tone: tone, Text: text})
	return component.TableCell{HTML: h}
}

// facts is a summary list from keys and values; what is empty is left out.
func (v *visit) facts(pairs ...string) component.SummaryList {
	var list component.SummaryList
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			list.Rows = append(list.Rows, component.SummaryRow{Key: component.Cell{Text: v.t("taskforce.page.fact." + pairs[i])}, Value: component.Cell{Text: pairs[i+1]}})
		}
	}
	return list
}

func (p *ForcePage) part(title string, piece component.Component) {
	p.Parts = append(p.Parts, ForcePart{Title: title, Piece: piece})
}

func (p *ForcePage) words(title, text string) {
	p.Parts = append(p.Parts, ForcePart{Title: title, Text: text})
}

// actHref is the address of an act's form.
func actHref(c taskforce.Command, id, about act.ID) string {
	q := url.Values{}
	if id != "" {
		q.Set("id", string(id))
	}
	if about != "" {
		q.Set("about", string(about))
	}
	path := "/task-force/act/" + taskforce.Name(c)
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// offer adds the acts that the officer could give as things stand; the desk is asked, not the template.
func (v *visit) offer(p *ForcePage, id, about act.ID, commands ...taskforce.Command) {
	for _, c := range commands {
		if v.Desk.MayForce(v.who, c) == nil {
			p.Acts = append(p.Acts, ForceLink{Text: v.t("taskforce.do." + taskforce.Name(c)), Href: actHref(c, id, about)})
		}
	}
}

// conflicts shows what crossed, the undecided first.
func (v *visit) conflicts(p *ForcePage, s taskforce.State, all []taskforce.Crossing) {
	for _, x := range all {
		c := ForceConflict{Ruling: v.t("taskforce.ruling." + string(x.Ruling))}
		title, proposals := v.about(s, x)
		if href := "/task-force/" + x.Family + "s/" + string(x.Case); href != v.r.URL.Path {
			c.Title, c.Href = title, href
		}
		for _, y := range proposals {
			if slices.Contains(x.Acts[:], y.ID) {
				c.Acts = append(c.Acts, v.t("taskforce.page.crossed-act", "change", v.change(y), "authority", v.authority(y.By), "moment", v.moment(y.Made)))
			}
		}
		note := taskforce.NoteCrossing{Family: x.Family, Case: x.Case, Acts: x.Acts}
		if !slices.Contains(x.Noted, v.Desk.Authority) && v.Desk.MayForce(v.who, note) == nil {
			q := url.Values{"id": {string(x.Case)}, "family": {x.Family}, "first": {string(x.Acts[0])}, "second": {string(x.Acts[1])}}
			c.Note = "/task-force/act/note-crossing?" + q.Encode()
		}
		var noted []string
		for _, a := range x.Noted {
			noted = append(noted, v.authority(a))
		}
		if len(noted) > 0 {
			c.Noted = v.t("taskforce.page.noted", "authorities", v.words.List(noted))
		}
		p.Conflicts = append(p.Conflicts, c)
	}
}

// about is the title of the thing that a conflict is about, and what was proposed about it.
func (v *visit) about(s taskforce.State, x taskforce.Crossing) (string, []*taskforce.Proposal) {
	switch x.Family {
	case "measure":
		return v.both(s.Measures[x.Case].Terms().Title), s.Measures[x.Case].Proposals
	case "meeting":
		return v.both(s.Meetings[x.Case].Title), s.Meetings[x.Case].Minutes
	case "commitment":
		return v.both(entryOf(s.Commitments[x.Case]).Promise), s.Commitments[x.Case].Proposals
	case "posting":
		return v.both(s.Postings[x.Case].Terms.Title), nil
	}
	return v.both(s.Tasks[x.Case].Title), nil
}

// history is every act about a thing, each with its officer's state and role of that day.
func (v *visit) history(p *ForcePage, action string, id act.ID) error {
	events, err := v.Desk.ForceEvents(v.ctx(), v.who, action, id)
	if err != nil {
		return err
	}
	names, err := v.Desk.Names()
	if err != nil {
		return err
	}
	t := component.Timeline{Words: v.words, Title: v.t("taskforce.page.history"), Level: "3"}
	for _, e := range slices.Backward(events) {
		by, role := v.signer(names, e.Officer)
		t.Items = append(t.Items, component.TimelineItem{Title: v.t("taskforce.act." + string(e.Kind)), Occurred: e.Occurred.In(v.zone), Recorded: e.Recorded.In(v.zone),
			By: by, Role: role, Authority: v.authority(e.Officer.Authority), Ours: e.Officer.Authority == v.Desk.Authority, Domestic: e.Scope == act.Domestic})
	}
	p.part(v.t("taskforce.page.history"), t)
	return nil
}

// change is what a proposal would change: the text of a meeting and an entry are new in their own way.
func (v *visit) change(p *taskforce.Proposal) string {
	switch p.Content.(type) {
	case *joint.Minutes:
		return v.t("taskforce.change.minutes")
	case *joint.Commitment:
		return v.t("taskforce.change.entry")
	}
	return v.t("taskforce.change." + p.Change)
}

// proposals is the table of everything proposed about a thing and what became of it.
func (v *visit) proposals(p *ForcePage, all []*taskforce.Proposal) {
	table := component.Table{Head: v.heads("change", "by", "on", "status", "reason"), Caption: v.t("taskforce.page.proposals"), CaptionClasses: "govuk-visually-hidden"}
	for _, x := range slices.Backward(all) {
		tone := map[taskforce.ProposalStatus]component.Tone{taskforce.Open: component.Waiting, taskforce.Agreed: component.Good, taskforce.Declined: component.Bad, taskforce.SetAside: component.Notice}[x.Status]
		table.Rows = append(table.Rows, []component.TableCell{{Text: v.change(x)}, {Text: v.authority(x.By)}, {Text: v.words.Short(x.Made.In(v.zone))},
			statusCell(cmp.Or(tone, component.Neutral), v.t("taskforce.proposal."+string(x.Status))), {Text: v.both(x.Reason)}})
	}
	p.part(v.t("taskforce.page.proposals"), table)
}

func (v *visit) heads(keys ...string) []component.TableCell {
	var all []component.TableCell
	for _, k := range keys {
		all = append(all, component.TableCell{Text: v.t("taskforce.page.column." + k)})
	}
	return all
}

// paged is a list of rows that were already filtered and sorted.
func (v *visit) paged(caption string, columns []component.Column, total int, row func(i int) component.WorkRow) component.WorkList {
	values := v.r.URL.Query()
	w := component.WorkList{Words: v.words, Caption: caption, Columns: columns, URL: v.r.URL, PerPage: perPage, Page: 1, SortBy: values.Get("sort"), Down: values.Get("down") == "1",
		Total: total, Empty: v.t("taskforce.page.empty")}
	if n, err := strconv.Atoi(values.Get("page")); err == nil && n > 0 && n < 100000 {
		w.Page = n
	}
	for i := (w.Page - 1) * perPage; i < min(total, w.Page*perPage); i++ {
		w.Rows = append(w.Rows, row(i))
	}
	return w
}

func (v *visit) columnsOf(keys ...string) []component.Column {
	var all []component.Column
	for _, k := range keys {
		sorted, name := "", strings.TrimPrefix(k, "+")
		if name != k {
			sorted = name
		}
		all = append(all, component.Column{Text: v.t("taskforce.page.column." + name), Sort: sorted})
	}
	return all
}
