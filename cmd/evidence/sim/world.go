// Package sim is two whole nodes in one process, both databases, with a simulated clock and a network that
// loses, doubles, delays, reorders and damages frames, splits, and kills either node around its commits. One
// seed gives one run of chances. The nodes are the product's own; frames go through node.Config.Transport.
package sim

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"countersign/cmd/evidence/check"
	"countersign/cmd/evidence/host"
	"countersign/cmd/evidence/traffic"
	"countersign/internal/act"
	"countersign/internal/node"
)

// Start is when every simulated year begins.
var Start = time.Date(2024, 1, 8, 8, 0, 0, 0, time.UTC)

// World is the two nodes and everything that happens between them.
type World struct {
	Folder string
	Seed   uint64
	Sides  map[string]*Side
	Faults map[string]int
	Calm   bool // nothing goes wrong any more
	Steps  int

	judge   *check.Judge
	mending bool // a restored node has not caught up yet: it may hold less than it countersigned
	ctx     context.Context
	random  *rand.Rand
	now     time.Time
	split   time.Time // until when the two cannot reach each other
	old     map[string][]byte
	Found   []string
}

// Side is one node.
type Side struct {
	Name   string
	Node   *node.Node
	Office *traffic.Office
	Acks   []host.Ack
	Views  int
	Tally  traffic.Tally // of the starts before

	w        *World
	postgres string // URL of the schema that holds the record; empty: SQLite in the folder
	drop     func() error

	skew    time.Duration
	starts  int
	armed   int // draws of randomness until the node is killed
	failing int // draws of randomness until one fails
	last    map[string][]byte
	dead    bool // killed in this step; what it still says is not heard
	closed  map[act.ID]map[act.ID]string
	setting act.ID
}

// Fresh makes a pair to copy worlds from.
func Fresh(ctx context.Context, folder string) (map[string]map[string][]byte, error) {
	folders := map[string]string{}
	for _, name := range host.Both {
		folders[name] = filepath.Join(folder, name)
	}
	if err := host.Pair(ctx, folders, host.Random, func() time.Time { return Start.Add(-time.Hour) }); err != nil {
		return nil, err
	}
	out := map[string]map[string][]byte{}
	for _, name := range host.Both {
		files, err := ReadFolder(folders[name])
		if err != nil {
			return nil, err
		}
		out[name] = files
	}
	return out, nil
}

// Open starts a world on copies of a fresh pair.
func Open(ctx context.Context, folder string, seed uint64, fresh map[string]map[string][]byte) (*World, error) {
	return OpenOn(ctx, folder, seed, fresh, nil)
}

// OpenOn starts a world in which the records of some sides lie in PostgreSQL, filled from backups of the fresh pair.
func OpenOn(ctx context.Context, folder string, seed uint64, fresh map[string]map[string][]byte, postgres map[string][]byte) (*World, error) {
	w := &World{Folder: folder, Seed: seed, Sides: map[string]*Side{}, Faults: map[string]int{}, judge: check.NewJudge(), ctx: ctx, random: rand.New(rand.NewPCG(seed, 11)), now: Start, old: map[string][]byte{}}
	for _, name := range host.Both {
		s := &Side{Name: name, w: w, closed: map[act.ID]map[act.ID]string{}}
		w.Sides[name] = s
		err := WriteFolder(s.folder(), fresh[name])
		if err == nil && postgres[name] != nil {
			err = s.movePostgres(postgres[name])
		}
		if err == nil {
			err = s.open()
		}
		if err != nil {
			w.Close()
			return nil, err
		}
	}
	return w, nil
}

// Close stops both nodes and removes their data.
func (w *World) Close() {
	for _, s := range w.Sides {
		if s.Node != nil {
			s.Node.Close()
		}
		if s.drop != nil {
			s.drop()
		}
	}
	os.RemoveAll(w.Folder)
}

func (s *Side) folder() string { return filepath.Join(s.w.Folder, s.Name) }

func (s *Side) clock() time.Time { return s.w.now.Add(s.skew) }

func (s *Side) open() error {
	s.starts++
	s.armed, s.failing, s.last, s.dead = 0, 0, nil, false
	n, err := node.New(s.w.ctx, node.Config{Authority: s.Name, Folder: s.folder(), Agreement: host.Agreement, Peer: host.PeerOf(s.Name), Demo: true, Manual: true, Postgres: s.postgres,
		Clock: s.clock, Entropy: s.entropy, Transport: carrier{s}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return fmt.Errorf("%s: %w", s.Name, err)
	}
	s.Node = n
	if s.Office, err = host.Office(s.w.ctx, n, s.w.random); err != nil {
		return fmt.Errorf("%s: %w", s.Name, err)
	}
	s.watch()
	return nil
}

// watch hears what is acknowledged, unless the node has just been killed.
func (s *Side) watch() {
	o := s.Office
	o.Whole = true
	o.Acked = func(about act.ID, events []act.Event) {
		if s.dead {
			return
		}
		a := host.Ack{About: about}
		for _, e := range events {
			a.Acts = append(a.Acts, e.ID)
			if e.Scope == act.Joint {
				a.Joint = append(a.Joint, e.ID)
			}
		}
		s.Acks = append(s.Acks, a)
		s.barriers(about, events)
	}
	o.Did = func(id act.ID, command string) {
		if !s.dead {
			s.guarded(id, command)
		}
	}
	o.Lifting = func(id, barrier act.ID) { delete(s.closed[id], barrier) }
	o.Viewed = func() {
		if !s.dead {
			s.Views++
		}
	}
	o.Wait = func(until time.Time) {
		if until.After(s.w.now) {
			s.w.now = until
		}
	}
}

// random bytes of the node; drawing them is where it may be killed in the middle of a transaction.
type dice struct {
	s      *Side
	source io.Reader
}

func (s *Side) entropy(purpose string) io.Reader {
	return &dice{s, rand.NewChaCha8(sha256.Sum256(fmt.Appendf(nil, "%d/%s/%s/%d", s.w.Seed, s.Name, purpose, s.starts)))}
}

func (d *dice) Read(b []byte) (int, error) {
	if d.s.dead && d.s.postgres != "" {
		return 0, errDice
	}
	if d.s.armed > 0 {
		if d.s.armed--; d.s.armed == 0 {
			d.s.kill("killed inside a transaction")
		}
	}
	if d.s.failing > 0 {
		if d.s.failing--; d.s.failing == 0 {
			d.s.w.Faults["randomness failed inside a transaction"]++
			return 0, errDice
		}
	}
	return d.source.Read(b)
}

var errDice = errors.New("no randomness is left")

// kill keeps what a killed process would leave on the disk at this moment. The node itself runs on to the end
// of the step, unheard. A server keeps running: there the transaction under way fails for want of randomness, and is
// rolled back as that of a killed process is; after that nothing more can be signed or sealed.
func (s *Side) kill(how string) {
	if s.postgres != "" {
		if !s.dead {
			s.w.Faults[how]++
			s.dead = true
		}
		return
	}
	files, err := ReadFolder(s.folder())
	if err != nil || s.dead {
		return
	}
	s.w.Faults[how]++
	s.last, s.dead = files, true
}

// again starts a killed node on what it left.
func (s *Side) again() error {
	if !s.dead {
		s.armed = 0
		return nil
	}
	files := s.last
	s.Node.Close()
	s.tally()
	if s.postgres != "" {
		return s.open()
	}
	if err := os.RemoveAll(s.folder()); err != nil {
		return err
	}
	if err := WriteFolder(s.folder(), files); err != nil {
		return err
	}
	return s.open()
}

// tally keeps what the officers of this start were told.
func (s *Side) tally() {
	if s.Tally.Refused == nil {
		s.Tally.Refused = map[string]int{}
	}
	t := s.Office.Tally()
	s.Tally.Done, s.Tally.Opened = s.Tally.Done+t.Done, s.Tally.Opened+t.Opened
	for key, n := range t.Refused {
		s.Tally.Refused[key] += n
	}
}

// ReadFolder reads the files of a node that is not writing.
func ReadFolder(folder string) (map[string][]byte, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, e := range entries {
		if filepath.Ext(e.Name()) == ".db-shm" || e.IsDir() {
			continue
		}
		if files[e.Name()], err = os.ReadFile(filepath.Join(folder, e.Name())); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// WriteFolder writes files into a folder.
func WriteFolder(folder string, files map[string][]byte) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	for name, b := range files {
		if err := os.WriteFile(filepath.Join(folder, name), b, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// Refusals counts what officers were refused, by reason, over all starts.
func (s *Side) Refusals() map[string]int {
	s.tally()
	return s.Tally.Refused
}
