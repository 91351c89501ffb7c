// Package alert owns the lists against which travellers are checked: who keeps a list, on what legal basis,
// what it asks an officer to do, for how long it is valid, and the signed files in which it arrives.
//
// The kinds of lists are closed. There is none for people who were returned, refused, or handed over, and
// nothing in this package takes an alert from anywhere but a file that a list's own authority signed: a past
// return cannot become an alert. It never decides about a person.
package alert

import (
	"time"

	"countersign/internal/fault"
	"countersign/internal/person"
)

// Kind says what a list is for. The set is closed; a header with any other kind is refused.
type Kind string

const (
	Wanted         Kind = "wanted"           // arrest warrant
	Missing        Kind = "missing"          // missing or vulnerable person to be found
	LostDocument   Kind = "lost-document"    // stolen, lost or invalidated documents
	EntryBan       Kind = "entry-ban"        // refusal of entry ordered about one person
	CourtTravelBan Kind = "court-travel-ban" // a court forbids leaving
	ChildAbduction Kind = "child-abduction"  // a child at risk of being taken abroad
)

// Kinds lists the closed set.
var Kinds = []Kind{Wanted, Missing, LostDocument, EntryBan, CourtTravelBan, ChildAbduction}

func (k Kind) known() bool {
	for _, x := range Kinds {
		if k == x {
			return true
		}
	}
	return false
}

// Document is a travel document by its number and issuing state ("" unknown).
type Document struct{ Number, State string }

// Alert is one entry: what is known of the person or document looked for. Why is not in it: the officer at
// the lane is told what to do, and the authority that keeps the list knows why.
type Alert struct {
	Ref         string         // the authority's own reference
	Names       []string       // every form: aliases, scripts, patronymics
	Birth       person.MRZDate // zero parts unknown
	Sex         byte           // 'M', 'F', or 0
	Nationality string         // three letters (person.StateCode), "" unknown
	Documents   []Document
}

// Header is what a list says about itself.
type Header struct {
	List       string    `json:"list"` // for example "al/wanted"
	Kind       Kind      `json:"kind"`
	Authority  string    `json:"authority"`
	LegalBasis string    `json:"legal_basis"`
	Action     string    `json:"action"` // catalogue key of what the officer is to do
	Version    int64     `json:"version"`
	Base       int64     `json:"base,omitzero"` // a delta: the version it changes; 0: a whole list
	Issued     time.Time `json:"issued"`
	ValidFrom  time.Time `json:"valid_from"`
	ValidUntil time.Time `json:"valid_until"`
	Count      int       `json:"count"`
	SHA256     string    `json:"sha256"` // of the body
}

// Check refuses a header that leaves open what the list is, who keeps it, on what basis or for how long.
func (h *Header) Check() error {
	bad := ""
	switch {
	case !h.Kind.known():
		bad = "kind"
	case h.List == "":
		bad = "list"
	case h.Authority == "":
		bad = "authority"
	case h.LegalBasis == "":
		bad = "legal_basis"
	case h.Action == "":
		bad = "action"
	case h.Version <= 0:
		bad = "version"
	case h.Base < 0 || h.Base >= h.Version:
		bad = "base"
	case h.Issued.IsZero() || h.ValidFrom.IsZero() || !h.ValidUntil.After(h.ValidFrom):
		bad = "valid_until"
	case h.Count < 0:
		bad = "count"
	}
	if bad != "" {
		return fault.New(fault.Invalid, "fault.border.list-header", "field", bad)
	}
	return nil
}

// Valid tells whether the list may be used at now.
func (h *Header) Valid(now time.Time) bool {
	return !now.Before(h.ValidFrom) && now.Before(h.ValidUntil)
}

// Change is one line of a delta: an alert to add or put in place of the one with its reference, or a
// reference to remove.
type Change struct {
	Alert  Alert
	Remove bool
}
