package desk

import (
	"context"
	"slices"
	"strings"

	"countersign/internal/access"
	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/casework"
	"countersign/internal/fault"
	"countersign/internal/store"
)

// May tells whether the policies let the officer try an action at all, for what a page offers. What is
// offered is asked again when it is done.
func (d *Desk) May(who Session, action string) bool {
	return d.allow(who, action, access.Resource{Type: "case"}) == nil
}

// Count says how many cases match; it shows nobody.
func (d *Desk) Count(_ context.Context, who Session, f store.CaseFilter) (int, error) {
	if err := d.allow(who, "view-work-list", access.Resource{Type: "case"}); err != nil {
		return 0, err
	}
	return store.CountCases(d.Store, f)
}

// Possible says for each command whether the officer could give it to the case as it stands, with nothing
// filled in: nil or an invalid field means that it may be tried. Nothing is recorded and nobody is shown.
func (d *Desk) Possible(_ context.Context, who Session, id act.ID, commands ...casework.Command) ([]error, error) {
	state, err := d.caseState(d.Store, id)
	if err != nil {
		return nil, err
	}
	env, err := d.env(d.Store, state)
	if err != nil {
		return nil, err
	}
	env.By, env.ID = who.Officer, "00000000-0000-4000-8000-000000000000" // a record made here is thrown away
	all := make([]error, len(commands))
	for i, c := range commands {
		if all[i] = d.allow(who, casework.Name(c), d.caseResource(d.Store, state, who)); all[i] == nil {
			_, all[i] = casework.Decide(state, c, env)
		}
	}
	return all, nil
}

// natures are the kinds that tell the nature of a barrier or the reason of a stop.
var natures = []act.Kind{domestic.BarrierSet, domestic.BarrierConfirmed, domestic.BarrierLiftProposed, domestic.BarrierLifted,
	domestic.OverrideProposed, domestic.OverrideConfirmed, domestic.OverrideReviewed, domestic.GatesAttested, domestic.FactContested,
	domestic.AttemptEnded, domestic.BookingSuspended, domestic.BookingCancelled}

// HeldGate is the one name under which every barrier appears to an officer who may not know its nature.
const HeldGate = "held"

// redact takes out of a view what the officer may not know: whoever carries out a journey sees that it is
// held up, never by what (policy view-for-the-journey). It is one rule for page, API, export and print (K23).
func (d *Desk) redact(who Session, v *CaseView) {
	if d.allow(who, "view-barriers", d.caseResource(d.Store, v.State, who)) == nil {
		return
	}
	v.Events = slices.DeleteFunc(slices.Clone(v.Events), func(e act.Event) bool { return slices.Contains(natures, e.Kind) })
	s := &v.State
	s.Barriers, s.Overrides, s.Contested, s.Attempts, s.Orders, s.Offender, s.Detention = nil, nil, nil, nil, nil, nil, nil
	s.Certificates = slices.DeleteFunc(slices.Clone(s.Certificates), func(c casework.Certificate) bool { return d.secret(c.Gate) })
	s.Bookings = slices.Clone(s.Bookings)
	for i := range s.Bookings {
		s.Bookings[i].Why = ""
	}
	for step, gates := range v.Gates {
		v.Gates[step] = d.withoutNature(gates)
	}
	v.Next.Gates = d.withoutNature(v.Next.Gates)
	v.Deadlines = slices.DeleteFunc(slices.Clone(v.Deadlines), func(x casework.Deadline) bool {
		return slices.Contains([]string{"oral", "override-review", "order", "detention"}, x.Rule)
	})
}

func (d *Desk) secret(gate string) bool {
	r, ok := d.Law.Gate(gate)
	return !ok || r.Secret || r.Test == "barrier"
}

// withoutNature joins all secret gates that stand against a step into one, and drops those that do not.
func (d *Desk) withoutNature(gates []casework.Gate) []casework.Gate {
	var out []casework.Gate
	held := casework.Gate{ID: HeldGate, Absolute: true}
	for _, g := range gates {
		switch {
		case !d.secret(g.ID):
			out = append(out, g)
		case g.Passes():
		case g.Status == casework.GateClosed:
			held.Step, held.Status, held.MessageKey = g.Step, casework.GateClosed, "case.gate.barrier"
		case held.Status == "": // nobody has looked yet, which is no barrier
			held.Step, held.Status, held.MessageKey = g.Step, casework.GateUnknown, "case.gate.not-attested"
		}
	}
	if held.Status != "" {
		out = append(out, held)
	}
	return out
}

// TheirView is the case as the other state holds it: the fold of the joint acts that reached it, and nothing
// else. It is what an officer looks at before sending anything.
func (d *Desk) TheirView(ctx context.Context, who Session, id act.ID) (CaseView, error) {
	all, err := d.eventsAbout(d.Store, id)
	if err != nil {
		return CaseView{}, err
	}
	own := foldCase(all)
	if own.Case == "" {
		return CaseView{}, fault.New(fault.Missing, "fault.case.missing")
	}
	if err := d.consultCase(ctx, who, "view-case", own, "case-as-the-other-state-sees-it"); err != nil {
		return CaseView{}, err
	}
	v := CaseView{Gates: map[casework.Step][]casework.Gate{}}
	v.Events = slices.DeleteFunc(all, func(e act.Event) bool {
		return e.Scope != act.Joint || e.Officer.Authority == d.Authority && e.Receipt.IsZero()
	})
	v.State = foldCase(v.Events)
	if v.State.Case != "" {
		env, err := d.env(d.Store, v.State)
		if err != nil {
			return v, err
		}
		env.Own, env.Law = d.Peer.Authority, d.Law
		v.Next, v.Deadlines = casework.NextStep(v.State, env), casework.Deadlines(v.State, env)
	}
	v.Officers, err = d.names()
	return v, err
}

// Unsent are the own joint acts about a case that the other state has not countersigned yet (pain K3).
func Unsent(v CaseView, own string) []act.Event {
	var out []act.Event
	for _, e := range v.Events {
		if e.Scope == act.Joint && e.Officer.Authority == own && e.Receipt.IsZero() {
			out = append(out, e)
		}
	}
	return out
}

// Reference is how people call a case: the first twelve digits of its random identifier, in fours.
func Reference(id act.ID) string {
	digits := strings.ToUpper(strings.ReplaceAll(string(id), "-", ""))
	if len(digits) < 12 {
		return digits
	}
	return digits[:4] + "-" + digits[4:8] + "-" + digits[8:12]
}

// Names are the display names of all officers on both rosters.
func (d *Desk) Names() (map[act.ID]string, error) { return d.names() }

// Attestable lists the gates that the officer may attest at a point of a case; it shows nobody.
func (d *Desk) Attestable(_ context.Context, who Session, id act.ID, point string) ([]string, error) {
	state, err := d.caseState(d.Store, id)
	if err != nil {
		return nil, err
	}
	if who.Posted { // the host's gates are the host's own facts
		return nil, d.allow(who, "view-case", d.caseResource(d.Store, state, who))
	}
	env, err := d.env(d.Store, state)
	if err != nil {
		return nil, err
	}
	return casework.Attestable(state, env, point, who.Officer.Role), nil
}

// ExportCap bounds the lines of one file (T10).
const ExportCap = 500

// ExportCases lists cases for a file that leaves the pages. That it left, with whom and for how many people,
// is recorded first; total says how many matched.
func (d *Desk) ExportCases(ctx context.Context, who Session, f store.CaseFilter) ([]CaseLine, int, error) {
	f.Limit, f.Offset = ExportCap, 0
	return d.cases(ctx, who, f, viewExport)
}
