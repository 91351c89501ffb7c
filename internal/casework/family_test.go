package casework

import (
	"testing"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/fault"
	"countersign/internal/treaty"
)

// familyOf is two cases on one journey in which everything is in order two hours before the departure.
func familyOf(t *testing.T) (*world, State, State) {
	t.Helper()
	w := newWorld(t)
	w.ready()
	one := w.gb.state()
	other := one
	other.Case = "case-2"
	one.Family = []domestic.FamilyLink{{Family: "f", Case: "case-2", Relation: "child"}}
	other.Family = []domestic.FamilyLink{{Family: "f", Case: "case-1", Relation: "parent"}}
	return w, one, other
}

// At the last steps nobody of a family goes while another one is held; before them, and for who has left already, it is
// not asked. What holds the other is not said.
func TestFamilyHeldTogether(t *testing.T) {
	w, one, other := familyOf(t)
	hold := func(s State) State {
		s.Barriers = append(s.Barriers[:len(s.Barriers):len(s.Barriers)], Barrier{Mark: Mark{ID: "b"}, Barrier: domestic.Barrier{Gate: "court-order", Since: w.now}})
		return s
	}
	left := func(s State) State {
		s.Departed = &Departed{Mark: Mark{ID: "d"}, Booking: s.booking().ID, At: w.now}
		return s
	}
	bookedAs := func(s State, f func(*Booking)) State {
		b := *s.booking()
		f(&b)
		s.Bookings = []Booking{b}
		return s
	}
	for name, c := range map[string]struct {
		other State
		step  Step
		want  string
	}{
		"free, locking":               {other, StepLock, "case.gate.clear"},
		"free, departing":             {other, StepDepart, "case.gate.clear"},
		"held, locking":               {hold(other), StepLock, "case.gate.family-held"},
		"held, departing":             {hold(other), StepDepart, "case.gate.family-held"},
		"held, confirming":            {hold(other), StepConfirm, "case.gate.clear"},
		"has left, and was held then": {left(hold(other)), StepDepart, "case.gate.clear"},
		"has left":                    {left(other), StepDepart, "case.gate.clear"},
		"has arrived":                 {State{Case: "case-2", Accepted: &Accepted{Mark: Mark{ID: "a"}}}, StepDepart, "case.gate.clear"},
		"another day":                 {bookedAs(other, func(b *Booking) { b.Departs = b.Departs.Add(time.Hour) }), StepDepart, "case.gate.family-apart"},
		"another carrier":             {bookedAs(other, func(b *Booking) { b.Carrier = "YY" }), StepDepart, "case.gate.family-apart"},
		"another number":              {bookedAs(other, func(b *Booking) { b.Number = "9" }), StepDepart, "case.gate.family-apart"},
		"suspended":                   {bookedAs(other, func(b *Booking) { b.Suspended = Mark{ID: "s"} }), StepDepart, "case.gate.family-apart"},
		"no journey":                  {State{Case: "case-2"}, StepConfirm, "case.gate.family-apart"},
		"nobody can read it":          {State{Case: "case-3"}, StepConfirm, "case.gate.family-unknown"},
	} {
		env := w.gb.env("escort-officer")
		env.Family = []State{c.other}
		g := find(Evaluate(one, env, c.step), "family")
		if g.MessageKey != c.want || g.Passes() != (c.want == "case.gate.clear") || (g.Status == GateUnknown) != (c.want == "case.gate.family-unknown") {
			t.Errorf("%s: %s %s, want %s", name, g.Status, g.MessageKey, c.want)
		}
	}
	// a rule that does not guard the step, is not law yet or is for others holds nobody
	for name, change := range map[string]func(*treaty.GateRule){
		"guards another step": func(r *treaty.GateRule) { r.Guards = []string{"request"} },
		"is not law yet":      func(r *treaty.GateRule) { r.Commence = "2030-01-01" },
		"is for others":       func(r *treaty.GateRule) { r.When.Routes = []string{"port-refusal"} },
	} {
		env := w.gb.env("escort-officer")
		env.Law, env.Family = bent("court-order", change), []State{hold(other)}
		if g := find(Evaluate(one, env, StepDepart), "family"); !g.Passes() {
			t.Errorf("a rule that %s: %s", name, g.MessageKey)
		}
	}
	alone := one
	alone.Family = nil
	env := w.gb.env("escort-officer")
	env.Family = []State{hold(other)}
	if st, _, _, _ := testFamily(&alone, &env, StepDepart); st != GateOpen {
		t.Error("nobody is linked, and somebody holds")
	}
}

// A link is said once, of another case, by its kind of relation; the other case has it the other way round.
func TestLinkFamily(t *testing.T) {
	w := newWorld(t)
	w.requested()
	for name, c := range map[string]struct {
		link       domestic.FamilyLink
		key, field string
	}{
		"no family":        {domestic.FamilyLink{Case: "case-2", Relation: "child"}, "fault.case.needed", "family"},
		"no case":          {domestic.FamilyLink{Family: "f", Relation: "child"}, "fault.case.needed", "case"},
		"no relation":      {domestic.FamilyLink{Family: "f", Case: "case-2"}, "fault.case.needed", "relation"},
		"another relation": {domestic.FamilyLink{Family: "f", Case: "case-2", Relation: "cousin"}, "fault.case.unknown-code", "relation"},
		"itself":           {domestic.FamilyLink{Family: "f", Case: "case-1", Relation: "child"}, "fault.case.linked", ""},
	} {
		err := w.gb.try("specialist", LinkFamily{c.link})
		if fault.KeyOf(err) != c.key || fault.ArgsOf(err)["field"] != c.field {
			t.Errorf("%s: %v", name, err)
		}
	}
	w.gb.refused(t, "specialist", DecideSeparation{domestic.Separation{Allowed: true, Reason: "x"}}, "fault.case.no-family")
	first := LinkFamily{domestic.FamilyLink{Family: "f", Case: "case-2", Relation: "child"}}
	w.gb.must("specialist", first)
	w.gb.refused(t, "specialist", first, "fault.case.linked")
	w.gb.must("caseworker", LinkFamily{domestic.FamilyLink{Family: "f", Case: "case-3", Relation: "spouse"}})
	err := w.gb.try("specialist", DecideSeparation{domestic.Separation{Allowed: true}})
	if fault.KeyOf(err) != "fault.case.needed" || fault.ArgsOf(err)["field"] != "reason" {
		t.Errorf("%v", err)
	}
	for relation, want := range map[string]string{"child": "parent", "parent": "child", "spouse": "spouse", "other": "other"} {
		c := LinkFamily{domestic.FamilyLink{Family: "f", Case: "case-2", Relation: relation}}
		for known, other := range map[bool]State{false: {Case: "case-2", Family: []domestic.FamilyLink{{Family: "f", Case: "case-9"}}}, true: {Case: "case-2", Family: []domestic.FamilyLink{{Family: "f", Case: "case-1"}}}} {
			back, needed := c.Mirrored("case-1", other)
			if back.Relation != want || back.Case != "case-1" || back.Family != "f" || needed == known {
				t.Errorf("%s, known %v: %+v %v", relation, known, back, needed)
			}
		}
	}
}

// The application names those relatives about whom the other state was asked itself, and nobody else.
func TestWhichRelativesAreNamed(t *testing.T) {
	w := newWorld(t)
	w.gb.must("caseworker", opening(Readmission))
	for _, f := range []domestic.FamilyLink{{Family: "f", Case: "asked", Relation: "spouse"}, {Family: "f", Case: "stays", Relation: "child"}, {Family: "f", Case: "withdrawn", Relation: "parent"},
		{Family: "f", Case: "unread", Relation: "other"}} {
		w.gb.must("caseworker", LinkFamily{f})
	}
	with := func(id string, s State) State { s.Case = act.ID(id); return s }
	gone := under()
	gone.Withdrawn = did("w", 3)
	w.gb.family = []State{with("asked", under()), with("stays", State{}), with("withdrawn", gone), with("stranger", under())}
	w.gb.mustAttest("request")
	w.gb.must("caseworker", request())
	body := w.gb.events[w.gb.sent[0]].Body.(*joint.Request)
	if len(body.Family) != 1 || body.Family[0].Case != "asked" || body.Family[0].Relation != "spouse" {
		t.Errorf("the other state is told of %+v", body.Family)
	}
}
