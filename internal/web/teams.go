package web

import (
	"net/http"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/fault"
	"countersign/internal/store"
	"countersign/internal/web/component"
	"countersign/internal/web/form"
)

// TeamsPage is the teams of this authority. Who is in a team works on the cases of its members; so a second officer
// confirms each change, as with the roster.
type TeamsPage struct {
	Layout
	Teams  component.Table
	Any    bool
	Form   *form.Form
	Fields []form.Field
	MayAsk bool
}

type teamForm struct {
	*form.Form
	team    *form.Pick
	name    *form.Text
	members *form.Choices
}

// newTeam is a choice that is no team yet.
const newTeam = "new"

func (v *visit) teamForm(teams []store.Team) *teamForm {
	f := &teamForm{team: &form.Pick{Base: form.Base{Name: "team", Label: "office.team.which"}, Value: newTeam, Options: []form.Option{{Value: newTeam, Label: "office.team.new"}}},
		name:    &form.Text{Base: form.Base{Name: "team-name", Label: "office.team.name"}, Max: 100, Width: "govuk-!-width-two-thirds"},
		members: &form.Choices{Base: form.Base{Name: "members", Label: "office.team.members", Hint: "office.team.members.hint", Optional: true}, Options: v.colleagues()}}
	for _, t := range teams {
		f.team.Options = append(f.team.Options, form.Option{Value: string(t.ID), Text: t.Name})
	}
	chosen := v.r.URL.Query().Get("team")
	for _, t := range teams {
		if string(t.ID) == chosen {
			f.team.Value, f.name.Value = chosen, t.Name
			for _, m := range t.Members {
				f.members.Values = append(f.members.Values, string(m))
			}
		}
	}
	f.Form = form.New(f.team, f.name, f.members)
	return f
}

func teamsPage(v *visit) error {
	teams, err := v.Desk.Teams(v.ctx(), v.who)
	if err != nil {
		return err
	}
	return v.showTeams(http.StatusOK, teams, v.teamForm(teams))
}

func (v *visit) showTeams(status int, teams []store.Team, f *teamForm) error {
	names, err := v.Desk.Names()
	if err != nil {
		return err
	}
	p := &TeamsPage{Layout: v.layout(v.t("office.teams.title")), Any: len(teams) > 0, Form: f.Form, Fields: f.Fields, MayAsk: v.Desk.May(v.who, "set-team")}
	p.Back = &component.BackLink{Href: pathAdministration}
	p.Invalid, p.URL = f.Invalid(), pathTeams
	p.Teams = component.Table{Caption: v.t("office.teams.title"), CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Classes: "cs-table"}
	for _, key := range []string{"office.team.name", "office.team.members"} {
		p.Teams.Head = append(p.Teams.Head, component.TableCell{Text: v.t(key)})
	}
	for _, t := range teams {
		p.Teams.Rows = append(p.Teams.Rows, []component.TableCell{{Text: t.Name},
			{Text: v.names(names, t.Members), Attributes: component.Attrs{"data-heading": v.t("office.team.members")}}})
	}
	return v.renderAs(status, "teams", p)
}

// names lists officers, as words of the page's language are sorted.
func (v *visit) names(names map[act.ID]string, ids []act.ID) string {
	var all []string
	for _, id := range ids {
		all = append(all, v.officer(names, id))
	}
	sortWords(v, all, func(s string) string { return s })
	return v.words.List(all)
}

func proposeTeam(v *visit) error {
	teams, err := v.Desk.Teams(v.ctx(), v.who)
	if err != nil {
		return err
	}
	f := v.teamForm(teams)
	if err := f.Read(v.w, v.r); err != nil {
		return err
	}
	if lang := f.Switched(); lang != "" {
		v.switchTo(lang)
	}
	if !f.Valid() {
		return v.showTeams(statusOfForm(f.Form), teams, f)
	}
	team := domestic.Team{Name: f.name.Value}
	if f.team.Value != newTeam {
		team.ID = act.ID(f.team.Value)
	}
	for _, m := range f.members.Values {
		team.Members = append(team.Members, act.ID(m))
	}
	if err := v.Desk.ProposeRosterChange(v.ctx(), v.who, domestic.RosterProposal{Team: &team}); err != nil {
		spoken := v.spoken(err)
		field := map[string]form.Field{"fault.roster.team-name": f.name, "fault.case.needed": f.members}[fault.KeyOf(err)]
		if field == nil {
			return err
		}
		f.Fail(field, &form.Message{Key: fault.KeyOf(spoken), Args: fault.ArgsOf(spoken)})
		return v.showTeams(http.StatusUnprocessableEntity, teams, f)
	}
	v.say("page.roster.proposed")
	return v.to("/officers")
}
