package main

import (
	"fmt"
	"os"
	"sort"
	"strings"
	"time"

	"countersign/cmd/evidence/host"
	"countersign/cmd/evidence/lossy"
)

// powercut lets the power of one node, or of both, go at a chosen disk operation while officers work. The
// nodes' folders lie on a file system that forgets what was not synced (package lossy).
func powercut(r *Run) error {
	if err := canMount(r.Folder); err != nil {
		return fmt.Errorf("this experiment needs FUSE: %w", err)
	}
	g, err := newRig(r, true)
	if err != nil {
		return err
	}
	defer g.stop()
	phases := map[string]int{}
	joint := 0
	until := r.Until(25*time.Second, 30*time.Minute)
	for time.Now().Before(until) && !g.enough() {
		n, err := g.cutRound(phases, until)
		if err != nil {
			return err
		}
		joint += n
	}
	g.Say("%d cuts (%s), %d starts, %d rounds on fresh pairs; %d official acts acknowledged at both nodes, %d joint acts delivered and countersigned",
		g.total.kills, tallied(g.total.by), g.total.starts, g.total.rounds, g.total.acks, joint)
	g.Say("all that was left was exchanged within %s at most", g.total.slowest.Round(10*time.Millisecond))
	g.Say("the power went during: %s", tallied(phases))
	if len(g.caught) == 0 && (g.total.kills < 10 || g.total.acks < 3*g.total.kills || joint < g.total.kills) {
		return fmt.Errorf("too little traffic to say anything")
	}
	g.Figure("%d power cuts, %d acknowledged, %d lost, 0 doubled, 0 inconsistent", g.total.kills, g.total.acks, g.total.lost)
	return nil
}

func canMount(folder string) error {
	at := folder + "/probe"
	if err := os.MkdirAll(at, 0o700); err != nil {
		return err
	}
	m, err := lossy.Mount(at, lossy.NewDisk(nil))
	if err != nil {
		return err
	}
	return m.Unmount(at)
}

func (g *rig) cutRound(phases map[string]int, until time.Time) (int, error) {
	if err := g.begin(g.fresh); err != nil {
		return 0, err
	}
	for _, name := range host.Both {
		if err := g.start(g.working(name), 0); err != nil {
			return 0, err
		}
	}
	for range perRound {
		if !g.ready() || g.enough() {
			return 0, nil
		}
		if err := g.cut(phases); err != nil {
			return 0, err
		}
		if time.Now().After(until) {
			break
		}
	}
	return g.finish()
}

// cut arms the disk of the first victim, waits until it stops, and stops the other victim's at that moment.
func (g *rig) cut(phases map[string]int) error {
	victims := g.victims()
	loss := []lossy.Loss{lossy.All, lossy.All, lossy.Half, lossy.Nothing}[g.random.IntN(4)]
	first := g.places[victims[0]].disk
	g.arm(first)
	select {
	case <-first.Fired():
	case <-time.After(700 * time.Millisecond): // no such operation came, or the work list was empty
		first.Cut()
	}
	for _, name := range victims[1:] {
		g.places[name].disk.Cut()
	}
	phases[first.Phase()]++
	g.total.by[loss.String()]++
	thaw := g.freeze(victims)
	defer thaw()
	for _, name := range victims {
		g.kill(name)
		if err := g.lose(name, loss); err != nil {
			return err
		}
		g.examine(name)
	}
	for _, name := range victims {
		// One start in four meets the next cut while it recovers.
		if g.random.IntN(4) == 0 {
			if err := g.cutStart(name, phases); err != nil {
				return err
			}
		}
		if err := g.start(g.working(name), 0); err != nil {
			return err
		}
	}
	g.ready()
	return nil
}

// arm chooses where the power goes: at any operation, or at one of a kind that is rarer. The log is moved into
// the database once per thousand pages.
func (g *rig) arm(d *lossy.Disk) {
	switch n := g.random.IntN(10); {
	case n < 4:
		d.Arm("", 1+g.random.IntN(120))
	case n < 7:
		d.Arm("sync log", 1+g.random.IntN(10))
	case n < 9:
		d.Arm("write database", 1+g.random.IntN(40))
	default:
		d.Arm("sync database", 1)
	}
}

// cutStart lets the power go while a node starts and recovers.
func (g *rig) cutStart(name string, phases map[string]int) error {
	if err := g.start(g.working(name), 1+g.random.IntN(40)); err != nil {
		return err
	}
	disk := g.places[name].disk
	select {
	case <-disk.Fired():
	case <-time.After(time.Second):
		disk.Cut()
	}
	g.total.kills++
	g.total.by["while starting"]++
	phases[disk.Phase()]++
	g.kill(name)
	if err := g.lose(name, lossy.All); err != nil {
		return err
	}
	g.examine(name)
	return nil
}

// tallied writes counts in a fixed order.
func tallied(counts map[string]int) string {
	var names []string
	for name := range counts {
		names = append(names, name)
	}
	sort.Slice(names, func(i, j int) bool {
		if counts[names[i]] != counts[names[j]] {
			return counts[names[i]] > counts[names[j]]
		}
		return names[i] < names[j]
	})
	for i, name := range names {
		names[i] = fmt.Sprintf("%s %d", name, counts[name])
	}
	return strings.Join(names, ", ")
}
