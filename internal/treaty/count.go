package treaty

import (
	"strconv"

	"countersign/internal/fault"
)

// clock says what a stop does to a day.
type clock int

const (
	running clock = iota
	stoppedDay
	standing // the clock stands and nobody knows until when
)

// stop tells what the stops do to a day: the day on which the clock stops counts, the day on which it is released
// does not.
func (k *counter) stop(d Date) clock {
	for _, s := range k.in.Stops {
		from := DateOf(s.From, k.r.Zone)
		switch {
		case !d.After(from):
		case s.Until.IsZero():
			return standing
		case !d.After(DateOf(s.Until, k.r.Zone)):
			return stoppedDay
		}
	}
	return running
}

// free tells whether a day is not a working day in one of the calendars that count, and why. A weekend is the
// same everywhere; a holiday of either State is enough.
func (k *counter) free(d Date) (free bool, why Reason) {
	for _, c := range k.calendars {
		if !c.Covers(d) {
			k.err = fault.New(fault.Missing, "fault.treaty.calendar-range", "state", c.State, "date", d.String(),
				"first", strconv.Itoa(c.FirstYear), "last", strconv.Itoa(c.LastYear))
			return free, why
		}
		if ok, why := c.Working(d); !ok {
			return true, why
		}
	}
	return free, why
}

// count walks from k.day until n days are counted, and notes each run of days that count or do not.
func (k *counter) count(n int, working bool) {
	run := runs{k: k}
	for target := k.numbered + n; k.numbered < target; k.day = k.day.AddDays(k.step) {
		switch k.stop(k.day) {
		case standing:
			run.flush()
			k.r.Stopped = true
			k.note(Step{Key: "treaty.step.standing", From: k.day})
			return
		case stoppedDay:
			run.add("treaty.step.stopped", k.day, nil)
			continue
		}
		if working {
			free, why := k.free(k.day)
			if k.err != nil {
				return
			}
			if free && why.Weekend {
				run.add("treaty.step.weekend", k.day, nil)
				continue
			}
			if free {
				run.add("treaty.step.holiday", k.day, why.Holiday)
				continue
			}
		}
		k.numbered++
		run.add("treaty.step.counted", k.day, nil)
		k.r.LastDay = k.day
	}
	run.flush()
}

// runs joins neighbouring days of one kind into one step; each holiday is a step of its own.
type runs struct {
	k    *counter
	open *Step
}

func (r *runs) add(key string, d Date, h *Holiday) {
	if r.open != nil && r.open.Key == key && h == nil {
		r.open.To = d
		r.open.Count++
		return
	}
	r.flush()
	r.open = &Step{Key: key, From: d, To: d, Count: 1, First: r.k.numbered, Holiday: h, Unit: CalendarDay}
}

func (r *runs) flush() {
	if r.open != nil {
		r.k.note(*r.open)
	}
}
