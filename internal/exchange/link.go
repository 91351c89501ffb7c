package exchange

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"math/big"
	"sync"
	"time"

	"countersign/internal/fault"
	"countersign/internal/record"

	"github.com/go-json-experiment/json"
)

const nonceSize = 16

// Transport carries one frame to the peer and brings its answer back.
type Transport interface {
	Carry(ctx context.Context, frame []byte) ([]byte, error)
}

// Link pushes the own stream to the peer. One push is under way at a time.
type Link struct {
	Party
	Streams   Streams
	Transport Transport
	Log       *slog.Logger

	mu   sync.Mutex
	held int64 // what the peer holds of our stream; -1: to be asked, before any head is signed
}

// NewLink prepares a link that asks the peer first what it holds: a node restored from an old backup must not
// sign a head that contradicts what it signed before (design.md, section 3).
func NewLink(p Party, s Streams, t Transport, log *slog.Logger) *Link {
	return &Link{Party: p, Streams: s, Transport: t, Log: log, held: -1}
}

// Slot is one fixed push slot: one frame leaves, also when there is nothing to send. A backlog larger than a
// frame goes on until it is drained. It returns how many acts the peer has countersigned.
func (l *Link) Slot(ctx context.Context) (int64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for {
		sent, err := l.push(ctx)
		if err != nil {
			l.held = -1
			return 0, err
		}
		size, err := l.Streams.Size(ctx)
		if err != nil || !sent.backlog || l.held >= size {
			return l.held, err
		}
	}
}

// Pushed is what one push moved.
type pushed struct{ backlog bool }

func (l *Link) push(ctx context.Context) (pushed, error) {
	if l.held < 0 {
		if err := l.ask(ctx); err != nil {
			return pushed{}, err
		}
	}
	batch, err := l.Streams.Outgoing(ctx, l.held)
	if err != nil {
		return pushed{}, err
	}
	answer, err := l.exchange(ctx, pushMessage(batch))
	if err != nil {
		return pushed{}, err
	}
	end := batch.From + int64(len(batch.Acts))
	if answer.Held < end { // a gap or an older peer: start again from what it holds
		l.held = answer.Held
		return pushed{backlog: true}, nil
	}
	if _, err := l.Streams.Countersigned(ctx, answer.Cosigned); err != nil {
		return pushed{}, err
	}
	l.held = answer.Held
	return pushed{backlog: len(batch.Acts) > 0}, nil
}

// ask learns what the peer holds. When it holds more than there is here, this node is behind its own past.
func (l *Link) ask(ctx context.Context) error {
	answer, err := l.exchange(ctx, message{Kind: "ask"})
	if err != nil {
		return err
	}
	size, err := l.Streams.Size(ctx)
	if err != nil {
		return err
	}
	if answer.Held > size {
		if err := l.Streams.Behind(ctx, answer); err != nil {
			return err
		}
		return fault.New(fault.Unavailable, "fault.exchange.behind")
	}
	l.held = answer.Held
	return nil
}

// exchange carries one message and checks that the answer is to it.
func (l *Link) exchange(ctx context.Context, m message) (record.Answer, error) {
	m.Version, m.From, m.To, m.Nonce = Version, l.Authority, l.Peer, make([]byte, nonceSize)
	rand.Read(m.Nonce)
	raw, err := json.Marshal(m)
	if err != nil {
		return record.Answer{}, err
	}
	frame, err := seal(l.PeerKey, infoRequest, buckets[0], raw)
	if err != nil {
		return record.Answer{}, err
	}
	answer, err := l.Transport.Carry(ctx, frame)
	if err != nil {
		return record.Answer{}, fault.New(fault.Unavailable, "fault.exchange.unreachable").Because(err)
	}
	return l.read(ctx, m.Nonce, answer)
}

func (l *Link) read(ctx context.Context, nonce, frame []byte) (record.Answer, error) {
	raw, err := open(l.Key, infoReply, frame)
	if err != nil {
		return record.Answer{}, err
	}
	var r reply
	if err := decode(raw, &r); err != nil {
		return record.Answer{}, err
	}
	if r.Version != Version || !bytes.Equal(r.Nonce, nonce) {
		return record.Answer{}, fault.New(fault.Denied, "fault.exchange.answer")
	}
	if r.Refused != "" {
		l.Log.Warn("exchange: the peer refused a message", "peer", l.Peer, "reason", r.Refused)
		if err := l.Streams.Refused(ctx, "there", r.Refused, ""); err != nil {
			return record.Answer{}, err
		}
		return record.Answer{}, fault.New(fault.Unavailable, "fault.exchange.refused", "reason", r.Refused)
	}
	return record.Answer{Held: r.Held, Cosigned: []byte(r.Cosigned), Newest: []byte(r.Newest)}, nil
}

// Run pushes in fixed slots until ctx ends; wake, if not nil, pushes at once (for nodes that trade the slots'
// silence for speed). After failures it waits longer, with jitter, up to a minute, and never gives up.
func (l *Link) Run(ctx context.Context, slot time.Duration, wake <-chan struct{}) {
	failures := 0
	ticker := time.NewTicker(slot)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		case <-wake:
		}
		if _, err := l.Slot(ctx); err != nil {
			if ctx.Err() != nil {
				return
			}
			failures++
			l.Log.Warn("exchange: push failed", "peer", l.Peer, "failures", failures, "err", err)
			wait(ctx, backoff(slot, failures))
			continue
		}
		failures = 0
	}
}

// maxBackoff bounds the wait after failures, so that an hour's outage heals within a minute.
const maxBackoff = 30 * time.Second

func backoff(slot time.Duration, failures int) time.Duration {
	d := min(slot<<min(failures-1, 10), maxBackoff)
	jitter, err := rand.Int(rand.Reader, big.NewInt(int64(d)/2+1))
	if err != nil {
		return d
	}
	return d/2 + time.Duration(jitter.Int64())
}

func wait(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// String names the link for logs.
func (l *Link) String() string { return fmt.Sprintf("%s to %s", l.Authority, l.Peer) }
