package demo

import (
	"slices"
	"testing"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/casework"
	"countersign/internal/person"
)

// causes are barriers of different natures, each set by an officer whose business it is, and the officer who then ends
// the attempt. None may be guessed from outside.
var causes = []struct{ role, gate, evidence, ends string }{
	{"escort-officer", "asylum-claim", "person-said", "caseworker"},
	{"specialist", "trafficking-referral", "referral-record", "specialist"},
	{"court-liaison", "court-order", "sealed-order", "court-liaison"},
	{"medical-officer", "stop", "observed", "supervisor"},
}

// Worlds that differ only in the nature of one barrier, and in the officer who sets it, send the same bytes at the
// same times: before the journey is announced, when nothing is said, and after, when “not yet” is (design.md, section 4).
func TestTwinWorldsAtTheDesk(t *testing.T) {
	for name, announced := range map[string]bool{"nobody expects the person": false, "the person is expected": true} {
		t.Run(name, func(t *testing.T) {
			first := twin(t, announced, 0)
			if paused := slices.Contains(first.kinds, joint.CasePaused); paused != announced {
				t.Fatalf("“not yet” was said: %v", paused)
			}
			for i := 1; i < len(causes); i++ {
				if other := twin(t, announced, i); !slices.Equal(first.sent, other.sent) {
					t.Errorf("%s and %s are told apart from outside", causes[0].gate, causes[i].gate)
				}
			}
		})
	}
}

// seen is what an onlooker with the receiver's key has of one world.
type seen struct {
	sent  []string // heads and acts of every push
	kinds []act.Kind
}

func twin(t *testing.T, announced bool, cause int) (out seen) {
	w := world(t)
	f := &flow{World: w, ctx: t.Context(), id: w.openCase(t), part: "EAW"}
	departs := w.Clock.Now().AddDate(0, 1, 0)
	look := func() {
		t.Helper()
		if err := f.settled(); err != nil {
			t.Fatal(err)
		}
		b, err := w.GB.Desk.Outgoing(f.ctx, 0)
		if err != nil {
			t.Fatal(err)
		}
		out.sent = append(out.sent, string(b.Head))
		for _, a := range b.Acts {
			out.sent = append(out.sent, string(a))
		}
		f.slot()
	}
	f.request(joint.Evidence{Type: "own-statement"})
	if announced {
		f.al("readmission-officer", casework.ReplyConfirm{Basis: "prima_facie", Document: true}).slot().
			laissezPasser("LP0045678", person.On(departs.Year()+1, 6, 30)).hold(seat(departs, "892")).decided().serve(seat(departs, "892"))
		w.Clock.Advance(14 * 24 * time.Hour)
		f.interpreter(departs).confirm()
	}
	look()
	c := causes[cause]
	f.gb(c.role, casework.SetBarrier{Barrier: domestic.Barrier{Gate: c.gate, Evidence: c.evidence}})
	look()
	f.gb(c.ends, casework.Withdraw{Reason: "error"})
	look()
	view, err := w.AL.Desk.ViewCase(f.ctx, w.AL.As("readmission-officer"), f.id)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range view.Events {
		out.kinds = append(out.kinds, e.Kind)
	}
	return out
}
