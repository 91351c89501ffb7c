package act

import (
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"

	"countersign/internal/fault"

	"github.com/go-json-experiment/json/jsontext"
)

const (
	secretSize    = 32
	saltSize      = 16
	signatureSize = ed25519.SignatureSize

	// Every hash and signature names what it is for, so that no value can stand for another (as DSSE does).
	saltInfo        = "countersign/salt/1:"
	fieldDomain     = "countersign/field/1\x00"
	actDomain       = "countersign/act/1\x00"
	signatureDomain = "countersign/officer-signature/1\x00"
	leafDomain      = "countersign/leaf/1\x00"
)

// Commitment is SHA-256 over salt, label and value of one field. It tells nothing about the value, also
// when the value can be guessed, because the salt comes from the act's secret.
type Commitment [sha256.Size]byte

// Salt derives the salt of one field from the act's secret (HKDF-Expand, RFC 5869; the secret is uniform).
func Salt(secret []byte, label string) ([]byte, error) {
	return hkdf.Expand(sha256.New, secret, saltInfo+label, saltSize)
}

// Commit makes the commitment to one field.
func Commit(salt []byte, f Field) Commitment {
	return sha256.Sum256(appendField(nil, salt, f))
}

func appendField(b, salt []byte, f Field) []byte {
	b = append(b, fieldDomain...)
	b = append(b, salt...)
	b = binary.BigEndian.AppendUint16(b, uint16(len(f.Label)))
	b = append(b, f.Label...)
	b = binary.BigEndian.AppendUint32(b, uint32(len(f.Value)))
	return append(b, f.Value...)
}

// Root is the one hash that stands for all fields; it is what the officer signs.
func Root(commitments []Commitment) [sha256.Size]byte {
	b := make([]byte, 0, len(actDomain)+4+len(commitments)*sha256.Size)
	b = append(b, actDomain...)
	b = binary.BigEndian.AppendUint32(b, uint32(len(commitments)))
	for _, c := range commitments {
		b = append(b, c[:]...)
	}
	return sha256.Sum256(b)
}

// Commitments gives the commitments to all fields in order.
func (s *Signed) Commitments() ([]Commitment, error) {
	all := make([]Commitment, len(s.Fields))
	mac := hmac.New(sha256.New, s.Secret) // one for all salts: keying it costs as much as using it
	var salt [sha256.Size]byte
	b := make([]byte, 0, 1024) // for all fields, one after the other
	for i, f := range s.Fields {
		mac.Reset()
		b = append(append(b[:0], saltInfo...), f.Label...)
		mac.Write(append(b, 1)) // the first and only block of HKDF-Expand
		b = appendField(b[:0], mac.Sum(salt[:0])[:saltSize], f)
		all[i] = sha256.Sum256(b)
	}
	return all, nil
}

// Leaf is the entry of the act in the log named by origin: fixed size, and blind without the secret.
func Leaf(origin string, root [sha256.Size]byte, signature []byte) []byte {
	h := sha256.New()
	io.WriteString(h, leafDomain)
	io.WriteString(h, origin)
	h.Write([]byte{0})
	h.Write(root[:])
	h.Write(signature)
	return h.Sum(nil)
}

// Leaf computes the act's entry in the log named by origin.
func (s *Signed) Leaf(origin string) ([]byte, error) {
	root, err := s.Root()
	if err != nil {
		return nil, err
	}
	return Leaf(origin, root, s.Signature), nil
}

// Root is the one hash over the commitments to all fields, computed once: an act is never changed.
func (s *Signed) Root() ([sha256.Size]byte, error) {
	if s.root == nil {
		c, err := s.Commitments()
		if err != nil {
			return [sha256.Size]byte{}, err
		}
		root := Root(c)
		s.root = &root
	}
	return *s.root, nil
}

// Sign makes a signed act of an envelope and the canonical bytes of its body. The secret is read from
// entropy. The officer signs without position in the log, so that acts can be made away from the node.
func Sign(e Envelope, body jsontext.Value, key ed25519.PrivateKey, entropy io.Reader) (*Signed, error) {
	e.Protocol, e.Schema = Protocol, Schema
	e.KeyID = KeyID(key.Public().(ed25519.PublicKey))
	all, err := fields(e, body)
	if err != nil {
		return nil, fmt.Errorf("act %s %s: %w", e.Kind, e.ID, err)
	}
	s := &Signed{Fields: all, Secret: make([]byte, secretSize)}
	if _, err := io.ReadFull(entropy, s.Secret); err != nil {
		return nil, fmt.Errorf("act secret: %w", err)
	}
	root, err := s.Root()
	if err != nil {
		return nil, err
	}
	s.Signature = ed25519.Sign(key, append([]byte(signatureDomain), root[:]...))
	return s, nil
}

// Verify checks the officer's signature over root.
func Verify(root [sha256.Size]byte, signature []byte, key ed25519.PublicKey) error {
	if !ed25519.Verify(key, append([]byte(signatureDomain), root[:]...), signature) {
		return fault.New(fault.Denied, "fault.act.signature")
	}
	return nil
}

// Verify checks the officer's signature over the act's fields.
func (s *Signed) Verify(key ed25519.PublicKey) error {
	root, err := s.Root()
	if err != nil {
		return err
	}
	return Verify(root, s.Signature, key)
}

// KeyID names a public key: the first 12 bytes of its hash in URL-safe base64.
func KeyID(key ed25519.PublicKey) string {
	h := sha256.Sum256(append([]byte("countersign/key/1\x00"), key...))
	return base64.RawURLEncoding.EncodeToString(h[:12])
}
