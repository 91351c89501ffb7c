package desk

import (
	"context"
	"slices"
	"strings"
	"time"

	"countersign/internal/access"
	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/casework"
	"countersign/internal/fault"
	"countersign/internal/store"
)

// RoleCounsel is the role of a representative whom the authority has admitted to a person's case.
const RoleCounsel = "counsel"

// Stop is a representative's request to stop, and its answer.
type Stop struct {
	ID       act.ID
	By       act.ID
	At       time.Time
	Reason   string
	Answered bool
	Stopped  bool
	Answer   string
}

// Stops lists the requests of a case, the latest first.
func Stops(events []act.Event) []Stop {
	var all []Stop
	for _, e := range events {
		switch b := e.Body.(type) {
		case *domestic.StopRequest:
			all = append(all, Stop{ID: e.ID, By: e.Officer.ID, At: e.Made, Reason: b.Reason})
		case *domestic.StopAnswer:
			for i := range all {
				if all[i].ID == b.Request {
					all[i].Answered, all[i].Stopped, all[i].Answer = true, b.Stopped, b.Reason
				}
			}
		}
	}
	slices.Reverse(all)
	return all
}

// Admitted lists the representatives who are admitted to a case.
func Admitted(events []act.Event) []act.ID { return dossierOf(events).counsels }

// admittedWith are the representatives after one more act.
func admittedWith(all []act.ID, e act.Event) []act.ID {
	b, ok := e.Body.(*domestic.Counsel)
	if !ok {
		return all
	}
	all = slices.DeleteFunc(slices.Clone(all), func(id act.ID) bool { return id == b.Officer })
	if e.Kind == domestic.CounselAdmitted {
		all = append(all, b.Officer)
	}
	return all
}

// Admit lets a representative read one person's case, or ends it.
func (d *Desk) Admit(ctx context.Context, who Session, id, counsel act.ID, in bool) error {
	return d.office(ctx, who, "assign", id, func(t *turn, s casework.State) (act.Kind, any, error) {
		roster, err := store.Roster(t.tx, d.Authority)
		if err != nil {
			return "", nil, err
		}
		for _, x := range roster {
			if x.Officer == counsel && x.Role == RoleCounsel && x.Ended == 0 {
				if in {
					return domestic.CounselAdmitted, &domestic.Counsel{Officer: counsel}, nil
				}
				return domestic.CounselEnded, &domestic.Counsel{Officer: counsel}, nil
			}
		}
		return "", nil, fault.New(fault.Missing, "fault.roster.no-officer")
	})
}

// AnswerStop answers a request to stop. To stop is to set a barrier, which is an act of its own.
func (d *Desk) AnswerStop(ctx context.Context, who Session, id, request act.ID, stopped bool, reason string) error {
	return d.office(ctx, who, "set-barrier", id, func(t *turn, s casework.State) (act.Kind, any, error) {
		events, err := t.eventsAbout(t.tx, id)
		if err != nil {
			return "", nil, err
		}
		if !slices.ContainsFunc(Stops(events), func(x Stop) bool { return x.ID == request && !x.Answered }) {
			return "", nil, fault.New(fault.Missing, "fault.desk.no-request")
		}
		if reason = strings.TrimSpace(reason); reason == "" {
			return "", nil, fault.New(fault.Invalid, "fault.case.needed", "field", "why")
		}
		return domestic.StopAnswered, &domestic.StopAnswer{Request: request, Stopped: stopped, Reason: reason}, nil
	})
}

// office carries out one act about a case that casework does not decide.
func (d *Desk) office(ctx context.Context, who Session, action string, id act.ID, fn func(*turn, casework.State) (act.Kind, any, error)) error {
	return d.perform(ctx, who, func(t *turn) error {
		s, err := t.caseState(t.tx, id)
		if err != nil {
			return err
		}
		if s.Case == "" {
			return fault.New(fault.Missing, "fault.case.missing")
		}
		if err := t.allow(action, t.caseResource(t.tx, s, who)); err != nil {
			return err
		}
		kind, body, err := fn(t, s)
		if err != nil {
			return err
		}
		_, err = t.say(act.Statement{Scope: act.Domestic, Kind: kind, Subject: s.Person, Case: id, Body: body})
		return err
	})
}

// ClientView is a case as the person's admitted representative sees it: what was served, the notice clock, what
// stands against the next step, and the own requests. Nothing of anybody else, and no notes of officers.
type ClientView struct {
	State  casework.State
	Next   casework.Next
	Gates  []casework.Gate
	Notice casework.Notice
	Stops  []Stop
}

func client() access.Resource {
	return access.Resource{Type: "case", Relation: "client", Domestic: true}
}

// ClientCase shows a client's case; the look is recorded first.
func (d *Desk) ClientCase(ctx context.Context, who Session, id act.ID) (ClientView, error) {
	events, err := d.eventsAbout(d.Store, id)
	if err != nil {
		return ClientView{}, err
	}
	if !slices.Contains(Admitted(events), who.Officer.ID) {
		return ClientView{}, fault.New(fault.Missing, "fault.case.missing") // not admitted is as good as not there
	}
	v := ClientView{State: foldCase(events), Stops: Stops(events)}
	if err := d.consult(ctx, who, "view-case", client(), "client", v.State.Person); err != nil {
		return ClientView{}, err
	}
	env, err := d.env(d.Store, v.State)
	if err != nil {
		return v, err
	}
	env.By = who.Officer
	v.Next, v.Notice = casework.NextStep(v.State, env), casework.NoticeClock(v.State, env)
	if v.Next.Step != "" && v.State.SideOf(d.Authority) == casework.Requesting {
		v.Gates = casework.Evaluate(v.State, env, v.Next.Step)
	}
	return v, nil
}

// Clients lists the cases that a representative is admitted to.
func (d *Desk) Clients(ctx context.Context, who Session) ([]CaseLine, error) {
	if who.Posted || who.Officer.Role != RoleCounsel { // an officer of the other state represents nobody here
		return nil, fault.New(fault.Denied, "fault.access.denied", "action", "view-clients", "role", who.Officer.Role)
	}
	cases, err := store.CasesOfCounsel(d.Store, who.Officer.ID)
	if err != nil {
		return nil, err
	}
	var lines []CaseLine
	for _, id := range cases {
		v, err := d.ClientCase(ctx, who, id)
		if fault.KindOf(err) == fault.Missing {
			continue
		}
		if err != nil {
			return nil, err
		}
		row, _, err := store.FindCase(d.Store, id)
		if err != nil {
			return nil, err
		}
		lines = append(lines, CaseLine{CaseRow: row, Name: v.State.Particulars.Main().String()})
	}
	return lines, nil
}

// RequestStop is the representative's request; whoever has the file answers it.
func (d *Desk) RequestStop(ctx context.Context, who Session, id act.ID, reason string) error {
	if _, err := d.ClientCase(ctx, who, id); err != nil {
		return err
	}
	return d.perform(ctx, who, func(t *turn) error {
		s, err := t.caseState(t.tx, id)
		if err != nil {
			return err
		}
		if err := t.allow("file-complaint", client()); err != nil {
			return err
		}
		if reason = strings.TrimSpace(reason); reason == "" || len(reason) > 1000 {
			return fault.New(fault.Invalid, "fault.case.needed", "field", "why")
		}
		_, err = t.say(act.Statement{Scope: act.Domestic, Kind: domestic.StopRequested, Subject: s.Person, Case: id, Body: &domestic.StopRequest{Reason: reason}})
		return err
	})
}
