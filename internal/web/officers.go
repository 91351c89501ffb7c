package web

import (
	"net/http"
	"slices"

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
	Root      []string // decided, and waiting for the root key that is kept away
	MayAsk    bool
	Form      *form.Form
	Fields    []form.Field
	EndForm   *form.Form
	EndFields []form.Field

	SignIns    component.Table // who signed in at the provider and is no officer yet
	AnySignIn  bool
	BindForm   *form.Form
	BindFields []form.Field
}

// RosterLine is a proposed change.
type RosterLine struct {
	ID, Text, By string
	May          bool
}

type rosterForms struct {
	enter, end, bind *form.Form
	name, reason     *form.Text
	role, officer    *form.Pick
	until            *form.Date
	identity         *form.Pick // of a new officer
	waiting, bound   *form.Pick
	people           []desk.Waiting
}

func (v *visit) rosterForms() (*rosterForms, error) {
	people, err := v.Desk.WaitingSignIns(v.ctx(), v.who)
	if err != nil {
		return nil, err
	}
	var waiting []form.Option
	for _, w := range people {
		waiting = append(waiting, form.Option{Value: w.Key, Text: w.Reference + " · " + w.Name})
	}
	f := &rosterForms{people: people,
		identity: &form.Pick{Base: form.Base{Name: "identity", Label: "office.identity", Hint: "office.identity.hint", Optional: true}, Options: waiting},
		waiting:  &form.Pick{Base: form.Base{Name: "waiting", Label: "office.identity"}, Options: waiting},
		bound:    &form.Pick{Base: form.Base{Name: "bound", Label: "page.roster.officer"}, Options: append(v.colleagues(), v.expected()...)},

		name:    &form.Text{Base: form.Base{Name: "name", Label: "page.roster.name"}, Max: 100, Width: "govuk-!-width-two-thirds"},
		role:    &form.Pick{Base: form.Base{Name: "role", Label: "page.roster.role"}, Options: keyed("role.", desk.Roles)},
		until:   &form.Date{Base: form.Base{Name: "until", Label: "page.roster.until", Optional: true}, Earliest: v.now()},
		officer: &form.Pick{Base: form.Base{Name: "officer", Label: "page.roster.officer"}, Options: v.colleagues()},
		reason:  &form.Text{Base: form.Base{Name: "why", Label: "page.field.why"}, Width: "govuk-!-width-two-thirds"},
	}
	f.enter, f.end, f.bind = form.New(f.name, f.role, f.until), form.New(f.officer, f.reason), form.New(f.waiting, f.bound)
	if len(people) > 0 {
		f.enter = form.New(f.name, f.role, f.until, f.identity)
	}
	return f, nil
}

// expected are officers of the other state who will be posted here: they need an identity before their first day.
func (v *visit) expected() []form.Option {
	names, err := v.Desk.Names()
	if err != nil {
		return nil // the question then lacks them, and a reload shows them
	}
	var all []form.Option
	for _, id := range v.Desk.Expected() {
		all = append(all, form.Option{Value: string(id), Text: v.t("page.sign-in.option", "name", v.officer(names, id), "role", v.role("posted-officer"))})
	}
	return slices.DeleteFunc(all, func(o form.Option) bool {
		return slices.ContainsFunc(v.colleagues("posted-officer"), func(x form.Option) bool { return x.Value == o.Value })
	})
}

// identityOf fills in the identity that was chosen among those who wait.
func (f *rosterForms) identityOf(key string, p *domestic.RosterProposal) {
	for _, w := range f.people {
		if w.Key == key {
			p.Issuer, p.Subject, p.Known = w.Issuer, w.Subject, w.Name
		}
	}
}

// signIns lists who waits, with the reference that the person reads out.
func (v *visit) signIns(people []desk.Waiting) component.Table {
	t := component.Table{Caption: v.t("office.waiting.title"), CaptionClasses: "govuk-table__caption--m", FirstCellIsHeader: true, Classes: "cs-table"}
	heads := []string{v.t("office.waiting.reference"), v.t("office.waiting.name"), v.t("office.waiting.issuer"), v.t("office.waiting.when")}
	for _, h := range heads {
		t.Head = append(t.Head, component.TableCell{Text: h})
	}
	for _, w := range people {
		var row []component.TableCell
		for i, text := range []string{w.Reference, w.Name, w.Issuer, v.moment(w.At)} {
			row = append(row, component.TableCell{Text: text, Attributes: component.Attrs{"data-heading": heads[i]}})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func officersPage(v *visit) error {
	f, err := v.rosterForms()
	if err != nil {
		return err
	}
	return v.showOfficers(http.StatusOK, f)
}

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
	p.Invalid, p.URL = f.enter.Invalid() || f.end.Invalid() || f.bind.Invalid(), "/officers"
	p.SignIns, p.AnySignIn, p.BindForm, p.BindFields = v.signIns(f.people), len(f.people) > 0, f.bind, f.bind.Fields
	if p.Own, err = v.rosterTable(v.Desk.Authority); err != nil {
		return err
	}
	if p.Peer, err = v.rosterTable(v.Desk.Peer.Authority); err != nil {
		return err
	}
	if p.Root, err = v.rootWaits(); err != nil {
		return err
	}
	for _, c := range changes {
		if c.Done {
			continue
		}
		line := RosterLine{ID: string(c.ID), By: v.t("page.roster.by", "officer", v.officer(names, c.By.ID), "moment", v.moment(c.At)),
			May: v.Desk.May(v.who, "confirm-roster-change") && c.By.ID != v.who.Officer.ID}
		line.Text = v.rosterChange(names, c.Body)
		p.Waiting = append(p.Waiting, line)
	}
	return v.renderAs(status, "officers", p)
}

// rootWaits says what is decided and waits for the root key.
func (v *visit) rootWaits() ([]string, error) {
	lines, err := v.Desk.RootLines()
	var all []string
	for _, l := range lines {
		all = append(all, l.Say(v.words.Map))
	}
	return all, err
}

// rosterChange says what a proposal is for.
func (v *visit) rosterChange(names map[act.ID]string, p domestic.RosterProposal) string {
	switch {
	case p.Team != nil && len(p.Team.Members) == 0:
		return v.t("office.team.closes", "team", p.Team.Name)
	case p.Team != nil:
		return v.t("office.team.sets", "team", p.Team.Name, "officers", v.names(names, p.Team.Members))
	case p.Officer != "" && p.Subject != "":
		return v.t("office.identity.binds", "officer", v.officer(names, p.Officer), "known", p.Known, "issuer", p.Issuer)
	case p.Officer != "":
		return v.t("page.roster.ends", "officer", v.officer(names, p.Officer), "why", p.Reason)
	case p.Subject != "":
		return v.t("office.identity.enters", "officer", p.Name, "role", v.role(p.Role), "known", p.Known, "issuer", p.Issuer)
	}
	return v.t("page.roster.enters", "officer", p.Name, "role", v.role(p.Role))
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

// proposeOfficer takes one of the forms; the address says which.
func proposeOfficer(v *visit) error {
	f, err := v.rosterForms()
	if err != nil {
		return err
	}
	asked, what := f.enter, domestic.RosterProposal{}
	switch v.r.PathValue("what") {
	case "end":
		asked = f.end
	case "bind":
		asked = f.bind
	}
	if err := asked.Read(v.w, v.r); err != nil {
		return err
	}
	if !asked.Valid() {
		return v.showOfficers(statusOfForm(asked), f)
	}
	switch asked {
	case f.end:
		what.Officer, what.Reason = act.ID(f.officer.Value), f.reason.Value
	case f.bind:
		what.Officer = act.ID(f.bound.Value)
		f.identityOf(f.waiting.Value, &what)
	default:
		what.Name, what.Role, what.Until = f.name.Value, f.role.Value, f.until.Value()
		f.identityOf(f.identity.Value, &what)
	}
	err = v.Desk.ProposeRosterChange(v.ctx(), v.who, what)
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
	if confirm && v.mustProve() {
		return v.prove("/officers/answer", values)
	}
	if err := v.Desk.AnswerRosterChange(v.ctx(), v.who, act.ID(values.Get("change")), confirm); err != nil {
		return err
	}
	waits, err := v.Desk.RootLines()
	if err != nil {
		return err
	}
	if confirm && len(waits) > 0 {
		v.say("page.roster.confirmed-root")
	} else if confirm {
		v.say("page.roster.confirmed")
	} else {
		v.say("page.roster.dropped")
	}
	return v.to("/officers")
}
