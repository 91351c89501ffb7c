// Package desktest walks one invented return through two real nodes, for tests of what is written about a case:
// papers, the JSON API, attachments, imports. Every step is the product's own act; nothing is put in place
// behind the desk.
package desktest

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/casework"
	"countersign/internal/demo"
	"countersign/internal/person"
)

// Start is when the walk begins, and Departs when the journey does.
var (
	Start   = time.Date(2023, 12, 11, 9, 0, 0, 0, time.UTC)
	Departs = time.Date(2024, 1, 9, 10, 30, 0, 0, time.UTC)
)

// Agim is the invented person of the walk.
var Agim = person.Particulars{Names: []person.Name{{Family: "Hoxha", Given: "Agim"}, {Family: "Hoxha", Given: "Gimi", Kind: "alias"}},
	Birth: person.On(1994, 5, 17), BirthPlace: "Lushnjë", BirthCountry: "ALB", Sex: "M", Nationalities: []string{"ALB"},
	FatherName: "Petrit", MotherName: "Lumturi Çelë", LastResidence: "Lushnjë", Languages: []string{"sq"}}

// Walk is a world and one case in it.
type Walk struct {
	*demo.World
	T   testing.TB
	ID  act.ID
	ctx context.Context
}

// World starts two paired authorities that end with the test.
func World(t testing.TB, seed uint64) *demo.World {
	t.Helper()
	w, err := demo.Build(context.Background(), demo.Options{Folder: t.TempDir(), Seed: seed, Start: Start, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	if err := w.Slot(context.Background()); err != nil {
		t.Fatal(err)
	}
	return w
}

// Open starts a world and opens a case in it.
func Open(t testing.TB, seed uint64) *Walk {
	t.Helper()
	w := &Walk{World: World(t, seed), T: t, ctx: context.Background()}
	var err error
	w.ID, err = w.World.GB.Desk.OpenCase(w.ctx, w.World.GB.As("caseworker"), Opening())
	if err != nil {
		t.Fatal(err)
	}
	return w.Do(w.World.GB, "caseworker", casework.SetSupport{Support: domestic.Support{Language: "sq", Interpreter: true}})
}

// Opening is the file that Open opens.
func Opening() domestic.CaseOpening {
	return domestic.CaseOpening{Agreement: demo.Agreement, Peer: demo.AL, Route: string(casework.Readmission), Part: "EAW", Person: Agim,
		Destination: "ALB", Encounter: domestic.Encounter{Route: "in-country-check", Place: "Luton", Date: person.On(2023, 12, 10)}}
}

// In gives a walk that a test made of its own case the context of its acts.
func (w *Walk) In(ctx context.Context) *Walk {
	w.ctx = ctx
	return w
}

// Do lets an officer with a role carry out a command, a minute later.
func (w *Walk) Do(a *demo.Authority, role string, c casework.Command) *Walk {
	w.T.Helper()
	w.Clock.Advance(time.Minute)
	if _, err := a.Desk.Case(w.ctx, a.As(role), w.ID, c); err != nil {
		w.T.Fatalf("%s %s: %v", a.Authority, casework.Name(c), err)
	}
	return w
}

// Attested looks at every gate before a step and attests what is clear.
func (w *Walk) Attested(step casework.Step) *Walk {
	w.T.Helper()
	w.Clock.Advance(time.Minute)
	if err := w.Attest(w.ctx, w.ID, step); err != nil {
		w.T.Fatal(err)
	}
	return w
}

// Push lets one slot pass.
func (w *Walk) Push() *Walk {
	w.T.Helper()
	if err := w.Slot(w.ctx); err != nil {
		w.T.Fatal(err)
	}
	return w
}

// Request signs the application; it is not sent before Push.
func (w *Walk) Request() *Walk {
	w.T.Helper()
	passport := person.Document{Type: person.Passport, Number: "BA1234567", Issuer: "ALB", ValidUntil: person.On(2021, 3, 1)}
	return w.Attested(casework.StepRequest).Do(w.World.GB, "caseworker", casework.RequestReadmission{Category: "national",
		Evidence: []joint.Evidence{{Type: "passport-copy", Document: passport, Annex: 1}}, Found: person.On(2023, 12, 10)})
}

// Agree lets the other state agree.
func (w *Walk) Agree() *Walk {
	w.T.Helper()
	return w.Push().Do(w.World.AL, "readmission-officer", casework.ReplyConfirm{Basis: "prima_facie", Document: true}).Push()
}

// Document lets it issue a travel document.
func (w *Walk) Document() *Walk {
	w.T.Helper()
	return w.Attested(casework.StepDocument).Do(w.World.GB, "caseworker", casework.AskTravelDocument{TravelOn: person.On(2024, 1, 9)}).Push().
		Do(w.World.AL, "readmission-officer", casework.IssueTravelDocument{Document: person.Document{Type: person.LaissezPasser, Number: "LP0012345",
			Issuer: "ALB", ValidUntil: person.On(2024, 6, 30), OneJourney: true, From: "GBR", To: "ALB"}}).Push()
}

// Seat holds a seat and serves the notice that names it.
func (w *Walk) Seat() *Walk {
	w.T.Helper()
	now := w.Clock.Now()
	b := domestic.Booking{Means: "air", Carrier: "BA", Number: "892", From: "LHR", To: "TIA", Country: "ALB", Departs: Departs, Arrives: Departs.Add(3 * time.Hour), Escorts: 2}
	return w.Attested(casework.StepHoldSeat).Do(w.World.GB, "caseworker", casework.HoldSeat{Booking: b}).
		Do(w.World.GB, "senior-caseworker", casework.RecordCertificate{Certificate: domestic.Certificate{Gate: "removal-decision", From: now, Until: now.AddDate(1, 0, 0), Evidence: "decision-letter"}}).
		Do(w.World.GB, "caseworker", casework.ServeNotice{Service: domestic.Service{Papers: []string{"intention", "departure-details"}, Route: "10A", To: "person",
			Language: "sq", ReadBy: "interpreter", Understood: true, Checked: "repeated-in-own-words", Method: "in-person", Proof: "signature",
			Part: "EAW", Destination: "ALB", Departs: Departs}})
}

// Announce confirms and announces the journey after the notice period; the other state acknowledges.
func (w *Walk) Announce() *Walk {
	w.T.Helper()
	w.Clock.Set(time.Date(2023, 12, 28, 10, 0, 0, 0, time.UTC))
	w.Do(w.World.GB, "caseworker", casework.RecordCertificate{Certificate: domestic.Certificate{Gate: "interpreter", From: w.Clock.Now(), Until: Departs.AddDate(0, 0, 2), Evidence: "booking-record"}})
	return w.Attested(casework.StepConfirm).Do(w.World.GB, "caseworker", casework.ConfirmBooking{}).Attested(casework.StepAnnounce).
		Do(w.World.GB, "caseworker", casework.NotifyTransfer{Luggage: 1}).Push().Do(w.World.AL, "border-officer", casework.AcknowledgeArrival{}).Push()
}

// HandOver takes the person to the other state's officer, who accepts.
func (w *Walk) HandOver() *Walk {
	w.T.Helper()
	w.Clock.Set(Departs.Add(-20 * time.Hour))
	w.Do(w.World.GB, "medical-officer", casework.RecordCertificate{Certificate: domestic.Certificate{Gate: "fit-to-travel", From: w.Clock.Now(), Until: Departs.AddDate(0, 0, 2), Evidence: "medical-examination"}}).
		Attested(casework.StepLock).Do(w.World.GB, "coordinator", casework.LockJourney{}).
		Do(w.World.GB, "escort-officer", casework.MoveDocument{DocumentMove: domestic.DocumentMove{Number: "LP0012345", Holder: "escort"}})
	w.Clock.Set(Departs.Add(-90 * time.Minute))
	w.Attested(casework.StepDepart)
	w.Clock.Set(Departs)
	w.Do(w.World.GB, "escort-officer", casework.Depart{})
	w.Clock.Set(Departs.Add(3 * time.Hour))
	return w.Attested(casework.StepHandover).Do(w.World.GB, "escort-officer", casework.OfferHandover{Place: "TIA", Property: 1}).Push().
		Do(w.World.AL, "border-officer", casework.AcceptHandover{Property: 1}).Push()
}
