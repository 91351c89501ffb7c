// Package treaty owns the terms of agreements and of laws as dated data: time limits, evidence tiers,
// categories of persons, working days, and the reckoning that says why a date is what it is.
//
// It never decides a case, knows no clock, and guesses nothing: what a text does not say is not in its file,
// and an article that is not known is written “unknown”. Agreements are pinned by id and version.
package treaty

import (
	"time"
	_ "time/tzdata" // zones must not depend on the machine: a date is the same everywhere

	"countersign/internal/fault"
)

// Text is a short text of the data itself, in both languages.
type Text struct {
	En string `json:"en"`
	Sq string `json:"sq"`
}

// In returns the text in the language "en" or "sq".
func (t Text) In(lang string) string {
	if lang == "sq" {
		return t.Sq
	}
	return t.En
}

// Agreement is one version of a treaty, or of a State's own law in the same shape.
type Agreement struct {
	ID      string `json:"id"`
	Version Date   `json:"version"` // date of this file; a case is pinned to id and version
	Kind    Kind   `json:"kind"`
	Title   Text   `json:"title"`
	Signed  Date   `json:"signed,omitzero"`

	Parties []string          `json:"parties"` // ISO 3166-1 codes in lower case; xk and yu as in common use
	Zones   map[string]string `json:"zones"`   // IANA zone of each party's authority

	InForceFrom    Date `json:"in_force_from,omitzero"`    // null: not known
	InForceUntil   Date `json:"in_force_until,omitzero"`   // null: no end known
	InForceChecked bool `json:"in_force_checked,omitzero"` // somebody checked it at the depositary
	Superseded     bool `json:"superseded,omitzero"`

	StandIn    bool `json:"stand_in,omitzero"` // values of another treaty in the place of an unknown text
	StandInFor Text `json:"stand_in_for,omitzero"`

	Mark         Mark         `json:"mark"`
	Sources      []Source     `json:"sources"`
	EffectiveAct EffectiveAct `json:"effective_act,omitzero"`
	Language     *Language    `json:"language,omitempty"`
	// DailyRequests is the number of requests that the requested State takes in a day; nil: none is known.
	DailyRequests *int `json:"daily_requests"`

	Limits         []Limit         `json:"limits"`
	NotKnown       []Unknown       `json:"not_known,omitempty"`
	Categories     []CategoryRule  `json:"categories,omitempty"`
	Evidence       []EvidenceTier  `json:"evidence,omitempty"`
	Forms          []Form          `json:"forms,omitempty"`
	Costs          []Cost          `json:"costs,omitempty"`
	CrossingPoints []CrossingPoint `json:"crossing_points"` // null: not known
	Notes          []Text          `json:"notes,omitempty"`
}

// Source is a text that was read. Limits name it by its id.
type Source struct {
	ID        string `json:"id"`
	Title     string `json:"title"`
	Reference string `json:"reference"`
}

// Language is the language in which the authorities write to each other.
type Language struct {
	Code    string `json:"code"`
	Article string `json:"article"`
	Source  string `json:"source"`
}

// Unknown names a rule that the agreement has or may have and that nobody has read: it is left empty.
type Unknown struct {
	Rule Rule `json:"rule"`
	Note Text `json:"note"`
}

// CategoryRule tells when the duty to readmit exists for a category of persons.
type CategoryRule struct {
	Category Category `json:"category"`
	Article  string   `json:"article"`
	Source   string   `json:"source"`
	Duty     Text     `json:"duty"`
}

// EvidenceTier lists what counts at one tier and what that does.
type EvidenceTier struct {
	Tier       Tier       `json:"tier"`
	Categories []Category `json:"categories"`
	Article    string     `json:"article"`
	Source     string     `json:"source"`
	Effect     Text       `json:"effect"`
	Items      []string   `json:"items,omitempty"` // catalogue keys treaty.evidence.ITEM; empty: annex not read
}

// Form is a form of the agreement and its fields. No form has a field about asylum.
type Form struct {
	Form    string   `json:"form"`
	Annex   string   `json:"annex"`
	Article string   `json:"article"`
	Source  string   `json:"source"`
	Fields  []string `json:"fields,omitempty"` // catalogue keys treaty.field.FIELD; empty: annex not read
}

// Cost tells who bears the costs and when they are paid.
type Cost struct {
	Rule        Text   `json:"rule"`
	PaidWithin  int    `json:"paid_within_days,omitzero"` // days after the invoice; 0: on invoice or not said
	Article     string `json:"article"`
	Source      string `json:"source"`
	PaidArticle string `json:"paid_article,omitzero"`
}

// CrossingPoint is a point through which persons are handed over.
type CrossingPoint struct {
	State string `json:"state"`
	Means Means  `json:"means"`
	Name  string `json:"name"`
}

// Force tells whether an agreement is in force on a day.
type Force string

const (
	InForce      Force = "in_force"
	NotYet       Force = "not_yet"
	Ended        Force = "ended" // or superseded
	ForceUnknown Force = "unknown"
)

// ForceOn tells whether the agreement is in force on the day. A superseded agreement is ended on every day;
// without a first day the answer is unknown.
func (a *Agreement) ForceOn(on Date) Force {
	switch {
	case a.Superseded, !a.InForceUntil.IsZero() && !on.Before(a.InForceUntil):
		return Ended
	case a.InForceFrom.IsZero():
		return ForceUnknown
	case on.Before(a.InForceFrom):
		return NotYet
	}
	return InForce
}

// Usable tells whether a node may make new requests under the agreement on the day (design.md 5.10). Only the
// demo may run on a stand-in; a real node also refuses an agreement whose entry into force nobody checked.
func (a *Agreement) Usable(on Date, demo bool) error {
	refuse := func(key string) error {
		return fault.New(fault.Denied, key, "agreement", a.ID, "date", on.String())
	}
	force := a.ForceOn(on)
	switch {
	case force == Ended || force == NotYet:
		return refuse("fault.treaty.not-in-force")
	case demo:
		return nil
	case a.StandIn:
		return refuse("fault.treaty.stand-in")
	case force == ForceUnknown || !a.InForceChecked:
		return refuse("fault.treaty.force-unknown")
	}
	return nil
}

// Zone returns the zone of a party's authority.
func (a *Agreement) Zone(state string) (*time.Location, error) {
	name, ok := a.Zones[state]
	if !ok {
		return nil, fault.New(fault.Missing, "fault.treaty.zone", "agreement", a.ID, "state", state)
	}
	return time.LoadLocation(name)
}

// Rules lists the rules for which the agreement has a limit, in the file's order and without repetition.
func (a *Agreement) Rules() []Rule {
	var all []Rule
	seen := map[Rule]bool{}
	for l := range a.limits() {
		if !seen[l.Rule] {
			seen[l.Rule] = true
			all = append(all, l.Rule)
		}
	}
	return all
}

// source returns the citation of the source with the id.
func (a *Agreement) source(id string) (Source, bool) {
	for _, s := range a.Sources {
		if s.ID == id {
			return s, true
		}
	}
	return Source{}, false
}
