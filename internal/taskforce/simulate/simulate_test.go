package simulate

import (
	"math/rand/v2"
	"testing"

	"countersign/internal/taskforce"

	"pgregory.net/rapid"
)

type drawn struct{ t *rapid.T }

func (d drawn) IntN(n int) int { return rapid.IntRange(0, n-1).Draw(d.t, "n") }

// Both records are equal after any sequence of edits, crossings and outages, in every interleaving tried.
func TestConverge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, err := Run(drawn{t}, Options{Hours: 120, PerHour: 2, Delay: 30, Outage: 48, Measures: 2})
		if err != nil {
			t.Fatal(err)
		}
		if !r.Equal() {
			t.Fatalf("records differ: %v, favoured: %v, replays off: %d of %d", r.Different, r.Favoured, r.ReplaysOff, r.Replays)
		}
	})
}

// A seeded year meets every ruling at least once over a few seeds, and nothing differs.
func TestYear(t *testing.T) {
	seen, ahead := map[string]int{}, 0
	for seed := range uint64(5) {
		r, err := Year(seed, Options{Hours: 60 * 24, PerHour: 2, Delay: 48, Measures: 12})
		if err != nil {
			t.Fatal(err)
		}
		if !r.Equal() {
			t.Fatalf("seed %d: records differ on %v, favoured %v, replays off %d, begun %v", seed, r.Different, r.Favoured, r.ReplaysOff, r.Begun)
		}
		ahead += r.Ahead
		for k, n := range r.Conflicts {
			seen[k] += n
		}
		if seed == 0 {
			t.Logf("seed 0: %+v", r)
		}
	}
	t.Log(seen, ahead)
	if ahead == 0 {
		t.Error("no posting was recalled before its first day: the simulation does not reach it")
	}
	for _, ruling := range taskforce.Rulings {
		if seen[string(ruling)] == 0 {
			t.Errorf("ruling %s never came up: the simulation does not reach it", ruling)
		}
	}
}

// The positive control: a receiver that forgets what the sender had seen must come to another record.
func TestBrokenIsNoticed(t *testing.T) {
	r, err := Year(1, Options{Hours: 120 * 24, Delay: 48, Broken: true})
	if err != nil {
		t.Fatal(err)
	}
	if r.Equal() {
		t.Fatal("the planted bug was not noticed")
	}
}

// The positive control of the recall: a side that has forgotten its own recall lets the posting begin, and is noticed.
func TestForgottenRecallIsNoticed(t *testing.T) {
	noticed := 0
	for seed := range uint64(6) {
		w := newWorld(rand.New(rand.NewPCG(seed, 8)), Options{Hours: 60 * 24, PerHour: 2, Delay: 48, Measures: 12})
		for w.hour = 0; w.hour < w.o.Hours; w.hour++ {
			if err := w.step(); err != nil {
				t.Fatal(err)
			}
		}
		if r, err := w.finish(); err != nil || len(r.Begun) > 0 {
			t.Fatal(r.Begun, err)
		}
		for id, p := range w.sides[1].state.Postings {
			if p.Recalled != nil && p.Recalled.By == w.sides[1].name {
				forgot := *p
				forgot.Recalled = nil
				w.sides[1].state.Postings[id] = &forgot
			}
		}
		_, begun := recalledAhead(w.sides, w.now())
		noticed += len(begun)
	}
	if noticed == 0 {
		t.Error("forgotten recalls were not noticed")
	}
}
