package main

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/casework"
	"countersign/internal/demo"
	"countersign/internal/fault"
	"countersign/internal/person"
	"countersign/internal/store/storetest"
)

// gateRace lets barriers arrive while steps are under way: many goroutines give commands on the same cases at once.
// What decides is the record's own order: after a barrier no step that it guards may stand there.
func (r *Run) gateRace(ctx context.Context, on engine) error {
	cases := 100
	if r.Quick {
		cases = 12
	}
	w, end, err := r.worldOn(ctx, "race", on)
	if err != nil {
		return err
	}
	defer end()
	var steps, barriers, refused int
	for i := range cases {
		id, err := openFor(ctx, w, i)
		if err != nil {
			return err
		}
		n, err := r.collide(ctx, w, id, uint64(i))
		if err != nil {
			return err
		}
		refused += n
		view, err := w.GB.Desk.ViewCase(ctx, w.GB.As("supervisor"), id)
		if err != nil {
			return err
		}
		s, b := r.judge(view.Events)
		steps, barriers = steps+s, barriers+b
	}
	r.Say("%s: %d cases, barriers and steps at once: %d steps before a barrier, %d barriers, %d steps refused after one", on.name, cases, steps, barriers, refused)
	if len(r.caught) == 0 && (steps == 0 || refused == 0) { // a gate that is blind refuses nothing: then something was caught
		return fmt.Errorf("no race: %d steps went through and %d were refused; both must happen", steps, refused)
	}
	r.note("%d races of barrier and step on %s, none lost", cases, on.name)
	return nil
}

// world is two real authorities on SQLite, with a clock that stands.
func (r *Run) world(ctx context.Context, name string) (*demo.World, error) {
	return demo.Build(ctx, demo.Options{Folder: filepath.Join(r.Folder, name), Seed: r.Seed, Start: demo.StoryStart, Log: slog.New(slog.DiscardHandler)})
}

// worldOn is world on one of the engines, each authority with a database of its own; end closes it and drops them.
func (r *Run) worldOn(ctx context.Context, name string, on engine) (w *demo.World, end func(), err error) {
	o := demo.Options{Folder: filepath.Join(r.Folder, on.name, name), Seed: r.Seed, Start: demo.StoryStart, Log: slog.New(slog.DiscardHandler), Postgres: map[string]string{}}
	var drops []func() error
	end = func() {
		if w != nil {
			w.Close()
		}
		for _, drop := range drops {
			if e := drop(); e != nil {
				r.Say("  a schema was not dropped: %v", e)
			}
		}
	}
	for _, authority := range []string{demo.GB, demo.AL} {
		if on.server == "" {
			break
		}
		address, drop, err := storetest.Schema(on.server)
		if err != nil {
			end()
			return nil, nil, err
		}
		o.Postgres[authority], drops = address, append(drops, drop)
	}
	if w, err = demo.Build(ctx, o); err != nil {
		end()
		return nil, nil, err
	}
	return w, end, nil
}

// openFor opens a case of an invented person and attests what guards the application.
func openFor(ctx context.Context, w *demo.World, i int) (act.ID, error) {
	p := person.Particulars{Names: []person.Name{{Family: fmt.Sprintf("Prova%c", 'a'+rune(i%26)), Given: "Person"}}, Birth: person.On(1990, 5, 17), Sex: "M", Nationalities: []string{"ALB"}}
	id, err := w.GB.Desk.OpenCase(ctx, w.GB.As("caseworker"), domestic.CaseOpening{Agreement: demo.Agreement, Peer: demo.AL, Route: string(casework.Readmission),
		Part: "EAW", Person: p, Destination: "ALB", Encounter: domestic.Encounter{Route: "other", Date: person.On(2023, 12, 10)}})
	if err != nil {
		return id, err
	}
	w.Clock.Advance(time.Minute)
	err = w.Attest(ctx, id, casework.StepRequest)
	if err == nil {
		w.Clock.Advance(time.Minute)
		err = w.Attest(ctx, id, casework.StepHoldSeat)
	}
	return id, err
}

// collide gives one barrier and many steps at the same moment, in an order left to chance and the machine.
func (r *Run) collide(ctx context.Context, w *demo.World, id act.ID, round uint64) (refused int, err error) {
	depart := w.Clock.Now().Add(30 * 24 * time.Hour)
	seat := domestic.Booking{Means: "air", Carrier: "BA", Number: "892", From: "LHR", To: "TIA", Country: "ALB", Departs: depart, Arrives: depart.Add(3 * time.Hour)}
	var commands []casework.Command
	for range 6 {
		commands = append(commands, casework.HoldSeat{Booking: seat}, casework.CancelBooking{Reason: "error"})
	}
	barrier := rand.New(rand.NewPCG(r.Seed, round)).IntN(len(commands))
	start := make(chan struct{})
	var group sync.WaitGroup
	var mu sync.Mutex
	for i, c := range commands {
		group.Go(func() {
			<-start
			_, e := w.GB.Desk.Case(ctx, w.GB.As("caseworker"), id, c)
			mu.Lock()
			defer mu.Unlock()
			switch fault.KeyOf(e) {
			case "fault.case.gate-closed":
				refused++
			case "":
				if e != nil {
					err = e
				}
			}
		})
		if i == barrier {
			group.Go(func() {
				<-start
				_, e := w.GB.Desk.Case(ctx, w.GB.As("escort-officer"), id, casework.SetBarrier{Barrier: domestic.Barrier{Gate: "asylum-claim", Evidence: "person-said"}})
				mu.Lock()
				defer mu.Unlock()
				if e != nil {
					err = e
				}
			})
		}
	}
	close(start)
	group.Wait()
	return refused, err
}

// stepOf are the acts that a barrier forbids.
var stepOf = map[act.Kind]bool{domestic.SeatHeld: true, domestic.BookingConfirmed: true, domestic.JourneyLocked: true, domestic.JourneyDeparted: true}

// judge reads the record in its own order, without the product's gates: a step after a barrier is caught.
func (r *Run) judge(events []act.Event) (steps, barriers int) {
	for _, e := range events {
		switch {
		case e.Kind == domestic.BarrierSet:
			barriers++
		case stepOf[e.Kind] && barriers > 0:
			r.Caught("a %s stands after a barrier in case %s", e.Kind, e.Case)
		case stepOf[e.Kind]:
			steps++
		}
	}
	return steps, barriers
}
