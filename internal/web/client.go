package web

import (
	"net/http"

	"countersign/internal/act"
	"countersign/internal/casework"
	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/internal/web/component"
	"countersign/internal/web/form"
)

// ClientsPage lists the cases that a representative is admitted to.
type ClientsPage struct {
	Layout
	Lines []ActLink
}

func clientsPage(v *visit) error {
	if v.who.Officer.Role != desk.RoleCounsel {
		return fault.New(fault.Denied, "fault.access.denied", "action", "view-case", "role", v.who.Officer.Role)
	}
	lines, err := v.Desk.Clients(v.ctx(), v.who)
	if err != nil {
		return err
	}
	p := &ClientsPage{Layout: v.layout(v.t("page.clients.title"))}
	for _, l := range lines {
		p.Lines = append(p.Lines, ActLink{Text: l.Name, Href: "/clients/" + string(l.ID), Blocked: desk.Reference(l.ID)})
	}
	return v.render("clients", p)
}

// ClientPage is what an admitted representative sees: service, the notice clock, what stands against the next
// step, and the own requests to stop.
type ClientPage struct {
	Layout
	Bar    component.IdentityBar
	Next   component.Next
	Clock  component.Next
	Served []component.SummaryList
	Gates  component.Gates
	Stops  []StopLine
	Form   *form.Form
	Field  form.Field
	Action string
}

// StopLine is a request to stop and its answer.
type StopLine struct {
	ID, Text, When, Answer string
	Status                 component.Status
	Open                   bool
}

func (v *visit) stops(all []desk.Stop) []StopLine {
	var lines []StopLine
	for _, s := range all {
		l := StopLine{ID: string(s.ID), Text: s.Reason, When: v.moment(s.At), Answer: s.Answer, Open: !s.Answered,
			Status: component.Status{Tone: component.Waiting, Text: v.t("page.stop-request.open")}}
		switch {
		case s.Answered && s.Stopped:
			l.Status = component.Status{Tone: component.Good, Text: v.t("page.stop-request.stopped")}
		case s.Answered:
			l.Status = component.Status{Tone: component.Bad, Text: v.t("page.stop-request.goes-on")}
		}
		lines = append(lines, l)
	}
	return lines
}

func (v *visit) stopForm() (*form.Form, *form.Long) {
	l := &form.Long{Base: form.Base{Name: "why", Label: "page.stop-request.why", Hint: "page.stop-request.hint"}, Max: 1000, Rows: 4}
	return form.New(l), l
}

func clientPage(v *visit) error {
	f, l := v.stopForm()
	return v.showClient(http.StatusOK, f, l)
}

func (v *visit) showClient(status int, f *form.Form, l *form.Long) error {
	id := v.id("id")
	c, err := v.Desk.ClientCase(v.ctx(), v.who, id)
	if err != nil {
		return err
	}
	view := desk.CaseView{State: c.State, Next: c.Next, Gates: map[casework.Step][]casework.Gate{c.Next.Step: c.Gates}}
	view.State.Owner = "" // who works on it is the authority's own matter
	p := &ClientPage{Layout: v.layout(v.t("page.client.title")), Bar: v.bar(view, false), Next: v.nextPiece(view), Gates: v.gateList(view, c.Next.Step, true),
		Stops: v.stops(c.Stops), Form: f, Field: l, Action: "/clients/" + string(id)}
	p.Reference, p.Invalid, p.URL, p.Layout.Form = desk.Reference(id), f.Invalid(), p.Action, "stop-form"
	p.Back = &component.BackLink{Href: "/clients"}
	p.Clock = v.clock(c.Notice)
	for i := len(c.State.Served) - 1; i >= 0; i-- {
		s := &c.State.Served[i]
		p.Served = append(p.Served, component.SummaryList{Card: &component.SummaryCard{Title: &component.CardTitle{Text: v.codes("paper", s.Papers), HeadingLevel: "3"}},
			Rows: []component.SummaryRow{v.fact("page.proof.occurred", v.moment(s.Service.At)), v.fact("page.field.to-whom", v.code("addressee", s.To)),
				v.fact("page.field.method", v.code("method", s.Method)), v.fact("page.field.language", v.language(s.Language))}})
	}
	return v.renderAs(status, "client", p)
}

// clock is the notice clock: from when, until when, and why.
func (v *visit) clock(n casework.Notice) component.Next {
	c := component.Next{Words: v.words, Today: v.now(), What: v.t("page.client.clock"), Who: v.authority(v.Desk.Authority), Note: v.t(orKey(n.Why, "case.gate.no-notice"))}
	if !n.End.IsZero() {
		c.Due = v.lastDay(n.End)
		c.Why = v.why(n.Term.Trace, n.End)
	}
	return c
}

func orKey(key, otherwise string) string {
	if key == "" {
		return otherwise
	}
	return key
}

func requestStop(v *visit) error {
	f, l := v.stopForm()
	if err := f.Read(v.w, v.r); err != nil {
		return err
	}
	if lang := f.Switched(); lang != "" {
		v.switchTo(lang)
		return v.showClient(http.StatusOK, f, l)
	}
	if !f.Valid() {
		return v.showClient(http.StatusUnprocessableEntity, f, l)
	}
	if err := v.Desk.RequestStop(v.ctx(), v.who, v.id("id"), l.Value); err != nil {
		return err
	}
	v.say("page.stop-request.sent")
	return v.to("/clients/" + string(v.id("id")))
}

// RepresentativePage is the officers' side: who is admitted to the case, and the requests to stop.
type RepresentativePage struct {
	Layout
	Bar      component.IdentityBar
	Admitted []ActLink
	Stops    []StopLine
	Form     *form.Form
	Field    form.Field
	MayAdmit bool
	Action   string
}

func representativePage(v *visit) error {
	id := v.id("id")
	view, err := v.Desk.ViewCase(v.ctx(), v.who, id)
	if err != nil {
		return err
	}
	pick := &form.Pick{Base: form.Base{Name: "officer", Label: "page.representative.who"}, Options: v.colleagues(desk.RoleCounsel)}
	p := &RepresentativePage{Layout: v.layout(v.t("page.representative.title")), Bar: v.bar(view, false), Stops: v.stops(desk.Stops(view.Events)),
		Form: form.New(pick), Field: pick, MayAdmit: v.Desk.May(v.who, "assign"), Action: casePath(id, "representative")}
	p.Reference, p.URL = desk.Reference(id), p.Action
	p.Back = &component.BackLink{Href: casePath(id)}
	for _, x := range desk.Admitted(view.Events) {
		p.Admitted = append(p.Admitted, ActLink{Text: v.officer(view.Officers, x), Href: string(x)})
	}
	return v.render("representative", p)
}

func representative(v *visit) error {
	values, err := v.posted()
	if err != nil {
		return err
	}
	id := v.id("id")
	switch values.Get("do") {
	case "admit", "end":
		err = v.Desk.Admit(v.ctx(), v.who, id, act.ID(values.Get("officer")), values.Get("do") == "admit")
	case "stopped", "goes-on":
		err = v.Desk.AnswerStop(v.ctx(), v.who, id, act.ID(values.Get("request")), values.Get("do") == "stopped", values.Get("why"))
	default:
		err = fault.New(fault.Invalid, "web.fault.request")
	}
	if err != nil {
		return err
	}
	v.say("page.done")
	return v.to(casePath(id, "representative"))
}
