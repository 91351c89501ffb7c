package statistics

import (
	"slices"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/fault"
)

// Return is one return as it counts. It holds no name, date of birth or case: what is not in it cannot be
// published. The counting unit is the return, not the person.
type Return struct {
	ID          act.ID    // the return's own random identifier
	Departed    time.Time // date of departure, midnight UTC
	Type        Type      // the group follows from it
	Nationality Country
	Age         Age
	Sex         Sex
	DestGroup   DestGroup
	Destination Country // may be empty where an imported history knows only the group
	Offender    bool
}

// Group is the type's group.
func (r *Return) Group() Group { return GroupOf(r.Type) }

// Check refuses a return whose codes are unknown, naming the field.
func (r *Return) Check() error {
	l := Lists()
	for _, f := range []struct {
		list  *List
		value string
		empty bool
	}{
		{&l.Types, string(r.Type), false}, {&l.Countries, string(r.Nationality), false}, {&l.Ages, string(r.Age), false},
		{&l.Sexes, string(r.Sex), false}, {&l.DestGroups, string(r.DestGroup), false}, {&l.Countries, string(r.Destination), true},
	} {
		if _, ok := f.list.Index(f.value); !ok && !(f.empty && f.value == "") {
			return fault.New(fault.Invalid, "fault.statistics.code", "field", f.list.Name, "value", f.value)
		}
	}
	if r.ID == "" || r.Departed.IsZero() {
		return fault.New(fault.Invalid, "fault.statistics.code", "field", "departed", "value", "")
	}
	return nil
}

// version is what the ledger held of a return from an instant on.
type version struct {
	known     time.Time
	value     Return
	retracted bool
}

// Ledger is every return with all that was ever recorded of it. Nothing is overwritten, so that the count
// as known at any past instant stays what it was.
type Ledger struct {
	order   []act.ID
	history map[act.ID][]version
}

// NewLedger returns an empty ledger.
func NewLedger() *Ledger { return &Ledger{history: map[act.ID][]version{}} }

// Len is the number of returns ever recorded, retracted ones included.
func (l *Ledger) Len() int { return len(l.order) }

// Record enters a return as known from an instant on.
func (l *Ledger) Record(r Return, known time.Time) error {
	if err := r.Check(); err != nil {
		return err
	}
	if _, ok := l.history[r.ID]; ok {
		return fault.New(fault.Conflict, "fault.statistics.recorded-twice", "id", string(r.ID))
	}
	l.order = append(l.order, r.ID)
	l.history[r.ID] = []version{{known: known, value: r}}
	return nil
}

// Correct replaces what is held of a return from an instant on.
func (l *Ledger) Correct(r Return, known time.Time) error {
	if err := r.Check(); err != nil {
		return err
	}
	return l.append(version{known: known, value: r})
}

// Retract takes a return out of the counts from an instant on: it was recorded twice, or did not happen.
func (l *Ledger) Retract(id act.ID, known time.Time) error {
	h := l.history[id]
	if len(h) == 0 {
		return fault.New(fault.Missing, "fault.statistics.unknown-return", "id", string(id))
	}
	v := h[len(h)-1]
	v.known, v.retracted = known, true
	return l.append(v)
}

func (l *Ledger) append(v version) error {
	h := l.history[v.value.ID]
	if len(h) == 0 {
		return fault.New(fault.Missing, "fault.statistics.unknown-return", "id", string(v.value.ID))
	}
	last := h[len(h)-1]
	if last.retracted {
		return fault.New(fault.Conflict, "fault.statistics.retracted", "id", string(v.value.ID))
	}
	if v.known.Before(last.known) {
		return fault.New(fault.Conflict, "fault.statistics.order", "id", string(v.value.ID))
	}
	l.history[v.value.ID] = append(h, v)
	return nil
}

// Apply folds one act of the domestic log. Acts of other kinds are not the ledger's business.
func (l *Ledger) Apply(e act.Event) error {
	known := e.Recorded
	switch b := e.Body.(type) {
	case *domestic.ReturnRecord:
		r, err := fromAct(b.Return)
		if err != nil {
			return err
		}
		if known, err = b.Return.KnownAt(known); err != nil {
			return fault.New(fault.Invalid, "fault.statistics.day", "value", b.Return.Known).Because(err)
		}
		return l.Record(r, known)
	case *domestic.ReturnCorrection:
		r, err := fromAct(b.Return)
		if err != nil {
			return err
		}
		if known, err = b.Return.KnownAt(known); err != nil {
			return fault.New(fault.Invalid, "fault.statistics.day", "value", b.Return.Known).Because(err)
		}
		return l.Correct(r, known)
	case *domestic.ReturnRetraction:
		known, err := b.KnownAt(known)
		if err != nil {
			return fault.New(fault.Invalid, "fault.statistics.day", "value", b.Known).Because(err)
		}
		return l.Retract(b.ID, known)
	}
	return nil
}

func fromAct(b domestic.CountedReturn) (Return, error) {
	day, err := ParseDay(b.Departed)
	return Return{ID: b.ID, Departed: day, Type: Type(b.Type), Nationality: CountryOf(b.Nationality), Age: Age(b.Age), Sex: Sex(b.Sex),
		DestGroup: DestGroup(b.DestinationGroup), Destination: CountryOf(b.Destination), Offender: b.Offender}, err
}

// Body is the return as an act carries it.
func (r Return) Body() domestic.CountedReturn {
	return domestic.CountedReturn{ID: r.ID, Departed: r.Departed.Format(time.DateOnly), Type: string(r.Type), Nationality: string(r.Nationality),
		Age: string(r.Age), Sex: string(r.Sex), DestinationGroup: string(r.DestGroup), Destination: string(r.Destination), Offender: r.Offender}
}

// at returns what was held of a return at an instant; false when nothing was, or it had been retracted.
func at(h []version, asOf time.Time) (Return, bool) {
	for i := len(h) - 1; i >= 0; i-- {
		if !h[i].known.After(asOf) {
			return h[i].value, !h[i].retracted
		}
	}
	return Return{}, false
}

// Held tells whether a return counted at an instant.
func (l *Ledger) Held(id act.ID, asOf time.Time) bool {
	_, ok := at(l.history[id], asOf)
	return ok
}

// AsOf yields every return as known at an instant, in the order in which returns were first recorded.
func (l *Ledger) AsOf(asOf time.Time) func(yield func(Return) bool) {
	return func(yield func(Return) bool) {
		for _, id := range l.order {
			if r, ok := at(l.history[id], asOf); ok && !yield(r) {
				return
			}
		}
	}
}

// Query is one question to the ledger. Empty fields do not restrict.
type Query struct {
	Measure     Measure
	Period      Period
	Nationality Country
	Destination Country
	Type        Type
}

// Count answers a query as known at an instant.
func (l *Ledger) Count(q Query, asOf time.Time) (int64, error) {
	d, err := Define(q.Measure, asOf)
	if err != nil {
		return 0, err
	}
	if d.Flag != "" && d.Flag != "offender" {
		return 0, fault.New(fault.Denied, "fault.statistics.not-held", "measure", string(q.Measure))
	}
	var n int64
	for r := range l.AsOf(asOf) {
		if d.Counts(&r) && q.Period.Contains(r.Departed) && match(q, &r) {
			n++
		}
	}
	return n, nil
}

func match(q Query, r *Return) bool {
	return (q.Nationality == "" || q.Nationality == r.Nationality) && (q.Destination == "" || q.Destination == r.Destination) &&
		(q.Type == "" || q.Type == r.Type)
}

// Cell is a place in the finest table, with its offender flag.
type Cell struct {
	Quarter     Quarter
	Nationality Country
	Type        Type
	Age         Age
	Sex         Sex
	DestGroup   DestGroup
	Offender    bool
}

// CellOf returns the cell in which a return counts.
func CellOf(r *Return) Cell {
	return Cell{QuarterOf(r.Departed), r.Nationality, r.Type, r.Age, r.Sex, r.DestGroup, r.Offender}
}

// Cells counts every cell as known at an instant.
func (l *Ledger) Cells(asOf time.Time) map[Cell]int64 {
	c := map[Cell]int64{}
	for r := range l.AsOf(asOf) {
		c[CellOf(&r)]++
	}
	return c
}

// Changes counts what happened to the record between two instants, by kind, for the methodology page.
type Changes struct {
	Recorded  int // first recorded in the span
	Late      int // of these, more than Lag days after departure
	Corrected int
	Retracted int
}

// Changes counts the acts that became known after from and up to until; lag is the usual recording delay in days.
func (l *Ledger) Changes(from, until time.Time, lag int) Changes {
	var c Changes
	for _, id := range l.order {
		for i, v := range l.history[id] {
			if !v.known.After(from) || v.known.After(until) {
				continue
			}
			switch {
			case v.retracted:
				c.Retracted++
			case i > 0:
				c.Corrected++
			default:
				c.Recorded++
				if v.known.After(v.value.Departed.AddDate(0, 0, lag)) {
					c.Late++
				}
			}
		}
	}
	return c
}

// Delays returns, for returns first recorded up to an instant, the days from departure to record, sorted.
func (l *Ledger) Delays(measure Measure, asOf time.Time) ([]int, error) {
	d, err := Define(measure, asOf)
	if err != nil {
		return nil, err
	}
	var days []int
	for _, id := range l.order {
		first := l.history[id][0]
		if r, ok := at(l.history[id], asOf); ok && d.Counts(&r) {
			days = append(days, int(first.known.Sub(r.Departed).Hours()/24))
		}
	}
	slices.Sort(days)
	return days, nil
}
