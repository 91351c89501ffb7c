package desk_test

import (
	"errors"
	"testing"

	"countersign/internal/act"
	"countersign/internal/act/joint"
	"countersign/internal/store/storetest"
)

// An act that was opened in a transaction which then failed never was. Another one of its name, with other contents,
// is read as what it is.
func TestOpenedInATransactionThatFailed(t *testing.T) {
	s := openSide(t, storetest.SQLite(t), newSecrets(t, "gb"), newSecrets(t, "al"), newClock(), newMaster(t))
	const id act.ID = "77777777-0000-4000-8000-000000000001"
	failed := errors.New("the transaction fails")
	if err := s.KeepAndOpen(t.Context(), s.officer, id, "never was", failed); !errors.Is(err, failed) {
		t.Fatal(err)
	}
	if err := s.KeepAndOpen(t.Context(), s.officer, id, "is", nil); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		e, err := s.OpenNamed(s.store, id)
		if err != nil {
			t.Fatal(err)
		}
		if said := e.Body.(*joint.LinkTest).Nonce; said != "is" {
			t.Errorf("the act says %q", said)
		}
	}
}
