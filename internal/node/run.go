package node

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"countersign/internal/exchange"
	"countersign/internal/store"
)

// What a running node does: it serves, pushes in slots, and keeps what only time moves.

// pushes tells whether this replica is the one that pushes. The lease only saves doubled messages; heads and
// countersignatures are safe without it.
func (n *Node) pushes() func(context.Context) bool {
	holder, until, mine := rand.Text(), time.Time{}, false
	return func(ctx context.Context) bool {
		lease := max(3*n.Slot, 3*time.Second)
		if mine && time.Until(until) > lease/2 {
			return true
		}
		err := n.store.Write(ctx, func(tx *store.Tx) (err error) {
			mine, err = tx.TakeLease("push", holder, lease)
			return err
		})
		if err != nil {
			mine = false
		}
		until = time.Now().Add(lease)
		return mine
	}
}

// follow reads again what other replicas of this node have changed, for what is not in the writer's hands.
func (n *Node) follow(ctx context.Context) {
	every := time.NewTicker(time.Second)
	defer every.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-every.C:
			if err := n.Desk.Follow(); err != nil && ctx.Err() == nil {
				n.Log.Warn("could not read what other replicas changed", "err", err)
			}
			if n.Desk.Paired() {
				continue
			}
			if peer, ok, err := n.Desk.ConfirmedPeer(); err == nil && ok {
				n.confirmed(peer)
			}
		}
	}
}

// Push runs one slot: what the own stream holds beyond the peer's countersignature leaves now.
func (n *Node) Push(ctx context.Context) (int64, error) { return n.link.Slot(ctx) }

// Take deals with one frame of the peer, however it was carried, and returns the frame that answers it.
func (n *Node) Take(ctx context.Context, frame []byte) ([]byte, error) {
	return n.server.Take(ctx, frame)
}

// PushInSlots pushes in fixed slots until ctx ends.
func (n *Node) PushInSlots(ctx context.Context) { n.link.Run(ctx, n.Slot, n.wake) }

// postingsEvery is how often the node looks whether access of a posted officer has begun or ended: well within the
// second in which the roster has to say so. Questions about access do not wait for it.
const postingsEvery = 250 * time.Millisecond

// KeepPostings lets the access of posted officers begin and end by itself until ctx ends.
func (n *Node) KeepPostings(ctx context.Context) {
	tick := time.NewTicker(postingsEvery)
	defer tick.Stop()
	for {
		if err := n.Desk.KeepPostings(ctx); err != nil && ctx.Err() == nil {
			n.Log.Error("postings", "err", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// SweepEachMinute brings the work lists up to date with time, until ctx ends. Of several replicas one does it.
func (n *Node) SweepEachMinute(ctx context.Context) {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		mine := false
		err := n.store.Write(ctx, func(tx *store.Tx) (err error) {
			mine, err = tx.TakeLease("sweep", n.holder, 90*time.Second)
			return err
		})
		if err == nil && mine {
			_, err = n.Desk.Sweep(ctx)
		}
		if err != nil && ctx.Err() == nil {
			n.Log.Error("the work lists could not be brought up to date", "err", err)
		}
	}
}

// Run serves pages, unless Headless, and exchange, and pushes in slots unless Manual, until ctx ends.
func (n *Node) Run(ctx context.Context) error {
	frames := http.NewServeMux()
	if n.Desk.Paired() {
		frames.Handle("POST "+exchange.Path, n.server)
	} else {
		frames.HandleFunc("POST "+exchange.Path, unpaired)
	}
	n.serve(n.frames, frames)
	if !n.Headless {
		pages, err := n.site()
		if err != nil {
			return err
		}
		n.serve(n.pages, pages)
	}
	n.serve(n.admin, n.health())
	if why, err := store.ReadOnly(n.store); err != nil {
		return err
	} else if why != "" {
		n.Log.Warn("this node is read-only", "reason", why)
	} else if err := n.Desk.EnterNode(ctx); err != nil {
		return err
	}
	if !n.Manual && n.Desk.Paired() {
		go n.PushInSlots(ctx)
		go n.KeepPostings(ctx)
		go n.SweepEachMinute(ctx)
		go n.KeepBorder(ctx)
	}
	if n.Postgres != "" {
		go n.follow(ctx)
	}
	select {
	case <-ctx.Done():
		return nil
	case <-n.paired:
		return n.again(ctx)
	}
}

func (n *Node) serve(l net.Listener, h http.Handler) {
	s := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 60 * time.Second, IdleTimeout: 120 * time.Second, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(n.Log.Handler(), slog.LevelWarn)}
	n.handlers = append(n.handlers, s)
	go func() {
		if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			n.Log.Error("server stopped", "err", err)
		}
	}()
}
