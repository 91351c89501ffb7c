package record

import (
	"slices"
	"strconv"

	"countersign/internal/fault"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// SeenFormat is the format of an inspector's memory.
const SeenFormat = "countersign-seen/1"

// Seen is the newest head that was found good of each copy of each stream. It is what makes a node that shows two people two
// records visible: as for a witness (c2sp.org/tlog-witness), what was seen once must stay a beginning of what is shown later.
// Inspectors who share it find out when they were shown different records.
type Seen struct {
	Format string     `json:"format"`
	Heads  []SeenHead `json:"heads"`
}

// SeenHead is one of them.
type SeenHead struct {
	Node   string `json:"node"` // authority whose node showed it
	Origin string `json:"origin"`
	Size   int64  `json:"size"`
	Root   string `json:"root"`
	Signed string `json:"signed"` // the head as its author signed it: a proof by itself
}

// ReadSeen reads a memory; no bytes are an empty one.
func ReadSeen(raw []byte) (Seen, error) {
	s := Seen{Format: SeenFormat, Heads: []SeenHead{}}
	if len(raw) == 0 {
		return s, nil
	}
	if err := json.Unmarshal(raw, &s, json.RejectUnknownMembers(true)); err != nil {
		return s, fault.New(fault.Invalid, "fault.seen.malformed").Because(err)
	}
	if s.Format != SeenFormat {
		return s, fault.New(fault.Invalid, "fault.bundle.format", "format", s.Format, "want", SeenFormat)
	}
	return s, nil
}

// Encode writes a memory.
func (s Seen) Encode() ([]byte, error) {
	b, err := json.Marshal(s, jsontext.WithIndent("  "))
	return append(b, '\n'), err
}

// Marks are the sizes of a stream at which something is known of it.
func (s Seen) Marks(origin string) []int64 {
	var all []int64
	for _, h := range s.Heads {
		if h.Origin == origin {
			all = append(all, h.Size)
		}
	}
	return all
}

// Check holds what a node shows of a stream now against what was seen before, here or by whoever kept the memory.
func (s Seen) Check(node string, f *Finding) Check {
	origin := f.Head.Origin
	seen := 0
	for _, h := range s.Heads {
		switch root, ok := f.Roots[h.Size]; {
		case h.Origin != origin:
		case ok && b64(root[:]) != h.Root:
			return failed("verify.seen", origin, h.Size, fault.New(fault.Conflict, "fault.seen.other", "node", h.Node, "size", strconv.FormatInt(h.Size, 10)))
		case h.Node == node && h.Size > f.Acts:
			return failed("verify.seen", origin, f.Acts, fault.New(fault.Conflict, "fault.seen.shorter", "size", strconv.FormatInt(h.Size, 10)))
		case ok:
			seen++
		}
	}
	return Check{Key: "verify.seen", OK: true, Detail: origin + " " + strconv.Itoa(seen)}
}

// Keep notes the newest signed head of what a node has shown, once it was found good.
func (s *Seen) Keep(node string, f *Finding) {
	if f.Newest.Size == 0 {
		return
	}
	h := SeenHead{Node: node, Origin: f.Head.Origin, Size: f.Newest.Size, Root: b64(f.Signed.Root[:]), Signed: f.Newest.Signed}
	i := slices.IndexFunc(s.Heads, func(x SeenHead) bool { return x.Node == node && x.Origin == h.Origin })
	if i < 0 {
		s.Heads = append(s.Heads, h)
	} else if s.Heads[i].Size <= h.Size {
		s.Heads[i] = h
	}
}

// SameRecord compares the two authorities' copies of one stream, both of which were read from their bytes: what the receiver
// holds is a beginning of what the author has.
func SameRecord(author, receiver *Finding) Check {
	origin, n := receiver.Head.Origin, receiver.Acts
	err := fault.New(fault.Conflict, "fault.seen.differ")
	if root, ok := author.Roots[n]; !ok || root != receiver.Head.Root {
		return failed("verify.peer.same", origin, n, err)
	}
	return Check{Key: "verify.peer.same", OK: true, Detail: origin + " " + strconv.FormatInt(n, 10)}
}
