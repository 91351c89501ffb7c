package casework

import (
	"testing"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
)

// fiveHundred is a long case: the whole way to the last check, then consultations, needs, reviews, attestations.
func fiveHundred(tb fataler) (*world, []act.Event) {
	w := newWorld(tb)
	w.ready()
	for i := 0; len(w.gb.events) < 500; i++ {
		switch i % 4 {
		case 0:
			w.gb.mustAttest("t2")
		case 1:
			w.gb.must("caseworker", Assign{Officer: w.id()})
		case 2:
			w.gb.must("medical-officer", RecordNeed{domestic.Need{Type: NeedTypes[i%len(NeedTypes)]}})
		case 3:
			w.gb.must("caseworker", MoveDocument{domestic.DocumentMove{Number: laissezPasser.Number, Holder: "escort", Place: "van"}})
		}
		w.now = w.now.Add(-time.Second)
	}
	return w, w.gb.events
}

// A case with 500 acts folds in under 2 ms.
func BenchmarkFold500(b *testing.B) {
	_, events := fiveHundred(b)
	b.ReportMetric(float64(len(events)), "acts")
	b.ReportAllocs()
	for b.Loop() {
		if s := FoldAll(events); s.Acts != len(events) {
			b.Fatal(s.Acts)
		}
	}
}

// All gates of the last step before the journey, in under 20 microseconds.
func BenchmarkEvaluate(b *testing.B) {
	w, events := fiveHundred(b)
	s, env := FoldAll(events), w.gb.env("escort-officer")
	gates := make([]Gate, 0, 32)
	b.ReportAllocs()
	for b.Loop() {
		gates = evaluate(&s, &env, StepDepart, gates[:0])
	}
	b.ReportMetric(float64(len(gates)), "gates")
}

func BenchmarkNextStep(b *testing.B) {
	w, events := fiveHundred(b)
	s, env := FoldAll(events), w.gb.env("escort-officer")
	for b.Loop() {
		if n := NextStep(s, env); n.Key != "case.next.depart" {
			b.Fatal(n.Key)
		}
	}
}
