package treaty

import (
	"iter"
	"maps"
	"slices"
	"strings"

	"countersign/internal/fault"
)

// Limit is one time limit as the text sets it. Every value varies between agreements, so none is in code.
type Limit struct {
	Rule        Rule       `json:"rule"`
	Limit       int        `json:"limit"`
	Unit        Unit       `json:"unit"`
	Decision    *Decision  `json:"decision,omitempty"` // what day_unspecified means, decided by a person
	Bound       Bound      `json:"bound,omitzero"`     // at_most unless given
	Direction   Direction  `json:"direction,omitzero"` // after unless given
	Calendar    Whose      `json:"calendar,omitzero"`
	StartsOn    Trigger    `json:"starts_on"`
	FirstDay    FirstDay   `json:"first_day,omitzero"` // day_after unless given
	RollsOver   bool       `json:"rolls_over,omitzero"`
	AppliesWhen Condition  `json:"applies_when,omitzero"`
	SubLimits   []Limit    `json:"sub_limits,omitempty"`
	Extension   *Extension `json:"extension,omitempty"`
	Restart     *Restart   `json:"restart,omitempty"`
	OnExpiry    []Expiry   `json:"on_expiry"`
	Article     string     `json:"article"` // "unknown" where nobody knows it; that is shown
	Source      string     `json:"source"`  // id of a source of the agreement
	Notes       []Text     `json:"notes,omitempty"`

	agreement string // id and version, set by the loader
	cited     string // the source's title and reference
	standIn   bool
}

// UnknownArticle is written where the article of a value is not known.
const UnknownArticle = "unknown"

// Decision says what “days” means, who decided so and when. Without one the limit is not for real cases.
type Decision struct {
	Means Unit   `json:"means"`
	By    string `json:"by"`
	On    Date   `json:"on"`
}

// Extension is the clause under which a limit may be extended.
type Extension struct {
	Max         int   `json:"max,omitzero"` // 0: no number; then Until says what ends it
	Basis       Basis `json:"basis"`
	Unit        Unit  `json:"unit,omitzero"` // the limit's own unless given
	NeedsReason bool  `json:"needs_reason,omitzero"`
	Until       Event `json:"until,omitzero"`
}

// Restart is the clause under which a limit runs again from an event.
type Restart struct {
	On    []Event `json:"on"`
	Limit int     `json:"limit,omitzero"` // the limit's own unless given
}

// Condition tells when a limit applies; an empty list asks nothing.
type Condition struct {
	Tier     []Tier     `json:"tier,omitempty"`
	Category []Category `json:"category,omitempty"`
	Escort   []Escort   `json:"escort,omitempty"`
	Means    []Means    `json:"means,omitempty"`
}

// Facts are what is known of a case; an empty fact is not known.
type Facts struct {
	Tier     Tier
	Category Category
	Escort   Escort
	Means    Means
}

// Check refuses a fact outside the vocabulary and says what is expected.
func (f Facts) Check() error {
	for _, err := range []error{expect("tier", f.Tier, tiers), expect("category", f.Category, categories),
		expect("escort", f.Escort, escorts), expect("means", f.Means, means)} {
		if err != nil {
			return err
		}
	}
	return nil
}

func expect[T ~string](flag string, value T, allowed []T) error {
	if value == "" || slices.Contains(allowed, value) {
		return nil
	}
	return fault.New(fault.Invalid, "fault.treaty.word", "flag", flag, "value", string(value), "allowed", list(allowed))
}

// forward tells whether the limit counts forwards from its start.
func (l *Limit) forward() bool { return l.Direction != Backward }

// StandIn tells whether the value stands in for a text that nobody has read.
func (l *Limit) StandIn() bool { return l.standIn }

// Cited returns the source's title and reference.
func (l *Limit) Cited() string { return l.cited }

// Effective returns the unit in which the limit is counted, and whether that was decided.
func (l *Limit) Effective() (Unit, bool) {
	switch {
	case l.Unit != DayUnspecified:
		return l.Unit, true
	case l.Decision != nil:
		return l.Decision.Means, true
	}
	return CalendarDay, false
}

// answer is how a fact meets one list of a condition; need names the fact that would have to be known.
type answer struct {
	ok     bool
	need   string
	values []string
}

func fit[T ~string](name string, asked []T, known T) answer {
	switch {
	case len(asked) == 0:
		return answer{ok: true}
	case known == "":
		a := answer{need: name}
		for _, v := range asked {
			a.values = append(a.values, string(v))
		}
		return a
	}
	return answer{ok: slices.Contains(asked, known)}
}

// match tells whether the condition holds, and which facts, of which values, would have to be known to say so.
func (c Condition) match(f Facts) (holds bool, needs []answer) {
	holds = true
	for _, a := range []answer{fit("tier", c.Tier, f.Tier), fit("category", c.Category, f.Category),
		fit("escort", c.Escort, f.Escort), fit("means", c.Means, f.Means)} {
		if !a.ok && a.need == "" {
			return false, nil
		}
		if a.need != "" {
			needs = append(needs, a)
		}
		holds = holds && a.ok
	}
	return holds, needs
}

// asks writes the facts that are needed with the values that matter: tier (prima_facie, proof).
func asks(needs []answer) string {
	values := map[string][]string{}
	for _, n := range needs {
		values[n.need] = append(values[n.need], n.values...)
	}
	var all []string
	for _, name := range slices.Sorted(maps.Keys(values)) {
		v := values[name]
		slices.Sort(v)
		all = append(all, name+" ("+strings.Join(slices.Compact(v), ", ")+")")
	}
	return strings.Join(all, "; ")
}

// weight counts what a condition asks: the most specific limit wins.
func (c Condition) weight() (n int) {
	for _, asked := range []bool{len(c.Tier) > 0, len(c.Category) > 0, len(c.Escort) > 0, len(c.Means) > 0} {
		if asked {
			n++
		}
	}
	return n
}

// limits yields every limit with its sub-limits.
func (a *Agreement) limits() iter.Seq[*Limit] {
	var walk func(ls []Limit, yield func(*Limit) bool) bool
	walk = func(ls []Limit, yield func(*Limit) bool) bool {
		for i := range ls {
			if !yield(&ls[i]) || !walk(ls[i].SubLimits, yield) {
				return false
			}
		}
		return true
	}
	return func(yield func(*Limit) bool) { walk(a.Limits, yield) }
}

// Find returns the limit of a rule for a case: the most specific, and of equally specific ones the first of the file. It refuses to choose where the choice hangs on a fact that is
// not known, and says which.
func (a *Agreement) Find(rule string, facts Facts) (*Limit, error) {
	var best *Limit
	var needs []answer
	known := false
	for l := range a.limits() {
		if string(l.Rule) != rule {
			continue
		}
		known = true
		holds, missing := l.AppliesWhen.match(facts)
		needs = append(needs, missing...)
		if holds && (best == nil || l.AppliesWhen.weight() > best.AppliesWhen.weight()) {
			best = l
		}
	}
	switch {
	case len(needs) > 0:
		return nil, fault.New(fault.Invalid, "fault.treaty.fact-needed", "agreement", a.ID, "rule", rule,
			"facts", asks(needs))
	case best != nil:
		return best, nil
	case known:
		return nil, fault.New(fault.Missing, "fault.treaty.rule-not-for-facts", "agreement", a.ID, "rule", rule)
	}
	return nil, a.noRule(rule)
}

func (a *Agreement) noRule(rule string) error {
	for _, u := range a.NotKnown {
		if string(u.Rule) == rule {
			return fault.New(fault.Missing, "fault.treaty.rule-unknown", "agreement", a.ID, "rule", rule)
		}
	}
	return fault.New(fault.Missing, "fault.treaty.no-rule", "agreement", a.ID, "rule", rule,
		"allowed", list(a.Rules()))
}

func list[T ~string](all []T) string {
	s := make([]string, len(all))
	for i, v := range all {
		s[i] = string(v)
	}
	return strings.Join(s, ", ")
}
