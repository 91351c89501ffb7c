package web

import (
	"net/http"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/internal/web/component"
	"countersign/internal/web/form"
)

// emergencyFor is how long one statement of an emergency serves in a session; the desk holds it to the same.
const emergencyFor = time.Hour

// EmergencyPage asks before a colleague's case is opened: why, in the officer's own words.
type EmergencyPage struct {
	Layout
	Form   *form.Form
	Fields []form.Field
	Action string
	Cancel string
	Button component.Button
}

// look opens a case. A caseworker who stated an emergency reads a colleague's case for an hour.
func (v *visit) look(id act.ID) (desk.CaseView, error) {
	who := v.who
	if m := v.Sessions.Kept(v.ctx(), "emergency/"+string(id)); m != nil {
		if until, err := time.Parse(time.RFC3339, m["until"]); err == nil && v.Desk.Clock().Before(until) {
			who = who.For(desk.PurposeEmergency)
		}
	}
	return v.Desk.ViewCase(v.ctx(), who, id)
}

func emergencyForm() (*form.Form, *form.Long) {
	why := &form.Long{Base: form.Base{Name: "why", Label: "office.emergency.why", Hint: "office.emergency.why.hint"}, Rows: 3, Max: 1000}
	return form.New(why), why
}

// refusedLook offers the emergency to those who have it, and else gives the refusal back.
func (v *visit) refusedLook(id act.ID, err error) error {
	if fault.KindOf(err) != fault.Denied || !owns(v.who.Officer.Role) {
		return err
	}
	f, _ := emergencyForm()
	return v.askEmergency(http.StatusForbidden, id, f)
}

func (v *visit) askEmergency(status int, id act.ID, f *form.Form) error {
	p := &EmergencyPage{Layout: v.layout(v.t("page.emergency.title")), Form: f, Fields: f.Fields, Action: casePath(id, "emergency"), Cancel: "/cases",
		Button: component.Button{Text: v.t("page.emergency.button"), Classes: "govuk-button--warning"}}
	p.Reference, p.URL, p.Invalid = desk.Reference(id), casePath(id), f.Invalid()
	return v.renderAs(status, "emergency", p)
}

func emergency(v *visit) error {
	id := v.id("id")
	if !owns(v.who.Officer.Role) {
		return fault.New(fault.Denied, "fault.access.denied", "action", "view-case", "role", v.who.Officer.Role)
	}
	f, why := emergencyForm()
	if err := f.Read(v.w, v.r); err != nil {
		return err
	}
	if lang := f.Switched(); lang != "" {
		v.switchTo(lang)
	}
	if !f.Valid() {
		return v.askEmergency(statusOfForm(f), id, f)
	}
	if err := v.Desk.StateEmergency(v.ctx(), v.who, id, why.Value); err != nil {
		if f.Fault(why, v.spoken(err)) {
			return v.askEmergency(statusOfForm(f), id, f)
		}
		return err
	}
	v.Sessions.Keep(v.ctx(), "emergency/"+string(id), map[string]string{"until": v.Desk.Clock().Add(emergencyFor).UTC().Format(time.RFC3339)})
	return v.to(casePath(id))
}

// EmergencyLine is a stated emergency as its reviewer sees it.
type EmergencyLine struct {
	ID, Text, Reason, Found string
	May                     bool
}

// emergencies lists what was stated and what came of it.
func (v *visit) emergencies(names map[act.ID]string) ([]EmergencyLine, error) {
	all, err := v.Desk.Emergencies(v.ctx(), v.who)
	if err != nil {
		return nil, err
	}
	var lines []EmergencyLine
	for _, e := range all {
		l := EmergencyLine{ID: string(e.ID), Text: v.t("office.emergency.line", "officer", v.officer(names, e.By.ID), "role", v.role(e.By.Role), "moment", v.moment(e.At), "case", desk.Reference(e.Case)), Reason: e.Reason}
		if e.Review == nil {
			l.May = v.Desk.May(v.who, "review-emergency") && e.By.ID != v.who.Officer.ID && e.By.Role != v.who.Officer.Role
		} else {
			found := "office.emergency.not-justified"
			if e.Review.Justified {
				found = "office.emergency.justified"
			}
			l.Found = v.t("office.emergency.found", "found", v.t(found), "officer", v.officer(names, e.Reviewer.ID), "note", e.Review.Note)
		}
		lines = append(lines, l)
	}
	return lines, nil
}

func reviewEmergency(v *visit) error {
	values, err := v.posted()
	if err != nil {
		return err
	}
	review := domestic.EmergencyReview{Statement: act.ID(values.Get("statement")), Justified: values.Get("found") == "justified", Note: values.Get("note")}
	err = v.Desk.ReviewEmergency(v.ctx(), v.who, review)
	if fault.KeyOf(err) == "fault.emergency.reason" {
		return v.showLooks(http.StatusUnprocessableEntity, values.Get("statement"), values.Get("note"))
	}
	if err != nil {
		return err
	}
	v.say("office.emergency.reviewed")
	return v.to("/looks")
}
