package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"countersign/cmd/evidence/host"
	"countersign/cmd/evidence/sim"
	"countersign/cmd/evidence/traffic"
	"countersign/internal/exchange"
	"countersign/internal/node"
)

// partition cuts the line for random simulated hours while both sides work, heals it, and looks how long the two
// take to agree and whether they do; then once more with the product's own push loop on the wall clock.
func partition(r *Run) error {
	ctx := context.Background()
	if r.Folder = inMemory(r.Folder); r.Folder == "" {
		return fmt.Errorf("no folder")
	}
	defer os.RemoveAll(r.Folder)
	fresh, err := sim.Fresh(ctx, filepath.Join(r.Folder, "fresh"))
	if err != nil {
		return err
	}
	real, err := r.outage(ctx, fresh)
	if err != nil {
		return err
	}
	random := rand.New(rand.NewPCG(r.Seed, 3))
	until := r.Until(28*time.Second, 30*time.Minute)
	cuts, hours, slowest, acts := 0, time.Duration(0), time.Duration(0), int64(0)
	faults := map[string]int{}
	firstOnly := os.Getenv("COUNTERSIGN_EVIDENCE_FIRST") != ""
	for seed := r.Seed; time.Now().Before(until) && !(firstOnly && len(r.caught) > 0); seed++ {
		w, err := sim.Open(ctx, filepath.Join(r.Folder, fmt.Sprintf("world-%d", seed)), seed, fresh)
		if err != nil {
			return err
		}
		for range 8 {
			d := time.Duration(1+random.IntN(96)) * time.Hour
			if err := w.Cut(d); err != nil && len(w.Found) == 0 {
				w.Close()
				return err
			}
			cuts, hours = cuts+1, hours+d
			slowest = max(slowest, w.Heal())
			w.Judge(true)
			if len(w.Found) > 0 || time.Now().After(until) {
				break
			}
		}
		for _, f := range w.Found {
			r.Caught("%s", f)
		}
		j, d := w.Acts()
		acts += j + d
		for name, n := range w.Faults {
			faults[name] += n
		}
		w.Close()
	}
	r.Say("%d cuts of 1 to 96 hours with work at both ends, %.0f partition hours, %d acts; other faults meanwhile: %s", cuts, hours.Hours(), acts, tallied(faults))
	if len(r.caught) == 0 && (cuts < 4 || acts < 200) {
		return fmt.Errorf("too little traffic to say anything")
	}
	r.Figure("%d partitions, %.0f simulated hours: both records equal after every healing, within %s of simulated time; on the wall clock an outage of %s healed in %s",
		cuts, hours.Hours(), slowest, real.lasted, real.healed.Round(time.Millisecond))
	return nil
}

// outcome of an outage on the wall clock.
type outcome struct{ lasted, healed time.Duration }

// gate is a line that can be cut.
type gate struct {
	open atomic.Bool
	to   atomic.Pointer[node.Node]
}

var errCut = errors.New("the line is cut")

// Carry implements exchange.Transport.
func (g *gate) Carry(ctx context.Context, frame []byte) ([]byte, error) {
	if !g.open.Load() {
		return nil, errCut
	}
	return g.to.Load().Take(ctx, frame)
}

var _ exchange.Transport = (*gate)(nil)

// outage cuts a line between two nodes that push by themselves in slots of a second, long enough for the wait
// between attempts to have grown to its bound, and measures from the healing until all is countersigned.
func (r *Run) outage(ctx context.Context, fresh map[string]map[string][]byte) (outcome, error) {
	out := outcome{lasted: 40 * time.Second}
	if r.Quick {
		out.lasted = 4 * time.Second
	}
	ctx, stop := context.WithCancel(ctx)
	var running sync.WaitGroup
	defer running.Wait()
	defer stop()
	line := map[string]*gate{host.GB: {}, host.AL: {}}
	nodes := map[string]*node.Node{}
	started := time.Now()
	for _, name := range host.Both {
		folder := filepath.Join(r.Folder, "outage", name)
		if err := sim.WriteFolder(folder, fresh[name]); err != nil {
			return out, err
		}
		n, err := node.New(ctx, node.Config{Authority: name, Folder: folder, Agreement: host.Agreement, Peer: host.PeerOf(name), Demo: true, Slot: time.Second,
			Transport: line[name], Clock: func() time.Time { return sim.Start.Add(time.Since(started)) }, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			return out, err
		}
		defer n.Close()
		nodes[name] = n
	}
	acts := map[string]int64{}
	for _, name := range host.Both {
		line[name].to.Store(nodes[host.PeerOf(name)])
		running.Go(func() { nodes[name].Run(ctx) })
		o, err := host.Office(ctx, nodes[name], traffic.NewShared(r.Seed, 2))
		if err != nil {
			return out, err
		}
		session := o.As("administrator").For("purpose.administration")
		for range 200 {
			e, err := nodes[name].Desk.TestLink(ctx, session, "")
			if err != nil {
				return out, err
			}
			acts[name] = e.Index
		}
	}
	time.Sleep(out.lasted)
	healed := time.Now()
	for _, g := range line {
		g.open.Store(true)
	}
	for _, name := range host.Both {
		limited, cancel := context.WithTimeout(ctx, 90*time.Second)
		err := nodes[name].Desk.AwaitReceipt(limited, acts[name])
		cancel()
		if err != nil {
			r.Caught("I8: %s: not countersigned 90 s after healing: %v", name, err)
			return out, nil
		}
	}
	out.healed = time.Since(healed)
	if out.healed > time.Minute {
		r.Caught("I8: healed only after %s", out.healed)
	}
	r.Say("on the wall clock: %d acts waited at each node; the line was cut for %s; all were countersigned %s after it healed", 200, out.lasted, out.healed.Round(time.Millisecond))
	return out, nil
}
