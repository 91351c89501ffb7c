package stay

import "math/rand/v2"

// Oracle counts by the letter of the rule, day by day and without any shortcut. It is what Count is compared
// with in tests and in the published evidence; it is far too slow for a lane.
func Oracle(rule Rule, stays []Stay, on Day) Result {
	there := map[Day]bool{}
	for _, s := range stays {
		exit := s.Exit
		if exit == 0 {
			exit = on
		}
		for d := s.Entry; d <= min(exit, on); d++ {
			there[d] = true
		}
	}
	inWindow := func(d Day, there map[Day]bool) int {
		n := 0
		for k := d - Day(rule.Window) + 1; k <= d; k++ {
			if there[k] {
				n++
			}
		}
		return n
	}
	r := Result{On: on, Used: inWindow(on, there), Present: there[on]}
	r.Left = max(rule.Days-r.Used, 0)
	for d := on - 2*maxWindow + Day(rule.Window) - 1; d <= on; d++ {
		if there[d] && inWindow(d, there) > rule.Days {
			if r.Overstay == 0 {
				r.FirstOver = d
			}
			r.Overstay++
		}
	}
	// until adds one day after the other and looks at each.
	until := func(from Day) Day {
		with := map[Day]bool{}
		for d := range there {
			if d < from {
				with[d] = true
			}
		}
		for d := from; ; d++ {
			with[d] = true
			if inWindow(d, with) > rule.Days {
				return d - 1
			}
		}
	}
	if last := until(on); last >= on {
		r.LatestDeparture = last
	}
	for d := on; ; d++ {
		if last := until(d); last >= d {
			r.EarliestEntry, r.EntryUntil = d, last
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
