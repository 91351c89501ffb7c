package web

import (
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"countersign/internal/border/criteria"
	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/internal/store"
	"countersign/internal/web/component"
	"countersign/internal/web/form"
)

// BorderPage is the crossing points as a supervisor sees them: measures and what they achieved, the fairness view,
// the state of the lists, and the register with the share that is covered. It shows nobody.
type BorderPage struct {
	Layout
	Intro  string
	Gaps   string // what is known to be missing from the register
	Facts  []component.SummaryList
	Tables []component.Table
	Forms  []*BorderForm
	Links  []ActLink
}

// BorderForm is one thing that the officer may do on a page of the crossing points.
type BorderForm struct {
	*form.Form
	Heading, Hint, Action, Button string
	Warning, File                 bool // the button warns; a file is sent
	Hidden                        map[string]string
}

// newBorderForm begins a form; its words are the catalogue's under one key.
func (v *visit) newBorderForm(key, action string, fields ...form.Field) *BorderForm {
	f := &BorderForm{Form: form.New(fields...), Heading: v.t(key), Button: v.t(key + ".button"), Action: action}
	if v.words.Has(key + ".hint") {
		f.Hint = v.t(key + ".hint")
	}
	return f
}

// takeBorder reads one form of a page, lets the desk act on it, and leads back; what the desk finds wrong is said above
// the form.
func (v *visit) takeBorder(f *BorderForm, again func(status int) error, do func() error, done, next string) error {
	if err := f.Read(v.w, v.r); err != nil {
		return err
	}
	if !f.Valid() {
		return again(statusOfForm(f.Form))
	}
	err := do()
	switch fault.KindOf(err) {
	case fault.Invalid, fault.Denied, fault.Conflict, fault.Late:
		spoken := v.spoken(err)
		f.Fail(nil, &form.Message{Key: fault.KeyOf(spoken), Args: fault.ArgsOf(spoken)})
		return again(http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	v.say(done)
	return v.to(next)
}

// borderRoutes are the pages of the crossing points. b opens the door to them; site.routes appends what this gives.
func borderRoutes(b *desk.Border) []route {
	if b == nil {
		return nil
	}
	in := func(p func(*visit, *desk.Border) error) page {
		return func(v *visit) error {
			v.who = v.who.For("purpose.border")
			return p(v, b)
		}
	}
	return []route{
		{Pattern: "GET /border", Page: in(borderPage)},
		{Pattern: "GET /border/measures/new", Page: in(newMeasurePage)},
		{Pattern: "POST /border/measures/new", Page: in(activateMeasure)},
		{Pattern: "POST /border/measures/{id}/{day}", Page: in(shareDay)},
		{Pattern: "GET /border/lanes", Page: in(lanesPage)},
		{Pattern: "POST /border/lanes/{what}", Page: in(doLane)},
		{Pattern: "GET /border/lists", Page: in(listsPage)},
		{Pattern: "POST /border/lists", Page: in(loadList)},
		{Pattern: "GET /border/checks", Page: in(checksPage)},
		{Pattern: "POST /border/checks", Page: in(openCheck)},
		{Pattern: "GET /border/checks/{id}", Page: in(checkPage)},
		{Pattern: "POST /border/checks/{id}/{what}", Page: in(doCheck)},
		{Pattern: "GET /border/measures/{id}/{day}", Page: in(borderDayPage)},
		{Pattern: "GET /border/explain", Page: in(borderExplainPage)},
	}
}

func borderPage(v *visit, b *desk.Border) error {
	p := &BorderPage{Layout: v.layout(v.t("page.border.title")), Links: v.borderLinks(b)}
	measures, err := b.Activations(v.who)
	if err != nil {
		return err
	}
	p.Tables = append(p.Tables, v.measureTable(b, measures))
	if lists, err := b.ListStatuses(v.who); err == nil {
		p.Tables = append(p.Tables, v.listTable(lists))
	} else if fault.KindOf(err) != fault.Denied { // statisticians see measures and no lists
		return err
	}
	register, covered, points, err := b.Register(v.who, v.now())
	if fault.KeyOf(err) == "fault.border.register" { // of this state no register is known
		p.Gaps = v.t("page.border.no-register")
		return v.render("border", p)
	}
	if err != nil {
		return err
	}
	if !register.Complete {
		p.Gaps = register.Gaps[v.words.Lang]
	}
	share := component.Table{Caption: v.t("page.border.covered"), CaptionClasses: "govuk-table__caption--m", FirstCellIsHeader: true, Head: v.borderHead("page.border.kind", "page.border.known", "page.border.in-use")}
	for _, c := range covered {
		share.Rows = append(share.Rows, borderRow(v.t("page.border.kind."+c.Kind), strconv.Itoa(c.Points), strconv.Itoa(c.Covered)))
	}
	all := component.Table{Caption: v.t("page.border.register"), CaptionClasses: "govuk-table__caption--m", FirstCellIsHeader: true, Head: v.borderHead("page.border.point", "page.border.kind", "page.border.measure-now")}
	for _, point := range register.Points {
		now := v.t("page.border.no")
		if slices.Contains(points, point.ID) {
			now = v.t("page.border.yes")
		}
		all.Rows = append(all.Rows, borderRow(point.Name, v.t("page.border.kind."+point.Kind), now))
	}
	p.Tables = append(p.Tables, share, all)
	return v.render("border", p)
}

func (v *visit) borderHead(keys ...string) []component.TableCell {
	var out []component.TableCell
	for _, k := range keys {
		out = append(out, component.TableCell{Text: v.t(k)})
	}
	return out
}

func borderRow(texts ...string) []component.TableCell {
	var out []component.TableCell
	for _, t := range texts {
		out = append(out, component.TableCell{Text: t})
	}
	return out
}

func (v *visit) measureTable(b *desk.Border, rows []store.MeasureRow) component.Table {
	t := component.Table{Caption: v.t("page.border.measures"), CaptionClasses: "govuk-table__caption--m", FirstCellIsHeader: true,
		Head: v.borderHead("page.border.rulebook", "page.border.from", "page.border.until", "page.border.points", "page.border.figures")}
	for _, m := range rows {
		book := v.bookName(b, m.Rulebook)
		day := min(m.Until.Unix(), v.now().Unix())
		cells := borderRow(book, v.words.Moment(m.From.In(v.zone)), v.words.Moment(m.Until.In(v.zone)), strconv.Itoa(len(m.Points)))
		cells = append(cells, component.TableCell{HTML: borderLink("/border/measures/"+string(m.Measure)+"/"+time.Unix(day, 0).In(v.zone).Format(time.DateOnly), v.t("page.border.day"))})
		t.Rows = append(t.Rows, cells)
	}
	return t
}

// borderLink is a link inside a cell.
func borderLink(href, text string) template.HTML {
	return template.HTML(`<a class="govuk-link" href="` + template.HTMLEscapeString(href) + `">` + template.HTMLEscapeString(text) + `</a>`)
}

// bookName is the title of a rulebook; the one that an act names may not be the one that is loaded now.
func (v *visit) bookName(b *desk.Border, ref string) string {
	id, _, _ := strings.Cut(ref, "@")
	for _, book := range slices.Concat(b.Books, b.Measures) {
		if book.ID == id {
			return book.Title[v.words.Lang]
		}
	}
	return id
}

func (v *visit) listTable(lists []desk.ListStatus) component.Table {
	t := component.Table{Caption: v.t("page.border.lists"), CaptionClasses: "govuk-table__caption--m", FirstCellIsHeader: true,
		Head: v.borderHead("page.border.list", "page.border.version", "page.border.alerts", "page.border.age", "page.border.state")}
	for _, l := range lists {
		state := "page.border.usable"
		if !l.Loaded {
			state = "page.border.not-loaded"
		} else if !l.Usable {
			state = "page.border.too-old"
		}
		t.Rows = append(t.Rows, borderRow(l.List, strconv.FormatInt(l.Version, 10), v.words.Number(int64(l.Count)), v.age(l.Age), v.t(state)))
	}
	return t
}

// age is how old a list is: in hours, which is how it is judged, and in days where nobody counts hours any more.
func (v *visit) age(d time.Duration) string {
	if d >= 48*time.Hour {
		return v.words.Count("page.border.days", int(d.Hours()/24))
	}
	return v.t("page.border.hours", "hours", v.words.Decimal(d.Hours(), 1))
}

// borderExplainPage lists every rule of every rulebook in force today with its legal basis, effect and what
// satisfies it: what an officer, a lawyer or a traveller can be shown. It is about no traveller.
func borderExplainPage(v *visit, b *desk.Border) error {
	if _, err := b.Activations(v.who); err != nil {
		return err
	}
	p := &BorderPage{Layout: v.layout(v.t("page.border.explain"))}
	p.Back = &component.BackLink{Href: "/border"}
	for _, book := range slices.Concat(b.Books, b.Measures) {
		t := component.Table{Caption: book.Title[v.words.Lang] + " (" + book.ID + "@" + book.Hash[:12] + ")", CaptionClasses: "govuk-table__caption--m", FirstCellIsHeader: true,
			Head: v.borderHead("page.border.rule", "page.border.effect", "page.border.basis", "page.border.satisfied")}
		for i := range book.Rules {
			r := &book.Rules[i]
			effect := v.t("border.effect." + string(r.Effect))
			if r.Mark == criteria.Mark("N") {
				effect = v.t("border.state.law-not-found")
			}
			t.Rows = append(t.Rows, borderRow(r.Reason[v.words.Lang], effect, r.LegalBasis+" ("+string(r.Mark)+")", r.SatisfiedBy[v.words.Lang]))
		}
		p.Tables = append(p.Tables, t)
	}
	return v.render("border", p)
}
