package node_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"countersign/internal/desk"
	"countersign/internal/node"
)

// pair is two paired authorities that run with mutual TLS on loopback.
type pair struct {
	gb, al     *node.Node
	officer    desk.Session
	al2        desk.Session
	folders    map[string]string
	config     func(name, peer string) node.Config
	stop       context.CancelFunc
	background sync.WaitGroup
}

type option func(*node.Config)

func pairUp(t testing.TB, options ...option) *pair {
	t.Helper()
	p := prepare(t, options...)
	p.start(t)
	return p
}

func prepare(t testing.TB, options ...option) *pair {
	t.Helper()
	root := t.TempDir()
	p := &pair{folders: map[string]string{"gb": filepath.Join(root, "gb"), "al": filepath.Join(root, "al")}}
	for name := range p.folders {
		public, err := node.Init(p.folders[name], name, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		for _, other := range p.folders {
			if err := node.WritePublic(other, public); err != nil {
				t.Fatal(err)
			}
		}
	}
	p.config = func(name, peer string) node.Config {
		c := node.Config{Authority: name, Peer: peer, Folder: p.folders[name], Agreement: "uk-al", Demo: true, TLS: true, AtOnce: true,
			Slot: 200 * time.Millisecond, Log: slog.New(slog.DiscardHandler), Clock: time.Now}
		for _, o := range options {
			o(&c)
		}
		return c
	}
	return p
}

func (p *pair) open(t testing.TB, name, peer string) *node.Node {
	t.Helper()
	n, err := node.New(context.Background(), p.config(name, peer))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (p *pair) start(t testing.TB) {
	t.Helper()
	p.gb, p.al = p.open(t, "gb", "al"), p.open(t, "al", "gb")
	p.gb.SetPeerURL(p.al.ExchangeURL())
	p.al.SetPeerURL(p.gb.ExchangeURL())
	p.officer, p.al2 = hire(t, p.gb), hire(t, p.al)
	ctx, stop := context.WithCancel(context.Background())
	p.stop = stop
	for _, n := range []*node.Node{p.gb, p.al} {
		p.background.Go(func() { n.Run(ctx) })
	}
	t.Cleanup(p.close)
}

func (p *pair) close() {
	p.stop()
	p.background.Wait()
	p.gb.Close()
	p.al.Close()
}

func hire(t testing.TB, n *node.Node) desk.Session {
	t.Helper()
	if err := n.Desk.EnterNode(t.Context()); err != nil {
		t.Fatal(err)
	}
	id, err := n.Desk.EnterOfficer(t.Context(), "Officer", "administrator", "", rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s, err := n.Desk.SignIn(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return s.For("purpose.administration")
}

// drive has callers make joint acts and wait for the countersignature of each, for a while.
func (p *pair) drive(t testing.TB, callers int, d time.Duration) (acts int64, latencies []time.Duration, took time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), d+30*time.Second)
	defer cancel()
	var n atomic.Int64
	var mu sync.Mutex
	var wg sync.WaitGroup
	padding := strings.Repeat("x", 512)
	begin := time.Now()
	for range callers {
		wg.Go(func() {
			var mine []time.Duration
			for time.Since(begin) < d {
				at := time.Now()
				e, err := p.gb.Desk.TestLink(ctx, p.officer, padding)
				if err == nil {
					err = p.gb.Desk.AwaitReceipt(ctx, e.Index)
				}
				if err != nil {
					t.Error(err)
					return
				}
				mine = append(mine, time.Since(at))
				n.Add(1)
			}
			mu.Lock()
			latencies = append(latencies, mine...)
			mu.Unlock()
		})
	}
	wg.Wait()
	took = time.Since(begin)
	slices.Sort(latencies)
	return n.Load(), latencies, took
}

// BenchmarkEndToEnd measures acts that are signed, sealed, sent over mutual TLS, dealt with and countersigned by
// the other node, with the countersignature durable at the sender: go test -bench EndToEnd -benchtime 1x
func BenchmarkEndToEnd(b *testing.B) {
	for _, callers := range []int{1, 64, 256} {
		b.Run(fmt.Sprint(callers), func(b *testing.B) {
			p := pairUp(b)
			p.drive(b, callers, 500*time.Millisecond)
			commits := p.gb.Store().Commits() + p.al.Store().Commits()
			for b.Loop() {
				acts, l, took := p.drive(b, callers, 4*time.Second)
				b.ReportMetric(float64(acts)/took.Seconds(), "acts/s")
				b.ReportMetric(float64(l[len(l)/2])/1e6, "p50-ms")
				b.ReportMetric(float64(l[len(l)*99/100])/1e6, "p99-ms")
				b.ReportMetric(float64(p.gb.Store().Commits()+p.al.Store().Commits()-commits)/float64(acts), "commits/act")
			}
		})
	}
}
