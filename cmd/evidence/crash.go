package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"countersign/cmd/evidence/host"
	"countersign/internal/store"
)

// crash kills nodes with SIGKILL at random times while officers work: the sender, the receiver, or both.
// One round in eight kills a node while it makes its schema, two in eight while it brings an older one up to date. It says nothing about power loss; powercut does: what a
// killed process has written the kernel keeps, so that the data may lie in memory.
func crash(r *Run) error {
	if r.Folder = inMemory(r.Folder); r.Folder == "" {
		return fmt.Errorf("no folder")
	}
	defer os.RemoveAll(r.Folder)
	g, err := newRig(r, false)
	if err != nil {
		return err
	}
	defer g.stop()
	until := r.Until(25*time.Second, 30*time.Minute)
	joint := 0
	for time.Now().Before(until) && !g.enough() {
		if g.total.rounds%8 == 7 {
			if err := g.crashBirth(12); err != nil {
				return err
			}
			continue
		}
		round := func() (int, error) { return g.crashRound(until) }
		if g.total.rounds%4 == 1 {
			round = g.crashUpgrade
		}
		n, err := round()
		if err != nil {
			return err
		}
		joint += n
	}
	g.Say("%d kills (%s), %d starts, %d rounds on fresh pairs; %d official acts acknowledged at both nodes, %d joint acts delivered and countersigned",
		g.total.kills, tallied(g.total.by), g.total.starts, g.total.rounds, g.total.acks, joint)
	g.Say("all that was left was exchanged within %s at most", g.total.slowest.Round(10*time.Millisecond))
	g.sayPostgres()
	if len(g.caught) == 0 && (g.total.kills < 10 || g.total.acks < 20*g.total.kills/4 || joint < g.total.kills) {
		return fmt.Errorf("too little traffic to say anything")
	}
	g.Figure("%d kills, %d acknowledged, %d lost, 0 doubled, 0 inconsistent", g.total.kills, g.total.acks, g.total.lost)
	return nil
}

// enough stops early only when something was caught: one is as good as many.
func (g *rig) enough() bool {
	return len(g.caught) > 0 && os.Getenv("COUNTERSIGN_EVIDENCE_FIRST") != ""
}

// perRound bounds the size of a record, which is judged after every kill.
const perRound = 20

func (g *rig) crashRound(until time.Time) (int, error) {
	if err := g.beginWhole(); err != nil {
		return 0, err
	}
	backups := map[string]string{}
	job := func(name string) host.Job {
		j := g.working(name)
		j.Backup = backups[name]
		return j
	}
	for _, name := range host.Both {
		if g.random.IntN(3) == 0 { // this node makes one backup after the other meanwhile
			backups[name] = filepath.Join(g.Folder, "backups-"+name)
		}
		if err := g.start(job(name), 0); err != nil {
			return 0, err
		}
	}
	for range perRound {
		if !g.ready() || g.enough() {
			return 0, nil
		}
		victims := g.victims()
		g.atWork(victims[0])
		for _, name := range victims {
			go g.processes[name].Signal() // both at the same moment; kill then waits
		}
		thaw := g.freeze(victims)
		for _, name := range victims {
			g.kill(name)
			g.examine(name)
			if backups[name] != "" {
				g.total.by["while backing up"]++
				g.examineBackups(name, backups[name])
			}
		}
		for _, name := range victims {
			if g.random.IntN(4) == 0 { // one start in four is cut short as well
				if err := g.crashStart(job(name)); err != nil {
					return 0, err
				}
			}
			if err := g.start(job(name), 0); err != nil {
				return 0, err
			}
		}
		if !g.ready() {
			thaw()
			return 0, nil
		}
		thaw()
		if time.Now().After(until) {
			break
		}
	}
	return g.finish()
}

// atWork waits until a node has acknowledged a random number of acts since its start, and then for a random part of a
// commit. It goes by acts and not by time alone, so that a kill on a busy machine meets as much work as on a quiet one.
func (g *rig) atWork(name string) {
	g.processes[name].Await(g.random.IntN(24), time.Second)
	time.Sleep(time.Duration(g.random.IntN(8_000)) * time.Microsecond)
}

// crashStart kills a node at a random time while it starts on what a kill has left.
func (g *rig) crashStart(job host.Job) error {
	if err := g.start(job, 0); err != nil {
		return err
	}
	time.Sleep(time.Duration(g.random.IntN(120_000)) * time.Microsecond)
	g.total.kills++
	g.total.by["while starting"]++
	g.kill(job.Authority)
	g.examine(job.Authority)
	return nil
}

// victims chooses who dies.
func (g *rig) victims() []string {
	g.total.kills++
	who := [][]string{{host.GB}, {host.AL}, {host.GB, host.AL}}[g.random.IntN(3)]
	if len(who) == 2 {
		g.total.by["both"]++
	} else {
		g.total.by[who[0]]++
	}
	return who
}

// crashBirth kills a node while it opens for the first time and makes its schema; it must open afterwards.
func (g *rig) crashBirth(times int) error {
	bare := map[string]map[string][]byte{}
	for _, name := range host.Both {
		bare[name] = map[string][]byte{}
		for file, b := range g.fresh[name] {
			if filepath.Ext(file) == ".json" {
				bare[name][file] = b
			}
		}
	}
	if err := g.begin(bare); err != nil {
		return err
	}
	if len(g.onPostgres()) > 0 {
		if err := g.movePostgres(host.GB, func(store.Options) error { return nil }); err != nil {
			return err
		}
	}
	for range times {
		job := g.job(host.GB, 0)
		job.Bare = true
		if err := g.start(job, 0); err != nil {
			return err
		}
		time.Sleep(time.Duration(g.random.IntN(200_000)) * time.Microsecond)
		g.kill(host.GB)
		g.total.kills++
		g.total.by["first start"]++
	}
	job := g.job(host.GB, 0)
	job.Bare = true
	if err := g.start(job, 0); err != nil {
		return err
	}
	if g.ready() {
		time.Sleep(50 * time.Millisecond)
		g.kill(host.GB)
		g.examine(host.GB)
	}
	g.clear()
	return nil
}
