package sim

import (
	"bytes"
	"context"
	"errors"
	"sync"

	"countersign/cmd/evidence/host"
)

var errUnreachable = errors.New("the peer cannot be reached")

// carrier is the network as one side sees it.
type carrier struct{ from *Side }

var carrying sync.Mutex // one frame at a time, in both directions: chance stays in order

// Carry implements exchange.Transport.
func (c carrier) Carry(ctx context.Context, frame []byte) ([]byte, error) {
	carrying.Lock()
	defer carrying.Unlock()
	w, to := c.from.w, c.from.w.Sides[host.PeerOf(c.from.Name)]
	if c.from.dead || to.dead || w.now.Before(w.split) {
		return nil, errUnreachable
	}
	if w.Calm {
		return to.Node.Take(ctx, frame)
	}
	if kept := w.old[c.from.Name]; kept != nil && w.chance(12) { // an old frame arrives first
		w.Faults["replayed or reordered"]++
		to.Node.Take(ctx, kept)
	}
	if w.chance(4) {
		w.old[c.from.Name] = bytes.Clone(frame)
	}
	switch n := w.random.IntN(80); {
	case n < 4:
		w.Faults["lost on the way there"]++
		return nil, errUnreachable
	case n < 8:
		w.Faults["doubled"]++
		to.Node.Take(ctx, frame)
	case n < 10:
		w.Faults["damaged"]++
		frame = bytes.Clone(frame)
		frame[w.random.IntN(len(frame))] ^= 1 << w.random.IntN(8)
	case n < 11:
		to.armed = 1 + w.random.IntN(6)
	case n < 12:
		to.kill("killed before the frame")
		return nil, errUnreachable
	}
	answer, err := to.Node.Take(ctx, frame)
	if to.dead {
		return nil, errUnreachable
	}
	switch n := w.random.IntN(80); {
	case n < 4:
		w.Faults["lost on the way back"]++
		return nil, errUnreachable
	case n < 5:
		to.kill("killed after commit, before the answer")
		return nil, errUnreachable
	case n < 6:
		c.from.kill("sender killed before the answer")
		return nil, errUnreachable
	}
	return answer, err
}

func (w *World) chance(oneIn int) bool { return w.random.IntN(oneIn) == 0 }
