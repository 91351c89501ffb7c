package web

import (
	"net/http"
	"strings"
	"time"

	"countersign/internal/act"
	"countersign/internal/border"
	"countersign/internal/border/criteria"
	"countersign/internal/desk"
	"countersign/internal/person"
	"countersign/internal/web/component"
	"countersign/internal/web/form"
)

// checkForm opens a check at the node: the officer in the second line reads the document again.
type checkForm struct {
	*BorderForm
	zone             *form.Long
	point, direction *form.Pick
	to               *form.Text
}

func (v *visit) checkForm(b *desk.Border) *checkForm {
	f := &checkForm{
		zone:      &form.Long{Base: form.Base{Name: "zone", Label: "page.border.zone", Hint: "page.border.zone.hint"}, Max: 400, Rows: 3},
		point:     &form.Pick{Base: form.Base{Name: "point", Label: "page.border.point"}, Options: v.pointOptions(b)},
		direction: &form.Pick{Base: form.Base{Name: "direction", Label: "page.border.direction"}, Value: "exit", Options: keyed("page.border.direction.", []string{"exit", "entry"})},
		to:        &form.Text{Base: form.Base{Name: "to", Label: "page.border.to", Hint: "page.border.to.hint", Optional: true}, Max: 60, Width: "govuk-input--width-20"}}
	f.BorderForm = v.newBorderForm("page.border.open-check", "/border/checks", f.zone, f.point, f.direction, f.to)
	return f
}

func checksPage(v *visit, b *desk.Border) error {
	return v.showChecks(b, http.StatusOK, v.checkForm(b))
}

func (v *visit) showChecks(b *desk.Border, status int, f *checkForm) error {
	proposed, waiting, refused, err := b.OpenDecisions(v.who)
	if err != nil {
		return err
	}
	p := &BorderPage{Layout: v.layout(v.t("page.border.checks")), Intro: v.t("page.border.checks.intro")}
	p.Back, p.URL = &component.BackLink{Href: "/border"}, "/border/checks"
	for _, part := range []struct {
		key  string
		rows []desk.Decided
	}{{"page.border.proposed", proposed}, {"page.border.waiting", waiting}, {"page.border.refusals", refused}} {
		if len(part.rows) > 0 {
			p.Tables = append(p.Tables, v.decidedTable(b, part.key, part.rows))
		}
	}
	if len(p.Tables) == 0 {
		p.Intro += " " + v.t("page.border.checks.none")
	}
	if b.MayDo(v.who, "open-check") && len(f.point.Options) > 0 {
		p.Forms, p.Invalid = append(p.Forms, f.BorderForm), f.Invalid()
	}
	return v.renderAs(status, "border", p)
}

func (v *visit) decidedTable(b *desk.Border, key string, rows []desk.Decided) component.Table {
	t := component.Table{Caption: v.t(key), CaptionClasses: "govuk-table__caption--m", FirstCellIsHeader: true,
		Head: v.borderHead("page.border.check", "page.border.point", "page.border.since", "page.border.lane")}
	for _, d := range rows {
		lane := d.Row.Lane
		if lane == "" {
			lane = v.t("page.border.at-node")
		}
		cells := []component.TableCell{{HTML: borderLink("/border/checks/"+string(d.ID), strings.ToUpper(string(d.ID[:4])))}}
		t.Rows = append(t.Rows, append(cells, borderRow(b.PointName(d.Row.Point), v.moment(d.Row.At), lane)...))
	}
	return t
}

func openCheck(v *visit, b *desk.Border) error {
	f := v.checkForm(b)
	var id act.ID
	err := v.takeBorder(f.BorderForm, func(status int) error { return v.showChecks(b, status, f) }, func() error {
		c, err := b.OpenCheck(v.ctx(), v.who, desk.Traveller{Zone: strings.Fields(strings.ToUpper(f.zone.Value)), Point: f.point.Value,
			Direction: criteria.Direction(f.direction.Value), Destination: strings.FieldsFunc(f.to.Value, func(r rune) bool { return r == ',' || r == ' ' })})
		if err == nil {
			id = c.ID
			v.say("page.border.open-check.done")
			http.Redirect(v.w, v.r, "/border/checks/"+string(id), http.StatusSeeOther)
		}
		return err
	}, "", "")
	return err
}

// CheckPage is one check: what was decided about it, every rule with its legal basis, and what may still be done.
type CheckPage struct {
	BorderPage
	Answer   *component.Status
	Findings []CheckLine
	Rules    component.Table
	Refusal  *RefusalText
}

// CheckLine is one finding in words.
type CheckLine struct {
	Effect, Text, Next, Basis, Conflict string
	Fields                              []string
}

// RefusalText is the standard form as an officer proposed it.
type RefusalText struct {
	Rule, Basis                      string
	Reasons, Proportionality, Remedy []RefusalPart
}

// RefusalPart is a text in one language.
type RefusalPart struct{ Lang, Name, Text string }

func checkPage(v *visit, b *desk.Border) error {
	d, err := b.ViewDecision(v.ctx(), v.who, v.id("id"))
	if err != nil {
		return err
	}
	return v.showCheck(b, http.StatusOK, d, v.checkForms(b, d))
}

func (v *visit) showCheck(b *desk.Border, status int, d *desk.Decided, f *checkForms) error {
	p := &CheckPage{BorderPage: BorderPage{Layout: v.layout(v.t("page.border.check-title", "name", strings.ToUpper(string(d.ID[:4]))))}}
	p.Back, p.URL = &component.BackLink{Href: "/border/checks"}, "/border/checks/"+string(d.ID)
	p.Facts = append(p.Facts, component.SummaryList{Rows: v.checkFacts(b, d)})
	if c := d.Check; c != nil {
		p.Answer = &component.Status{Tone: answerTone(c.Result.Answer), Text: v.t(c.Result.Answer.Word)}
		for i := range c.Result.Findings {
			p.Findings = append(p.Findings, v.checkLine(&c.Result.Findings[i]))
		}
		p.Rules = v.ruleTable(c.Result)
	}
	if r := d.State.Proposed; r != nil {
		p.Refusal = &RefusalText{Rule: v.borderRule(b, r.Rule), Basis: r.LegalBasis, Reasons: v.refusalParts(r.Reasons),
			Proportionality: v.refusalParts(r.Proportionality), Remedy: v.refusalParts(r.Remedy)}
	}
	for _, one := range f.shown() {
		p.Forms, p.Invalid = append(p.Forms, one), p.Invalid || one.Invalid()
	}
	return v.renderAs(status, "border_check", p)
}

func answerTone(a border.Answer) component.Tone {
	switch a {
	case border.Clear:
		return component.Good
	case border.AskMore:
		return component.Waiting
	}
	return component.Notice
}

func (v *visit) checkFacts(b *desk.Border, d *desk.Decided) []component.SummaryRow {
	var rows []component.SummaryRow
	add := func(key, value string) {
		if value != "" {
			rows = append(rows, component.SummaryRow{Key: component.Cell{Text: v.t(key)}, Value: component.Cell{Text: value}})
		}
	}
	decision := "page.border.undecided"
	switch {
	case d.State.Referred:
		decision = "page.border.referred"
	case d.State.Proposed != nil:
		decision = "page.border.waits-second"
	case d.State.Decision != "":
		decision = "page.border.decision." + d.State.Decision
	}
	add("page.border.decision", v.t(decision))
	point, at := d.Row.Point, d.Row.At
	if d.Check != nil {
		point, at = d.Check.Traveller.Point, d.Check.Traveller.At
		if m := d.Check.Document; m != nil {
			surname, given := m.Names()
			add("page.border.document", strings.Join([]string{m.Issuer(), m.Number(), surname + ", " + given, v.born(m.Birth)}, " · "))
		}
	}
	add("page.border.point", b.PointName(point))
	add("page.border.at", v.moment(at))
	add("page.border.lane", d.Row.Lane)
	if d.Row.Seconds > 0 {
		add("page.border.second-line-time", v.t("page.border.minutes", "minutes", itoa(int((time.Duration(d.Row.Seconds)*time.Second).Round(time.Minute).Minutes()))))
	}
	if d.Row.Reviewed != "" {
		add("page.border.reviewed", v.t("page.border.review."+d.Row.Reviewed))
	}
	return rows
}

func (v *visit) born(d person.MRZDate) string {
	if d.Complete() {
		return v.words.Day(d.String())
	}
	return d.String()
}

func (v *visit) checkLine(f *border.Finding) CheckLine {
	l := CheckLine{Effect: v.t("border.effect." + string(f.Effect)), Text: f.Say(v.words), Next: v.t(f.Next), Basis: f.LegalBasis}
	if f.Conflict != nil {
		l.Conflict = v.t("border.cli.conflict", "basis", f.Conflict.Basis, "text", f.Conflict.Text[v.words.Lang])
	}
	if f.Alert != nil {
		for _, e := range f.Alert.Fields {
			l.Fields = append(l.Fields, v.t("border.field."+e.Field)+": "+v.t("border.level."+e.Level))
		}
	}
	return l
}

// factNames are what the facts that a rule asks for are called.
func (v *visit) factNames(facts []string) string {
	var names []string
	for _, f := range facts {
		names = append(names, v.t("border.fact."+f))
	}
	return v.words.List(names)
}

// ruleTable is every rule's evaluation, met ones included: what the command `border explain` shows.
func (v *visit) ruleTable(r *border.Result) component.Table {
	t := component.Table{Caption: v.t("page.border.evaluations"), CaptionClasses: "govuk-table__caption--m", FirstCellIsHeader: true,
		Head: v.borderHead("page.border.rule", "page.border.came-out", "page.border.facts", "page.border.basis")}
	for _, e := range r.Evaluations() {
		out := v.t("border.state." + string(e.State))
		if e.Effect != "" {
			out += " → " + v.t("border.effect."+string(e.Effect))
		}
		facts := v.factNames(e.Facts)
		if e.State == criteria.NotKnown && len(e.Absent) > 0 {
			facts = v.t("border.cli.absent", "facts", v.factNames(e.Absent))
		}
		t.Rows = append(t.Rows, borderRow(e.Rule.Reason[v.words.Lang], out, facts, e.Rule.LegalBasis+" ("+string(e.Rule.Mark)+")"))
	}
	return t
}

func (v *visit) borderRule(b *desk.Border, id string) string {
	for _, book := range append(append([]*criteria.Book(nil), b.Books...), b.Measures...) {
		for i := range book.Rules {
			if book.Rules[i].ID == id {
				return book.Rules[i].Reason[v.words.Lang]
			}
		}
	}
	return id
}

func (v *visit) refusalParts(texts map[string]string) []RefusalPart {
	var all []RefusalPart
	for _, lang := range []string{"en", "sq"} {
		if texts[lang] != "" {
			all = append(all, RefusalPart{lang, v.t("page.language." + lang), texts[lang]})
		}
	}
	for lang, text := range texts {
		if lang != "en" && lang != "sq" {
			all = append(all, RefusalPart{lang, lang, text})
		}
	}
	return all
}
