package cube

import (
	"math/big"
	"reflect"
	"testing"

	"countersign/internal/act"
	"countersign/internal/fault"
	"countersign/internal/statistics"

	"pgregory.net/rapid"
)

// small is the Albania table of section 4 of the facts, two groups by quarter, as an edition's rows.
func small(e statistics.Edition, quarters map[statistics.Quarter][2]int64) *Holding {
	l := statistics.Lists()
	albania, _ := l.Countries.Index("albania")
	detained, _ := l.Types.Index("enforced-detention")
	verified, _ := l.Types.Index("other-verified")
	var rows []Row
	for q, n := range quarters {
		rows = append(rows, Row{q, uint16(albania), uint8(detained), 1, 1, 0, n[0]}, Row{q, uint16(albania), uint8(verified), 1, 1, 0, n[1]})
	}
	rows, _ = Merge(rows)
	return &Holding{Edition: e, Rows: map[Table][]Row{D01: rows}}
}

func editions() []*Holding {
	q := statistics.Q
	may := statistics.Edition{Series: statistics.Quarterly, Published: statistics.Day(2023, 5, 25)}
	august := statistics.Edition{Series: statistics.Quarterly, Published: statistics.Day(2023, 8, 24)}
	live := statistics.Edition{Series: statistics.Live, Published: statistics.Day(2023, 4, 24)}
	return []*Holding{
		small(may, map[statistics.Quarter][2]int64{q(2022, 1): {282, 149}, q(2022, 2): {179, 214}, q(2022, 3): {255, 276}, q(2022, 4): {240, 363}}),
		small(live, map[statistics.Quarter][2]int64{q(2022, 1): {1, 1}}),
		small(august, map[statistics.Quarter][2]int64{q(2022, 1): {282, 150}, q(2022, 2): {179, 216}, q(2022, 3): {256, 283}, q(2022, 4): {242, 370}, q(2023, 1): {391, 505}}),
	}
}

func TestRevisions(t *testing.T) {
	f := Filter{Measure: statistics.VoluntaryReturns, Population: statistics.Population{Nationality: "albania"}, Period: statistics.Year(2022)}
	all := editions()
	v := Revisions(all, statistics.Quarterly, f)
	if len(v) != 2 || v[0].Value != 1002 || v[1].Value != 1019 {
		t.Errorf("revisions %+v: the live series is no vintage of the quarterly one", v)
	}
	tri, err := NewTriangle(all, statistics.Quarterly, f)
	if err != nil {
		t.Fatal(err)
	}
	b := tri.RevisionBand()
	if b.N != 4 || b.High.Cmp(big.NewRat(283, 276)) != 0 || b.Low.Cmp(big.NewRat(1, 1)) != 0 {
		t.Errorf("band %+v", b)
	}
	low, high, err := ShareBand(1002, 956, b, Band{Low: big.NewRat(1, 1), High: big.NewRat(256, 255)})
	half := big.NewRat(1, 2)
	if err != nil || low.Cmp(half) <= 0 || high.Cmp(low) <= 0 {
		t.Errorf("share band %v %v %v", low, high, err)
	}
	if _, err := all[0].YearOnYear(f); fault.KeyOf(err) != "fault.statistics.unpublished" {
		t.Errorf("no year before: %v", err)
	}
	if n, err := all[2].Rolling(f, statistics.Q(2023, 1)); err != nil || n != 216+283+370+505 {
		t.Errorf("rolling %d %v", n, err)
	}
}

func TestRefusals(t *testing.T) {
	h := editions()[0]
	albania := statistics.Population{Nationality: "albania"}
	half := statistics.Period{From: statistics.Day(2022, 1, 1), Until: statistics.Day(2022, 5, 1)}
	for name, c := range map[string]struct {
		f   Filter
		key string
	}{
		"not whole quarters": {Filter{Measure: statistics.WithoutPort, Population: albania, Period: half}, "fault.statistics.not-quarters"},
		"not held":           {Filter{Measure: statistics.WithoutPort, Population: albania, Period: statistics.Year(2023)}, "fault.statistics.unpublished"},
		"no table":           {Filter{Measure: statistics.OffenderReturns, Population: albania, Period: statistics.Year(2022)}, "fault.statistics.no-table"},
		"of and to":          {Filter{Measure: statistics.WithoutPort, Population: statistics.Population{Nationality: "albania", Destination: "albania"}, Period: statistics.Year(2022)}, "fault.statistics.two-populations"},
		"asylum-related":     {Filter{Measure: statistics.AsylumRelated, Population: albania, Period: statistics.Year(2022)}, "fault.statistics.not-held"},
		"offenders by age":   {Filter{Measure: statistics.OffenderReturns, Population: albania, Period: statistics.Year(2022), Age: "18-29"}, "fault.statistics.no-dimension"},
		"no such country":    {Filter{Measure: statistics.WithoutPort, Population: statistics.Population{Nationality: "atlantis"}, Period: statistics.Year(2022)}, "fault.statistics.code"},
	} {
		if _, err := h.Sum(c.f); fault.KeyOf(err) != c.key {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The array, the map and the record count alike.
func TestCountersAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first := statistics.Q(2021, 1)
		dense, err := NewCounter(first, first+3)
		if err != nil {
			t.Fatal(err)
		}
		sparse := *dense
		sparse.dense, sparse.sparse = nil, map[uint64]int64{}
		l := statistics.NewLedger()
		var rows []Row
		for i := range rapid.IntRange(0, 60).Draw(t, "n") {
			r := Row{first + statistics.Quarter(rapid.IntRange(0, 3).Draw(t, "q")), uint16(rapid.IntRange(0, 3).Draw(t, "c")), uint8(rapid.IntRange(0, 9).Draw(t, "t")),
				uint8(rapid.IntRange(0, 5).Draw(t, "a")), uint8(rapid.IntRange(0, 2).Draw(t, "s")), uint8(rapid.IntRange(0, 2).Draw(t, "d")), 1}
			rows = append(rows, r)
			if !dense.Add(r) || !sparse.Add(r) {
				t.Fatal("a cell inside the counter is refused")
			}
			cell := CellAt(r)
			if err := l.Record(statistics.Return{ID: act.ID(string(rune('A' + i))), Departed: r.Quarter.Start(), Type: cell.Type, Nationality: cell.Nationality,
				Age: cell.Age, Sex: cell.Sex, DestGroup: cell.DestGroup}, first.End()); err != nil {
				t.Fatal(err)
			}
		}
		merged, _ := Merge(rows)
		a, b, c := dense.Rows(), sparse.Rows(), FromLedger(l, first.End()).Rows[D01]
		if len(merged) == 0 {
			merged, c = nil, nil
		}
		if !reflect.DeepEqual(a, b) || !reflect.DeepEqual(a, append([]Row(nil), merged...)) || !reflect.DeepEqual(a, append([]Row(nil), c...)) {
			t.Fatalf("array %v, map %v, merged %v, record %v", a, b, merged, c)
		}
	})
}

// A count beyond what a cell of the array holds is not cut off.
func TestCounterLarge(t *testing.T) {
	c, err := NewCounter(statistics.Q(2022, 1), statistics.Q(2022, 1))
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int64{1 << 31, 1 << 33, 5, 1 << 31, -2} {
		c.Add(Row{Quarter: statistics.Q(2022, 1), Country: 1, N: n})
	}
	if rows := c.Rows(); len(rows) != 1 || rows[0].N != 1<<32+1<<33+3 {
		t.Errorf("%+v", rows)
	}
}

// Eurostat's columns: rounded to five, and the exact counts add up to ours.
func TestEurostat(t *testing.T) {
	h := editions()[0]
	rows, err := h.Eurostat("albania", statistics.Year(2022))
	if err != nil || len(rows) != 1 || rows[0].Exact != 1958 || rows[0].Value != 1960 {
		t.Errorf("%+v %v", rows, err)
	}
	if _, err := h.Eurostat("albania", statistics.Year(2023)); fault.KeyOf(err) != "fault.statistics.unpublished" {
		t.Error(err)
	}
	if f, ok := statistics.EurostatFlag("p"); !ok || f != "p" {
		t.Error("flag p")
	}
	if _, ok := statistics.EurostatFlag("x"); ok {
		t.Error("x is no flag of Eurostat")
	}
	for _, b := range statistics.Bridges() {
		if b.Note == "" || b.System == "" {
			t.Errorf("%+v", b)
		}
	}
}
