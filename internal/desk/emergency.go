package desk

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"countersign/internal/access"
	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/casework"
	"countersign/internal/fault"
	"countersign/internal/store"
)

// PurposeEmergency is the purpose under which a caseworker reads a case of another team at once.
const PurposeEmergency = "purpose.emergency"

const (
	emergencyFor   = time.Hour // how long one statement serves
	emergencyShown = 200       // statements that are looked through, the latest first
	emergencyLeast = 10        // characters of a reason
)

// StateEmergency records why an officer reads a case of another team at once. Without it nothing is shown, on whatever
// interface (pain K33); a supervisor reads the reason and says afterwards what came of it.
func (d *Desk) StateEmergency(ctx context.Context, who Session, id act.ID, reason string) error {
	reason = strings.TrimSpace(reason)
	return d.perform(ctx, who, func(t *turn) error {
		s, err := t.caseState(t.tx, id)
		if err != nil {
			return err
		}
		if s.Case == "" {
			return fault.New(fault.Missing, "fault.case.missing")
		}
		if err := t.allowAs(who.For(PurposeEmergency), "view-case", t.caseResource(t.tx, s, who)); err != nil {
			return err
		}
		if n := utf8.RuneCountInString(reason); n < emergencyLeast || n > 1000 {
			return fault.New(fault.Invalid, "fault.emergency.reason")
		}
		_, err = t.say(act.Statement{Scope: act.Domestic, Kind: domestic.EmergencyStated,
			Body: &domestic.Emergency{Case: id, Reason: reason, Until: act.Instant(t.tx.Now.Add(emergencyFor))}})
		return err
	})
}

// allowAs is allow for the turn's officer under another purpose.
func (t *turn) allowAs(who Session, action string, r access.Resource) error {
	f, err := t.forceNow()
	if err != nil {
		return err
	}
	return t.allowAt(f, t.tx.Now, who, action, r)
}

// consultCase is consult for a case: whoever has no part in it and pleads an emergency must have stated it.
func (d *Desk) consultCase(ctx context.Context, who Session, action string, s casework.State, view string) error {
	about := d.caseResource(d.Store, s, who)
	if who.Purpose == PurposeEmergency && about.Relation == "none" && !slices.Contains(seesAll, who.Officer.Role) {
		if ok, err := d.stated(who, s.Case); err != nil || !ok {
			return fault.New(fault.Denied, "fault.emergency.unstated").Because(err)
		}
	}
	return d.consult(ctx, who, action, about, view, s.Person)
}

// seesAll are roles that read the cases of their authority anyway, for whatever purpose they state.
var seesAll = []string{"senior-caseworker", "readmission-officer", "supervisor", "court-liaison", "specialist", "escort-officer", "border-officer",
	"coordinator", "medical-officer", "inspector"}

func (d *Desk) stated(who Session, id act.ID) (bool, error) {
	all, err := d.emergencies()
	now := d.Clock()
	return slices.ContainsFunc(all, func(e EmergencyView) bool {
		return e.By.ID == who.Officer.ID && e.Case == id && now.Before(e.Until)
	}), err
}

// EmergencyView is a stated emergency and what a supervisor found of it.
type EmergencyView struct {
	ID       act.ID
	By       act.Officer
	At       time.Time
	Case     act.ID
	Reason   string
	Until    time.Time
	Review   *domestic.EmergencyReview
	Reviewer act.Officer
}

// Emergencies lists the latest ones, for those who watch over looks.
func (d *Desk) Emergencies(_ context.Context, who Session) ([]EmergencyView, error) {
	if err := d.allow(who, "view-consultations", access.Resource{Type: "case"}); err != nil {
		return nil, err
	}
	return d.emergencies()
}

func (d *Desk) emergencies() ([]EmergencyView, error) {
	rows, err := store.LatestOfKind(d.Store, domestic.EmergencyStated, emergencyShown)
	if err != nil {
		return nil, err
	}
	reviews, err := store.LatestOfKind(d.Store, domestic.EmergencyReviewed, emergencyShown)
	if err != nil {
		return nil, err
	}
	var all []EmergencyView
	for _, row := range rows {
		e, err := d.event(d.Store, row)
		if err != nil {
			return nil, err
		}
		b := e.Body.(*domestic.Emergency)
		all = append(all, EmergencyView{ID: e.ID, By: e.Officer, At: e.Recorded, Case: b.Case, Reason: b.Reason, Until: time.Time(b.Until)})
	}
	for _, row := range reviews {
		e, err := d.event(d.Store, row)
		if err != nil {
			return nil, err
		}
		b := e.Body.(*domestic.EmergencyReview)
		for i := range all {
			if all[i].ID == b.Statement {
				all[i].Review, all[i].Reviewer = b, e.Officer
			}
		}
	}
	return all, nil
}

// ReviewEmergency is what another officer with another role found of a stated emergency.
func (d *Desk) ReviewEmergency(ctx context.Context, who Session, review domestic.EmergencyReview) error {
	review.Note = strings.TrimSpace(review.Note)
	return d.perform(ctx, who, func(t *turn) error {
		all, err := d.emergencies()
		if err != nil {
			return err
		}
		at := slices.IndexFunc(all, func(e EmergencyView) bool { return e.ID == review.Statement })
		if at < 0 {
			return fault.New(fault.Missing, "fault.roster.no-proposal")
		}
		if err := t.allow("review-emergency", access.Resource{Type: "case", First: all[at].By}); err != nil {
			return err
		}
		if n := utf8.RuneCountInString(review.Note); n < emergencyLeast || n > 1000 {
			return fault.New(fault.Invalid, "fault.emergency.reason")
		}
		_, err = t.say(act.Statement{Scope: act.Domestic, Kind: domestic.EmergencyReviewed, Body: &review})
		return err
	})
}
