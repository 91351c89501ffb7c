// Package cube counts exactly over quarter, country, type, age, sex and destination: for an official
// edition or for the record as known at an instant. It derives revisions, bands, shares and changes.
//
// It owns no counting rules (statistics does) and never rounds a count.
package cube

import (
	"cmp"
	"slices"
	"time"

	"countersign/internal/fault"
	"countersign/internal/statistics"
)

// Table names the shape of a detailed table, as the statistics office names it.
type Table string

const (
	D01 Table = "Ret_D01" // by nationality, all dimensions
	D02 Table = "Ret_D02" // by destination, type
	D03 Table = "Ret_D03" // offenders by nationality, destination group
	D04 Table = "Ret_D04" // offenders by destination
)

// Tables lists the four shapes.
var Tables = []Table{D01, D02, D03, D04}

// None marks a dimension that a table does not have.
const None = 0xFF

// Row is one cell: indices into the code lists of package statistics, and its count. Country is the
// nationality in D01 and D03 and the destination in D02 and D04.
type Row struct {
	Quarter              statistics.Quarter
	Country              uint16
	Type, Age, Sex, Dest uint8
	N                    int64
}

// Compare orders rows by their dimensions.
func (r Row) Compare(o Row) int {
	return cmp.Or(cmp.Compare(r.Quarter, o.Quarter), cmp.Compare(r.Country, o.Country), cmp.Compare(r.Type, o.Type),
		cmp.Compare(r.Age, o.Age), cmp.Compare(r.Sex, o.Sex), cmp.Compare(r.Dest, o.Dest))
}

// Key is the row without its count.
func (r Row) Key() Row { r.N = 0; return r }

// Merge sorts rows and adds up those of one cell: official files give 146 cells twice (facts, section 5).
// It returns the rows and how many were merged away.
func Merge(rows []Row) ([]Row, int) {
	slices.SortFunc(rows, Row.Compare)
	out := rows[:0]
	for _, r := range rows {
		if n := len(out); n > 0 && out[n-1].Key() == r.Key() {
			out[n-1].N += r.N
			continue
		}
		out = append(out, r)
	}
	return out, len(rows) - len(out)
}

// Holding is what one edition holds: an official edition, or the record as known at an instant. Rows are
// merged and sorted.
type Holding struct {
	Edition     statistics.Edition
	Provisional bool
	Rows        map[Table][]Row
}

// Quarters returns the first and last quarter that a table holds; false when it holds none.
func (h *Holding) Quarters(t Table) (first, last statistics.Quarter, ok bool) {
	rows := h.Rows[t]
	if len(rows) == 0 {
		return 0, 0, false
	}
	return rows[0].Quarter, rows[len(rows)-1].Quarter, true
}

// Filter restricts a sum. Zero values do not restrict; Population decides the table.
type Filter struct {
	Measure    statistics.Measure
	Population statistics.Population
	Period     statistics.Period
	Type       statistics.Type
	Age        statistics.Age
	Sex        statistics.Sex
	DestGroup  statistics.DestGroup
}

// table tells which shape answers a filter.
func (f Filter) table(offender bool) (Table, error) {
	to := f.Population.Destination != ""
	switch {
	case to && f.Population.Nationality != "":
		return "", fault.New(fault.Invalid, "fault.statistics.two-populations")
	case to && (f.Age != "" || f.Sex != "" || f.DestGroup != ""):
		return "", fault.New(fault.Invalid, "fault.statistics.no-dimension", "table", string(D02))
	case offender && (f.Type != "" || f.Age != "" || f.Sex != ""):
		return "", fault.New(fault.Invalid, "fault.statistics.no-dimension", "table", string(D03))
	case offender && to:
		return D04, nil
	case offender:
		return D03, nil
	case to:
		return D02, nil
	}
	return D01, nil
}

// Sum answers a filter exactly. A period that is not whole quarters, or that the edition does not hold in
// full, is refused as not published: half a year is never passed off as a year.
func (h *Holding) Sum(f Filter) (int64, error) {
	var n int64
	err := h.scan(f, func(r Row) { n += r.N })
	return n, err
}

// ByQuarter sums per quarter of the period.
func (h *Holding) ByQuarter(f Filter) (map[statistics.Quarter]int64, error) {
	m := map[statistics.Quarter]int64{}
	err := h.scan(f, func(r Row) { m[r.Quarter] += r.N })
	return m, err
}

// Each yields the rows that a filter sums.
func (h *Holding) Each(f Filter, yield func(Row)) error { return h.scan(f, yield) }

func (h *Holding) scan(f Filter, yield func(Row)) error {
	d, err := statistics.Define(f.Measure, h.Edition.Published)
	if err != nil {
		return err
	}
	if d.Flag != "" && d.Flag != "offender" {
		return fault.New(fault.Denied, "fault.statistics.not-held", "measure", string(f.Measure))
	}
	t, err := f.table(d.Flag != "")
	if err != nil {
		return err
	}
	rows, err := h.window(t, f.Period)
	if err != nil {
		return err
	}
	want, err := compile(f, d)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if want.match(r) {
			yield(r)
		}
	}
	return nil
}

// window returns the rows of the period's quarters.
func (h *Holding) window(t Table, p statistics.Period) ([]Row, error) {
	first, last, ok := h.Quarters(t)
	if !ok {
		return nil, fault.New(fault.Missing, "fault.statistics.no-table", "table", string(t), "edition", h.Edition.String())
	}
	quarters, whole := p.Quarters()
	if !whole {
		return nil, fault.New(fault.Missing, "fault.statistics.not-quarters", "period", p.String())
	}
	if quarters[0] < first || quarters[len(quarters)-1] > last {
		return nil, fault.New(fault.Missing, "fault.statistics.unpublished", "period", p.String(), "edition", h.Edition.String(),
			"first", first.String(), "last", last.String())
	}
	rows := h.Rows[t]
	from, _ := slices.BinarySearchFunc(rows, quarters[0], func(r Row, q statistics.Quarter) int { return cmp.Compare(r.Quarter, q) })
	to, _ := slices.BinarySearchFunc(rows, quarters[len(quarters)-1]+1, func(r Row, q statistics.Quarter) int { return cmp.Compare(r.Quarter, q) })
	return rows[from:to], nil
}

// compiled is a filter over indices.
type compiled struct {
	country        int
	types          uint32 // bit per type; a D03 or D04 row has none and passes
	age, sex, dest int
}

func (c compiled) match(r Row) bool {
	return (c.country < 0 || r.Country == uint16(c.country)) && (r.Type == None || c.types>>r.Type&1 == 1) &&
		(c.age < 0 || r.Age == uint8(c.age)) && (c.sex < 0 || r.Sex == uint8(c.sex)) && (c.dest < 0 || r.Dest == uint8(c.dest))
}

func compile(f Filter, d *statistics.Definition) (compiled, error) {
	l := statistics.Lists()
	c := compiled{}
	var err error
	index := func(list *statistics.List, code string) int {
		if code == "" {
			return -1
		}
		i, ok := list.Index(code)
		if !ok && err == nil {
			err = fault.New(fault.Invalid, "fault.statistics.code", "field", list.Name, "value", code)
		}
		return i
	}
	country := f.Population.Nationality
	if country == "" {
		country = f.Population.Destination
	}
	c.country = index(&l.Countries, string(country))
	c.age, c.sex, c.dest = index(&l.Ages, string(f.Age)), index(&l.Sexes, string(f.Sex)), index(&l.DestGroups, string(f.DestGroup))
	only := index(&l.Types, string(f.Type))
	for i, t := range l.Types.Codes {
		if slices.Contains(d.Groups, t.Within) && (only < 0 || only == i) {
			c.types |= 1 << i
		}
	}
	return c, err
}

// FromLedger counts the record as known at an instant into the same shapes as an official edition. Returns
// whose destination country is not recorded are missing from the tables by destination.
func FromLedger(l *statistics.Ledger, asOf time.Time) *Holding {
	lists := statistics.Lists()
	rows := map[Table][]Row{}
	at := func(list *statistics.List, code string) int { i, _ := list.Index(code); return i }
	for r := range l.AsOf(asOf) {
		q, nation := statistics.QuarterOf(r.Departed), uint16(at(&lists.Countries, string(r.Nationality)))
		kind, dest := uint8(at(&lists.Types, string(r.Type))), uint8(at(&lists.DestGroups, string(r.DestGroup)))
		rows[D01] = append(rows[D01], Row{q, nation, kind, uint8(at(&lists.Ages, string(r.Age))), uint8(at(&lists.Sexes, string(r.Sex))), dest, 1})
		if r.Offender {
			rows[D03] = append(rows[D03], Row{q, nation, None, None, None, dest, 1})
		}
		if r.Destination != "" {
			to := uint16(at(&lists.Countries, string(r.Destination)))
			rows[D02] = append(rows[D02], Row{q, to, kind, None, None, None, 1})
			if r.Offender {
				rows[D04] = append(rows[D04], Row{q, to, None, None, None, None, 1})
			}
		}
	}
	for t := range rows {
		rows[t], _ = Merge(rows[t])
	}
	return &Holding{Edition: statistics.Edition{Series: statistics.Record, Published: asOf}, Provisional: true, Rows: rows}
}

// CellAt names the cell of a Ret_D01 row by its codes.
func CellAt(r Row) statistics.Cell {
	l := statistics.Lists()
	return statistics.Cell{Quarter: r.Quarter, Nationality: statistics.Country(l.Countries.Codes[r.Country].Code), Type: statistics.Type(l.Types.Codes[r.Type].Code),
		Age: statistics.Age(l.Ages.Codes[r.Age].Code), Sex: statistics.Sex(l.Sexes.Codes[r.Sex].Code), DestGroup: statistics.DestGroup(l.DestGroups.Codes[r.Dest].Code)}
}
