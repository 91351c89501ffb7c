package stay

import "math/rand/v2"

// Oracle counts by the letter of the rule, day by day, looking at each day's whole window afresh. It is what
// Count is compared with in tests and in the published evidence; it is far too slow for a lane.
func Oracle(rule Rule, stays []Stay, on Day) Result {
	const span = 4 * maxWindow
	first := on - span/2
	var there [span]bool
	for _, s := range stays {
		exit := s.Exit
		if exit == 0 {
			exit = on
		}
		for d := s.Entry; d <= min(exit, on); d++ {
			if d >= first {
				there[d-first] = true
			}
		}
	}
	inWindow := func(there *[span]bool, d Day) int {
		n := 0
		for k := d - Day(rule.Window) + 1; k <= d; k++ {
			if k >= first && there[k-first] {
				n++
			}
		}
		return n
	}
	r := Result{On: on, Used: inWindow(&there, on), Present: there[on-first]}
	r.Left = max(rule.Days-r.Used, 0)
	for d := on - 2*maxWindow + Day(rule.Window) - 1; d <= on; d++ {
		if there[d-first] && inWindow(&there, d) > rule.Days {
			if r.Overstay == 0 {
				r.FirstOver = d
			}
			r.Overstay++
		}
	}
	// until begins a stay on from and adds one day after the other, looking at each.
	until := func(from Day) Day {
		with := there
		for d := from; d <= on; d++ {
			with[d-first] = false // what the stamps say of these days is replaced by the stay
		}
		for d := from; ; d++ {
			with[d-first] = true
			if inWindow(&with, d) > rule.Days {
				return d - 1
			}
		}
	}
	if last := until(on); last >= on {
		r.LatestDeparture = last
	}
	for d := on; ; d++ {
		one := there
		one[d-first] = true
		if inWindow(&one, d) <= rule.Days {
			r.EarliestEntry, r.EntryUntil = d, until(d)
			return r
		}
	}
}

// RandomHistory makes a history with short and long, overlapping, open and planned stays around a day.
func RandomHistory(rng *rand.Rand) (Rule, []Stay, Day) {
	rule := Rule{90, 180}
	on := Day(20000 + rng.IntN(1000))
	stays := make([]Stay, rng.IntN(9))
	for i := range stays {
		entry := on - Day(rng.IntN(500)) + 20
		s := Stay{Entry: entry, Exit: entry + Day(rng.IntN(1+rng.IntN(120)))}
		if rng.IntN(8) == 0 && entry <= on {
			s.Exit = 0
		}
		stays[i] = s
	}
	return rule, stays, on
}
