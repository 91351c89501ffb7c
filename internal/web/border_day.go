package web

import (
	"reflect"
	"slices"

	"countersign/internal/act/joint"
	"countersign/internal/desk"
	"countersign/internal/web/component"

	"github.com/go-json-experiment/json"
)

// borderDayPage is one day of a measure: this state's own counts, the fairness view, and what both states hold.
func borderDayPage(v *visit, b *desk.Border) error {
	id, day := v.id("id"), v.r.PathValue("day")
	c, err := b.MeasureDay(v.ctx(), v.who, id, day)
	if err != nil {
		return err
	}
	p := &BorderPage{Layout: v.layout(v.t("page.border.day-title", "day", v.words.Day(day)))}
	p.Back = &component.BackLink{Href: "/border"}
	if v.Desk.May(v.who, "account-measure") {
		p.Forms = append(p.Forms, v.newBorderForm("page.border.share", "/border/measures/"+string(id)+"/"+day))
	}
	names, own := namesOf(b, v), c.Joint(id)
	p.Tables = append(p.Tables, v.totals(names, own)...)
	fair := component.Table{Caption: v.t("page.border.fairness"), CaptionClasses: "govuk-table__caption--m", FirstCellIsHeader: true,
		Head: v.borderHead("page.border.point", "page.border.ground", "page.border.refused", "page.border.checked")}
	for _, r := range c.Fairness() {
		refused := v.words.Number(int64(r.Refused))
		if r.Protected {
			refused = v.t("page.border.protected")
		}
		ground := v.t("page.border.all")
		if r.Rule != "" {
			ground = names.rule(r.Rule)
		}
		fair.Rows = append(fair.Rows, borderRow(names.point(r.Point), ground, refused, v.words.Number(int64(r.Checked))))
	}
	p.Tables = append(p.Tables, fair)
	return v.sharedTotals(b, p, names, own)
}

// sharedTotals are what both states hold of the day; what is the same as the own totals is only said to be.
func (v *visit) sharedTotals(b *desk.Border, p *BorderPage, names borderNames, own *joint.BorderCounts) error {
	shared, err := b.SharedCounts(v.who, own.Measure)
	if err != nil {
		return err
	}
	p.Intro = v.t("page.border.not-shared")
	for _, s := range shared {
		if s.Day != own.Day {
			continue
		}
		counts := &joint.BorderCounts{}
		if err := json.Unmarshal([]byte(s.Body), counts); err != nil {
			return err
		}
		if s.Authority == v.Desk.Authority && reflect.DeepEqual(counts, own) {
			p.Intro = v.t("page.border.same")
			continue
		}
		tables := v.totals(names, counts)
		for i := range tables {
			tables[i].Caption = v.t("page.border.shared", "authority", v.authority(s.Authority), "what", tables[i].Caption)
		}
		p.Tables = append(p.Tables, tables...)
	}
	return v.render("border", p)
}

// totals are a day as both states may see it: by crossing point, by hour and by rule. Rules overlap and are not added up.
func (v *visit) totals(names borderNames, c *joint.BorderCounts) []component.Table {
	hour := func(of string) string { return of + ":00–" + of + ":59" }
	return []component.Table{
		v.decisions(v.t("page.border.by-point", "count", v.words.Number(int64(c.Travelled))), "page.border.point", c.Points, names.point),
		v.decisions(v.t("page.border.by-hour"), "page.border.hour", c.Hours, hour),
		v.decisions(v.t("page.border.by-rule"), "page.border.rule", c.Criteria, names.rule)}
}

// outcomes are the decisions at a lane, in the order of the columns.
var outcomes = []string{"allow", "second-line", "refuse"}

// decisions is a table with a row for each thing that is counted and a column for each decision.
func (v *visit) decisions(caption, first string, cells []joint.BorderCell, name func(string) string) component.Table {
	t := component.Table{Caption: caption, CaptionClasses: "govuk-table__caption--m", FirstCellIsHeader: true,
		Head: v.borderHead(first, "page.border.decision.allow", "page.border.decision.second-line", "page.border.decision.refuse")}
	for i, c := range cells {
		if i == 0 || c.Of != cells[i-1].Of {
			t.Rows = append(t.Rows, borderRow(name(c.Of), "0", "0", "0"))
		}
		text := v.words.Number(int64(c.Count))
		if c.Low {
			text = v.t("page.border.low")
		}
		for i, d := range outcomes {
			if d == c.Decision {
				t.Rows[len(t.Rows)-1][i+1].Text = text
			}
		}
	}
	return t
}

// borderNames are what crossing points and rules are called in the page's language.
type borderNames struct{ points, rules map[string]string }

func namesOf(b *desk.Border, v *visit) borderNames {
	n := borderNames{map[string]string{}, map[string]string{}}
	if b.Points != nil {
		for _, p := range b.Points.Points {
			n.points[p.ID] = p.Name
		}
	}
	for _, book := range slices.Concat(b.Books, b.Measures) {
		for i := range book.Rules {
			n.rules[book.Rules[i].ID] = book.Rules[i].Reason[v.words.Lang]
		}
	}
	return n
}

func (n borderNames) point(id string) string { return named(n.points, id) }
func (n borderNames) rule(id string) string  { return named(n.rules, id) }

// named is the name of a code; what was loaded then may not be loaded now.
func named(names map[string]string, code string) string {
	if n, ok := names[code]; ok {
		return n
	}
	return code
}
