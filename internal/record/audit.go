package record

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/joint"
	"countersign/internal/fault"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// SignedHead is a head as a node keeps it: signed, and countersigned when the other authority has done so.
type SignedHead struct {
	Size     int64  `json:"size"`
	Signed   string `json:"signed"`
	Cosigned string `json:"cosigned,omitzero"`
}

// Source shows the logs of one node: from its database, or over the network from a node that nobody has to trust. What it
// says beside the bytes of acts and heads, it only claims.
type Source interface {
	// Acts gives a page of a log's acts from a position on, in order; an empty page is the end.
	Acts(ctx context.Context, origin string, from int64) ([]Shown, error)
	// Heads gives a page of the heads of a log that are larger than a size, in order.
	Heads(ctx context.Context, origin string, above int64) ([]SignedHead, error)
}

// Audit checks logs from their bytes against nothing but the keys of the pairing. It keeps the right edge of a tree, the
// roster and one page in memory, however long the log is.
type Audit struct {
	Source Source
	Known  []Authority // both authorities, as compared at pairing
	// Changes are acts by which either authority has changed its countersigning key; root's signature makes each true by
	// itself. Changes of log keys are read from the log, where their place counts.
	Changes []Exhibit
	// InForce judges whether an act could be made under its agreement when it was made; nil judges nothing.
	InForce func(act.Envelope) error
	// Receipt is told each countersignature with its time; nil where nobody keeps times beside it.
	Receipt func(origin string, size int64, at time.Time) error
}

// Stretch is a log as far as it is to be looked at.
type Stretch struct {
	Origin string
	Size   int64 // acts
	// Roster is that of the authority whose officers sign here, for a log that has no roster acts of its own: a
	// domestic log or a device's. Nil for a stream.
	Roster act.Roster
	// Author signs in this log, whether Roster is given or not.
	Author string
	// Newest is the size of the largest head that the source has, as known before Size: a log does not end below its own head.
	Newest int64
	// Whole wants that the last act is countersigned: a receiver holds nothing that it has not countersigned.
	Whole bool
	// Marks are sizes at which the root of the tree is wanted, to hold it against what is known from elsewhere.
	Marks []int64
}

// Finding is what an audit of one log has found.
type Finding struct {
	Checks []Check
	Head   Head // computed from the acts
	Acts   int64
	Erased int64 // of them, those of which only the leaf is left
	Roots  map[int64]tlog.Hash
	Newest SignedHead // largest head that is good
	Signed Head       // what it stands for
	// Unanswered are the acts that the node says were refused by their receiver, Refused the positions in the other
	// stream that acts.refused of this one name.
	Unanswered []int64
	Refused    map[int64]bool
	Roster     act.Roster
}

// audit is the work on one log.
type audit struct {
	*Audit
	Stretch
	other     string
	edge      *Edge
	bad       map[string]Check // first failure of each check
	logKeys   []change
	cosigners []*CosignVerifier
	heads     []SignedHead // page under way
	above     int64        // size of the last head seen
	dry       bool         // no more heads
	root      ed25519.PublicKey
	covered   int64 // largest countersigned size
	found     Finding
}

// Log checks one log of the source. The error is for a source that does not answer; what does not fit is in the finding.
func (a *Audit) Log(ctx context.Context, s Stretch) (*Finding, error) {
	w := &audit{Audit: a, Stretch: s, edge: &Edge{}, bad: map[string]Check{}, found: Finding{Roots: map[int64]tlog.Hash{}, Refused: map[int64]bool{}, Roster: s.Roster}}
	if err := w.parties(); err != nil {
		return nil, err
	}
	if w.found.Roster == nil {
		w.found.Roster = act.Roster{}
	}
	w.mark()
	for w.edge.Size() < s.Size {
		page, err := a.Source.Acts(ctx, s.Origin, w.edge.Size())
		if err != nil {
			return nil, err
		}
		if len(page) == 0 {
			w.fail("verify.record.acts", w.edge.Size(), fault.New(fault.Missing, "fault.audit.missing"))
			break
		}
		for _, x := range page {
			if w.edge.Size() == s.Size {
				break
			}
			if err := w.step(ctx, x); err != nil {
				return nil, err
			}
		}
	}
	w.close()
	return &w.found, nil
}

// stream tells whether the log is one of the two streams, which have heads, countersignatures and roster acts.
func (s Stretch) stream() bool { return s.Roster == nil }

func (w *audit) parties() error {
	author, err := find(w.Known, w.Author)
	if err != nil {
		return err
	}
	w.root, w.logKeys = author.Root, []change{{index: -1, key: author.Log}}
	if !w.stream() {
		return nil
	}
	_, receiver, err := parties(w.Origin, w.Known)
	if err != nil {
		return err
	}
	name := "countersign/" + receiver.Authority + "/countersign"
	w.other, w.cosigners = receiver.Authority, []*CosignVerifier{NewCosignVerifier(name, receiver.Cosign)}
	for _, e := range w.Changes {
		use, key, authority, err := e.keyChange(w.Known...)
		if err != nil {
			w.fail("verify.record.keys", e.Index, err)
		} else if use == "cosign" && authority == receiver.Authority {
			w.cosigners = append(w.cosigners, NewCosignVerifier(name, key))
		}
	}
	return nil
}

// step takes one act and the heads that end with it.
func (w *audit) step(ctx context.Context, x Shown) error {
	if x.Index != w.edge.Size() {
		w.fail("verify.record.acts", w.edge.Size(), fault.New(fault.Missing, "fault.audit.missing"))
	}
	w.act(x)
	w.mark()
	if !w.stream() {
		return nil
	}
	for {
		h, err := w.head(ctx)
		if err != nil || h == nil || h.Size > w.edge.Size() {
			return err
		}
		w.heads = w.heads[1:]
		w.judge(*h)
	}
}

// mark keeps the root of the tree where it is wanted.
func (w *audit) mark() {
	for _, m := range w.Marks {
		if m == w.edge.Size() {
			w.found.Roots[m] = w.edge.Root()
		}
	}
}

// head is the next head that the source has, nil at the end.
func (w *audit) head(ctx context.Context) (*SignedHead, error) {
	if len(w.heads) == 0 && !w.dry {
		page, err := w.Source.Heads(ctx, w.Origin, w.above)
		if err != nil {
			return nil, err
		}
		w.heads, w.dry = page, len(page) == 0
	}
	if len(w.heads) == 0 {
		return nil, nil
	}
	w.above = max(w.above, w.heads[0].Size)
	return &w.heads[0], nil
}

// judge checks a head: signed by the key that counts at its size, with the root that follows from the acts, and
// countersigned where it says so.
func (w *audit) judge(h SignedHead) {
	head, err := OpenHead([]byte(h.Signed), w.Origin, w.verifiers(counting(w.logKeys, h.Size))...)
	if err == nil && (head.Size != h.Size || head.Size != w.edge.Size() || head.Root != w.edge.Root()) {
		err = fault.New(fault.Denied, "fault.audit.head")
	}
	if err != nil {
		w.fail("verify.record.heads", h.Size, err)
		return
	}
	w.found.Newest, w.found.Signed = h, head
	if h.Cosigned == "" {
		return
	}
	same, at, err := OpenCosignedBy([]byte(h.Cosigned), w.Origin, w.verifiers(w.logKeys), w.cosigners)
	if err == nil && same != head {
		err = fault.New(fault.Denied, "fault.audit.head")
	}
	if err == nil && w.Receipt != nil {
		err = w.Receipt(w.Origin, h.Size, at)
	}
	if err != nil {
		w.fail("verify.record.countersignatures", h.Size, err)
		return
	}
	w.covered = max(w.covered, h.Size)
}

func (w *audit) verifiers(keys []change) []note.Verifier {
	return Fork{Origin: w.Origin}.verifiers(keys)
}

// close says what was found.
func (w *audit) close() {
	w.found.Head = Head{w.Origin, w.edge.Size(), w.edge.Root()}
	w.found.Acts = w.edge.Size()
	if w.Newest > w.Size {
		w.fail("verify.record.heads", w.Newest, fault.New(fault.Missing, "fault.audit.missing"))
	}
	if w.Whole && w.covered < w.Size {
		w.fail("verify.record.countersignatures", w.Size, fault.New(fault.Denied, "fault.audit.uncovered"))
	}
	for _, key := range checksOf {
		if !w.stream() && (key == "verify.record.agreement" || key == "verify.record.heads" || key == "verify.record.countersignatures" || key == "verify.record.keys") {
			continue
		}
		c, failed := w.bad[key]
		if !failed {
			c = Check{Key: key, OK: true, Detail: w.Origin + " " + strconv.FormatInt(w.detail(key), 10)}
		}
		w.found.Checks = append(w.found.Checks, c)
	}
}

// detail is the number that says how much a check has seen.
func (w *audit) detail(key string) int64 {
	switch key {
	case "verify.record.heads":
		return w.found.Signed.Size
	case "verify.record.countersignatures":
		return w.covered
	case "verify.record.erased":
		return w.found.Erased
	case "verify.record.keys":
		return int64(len(w.logKeys) + len(w.cosigners))
	}
	return w.edge.Size()
}

// checksOf are the checks of one log, in the order in which they are reported.
var checksOf = []string{"verify.record.acts", "verify.record.erased", "verify.record.signatures", "verify.record.roster", "verify.record.agreement",
	"verify.record.keys", "verify.record.heads", "verify.record.countersignatures"}

// fail notes the first thing that does not hold.
func (w *audit) fail(key string, index int64, err error) {
	if _, ok := w.bad[key]; !ok {
		w.bad[key] = failed(key, w.Origin, index, err)
	}
}

// failed is a check that does not hold, with the place where it was seen first.
func failed(key, origin string, index int64, err error) Check {
	c := Check{Key: key, Where: origin + " " + strconv.FormatInt(index, 10), Fault: fault.KeyOf(err), Args: fault.ArgsOf(err)}
	c.Detail = strings.TrimSpace(c.Where + " " + err.Error())
	return c
}

// Failed is a check that does not hold, for who looks at more than the bytes of the log.
func Failed(key, origin string, index int64, err error) Check { return failed(key, origin, index, err) }

// Answered checks that each act which a node says was refused by its receiver was refused there: otherwise a bad act
// could hide behind the word.
func Answered(origin string, claimed []int64, refused map[int64]bool) Check {
	for _, i := range claimed {
		if !refused[i] {
			return failed("verify.record.refused", origin, i, fault.New(fault.Missing, "fault.audit.not-refused"))
		}
	}
	return Check{Key: "verify.record.refused", OK: true, Detail: origin + " " + strconv.Itoa(len(claimed))}
}

// rosterKey is the public key of a roster entry, whose name must be its hash.
func rosterKey(b *joint.RosterEntry) (ed25519.PublicKey, error) {
	pub, err := base64.StdEncoding.DecodeString(b.Key)
	if err != nil || len(pub) != ed25519.PublicKeySize || act.KeyID(pub) != b.KeyID {
		return nil, fault.New(fault.Invalid, "fault.roster.key")
	}
	return pub, nil
}
