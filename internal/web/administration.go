package web

import (
	"time"

	"countersign/internal/act"
	"countersign/internal/desk"
	"countersign/internal/taskforce"
	"countersign/internal/web/component"
)

// AdministrationPage is what a new node still needs before officers can work, and where each is done. Nothing on it is
// about a person whose case is worked on.
type AdministrationPage struct {
	Layout
	Facts component.SummaryList
	Tasks component.TaskList
	Links []ActLink // what is kept up to date, and never done
}

func administrationRoutes() []route {
	return []route{
		{Pattern: "GET " + pathAdministration, Page: administrationPage},
		{Pattern: "GET " + pathPairing, Page: pairingPage},
		{Pattern: "POST " + pathPairing, Page: proposePairing},
		{Pattern: "POST " + pathPairing + "/answer", Page: answerPairing},
		{Pattern: "GET " + pathKeys, Page: ownKeysFile},
		{Pattern: "GET " + pathTeams, Page: teamsPage},
		{Pattern: "POST " + pathTeams, Page: proposeTeam},
	}
}

// Addresses of the administrator's pages.
const (
	pathAdministration = "/administration"
	pathPairing        = "/administration/pairing"
	pathKeys           = "/administration/pairing/keys"
	pathTeams          = "/administration/teams"
)

// workRoles are the roles without which no case can be carried out: two-officer steps need a second role.
var workRoles = []string{"administrator", "supervisor", "caseworker", "senior-caseworker", "readmission-officer", "coordinator", "inspector"}

func administrationPage(v *visit) error {
	pairings, err := v.Desk.Pairings(v.ctx(), v.who)
	if err != nil {
		return err
	}
	p := &AdministrationPage{Layout: v.layout(v.t("office.page.title"))}
	p.Facts = v.nodeFacts()
	for _, make := range []func() (component.TaskItem, error){
		func() (component.TaskItem, error) { return v.signInTask(), nil },
		v.officersTask, v.waitingTask,
		func() (component.TaskItem, error) { return v.pairingTask(pairings), nil },
		v.teamsTask, v.dutyTask,
	} {
		item, err := make()
		if err != nil {
			return err
		}
		p.Tasks.Items = append(p.Tasks.Items, item)
	}
	if v.Desk.May(v.who, "declare-holiday") {
		p.Links = append(p.Links, ActLink{Href: "/holidays", Text: v.t("office.task.holidays")})
	}
	return v.render("administration", p)
}

// nodeFacts is which law and agreement the node works under, and its own fingerprint.
func (v *visit) nodeFacts() component.SummaryList {
	lang := string(v.words.Lang)
	agreement := v.Desk.Agreement.Title.In(lang) + " (" + v.Desk.Agreement.ID + ", " + v.words.Day(v.Desk.Agreement.Version.String()) + ")"
	if v.Desk.Agreement.StandIn {
		agreement += " · " + v.t("office.stand-in")
	}
	return component.SummaryList{Rows: []component.SummaryRow{
		v.fact("office.fact.authority", v.authority(v.Desk.Authority)), v.fact("office.fact.peer", v.authority(v.Desk.Peer.Authority)),
		v.fact("office.fact.agreement", agreement), v.fact("office.fact.law", v.Desk.Law.Title.In(lang)+" ("+v.words.Day(v.Desk.Law.Version)+")"),
		v.fact("office.fact.fingerprint", v.Desk.OwnAuthority().Fingerprint()),
	}}
}

// todo is one line of the list: done, or to be done, with what is missing.
func (v *visit) todo(title, hint, href string, done bool) component.TaskItem {
	item := component.TaskItem{Title: component.Cell{Text: v.t(title)}, Href: href}
	if hint != "" {
		item.Hint = &component.Slot{Text: hint}
	}
	if done {
		item.Status.Text = v.t("office.done")
	} else {
		item.Status.Tag = &component.Tag{Text: v.t("office.to-do"), Classes: "govuk-tag--blue"}
	}
	return item
}

func (v *visit) signInTask() component.TaskItem {
	switch {
	case v.Site.Provider != nil:
		return v.todo("office.task.sign-in", v.t("office.sign-in.provider"), "", true)
	case v.Desk.Demo:
		return v.todo("office.task.sign-in", v.t("office.sign-in.demo"), "", false)
	}
	return v.todo("office.task.sign-in", v.t("office.sign-in.none"), "", false)
}

// officersTask says which roles nobody has yet.
func (v *visit) officersTask() (component.TaskItem, error) {
	roster, err := v.Desk.Officers(v.Desk.Authority)
	if err != nil {
		return component.TaskItem{}, err
	}
	have := map[string]bool{}
	for _, s := range roster {
		have[s.Role] = have[s.Role] || s.Ended == 0
	}
	var missing []string
	for _, r := range workRoles {
		if !have[r] {
			missing = append(missing, r)
		}
	}
	hint := ""
	if len(missing) > 0 {
		hint = v.t("office.officers.missing", "roles", v.roles(missing))
	}
	return v.todo("office.task.officers", hint, "/officers", len(missing) == 0), nil
}

func (v *visit) waitingTask() (component.TaskItem, error) {
	waiting, err := v.Desk.WaitingSignIns(v.ctx(), v.who)
	if err != nil {
		return component.TaskItem{}, err
	}
	return v.todo("office.task.waiting", v.words.Count("office.waiting.count", len(waiting)), "/officers", len(waiting) == 0), nil
}

func (v *visit) pairingTask(all []desk.PairingChange) component.TaskItem {
	hint := v.t("office.pairing.none")
	switch {
	case v.Desk.Paired():
		hint = ""
	case len(all) > 0 && !all[0].Done:
		hint = v.t("office.pairing.second")
	}
	return v.todo("office.task.pairing", hint, pathPairing, v.Desk.Paired())
}

func (v *visit) teamsTask() (component.TaskItem, error) {
	teams, err := v.Desk.Teams(v.ctx(), v.who)
	if err != nil {
		return component.TaskItem{}, err
	}
	return v.todo("office.task.teams", v.words.Count("office.teams.count", len(teams)), pathTeams, len(teams) > 0), nil
}

// dutyTask says for which functions nobody answers now. Coordinators and supervisors set the contact points.
func (v *visit) dutyTask() (component.TaskItem, error) {
	on := map[string]bool{}
	for _, d := range v.Desk.OnDuty(v.Desk.Clock()) {
		on[d.Entry.Function] = on[d.Entry.Function] || d.By == v.Desk.Authority
	}
	var open []string
	for _, f := range taskforce.Functions {
		if !on[f] {
			open = append(open, v.t("taskforce.function."+f))
		}
	}
	hint, href := "", "/task-force/calendar"
	if len(open) > 0 {
		hint = v.t("office.duty.open", "functions", v.words.List(open))
	}
	if !v.Desk.May(v.who, "view-calendar") {
		href = ""
	}
	return v.todo("office.task.duty", hint, href, len(open) == 0), nil
}

// lineBy says who proposed something and when.
func (v *visit) lineBy(names map[act.ID]string, by act.Officer, at time.Time) string {
	return v.t("page.roster.by", "officer", v.officer(names, by.ID), "moment", v.moment(at))
}
