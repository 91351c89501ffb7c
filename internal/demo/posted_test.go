package demo

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/casework"
	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/internal/person"
	"countersign/internal/taskforce"
)

func postedWorld(t *testing.T) (*World, act.ID, desk.Session) {
	t.Helper()
	w, err := Build(t.Context(), Options{Folder: t.TempDir(), Seed: 3, Start: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	post, err := w.Post(t.Context(), 3)
	if err != nil {
		t.Fatal(err)
	}
	guest, err := w.GB.Desk.SignIn(t.Context(), w.AL.As("border-officer").Officer.ID)
	if err != nil {
		t.Fatal(err)
	}
	return w, post, guest.For("purpose.taskforce")
}

// forGuests are the functions of the desk that answer a posted officer; to every other one the answer is a refusal.
var forGuests = []string{"TaskForceState", "Messages", "ViewMessage", "Drafts", "ForceEvents", "CalendarToken", "ViewCase", "May", "MayForce",
	"Possible"} // an answer for each command: a refusal; here for none

// A posted officer never sees the host's own facts: each exported function of the desk that takes a session is tried.
// A new one is tried too, without anybody having to think of it.
func TestPostedOfficerSeesNoDomesticFact(t *testing.T) {
	w, _, guest := postedWorld(t)
	const secret = "PA/77777/2026"
	id, err := w.GB.Desk.OpenCase(t.Context(), w.GB.As("caseworker"), domestic.CaseOpening{Agreement: Agreement, Peer: AL, Route: string(casework.Readmission), Part: "EAW", Person: agim, Destination: "ALB",
		Encounter: domestic.Encounter{Route: "in-country-check", Place: "Luton", Date: person.On(2026, 11, 20)}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.GB.Desk.Case(t.Context(), w.GB.As("court-liaison"), id, casework.SetBarrier{Barrier: domestic.Barrier{Gate: "appeal-pending", Effect: "suspensive", Evidence: "court-record", Reference: secret}}); err != nil {
		t.Fatal(err)
	}
	d, tried := reflect.ValueOf(w.GB.Desk), 0
	session, ctxType, idType := reflect.TypeFor[desk.Session](), reflect.TypeFor[context.Context](), reflect.TypeFor[act.ID]()
	for i := range d.NumMethod() {
		method, name := d.Method(i), d.Type().Method(i).Name
		takes := false
		var in []reflect.Value
		for k := range method.Type().NumIn() {
			switch x := method.Type().In(k); x {
			case session:
				takes, in = true, append(in, reflect.ValueOf(guest))
			case ctxType:
				in = append(in, reflect.ValueOf(t.Context()))
			case idType:
				in = append(in, reflect.ValueOf(id))
			default:
				in = append(in, reflect.Zero(x))
			}
		}
		if !takes {
			continue
		}
		tried++
		out, err := answer(method, in)
		for _, o := range out {
			if shown := fmt.Sprintf("%+v", o); strings.Contains(shown, secret) || strings.Contains(shown, "appeal-pending") {
				t.Errorf("%s shows a posted officer the host’s own facts", name)
			}
		}
		if err == nil && !slices.Contains(forGuests, name) {
			t.Errorf("%s answers a posted officer", name)
		}
	}
	if tried < 15 {
		t.Errorf("only %d functions tried", tried)
	}
}

// answer calls a function of the desk. A command that is not there is as good as a refusal; so is a case or a thing
// that the function does not know.
func answer(method reflect.Value, in []reflect.Value) (out []any, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fault.New(fault.Missing, "fault.case.missing")
		}
	}()
	if method.Type().IsVariadic() {
		in = in[:len(in)-1]
	}
	for _, o := range method.Call(in) {
		if e, ok := o.Interface().(error); ok {
			err = e
		}
		out = append(out, o.Interface())
	}
	return out, err
}

// Access ends by itself with the mandate and at once with a recall, also in a session that is open; the state survives a
// rebuild; and both nodes hold the same.
func TestPostedOfficerIsLockedOut(t *testing.T) {
	for _, how := range []string{"end", "recall"} {
		w, post, guest := postedWorld(t)
		if _, err := w.GB.Desk.TaskForceState(t.Context(), guest, "view-tasks"); err != nil {
			t.Fatal(err)
		}
		if how == "end" {
			w.Clock.Advance(72 * time.Hour)
		} else if _, err := w.AL.Desk.TaskForce(t.Context(), w.AL.As("coordinator").For("purpose.taskforce"), taskforce.RecallPosting{ID: post, Reason: "officer-asked"}); err != nil {
			t.Fatal(err)
		} else if err := w.Slot(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := w.GB.Desk.TaskForceState(t.Context(), guest, "view-tasks"); fault.KindOf(err) != fault.Denied {
			t.Errorf("%s: an open session reads: %v", how, err)
		}
		if _, err := w.GB.Desk.TaskForce(t.Context(), guest, taskforce.ReadMessage{ID: "x"}); fault.KindOf(err) != fault.Denied {
			t.Errorf("%s: an open session acts: %v", how, err)
		}
		if _, err := w.GB.Desk.SignIn(t.Context(), guest.Officer.ID); fault.KindOf(err) != fault.Denied {
			t.Errorf("%s: a new sign-in: %v", how, err)
		}
		if err := w.GB.Desk.KeepPostings(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := w.Slot(t.Context()); err != nil {
			t.Fatal(err)
		}
		live, _ := w.GB.Desk.ForceDigest()
		if differences, err := w.GB.Desk.Rebuild(t.Context(), true); err != nil || len(differences) > 0 {
			t.Errorf("%s: rebuild: %v %v", how, differences, err)
		}
		again, _ := w.GB.Desk.ForceDigest()
		other, _ := w.AL.Desk.ForceDigest()
		if live != again || live != other {
			t.Errorf("%s: the records differ: %s %s %s", how, live, again, other)
		}
	}
}
