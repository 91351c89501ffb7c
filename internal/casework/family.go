package casework

import (
	"slices"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
)

// testFamily asks that a family travels together or not at all, unless a specialist decided otherwise: every member
// is on this journey, and at the last steps nothing holds any of them. What holds a member is not said here.
func testFamily(s *State, env *Env, step Step) (Status, string, time.Time, time.Time) {
	if len(s.Family) == 0 || s.Separation != nil && s.Separation.Allowed {
		return isClear()
	}
	for _, link := range s.Family {
		if !slices.ContainsFunc(env.Family, func(f State) bool { return f.Case == link.Case }) {
			return GateUnknown, "case.gate.family-unknown", time.Time{}, time.Time{}
		}
	}
	b := s.booking()
	for i := range env.Family {
		m := &env.Family[i]
		on := m.booking()
		switch {
		case m.outcome() == Returned:
		case b == nil || on == nil || on.Number != b.Number || on.Carrier != b.Carrier || !on.Departs.Equal(b.Departs) || on.Suspended.Is():
			return GateClosed, "case.gate.family-apart", time.Time{}, time.Time{}
		case (step == StepLock || step == StepDepart) && !m.left(on) && !m.mayGo(env, step):
			return GateClosed, "case.gate.family-held", time.Time{}, time.Time{}
		}
	}
	return isClear()
}

// mayGo tells whether every gate of a member's own lets the step pass, the family's apart.
func (s *State) mayGo(env *Env, step Step) bool {
	today := env.Now.In(env.Law.Location()).Format(time.DateOnly)
	for i := range env.Law.Gates {
		r := &env.Law.Gates[i]
		if r.Test == "family" || !r.Guarding(string(step)) || !r.InForce(today) || !applies(&r.When, s, env) {
			continue
		}
		if g := gate(s, env, r, step); !g.Passes() {
			return false
		}
	}
	return true
}

// LinkFamily says that another case belongs to the same family. The desk says the same in the other case, so that
// neither of the two is bound by less.
type LinkFamily struct{ domestic.FamilyLink }

func (LinkFamily) about() about {
	return about{name: "link-family", side: Requesting, roles: append(slices.Clone(caseRoles), "specialist")}
}

func (c LinkFamily) decide(s *State, env *Env) ([]act.Statement, error) {
	if err := all(need("family", string(c.Family), nil), need("case", string(c.Case), nil), need("relation", c.Relation, Relations),
		when(c.Case == s.Case || slices.ContainsFunc(s.Family, func(f domestic.FamilyLink) bool { return f.Case == c.Case }), "fault.case.linked")); err != nil {
		return nil, err
	}
	body := c.FamilyLink
	return one(s.own(domestic.FamilyLinked, &body)), nil
}

// Mirrored is the same link as the other case has it; ok is false where it has it already.
func (c LinkFamily) Mirrored(from act.ID, other State) (LinkFamily, bool) {
	relation := c.Relation
	switch relation {
	case "parent":
		relation = "child"
	case "child":
		relation = "parent"
	}
	known := slices.ContainsFunc(other.Family, func(f domestic.FamilyLink) bool { return f.Case == from })
	return LinkFamily{domestic.FamilyLink{Family: c.Family, Case: from, Relation: relation}}, !known
}

// DecideSeparation is a specialist's decision that a family may travel apart.
type DecideSeparation struct{ domestic.Separation }

func (DecideSeparation) about() about {
	return about{name: "decide-separation", side: Requesting, roles: specialistRoles}
}

func (c DecideSeparation) decide(s *State, env *Env) ([]act.Statement, error) {
	if err := all(when(len(s.Family) == 0, "fault.case.no-family"), need("reason", c.Reason, nil)); err != nil {
		return nil, err
	}
	body := c.Separation
	return one(s.own(domestic.FamilySeparation, &body)), nil
}
