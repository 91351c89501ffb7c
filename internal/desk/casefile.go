package desk

import (
	"context"
	"slices"

	"countersign/internal/access"
	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/casefile"
	"countersign/internal/casework"
	"countersign/internal/fault"
	"countersign/internal/store"
)

// Imported is what became of one record of another system.
type Imported struct {
	Reference string
	Case      act.ID
	Known     bool // it had been taken over before; nothing was done
}

// Import takes cases over from another system, each with all that belongs to it or not at all. A file that was
// taken over before, by its system and number, is found and left as it is. In shadow mode this node only
// observes: gates and clocks are evaluated, and no joint act leaves about the case.
func (d *Desk) Import(ctx context.Context, who Session, records []casefile.Record, shadow bool) ([]Imported, error) {
	if who.Posted {
		return nil, fault.New(fault.Denied, "fault.access.denied", "action", "open-case", "role", who.Officer.Role)
	}
	var done []Imported
	for _, r := range records {
		r.Import.Shadow = shadow
		var one Imported
		err := d.perform(ctx, who, func(t *turn) (err error) {
			one, err = t.takeOver(r)
			return err
		})
		if err != nil {
			return done, err
		}
		done = append(done, one)
	}
	return done, nil
}

func (t *turn) takeOver(r casefile.Record) (Imported, error) {
	one := Imported{Reference: r.Import.Reference}
	known, err := store.SubjectsOf(t.tx, 1, t.importToken(r.Import.System, r.Import.Reference))
	if err != nil {
		return one, err
	}
	if len(known) > 0 {
		one.Case, one.Known = known[0], true
		return one, nil
	}
	if casework.Route(r.Opening.Route).TouchesPeer() {
		r.Opening.Agreement, r.Opening.Peer = t.Agreement.ID, t.Peer.Authority
	}
	if one.Case, _, err = t.openCase(casework.OpenCase{CaseOpening: r.Opening}); err != nil {
		return one, err
	}
	if r.Document != nil {
		if _, err := t.carryOut(one.Case, casework.RecordDocument{HeldDocument: domestic.HeldDocument{Document: *r.Document, Holder: "other", Genuine: true}}); err != nil {
			return one, err
		}
	}
	if r.Support != nil {
		if _, err := t.carryOut(one.Case, casework.SetSupport{Support: *r.Support}); err != nil {
			return one, err
		}
	}
	state, err := t.caseState(t.tx, one.Case)
	if err != nil {
		return one, err
	}
	body := r.Import
	_, err = t.say(act.Statement{Scope: act.Domestic, Kind: domestic.FileImported, Subject: state.Person, Case: one.Case, Body: &body})
	return one, err
}

// imported is the last word about where a case was taken over from.
func imported(events []act.Event) (i domestic.Import, ok bool) {
	for _, e := range events {
		if b, is := e.Body.(*domestic.Import); is {
			i, ok = *b, true
		}
	}
	return i, ok
}

// observed refuses a joint act about a case that this node only observes.
func (t *turn) observed(id act.ID, statements []act.Statement) error {
	if !slices.ContainsFunc(statements, func(s act.Statement) bool { return s.Scope == act.Joint }) {
		return nil
	}
	events, err := t.eventsAbout(t.tx, id)
	if err != nil {
		return err
	}
	if i, ok := imported(events); ok && i.Shadow {
		return fault.New(fault.Denied, "fault.import.shadow", "system", i.System, "reference", i.Reference)
	}
	return nil
}

// EndShadow lets an observed case be worked on here from now on. It is a step of those who answer for cases.
func (d *Desk) EndShadow(ctx context.Context, who Session, id act.ID) error {
	return d.perform(ctx, who, func(t *turn) error {
		events, err := t.eventsAbout(t.tx, id)
		if err != nil {
			return err
		}
		state, i := foldCase(events), domestic.Import{}
		var ok bool
		if i, ok = imported(events); !ok || !i.Shadow {
			return fault.New(fault.Conflict, "fault.import.not-shadow")
		}
		if err := t.allow("recategorise", t.caseResource(t.tx, state, t.who)); err != nil {
			return err
		}
		i.Shadow = false
		_, err = t.say(act.Statement{Scope: act.Domestic, Kind: domestic.FileImported, Subject: state.Person, Case: id, Body: &i})
		return err
	})
}

// Observe evaluates every case that this node only observes, for comparison with the other system. The look at
// their people is recorded first.
func (d *Desk) Observe(ctx context.Context, who Session) ([]casefile.Observation, error) {
	lines, err := d.files(ctx, who, "shadow", true)
	if err != nil {
		return nil, err
	}
	list := []casefile.Observation{}
	for _, l := range lines {
		env, err := d.env(d.Store, l.State)
		if err != nil {
			return nil, err
		}
		env.By = who.Officer
		list = append(list, casefile.Observe(l.State, l.Import, env))
	}
	return list, nil
}

// Export gives the cases of this authority to its other system. Who gets them all must be able to see them all;
// the look is recorded with everybody in it.
func (d *Desk) Export(ctx context.Context, who Session) ([]casefile.Line, error) {
	return d.files(ctx, who, viewExport, false)
}

// files opens the cases in which this authority is the requesting one, in the order of their opening.
func (d *Desk) files(ctx context.Context, who Session, view string, shadow bool) ([]casefile.Line, error) {
	if err := d.allow(who, "view-barriers", access.Resource{Type: "case"}); err != nil {
		return nil, err
	}
	var lines []casefile.Line
	var people []act.ID
	for offset := 0; ; offset += 500 {
		rows, total, err := store.Cases(d.Store, store.CaseFilter{Limit: 500, Offset: offset, Sort: "opened"})
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			events, err := d.eventsAbout(d.Store, r.ID)
			if fault.KindOf(err) == fault.Missing {
				continue // erased
			} else if err != nil {
				return nil, err
			}
			l := casefile.Line{Case: r.ID, State: foldCase(events)}
			l.Import, _ = imported(events)
			if l.State.Requesting != d.Authority || shadow && !l.Import.Shadow {
				continue
			}
			env, err := d.env(d.Store, l.State)
			if err != nil {
				return nil, err
			}
			l.Next = casework.NextStep(l.State, env)
			lines, people = append(lines, l), append(people, l.State.Person)
		}
		if offset+len(rows) >= total || len(rows) == 0 {
			break
		}
	}
	slices.Reverse(lines) // the store lists the newest first
	slices.Sort(people)
	return lines, d.consult(ctx, who, "view-case", access.Resource{Type: "case"}, view, slices.Compact(people)...)
}
