package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"countersign/cmd/evidence/host"
	"countersign/cmd/evidence/sim"
	"countersign/cmd/evidence/tampering"
)

// tamper lets root rewrite one node's record, with all keys that lie on its machine, in what the peer has
// countersigned and in what it has not, and prints what finds it: the node's own audit, the next exchange with
// the peer, or both records side by side. An attack on countersigned acts that neither audit nor exchange finds
// is a finding; what is not found in acts that no one else has is printed as such.
func tamper(r *Run) error {
	ctx := context.Background()
	if r.Folder = inMemory(r.Folder); r.Folder == "" {
		return fmt.Errorf("no folder")
	}
	defer os.RemoveAll(r.Folder)
	fresh, err := sim.Fresh(ctx, filepath.Join(r.Folder, "fresh"))
	if err != nil {
		return err
	}
	until := r.Until(30*time.Second, 10*time.Minute)
	t := &trials{Run: r, fresh: fresh, found: map[string]int{}, how: map[string]string{}, done: map[string]int{}}
	attacks := append([]tampering.Attack{{Name: "none (control)"}, {Name: "copy an old database back"}}, tampering.Attacks...)
	rounds := 0
	for ; rounds == 0 || !r.Quick && time.Now().Before(until); rounds++ {
		for _, countersigned := range []bool{true, false} {
			for _, a := range attacks {
				if err := t.one(ctx, a, countersigned, rounds); err != nil {
					return fmt.Errorf("%s: %w", a.Name, err)
				}
			}
		}
	}
	t.table(attacks)
	r.Figure("%d attacks in %d rounds: all %d on countersigned acts found by audit or exchange; on acts that only this node has, %d of %d found", sum(t.done), rounds,
		t.found["countersigned"], t.found["alone"], t.done["alone"])
	return nil
}

type trials struct {
	*Run
	fresh       map[string]map[string][]byte
	found, done map[string]int
	how         map[string]string
}

func where(countersigned bool) string {
	if countersigned {
		return "countersigned"
	}
	return "alone"
}

func (t *trials) one(ctx context.Context, a tampering.Attack, countersigned bool, round int) error {
	w, err := sim.Open(ctx, filepath.Join(t.Folder, "world"), t.Seed*100+uint64(round), t.fresh)
	if err != nil {
		return err
	}
	defer w.Close()
	w.Calm = true
	gb := w.Sides[host.GB]
	if err := w.Work(host.GB, 12+round%5); err != nil {
		return err
	}
	w.Heal()
	if !countersigned {
		w.Apart()
	}
	old, err := gb.Keep(true)
	if err != nil {
		return err
	}
	first := gb.Size()
	if err := w.Work(host.GB, 9); err != nil {
		return err
	}
	if countersigned {
		w.Heal()
		w.Apart()
	}
	if a.Do == nil && a.Name != "none (control)" {
		if err := gb.Restore(old); err != nil {
			return err
		}
	} else {
		folder := gb.Stop()
		if a.Do != nil {
			if err := attack(folder, a, first+4); err != nil {
				return err
			}
		}
		if err := gb.Start(); err != nil {
			t.note(a, countersigned, "the node does not start: "+err.Error(), "", "")
			return nil
		}
	}
	t.note(a, countersigned, w.Audit(host.GB), w.Meet(), w.Compare())
	return nil
}

func attack(folder string, a tampering.Attack, at int64) error {
	root, err := tampering.Open(folder, host.GB)
	if err != nil {
		return err
	}
	defer root.Close()
	return a.Do(root, at)
}

func (t *trials) note(a tampering.Attack, countersigned bool, audit, exchange, compare string) {
	key := where(countersigned)
	if a.Name == "none (control)" {
		if audit+exchange+compare != "" {
			t.Caught("false alarm on a record that nobody touched: %s %s %s", audit, exchange, compare)
		}
		return
	}
	t.done[key]++
	if audit != "" || exchange != "" {
		t.found[key]++
	} else if countersigned {
		t.Caught("%s in countersigned acts: found neither by audit nor by exchange (side by side: %q)", a.Name, compare)
	}
	t.how[key+a.Name] = fmt.Sprintf("audit: %s; exchange: %s; side by side: %s", or(audit), or(exchange), or(compare))
}

func or(s string) string {
	if s == "" {
		return "nothing"
	}
	if len(s) > 90 {
		return s[:90] + "..."
	}
	return s
}

func (t *trials) table(attacks []tampering.Attack) {
	for _, countersigned := range []bool{true, false} {
		if countersigned {
			t.Say("in acts that the peer has countersigned:")
		} else {
			t.Say("in acts that only this node has (no head of them was ever sent):")
		}
		for _, a := range attacks {
			if how, ok := t.how[where(countersigned)+a.Name]; ok {
				t.Say("  %-50s %s", a.Name, how)
			}
		}
	}
}
