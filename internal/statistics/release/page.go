package release

import (
	"bytes"
	_ "embed"
	"html/template"
	"strconv"
	"strings"

	"countersign/internal/paper"
	"countersign/internal/statistics"
)

//go:embed page.gohtml
var pageFile string

var pageTemplate = template.Must(template.New("page").Parse(pageFile))

// page is what the template shows; all decisions are made here.
type page struct {
	Lang, Title string
	Lead        []string
	Sections    []section
}

type section struct {
	Heading string
	Text    []string
	List    []string
	Chart   template.HTML // made by package paper, which escapes what it is given
	Caption string
	Grid    *pageGrid
	Links   []linkTo
}

type linkTo struct{ Href, Text, Lang string }

type pageGrid struct {
	Title  string
	Header []string
	Rows   []pageRow
}

type pageRow struct {
	Head  []string
	Cells []pageCell
}

type pageCell struct{ ID, Text string }

// pageRows is the largest table that is shown in a page; larger ones are linked.
const pageRows = 400

// text writes a cell for a reader: thousands separated, marks behind.
func (p *printer) text(c *Cell) string {
	if !c.shown() {
		return c.mark()
	}
	s := statistics.Count(c.Value, p.lang)
	if c.Decimals > 0 {
		s = paper.D(c.Value, c.Decimals).Decimal()
		if p.lang == "sq" {
			s = strings.ReplaceAll(s, ".", ",")
		}
	}
	if m := c.mark(); m != "" {
		s += " " + m
	}
	return s
}

func (p *printer) pageGrid(g *grid) *pageGrid {
	v := &pageGrid{Title: g.Title, Header: g.Header}
	for _, r := range g.Rows {
		row := pageRow{Head: r.Head}
		for _, c := range r.Cells {
			row.Cells = append(row.Cells, pageCell{"cell-" + strings.NewReplacer("/", "-", " ", "-").Replace(c.ID), p.text(c)})
		}
		v.Rows = append(v.Rows, row)
	}
	return v
}

// corrections says what was changed after publication, oldest first.
func (p *printer) corrections() []string {
	var all []string
	for _, c := range p.c.Corrections {
		all = append(all, p.w.Text("release.corrected", "day", c.Day, "note", c.Note))
	}
	return all
}

func (p *printer) index() ([]byte, error) {
	t := p.w.Text
	v := page{Lang: p.lang, Title: p.heading(),
		Lead: []string{t("release.published", "date", p.c.Edition, "authority", p.c.Authority), t("release.known", "at", p.c.KnownAt)}}
	if notes := p.corrections(); len(notes) > 0 {
		v.Sections = append(v.Sections, section{Heading: t("release.corrections"), List: notes})
	}
	v.Sections = append(v.Sections, section{Heading: t("release.summary"), List: p.summary()})
	chart, err := p.chart()
	if err != nil {
		return nil, err
	}
	if chart != nil {
		v.Sections = append(v.Sections, *chart)
	}
	for i := range p.c.Tables {
		table := &p.c.Tables[i]
		s := section{Heading: t("release.sheet.table", "id", table.ID), Links: []linkTo{{"table-" + table.ID + ".csv", t("release.link.csv", "id", table.ID), ""}}}
		if table.Count <= pageRows {
			g, err := p.grid(table)
			if err != nil {
				return nil, err
			}
			s.Grid = p.pageGrid(g)
		} else {
			s.Text = []string{p.title(table)}
		}
		if table.ID == "5" && p.c.Kind == "" {
			s.Text = append(s.Text, t("release.overlap"))
		}
		v.Sections = append(v.Sections, s)
	}
	marks := section{Heading: t("release.sheet.notes")}
	for _, m := range []string{"c", "p", "r", "x", "z"} {
		marks.List = append(marks.List, "["+m+"] "+t("release.mark."+m))
	}
	other := map[string]string{"en": "sq", "sq": "en"}[p.lang]
	v.Sections = append(v.Sections, marks, section{Heading: t("release.files"), Links: []linkTo{
		{"returns." + p.lang + ".xlsx", t("release.link.xlsx"), ""}, {"returns." + p.lang + ".ods", t("release.link.ods"), ""},
		{"methodology." + p.lang + ".html", t("release.method"), ""}, {"manifest.json", t("release.link.manifest"), ""},
		{"index." + other + ".html", t("release.link.other"), other}}})
	return render(v)
}

func render(v page) ([]byte, error) {
	var b bytes.Buffer
	err := pageTemplate.Execute(&b, v)
	return b.Bytes(), err
}

// find returns a shown cell.
func (c *Content) find(id string) (*Cell, bool) {
	for i := range c.Cells {
		if c.Cells[i].ID == id {
			return &c.Cells[i], c.Cells[i].shown()
		}
	}
	return nil, false
}

// summary says the main figures in sentences. It never says “most” or “majority”: the two groups lie too
// close for a word that the next revision may turn (facts/statistics.md, section 4).
func (p *printer) summary() []string {
	if p.c.Kind == KindJoint {
		return p.jointSummary()
	}
	var all []string
	year := p.lastYear()
	value := func(m statistics.Measure, y string) (int64, bool) {
		c, ok := p.c.find(cellID("1", y, string(m)))
		if !ok {
			return 0, false
		}
		return c.Value, true
	}
	n := func(v int64) string { return statistics.Count(v, p.lang) }
	total, ok := value(statistics.WithoutPort, year)
	enforced, _ := value(statistics.EnforcedReturns, year)
	voluntary, _ := value(statistics.VoluntaryReturns, year)
	if ok && total > 0 {
		share, _ := statistics.Share(enforced, total) // total is not zero
		all = append(all, p.w.Text("release.summary.year", "country", p.country(), "year", year, "total", n(total), "enforced", n(enforced), "voluntary", n(voluntary), "share", statistics.Percent(share, 0)))
		y, _ := strconv.Atoi(year)
		before, ok := value(statistics.WithoutPort, strconv.Itoa(y-1))
		if change, err := statistics.Change(total, before); ok && err == nil {
			key := "release.summary.rise"
			if change.Sign() < 0 {
				key = "release.summary.fall"
				change.Neg(change)
			}
			all = append(all, p.w.Text(key, "year", year, "before", strconv.Itoa(y-1), "was", n(before), "change", statistics.Percent(change, 0)))
		}
	}
	if p.c.Provisional {
		all = append(all, p.w.Text("release.summary.provisional"))
	} else {
		all = append(all, p.w.Text("release.summary.late"))
	}
	return append(all, p.w.Text("release.overlap"), p.w.Text("release.of-not-to", "country", p.country()))
}

// chart shows enforced and voluntary returns by quarter: at most the last twelve, so that labels are read.
func (p *printer) chart() (*section, error) {
	var t *Table
	table, names, chart := "2", []string{p.label("measure", "enforced"), p.label("measure", "voluntary")}, "release.chart"
	if p.c.Kind == KindJoint {
		table, names, chart = "1", []string{p.label("receiving", p.c.Parties[0]), p.label("receiving", p.c.Parties[1])}, "release.joint.chart"
	}
	for i := range p.c.Tables {
		if p.c.Tables[i].ID == table {
			t = &p.c.Tables[i]
		}
	}
	if t == nil {
		return nil, nil
	}
	g, err := p.grid(t)
	if err != nil {
		return nil, err
	}
	rows := g.Rows[max(0, len(g.Rows)-9):]
	c := paper.Chart{ID: "quarters", Title: g.Title, Summary: p.w.Text(chart + ".desc"), Unit: p.w.Text("release.dim.value"), Language: p.lang,
		Series: []paper.ChartSeries{{Name: names[0]}, {Name: names[1]}}}
	for _, r := range rows {
		if len(r.Cells) < 2 || !r.Cells[0].shown() || !r.Cells[1].shown() {
			return nil, nil
		}
		c.Labels = append(c.Labels, r.Head[0])
		c.Series[0].Values = append(c.Series[0].Values, r.Cells[0].Value)
		c.Series[1].Values = append(c.Series[1].Values, r.Cells[1].Value)
	}
	svg, err := c.SVG()
	if err != nil {
		return nil, err
	}
	return &section{Heading: p.w.Text(chart), Chart: template.HTML(svg), Caption: p.w.Text(chart + ".caption")}, nil //nolint:gosec // paper escapes every text in its SVG
}

func (p *printer) methodology() ([]byte, error) {
	if p.c.Kind == KindJoint {
		return p.jointMethod()
	}
	t := p.w.Text
	v := page{Lang: p.lang, Title: t("release.method"), Lead: []string{p.heading()}}
	add := func(heading string, list []string, text ...string) {
		v.Sections = append(v.Sections, section{Heading: t(heading), Text: text, List: list})
	}
	var definitions []string
	for _, d := range statistics.Definitions() {
		for _, ref := range p.c.Definitions {
			if ref.ID == d.ID && ref.Hash == d.Hash() {
				definitions = append(definitions, d.Text(p.lang)+" ("+string(d.ID)+", "+d.Hash()+")")
			}
		}
	}
	add("release.method.counts", nil, t("release.method.unit"), t("release.method.tree"))
	add("release.method.definitions", definitions)
	add("release.method.groups", nil, t("release.overlap"), t("release.of-not-to", "country", p.country()))
	add("release.method.source", nil, t("release.method.head", "head", p.c.RecordHead, "at", p.c.KnownAt, "series", t("release.series."+string(p.c.Series))))
	ch := p.c.Changes
	add("release.method.quality", nil, t("release.method.late"), t("release.method.changes", "recorded", strconv.Itoa(ch.Recorded), "late", strconv.Itoa(ch.Late),
		"corrected", strconv.Itoa(ch.Corrected), "retracted", strconv.Itoa(ch.Retracted)), t("release.method.limits"))
	add("release.method.revisions", nil, t("release.method.revise"))
	add("release.method.disclosure", nil, t("release.policy."+p.c.Policy.Method, "threshold", strconv.FormatInt(p.c.Policy.Threshold, 10)), t("release.method.audit"))
	add("release.method.rounding", nil, t("release.method.round"))
	add("release.method.check", nil, t("release.method.verify"))
	return render(v)
}
