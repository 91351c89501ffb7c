package casework

import (
	"slices"
	"strings"
	"time"

	"countersign/internal/act"
	"countersign/internal/fault"
)

// Command is one official act that an officer wants to sign. The set is closed: every command is a struct of
// this package, and its zero value is refused with a reason, never with a panic.
type Command interface {
	about() about
	decide(s *State, env *Env) ([]act.Statement, error)
}

// about says who may give a command, on which side, and in which cases.
type about struct {
	name  string
	side  Side // NoSide: both
	roles []string
	// fresh commands open a case; late ones also work after the outcome.
	fresh, late bool
}

// Name is the command's name in catalogues and policies, for example "request-readmission".
func Name(c Command) string { return c.about().name }

// Roles lists who may give the command.
func Roles(c Command) []string { return c.about().roles }

// SideFor is the side that gives the command; NoSide: both.
func SideFor(c Command) Side { return c.about().side }

// Roles of officers (design.md; the access policies use the same names).
var (
	caseRoles       = []string{"caseworker", "senior-caseworker", "readmission-officer"}
	seniorRoles     = []string{"senior-caseworker", "supervisor"}
	replyRoles      = []string{"readmission-officer", "senior-caseworker"}
	journeyRoles    = []string{"caseworker", "senior-caseworker", "coordinator"}
	escortRoles     = []string{"escort-officer", "border-officer", "coordinator"}
	receiveRoles    = []string{"border-officer"}
	detentionRoles  = []string{"caseworker", "senior-caseworker", "supervisor"}
	specialistRoles = []string{"specialist"}
	statRoles       = []string{"caseworker", "senior-caseworker", "statistician"}
	// whoever meets the person may have to stop: a claim can be made to any officer.
	anyOfficer = []string{"caseworker", "senior-caseworker", "readmission-officer", "escort-officer", "court-liaison",
		"medical-officer", "specialist", "supervisor", "border-officer", "coordinator"}
)

// Decide says which statements an officer signs to carry out a command, or why the officer may not. It is
// pure; the desk calls it inside the transaction in which the statements are appended.
func Decide(s State, c Command, env Env) ([]act.Statement, error) {
	if c == nil {
		return nil, fault.New(fault.Invalid, "fault.case.no-command")
	}
	a := c.about()
	if err := allowed(&s, &env, a); err != nil {
		return nil, err
	}
	return c.decide(&s, &env)
}

func allowed(s *State, env *Env, a about) error {
	switch {
	case env.Now.IsZero() || env.Own == "" || env.By.ID == "" || env.Law == nil:
		return fault.New(fault.Invalid, "fault.case.environment")
	case env.By.Authority != env.Own:
		return fault.New(fault.Denied, "fault.case.authority")
	case !slices.Contains(a.roles, env.By.Role):
		return fault.New(fault.Denied, "fault.case.role", "role", env.By.Role, "roles", strings.Join(a.roles, ", "))
	case a.fresh != (s.Case == ""):
		if a.fresh {
			return fault.New(fault.Conflict, "fault.case.exists")
		}
		return fault.New(fault.Missing, "fault.case.missing")
	case a.fresh:
		return nil
	case s.side(env.Own) == NoSide:
		return fault.New(fault.Denied, "fault.case.not-a-party")
	case a.side != NoSide && a.side != s.side(env.Own):
		return fault.New(fault.Denied, "fault.case.side", "side", string(a.side))
	case !a.late && s.outcome() != Open:
		return fault.New(fault.Conflict, "fault.case.finished", "outcome", string(s.outcome()))
	}
	return nil
}

// say makes a statement about the case.
func (s *State) say(scope act.Scope, kind act.Kind, body any) act.Statement {
	return act.Statement{Scope: scope, Kind: kind, Subject: s.Person, Case: s.Case, Body: body}
}

func (s *State) joint(kind act.Kind, body any) act.Statement { return s.say(act.Joint, kind, body) }
func (s *State) own(kind act.Kind, body any) act.Statement   { return s.say(act.Domestic, kind, body) }

func one(st act.Statement) []act.Statement { return []act.Statement{st} }

func at(st act.Statement, t time.Time) act.Statement {
	st.Occurred = t
	return st
}

func answer(st act.Statement, to act.ID) act.Statement {
	st.InReplyTo = to
	return st
}

// past takes a time at which something happened; zero means now. Nothing happened in the future, or before records of
// this kind begin.
func (env *Env) past(t time.Time, field string) (time.Time, error) {
	switch {
	case t.IsZero():
		return env.Now, nil
	case t.After(env.Now.Add(time.Minute)):
		return t, fault.New(fault.Invalid, "fault.case.future", "field", field)
	case t.Year() < 1990:
		return t, fault.New(fault.Invalid, "fault.case.date", "field", field)
	}
	return t, nil
}

// need refuses an empty or unknown value.
func need(field, value string, allowed []string) error {
	switch {
	case strings.TrimSpace(value) == "":
		return fault.New(fault.Invalid, "fault.case.needed", "field", field)
	case allowed != nil && !slices.Contains(allowed, value):
		return fault.New(fault.Invalid, "fault.case.unknown-code", "field", field, "value", value, "allowed", strings.Join(allowed, ", "))
	}
	return nil
}

// all returns the first error.
func all(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func when(bad bool, key string, args ...string) error {
	if bad {
		return fault.New(fault.Conflict, key, args...)
	}
	return nil
}
