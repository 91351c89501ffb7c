package main

import (
	"fmt"
	"time"

	"countersign/cmd/evidence/host"
)

// diskfull lets the disk of one node run full while officers work, and gives it room again: while it is full the
// node refuses acts and goes on running; afterwards it takes acts again without a restart; nothing that was
// acknowledged is missing. One time in three the node is killed while its disk is full.
func diskfull(r *Run) error {
	if err := canMount(r.Folder); err != nil {
		return fmt.Errorf("this experiment needs FUSE: %w", err)
	}
	g, err := newRig(r, true)
	if err != nil {
		return err
	}
	defer g.stop()
	until := r.Until(25*time.Second, 10*time.Minute)
	full, resumed, joint, refused := 0, 0, 0, 0
	for time.Now().Before(until) && !g.enough() {
		if err := g.begin(g.fresh); err != nil {
			return err
		}
		for _, name := range host.Both {
			if err := g.start(g.working(name), 0); err != nil {
				return err
			}
		}
		for range 4 {
			if !g.ready() || g.enough() {
				break
			}
			again, no, err := g.fill(host.Both[g.random.IntN(2)])
			if err != nil {
				return err
			}
			full++
			refused += no
			if again {
				resumed++
			}
		}
		n, err := g.finish()
		if err != nil {
			return err
		}
		joint += n
	}
	r.Say("the disk of a node was full %d times: %d commands were refused with a plain word, %d times the node went on by itself, %d times it was killed while full and started again; %d acts acknowledged, %d joint acts delivered",
		full, refused, resumed, full-resumed, g.total.acks, joint)
	if len(r.caught) == 0 && (full < 4 || refused < full || g.total.acks < 20*full) {
		return fmt.Errorf("too little traffic, or the disk was never really full")
	}
	r.Figure("%d full disks, %d commands refused, %d acknowledged, %d lost, every node went on", full, refused, g.total.acks, g.total.lost)
	return nil
}

// fill lets one node's disk run full, looks that it refuses, and gives it room again.
func (g *rig) fill(name string) (resumed bool, refused int, err error) {
	p, disk := g.processes[name], g.places[name].disk
	time.Sleep(time.Duration(100+g.random.IntN(200)) * time.Millisecond)
	disk.Limit(disk.Used() + int64(g.random.IntN(64<<10)))
	before := p.Refused("fault.store.full")
	for deadline := time.Now().Add(3 * time.Second); time.Now().Before(deadline) && p.Refused("fault.store.full") < before+5; {
		time.Sleep(10 * time.Millisecond)
	}
	refused = p.Refused("fault.store.full") - before
	if err := p.Failure(); err != nil {
		g.Caught("I1: %s stopped because its disk was full: %v", name, err)
	}
	if g.random.IntN(3) == 0 {
		g.kill(name)
		disk.Limit(0)
		if err := g.lose(name, 0); err != nil {
			return false, refused, err
		}
		g.examine(name)
		return false, refused, g.start(g.working(name), 0)
	}
	disk.Limit(0)
	count := p.Count()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); {
		if p.Count() > count {
			return true, refused, nil
		}
		if name == host.AL && g.processes[host.GB] == nil {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	g.Caught("I8: %s takes no acts 10 s after its disk had room again", name)
	return false, refused, nil
}
