package desk

import (
	"context"

	"countersign/internal/record"
	"countersign/internal/store"
)

// Size is how many acts the own stream has.
func (d *Desk) Size(context.Context) (int64, error) {
	log, err := store.FindLog(d.Store, d.stream)
	return log.Size, err
}

// Refused notes a message that was refused as a whole; both sides keep such a note.
func (d *Desk) Refused(ctx context.Context, side, reason, detail string) error {
	return d.Store.Write(ctx, func(tx *store.Tx) error {
		return tx.PutRefusal(store.Refusal{Peer: d.Peer.Authority, Side: side, Reason: reason, Detail: detail})
	})
}

// Heads returns the present heads of the own stream, of the peer's as held here, and of the domestic log.
func (d *Desk) Heads(ctx context.Context) ([]record.Head, error) {
	var heads []record.Head
	err := d.Store.Write(ctx, func(tx *store.Tx) error {
		for _, origin := range []string{d.stream, d.peer, d.domestic} {
			log, err := tx.Log(origin)
			if err != nil {
				return err
			}
			heads = append(heads, log.Head())
		}
		return nil
	})
	return heads, err
}

// Behind stops the taking of acts: the peer holds more of this node's own record than there is here. A
// person restores, and confirms, before anything is written again.
func (d *Desk) Behind(ctx context.Context, _ record.Answer) error {
	return d.Store.Write(ctx, func(tx *store.Tx) error { return tx.SetReadOnly("fault.exchange.behind") })
}
