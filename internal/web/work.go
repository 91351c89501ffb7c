package web

import (
	"html/template"
	"net/url"
	"strconv"
	"strings"
	"time"

	"countersign/internal/act"
	"countersign/internal/casework"
	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/internal/store"
	"countersign/internal/web/component"
	"countersign/internal/web/form"

	"github.com/go-json-experiment/json"
)

// WorkPage is an officer's day: what is due, what is late, what waits on the other state, what was newly
// blocked, and the list behind each (pain P11).
type WorkPage struct {
	Layout
	Heading string
	Tiles   *component.Tiles
	Filter  component.Filter
	List    component.WorkList
	Assign  *form.Pick              // bulk assignment; nil for who may not assign
	Address string                  // of this list, to come back to
	Query   []component.HiddenInput // what the list was asked for, for its export
	Saved   []component.Link
	Own     []string // names of the officer’s own lists among them
}

const (
	perPage  = 25
	newlyFor = 48 * time.Hour // how long a case counts as newly blocked
)

// caseQuery is what a list was asked for: codes only, so that its address holds nothing personal.
type caseQuery struct {
	Owner *form.Pick
	Show  *form.Pick
	Route *form.Pick
	form  *form.Form
}

// shows are the standing selections of a list, in the order in which the filter offers them.
var shows = []string{"open", "today", "overdue", "week", "waiting", "blocked", "newly-blocked", "closed", "all"}

func (v *visit) newCaseQuery() (*caseQuery, error) {
	pick := func(name string, options ...form.Option) *form.Pick {
		return &form.Pick{Base: form.Base{Name: name, Label: "page.filter." + name, Optional: true, Unmarked: true}, Options: options, Prompt: "page.filter.any"}
	}
	q := &caseQuery{}
	var show, routes []form.Option
	for _, s := range shows {
		show = append(show, form.Option{Value: s, Label: "page.filter.show." + s})
	}
	for _, r := range casework.Routes {
		routes = append(routes, form.Option{Value: string(r), Label: "case.route." + string(r)})
	}
	q.Show = pick("show", show...)
	q.Show.Prompt = "page.filter.show.default"
	owners := []form.Option{{Value: "me", Label: "page.filter.owner.me"}, {Value: "nobody", Label: "page.filter.owner.nobody"}}
	teams, err := v.Desk.Queues(v.ctx(), v.who)
	if err != nil && fault.KindOf(err) != fault.Denied { // whoever may not ask for them has none to choose from
		return nil, err
	}
	for _, t := range teams {
		owners = append(owners, form.Option{Value: ownerTeam + string(t.ID), Text: v.t("page.filter.owner.team", "team", t.Name)})
	}
	q.Owner = pick("owner", owners...)
	q.Route = pick("route", routes...)
	q.form = form.New(q.Show, q.Owner, q.Route)
	return q, nil
}

// ownerTeam stands before the identifier of a team whose files are asked for.
const ownerTeam = "team-"

// read takes the query from an address. An unknown value is as good as none: an old link still works.
func (q *caseQuery) read(values url.Values) error {
	if err := q.form.ReadQuery(values); err != nil {
		return err
	}
	for _, p := range []*form.Pick{q.Show, q.Owner, q.Route} {
		if p.Err() != nil {
			p.Value = ""
		}
	}
	return nil
}

// filter is the query in the store's terms.
func (v *visit) filter(q *caseQuery) store.CaseFilter {
	f := store.CaseFilter{Route: q.Route.Value}
	switch q.Owner.Value {
	case "me":
		f.Officer = v.who.Officer.ID
	case "nobody":
		f.Nobody = true
	default:
		if team, ok := strings.CutPrefix(q.Owner.Value, ownerTeam); ok {
			f.Team = act.ID(team)
		}
	}
	v.show(&f, q.Show.Value)
	return f
}

// show narrows a filter to one of the standing selections. Days are those of the authority's own zone, and a
// limit that ends at midnight is due on the day before (pain K20).
func (v *visit) show(f *store.CaseFilter, what string) {
	own, now := v.Desk.Authority, v.now()
	tomorrow := time.Date(now.Year(), now.Month(), now.Day()+1, 0, 0, 0, 0, v.zone)
	f.Open = what != "closed" && what != "all"
	switch what {
	case "today":
		f.Owes, f.DueFrom, f.DueBefore = own, now, tomorrow.Add(time.Second)
	case "overdue":
		f.DueBefore = now
	case "week":
		f.Owes, f.DueFrom, f.DueBefore = own, now, tomorrow.AddDate(0, 0, 6).Add(time.Second)
	case "waiting":
		f.OwesOther = own
	case "blocked":
		f.Blocked = true
	case "newly-blocked":
		f.Blocked, f.BlockedSince = true, now.Add(-newlyFor)
	case "closed":
		f.Closed = true
	}
}

// owns tells whether officers of the role have files of their own; others work for the whole authority.
func owns(role string) bool { return role == "caseworker" }

func workPage(v *visit) error {
	if !v.Desk.May(v.who, "view-work-list") {
		return v.to(v.home())
	}
	values := v.r.URL.Query()
	if owns(v.who.Officer.Role) && !values.Has("owner") {
		values.Set("owner", "me")
	}
	p := &WorkPage{Layout: v.layout(v.t("page.work.title")), Heading: v.t("page.work.title")}
	tiles, err := v.tiles()
	if err != nil {
		return err
	}
	p.Tiles = tiles
	return v.list(p, values)
}

func casesPage(v *visit) error {
	p := &WorkPage{Layout: v.layout(v.t("page.cases.title")), Heading: v.t("page.cases.title")}
	if err := v.saved(p); err != nil {
		return err
	}
	return v.list(p, v.r.URL.Query())
}

// tiles count the day's work.
func (v *visit) tiles() (*component.Tiles, error) {
	t := &component.Tiles{Words: v.words, Label: v.t("page.work.today")}
	tones := map[string]component.Tone{"today": component.Notice, "overdue": component.Bad, "waiting": component.Waiting, "newly-blocked": component.Unknown}
	for _, what := range []string{"today", "overdue", "waiting", "newly-blocked"} {
		var f store.CaseFilter
		if owns(v.who.Officer.Role) {
			f.Officer = v.who.Officer.ID
		}
		v.show(&f, what)
		n, err := v.Desk.Count(v.ctx(), v.who, f)
		if err != nil {
			return nil, err
		}
		tone := tones[what]
		if n == 0 {
			tone = component.Neutral
		}
		t.Items = append(t.Items, component.Tile{Count: n, Text: v.t("page.tile." + what), Href: "/?show=" + what, Tone: tone})
	}
	return t, nil
}

// list fills the page with the cases that the values ask for.
func (v *visit) list(p *WorkPage, values url.Values) error {
	q, err := v.newCaseQuery()
	if err != nil {
		return err
	}
	if err := q.read(values); err != nil {
		return err
	}
	address := &url.URL{Path: v.r.URL.Path, RawQuery: v.r.URL.RawQuery}
	f := v.filter(q)
	w := component.WorkList{Words: v.words, Caption: p.Heading, URL: address, PerPage: perPage, Page: 1, SortBy: values.Get("sort"), Down: values.Get("down") == "1"}
	if w.SortBy != "next" && w.SortBy != "updated" && w.SortBy != "name" {
		w.SortBy = "due"
	}
	f.Sort = w.SortBy
	if w.Down {
		f.Sort = "-" + f.Sort
	}
	if n, err := strconv.Atoi(values.Get("page")); err == nil && n > 0 && n < 100000 {
		w.Page = n
	}
	f.Limit, f.Offset = perPage, (w.Page-1)*perPage
	lines, total, err := v.lines(&w, f)
	if err != nil {
		return err
	}
	w.Total, w.Empty = total, v.t("page.list.empty")
	if err := v.rows(&w, lines); err != nil {
		return err
	}
	if v.Desk.May(v.who, "assign") && len(lines) > 0 {
		w.SelectID, w.Form = "case", "assign"
		p.Assign = &form.Pick{Base: form.Base{Name: "officer", Label: "page.assign.officer"}, Options: v.colleagues(fileOwners...)}
	}
	p.Wide, p.List, p.Address, p.Query = true, w, address.String(), hiddenOf(values)
	p.Filter = v.filterPiece(q, address)
	return v.render("work", p)
}

// lines are the cases of the list.
func (v *visit) lines(w *component.WorkList, f store.CaseFilter) ([]desk.CaseLine, int, error) {
	if w.SortBy == "name" {
		return v.Desk.CasesByName(v.ctx(), v.who, f, v.words.Lang, w.Down)
	}
	return v.Desk.Cases(v.ctx(), v.who, f)
}

// columns of every list of cases.
func (v *visit) columns(sorted bool) []component.Column {
	c := []component.Column{{Text: v.t("page.column.person"), Sort: "name"}, {Text: v.t("page.column.reference")}, {Text: v.t("page.column.next"), Sort: "next"},
		{Text: v.t("page.column.owes")}, {Text: v.t("page.column.due"), Sort: "due"}, {Text: v.t("page.column.owner")},
		{Text: v.t("page.column.state")}, {Text: v.t("page.column.updated"), Sort: "updated"}}
	if !sorted {
		for i := range c {
			c[i].Sort = ""
		}
	}
	return c
}

func (v *visit) rows(w *component.WorkList, lines []desk.CaseLine) error {
	names, err := v.Desk.Names()
	if err != nil {
		return err
	}
	w.Columns, w.Live = v.columns(w.URL != nil), len(lines) > 0
	for _, line := range lines {
		row, err := v.row(line, names)
		if err != nil {
			return err
		}
		w.Rows = append(w.Rows, row)
	}
	return nil
}

func (v *visit) row(line desk.CaseLine, names map[act.ID]string) (component.WorkRow, error) {
	var args map[string]string
	if err := json.Unmarshal([]byte(line.Args), &args); err != nil {
		return component.WorkRow{}, err
	}
	status := v.lineStatus(line)
	state, err := component.HTML(component.HoldMark{Words: v.words, Case: string(line.ID), Held: line.Held, Status: status})
	if err != nil {
		return component.WorkRow{}, err
	}
	row := component.WorkRow{Select: string(line.ID), Name: v.t("page.list.select", "name", line.Name)}
	if status.Tone == component.Bad || status.Tone == component.Notice {
		row.Tone = status.Tone
	}
	due := component.TableCell{Text: v.t("page.no-limit")}
	if !line.Due.IsZero() {
		day := line.Due.In(v.zone).Add(-time.Second)
		due.HTML = template.HTML(template.HTMLEscapeString(v.words.Short(day)) + `<br><span class="govuk-hint">` + template.HTMLEscapeString(v.words.Distance(day, v.now())) + `</span>`)
	}
	row.Cells = []component.TableCell{
		{HTML: template.HTML(`<a class="govuk-link" href="/cases/` + template.HTMLEscapeString(string(line.ID)) + `">` + template.HTMLEscapeString(line.Name) + `</a>`)},
		{Text: desk.Reference(line.ID), Classes: "cs-nowrap"}, {Text: v.next(line.Next, args)}, {Text: v.authority(line.Owes)}, due,
		{Text: v.officer(names, line.Officer)}, {HTML: state}, {Text: v.words.Short(line.Updated.In(v.zone)), Classes: "cs-nowrap"}}
	return row, nil
}

// lineStatus is how a case stands, in one word, a shape and a colour.
func (v *visit) lineStatus(line desk.CaseLine) component.Status {
	now := v.now()
	switch {
	case line.Outcome != "":
		return component.Status{Tone: component.Neutral, Text: v.t("case.outcome." + line.Outcome)}
	case !line.Due.IsZero() && !now.Before(line.Due):
		return component.Status{Tone: component.Bad, Text: v.t("page.state.overdue")}
	case line.Paused:
		return component.Status{Tone: component.Unknown, Text: v.t("page.state.not-yet")}
	case line.Blocked:
		return component.Status{Tone: component.Unknown, Text: v.t("page.state.blocked")}
	case line.Owes != v.Desk.Authority:
		return component.Status{Tone: component.Waiting, Text: v.t("page.state.waiting")}
	case !line.Due.IsZero() && line.Due.Before(now.AddDate(0, 0, 3)):
		return component.Status{Tone: component.Notice, Text: v.t("page.state.soon")}
	}
	return component.Status{Tone: component.Neutral, Text: v.t("page.state.open")}
}

// filterPiece is the form above the list with a chip for each filter in force.
func (v *visit) filterPiece(q *caseQuery, address *url.URL) component.Filter {
	f := component.Filter{Words: v.words, URL: address, Keep: []string{"sort", "down"}}
	for _, p := range []*form.Pick{q.Show, q.Owner, q.Route} {
		h, err := component.HTML(p.Component(v.words))
		if err == nil {
			f.Fields += h
		}
		if p.Value == "" || !address.Query().Has(p.Name) {
			continue
		}
		for _, o := range p.Options {
			if o.Value == p.Value {
				answer := o.Text
				if o.Label != "" {
					answer = v.t(o.Label)
				}
				f.Chips = append(f.Chips, component.Chip{Text: v.t("page.filter.chip", "question", v.t(p.Label), "answer", answer), Name: p.Name})
			}
		}
	}
	return f
}
