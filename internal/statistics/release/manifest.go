package release

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"slices"
	"strings"

	"countersign/internal/fault"

	"github.com/go-json-experiment/json"
)

// Manifest names everything that a release consists of. It is what the authorities sign.
type Manifest struct {
	Format      string          `json:"format"`
	ID          string          `json:"id"`
	Edition     string          `json:"edition"`
	PublishAt   string          `json:"publish_at"`
	RecordHead  string          `json:"record_head"`
	Definitions []DefinitionRef `json:"definitions"`
	PolicyHash  string          `json:"policy_hash"`
	Cells       int             `json:"cells"`
	Root        string          `json:"root"` // Merkle tree hash of the salted cells, RFC 6962
	Files       []FileHash      `json:"files"`
}

// FileHash is one file of the release.
type FileHash struct {
	Name   string `json:"name"`
	Size   int    `json:"size"`
	SHA256 string `json:"sha256"`
}

// Signer signs the manifest for one authority. The record's own signer implements it.
type Signer interface {
	Authority() string
	KeyID() string
	Sign(message []byte) ([]byte, error)
}

// Signature is one authority's word for the manifest. The peer's is added after publication, or its earlier
// sight is an access before release.
type Signature struct {
	Authority string `json:"authority"`
	KeyID     string `json:"key_id"`
	Algorithm string `json:"algorithm"` // ed25519
	Signature string `json:"signature"` // standard base64
}

const (
	ManifestName   = "manifest.json"
	SignaturesName = "signatures.json"
)

// Message is what is signed: a context, so that the signature serves for nothing else, and the manifest.
func Message(manifest []byte) []byte {
	return append([]byte("countersign release manifest 1\n"), manifest...)
}

// Files renders a release whole: every file, the manifest, and the signatures.
func (c *Content) Files(signers ...Signer) (map[string][]byte, error) {
	files := map[string][]byte{}
	return files, c.Write(keep(files), signers...)
}

// Write puts every file of a release, last the manifest and the signatures. No file is held whole.
func (c *Content) Write(put Put, signers ...Signer) error {
	root := Root(c.Cells)
	m := Manifest{Format: format, ID: c.ID, Edition: c.Edition, PublishAt: c.PublishAt, RecordHead: c.RecordHead, Definitions: c.Definitions,
		PolicyHash: c.PolicyHash, Cells: len(c.Cells), Root: hex.EncodeToString(root[:])}
	err := c.render(func(name string, size int, write func(io.Writer) error) error {
		h := &hashed{Hash: sha256.New()}
		err := put(name, size, func(w io.Writer) error { return write(io.MultiWriter(w, h)) })
		m.Files = append(m.Files, FileHash{name, h.size, hex.EncodeToString(h.Sum(nil))})
		return err
	})
	if err != nil {
		return err
	}
	slices.SortFunc(m.Files, func(a, b FileHash) int { return strings.Compare(a.Name, b.Name) })
	manifest, err := canonical(m)
	if err != nil {
		return err
	}
	signatures, err := AddSignatures(manifest, nil, signers...)
	if err != nil {
		return err
	}
	for _, f := range []struct {
		name string
		b    []byte
	}{{SignaturesName, signatures}, {ManifestName, manifest}} { // the manifest last: a folder without one is no release
		if err := put(f.name, len(f.b), func(w io.Writer) error {
			_, err := w.Write(f.b)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// hashed counts and hashes what a file is made of.
type hashed struct {
	hash.Hash
	size int
}

func (h *hashed) Write(p []byte) (int, error) {
	h.size += len(p)
	return h.Hash.Write(p)
}

// AddSignatures signs a manifest and returns the signatures file with the new ones added; an authority
// that has signed already is refused.
func AddSignatures(manifest, before []byte, signers ...Signer) ([]byte, error) {
	all := []Signature{}
	if len(before) > 0 {
		if err := json.Unmarshal(before, &all, json.RejectUnknownMembers(true)); err != nil {
			return nil, fmt.Errorf("%s: %w", SignaturesName, err)
		}
	}
	for _, s := range signers {
		for _, old := range all {
			if old.Authority == s.Authority() {
				return nil, fault.New(fault.Conflict, "fault.release.signed", "authority", s.Authority())
			}
		}
		sig, err := s.Sign(Message(manifest))
		if err != nil {
			return nil, err
		}
		all = append(all, Signature{s.Authority(), s.KeyID(), "ed25519", base64.StdEncoding.EncodeToString(sig)})
	}
	return canonical(all)
}

// Digest is the manifest's hash, as the steps of a release name it.
func Digest(manifest []byte) string { return sum(manifest) }

// Key is an authority's public key, held by whoever verifies.
type Key struct {
	Authority string
	Public    ed25519.PublicKey
}

func checkSignatures(manifest, file []byte, keys []Key) (signers []string, problems []Problem) {
	var all []Signature
	if err := json.Unmarshal(file, &all, json.RejectUnknownMembers(true)); err != nil {
		return nil, []Problem{{SignaturesName, "cannot be read: " + err.Error()}}
	}
	for _, k := range keys {
		found := false
		for _, s := range all {
			if s.Authority != k.Authority {
				continue
			}
			found = true
			raw, err := base64.StdEncoding.DecodeString(s.Signature)
			if err != nil || s.Algorithm != "ed25519" || !ed25519.Verify(k.Public, Message(manifest), raw) {
				problems = append(problems, Problem{SignaturesName, "the signature of " + s.Authority + " does not fit the manifest"})
			} else {
				signers = append(signers, s.Authority)
			}
		}
		if !found {
			problems = append(problems, Problem{SignaturesName, "not signed by " + k.Authority})
		}
	}
	return signers, problems
}
