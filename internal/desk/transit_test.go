package desk_test

import (
	"context"
	"testing"
	"time"

	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/casework"
	"countersign/internal/desk"
	"countersign/internal/desk/desktest"
	"countersign/internal/paper"
	"countersign/internal/person"
)

// Transit is asked of the other state by an act of its own; the paper is a draft until it is countersigned, and both
// states print the same mark. The limit to answer runs from receipt, and the work lists say who owes it.
func TestTransitFromNodeToNode(t *testing.T) {
	w := desktest.World(t, 81)
	ctx, gb, al := context.Background(), w.GB, w.AL
	o := desktest.Opening()
	o.Route, o.Destination, o.Agreement, o.Peer = string(casework.OtherDestination), "ITA", "", ""
	id, err := gb.Desk.OpenCase(ctx, gb.As("caseworker"), o)
	if err != nil {
		t.Fatal(err)
	}
	walk := &desktest.Walk{World: w, T: t, ID: id}
	walk.In(ctx)
	depart := w.Clock.Now().AddDate(0, 0, 20).Truncate(time.Hour)
	passport := person.Document{Type: person.Passport, Number: "BA7654321", Issuer: "ALB", ValidUntil: person.On(2029, 1, 1)}
	walk.Do(gb, "caseworker", casework.RecordDocument{HeldDocument: domestic.HeldDocument{Document: passport, Accepted: []string{"ITA"}, Holder: "escort", Genuine: true}}).
		Attested(casework.StepRequest).Attested(casework.StepHoldSeat).
		Do(gb, "caseworker", casework.HoldSeat{Booking: domestic.Booking{Means: "air", Carrier: "BA", Number: "892", From: "LHR", To: "FCO", Stops: []string{"TIA"}, Country: "ITA",
			Departs: depart, Arrives: depart.Add(5 * time.Hour)}}).
		Do(gb, "caseworker", casework.AskTransit{Agreement: gb.Desk.Agreement.ID, To: al.Authority})
	if f := form(t, walk, gb, "caseworker", paper.TransitForm, desk.PaperChoice{}); !f.Draft() {
		t.Error("a paper before the countersignature")
	}
	walk.Push()
	view, err := al.Desk.ViewCase(ctx, al.As("readmission-officer"), id)
	if err != nil || view.Next.Key != "case.next.transit" || view.Next.Owner != al.Authority || len(view.Deadlines) != 1 || view.Deadlines[0].Rule != "transit-reply" {
		t.Fatalf("%+v %+v (%v)", view.Next, view.Deadlines, err)
	}
	one := form(t, walk, gb, "caseworker", paper.TransitForm, desk.PaperChoice{})
	two := form(t, walk, al, "readmission-officer", paper.TransitForm, desk.PaperChoice{})
	if one.Draft() || one.Act.Mark.Leaf != two.Act.Mark.Leaf || one.Act.Mark.Size == 0 {
		t.Errorf("%+v\n%+v", one.Act, two.Act)
	}
	pdf(t, one)
	walk.Do(al, "readmission-officer", casework.AnswerTransit{TransitAnswer: joint.TransitAnswer{Reason: "prosecution"}}).Push()
	view, err = gb.Desk.ViewCase(ctx, gb.As("caseworker"), id)
	if err != nil || view.State.Transit == nil || view.State.Transit.Answer.Reason != "prosecution" {
		t.Errorf("%+v %v", view.State.Transit, err)
	}
	for _, d := range []*desk.Desk{gb.Desk, al.Desk} {
		if diff, err := d.Rebuild(ctx, false); err != nil || len(diff) > 0 {
			t.Errorf("%s rebuilds otherwise: %v %v", d.Authority, diff, err)
		}
	}
}
