package desk

import (
	"context"
	"io/fs"
	"slices"
	"time"

	"countersign/internal/access"
	"countersign/internal/act"
	"countersign/internal/border/measure"
	"countersign/internal/fault"
	"countersign/internal/store"
	"countersign/internal/taskforce"
	"countersign/internal/treaty"
)

// TaskForce carries out one official act of the task force: the command is authorised, decided on the state as it
// stands inside the transaction, signed and recorded. What a command begins gets its identifier here.
func (d *Desk) TaskForce(ctx context.Context, who Session, c taskforce.Command) ([]act.Event, error) {
	var events []act.Event
	err := d.perform(ctx, who, func(t *turn) error {
		f, err := t.forceNow()
		if err != nil {
			return err
		}
		c, err := t.identified(c)
		if err != nil {
			return err
		}
		if err := t.allow(taskforce.Name(c), forceResource(f.state, c, who)); err != nil {
			return err
		}
		if err := t.knownNominee(f.state, c); err != nil {
			return err
		}
		statements, err := taskforce.Decide(f.state, c, d.forceEnv(who, t.tx.Now))
		if err != nil {
			return err
		}
		events, err = t.say(statements...)
		return err
	})
	return events, err
}

// knownNominee refuses to accredit somebody whom the home state's roster does not name: access is given to a known officer.
func (t *turn) knownNominee(s taskforce.State, c taskforce.Command) error {
	x, ok := c.(taskforce.AccreditOfficer)
	if p := s.Postings[x.ID]; ok && p != nil && p.Nominee != nil {
		if home, err := store.AuthorityOf(t.tx, p.Nominee.Officer); err != nil || home != p.Terms.Home {
			return fault.New(fault.Missing, "fault.roster.no-officer").Because(err)
		}
	}
	return nil
}

// identified draws the identifiers of what a command begins, unless its caller has: they cross the border, so that
// they come from where domestic acts cannot shift them.
func (t *turn) identified(c taskforce.Command) (taskforce.Command, error) {
	var failed error
	draw := func(id *act.ID) {
		if *id == "" && failed == nil {
			*id, failed = NewID(t.Entropy.Joint)
		}
	}
	switch x := c.(type) {
	case taskforce.ProposeMeasure:
		draw(&x.ID)
		c = x
	case taskforce.CallMeeting:
		draw(&x.ID)
		c = x
	case taskforce.ProposeMinutes:
		x.Minutes.Decisions, x.Minutes.Actions = slices.Clone(x.Minutes.Decisions), slices.Clone(x.Minutes.Actions)
		for i := range x.Minutes.Decisions {
			draw(&x.Minutes.Decisions[i].ID)
		}
		for i := range x.Minutes.Actions {
			draw(&x.Minutes.Actions[i].ID)
		}
		c = x
	case taskforce.OpenTask:
		draw(&x.ID)
		c = x
	case taskforce.ProposeCommitment:
		draw(&x.ID)
		c = x
	case taskforce.OpenPosting:
		draw(&x.ID)
		draw(&x.Terms.Post)
		c = x
	case taskforce.SetDuty:
		draw(&x.ID)
		c = x
	case taskforce.DraftMessage:
		draw(&x.ID)
		c = x
	case taskforce.SendMessage:
		draw(&x.ID)
		c = x
	}
	return c, failed
}

// forceResource is what the policies need to know of the thing that a command is about.
func forceResource(s taskforce.State, c taskforce.Command, who Session) access.Resource {
	r := access.Resource{Type: "task-force", Relation: "none"}
	own := func(officer act.ID) {
		if officer == who.Officer.ID {
			r.Relation = "assigned"
		}
	}
	nominee := func(id act.ID) {
		if p := s.Postings[id]; p != nil && p.Nominee != nil {
			own(p.Nominee.Officer)
		}
	}
	switch x := c.(type) {
	case taskforce.AcceptRules:
		nominee(x.ID)
	case taskforce.ReportPosting:
		nominee(x.ID)
	case taskforce.HandOverPost:
		nominee(x.ID)
	case taskforce.TakeOverPost:
		nominee(x.ID)
	case taskforce.CompleteTask:
		if task := s.Tasks[x.ID]; task != nil {
			own(task.Officer)
		}
	case taskforce.ReviewMessage:
		if draft := s.Drafts[x.ID]; draft != nil {
			r.First = draft.Author
		}
	}
	return r
}

// forceEnv is the world at the moment of a decision.
func (d *Desk) forceEnv(who Session, now time.Time) taskforce.Env {
	return taskforce.Env{Now: now, Us: d.Authority, Zone: d.Law.Location(), Officer: who.Officer, Agreement: d.forceAgreement(now)}
}

// forceAgreement is the agreement as the task force needs it. The demo may work on a stand-in whose entry into force
// nobody checked: then it covers every day. No agreement in the files gives posted officers executive power.
func (d *Desk) forceAgreement(now time.Time) taskforce.Agreement {
	a := taskforce.Agreement{CrossingPoints: map[string]struct{}{}}
	for code := range d.places {
		a.CrossingPoints[code] = struct{}{}
	}
	switch {
	case d.Agreement.Superseded:
		return a
	case !d.Agreement.InForceFrom.IsZero():
		a.From = d.Agreement.InForceFrom.String()
	case d.Agreement.Usable(treaty.DateOf(now, d.Law.Location()), d.Demo) == nil:
		a.From = "0001-01-01"
	}
	if !d.Agreement.InForceUntil.IsZero() {
		a.Until = d.Agreement.InForceUntil.AddDays(-1).String()
	}
	return a
}

// Places are the crossing points at which measures and postings may be, by their code.
func (d *Desk) Places() map[string]string { return d.places }

// loadPlaces reads the agreement's crossing points; where it names none, the registers of both states.
func (d *Desk) loadPlaces() error {
	d.places = map[string]string{}
	for _, p := range d.Agreement.CrossingPoints {
		d.places[p.Name] = p.Name
	}
	if len(d.places) > 0 || d.Borders == nil {
		return nil
	}
	for _, state := range []string{d.Authority, d.Peer.Authority} {
		if !hasRegister(d.Borders, state) {
			continue
		}
		register, err := measure.LoadRegister(d.Borders, state)
		if err != nil {
			return err
		}
		for _, p := range register.Points {
			d.places[p.ID] = p.Name
		}
	}
	return nil
}

func hasRegister(files fs.FS, state string) bool {
	_, err := fs.Stat(files, state+"/border-points.json")
	return err == nil
}
