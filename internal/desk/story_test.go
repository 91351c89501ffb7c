package desk_test

import (
	"io"
	"testing"

	"countersign/internal/demo"
	"countersign/internal/desk"
	"countersign/internal/words"
)

// After the whole story of the demo, with cases, returns and a broken line: the projections of both nodes are what the
// acts say, each record is whole, and both are one.
func TestRecordAfterTheStory(t *testing.T) {
	catalogues, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	w, _, err := demo.Tell(t.Context(), demo.Options{Folder: t.TempDir(), Seed: 5}, catalogues[words.English], io.Discard)
	if err != nil { // whether each of its steps holds is the story's own test
		t.Fatal(err)
	}
	defer w.Close()
	for _, a := range []*demo.Authority{w.GB, w.AL} {
		differences, err := a.Desk.Rebuild(t.Context(), false)
		if err != nil {
			t.Fatal(err)
		}
		for i, d := range differences {
			if i < 6 {
				t.Errorf("%s: live %v: %s %s", a.Authority, d.Live, d.Table, d.Content)
			}
		}
		checks, err := a.Desk.Audit(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range checks {
			if !c.OK {
				t.Errorf("%s: %s %s", a.Authority, c.Key, c.Detail)
			}
		}
	}
	checks, err := desk.CompareRecords(w.GB.Desk, w.AL.Desk)
	if err != nil || !checks[0].OK || !checks[1].OK {
		t.Errorf("%v (%v)", checks, err)
	}
}
