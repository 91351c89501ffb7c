// Package disclose keeps published tables from telling about single people: it withholds small cells with
// enough others that they cannot be computed back, rounds to base 5, and audits what differencing between
// tables or between editions would reveal.
//
// It never changes a count that it does not mark, and never decides to publish: an audit that finds a risk
// blocks the release until a person resolves it.
package disclose

import (
	"slices"

	"countersign/internal/fault"
)

// Policy says what is small. It is data of a release and its hash is in the manifest.
type Policy struct {
	Method    string `json:"method"`    // "none", "suppress" or "round-5"
	Threshold int64  `json:"threshold"` // suppress: counts from 1 to Threshold-1 are withheld
	Spread    int64  `json:"spread"`    // an attacker must not know a withheld count closer than within this range
}

// Methods of a policy.
const (
	NoControl = "none"
	Suppress  = "suppress"
	Round5    = "round-5"
)

// DefaultPolicy withholds counts below 5.
var DefaultPolicy = Policy{Method: Suppress, Threshold: 5, Spread: 4}

// Table is a two-way table. The totals by row and by column count as published, here or in another table,
// unless they are said to be open; the grand total always does.
type Table struct {
	Cells       [][]int64
	OpenRows    bool // the totals of rows are published nowhere
	OpenColumns bool
}

// Margins returns the totals by row and by column.
func (t Table) Margins() (rows, columns []int64) {
	rows = make([]int64, len(t.Cells))
	if len(t.Cells) > 0 {
		columns = make([]int64, len(t.Cells[0]))
	}
	for i, r := range t.Cells {
		for j, n := range r {
			rows[i] += n
			columns[j] += n
		}
	}
	return rows, columns
}

// Mask says which cells are withheld.
type Mask [][]bool

// Withheld counts the cells of a mask.
func (m Mask) Withheld() int {
	n := 0
	for _, r := range m {
		for _, w := range r {
			if w {
				n++
			}
		}
	}
	return n
}

// SuppressTable withholds every small cell and as many others as it takes that no small cell can be known
// more closely than the policy's spread from the margins. A table in which that cannot be done is refused:
// it has to be published with fewer categories.
func SuppressTable(t Table, p Policy) (Mask, error) {
	m := make(Mask, len(t.Cells))
	var primary [][2]int
	for i, r := range t.Cells {
		if len(r) != len(t.Cells[0]) {
			return nil, fault.New(fault.Invalid, "fault.disclose.ragged")
		}
		m[i] = make([]bool, len(r))
		for j, n := range r {
			if n < 0 {
				return nil, fault.New(fault.Invalid, "fault.disclose.negative")
			}
			if n > 0 && n < p.Threshold {
				m[i][j] = true
				primary = append(primary, [2]int{i, j})
			}
		}
	}
	for {
		exposed, ok := firstExposed(t, m, primary, p)
		if !ok {
			return m, nil
		}
		if !widen(t, m, exposed) {
			return nil, fault.New(fault.Denied, "fault.disclose.cannot-protect")
		}
	}
}

func firstExposed(t Table, m Mask, primary [][2]int, p Policy) ([2]int, bool) {
	low, high := Attack(t, m)
	for _, c := range primary {
		if high[c[0]][c[1]]-low[c[0]][c[1]] < p.Spread {
			return c, true
		}
	}
	return [2]int{}, false
}

// widen withholds one more cell for the sake of c: the smallest that is not yet withheld in its row or
// column, so that each of both has two; then anywhere in the rows and columns that hold withheld cells.
// Cells of zero protect little and are taken last.
func widen(t Table, m Mask, c [2]int) bool {
	inRow, inColumn := 0, 0
	for j := range m[c[0]] {
		if m[c[0]][j] {
			inRow++
		}
	}
	for i := range m {
		if m[i][c[1]] {
			inColumn++
		}
	}
	row := func(i, j int) bool { return i == c[0] }
	column := func(i, j int) bool { return j == c[1] }
	tries := []func(i, j int) bool{row, column}
	if inColumn < inRow {
		tries = []func(i, j int) bool{column, row}
	}
	// A rectangle of withheld cells protects all its corners: prefer cells that close one.
	closes := func(i, j int) bool {
		return i != c[0] && j != c[1] && m[i][c[1]] && m[c[0]][j]
	}
	tries = append([]func(i, j int) bool{closes}, tries...)
	tries = append(tries, func(i, j int) bool { return true })
	for _, fits := range tries {
		best, at := int64(-1), [2]int{}
		for i := range m {
			for j := range m[i] {
				if m[i][j] || !fits(i, j) {
					continue
				}
				n := t.Cells[i][j]
				if n == 0 {
					n = 1 << 62
				}
				if best < 0 || n < best {
					best, at = n, [2]int{i, j}
				}
			}
		}
		if best >= 0 {
			m[at[0]][at[1]] = true
			return true
		}
	}
	return false
}

// Attack computes what anyone can: the smallest and largest value that each withheld cell may have, given
// the published cells, the margins, and that counts are not negative. Bound propagation suffices in two
// dimensions (facts/statistics.md, section 6).
func Attack(t Table, m Mask) (low, high [][]int64) {
	rows, columns := t.Margins()
	var all int64
	low, high = make([][]int64, len(t.Cells)), make([][]int64, len(t.Cells))
	for i, r := range t.Cells {
		low[i], high[i] = slices.Clone(r), slices.Clone(r)
		all += rows[i]
	}
	for i, r := range t.Cells {
		for j := range r {
			if m[i][j] {
				low[i][j], high[i][j] = 0, all
			}
		}
	}
	for changed := true; changed; {
		changed = false
		for i := range t.Cells {
			if !t.OpenRows {
				changed = tighten(rows[i], len(t.Cells[i]), func(j int) (*int64, *int64) { return &low[i][j], &high[i][j] }) || changed
			}
		}
		for j := range columns {
			if !t.OpenColumns {
				changed = tighten(columns[j], len(t.Cells), func(i int) (*int64, *int64) { return &low[i][j], &high[i][j] }) || changed
			}
		}
		if n := len(columns); n > 0 {
			changed = tighten(all, n*len(rows), func(k int) (*int64, *int64) { return &low[k/n][k%n], &high[k/n][k%n] }) || changed
		}
	}
	return low, high
}

// tighten narrows the cells of one line by its total.
func tighten(total int64, n int, cell func(int) (low, high *int64)) bool {
	var sumLow, sumHigh int64
	for k := range n {
		l, h := cell(k)
		sumLow, sumHigh = sumLow+*l, sumHigh+*h
	}
	changed := false
	for k := range n {
		l, h := cell(k)
		if v := total - (sumHigh - *h); v > *l {
			sumLow += v - *l
			*l, changed = v, true
		}
		if v := total - (sumLow - *l); v < *h {
			sumHigh -= *h - v
			*h, changed = v, true
		}
	}
	return changed
}

// RoundFive rounds to the nearest multiple of five: 1 and 2 become 0, marked [low] by who shows it.
func RoundFive(n int64) int64 {
	if n < 0 {
		return -RoundFive(-n)
	}
	return (n + 2) / 5 * 5
}
