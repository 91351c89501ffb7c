// Package vault seals personal data under one key per person, so that forgetting a person is destroying
// one key: what was sealed stays in the record, and nobody can open it again.
//
// Keys are Tink AEAD keysets (AES-256-GCM), wrapped by the authority's master keyset. The associated data of
// every sealed value names its place, so that it cannot be moved to another row. The vault stores nothing
// itself; wrapped keys live in the store, in the transaction that uses them.
package vault

import (
	"bytes"
	"fmt"
	"sync"

	"countersign/internal/fault"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// Keys is where wrapped keys are kept. Find returns ok false for an unknown subject and an empty wrapped key
// for one that was forgotten.
type Keys interface {
	FindKey(subject string) (wrapped []byte, ok bool, err error)
	PutKey(subject string, wrapped []byte) error
}

// Vault opens and seals with the authority's master key.
type Vault struct {
	master tink.AEAD
	mu     sync.Mutex
	open   map[string]tink.AEAD // unwrapped keys; bounded
	drops  int64                // how often keys were dropped
}

// maxOpen bounds the unwrapped keys held in memory.
const maxOpen = 4096

// NewMaster makes the bytes of a new master keyset. Keep them as carefully as the database: without them
// nothing can be opened.
func NewMaster() ([]byte, error) {
	h, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = insecurecleartextkeyset.Write(h, keyset.NewBinaryWriter(&b))
	return b.Bytes(), err
}

// New opens the vault with the master keyset's bytes.
func New(master []byte) (*Vault, error) {
	h, err := insecurecleartextkeyset.Read(keyset.NewBinaryReader(bytes.NewReader(master)))
	if err != nil {
		return nil, fmt.Errorf("master key: %w", err)
	}
	primitive, err := aead.New(h)
	return &Vault{master: primitive, open: map[string]tink.AEAD{}}, err
}

// Seal encrypts under the subject's key, making one on first use. place is the associated data.
func (v *Vault) Seal(keys Keys, subject, place string, plain []byte) ([]byte, error) {
	a, err := v.key(keys, subject, true)
	if err != nil {
		return nil, err
	}
	return a.Encrypt(plain, []byte(place))
}

// Open decrypts what Seal made for the same subject and place. A forgotten person gives fault.Missing.
func (v *Vault) Open(keys Keys, subject, place string, sealed []byte) ([]byte, error) {
	a, err := v.key(keys, subject, false)
	if err != nil {
		return nil, err
	}
	return opened(a, place, sealed)
}

func opened(a tink.AEAD, place string, sealed []byte) ([]byte, error) {
	plain, err := a.Decrypt(sealed, []byte(place))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", place, err)
	}
	return plain, nil
}

// Opener opens values of one subject with a key that is not kept in memory: for going through everybody.
func (v *Vault) Opener(keys Keys, subject string) (func(place string, sealed []byte) ([]byte, error), error) {
	v.mu.Lock()
	a, ok := v.open[subject]
	v.mu.Unlock()
	if !ok {
		h, found, err := v.unwrap(keys, subject)
		if err == nil && !found {
			err = fault.New(fault.Missing, "fault.vault.no-key")
		}
		if err != nil {
			return nil, err
		}
		if a, err = aead.New(h); err != nil {
			return nil, err
		}
	}
	return func(place string, sealed []byte) ([]byte, error) { return opened(a, place, sealed) }, nil
}

// Holds tells whether the subject's key is open in memory. After Drop it is not, so what was opened with it before
// must not be shown any more.
func (v *Vault) Holds(subject string) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	_, ok := v.open[subject]
	return ok
}

// Drop removes keys from memory, once the transaction that destroyed the stored ones is durable. A reader that had
// found a stored key before that commit may still use it once, and does not keep it.
func (v *Vault) Drop(subjects ...string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.drops++
	for _, s := range subjects {
		delete(v.open, s)
	}
}

// DropAll removes every key from memory: another process may have destroyed some.
func (v *Vault) DropAll() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.drops++
	clear(v.open)
}

func (v *Vault) key(keys Keys, subject string, create bool) (tink.AEAD, error) {
	v.mu.Lock()
	a, ok := v.open[subject]
	drops := v.drops
	v.mu.Unlock()
	if ok {
		return a, nil
	}
	h, found, err := v.unwrap(keys, subject)
	switch {
	case err != nil:
		return nil, err
	case !found && !create:
		return nil, fault.New(fault.Missing, "fault.vault.no-key")
	case !found:
		return v.create(keys, subject)
	}
	if u, ok := keys.(interface{ Uncommitted(string) bool }); ok && u.Uncommitted(subject) {
		return aead.New(h)
	}
	return v.remember(subject, h, drops)
}

// unwrap reads the subject's key; found is false when there has never been one.
func (v *Vault) unwrap(keys Keys, subject string) (h *keyset.Handle, found bool, err error) {
	wrapped, found, err := keys.FindKey(subject)
	if err != nil || !found {
		return nil, false, err
	}
	if len(wrapped) == 0 {
		return nil, true, fault.New(fault.Missing, "fault.vault.forgotten")
	}
	if h, err = keyset.Read(keyset.NewBinaryReader(bytes.NewReader(wrapped)), v.master); err != nil {
		return nil, true, fmt.Errorf("unwrap key of %s: %w", subject, err)
	}
	return h, true, nil
}

func (v *Vault) create(keys Keys, subject string) (tink.AEAD, error) {
	h, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := h.Write(keyset.NewBinaryWriter(&b), v.master); err != nil {
		return nil, err
	}
	if err := keys.PutKey(subject, b.Bytes()); err != nil {
		return nil, err
	}
	return aead.New(h) // remembered only when it is read back after the commit: this transaction may yet fail
}

// remember keeps a key that was found when so many drops had been: one that was dropped since must not come back.
func (v *Vault) remember(subject string, h *keyset.Handle, drops int64) (tink.AEAD, error) {
	a, err := aead.New(h)
	if err != nil {
		return nil, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.drops != drops {
		return a, nil
	}
	if len(v.open) >= maxOpen {
		clear(v.open)
	}
	v.open[subject] = a
	return a, nil
}
