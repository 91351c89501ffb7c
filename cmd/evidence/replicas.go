package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"countersign/cmd/evidence/check"
	"countersign/cmd/evidence/host"
	"countersign/internal/store"
	"countersign/internal/store/storetest"
)

// replicas kills replicas of one node that share one PostgreSQL, and their peer, at random times while officers work
// at all of them. After each kill the shared record is judged as it stands, with the others still at work.
func replicas(r *Run) error {
	server := os.Getenv(storetest.Env)
	if server == "" {
		return r.withPostgres()
	}
	g, err := newShared(r, server)
	if err != nil {
		return err
	}
	defer g.stop()
	until := r.Until(24*time.Second, 30*time.Minute)
	for time.Now().Before(until) && len(g.caught) == 0 {
		if err := g.round(until); err != nil {
			return err
		}
	}
	r.Say("%d kills (%s), %d rounds; %d official acts acknowledged by two replicas and their peer, %d joint acts delivered and countersigned; the record was judged %d times at work",
		g.kills, tallied(g.by), g.rounds, g.acked, g.joint, g.judged)
	if len(r.caught) == 0 && (g.kills < 6 || g.acked < 10*g.kills || g.joint < g.kills) {
		return fmt.Errorf("too little traffic to say anything")
	}
	r.Figure("%d kills of replicas on one PostgreSQL and of their peer, %d acknowledged, 0 lost, 0 doubled, 0 inconsistent", g.kills, g.acked)
	return nil
}

// withPostgres runs this experiment again beside a server of its own.
func (r *Run) withPostgres() error {
	root, err := moduleRoot()
	if err != nil {
		return fmt.Errorf("needs the sources, or %s: %w", storetest.Env, err)
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	args := []string{self, r.Name, "-seed", strconv.FormatUint(r.Seed, 10), "-folder", r.Folder}
	if r.Quick {
		args = append(args, "-quick")
	}
	if r.Duration > 0 {
		args = append(args, "-duration", r.Duration.String())
	}
	var out bytes.Buffer
	c := exec.Command(filepath.Join(root, "tools", "with-postgres"), args...)
	c.Env = append(os.Environ(), storetest.Env+"=")
	c.Stdout, c.Stderr = io.MultiWriter(&out, r.out), os.Stderr
	err = c.Run()
	last := strings.TrimPrefix(lastLine(out.String()), r.Name+": ")
	if _, what, ok := strings.Cut(last, ": "); ok && strings.HasPrefix(last, "CAUGHT ") {
		last = what
	}
	var exit *exec.ExitError
	switch {
	case err == nil:
		r.Figure("%s", last)
		return nil
	case errors.As(err, &exit) && exit.ExitCode() == 1:
		r.Caught("%s", last)
		return nil
	}
	return fmt.Errorf("%s: %w", last, err)
}

// shared is two replicas of gb on one PostgreSQL, and al on SQLite.
type shared struct {
	*rig
	server     string
	backup     []byte // gb's fresh record
	places     map[string]string
	urls       map[string]string // own addresses
	url        string            // of the shared record
	dropSchema func() error
	running    map[string]*host.Process
	acks       map[string][]host.Ack // by authority
	kills      int
	acked      int
	joint      int
	judged     int
	rounds     int
	by         map[string]int
}

// Seats of the three processes.
const (
	first  = "gb-1"
	second = "gb-2"
	peer   = "al"
)

var seats = []string{first, second, peer}

func authorityOf(seat string) string { return seat[:2] }

func newShared(r *Run, server string) (*shared, error) {
	g, err := newRig(r, false)
	if err != nil {
		return nil, err
	}
	s := &shared{rig: g, server: server, urls: map[string]string{}, by: map[string]int{}}
	ports, err := host.Ports(3)
	if err != nil {
		return nil, err
	}
	for i, seat := range seats {
		s.urls[seat] = ports[i]
	}
	fresh := filepath.Join(r.Folder, "fresh", host.GB)
	s.backup, err = backupOf(store.Options{Folder: fresh, Clock: time.Now})
	return s, err
}

// round works on a fresh pair: kills, restarts, and at the end both records side by side.
func (s *shared) round(until time.Time) error {
	if err := s.open(); err != nil {
		return err
	}
	defer s.drop()
	for _, seat := range seats {
		if err := s.run(seat, 4); err != nil {
			return err
		}
	}
	for range perRound {
		if !s.serving() {
			return nil
		}
		time.Sleep(time.Duration(s.random.IntN(250_000)) * time.Microsecond)
		victims := [][]string{{first}, {second}, {first, second}, {peer}, seats}[s.random.IntN(5)]
		s.kills++
		s.by[strings.Join(victims, " and ")]++
		for _, seat := range victims {
			s.end(seat)
		}
		if s.examineShared(); len(s.caught) > 0 {
			return nil
		}
		for _, seat := range victims {
			if err := s.run(seat, 4); err != nil {
				return err
			}
		}
		if time.Now().After(until) {
			break
		}
	}
	return s.converge()
}

func (s *shared) open() error {
	s.rounds++
	s.seen = check.NewJudge()
	s.places, s.running, s.acks = map[string]string{}, map[string]*host.Process{}, map[string][]host.Ack{}
	for _, name := range host.Both {
		s.places[name] = filepath.Join(s.Folder, fmt.Sprintf("shared-%d", s.rounds), name)
		if err := writeFolder(s.places[name], s.fresh[name]); err != nil {
			return err
		}
	}
	if err := os.Remove(filepath.Join(s.places[host.GB], "countersign.db")); err != nil {
		return err
	}
	var err error
	if s.url, s.dropSchema, err = storetest.Schema(s.server); err != nil {
		return err
	}
	return from(s.backup)(store.Options{Postgres: s.url, Clock: time.Now})
}

// run starts the process of a seat. The peer calls the first replica; both replicas may call the peer.
func (s *shared) run(seat string, callers int) error {
	name := authorityOf(seat)
	job := host.Job{Authority: name, Folder: s.places[name], Exchange: s.urls[seat], PeerURL: "http://" + s.urls[peer], Seed: s.random.Uint64(), Callers: callers, Slot: slot.Milliseconds(), Headless: true}
	if name == host.GB {
		job.Postgres = s.url
	} else {
		job.PeerURL = "http://" + s.urls[first]
	}
	p, err := host.Start(job)
	if err == nil {
		s.running[seat] = p
	}
	return err
}

func (s *shared) serving() bool {
	for _, seat := range seats {
		if p := s.running[seat]; p != nil {
			if err := p.Ready(toServe); err != nil {
				s.Caught("I1: %s: %v", seat, err)
				return false
			}
		}
	}
	return true
}

// end kills a process and keeps what it acknowledged.
func (s *shared) end(seat string) {
	p := s.running[seat]
	if p == nil {
		return
	}
	p.Kill()
	s.acks[authorityOf(seat)] = append(s.acks[authorityOf(seat)], p.Acks()...)
	s.acked += len(p.Acks())
	if err := p.Failure(); err != nil {
		s.Caught("I1: %s stopped by itself: %v", seat, err)
	}
	delete(s.running, seat)
}

// examineShared judges the record that the replicas share, at this moment, against all that any of them acknowledged.
func (s *shared) examineShared() *check.Record {
	acks := append([]host.Ack(nil), s.acks[host.GB]...)
	for _, seat := range []string{first, second} {
		if p := s.running[seat]; p != nil {
			acks = append(acks, p.Acks()...)
		}
	}
	r, err := s.seen.ReadPostgres(s.url, s.places[host.GB], host.GB)
	if err != nil {
		s.Caught("I1: the shared record cannot be read: %v", err)
		return nil
	}
	s.judged++
	return s.judgeRecord(r, acks)
}

func (s *shared) judgeRecord(r *check.Record, acks []host.Ack) *check.Record {
	_, lost := r.Missing(acks)
	for _, p := range append(lost, r.Problems()...) {
		s.Caught("%s", p)
	}
	return r
}

// converge lets one replica and the peer exchange what is left, and judges both records together.
func (s *shared) converge() error {
	for _, seat := range seats {
		s.end(seat)
	}
	for _, seat := range []string{first, peer} {
		if err := s.run(seat, 0); err != nil {
			return err
		}
	}
	if !s.serving() {
		return nil
	}
	for _, seat := range []string{first, peer} {
		s.running[seat].Settled(toHeal)
	}
	time.Sleep(200 * time.Millisecond)
	for _, seat := range seats {
		s.end(seat)
	}
	records := map[string]*check.Record{host.GB: s.examineShared()}
	al, err := s.seen.Read(s.places[host.AL], host.AL)
	if err != nil {
		s.Caught("I1: al: the record cannot be read: %v", err)
	}
	if al == nil || records[host.GB] == nil {
		return nil
	}
	records[host.AL] = s.judgeRecord(al, s.acks[host.AL])
	for _, p := range check.Together(records, true) {
		s.Caught("%s", p)
	}
	for _, name := range host.Both {
		s.joint += len(records[host.PeerOf(name)].Stream(name).Entries)
	}
	return nil
}

// drop ends what still runs and gives the room back.
func (s *shared) drop() {
	for _, p := range s.running {
		p.Kill()
	}
	s.running = map[string]*host.Process{}
	if err := s.dropSchema(); err != nil {
		s.Say("the schema of a round could not be dropped: %v", err)
	}
	os.RemoveAll(filepath.Dir(s.places[host.GB]))
}
