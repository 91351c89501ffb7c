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

// keyFile is the authority's private keys as kept in its folder, readable by the node's user only. A real
// authority moves root to an offline machine after the first roster is signed.
type keyFile struct {
	Authority string `json:"authority"`
	Root      []byte `json:"root"` // Ed25519 seeds
	Log       []byte `json:"log"`
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
	seal   hpke.PrivateKey
	tls    ed25519.PrivateKey
	master []byte
}

const privateName = "keys.json"

// PublicName is the file with an authority's public keys, to be handed to the peer at pairing.
func PublicName(authority string) string { return authority + ".pub.json" }

// Init makes an authority's folder with fresh keys, and returns its public keys. It refuses a folder that has
// keys already: they cannot be made again.
func Init(folder, authority string, entropy io.Reader) (record.Authority, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return record.Authority{}, err
	}
	path := filepath.Join(folder, privateName)
	if _, err := os.Stat(path); err == nil {
		return record.Authority{}, fmt.Errorf("%s is there already; an authority's keys are made once", path)
	}
	f := keyFile{Authority: authority}
	for _, seed := range []*[]byte{&f.Root, &f.Log, &f.Domestic, &f.Cosign, &f.Node, &f.Blind, &f.TLS} {
		*seed = make([]byte, ed25519.SeedSize)
		if _, err := io.ReadFull(entropy, *seed); err != nil {
			return record.Authority{}, err
		}
	}
	seal, err := exchange.KEM().GenerateKey()
	if err != nil {
		return record.Authority{}, err
	}
	if f.Seal, err = seal.Bytes(); err != nil {
		return record.Authority{}, err
	}
	if f.Master, err = vault.NewMaster(); err != nil {
		return record.Authority{}, err
	}
	if err := writeJSON(path, f, 0o600); err != nil {
		return record.Authority{}, err
	}
	public := f.public(seal)
	return public, writeJSON(filepath.Join(folder, PublicName(authority)), public, 0o644)
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
	return keys{Keys: desk.Keys{Root: private(f.Root), Log: private(f.Log), Domestic: private(f.Domestic), Cosign: private(f.Cosign), Node: private(f.Node), Blind: f.Blind},
		seal: seal, tls: private(f.TLS), master: f.Master}, nil
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
