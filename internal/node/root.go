package node

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"countersign/internal/act"
	"countersign/internal/fault"

	"filippo.io/age"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// The root key of an authority, in a file away from its node: sealed with age to a passphrase or to recipients.

// RootKeyFormat is the format of the file's contents.
const RootKeyFormat = "countersign-root-key/1"

type rootFile struct {
	Format    string `json:"format"`
	Authority string `json:"authority"`
	Seed      []byte `json:"seed"`
}

// WriteRoot writes the root key to a file that is not there yet, and reads it back from the disk before it says that it
// is kept: there is no second copy.
func WriteRoot(path, authority string, root ed25519.PrivateKey, to []age.Recipient) error {
	plain, err := json.Marshal(rootFile{RootKeyFormat, authority, root.Seed()})
	if err != nil {
		return err
	}
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, to...)
	if err != nil {
		return err
	}
	if _, err := w.Write(plain); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(sealed.Bytes())
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	kept, err := os.ReadFile(path)
	if err == nil && !bytes.Equal(kept, sealed.Bytes()) {
		err = fmt.Errorf("%s could not be read back", path)
	}
	return err
}

// ReadRoot opens the file of a root key.
func ReadRoot(path string, with ...age.Identity) (authority string, root ed25519.PrivateKey, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", nil, err
	}
	defer f.Close()
	plain, err := age.Decrypt(f, with...)
	if err != nil {
		return "", nil, fault.New(fault.Denied, "fault.root.closed", "file", path).Because(err)
	}
	b, err := io.ReadAll(io.LimitReader(plain, 64<<10))
	if err != nil {
		return "", nil, fault.New(fault.Denied, "fault.root.closed", "file", path).Because(err)
	}
	var r rootFile
	if err := json.Unmarshal(b, &r, json.RejectUnknownMembers(true)); err != nil || r.Format != RootKeyFormat || len(r.Seed) != ed25519.SeedSize {
		return "", nil, fault.New(fault.Invalid, "fault.root.malformed", "file", path).Because(err)
	}
	return r.Authority, ed25519.NewKeyFromSeed(r.Seed), nil
}

// MoveRoot takes the root key out of an authority's folder into a file. The folder keeps the public half.
func MoveRoot(folder, authority, path string, to []age.Recipient) error {
	k, err := readKeys(folder, authority)
	if err != nil {
		return err
	}
	if k.Root == nil {
		return fault.New(fault.Conflict, "fault.root.away")
	}
	if err := WriteRoot(path, authority, k.Root, to); err != nil {
		return err
	}
	keyPath := filepath.Join(folder, privateName)
	b, err := os.ReadFile(keyPath)
	if err != nil {
		return err
	}
	var f keyFile
	if err := json.Unmarshal(b, &f, json.RejectUnknownMembers(true)); err != nil {
		return err
	}
	f.Root, f.RootPub = nil, k.Root.Public().(ed25519.PublicKey)
	if err := writeJSON(keyPath+".partial", f, 0o600); err != nil {
		return err
	}
	return os.Rename(keyPath+".partial", keyPath)
}

// Formats of what goes to the machine with the root key and comes back.
const (
	RootOrdersFormat = "countersign-root-orders/1"
	RootSignedFormat = "countersign-root-signed/1"
)

// RootOrders are acts that wait for the root key, on their way to it. Root is the public key that is meant.
type RootOrders struct {
	Format    string      `json:"format"`
	Authority string      `json:"authority"`
	Root      []byte      `json:"root"`
	Orders    []act.Order `json:"orders"`
}

// RootSigned are the signed acts on their way back, each in its only form.
type RootSigned struct {
	Format    string   `json:"format"`
	Authority string   `json:"authority"`
	Acts      [][]byte `json:"acts"`
}

// ReadRootFile reads one of the two.
func ReadRootFile[T any](path string) (v T, err error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return v, err
	}
	if err := json.Unmarshal(b, &v, json.RejectUnknownMembers(true)); err != nil {
		return v, fault.New(fault.Invalid, "fault.root.file", "file", path).Because(err)
	}
	return v, nil
}

// WriteRootFile writes one of the two; it refuses to overwrite a file.
func WriteRootFile(path string, v any) error {
	b, err := json.Marshal(v, jsontext.WithIndent("  "))
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(append(b, '\n'))
	return errors.Join(err, f.Sync(), f.Close())
}
