// Package fault holds the one error that crosses package boundaries: a kind that decides how an edge
// answers (page, problem document, exit code, rejection receipt), a message key that a person reads in
// English or Albanian, and a cause that is logged and never shown.
//
// An error that is not a fault is internal: it is logged, and the person sees only that something failed.
package fault

import (
	"errors"
	"fmt"
)

// Kind says what went wrong in the terms that every edge can translate.
type Kind string

const (
	Invalid     Kind = "invalid"     // the input breaks a rule of form or sense
	Denied      Kind = "denied"      // this officer may not do this, or a gate is closed
	Missing     Kind = "missing"     // the thing does not exist, or not for this officer
	Conflict    Kind = "conflict"    // somebody changed it first, or it contradicts what is recorded
	Late        Kind = "late"        // a limit has passed
	Unavailable Kind = "unavailable" // try again: the node is read-only, busy, or the link is down
)

// Error is a fault. Key is a catalogue key such as "fault.case.open-offer"; Args fill its variables.
type Error struct {
	Kind  Kind
	Key   string
	Args  map[string]string
	Cause error
}

func (e *Error) Error() string {
	s := string(e.Kind) + ": " + e.Key
	if len(e.Args) > 0 {
		s += fmt.Sprintf(" %v", e.Args)
	}
	if e.Cause != nil {
		s += ": " + e.Cause.Error()
	}
	return s
}

func (e *Error) Unwrap() error { return e.Cause }

// With returns a copy of e that carries one more variable for its message.
func (e *Error) With(name, value string) *Error {
	c := *e
	c.Args = make(map[string]string, len(e.Args)+1)
	for k, v := range e.Args {
		c.Args[k] = v
	}
	c.Args[name] = value
	return &c
}

// Because returns a copy of e with a cause for the log.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.Cause = cause
	return &c
}

// New makes a fault; args are name, value, name, value ...
func New(kind Kind, key string, args ...string) *Error {
	e := &Error{Kind: kind, Key: key}
	if len(args) > 0 {
		e.Args = make(map[string]string, len(args)/2)
		for i := 0; i+1 < len(args); i += 2 {
			e.Args[args[i]] = args[i+1]
		}
	}
	return e
}

// KindOf returns the kind of the first fault in err's chain, or "" for an internal error.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return ""
}

// KeyOf returns the message key of the first fault in err's chain, or "".
func KeyOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Key
	}
	return ""
}

// ArgsOf returns the variables of the first fault in err's chain.
func ArgsOf(err error) map[string]string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Args
	}
	return nil
}

// CauseOf returns the cause of the first fault in err's chain, for operators and logs only.
func CauseOf(err error) error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Cause
	}
	return nil
}
