package casework

import (
	"slices"
	"strings"
	"time"

	"countersign/internal/act"
	"countersign/internal/fault"
	"countersign/internal/person"
	"countersign/internal/treaty"
)

// Status of a gate. Unknown is closed: it only tells the officer that nobody has looked yet.
type Status string

const (
	GateOpen    Status = "open"
	GateClosed  Status = "closed"
	GateUnknown Status = "unknown"
)

// Gate is one legal condition as it stands before one step.
type Gate struct {
	ID           string
	Step         Step
	Status       Status
	Absolute     bool
	LegalBasis   string
	Mark         string // how well the basis is known; D is a rule of this project
	WhoMayChange []string
	MessageKey   string // why it stands as it does
	Since, Until time.Time
	Override     act.ID // the override that lets the step pass
	Secret       bool   // never shown to a posted officer of the other state
}

// Passes tells whether the step may be taken as far as this gate goes.
func (g *Gate) Passes() bool { return g.Status == GateOpen }

// GatesClosed is the error of a step that a gate stops. It carries all of them, so that an officer learns at
// once what is missing; its fault names the first one.
type GatesClosed struct {
	Step  Step
	Gates []Gate
	fault *fault.Error
}

func (g *GatesClosed) Error() string { return g.fault.Error() }
func (g *GatesClosed) Unwrap() error { return g.fault }

// Evaluate says how every gate that guards a step stands. It is a pure function of signed facts, the law and
// the time.
func Evaluate(s State, env Env, step Step) []Gate { return evaluate(&s, &env, step, nil) }

func evaluate(s *State, env *Env, step Step, dst []Gate) []Gate {
	if env.Law == nil {
		return append(dst, Gate{ID: "law", Step: step, Status: GateUnknown, Absolute: true, MessageKey: "case.gate.no-law"})
	}
	today := env.Now.In(env.Law.Location()).Format(time.DateOnly)
	for i := range env.Law.Gates {
		g := &env.Law.Gates[i]
		if !g.Guarding(string(step)) || !g.InForce(today) || !applies(&g.When, s, env) {
			continue
		}
		dst = append(dst, gate(s, env, g, step))
	}
	return dst
}

// gate evaluates one rule: its test first, then whether an officer attested it, then an override.
func gate(s *State, env *Env, r *treaty.GateRule, step Step) Gate {
	g := Gate{ID: r.ID, Step: step, Absolute: r.Absolute, LegalBasis: r.Basis, Mark: r.Mark, Secret: r.Secret}
	g.Status, g.MessageKey, g.Since, g.Until = test(s, env, r, step)
	if g.Status == GateOpen && r.Attested && g.MessageKey != notNeeded {
		if why, until := attested(s, env, r, step); why != "" {
			g.Status, g.MessageKey = GateUnknown, why
		} else if g.Until.IsZero() || !until.IsZero() && until.Before(g.Until) {
			g.Until = until
		}
	}
	if g.Status != GateOpen && !r.Absolute {
		if o := override(s, env, r, step); o != nil {
			g.Status, g.MessageKey, g.Override, g.Until = GateOpen, "case.gate.overridden", o.ID, o.Until
		}
	}
	g.WhoMayChange = who(r, &g)
	return g
}

// who names the roles that can change how the gate stands.
func who(r *treaty.GateRule, g *Gate) []string {
	if g.Status == GateUnknown && r.Attested {
		return attestors(r)
	}
	if len(r.LiftBy) > 0 {
		return r.LiftBy
	}
	return r.SetBy
}

// applies tells whether the gate exists for this case. What is not known counts as if it applied.
func applies(w *treaty.When, s *State, env *Env) bool {
	switch {
	case len(w.Routes) > 0 && !slices.Contains(w.Routes, string(s.Route)),
		len(w.Parts) > 0 && s.Part != "" && !slices.Contains(w.Parts, s.Part),
		w.Child != nil && *w.Child != s.child(env.Now),
		w.Unaccompanied != nil && *w.Unaccompanied != s.Unaccompanied,
		w.Family != nil && *w.Family != (len(s.Family) > 0),
		w.Offender != nil && s.Offender != nil && *w.Offender != s.Offender.Offender,
		w.Detained != nil && *w.Detained != s.detained(),
		w.Willing != nil && *w.Willing != s.willing():
		return false
	}
	if len(w.Means) > 0 {
		if b := s.booking(); b != nil && !slices.Contains(w.Means, b.Means) {
			return false
		}
	}
	return true
}

const notNeeded = "case.gate.not-needed"

// test runs the rule's own test.
func test(s *State, env *Env, r *treaty.GateRule, step Step) (st Status, why string, since, until time.Time) {
	switch r.Test {
	case "barrier":
		return testBarrier(s, env, r)
	case "certificate":
		return testCertificate(s, env, r)
	case "document":
		return testDocument(s, env, step)
	case "notice":
		return testNotice(s, env)
	case "child":
		return testChild(s, env)
	case "consent":
		return yes(s.willing(), "case.gate.no-consent")
	case "reply":
		return testReply(s, env)
	case "agreement":
		return yes(env.Agreement != nil && env.Agreement.InForce(env.Now), "case.gate.not-in-force")
	case "announced":
		return testAnnounced(s, env)
	case "family":
		return testFamily(s, env, step)
	case "custody":
		return testCustody(s, env)
	}
	return GateUnknown, "case.gate.no-law", since, until
}

func yes(ok bool, why string) (Status, string, time.Time, time.Time) {
	if ok {
		return isClear()
	}
	return GateClosed, why, time.Time{}, time.Time{}
}

func isClear() (Status, string, time.Time, time.Time) {
	return GateOpen, "case.gate.clear", time.Time{}, time.Time{}
}

func testBarrier(s *State, env *Env, r *treaty.GateRule) (Status, string, time.Time, time.Time) {
	for i := range s.Barriers {
		b := &s.Barriers[i]
		if b.Gate == r.ID && b.holds(env.Now, r.Expires) {
			why := "case.gate.barrier"
			if b.Oral && !b.Confirmed.Is() {
				why = "case.gate.barrier-oral"
			}
			return GateClosed, why, b.Since, b.Until
		}
	}
	if s.fact(r.Fact) {
		return GateClosed, "case.gate.barrier", time.Time{}, time.Time{}
	}
	return isClear()
}

// fact tells whether something is on record that closes a gate as a barrier does.
func (s *State) fact(name string) bool {
	return name == treaty.FactProsecution && s.Offender != nil && s.Offender.Pending
}

// testCertificate asks for a certificate that holds on the day of travel, or now while no day is set.
func testCertificate(s *State, env *Env, r *treaty.GateRule) (Status, string, time.Time, time.Time) {
	at, why := env.Now, "case.gate.no-certificate"
	if b := s.booking(); b != nil && b.Departs.After(at) {
		at = b.Departs
	}
	for i := len(s.Certificates) - 1; i >= 0; i-- {
		c := &s.Certificates[i]
		switch {
		case c.Gate != r.ID:
			continue
		case c.Revoked.Is(), !env.RestoredAt.IsZero() && c.recorded.Before(env.RestoredAt):
			return GateClosed, "case.gate.no-certificate", c.From, c.Until
		case !at.Before(c.Until), env.Now.Before(c.From):
			why = "case.gate.certificate-expired"
			continue
		}
		return GateOpen, "case.gate.clear", c.From, c.Until
	}
	return GateClosed, why, time.Time{}, time.Time{}
}

// testDocument asks for a document that is valid on the day of travel with the profile's margin, accepted at
// the destination and, from the departure on, in the hands of who travels with it.
func testDocument(s *State, env *Env, step Step) (Status, string, time.Time, time.Time) {
	country, at := s.Destination, env.Now
	if b := s.booking(); b != nil {
		country, at = b.Country, b.Departs
	}
	day := person.DateOf(at.In(env.Law.Location()))
	d := s.document(day, country, env.Law.MarginDays)
	if d == nil {
		return GateClosed, "case.gate.no-document", time.Time{}, time.Time{}
	}
	if (step == StepDepart || step == StepHandover) && (d.Holder == "issuer" || d.Holder == "other" || d.Holder == "") {
		return GateClosed, "case.gate.document-elsewhere", time.Time{}, time.Time{}
	}
	return GateOpen, "case.gate.clear", d.Mark.At, d.ValidUntil.AddDays(1).First(env.Law.Location())
}

// testChild asks, for somebody who is or may be a child, for an own best-interests decision; for a child
// alone also for a named adult and a reception that was confirmed.
func testChild(s *State, env *Env) (Status, string, time.Time, time.Time) {
	switch {
	case !s.child(env.Now):
		return GateOpen, notNeeded, time.Time{}, time.Time{}
	case s.Child == nil || !s.Child.Return:
		return GateClosed, "case.gate.no-best-interests", time.Time{}, time.Time{}
	case s.Unaccompanied && (strings.TrimSpace(s.Child.Receiver) == "" || !s.Child.Reception):
		return GateClosed, "case.gate.no-reception", time.Time{}, time.Time{}
	case !s.Unaccompanied && len(s.Family) == 0 && strings.TrimSpace(s.Child.Receiver) == "":
		return GateClosed, "case.gate.no-reception", time.Time{}, time.Time{}
	}
	return isClear()
}

func testReply(s *State, env *Env) (Status, string, time.Time, time.Time) {
	switch {
	case s.Withdrawn.Is():
		return GateClosed, "case.gate.withdrawn", s.Withdrawn.At, time.Time{}
	case !s.consented():
		return GateClosed, "case.gate.no-reply", time.Time{}, time.Time{}
	case s.outdated():
		return GateClosed, "case.gate.reply-before-correction", s.Corrected.At, time.Time{}
	}
	return GateOpen, "case.gate.clear", s.Reply.At, time.Time{}
}

// testAnnounced asks that the other state was told of this journey in time, has it, and has nothing against it.
func testAnnounced(s *State, env *Env) (Status, string, time.Time, time.Time) {
	b, a := s.booking(), s.Announced
	switch {
	case b == nil || a == nil || !a.Journey.Departs.Equal(b.Departs) || a.Journey.To != b.To:
		return GateClosed, "case.gate.not-announced", time.Time{}, time.Time{}
	case s.Paused.Is():
		return GateClosed, "case.gate.paused", s.Paused.At, time.Time{}
	case s.Receiving.Is():
		return GateClosed, "case.gate.receiving-paused", s.Receiving.At, time.Time{}
	case a.Problem != "":
		return GateClosed, "case.gate.arrival-problem", a.Ready.At, time.Time{}
	case a.Receipt.IsZero():
		return GateClosed, "case.gate.not-received", a.Mark.At, time.Time{}
	}
	return GateOpen, "case.gate.clear", a.Receipt, time.Time{}
}

// testCustody asks that a prisoner leaves after the release date, or inside the early-removal window.
func testCustody(s *State, env *Env) (Status, string, time.Time, time.Time) {
	o, b := s.Offender, s.booking()
	if o == nil || !o.Offender || !o.ReleaseDate.Exact() {
		return GateOpen, notNeeded, time.Time{}, time.Time{}
	}
	day := env.day()
	if b != nil {
		day = person.DateOf(b.Departs.In(env.Law.Location()))
	}
	first := o.ReleaseDate
	if early := EarliestRemoval(env.Law, o, day); early.Exact() && early.Before(first) {
		first = early
	}
	if !day.Before(first) {
		return isClear()
	}
	return GateClosed, "case.gate.in-custody", time.Time{}, first.First(env.Law.Location())
}

// override finds a confirmed override of the gate for the step.
func override(s *State, env *Env, r *treaty.GateRule, step Step) *Override {
	for i := range s.Overrides {
		o := &s.Overrides[i]
		if o.Gate == r.ID && o.Step == string(step) && o.Confirmed.Is() && env.Now.Before(o.Until) &&
			!(o.Reviewed.Is() && !o.Upheld) && r.Overridable() {
			return o
		}
	}
	return nil
}

// attested tells whether the gate was attested at each of the step's points, within the point's window,
// after the last barrier of that gate ended and after the node was restored. It returns "" or why not.
func attested(s *State, env *Env, r *treaty.GateRule, step Step) (why string, until time.Time) {
	for _, p := range pointsOf[step] {
		i := slices.IndexFunc(s.attested[p], func(f finding) bool { return f.Gate == r.ID })
		if i < 0 {
			return "case.gate.not-attested", until
		}
		f := &s.attested[p][i]
		from, to := window(s, env, p)
		switch {
		case !f.Clear:
			return "case.gate.attested-not-clear", until
		case f.at.Before(from) || f.at.After(to):
			return "case.gate.attested-too-old", until
		case !f.Until.IsZero() && !env.Now.Before(f.Until):
			return "case.gate.attested-too-old", until
		case !env.RestoredAt.IsZero() && f.recorded.Before(env.RestoredAt):
			return "case.gate.restored", until
		case endedAfter(s, env, r, f.at):
			return "case.gate.attested-too-old", until
		}
		if until.IsZero() || !f.Until.IsZero() && f.Until.Before(until) {
			until = f.Until
		}
	}
	return "", until
}

// window is when an attestation at a point counts: before the departure for the two countdown points, before
// now for the others.
func window(s *State, env *Env, point int) (from, to time.Time) {
	w := env.Law.Window(Points[point])
	if b := s.booking(); b != nil && (Points[point] == "t24" || Points[point] == "t2") {
		return b.Departs.Add(-w), b.Departs.Add(w)
	}
	return env.Now.Add(-w), env.Now
}

// endedAfter tells whether a barrier of the gate, or the fact that closed it, ended at or after a time: the word given
// before knew nothing of it.
func endedAfter(s *State, env *Env, r *treaty.GateRule, t time.Time) bool {
	if r.Fact == treaty.FactProsecution && s.prosecuted.Is() && !t.After(s.prosecuted.At) {
		return true
	}
	for i := range s.Barriers {
		b := &s.Barriers[i]
		if b.Gate != r.ID {
			continue
		}
		if b.Lifted.Is() && !t.After(b.Lifted.At) || r.Expires && !b.Until.IsZero() && !b.Lifted.Is() && t.Before(b.Until) {
			return true
		}
	}
	return false
}

// closed returns the error of a step, or nil when every gate lets it pass.
func closed(s *State, env *Env, step Step) error {
	var shut []Gate
	for _, g := range evaluate(s, env, step, nil) {
		if !g.Passes() {
			shut = append(shut, g)
		}
	}
	if len(shut) == 0 {
		return nil
	}
	g, key := shut[0], "fault.case.gate-closed"
	if g.Status == GateUnknown { // nobody has looked yet: the refusal must not read as if something had been found
		key = "fault.case.gate-unknown"
	}
	return &GatesClosed{Step: step, Gates: shut, fault: fault.New(fault.Denied, key,
		"gate", g.ID, "step", string(step), "basis", g.LegalBasis, "who", strings.Join(g.WhoMayChange, ", "))}
}

// Attestable lists the gates that an officer with a role attests at a point for this case.
func Attestable(s State, env Env, point, role string) []string {
	var ids []string
	for i := range env.Law.Gates {
		g := &env.Law.Gates[i]
		if g.Attested && treaty.May(attestors(g), role) && applies(&g.When, &s, &env) && guardsAt(g, point) {
			ids = append(ids, g.ID)
		}
	}
	return ids
}

// attestors are the roles that may attest a gate; any officer unless the profile names roles.
func attestors(g *treaty.GateRule) []string {
	if len(g.AttestBy) == 0 {
		return []string{"any"}
	}
	return g.AttestBy
}

func guardsAt(g *treaty.GateRule, point string) bool {
	for _, step := range Steps {
		for _, p := range pointsOf[step] {
			if Points[p] == point && g.Guarding(string(step)) {
				return true
			}
		}
	}
	return false
}
