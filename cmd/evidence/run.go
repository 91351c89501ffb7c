package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"slices"
	"strings"
	"time"
)

// Run is one run of an experiment and what it found.
type Run struct {
	Name     string
	Quick    bool
	Seed     uint64
	Duration time.Duration
	Folder   string

	out     io.Writer
	started time.Time
	said    time.Time // when SoFar spoke last
	caught  []string
	figure  string
	notes   []string // of the parts, for the figure
	fromN   int      // start seeds that each planted fault is tried from
	parts   string   // of the experiment, by name; empty: all
	profile string   // file for a processor profile; empty: none
	only    string   // one planted fault, or the mutants whose key contains this; empty: all
}

// wants tells whether a part of the experiment is run.
func (r *Run) wants(part string) bool {
	return r.parts == "" || slices.Contains(strings.Split(r.parts, ","), part)
}

// note adds to the figure.
func (r *Run) note(format string, args ...any) {
	r.notes = append(r.notes, fmt.Sprintf(format, args...))
}

// perform prints the conditions, runs the experiment and prints its figure.
func (r *Run) perform(e experiment) int {
	if r.Folder == "" {
		folder, err := os.MkdirTemp("", "evidence-")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 2
		}
		defer os.RemoveAll(folder)
		r.Folder = folder
	}
	r.conditions()
	err := r.profiled(e.run)
	r.Say("took %s", time.Since(r.started).Round(100*time.Millisecond))
	if err != nil {
		fmt.Fprintf(r.out, "%s: the run is no good: %v\n", r.Name, err)
		return 2
	}
	if len(r.caught) > 0 {
		fmt.Fprintf(r.out, "%s: CAUGHT %d: %s\n", r.Name, len(r.caught), r.caught[0])
		return 1
	}
	fmt.Fprintf(r.out, "%s: %s\n", r.Name, r.figure)
	return 0
}

// profiled runs an experiment, with a processor profile when one is asked for.
func (r *Run) profiled(run func(*Run) error) error {
	if r.profile == "" {
		return run(r)
	}
	f, err := os.Create(r.profile)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := pprof.StartCPUProfile(f); err != nil {
		return err
	}
	defer pprof.StopCPUProfile()
	return run(r)
}

func (r *Run) conditions() {
	r.Say("%s: seed %d, commit %s, %s %s/%s, %d cores, load %s, %s", r.Name, r.Seed, commit(), runtime.Version(), runtime.GOOS, runtime.GOARCH,
		runtime.NumCPU(), load(), r.started.UTC().Format("2006-01-02 15:04 UTC"))
}

// Say prints one line.
func (r *Run) Say(format string, args ...any) { fmt.Fprintf(r.out, format+"\n", args...) }

// SoFar prints one line of a long run, at most once every two minutes.
func (r *Run) SoFar(format string, args ...any) {
	if now := time.Now(); now.Sub(r.said) > 2*time.Minute && now.Sub(r.started) > 2*time.Minute {
		r.said = now
		r.Say("%s, load %s: so far "+format, append([]any{now.UTC().Format("15:04"), load()}, args...)...)
	}
}

// Caught notes something that must not be.
func (r *Run) Caught(format string, args ...any) {
	what := fmt.Sprintf(format, args...)
	r.caught = append(r.caught, what)
	if len(r.caught) <= 10 {
		r.Say("CAUGHT %s", what)
	}
}

// Figure sets the last line.
func (r *Run) Figure(format string, args ...any) { r.figure = fmt.Sprintf(format, args...) }

// Until is when to stop, given how long a quick and a full run last.
func (r *Run) Until(quick, full time.Duration) time.Time {
	d := full
	if r.Quick {
		d = quick
	}
	if r.Duration > 0 {
		d = r.Duration
	}
	return r.started.Add(d)
}

// commit is the revision that was built, as Go's toolchain recorded it, or else the one of the sources.
func commit() string {
	revision, modified := "unknown", ""
	if out, err := exec.Command("git", "rev-parse", "--short=10", "HEAD").Output(); err == nil {
		revision = strings.TrimSpace(string(out))
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			switch {
			case s.Key == "vcs.revision" && len(s.Value) >= 10:
				revision = s.Value[:10]
			case s.Key == "vcs.modified" && s.Value == "true":
				modified = " with changes"
			}
		}
	}
	return revision + modified
}

// load is the machine's load of the last minute, where the system tells.
func load() string {
	b, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	first, _, _ := strings.Cut(string(b), " ")
	return first
}
