package node

import (
	"crypto/ed25519"
	"crypto/hpke"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"countersign/internal/desk"
	"countersign/internal/exchange"
	"countersign/internal/record"
	"countersign/internal/vault"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// keyFile is the authority's private keys as kept in its folder, readable by the node's user only. Root's private half is
// in it for exercises only: a real authority keeps it in a file away from the machine (root.go).
type keyFile struct {
	Authority string `json:"authority"`
	Root      []byte `json:"root,omitzero"`        // Ed25519 seed; empty where root is kept away
	RootPub   []byte `json:"root_public,omitzero"` // then its public half
	Log       []byte `json:"log"`                  // Ed25519 seeds
	Domestic  []byte `json:"domestic"`
	Cosign    []byte `json:"cosign"`
	Node      []byte `json:"node"`
	TLS       []byte `json:"tls"`
	Blind     []byte `json:"blind"`  // keys the blind index of people
	Seal      []byte `json:"seal"`   // HPKE private key, MLKEM768-X25519
	Master    []byte `json:"master"` // Tink keyset that wraps the keys of persons
}

// keys are the opened private keys.
type keys struct {
	desk.Keys
	seal       hpke.PrivateKey
	tls        ed25519.PrivateKey
	master     []byte
	rootPublic ed25519.PublicKey // where root is kept away
}

const privateName = "keys.json"

// PublicName is the file with an authority's public keys, to be handed to the peer at pairing.
func PublicName(authority string) string { return authority + ".pub.json" }

// Init makes an authority's folder with fresh keys, and returns its public keys. It refuses a folder that has
// keys already: they cannot be made again.
func Init(folder, authority string, entropy io.Reader) (record.Authority, error) {
	public, _, err := InitAway(folder, authority, nil, entropy)
	return public, err
}

// InitAway is Init for an authority that keeps its root key away from the node: keep has to have kept it before anything is
// in the folder. The key is returned for the first entries.
func InitAway(folder, authority string, keep func(ed25519.PrivateKey) error, entropy io.Reader) (record.Authority, ed25519.PrivateKey, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return record.Authority{}, nil, err
	}
	path := filepath.Join(folder, privateName)
	if _, err := os.Stat(path); err == nil {
		return record.Authority{}, nil, fmt.Errorf("%s is there already; an authority's keys are made once", path)
	}
	f := keyFile{Authority: authority}
	for _, seed := range []*[]byte{&f.Root, &f.Log, &f.Domestic, &f.Cosign, &f.Node, &f.Blind, &f.TLS} {
		*seed = make([]byte, ed25519.SeedSize)
		if _, err := io.ReadFull(entropy, *seed); err != nil {
			return record.Authority{}, nil, err
		}
	}
	seal, err := exchange.KEM().GenerateKey()
	if err != nil {
		return record.Authority{}, nil, err
	}
	if f.Seal, err = seal.Bytes(); err != nil {
		return record.Authority{}, nil, err
	}
	if f.Master, err = vault.NewMaster(); err != nil {
		return record.Authority{}, nil, err
	}
	public, root := f.public(seal), ed25519.NewKeyFromSeed(f.Root)
	if keep != nil {
		if err := keep(root); err != nil {
			return record.Authority{}, nil, err
		}
		f.Root, f.RootPub = nil, public.Root
	}
	if err := writeJSON(path, f, 0o600); err != nil {
		return record.Authority{}, nil, err
	}
	return public, root, writeJSON(filepath.Join(folder, PublicName(authority)), public, 0o644)
}

func (f keyFile) public(seal hpke.PrivateKey) record.Authority {
	pub := func(seed []byte) []byte { return ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey) }
	return record.Authority{Authority: f.Authority, Root: pub(f.Root), Log: pub(f.Log), Cosign: pub(f.Cosign), Seal: seal.PublicKey().Bytes(), TLS: pub(f.TLS)}
}

func readKeys(folder, authority string) (keys, error) {
	path := filepath.Join(folder, privateName)
	b, err := os.ReadFile(path)
	if err != nil {
		return keys{}, fmt.Errorf("%w; run \"countersign init\" first", err)
	}
	var f keyFile
	if err := json.Unmarshal(b, &f, json.RejectUnknownMembers(true)); err != nil {
		return keys{}, fmt.Errorf("%s: %w", path, err)
	}
	if f.Authority != authority {
		return keys{}, fmt.Errorf("%s holds the keys of %q, the configuration says %q", path, f.Authority, authority)
	}
	private := func(seed []byte) ed25519.PrivateKey { return ed25519.NewKeyFromSeed(seed) }
	seal, err := exchange.KEM().NewPrivateKey(f.Seal)
	if err != nil {
		return keys{}, fmt.Errorf("%s: seal: %w", path, err)
	}
	k := keys{Keys: desk.Keys{Log: private(f.Log), Domestic: private(f.Domestic), Cosign: private(f.Cosign), Node: private(f.Node), Blind: f.Blind},
		seal: seal, tls: private(f.TLS), master: f.Master, rootPublic: f.RootPub}
	switch {
	case len(f.Root) == ed25519.SeedSize:
		k.Root = private(f.Root)
	case len(f.RootPub) != ed25519.PublicKeySize:
		return keys{}, fmt.Errorf("%s holds no root key, and not its public half", path)
	}
	return k, nil
}

// WritePublic puts an authority's public keys into a folder: the peer's own, after people on both sides have
// compared the fingerprints.
func WritePublic(folder string, a record.Authority) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	return writeJSON(filepath.Join(folder, PublicName(a.Authority)), a, 0o644)
}

// ReadAuthority reads a public key file.
func ReadAuthority(path string) (record.Authority, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return record.Authority{}, err
	}
	a, err := record.ReadAuthority(b)
	if err != nil {
		return a, fmt.Errorf("%s: %w", path, err)
	}
	return a, nil
}

func writeJSON(path string, v any, mode fs.FileMode) error {
	b, err := json.Marshal(v, jsontext.WithIndent("  "))
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(b, '\n'), mode)
}
