package simulate

import (
	"bytes"
	"fmt"
	"time"

	"countersign/internal/act"
	"countersign/internal/taskforce"

	"github.com/go-json-experiment/json"
)

// finish brings the link up, delivers everything and compares.
func (w *world) finish() (Result, error) {
	w.hour, w.down = w.o.Hours+w.o.Outage+w.o.Delay+w.o.Hours, 0
	for _, s := range w.sides {
		w.receive(s)
	}
	a, b := w.sides[0].state, w.sides[1].state
	r := &w.result
	r.Ahead, r.Begun = recalledAhead(w.sides, w.now())
	var err error
	if r.Different, err = differences(a, b); err != nil {
		return *r, err
	}
	r.Crossed = a.CrossedActs()
	for _, x := range a.Crossings() {
		r.Conflicts[string(x.Ruling)]++
		if len(x.Noted) > 0 {
			r.Noted++
		}
	}
	r.Measures, r.Tasks, r.Postings, r.Meetings = len(a.Measures), len(a.Tasks), len(a.Postings), len(a.Meetings)
	if r.Favoured, err = w.mirror(a); err != nil {
		return *r, err
	}
	return *r, w.replay(a)
}

// recalledAhead finds the postings that were recalled before their first day, and those of them for which a side's own
// record gives access at the start of any day of the posting.
func recalledAhead(sides [2]*side, now time.Time) (n int, begun []string) {
	for _, p := range sides[0].state.Postings {
		if p.Accredited == nil || p.Recalled == nil || p.Recalled.Made.Format(time.DateOnly) >= p.Accredited.From {
			continue
		}
		n++
		for _, s := range sides {
			first, err := time.Parse(time.DateOnly, p.Accredited.From)
			for at := first; err == nil && at.Format(time.DateOnly) <= p.Accredited.Until; at = at.AddDate(0, 0, 1) {
				// A side that was cut off may have let the posting begin before the recall reached it; the side that
				// recalled never may, and no side once it knows.
				late := s.name != p.Recalled.By && at.Before(now)
				if !late && s.state.AccessAt(p.ID, at, time.UTC).Open {
					begun = append(begun, fmt.Sprintf("posting %s at %s on %s", p.ID, s.name, at.Format(time.DateOnly)))
				}
			}
		}
	}
	return n, begun
}

// differences names every thing on which two records differ.
func differences(a, b taskforce.State) ([]string, error) {
	var out []string
	for _, f := range []func(taskforce.State, taskforce.State) ([]string, error){
		compare("measure", func(s taskforce.State) map[act.ID]*taskforce.Measure { return s.Measures }),
		compare("meeting", func(s taskforce.State) map[act.ID]*taskforce.Meeting { return s.Meetings }),
		compare("task", func(s taskforce.State) map[act.ID]*taskforce.Task { return s.Tasks }),
		compare("commitment", func(s taskforce.State) map[act.ID]*taskforce.Commitment { return s.Commitments }),
		compare("posting", func(s taskforce.State) map[act.ID]*taskforce.Posting { return s.Postings }),
		compare("duty", func(s taskforce.State) map[act.ID]*taskforce.Duty { return s.Duties }),
		compare("message", func(s taskforce.State) map[act.ID]*taskforce.Message { return s.Messages }),
	} {
		names, err := f(a, b)
		if err != nil {
			return nil, err
		}
		out = append(out, names...)
	}
	return out, nil
}

func compare[T any](family string, get func(taskforce.State) map[act.ID]*T) func(a, b taskforce.State) ([]string, error) {
	return func(a, b taskforce.State) ([]string, error) {
		var out []string
		x, y := get(a), get(b)
		for id, r := range x {
			p, err := json.Marshal(r, json.Deterministic(true))
			if err != nil {
				return nil, err
			}
			q, err := json.Marshal(y[id], json.Deterministic(true))
			if err != nil {
				return nil, err
			}
			if !bytes.Equal(p, q) {
				out = append(out, fmt.Sprint(family, " ", id))
			}
		}
		for id := range y {
			if x[id] == nil {
				out = append(out, fmt.Sprint(family, " ", id))
			}
		}
		return out, nil
	}
}

// replay folds both streams again in other interleavings: one after the other in both ways, and shuffled.
func (w *world) replay(want taskforce.State) error {
	digest, err := want.Digest()
	if err != nil {
		return err
	}
	for mode := range 4 {
		s := taskforce.New("al", "gb")
		left := [2][]act.Event{w.sides[0].stream, w.sides[1].stream}
		for len(left[0])+len(left[1]) > 0 {
			k := mode % 2
			if mode > 1 {
				k = w.c.IntN(2)
			}
			if len(left[k]) == 0 {
				k = 1 - k
			}
			s, left[k] = taskforce.Fold(s, left[k][0]), left[k][1:]
		}
		got, err := s.Digest()
		if err != nil {
			return err
		}
		w.result.Replays++
		if got != digest {
			w.result.ReplaysOff++
		}
	}
	return nil
}
