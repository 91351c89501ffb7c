package casework

import (
	"strings"
	"testing"
	"time"

	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/fault"
	"countersign/internal/person"
	"countersign/internal/treaty"
)

// What a gate says is what the officer reads: each cause has its own words, and a wrong word sends somebody the wrong way.

// testWhy runs one test of a gate on a state.
func testWhy(s State, env Env, kind string, step Step) (Status, string, time.Time) {
	st, why, _, until := test(&s, &env, &treaty.GateRule{Test: kind}, step)
	return st, why, until
}

func TestWhyAGateIsClosed(t *testing.T) {
	w := newWorld(t)
	w.agreed()
	env := w.gb.env("caseworker")
	late := env
	late.Agreement = nil
	agreed := w.gb.state()
	unasked := agreed
	unasked.Reply, unasked.Relied = Reply{}, Mark{}
	paused := agreed
	paused.Bookings = []Booking{{Mark: Mark{ID: "b"}, Booking: booking(w.now.AddDate(0, 0, 10)).Booking}}
	paused.Announced = &Announced{Mark: Mark{ID: "a", Receipt: w.now}, Announcement: joint.Announcement{Journey: joint.Journey{To: "TIA", Departs: paused.Bookings[0].Departs}}}
	paused.Paused = Mark{ID: "p", At: w.now}
	prisoner := agreed
	prisoner.Offender = &domestic.Offender{Offender: true, ReleaseDate: person.On(2029, 1, 1)}
	for name, c := range map[string]struct {
		s    State
		env  Env
		kind string
		want string
	}{
		"no consent":           {agreed, env, "consent", "case.gate.no-consent"},
		"not in force":         {agreed, late, "agreement", "case.gate.not-in-force"},
		"no reply":             {unasked, env, "reply", "case.gate.no-reply"},
		"“not yet”":            {paused, env, "announced", "case.gate.paused"},
		"in custody":           {prisoner, env, "custody", "case.gate.in-custody"},
		"a test nobody knows":  {agreed, env, "oracle", "case.gate.no-law"},
		"agreement in force":   {agreed, env, "agreement", "case.gate.clear"},
		"the reply is there":   {agreed, env, "reply", "case.gate.clear"},
		"nobody of the family": {agreed, env, "family", "case.gate.clear"},
	} {
		if st, why, _ := testWhy(c.s, c.env, c.kind, StepDepart); why != c.want || (st == GateOpen) != (why == "case.gate.clear") {
			t.Errorf("%s: %s %s, want %s", name, st, why, c.want)
		}
	}
}

// Where the paper is matters from the departure on; whoever holds it, the gate is open to the end of its last day.
func TestWhereTheDocumentIs(t *testing.T) {
	w := newWorld(t)
	w.agreed()
	w.pass(72 * time.Hour)
	env := w.gb.env("caseworker")
	for _, step := range Steps {
		for _, holder := range []string{"authority", "escort", "person", "carrier", "issuer", "other", ""} {
			s := w.gb.state()
			s.Documents = []Document{{Mark: Mark{ID: "d"}, Document: laissezPasser, Holder: holder}}
			elsewhere := (step == StepDepart || step == StepHandover) && (holder == "issuer" || holder == "other" || holder == "")
			st, why, until := testWhy(s, env, "document", step)
			switch end := time.Date(2023, 7, 1, 0, 0, 0, 0, env.Law.Location()); {
			case elsewhere && (st != GateClosed || why != "case.gate.document-elsewhere"):
				t.Errorf("%s with %q: %s %s", step, holder, st, why)
			case !elsewhere && (st != GateOpen || why != "case.gate.clear" || !until.Equal(end)):
				t.Errorf("%s with %q: %s %s until %s, want %s", step, holder, st, why, until, end)
			}
		}
	}
}

// Why a word given at a point does not count, and that each cause is told apart.
func TestWhyAnAttestationDoesNotCount(t *testing.T) {
	w := newWorld(t)
	departs := w.ready()
	say := func(point string, f domestic.Finding) {
		f.Gate, f.Evidence = "stop", "file"
		w.gb.must("caseworker", Attest{Point: point, Findings: []domestic.Finding{f}})
	}
	why := func(env Env) string { return find(Evaluate(w.gb.state(), env, StepDepart), "stop").MessageKey }
	if got := why(w.gb.env("caseworker")); got != "case.gate.clear" {
		t.Fatal(got)
	}
	restored := w.gb.env("caseworker")
	restored.RestoredAt = w.now.Add(time.Second)
	if got := why(restored); got != "case.gate.restored" {
		t.Errorf("before a restore: %s", got)
	}
	say("t2", domestic.Finding{})
	if g := w.gb.gate("stop", StepDepart); g.MessageKey != "case.gate.attested-not-clear" || g.Passes() {
		t.Errorf("found not clear: %+v", g)
	}
	say("t2", domestic.Finding{Clear: true, Until: w.now.Add(time.Minute)})
	w.pass(2 * time.Minute)
	if g := w.gb.gate("stop", StepDepart); g.MessageKey != "case.gate.attested-too-old" || g.Passes() {
		t.Errorf("its own end has passed: %+v", g)
	}
	say("t2", domestic.Finding{Clear: true})

	// The 24 hours run back from the departure, and not from now: a word of 24 and a half hours before does not count an hour before.
	w.now = departs.Add(-24*time.Hour - 30*time.Minute)
	say("t24", domestic.Finding{Clear: true})
	w.now = departs.Add(-time.Hour)
	say("t2", domestic.Finding{Clear: true})
	if g := w.gb.gate("stop", StepDepart); g.MessageKey != "case.gate.attested-too-old" || g.Passes() {
		t.Errorf("given before the 24 hours began: %+v", g)
	}
	w.now = departs.Add(-24 * time.Hour)
	say("t24", domestic.Finding{Clear: true})
	w.now = departs.Add(-time.Hour)
	say("t2", domestic.Finding{Clear: true})
	if g := w.gb.gate("stop", StepDepart); !g.Passes() {
		t.Errorf("given in time: %+v", g)
	}
}

// The refusal of a step names the gate, the step, the basis and every role that can change it; nobody has looked is not said
// as if something had been found.
func TestWhatARefusedStepSays(t *testing.T) {
	w := newWorld(t)
	w.agreed()
	w.held(w.now.Truncate(time.Hour).AddDate(0, 0, 10))
	err := w.gb.try("caseworker", ConfirmBooking{})
	args := fault.ArgsOf(err)
	if fault.KeyOf(err) != "fault.case.gate-closed" || args["gate"] != "notice-period" || args["step"] != "confirm" || args["basis"] == "" {
		t.Errorf("%v %v", err, args)
	}
	w = newWorld(t)
	w.gb.must("caseworker", opening(Readmission))
	err = w.gb.try("caseworker", request())
	args = fault.ArgsOf(err)
	if fault.KeyOf(err) != "fault.case.gate-unknown" || args["step"] != "request" || args["who"] == "" {
		t.Errorf("%v %v", err, args)
	}
	w.gb.must("caseworker", SetBarrier{domestic.Barrier{Gate: "appeal-pending", Evidence: "court-record"}})
	r, _ := w.gb.law.Gate("appeal-pending")
	w.gb.mustAttestBut("request", "appeal-pending")
	err = w.gb.try("caseworker", request())
	if args = fault.ArgsOf(err); args["gate"] != "appeal-pending" || args["who"] != strings.Join(r.LiftBy, ", ") || len(r.LiftBy) < 2 || args["basis"] != r.Basis {
		t.Errorf("%v %v", err, args)
	}
}

// mustAttestBut gives a clear word on every gate of a point but one.
func (n *node) mustAttestBut(point, but string) {
	n.w.t.Helper()
	var f []domestic.Finding
	for _, id := range Attestable(n.state(), n.env("caseworker"), point, "caseworker") {
		r, _ := n.law.Gate(id)
		evidence := "file"
		if r.Test == "barrier" && len(r.Evidence) > 0 {
			evidence = r.Evidence[0]
		}
		if id != but {
			f = append(f, domestic.Finding{Gate: id, Clear: true, Evidence: evidence})
		}
	}
	if err := n.try("caseworker", Attest{Point: point, Findings: f}); err != nil {
		n.w.t.Fatalf("attest %s: %v", point, err)
	}
}
