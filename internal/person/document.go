package person

import (
	"slices"
	"strings"
)

// Document is a travel or identity document: what it is, who issued it, until when it serves.
type Document struct {
	Type       string `json:"type"`
	Number     string `json:"number"`
	Issuer     string `json:"issuer"` // ISO 3166-1 alpha-3
	Issued     Date   `json:"issued,omitzero"`
	ValidUntil Date   `json:"valid_until,omitzero"`
	OneJourney bool   `json:"one_journey,omitzero"` // good for one journey only, as most laissez-passers are
	From       string `json:"from,omitzero"`        // of the one journey
	To         string `json:"to,omitzero"`
}

// Document types that the treaty forms and annexes name.
const (
	Passport      = "passport"
	IdentityCard  = "identity-card"
	LaissezPasser = "laissez-passer"
	StandardTD    = "standard-travel-document" // the requesting state's own or the common document
	OtherDocument = "other"
)

// DocumentTypes lists the types in the order in which forms offer them.
var DocumentTypes = []string{Passport, IdentityCard, LaissezPasser, StandardTD, OtherDocument}

// Problem names the first field that is missing or contradictory, or "".
func (d Document) Problem() string {
	switch {
	case !slices.Contains(DocumentTypes, d.Type):
		return "type"
	case strings.TrimSpace(d.Number) == "" || len(d.Number) > 40:
		return "number"
	case !Alpha3(d.Issuer):
		return "issuer"
	case !d.Issued.IsZero() && !d.Issued.Exact():
		return "issued"
	case !d.ValidUntil.IsZero() && !d.ValidUntil.Exact():
		return "valid_until"
	case d.Issued.Exact() && d.ValidUntil.Exact() && d.ValidUntil.Before(d.Issued):
		return "valid_until"
	}
	return ""
}

// Covers tells whether the document serves on a day with a margin: the journey may be late. A document
// without a known last day covers nothing, because unknown is closed.
func (d Document) Covers(day Date, marginDays int) bool {
	if !d.ValidUntil.Exact() || d.Issued.Exact() && day.Before(d.Issued) {
		return false
	}
	return !d.ValidUntil.Before(day.AddDays(marginDays))
}
