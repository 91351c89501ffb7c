package main

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"countersign/cmd/evidence/host"
	"countersign/cmd/evidence/traffic"
	"countersign/internal/act"
	"countersign/internal/act/joint"
	"countersign/internal/casework"
	"countersign/internal/node"
)

// pair is two whole nodes in this process: both databases on the machine's disk, TLS 1.3 both ways between
// them on loopback.
type pair struct {
	nodes   map[string]*node.Node
	offices map[string]*traffic.Office
	stop    context.CancelFunc
	running sync.WaitGroup
}

// link is how a pair is joined.
type link struct {
	atOnce bool
	slot   time.Duration
	apart  bool          // gb cannot reach al until Join
	delay  time.Duration // one way, through a relay
	driver string        // another driver for SQLite, such as one that counts
}

func (r *Run) openPair(ctx context.Context, name string, l link) (*pair, error) {
	folders := map[string]string{}
	for _, who := range host.Both {
		folders[who] = filepath.Join(r.Folder, name, who)
	}
	if err := host.Pair(ctx, folders, host.Random, nil); err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(ctx)
	p := &pair{nodes: map[string]*node.Node{}, offices: map[string]*traffic.Office{}, stop: stop}
	for _, who := range host.Both {
		n, err := node.New(ctx, node.Config{Authority: who, Folder: folders[who], Agreement: host.Agreement, Peer: host.PeerOf(who), Slot: l.slot, AtOnce: l.atOnce,
			Demo: true, TLS: true, Driver: l.driver, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			p.Close()
			return nil, err
		}
		p.nodes[who] = n
		if p.offices[who], err = host.Office(ctx, n, traffic.NewShared(r.Seed, 5)); err != nil {
			p.Close()
			return nil, err
		}
	}
	if err := p.join(l); err != nil {
		p.Close()
		return nil, err
	}
	for _, n := range p.nodes {
		p.running.Go(func() { n.Run(ctx) })
	}
	if l.apart {
		return p, nil
	}
	return p, p.settle(ctx)
}

// nowhere is an address at which nobody answers.
const nowhere = "https://127.0.0.1:1"

func (p *pair) join(l link) error {
	gb, al := p.nodes[host.GB], p.nodes[host.AL]
	al.SetPeerURL(gb.ExchangeURL())
	if l.apart {
		gb.SetPeerURL(nowhere)
		al.SetPeerURL(nowhere)
		return nil
	}
	url, err := relayed(al.ExchangeURL(), l.delay)
	gb.SetPeerURL(url)
	return err
}

// settle waits until both rosters have crossed.
func (p *pair) settle(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	for _, n := range p.nodes {
		if size, err := n.Desk.Size(ctx); err != nil {
			return err
		} else if err := n.Desk.AwaitReceipt(ctx, size-1); err != nil {
			return fmt.Errorf("%s: the rosters did not cross: %w", n.Authority, err)
		}
	}
	return nil
}

func (p *pair) Close() {
	p.stop()
	for _, n := range p.nodes {
		n.Close()
	}
	p.running.Wait()
}

// work is one act of a caller: it returns the act's index in the stream.
type work func(ctx context.Context) (int64, error)

// test is an act of the size of an application that says nothing.
func (p *pair) test() work {
	session := p.offices[host.GB].As("administrator").For("purpose.administration")
	padding := string(slices.Repeat([]byte("x"), 700))
	d := p.nodes[host.GB].Desk
	return func(ctx context.Context) (int64, error) {
		e, err := d.TestLink(ctx, session, padding)
		return e.Index, err
	}
}

// applications prepares cases, untimed, and returns the sending of their applications.
func (p *pair) applications(ctx context.Context, n int) (work, error) {
	o := p.offices[host.GB]
	ready := make(chan act.ID, n)
	var group sync.WaitGroup
	var failed atomic.Pointer[error]
	for range 32 {
		group.Go(func() {
			for range n/32 + 1 {
				id, err := o.Open(ctx)
				if err == nil && id != "" {
					err = o.Attest(ctx, id, casework.StepRequest, "request")
				}
				if err != nil {
					failed.Store(&err)
					return
				}
				select {
				case ready <- id:
				default:
				}
			}
		})
	}
	group.Wait()
	if e := failed.Load(); e != nil {
		return nil, *e
	}
	return func(ctx context.Context) (int64, error) {
		select {
		case id := <-ready:
			events, err := o.Desk.Case(ctx, o.As("caseworker"), id, casework.RequestReadmission{Category: "national", Evidence: []joint.Evidence{{Type: "own-statement"}}})
			if err != nil {
				return 0, err
			}
			for _, e := range events {
				if e.Scope == act.Joint {
					return e.Index, nil
				}
			}
			return 0, fmt.Errorf("the application of %s made no joint act", id)
		default:
			return 0, errDry
		}
	}, nil
}

var errDry = fmt.Errorf("no case is left")

// measured is what callers saw.
type measured struct {
	acts     int
	rate     float64
	p50, p99 time.Duration
	work     time.Duration // of the processor for an act, at both nodes and the callers; other programs do not count
}

// callers lets n callers work for a time; each waits for the peer's countersignature, durable here, before it
// goes on.
func (p *pair) callers(ctx context.Context, n int, d time.Duration, w work) (measured, error) {
	desk := p.nodes[host.GB].Desk
	var mu sync.Mutex
	var waits []time.Duration
	var failed error
	var group sync.WaitGroup
	began, before := time.Now(), processorTime()
	until := began.Add(d)
	for range n {
		group.Go(func() {
			for time.Now().Before(until) {
				at := time.Now()
				index, err := w(ctx)
				if err == errDry {
					return
				}
				if err == nil {
					err = desk.AwaitReceipt(ctx, index)
				}
				mu.Lock()
				if err != nil {
					failed = err
					mu.Unlock()
					return
				}
				waits = append(waits, time.Since(at))
				mu.Unlock()
			}
		})
	}
	group.Wait()
	m := summarise(waits, time.Since(began))
	m.work = (processorTime() - before) / time.Duration(max(m.acts, 1))
	return m, failed
}

func summarise(waits []time.Duration, d time.Duration) measured {
	m := measured{acts: len(waits), rate: float64(len(waits)) / d.Seconds()}
	slices.Sort(waits)
	m.p50, m.p99 = quantile(waits, 50), quantile(waits, 99)
	return m
}

func quantile(sorted []time.Duration, percent int) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)*percent/100, len(sorted)-1)]
}

// median of rates, with the smallest and the largest.
func median(values []float64) (mid, low, high float64) {
	if len(values) == 0 {
		return 0, 0, 0
	}
	s := slices.Sorted(slices.Values(values))
	return s[len(s)/2], s[0], s[len(s)-1]
}
