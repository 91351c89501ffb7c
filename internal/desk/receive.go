package desk

import (
	"context"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/joint"
	"countersign/internal/fault"
	"countersign/internal/record"
	"countersign/internal/store"

	"golang.org/x/mod/sumdb/tlog"
)

// Held says how many acts of the peer's stream are held here, with the newest countersigned head of it and
// the newest head of it seen at all.
func (d *Desk) Held(context.Context) (record.Answer, error) { return d.held(d.Store) }

func (d *Desk) held(q store.Querier) (record.Answer, error) {
	log, err := store.FindLog(q, d.peer)
	if err != nil {
		return record.Answer{}, err
	}
	return d.answer(q, log.ID, log.Size)
}

func (d *Desk) answer(q store.Querier, log, size int64) (record.Answer, error) {
	a := record.Answer{Held: size}
	if h, ok, err := store.CountersignedWithin(q, log, size); err != nil {
		return a, err
	} else if ok {
		a.Cosigned = h.Cosigned
	}
	if h, ok, err := store.NewestHead(q, log); err != nil {
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
	if !d.Paired() { // without the peer's keys nothing could be checked
		return record.Answer{}, fault.New(fault.Unavailable, "fault.pair.not-yet")
	}
	acts, err := d.parse(b.Acts)
	if err != nil {
		return record.Answer{}, err
	}
	head, err := record.OpenHead(b.Head, d.peer, d.peerLogKeyAt(b.From, acts)...)
	if err != nil {
		return record.Answer{}, err
	}
	if b.From < 0 || head.Size != b.From+int64(len(b.Acts)) {
		return record.Answer{}, fault.New(fault.Invalid, "fault.exchange.size")
	}
	var answer record.Answer
	err = d.Store.Write(ctx, func(tx *store.Tx) (err error) {
		t := d.turn(tx, Session{})
		if answer, err = t.take(b, head, acts); err != nil {
			return err
		}
		return t.close()
	})
	return answer, err
}

func (t *turn) take(b record.Batch, head record.Head, acts []incoming) (record.Answer, error) {
	log, err := t.tx.Log(t.peer)
	if err != nil {
		return record.Answer{}, err
	}
	if err := t.open(); err != nil {
		return record.Answer{}, err
	}
	if head.Size <= log.Size() {
		return t.again(log, b, head, acts)
	}
	if b.From > log.Size() { // a gap: say what is held, the sender starts again from there
		return t.answer(t.tx, log.ID, log.Size())
	}
	hashes := store.HashReader{Q: t.tx, Log: log.ID}
	tried, err := t.try(log, b.From, acts)
	if err != nil {
		return record.Answer{}, err
	}
	if tried.Head(t.peer) != head {
		return record.Answer{}, fault.New(fault.Conflict, "fault.exchange.inconsistent")
	}
	known := log.Size() - b.From
	if same, err := sameLeaves(hashes, b.From, acts[:known]); err != nil {
		return record.Answer{}, err
	} else if !same {
		return t.fork(log, b, head, acts, tried)
	}
	receipts, err := t.countersignOver(log, b.Head, head)
	if err != nil {
		return record.Answer{}, err
	}
	for i, a := range acts[known:] {
		index := b.From + known + int64(i)
		for index >= receipts[0].Size {
			receipts = receipts[1:]
		}
		if err := t.deal(index, a, receipts[0].At); err != nil {
			return record.Answer{}, err
		}
	}
	last := receipts[len(receipts)-1]
	return record.Answer{Held: last.Size, Cosigned: last.Cosigned, Newest: last.Signed}, nil
}

// countersignOver countersigns a head that brings new acts, and returns the countersigned heads that cover them, smallest
// first: the receipt of an act is the first of them. All but the last are our own of before a restore, given back by the
// peer; the last may be one of those too.
func (t *turn) countersignOver(log *store.Log, signed []byte, head record.Head) ([]store.HeadRow, error) {
	receipts, err := store.CountersignedHeads(t.tx, log.ID, log.Size(), int(head.Size-log.Size()))
	if err != nil {
		return nil, err
	}
	for i, r := range receipts {
		if r.Size > head.Size {
			receipts = receipts[:i]
			break
		}
	}
	if n := len(receipts); n > 0 && receipts[n-1].Size == head.Size {
		return receipts, nil
	}
	first, err := t.countersign(signed, head)
	if err != nil {
		return nil, err
	}
	return append(receipts, first), t.tx.PutHead(log.ID, first)
}

// open refuses while the stream stands still: a fork is on record, or this side has paused or ended the link.
func (t *turn) open() error {
	if frozen, err := store.Frozen(t.tx); err != nil || frozen {
		return fault.New(fault.Conflict, "fault.exchange.frozen").Because(err)
	}
	if why, err := store.ReadOnly(t.tx); err != nil || why == readOnlyBehind {
		return fault.New(fault.Unavailable, "fault.exchange.behind").Because(err)
	}
	link, err := store.Link(t.tx)
	switch {
	case err != nil:
		return err
	case link.Ended == t.Authority: // what the peer ended itself, it may still say more about
		return fault.New(fault.Denied, "fault.exchange.ended")
	case link.PausedHere > 0:
		return fault.New(fault.Unavailable, "fault.exchange.paused")
	}
	return nil
}

// try puts the acts on top of what is held, as the sender says they follow.
func (t *turn) try(log *store.Log, from int64, acts []incoming) (*record.Grown, error) {
	hashes := store.HashReader{Q: t.tx, Log: log.ID}
	tried := record.GrowOn(log.Preview(), hashes)
	if from < log.Size() {
		if log.Pending() { // this commit has leaves that are in memory only
			if err := log.Flush(t.tx); err != nil {
				return nil, err
			}
		}
		var err error
		if tried, err = record.Grow(from, hashes); err != nil {
			return nil, err
		}
	}
	for _, a := range acts {
		tried.Append(a.leaf)
	}
	return tried, nil
}

// again deals with a message that brings nothing new: a repetition has no effect and gets the stored countersigned
// head, an idle slot a fresh countersignature over the same head. A head that was never seen before and
// is behind what is held says that its sender has lost its own past, and one with another root is a fork.
func (t *turn) again(log *store.Log, b record.Batch, head record.Head, acts []incoming) (record.Answer, error) {
	hashes := store.HashReader{Q: t.tx, Log: log.ID}
	if log.Pending() {
		if err := log.Flush(t.tx); err != nil {
			return record.Answer{}, err
		}
	}
	root, err := tlog.TreeHash(head.Size, hashes)
	if err != nil {
		return record.Answer{}, err
	}
	if root != head.Root {
		return t.rewritten(log, b, head, acts)
	}
	if same, err := sameLeaves(hashes, b.From, acts); err != nil || !same {
		return record.Answer{}, fault.New(fault.Conflict, "fault.exchange.inconsistent").Because(err)
	}
	if head.Size == log.Size() && len(acts) == 0 {
		return t.countersignAgain(log, b.Head, head)
	}
	answer, err := t.answer(t.tx, log.ID, log.Size())
	if err != nil {
		return answer, err
	}
	if _, ok, err := store.HeadAt(t.tx, log.ID, head.Size); err != nil || ok {
		return answer, err
	}
	answer.Refused = "fault.exchange.rollback"
	return answer, nil
}

// sameLeaves tells whether acts that are already held are the same ones.
func sameLeaves(hashes tlog.HashReader, from int64, acts []incoming) (bool, error) {
	if len(acts) == 0 {
		return true, nil
	}
	indexes := make([]int64, len(acts))
	for i := range acts {
		indexes[i] = tlog.StoredHashIndex(0, from+int64(i))
	}
	held, err := hashes.ReadHashes(indexes)
	if err != nil {
		return false, err
	}
	for i, a := range acts {
		if held[i] != tlog.RecordHash(a.leaf) {
			return false, nil
		}
	}
	return true, nil
}

// countersign signs the peer's head: its acts are durable, once this transaction is, and dealt with. Receipt is the time
// in the countersignature, which carries seconds: both sides count from the same time.
func (t *turn) countersign(signed []byte, head record.Head) (store.HeadRow, error) {
	cosigned, err := t.cosigner().Cosign(signed, t.tx.Now)
	return store.HeadRow{Size: head.Size, Signed: signed, Cosigned: cosigned, At: t.tx.Now.Truncate(time.Second)}, err
}

// countersignAgain answers an idle slot. The first countersignature over a size is the receipt and stays; a later one
// only shows that we live.
func (t *turn) countersignAgain(log *store.Log, signed []byte, head record.Head) (record.Answer, error) {
	kept, ok, err := store.HeadAt(t.tx, log.ID, head.Size)
	if err != nil {
		return record.Answer{}, err
	}
	h, err := t.countersign(signed, head)
	if err == nil && (!ok || len(kept.Cosigned) == 0) {
		err = t.tx.PutHead(log.ID, h)
	}
	return record.Answer{Held: h.Size, Cosigned: h.Cosigned, Newest: h.Signed}, err
}

// deal takes one act of the peer's stream: with effect, or held without effect and refused in the own stream.
func (t *turn) deal(index int64, a incoming, receipt time.Time) error {
	event, err := t.admit(index, a)
	if err == nil {
		event.Recorded, event.Receipt = t.tx.Now, receipt
		if err := t.keep(t.peer, a.signed, &event, ""); err != nil {
			return err
		}
		return t.settle(event)
	}
	reason := fault.KeyOf(err)
	if reason == "" {
		return err // internal: nothing is dealt with, the sender tries again
	}
	return t.hold(index, a, reason)
}

// hold keeps an act without effect. Whatever it claims about itself is not believed: it is sealed under the
// node's own key, and under a name of our own where its own is taken or unreadable.
func (t *turn) hold(index int64, a incoming, reason string) error {
	held := eventOf(a.envelope, nil)
	held.Scope, held.Subject, held.Recorded = act.Joint, "", t.tx.Now
	if _, known, err := store.FindAct(t.tx, held.ID); err != nil {
		return err
	} else if known || a.invalid != nil {
		if held.ID, err = NewID(t.Entropy.Joint); err != nil {
			return err
		}
	}
	if err := t.keep(t.peer, a.signed, &held, reason); err != nil {
		return err
	}
	if a.envelope.Kind == joint.ActRefused {
		return nil // a refusal of a refusal would be answered for ever
	}
	_, err := t.append(act.Statement{Scope: act.Joint, Kind: joint.ActRefused, InReplyTo: a.envelope.ID,
		Body: &joint.ActRefusal{Index: index, Act: a.envelope.ID, Reason: reason}}, t.node(), t.Keys.Node)
	return err
}
