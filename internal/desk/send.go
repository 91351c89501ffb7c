package desk

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/joint"
	"countersign/internal/fault"
	"countersign/internal/record"
	"countersign/internal/store"

	"golang.org/x/mod/sumdb/tlog"
)

// batchActs bounds the acts of one batch; batchBytes bounds its size before padding.
const (
	batchActs  = 1024
	batchBytes = 2 << 20
)

// Outgoing takes the stretch of the own stream that starts at from, as much as fits a batch, with a head
// signed for exactly its end. The head is durable here before it leaves, so that the node can never
// contradict itself after a power cut. A batch without a head says that nothing may leave now.
func (d *Desk) Outgoing(ctx context.Context, from int64) (record.Batch, error) {
	if !d.Paired() { // without the peer's keys nothing could be checked
		return record.Batch{}, fault.New(fault.Unavailable, "fault.pair.not-yet")
	}
	now, err := store.SendingOf(d.Store, d.stream)
	if err != nil {
		return record.Batch{}, err
	}
	if from > now.Size {
		return record.Batch{}, fault.New(fault.Conflict, "fault.exchange.behind")
	}
	end := d.sendable(now)
	if end < from || end == 0 {
		return record.Batch{From: from}, nil
	}
	acts, err := d.stretch(now.Log, from, end)
	if err != nil {
		return record.Batch{}, err
	}
	size := from + int64(len(acts))
	b := record.Batch{From: from, Acts: acts, More: size < end}
	if b.Head = now.Head; size < now.Size || len(b.Head) == 0 {
		b.Head, err = d.signHead(ctx, now.Log, size)
	}
	return b, err
}

// sendable is how much of the own stream may leave: all of it, or nothing beyond the act that paused or ended the
// link.
func (d *Desk) sendable(now store.Sending) int64 {
	switch link := now.Link; {
	case now.ReadOnly != "":
		return 0
	case link.Ended == d.Authority:
		return min(now.Size, link.EndedAt)
	case link.Ended != "" || link.PausedThere > 0:
		return 0
	case link.PausedHere > 0:
		return min(now.Size, link.PausedHere)
	}
	return now.Size
}

func (d *Desk) stretch(log, from, end int64) ([][]byte, error) {
	if from == end {
		return nil, nil
	}
	rows, err := store.SealedOfLog(d.Store, log, from, min(end-from, batchActs))
	if err != nil {
		return nil, err
	}
	acts := make([][]byte, 0, len(rows))
	total := 0
	for _, row := range rows {
		plain, err := d.Vault.Open(d.Store, string(row.Subject), place(row.ID), row.Sealed)
		if err != nil {
			return nil, err
		}
		if total += len(plain); total > batchBytes && len(acts) > 0 {
			break
		}
		acts = append(acts, plain)
	}
	return acts, nil
}

// signHead signs the head of a size and keeps it; a head already kept for this size is used again.
func (d *Desk) signHead(ctx context.Context, log, size int64) ([]byte, error) {
	if kept, ok, err := store.HeadAt(d.Store, log, size); err != nil || ok {
		return kept.Signed, err
	}
	var signed []byte
	err := d.Store.Write(ctx, func(tx *store.Tx) error {
		kept, ok, err := store.HeadAt(tx, log, size)
		if signed = kept.Signed; err != nil || ok {
			return err
		}
		l, err := tx.Log(d.stream)
		if err != nil {
			return err
		}
		head := l.Head()
		if head.Size != size {
			head.Size = size
			if head.Root, err = tlog.TreeHash(size, store.HashReader{Q: tx, Log: log}); err != nil {
				return err
			}
		}
		signed, err = d.putHead(tx, log, head)
		return err
	})
	return signed, err
}

func (d *Desk) putHead(tx *store.Tx, log int64, head record.Head) ([]byte, error) {
	signer, err := d.logSigner(tx, head.Size)
	if err != nil {
		return nil, err
	}
	signed, err := record.SignHead(head, signer)
	if err != nil {
		return nil, err
	}
	return signed, tx.PutHead(log, store.HeadRow{Size: head.Size, Signed: signed, At: tx.Now})
}

// Eager lets each commit that grows the own stream sign its head at once, which saves the push a commit of its own.
// The exchange allows it when it has asked the peer what it holds, and never before (facts/exchange.md 9).
func (d *Desk) Eager(on bool) { d.eager.Store(on) }

// headAtCommit runs once in each commit.
func (d *Desk) headAtCommit(tx *store.Tx) error {
	changed := d.keyChanged
	d.keyChanged = false
	if !d.eager.Load() || changed {
		return nil
	}
	log := tx.Opened(d.stream)
	if log == nil || !log.Grew() {
		return nil
	}
	_, err := d.putHead(tx, log.ID, log.Head())
	return err
}

// Countersigned takes the peer's countersignature over an own head: the receipt for every act below its
// size. It is kept byte for byte, and what it moves (clocks that start on receipt) is projected anew.
func (d *Desk) Countersigned(ctx context.Context, cosigned []byte) (int64, error) {
	head, at, err := record.OpenCosignedBy(cosigned, d.stream, d.ownLog(), d.peerCosigners())
	if err != nil {
		return 0, err
	}
	if head.Size <= d.receipts.size() {
		return head.Size, nil
	}
	err = d.Store.Write(ctx, func(tx *store.Tx) error {
		log, err := tx.Log(d.stream)
		if err != nil {
			return err
		}
		return d.turn(tx, Session{}).receipted(log, head, cosigned, at)
	})
	return head.Size, err
}

// peerCosigners are the peer's countersigning keys that are accepted now.
func (d *Desk) peerCosigners() []*record.CosignVerifier {
	var out []*record.CosignVerifier
	for _, k := range d.PeerKeys(joint.UseCosign) {
		out = append(out, record.NewCosignVerifier(CosignerName(d.Peer.Authority), k))
	}
	return out
}

func (t *turn) receipted(log *store.Log, head record.Head, cosigned []byte, at time.Time) error {
	held, err := t.countersignedSize(log)
	if err != nil || held >= head.Size {
		return err
	}
	if err := t.agrees(log, head); err != nil {
		return err
	}
	if err := t.tx.PutHead(log.ID, store.HeadRow{Size: head.Size, Signed: cosigned, Cosigned: cosigned, At: at}); err != nil {
		return err
	}
	t.tx.Remember(countersignedKey, head.Size)
	about, err := store.AboutIn(t.tx, log.ID, held, head.Size)
	if err != nil {
		return err
	}
	for _, id := range about {
		if h, ok := t.tx.Recall(historyOf(id)).(*history); ok {
			t.tx.Remember(historyOf(id), h.countersigned(held, head.Size, at.UTC().Truncate(time.Millisecond)))
		}
	}
	t.touch(about...)
	t.tx.After(func() { t.receipts.advance(head.Size) })
	return t.close()
}

const countersignedKey = "countersigned"

// countersignedSize is how much of the own stream the peer has countersigned, as the database has it.
func (t *turn) countersignedSize(log *store.Log) (int64, error) {
	if size, ok := t.tx.Recall(countersignedKey).(int64); ok {
		return size, nil
	}
	h, _, err := store.NewestCountersigned(t.tx, log.ID)
	return h.Size, err
}

// agrees checks a head, by whomever it was brought, against the own log.
func (t *turn) agrees(log *store.Log, head record.Head) error {
	if head.Size > log.Size() {
		return fault.New(fault.Conflict, "fault.exchange.behind")
	}
	if head.Size == log.Size() && log.Head().Root == head.Root {
		return nil
	}
	if log.Pending() {
		if err := log.Flush(t.tx); err != nil {
			return err
		}
	}
	root, err := tlog.TreeHash(head.Size, store.HashReader{Q: t.tx, Log: log.ID})
	if err != nil || root != head.Root {
		return fault.New(fault.Conflict, "fault.exchange.diverged").Because(err)
	}
	return nil
}

func (t *turn) touch(ids ...act.ID) {
	for _, id := range ids {
		if id != "" {
			t.touched[id] = struct{}{}
		}
	}
}

// receipts tells those who wait how far the peer has countersigned. Each is woken once, when it concerns them.
type receipts struct {
	mu      sync.Mutex
	at      int64
	waiting map[chan struct{}]int64 // who waits, and for the receipt of which index
}

func newReceipts(size int64) *receipts {
	return &receipts{at: size, waiting: map[chan struct{}]int64{}}
}

func (r *receipts) size() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.at
}

func (r *receipts) advance(size int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if size <= r.at {
		return
	}
	r.at = size
	for c, index := range r.waiting {
		if index < size {
			delete(r.waiting, c)
			close(c)
		}
	}
}

// await is closed once the act at index is countersigned; nil when it is already.
func (r *receipts) await(index int64) chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.at > index {
		return nil
	}
	c := make(chan struct{})
	r.waiting[c] = index
	return c
}

func (r *receipts) leave(c chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.waiting, c)
}

// AwaitReceipt waits until the peer has countersigned the act at index and the countersignature is durable here.
func (d *Desk) AwaitReceipt(ctx context.Context, index int64) error {
	came := d.receipts.await(index)
	if came == nil {
		return nil
	}
	defer d.receipts.leave(came)
	poll := time.NewTicker(receiptPoll) // another replica of this node may be the one that pushes
	defer poll.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-came:
			return nil
		case <-poll.C:
			if err := d.readReceipts(); err != nil {
				return err
			}
		}
	}
}

const receiptPoll = 250 * time.Millisecond

// readReceipts reads how far the peer has countersigned.
func (d *Desk) readReceipts() error {
	log, err := store.FindLog(d.Store, d.stream)
	if errors.Is(err, sql.ErrNoRows) { // the first start
		return nil
	}
	if err != nil {
		return err
	}
	h, ok, err := store.NewestCountersigned(d.Store, log.ID)
	if err == nil && ok {
		d.receipts.advance(h.Size)
	}
	return err
}
