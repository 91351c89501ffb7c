package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"countersign/cmd/evidence/counted"
	"countersign/cmd/evidence/host"
	"countersign/cmd/evidence/traffic"
	"countersign/internal/act"
	"countersign/internal/exchange"
	"countersign/internal/node"
)

// benchRecord measures what a large record costs: opening one of a million acts, and the memory of a pair of nodes
// over a simulated day.
func benchRecord(r *Run) error {
	ctx := context.Background()
	for _, part := range []struct {
		name string
		run  func(context.Context) error
	}{{"open", r.openLarge}, {"memory", r.memoryOfADay}} {
		if r.wants(part.name) {
			if err := part.run(ctx); err != nil {
				return fmt.Errorf("%s: %w", part.name, err)
			}
		}
	}
	r.Figure("%s", strings.Join(r.notes, "; "))
	return nil
}

// What opening may cost: so many rows more than for an empty record, and this long on a machine that is not busy.
const (
	openRows = 500
	openTime = time.Second
)

// openLarge opens a record with hardly anything in it, fills it, and opens it again.
func (r *Run) openLarge(ctx context.Context) error {
	acts, enough := 1_000_000, 24*time.Hour
	if r.Quick {
		acts, enough = 20_000, 10*time.Second
	}
	if err := counted.Register(); err != nil {
		return err
	}
	p, err := r.openPair(ctx, "record", link{slot: time.Second, apart: true})
	if err != nil {
		return err
	}
	config := p.nodes[host.GB].Config
	p.Close()
	small, _, err := r.opening(ctx, config)
	if err != nil {
		return err
	}
	size, err := r.fill(ctx, config.Folder, acts, enough)
	if err != nil {
		return err
	}
	large, took, err := r.opening(ctx, config)
	if err != nil {
		return err
	}
	info, err := os.Stat(filepath.Join(config.Folder, "countersign.db"))
	if err != nil {
		return err
	}
	r.Say("a record of %d own acts, %.0f MB: open and serving after %s (median of 5), %d statements, %d rows read; %d rows when it was new", size,
		float64(info.Size())/1e6, took.Round(time.Millisecond), large.Statements, large.Rows, small.Rows)
	if large.Rows > small.Rows+openRows {
		r.Caught("opening a record of %d acts reads %d rows, a new one %d", size, large.Rows, small.Rows)
	}
	if took > openTime && !busyMachine() {
		r.Caught("opening a record of %d acts takes %s", size, took)
	}
	r.note("a record of %d acts opens in %s and reads %d rows", size, took.Round(time.Millisecond), large.Rows)
	return nil
}

// opening starts the node five times and says what that read, and how long it took in the middle.
func (r *Run) opening(ctx context.Context, config node.Config) (counted.Counts, time.Duration, error) {
	config.Driver, config.Manual = counted.Driver, true
	var took []time.Duration
	var read counted.Counts
	for range 5 {
		before, began := counted.Now(), time.Now()
		n, err := node.New(ctx, config)
		if err != nil {
			return read, 0, err
		}
		took, read = append(took, time.Since(began)), before.Since()
		if err := n.Close(); err != nil {
			return read, 0, err
		}
	}
	slices.Sort(took)
	return read, took[len(took)/2], nil
}

// fill makes acts, and a case for every five hundred of them, until there are so many or the time is up.
func (r *Run) fill(ctx context.Context, folder string, acts int, enough time.Duration) (int64, error) {
	n, err := node.New(ctx, node.Config{Authority: host.GB, Folder: folder, Agreement: host.Agreement, Peer: host.AL, Demo: true, Manual: true, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return 0, err
	}
	defer n.Close()
	o, err := host.Office(ctx, n, traffic.NewShared(r.Seed, 5))
	if err != nil {
		return 0, err
	}
	p := &pair{nodes: map[string]*node.Node{host.GB: n}, offices: map[string]*traffic.Office{host.GB: o}}
	const step = 2_000
	began := time.Now()
	for made := 0; made < acts && time.Since(began) < enough; made += step {
		if _, err := p.pile(ctx, min(step, acts-made)); err != nil {
			return 0, err
		}
		for range step / 500 {
			if _, err := o.Open(ctx); err != nil {
				return 0, err
			}
		}
	}
	size, err := n.Desk.Size(ctx)
	if err == nil {
		r.Say("%d joint acts and %d cases made in %s", size, o.Tally().Opened, time.Since(began).Round(100*time.Millisecond))
	}
	if err == nil && size < 1000 {
		err = fmt.Errorf("%d acts are too few to say anything", size)
	}
	return size, err
}

// direct carries frames to the other node of this process.
type direct struct{ to **node.Node }

var _ exchange.Transport = direct{}

func (d direct) Carry(ctx context.Context, frame []byte) ([]byte, error) {
	return (*d.to).Take(ctx, frame)
}

// dayGrowth is how much more memory both nodes may hold at the end of a day than after its first quarter.
const dayGrowth = 16 << 20

// memoryOfADay lets two nodes work through a day of one injected clock: the same forty cases are worked on and looked
// at, the link is tested, and a frame leaves at each tick.
func (r *Run) memoryOfADay(ctx context.Context) error {
	const day, cases, quarters = 24 * time.Hour, 40, 8
	tick, perTick := time.Minute, 12
	if r.Quick {
		tick, perTick = 5*time.Minute, 6
	}
	now := time.Date(2024, 1, 8, 0, 0, 0, 0, time.UTC)
	nodes, offices, err := r.openQuiet(ctx, func() time.Time { return now })
	if err != nil {
		return err
	}
	defer nodes[host.GB].Close()
	defer nodes[host.AL].Close()
	o := offices[host.GB]
	p := &pair{nodes: nodes, offices: offices}
	test := p.test()
	var ids []act.ID
	for range cases {
		id, err := o.Open(ctx)
		if err != nil {
			return err
		}
		ids = append(ids, id)
	}
	var heaps []float64
	acts, looks := int64(0), 0
	ticks := int(day / tick)
	for i := range ticks {
		now = now.Add(tick)
		for n := range perTick {
			if _, err := test(ctx); err != nil {
				return err
			}
			if _, err := o.Desk.ViewCase(ctx, o.As("caseworker"), ids[(i*perTick+n)%cases]); err != nil {
				return err
			}
			looks++
		}
		for _, name := range host.Both {
			if _, err := nodes[name].Push(ctx); err != nil {
				return err
			}
		}
		if (i+1)%(ticks/quarters) == 0 {
			heaps = append(heaps, heap())
		}
	}
	if acts, err = nodes[host.GB].Desk.Size(ctx); err != nil {
		return err
	}
	first, last := heaps[quarters/4-1], heaps[len(heaps)-1]
	r.Say("a simulated day in %d ticks: %d joint acts, %d looks at %d cases, %d frames; both nodes together after each three hours: %s", ticks, acts, looks, cases, 2*ticks, megabytes(heaps))
	if last > first+dayGrowth {
		r.Caught("memory grew from %.0f to %.0f MB over a simulated day", first/1e6, last/1e6)
	}
	r.note("over a simulated day of %d acts two nodes went from %.1f to %.1f MB", acts+int64(looks), first/1e6, last/1e6)
	return nil
}

// openQuiet opens two nodes that hand each other their frames, and let nothing happen by itself.
func (r *Run) openQuiet(ctx context.Context, clock func() time.Time) (map[string]*node.Node, map[string]*traffic.Office, error) {
	folders := map[string]string{}
	for _, who := range host.Both {
		folders[who] = filepath.Join(r.Folder, "day", who)
	}
	if err := host.Pair(ctx, folders, host.Random, clock); err != nil {
		return nil, nil, err
	}
	nodes, offices := map[string]*node.Node{}, map[string]*traffic.Office{}
	ends := map[string]**node.Node{host.GB: new(*node.Node), host.AL: new(*node.Node)}
	for _, who := range host.Both {
		n, err := node.New(ctx, node.Config{Authority: who, Folder: folders[who], Agreement: host.Agreement, Peer: host.PeerOf(who), Demo: true, Manual: true, Clock: clock,
			Transport: direct{ends[host.PeerOf(who)]}, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
		if err != nil {
			return nil, nil, err
		}
		nodes[who], *ends[who] = n, n
		if offices[who], err = host.Office(ctx, n, rand.New(rand.NewPCG(r.Seed, 3))); err != nil {
			return nil, nil, err
		}
	}
	return nodes, offices, nil
}

// heap is what is still used after everything unused was collected.
func heap() float64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}

func megabytes(values []float64) string {
	var all []string
	for _, v := range values {
		all = append(all, fmt.Sprintf("%.1f", v/1e6))
	}
	return strings.Join(all, ", ") + " MB"
}
