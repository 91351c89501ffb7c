package web

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/desk"
	"countersign/internal/web/component"
	"countersign/internal/web/form"
)

// measureForm puts a rulebook to work at crossing points, as part of a measure that both states agreed.
type measureForm struct {
	*BorderForm
	measure, book *form.Pick
	points        *form.Choices
	from, until   *form.Date
}

// measureForm is nil for officers who may not activate a measure.
func (v *visit) measureForm(b *desk.Border) (*measureForm, error) {
	f := &measureForm{}
	if !b.MayDo(v.who, "open-lane") || b.Points == nil {
		return f, nil
	}
	state, err := v.Desk.TaskForceState(v.ctx(), v.who.For(purpose(v.who.Officer.Role)), "view-measures")
	if err != nil {
		return nil, err
	}
	f.measure = &form.Pick{Base: form.Base{Name: "measure", Label: "page.border.measure"}}
	for _, m := range state.Measures {
		if s := string(m.StatusOn(v.today())); s == "agreed" || s == "in-force" {
			f.measure.Options = append(f.measure.Options, form.Option{Value: string(m.ID), Text: v.both(m.Terms().Title)})
		}
	}
	slices.SortFunc(f.measure.Options, func(a, b form.Option) int { return cmp.Compare(a.Text, b.Text) })
	f.book = &form.Pick{Base: form.Base{Name: "rulebook", Label: "page.border.rulebook"}}
	for _, book := range slices.Concat(b.Books, b.Measures) {
		if book.State == b.Authority {
			f.book.Options = append(f.book.Options, form.Option{Value: book.ID, Text: book.Title[v.words.Lang]})
		}
	}
	f.points = &form.Choices{Base: form.Base{Name: "points", Label: "page.border.points"}, Options: v.pointOptions(b)}
	f.from = &form.Date{Base: form.Base{Name: "from", Label: "page.border.from"}, Earliest: v.now().AddDate(0, 0, -1)}
	f.until = &form.Date{Base: form.Base{Name: "until", Label: "page.border.until"}, Earliest: v.now().AddDate(0, 0, -1)}
	f.BorderForm = v.newBorderForm("page.border.activate", "/border/measures/new", f.measure, f.book, f.points, f.from, f.until)
	return f, nil
}

func (v *visit) pointOptions(b *desk.Border) []form.Option {
	var all []form.Option
	if b.Points == nil {
		return nil
	}
	for _, p := range b.Points.Points {
		all = append(all, form.Option{Value: p.ID, Text: p.Name + " (" + v.t("page.border.kind."+p.Kind) + ")"})
	}
	sortWords(v, all, func(o form.Option) string { return o.Text })
	return all
}

func newMeasurePage(v *visit, b *desk.Border) error {
	f, err := v.measureForm(b)
	if err != nil {
		return err
	}
	return v.showNewMeasure(b, http.StatusOK, f)
}

func (v *visit) showNewMeasure(b *desk.Border, status int, f *measureForm) error {
	if f.BorderForm == nil { // the desk says why not
		return b.ActivateMeasure(v.ctx(), v.who, domestic.BorderMeasure{})
	}
	p := &BorderPage{Layout: v.layout(f.Heading), Intro: f.Hint}
	p.Back, p.URL = &component.BackLink{Href: "/border"}, "/border/measures/new"
	f.Hint = ""
	if len(f.measure.Options) == 0 {
		p.Intro += " " + v.t("page.border.activate.none")
		return v.renderAs(status, "border", p)
	}
	p.Forms, p.Invalid = append(p.Forms, f.BorderForm), f.Invalid()
	return v.renderAs(status, "border", p)
}

// activateMeasure: the last day of the period counts in full, at the crossing points' own midnight.
func activateMeasure(v *visit, b *desk.Border) error {
	f, err := v.measureForm(b)
	if err != nil {
		return err
	}
	if f.BorderForm == nil {
		return v.showNewMeasure(b, http.StatusOK, f)
	}
	return v.takeBorder(f.BorderForm, func(status int) error { return v.showNewMeasure(b, status, f) }, func() error {
		from, _ := f.from.Time(b.Zone)
		until, _ := f.until.Time(b.Zone)
		if now := b.Clock(); from.Before(now) {
			from = now
		}
		return b.ActivateMeasure(v.ctx(), v.who, domestic.BorderMeasure{Measure: act.ID(f.measure.Value), Rulebook: f.book.Value, Points: f.points.Values,
			From: from.UTC().Truncate(time.Second), Until: until.AddDate(0, 0, 1).UTC()})
	}, "page.border.activate.done", "/border")
}

// shareDay gives both states the totals of a day.
func shareDay(v *visit, b *desk.Border) error {
	id, day := v.id("id"), v.r.PathValue("day")
	if _, err := b.ShareCounts(v.ctx(), v.who, id, day); err != nil {
		return err
	}
	v.say("page.border.share.done")
	return v.to("/border/measures/" + string(id) + "/" + day)
}

// borderLinks lead to the pages that the officer's role has something to do on.
func (v *visit) borderLinks(b *desk.Border) []ActLink {
	var all []ActLink
	add := func(may bool, path, key string) {
		if may {
			all = append(all, ActLink{Href: path, Text: v.t(key)})
		}
	}
	add(b.MayDo(v.who, "open-lane") && b.Points != nil, "/border/measures/new", "page.border.activate")
	add(b.MayDo(v.who, "view-check"), "/border/checks", "page.border.checks")
	add(b.MayDo(v.who, "delegate-device"), "/border/lanes", "page.border.lanes")
	add(b.MayDo(v.who, "load-alerts"), "/border/lists", "page.border.load")
	add(true, "/border/explain", "page.border.explain")
	return all
}
