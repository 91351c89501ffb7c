package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"countersign/cmd/evidence/host"
	"countersign/cmd/evidence/sim"
)

// restore brings a node back from a past that is k joint acts old, for every k of a range: from a backup as the
// product makes it, and from database files that somebody copied back.
func restore(r *Run) error {
	ctx := context.Background()
	if r.Folder = inMemory(r.Folder); r.Folder == "" {
		return fmt.Errorf("no folder")
	}
	defer os.RemoveAll(r.Folder)
	fresh, err := sim.Fresh(ctx, filepath.Join(r.Folder, "fresh"))
	if err != nil {
		return err
	}
	debug.SetGCPercent(400) // as in years
	until := r.Until(28*time.Second, 20*time.Minute)
	firstOnly := os.Getenv("COUNTERSIGN_EVIDENCE_FIRST") != ""
	trials, largest, lostActs, whole := map[string]int{}, -1, 0, -1
	first, last, err := r.ages()
	if err != nil {
		return err
	}
	for k := first; k <= last && time.Now().Before(until); k++ {
		r.SoFar("every k from %d to %d, %d caught", first, whole, len(r.caught))
		age := k
		if r.Quick {
			age = []int{0, 1, 500, 2, 3, 7, 20, 45, 90, 150, 300}[k%11]
		}
		for _, name := range host.Both {
			files := (k+len(name)+int(name[0]))%2 == 0
			found, err := r.oneRestore(ctx, fresh, name, age, files, uint64(k))
			if err != nil && len(found) == 0 {
				return fmt.Errorf("k=%d at %s: %w", age, name, err)
			}
			for _, f := range found {
				r.Caught("k=%d at %s (%s): %s", age, name, pastName(files), f)
			}
			trials[name+" from "+pastName(files)]++
			largest, lostActs = max(largest, age), lostActs+age
			if firstOnly && len(found) > 0 {
				return nil
			}
			if time.Now().After(until) {
				break
			}
		}
		if r.Quick && k == 10 {
			break
		}
		whole = k
	}
	if !r.Quick && len(r.caught) == 0 {
		r.note("every k from %d to %d", first, whole)
	}
	r.Say("restores: %s; oldest past %d joint acts back, %d joint acts taken back or checked in all", tallied(trials), largest, lostActs)
	if len(r.caught) == 0 && (sum(trials) < 6 || lostActs < 20) {
		return fmt.Errorf("too few restores to say anything")
	}
	r.Figure("%d restores of a past up to %d joint acts old%s: every one noticed, no acknowledged joint act missing afterwards, no fork, no gate open",
		sum(trials), largest, strings.Join(append([]string{""}, r.notes...), ", "))
	return nil
}

// oldest is the largest age of a past, in joint acts.
const oldest = 500

// ages are the first and the last k: all, or those of -part, such as 99-500.
func (r *Run) ages() (first, last int, err error) {
	if r.parts == "" {
		return 0, oldest, nil
	}
	if n, err := fmt.Sscanf(r.parts, "%d-%d", &first, &last); n != 2 || err != nil || first < 0 || last < first {
		return 0, 0, fmt.Errorf("-part %s: write the ages as 99-500", r.parts)
	}
	return first, last, nil
}

func pastName(files bool) string {
	if files {
		return "copied files"
	}
	return "backup"
}

func (r *Run) oneRestore(ctx context.Context, fresh map[string]map[string][]byte, name string, age int, files bool, k uint64) ([]string, error) {
	w, err := sim.Open(ctx, filepath.Join(r.Folder, fmt.Sprintf("world-%s-%d", name, k)), r.Seed*1000+k, fresh)
	if err != nil {
		return nil, err
	}
	defer w.Close()
	w.Calm = true
	for range 8 {
		if err := w.Step(); err != nil {
			return w.Found, err
		}
	}
	w.Heal()
	old, err := w.Sides[name].Keep(files)
	if err != nil {
		return nil, err
	}
	if err := w.Work(name, age); err != nil {
		return w.Found, err
	}
	w.Heal()
	if err := w.Sides[name].Restore(old); err != nil {
		return w.Found, err
	}
	w.Recover(name, old, age)
	for range 6 {
		if err := w.Step(); err != nil {
			return w.Found, err
		}
	}
	w.Heal()
	w.Judge(true)
	return w.Found, nil
}
