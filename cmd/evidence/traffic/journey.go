package traffic

import (
	"context"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/casework"
	"countersign/internal/person"
	"countersign/internal/store"
)

// journey takes the next step of a return after the agreement: document, seat, notice, announcement, departure
// and handover. The officer reads the case first, as an officer does; that look is on record.
func (o *Office) journey(ctx context.Context, c store.CaseRow) error {
	view, err := o.Desk.ViewCase(ctx, o.As("caseworker"), c.ID)
	if err != nil {
		return o.note(err)
	}
	o.Viewed()
	w := &way{o, ctx, c.ID, view.State.Booking(), nil}
	if len(view.State.Active(o.Now())) > 0 && o.Random.IntN(2) == 0 { // otherwise they try, and must be refused
		w.unblock(view.State)
		return w.err
	}
	switch c.Next {
	case "case.next.ask-document":
		w.attest(casework.StepDocument, "travel-document").do("caseworker", casework.AskTravelDocument{})
	case "case.next.hold-seat":
		departs := o.Now().UTC().Truncate(time.Hour).AddDate(0, 0, 8+o.Random.IntN(10))
		w.attest(casework.StepHoldSeat, "booking").do("caseworker", casework.HoldSeat{Booking: domestic.Booking{Means: "air", Carrier: "BA", Number: o.Number(),
			From: "LHR", To: "TIA", Country: "ALB", Departs: departs, Arrives: departs.Add(3 * time.Hour), Escorts: 2}})
	case "case.next.serve-notice":
		w.certify().serve()
		w.late()
	case "case.next.confirm":
		w.certify().attest(casework.StepConfirm, "booking").do("caseworker", casework.ConfirmBooking{})
		w.late()
	case "case.next.announce":
		w.attest(casework.StepAnnounce, "booking").do("caseworker", casework.NotifyTransfer{})
		w.late()
	case "case.next.lock", "case.next.depart":
		w.leave(c.Next == "case.next.lock", view.State.Documents)
	case "case.next.offer":
		w.attest(casework.StepHandover, "handover").do("escort-officer", casework.OfferHandover{Place: "TIA", Property: 1})
	case "case.next.paused":
		w.attest(casework.StepAnnounce, "booking")
		if !w.do("caseworker", casework.Resume{}) && w.b != nil {
			w.do("caseworker", casework.CancelBooking{Reason: "stop-order"})
		}
	}
	return w.err
}

// way is one case on its way; the first error inside the product stops it.
type way struct {
	*Office
	ctx context.Context
	id  act.ID
	b   *casework.Booking
	err error
}

func (w *way) do(role string, c casework.Command) bool {
	if w.err != nil {
		return false
	}
	ok, err := w.Office.do(w.ctx, role, w.id, c)
	w.err = err
	return ok
}

func (w *way) attest(step casework.Step, point string) *way {
	if w.err == nil {
		w.err = w.Attest(w.ctx, w.id, step, point)
	}
	return w
}

func (w *way) serve() {
	if w.b == nil {
		return
	}
	w.do("caseworker", casework.ServeNotice{Service: domestic.Service{Papers: []string{"intention", "departure-details"}, Route: "10A", To: "person",
		Language: "sq", ReadBy: "interpreter", Understood: true, Checked: "repeated-in-own-words", Method: "in-person", Proof: "signature",
		Part: "EAW", Destination: w.b.Country, Stops: w.b.Stops, Departs: w.b.Departs}})
}

func (w *way) certify() *way {
	now := w.Now()
	w.do("senior-caseworker", casework.RecordCertificate{Certificate: domestic.Certificate{Gate: "removal-decision", From: now, Until: now.AddDate(1, 0, 0), Evidence: "decision-letter"}})
	w.do("caseworker", casework.RecordCertificate{Certificate: domestic.Certificate{Gate: "interpreter", From: now, Until: now.AddDate(0, 0, 25), Evidence: "booking-record"}})
	return w
}

// late cancels a journey that can no longer take place.
func (w *way) late() {
	if w.b != nil && !w.Now().Before(w.b.Departs.Add(-30*time.Hour)) {
		w.do("caseworker", casework.CancelBooking{Reason: "error"})
	}
}

// leave waits for the day, locks the list and records the departure. Time passes for everybody.
func (w *way) leave(lock bool, documents []casework.Document) {
	if w.b == nil {
		return
	}
	if !w.Now().Before(w.b.Departs) {
		w.do("caseworker", casework.CancelBooking{Reason: "absconded"})
		return
	}
	w.Wait(w.b.Departs.Add(-20 * time.Hour))
	now := w.Now()
	w.do("medical-officer", casework.RecordCertificate{Certificate: domestic.Certificate{Gate: "fit-to-travel", From: now, Until: now.AddDate(0, 0, 2), Evidence: "medical-examination"}})
	if lock {
		w.attest(casework.StepLock, "manifest-lock").do("coordinator", casework.LockJourney{})
	}
	if n := len(documents); n > 0 {
		w.do("escort-officer", casework.MoveDocument{DocumentMove: domestic.DocumentMove{Number: documents[n-1].Number, Holder: "escort"}})
	}
	w.attest(casework.StepDepart, "t24")
	w.Wait(w.b.Departs.Add(-90 * time.Minute))
	w.attest(casework.StepDepart, "t2")
	w.Wait(w.b.Departs)
	if !w.do("escort-officer", casework.Depart{}) {
		return
	}
	w.Wait(w.b.Arrives)
	w.attest(casework.StepHandover, "handover").do("escort-officer", casework.OfferHandover{Place: "TIA", Property: 1})
}

// claim closes a gate for good until somebody lifts it: the person claims asylum, or a court says stop.
func (o *Office) claim(ctx context.Context, c store.CaseRow) error {
	gate := pick(o.Random, []string{"asylum-claim", "court-order", "trafficking-referral", "further-submissions"})
	rule, _ := o.Desk.Law.Gate(gate)
	role := pick(o.Random, []string{"caseworker", "supervisor", "court-liaison", "medical-officer"})
	_, err := o.do(ctx, role, c.ID, casework.SetBarrier{Barrier: domestic.Barrier{Gate: gate, Evidence: rule.Evidence[0], Reference: o.Number()}})
	return err
}

// unblock lifts what an officer may lift today, and otherwise lets the journey go.
func (w *way) unblock(s casework.State) {
	for _, b := range s.Active(w.Now()) {
		rule, ok := w.Desk.Law.Gate(b.Gate)
		if !ok || w.Random.IntN(3) > 0 {
			continue
		}
		w.Lifting(w.id, b.ID)
		w.do(rule.LiftBy[0], casework.LiftBarrier{Barrier: b.ID, Evidence: rule.Evidence[0]})
	}
	if w.b != nil && w.Random.IntN(3) == 0 {
		w.do("caseworker", casework.CancelBooking{Reason: "stop-order"})
	}
}

// finish counts and closes a case after its outcome.
func (o *Office) finish(ctx context.Context) error {
	rows, _, err := store.Cases(o.Store, store.CaseFilter{Closed: true, Limit: 10, Sort: "updated"})
	if err != nil || len(rows) == 0 {
		return o.note(err)
	}
	c := pick(o.Random, rows)
	switch c.Next {
	case "case.next.count":
		_, err = o.do(ctx, "caseworker", c.ID, casework.RecordReturn{})
	case "case.next.close":
		if o.Random.IntN(3) == 0 {
			_, err = o.Request(ctx, c.ID) // not allowed any more: must be refused
			break
		}
		_, err = o.do(ctx, "senior-caseworker", c.ID, casework.CloseCase{Reason: "other"})
	}
	return err
}

// receive takes the requested side's steps of a journey.
func (o *Office) receive(ctx context.Context, c store.CaseRow) (done bool, err error) {
	switch c.Next {
	case "case.next.issue-document":
		_, err = o.do(ctx, "readmission-officer", c.ID, casework.IssueTravelDocument{Document: person.Document{Type: person.LaissezPasser, Number: "LP" + o.Number(),
			Issuer: "ALB", ValidUntil: person.DateOf(o.Now().AddDate(0, 6, 0)), OneJourney: true, From: "GBR", To: "ALB"}})
	case "case.next.acknowledge":
		_, err = o.do(ctx, "border-officer", c.ID, casework.AcknowledgeArrival{})
	case "case.next.accept":
		if o.Random.IntN(8) == 0 {
			_, err = o.do(ctx, "border-officer", c.ID, casework.DeclineHandover{Reason: pick(o.Random, casework.DeclineReasons)})
			break
		}
		_, err = o.do(ctx, "border-officer", c.ID, casework.AcceptHandover{Property: 1})
	default:
		return false, nil
	}
	return true, err
}
