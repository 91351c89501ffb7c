package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"countersign/cmd/evidence/mutate"

	"github.com/go-json-experiment/json"
)

// testProgram is one package's tests, compiled with every mutant of a set inside.
type testProgram struct {
	folder, file string
	rapid        bool // has properties: their chance is fixed by a seed
}

// stage is some tests of one program. The quick ones of all programs come first; each slow one is a stage of its own.
type stage struct {
	*testProgram
	name  string
	args  []string
	limit time.Duration // of processor time: what runs longer than ten times what the product needs never ends
}

// slowTest is when a test gets a stage of its own.
const slowTest = 400 * time.Millisecond

// trySet compiles the tests of a set once and runs them for each mutant until one fails.
func (r *Run) trySet(ctx context.Context, root string, set mutantSet, list []mutate.Numbered) ([]fate, error) {
	folder, err := os.MkdirTemp(r.Folder, "mutants-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	programs, stillborn, err := compile(ctx, root, folder, set, list)
	if err != nil {
		return nil, err
	}
	stages, err := r.stages(ctx, programs)
	if err != nil {
		return nil, err
	}
	r.Say("  %s: %d mutants, %d do not compile; tried by %d stages of tests", set.folder, len(list), len(stillborn), len(stages))
	return r.tryAll(ctx, stages, list, stillborn)
}

// compile builds the test programs with all mutants in an overlay. What the compiler has against a mutant makes it
// stillborn: no program at all says nothing about the tests.
func compile(ctx context.Context, root, folder string, set mutantSet, list []mutate.Numbered) (programs []*testProgram, stillborn map[int]bool, err error) {
	stillborn = map[int]bool{}
	for i := 0; i < len(set.tests); {
		overlay, err := writeOverlay(root, folder, set, slices.DeleteFunc(slices.Clone(list), func(m mutate.Numbered) bool { return stillborn[m.Number] }))
		if err != nil {
			return nil, nil, err
		}
		p := &testProgram{folder: filepath.Join(root, filepath.FromSlash(set.tests[i])), file: filepath.Join(folder, strconv.Itoa(i)+".test")}
		build := exec.CommandContext(ctx, "go", "test", "-c", "-vet=off", "-overlay", overlay, "-gcflags=countersign/"+set.folder+"=-e", "-o", p.file, "./"+set.tests[i])
		build.Dir = root
		out, err := build.CombinedOutput()
		if err == nil {
			programs = append(programs, p)
			i++
			continue
		}
		before := len(stillborn)
		for line := range strings.Lines(string(out)) {
			if file, _, ok := strings.Cut(line, ":"); ok {
				if n, ok := mutate.Number(file); ok {
					stillborn[n] = true
				}
			}
		}
		if len(stillborn) == before {
			return nil, nil, fmt.Errorf("the tests of %s do not compile: %w\n%s", set.tests[i], err, out)
		}
		programs, i = nil, 0
	}
	return programs, stillborn, nil
}

// writeOverlay writes the sources with all mutants and the file that tells go build of them. Nothing of it is in the product.
func writeOverlay(root, folder string, set mutantSet, list []mutate.Numbered) (string, error) {
	replace := map[string]string{}
	put := func(name, text string) error {
		other := filepath.Join(folder, strconv.Itoa(len(replace))+".go")
		replace[filepath.Join(root, filepath.FromSlash(set.folder), name)] = other
		return os.WriteFile(other, []byte(text), 0o600)
	}
	err := put("mutant_chosen.go", strings.Replace(chosenSource, "package p", "package "+filepath.Base(set.folder), 1))
	for _, name := range set.files {
		of := slices.DeleteFunc(slices.Clone(list), func(m mutate.Numbered) bool { return m.File != set.folder+"/"+name })
		if len(of) == 0 {
			continue
		}
		text, why := mutate.Schema(of)
		err = errors.Join(err, why, put(name, text))
	}
	b, why := json.Marshal(map[string]any{"Replace": replace})
	file := filepath.Join(folder, "overlay.json")
	return file, errors.Join(err, why, os.WriteFile(file, b, 0o600))
}

// chosenSource is the number that chooses a mutant, and an end for those that never come to one.
const chosenSource = `package p

import (
	"os"
	"runtime"
	"strconv"
	"syscall"
	"time"
)

var mutantChosen = mutantStart()

func mutantStart() int {
	n, _ := strconv.Atoi(os.Getenv("EVIDENCE_MUTANT"))
	if limit, err := time.ParseDuration(os.Getenv("EVIDENCE_MUTANT_LIMIT")); err == nil {
		go mutantWatch(limit)
	}
	return n
}

func mutantWatch(limit time.Duration) {
	for {
		time.Sleep(100 * time.Millisecond)
		var used syscall.Rusage
		var memory runtime.MemStats
		runtime.ReadMemStats(&memory)
		if syscall.Getrusage(syscall.RUSAGE_SELF, &used) == nil && time.Duration(used.Utime.Nano()+used.Stime.Nano()) > limit || memory.HeapAlloc > 2<<30 {
			println("the mutant does not come to an end")
			os.Exit(3)
		}
	}
}
`

var passed = regexp.MustCompile(`(?m)^--- PASS: (\w+) \(([0-9.]+)s\)`)

// stages runs every test on the product itself: what fails there can judge nothing. It tells quick tests from slow ones.
func (r *Run) stages(ctx context.Context, programs []*testProgram) (quick []stage, err error) {
	var slow []stage
	var took []time.Duration
	for _, p := range programs {
		help, _ := exec.CommandContext(ctx, p.file, "-help").CombinedOutput()
		p.rapid = bytes.Contains(help, []byte("-rapid.seed"))
		whole := stage{testProgram: p, name: filepath.Base(p.folder)}
		out, _, err := whole.run(ctx, r.Seed, 0, "-test.v")
		found := passed.FindAllStringSubmatch(string(out), -1)
		if err != nil || len(found) == 0 {
			return nil, fmt.Errorf("the tests of %s on the product itself: %w\n%s", whole.name, err, tail(out))
		}
		var skip []string
		for _, m := range found {
			seconds, _ := strconv.ParseFloat(m[2], 64)
			if d := time.Duration(seconds * float64(time.Second)); d > slowTest {
				skip = append(skip, m[1])
				slow, took = append(slow, stage{testProgram: p, name: whole.name + " " + m[1], args: []string{"-test.run=^" + m[1] + "$"}}), append(took, d)
			}
		}
		if len(skip) < len(found) {
			whole.name += " (the quick tests)"
			whole.args = []string{"-test.skip=^(" + strings.Join(append(skip, "-"), "|") + ")$"}
			quick = append(quick, whole)
		}
	}
	order := make([]int, len(slow))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return int(took[a] - took[b]) })
	for _, i := range order {
		quick = append(quick, slow[i])
	}
	for i := range quick { // alone, as each mutant will have it
		out, used, err := quick[i].run(ctx, r.Seed, 0)
		if err != nil {
			return nil, fmt.Errorf("%s on the product itself: %w\n%s", quick[i].name, err, tail(out))
		}
		quick[i].limit = max(10*used, 5*time.Second)
		r.Say("  %6.2f s of processor time: %s", used.Seconds(), quick[i].name)
	}
	return quick, nil
}

func tail(out []byte) []byte { return out[max(0, len(out)-4000):] }

// run runs the stage's tests with one mutant chosen.
func (s *stage) run(ctx context.Context, seed uint64, mutant int, more ...string) (out []byte, used time.Duration, err error) {
	args := append([]string{"-test.failfast", "-test.timeout=20m"}, append(more, s.args...)...)
	if s.rapid { // a failure is enough: nobody reads the smallest one
		args = append(args, "-rapid.seed="+strconv.FormatUint(max(seed, 1), 10), "-rapid.nofailfile", "-rapid.shrinktime=0s")
	}
	c := exec.CommandContext(ctx, s.file, args...)
	c.Dir, c.Env = s.folder, append(os.Environ(), "GOMAXPROCS=1", "EVIDENCE_MUTANT="+strconv.Itoa(mutant))
	if s.limit > 0 {
		c.Env = append(c.Env, "EVIDENCE_MUTANT_LIMIT="+s.limit.String())
	}
	out, err = c.CombinedOutput()
	if c.ProcessState != nil {
		used = c.ProcessState.UserTime() + c.ProcessState.SystemTime()
	}
	return out, used, err
}

func (r *Run) tryAll(ctx context.Context, stages []stage, list []mutate.Numbered, stillborn map[int]bool) ([]fate, error) {
	fates, next := make([]fate, len(list)), make(chan int)
	var group sync.WaitGroup
	var mu sync.Mutex
	var failed error
	done := 0
	for range 2 {
		group.Go(func() {
			for i := range next {
				f, err := fate{list[i], "stillborn", ""}, error(nil)
				if !stillborn[list[i].Number] {
					f, err = r.tryOne(ctx, stages, list[i])
				}
				mu.Lock()
				if done++; done%100 == 0 {
					r.Say("  %d of %d mutants tried", done, len(list))
				}
				if f.how == "survived" && explained[f.Key()] == "" { // at once: a whole run takes long
					r.Say("  survived: %s\n    %s", shortName(list[i]), f.Key())
				}
				fates[i], failed = f, errors.Join(failed, err)
				mu.Unlock()
			}
		})
	}
	for i := range list {
		next <- i
	}
	close(next)
	group.Wait()
	return fates, failed
}

// tryOne runs one stage after the other until one fails.
func (r *Run) tryOne(ctx context.Context, stages []stage, m mutate.Numbered) (fate, error) {
	for i := range stages {
		out, _, err := stages[i].run(ctx, r.Seed, m.Number)
		var exit *exec.ExitError
		switch {
		case err == nil:
			continue
		case ctx.Err() != nil, !errors.As(err, &exit):
			return fate{}, fmt.Errorf("%s: %w", m.Name(), err)
		}
		by := stages[i].name
		if bytes.Contains(out, []byte("the mutant does not come to an end")) {
			by = "its own endless loop, in " + by
		}
		return fate{m, "killed", by}, nil
	}
	return fate{m, "survived", ""}, nil
}
