package desk_test

import (
	"testing"
	"time"

	"countersign/internal/desk"
	"countersign/internal/desk/desktest"
	"countersign/internal/store"
)

// Files taken out are counted by the week of the authority's own zone, and a count that no act bears out is found.
func TestExportsByWeek(t *testing.T) {
	w := desktest.World(t, 36)
	gb := w.GB.Desk
	if _, err := gb.OpenCase(t.Context(), w.GB.As("caseworker"), desktest.Opening()); err != nil {
		t.Fatal(err)
	}
	sunday := w.Clock.Now()
	for sunday.In(gb.Law.Location()).Weekday() != time.Sunday {
		sunday = sunday.Add(time.Hour)
	}
	last := time.Date(sunday.Year(), sunday.Month(), sunday.Day(), 23, 59, 0, 0, gb.Law.Location())
	for _, at := range []time.Time{last, last.Add(time.Minute), last.Add(time.Hour)} {
		w.Clock.Advance(at.Sub(w.Clock.Now()))
		if _, _, err := gb.ExportCases(t.Context(), w.GB.As("caseworker"), store.CaseFilter{}); err != nil {
			t.Fatal(err)
		}
	}
	all, err := gb.Exports(t.Context(), w.GB.As("inspector"))
	if err != nil || len(all) != 1 || all[0].Files != [desk.ExportWeeks]int{2, 1} || all[0].People != 2 {
		t.Errorf("%+v (%v)", all, err)
	}
	if _, err := gb.Exports(t.Context(), w.GB.As("caseworker")); err == nil {
		t.Error("a caseworker sees who takes files out")
	}
	if err := gb.Store.Write(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec("DELETE FROM exports WHERE people = 1 AND at = (SELECT MAX(at) FROM exports)")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if d, err := gb.Rebuild(t.Context(), false); err != nil || len(d) != 1 || d[0].Table != "exports" {
		t.Errorf("the missing file is not found: %v (%v)", d, err)
	}
}
