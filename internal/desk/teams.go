package desk

import (
	"context"
	"slices"
	"strings"

	"countersign/internal/access"
	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/fault"
	"countersign/internal/store"
)

// teamForm checks a team as it is proposed. A new one gets its identifier; members are own officers on the roster.
func (t *turn) teamForm(p *domestic.RosterProposal) error {
	team := *p.Team
	team.Name = strings.TrimSpace(team.Name)
	if team.Name == "" || len(team.Name) > 100 {
		return fault.New(fault.Invalid, "fault.case.needed", "field", "team-name")
	}
	all, err := store.Teams(t.tx)
	if err != nil {
		return err
	}
	known := slices.IndexFunc(all, func(x store.Team) bool { return x.ID == team.ID }) >= 0
	if other := slices.IndexFunc(all, func(x store.Team) bool { return x.Name == team.Name && x.ID != team.ID }); other >= 0 {
		return fault.New(fault.Conflict, "fault.roster.team-name", "name", team.Name)
	}
	if team.ID == "" {
		if team.ID, err = NewID(t.Entropy.Domestic); err != nil {
			return err
		}
	}
	slices.Sort(team.Members)
	team.Members = slices.Compact(team.Members)
	if len(team.Members) == 0 && !known {
		return fault.New(fault.Invalid, "fault.case.needed", "field", "members")
	}
	roster, err := store.Roster(t.tx, t.Authority)
	if err != nil {
		return err
	}
	for _, m := range team.Members {
		on := false
		for _, s := range roster {
			on = on || s.Officer == m && s.Ended == 0 && slices.Contains(Roles, s.Role)
		}
		if !on {
			return fault.New(fault.Missing, "fault.roster.no-officer")
		}
	}
	p.Team = &team
	return nil
}

// Teams are the teams of this authority.
func (d *Desk) Teams(_ context.Context, who Session) ([]store.Team, error) {
	if err := d.allow(who, "view-roster", access.Resource{Type: "roster"}); err != nil {
		return nil, err
	}
	return store.Teams(d.Store)
}

// settleOffice lets an act about who gets in take effect.
func (t *turn) settleOffice(e act.Event) error {
	switch b := e.Body.(type) {
	case *domestic.Subject:
		return t.settleSubject(b)
	case *domestic.Team:
		return t.tx.PutTeam(store.Team{ID: b.ID, Name: b.Name, Members: b.Members})
	}
	return nil
}
