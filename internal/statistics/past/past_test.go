package past

import (
	"maps"
	"reflect"
	"testing"
	"time"

	"countersign/internal/act"
	"countersign/internal/statistics"
	"countersign/internal/statistics/official"
)

// ledger folds a plan; skip may leave an item out.
func ledger(t *testing.T, plan []Batch, skip func(Item) bool) *statistics.Ledger {
	t.Helper()
	l := statistics.NewLedger()
	for _, b := range plan {
		for _, i := range b.Items {
			if skip != nil && skip(i) {
				continue
			}
			if err := i.Apply(l, b.RecordedAt); err != nil {
				t.Fatal(err)
			}
		}
	}
	return l
}

func count(t *testing.T, l *statistics.Ledger, m statistics.Measure, p statistics.Period, day time.Time) int64 {
	t.Helper()
	n, err := l.Count(statistics.Query{Measure: m, Period: p, Nationality: "albania"}, KnownOn(day))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// The origin's figures of 24 April 2023 come out of the acts, whatever the seed.
func TestOrigin(t *testing.T) {
	for seed := range uint64(4) {
		l := ledger(t, Plan(seed), nil)
		for _, f := range official.Table().Origin.Figures {
			p := statistics.Year(2022)
			switch f.Period {
			case "2021":
				p = statistics.Year(2021)
			case "2023 Q1":
				p = statistics.QuarterPeriod(statistics.Q(2023, 1))
			}
			if got := count(t, l, f.Measure, p, April); got != f.Value {
				t.Errorf("seed %d: %s %s as known on 24 April: %d, stated %d", seed, f.Period, f.Measure, got, f.Value)
			}
		}
		over := count(t, l, statistics.WithoutPort, statistics.Days(statistics.Day(2022, 12, 13), statistics.Day(2023, 4, 7)), April)
		if over <= 1000 || over > 1100 {
			t.Errorf("seed %d: 13 December to 7 April: %d, stated over 1,000", seed, over)
		}
	}
}

// As known on the days of the two official editions, every published cell comes out.
func TestOfficialEditions(t *testing.T) {
	l := ledger(t, Plan(1), nil)
	for _, c := range []struct {
		day  time.Time
		last statistics.Quarter
	}{{February, statistics.Q(2022, 3)}, {May, statistics.Q(2022, 4)}} {
		want := official.Table().CellsOf(c.day, statistics.Q(2021, 1), c.last)
		got := map[statistics.Cell]int64{}
		offenders := map[statistics.Quarter]map[statistics.DestGroup]int64{}
		for cell, n := range l.Cells(KnownOn(c.day)) {
			if cell.Quarter > c.last {
				continue
			}
			if cell.Offender {
				if offenders[cell.Quarter] == nil {
					offenders[cell.Quarter] = map[statistics.DestGroup]int64{}
				}
				offenders[cell.Quarter][cell.DestGroup] += n
			}
			cell.Offender = false
			got[cell] += n
		}
		if !maps.Equal(got, want) {
			t.Errorf("%s: cells differ from Ret_D01", c.day.Format(time.DateOnly))
		}
		if want := official.Table().OffendersOf(c.day); !reflect.DeepEqual(offenders, want) {
			t.Errorf("%s: offenders %v, Ret_D03 has %v", c.day.Format(time.DateOnly), offenders, want)
		}
		for _, q := range official.Table().Quarters {
			if !q.Edition.Equal(c.day) || q.Quarter < statistics.Q(2021, 1) {
				continue
			}
			p := statistics.QuarterPeriod(q.Quarter)
			for m, n := range map[statistics.Measure]int64{statistics.EnforcedReturns: q.Enforced, statistics.VoluntaryReturns: q.Voluntary,
				statistics.PortReturns: q.Port, statistics.OffenderReturns: q.Offender, statistics.WithoutPort: q.Enforced + q.Voluntary} {
				if got := count(t, l, m, p, c.day); got != n {
					t.Errorf("%s %s %s: %d, published %d", c.day.Format(time.DateOnly), q.Quarter, m, got, n)
				}
			}
		}
	}
}

// The plan is one per seed, in order, and exercises corrections and retractions.
func TestShape(t *testing.T) {
	a, b := Plan(7), Plan(7)
	if !reflect.DeepEqual(a, b) {
		t.Error("one seed gives two plans")
	}
	if reflect.DeepEqual(a, Plan(8)) {
		t.Error("the seed does not matter")
	}
	ops := map[Op]int{}
	var last time.Time
	for _, batch := range a {
		if !batch.RecordedAt.After(last) {
			t.Fatalf("batch at %s after %s", batch.RecordedAt, last)
		}
		last = batch.RecordedAt
		for _, i := range batch.Items {
			ops[i.Op]++
			if i.Op == Record && batch.RecordedAt.Before(i.Return.Departed) {
				t.Errorf("recorded on %s, departed on %s", batch.RecordedAt, i.Return.Departed)
			}
		}
	}
	if ops[Record] < 5500 || ops[Record] > 5800 || ops[Correct] < 3 || ops[Retract] < 3 {
		t.Errorf("items %v: want about 5,600 records and at least three corrections and retractions", ops)
	}
	t.Logf("%d batches, %v, last %s", len(a), ops, last.Format(time.DateOnly))
}

// Leaving out, retracting or backdating one return moves exactly the cells that it is in.
func TestOneActMovesOneCell(t *testing.T) {
	plan := Plan(1)
	cells := func(l *statistics.Ledger) map[statistics.Cell]int64 { return l.Cells(KnownOn(May)) }
	before := cells(ledger(t, plan, nil))
	touched := map[act.ID]int{}
	for _, b := range plan {
		for _, i := range b.Items {
			touched[i.Return.ID]++
		}
	}
	var one statistics.Return
	for _, b := range plan {
		for _, i := range b.Items {
			if one.ID == "" && touched[i.Return.ID] == 1 && statistics.QuarterOf(i.Return.Departed) == statistics.Q(2022, 2) {
				one = i.Return
			}
		}
	}
	moved := func(l *statistics.Ledger) map[statistics.Cell]int64 {
		d := map[statistics.Cell]int64{}
		after := cells(l)
		for c := range before {
			if n := after[c] - before[c]; n != 0 {
				d[c] = n
			}
		}
		for c, n := range after {
			if _, ok := before[c]; !ok {
				d[c] = n
			}
		}
		return d
	}
	cell := statistics.CellOf(&one)
	if got := moved(ledger(t, plan, func(i Item) bool { return i.Return.ID == one.ID })); !maps.Equal(got, map[statistics.Cell]int64{cell: -1}) {
		t.Errorf("removed: %v", got)
	}
	l := ledger(t, plan, nil)
	if err := l.Retract(one.ID, May); err != nil {
		t.Fatal(err)
	}
	if got := moved(l); !maps.Equal(got, map[statistics.Cell]int64{cell: -1}) {
		t.Errorf("retracted: %v", got)
	}
	l = ledger(t, plan, nil)
	backdated := one
	backdated.Departed = one.Departed.AddDate(0, -3, 0)
	if err := l.Correct(backdated, May); err != nil {
		t.Fatal(err)
	}
	if got := moved(l); !maps.Equal(got, map[statistics.Cell]int64{cell: -1, statistics.CellOf(&backdated): 1}) {
		t.Errorf("backdated: %v", got)
	}
	if got := count(t, l, statistics.WithoutPort, statistics.Year(2022), April); got != 1888 {
		t.Errorf("a correction of May changed what was known in April: %d", got)
	}
}
