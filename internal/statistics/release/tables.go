package release

import (
	"slices"
	"strconv"

	"countersign/internal/fault"
	"countersign/internal/statistics"
	"countersign/internal/statistics/cube"
	"countersign/internal/statistics/disclose"
)

// start opens a table; the returned function closes it.
func (b *builder) start(id, key string, wide bool, dims ...string) func() {
	t := Table{ID: id, Key: key, Dims: dims, Wide: wide, From: len(b.c.Cells)}
	return func() {
		t.Count = len(b.c.Cells) - t.From
		b.c.Tables = append(b.c.Tables, t)
	}
}

func (b *builder) filter(m statistics.Measure, p statistics.Period) cube.Filter {
	return cube.Filter{Measure: m, Population: b.of, Period: p}
}

// count adds a cell that the holding answers.
func (b *builder) count(f cube.Filter, obs, id string) int64 {
	n, err := b.in.Holding.Sum(f)
	if err != nil {
		b.fail(err)
		return 0
	}
	if b.in.Policy.Method == disclose.Suppress && n > 0 && n < b.in.Policy.Threshold {
		// A total by group that is small cannot be hidden beside the totals that it is part of: the release
		// needs longer periods or fewer groups.
		b.fail(fault.New(fault.Denied, "fault.release.small", "cell", id))
	}
	if b.in.Policy.Method == disclose.Round5 {
		n = disclose.RoundFive(n)
	}
	b.c.Cells = append(b.c.Cells, Cell{ID: id, Value: n, Obs: obs})
	b.publish(id, n, f)
	return n
}

func (b *builder) fail(err error) {
	if b.err == nil {
		b.err = err
	}
}

// publish notes what a shown cell sums, for the audit of differencing between tables.
func (b *builder) publish(id string, n int64, f cube.Filter) {
	if d, err := statistics.Define(f.Measure, b.in.Holding.Edition.Published); err == nil && d.Flag == "" {
		b.pub = append(b.pub, disclose.Published{ID: id, Value: n, Of: b.members(f)})
	}
}

// members are the finest cells that a filter sums.
func (b *builder) members(f cube.Filter) disclose.Set {
	var all []int
	_ = b.in.Holding.Each(f, func(r cube.Row) { // the same filter has just been answered
		k := r.Key()
		i, ok := b.base[k]
		if !ok {
			i = len(b.base)
			b.base[k] = i
		}
		all = append(all, i)
	})
	return disclose.NewSet(all...)
}

// groups are the columns of the tables by group: the parts, their total, and port apart from it.
var groups = []statistics.Measure{statistics.EnforcedReturns, statistics.VoluntaryReturns, statistics.WithoutPort, statistics.PortReturns}

// obs marks provisional values: voluntary returns of the last year are learned late (facts, section 4).
func (b *builder) obs(m statistics.Measure, p statistics.Period) string {
	late := m == statistics.VoluntaryReturns || m == statistics.WithoutPort || m == statistics.WithPort
	if late && p.Until.After(b.in.Holding.Edition.Published.AddDate(-1, 0, 0)) || b.in.Holding.Provisional {
		return "p"
	}
	return ""
}

// revised marks a value that differs from the newest earlier edition that holds it.
func (b *builder) revised(f cube.Filter) bool {
	now, err := b.in.Holding.Sum(f)
	if err != nil || len(b.in.Earlier) == 0 {
		return false
	}
	before, err := b.in.Earlier[len(b.in.Earlier)-1].Sum(f)
	return err == nil && before != now
}

func (b *builder) wholeYears() []int {
	var all []int
	for y := b.in.First.Year(); y <= b.in.Last.Year(); y++ {
		if statistics.Q(y, 1) >= b.in.First && statistics.Q(y, 4) <= b.in.Last {
			all = append(all, y)
		}
	}
	return all
}

func (b *builder) years() {
	defer b.start("1", "release.table.years", true, "year", "measure")()
	for _, y := range b.wholeYears() {
		var enforced, total int64
		for _, m := range groups {
			f := b.filter(m, statistics.Year(y))
			n := b.count(f, b.status(f, m), cellID("1", strconv.Itoa(y), string(m)))
			switch m {
			case statistics.EnforcedReturns:
				enforced = n
			case statistics.WithoutPort:
				total = n
			}
		}
		if share, err := scaled(enforced, total); err == nil {
			p := statistics.Year(y)
			b.c.Cells = append(b.c.Cells, Cell{ID: cellID("1", strconv.Itoa(y), "enforced-share"), Value: share, Decimals: 1, Obs: b.obs(statistics.WithoutPort, p)})
		} else {
			b.c.Cells = append(b.c.Cells, Cell{ID: cellID("1", strconv.Itoa(y), "enforced-share"), Obs: "z"})
		}
	}
}

func (b *builder) status(f cube.Filter, m statistics.Measure) string {
	s := b.obs(m, f.Period)
	if b.revised(f) {
		s += "r"
	}
	return s
}

func (b *builder) quarters() {
	defer b.start("2", "release.table.quarters", true, "quarter", "measure")()
	for q := b.in.First; q <= b.in.Last; q++ {
		for _, m := range groups {
			f := b.filter(m, statistics.QuarterPeriod(q))
			b.count(f, b.status(f, m), cellID("2", q.String(), string(m)))
		}
	}
}

// protected adds a two-way table under the disclosure policy; open says which of its totals no table shows.
func (b *builder) protected(table string, open disclose.Table, rows, columns []string, filter func(r, c string) cube.Filter) {
	t := open
	t.Cells = make([][]int64, len(rows))
	for i, r := range rows {
		for _, c := range columns {
			n, err := b.in.Holding.Sum(filter(r, c))
			if err != nil {
				b.fail(err)
				return
			}
			t.Cells[i] = append(t.Cells[i], n)
		}
	}
	var mask disclose.Mask
	if b.in.Policy.Method == disclose.Suppress {
		var err error
		if mask, err = disclose.SuppressTable(t, b.in.Policy); err != nil {
			b.fail(err)
			return
		}
	}
	for i, r := range rows {
		for j, c := range columns {
			id, n := cellID(table, r, c), t.Cells[i][j]
			withheld := mask != nil && mask[i][j]
			if b.in.Policy.Method == disclose.Round5 {
				n = disclose.RoundFive(n)
			}
			f := filter(r, c)
			b.c.Cells = append(b.c.Cells, Cell{ID: id, Value: n, Withheld: withheld, Obs: b.obs(statistics.WithoutPort, f.Period)})
			if !withheld {
				b.publish(id, n, f)
			}
		}
	}
}

func (b *builder) destinations() {
	defer b.start("3", "release.table.destinations", true, "quarter", "destination_group")()
	var rows []string
	for q := b.in.First; q <= b.in.Last; q++ {
		rows = append(rows, q.String())
	}
	b.protected("3", disclose.Table{OpenColumns: true}, rows, codes(&statistics.Lists().DestGroups), func(r, c string) cube.Filter {
		q, err := statistics.ParseQuarter(r)
		if err != nil {
			b.fail(err)
		}
		f := b.filter(statistics.WithoutPort, statistics.QuarterPeriod(q))
		f.DestGroup = statistics.DestGroup(c)
		return f
	})
}

// ages is for the last whole year: a table by quarter would be all small cells.
func (b *builder) ages() {
	years := b.wholeYears()
	if len(years) == 0 {
		return
	}
	defer b.start("4", "release.table.ages", true, "age", "sex")()
	b.protected("4", disclose.Table{OpenRows: true, OpenColumns: true}, codes(&statistics.Lists().Ages), codes(&statistics.Lists().Sexes), func(r, c string) cube.Filter {
		f := b.filter(statistics.WithoutPort, statistics.Year(years[len(years)-1]))
		f.Age, f.Sex = statistics.Age(r), statistics.Sex(c)
		return f
	})
}

func codes(l *statistics.List) []string {
	var all []string
	for _, c := range l.Codes {
		all = append(all, c.Code)
	}
	return all
}

// offenders stand in a table of their own: they are counted in the others already.
func (b *builder) offenders() {
	if _, _, ok := b.in.Holding.Quarters(cube.D03); !ok {
		return
	}
	defer b.start("5", "release.table.offenders", true, "quarter", "measure")()
	for q := b.in.First; q <= b.in.Last; q++ {
		f := b.filter(statistics.OffenderReturns, statistics.QuarterPeriod(q))
		n, err := b.in.Holding.Sum(f)
		if fault.KindOf(err) == fault.Missing {
			b.c.Cells = append(b.c.Cells, Cell{ID: cellID("5", q.String(), string(statistics.OffenderReturns)), Obs: "x"})
			continue
		} else if err != nil {
			b.fail(err)
		}
		b.c.Cells = append(b.c.Cells, Cell{ID: cellID("5", q.String(), string(statistics.OffenderReturns)), Value: n, Withheld: b.in.Policy.Method == disclose.Suppress && n > 0 && n < b.in.Policy.Threshold})
	}
}

// revisions show every earlier edition's value of the total beside the present one.
func (b *builder) revisions() {
	if len(b.in.Earlier) == 0 {
		return
	}
	defer b.start("6", "release.table.revisions", true, "quarter", "edition")()
	all := append(append([]*cube.Holding{}, b.in.Earlier...), b.in.Holding)
	for q := b.in.First; q <= b.in.Last; q++ {
		for _, h := range all {
			id := cellID("6", q.String(), h.Edition.Published.Format("2006-01-02"))
			n, err := h.Sum(b.filter(statistics.WithoutPort, statistics.QuarterPeriod(q)))
			if err != nil {
				b.c.Cells = append(b.c.Cells, Cell{ID: id, Obs: "x"})
				continue
			}
			b.c.Cells = append(b.c.Cells, Cell{ID: id, Value: n})
		}
	}
}

// detailed is every cell of the finest table, under rounding or, for official data that are published
// already, without control. Suppression is not offered for it: it would leave nothing.
func (b *builder) detailed() {
	if b.in.Policy.Method == disclose.Suppress {
		b.fail(fault.New(fault.Invalid, "fault.release.detailed"))
		return
	}
	defer b.start("7", "release.table.detailed", false, "quarter", "nationality", "type", "age", "sex", "destination_group")()
	l := statistics.Lists()
	b.c.Cells = slices.Grow(b.c.Cells, len(b.in.Holding.Rows[cube.D01]))
	for _, r := range b.in.Holding.Rows[cube.D01] {
		if r.Quarter < b.in.First || r.Quarter > b.in.Last {
			continue
		}
		n := r.N
		if b.in.Policy.Method == disclose.Round5 {
			n = disclose.RoundFive(n)
		}
		b.c.Cells = append(b.c.Cells, Cell{ID: "7/" + r.Quarter.String() + "/" + l.Countries.Codes[r.Country].Code + "/" + l.Types.Codes[r.Type].Code + "/" +
			l.Ages.Codes[r.Age].Code + "/" + l.Sexes.Codes[r.Sex].Code + "/" + l.DestGroups.Codes[r.Dest].Code, Value: n})
	}
}
