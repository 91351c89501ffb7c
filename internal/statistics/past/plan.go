package past

import (
	"math/rand/v2"
	"slices"
	"time"

	"countersign/internal/statistics"
	"countersign/internal/statistics/official"
)

// The days on which the plan's counts equal what was published.
var (
	February = statistics.Day(2023, 2, 23) // official edition, quarters to 2022 Q3
	April    = statistics.Day(2023, 4, 24) // the origin's statement
	May      = statistics.Day(2023, 5, 25) // official edition, quarters to 2022 Q4
	August   = statistics.Day(2023, 8, 24) // official edition: distribution of 2023 Q1
)

// missing is how many returns of a group were not yet known on 24 April though the May edition has them.
// Only the sums are published (954 of 956, 934 of 1,002, 492 of 494); their quarters are our assumption.
type missing struct{ enforced, voluntary int64 }

var unknownInApril = map[statistics.Quarter]missing{
	statistics.Q(2021, 3): {0, 1}, statistics.Q(2021, 4): {0, 1},
	statistics.Q(2022, 1): {0, 4}, statistics.Q(2022, 2): {0, 9}, statistics.Q(2022, 3): {0, 18},
}

// The span of "over 1,000 returns": published rows are quarterly, so the dates inside it are our
// assumption: 162 of the May edition's 603 returns of 2022 Q4 from 13 December on (10 of them unknown in
// April), and 70 in the first week of April.
const (
	decemberReturns  = 162
	firstWeekReturns = 70
)

// Plan is the demo's past of Albanian nationals, 2021 to May 2023.
func Plan(seed uint64) []Batch {
	batches, err := Weave(Spans(official.Table(), seed), seed)
	if err != nil {
		panic(err) // the shipped table does not fit the spans: a fault of the build, found by tests
	}
	return batches
}

// Spans are the states of knowledge that the plan reproduces.
func Spans(t *official.Compact, seed uint64) []Span {
	rng := rand.New(rand.NewPCG(seed, 0x7370616e73))
	february := withOffenders(t.CellsOf(February, statistics.Q(2021, 1), statistics.Q(2022, 3)), t.OffendersOf(February))
	may := withOffenders(t.CellsOf(May, statistics.Q(2021, 1), statistics.Q(2022, 4)), t.OffendersOf(May))
	var spans []Span
	for q := statistics.Q(2021, 1); q <= statistics.Q(2022, 3); q++ {
		early, late := quarter(february, q), quarter(may, q)
		april := without(late, unknownInApril[q], early, rng)
		spans = append(spans, Span{q.Start(), q.End().AddDate(0, 0, -1), []State{{February, early}, {April, april}, {May, late}}})
	}
	spans = append(spans, fourthQuarter(quarter(may, statistics.Q(2022, 4)), rng)...)
	first := t.CellsOf(August, statistics.Q(2023, 1), statistics.Q(2023, 1))
	first = withOffenders(first, t.OffendersOf(August))
	return append(spans, spring(first, rng)...)
}

// fourthQuarter splits 2022 Q4 at 13 December.
func fourthQuarter(all map[statistics.Cell]int64, rng *rand.Rand) []Span {
	december := take(all, decemberReturns, func(c statistics.Cell) bool { return statistics.GroupOf(c.Type) != statistics.Port }, rng)
	autumn := minus(all, december)
	cut := statistics.Day(2022, 12, 13)
	return []Span{
		{statistics.Q(2022, 4).Start(), cut.AddDate(0, 0, -1), []State{{April, without(autumn, missing{1, 28}, nil, rng)}, {May, autumn}}},
		{cut, statistics.Day(2022, 12, 31), []State{{April, without(december, missing{1, 9}, nil, rng)}, {May, december}}},
	}
}

// spring is 2023 Q1 (389 and 406 known on 24 April; the August edition has 391 and 505) and the weeks
// after it. What was known of them on 25 May was never published: it is interpolated by days between
// those dates, and departures after 14 May are not yet recorded.
func spring(august map[statistics.Cell]int64, rng *rand.Rand) []Span {
	q := statistics.Q(2023, 1)
	april := without(august, missing{391 - 389, 505 - 406}, nil, rng)
	may := without(august, missing{1, 505 - 431}, april, rng)
	rate := func(n, days int64) int64 { return (n*days + 45) / 90 } // Q1's rate, rounded
	next := scaled(april, map[statistics.Group]int64{statistics.Enforced: rate(389, 44), statistics.Voluntary: rate(406, 44), statistics.Port: rate(89, 44)}, q+1)
	week := take(next, firstWeekReturns, func(c statistics.Cell) bool { return statistics.GroupOf(c.Type) != statistics.Port }, rng)
	return []Span{
		{q.Start(), q.End().AddDate(0, 0, -1), []State{{April, april}, {May, may}}},
		{statistics.Day(2023, 4, 1), statistics.Day(2023, 4, 7), []State{{April, week}}},
		{statistics.Day(2023, 4, 8), statistics.Day(2023, 5, 14), []State{{May, minus(next, week)}}},
	}
}

func quarter(cells map[statistics.Cell]int64, q statistics.Quarter) map[statistics.Cell]int64 {
	m := map[statistics.Cell]int64{}
	for c, n := range cells {
		if c.Quarter == q {
			m[c] = n
		}
	}
	return m
}

// without takes away what was not known yet, first from "other verified returns", which are learned late
// from other data, and never below floor where there is one.
func without(cells map[statistics.Cell]int64, gone missing, floor map[statistics.Cell]int64, rng *rand.Rand) map[statistics.Cell]int64 {
	left := clone(cells)
	for _, g := range []struct {
		group statistics.Group
		n     int64
	}{{statistics.Enforced, gone.enforced}, {statistics.Voluntary, gone.voluntary}} {
		for _, verified := range []bool{true, false} {
			room := func(c statistics.Cell) bool {
				return statistics.GroupOf(c.Type) == g.group && (c.Type == "other-verified") == verified && left[c] > floor[c]
			}
			for g.n > 0 {
				one := take(left, 1, room, rng)
				if len(one) == 0 {
					break
				}
				left, g.n = minus(left, one), g.n-1
			}
		}
	}
	return left
}

// take draws n single returns from the cells that fit; fewer when there are not so many.
func take(cells map[statistics.Cell]int64, n int, fits func(statistics.Cell) bool, rng *rand.Rand) map[statistics.Cell]int64 {
	var pool []statistics.Cell
	for _, c := range ordered(cells) {
		if fits(c) {
			for range cells[c] {
				pool = append(pool, c)
			}
		}
	}
	rng.Shuffle(len(pool), func(i, j int) { pool[i], pool[j] = pool[j], pool[i] })
	taken := map[statistics.Cell]int64{}
	for _, c := range pool[:min(n, len(pool))] {
		taken[c]++
	}
	return taken
}

func minus(a, b map[statistics.Cell]int64) map[statistics.Cell]int64 {
	m := map[statistics.Cell]int64{}
	for c, n := range a {
		if n -= b[c]; n > 0 {
			m[c] = n
		}
	}
	return m
}

func clone(a map[statistics.Cell]int64) map[statistics.Cell]int64 {
	return minus(a, nil)
}

// scaled carries the cells over to quarter q with the given number per group, by largest remainder.
func scaled(cells map[statistics.Cell]int64, want map[statistics.Group]int64, q statistics.Quarter) map[statistics.Cell]int64 {
	m := map[statistics.Cell]int64{}
	for _, g := range statistics.Groups {
		var of []statistics.Cell
		var sum, given int64
		for _, c := range ordered(cells) {
			if statistics.GroupOf(c.Type) == g {
				of, sum = append(of, c), sum+cells[c]
			}
		}
		if sum == 0 {
			continue
		}
		for _, c := range of {
			k := c
			k.Quarter = q
			m[k] = cells[c] * want[g] / sum
			given += m[k]
		}
		slices.SortStableFunc(of, func(a, b statistics.Cell) int {
			return int((cells[b] * want[g] % sum) - (cells[a] * want[g] % sum))
		})
		for i := range want[g] - given {
			k := of[int(i)%len(of)]
			k.Quarter = q
			m[k]++
		}
	}
	return minus(m, nil)
}

// withOffenders flags as many returns of each quarter and destination group as Ret_D03 counts, beginning
// with the groups in which offenders usually are; which return bears the flag is not published.
func withOffenders(cells map[statistics.Cell]int64, quota map[statistics.Quarter]map[statistics.DestGroup]int64) map[statistics.Cell]int64 {
	order := ordered(cells)
	slices.SortStableFunc(order, func(a, b statistics.Cell) int { return likely(a) - likely(b) })
	m := map[statistics.Cell]int64{}
	left := map[statistics.Quarter]map[statistics.DestGroup]int64{}
	for _, c := range order {
		if left[c.Quarter] == nil {
			left[c.Quarter] = map[statistics.DestGroup]int64{}
			for d, n := range quota[c.Quarter] {
				left[c.Quarter][d] = n
			}
		}
		n := min(cells[c], left[c.Quarter][c.DestGroup])
		left[c.Quarter][c.DestGroup] -= n
		flagged := c
		flagged.Offender = true
		m[flagged], m[c] = n, cells[c]-n
	}
	return minus(m, nil)
}

// likely orders cells for the flag: removals from detention first, adults before children.
func likely(c statistics.Cell) int {
	order := []statistics.Type{"enforced-detention", "other-from-detention", "enforced-non-detained", "controlled", "assisted", "other-verified", "uk-ports"}
	i := slices.Index(order, c.Type)
	if i < 0 {
		i = len(order)
	}
	if c.Age == "0-17" {
		i += 10
	}
	return i
}

// KnownOn is the instant for "as known on" one of the plan's days.
func KnownOn(day time.Time) time.Time { return statistics.EndOf(day) }
