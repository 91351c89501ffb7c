package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"

	"countersign/cmd/evidence/check"
	"countersign/cmd/evidence/host"
	"countersign/cmd/evidence/lossy"
)

// rig is two nodes in processes of their own that are killed, or whose power goes, again and again, while
// officers work at both. What was acknowledged is recorded here, outside the nodes.
type rig struct {
	*Run
	random    *rand.Rand
	fresh     map[string]map[string][]byte // files of both authorities at the start of a round
	addresses map[string]string            // of their exchanges
	fuse      bool                         // data lies on a disk that forgets

	places    map[string]*place
	processes map[string]*host.Process
	acks      map[string][]host.Ack
	seen      *check.Judge      // what the judge of this round has opened and verified before
	schemas   *generations      // older ones, for upgrades
	backups   map[string][]byte // of the fresh records, for PostgreSQL
	total     totals
}

// place is where one node's data lies.
type place struct {
	folder   string
	disk     *lossy.Disk    // nil: the machine's own disk
	mount    *lossy.Mounted // nil: not mounted now
	postgres string         // URL of the schema that holds the record; empty: SQLite in the folder
	drop     func() error   // the schema
}

type totals struct {
	kills, acks, lost, rounds, starts int
	postgres                          struct{ kills, acks int } // of them of nodes on PostgreSQL
	slowest                           time.Duration             // until both had exchanged everything
	by                                map[string]int
}

func newRig(r *Run, fuse bool) (*rig, error) {
	g := &rig{Run: r, random: rand.New(rand.NewPCG(r.Seed, 7)), fuse: fuse, fresh: map[string]map[string][]byte{}, addresses: map[string]string{}, total: totals{by: map[string]int{}}}
	folders := map[string]string{}
	for _, name := range host.Both {
		folders[name] = filepath.Join(r.Folder, "fresh", name)
	}
	if err := host.Pair(context.Background(), folders, host.Random, nil); err != nil {
		return nil, fmt.Errorf("pair: %w", err)
	}
	for name, folder := range folders {
		files, err := readFolder(folder)
		if err != nil {
			return nil, err
		}
		g.fresh[name] = files
	}
	addresses, err := host.Ports(2)
	if err != nil {
		return nil, err
	}
	g.addresses[host.GB], g.addresses[host.AL] = addresses[0], addresses[1]
	return g, nil
}

// readFolder reads the files of a folder whose process has ended. Shared memory is no data.
func readFolder(folder string) (map[string][]byte, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), "-shm") || e.IsDir() {
			continue
		}
		if files[e.Name()], err = os.ReadFile(filepath.Join(folder, e.Name())); err != nil {
			return nil, err
		}
	}
	return files, nil
}

func writeFolder(folder string, files map[string][]byte) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	for name, b := range files {
		if strings.HasSuffix(name, "-shm") {
			continue
		}
		if err := os.WriteFile(filepath.Join(folder, name), b, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// begin starts a round on fresh folders.
func (g *rig) begin(files map[string]map[string][]byte) error {
	g.stop()
	g.total.rounds++
	if g.total.kills > 0 { // the benches use the disk of a rig and kill nobody
		g.SoFar("%d kills or cuts, %d acknowledged, %d lost, %d caught", g.total.kills, g.total.acks, g.total.lost, len(g.caught))
	}
	g.seen = check.NewJudge()
	g.places, g.processes, g.acks = map[string]*place{}, map[string]*host.Process{}, map[string][]host.Ack{}
	for _, name := range host.Both {
		p := &place{folder: filepath.Join(g.Folder, fmt.Sprintf("round-%d", g.total.rounds), name)}
		g.places[name] = p
		if g.fuse {
			p.disk = lossy.NewDisk(files[name])
			if err := os.MkdirAll(p.folder, 0o700); err != nil {
				return err
			}
			continue
		}
		if err := writeFolder(p.folder, files[name]); err != nil {
			return err
		}
	}
	return nil
}

// beginWhole starts a round on fresh folders, with records in PostgreSQL where chance says so.
func (g *rig) beginWhole() error {
	if err := g.begin(g.fresh); err != nil {
		return err
	}
	for _, name := range g.onPostgres() {
		if g.backups[name] == nil {
			b, err := backupOf(g.places[name].where())
			if err != nil {
				return err
			}
			if g.backups == nil {
				g.backups = map[string][]byte{}
			}
			g.backups[name] = b
		}
		if err := g.movePostgres(name, from(g.backups[name])); err != nil {
			return err
		}
	}
	return nil
}

// slot is the time between the frames that say nothing; what is new leaves at once.
const slot = 200 * time.Millisecond

// job is what a node does after its next start.
func (g *rig) job(name string, callers int) host.Job {
	return host.Job{Authority: name, Folder: g.places[name].folder, Exchange: g.addresses[name], PeerURL: "http://" + g.addresses[host.PeerOf(name)], Postgres: g.places[name].postgres,
		Seed: g.random.Uint64(), Callers: callers, Slot: slot.Milliseconds()}
}

// working is a job of officers at work. They are at the desk, so the pages, which cost more than half of a start, are
// served at one start in eight.
func (g *rig) working(name string) host.Job {
	j := g.job(name, 6)
	j.Headless = g.random.IntN(8) > 0
	return j
}

// start starts a node; arm, if not 0, lets the power go at that disk operation counted from the start.
func (g *rig) start(job host.Job, arm int) error {
	p := g.places[job.Authority]
	if p.disk != nil && p.mount == nil {
		if arm > 0 {
			p.disk.Arm("", arm)
		}
		m, err := lossy.Mount(p.folder, p.disk)
		if err != nil {
			return fmt.Errorf("mount the disk that forgets: %w", err)
		}
		p.mount = m
	}
	process, err := host.Start(job)
	if err != nil {
		return err
	}
	g.total.starts++
	g.processes[job.Authority] = process
	return nil
}

// How long a node may take to serve, and two nodes to exchange what is left: the second is the target of the figure. Both
// take a fraction of a second; the slowest exchange is printed. On a machine that is busy with other things a node may
// starve longer, and the run then says so as a finding: it is to be repeated on a quiet one.
const (
	toServe = 30 * time.Second
	toHeal  = 60 * time.Second
)

// ready waits until all started nodes serve. A node that does not start again is a finding.
func (g *rig) ready() bool {
	for _, name := range host.Both {
		if p := g.processes[name]; p != nil {
			if err := p.Ready(toServe); err != nil {
				g.Caught("I1: %v", err)
				return false
			}
		}
	}
	return true
}

// freeze stops, three times in four, the node that goes on while the victims are judged and started again. What it would
// do meanwhile is seen at the fourth time; frozen it costs nothing, and meets its peer again as after a pause.
func (g *rig) freeze(victims []string) (thaw func()) {
	thaw = func() {}
	if len(victims) == len(host.Both) || g.random.IntN(4) == 0 {
		return thaw
	}
	other := g.processes[host.PeerOf(victims[0])]
	if other == nil {
		return thaw
	}
	g.total.by["other one frozen"]++
	other.Freeze()
	return other.Thaw
}

// kill ends a node's process and keeps what it acknowledged.
func (g *rig) kill(name string) {
	p := g.processes[name]
	if p == nil {
		return
	}
	p.Kill()
	g.acks[name] = append(g.acks[name], p.Acks()...)
	g.total.acks += len(p.Acks())
	if g.places[name].postgres != "" {
		g.total.postgres.kills++
		g.total.postgres.acks += len(p.Acks())
	}
	if err := p.Failure(); err != nil && (g.places[name].disk == nil || g.places[name].disk.Phase() == "") {
		g.Caught("I1: %s stopped by itself: %v", name, err)
	}
	delete(g.processes, name)
}

// lose takes the disk away and brings back what survives.
func (g *rig) lose(name string, loss lossy.Loss) error {
	p := g.places[name]
	if p.disk == nil {
		return nil
	}
	if p.mount != nil {
		if err := p.mount.Unmount(p.folder); err != nil {
			return fmt.Errorf("unmount: %w", err)
		}
		p.mount = nil
	}
	p.disk = p.disk.After(loss, g.random)
	return nil
}

// judge reads a copy of what a stopped node left, before the product has repaired anything.
func (g *rig) judge(name string) (*check.Record, error) {
	p := g.places[name]
	if p.postgres != "" {
		return p.read(g.seen, name)
	}
	files, err := map[string][]byte(nil), error(nil)
	if p.disk != nil {
		files = p.disk.Files()
	} else if files, err = readFolder(p.folder); err != nil {
		return nil, err
	}
	folder := filepath.Join(g.Folder, "judge-"+name)
	defer os.RemoveAll(folder)
	if err := writeFolder(folder, files); err != nil {
		return nil, err
	}
	return (&place{folder: folder}).read(g.seen, name)
}

// read gives the record of a place to a judge.
func (p *place) read(judge *check.Judge, name string) (*check.Record, error) {
	if p.postgres != "" {
		return judge.ReadPostgres(p.postgres, p.folder, name)
	}
	return judge.Read(p.folder, name)
}

// examine judges one stopped node by itself and against what it acknowledged.
func (g *rig) examine(name string) *check.Record {
	record, err := g.judge(name)
	if err != nil {
		g.Caught("I1: %s: the record cannot be read: %v", name, err)
		return nil
	}
	lost, problems := record.Missing(g.acks[name])
	g.total.lost += lost
	for _, p := range append(problems, record.Problems()...) {
		g.Caught("%s", p)
	}
	return record
}

// finish lets both nodes exchange what is left without officers, stops them and judges both records together.
func (g *rig) finish() (joint int, err error) {
	joint, err = g.settle()
	g.clear()
	return joint, err
}

// clear gives the room of a round back.
func (g *rig) clear() {
	for _, name := range host.Both {
		os.RemoveAll(g.places[name].folder)
		g.leavePostgres(name)
	}
}

// settle is finish that leaves the data of both where they are.
func (g *rig) settle() (joint int, err error) {
	for _, name := range host.Both {
		g.kill(name)
		if err := g.lose(name, lossy.Nothing); err != nil {
			return 0, err
		}
	}
	for _, name := range host.Both {
		if err := g.start(g.job(name, 0), 0); err != nil {
			return 0, err
		}
	}
	if g.ready() {
		began := time.Now()
		for _, name := range host.Both {
			g.processes[name].Settled(toHeal)
		}
		g.total.slowest = max(g.total.slowest, time.Since(began))
		time.Sleep(200 * time.Millisecond) // refusals that were made meanwhile cross as well
	}
	records := map[string]*check.Record{}
	for _, name := range host.Both {
		g.kill(name)
		if err := g.lose(name, lossy.Nothing); err != nil {
			return 0, err
		}
		if records[name] = g.examine(name); records[name] == nil {
			return 0, nil
		}
	}
	for _, p := range check.Together(records, true) {
		g.Caught("%s", p)
	}
	for _, name := range host.Both {
		joint += len(records[host.PeerOf(name)].Stream(name).Entries)
	}
	return joint, nil
}

// stop ends whatever still runs.
func (g *rig) stop() {
	for _, name := range host.Both {
		if p := g.processes[name]; p != nil {
			p.Kill()
		}
		if p := g.places[name]; p != nil && p.mount != nil {
			p.mount.Unmount(p.folder)
		}
		g.leavePostgres(name)
	}
	g.processes, g.places = map[string]*host.Process{}, map[string]*place{}
}
