package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"countersign/cmd/evidence/traffic"
	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/casework"
	"countersign/internal/demo"
	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/internal/person"
	"countersign/internal/store"
)

// A register is filled by officers at work: every act is authorised, decided, signed, sealed and appended by the
// desk as on any other day, many at a time so that they share commits. No row is written past it.
type register struct {
	*demo.World
	cases, acts int // to be reached
	until       time.Time
	random      *traffic.Shared
	clerks      []*traffic.Office // caseworkers, each with files of their own
	places      []string          // where people are met
	made        int
	people      []act.ID // of the cases of this round
	looks       int
	began       time.Time

	mu      sync.Mutex
	refused map[string]int // commands that could not be given as things stood
}

const (
	clerks     = 40
	offices    = 60
	caseRound  = 1024 // cases that come in at a time
	quickRound = 128
	atOnceWork = 256  // officers at work at the same moment, as many as share a commit at most
	latest     = 1024 // cases whose texts still wait
)

// registerStart leaves a year and more before the day on which the pages are read.
var registerStart = time.Date(2025, 9, 1, 8, 0, 0, 0, time.UTC)

func (r *Run) fillRegister(ctx context.Context, w *demo.World, cases, acts int, until time.Time) (*register, error) {
	g := &register{World: w, cases: cases, acts: acts, until: until, random: traffic.NewShared(r.Seed, 11), began: time.Now(), refused: map[string]int{}}
	for range offices {
		g.places = append(g.places, syllables(g.random, 3))
	}
	source := rand.NewChaCha8([32]byte{byte(r.Seed), 'c', 'l', 'e', 'r', 'k', 's'})
	for range clerks {
		id, err := w.GB.Desk.EnterOfficer(ctx, fmt.Sprintf("%s %s", syllables(g.random, 2), syllables(g.random, 3)), "caseworker", "", source)
		if err != nil {
			return nil, err
		}
		s, err := w.GB.Desk.SignIn(ctx, id)
		if err != nil {
			return nil, err
		}
		o := traffic.NewOffice(demo.GB, demo.AL, w.GB.Desk, w.GB.Store(), g.random)
		for _, role := range []string{"senior-caseworker", "court-liaison", "medical-officer", "specialist", "supervisor"} {
			o.Seat(role, w.GB.As(role))
		}
		o.Seat("caseworker", s.For("purpose.casework"))
		g.clerks = append(g.clerks, o)
	}
	each := caseRound
	if r.Quick {
		each = quickRound
	}
	rounds := (cases + each - 1) / each
	step := 440 * 24 * time.Hour / time.Duration(max(rounds, 1)) // the work of about fourteen months
	// What is thrown away while the register is filled is no page's; the pages are timed with the collector as it comes.
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	for g.made < cases && time.Now().Before(until) {
		if err := g.round(ctx, min(each, cases-g.made), step); err != nil {
			return nil, err
		}
		if g.made/each%10 == 0 {
			r.Say("  %6d cases, %7d looks, %s", g.made, g.looks, time.Since(g.began).Round(time.Second))
		}
	}
	return g, nil
}

// round is some days of work: cases come in, are attested and asked for, the other state answers, some end.
func (g *register) round(ctx context.Context, n int, step time.Duration) error {
	ids := make([]act.ID, n)
	owner := func(i int) *traffic.Office { return g.clerks[(g.made+i)%len(g.clerks)] }
	err := together(n, func(i int) (err error) {
		if ids[i], err = g.open(ctx, owner(i)); err != nil {
			return err
		}
		if g.random.IntN(10) == 0 {
			return nil // nobody has looked at it yet
		}
		_, err = owner(i).Request(ctx, ids[i])
		return err
	})
	if err != nil {
		return err
	}
	g.Clock.Advance(step / 2)
	if err := g.exchange(ctx); err != nil {
		return err
	}
	if g.people, err = subjects(g.GB, ids); err != nil {
		return err
	}
	if err := together(n, func(i int) error { return g.answer(ctx, ids[i]) }); err != nil {
		return err
	}
	g.Clock.Advance(step / 2)
	if err := g.exchange(ctx); err != nil {
		return err
	}
	if err := together(n, func(i int) error { return g.later(ctx, owner(i), ids[i]) }); err != nil {
		return err
	}
	g.made += n
	return g.look(ctx)
}

// open opens a case about an invented person who has a paper and a language.
func (g *register) open(ctx context.Context, o *traffic.Office) (act.ID, error) {
	c := o.Opening()
	c.Person.Names = []person.Name{{Family: syllables(g.random, 3), Given: syllables(g.random, 2)}}
	if g.random.IntN(100) == 0 {
		c.Person.Names[0].Given = "Agim"
	}
	c.Encounter = domestic.Encounter{Route: "in-country-check", Place: g.places[g.random.IntN(len(g.places))],
		Date: person.DateOf(g.Clock.Now().AddDate(0, 0, -1-g.random.IntN(20)))}
	return o.Desk.OpenCase(ctx, o.As("caseworker"), c)
}

// answer is the other state's reply to two of three applications.
func (g *register) answer(ctx context.Context, id act.ID) error {
	var c casework.Command
	switch g.random.IntN(6) {
	case 0:
		c = casework.AskMoreInformation{Items: []string{"photograph"}}
	case 1, 2, 3:
		c = casework.ReplyConfirm{Basis: "prima_facie", Document: true}
	default:
		return nil
	}
	if _, ok, err := store.FindCase(g.AL.Store(), id); err != nil || !ok {
		return err
	}
	return g.try(ctx, g.AL.Desk, g.AL.As("readmission-officer"), id, c)
}

// later is what happens to cases with time: many end, some are held up, a few files grow long.
func (g *register) later(ctx context.Context, o *traffic.Office, id act.ID) error {
	switch n := g.random.IntN(100); {
	case n < 35:
		return g.try(ctx, o.Desk, o.As("caseworker"), id, casework.Withdraw{Reason: "other"})
	case n < 40:
		return g.try(ctx, o.Desk, o.As("court-liaison"), id, casework.SetBarrier{Barrier: domestic.Barrier{Gate: "appeal-pending", Effect: "suspensive", Evidence: "court-record", Reference: "PA/" + o.Number() + "/2026"}})
	case n < 43: // a text for the other state, which somebody else clears, but for the latest ones
		text := "The photograph was taken at the reporting centre."
		err := o.Desk.ProposeText(ctx, o.As("caseworker"), id, text)
		if err == nil && g.made < g.cases-latest {
			return g.try(ctx, o.Desk, o.As("supervisor"), id, casework.ReviewText{Text: text, Author: o.As("caseworker").Officer.ID})
		}
		return g.tolerate(err)
	case n < 45: // a representative
		return g.tolerate(o.Desk.Admit(ctx, o.As("senior-caseworker"), id, g.GB.As("counsel").Officer.ID, g.random.IntN(40) == 0))
	case n < 47: // long files
		for range 12 {
			if err := o.Attest(ctx, id, casework.StepDocument, "travel-document"); err != nil {
				return err
			}
		}
	}
	return nil
}

// look lets officers look at the cases of the round's people, one person at a time, each look a recorded act, until the
// round has its share of acts.
func (g *register) look(ctx context.Context) error {
	seq, err := recorded(g.GB)
	if err != nil {
		return err
	}
	want := int64(g.acts) * int64(g.made) / int64(g.cases)
	n := int(max(want-seq, 0))
	g.looks += n
	return together(n, func(i int) error {
		o := g.clerks[i%len(g.clerks)]
		_, _, err := o.Desk.Cases(ctx, o.As("caseworker"), store.CaseFilter{Subjects: []act.ID{g.people[i%len(g.people)]}})
		return err
	})
}

// subjects are the people of cases.
func subjects(a *demo.Authority, ids []act.ID) (people []act.ID, err error) {
	rows, err := store.CasesByID(a.Store(), ids)
	for _, c := range rows {
		people = append(people, c.Subject)
	}
	return people, err
}

// exchange carries what waits, and the receipts.
func (g *register) exchange(ctx context.Context) error {
	for range 1000 {
		if err := g.Slot(ctx); err != nil {
			return err
		}
		if done, err := crossed(ctx, g.GB.Desk, g.AL.Desk); done || err != nil {
			return err
		}
	}
	return fmt.Errorf("what was said does not cross")
}

// crossed tells whether each side's joint acts are held by the other.
func crossed(ctx context.Context, a, b *desk.Desk) (bool, error) {
	for _, p := range [][2]*desk.Desk{{a, b}, {b, a}} {
		size, err := p[0].Size(ctx)
		if err != nil {
			return false, err
		}
		held, err := p[1].Held(ctx)
		if err != nil || held.Held < size {
			return false, err
		}
	}
	return true, nil
}

// try gives a command that may be refused as things stand; any other error counts.
func (g *register) try(ctx context.Context, d *desk.Desk, who desk.Session, id act.ID, c casework.Command) error {
	_, err := d.Case(ctx, who, id, c)
	return g.tolerate(err)
}

// tolerate counts a refusal, which is an answer like another.
func (g *register) tolerate(err error) error {
	if key := fault.KeyOf(err); key != "" {
		g.mu.Lock()
		g.refused[key]++
		g.mu.Unlock()
		return nil
	}
	return err
}

// recorded is how many acts a node's record holds.
func recorded(a *demo.Authority) (n int64, err error) {
	return n, a.Store().QueryRow(`SELECT COUNT(*) FROM acts`).Scan(&n)
}

// together does n things, many at a time.
func together(n int, do func(i int) error) error {
	var wg sync.WaitGroup
	var mu sync.Mutex
	var failed error
	next := make(chan int)
	for range min(atOnceWork, n) {
		wg.Go(func() {
			for i := range next {
				if err := do(i); err != nil {
					mu.Lock()
					failed = err
					mu.Unlock()
				}
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
	return failed
}

// syllables makes a name that nobody has.
func syllables(r traffic.Random, n int) string {
	list := strings.Fields("ba be bi bo du dra fi fa ga gje gji hu ja jo ka ke kri la le li lo lu ma me mi mo na ne ni pa pe pi qe ra re ri ro sa se shi shu ta te ti tri va ve vi xha xhe za ze zi çe")
	var b strings.Builder
	for range n {
		b.WriteString(list[r.IntN(len(list))])
	}
	name := []rune(b.String())
	return strings.ToUpper(string(name[0])) + string(name[1:])
}
