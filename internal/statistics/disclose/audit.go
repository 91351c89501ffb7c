package disclose

import (
	"math/bits"
	"slices"
	"time"

	"countersign/internal/statistics"
	"countersign/internal/statistics/cube"
)

// Risk is one thing that can be learned about few people.
type Risk struct {
	Kind     string // "editions" or "tables"
	One      string // the cell, or the larger of two published cells
	Other    string // the earlier edition, or the smaller cell
	Residual int64  // how many people the difference is about; negative: taken out of the cell
}

// Differences is what two editions tell together: exact vintages are a disclosure channel of their own
// (facts/statistics.md, section 5).
type Differences struct {
	From, To  time.Time
	Changed   int // cells that differ in quarters that both editions hold
	OnePerson int // of these, by exactly one
	Risks     []Risk
}

// AuditEditions compares two editions of one table cell by cell in the quarters that both hold. Codes make
// labels comparable: a renamed nationality is no change. Changes of less than threshold people are risks.
func AuditEditions(earlier, later *cube.Holding, t cube.Table, threshold int64) Differences {
	d := Differences{From: earlier.Edition.Published, To: later.Edition.Published}
	_, end, ok := earlier.Quarters(t)
	_, other, ok2 := later.Quarters(t)
	if !ok || !ok2 {
		return d
	}
	end = min(end, other)
	a, b := earlier.Rows[t], later.Rows[t]
	for len(a) > 0 || len(b) > 0 {
		var r cube.Row
		var change int64
		switch {
		case len(b) == 0 || len(a) > 0 && a[0].Compare(b[0]) < 0:
			r, change, a = a[0], -a[0].N, a[1:]
		case len(a) == 0 || b[0].Compare(a[0]) < 0:
			r, change, b = b[0], b[0].N, b[1:]
		default:
			r, change, a, b = b[0], b[0].N-a[0].N, a[1:], b[1:]
		}
		if change == 0 || r.Quarter > end {
			continue
		}
		d.Changed++
		size := max(change, -change)
		if size == 1 {
			d.OnePerson++
		}
		if size < threshold {
			d.Risks = append(d.Risks, Risk{"editions", Name(r), earlier.Edition.String(), change})
		}
	}
	return d
}

// Name writes a cell by its codes.
func Name(r cube.Row) string {
	l := statistics.Lists()
	s := r.Quarter.String() + " " + l.Countries.Codes[r.Country].Code
	for _, d := range []struct {
		list  *statistics.List
		index uint8
	}{{&l.Types, r.Type}, {&l.Ages, r.Age}, {&l.Sexes, r.Sex}, {&l.DestGroups, r.Dest}} {
		if d.index != cube.None {
			s += " " + d.list.Codes[d.index].Code
		}
	}
	return s
}

// Set is a set of base cells, by index.
type Set []uint64

// NewSet makes a set of the given base cells.
func NewSet(members ...int) Set {
	var s Set
	for _, m := range members {
		for len(s) <= m/64 {
			s = append(s, 0)
		}
		s[m/64] |= 1 << (m % 64)
	}
	return s
}

// within tells whether s lies strictly within o, and how many members o has beyond it.
func (s Set) within(o Set) (beyond int, ok bool) {
	for i, w := range s {
		if i >= len(o) && w != 0 || i < len(o) && w&^o[i] != 0 {
			return 0, false
		}
	}
	for i, w := range o {
		var mine uint64
		if i < len(s) {
			mine = s[i]
		}
		beyond += bits.OnesCount64(w &^ mine)
	}
	return beyond, beyond > 0
}

// Published is one published count with the base cells that it sums.
type Published struct {
	ID    string
	Value int64
	Of    Set
}

// AuditTables finds pairs of published counts of which one lies within the other and whose difference is
// about fewer than threshold people, though that difference is not itself published.
func AuditTables(cells []Published, threshold int64) []Risk {
	var risks []Risk
	for i := range cells {
		for j := range cells {
			if i == j {
				continue
			}
			residual := cells[i].Value - cells[j].Value
			if residual <= 0 || residual >= threshold {
				continue
			}
			if _, ok := cells[j].Of.within(cells[i].Of); ok {
				risks = append(risks, Risk{"tables", cells[i].ID, cells[j].ID, residual})
			}
		}
	}
	slices.SortFunc(risks, func(a, b Risk) int { return int(a.Residual - b.Residual) })
	return risks
}
