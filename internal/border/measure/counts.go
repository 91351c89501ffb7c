package measure

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
)

// Key is what a decision is counted by.
type Key struct {
	Point, Decision string
	Hour            int // of the day at the crossing point
}

// Counts are one day of a measure. Checks are counted once. Somebody who went on, or to the second line, counts under each
// rule that asked for something, so the criteria overlap and are never added up; a refusal counts under the one rule on
// which the officer rested it, and under no other that happened to ask as well.
type Counts struct {
	Day      string
	Checks   map[Key]int
	Criteria map[[3]string]int // point, rule, decision
	seen     map[act.ID]string // check: its last decision
	undoable map[act.ID]remembered
}

// NewCounts starts a day.
func NewCounts(day string) *Counts {
	return &Counts{Day: day, Checks: map[Key]int{}, Criteria: map[[3]string]int{}, seen: map[act.ID]string{}}
}

// Add counts an act of decision. An act delivered twice counts once; a later decision on the same check takes
// the place of the earlier one.
func (c *Counts) Add(e act.Event, zone *time.Location) {
	var ref domestic.BorderCheckRef
	decision := ""
	switch b := e.Body.(type) {
	case *domestic.BorderDecision:
		ref, decision = b.BorderCheckRef, b.Decision
	case *domestic.BorderRefusal:
		if e.Kind != domestic.BorderRefused {
			return
		}
		ref, decision = b.BorderCheckRef, "refuse"
		ref.Rules = []string{b.Rule}
	default:
		return
	}
	at := e.Occurred.In(zone)
	if at.Format("2006-01-02") != c.Day {
		return
	}
	hour := at.Hour()
	entry := fmt.Sprintf("%s|%s|%d|%v", ref.Point, decision, hour, ref.Rules)
	if before, ok := c.seen[ref.Check]; ok {
		if before == entry || decision == "second-line" { // seen, or older than what is counted
			return
		}
		c.undo(ref.Check)
	}
	c.seen[ref.Check] = entry
	c.count(&ref, decision, hour, 1)
	c.last(&ref, decision, hour)
}

// remembered keeps what to take back when a check is decided again.
type remembered struct {
	ref      *domestic.BorderCheckRef
	decision string
	hour     int
}

func (c *Counts) last(ref *domestic.BorderCheckRef, decision string, hour int) {
	if c.undoable == nil {
		c.undoable = map[act.ID]remembered{}
	}
	c.undoable[ref.Check] = remembered{ref, decision, hour}
}

func (c *Counts) undo(check act.ID) {
	r := c.undoable[check]
	c.count(r.ref, r.decision, r.hour, -1)
}

func (c *Counts) count(ref *domestic.BorderCheckRef, decision string, hour, by int) {
	c.Checks[Key{ref.Point, decision, hour}] += by
	for i, rule := range ref.Rules {
		if !slices.Contains(ref.Rules[:i], rule) {
			c.Criteria[[3]string{ref.Point, rule, decision}] += by
		}
	}
}

// Low is the number below which a count of people is not shown to the other state.
const Low = 10

// Joint is what both states may see: totals rounded to five, small ones left out, nobody by origin.
func (c *Counts) Joint(measure act.ID) *joint.BorderCounts {
	out := &joint.BorderCounts{Measure: measure, Day: c.Day}
	points, hours, rules := map[[2]string]int{}, map[[2]string]int{}, map[[2]string]int{}
	total := 0
	for k, n := range c.Checks {
		points[[2]string{k.Point, k.Decision}] += n
		hours[[2]string{fmt.Sprintf("%02d", k.Hour), k.Decision}] += n
		total += n
	}
	for k, n := range c.Criteria {
		rules[[2]string{k[1], k[2]}] += n
	}
	out.Points, out.Hours, out.Criteria = cells(points), cells(hours), cells(rules)
	out.Travelled = round5(total)
	return out
}

func cells(m map[[2]string]int) []joint.BorderCell {
	keys := slices.SortedFunc(maps.Keys(m), func(a, b [2]string) int {
		return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
	})
	var out []joint.BorderCell
	for _, k := range keys {
		switch n := m[k]; {
		case n == 0:
		case n < Low:
			out = append(out, joint.BorderCell{Of: k[0], Decision: k[1], Low: true})
		default:
			out = append(out, joint.BorderCell{Of: k[0], Decision: k[1], Count: round5(n)})
		}
	}
	return out
}

func round5(n int) int { return (n + 2) / 5 * 5 }

// Rate is a line of the fairness view: how many of those checked at a point were refused under a criterion.
// Protected lines have too few people to show without showing somebody.
type Rate struct {
	Point, Rule      string // Rule empty: all refusals at the point
	Refused, Checked int
	Protected        bool
}

// Fairness lists refusal rates by point and criterion. The denominator is everyone checked at the point.
func (c *Counts) Fairness() []Rate {
	checked, refused := map[string]int{}, map[[2]string]int{}
	for k, n := range c.Checks {
		checked[k.Point] += n
		if k.Decision == "refuse" {
			refused[[2]string{k.Point, ""}] += n
		}
	}
	for k, n := range c.Criteria {
		if k[2] == "refuse" {
			refused[[2]string{k[0], k[1]}] += n
		}
	}
	for p := range checked {
		if _, ok := refused[[2]string{p, ""}]; !ok {
			refused[[2]string{p, ""}] = 0
		}
	}
	var out []Rate
	for _, k := range slices.SortedFunc(maps.Keys(refused), func(a, b [2]string) int {
		return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
	}) {
		r := Rate{Point: k[0], Rule: k[1], Refused: refused[k], Checked: checked[k[0]]}
		if r.Checked < 2*Low || r.Refused > 0 && r.Refused < Low/2 {
			r.Refused, r.Protected = 0, true
		}
		out = append(out, r)
	}
	return out
}

// Kept is what a node still holds of one check.
type Kept struct {
	Check   act.ID
	At      time.Time
	Finding bool // something was found, or an act other than "allow" rests on it
}

// Expired are the checks whose data about the traveller are to be forgotten now: those with nothing found,
// after the time the law profile gives. Forgetting is the vault's; the counts stay.
func Expired(kept []Kept, retention time.Duration, now time.Time) []act.ID {
	var out []act.ID
	for _, k := range kept {
		if !k.Finding && now.Sub(k.At) >= retention {
			out = append(out, k.Check)
		}
	}
	return out
}
