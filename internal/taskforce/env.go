package taskforce

import (
	"slices"
	"time"

	"countersign/internal/act"
	"countersign/internal/fault"
)

// Agreement is what the task force needs to know of the treaty in force.
type Agreement struct {
	From           string              // first day in force
	Until          string              // last day; empty: no end is set
	CrossingPoints map[string]struct{} // by code
	Executive      map[string]struct{} // articles that let posted officers act with executive power; mostly none
}

// Env is the world at the moment of a decision. Nothing here is read from a clock.
type Env struct {
	Now       time.Time
	Us        string         // the deciding authority
	Zone      *time.Location // its own zone: days are days there
	Officer   act.Officer    // who signs
	Agreement Agreement
}

func (e Env) today() string {
	zone := e.Zone
	if zone == nil {
		zone = time.UTC
	}
	return e.Now.In(zone).Format(time.DateOnly)
}

// Command is one thing an officer wants done; every exported struct with a decide method is one.
type Command interface {
	decide(State, Env) ([]act.Statement, error)
}

// Decide checks a command against the state and returns what the officer is to sign. It changes nothing.
func Decide(s State, c Command, env Env) ([]act.Statement, error) {
	if !slices.Contains(s.Parties[:], env.Us) {
		return nil, denied("fault.taskforce.not-party", "authority", env.Us)
	}
	if env.Officer.ID == "" || env.Officer.Authority != env.Us {
		return nil, denied("fault.taskforce.not-our-officer")
	}
	if env.Officer.Role == PostedOfficer && !ofPosted(c) {
		// A posted officer advises and observes; agreeing and deciding is the host's own (facts/law.md 1).
		return nil, denied("fault.taskforce.posted-officer")
	}
	if startsWork(c) && !env.Agreement.inForce(env.today()) {
		return nil, denied("fault.taskforce.agreement-not-in-force") // design.md 5.10
	}
	return c.decide(s, env)
}

// PostedOfficer is the role with which the host's roster lists an officer of the other state.
const PostedOfficer = "posted-officer"

// ofPosted lists what a posted officer may sign at the host.
func ofPosted(c Command) bool {
	switch c.(type) {
	case AcceptRules, ReportPosting, HandOverPost, TakeOverPost, DraftMessage, SendMessage, ReadMessage:
		return true
	}
	return false
}

// startsWork tells whether a command begins something new; the rest winds down what is under way.
func startsWork(c Command) bool {
	switch c.(type) {
	case ProposeMeasure, OpenPosting, NominateOfficer, AccreditOfficer, ProposeCommitment:
		return true
	}
	return false
}

func (a Agreement) inForce(day string) bool {
	return a.From != "" && a.From <= day && (a.Until == "" || day <= a.Until)
}

// covers tells whether the whole period lies in the agreement's own.
func (a Agreement) covers(from, until string) bool {
	return a.From != "" && a.From <= from && (a.Until == "" || until <= a.Until)
}

func one(kind act.Kind, id act.ID, body any) []act.Statement {
	return []act.Statement{{Scope: act.Joint, Kind: kind, Case: id, Body: body}}
}

func reply(kind act.Kind, id, to act.ID, body any) []act.Statement {
	return []act.Statement{{Scope: act.Joint, Kind: kind, Case: id, InReplyTo: to, Body: body}}
}

func own(kind act.Kind, id act.ID, body any) []act.Statement {
	return []act.Statement{{Scope: act.Domestic, Kind: kind, Case: id, Body: body}}
}

func invalid(key string, args ...string) error  { return fault.New(fault.Invalid, key, args...) }
func denied(key string, args ...string) error   { return fault.New(fault.Denied, key, args...) }
func missing(key string, args ...string) error  { return fault.New(fault.Missing, key, args...) }
func conflict(key string, args ...string) error { return fault.New(fault.Conflict, key, args...) }
func late(key string, args ...string) error     { return fault.New(fault.Late, key, args...) }
