package desk

import (
	"context"
	"time"

	"countersign/internal/act"
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
// contradict itself after a power cut.
func (d *Desk) Outgoing(ctx context.Context, from int64) (record.Batch, error) {
	log, err := store.FindLog(d.Store, d.stream)
	if err != nil {
		return record.Batch{}, err
	}
	if from > log.Size {
		return record.Batch{}, fault.New(fault.Conflict, "fault.exchange.behind")
	}
	acts, err := d.stretch(log.ID, from)
	if err != nil {
		return record.Batch{}, err
	}
	head := record.Head{Origin: d.stream, Size: from + int64(len(acts))}
	if head.Root, err = tlog.TreeHash(head.Size, store.HashReader{Q: d.Store, Log: log.ID}); err != nil {
		return record.Batch{}, err
	}
	signed, err := d.signHead(ctx, log.ID, head)
	return record.Batch{From: from, Head: signed, Acts: acts}, err
}

func (d *Desk) stretch(log, from int64) ([][]byte, error) {
	rows, err := store.ActsOfLog(d.Store, log, from, batchActs)
	if err != nil {
		return nil, err
	}
	var acts [][]byte
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

// signHead signs a head and keeps it; a head already kept for this size is used again.
func (d *Desk) signHead(ctx context.Context, log int64, head record.Head) ([]byte, error) {
	if kept, ok, err := store.HeadAt(d.Store, log, head.Size); err != nil || ok {
		return kept.Signed, err
	}
	signed, err := record.SignHead(head, d.signer)
	if err != nil {
		return nil, err
	}
	return signed, d.Store.Write(ctx, func(tx *store.Tx) error {
		return tx.PutHead(log, store.HeadRow{Size: head.Size, Signed: signed, At: tx.Now})
	})
}

// Countersigned takes the peer's countersignature over an own head: the receipt for every act below its
// size. It is kept byte for byte, and what it moves (clocks that start on receipt) is projected anew.
func (d *Desk) Countersigned(ctx context.Context, cosigned []byte) (int64, error) {
	head, at, err := record.OpenCosigned(cosigned, d.stream, d.own, d.peerCountersig)
	if err != nil {
		return 0, err
	}
	return head.Size, d.Store.Write(ctx, func(tx *store.Tx) error {
		log, err := tx.Log(d.stream)
		if err != nil {
			return err
		}
		return d.turn(tx, Session{}).receipted(log.ID, head, cosigned, at)
	})
}

func (t *turn) receipted(log int64, head record.Head, cosigned []byte, at time.Time) error {
	held, found, err := store.NewestCountersigned(t.tx, log)
	if err != nil || found && held.Size >= head.Size {
		return err
	}
	if err := t.agrees(log, head); err != nil {
		return err
	}
	if err := t.tx.PutHead(log, store.HeadRow{Size: head.Size, Signed: cosigned, Cosigned: cosigned, At: at}); err != nil {
		return err
	}
	about, err := t.tx.MarkReceipt(log, held.Size, head.Size, at)
	if err != nil {
		return err
	}
	t.touch(about...)
	return t.close()
}

// agrees checks a head, by whomever it was brought, against the own log.
func (t *turn) agrees(log int64, head record.Head) error {
	kept, ok, err := store.HeadAt(t.tx, log, head.Size)
	if err != nil {
		return err
	}
	if ok {
		mine, err := record.OpenHead(kept.Signed, t.stream, t.own)
		if err == nil && mine != head {
			err = fault.New(fault.Conflict, "fault.exchange.fork")
		}
		return err
	}
	root, err := tlog.TreeHash(head.Size, store.HashReader{Q: t.tx, Log: log})
	if err != nil || root != head.Root {
		return fault.New(fault.Conflict, "fault.exchange.fork").Because(err)
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
