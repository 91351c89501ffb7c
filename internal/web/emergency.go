package web

import (
	"net/http"
	"time"

	"countersign/internal/act"
	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/internal/web/component"
)

// purposeEmergency lets a caseworker read a colleague's case at once; a supervisor sees that it happened.
const purposeEmergency = "purpose.emergency"

// emergencyFor is how long one statement of an emergency serves.
const emergencyFor = time.Hour

// EmergencyPage asks before a colleague's case is opened.
type EmergencyPage struct {
	Layout
	Stop component.Interruption
}

// look opens a case. A caseworker who stated an emergency reads a colleague's case for an hour.
func (v *visit) look(id act.ID) (desk.CaseView, error) {
	who := v.who
	if m := v.Sessions.Kept(v.ctx(), "emergency/"+string(id)); m != nil {
		if until, err := time.Parse(time.RFC3339, m["until"]); err == nil && v.Desk.Clock().Before(until) {
			who = who.For(purposeEmergency)
		}
	}
	return v.Desk.ViewCase(v.ctx(), who, id)
}

// refusedLook offers the emergency to those who have it, and else gives the refusal back.
func (v *visit) refusedLook(id act.ID, err error) error {
	if fault.KindOf(err) != fault.Denied || !owns(v.who.Officer.Role) {
		return err
	}
	p := &EmergencyPage{Layout: v.layout(v.t("page.emergency.title"))}
	p.Reference, p.URL = desk.Reference(id), casePath(id)
	p.Stop = component.Interruption{Words: v.words, Act: v.t("page.emergency.button"), Title: v.t("page.emergency.title"), Text: v.t("page.emergency.text"),
		Action: casePath(id, "emergency"), Cancel: "/cases"}
	return v.renderAs(http.StatusForbidden, "emergency", p)
}

func emergency(v *visit) error {
	id := v.id("id")
	if !owns(v.who.Officer.Role) {
		return fault.New(fault.Denied, "fault.access.denied", "action", "view-case", "role", v.who.Officer.Role)
	}
	v.Sessions.Keep(v.ctx(), "emergency/"+string(id), map[string]string{"until": v.Desk.Clock().Add(emergencyFor).UTC().Format(time.RFC3339)})
	return v.to(casePath(id))
}
