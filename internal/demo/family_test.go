package demo

import (
	"strconv"
	"testing"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/casework"
	"countersign/internal/fault"
	"countersign/internal/person"
)

// four are a family of four on one flight, each agreed to, documented, noticed and confirmed; three links bind them all.
func four(t *testing.T, w *World, departs time.Time) []*flow {
	t.Helper()
	s := &Story{World: w}
	b := seat(departs, "892")
	var all []*flow
	for i, p := range []struct {
		given string
		born  int
	}{{"Ilir", 1985}, {"Vera", 1988}, {"Besa", 2014}, {"Dion", 2019}} {
		f := s.open(t.Context(), person.Particulars{Names: []person.Name{{Family: "Marku", Given: p.given}}, Birth: person.On(p.born, 4, 2), Sex: "M", Nationalities: []string{"ALB"}},
			casework.Readmission, "EAW", domestic.Encounter{Route: "in-country-check", Place: "Luton", Date: person.On(2023, 12, 10)})
		f.request(joint.Evidence{Type: "identity-card"}).al("readmission-officer", casework.ReplyConfirm{Basis: "proof", Document: true}).slot().
			laissezPasser("LP00950"+strconv.Itoa(i), person.On(2024, 8, 31))
		if p.born > 2010 {
			f.gb("specialist", casework.DecideBestInterests{BestInterests: domestic.BestInterests{Return: true, Receiver: "Vera Marku", Relation: "parent", Reception: true, Decided: person.On(2023, 12, 11)}})
		}
		if err := f.decided().hold(b).serve(b).gb("escort-officer", casework.MoveDocument{DocumentMove: domestic.DocumentMove{Number: "LP00950" + strconv.Itoa(i), Holder: "escort"}}).settled(); err != nil {
			t.Fatal(p.given, err)
		}
		all = append(all, f)
	}
	for _, l := range []struct {
		of, to   int
		relation string
	}{{0, 1, "spouse"}, {0, 2, "child"}, {1, 3, "child"}} {
		if err := all[l.of].gb("caseworker", casework.LinkFamily{FamilyLink: domestic.FamilyLink{Family: all[0].id, Case: all[l.to].id, Relation: l.relation}}).settled(); err != nil {
			t.Fatal(err)
		}
	}
	w.Clock.Set(departs.AddDate(0, 0, -10))
	for i, f := range all {
		if err := f.interpreter(departs).confirm().settled(); err != nil {
			t.Fatal(i, err)
		}
	}
	return all
}

// A family of four travels together or not at all: a claim by the youngest an hour before holds all four, at the desk,
// though only three links were made; when a specialist decides that one may go ahead, that one may and nobody else.
func TestFamilyOfFourTravelsTogetherOrNotAtAll(t *testing.T) {
	w := world(t)
	departs := time.Date(2024, 1, 9, 10, 30, 0, 0, time.UTC)
	all := four(t, w, departs)
	w.Clock.Set(departs.Add(-20 * time.Hour))
	for i, f := range all {
		until := departs.AddDate(0, 0, 2)
		if i == 2 {
			until = departs.Add(-time.Hour) // the elder child’s certificate does not last
		}
		if err := f.fit(until).attest(casework.StepLock).settled(); err != nil {
			t.Fatal(i, err)
		}
	}
	for i, f := range all {
		if err := f.try(w.GB, "coordinator", casework.LockJourney{}); fault.KeyOf(err) != "fault.case.gate-closed" {
			t.Errorf("%d is locked while a child is not fit to travel: %v", i, err)
		}
	}
	if err := all[2].fit(departs.AddDate(0, 0, 2)).attest(casework.StepLock).settled(); err != nil {
		t.Fatal(err)
	}
	for i, f := range all {
		if err := f.gb("coordinator", casework.LockJourney{}).settled(); err != nil {
			t.Fatal(i, err)
		}
	}
	w.Clock.Set(departs.Add(-90 * time.Minute))
	for i, f := range all {
		if err := f.attest(casework.StepDepart).settled(); err != nil {
			t.Fatal(i, err)
		}
	}
	if err := all[3].gb("escort-officer", casework.SetBarrier{Barrier: domestic.Barrier{Gate: "asylum-claim", Evidence: "person-said"}}).settled(); err != nil {
		t.Fatal(err)
	}
	w.Clock.Set(departs)
	for i, f := range all {
		if err := f.try(w.GB, "escort-officer", casework.Depart{}); fault.KeyOf(err) != "fault.case.gate-closed" {
			t.Errorf("%d leaves: %v", i, err)
		}
	}
	if err := all[0].gb("specialist", casework.DecideSeparation{Separation: domestic.Separation{Allowed: true, Reason: "the father goes ahead"}}).gb("escort-officer", casework.Depart{}).settled(); err != nil {
		t.Errorf("the specialist decided: %v", err)
	}
	if err := all[1].try(w.GB, "escort-officer", casework.Depart{}); fault.KeyOf(err) != "fault.case.gate-closed" {
		t.Errorf("the mother leaves without the child: %v", err)
	}
	if err := all[1].gb("caseworker", casework.LinkFamily{FamilyLink: domestic.FamilyLink{Family: all[0].id, Case: act.ID("nobody"), Relation: "child"}}).settled(); fault.KindOf(err) != fault.Missing {
		t.Errorf("a link to a case that is not there: %v", err)
	}
}
