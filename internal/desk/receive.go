package desk

import (
	"context"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/joint"
	"countersign/internal/casework"
	"countersign/internal/fault"
	"countersign/internal/record"
	"countersign/internal/store"

	"golang.org/x/mod/sumdb/tlog"
)

// maxSkew is how far in the future an act may have been made by the receiver's clock.
const maxSkew = 5 * time.Minute

// incoming is one act of a batch, parsed and hashed outside the transaction.
type incoming struct {
	signed   *act.Signed
	envelope act.Envelope
	raw      []byte // body
	leaf     []byte
	invalid  error // why the envelope cannot be read; the act is held without effect
}

// Held says how many acts of the peer's stream are held here, with the newest countersigned head of it and
// the newest head of it seen at all.
func (d *Desk) Held(context.Context) (record.Answer, error) { return d.held(d.Store) }

func (d *Desk) held(q store.Querier) (record.Answer, error) {
	log, err := store.FindLog(q, d.peer)
	if err != nil {
		return record.Answer{}, err
	}
	a := record.Answer{Held: log.Size}
	if h, ok, err := store.NewestCountersigned(q, log.ID); err != nil {
		return a, err
	} else if ok {
		a.Cosigned = h.Cosigned
	}
	if h, ok, err := store.NewestHead(q, log.ID); err != nil {
		return a, err
	} else if ok {
		a.Newest = h.Signed
	}
	return a, nil
}

// Incoming takes a stretch of the peer's stream: consistency with what is held, both signatures of each act,
// each act dealt with exactly once by its index, and the countersignature, in one transaction. The answer
// leaves only after the commit. A batch that cannot be taken as a whole changes nothing.
func (d *Desk) Incoming(ctx context.Context, b record.Batch) (record.Answer, error) {
	head, err := record.OpenHead(b.Head, d.peer, d.peerLog)
	if err != nil {
		return record.Answer{}, err
	}
	if b.From < 0 || head.Size != b.From+int64(len(b.Acts)) {
		return record.Answer{}, fault.New(fault.Invalid, "fault.exchange.size")
	}
	acts, err := d.parse(b.Acts)
	if err != nil {
		return record.Answer{}, err
	}
	var answer record.Answer
	err = d.Store.Write(ctx, func(tx *store.Tx) error {
		t := d.turn(tx, Session{})
		if answer, err = t.take(b, head, acts); err != nil {
			return err
		}
		return t.close()
	})
	if fault.KeyOf(err) == "fault.exchange.fork" {
		err = d.keepFork(ctx, b.Head, head.Size, err)
	}
	return answer, err
}

// parse reads the acts and computes their leaves. Bytes that are no act at all refuse the whole message.
func (d *Desk) parse(raw [][]byte) ([]incoming, error) {
	acts := make([]incoming, len(raw))
	for i, b := range raw {
		signed, err := act.Parse(b)
		if err != nil {
			return nil, err
		}
		a := incoming{signed: signed}
		if a.leaf, err = signed.Leaf(d.peer); err != nil {
			return nil, err
		}
		a.envelope, a.raw, a.invalid = signed.Open()
		acts[i] = a
	}
	return acts, nil
}

func (t *turn) take(b record.Batch, head record.Head, acts []incoming) (record.Answer, error) {
	if frozen, err := store.Frozen(t.tx); err != nil || frozen {
		return record.Answer{}, fault.New(fault.Conflict, "fault.exchange.frozen").Because(err)
	}
	log, err := t.tx.Log(t.peer)
	if err != nil {
		return record.Answer{}, err
	}
	if err := t.sameHead(log, head); err != nil {
		return record.Answer{}, err
	}
	if b.From > log.Size() { // a gap: say what is held, the sender starts again from there
		return t.held(t.tx)
	}
	known := min(log.Size()-b.From, int64(len(acts)))
	if err := t.sameLeaves(log, b.From, acts[:known]); err != nil {
		return record.Answer{}, err
	}
	if head.Size < log.Size() || head.Size == log.Size() && len(acts) > 0 {
		return t.held(t.tx) // all of it was dealt with before: the same countersigned head, byte for byte
	}
	if err := consistent(log.Preview(), acts[known:], head); err != nil {
		return record.Answer{}, err
	}
	for i, a := range acts[known:] {
		if err := t.deal(b.From+known+int64(i), a); err != nil {
			return record.Answer{}, err
		}
	}
	return t.countersign(log, b.Head, head)
}

// sameHead checks the head against the one the peer signed for the same size before. Two roots for one size
// are proof of a fork: whoever holds both can show them to anybody.
func (t *turn) sameHead(log *store.Log, head record.Head) error {
	kept, ok, err := store.HeadAt(t.tx, log.ID, head.Size)
	if err != nil || !ok {
		return err
	}
	before, err := record.OpenHead(kept.Signed, t.peer, t.peerLog)
	if err == nil && before != head {
		err = fault.New(fault.Conflict, "fault.exchange.fork")
	}
	return err
}

// sameLeaves checks that acts which are already held are the same ones. A difference alone proves nothing
// against the peer: somebody else may have put the message together.
func (t *turn) sameLeaves(log *store.Log, from int64, acts []incoming) error {
	if len(acts) == 0 {
		return nil
	}
	indexes := make([]int64, len(acts))
	for i := range acts {
		indexes[i] = tlog.StoredHashIndex(0, from+int64(i))
	}
	held, err := store.HashReader{Q: t.tx, Log: log.ID}.ReadHashes(indexes)
	if err != nil {
		return err
	}
	for i, a := range acts {
		if held[i] != tlog.RecordHash(a.leaf) {
			return fault.New(fault.Conflict, "fault.exchange.inconsistent")
		}
	}
	return nil
}

// consistent checks that the new acts lead from what is held to the head that the peer signed.
func consistent(edge *record.Edge, acts []incoming, head record.Head) error {
	for _, a := range acts {
		edge.Append(a.leaf)
	}
	if edge.Size() != head.Size || edge.Root() != head.Root {
		return fault.New(fault.Conflict, "fault.exchange.inconsistent")
	}
	return nil
}

// countersign signs the peer's head: its acts are durable, once this transaction is, and dealt with. The first
// countersignature over a size is the receipt and stays; a later one, in an idle slot, only shows that we live.
func (t *turn) countersign(log *store.Log, signed []byte, head record.Head) (record.Answer, error) {
	cosigned, err := t.cosigner.Cosign(signed, t.tx.Now)
	if err != nil {
		return record.Answer{}, err
	}
	answer := record.Answer{Held: head.Size, Cosigned: cosigned}
	if kept, ok, err := store.HeadAt(t.tx, log.ID, head.Size); err != nil || ok && len(kept.Cosigned) > 0 {
		return answer, err
	}
	return answer, t.tx.PutHead(log.ID, store.HeadRow{Size: head.Size, Signed: signed, Cosigned: cosigned, At: t.receipt()})
}

// receipt is the time of a countersignature made now: cosignatures carry seconds, and both sides count from
// the same time.
func (t *turn) receipt() time.Time { return t.tx.Now.Truncate(time.Second) }

// deal takes one act of the peer's stream: with effect, or held without effect and refused in the own stream.
func (t *turn) deal(index int64, a incoming) error {
	event, err := t.admit(index, a)
	if err == nil {
		event.Recorded, event.Receipt = t.tx.Now, t.receipt()
		if err := t.keep(t.peer, a.signed, &event, ""); err != nil {
			return err
		}
		return t.settle(event)
	}
	reason := fault.KeyOf(err)
	if reason == "" {
		return err // internal: nothing is dealt with, the sender tries again
	}
	held := eventOf(a.envelope, nil)
	held.Scope, held.Recorded, held.Receipt = act.Joint, t.tx.Now, t.receipt()
	if _, known, err := store.FindAct(t.tx, held.ID); err != nil {
		return err
	} else if known || a.invalid != nil {
		if held.ID, err = NewID(t.Entropy.Joint); err != nil { // kept under a name of our own: the act's is taken or unreadable
			return err
		}
	}
	if err := t.keep(t.peer, a.signed, &held, reason); err != nil {
		return err
	}
	return t.refuse(index, a.envelope.ID, reason)
}

// refuse answers in the own stream, in the node's name: no officer decided anything.
func (t *turn) refuse(index int64, id act.ID, reason string) error {
	_, err := t.append(act.Statement{Scope: act.Joint, Kind: joint.ActRefused, InReplyTo: id,
		Body: &joint.ActRefusal{Index: index, Act: id, Reason: reason}}, t.node(), t.Keys.Node)
	return err
}

// admit checks all that must hold before an act of the peer takes effect here.
func (t *turn) admit(index int64, a incoming) (act.Event, error) {
	if a.invalid != nil {
		return act.Event{}, a.invalid
	}
	e := a.envelope
	if err := t.admitEnvelope(e); err != nil {
		return act.Event{}, err
	}
	if err := t.admitSigner(index, a); err != nil {
		return act.Event{}, err
	}
	body, err := joint.Vocabulary.Decode(e.Kind, a.raw)
	if err != nil {
		return act.Event{}, err
	}
	event := eventOf(e, body)
	return event, t.admitDomain(event)
}

func (t *turn) admitEnvelope(e act.Envelope) error {
	switch made := time.Time(e.Made); {
	case e.Scope != act.Joint:
		return fault.New(fault.Denied, "fault.exchange.not-joint")
	case e.Authority != t.Peer.Authority:
		return fault.New(fault.Denied, "fault.exchange.authority")
	case e.Agreement != t.Agreement.ID || e.Version != t.Agreement.Version.String():
		return fault.New(fault.Denied, "fault.exchange.agreement")
	case made.After(t.tx.Now.Add(maxSkew)):
		return fault.New(fault.Invalid, "fault.exchange.future")
	case !time.Time(e.ValidUntil).IsZero() && t.tx.Now.After(time.Time(e.ValidUntil)):
		return fault.New(fault.Late, "fault.exchange.expired")
	}
	if _, known, err := store.FindAct(t.tx, e.ID); err != nil {
		return err
	} else if known {
		return fault.New(fault.Conflict, "fault.exchange.replayed")
	}
	return nil
}

// admitSigner judges the officer's key at the act's position in the stream. Only the root key changes the
// roster, and only the roster.
func (t *turn) admitSigner(index int64, a incoming) error {
	e := a.envelope
	if isRoster(e.Kind) {
		if e.KeyID != act.KeyID(t.Peer.Root) {
			return fault.New(fault.Denied, "fault.roster.not-root")
		}
		return a.signed.Verify(t.Peer.Root)
	}
	roster, err := store.Roster(t.tx, t.Peer.Authority)
	if err != nil {
		return err
	}
	signer, err := roster.At(e.KeyID, index, time.Time(e.Made).Format(time.DateOnly))
	if err != nil {
		return err
	}
	if signer.Officer != e.Officer || signer.Role != e.Role {
		return fault.New(fault.Denied, "fault.roster.role", "role", e.Role)
	}
	return a.signed.Verify(signer.Key)
}

// keepFork keeps both heads that the peer signed for one size: the proof, and what freezes the stream.
func (d *Desk) keepFork(ctx context.Context, signed []byte, size int64, cause error) error {
	err := d.Store.Write(ctx, func(tx *store.Tx) error {
		log, err := tx.Log(d.peer)
		if err != nil {
			return err
		}
		held, ok, err := store.HeadAt(tx, log.ID, size)
		if err != nil || !ok {
			return err
		}
		return tx.PutEquivocation(log.ID, held.Signed, signed)
	})
	if err != nil {
		return err
	}
	return cause
}

// admitDomain checks what an act claims about its case: that there is one, and that this side of it writes
// this fact (design.md 5.1: every fact has one writer).
func (t *turn) admitDomain(e act.Event) error {
	if !casework.IsJoint(e.Kind) {
		return nil
	}
	if e.Case == "" || e.Subject == "" {
		return fault.New(fault.Invalid, "fault.exchange.no-case")
	}
	before, err := t.caseState(t.tx, e.Case)
	if err != nil {
		return err
	}
	after := casework.Fold(before, e)
	switch n := len(after.Contested); {
	case after.Case == "":
		return fault.New(fault.Missing, "fault.exchange.no-case")
	case n > len(before.Contested) && after.Contested[n-1].Key == casework.ContestedWriter:
		return fault.New(fault.Denied, "fault.exchange.writer")
	}
	return nil
}
