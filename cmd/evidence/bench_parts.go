package main

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"time"

	"countersign/cmd/evidence/host"
	"countersign/internal/store"
)

func datasync(f *os.File) error { return syscall.Fdatasync(int(f.Fd())) }

// pile makes a backlog while the peer is away.
func (p *pair) pile(ctx context.Context, n int) (last int64, err error) {
	w := p.test()
	var group sync.WaitGroup
	var mu sync.Mutex
	for range 64 {
		group.Go(func() {
			for range (n + 63) / 64 {
				index, e := w(ctx)
				mu.Lock()
				if e != nil {
					err = e
				}
				last = max(last, index)
				mu.Unlock()
			}
		})
	}
	group.Wait()
	return last, err
}

// bound is the rate that the bare parts of the work would allow on all cores of this machine, in this run: one
// signature and one check of an act, its share of sealing a batch of 64 for the way and opening it, and its share
// of two commits of 64 rows of an act's size. Sealing is the bare cipher, as in a session that goes on. Hashing, encoding,
// sealing at rest, indexes, heads and countersignatures, deciding, projections and TLS are not in it.
func (r *Run) bound(rounds int) (float64, error) {
	const batch = 64
	var signs, checks, seals, commits []float64
	for range rounds {
		public, key, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			return 0, err
		}
		message := make([]byte, 1024)
		signature := ed25519.Sign(key, message)
		signs = append(signs, timed(func() { ed25519.Sign(key, message) }))
		checks = append(checks, timed(func() { ed25519.Verify(public, message, signature) }))
		seal, err := bareSealing(batch * 1536)
		if err != nil {
			return 0, err
		}
		seals = append(seals, seal/batch)
		c, err := r.bareCommits(batch)
		if err != nil {
			return 0, err
		}
		commits = append(commits, c)
	}
	sign, _, _ := median(signs)
	check, _, _ := median(checks)
	seal, _, _ := median(seals)
	commit, _, _ := median(commits)
	sum := sign + check + seal + 2*commit
	bound := float64(runtime.NumCPU()) / sum
	r.Say("bare parts per act: sign %.0f us, check %.0f us, seal and open %.1f us of a batch of %d, row in a commit of %d %.0f us at each node: together %.0f us, so at most %.0f/s on %d cores",
		sign*1e6, check*1e6, seal*1e6, batch, batch, commit*1e6, sum*1e6, bound, runtime.NumCPU())
	return bound, nil
}

// bareSealing is the time to seal and open so many bytes with the cipher of a frame.
func bareSealing(size int) (float64, error) {
	block, err := aes.NewCipher(make([]byte, 32))
	if err != nil {
		return 0, err
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return 0, err
	}
	plain, nonce := make([]byte, size, size+gcm.Overhead()), make([]byte, gcm.NonceSize())
	return timed(func() {
		sealed := gcm.Seal(plain[:0], nonce, plain, nil)
		gcm.Open(sealed[:0], nonce, sealed, nil)
	}), nil
}

// timed is the time of one call in seconds.
func timed(fn func()) float64 {
	n, began := 0, time.Now()
	for time.Since(began) < 60*time.Millisecond {
		fn()
		n++
	}
	return time.Since(began).Seconds() / float64(n)
}

// bareCommits is the time per row of the product's own store for durable commits of n bare rows.
func (r *Run) bareCommits(n int) (float64, error) {
	folder := filepath.Join(r.Folder, "bare")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return 0, err
	}
	defer os.RemoveAll(folder)
	ctx := context.Background()
	s, err := store.Open(ctx, store.Options{Folder: folder, Clock: time.Now})
	if err != nil {
		return 0, err
	}
	defer s.Close()
	row := make([]byte, 1536)
	rows, began := 0, time.Now()
	for time.Since(began) < 250*time.Millisecond {
		err := s.Write(ctx, func(tx *store.Tx) error {
			for range n {
				rows++
				if _, err := tx.Exec(`INSERT INTO keys (subject, wrapped) VALUES ($1, $2)`, fmt.Sprintf("%012d", rows), row); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return 0, err
		}
	}
	return time.Since(began).Seconds() / float64(rows), nil
}

// fsyncs counts what both disks were asked to sync while callers work. The nodes run as processes of their
// own on disks that count, each sync as slow as this machine's disk just was.
func (r *Run) fsyncs(rounds int) error {
	if err := canMount(r.Folder); err != nil {
		r.Say("syncs per act: not counted, FUSE cannot be mounted: %v", err)
		return nil
	}
	rate, err := diskRate(r.Folder, 300*time.Millisecond)
	if err != nil {
		return err
	}
	for _, callers := range []int{1, 64, 256} {
		g, err := newRig(&Run{Name: r.Name, Seed: r.Seed, Folder: filepath.Join(r.Folder, fmt.Sprintf("syncs-%d", callers)), out: r.out}, true)
		if err != nil {
			return err
		}
		acts, syncs, err := g.countSyncs(callers, time.Duration(float64(time.Second)/rate), time.Duration(rounds)*500*time.Millisecond)
		g.stop()
		if err != nil {
			return err
		}
		r.Say("%3d callers: %.3f syncs per act at both nodes together (%d for %d acts; each sync takes %s)", callers, float64(syncs)/float64(acts), syncs, acts,
			time.Duration(float64(time.Second)/rate).Round(time.Microsecond))
	}
	return nil
}

func (g *rig) countSyncs(callers int, each, d time.Duration) (acts, syncs int64, err error) {
	if err := g.begin(g.fresh); err != nil {
		return 0, 0, err
	}
	for _, name := range host.Both {
		g.places[name].disk.Slow(each)
		job := g.job(name, 0)
		job.Slot = 250
		if name == host.GB {
			job.Receipts = callers
		}
		if err := g.start(job, 0); err != nil {
			return 0, 0, err
		}
	}
	if !g.ready() {
		return 0, 0, fmt.Errorf("the nodes do not start")
	}
	time.Sleep(700 * time.Millisecond) // the rosters cross
	before, had := g.syncs(), g.processes[host.GB].Count()
	time.Sleep(d)
	syncs, acts = g.syncs()-before, int64(g.processes[host.GB].Count()-had)
	if acts < 20 {
		return 0, 0, fmt.Errorf("%d acts are too few to say anything", acts)
	}
	return acts, syncs, nil
}

func (g *rig) syncs() (n int64) {
	for _, name := range host.Both {
		n += g.places[name].disk.Counts().Syncs
	}
	return n
}
