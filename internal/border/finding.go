// Package border owns the check at a crossing point: one traveller, one document, the alert lists, the
// criteria and the days of stay, joined into findings with their certainty, legal basis and next step.
//
// A check yields findings; an officer decides (design.md, section 7). There is no outcome "refuse" here, no
// score by origin, and no way for a case of return to reach a lane: the package takes alerts from signed lists
// only and knows nothing of returns, which a test of its imports holds.
package border

import (
	"maps"

	"countersign/internal/border/alert"
	"countersign/internal/border/criteria"
	"countersign/internal/border/screen"
	"countersign/internal/words"
)

// Part of the check that a finding comes from.
type Part string

const (
	PartDocument  Part = "document"
	PartAlert     Part = "alert"
	PartCriterion Part = "criterion"
	PartStay      Part = "stay"
	PartData      Part = "data" // the state of the lane's own lists and clock
)

// Certainty of a finding.
type Certainty string

const (
	Certain  Certainty = "certain"
	Possible Certainty = "possible"
	NotKnown Certainty = "unknown"
)

// Finding is one thing an officer should know. Texts are catalogue keys with variables; Reason is the
// rulebook's own text where there is one.
type Finding struct {
	Part       Part               `json:"part"`
	Key        string             `json:"key"` // "border.finding.digit-wrong"
	Args       map[string]string  `json:"args,omitzero"`
	Certainty  Certainty          `json:"certainty"`
	Effect     criteria.Effect    `json:"effect"`
	Next       string             `json:"next"` // catalogue key of what to do
	LegalBasis string             `json:"legal_basis,omitzero"`
	Mark       criteria.Mark      `json:"mark,omitzero"`
	Support    string             `json:"support,omitzero"` // what could support a refusal, if an officer decides so
	Reason     criteria.Text      `json:"reason,omitzero"`
	Satisfied  criteria.Text      `json:"satisfied_by,omitzero"`
	Conflict   *criteria.Conflict `json:"conflict,omitzero"`
	Alert      *AlertEvidence     `json:"alert,omitzero"`
	Rule       string             `json:"rule,omitzero"`
	Rulebook   string             `json:"rulebook,omitzero"` // id and hash
	evaluation *criteria.Evaluation
}

// Say is the finding in words. What is not known yet is not said as if it were so: a rule that asks about a warrant
// must not read as if there were one.
func (f *Finding) Say(c *words.Catalogue) string {
	switch {
	case f.Reason == nil:
		args := maps.Clone(f.Args)
		if day, ok := args["date"]; ok {
			args["date"] = c.Day(day)
		}
		return c.Map(f.Key, args)
	case f.Certainty == NotKnown && f.Effect != criteria.Info:
		return c.Text("border.finding.if-so", "text", f.Reason[c.Lang])
	}
	return f.Reason[c.Lang]
}

// AlertEvidence is why an alert may concern the traveller, field by field. It is for the officer's second
// look, not for the screen in view of the traveller.
type AlertEvidence struct {
	List   string          `json:"list"`
	Kind   alert.Kind      `json:"kind"`
	Ref    string          `json:"ref"`
	Action string          `json:"action"`
	Band   string          `json:"band"`
	Fields []FieldEvidence `json:"fields"`
	Before bool            `json:"cleared_before,omitzero"` // an officer found before that it is another person
}

// FieldEvidence is one field's agreement.
type FieldEvidence struct {
	Field string `json:"field"`
	Level string `json:"level"`
}

// Answer is the lane's answer as word, shape and colour, so that it depends on none of them alone. It has no
// refusal: the hardest answer sends the traveller to an officer with time.
type Answer struct {
	Word   string `json:"word"` // catalogue key
	Shape  string `json:"shape"`
	Colour string `json:"colour"`
}

var (
	Clear      = Answer{"border.answer.clear", "circle", "green"}
	AskMore    = Answer{"border.answer.ask", "triangle", "yellow"}
	SecondLine = Answer{"border.answer.second-line", "square", "blue"}
)

// Result is a whole check.
type Result struct {
	Answer   Answer    `json:"answer"`
	Findings []Finding `json:"findings"`
	Lists    []ListAge `json:"lists"`
	Stay     *StayNote `json:"stay,omitzero"`

	evaluations []criteria.Evaluation
}

// Evaluations is every rule's evaluation, met ones included: what `border explain` shows.
func (r *Result) Evaluations() []criteria.Evaluation { return r.evaluations }

// ListAge is the version and age of one list at the time of the check.
type ListAge struct {
	List    string  `json:"list"`
	Version int64   `json:"version"`
	Hours   float64 `json:"age_hours"`
	Usable  bool    `json:"usable"`
}

// StayNote is the count of days, with the two dates that travellers ask for.
type StayNote struct {
	Used, Left      int
	LatestDeparture string
	EarliestEntry   string
}

// evidence opens a hit for an officer.
func evidence(ix *screen.Index, h *screen.Hit) *AlertEvidence {
	a, list := ix.Alert(h)
	e := &AlertEvidence{List: list.List, Kind: list.Kind, Ref: a.Ref, Action: list.Action, Band: h.Band.String(), Before: h.Before}
	for f, ev := range h.Evidence {
		e.Fields = append(e.Fields, FieldEvidence{screen.Field(f).String(), ev.Level.String()})
	}
	return e
}
