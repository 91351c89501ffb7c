package web

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/fault"
	"countersign/internal/taskforce"
	"countersign/internal/web/component"
)

// sorted lists the things of a register by a key.
func sorted[T any](m map[act.ID]*T, key func(*T) string) []*T {
	return slices.SortedFunc(maps.Values(m), func(a, b *T) int { return strings.Compare(key(a), key(b)) })
}

var measureTones = map[taskforce.MeasureStatus]component.Tone{taskforce.MeasureProposed: component.Waiting, taskforce.MeasureInForce: component.Good,
	taskforce.MeasureSuspended: component.Notice, taskforce.MeasureRefused: component.Bad}

func (v *visit) measureStatus(m *taskforce.Measure) component.Status {
	s := m.StatusOn(v.today())
	return component.Status{Tone: cmp.Or(measureTones[s], component.Neutral), Text: v.t("taskforce.measure." + string(s))}
}

func measuresPage(v *visit) error {
	s, err := v.forceState("view-measures")
	if err != nil {
		return err
	}
	p := v.forcePage(v.t("taskforce.page.menu.measures"))
	values, today := v.r.URL.Query(), v.today()
	var all []*taskforce.Measure
	for _, m := range s.Measures {
		if status := values.Get("status"); status == "" || status == string(m.StatusOn(today)) {
			all = append(all, m)
		}
	}
	title := func(m *taskforce.Measure) string { return v.both(m.Terms().Title) }
	sortBy(v, all, map[string]func(*taskforce.Measure) string{"title": title, "from": func(m *taskforce.Measure) string { return m.Terms().From },
		"until": func(m *taskforce.Measure) string { return m.Terms().Until }}, "from", func(m *taskforce.Measure) act.ID { return m.ID })
	p.Filter = v.forceFilter(forceQuestion{"status", "taskforce.measure.", []string{"proposed", "agreed", "in-force", "suspended", "ended", "declined", "withdrawn"}})
	p.part("", v.paged(p.Title, v.columnsOf("+title", "kind", "status", "+from", "+until", "by"), len(all), func(i int) component.WorkRow {
		m, status := all[i], v.measureStatus(all[i])
		t := m.Terms()
		return component.WorkRow{Cells: []component.TableCell{{HTML: link("/task-force/measures/"+string(m.ID), title(m))}, {Text: v.t("taskforce.kind." + t.Kind)}, statusCell(status.Tone, status.Text),
			{Text: v.words.Day(t.From), Classes: "cs-nowrap"}, {Text: v.words.Day(t.Until), Classes: "cs-nowrap"}, {Text: v.authority(m.ProposedBy)}}}
	}))
	v.offer(p, "", "", taskforce.ProposeMeasure{ID: probe})
	return v.render("taskforce", p)
}

// probe stands for the identifier that a new thing would get.
const probe act.ID = "00000000-0000-4000-8000-000000000001"

func measurePage(v *visit) error {
	s, err := v.forceState("view-measures")
	if err != nil {
		return err
	}
	m := s.Measures[v.id("id")]
	if m == nil {
		return fault.New(fault.Missing, "fault.taskforce.measure-unknown")
	}
	t, status := m.TermsOn(v.today()), v.measureStatus(m)
	p := v.thing("measures", v.both(t.Title), m.ID)
	p.Status = &status
	v.conflicts(p, s, m.Crossings)
	if m.Open != nil {
		p.Intro = v.t("taskforce.page.open", "authority", v.authority(m.Open.By), "change", v.t("taskforce.change."+m.Open.Change))
		v.offer(p, m.ID, m.Open.ID, taskforce.AcceptMeasure{ID: m.ID, Proposal: m.Open.ID}, taskforce.DeclineMeasure{ID: m.ID, Proposal: m.Open.ID},
			taskforce.AdviseMeasure{ID: m.ID, Advice: domestic.MeasureAdvice{Proposal: m.Open.ID}})
	}
	for _, x := range m.Proposals {
		v.offer(p, m.ID, x.ID, taskforce.WithdrawMeasure{ID: m.ID, Proposal: x.ID})
	}
	if v.Desk.MayForce(v.who, taskforce.ChangeMeasure{ID: m.ID}) == nil {
		p.Acts = append(p.Acts, ForceLink{Text: v.t("taskforce.do.amend-measure"), Href: "/task-force/act/amend-measure?id=" + string(m.ID)})
	}
	v.offer(p, m.ID, "", taskforce.ChangeMeasure{ID: m.ID}, taskforce.AccountMeasure{ID: m.ID}, taskforce.OpenTask{ID: probe, Task: joint.Task{Measure: m.ID}})
	if err := v.situation(p, m); err != nil {
		return err
	}
	if err := v.terms(p, t); err != nil {
		return err
	}
	v.changes(p, m)
	v.proposals(p, m.Proposals)
	v.accounts(p, m)
	v.advice(p, s.Advice[m.ID])
	v.tasksOf(p, s, func(x *taskforce.Task) bool { return x.Measure == m.ID })
	if err := v.history(p, "view-measures", m.ID); err != nil {
		return err
	}
	return v.render("taskforce", p)
}

// situation is where each figure began, where it should go, what the record says of it, and what each side reported
// last. What cannot be counted here, and what nobody reported, is not filled in.
func (v *visit) situation(p *ForcePage, m *taskforce.Measure) error {
	t := component.Table{Head: v.numeric(v.heads("indicator", "baseline", "target")), FirstCellIsHeader: true, Caption: v.t("taskforce.page.situation"), CaptionClasses: "govuk-visually-hidden"}
	counted, err := v.Desk.MeasureFigures(v.ctx(), v.who, m.ID, "", "")
	if err != nil {
		return err
	}
	parties := []string{v.Desk.Authority, v.Desk.Peer.Authority}
	for _, key := range []string{"office.counted.by", "office.reported.by"} {
		for _, a := range parties {
			t.Head = append(t.Head, component.TableCell{Text: v.t(key, "authority", v.authority(a)), Format: "numeric"})
		}
	}
	cell := func(values map[string]int64, authority, otherwise string) component.TableCell {
		if n, ok := values[authority]; ok {
			return component.TableCell{Text: v.words.Number(n), Format: "numeric"}
		}
		return component.TableCell{Text: v.t(otherwise), Format: "numeric"}
	}
	for _, f := range m.Situation(v.today()) {
		baseline := v.t("taskforce.page.unknown")
		if f.Baseline != nil {
			baseline = v.words.Number(*f.Baseline)
		}
		row := []component.TableCell{{Text: v.t("taskforce.indicator." + f.Code)}, {Text: baseline, Format: "numeric"}, {Text: v.words.Number(f.Target), Format: "numeric"}}
		for _, a := range parties {
			row = append(row, cell(counted[f.Code], a, "office.not-counted"))
		}
		for _, a := range parties {
			row = append(row, cell(f.Reported, a, "taskforce.page.not-reported"))
		}
		t.Rows = append(t.Rows, row)
	}
	p.Parts = append(p.Parts, ForcePart{Title: v.t("taskforce.page.situation"), Text: v.t("office.counted.how"), Piece: t})
	return nil
}

// numeric puts all headings but the first over figures.
func (v *visit) numeric(heads []component.TableCell) []component.TableCell {
	for i := 1; i < len(heads); i++ {
		heads[i].Format = "numeric"
	}
	return heads
}

func (v *visit) terms(p *ForcePage, t joint.MeasureTerms) error {
	names, err := v.Desk.Names()
	if err != nil {
		return err
	}
	var owners, basis []string
	for _, o := range t.Owners {
		owners = append(owners, v.t("taskforce.page.owner", "name", v.officer(names, o.Officer), "authority", v.authority(o.Authority)))
	}
	for _, b := range t.Basis {
		basis = append(basis, cmp.Or(b.Article, v.t("taskforce.page.commitment", "reference", shortID(b.Commitment))))
	}
	p.part(v.t("taskforce.page.terms"), v.facts("kind", v.t("taskforce.kind."+t.Kind), "objective", v.both(t.Objective), "basis", v.words.List(basis), "period", v.days(t.From, t.Until),
		"places", v.places(t.Places), "owners", v.words.List(owners), "resources", v.both(t.Resources)))
	risks := component.Table{Head: v.heads("right", "risk", "mitigation"), Caption: v.t("taskforce.page.risks"), CaptionClasses: "govuk-visually-hidden"}
	for _, r := range t.Risks {
		risks.Rows = append(risks.Rows, []component.TableCell{{Text: r.Right}, {Text: v.both(r.Risk)}, {Text: v.both(r.Mitigation)}})
	}
	p.part(v.t("taskforce.page.risks"), risks)
	return nil
}

// changes shows what the open proposal would change, field by field, beside what is agreed.
func (v *visit) changes(p *ForcePage, m *taskforce.Measure) {
	if m.Open == nil {
		return
	}
	change, ok := m.Open.Content.(*joint.MeasureChange)
	if !ok {
		return
	}
	p.part(v.t("taskforce.page.proposed-change"), v.facts("change", v.t("taskforce.change."+change.Change), "from", v.words.Day(change.From), "reason", v.both(change.Reason)))
	if change.Terms == nil {
		return
	}
	t := component.Table{Head: v.heads("field", "agreed", "proposed"), Caption: v.t("taskforce.page.proposed-change"), CaptionClasses: "govuk-visually-hidden"}
	was, is := m.Terms(), *change.Terms
	for _, x := range [][3]string{{"title", v.both(was.Title), v.both(is.Title)}, {"objective", v.both(was.Objective), v.both(is.Objective)}, {"period", v.days(was.From, was.Until), v.days(is.From, is.Until)},
		{"places", v.places(was.Places), v.places(is.Places)}, {"resources", v.both(was.Resources), v.both(is.Resources)}} {
		if x[1] != x[2] {
			t.Rows = append(t.Rows, []component.TableCell{{Text: v.t("taskforce.page.fact." + x[0])}, {Text: x[1]}, {Text: x[2]}})
		}
	}
	if len(t.Rows) > 0 {
		p.part("", t)
	}
}

func (v *visit) accounts(p *ForcePage, m *taskforce.Measure) {
	if len(m.Accounts) == 0 {
		return
	}
	t := component.Table{Head: v.heads("period", "by", "summary"), Caption: v.t("taskforce.page.accounts"), CaptionClasses: "govuk-visually-hidden"}
	for _, a := range slices.Backward(m.Accounts) {
		t.Rows = append(t.Rows, []component.TableCell{{Text: v.days(a.From, a.Until)}, {Text: v.authority(a.By)}, {Text: v.both(a.Summary)}})
	}
	p.part(v.t("taskforce.page.accounts"), t)
}

// advice is one's own side's; it never leaves this node.
func (v *visit) advice(p *ForcePage, all []taskforce.Advice) {
	if len(all) == 0 {
		return
	}
	t := component.Table{Head: v.heads("field", "advice", "text", "by"), Caption: v.t("taskforce.page.advice"), CaptionClasses: "govuk-visually-hidden"}
	for _, a := range all {
		t.Rows = append(t.Rows, []component.TableCell{{Text: v.t("taskforce.option." + a.Field)}, {Text: v.t("taskforce.option." + a.MeasureAdvice.Advice)}, {Text: a.Text}, {Text: v.role(a.Officer.Role)}})
	}
	p.part(v.t("taskforce.page.advice"), t)
}
