package desk

import (
	"context"
	"crypto/ed25519"
	"slices"
	"strings"
	"time"

	"countersign/internal/access"
	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/fault"
	"countersign/internal/store"
)

// RosterChange is a proposed change of the own roster and what became of it. Nobody changes the roster alone,
// and nobody the own entry (pain K24).
type RosterChange struct {
	ID   act.ID
	By   act.Officer
	At   time.Time
	Body domestic.RosterProposal
	Done bool // confirmed or dropped
}

// Roles that an officer can be entered with.
var Roles = []string{"caseworker", "senior-caseworker", "readmission-officer", "court-liaison", "medical-officer", "specialist", "escort-officer",
	"border-officer", "supervisor", "coordinator", "statistician", "press-officer", "inspector", "administrator", "counsel"}

// ProposeRosterChange is the administrator's step.
func (d *Desk) ProposeRosterChange(ctx context.Context, who Session, p domestic.RosterProposal) error {
	return d.perform(ctx, who, func(t *turn) error {
		if err := t.allow(rosterAction(p), access.Resource{Type: "roster", Relation: self(who, p)}); err != nil {
			return err
		}
		if err := t.rosterForm(&p); err != nil {
			return err
		}
		_, err := t.say(act.Statement{Scope: act.Domestic, Kind: domestic.RosterProposed, Body: &p})
		return err
	})
}

// rosterAction is the policy question behind a proposal.
func rosterAction(p domestic.RosterProposal) string {
	switch {
	case p.Team != nil:
		return "set-team"
	case p.Officer != "" && p.Subject != "":
		return "bind-officer"
	case p.Officer != "":
		return "end-officer"
	}
	return "enter-officer"
}

// self tells whether a change is about the officer's own rights: the own entry, or a team with the officer in it.
func self(who Session, p domestic.RosterProposal) string {
	if p.Officer == who.Officer.ID || p.Team != nil && slices.Contains(p.Team.Members, who.Officer.ID) {
		return "self"
	}
	return "none"
}

func (t *turn) rosterForm(p *domestic.RosterProposal) error {
	p.Name, p.Reason, p.Issuer, p.Subject = strings.TrimSpace(p.Name), strings.TrimSpace(p.Reason), strings.TrimSpace(p.Issuer), strings.TrimSpace(p.Subject)
	if (p.Issuer == "") != (p.Subject == "") || len(p.Issuer) > 500 || len(p.Subject) > 255 || len(p.Known) > 400 {
		return fault.New(fault.Invalid, "fault.case.needed", "field", "subject")
	}
	switch {
	case p.Team != nil:
		return t.teamForm(p)
	case p.Officer != "" && p.Subject != "":
		p.Name, p.Role, p.Until = "", "", ""
		return t.bindable(p.Officer)
	case p.Officer != "":
		p.Name, p.Role, p.Until = "", "", ""
		if _, _, err := store.OfficerKey(t.tx, p.Officer); err != nil {
			return fault.New(fault.Missing, "fault.roster.no-officer").Because(err)
		}
		if p.Reason == "" {
			return fault.New(fault.Invalid, "fault.case.needed", "field", "why")
		}
	case p.Name == "" || len(p.Name) > 100:
		return fault.New(fault.Invalid, "fault.case.needed", "field", "name")
	case !slices.Contains(Roles, p.Role):
		return fault.New(fault.Invalid, "fault.case.needed", "field", "role")
	case p.Until != "":
		if last, err := time.Parse(time.DateOnly, p.Until); err != nil || last.Before(t.tx.Now.AddDate(0, 0, -1)) {
			return fault.New(fault.Invalid, "fault.case.date", "field", "until")
		}
	}
	return nil
}

// AnswerRosterChange is the second officer's step: the change takes effect in the same transaction as the
// confirmation, or is dropped.
func (d *Desk) AnswerRosterChange(ctx context.Context, who Session, proposal act.ID, confirm bool) error {
	return d.perform(ctx, who, func(t *turn) error {
		c, err := t.rosterChange(proposal)
		if err != nil {
			return err
		}
		if err := t.allow("confirm-roster-change", access.Resource{Type: "roster", Relation: self(who, c.Body), First: c.By}); err != nil {
			return err
		}
		step := domestic.RosterStep{Proposal: proposal, Officer: c.Body.Officer}
		if !confirm {
			_, err = t.say(act.Statement{Scope: act.Domestic, Kind: domestic.RosterDropped, Body: &step})
			return err
		}
		if step.Officer, err = t.changeRoster(c.Body); err != nil {
			return err
		}
		_, err = t.say(act.Statement{Scope: act.Domestic, Kind: domestic.RosterConfirmed, Body: &step})
		return err
	})
}

// changeRoster carries out a confirmed change and returns the officer it is about.
func (t *turn) changeRoster(p domestic.RosterProposal) (officer act.ID, err error) {
	switch rosterAction(p) {
	case "set-team":
		if err := t.teamForm(&p); err != nil { // a member may have left the roster since
			return "", err
		}
		_, err = t.say(act.Statement{Scope: act.Domestic, Kind: domestic.TeamSet, Body: p.Team})
		return "", err
	case "end-officer":
		return p.Officer, t.endKey(p.Officer, p.Reason)
	case "bind-officer":
		if err := t.bindable(p.Officer); err != nil {
			return "", err
		}
		officer = p.Officer
	default:
		if officer, err = t.enterOfficer(p); err != nil || p.Subject == "" {
			return officer, err
		}
	}
	_, err = t.say(act.Statement{Scope: act.Domestic, Kind: domestic.SubjectBound,
		Body: &domestic.Subject{Officer: officer, Issuer: p.Issuer, Subject: p.Subject}})
	return officer, err
}

// enterOfficer enters a new officer with a fresh key. Both cross the border with the roster: they are drawn
// where domestic acts cannot shift them.
func (t *turn) enterOfficer(p domestic.RosterProposal) (act.ID, error) {
	id, err := NewID(t.Entropy.Joint)
	if err != nil {
		return "", err
	}
	pub, key, err := ed25519.GenerateKey(t.Entropy.Joint)
	if err != nil {
		return "", err
	}
	if err := t.enter(id, p.Name, p.Role, pub, p.Until); err != nil {
		return "", err
	}
	sealed, err := t.Vault.Seal(t.tx, "", "officer_keys/"+string(id), key.Seed())
	if err != nil {
		return "", err
	}
	return id, t.tx.PutOfficerKey(id, act.KeyID(pub), sealed)
}

func (t *turn) rosterChange(id act.ID) (RosterChange, error) {
	all, err := t.rosterChanges(t.tx)
	if err != nil {
		return RosterChange{}, err
	}
	for _, c := range all {
		if c.ID == id && !c.Done {
			return c, nil
		}
	}
	return RosterChange{}, fault.New(fault.Missing, "fault.roster.no-proposal")
}

// RosterChanges lists what was proposed for the own roster, the latest first.
func (d *Desk) RosterChanges(_ context.Context, who Session) ([]RosterChange, error) {
	if err := d.allow(who, "view-roster", access.Resource{Type: "roster"}); err != nil {
		return nil, err
	}
	return d.rosterChanges(d.Store)
}

func (d *Desk) rosterChanges(r reader) ([]RosterChange, error) {
	var all []RosterChange
	done := map[act.ID]bool{}
	for _, kind := range []act.Kind{domestic.RosterProposed, domestic.RosterConfirmed, domestic.RosterDropped} {
		err := d.eachOfKind(r, kind, func(e act.Event) {
			switch b := e.Body.(type) {
			case *domestic.RosterProposal:
				all = append(all, RosterChange{ID: e.ID, By: e.Officer, At: e.Made, Body: *b})
			case *domestic.RosterStep:
				done[b.Proposal] = true
			}
		})
		if err != nil {
			return nil, err
		}
	}
	for i := range all {
		all[i].Done = done[all[i].ID]
	}
	slices.Reverse(all)
	return all, nil
}

// eachOfKind opens the acts of a kind, the oldest first.
func (d *Desk) eachOfKind(r reader, kind act.Kind, fn func(act.Event)) error {
	for after := int64(0); ; {
		rows, err := store.ActsOfKind(r, kind, after, 500)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, row := range rows {
			after = row.Seq
			if row.Refused != "" {
				continue
			}
			e, err := d.event(r, row)
			if fault.KindOf(err) == fault.Missing { // about somebody who was forgotten
				continue
			}
			if err != nil {
				return err
			}
			fn(e)
		}
	}
}
