package paper

import (
	"encoding/base64"
	"strconv"
	"strings"

	"countersign/internal/act"
	"countersign/internal/fault"
	"countersign/internal/record"

	"github.com/go-json-experiment/json"
	"golang.org/x/mod/sumdb/tlog"
)

// Mark is what the square code on a paper says: which act, where in which log, under which countersigned head,
// and which version of the paper. It holds nothing about the person.
type Mark struct {
	Paper  FormKind `json:"paper"`
	Act    act.ID   `json:"act"`
	Origin string   `json:"origin"`
	Index  int64    `json:"index"`
	Leaf   string   `json:"leaf"`           // hash of the log entry, base64
	Size   int64    `json:"size,omitzero"`  // of the countersigned head; 0: none
	Root   string   `json:"root,omitzero"`  // of the countersigned head, base64
	Hash   string   `json:"hash,omitempty"` // version of the paper
}

const markPrefix = "countersign-paper/1"

// String is the text of the code.
func (m Mark) String() string {
	root := m.Root
	if root == "" {
		root = "-"
	}
	return strings.Join([]string{markPrefix, string(m.Paper), string(m.Act), m.Origin, strconv.FormatInt(m.Index, 10), m.Leaf,
		strconv.FormatInt(m.Size, 10), root, m.Hash}, " ")
}

// ParseMark reads what String writes and nothing else.
func ParseMark(s string) (Mark, error) {
	bad := fault.New(fault.Invalid, "fault.paper.mark")
	p := strings.Split(strings.TrimSpace(s), " ")
	if len(p) != 9 || p[0] != markPrefix || !FormKind(p[1]).Known() || p[2] == "" || p[3] == "" || p[8] == "" {
		return Mark{}, bad
	}
	m := Mark{Paper: FormKind(p[1]), Act: act.ID(p[2]), Origin: p[3], Leaf: p[5], Root: p[7], Hash: p[8]}
	var err error
	if m.Index, err = strconv.ParseInt(p[4], 10, 64); err != nil || m.Index < 0 {
		return Mark{}, bad.Because(err)
	}
	if m.Size, err = strconv.ParseInt(p[6], 10, 64); err != nil || m.Size < 0 {
		return Mark{}, bad.Because(err)
	}
	if m.Root == "-" {
		m.Root = ""
	}
	if !isHash(m.Leaf) || (m.Root == "") != (m.Size == 0) || m.Root != "" && !isHash(m.Root) || m.Size > 0 && m.Index >= m.Size || m.String() != strings.TrimSpace(s) {
		return Mark{}, bad
	}
	return m, nil
}

func isHash(s string) bool {
	b, err := base64.StdEncoding.DecodeString(s)
	return err == nil && len(b) == tlog.HashSize
}

// Check tells whether an evidence bundle proves the act that the paper names: the same act, at the same
// position of the same log, with the same entry; and where the heads have one size, under one root. The
// bundle itself is proved by record.Verify.
func (m Mark) Check(bundle []byte) error {
	other := fault.New(fault.Denied, "fault.paper.other-act")
	var b record.Bundle
	if err := json.Unmarshal(bundle, &b); err != nil {
		return fault.New(fault.Invalid, "fault.bundle.malformed").Because(err)
	}
	if b.Origin != m.Origin || b.Act.Index != m.Index || actOf(b.Act) != m.Act {
		return other
	}
	leaf, err := leafOf(b.Origin, b.Act)
	if err != nil || leaf != m.Leaf {
		return other.Because(err)
	}
	lines := strings.SplitN(b.Head, "\n", 4) // checkpoint: origin, size, root
	if len(lines) < 4 {
		return fault.New(fault.Invalid, "fault.head.malformed")
	}
	if lines[1] == strconv.FormatInt(m.Size, 10) && lines[2] != m.Root {
		return fault.New(fault.Conflict, "fault.paper.other-head")
	}
	return nil
}

func actOf(e record.Exhibit) act.ID {
	for _, o := range e.Opened {
		var id act.ID
		if o.Label == "act.id" && json.Unmarshal(o.Value, &id) == nil {
			return id
		}
	}
	return ""
}

func leafOf(origin string, e record.Exhibit) (string, error) {
	list := make([]act.Commitment, len(e.Commitments))
	for i, s := range e.Commitments {
		b, err := base64.StdEncoding.DecodeString(s)
		if err != nil || len(b) != len(list[i]) {
			return "", fault.New(fault.Invalid, "fault.bundle.commitment", "n", strconv.Itoa(i))
		}
		list[i] = act.Commitment(b)
	}
	signature, err := base64.StdEncoding.DecodeString(e.Signature)
	if err != nil {
		return "", err
	}
	return LeafHash(act.Leaf(origin, act.Root(list), signature)), nil
}

// LeafHash is the hash of a log entry as a mark writes it.
func LeafHash(leaf []byte) string {
	h := tlog.RecordHash(leaf)
	return base64.StdEncoding.EncodeToString(h[:])
}
