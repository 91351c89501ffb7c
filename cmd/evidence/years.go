package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"countersign/cmd/evidence/host"
	"countersign/cmd/evidence/sim"
	"countersign/internal/store"
	"countersign/internal/store/storetest"
)

const year = 365 * 24 * time.Hour

// years runs whole years of two nodes, a fresh pair and the next seed each, until the time is up.
func years(r *Run) error {
	ctx := context.Background()
	if r.Folder = inMemory(r.Folder); r.Folder == "" {
		return fmt.Errorf("no folder")
	}
	defer os.RemoveAll(r.Folder)
	fresh, err := sim.Fresh(ctx, filepath.Join(r.Folder, "fresh"))
	if err != nil {
		return err
	}
	postgres, err := r.yearsOnPostgres()
	if err != nil {
		return err
	}
	debug.SetGCPercent(400) // the worlds are small, and collecting after each few megabytes is a third of the work
	t := tallies{faults: map[string]int{}, outcomes: map[string]int{}, refused: map[string]int{}}
	until := r.Until(28*time.Second, 60*time.Minute)
	firstOnly := os.Getenv("COUNTERSIGN_EVIDENCE_FIRST") != ""
	for seed := r.Seed; time.Now().Before(until); seed++ {
		r.SoFar("%.1f simulated years, %d acts, %d caught", t.simulated.Hours()/24/365, t.acts(), len(r.caught))
		found, err := r.oneYear(ctx, seed, fresh, postgres, &t, until)
		if err != nil && len(found) == 0 {
			return err
		}
		for _, f := range found {
			r.Caught("%s", f)
		}
		if firstOnly && len(found) > 0 {
			r.Say("seeds until it was caught: %d", seed-r.Seed+1)
			r.caught[0] += fmt.Sprintf(afterSeeds, seed-r.Seed+1, math.Round(t.simulated.Hours()/2.4)/10)
			break
		}
	}
	t.print(r)
	if len(r.caught) == 0 && (t.acts() < 500 || len(t.faults) < 8 || t.outcomes["returned"] == 0) {
		return fmt.Errorf("too little traffic or too few faults to say anything")
	}
	r.Figure("%.1f simulated years of two nodes (seeds %d-%d), %d joint and %d domestic acts, %d faults, no invariant broken", t.simulated.Hours()/24/365,
		r.Seed, r.Seed+uint64(t.worlds)-1, t.joint, t.domestic, sum(t.faults))
	return nil
}

// afterSeeds says how long a planted fault went unseen.
const afterSeeds = " (after %d seeds, %g simulated days)"

type tallies struct {
	worlds, steps   int
	simulated       time.Duration
	joint, domestic int64
	postgres        struct { // of it
		worlds int
		acts   int64
	}
	faults, outcomes, refused map[string]int
	slowest                   time.Duration // to converge after healing
}

func (t *tallies) acts() int64 { return t.joint + t.domestic }

func (r *Run) oneYear(ctx context.Context, seed uint64, fresh map[string]map[string][]byte, postgres map[string][]byte, t *tallies, until time.Time) ([]string, error) {
	w, err := sim.OpenOn(ctx, filepath.Join(r.Folder, fmt.Sprintf("world-%d", seed)), seed, fresh, chosen(postgres, seed))
	if err != nil {
		return nil, err
	}
	defer w.Close()
	limited, cancel := context.WithDeadline(ctx, until)
	defer cancel()
	err = w.Until(limited, year, 250)
	if err == nil && len(w.Found) == 0 {
		healed := w.Heal()
		t.slowest = max(t.slowest, healed)
		w.Judge(true)
	}
	t.add(w)
	return w.Found, err
}

func (t *tallies) add(w *sim.World) {
	t.worlds++
	t.steps += w.Steps
	t.simulated += w.Now().Sub(sim.Start)
	j, d := w.Acts()
	t.joint, t.domestic = t.joint+j, t.domestic+d
	for name, n := range w.Faults {
		t.faults[name] += n
	}
	for name, n := range w.Outcomes() {
		t.outcomes[name] += n
	}
	there := false
	for _, s := range w.Sides {
		if s.OnPostgres() {
			j, d := s.Acts()
			t.postgres.acts, there = t.postgres.acts+j+d, true
		}
		for key, n := range s.Refusals() {
			t.refused[key] += n
		}
	}
	if there {
		t.postgres.worlds++
	}
}

// yearsOnPostgres are the fresh records as backups, where the environment names a server.
func (r *Run) yearsOnPostgres() (map[string][]byte, error) {
	if os.Getenv(storetest.Env) == "" {
		return nil, nil
	}
	all := map[string][]byte{}
	for _, name := range host.Both {
		b, err := backupOf(store.Options{Folder: filepath.Join(r.Folder, "fresh", name), Clock: time.Now})
		if err != nil {
			return nil, err
		}
		all[name] = b
	}
	return all, nil
}

// chosen says by the seed whose record lies in PostgreSQL: one side's, the other's, both or nobody's.
func chosen(backups map[string][]byte, seed uint64) map[string][]byte {
	on := map[string][]byte{}
	for i, name := range host.Both {
		if backups != nil && (seed>>i)&1 == 1 {
			on[name] = backups[name]
		}
	}
	return on
}

func (t *tallies) print(r *Run) {
	r.Say("%d worlds, %d steps, %.1f simulated years, %d joint and %d domestic acts; cases: %s", t.worlds, t.steps, t.simulated.Hours()/24/365, t.joint, t.domestic, tallied(t.outcomes))
	if os.Getenv(storetest.Env) == "" {
		r.Say("all of it on SQLite: %s names no server (tools/with-postgres starts one)", storetest.Env)
	} else {
		r.Say("of it on PostgreSQL: a side or both of %d worlds, %d acts", t.postgres.worlds, t.postgres.acts)
	}
	r.Say("faults: %s", tallied(t.faults))
	r.Say("refused to officers: %s", tallied(t.refused))
	r.Say("converged after healing within %s of simulated time at most", t.slowest)
}

func sum(counts map[string]int) (n int) {
	for _, v := range counts {
		n += v
	}
	return n
}

// inMemory chooses a folder in memory where there is one: these runs are not about the disk.
func inMemory(folder string) string {
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		if f, err := os.MkdirTemp("/dev/shm", "evidence-"); err == nil {
			return f
		}
	}
	return folder
}
