package store_test

import (
	"slices"
	"strings"
	"testing"

	"countersign/internal/act"
	"countersign/internal/store"
	"countersign/internal/store/storetest"
)

// Each guard stops what its name says, on both engines, and lets pass what the product itself does.
func TestGuards(t *testing.T) {
	storetest.Each(t, func(t *testing.T, o store.Options) {
		s := storetest.Open(t, o)
		err := s.Write(t.Context(), func(tx *store.Tx) error {
			if err := tx.CreateLog("a log", store.DomesticLog); err != nil {
				return err
			}
			log, err := tx.Log("a log")
			if err != nil {
				return err
			}
			for _, id := range []act.ID{"one", "two"} {
				row := store.ActRow{Log: log.ID, Index: log.Append([]byte(id)), ID: id, Scope: act.Domestic, Kind: "barrier.set", About: "case", Sealed: []byte("sealed")}
				if err := tx.InsertAct(&row); err != nil {
					return err
				}
			}
			if err := tx.PutHead(log.ID, store.HeadRow{Size: 2, Signed: []byte("signed"), Cosigned: []byte("signed too"), At: tx.Now}); err != nil {
				return err
			}
			if err := tx.PutKey("person", []byte("wrapped")); err != nil {
				return err
			}
			if err := tx.PutSigner("key", act.Signer{Authority: "gb", Officer: "officer", Role: "caseworker", Key: make([]byte, 32)}); err != nil {
				return err
			}
			return tx.SetRestored(tx.Now)
		})
		if err != nil {
			t.Fatal(err)
		}
		for guard, statement := range map[string]string{
			"acts_are_kept":                 `DELETE FROM acts WHERE id = 'one'`,
			"acts_do_not_change":            `UPDATE acts SET about = '' WHERE id = 'one'`,
			"domestic_acts_are_not_refused": `UPDATE acts SET refused = 'waved away' WHERE id = 'one'`,
			"logs_are_kept":                 `DELETE FROM logs`,
			"logs_do_not_shrink":            `UPDATE logs SET size = 1`,
			"hashes_are_kept":               `DELETE FROM tiles`,
			"hashes_only_grow":              `UPDATE tiles SET hashes = substr(hashes, 2)`,
			"heads_are_kept":                `DELETE FROM heads`,
			"countersignatures_are_kept":    `UPDATE heads SET cosigned = substr(cosigned, 1, 0)`,
			"officers_keep_their_role":      `UPDATE signers SET role = 'supervisor'`,
			"keys_are_kept":                 `DELETE FROM keys`,
			"what_is_forgotten_stays_so":    `UPDATE keys SET subject = 'other'`,
			"a_restore_is_not_forgotten":    `DELETE FROM node_facts WHERE name = 'restored'`,
			"a_restore_is_not_dated_back":   `UPDATE node_facts SET value = '2000' WHERE name = 'restored'`,
			"the_order_does_not_go_back":    `UPDATE counters SET value = 0 WHERE name = 'seq'`,
		} {
			if !slices.Contains(store.Guards(), guard) {
				t.Errorf("no guard is called %s", guard)
			}
			err := s.Write(t.Context(), func(tx *store.Tx) error { _, err := tx.Exec(statement); return err })
			if err == nil || !strings.Contains(err.Error(), "guard "+guard) {
				t.Errorf("%s: %v", statement, err)
			}
		}
		if n := len(store.Guards()); n != 15 {
			t.Errorf("%d guards, 15 tried", n)
		}
		err = s.Write(t.Context(), func(tx *store.Tx) error { return tx.DestroyKey("person") })
		if err != nil {
			t.Errorf("a person cannot be forgotten: %v", err)
		}
		if err = s.Write(t.Context(), func(tx *store.Tx) error { _, err := tx.CutLog("a log", 1); return err }); err != nil {
			t.Errorf("a log cannot be cut by the product itself: %v", err)
		}
		if info, err := store.FindLog(s, "a log"); err != nil || info.Size != 1 {
			t.Errorf("%+v %v", info, err)
		}
		if err := storetest.Unguard(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		if err := s.Write(t.Context(), func(tx *store.Tx) error { _, err := tx.Exec(`DELETE FROM acts`); return err }); err != nil {
			t.Errorf("the guards are still there: %v", err)
		}
	})
}
