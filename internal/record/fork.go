package record

import (
	"encoding/base64"
	"strconv"

	"countersign/internal/fault"

	"github.com/go-json-experiment/json"
	"golang.org/x/mod/sumdb/tlog"
)

// ForkFormat is the format of a proof that an authority signed two records that cannot both be true.
const ForkFormat = "countersign-fork/1"

// Fork is such a proof. First and Second are heads that the same authority signed, First no larger than Second.
// Root is what the tree of Second was at the size of First, which Proof shows to anybody (RFC 6962
// consistency); it is another root than the one in First. For equal sizes there is no proof to give: Root is
// Second's own.
type Fork struct {
	Format string   `json:"format"`
	Origin string   `json:"origin"`
	First  string   `json:"first"`
	Second string   `json:"second"`
	Root   string   `json:"root"`
	Proof  []string `json:"proof"`
	// KeysOfFirst and KeysOfSecond are the acts by which root changed the log key, each with its place in the record
	// that the head stands for. An act that both records have stands in both lists.
	KeysOfFirst  []Exhibit `json:"keys_of_first,omitzero"`
	KeysOfSecond []Exhibit `json:"keys_of_second,omitzero"`
}

// NewFork puts a proof together. hashes reads the tree of the second head.
func NewFork(origin string, first, second []byte, size int64, of Head, hashes tlog.HashReader) (Fork, error) {
	f := Fork{Format: ForkFormat, Origin: origin, First: string(first), Second: string(second), Proof: []string{}}
	root, err := tlog.TreeHash(size, hashes)
	if err != nil {
		return f, err
	}
	f.Root = b64(root[:])
	if size == 0 || size == of.Size {
		return f, nil
	}
	proof, err := tlog.ProveTree(of.Size, size, hashes)
	for _, h := range proof {
		f.Proof = append(f.Proof, b64(h[:]))
	}
	return f, err
}

// ReadFork reads the bytes of a proof.
func ReadFork(raw []byte) (Fork, error) {
	var f Fork
	if err := json.Unmarshal(raw, &f, json.RejectUnknownMembers(true)); err != nil {
		return f, fault.New(fault.Invalid, "fault.fork.malformed").Because(err)
	}
	if f.Format != ForkFormat {
		return f, fault.New(fault.Invalid, "fault.bundle.format", "format", f.Format, "want", ForkFormat)
	}
	return f, nil
}

// Check proves the fork against the public keys that the accused authority was paired with: nil means that it did
// sign two records that cannot both be true.
func (f Fork) Check(accused Authority) error {
	first, second, err := f.heads(accused)
	if err != nil {
		return err
	}
	root, err := hash(f.Root)
	if err != nil {
		return err
	}
	if first.Size > second.Size || root == first.Root {
		return fault.New(fault.Denied, "fault.fork.none")
	}
	return f.leads(first, second, root)
}

// leads checks that the tree of the second head had the given root at the size of the first.
func (f Fork) leads(first, second Head, root tlog.Hash) error {
	if first.Size == second.Size {
		if root != second.Root {
			return fault.New(fault.Denied, "fault.fork.none")
		}
		return nil
	}
	if first.Size == 0 {
		if root != emptyRoot {
			return fault.New(fault.Denied, "fault.fork.none")
		}
		return nil
	}
	proof := make(tlog.TreeProof, len(f.Proof))
	for i, s := range f.Proof {
		h, err := hash(s)
		if err != nil {
			return err
		}
		proof[i] = h
	}
	if err := tlog.CheckTree(proof, second.Size, second.Root, first.Size, root); err != nil {
		return fault.New(fault.Denied, "fault.fork.none").Because(err)
	}
	return nil
}

// Name tells one fork from another: the two sizes and the first head's root.
func (f Fork) Name(first, second Head) string {
	return f.Origin + " " + strconv.FormatInt(first.Size, 10) + " " + strconv.FormatInt(second.Size, 10) + " " + b64(first.Root[:]) + " " + b64(second.Root[:])
}

func hash(s string) (tlog.Hash, error) {
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil || len(b) != tlog.HashSize {
		return tlog.Hash{}, fault.New(fault.Invalid, "fault.bundle.proof")
	}
	return tlog.Hash(b), nil
}

// Grown reads the hashes of a log and of leaves tried on top of it, which nobody has stored yet.
type Grown struct {
	Base  tlog.HashReader
	Size  int64 // leaves of the base that count
	extra []tlog.Hash
	edge  *Edge
}

// Grow starts from the first size leaves of a log.
func Grow(size int64, base tlog.HashReader) (*Grown, error) {
	edge, err := ReadEdge(size, base)
	return &Grown{Base: base, Size: size, edge: edge}, err
}

// GrowOn starts from a log whose right edge is at hand; the edge is taken over.
func GrowOn(edge *Edge, base tlog.HashReader) *Grown {
	return &Grown{Base: base, Size: edge.Size(), edge: edge}
}

// Append tries one more leaf.
func (g *Grown) Append(leaf []byte) { g.extra = append(g.extra, g.edge.Append(leaf)...) }

// Head is the tree with the leaves tried.
func (g *Grown) Head(origin string) Head { return Head{origin, g.edge.Size(), g.edge.Root()} }

// ReadHashes implements tlog.HashReader.
func (g *Grown) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	from := tlog.StoredHashCount(g.Size)
	out := make([]tlog.Hash, len(indexes))
	var below []int64
	for i, x := range indexes {
		if x >= from {
			if x-from >= int64(len(g.extra)) {
				return nil, fault.New(fault.Invalid, "fault.bundle.proof")
			}
			out[i] = g.extra[x-from]
			continue
		}
		below = append(below, x)
	}
	hashes, err := g.Base.ReadHashes(below)
	if err != nil {
		return nil, err
	}
	for i, x := range indexes {
		if x < from {
			out[i], hashes = hashes[0], hashes[1:]
		}
	}
	return out, nil
}
