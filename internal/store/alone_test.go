package store_test

import (
	"errors"
	"testing"

	"countersign/internal/store"
	"countersign/internal/store/storetest"
)

// A job that is alone in its transaction and fails leaves no row, no leaf and no commit, and what was remembered before it
// stays: the turn has gone back, so the next job does not take its own past for another writer's.
func TestJobAloneFails(t *testing.T) {
	storetest.Each(t, func(t *testing.T, o store.Options) {
		s := withLog(t, o)
		if err := s.Write(t.Context(), func(tx *store.Tx) error { tx.Remember("kept", "value"); return nil }); err != nil {
			t.Fatal(err)
		}
		turn, err := store.Turn(s)
		if err != nil {
			t.Fatal(err)
		}
		commits := s.Commits()
		for range 3 {
			err := s.Write(t.Context(), func(tx *store.Tx) error {
				tx.Remember("kept", "changed")
				if err := tx.PutKey("somebody", []byte("wrapped")); err != nil {
					return err
				}
				return errFails
			})
			if !errors.Is(err, errFails) {
				t.Fatal(err)
			}
		}
		if now, err := store.Turn(s); err != nil || now != turn || s.Commits() != commits {
			t.Errorf("turn %d and %d commits after a failure, want %d and %d (%v)", now, s.Commits(), turn, commits, err)
		}
		err = s.Write(t.Context(), func(tx *store.Tx) error {
			if _, found, err := tx.FindKey("somebody"); err != nil || found {
				t.Errorf("a failed job left its row (%v)", err)
			}
			if v := tx.Recall("kept"); v != "value" {
				t.Errorf("remembered after a failure: %v", v)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
