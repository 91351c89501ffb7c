package desk_test

import (
	"testing"
	"time"

	"countersign/internal/casework"
	"countersign/internal/desk/desktest"
)

// The peer's refusal of an own act moves the line of its case as any act does, also when time alone has gone on since:
// rebuilt, the line is as of the refusal, not as of the last act that stands.
func TestRebuiltAsOfARefusal(t *testing.T) {
	w := desktest.Open(t, 72)
	w.Request().Push()
	w.Clock.Advance(time.Hour) // the requested state's clock is wrong for a while
	w.Do(w.AL, "readmission-officer", casework.ReplyConfirm{Basis: casework.Bases[0]})
	w.Clock.Advance(-time.Hour)
	if _, err := w.AL.Push(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.Clock.Advance(90 * 24 * time.Hour) // the refusal comes when the limit for a reply is over
	w.Push()
	view, err := w.AL.Desk.ViewCase(t.Context(), w.AL.As("readmission-officer"), w.ID)
	if err != nil {
		t.Fatal(err)
	}
	if view.State.Reply.Is() {
		t.Fatal("the reply from the future was not refused")
	}
	differences, err := w.AL.Desk.Rebuild(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range differences {
		t.Errorf("rebuilt otherwise: %+v", d)
	}
}
