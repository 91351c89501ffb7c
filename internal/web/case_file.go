package web

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"countersign/internal/act"
	"countersign/internal/casework"
	"countersign/internal/desk"
	"countersign/internal/person"
	"countersign/internal/web/component"
)

// CasePage is one return case: whose it is, what is next and who owes it, what stands against it, and what
// happened.
type CasePage struct {
	Layout
	Bar       component.IdentityBar
	Next      component.Next
	Gates     component.Gates // what stands against the next step
	Unknown   *GateGroup      // what nobody has attested for it yet
	Met       *GateGroup      // what is met before it
	GateStep  string          // the step that Gates guard
	Later     []GateGroup
	Acts      []ActGroup
	Unsent    string
	Timeline  component.Timeline
	Sections  []component.SummaryList
	Deadlines []DeadlineLine
	Their     string // address of the other state's view
	Texts     string // address of the texts for the other state
	Represent string // address of the representative's page
	Stops     int    // requests to stop that nobody has answered
	Gated     bool
}

// GateGroup are conditions before one step.
type GateGroup struct {
	Title string
	Gates component.Gates
}

// DeadlineLine is one limit with the trace of its date.
type DeadlineLine struct {
	Title, Who, When string
	Status           *component.Status
	Why              *component.Why
	Basis            string
}

func casePage(v *visit) error {
	view, err := v.look(v.id("id"))
	if err != nil {
		return v.refusedLook(v.id("id"), err)
	}
	p := v.caseFile(view)
	if p.Acts, err = v.offers(view); err != nil {
		return err
	}
	p.Next.Button, p.Next.Href = v.nextLink(view, p.Acts)
	return v.render("case_file", p)
}

func (v *visit) caseFile(view desk.CaseView) *CasePage {
	p := &CasePage{Layout: v.layout(view.State.Particulars.Main().String())}
	p.Reference = desk.Reference(view.State.Case)
	p.Trail = []component.Link{{Text: v.t("page.area.cases"), Href: "/cases"}, {Text: p.Reference}}
	p.Bar = v.bar(view, true)
	p.Next = v.nextPiece(view)
	v.gates(p, view)
	p.Timeline = v.timeline(view)
	p.Deadlines = v.deadlines(view)
	p.Sections = v.sections(view)
	p.Their = casePath(view.State.Case, "their-view")
	if view.State.SideOf(v.Desk.Authority) == casework.Requesting {
		p.Represent = casePath(view.State.Case, "representative")
		for _, s := range desk.Stops(view.Events) {
			if !s.Answered {
				p.Stops++
			}
		}
	}
	if asked(&asker{visit: v, view: view}) && view.State.Outcome() == casework.Open {
		p.Texts = casePath(view.State.Case, "texts")
	}
	if unsent := desk.Unsent(view, v.Desk.Authority); len(unsent) > 0 {
		age := v.Desk.Clock().Sub(unsent[0].Recorded)
		p.Unsent = v.words.Text("page.case.unsent", "count", strconv.Itoa(len(unsent)), "age", v.words.Duration(max(age, time.Second)))
	}
	return p
}

func casePath(id act.ID, more ...string) string {
	return "/" + strings.Join(append([]string{"cases", string(id)}, more...), "/")
}

// bar says on every page of a case whose it is.
func (v *visit) bar(view desk.CaseView, main bool) component.IdentityBar {
	s := &view.State
	name := s.Particulars.Main()
	b := component.IdentityBar{Words: v.words, Name: strings.TrimSpace(strings.ToUpper(name.Family) + " " + name.Given), Main: main}
	add := func(label, text string) {
		if text != "" {
			b.Facts = append(b.Facts, component.Fact{Label: v.t(label), Text: text})
		}
	}
	add("page.field.birth", v.words.Day(s.Particulars.Birth.String()))
	add("page.field.nationalities", v.countries(s.Particulars.Nationalities))
	add("page.column.reference", desk.Reference(s.Case))
	add("page.field.route", v.t("case.route."+string(orRoute(s.Route))))
	if s.Owner != "" || s.SideOf(v.Desk.Authority) == casework.Requesting && v.who.Officer.Role != desk.RoleCounsel { // a representative is not told whose it is
		add("page.column.owner", v.officer(view.Officers, s.Owner))
	}
	tone, key := component.Neutral, "case.outcome.open"
	switch o := s.Outcome(); {
	case o != casework.Open:
		tone, key = component.Good, "case.outcome."+string(o)
	case s.Paused.Is():
		tone, key = component.Unknown, "page.state.not-yet"
	case view.Next.Owner != v.Desk.Authority:
		tone, key = component.Waiting, "page.state.waiting"
	}
	if b.Hold = v.hold(s.Case); b.Hold != nil && b.Hold.Held {
		tone, key = component.Bad, "web.hold.status"
	}
	b.Status = &component.Status{Tone: tone, Text: v.t(key)}
	return b
}

// orRoute is the route as the other state knows it: it was asked, or told.
func orRoute(r casework.Route) casework.Route {
	if r == "" {
		return casework.Readmission
	}
	return r
}

func (v *visit) countries(codes []string) string {
	var all []string
	for _, c := range codes {
		all = append(all, v.country(c))
	}
	return v.words.List(all)
}

// nextPiece is the one sentence with its date and why that date.
func (v *visit) nextPiece(view desk.CaseView) component.Next {
	n := view.Next
	piece := component.Next{Words: v.words, What: v.next(n.Key, n.Args), Who: v.authority(n.Owner), Ours: n.Owner == v.Desk.Authority,
		Due: v.lastDay(n.Due), Today: v.now(), Done: n.Key == "case.next.nothing"}
	if piece.Ours && view.State.Owner != "" {
		piece.Who = v.t("page.next.who", "authority", piece.Who, "officer", v.officer(view.Officers, view.State.Owner))
	}
	for _, d := range view.Deadlines {
		if d.Due.Equal(n.Due) && d.Owner == n.Owner {
			piece.Why = v.why(d.Trace, d.Due)
			break
		}
	}
	piece.Note = v.standing(n.Gates)
	return piece
}

// standing says how many conditions are known to stand against a step, and how many nobody has attested for it.
func (v *visit) standing(gates []casework.Gate) string {
	closed, unknown := 0, 0
	for _, g := range gates {
		switch gateState(g) {
		case component.GateUnknown, component.GateStale:
			unknown++
		case component.GateClosed:
			closed++
		}
	}
	var said []string
	if closed > 0 {
		said = append(said, v.words.Count("web.gates.closed", closed))
	}
	if unknown > 0 {
		said = append(said, v.words.Count("page.case.gates.unknown", unknown)+".")
	}
	return strings.Join(said, " ")
}

// why puts the trace of a date in words.
func (v *visit) why(trace any, due time.Time) *component.Why {
	r, ok := why(trace)
	if !ok {
		return nil
	}
	w := &component.Why{Words: v.words, Date: v.lastDay(due), Zone: due.In(r.Zone), Note: v.t("page.why.source", "article", r.Article, "source", r.Source)}
	for i, line := range r.Explain(v.words, string(v.words.Lang)) {
		step := component.WhyStep{Text: line}
		if i < len(r.Steps) && !r.Steps[i].To.IsZero() {
			step.Date = r.Steps[i].To.String()
		}
		if i == 0 {
			step.Basis = r.Article
		}
		w.Steps = append(w.Steps, step)
	}
	if r.StandIn {
		w.Note += " " + v.t("page.why.stand-in")
	}
	return w
}

// gates are the conditions before the next step, those that stand against it apart, and those of later steps.
func (v *visit) gates(p *CasePage, view desk.CaseView) {
	p.Gates = component.Gates{Words: v.words}
	if view.Next.Step != "" {
		p.GateStep = v.step(view.Next.Step)
		shut, unknown := splitGates(v.gateList(view, view.Next.Step, true))
		p.Gates = shut
		if len(unknown.Items) > 0 {
			p.Unknown = &GateGroup{Title: v.words.Count("page.case.gates.unknown", len(unknown.Items)), Gates: unknown}
		}
		if met := v.gateList(view, view.Next.Step, false); len(met.Items) > 0 {
			p.Met = &GateGroup{Title: v.words.Count("page.case.gates.met", len(met.Items)), Gates: met}
		}
	}
	passed := view.Next.Step != ""
	for _, s := range casework.Steps {
		if s == view.Next.Step {
			passed = false
			continue
		}
		if shut := v.gateList(view, s, true); !passed && len(shut.Items) > 0 {
			p.Later = append(p.Later, GateGroup{Title: v.words.Text("page.case.gates.later", "count", itoa(len(shut.Items)), "step", v.step(s)), Gates: shut})
		}
	}
	p.Gated = p.GateStep != "" && (p.Met != nil || p.Unknown != nil || len(p.Gates.Items) > 0) || len(p.Later) > 0
}

// splitGates keeps apart what is known to stand against a step and what nobody has looked at yet.
func splitGates(all component.Gates) (shut, unknown component.Gates) {
	shut, unknown = all, all
	shut.Items, unknown.Items, unknown.IDPrefix = nil, nil, all.IDPrefix+"-unknown"
	for _, g := range all.Items {
		if g.State == component.GateUnknown || g.State == component.GateStale {
			unknown.Items = append(unknown.Items, g)
		} else {
			shut.Items = append(shut.Items, g)
		}
	}
	return shut, unknown
}

// gateList are the gates before a step that stand against it, or those that are met.
func (v *visit) gateList(view desk.CaseView, step casework.Step, against bool) component.Gates {
	list := component.Gates{Words: v.words, IDPrefix: "gate-" + string(step)}
	if !against {
		list.IDPrefix += "-met"
	}
	gates := slices.Clone(view.Gates[step])
	slices.SortStableFunc(gates, func(a, b casework.Gate) int { return rank(a) - rank(b) })
	for _, g := range gates {
		if g.Passes() == against {
			continue
		}
		item := component.Gate{Title: v.gateName(g.ID), State: gateState(g), Basis: g.LegalBasis, Decides: v.roles(g.WhoMayChange)}
		if against {
			item.Missing, item.By = v.t(g.MessageKey), v.lastDay(g.Until)
			if g.Absolute {
				item.Attested = v.t("page.gate.absolute")
			}
		} else if !g.Until.IsZero() {
			item.Attested = v.t("page.gate.until", "date", v.words.Day(v.lastDay(g.Until)))
		}
		if g.Mark == "D" && g.ID != desk.HeldGate {
			item.Basis = v.t("page.gate.own-rule", "basis", g.LegalBasis)
		}
		list.Items = append(list.Items, item)
	}
	return list
}

// rank puts first what stands against the step.
func rank(g casework.Gate) int {
	switch g.Status {
	case casework.GateClosed:
		return 0
	case casework.GateUnknown:
		return 1
	}
	return 2
}

func gateState(g casework.Gate) component.GateState {
	switch {
	case g.Passes() && g.Override != "":
		return component.GateOverridden
	case g.Passes():
		return component.GateOpen
	case g.Status == casework.GateUnknown && g.MessageKey == "case.gate.attested-too-old":
		return component.GateStale
	case g.Status == casework.GateUnknown:
		return component.GateUnknown
	}
	return component.GateClosed
}

func (v *visit) deadlines(view desk.CaseView) []DeadlineLine {
	var all []DeadlineLine
	for _, d := range view.Deadlines {
		line := DeadlineLine{Title: v.t(d.Key), Who: v.authority(d.Owner), When: v.t("page.no-limit"), Basis: d.Basis}
		if !d.Due.IsZero() {
			day := d.Due.In(v.zone).Add(-time.Second)
			line.When = v.t("web.next.by", "date", v.words.Date(day), "distance", v.words.Distance(day, v.now()))
			line.Why = v.why(d.Trace, d.Due)
		} else if d.Rule == "information" {
			line.When = v.t("page.clock-stands")
		}
		if d.Overdue {
			line.Status = &component.Status{Tone: component.Bad, Text: v.t("page.state.overdue")}
		}
		all = append(all, line)
	}
	return all
}

// sections are the facts of the file: the person, papers, the journey, who speaks for the person.
func (v *visit) sections(view desk.CaseView) []component.SummaryList {
	s := &view.State
	var all []component.SummaryList
	add := func(title string, rows ...component.SummaryRow) {
		rows = slices.DeleteFunc(rows, func(r component.SummaryRow) bool { return r.Value.Text == "" && r.Value.HTML == "" })
		if len(rows) > 0 {
			all = append(all, component.SummaryList{Rows: rows, Card: &component.SummaryCard{Title: &component.CardTitle{Text: v.t(title), HeadingLevel: "3"}}})
		}
	}
	p := s.Particulars
	add("page.section.person", append(v.nameRows(p), v.fact("page.field.birth", v.words.Day(p.Birth.String())), v.fact("page.field.birth-place", p.BirthPlace),
		v.fact("page.field.sex", v.code("sexes", p.Sex)), v.fact("page.field.nationalities", v.countries(p.Nationalities)),
		v.fact("page.field.father-name", p.FatherName), v.fact("page.field.mother-name", p.MotherName), v.fact("page.field.last-residence", p.LastResidence))...)
	v.journeySections(s, add)
	return all
}

func (v *visit) nameRows(p person.Particulars) []component.SummaryRow {
	var rows []component.SummaryRow
	for _, n := range p.Names {
		label := "page.field.name"
		if n.Kind != "" {
			label = "page.name-kind." + n.Kind
		}
		rows = append(rows, v.fact(label, n.String()))
	}
	return rows
}

func (v *visit) fact(label, text string) component.SummaryRow {
	return component.SummaryRow{Key: component.Cell{Text: v.t(label)}, Value: component.Cell{Text: text}}
}

// journeySections are the papers, the journey and the people around the person.
func (v *visit) journeySections(s *casework.State, add func(string, ...component.SummaryRow)) {
	var papers []component.SummaryRow
	for _, d := range s.Documents {
		text := v.t("page.document.line", "number", d.Number, "issuer", v.country(d.Issuer), "until", v.words.Day(d.ValidUntil.String()))
		switch {
		case d.Cancelled.Is():
			text += " " + v.t("page.document.cancelled")
		case d.Used:
			text += " " + v.t("page.document.used")
		case d.Holder != "":
			text += " " + v.t("page.document.held", "holder", v.code("holder", d.Holder))
		}
		papers = append(papers, component.SummaryRow{Key: component.Cell{Text: v.code("document", d.Type)}, Value: component.Cell{Text: text}})
	}
	add("page.section.papers", papers...)
	if b := s.Booking(); b != nil {
		add("page.section.journey", v.fact("page.field.number", strings.TrimSpace(b.Carrier+" "+b.Number)), v.fact("page.field.from-to", b.From+" – "+b.To),
			v.fact("page.field.departs", v.moment(b.Departs)), v.fact("page.field.arrives", v.moment(b.Arrives)), v.fact("page.field.escorts", strconv.Itoa(b.Escorts)))
	} else if a := s.Announced; a != nil {
		j := a.Journey
		add("page.section.journey", v.fact("page.field.number", strings.TrimSpace(j.Carrier+" "+j.Number)), v.fact("page.field.from-to", j.From+" – "+j.To),
			v.fact("page.field.departs", v.moment(j.Departs)), v.fact("page.field.arrives", v.moment(j.Arrives)), v.fact("page.field.escorts", strconv.Itoa(a.Escorts)))
	}
	var needs []string
	for _, n := range s.Needs {
		needs = append(needs, v.code("need", n.Type))
	}
	add("page.section.people", v.fact("page.field.language", v.language(s.Support.Language)), v.fact("page.field.representative", s.Support.Representative),
		v.fact("page.field.needs", v.words.List(needs)))
}

// language names a language by its code.
func (v *visit) language(code string) string {
	if key := "page.language." + code; code != "" && v.words.Has(key) {
		return v.t(key)
	}
	return code
}
