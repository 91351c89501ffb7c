package web

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"countersign/internal/act/domestic"
	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/internal/statistics"
	"countersign/internal/statistics/press"
	"countersign/internal/web/component"
	"countersign/internal/web/form"
)

// PressPage checks a draft before it goes out: every number, what it was bound to, and what the edition says.
type PressPage struct {
	Layout
	Form     *form.Form
	Fields   []form.Field
	Verdict  *component.Status
	Heading  string
	Findings []PressLine
	Asides   string // numbers that state nothing
	May      bool   // go out as it is
	Watch    []string
	Links    []ActLink
}

// PressLine is one number, or one wording without a number.
type PressLine struct {
	Number   int
	Text     string
	Sentence string
	Status   component.Component
	Details  []string
	Cautions []string
	Bind     string // name of the field that binds it; empty: bound by markup
	Bound    string // as typed
	Hint     string
}

type pressForm struct {
	*form.Form
	text                    *form.Long
	format, series, edition *form.Pick
	date                    *form.Date
	accept                  *form.Choices
	document                *form.Text
}

func (v *visit) pressForm() *pressForm {
	f := &pressForm{
		text:     &form.Long{Base: form.Base{Name: "text", Label: "page.stat.press.text", Hint: "page.stat.press.hint"}, Max: 200_000, Rows: 10},
		format:   &form.Pick{Base: form.Base{Name: "format", Label: "page.stat.press.format"}, Value: "text", Options: keyed("page.stat.press.format.", []string{"text", "markdown", "html"})},
		series:   &form.Pick{Base: form.Base{Name: "series", Label: "page.stat.press.series"}, Value: "record", Options: keyed("release.series.", []string{"record", "quarterly", "live-systems"})},
		edition:  &form.Pick{Base: form.Base{Name: "edition", Label: "page.stat.press.edition"}},
		date:     &form.Date{Base: form.Base{Name: "date", Label: "page.stat.press.date", Hint: "page.stat.press.date.hint", Optional: true}},
		accept:   &form.Choices{Base: form.Base{Name: "accept", Label: "page.stat.press.accept", Optional: true, Unmarked: true}, Options: []form.Option{{Value: "yes", Label: "page.stat.press.accept.yes"}}},
		document: &form.Text{Base: form.Base{Name: "document", Label: "page.stat.press.document", Hint: "page.stat.press.document.hint", Optional: true}, Max: 100, Width: "govuk-!-width-two-thirds"},
	}
	days := append(slices.Clone(desk.EditionDays()), statistics.Day(2023, 4, 24), v.now())
	slices.SortFunc(days, func(a, b time.Time) int { return b.Compare(a) })
	for _, d := range days {
		f.edition.Options = append(f.edition.Options, form.Option{Value: d.Format(time.DateOnly), Text: v.words.Short(d)})
	}
	f.Form = form.New(f.text, f.format, f.series, f.edition, f.date, f.accept, f.document)
	return f
}

func pressPage(v *visit) error {
	f := v.pressForm()
	return v.showPress(http.StatusOK, f, nil, nil)
}

func (v *visit) showPress(status int, f *pressForm, report *press.Report, bound map[int]string) error {
	p := &PressPage{Layout: v.layout(v.t("page.stat.press")), Form: f.Form, Fields: f.Fields, Links: v.statisticsLinks("/statistics/press")}
	p.Invalid, p.URL = f.Invalid(), "/statistics/press"
	notices, err := v.Desk.Statements(v.ctx(), v.who)
	if err != nil {
		return err
	}
	for _, s := range notices {
		p.Watch = append(p.Watch, v.t("page.stat.press.registered", "document", s.Document, "edition", v.words.Day(s.Edition), "moment", v.moment(s.At)))
	}
	if report != nil {
		v.findings(p, report, bound)
	}
	return v.renderAs(status, "statistics_press", p)
}

// findings are shown with the verdict as a word and a shape, never by colour alone.
func (v *visit) findings(p *PressPage, r *press.Report, bound map[int]string) {
	good, all := 0, 0
	for _, f := range r.Findings {
		line := PressLine{Sentence: f.Text}
		if f.Statement != nil {
			all++
			if f.Verdict.Passes() {
				good++
			}
			line.Number, line.Text = all, f.Statement.Text
			line.Status = component.Status{Tone: verdictTone(f.Verdict), Text: v.t("press.verdict." + string(f.Verdict))}
			line.Details = v.pressDetails(f)
			if f.Statement.Markup == "" {
				line.Bind, line.Bound = "bind-"+itoa(all), bound[all]
			}
			if f.Suggestion != nil {
				line.Hint = f.Suggestion.String()
			}
		}
		for _, c := range f.Cautions {
			text := v.t("press.caution." + string(c))
			if c == press.Fragile && f.Band != "" {
				text += " (" + f.Band + ")"
			}
			line.Cautions = append(line.Cautions, text)
		}
		p.Findings = append(p.Findings, line)
	}
	var asides []string
	for _, x := range r.Asides {
		asides = append(asides, v.t("press.aside.one", "text", x.Text, "line", itoa(x.Line), "why", v.t("press.aside."+x.Why)))
	}
	if len(asides) > 0 {
		p.Asides = v.t("press.asides", "list", strings.Join(asides, ", "))
	}
	tone := component.Bad
	if good == all && all > 0 {
		tone, p.May = component.Good, true
	}
	p.Heading = v.t("press.title", "file", v.t("page.stat.press.draft"), "edition", v.edition(r.Edition))
	p.Verdict = &component.Status{Tone: tone, Text: v.t("press.sum", "good", itoa(good), "all", itoa(all))}
}

func verdictTone(verdict press.Verdict) component.Tone {
	switch verdict {
	case press.Match, press.MatchRounded:
		return component.Good
	case press.Stale, press.OtherSource:
		return component.Notice
	case press.Unchecked:
		return component.Unknown
	case press.Unpublished, press.Suppressed:
		return component.Waiting
	}
	return component.Bad
}

func (v *visit) edition(e statistics.Edition) string {
	return v.t("page.stat.edition", "series", v.t("release.series."+string(e.Series)), "day", v.words.Short(e.Published))
}

func (v *visit) pressDetails(f press.Finding) []string {
	var all []string
	lang := string(v.words.Lang)
	if f.Claim != nil {
		all = append(all, v.t("press.how."+strings.ReplaceAll(string(f.How), " ", "-"))+": "+f.Claim.String())
	}
	if f.Now != nil && f.Verdict != press.Match {
		all = append(all, v.t("press.now", "value", f.Show(f.Now, lang), "edition", v.edition(f.At)))
	}
	if !f.True.Published.IsZero() {
		all = append(all, v.t("press.true-of", "edition", v.edition(f.True)))
	}
	if f.Instead != "" {
		all = append(all, v.t("press.instead", "claim", f.Instead))
	}
	if s := f.Suggestion; s != nil {
		if s.Complete() {
			all = append(all, v.t("press.suggestion", "claim", s.String()))
		} else {
			var gaps []string
			for _, g := range s.Missing {
				key, word := press.Gap(g)
				gaps = append(gaps, v.t(key, "word", word))
			}
			all = append(all, v.t("press.cannot", "missing", strings.Join(gaps, "; ")), v.t("press.reads", "claim", s.String()))
		}
	}
	if f.Problem != nil {
		spoken := v.spoken(f.Problem)
		all = append(all, v.words.Map(fault.KeyOf(spoken), fault.ArgsOf(spoken)))
	}
	return all
}

// checkPress checks the draft; with a name for it and the second button it also registers the text.
func checkPress(v *visit) error {
	f := v.pressForm()
	if err := f.Read(v.w, v.r); err != nil {
		return err
	}
	if !f.Valid() {
		return v.showPress(statusOfForm(f.Form), f, nil, nil)
	}
	day, err := statistics.ParseDay(f.edition.Value)
	if err != nil {
		return err
	}
	var dated time.Time
	if f.date.Value() != "" {
		if dated, err = statistics.ParseDay(f.date.Value()); err != nil {
			f.Fault(f.date, v.spoken(err))
			return v.showPress(http.StatusUnprocessableEntity, f, nil, nil)
		}
	}
	bound, named := map[int]string{}, map[string]string{}
	for n := 1; n <= 500; n++ {
		if value := strings.TrimSpace(v.r.PostForm.Get("bind-" + itoa(n))); value != "" {
			bound[n], named[itoa(n)] = value, value
		}
	}
	accept := len(f.accept.Values) > 0
	report, err := v.Desk.CheckDraft(v.ctx(), v.who, press.Draft{Source: f.text.Value, Format: press.Format(f.format.Value), Date: dated},
		press.Options{Edition: statistics.Edition{Series: statistics.Series(f.series.Value), Published: day}, Accept: accept, Bindings: bound})
	if err != nil {
		if f.Fault(f.edition, v.spoken(err)) {
			return v.showPress(http.StatusUnprocessableEntity, f, nil, nil)
		}
		return err
	}
	if v.r.PostForm.Get("do") != "register" {
		return v.showPress(http.StatusOK, f, report, bound)
	}
	err = v.Desk.ReleaseStatement(v.ctx(), v.who, domestic.PressStatement{Document: f.document.Value, Text: f.text.Value, Format: f.format.Value,
		Series: f.series.Value, Edition: f.edition.Value, Accept: accept, Bindings: named, Date: f.date.Value()})
	if fault.KeyOf(err) == "fault.press.document" {
		f.Fault(f.document, v.spoken(err))
		return v.showPress(http.StatusUnprocessableEntity, f, report, bound)
	}
	if err != nil {
		return err
	}
	v.say("page.stat.press.done")
	return v.to("/statistics/press")
}
