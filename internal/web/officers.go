package web

import (
	"net/http"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/internal/web/component"
	"countersign/internal/web/form"
)

// OfficersPage is the roster of both states, and the changes that wait for a second officer.
type OfficersPage struct {
	Layout
	Own, Peer component.Table
	Waiting   []RosterLine
	MayAsk    bool
	Form      *form.Form
	Fields    []form.Field
	EndForm   *form.Form
	EndFields []form.Field
}

// RosterLine is a proposed change.
type RosterLine struct {
	ID, Text, By string
	May          bool
}

type rosterForms struct {
	enter, end    *form.Form
	name, reason  *form.Text
	role, officer *form.Pick
	until         *form.Date
}

func (v *visit) rosterForms() *rosterForms {
	f := &rosterForms{
		name:    &form.Text{Base: form.Base{Name: "name", Label: "page.roster.name"}, Max: 100, Width: "govuk-!-width-two-thirds"},
		role:    &form.Pick{Base: form.Base{Name: "role", Label: "page.roster.role"}, Options: keyed("role.", desk.Roles)},
		until:   &form.Date{Base: form.Base{Name: "until", Label: "page.roster.until", Optional: true}, Earliest: v.now()},
		officer: &form.Pick{Base: form.Base{Name: "officer", Label: "page.roster.officer"}, Options: v.colleagues()},
		reason:  &form.Text{Base: form.Base{Name: "why", Label: "page.field.why"}, Width: "govuk-!-width-two-thirds"},
	}
	f.enter, f.end = form.New(f.name, f.role, f.until), form.New(f.officer, f.reason)
	return f
}

func officersPage(v *visit) error { return v.showOfficers(http.StatusOK, v.rosterForms()) }

func (v *visit) showOfficers(status int, f *rosterForms) error {
	changes, err := v.Desk.RosterChanges(v.ctx(), v.who)
	if err != nil {
		return err
	}
	names, err := v.Desk.Names()
	if err != nil {
		return err
	}
	p := &OfficersPage{Layout: v.layout(v.t("page.roster.title")), MayAsk: v.Desk.May(v.who, "enter-officer"), Form: f.enter, Fields: f.enter.Fields, EndForm: f.end, EndFields: f.end.Fields}
	p.Invalid, p.URL = f.enter.Invalid() || f.end.Invalid(), "/officers"
	if p.Own, err = v.rosterTable(v.Desk.Authority); err != nil {
		return err
	}
	if p.Peer, err = v.rosterTable(v.Desk.Peer.Authority); err != nil {
		return err
	}
	for _, c := range changes {
		if c.Done {
			continue
		}
		line := RosterLine{ID: string(c.ID), By: v.t("page.roster.by", "officer", v.officer(names, c.By.ID), "moment", v.moment(c.At)),
			May: v.Desk.May(v.who, "confirm-roster-change") && c.By.ID != v.who.Officer.ID}
		if c.Body.Officer != "" {
			line.Text = v.t("page.roster.ends", "officer", v.officer(names, c.Body.Officer), "why", c.Body.Reason)
		} else {
			line.Text = v.t("page.roster.enters", "officer", c.Body.Name, "role", v.role(c.Body.Role))
		}
		p.Waiting = append(p.Waiting, line)
	}
	return v.renderAs(status, "officers", p)
}

// rosterTable lists the officers of an authority who count now.
func (v *visit) rosterTable(authority string) (component.Table, error) {
	roster, err := v.Desk.Officers(authority)
	if err != nil {
		return component.Table{}, err
	}
	var all []act.Signer
	for _, s := range roster {
		if s.Role != "node" && s.Role != "root" && s.Ended == 0 {
			all = append(all, s)
		}
	}
	sortWords(v, all, func(s act.Signer) string { return s.Name })
	t := component.Table{Caption: v.t("page.authority." + authority), CaptionClasses: "govuk-table__caption--m", FirstCellIsHeader: true, Classes: "cs-table"}
	for _, key := range []string{"page.roster.name", "page.roster.role", "page.roster.until"} {
		t.Head = append(t.Head, component.TableCell{Text: v.t(key)})
	}
	for _, s := range all {
		until := v.t("page.roster.open")
		if s.Until != "" {
			until = v.words.Day(s.Until)
		}
		t.Rows = append(t.Rows, []component.TableCell{{Text: s.Name}, {Text: v.role(s.Role), Attributes: component.Attrs{"data-heading": v.t("page.roster.role")}},
			{Text: until, Attributes: component.Attrs{"data-heading": v.t("page.roster.until")}}})
	}
	return t, nil
}

// proposeOfficer takes one of the two forms; the button says which.
func proposeOfficer(v *visit) error {
	f := v.rosterForms()
	asked, what := f.enter, domestic.RosterProposal{}
	if v.r.PathValue("what") == "end" {
		asked = f.end
	}
	if err := asked.Read(v.w, v.r); err != nil {
		return err
	}
	if !asked.Valid() {
		return v.showOfficers(statusOfForm(asked), f)
	}
	if asked == f.end {
		what.Officer, what.Reason = act.ID(f.officer.Value), f.reason.Value
	} else {
		what.Name, what.Role, what.Until = f.name.Value, f.role.Value, f.until.Value()
	}
	err := v.Desk.ProposeRosterChange(v.ctx(), v.who, what)
	if fault.KindOf(err) == fault.Invalid {
		spoken := v.spoken(err)
		asked.Fail(nil, &form.Message{Key: fault.KeyOf(spoken), Args: fault.ArgsOf(spoken)})
		return v.showOfficers(http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	v.say("page.roster.proposed")
	return v.to("/officers")
}

func answerOfficer(v *visit) error {
	values, err := v.posted()
	if err != nil {
		return err
	}
	confirm := values.Get("answer") == "confirm"
	if err := v.Desk.AnswerRosterChange(v.ctx(), v.who, act.ID(values.Get("change")), confirm); err != nil {
		return err
	}
	if confirm {
		v.say("page.roster.confirmed")
	} else {
		v.say("page.roster.dropped")
	}
	return v.to("/officers")
}
