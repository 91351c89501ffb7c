package demo

import (
	"log/slog"
	"slices"
	"testing"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/casework"
	"countersign/internal/person"
	"countersign/internal/store"
)

func world(t testing.TB) *World {
	t.Helper()
	w, err := Build(t.Context(), Options{Folder: t.TempDir(), Seed: 1, Start: time.Date(2023, 12, 11, 9, 0, 0, 0, time.UTC), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	return w
}

// open opens a readmission case for an invented person at the British node.
func (w *World) openCase(t testing.TB) act.ID {
	t.Helper()
	id, err := w.GB.Desk.OpenCase(t.Context(), w.GB.As("caseworker"), domestic.CaseOpening{Agreement: "uk-al", Peer: AL, Route: "readmission", Part: "EAW",
		Person: person.Particulars{Names: []person.Name{{Family: "Hoxha", Given: "Agim"}}, Birth: person.On(1994, 5, 17), Nationalities: []string{"ALB"}, Sex: "M"}, Destination: "ALB"})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// An application goes out, is countersigned, and the reply comes back; both nodes then say the same next step.
func TestApplicationGoesOutAndReplyComesIn(t *testing.T) {
	w := world(t)
	ctx := t.Context()
	id := w.openCase(t)
	attestAll(t, w, id, casework.StepRequest)
	if _, err := w.GB.Desk.Case(ctx, w.GB.As("caseworker"), id, casework.RequestReadmission{Category: "national", Evidence: []joint.Evidence{{Type: "own-statement"}}}); err != nil {
		t.Fatal(err)
	}
	if err := w.Slot(ctx); err != nil {
		t.Fatal(err)
	}
	row, ok, err := store.FindCase(w.AL.Store(), id)
	if err != nil || !ok || row.Next != "case.next.reply" || row.Due.IsZero() {
		t.Fatalf("the Albanian work list shows %+v (%v)", row, err)
	}
	if _, err := w.AL.Desk.Case(ctx, w.AL.As("readmission-officer"), id, casework.ReplyConfirm{Basis: "prima_facie", Document: true}); err != nil {
		t.Fatal(err)
	}
	if err := w.Slot(ctx); err != nil {
		t.Fatal(err)
	}
	ours, _, _ := store.FindCase(w.GB.Store(), id)
	if ours.Next != "case.next.ask-document" || ours.Owes != GB {
		t.Errorf("the British work list shows %+v", ours)
	}
	view, err := w.GB.Desk.ViewCase(ctx, w.GB.As("caseworker"), id)
	if err != nil {
		t.Fatal(err)
	}
	if r := view.State.Request; r.Receipt.IsZero() {
		t.Error("the application has no receipt")
	}
	if !slices.ContainsFunc(view.Events, func(e act.Event) bool { return e.Officer.Authority == AL }) {
		t.Error("the timeline lacks the other state's reply")
	}
}

func attestAll(t testing.TB, w *World, id act.ID, step casework.Step) {
	t.Helper()
	if err := w.Attest(t.Context(), id, step); err != nil {
		t.Fatal(err)
	}
}
