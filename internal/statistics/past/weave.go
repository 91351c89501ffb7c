// Package past plans the demo's synthetic history of returns: invented events in the volumes that were
// published. It turns states of knowledge ("on 25 May this many in each cell") into an ordered list of
// records, corrections and retractions whose count, as known on those days, is those states exactly.
//
// The volumes are built to match what was published; what the demo shows is the counting, not a discovery.
// No item is about a real person: identifiers are random and dates within a quarter are drawn.
package past

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"countersign/internal/act"
	"countersign/internal/statistics"

	"github.com/google/uuid"
)

// Op is what an item does to the record.
type Op string

const (
	Record  Op = "record"
	Correct Op = "correct"
	Retract Op = "retract"
)

// Item is one act to sign. For Retract only Return.ID matters.
type Item struct {
	Op     Op
	Return statistics.Return
	Reason string // of a correction or retraction, as the acts code it
}

// Batch is what became known at one time.
type Batch struct {
	RecordedAt time.Time
	Items      []Item
}

// State is what is to be known of a span at the end of a day.
type State struct {
	Known time.Time
	Cells map[statistics.Cell]int64
}

// Span is a stretch of departure dates inside one quarter, with its states in order of knowledge.
type Span struct {
	First, Last time.Time
	States      []State
}

// weaver draws everything that the published cells leave open.
type weaver struct {
	rng  *rand.Rand
	days map[time.Time][]Item
}

// Weave plans the record of the spans. Equal spans and seed give equal plans.
func Weave(spans []Span, seed uint64) ([]Batch, error) {
	w := &weaver{rng: rand.New(rand.NewPCG(seed, 0x636f756e746572)), days: map[time.Time][]Item{}}
	for _, s := range spans {
		if statistics.QuarterOf(s.First) != statistics.QuarterOf(s.Last) || s.Last.Before(s.First) {
			return nil, fmt.Errorf("past: span %s to %s does not lie in one quarter", s.First.Format(time.DateOnly), s.Last.Format(time.DateOnly))
		}
		if err := w.span(s); err != nil {
			return nil, err
		}
	}
	return w.batches(), nil
}

func (w *weaver) batches() []Batch {
	var all []Batch
	for day, items := range w.days {
		all = append(all, Batch{day.Add(17 * time.Hour), items})
	}
	slices.SortFunc(all, func(a, b Batch) int { return a.RecordedAt.Compare(b.RecordedAt) })
	return all
}

func (w *weaver) put(day time.Time, i Item) { w.days[day] = append(w.days[day], i) }

// span walks the states of one span; held is what the record says of it after each.
func (w *weaver) span(s Span) error {
	held := map[statistics.Cell][]statistics.Return{}
	var before time.Time
	for k, state := range s.States {
		if k > 0 && !state.Known.After(before) {
			return fmt.Errorf("past: states of %s are not in order", s.First.Format(time.DateOnly))
		}
		for c := range state.Cells {
			if c.Quarter != statistics.QuarterOf(s.First) {
				return fmt.Errorf("past: cell of %s in the span of %s", c.Quarter, statistics.QuarterOf(s.First))
			}
		}
		if k == 0 {
			w.first(s, state, held)
		} else {
			w.step(s, state, before, held)
		}
		before = state.Known
	}
	return nil
}

// first enters the first state, each return with its usual delay but no later than the state's day.
func (w *weaver) first(s Span, state State, held map[statistics.Cell][]statistics.Return) {
	for _, c := range ordered(state.Cells) {
		for range state.Cells[c] {
			r := w.invent(c, s.First, earlier(s.Last, state.Known))
			recorded := earlier(r.Departed.AddDate(0, 0, w.delay(statistics.GroupOf(c.Type))), state.Known)
			w.enter(r, recorded, state.Known)
			held[c] = append(held[c], r)
		}
	}
}

// delay is the usual recording delay in days: an officer sees an enforced departure; a voluntary one is
// verified weeks later.
func (w *weaver) delay(g statistics.Group) int {
	switch g {
	case statistics.Voluntary:
		return 5 + w.rng.IntN(30)
	case statistics.Enforced:
		return w.rng.IntN(4)
	}
	return w.rng.IntN(2)
}

// enter records a return; one in about four hundred is at first recorded twice and the second record
// retracted, and one in about six hundred bears a wrong date of departure until it is corrected. Both are
// put right before the state's day, so that they exercise the record and leave the state as it is.
func (w *weaver) enter(r statistics.Return, recorded, known time.Time) {
	room := int(known.Sub(recorded).Hours() / 24)
	luck := w.rng.IntN(1200)
	if room < 30 || luck > 4 {
		w.put(recorded, Item{Op: Record, Return: r})
		return
	}
	repaired := recorded.AddDate(0, 0, 7+w.rng.IntN(20))
	if luck < 3 {
		twice := r
		twice.ID = w.id()
		w.put(recorded, Item{Op: Record, Return: r})
		w.put(recorded, Item{Op: Record, Return: twice})
		w.put(repaired, Item{Op: Retract, Return: twice, Reason: "duplicate"})
		return
	}
	wrong := r
	wrong.Departed = statistics.QuarterOf(r.Departed).Start().AddDate(0, 0, -1-w.rng.IntN(10)) // a date in the quarter before
	w.put(recorded, Item{Op: Record, Return: wrong})
	w.put(repaired, Item{Op: Correct, Return: r, Reason: "date"})
}

// step moves the record from one state to the next: what fell is corrected into what rose where the two
// are alike, the rest of what fell is retracted and the rest of what rose is recorded late.
func (w *weaver) step(s Span, state State, before time.Time, held map[statistics.Cell][]statistics.Return) {
	var fell, rose []statistics.Cell
	for _, c := range ordered(union(state.Cells, held)) {
		for n := state.Cells[c] - int64(len(held[c])); n != 0; {
			if n > 0 {
				rose, n = append(rose, c), n-1
			} else {
				fell, n = append(fell, c), n+1
			}
		}
	}
	for _, c := range fell {
		r := held[c][len(held[c])-1]
		held[c] = held[c][:len(held[c])-1]
		day := w.between(before, state.Known)
		to := nearest(c, rose)
		if to < 0 {
			w.put(day, Item{Op: Retract, Return: r, Reason: "duplicate"})
			continue
		}
		target := rose[to]
		rose = slices.Delete(rose, to, to+1)
		r.Type, r.Age, r.Sex, r.DestGroup, r.Offender = target.Type, target.Age, target.Sex, target.DestGroup, target.Offender
		r.Destination = destination(target)
		w.put(day, Item{Op: Correct, Return: r, Reason: reason(c, target)})
		held[target] = append(held[target], r)
	}
	for _, c := range rose {
		r := w.invent(c, s.First, earlier(s.Last, state.Known))
		from := before
		if r.Departed.After(from) {
			from = r.Departed.AddDate(0, 0, -1)
		}
		w.put(w.between(from, state.Known), Item{Op: Record, Return: r})
		held[c] = append(held[c], r)
	}
}

// nearest returns the risen cell that differs from c in the fewest attributes, at most two, or -1.
func nearest(c statistics.Cell, rose []statistics.Cell) int {
	best, least := -1, 3
	for i, o := range rose {
		n := 0
		for _, differ := range []bool{c.Type != o.Type, c.Age != o.Age, c.Sex != o.Sex, c.DestGroup != o.DestGroup, c.Offender != o.Offender} {
			if differ {
				n++
			}
		}
		if statistics.GroupOf(c.Type) != statistics.GroupOf(o.Type) {
			n++ // moving between groups is the last resort
		}
		if n < least {
			best, least = i, n
		}
	}
	return best
}

func reason(from, to statistics.Cell) string {
	switch {
	case from.Type != to.Type:
		return "reclassified"
	case from.Offender != to.Offender:
		return "offender-flag"
	}
	return "personal-detail"
}

// between draws a day after from and up to until.
func (w *weaver) between(from, until time.Time) time.Time {
	days := int(until.Sub(from).Hours() / 24)
	if days < 1 {
		return until
	}
	return from.AddDate(0, 0, 1+w.rng.IntN(days))
}

func (w *weaver) invent(c statistics.Cell, first, last time.Time) statistics.Return {
	days := int(last.Sub(first).Hours()/24) + 1
	return statistics.Return{ID: w.id(), Departed: first.AddDate(0, 0, w.rng.IntN(days)), Type: c.Type, Nationality: c.Nationality,
		Age: c.Age, Sex: c.Sex, DestGroup: c.DestGroup, Destination: destination(c), Offender: c.Offender}
}

// destination is known only where the group says it: the home country. Others stay unnamed, because the
// published table does not tell them.
func destination(c statistics.Cell) statistics.Country {
	if c.DestGroup == "home" {
		return c.Nationality
	}
	return ""
}

// id draws a version 4 UUID from the plan's own generator.
func (w *weaver) id() act.ID {
	var u uuid.UUID
	for i := range 2 {
		v := w.rng.Uint64()
		for j := range 8 {
			u[i*8+j] = byte(v >> (8 * j))
		}
	}
	u[6], u[8] = u[6]&0x0f|0x40, u[8]&0x3f|0x80
	return act.ID(u.String())
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func union(cells map[statistics.Cell]int64, held map[statistics.Cell][]statistics.Return) map[statistics.Cell]int64 {
	all := map[statistics.Cell]int64{}
	for c, n := range cells {
		all[c] = n
	}
	for c := range held {
		if _, ok := all[c]; !ok {
			all[c] = 0
		}
	}
	return all
}

// ordered lists cells in one fixed order, so that a seed gives one plan.
func ordered[V any](m map[statistics.Cell]V) []statistics.Cell {
	all := make([]statistics.Cell, 0, len(m))
	for c := range m {
		all = append(all, c)
	}
	slices.SortFunc(all, compareCells)
	return all
}

func compareCells(a, b statistics.Cell) int {
	offender := 0
	if a.Offender != b.Offender {
		offender = 1
		if b.Offender {
			offender = -1
		}
	}
	return cmp.Or(cmp.Compare(a.Quarter, b.Quarter), cmp.Compare(a.Nationality, b.Nationality), cmp.Compare(a.Type, b.Type), cmp.Compare(a.Age, b.Age),
		cmp.Compare(a.Sex, b.Sex), cmp.Compare(a.DestGroup, b.DestGroup), offender)
}

// Apply enters an item into a ledger as known at a time.
func (i Item) Apply(l *statistics.Ledger, at time.Time) error {
	switch i.Op {
	case Correct:
		return l.Correct(i.Return, at)
	case Retract:
		return l.Retract(i.Return.ID, at)
	}
	return l.Record(i.Return, at)
}
