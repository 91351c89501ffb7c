package record

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"countersign/internal/fault"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Head is the state of a log: its origin, size and root (c2sp.org/tlog-checkpoint v1.0.0). We write no
// extension lines and refuse them.
type Head struct {
	Origin string
	Size   int64
	Root   tlog.Hash
}

// Text is the checkpoint's signed text.
func (h Head) Text() string {
	return fmt.Sprintf("%s\n%d\n%s\n", h.Origin, h.Size, base64.StdEncoding.EncodeToString(h.Root[:]))
}

// ParseHead reads the text of a checkpoint.
func ParseHead(text string) (Head, error) {
	bad := fault.New(fault.Invalid, "fault.head.malformed")
	lines := strings.Split(text, "\n")
	if len(lines) != 4 || lines[3] != "" || lines[0] == "" {
		return Head{}, bad
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return Head{}, bad
	}
	root, err := strict(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return Head{}, bad
	}
	return Head{Origin: lines[0], Size: size, Root: tlog.Hash(root)}, nil
}

// SignHead makes the signed note of a head (c2sp.org/signed-note, Ed25519).
func SignHead(h Head, s note.Signer) ([]byte, error) {
	return note.Sign(&note.Note{Text: h.Text()}, s)
}

// OpenHead checks a signed head of the log named by origin against the log's key, or the keys it has had.
func OpenHead(signed []byte, origin string, keys ...note.Verifier) (Head, error) {
	n, err := note.Open(signed, note.VerifierList(keys...))
	if err != nil {
		return Head{}, fault.New(fault.Denied, "fault.head.signature").Because(err)
	}
	if _, err := strict(n.Sigs[0].Base64); err != nil {
		return Head{}, fault.New(fault.Denied, "fault.head.signature").Because(err)
	}
	h, err := ParseHead(n.Text)
	if err != nil {
		return Head{}, err
	}
	if h.Origin != origin {
		return Head{}, fault.New(fault.Denied, "fault.head.origin", "got", h.Origin, "want", origin)
	}
	return h, nil
}

// algCosignature is the signature type of Ed25519 cosignatures (c2sp.org/tlog-cosignature v1.0.1).
const algCosignature = 0x04

// Cosigner makes countersignatures. Ours says more than a witness's: the acts up to this head are durable
// and dealt with at the cosigner. "Held and dealt with", never "agreed" (docs/protocol.md).
type Cosigner struct {
	name string
	key  ed25519.PrivateKey
}

// NewCosigner names the authority's countersigning key.
func NewCosigner(name string, key ed25519.PrivateKey) *Cosigner { return &Cosigner{name, key} }

// Cosign adds to the signed head a signature line with the time in seconds, and returns the whole note.
func (c *Cosigner) Cosign(signed []byte, at time.Time) ([]byte, error) {
	n, err := note.Open(signed, note.VerifierList())
	if unverified, ok := err.(*note.UnverifiedNoteError); ok {
		n = unverified.Note
	} else if err != nil {
		return nil, err
	}
	return note.Sign(n, &cosignature{c, at})
}

// Verifier returns the verifier of the cosigner's own key.
func (c *Cosigner) Verifier() *CosignVerifier {
	return NewCosignVerifier(c.name, c.key.Public().(ed25519.PublicKey))
}

type cosignature struct {
	*Cosigner
	at time.Time
}

func (c *cosignature) Name() string { return c.name }
func (c *cosignature) KeyHash() uint32 {
	return cosignKeyHash(c.name, c.key.Public().(ed25519.PublicKey))
}
func (c *cosignature) Sign(text []byte) ([]byte, error) {
	sig := binary.BigEndian.AppendUint64(nil, uint64(c.at.Unix()))
	return append(sig, ed25519.Sign(c.key, cosigned(text, c.at.Unix()))...), nil
}

// cosigned is the message under a cosignature.
func cosigned(text []byte, seconds int64) []byte {
	return append(fmt.Appendf(nil, "cosignature/v1\ntime %d\n", seconds), text...)
}

func cosignKeyHash(name string, key ed25519.PublicKey) uint32 {
	h := sha256.New()
	h.Write([]byte(name + "\n"))
	h.Write([]byte{algCosignature})
	h.Write(key)
	return binary.BigEndian.Uint32(h.Sum(nil))
}

// CosignVerifier checks countersignatures of one key.
type CosignVerifier struct {
	name string
	key  ed25519.PublicKey
}

// NewCosignVerifier names the peer's countersigning key.
func NewCosignVerifier(name string, key ed25519.PublicKey) *CosignVerifier {
	return &CosignVerifier{name, key}
}

func (v *CosignVerifier) Name() string    { return v.name }
func (v *CosignVerifier) KeyHash() uint32 { return cosignKeyHash(v.name, v.key) }

// Verify implements note.Verifier.
func (v *CosignVerifier) Verify(text, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	seconds := int64(binary.BigEndian.Uint64(sig))
	return seconds >= 0 && ed25519.Verify(v.key, cosigned(text, seconds), sig[8:])
}

// OpenCosigned checks a countersigned head: the log's own signature and the peer's countersignature must both
// be there. It returns the head and the time of the countersignature, which is "receipt" in every agreement.
func OpenCosigned(signed []byte, origin string, log note.Verifier, peer *CosignVerifier) (Head, time.Time, error) {
	return OpenCosignedBy(signed, origin, []note.Verifier{log}, []*CosignVerifier{peer})
}

// OpenCosignedBy is OpenCosigned for authorities that have had several keys.
func OpenCosignedBy(signed []byte, origin string, logs []note.Verifier, peers []*CosignVerifier) (Head, time.Time, error) {
	h, err := OpenHead(signed, origin, logs...)
	if err != nil {
		return h, time.Time{}, err
	}
	cosigners := make([]note.Verifier, len(peers))
	for i, p := range peers {
		cosigners[i] = p
	}
	n, err := note.Open(signed, note.VerifierList(cosigners...))
	if err != nil {
		return h, time.Time{}, fault.New(fault.Denied, "fault.head.countersignature").Because(err)
	}
	raw, err := strict(n.Sigs[0].Base64)
	if err != nil || len(raw) < 12 {
		return h, time.Time{}, fault.New(fault.Denied, "fault.head.countersignature")
	}
	return h, time.Unix(int64(binary.BigEndian.Uint64(raw[4:])), 0).UTC(), nil
}

// LogSigner makes the note signer of a log's Ed25519 key (type 0x01) under the name of its origin.
func LogSigner(origin string, key ed25519.PrivateKey) (note.Signer, error) {
	hash := keyHash(origin, key.Public().(ed25519.PublicKey))
	seed := append([]byte{1}, key.Seed()...)
	return note.NewSigner(fmt.Sprintf("PRIVATE+KEY+%s+%08x+%s", origin, hash, base64.StdEncoding.EncodeToString(seed)))
}

// OwnLog is a log's key at its owner. It signs heads, and as their verifier knows again those that it has just signed:
// a signature that one has made oneself needs no checking. All others it checks.
type OwnLog struct {
	note.Signer
	verifier note.Verifier
	mu       sync.Mutex
	made     [32]signedText // the latest, in no order
	next     int
}

// NewOwnLog names the log's own key.
func NewOwnLog(origin string, key ed25519.PrivateKey) (*OwnLog, error) {
	s, err := LogSigner(origin, key)
	if err != nil {
		return nil, err
	}
	v, err := LogVerifier(origin, key.Public().(ed25519.PublicKey))
	return &OwnLog{Signer: s, verifier: v}, err
}

// Sign implements note.Signer.
func (o *OwnLog) Sign(text []byte) ([]byte, error) {
	sig, err := o.Signer.Sign(text)
	if err != nil {
		return nil, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.made[o.next%len(o.made)] = signedText{string(text), string(sig)}
	o.next++
	return sig, nil
}

// Verify implements note.Verifier.
func (o *OwnLog) Verify(text, sig []byte) bool {
	return o.signed(signedText{string(text), string(sig)}) || o.verifier.Verify(text, sig)
}

func (o *OwnLog) signed(s signedText) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return s.text != "" && slices.Contains(o.made[:], s)
}

// signedText keeps text and signature apart: run together, another text with a longer signature would look the same.
type signedText struct{ text, signature string }

// LogVerifier makes the note verifier of a log's key.
func LogVerifier(origin string, key ed25519.PublicKey) (note.Verifier, error) {
	encoded, err := note.NewEd25519VerifierKey(origin, key)
	if err != nil {
		return nil, err
	}
	return note.NewVerifier(encoded)
}

func keyHash(name string, key ed25519.PublicKey) uint32 {
	h := sha256.New()
	h.Write([]byte(name + "\n\x01"))
	h.Write(key)
	return binary.BigEndian.Uint32(h.Sum(nil))
}

// strict reads base64 with one reading only: bits that the lenient decoder ignores would let a changed byte
// pass as the same signature.
func strict(s string) ([]byte, error) {
	if strings.ContainsAny(s, "\r\n") {
		return nil, base64.CorruptInputError(0)
	}
	return base64.StdEncoding.Strict().DecodeString(s)
}
