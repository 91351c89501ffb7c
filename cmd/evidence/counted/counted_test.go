package counted_test

import (
	"testing"

	"countersign/cmd/evidence/counted"
	"countersign/internal/store"
	"countersign/internal/store/storetest"
)

// Each row that is read counts once, prepared or not, and the store works on it as on SQLite's own driver.
func TestRowsAreCounted(t *testing.T) {
	if err := counted.Register(); err != nil {
		t.Fatal(err)
	}
	o := storetest.SQLite(t)
	o.Driver = counted.Driver
	s := storetest.Open(t, o)
	if err := s.Write(t.Context(), func(tx *store.Tx) error {
		for _, origin := range []string{"a", "b", "c"} {
			if err := tx.CreateLog(origin, store.Device); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		before := counted.Now()
		rows, err := s.Query(`SELECT origin FROM logs ORDER BY id`)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
		}
		if got := before.Since(); rows.Close() != nil || got.Rows != 3 || got.Statements != 1 {
			t.Errorf("counted %+v", got)
		}
	}
}
