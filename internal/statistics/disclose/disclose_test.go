package disclose

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"countersign/internal/fault"
	"countersign/internal/officialdata/datatest"
	"countersign/internal/statistics/cube"
	"countersign/internal/statistics/official"

	"pgregory.net/rapid"
)

// The audit finds what differencing between the four editions reveals (facts/statistics.md, section 5).
func TestAuditEditions(t *testing.T) {
	var holdings []*cube.Holding
	for _, e := range official.Editions {
		path := datatest.File(t, "returns/ret_d01_"+e.Format(time.DateOnly)+".csv.gz")
		in, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		f, err := official.Read(in, filepath.Base(path), e)
		_ = in.Close()
		if err != nil {
			t.Fatal(err)
		}
		h, err := official.Holdings([]*official.File{f})
		if err != nil {
			t.Fatal(err)
		}
		holdings = append(holdings, h...)
	}
	for i, want := range [][2]int{{1086, 852}, {303, 274}, {520, 453}} {
		d := AuditEditions(holdings[i], holdings[i+1], cube.D01, 5)
		if d.Changed != want[0] || d.OnePerson != want[1] || len(d.Risks) < d.OnePerson {
			t.Errorf("%s to %s: %d changed, %d by one person, %d risks; want %v", d.From.Format(time.DateOnly), d.To.Format(time.DateOnly), d.Changed, d.OnePerson, len(d.Risks), want)
		}
	}
}

// feasible enumerates every table that fits what is published, and returns the values that each withheld
// cell takes: the exact attack, for small tables.
func feasible(t Table, m Mask) map[[2]int][2]int64 {
	rows, columns := t.Margins()
	var left int64 // of the grand total
	for _, n := range rows {
		left += n
	}
	var open [][2]int
	for i := range m {
		for j := range m[i] {
			if m[i][j] {
				open = append(open, [2]int{i, j})
			} else {
				rows[i] -= t.Cells[i][j]
				columns[j] -= t.Cells[i][j]
				left -= t.Cells[i][j]
			}
		}
	}
	seen := map[[2]int][2]int64{}
	value := make([]int64, len(open))
	var walk func(k int)
	walk = func(k int) {
		if k == len(open) {
			if left != 0 {
				return
			}
			for _, n := range rows {
				if n != 0 && !t.OpenRows {
					return
				}
			}
			for _, n := range columns {
				if n != 0 && !t.OpenColumns {
					return
				}
			}
			for x, c := range open {
				b, ok := seen[c]
				if !ok {
					b = [2]int64{value[x], value[x]}
				}
				seen[c] = [2]int64{min(b[0], value[x]), max(b[1], value[x])}
			}
			return
		}
		c := open[k]
		limit := left
		if !t.OpenRows {
			limit = min(limit, rows[c[0]])
		}
		if !t.OpenColumns {
			limit = min(limit, columns[c[1]])
		}
		for n := int64(0); n <= limit; n++ {
			value[k] = n
			left -= n
			rows[c[0]] -= n
			columns[c[1]] -= n
			walk(k + 1)
			rows[c[0]] += n
			columns[c[1]] += n
			left += n
		}
	}
	walk(0)
	return seen
}

// No withheld small cell can be computed back: bound propagation agrees with the exact attack.
func TestSuppression(t *testing.T) {
	p := Policy{Method: Suppress, Threshold: 3, Spread: 2}
	rapid.Check(t, func(t *rapid.T) {
		n, k := rapid.IntRange(2, 3).Draw(t, "rows"), rapid.IntRange(2, 3).Draw(t, "columns")
		table := Table{Cells: make([][]int64, n), OpenRows: rapid.Bool().Draw(t, "open rows"), OpenColumns: rapid.Bool().Draw(t, "open columns")}
		for i := range table.Cells {
			for range k {
				table.Cells[i] = append(table.Cells[i], rapid.Int64Range(0, 4).Draw(t, "n"))
			}
		}
		m, err := SuppressTable(table, p)
		if err != nil {
			if fault.KeyOf(err) != "fault.disclose.cannot-protect" {
				t.Fatal(err)
			}
			return
		}
		low, high := Attack(table, m)
		exact := feasible(table, m)
		for i, r := range table.Cells {
			for j, v := range r {
				if v > 0 && v < p.Threshold && !m[i][j] {
					t.Fatalf("small cell %d shown", v)
				}
				b, open := exact[[2]int{i, j}]
				if open != m[i][j] {
					t.Fatalf("cell %d,%d", i, j)
				}
				if open && (b[0] < low[i][j] || b[1] > high[i][j]) {
					t.Fatalf("bound propagation claims more than is so: [%d,%d], exactly %v", low[i][j], high[i][j], b)
				}
				if open && v > 0 && v < p.Threshold && b[1]-b[0] < p.Spread {
					t.Fatalf("cell of %d is known within %v: %v %v", v, b, table.Cells, m)
				}
			}
		}
	})
}

func TestCannotProtect(t *testing.T) {
	if _, err := SuppressTable(Table{Cells: [][]int64{{1}}}, DefaultPolicy); fault.KeyOf(err) != "fault.disclose.cannot-protect" {
		t.Error(err)
	}
	if _, err := SuppressTable(Table{Cells: [][]int64{{1, 2}, {3}}}, DefaultPolicy); fault.KeyOf(err) != "fault.disclose.ragged" {
		t.Error(err)
	}
}

func TestRoundFive(t *testing.T) {
	for n, want := range map[int64]int64{0: 0, 1: 0, 2: 0, 3: 5, 4: 5, 5: 5, 7: 5, 8: 10, 3866: 3865, -3: -5} {
		if got := RoundFive(n); got != want {
			t.Errorf("%d: %d, want %d", n, got, want)
		}
	}
}

// A table of all and a table of all but one kind tell the kind.
func TestAuditTables(t *testing.T) {
	risks := AuditTables([]Published{{"all", 100, NewSet(0, 1, 70)}, {"all but few", 98, NewSet(0, 70)}, {"other", 97, NewSet(2)}, {"half", 50, NewSet(0)}}, 5)
	if len(risks) != 1 || risks[0].One != "all" || risks[0].Other != "all but few" || risks[0].Residual != 2 {
		t.Errorf("%+v", risks)
	}
}
