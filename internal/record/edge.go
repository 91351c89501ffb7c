// Package record owns the append-only Merkle logs (RFC 6962 through golang.org/x/mod/sumdb/tlog), their
// signed heads (c2sp.org/tlog-checkpoint), the other state's countersignatures on them
// (c2sp.org/tlog-cosignature) and the evidence bundles that anyone can check offline.
//
// It never stores anything: hashes live in the store, in the same transaction as the acts they cover.
package record

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// Edge is the right edge of a log: the roots of its complete subtrees, largest first. It is all that is
// needed to append and to know the log's root, so appending never reads.
type Edge struct {
	size  int64
	roots []tlog.Hash
}

// ReadEdge loads the edge of a log of size leaves from its stored hashes.
func ReadEdge(size int64, r tlog.HashReader) (*Edge, error) {
	e := &Edge{size: size}
	var indexes []int64
	for level, at := 62, int64(0); level >= 0; level-- {
		if width := int64(1) << level; size&width != 0 {
			indexes = append(indexes, tlog.StoredHashIndex(level, at>>level))
			at += width
		}
	}
	if len(indexes) == 0 {
		return e, nil
	}
	var err error
	if e.roots, err = r.ReadHashes(indexes); err != nil {
		return nil, fmt.Errorf("read edge of %d leaves: %w", size, err)
	}
	return e, nil
}

// Size is the number of leaves.
func (e *Edge) Size() int64 { return e.size }

// Append adds a leaf and returns the hashes to be stored, in the order of tlog.StoredHashIndex.
func (e *Edge) Append(leaf []byte) []tlog.Hash { return e.AppendHash(tlog.RecordHash(leaf)) }

// AppendHash is Append for a leaf of which only the hash is left.
func (e *Edge) AppendHash(leaf tlog.Hash) []tlog.Hash {
	stored := []tlog.Hash{leaf}
	e.roots = append(e.roots, stored[0])
	for n := e.size; n&1 == 1; n >>= 1 {
		last := len(e.roots) - 1
		parent := tlog.NodeHash(e.roots[last-1], e.roots[last])
		e.roots = append(e.roots[:last-1], parent)
		stored = append(stored, parent)
	}
	e.size++
	return stored
}

// Root is the tree hash over all leaves.
func (e *Edge) Root() tlog.Hash {
	if len(e.roots) == 0 {
		return emptyRoot
	}
	root := e.roots[len(e.roots)-1]
	for i := len(e.roots) - 2; i >= 0; i-- {
		root = tlog.NodeHash(e.roots[i], root)
	}
	return root
}

// Clone returns an independent copy, kept so that a failed transaction can be forgotten: a stale right edge
// forks the tree (facts/exchange.md, section 8).
func (e *Edge) Clone() *Edge {
	return &Edge{size: e.size, roots: append([]tlog.Hash(nil), e.roots...)}
}

// emptyRoot is the hash of the empty string (RFC 6962, section 2.1).
var emptyRoot = tlog.Hash{0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24,
	0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55}
