package check

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"countersign/internal/act"
	"countersign/internal/record"
	"countersign/internal/vault"

	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Judge reads records, many times the same one as it grows. What it has opened and verified it does not open and
// verify again as long as every byte that went into it is the same: the keys, the sealed act or the signed head, and
// where it is said to belong. It never goes by a position or an identifier alone, and it remembers no failure. Rows,
// sizes, numbering and trees are read and computed anew each time. It is for one caller at a time.
type Judge struct {
	opened   map[digest]*opened
	verified map[digest]bool
	heads    map[digest]record.Head
}

// NewJudge makes a judge who has seen nothing.
func NewJudge() *Judge {
	return &Judge{opened: map[digest]*opened{}, verified: map[digest]bool{}, heads: map[digest]record.Head{}}
}

// digest stands for the exact bytes of what was looked at.
type digest [sha256.Size]byte

// digestOf hashes parts with their lengths, so that no part can pass for the end of another.
func digestOf(parts ...[]byte) (d digest) {
	h := sha256.New()
	for _, p := range parts {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(p))))
		h.Write(p)
	}
	h.Sum(d[:0])
	return d
}

// opened is an act that was opened: it follows from the bytes that its digest stands for.
type opened struct {
	digest     digest
	signed     *act.Signed
	leaf       tlog.Hash
	envelope   act.Envelope
	body       jsontext.Value
	unreadable error
}

// open opens a sealed act and computes its leaf in the log named by origin.
func (j *Judge) open(safe *vault.Vault, master []byte, keys wrapped, origin string, e *Entry) (*opened, error) {
	place := "acts/" + string(e.ID)
	d := digestOf([]byte("act"), master, []byte(e.subject), keys[e.subject], []byte(place), []byte(origin), e.sealed)
	if o := j.opened[d]; o != nil {
		return o, nil
	}
	plain, err := safe.Open(keys, e.subject, place, e.sealed)
	if err != nil {
		return nil, fmt.Errorf("act %s cannot be opened: %w", e.ID, err)
	}
	o := &opened{digest: d}
	if o.signed, err = act.Parse(plain); err != nil {
		return nil, fmt.Errorf("act %s cannot be read: %w", e.ID, err)
	}
	leaf, err := o.signed.Leaf(origin)
	if err != nil {
		return nil, err
	}
	o.leaf = tlog.RecordHash(leaf)
	o.envelope, o.body, o.unreadable = o.signed.Open()
	j.opened[d] = o
	return o, nil
}

// verify checks the officer's signature in an opened act by a key.
func (j *Judge) verify(o *opened, key ed25519.PublicKey) error {
	d := digestOf([]byte("signature"), o.digest[:], key)
	if j.verified[d] {
		return nil
	}
	if err := o.signed.Verify(key); err != nil {
		return err
	}
	j.verified[d] = true
	return nil
}

// head opens a signed head and its countersignature, which must be over the same head.
func (j *Judge) head(h Head, origin string, logKey ed25519.PublicKey, log note.Verifier, cosignKey ed25519.PublicKey, peer *record.CosignVerifier) (record.Head, error) {
	d := digestOf([]byte("head"), []byte(origin), logKey, []byte(peer.Name()), cosignKey, h.Signed, h.Cosigned)
	if head, ok := j.heads[d]; ok {
		return head, nil
	}
	head, err := record.OpenHead(h.Signed, origin, log)
	if err != nil {
		return head, err
	}
	if len(h.Cosigned) > 0 {
		countersigned, _, err := record.OpenCosigned(h.Cosigned, origin, log, peer)
		if err != nil {
			return head, err
		}
		if countersigned != head {
			return head, fmt.Errorf("the countersignature is over another head, of %d", countersigned.Size)
		}
	}
	j.heads[d] = head
	return head, nil
}
