package store_test

import (
	"errors"
	"fmt"
	"testing"

	"countersign/internal/store"
	"countersign/internal/store/storetest"
)

var errFails = errors.New("it fails")

// recalled is what the writer remembers under the key, as a job sees it.
func recalled(t *testing.T, s *store.Store, key string) any {
	t.Helper()
	var v any
	if err := s.Write(t.Context(), func(tx *store.Tx) error { v = tx.Recall(key); return nil }); err != nil {
		t.Fatal(err)
	}
	return v
}

// What jobs keep in memory is there as long as their rows are, and not longer.
func TestMemoryStandsAndFallsWithItsTransaction(t *testing.T) {
	storetest.Each(t, func(t *testing.T, o store.Options) {
		s := withLog(t, o)
		keep := func(value string, then error) error {
			return s.Write(t.Context(), func(tx *store.Tx) error {
				tx.Remember("a", value)
				tx.Remember("b/"+value, value)
				tx.Remember("a", value)
				return then
			})
		}
		if err := keep("first", nil); err != nil {
			t.Fatal(err)
		}
		if err := keep("second", errFails); !errors.Is(err, errFails) {
			t.Fatal(err)
		}
		if a, b := recalled(t, s, "a"), recalled(t, s, "b/second"); a != "first" || b != nil {
			t.Errorf("after a job that failed: %v, %v", a, b)
		}
		forget := func(tx *store.Tx) error { tx.ForgetAll(); tx.Remember("a", "third"); return errFails }
		if err := s.Write(t.Context(), forget); !errors.Is(err, errFails) {
			t.Fatal(err)
		}
		if a := recalled(t, s, "a"); a != nil && a != "first" {
			t.Errorf("after a job that forgot and failed: %v", a)
		}

		failing := true
		s.BeforeCommit(func(*store.Tx) error {
			if failing {
				return errFails
			}
			return nil
		})
		if err := keep("fourth", nil); !errors.Is(err, errFails) {
			t.Fatal(err)
		}
		failing = false
		if a, b := recalled(t, s, "a"), recalled(t, s, "b/fourth"); a != nil || b != nil {
			t.Errorf("after a commit that failed: %v, %v", a, b)
		}
	})
}

// What is remembered of rows that another process has changed since is wrong.
func TestMemoryEndsWhenAnotherProcessWrites(t *testing.T) {
	storetest.Each(t, func(t *testing.T, o store.Options) {
		s := withLog(t, o)
		if err := s.Write(t.Context(), func(tx *store.Tx) error { tx.Remember("a", "old"); return nil }); err != nil {
			t.Fatal(err)
		}
		other := storetest.Open(t, o)
		if err := other.Write(t.Context(), func(tx *store.Tx) error { return tx.SetReadOnly("why") }); err != nil {
			t.Fatal(err)
		}
		if a := recalled(t, s, "a"); a != nil {
			t.Errorf("another process wrote, and this one remembers %v", a)
		}
		if err := s.Write(t.Context(), func(tx *store.Tx) error {
			if why, err := store.ReadOnly(tx); err != nil || why != "why" {
				return fmt.Errorf("read-only: %q %v", why, err)
			}
			return nil
		}); err != nil {
			t.Error(err)
		}
	})
}

// However much is kept, the memory stays bounded.
func TestMemoryIsBounded(t *testing.T) {
	s := withLog(t, storetest.SQLite(t))
	there := 0
	err := s.Write(t.Context(), func(tx *store.Tx) error {
		for i := range 100_000 {
			tx.Remember(fmt.Sprint(i), i)
		}
		for i := range 100_000 {
			if tx.Recall(fmt.Sprint(i)) != nil {
				there++
			}
		}
		if tx.Recall("99999") == nil {
			t.Error("what was kept last is not there")
		}
		return nil
	})
	if err != nil || there > 10_000 {
		t.Errorf("%d values are in memory (%v)", there, err)
	}
}
