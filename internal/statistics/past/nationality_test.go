package past

import (
	"maps"
	"os"
	"path/filepath"
	"testing"
	"time"

	"countersign/internal/officialdata/datatest"
	"countersign/internal/statistics"
	"countersign/internal/statistics/cube"
	"countersign/internal/statistics/official"
)

// Another nationality's volumes, drawn from the official editions, come out as well: the counting knows
// nothing of Albania.
func TestAnotherNationality(t *testing.T) {
	for _, nationality := range []statistics.Country{"brazil", "iraq"} {
		first, last := statistics.Q(2021, 1), statistics.Q(2022, 3)
		february, may := drawn(t, February, nationality), drawn(t, May, nationality)
		var spans []Span
		for q := first; q <= last; q++ {
			spans = append(spans, Span{q.Start(), q.End().AddDate(0, 0, -1), []State{{February, quarter(february, q)}, {May, quarter(may, q)}}})
		}
		plan, err := Weave(spans, 3)
		if err != nil {
			t.Fatal(err)
		}
		l := ledger(t, plan, nil)
		for day, want := range map[time.Time]map[statistics.Cell]int64{February: february, May: may} {
			if got := l.Cells(KnownOn(day)); !maps.Equal(got, want) {
				t.Errorf("%s as known on %s: cells differ", nationality, day.Format(time.DateOnly))
			}
		}
	}
}

// drawn reads the cells of a nationality, 2021 Q1 to 2022 Q3, from an official edition.
func drawn(t *testing.T, edition time.Time, nationality statistics.Country) map[statistics.Cell]int64 {
	t.Helper()
	path := datatest.File(t, "returns/ret_d01_"+edition.Format(time.DateOnly)+".csv.gz")
	in, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	f, err := official.Read(in, filepath.Base(path), edition)
	if err != nil {
		t.Fatal(err)
	}
	l := statistics.Lists()
	want, _ := l.Countries.Index(string(nationality))
	cells := map[statistics.Cell]int64{}
	for _, r := range f.Rows {
		if int(r.Country) == want && r.Quarter >= statistics.Q(2021, 1) && r.Quarter <= statistics.Q(2022, 3) {
			cells[cube.CellAt(r)] += r.N
		}
	}
	if len(cells) == 0 {
		t.Fatalf("no cells of %s", nationality)
	}
	return cells
}
