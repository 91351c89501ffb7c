package casework

import (
	"testing"
	"time"

	"countersign/internal/act/domestic"
	"countersign/internal/person"
	"countersign/internal/treaty"
)

// The tests of single gates, on states that the acts of a whole case do not easily reach.

func TestGateOfUnknownTest(t *testing.T) {
	w := newWorld(t)
	w.requested()
	env, s := w.gb.env("caseworker"), w.gb.state()
	if st, _, _, _ := test(&s, &env, &treaty.GateRule{Test: "oracle"}, StepDepart); st != GateUnknown {
		t.Error(st)
	}
	env.Agreement = nil
	if g := find(Evaluate(s, env, StepRequest), "agreement"); g.Status != GateClosed {
		t.Errorf("no agreement at all: %+v", g)
	}
}

func TestOralBarrierSaysSo(t *testing.T) {
	w := newWorld(t)
	w.requested()
	w.gb.must("escort-officer", SetBarrier{domestic.Barrier{Gate: "court-order", Oral: true}})
	if g := w.gb.gate("court-order", StepDepart); g.MessageKey != "case.gate.barrier-oral" {
		t.Errorf("%+v", g)
	}
	w.gb.must("court-liaison", ConfirmBarrier{Barrier: w.gb.state().Barriers[0].ID, Evidence: "sealed-order"})
	if g := w.gb.gate("court-order", StepDepart); g.MessageKey != "case.gate.barrier" {
		t.Errorf("%+v", g)
	}
	w.gb.must("escort-officer", SetBarrier{domestic.Barrier{Gate: "age-dispute", Evidence: "person-said"}})
	if g := w.gb.gate("age-dispute", StepDepart); g.MessageKey != "case.gate.barrier" {
		t.Errorf("in writing from the start: %+v", g)
	}
}

// A certificate from before a restore does not count until it is recorded again.
func TestCertificateAfterRestore(t *testing.T) {
	w := newWorld(t)
	w.agreed()
	w.held(w.now.Truncate(time.Hour).AddDate(0, 0, 10))
	env := w.gb.env("caseworker")
	decision := func() Gate { return find(Evaluate(w.gb.state(), env, StepServeNotice), "removal-decision") }
	env.RestoredAt = w.now.Add(-240 * time.Hour)
	if g := decision(); !g.Passes() {
		t.Errorf("recorded after the restore: %+v", g)
	}
	env.RestoredAt = w.now.Add(time.Minute)
	if g := decision(); g.Passes() {
		t.Error("recorded before the restore, and it still counts")
	}
}

func TestChildGate(t *testing.T) {
	child := State{Particulars: person.Particulars{Birth: person.On(2010, 1, 1)}}
	adult := State{Particulars: arben}
	decided := func(s State, d domestic.BestInterests) State { s.Child = &d; return s }
	alone, family := child, child
	alone.Unaccompanied = true
	family.Family = []domestic.FamilyLink{{Case: "d"}}
	yes := domestic.BestInterests{Return: true}
	for name, c := range map[string]struct {
		s    State
		want string
	}{
		"adult":                                  {adult, notNeeded},
		"no decision":                            {child, "case.gate.no-best-interests"},
		"decided against":                        {decided(child, domestic.BestInterests{Receiver: "aunt", Reception: true}), "case.gate.no-best-interests"},
		"with nobody, named nobody":              {decided(child, yes), "case.gate.no-reception"},
		"with nobody, named an adult":            {decided(child, domestic.BestInterests{Return: true, Receiver: "aunt"}), "case.gate.clear"},
		"with the family":                        {decided(family, yes), "case.gate.clear"},
		"alone, named nobody":                    {decided(alone, domestic.BestInterests{Return: true, Reception: true}), "case.gate.no-reception"},
		"alone, reception not confirmed":         {decided(alone, domestic.BestInterests{Return: true, Receiver: "aunt"}), "case.gate.no-reception"},
		"alone, named and confirmed":             {decided(alone, domestic.BestInterests{Return: true, Receiver: "aunt", Reception: true}), "case.gate.clear"},
		"alone, with relatives, named nobody":    {decided(State{Particulars: child.Particulars, Unaccompanied: true, Family: family.Family}, yes), "case.gate.no-reception"},
		"somebody whose birth date is not known": {State{}, "case.gate.no-best-interests"},
	} {
		st, why, _, _ := testChild(&c.s, &Env{Now: monday})
		if open := why == notNeeded || why == "case.gate.clear"; why != c.want || (st == GateOpen) != open {
			t.Errorf("%s: %s %s, want %s", name, st, why, c.want)
		}
	}
}
