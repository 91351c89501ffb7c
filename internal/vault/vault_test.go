package vault_test

import (
	"errors"
	"testing"

	"countersign/internal/store"
	"countersign/internal/store/storetest"
	"countersign/internal/vault"
)

// A transaction that fails takes a new person's key with it. What is sealed for the person afterwards must open:
// in this process, and after a restart with nothing in memory. (Found by the evidence command: a full disk.)
func TestKeyOfAFailedTransactionIsNotKept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, o store.Options) {
		s := storetest.Open(t, o)
		master, err := vault.NewMaster()
		if err != nil {
			t.Fatal(err)
		}
		v, err := vault.New(master)
		if err != nil {
			t.Fatal(err)
		}
		seal := func(then error) (sealed []byte, err error) {
			return sealed, s.Write(t.Context(), func(tx *store.Tx) (err error) {
				for range 2 { // the second use reads the key back inside the transaction
					if sealed, err = v.Seal(tx, "person", "place", []byte("text")); err != nil {
						return err
					}
				}
				return then
			})
		}
		failed := errors.New("the transaction fails")
		if _, err := seal(failed); !errors.Is(err, failed) {
			t.Fatal(err)
		}
		sealed, err := seal(nil)
		if err != nil {
			t.Fatal(err)
		}
		later, err := vault.New(master)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range []*vault.Vault{v, later} {
			if plain, err := v.Open(s, "person", "place", sealed); err != nil || string(plain) != "text" {
				t.Errorf("opened %q: %v", plain, err)
			}
		}
	})
}

// slow is a store whose reader is overtaken by the destruction of the key that it has just found.
type slow struct {
	*store.Store
	found func()
}

func (s slow) FindKey(subject string) ([]byte, bool, error) {
	wrapped, ok, err := s.Store.FindKey(subject)
	s.found()
	return wrapped, ok, err
}

// A reader that found the stored key just before it was destroyed must not bring it back into memory.
func TestDestroyedKeyDoesNotComeBack(t *testing.T) {
	s := storetest.Open(t, storetest.SQLite(t))
	master, err := vault.NewMaster()
	if err != nil {
		t.Fatal(err)
	}
	v, err := vault.New(master)
	if err != nil {
		t.Fatal(err)
	}
	var sealed []byte
	if err := s.Write(t.Context(), func(tx *store.Tx) (err error) {
		sealed, err = v.Seal(tx, "person", "place", []byte("text"))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	forget := func() {
		if err := s.Write(t.Context(), func(tx *store.Tx) error { return tx.DestroyKey("person") }); err != nil {
			t.Error(err)
		}
		v.Drop("person")
	}
	if _, err := v.Open(slow{s, forget}, "person", "place", sealed); err != nil {
		t.Fatal(err) // it was read before it was destroyed
	}
	if v.Holds("person") {
		t.Error("the destroyed key is in memory")
	}
	if plain, err := v.Open(s, "person", "place", sealed); err == nil {
		t.Errorf("what a forgotten person said opens: %q", plain)
	}
}
