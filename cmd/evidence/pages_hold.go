package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"countersign/cmd/evidence/traffic"
	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/casework"
	"countersign/internal/demo"
	"countersign/internal/person"
	"countersign/internal/store"
	"countersign/internal/web"
	"countersign/internal/web/component"
)

// liveHold serves two nodes with their own slots of a second, keeps pages open on both as browsers do, lets a court
// order be entered at one, and times when each open page is told. That the script shows what it is told is a test of
// the pages in a real browser (internal/web).
func (r *Run) liveHold(ctx context.Context) (string, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	orders, open := 10, 40
	if r.Quick {
		orders = 2
	}
	var here, there []time.Duration
	for i := range orders {
		w, err := r.pagesWorld(ctx, fmt.Sprintf("hold-%d", i), time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))
		if err != nil {
			return "", err
		}
		h, t, err := r.oneHold(ctx, w, open)
		w.Close()
		if err != nil {
			return "", err
		}
		here, there = append(here, h...), append(there, t...)
	}
	a, b := summarise(here, time.Second), summarise(there, time.Second)
	slowHere, slowThere := here[len(here)-1], there[len(there)-1]
	r.Say("a court order on %d open pages of its node: p50 %.0f ms, p99 %.0f ms, slowest %.0f ms; on %d of the other node: p50 %.0f ms, p99 %.0f ms, slowest %.0f ms (%d orders, slots of a second, each page asks every %d ms)",
		len(here), ms(a.p50), ms(a.p99), ms(slowHere), len(there), ms(b.p50), ms(b.p99), ms(slowThere), orders, component.LiveEvery.Milliseconds())
	if slowHere > holdHere {
		r.Caught("a court order is on an open page of its node only after %s", slowHere)
	}
	if slowThere > holdThere {
		r.Caught("a court order is on an open page of the other node only after %s", slowThere)
	}
	return fmt.Sprintf("a court order is on every open page of its node within %.0f ms, of the other node within %.0f ms", ms(slowHere), ms(slowThere)), nil
}

// oneHold makes a journey that the other state expects, opens pages of it on both sides, and enters the order.
func (r *Run) oneHold(ctx context.Context, w *demo.World, open int) (here, there []time.Duration, err error) {
	id, err := announced(ctx, w)
	if err != nil {
		return nil, nil, err
	}
	w.Serve(ctx)
	began := make(chan struct{})
	var at time.Time
	var mu sync.Mutex
	var watching, asleep sync.WaitGroup
	for i := range open {
		for _, side := range []struct {
			a    *demo.Authority
			role string
			into *[]time.Duration
		}{{w.GB, "coordinator", &here}, {w.AL, "border-officer", &there}} {
			v, err := newVisitor(side.a.URL(), side.a.As(side.role).Officer.ID)
			if err != nil {
				return nil, nil, err
			}
			if v.status("/cases/"+string(id)) != http.StatusOK {
				return nil, nil, fmt.Errorf("%s cannot open the case", side.role)
			}
			asleep.Add(1)
			watching.Go(func() {
				took, told := v.watch(id, component.LiveEvery*time.Duration(i)/time.Duration(open), &asleep, began, &at)
				mu.Lock()
				defer mu.Unlock()
				if *side.into = append(*side.into, took); !told {
					r.Caught("an open page at %s was not told within %s", side.a.Authority, took.Round(time.Millisecond))
				}
			})
		}
	}
	asleep.Wait()
	time.Sleep(time.Second)
	at = time.Now()
	close(began)
	_, err = w.GB.Desk.Case(ctx, w.GB.As("court-liaison"), id, casework.SetBarrier{Barrier: domestic.Barrier{Gate: "court-order", Evidence: "court-record", Reference: "CO/00077/2026"}})
	watching.Wait()
	return here, there, err
}

// watch asks as the script of an open page does, and says when it was told.
func (v *visitor) watch(id act.ID, phase time.Duration, asleep *sync.WaitGroup, began <-chan struct{}, at *time.Time) (time.Duration, bool) {
	time.Sleep(phase)
	if v.held(id) {
		asleep.Done()
		return 0, false // held before there was an order
	}
	asleep.Done()
	var from time.Time
	for from.IsZero() || time.Since(from) < 10*time.Second {
		time.Sleep(component.LiveEvery)
		told := v.held(id)
		select {
		case <-began:
			from = *at
		default:
			continue
		}
		if told {
			return time.Since(from), true
		}
	}
	return time.Since(from), false
}

func (v *visitor) held(id act.ID) bool {
	a, err := v.client.Get(v.base + web.PathLive + "?case=" + string(id))
	if err != nil {
		return false
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	return err == nil && strings.Contains(string(b), string(id))
}

// announced is a case whose journey the other state was told of and expects.
func announced(ctx context.Context, w *demo.World) (act.ID, error) {
	gb := traffic.NewOffice(demo.GB, demo.AL, w.GB.Desk, w.GB.Store(), traffic.NewShared(1, 3))
	for _, role := range []string{"caseworker", "senior-caseworker", "court-liaison", "medical-officer", "specialist", "supervisor"} {
		gb.Seat(role, w.GB.As(role))
	}
	id, err := gb.Open(ctx)
	if err != nil {
		return id, err
	}
	departs := w.Clock.Now().AddDate(0, 0, 16)
	booking := domestic.Booking{Means: "air", Carrier: "BA", Number: "892", From: "LHR", To: "TIA", Country: "ALB", Departs: departs, Arrives: departs.Add(3 * time.Hour), Escorts: 2}
	paper := person.Document{Type: person.LaissezPasser, Number: "LP0012345", Issuer: "ALB", ValidUntil: person.On(2027, 6, 30), OneJourney: true, From: "GBR", To: "ALB"}
	do := func(a *demo.Authority, role string, c casework.Command) func() error {
		return func() error {
			w.Clock.Advance(time.Minute)
			_, err := a.Desk.Case(ctx, a.As(role), id, c)
			return err
		}
	}
	attest := func(step casework.Step) func() error { return func() error { return w.Attest(ctx, id, step) } }
	slot := func() error { return w.Slot(ctx) }
	for i, step := range []func() error{
		attest(casework.StepRequest), do(w.GB, "caseworker", casework.RequestReadmission{Category: "national", Evidence: []joint.Evidence{{Type: "passport-copy"}}}), slot,
		do(w.AL, "readmission-officer", casework.ReplyConfirm{Basis: "prima_facie", Document: true}), slot,
		attest(casework.StepDocument), do(w.GB, "caseworker", casework.AskTravelDocument{}), slot,
		do(w.AL, "readmission-officer", casework.IssueTravelDocument{Document: paper}), slot,
		attest(casework.StepHoldSeat), do(w.GB, "caseworker", casework.HoldSeat{Booking: booking}),
		do(w.GB, "senior-caseworker", casework.RecordCertificate{Certificate: domestic.Certificate{Gate: "removal-decision", From: w.Clock.Now(), Until: w.Clock.Now().AddDate(1, 0, 0), Evidence: "decision-letter"}}),
		do(w.GB, "caseworker", casework.ServeNotice{Service: domestic.Service{Papers: []string{"intention", "departure-details"}, Route: "10A", To: "person", Language: "sq", ReadBy: "interpreter", Understood: true,
			Checked: "repeated-in-own-words", Method: "in-person", Proof: "signature", Part: "EAW", Destination: booking.Country, Departs: departs}}),
		do(w.GB, "caseworker", casework.RecordCertificate{Certificate: domestic.Certificate{Gate: "interpreter", From: w.Clock.Now(), Until: departs.AddDate(0, 0, 2), Evidence: "booking-record"}}),
		func() error { w.Clock.Advance(9 * 24 * time.Hour); return nil },
		attest(casework.StepConfirm), do(w.GB, "caseworker", casework.ConfirmBooking{}), attest(casework.StepAnnounce),
		do(w.GB, "caseworker", casework.NotifyTransfer{Luggage: 1}), slot, do(w.AL, "border-officer", casework.AcknowledgeArrival{}), slot,
	} {
		if err := step(); err != nil {
			return id, fmt.Errorf("on the way to the journey, step %d: %w", i, err)
		}
	}
	row, ok, err := store.FindCase(w.AL.Store(), id)
	if err == nil && (!ok || row.Held) {
		err = fmt.Errorf("the other state does not expect the person")
	}
	return id, err
}
