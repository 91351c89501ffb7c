package web

import (
	"net/http"
	"strings"

	"countersign/internal/act"
	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/internal/web/component"
)

// ProofPage is one act with its times, and the file that proves it to somebody who trusts neither state.
type ProofPage struct {
	Layout
	Bar    component.IdentityBar
	Facts  component.SummaryList
	Action string
	May    bool // a proof can be made: the other state has countersigned
	Joint  bool
}

func (v *visit) actOf(id, event act.ID) (desk.CaseView, act.Event, error) {
	view, err := v.Desk.ViewCase(v.ctx(), v.who, id)
	if err != nil {
		return view, act.Event{}, err
	}
	for _, e := range view.Events {
		if e.ID == event {
			return view, e, nil
		}
	}
	return view, act.Event{}, fault.New(fault.Missing, "page.fault.no-act")
}

func proofPage(v *visit) error {
	id := v.id("id")
	view, e, err := v.actOf(id, v.id("event"))
	if err != nil {
		return err
	}
	p := &ProofPage{Layout: v.layout(v.t("page.act." + string(e.Kind))), Bar: v.bar(view, false), Action: casePath(id, "acts", string(e.ID)), Joint: e.Scope == act.Joint}
	p.Reference = desk.Reference(id)
	p.Back = &component.BackLink{Href: casePath(id)}
	receipt := v.t("page.proof.no-receipt")
	if !e.Receipt.IsZero() {
		receipt = v.moment(e.Receipt)
	}
	by := []string{v.officer(view.Officers, e.Officer.ID), v.role(e.Officer.Role), v.authority(e.Officer.Authority)}
	if e.Officer.Role == desk.RoleNode {
		by = by[1:]
	}
	rows := []component.SummaryRow{v.fact("page.proof.by", strings.Join(by, ", ")),
		v.fact("page.proof.says", v.body(e.Body)), v.fact("page.proof.occurred", v.moment(e.Occurred)), v.fact("page.proof.made", v.moment(e.Made)),
		v.fact("page.proof.recorded", v.moment(e.Recorded))}
	if p.Joint {
		rows = append(rows, v.fact("page.proof.receipt", receipt))
	}
	rows = append(rows, v.fact("page.proof.position", itoa(int(e.Index))), v.fact("page.proof.id", string(e.ID)))
	for _, r := range rows {
		if r.Value.Text != "" {
			p.Facts.Rows = append(p.Facts.Rows, r)
		}
	}
	countersigned := e.Officer.Authority != v.Desk.Authority || !e.Receipt.IsZero()
	p.May = p.Joint && countersigned && v.Desk.May(v.who, "evidence")
	return v.render("act_proof", p)
}

// proof hands out the bundle. Making it is a disclosure and is recorded as one.
func proof(v *visit) error {
	if _, _, err := v.actOf(v.id("id"), v.id("event")); err != nil {
		return err
	}
	b, err := v.Desk.Evidence(v.ctx(), v.who, v.id("event"), "*")
	if err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "application/json")
	v.w.Header().Set("Content-Disposition", `attachment; filename="evidence-`+desk.Reference(v.id("event"))+`.json"`)
	v.w.WriteHeader(http.StatusOK)
	_, err = v.w.Write(b)
	return err
}
