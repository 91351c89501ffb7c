package web

import (
	"html/template"
	"math/big"
	"time"

	"countersign/internal/desk"
	"countersign/internal/statistics"
	"countersign/internal/statistics/timeliness"
	"countersign/internal/web/component"
)

// DashboardPage shows where work waits and where it is lost, with every chart's table beside it.
type DashboardPage struct {
	Layout
	Span     string
	Sections []DashboardSection
	Idle     []ActLink
	Longest  string // how many there are, where not all are named
	Links    []ActLink
}

// DashboardSection is one question with its answer in words, as a chart and as a table.
type DashboardSection struct {
	Heading string
	Words   []string
	Chart   template.HTML
	Table   *component.Table
}

// year is how far back ended attempts and bookings count.
const year = 365 * 24 * time.Hour

func dashboardPage(v *visit) error {
	d, err := v.Desk.Dashboard(v.ctx(), v.who, year)
	if err != nil {
		return err
	}
	p := &DashboardPage{Layout: v.layout(v.t("page.stat.dashboards")), Links: v.statisticsLinks("/statistics/dashboards")}
	p.Wide = true
	p.Span = v.t("page.stat.dash.span", "from", v.words.Date(d.From.In(v.zone)), "day", v.moment(d.AsOf))
	for _, section := range []func(*desk.Dashboard) (DashboardSection, error){v.replies, v.consents, v.attempts, v.bookings, v.documents, v.idle, v.barriers, v.cohorts} {
		s, err := section(d)
		if err != nil {
			return err
		}
		p.Sections = append(p.Sections, s)
	}
	if v.Desk.May(v.who, "view-work-list") {
		for _, id := range d.Idle.Longest {
			p.Idle = append(p.Idle, ActLink{Text: desk.Reference(id), Href: casePath(id)})
		}
	}
	if d.Idle.Idle > len(p.Idle) && len(p.Idle) > 0 {
		p.Longest = v.t("page.stat.dash.idle.longest", "count", v.words.Number(int64(d.Idle.Idle)))
	}
	return v.render("statistics_dashboards", p)
}

// daysRow says a number of days, or that so many still wait that the point is not reached.
func (v *visit) daysRow(d timeliness.Days) string {
	if d.Beyond {
		return v.t("page.stat.dash.beyond", "count", itoa(d.N))
	}
	return v.words.Count("words.days", d.N)
}

func (v *visit) waitingRows(w timeliness.Waiting) string {
	if w.N == 0 {
		return v.t("page.stat.dash.nobody")
	}
	return v.t("page.stat.dash.waiting", "all", itoa(w.N), "ended", itoa(w.Ended), "still", itoa(w.Still), "median", v.daysRow(w.Median), "p90", v.daysRow(w.P90))
}

func (v *visit) replies(d *desk.Dashboard) (DashboardSection, error) {
	s := DashboardSection{Heading: v.t("page.stat.dash.replies")}
	var labels []string
	var values []int64
	for _, r := range d.Replies {
		side := v.authority(r.Side)
		s.Words = append(s.Words, side+": "+v.waitingRows(r.Waiting)+" "+v.t("page.stat.dash.deemed", "count", itoa(r.Deemed)))
		labels, values = append(labels, side), append(values, int64(r.Waiting.Median.N))
	}
	return v.chart(s, "replies", v.t("page.stat.dash.median"), labels, values)
}

func (v *visit) consents(d *desk.Dashboard) (DashboardSection, error) {
	s := DashboardSection{Heading: v.t("page.stat.dash.consent"), Words: []string{v.waitingRows(d.Consent)}}
	return v.tally(s, "consent", v.t("page.stat.dash.people"), d.Alerts, "page.stat.dash.days-range.")
}

func (v *visit) attempts(d *desk.Dashboard) (DashboardSection, error) {
	s := DashboardSection{Heading: v.t("page.stat.dash.attempts"), Words: []string{v.t("page.stat.dash.attempts.text", "count", itoa(d.Attempts.N), "other", v.share(d.Attempts.Other))}}
	return v.tally(s, "attempts", v.t("page.stat.number"), d.Attempts.ByReason, "case.code.end.")
}

func (v *visit) bookings(d *desk.Dashboard) (DashboardSection, error) {
	c := d.Cancellations
	s := DashboardSection{Heading: v.t("page.stat.dash.bookings"), Words: []string{v.t("page.stat.dash.bookings.text", "booked", itoa(c.Booked), "cancelled", itoa(c.Cancelled), "returned", itoa(c.Returned), "seats", v.ratio(c.SeatsPerReturn))}}
	for _, r := range c.ByReason {
		s.Words = append(s.Words, v.code("end", r.Code)+": "+itoa(r.N))
	}
	return v.tally(s, "bookings", v.t("page.stat.number"), c.ByDaysBefore, "page.stat.dash.before.")
}

func (v *visit) documents(d *desk.Dashboard) (DashboardSection, error) {
	s := DashboardSection{Heading: v.t("page.stat.dash.documents"), Words: []string{v.t("page.stat.dash.documents.text", "count", itoa(d.Documents.Unused), "live", itoa(d.Documents.Live))}}
	return v.tally(s, "documents", v.t("page.stat.number"), d.Documents.ByAge, "page.stat.dash.age.")
}

func (v *visit) idle(d *desk.Dashboard) (DashboardSection, error) {
	i := d.Idle
	s := DashboardSection{Heading: v.t("page.stat.dash.idle")}
	labels := []string{v.t("page.stat.dash.idle.open"), v.t("page.stat.dash.idle.idle"), v.t("page.stat.dash.idle.overdue"), v.t("page.stat.dash.idle.nobody"), v.t("page.stat.dash.idle.no-limit")}
	return v.chart(s, "idle", v.t("page.stat.dash.cases"), labels, []int64{int64(i.Open), int64(i.Idle), int64(i.Overdue), int64(i.NoOwner), int64(i.NoDue)})
}

func (v *visit) barriers(d *desk.Dashboard) (DashboardSection, error) {
	return DashboardSection{Heading: v.t("page.stat.dash.lead"), Words: []string{v.waitingRows(d.Lead.Waiting), v.t("page.stat.dash.lead.late", "count", itoa(d.Lead.LateKnowable)), v.t("page.stat.dash.retyped")}}, nil
}

// cohorts show of the people met on each route how many the other state was asked about, and what came of it; the
// places stand in the table.
func (v *visit) cohorts(d *desk.Dashboard) (DashboardSection, error) {
	s := DashboardSection{Heading: v.t("page.stat.dash.cohorts"), Words: []string{v.t("page.stat.dash.cohorts.text")}}
	var labels []string
	var values []int64
	heads := []string{v.t("page.stat.dash.cohorts.where")}
	for _, column := range []string{"met", "asked", "confirmed", "refused", "silent", "returned", "waiting"} {
		heads = append(heads, v.t("page.stat.dash.cohorts."+column))
	}
	table := component.Table{Caption: v.t("page.stat.dash.cohorts"), CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Classes: "cs-table"}
	for i, h := range heads {
		table.Head = append(table.Head, component.TableCell{Text: h, Format: map[bool]string{true: "numeric"}[i > 0]})
	}
	for _, c := range d.Cohorts {
		where := v.code("encounter", c.Route)
		if n := len(labels); n > 0 && labels[n-1] == where {
			values[n-1] += int64(c.Met)
		} else {
			labels, values = append(labels, where), append(values, int64(c.Met))
		}
		if c.Place != "" {
			where += ", " + c.Place
		}
		row := []component.TableCell{{Text: where}}
		for i, n := range []int{c.Met, c.Asked, c.Confirmed, c.Refused, c.Silent, c.Returned, c.Waiting} {
			row = append(row, component.TableCell{Text: itoa(n), Format: "numeric", Attributes: component.Attrs{"data-heading": heads[i+1]}})
		}
		table.Rows = append(table.Rows, row)
	}
	if len(labels) == 0 {
		return s, nil
	}
	s, err := v.chart(s, "cohorts", v.t("page.stat.dash.cohorts.met"), labels, values)
	s.Table = &table
	return s, err
}

func (v *visit) share(r *big.Rat) string {
	if r == nil {
		return "[z]"
	}
	return statistics.Percent(r, 1) + " %"
}

func (v *visit) ratio(r *big.Rat) string {
	if r == nil {
		return "[z]"
	}
	return r.FloatString(1)
}

// tally shows counts under codes; a code without a word of its own stands as it is.
func (v *visit) tally(s DashboardSection, id, unit string, all []timeliness.Tally, prefix string) (DashboardSection, error) {
	var labels []string
	var values []int64
	for _, t := range all {
		label := t.Code
		if key := prefix + slug(t.Code); v.words.Has(key) {
			label = v.t(key)
		}
		labels, values = append(labels, label), append(values, int64(t.N))
	}
	return v.chart(s, id, unit, labels, values)
}

func slug(code string) string {
	out := []rune(code)
	for i, r := range out {
		switch r {
		case ' ':
			out[i] = '-'
		case '+':
			out[i] = 'x'
		}
	}
	return string(out)
}

func (v *visit) chart(s DashboardSection, id, unit string, labels []string, values []int64) (DashboardSection, error) {
	if len(labels) == 0 {
		return s, nil
	}
	svg, table, err := v.bars("dash-"+id, s.Heading, unit, labels, values)
	s.Chart, s.Table = svg, &table
	return s, err
}
