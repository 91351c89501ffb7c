package casework

import (
	"slices"
	"strings"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/fault"
	"countersign/internal/treaty"
)

// SetBarrier closes a gate. Whoever learns of an absolute barrier may set it, and it holds at once: every
// open booking is suspended, and the other state learns “not yet” if it expects the person, never why.
type SetBarrier struct{ domestic.Barrier }

func (SetBarrier) about() about {
	return about{name: "set-barrier", roles: anyOfficer, late: true}
}

func (c SetBarrier) decide(s *State, env *Env) ([]act.Statement, error) {
	r, err := env.rule(c.Gate, "barrier")
	if err != nil {
		return nil, err
	}
	since, err := env.past(c.Since, "since")
	if err := all(err, may(r.SetBy, env), s.barrierForm(&c.Barrier, r, since)); err != nil {
		return nil, err
	}
	body := c.Barrier
	body.Since = since
	out := one(s.own(domestic.BarrierSet, &body))
	if body.Effect == "non-suspensive" || s.outcome() != Open {
		return out, nil
	}
	return append(out, s.notYetActs("barrier", env)...), nil
}

func (s *State) barrierForm(b *domestic.Barrier, r *treaty.GateRule, since time.Time) error {
	switch {
	case b.Oral && r.OralHours == 0:
		return fault.New(fault.Invalid, "fault.case.not-oral", "gate", r.ID)
	case !b.Oral && strings.TrimSpace(b.Evidence) == "":
		return need("evidence", "", nil)
	case b.Evidence != "" && len(r.Evidence) > 0:
		if err := need("evidence", b.Evidence, r.Evidence); err != nil {
			return err
		}
	}
	switch {
	case b.Effect != "" && (!r.Suspensive || !slices.Contains(Effects, b.Effect)):
		return fault.New(fault.Invalid, "fault.case.no-effect-here", "gate", r.ID)
	case !b.Until.IsZero() && !r.Expires:
		return fault.New(fault.Invalid, "fault.case.no-end", "gate", r.ID)
	case !b.Until.IsZero() && !b.Until.After(since):
		return fault.New(fault.Invalid, "fault.case.date", "field", "until")
	}
	for i := range s.Barriers {
		x := &s.Barriers[i]
		if x.Gate == b.Gate && !x.Lifted.Is() && x.Reference == b.Reference && x.Effect == b.Effect && x.Oral == b.Oral && x.Until.Equal(b.Until) {
			return fault.New(fault.Conflict, "fault.case.barrier-set", "gate", r.ID)
		}
	}
	return nil
}

func (env *Env) rule(id, test string) (*treaty.GateRule, error) {
	r, ok := env.Law.Gate(id)
	if !ok || r.Test != test {
		return nil, fault.New(fault.Invalid, "fault.case.gate", "gate", id)
	}
	return r, nil
}

func may(roles []string, env *Env) error {
	if !treaty.May(roles, env.By.Role) {
		return fault.New(fault.Denied, "fault.case.role", "role", env.By.Role, "roles", strings.Join(roles, ", "))
	}
	return nil
}

// ConfirmBarrier confirms in writing what held on one officer's word.
type ConfirmBarrier struct {
	Barrier  act.ID
	Evidence string
}

func (ConfirmBarrier) about() about {
	return about{name: "confirm-barrier", roles: []string{"court-liaison", "senior-caseworker", "specialist"}, late: true}
}

func (c ConfirmBarrier) decide(s *State, env *Env) ([]act.Statement, error) {
	b, _, err := s.barrier(c.Barrier, env)
	if err := all(err, need("evidence", c.Evidence, nil)); err != nil {
		return nil, err
	}
	switch {
	case !b.Oral || b.Confirmed.Is():
		return nil, fault.New(fault.Conflict, "fault.case.not-oral", "gate", b.Gate)
	case b.By.ID == env.By.ID:
		return nil, fault.New(fault.Denied, "fault.case.same-officer")
	}
	return one(s.own(domestic.BarrierConfirmed, &domestic.BarrierStep{Barrier: b.ID, Evidence: c.Evidence})), nil
}

// barrier finds a barrier that was not lifted; a second lift is refused, never silently done again.
func (s *State) barrier(id act.ID, env *Env) (*Barrier, *treaty.GateRule, error) {
	i := slices.IndexFunc(s.Barriers, func(b Barrier) bool { return b.ID == id })
	if i < 0 {
		return nil, nil, fault.New(fault.Missing, "fault.case.no-barrier")
	}
	b := &s.Barriers[i]
	if b.Lifted.Is() {
		return nil, nil, fault.New(fault.Conflict, "fault.case.lifted-twice", "gate", b.Gate)
	}
	r, err := env.rule(b.Gate, "barrier")
	return b, r, err
}

// LiftBarrier opens what a barrier closed. Where the profile asks for two, the first call proposes and the
// second, by another officer with another role, lifts.
type LiftBarrier struct {
	Barrier  act.ID
	Evidence string
	At       time.Time // when it ended in the world
}

func (LiftBarrier) about() about {
	return about{name: "lift-barrier", roles: []string{"caseworker", "senior-caseworker", "court-liaison", "specialist", "medical-officer", "supervisor"}, late: true}
}

func (c LiftBarrier) decide(s *State, env *Env) ([]act.Statement, error) {
	b, r, err := s.barrier(c.Barrier, env)
	if err != nil {
		return nil, err
	}
	t, err := env.past(c.At, "at")
	if err := all(err, may(r.LiftBy, env), need("evidence", c.Evidence, nil)); err != nil {
		return nil, err
	}
	switch {
	case t.Before(b.Since):
		return nil, fault.New(fault.Conflict, "fault.case.lift-before-set")
	case r.MinDays > 0 && env.Now.Before(b.Since.AddDate(0, 0, r.MinDays)):
		// No removal before the later of the conclusive decision and the recovery period (NABA 2022 s61).
		return nil, fault.New(fault.Denied, "fault.case.min-days", "gate", r.ID, "days", itoa(r.MinDays))
	}
	body := &domestic.BarrierStep{Barrier: b.ID, Evidence: c.Evidence, At: t}
	if r.LiftByTwo && !b.Proposed.Is() {
		return one(s.own(domestic.BarrierLiftProposed, body)), nil
	}
	if r.LiftByTwo && (b.Proposed.By.ID == env.By.ID || b.Proposed.By.Role == env.By.Role) {
		return nil, fault.New(fault.Denied, "fault.case.second-officer")
	}
	return one(s.own(domestic.BarrierLifted, body)), nil
}

// Attest is an officer's word on gates at one of the seven points.
type Attest struct {
	Point    string
	Findings []domestic.Finding
}

func (Attest) about() about {
	return about{name: "attest", side: Requesting, roles: anyOfficer, late: true} // a withdrawn case is attested before it is reopened
}

func (c Attest) decide(s *State, env *Env) ([]act.Statement, error) {
	if err := all(need("point", c.Point, Points), when(len(c.Findings) == 0, "fault.case.needed", "field", "findings")); err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, f := range c.Findings {
		r, ok := env.Law.Gate(f.Gate)
		switch {
		case !ok || !r.Attested || !guardsAt(r, c.Point) || seen[f.Gate]:
			return nil, fault.New(fault.Invalid, "fault.case.gate", "gate", f.Gate)
		case !f.Until.IsZero() && !f.Until.After(env.Now):
			return nil, fault.New(fault.Invalid, "fault.case.date", "field", "until")
		}
		seen[f.Gate] = true
		if err := all(may(attestors(r), env), need("evidence", f.Evidence, nil), s.contradiction(f, r, env)); err != nil {
			return nil, err
		}
	}
	return one(s.own(domestic.GatesAttested, &domestic.Attestation{Point: c.Point, Findings: c.Findings})), nil
}

// contradiction refuses a word against what is on record: a barrier that holds is lifted first, by an officer
// who may, and not attested away.
func (s *State) contradiction(f domestic.Finding, r *treaty.GateRule, env *Env) error {
	if !f.Clear || r.Test != "barrier" {
		return nil
	}
	for i := range s.Barriers {
		if b := &s.Barriers[i]; b.Gate == r.ID && b.holds(env.Now, r.Expires) {
			return fault.New(fault.Conflict, "fault.case.attest-against-barrier", "gate", r.ID)
		}
	}
	return when(s.fact(r.Fact), "fault.case.attest-against-barrier", "gate", r.ID)
}

// RecordCertificate records a positive fact with an end, such as fitness to travel.
type RecordCertificate struct{ domestic.Certificate }

func (RecordCertificate) about() about {
	return about{name: "record-certificate", side: Requesting, roles: anyOfficer}
}

func (c RecordCertificate) decide(s *State, env *Env) ([]act.Statement, error) {
	r, err := env.rule(c.Gate, "certificate")
	if err != nil {
		return nil, err
	}
	from, err := env.past(c.From, "from")
	if err := all(err, may(r.SetBy, env), need("evidence", c.Evidence, orNil(r.Evidence))); err != nil {
		return nil, err
	}
	if !c.Until.After(from) || !c.Until.After(env.Now) || r.MaxDays > 0 && c.Until.After(from.AddDate(0, 0, r.MaxDays)) {
		return nil, fault.New(fault.Invalid, "fault.case.date", "field", "until")
	}
	body := c.Certificate
	body.From = from
	return one(s.own(domestic.CertificateRecorded, &body)), nil
}

func orNil(list []string) []string {
	if len(list) == 0 {
		return nil
	}
	return list
}

// RevokeCertificate ends the certificates of a gate at once; any officer may.
type RevokeCertificate struct{ Gate, Reason string }

func (RevokeCertificate) about() about {
	return about{name: "revoke-certificate", side: Requesting, roles: anyOfficer}
}

func (c RevokeCertificate) decide(s *State, env *Env) ([]act.Statement, error) {
	if _, err := env.rule(c.Gate, "certificate"); err != nil {
		return nil, err
	}
	if err := all(need("reason", c.Reason, nil), when(!slices.ContainsFunc(s.Certificates, func(x Certificate) bool {
		return x.Gate == c.Gate && !x.Revoked.Is()
	}), "fault.case.no-certificate")); err != nil {
		return nil, err
	}
	out := one(s.own(domestic.CertificateRevoked, &domestic.CertificateEnd{Gate: c.Gate, Reason: c.Reason}))
	return append(out, s.notYetActs("barrier", env)...), nil
}

// ProposeOverride asks that one step may pass one gate, where the profile allows it.
type ProposeOverride struct{ domestic.Override }

func (ProposeOverride) about() about {
	return about{name: "propose-override", side: Requesting, roles: anyOfficer}
}

func (c ProposeOverride) decide(s *State, env *Env) ([]act.Statement, error) {
	r, ok := env.Law.Gate(c.Gate)
	switch {
	case !ok || !r.Guarding(c.Step):
		return nil, fault.New(fault.Invalid, "fault.case.gate", "gate", c.Gate)
	case !r.Overridable():
		return nil, fault.New(fault.Denied, "fault.case.no-override", "gate", c.Gate, "basis", r.Basis)
	case env.By.Role != r.OverrideBy[0]:
		return nil, may(r.OverrideBy[:1], env)
	case !c.Until.After(env.Now) || c.Until.After(env.Now.AddDate(0, 0, 14)):
		return nil, fault.New(fault.Invalid, "fault.case.date", "field", "until")
	}
	if err := need("reason", c.Reason, OverrideReasons); err != nil {
		return nil, err
	}
	body := c.Override
	return one(s.own(domestic.OverrideProposed, &body)), nil
}

// ConfirmOverride is the second officer's act, with the other role.
type ConfirmOverride struct{ Override act.ID }

func (ConfirmOverride) about() about {
	return about{name: "confirm-override", side: Requesting, roles: anyOfficer}
}

func (c ConfirmOverride) decide(s *State, env *Env) ([]act.Statement, error) {
	o, r, err := s.findOverride(c.Override, env)
	switch {
	case err != nil:
		return nil, err
	case o.Confirmed.Is():
		return nil, fault.New(fault.Conflict, "fault.case.confirmed")
	case !env.Now.Before(o.Until):
		return nil, fault.New(fault.Late, "fault.case.late", "due", day(o.Until))
	case env.By.Role != r.OverrideBy[1]:
		return nil, may(r.OverrideBy[1:], env)
	case o.By.ID == env.By.ID || o.By.Role == env.By.Role:
		return nil, fault.New(fault.Denied, "fault.case.second-officer")
	}
	return one(s.own(domestic.OverrideConfirmed, &domestic.OverrideStep{Override: o.ID})), nil
}

func (s *State) findOverride(id act.ID, env *Env) (*Override, *treaty.GateRule, error) {
	i := slices.IndexFunc(s.Overrides, func(o Override) bool { return o.ID == id && id != "" })
	if i < 0 {
		return nil, nil, fault.New(fault.Missing, "fault.case.no-override-act")
	}
	r, ok := env.Law.Gate(s.Overrides[i].Gate)
	if !ok || !r.Overridable() {
		return nil, nil, fault.New(fault.Denied, "fault.case.no-override", "gate", s.Overrides[i].Gate, "basis", "")
	}
	return &s.Overrides[i], r, nil
}

// ReviewOverride is the later review, by somebody who took no part.
type ReviewOverride struct {
	Override act.ID
	Upheld   bool
	Reason   string
}

func (ReviewOverride) about() about {
	return about{name: "review-override", side: Requesting, roles: []string{"supervisor", "inspector"}, late: true}
}

func (c ReviewOverride) decide(s *State, env *Env) ([]act.Statement, error) {
	o, _, err := s.findOverride(c.Override, env)
	switch {
	case err != nil:
		return nil, err
	case !o.Confirmed.Is() || o.Reviewed.Is():
		return nil, fault.New(fault.Conflict, "fault.case.no-override-act")
	case o.By.ID == env.By.ID || o.Confirmed.By.ID == env.By.ID:
		return nil, fault.New(fault.Denied, "fault.case.same-officer")
	}
	if err := need("reason", c.Reason, nil); err != nil {
		return nil, err
	}
	out := one(s.own(domestic.OverrideReviewed, &domestic.OverrideStep{Override: o.ID, Upheld: c.Upheld, Reason: c.Reason}))
	if !c.Upheld && s.outcome() == Open {
		out = append(out, s.notYetActs("barrier", env)...)
	}
	return out, nil
}

// Contest records that two facts contradict each other. SettleContest says which one stands.
type ContestFact struct {
	Act, Against act.ID
	Reason       string
}

func (ContestFact) about() about { return about{name: "contest-fact", roles: anyOfficer, late: true} }

func (c ContestFact) decide(s *State, env *Env) ([]act.Statement, error) {
	if err := all(need("act", string(c.Act), nil), need("reason", c.Reason, nil)); err != nil {
		return nil, err
	}
	return one(s.own(domestic.FactContested, &domestic.Contest{Act: c.Act, Against: c.Against, Reason: c.Reason})), nil
}

// SettleContest settles a contested fact with a reason.
type SettleContest struct {
	Contest act.ID
	Reason  string
}

func (SettleContest) about() about {
	return about{name: "settle-contest", roles: seniorRoles, late: true}
}

func (c SettleContest) decide(s *State, env *Env) ([]act.Statement, error) {
	i := slices.IndexFunc(s.Contested, func(x Contested) bool { return x.ID == c.Contest && !x.Settled.Is() })
	if err := all(when(i < 0, "fault.case.no-contest"), need("reason", c.Reason, nil)); err != nil {
		return nil, err
	}
	return one(s.own(domestic.FactContested, &domestic.Contest{Act: c.Contest, Settled: true, Reason: c.Reason})), nil
}

// RecordOrder records a court's order to bring somebody back after the departure.
type RecordOrder struct{ domestic.Order }

func (RecordOrder) about() about {
	return about{name: "record-order", side: Requesting, roles: []string{"court-liaison", "senior-caseworker"}, late: true}
}

func (c RecordOrder) decide(s *State, env *Env) ([]act.Statement, error) {
	if err := all(need("type", c.Type, OrderTypes), need("reference", c.Reference, nil),
		when(s.outcome() != Returned && s.outcome() != Left, "fault.case.not-returned")); err != nil {
		return nil, err
	}
	body := c.Order
	return one(s.own(domestic.OrderRecorded, &body)), nil
}
