package alert

import (
	"bufio"
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"strings"
	"time"

	"countersign/internal/fault"

	"github.com/go-json-experiment/json"
)

// A snapshot file is three lines and a body:
//
//	countersign-alerts 1
//	{header as JSON}
//	key-id base64(Ed25519 over the two lines before, with their line ends)
//	table (see Columns)
//
// The header carries the SHA-256 of the body, so the signature covers everything. A file is never changed:
// a new version is a new file, or a delta against the version it names.
const magic = "countersign-alerts 1\n"

const maxHeader = 1 << 16

// Key is a public key that may sign the lists of one authority, and only those.
type Key struct {
	Authority string
	Public    ed25519.PublicKey
}

// Ring is the keys a node or lane trusts, by key id.
type Ring map[string]Key

// ParseRing reads {"key-id": {"authority": "al-police", "public": base64}}.
func ParseRing(b []byte) (Ring, error) {
	var raw map[string]struct {
		Authority string `json:"authority"`
		Public    string `json:"public"`
	}
	if err := json.Unmarshal(b, &raw, json.RejectUnknownMembers(true)); err != nil {
		return nil, fault.New(fault.Invalid, "fault.border.ring", "key", "?").Because(err)
	}
	ring := Ring{}
	for id, k := range raw {
		pub, err := base64.StdEncoding.DecodeString(k.Public)
		if err != nil || len(pub) != ed25519.PublicKeySize || k.Authority == "" {
			return nil, fault.New(fault.Invalid, "fault.border.ring", "key", id)
		}
		ring[id] = Key{k.Authority, pub}
	}
	return ring, nil
}

// IsSnapshot tells a signed list from a table by its first line.
func IsSnapshot(head []byte) bool { return bytes.HasPrefix(head, []byte(magic[:len(magic)-1])) }

// Write signs changes as a snapshot (h.Base == 0) or delta. Count and SHA256 of h are filled in.
func Write(w io.Writer, h Header, keyID string, key ed25519.PrivateKey, changes func(yield func(*Change) bool)) error {
	var body bytes.Buffer
	n, err := WriteTable(&body, changes)
	if err != nil {
		return fmt.Errorf("list %s: %w", h.List, err)
	}
	sum := sha256.Sum256(body.Bytes())
	h.Count, h.SHA256 = n, hex.EncodeToString(sum[:])
	if err := h.Check(); err != nil {
		return err
	}
	head, err := json.Marshal(h)
	if err != nil {
		return err
	}
	signed := append([]byte(magic), append(head, '\n')...)
	if _, err := w.Write(signed); err != nil {
		return err
	}
	sig := base64.StdEncoding.EncodeToString(ed25519.Sign(key, signed))
	if _, err := fmt.Fprintf(w, "%s %s\n", keyID, sig); err != nil {
		return err
	}
	_, err = w.Write(body.Bytes())
	return err
}

// Snapshot is an open file whose header is already proven; its rows are not to be relied on before Next has
// returned io.EOF, because only then is the body's hash known to be right.
type Snapshot struct {
	Header Header
	table  *Table
	raw    io.Reader
	sum    hash.Hash
	rows   int
}

// Open checks signature, authority and header.
func Open(r io.Reader, ring Ring) (*Snapshot, error) {
	br := bufio.NewReaderSize(r, 1<<16)
	first, err := readLine(br)
	if err != nil || first != magic {
		return nil, fault.New(fault.Invalid, "fault.border.snapshot-form")
	}
	head, err := readLine(br)
	if err != nil {
		return nil, fault.New(fault.Invalid, "fault.border.snapshot-form").Because(err)
	}
	sigLine, err := readLine(br)
	if err != nil {
		return nil, fault.New(fault.Invalid, "fault.border.snapshot-form").Because(err)
	}
	keyID, sig64, _ := strings.Cut(strings.TrimSuffix(sigLine, "\n"), " ")
	key, ok := ring[keyID]
	sig, decodeErr := base64.StdEncoding.DecodeString(sig64)
	if !ok || decodeErr != nil || len(key.Public) != ed25519.PublicKeySize || !ed25519.Verify(key.Public, []byte(first+head), sig) {
		return nil, fault.New(fault.Denied, "fault.border.snapshot-signature", "key", keyID)
	}
	s := &Snapshot{sum: sha256.New()}
	if err := json.Unmarshal([]byte(head), &s.Header, json.RejectUnknownMembers(true)); err != nil {
		return nil, fault.New(fault.Invalid, "fault.border.snapshot-form").Because(err)
	}
	if err := s.Header.Check(); err != nil {
		return nil, err
	}
	if s.Header.Authority != key.Authority {
		return nil, fault.New(fault.Denied, "fault.border.snapshot-authority", "key", keyID, "authority", s.Header.Authority)
	}
	s.raw = io.TeeReader(br, s.sum)
	if s.table, err = NewTable(s.raw); err != nil {
		return nil, err
	}
	return s, nil
}

// Next returns the next change; io.EOF only once count and hash have proven right. Any other error means
// that the whole file is to be thrown away.
func (s *Snapshot) Next() (Change, error) {
	row, err := s.table.Next()
	switch {
	case errors.Is(err, io.EOF):
		if err := s.whole(); err != nil {
			return Change{}, err
		}
		if s.rows != s.Header.Count {
			return Change{}, fault.New(fault.Invalid, "fault.border.snapshot-body", "list", s.Header.List)
		}
		return Change{}, io.EOF
	case err != nil:
		return Change{}, fmt.Errorf("list %s: %w", s.Header.List, err)
	case row.Err != nil: // a damaged file is called damaged; only in a whole one is the row its authority's mistake
		if err := s.whole(); err != nil {
			return Change{}, err
		}
		return Change{}, row.Err
	case row.Remove && s.Header.Base == 0:
		return Change{}, rowFault(row.Line, "op", "remove")
	case row.Alert.Ref == "":
		return Change{}, rowFault(row.Line, "ref", "")
	}
	s.rows++
	return row.Change, nil
}

// whole reads to the end and tells whether the contents are those that were signed.
func (s *Snapshot) whole() error {
	if _, err := io.Copy(io.Discard, s.raw); err != nil {
		return err
	}
	if hex.EncodeToString(s.sum.Sum(nil)) != s.Header.SHA256 {
		return fault.New(fault.Invalid, "fault.border.snapshot-body", "list", s.Header.List)
	}
	return nil
}

// Follows tells whether h may take the place of prev: a newer whole list, or a delta on exactly prev.
func (h *Header) Follows(prev *Header, now time.Time) error {
	switch {
	case !h.Valid(now):
		return fault.New(fault.Late, "fault.border.snapshot-validity", "list", h.List, "until", h.ValidUntil.UTC().Format(time.RFC3339))
	case prev == nil && h.Base != 0, prev != nil && h.Base != 0 && h.Base != prev.Version:
		return fault.New(fault.Conflict, "fault.border.snapshot-base", "list", h.List, "base", fmt.Sprint(h.Base))
	case prev != nil && h.Version <= prev.Version: // an old file replayed
		return fault.New(fault.Conflict, "fault.border.snapshot-old", "list", h.List, "version", fmt.Sprint(h.Version))
	case prev != nil && (h.List != prev.List || h.Kind != prev.Kind || h.Authority != prev.Authority):
		return fault.New(fault.Conflict, "fault.border.snapshot-other", "list", h.List)
	}
	return nil
}

func readLine(br *bufio.Reader) (string, error) {
	var b []byte
	for {
		part, err := br.ReadSlice('\n')
		b = append(b, part...)
		if err == nil {
			return string(b), nil
		}
		if !errors.Is(err, bufio.ErrBufferFull) || len(b) > maxHeader {
			return "", errors.Join(err, io.ErrUnexpectedEOF)
		}
	}
}
