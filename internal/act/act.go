// Package act defines what an act is: one statement signed by an officer, the only way that anything
// changes. It owns the envelope, the commitments to its fields, the signatures and the roster of officers
// who may sign. The two vocabularies are its sub-packages joint and domestic; the exchange can import
// only joint (design.md, section 4).
//
// It never decides whether an act is allowed (casework, border, taskforce decide) and never stores one.
package act

import (
	"time"
)

// Kind names what a statement says, for example "case.requested". A kind belongs to exactly one scope.
type Kind string

// Scope tells where an act may go.
type Scope string

const (
	Joint    Scope = "joint"    // replicated to the other authority
	Domestic Scope = "domestic" // never leaves its node
)

// ID is a random UUID (version 4) in its text form; nothing can be read from it.
type ID string

// Officer is who signs, with the authority and role of that day (pain K16: history keeps the role).
type Officer struct {
	ID        ID     `json:"id"`
	Authority string `json:"authority"` // for example "gb", "al": the state's code in the agreement
	Role      string `json:"role"`      // for example "caseworker", "readmission-officer"
}

// Statement is what a pure Decide function wants an officer to sign. The desk adds the envelope (id,
// agreement, time, officer, the peer's size seen), signs, seals and appends it.
type Statement struct {
	Scope      Scope
	Kind       Kind
	Subject    ID        // person under whose key the act is sealed; empty: the node's own key
	Case       ID        // the thing it is about: case, measure, posting ...; empty for none
	Occurred   time.Time // when it happened in the world; zero: now
	ValidUntil time.Time // after this the receiver refuses it; zero: no limit
	InReplyTo  ID        // the act it answers
	Body       any       // a struct of act/joint or act/domestic, registered for Kind
}

// Event is an act as it is folded into a state: opened, verified, with the times of the record.
type Event struct {
	ID         ID
	Scope      Scope
	Kind       Kind
	Subject    ID
	Case       ID
	Officer    Officer
	Occurred   time.Time // in the world
	Made       time.Time // when the officer signed
	Recorded   time.Time // when this node committed it
	Receipt    time.Time // when the receiving authority countersigned it; zero: not yet (joint acts only)
	ValidUntil time.Time
	InReplyTo  ID
	Index      int64 // position in its log
	Seen       int64 // size of the peer's stream that the author had seen
	Body       any   // pointer to the registered struct
}
