package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
)

// breakIt plants each fault that the experiment must catch and runs the experiment on the result.
func breakIt(r *Run) int {
	root, err := moduleRoot()
	if err != nil {
		fmt.Fprintln(os.Stderr, "-broken needs the sources:", err)
		return 2
	}
	r.conditions()
	var caught, missed []string
	for _, m := range mutants {
		if !slices.Contains(m.caughtBy, r.Name) || r.only != "" && m.name != r.only || r.only == "" && r.Quick && !m.quick {
			continue
		}
		found, err := r.tryMutant(root, m)
		switch {
		case err != nil:
			fmt.Fprintf(r.out, "%s: planted fault %q: %v\n", r.Name, m.name, err)
			return 2
		case found == "":
			missed = append(missed, m.name)
			r.Say("planted fault %q (%s): NOT CAUGHT", m.name, m.about)
		default:
			caught = append(caught, m.name)
			r.Say("planted fault %q (%s): caught: %s", m.name, m.about, found)
		}
	}
	if len(missed) > 0 || len(caught) == 0 {
		fmt.Fprintf(r.out, "%s: %d planted faults caught, NOT caught: %s\n", r.Name, len(caught), strings.Join(missed, ", "))
		return 2
	}
	fmt.Fprintf(r.out, "%s: all %d planted faults caught: %s\n", r.Name, len(caught), strings.Join(caught, ", "))
	return 1
}

// tryMutant builds the experiment with the fault in the product and returns what it caught, from each start seed.
func (r *Run) tryMutant(root string, m mutant) (string, error) {
	folder, err := os.MkdirTemp("", "evidence-broken-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(folder)
	overlay, err := m.overlay(root, folder)
	if err != nil {
		return "", err
	}
	program := filepath.Join(folder, "evidence")
	build := exec.Command("go", "build", "-overlay", overlay, "-o", program, "./cmd/evidence")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	var all seen
	for i := range max(r.fromN, 1) {
		found, err := r.runBroken(root, program, r.Seed+uint64(i)*seedsApart)
		if err != nil || found == "" {
			return "", err
		}
		all.add(found)
	}
	return all.String(), nil
}

// seedsApart keeps the ranges of seeds that start at different places from each other.
const seedsApart = 10_000

// runBroken runs the experiment of a program with a planted fault from one seed, and returns what it caught.
func (r *Run) runBroken(root, program string, seed uint64) (string, error) {
	args := []string{r.Name, "-seed", strconv.FormatUint(seed, 10)}
	if r.Quick {
		args = append(args, "-quick")
	}
	if r.Name == "gates" { // the mutants of a planted fault would say nothing of it
		args = append(args, "-part", "table,calendar,race,sql")
	}
	if r.Name == "bench-pages" { // speed is no safeguard
		args = append(args, "-part", "fields,hold")
	}
	if r.Duration > 0 {
		args = append(args, "-duration", r.Duration.String())
	}
	run := exec.Command(program, args...)
	run.Dir, run.Env = root, append(os.Environ(), "COUNTERSIGN_EVIDENCE_FIRST=1")
	out, err := run.Output()
	var exit *exec.ExitError
	if err == nil {
		return "", nil
	}
	if !errors.As(err, &exit) || exit.ExitCode() != 1 {
		return "", fmt.Errorf("the run on it failed otherwise: %w\n%s", err, out)
	}
	return lastLine(string(out)), nil
}

// seen is how soon a planted fault was caught, from each of the start seeds.
type seen struct {
	last  string
	times int
	seeds float64
	days  float64
	by    map[string]int // invariants that caught it
}

func (s *seen) add(found string) {
	s.last = found
	s.times++
	if at := strings.LastIndex(found, afterSeeds[:strings.Index(afterSeeds, "%")]); at >= 0 {
		var seeds, days float64
		fmt.Sscanf(found[at:], strings.Replace(afterSeeds, "%d", "%g", 1), &seeds, &days)
		s.seeds, s.days = s.seeds+seeds, s.days+days
	}
	if s.by == nil {
		s.by = map[string]int{}
	}
	s.by[invariantIn(found)]++
}

func (s *seen) String() string {
	if s.times < 2 {
		return s.last
	}
	n := float64(s.times)
	return fmt.Sprintf("from each of %d start seeds, after %.1f seeds and %.1f simulated days on average, by %s; last: %s", s.times, s.seeds/n, s.days/n, tallied(s.by), s.last)
}

// invariantIn finds the number of the invariant in what was caught.
func invariantIn(found string) string {
	for _, word := range strings.Fields(found) {
		if len(word) == 3 && word[0] == 'I' && word[2] == ':' {
			return word[:2]
		}
	}
	return "other"
}

// overlay writes the changed sources and the file that tells go build of them.
func (m mutant) overlay(root, folder string) (string, error) {
	changed := map[string]string{}
	for _, e := range m.edits {
		path := filepath.Join(root, filepath.FromSlash(e.file))
		text, ok := changed[path]
		if !ok {
			b, err := os.ReadFile(path)
			if err != nil {
				return "", err
			}
			text = string(b)
		}
		if n := strings.Count(text, e.from); n != 1 {
			return "", fmt.Errorf("the text to change is %d times in %s, not once: %q", n, e.file, e.from)
		}
		changed[path] = strings.Replace(text, e.from, e.to, 1)
	}
	replace := map[string]string{}
	for path, text := range changed {
		other := filepath.Join(folder, strconv.Itoa(len(replace))+".go")
		if err := os.WriteFile(other, []byte(text), 0o600); err != nil {
			return "", err
		}
		replace[path] = other
	}
	b, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	file := filepath.Join(folder, "overlay.json")
	return file, os.WriteFile(file, b, 0o600)
}

// moduleRoot finds the folder of go.mod above the working directory.
func moduleRoot() (string, error) {
	folder, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if b, err := os.ReadFile(filepath.Join(folder, "go.mod")); err == nil && strings.HasPrefix(string(b), "module countersign\n") {
			return folder, nil
		}
		if folder == filepath.Dir(folder) {
			return "", errors.New("no go.mod of countersign in or above the working directory")
		}
		folder = filepath.Dir(folder)
	}
}

func lastLine(s string) (last string) {
	lines := bufio.NewScanner(strings.NewReader(s))
	for lines.Scan() {
		if lines.Text() != "" {
			last = lines.Text()
		}
	}
	return last
}
