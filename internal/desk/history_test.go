package desk_test

import (
	"context"
	"errors"
	"testing"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/casework"
	"countersign/internal/demo"
	"countersign/internal/desk"
	"countersign/internal/desk/desktest"
	"countersign/internal/store"
)

// remembersRight checks the writers' memory of all cases of both nodes against their acts.
func remembersRight(t *testing.T, w *demo.World, when string) (remembered int) {
	t.Helper()
	for _, a := range []*demo.Authority{w.GB, w.AL} {
		rows, _, err := store.Cases(a.Desk.Store, store.CaseFilter{Limit: 5000})
		if err != nil {
			t.Fatal(err)
		}
		var ids []act.ID
		for _, r := range rows {
			ids = append(ids, r.ID)
		}
		wrong, n, err := a.Desk.Misremembered(t.Context(), ids...)
		if err != nil {
			t.Fatal(err)
		}
		remembered += n
		for _, x := range wrong {
			t.Errorf("%s, %s: %s", when, a.Authority, x)
		}
	}
	return remembered
}

// A return from request to handover: at each step the memory of both writers is what the acts say, receipts included.
func TestRememberedCaseIsTheFoldedCase(t *testing.T) {
	w := desktest.Open(t, 11)
	steps := []func() *desktest.Walk{w.Request, w.Push, w.Agree, w.Push, w.Document, w.Seat, w.Announce, w.Push, w.HandOver, w.Push}
	for _, step := range steps {
		step()
		if n := remembersRight(t, w.World, "step"); n == 0 {
			t.Error("nothing is remembered")
		}
	}
}

var errAnswer = errors.New("the answer cannot be made")

// A command whose transaction fails after its acts were signed leaves nothing in the writer's memory; nor does one
// whose commit fails.
func TestNothingIsRememberedOfWhatFailed(t *testing.T) {
	w := desktest.Open(t, 12)
	gb := w.World.GB
	who := gb.As("caseworker")
	before := remembersRight(t, w.World, "before")
	command := casework.SetSupport{Support: domestic.Support{Language: "en"}}
	seen := func() int64 {
		row, _, err := store.FindCase(gb.Desk.Store, w.ID)
		if err != nil {
			t.Fatal(err)
		}
		return row.Acts
	}
	was := seen()
	_, _, err := gb.Desk.CaseOnce(t.Context(), who, w.ID, command, desk.Once{Key: "k", Seen: was,
		Answer: func(desk.Done) (int, []byte, error) { return 0, nil, errAnswer }})
	if !errors.Is(err, errAnswer) {
		t.Fatal(err)
	}
	if n := remembersRight(t, w.World, "after a transaction that failed"); n != before {
		t.Errorf("%d cases are remembered, not %d", n, before)
	}

	failing := true
	gb.Desk.Store.BeforeCommit(func(*store.Tx) error {
		if failing {
			failing = false
			return errAnswer
		}
		return nil
	})
	if _, err := gb.Desk.Case(t.Context(), who, w.ID, command); !errors.Is(err, errAnswer) {
		t.Fatal(err)
	}
	remembersRight(t, w.World, "after a commit that failed")
	if _, err := gb.Desk.Case(context.Background(), who, w.ID, command); err != nil {
		t.Fatal(err)
	}
	remembersRight(t, w.World, "afterwards")
	if now := seen(); now != was+1 {
		t.Errorf("the case has %d acts, not %d", now, was+1)
	}
}
