package desk

import (
	"context"
	"maps"
	"slices"
	"time"

	"countersign/internal/access"
	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/casework"
	"countersign/internal/fault"
	"countersign/internal/store"

	"github.com/go-json-experiment/json"
)

// Case carries out one official act on a case: the command is authorised, decided on the case as it stands
// inside the transaction, signed and recorded. A barrier that arrives in between is seen (ASVS 15.4.2).
func (d *Desk) Case(ctx context.Context, who Session, id act.ID, c casework.Command) ([]act.Event, error) {
	var events []act.Event
	err := d.perform(ctx, who, func(t *turn) (err error) {
		if events, err = t.carryOut(id, c); err != nil {
			return err
		}
		if link, ok := c.(casework.LinkFamily); ok {
			return t.linkBack(id, link)
		}
		return nil
	})
	return events, err
}

// OpenCase opens a file, gives it to the officer who opened it, and returns its identifier.
func (d *Desk) OpenCase(ctx context.Context, who Session, opening domestic.CaseOpening) (act.ID, error) {
	var id act.ID
	err := d.perform(ctx, who, func(t *turn) (err error) {
		id, _, err = t.openCase(casework.OpenCase{CaseOpening: opening})
		return err
	})
	return id, err
}

func (t *turn) openCase(c casework.OpenCase) (act.ID, []act.Event, error) {
	var err error
	// Both identifiers will cross the border: they are drawn where domestic acts cannot shift them.
	if c.Case, err = NewID(t.Entropy.Joint); err != nil {
		return "", nil, err
	}
	if c.Person, err = NewID(t.Entropy.Joint); err != nil {
		return "", nil, err
	}
	opened, err := t.carryOut(c.Case, c)
	if err != nil {
		return "", nil, err
	}
	assigned, err := t.say(act.Statement{Scope: act.Domestic, Kind: domestic.CaseAssigned, Subject: c.Person, Case: c.Case,
		Body: &domestic.Assignment{Officer: t.who.Officer.ID}})
	return c.Case, append(opened, assigned...), err
}

func (t *turn) carryOut(id act.ID, c casework.Command) ([]act.Event, error) {
	state, err := t.caseState(t.tx, id)
	if err != nil {
		return nil, err
	}
	if err := t.allow(casework.Name(c), t.caseResource(t.tx, state, t.who)); err != nil {
		return nil, err
	}
	env, err := t.env(t.tx, state)
	if err != nil {
		return nil, err
	}
	env.By = t.who.Officer
	if env.ID, err = NewID(t.Entropy.Domestic); err != nil {
		return nil, err
	}
	statements, err := casework.Decide(state, c, env)
	if err != nil {
		return nil, err
	}
	if err := t.observed(id, statements); err != nil {
		return nil, err
	}
	return t.say(statements...)
}

// caseState folds a case from its acts; the writer recalls it.
func (d *Desk) caseState(r reader, id act.ID) (casework.State, error) {
	if tx, ok := r.(*store.Tx); ok {
		return d.turn(tx, Session{}).caseNow(id)
	}
	events, err := d.eventsAbout(r, id)
	if err != nil {
		return casework.State{}, err
	}
	return foldCase(events), nil
}

func foldCase(events []act.Event) casework.State {
	var s casework.State
	for _, e := range events {
		s = casework.Fold(s, e)
	}
	return s
}

// env is what a decision about the case depends on beside its state.
func (d *Desk) env(r reader, s casework.State) (casework.Env, error) {
	now := d.Clock().UTC()
	if tx, ok := r.(*store.Tx); ok {
		now = tx.Now
	}
	env := casework.Env{Now: now, Own: d.Authority, Law: d.Law}
	h, err := d.holidays(r, now)
	if err != nil {
		return env, err
	}
	d.reckon(&env, s, h)
	if env.RestoredAt, err = store.RestoredAt(r); err != nil {
		return env, err
	}
	env.Family, err = d.family(r, s)
	return env, err
}

// caseResource is a case as the policies see it: the officer's own, of a colleague in one of the officer's teams, or
// of neither. If that cannot be found out it is neither.
func (d *Desk) caseResource(r reader, s casework.State, who Session) access.Resource {
	about := access.Resource{Type: "case", State: string(s.Outcome()), Relation: "none", Domestic: true}
	if s.Owner == who.Officer.ID {
		about.Relation = "assigned"
	} else if s.Owner != "" && !who.Posted {
		if same, err := store.ShareTeam(r, s.Owner, who.Officer.ID); err == nil && same {
			about.Relation = "team"
		}
	}
	return about
}

// projectCase writes the one next step of a case, who owes it, and by when.
func (t *turn) projectCase(id act.ID, file dossier) error {
	s := file.State
	if s.Case == "" {
		return nil // not about a case, or only acts that opened none
	}
	env, err := t.env(t.tx, s)
	if err != nil {
		return err
	}
	next := casework.NextStep(s, env)
	args, err := json.Marshal(next.Args, json.Deterministic(true))
	if err != nil {
		return err
	}
	if err := t.indexPerson(s.Person, s.Particulars); err != nil {
		return err
	}
	name, err := t.Vault.Seal(t.tx, string(s.Person), caseName(id), []byte(s.Particulars.Main().String()))
	if err != nil {
		return err
	}
	counted, err := t.sealMeasured(file)
	if err != nil {
		return err
	}
	var asOf time.Time
	if t.swept {
		asOf = t.tx.Now
	}
	if file.counselled {
		if err := t.tx.PutCounsels(id, file.counsels); err != nil {
			return err
		}
	}
	return t.tx.PutCase(store.CaseRow{Texts: waitingTexts(file.texts), AsOf: asOf, ID: id, Subject: s.Person, Side: string(s.SideOf(t.Authority)), Route: string(s.Route),
		Outcome: string(s.Outcome()), Next: next.Key, Args: string(args), Owes: next.Owner, Due: next.Due, Officer: s.Owner,
		Blocked: len(next.Gates) > 0, Paused: s.Paused.Is(), Held: held(s, t.tx.Now), Opened: s.Opened, Updated: s.Last, Acts: int64(s.Acts), Name: name, Measured: counted})
}

// held tells whether a barrier holds now, or one of the states has said “not yet”.
func held(s casework.State, now time.Time) bool {
	return s.Outcome() == casework.Open && (s.Paused.Is() || len(s.Active(now)) > 0)
}

// caseName is the place under which the display name of a case is sealed.
func caseName(id act.ID) string { return "cases/" + string(id) + "/name" }

// CaseView is a case as its officer sees it.
type CaseView struct {
	State     casework.State
	Next      casework.Next
	Gates     map[casework.Step][]casework.Gate
	Deadlines []casework.Deadline
	Events    []act.Event // the timeline, in this node's order
	Officers  map[act.ID]string
}

// ViewCase shows a case; the look is recorded first. A posted officer of the other state sees the joint acts
// and nothing of this state's own facts.
func (d *Desk) ViewCase(ctx context.Context, who Session, id act.ID) (CaseView, error) {
	events, err := d.eventsAbout(d.Store, id)
	if err != nil {
		return CaseView{}, err
	}
	if who.Posted {
		events = slices.DeleteFunc(events, func(e act.Event) bool { return e.Scope == act.Domestic })
	}
	v := CaseView{State: foldCase(events), Events: events, Gates: map[casework.Step][]casework.Gate{}}
	if v.State.Case == "" {
		return v, fault.New(fault.Missing, "fault.case.missing")
	}
	look := func() error { return d.consultCase(ctx, who, "view-case", v.State, "case") }
	if who.Posted {
		about := d.caseResource(d.Store, v.State, who)
		about.Domestic = false
		look = func() error { return d.consult(ctx, who, "view-joint-case", about, "case", v.State.Person) }
	}
	if err := look(); err != nil {
		return CaseView{}, err
	}
	if who.Posted { // what this side owes next is reckoned from its own facts
		v.State.Family = nil
		v.Officers, err = d.names()
		return v, err
	}
	env, err := d.env(d.Store, v.State)
	if err != nil {
		return v, err
	}
	env.By = who.Officer
	v.Next, v.Deadlines = casework.NextStep(v.State, env), casework.Deadlines(v.State, env)
	if v.State.SideOf(d.Authority) == casework.Requesting {
		for _, step := range casework.Steps {
			v.Gates[step] = casework.Evaluate(v.State, env, step)
		}
	}
	v.Officers, err = d.names()
	d.redact(who, &v)
	return v, err
}

// names are the display names of all officers on both rosters.
func (d *Desk) names() (map[act.ID]string, error) {
	all := map[act.ID]string{}
	for _, authority := range []string{d.Authority, d.Peer.Authority} {
		roster, err := store.Roster(d.Store, authority)
		if err != nil {
			return nil, err
		}
		for s := range maps.Values(roster) {
			all[s.Officer] = s.Name
		}
	}
	return all, nil
}

// CaseLine is one line of a work list.
type CaseLine struct {
	store.CaseRow
	Name string
}

// Cases lists cases with the names of their people; the look at those people is recorded first.
func (d *Desk) Cases(ctx context.Context, who Session, f store.CaseFilter) ([]CaseLine, int, error) {
	return d.cases(ctx, who, f, "work-list")
}

func (d *Desk) cases(ctx context.Context, who Session, f store.CaseFilter, view string) ([]CaseLine, int, error) {
	rows, total, err := store.Cases(d.Store, f)
	if err != nil {
		return nil, 0, err
	}
	lines, err := d.shown(ctx, who, rows, view)
	return lines, total, err
}

// shown opens the names of lines, once the look at their people is recorded.
func (d *Desk) shown(ctx context.Context, who Session, rows []store.CaseRow, view string) ([]CaseLine, error) {
	people := make([]act.ID, 0, len(rows))
	for _, r := range rows {
		people = append(people, r.Subject)
	}
	slices.Sort(people)
	if err := d.consult(ctx, who, "view-work-list", access.Resource{Type: "case"}, view, slices.Compact(people)...); err != nil {
		return nil, err
	}
	return d.named(rows)
}
