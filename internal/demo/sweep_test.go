package demo

import (
	"testing"
	"time"

	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/casework"
	"countersign/internal/store"
)

// Silence becomes deemed consent without an act; the sweep puts it on the work list, once, and a rebuild agrees.
func TestSweepShowsWhatTimeBrings(t *testing.T) {
	w := world(t)
	id := w.openCase(t)
	attestAll(t, w, id, casework.StepRequest)
	for _, c := range []casework.Command{casework.RequestReadmission{Category: "national", Evidence: []joint.Evidence{{Type: "own-statement"}}}} {
		if _, err := w.GB.Desk.Case(t.Context(), w.GB.As("caseworker"), id, c); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Slot(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n, err := w.GB.Desk.Sweep(t.Context()); err != nil || n != 0 {
		t.Fatalf("%d lines moved before anything was due (%v)", n, err)
	}
	w.Clock.Advance(15 * 24 * time.Hour)
	for want := range 2 {
		if n, err := w.GB.Desk.Sweep(t.Context()); err != nil || n != 1-want {
			t.Fatalf("%d lines moved (%v)", n, err)
		}
	}
	row, _, err := store.FindCase(w.GB.Store(), id)
	if err != nil || row.Next != "case.next.rely" || row.Owes != GB {
		t.Fatalf("the work list shows %+v (%v)", row, err)
	}
	if d, err := w.GB.Desk.Rebuild(t.Context(), false); err != nil || len(d) > 0 {
		t.Errorf("the rebuilt work list differs: %+v (%v)", d, err)
	}
}

// What time brings reaches every case, however many there are: not only those that a page of a list would hold.
func TestSweepReachesEveryCase(t *testing.T) {
	w := world(t)
	const many = 60 // a list shows 50 of them
	for range many {
		id := w.openCase(t)
		attestAll(t, w, id, casework.StepRequest)
		if _, err := w.GB.Desk.Case(t.Context(), w.GB.As("caseworker"), id, casework.RequestReadmission{Category: "national", Evidence: []joint.Evidence{{Type: "own-statement"}}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Slot(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.Clock.Advance(15 * 24 * time.Hour)
	if n, err := w.GB.Desk.Sweep(t.Context()); err != nil || n != many {
		t.Fatalf("%d of %d lines moved (%v)", n, many, err)
	}
}

// An attempt that ends while the person is held puts a review of the detention, due the same day, on the work list.
func TestDetentionReviewReachesTheWorkList(t *testing.T) {
	w := world(t)
	id := w.openCase(t)
	attestAll(t, w, id, casework.StepRequest)
	for _, c := range []casework.Command{
		casework.RequestReadmission{Category: "national", Evidence: []joint.Evidence{{Type: "own-statement"}}},
		casework.Detain{Detention: domestic.Detention{Power: "IA 1971 Sch 2", Ground: casework.DetentionGrounds[0], Imminent: casework.Imminence[0], Place: "centre"}},
	} {
		w.Clock.Advance(time.Minute)
		if _, err := w.GB.Desk.Case(t.Context(), w.GB.As("caseworker"), id, c); err != nil {
			t.Fatal(err)
		}
	}
	departs := w.Clock.Now().AddDate(0, 1, 0)
	attestAll(t, w, id, casework.StepHoldSeat)
	for _, c := range []casework.Command{casework.HoldSeat{Booking: seat(departs, "892")}, casework.CancelBooking{Reason: "no-seat"}} {
		w.Clock.Advance(time.Minute)
		if _, err := w.GB.Desk.Case(t.Context(), w.GB.As("caseworker"), id, c); err != nil {
			t.Fatal(err)
		}
	}
	row, _, err := store.FindCase(w.GB.Store(), id)
	if err != nil || row.Next != "case.next.review-detention" || row.Owes != GB || row.Due.IsZero() || row.Due.Sub(w.Clock.Now()) > 24*time.Hour {
		t.Fatalf("the work list shows %+v (%v)", row, err)
	}
}
