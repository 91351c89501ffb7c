package traffic

import (
	"context"
	"slices"
	"strconv"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/casework"
	"countersign/internal/person"
	"countersign/internal/store"
)

func pick[T any](r Random, list []T) T { return list[r.IntN(len(list))] }

var (
	families = []string{"Hoxha", "Kola", "Marku", "Gjeta", "Përparim", "Dervishi", "Shehu", "Leka", "Zeneli", "Muka"}
	givens   = []string{"Agim", "Liridona", "Fatmir", "Edlira", "Bledar", "Arta", "Besnik", "Drita", "Ilir", "Mirela"}
)

// Opening is a new case about an invented person.
func (o *Office) Opening() domestic.CaseOpening {
	p := person.Particulars{Names: []person.Name{{Family: pick(o.Random, families), Given: pick(o.Random, givens)}},
		Birth: person.On(1960+o.Random.IntN(40), 1+o.Random.IntN(12), 1+o.Random.IntN(28)), Nationalities: []string{"ALB"}, Sex: pick(o.Random, []string{"M", "F"})}
	return domestic.CaseOpening{Agreement: "uk-al", Peer: o.Peer, Route: string(casework.Readmission), Part: "EAW", Person: p, Destination: "ALB"}
}

// Open opens a case.
func (o *Office) Open(ctx context.Context) (act.ID, error) {
	id, err := o.Desk.OpenCase(ctx, o.As("caseworker"), o.Opening())
	if err != nil {
		return "", o.note(err)
	}
	o.Acked(id, nil)
	o.mu.Lock()
	o.tally.Opened++
	o.mu.Unlock()
	return id, nil
}

// attestors is the order in which officers of these roles look at the gates.
var attestors = []string{"caseworker", "senior-caseworker", "court-liaison", "medical-officer", "specialist", "supervisor"}

// Attest lets officers attest, clear, every gate before a step that their role may speak to.
func (o *Office) Attest(ctx context.Context, id act.ID, step casework.Step, point string) error {
	byRole := map[string][]domestic.Finding{}
	for i := range o.Desk.Law.Gates {
		g := &o.Desk.Law.Gates[i]
		if !g.Attested || !g.Guarding(string(step)) {
			continue
		}
		role := "caseworker"
		if len(g.AttestBy) > 0 && !slices.Contains(g.AttestBy, role) && !slices.Contains(g.AttestBy, "any") {
			role = g.AttestBy[0]
		}
		evidence := "file-checked"
		if len(g.Evidence) > 0 {
			evidence = g.Evidence[0]
		}
		byRole[role] = append(byRole[role], domestic.Finding{Gate: g.ID, Clear: true, Evidence: evidence})
	}
	for _, role := range attestors {
		if len(byRole[role]) == 0 {
			continue
		}
		if _, err := o.do(ctx, role, id, casework.Attest{Point: point, Findings: byRole[role]}); err != nil {
			return err
		}
	}
	return nil
}

// Request attests and sends an application.
func (o *Office) Request(ctx context.Context, id act.ID) (bool, error) {
	if err := o.Attest(ctx, id, casework.StepRequest, "request"); err != nil {
		return false, err
	}
	return o.Apply(ctx, id)
}

// Apply sends an application on the attestations that there are.
func (o *Office) Apply(ctx context.Context, id act.ID) (bool, error) {
	return o.do(ctx, "caseworker", id, casework.RequestReadmission{Category: "national", Evidence: []joint.Evidence{{Type: "own-statement"}}})
}

// Step does one piece of work: opens a case, or takes the next step in one.
func (o *Office) Step(ctx context.Context) error {
	if o.Authority == "gb" {
		return o.requesting(ctx)
	}
	return o.requested(ctx)
}

func (o *Office) requesting(ctx context.Context) error {
	if o.opens() {
		id, err := o.Open(ctx)
		if err != nil || id == "" {
			return err
		}
		_, err = o.Request(ctx, id)
		return err
	}
	c, ok, err := o.choose()
	if err != nil || !ok {
		return err
	}
	if o.Whole {
		return o.wholly(ctx, c)
	}
	switch c.Next {
	case "case.next.request", "case.next.after-refusal":
		_, err = o.Request(ctx, c.ID)
	case "case.next.information":
		_, err = o.do(ctx, "caseworker", c.ID, casework.GiveInformation{Items: []string{pick(o.Random, casework.MoreItems)}})
	default:
		_, err = o.do(ctx, "caseworker", c.ID, casework.Withdraw{Reason: pick(o.Random, casework.EndReasons)})
	}
	return err
}

// wholly does what officers do in a year: journeys beside applications, and what gets in their way.
func (o *Office) wholly(ctx context.Context, c store.CaseRow) error {
	var err error
	switch n := o.Random.IntN(24); {
	case n == 0:
		return o.claim(ctx, c)
	case n == 1:
		_, err = o.do(ctx, "caseworker", c.ID, casework.Withdraw{Reason: pick(o.Random, casework.EndReasons)})
		return err
	case n < 4:
		return o.finish(ctx)
	}
	for range 3 { // an officer stays with the file until it is somebody else's turn
		before := c.Next
		if err := o.next(ctx, c); err != nil {
			return err
		}
		var ok bool
		if c, ok, err = store.FindCase(o.Store, c.ID); err != nil || !ok || c.Owes != o.Authority || c.Next == before {
			return o.note(err)
		}
	}
	return nil
}

func (o *Office) next(ctx context.Context, c store.CaseRow) (err error) {
	switch c.Next {
	case "case.next.request", "case.next.after-refusal":
		_, err = o.Request(ctx, c.ID)
	case "case.next.information":
		_, err = o.do(ctx, "caseworker", c.ID, casework.GiveInformation{Items: []string{pick(o.Random, casework.MoreItems)}})
	default:
		err = o.journey(ctx, c)
	}
	return err
}

// opens tells whether a new case comes in now. Where officers do whole returns, they open no more than they can
// see through.
func (o *Office) opens() bool {
	if !o.Whole {
		return o.Random.IntN(3) == 0
	}
	_, open, err := store.Cases(o.Store, store.CaseFilter{Open: true, Limit: 1})
	return err == nil && open < 6 && o.Random.IntN(3) == 0
}

func (o *Office) requested(ctx context.Context) error {
	c, ok, err := o.choose()
	if err != nil || !ok {
		return err
	}
	if done, err := o.receive(ctx, c); done || err != nil {
		return err
	}
	switch o.Random.IntN(6) {
	case 0:
		_, err = o.do(ctx, "readmission-officer", c.ID, casework.AskMoreInformation{Items: []string{pick(o.Random, casework.MoreItems)}})
	case 1:
		_, err = o.do(ctx, "readmission-officer", c.ID, casework.ReplyRefuse{Reason: pick(o.Random, casework.RefusalReasons)})
	default:
		_, err = o.do(ctx, "readmission-officer", c.ID, casework.ReplyConfirm{Basis: pick(o.Random, casework.Bases), Document: o.Random.IntN(2) == 0})
	}
	return err
}

// choose picks one of the cases in which the authority owes the next step.
func (o *Office) choose() (store.CaseRow, bool, error) {
	rows, err := o.cases(20)
	if err != nil {
		return store.CaseRow{}, false, o.note(err)
	}
	if len(rows) == 0 {
		o.Idle()
		return store.CaseRow{}, false, nil
	}
	return rows[o.Random.IntN(len(rows))], true, nil
}

// Number is a short unique text.
func (o *Office) Number() string { return strconv.Itoa(100000 + o.Random.IntN(900000)) }
