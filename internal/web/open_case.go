package web

import (
	"net/http"
	"strings"
	"time"

	"countersign/internal/act/domestic"
	"countersign/internal/casework"
	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/internal/person"
	"countersign/internal/web/component"
	"countersign/internal/web/form"
)

// OpenPage opens a case for somebody who was searched for first.
type OpenPage struct {
	Layout
	Form    *form.Form
	Fields  []form.Field
	Action  string
	Similar *component.WorkList // people already known who look alike
	Hidden  []component.HiddenInput
	Button  component.Button
}

// opening is the form of a new case.
type opening struct {
	*asker
	form *form.Form
	read func() domestic.CaseOpening
}

func (v *visit) opening(known person.Particulars) *opening {
	o := &opening{asker: &asker{visit: v, act: "open-case"}}
	a := o.asker
	var routes []form.Option
	for _, r := range casework.Routes {
		routes = append(routes, form.Option{Value: string(r), Label: "case.route." + string(r), Hint: "page.route-hint." + string(r)})
	}
	route := a.choose("route", routes, false)
	person := a.particulars(known)
	alone := a.tick("unaccompanied")
	part := func() string { return v.Desk.Law.Parts[0] }
	if len(v.Desk.Law.Parts) > 1 {
		part = a.choose("part", keyed("treaty.part.", v.Desk.Law.Parts), false)
	}
	destination := a.country("destination", "ALB", false)
	encounter := a.one("encounter", "encounter", casework.EncounterRoutes)
	place := a.line("encounter-place", true)
	on := a.date("encounter-date", false, time.Time{}, v.now())
	o.form = form.New(a.fields...)
	o.read = func() domestic.CaseOpening {
		c := domestic.CaseOpening{Route: route(), Part: part(), Person: person(), Destination: destination(), Unaccompanied: alone(),
			Encounter: domestic.Encounter{Route: encounter(), Place: place(), Date: on()}}
		if casework.Route(c.Route).TouchesPeer() {
			c.Agreement, c.Peer = v.Desk.Agreement.ID, v.Desk.Peer.Authority
		}
		return c
	}
	return o
}

func (o *opening) page() *OpenPage {
	p := &OpenPage{Layout: o.layout(o.t("page.do.open-case")), Form: o.form, Fields: o.fields, Action: "/cases/new", Button: component.Button{Text: o.t("page.do.open-case")}}
	p.Invalid, p.URL, p.Layout.Form = o.form.Invalid(), "/cases/new", "open"
	p.Back = &component.BackLink{Href: "/search"}
	return p
}

// openPage begins with what was searched for. Without a search there is nothing to begin with.
func openPage(v *visit) error {
	if !v.Desk.May(v.who, "open-case") {
		return fault.New(fault.Denied, "fault.access.denied", "action", "open-case", "role", v.who.Officer.Role)
	}
	asked, ok := v.kept(v.r.URL.Query().Get("search"))
	if !ok {
		return v.to("/search")
	}
	return v.render("open_case", v.opening(particularsOf(asked)).page())
}

// openCase opens the case, unless somebody known here looks alike and the officer has not said that this is
// another person.
func openCase(v *visit) error {
	o := v.opening(person.Particulars{})
	if err := o.form.Read(v.w, v.r); err != nil {
		return err
	}
	if lang := o.form.Switched(); lang != "" {
		v.switchTo(lang)
		again := v.opening(person.Particulars{})
		if err := again.form.Read(v.w, v.r); err != nil {
			return err
		}
		return v.render("open_case", again.page())
	}
	if !o.form.Valid() {
		return v.renderAs(http.StatusUnprocessableEntity, "open_case", o.page())
	}
	body := o.read()
	if v.r.PostForm.Get("another") != "yes" {
		similar, err := v.similar(body.Person)
		if err != nil {
			return err
		}
		if similar != nil {
			p := o.page()
			p.Similar, p.Hidden = similar, []component.HiddenInput{{Name: "another", Value: "yes"}}
			p.Button.Text = v.t("page.open.another")
			return v.renderAs(http.StatusConflict, "open_case", p)
		}
	}
	id, err := v.Desk.OpenCase(v.ctx(), v.who, body)
	if err != nil {
		if fault.KindOf(err) == "" {
			return err
		}
		d := &draft{asker: o.asker}
		spoken := v.spoken(err)
		o.form.Fail(d.fieldOf(fault.ArgsOf(err)["field"]), &form.Message{Key: fault.KeyOf(spoken), Args: fault.ArgsOf(spoken)})
		return v.renderAs(StatusOf(err), "open_case", o.page())
	}
	v.say("page.open.done")
	return v.to(casePath(id))
}

// similar are people with the same names and year of birth, however they are written.
func (v *visit) similar(p person.Particulars) (*component.WorkList, error) {
	birth := p.Birth.String()
	lines, err := v.Desk.FindPeople(v.ctx(), v.who, desk.Search{Name: p.Main().String(), Birth: birth[:min(4, len(birth))]})
	if err != nil || len(lines) == 0 {
		return nil, err
	}
	w := &component.WorkList{Words: v.words, Caption: v.t("page.search.results"), Total: len(lines), Page: 1}
	return w, v.rows(w, lines)
}

// splitName takes the last word as the family name; the officer sees and can change it.
func splitName(s string) (given, family string) {
	words := strings.Fields(s)
	if len(words) == 0 {
		return "", ""
	}
	return strings.Join(words[:len(words)-1], " "), words[len(words)-1]
}
