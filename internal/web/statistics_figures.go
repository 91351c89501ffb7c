package web

import (
	"html/template"
	"strconv"

	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/internal/paper"
	"countersign/internal/statistics"
	"countersign/internal/statistics/cube"
	editions "countersign/internal/statistics/official"
	"countersign/internal/web/component"
	"countersign/internal/web/form"
)

// statisticsRoutes are the addresses of the pages on figures, releases, statements and dashboards.
func statisticsRoutes() []route {
	return []route{
		{Pattern: "GET /statistics", Page: figuresPage},
		{Pattern: "GET /statistics/releases", Page: releasesPage},
		{Pattern: "POST /statistics/releases", Page: announceRelease},
		{Pattern: "GET /statistics/releases/{id}", Page: releasePage},
		{Pattern: "POST /statistics/releases/{id}/{step}", Page: stepRelease},
		{Pattern: "GET /statistics/releases/{id}/files/{name}", Page: releaseFile},
		{Pattern: "GET /statistics/press", Page: pressPage},
		{Pattern: "POST /statistics/press", Page: checkPress},
		{Pattern: "GET /statistics/dashboards", Page: dashboardPage},
	}
}

// FiguresPage is what each edition says of one nationality and one year, with what was revised.
type FiguresPage struct {
	Layout
	Country, Year component.Component
	Tables        []component.Table
	Charts        []template.HTML
	Notes         []string
	Links         []ActLink
}

func figuresPage(v *visit) error {
	list := &statistics.Lists().Countries
	country := form.Pick{Base: form.Base{Name: "nationality", Label: "page.stat.nationality"}, Value: "albania", Prompt: "page.stat.choose"}
	for _, c := range list.Codes {
		country.Options = append(country.Options, form.Option{Value: c.Code, Text: c.Text(string(v.words.Lang))})
	}
	sortWords(v, country.Options, func(o form.Option) string { return o.Text })
	first, last := v.Desk.FigureYears()
	year := form.Pick{Base: form.Base{Name: "year", Label: "page.stat.year"}, Value: "2022", Prompt: "page.stat.choose"}
	for y := last; y >= first; y-- {
		year.Options = append(year.Options, form.Option{Value: itoa(y), Text: itoa(y)})
	}
	q := v.r.URL.Query()
	if _, ok := list.Index(q.Get("nationality")); ok {
		country.Value = q.Get("nationality")
	}
	if y, err := strconv.Atoi(q.Get("year")); err == nil && y >= first && y <= last {
		year.Value = itoa(y)
	}
	y, err := strconv.Atoi(year.Value)
	if err != nil {
		return fault.New(fault.Invalid, "web.fault.request").Because(err)
	}
	figures, err := v.Desk.Figures(v.ctx(), v.who, statistics.Country(country.Value), statistics.Year(y))
	if err != nil {
		return err
	}
	p := &FiguresPage{Layout: v.layout(v.t("page.stat.title")), Country: country.Component(v.words), Year: year.Component(v.words)}
	p.Wide = true
	i, _ := list.Index(country.Value)
	for _, f := range figures {
		table, chart, err := v.figures(f, v.nationality(list.Codes[i].Code), year.Value)
		if err != nil {
			return err
		}
		p.Tables, p.Charts = append(p.Tables, table), append(p.Charts, chart)
	}
	p.Notes = []string{v.t("statistics.table.notes"), v.t("page.stat.overlap"), editions.Attribution}
	p.Links = v.statisticsLinks("/statistics")
	return v.render("statistics_figures", p)
}

// nationality is a country of the code lists in the page's language, where its name is known there.
func (v *visit) nationality(code string) string {
	if key := "release.country." + code; v.words.Has(key) {
		return v.t(key)
	}
	list := &statistics.Lists().Countries
	i, ok := list.Index(code)
	if !ok {
		return code
	}
	return list.Codes[i].Text(string(v.words.Lang))
}

// statisticsLinks lead to the other pages of the area.
func (v *visit) statisticsLinks(here string) []ActLink {
	var all []ActLink
	for _, l := range []struct{ path, key, action string }{{"/statistics", "page.stat.title", "view-statistics"}, {"/statistics/releases", "page.stat.releases", "view-statistics"},
		{"/statistics/press", "page.stat.press", "check-claim"}, {"/statistics/dashboards", "page.stat.dashboards", "count-returns"}} {
		if l.path != here && v.Desk.May(v.who, l.action) {
			all = append(all, ActLink{Text: v.t(l.key), Href: l.path})
		}
	}
	return all
}

// figures is one series as a table and a chart; a value that an edition does not hold is marked, never left out.
func (v *visit) figures(f desk.Figures, country, year string) (component.Table, template.HTML, error) {
	lang := string(v.words.Lang)
	t := component.Table{Caption: v.t("page.stat.caption", "country", country, "year", year, "series", v.t("release.series."+string(f.Series))),
		CaptionClasses: "govuk-table__caption--m", FirstCellIsHeader: true, Classes: "cs-table", Head: []component.TableCell{{Text: v.t("release.dim.measure")}}}
	chart := paper.Chart{ID: "chart-" + string(f.Series), Title: t.Caption, Summary: v.t("page.stat.chart"), Unit: v.t("release.dim.value"), Language: lang,
		Series: []paper.ChartSeries{{Name: v.t("release.measure.enforced")}, {Name: v.t("release.measure.voluntary")}}}
	for i, e := range f.Editions {
		label := v.words.Short(e.Published)
		t.Head = append(t.Head, component.TableCell{Text: label, Format: "numeric"})
		if len(f.Values) > 1 && f.Values[0][i].Held && f.Values[1][i].Held {
			chart.Labels = append(chart.Labels, label)
			chart.Series[0].Values = append(chart.Series[0].Values, f.Values[0][i].Value)
			chart.Series[1].Values = append(chart.Series[1].Values, f.Values[1][i].Value)
		}
	}
	t.Head = append(t.Head, component.TableCell{Text: v.t("statistics.table.revision"), Format: "numeric"})
	for i, m := range desk.FigureMeasures {
		d, err := statistics.Define(m, v.now())
		if err != nil {
			return t, "", err
		}
		row := []component.TableCell{{Text: d.Text(lang)}}
		for j, x := range f.Values[i] {
			row = append(row, component.TableCell{Text: shown(x, lang), Format: "numeric", Attributes: component.Attrs{"data-heading": t.Head[j+1].Text}})
		}
		t.Rows = append(t.Rows, append(row, component.TableCell{Text: revision(f.Values[i], lang), Format: "numeric", Attributes: component.Attrs{"data-heading": v.t("statistics.table.revision")}}))
	}
	if len(chart.Labels) == 0 {
		return t, "", nil
	}
	svg, err := chart.SVG()
	return t, template.HTML(svg), err //nolint:gosec // paper escapes every text in its SVG
}

func shown(x cube.Vintage, lang string) string {
	if !x.Held {
		return "[x]"
	}
	return statistics.Count(x.Value, lang)
}

// revision is how far the newest value that is held moved from the one before it.
func revision(all []cube.Vintage, lang string) string {
	var held []int64
	for _, x := range all {
		if x.Held {
			held = append(held, x.Value)
		}
	}
	n := len(held)
	if n < 2 {
		return "[z]"
	}
	return signed(held[n-1]-held[n-2], lang)
}

func signed(n int64, lang string) string {
	if n > 0 {
		return "+" + statistics.Count(n, lang)
	}
	return statistics.Count(n, lang)
}

// bars is a chart of one series with its table beside it, as dashboards show figures.
func (v *visit) bars(id, title, unit string, labels []string, values []int64) (template.HTML, component.Table, error) {
	t := component.Table{Caption: title, CaptionClasses: "govuk-table__caption--s", FirstCellIsHeader: true, Classes: "cs-table",
		Head: []component.TableCell{{Text: v.t("page.stat.what")}, {Text: unit, Format: "numeric"}}}
	for i, l := range labels {
		t.Rows = append(t.Rows, []component.TableCell{{Text: l}, {Text: statistics.Count(values[i], string(v.words.Lang)), Format: "numeric", Attributes: component.Attrs{"data-heading": unit}}})
	}
	if len(labels) == 0 {
		return "", t, nil
	}
	c := paper.Chart{ID: id, Title: title, Summary: v.t("page.stat.bars"), Unit: unit, Labels: labels, Series: []paper.ChartSeries{{Name: unit, Values: values}}, Language: string(v.words.Lang)}
	svg, err := c.SVG()
	return template.HTML(svg), t, err //nolint:gosec // paper escapes every text in its SVG
}
