package exchange

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"math/big"
	"sync"
	"sync/atomic"
	"time"

	"countersign/internal/fault"
	"countersign/internal/record"
)

// window is how many full batches may be under way at once; the receiver deals with them in order.
const window = 4

// Transport carries one frame to the peer and brings its answer back.
type Transport interface {
	Carry(ctx context.Context, frame []byte) ([]byte, error)
}

// Link pushes the own stream to the peer, and pulls the peer's when the peer cannot call.
type Link struct {
	Party
	Streams   Streams
	Transport Transport
	Log       *slog.Logger
	Pull      bool                            // fetch the peer's stream too: nobody can call this node
	Count     func(side, reason string)       // counts refusals; may be nil
	Recover   func(ctx context.Context) error // takes own acts back while the node is behind; may be nil
	Mine      func(ctx context.Context) bool  // whether this replica pushes; nil: yes

	mu      sync.Mutex
	held    int64        // what the peer holds of our stream; -1: to be asked, before any head is signed
	version atomic.Int64 // agreed; 0: to be agreed
	session outgoing
}

// NewLink prepares a link that asks the peer first what it holds: a node restored from an old backup must not
// sign a head that contradicts what it signed before (design.md, section 3).
func NewLink(p Party, s Streams, t Transport, log *slog.Logger) *Link {
	return &Link{Party: p, Streams: s, Transport: t, Log: log, held: -1}
}

// Slot is one fixed push slot: one frame leaves, also when there is nothing to send. A backlog larger than a
// frame goes on until it is drained. It returns how many acts the peer has countersigned.
func (l *Link) Slot(ctx context.Context) (int64, error) {
	if l.Recover != nil && l.mine(ctx) {
		if err := l.Recover(ctx); err != nil {
			return 0, err
		}
	}
	return l.push(ctx, true)
}

func (l *Link) mine(ctx context.Context) bool { return l.Mine == nil || l.Mine(ctx) }

// push sends what the peer has not countersigned. With nothing to say it is silent, unless always.
func (l *Link) push(ctx context.Context, always bool) (int64, error) {
	if !l.mine(ctx) {
		return 0, nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	err := l.drain(ctx, always)
	if err != nil {
		l.Streams.Eager(false)
		l.held = -1
		return 0, err
	}
	if l.Pull {
		err = l.pullAll(ctx)
	}
	return l.held, err
}

func (l *Link) drain(ctx context.Context, always bool) error {
	if l.held < 0 {
		if err := l.ask(ctx); err != nil {
			return err
		}
	}
	for first := true; ; first = false {
		before := l.held
		again, err := l.windowful(ctx, always && first)
		if err != nil || !again {
			return err
		}
		if l.held <= before && !first { // nothing moves: a peer that answers without taking
			return nil
		}
	}
}

// flight is one batch under way.
type flight struct {
	batch  record.Batch
	answer record.Answer
	err    error
	done   chan struct{}
}

// windowful sends batches, up to the window at once while there is a backlog, and takes their answers in order; again
// says that it must start over from what the peer holds. With nothing to send it sends an empty batch, if always.
func (l *Link) windowful(ctx context.Context, always bool) (again bool, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var flights []*flight
	next, more := l.held, true
	for more || len(flights) > 0 {
		for more && len(flights) < window {
			b, err := l.Streams.Outgoing(ctx, next)
			if err != nil {
				return false, err
			}
			if next, more = b.From+int64(len(b.Acts)), b.More; len(b.Acts) == 0 && !always {
				break
			}
			f := &flight{batch: b, done: make(chan struct{})}
			flights = append(flights, f)
			if more {
				go l.send(ctx, f)
			} else {
				l.send(ctx, f) // nothing comes after it: no need to wait elsewhere
			}
		}
		if len(flights) == 0 {
			return false, nil
		}
		f := flights[0]
		flights = flights[1:]
		<-f.done
		if f.err != nil {
			return false, f.err
		}
		again, err := l.answered(ctx, f)
		if err != nil || again {
			return again, err
		}
	}
	return false, nil
}

func (l *Link) send(ctx context.Context, f *flight) {
	defer close(f.done)
	m := message{Kind: kindPush, Start: f.batch.From, Head: string(f.batch.Head)}
	if f.batch.Head == nil { // nothing may leave; the slot does not show it
		m = message{Kind: kindAsk}
	}
	var r reply
	r, _, f.err = l.exchange(ctx, m, f.batch.Acts)
	f.answer = record.Answer{Held: r.Held, Cosigned: []byte(r.Cosigned), Newest: []byte(r.Newest)}
}

// answered takes the answer to one batch; again says that the window must start over from what the peer holds.
func (l *Link) answered(ctx context.Context, f *flight) (again bool, err error) {
	end := f.batch.From + int64(len(f.batch.Acts))
	if f.batch.Head == nil {
		return false, nil
	}
	if f.answer.Held > end {
		size, err := l.Streams.Size(ctx)
		if err != nil {
			return false, err
		}
		if f.answer.Held > size {
			if err := l.Streams.Standing(ctx, f.answer); err != nil {
				return false, err
			}
			return false, fault.New(fault.Denied, "fault.exchange.answer")
		}
	}
	if f.answer.Held < end { // a gap, or an older peer: start again from what it holds
		l.held = f.answer.Held
		return true, nil
	}
	if _, err := l.Streams.Countersigned(ctx, f.answer.Cosigned); err != nil {
		return false, err
	}
	l.held = f.answer.Held
	return false, nil
}

// ask learns what the peer holds. When that is more than there is here, or something else, this node is behind
// its own past and signs nothing.
func (l *Link) ask(ctx context.Context) error {
	r, _, err := l.exchange(ctx, message{Kind: kindAsk}, nil)
	if err != nil {
		return err
	}
	if err := l.Streams.Standing(ctx, record.Answer{Held: r.Held, Cosigned: []byte(r.Cosigned), Newest: []byte(r.Newest)}); err != nil {
		return err
	}
	l.held = r.Held
	l.Streams.Eager(true)
	if r.Cosigned == "" {
		return nil
	}
	_, err = l.Streams.Countersigned(ctx, []byte(r.Cosigned)) // the answer that was lost
	return err
}

// pullAll fetches the peer's stream until nothing is left, and brings the countersignatures back.
func (l *Link) pullAll(ctx context.Context) error {
	for last := false; ; {
		held, err := l.Streams.Held(ctx)
		if err != nil {
			return err
		}
		r, acts, err := l.exchange(ctx, message{Kind: kindPull, Held: held.Held, Cosigned: string(held.Cosigned), Newest: string(held.Newest)}, nil)
		if err != nil || last || r.Head == "" {
			return err
		}
		a, err := l.Streams.Incoming(ctx, record.Batch{From: r.Start, Head: []byte(r.Head), Acts: acts})
		if err == nil && a.Refused != "" {
			err = fault.New(fault.Conflict, a.Refused)
		}
		if err != nil {
			l.refused(ctx, "here", fault.KeyOf(err))
			return err
		}
		last = len(acts) == 0
	}
}

// Returned asks the peer for a stretch of the own stream as it holds it.
func (l *Link) Returned(ctx context.Context, from, countersignedFrom int64) (record.Returned, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	r, acts, err := l.exchange(ctx, message{Kind: kindReturn, Start: from, Held: countersignedFrom}, nil)
	return record.Returned{From: r.Start, Head: []byte(r.Head), Acts: acts, Heads: notes(r.Heads), Theirs: notes(r.Theirs), More: r.More}, err
}

func notes(texts []string) [][]byte {
	out := make([][]byte, len(texts))
	for i, t := range texts {
		out[i] = []byte(t)
	}
	return out
}

// exchange carries one message and checks that the answer is to it. A peer that does not speak our version says
// which it speaks; the highest common one not below the signed floor is taken, and the message goes once more.
func (l *Link) exchange(ctx context.Context, m message, acts [][]byte) (reply, [][]byte, error) {
	version := l.version.Load()
	if version == 0 {
		version = l.versions().Latest
	}
	r, got, err := l.once(ctx, m, acts, version)
	if r.Refused != "fault.exchange.version" {
		return r, got, err
	}
	floor, failed := l.Streams.Floor(ctx)
	if failed != nil {
		return reply{}, nil, failed
	}
	agreed := l.versions().agree(Versions{r.Oldest, r.Latest}, floor)
	if agreed == 0 || agreed == version {
		return r, got, err
	}
	l.version.Store(agreed)
	return l.once(ctx, m, acts, agreed)
}

// once carries one message. A peer that does not know the session, because it has started again, gets the same message
// with the session's opening.
func (l *Link) once(ctx context.Context, m message, acts [][]byte, version int64) (reply, [][]byte, error) {
	content, err := l.content(m, acts, version)
	if err != nil {
		return reply{}, nil, err
	}
	s, err := l.session.next(l.Keys.Peer())
	if err != nil {
		return reply{}, nil, err
	}
	raw, unknown, err := l.carry(ctx, s, content, !s.known.Load())
	if err == nil && unknown {
		raw, unknown, err = l.carry(ctx, s, content, true)
	}
	if err == nil && unknown {
		err = errFrame
	}
	if err != nil {
		l.session.drop(s)
		return reply{}, nil, err
	}
	s.known.Store(true)
	return l.read(ctx, raw)
}

// carry carries one question in a session and opens its answer.
func (l *Link) carry(ctx context.Context, s *session, content []byte, opening bool) (raw []byte, unknown bool, err error) {
	frame, salt, err := s.question(infoRequest, content, opening)
	if err != nil {
		return nil, false, err
	}
	answer, err := l.Transport.Carry(ctx, frame)
	if err != nil {
		return nil, false, fault.New(fault.Unavailable, "fault.exchange.unreachable").Because(err)
	}
	return s.readAnswer(answer, salt)
}

// content completes a message.
func (l *Link) content(m message, acts [][]byte, version int64) ([]byte, error) {
	m.Version, m.From, m.To = version, l.Authority, l.Peer
	return pack(m, acts)
}

// read takes what an answer says. That it answers this very question is in its key.
func (l *Link) read(ctx context.Context, raw []byte) (reply, [][]byte, error) {
	var r reply
	acts, err := unpack(raw, &r)
	if err != nil {
		return reply{}, nil, err
	}
	if r.Refused != "" {
		l.Log.Warn("exchange: the peer refused a message", "peer", l.Peer, "reason", r.Refused)
		l.refused(ctx, "there", r.Refused)
		return r, nil, fault.New(fault.Unavailable, "fault.exchange.refused", "reason", r.Refused)
	}
	return r, acts, nil
}

func (l *Link) refused(ctx context.Context, side, reason string) {
	if l.Count != nil {
		l.Count(side, reason)
	}
	if err := l.Streams.Refused(ctx, side, reason, ""); err != nil {
		l.Log.Error("exchange: could not note a refusal", "err", err)
	}
}

// Run pushes in fixed slots until ctx ends; wake, if not nil, pushes at once (for nodes that trade the slots'
// silence for speed). After failures it waits longer, with jitter, up to half a minute, and never gives up.
func (l *Link) Run(ctx context.Context, slot time.Duration, wake <-chan struct{}) {
	failures := 0
	ticker := time.NewTicker(slot)
	defer ticker.Stop()
	for {
		push := l.Slot
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		case <-wake: // the push before this one may have taken it along
			push = func(ctx context.Context) (int64, error) { return l.push(ctx, false) }
		}
		if _, err := push(ctx); err != nil {
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
