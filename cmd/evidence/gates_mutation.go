package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"countersign/cmd/evidence/mutate"

	"github.com/go-json-experiment/json"
)

// gateFiles are the production sources in which the law's conditions are evaluated.
var gateFiles = []string{"internal/casework/gates.go", "internal/casework/family.go", "internal/casework/notice.go"}

// gateTests are run on each changed source until one fails: the tests of the domain, then the truth table.
var gateTests = []string{"./internal/casework", "./internal/casework/truth"}

// fate is what became of one mutant.
type fate struct {
	mutate.Mutant
	how string // killed, stillborn, survived
	why string // of a survivor that is explained
}

// mutation changes the gate code in one place at a time and runs the tests on each variant.
func (r *Run) mutation(ctx context.Context) error {
	root, err := moduleRoot()
	if err != nil {
		return fmt.Errorf("mutation testing needs the sources: %w", err)
	}
	all, err := gateMutants(root)
	if err != nil {
		return err
	}
	list := all
	if r.Quick {
		list = sample(all, quickMutants, r.Seed)
	}
	fates, err := r.tryAll(ctx, root, list)
	if err != nil {
		return err
	}
	r.tellMutants(len(all), fates)
	return nil
}

// quickMutants is how many mutants a quick run tries.
const quickMutants = 4

func gateMutants(root string) (all []mutate.Mutant, err error) {
	for _, name := range gateFiles {
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
		if err != nil {
			return nil, err
		}
		list, err := mutate.File(name, string(text))
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	return all, nil
}

func sample(all []mutate.Mutant, n int, seed uint64) []mutate.Mutant {
	list := slices.Clone(all)
	rand.New(rand.NewPCG(seed, 4)).Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list[:min(n, len(list))]
}

func (r *Run) tryAll(ctx context.Context, root string, list []mutate.Mutant) ([]fate, error) {
	fates, next := make([]fate, len(list)), make(chan int)
	var group sync.WaitGroup
	var mu sync.Mutex
	var failed error
	done := 0
	for range 2 {
		group.Go(func() {
			for i := range next {
				how, err := r.tryOne(ctx, root, list[i])
				mu.Lock()
				if done++; done%50 == 0 {
					r.Say("  %d of %d mutants tried", done, len(list))
				}
				if how == "survived" {
					r.Say("  survived: %s", list[i].Name()) // at once: a whole run takes long
				}
				fates[i], failed = fate{list[i], how, explained[list[i].Key()]}, errors.Join(failed, err)
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

// tryOne runs the tests on the product with one file replaced.
func (r *Run) tryOne(ctx context.Context, root string, m mutate.Mutant) (string, error) {
	folder, err := os.MkdirTemp(r.Folder, "mutant-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(folder)
	changed, overlay := filepath.Join(folder, "changed.go"), filepath.Join(folder, "overlay.json")
	b, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(root, filepath.FromSlash(m.File)): changed}})
	if err := errors.Join(err, os.WriteFile(changed, []byte(m.Source()), 0o600), os.WriteFile(overlay, b, 0o600)); err != nil {
		return "", err
	}
	for _, tests := range gateTests {
		ctx, cancel := context.WithTimeout(ctx, 3*time.Minute)
		run := exec.CommandContext(ctx, "go", "test", "-overlay", overlay, "-vet=off", "-failfast", "-count=1", "-timeout", "60s", tests)
		run.Dir, run.WaitDelay = root, 5*time.Second
		out, err := run.CombinedOutput()
		cancel()
		switch {
		case err == nil:
			continue
		case bytes.Contains(out, []byte("[build failed]")), bytes.Contains(out, []byte("[setup failed]")):
			return "stillborn", nil // no program at all: it says nothing about the tests
		case bytes.Contains(out, []byte("FAIL")), bytes.Contains(out, []byte("panic:")):
			return "killed", nil
		}
		return "", fmt.Errorf("%s: %w\n%s", m.Name(), err, out)
	}
	return "survived", nil
}

// tellMutants prints the score and every survivor; one that nobody has explained is caught.
func (r *Run) tellMutants(all int, fates []fate) {
	count := map[string]int{}
	for _, f := range fates {
		count[f.how]++
		switch {
		case f.how != "survived":
		case f.why == "":
			r.Caught("no test notices the mutant %s", f.Name())
		default:
			count["explained"]++
			r.Say("  survivor %s: %s", f.Name(), f.why)
		}
	}
	r.Say("mutants of %s: %d of %d tried; %d killed, %d survived (%d explained), %d that do not compile", strings.Join(gateFiles, ", "),
		len(fates), all, count["killed"], count["survived"], count["explained"], count["stillborn"])
	r.note("%d of %d mutants killed, %d survivors explained", count["killed"], count["killed"]+count["survived"], count["explained"])
}

// explained are the survivors that change nothing that anybody could see, each with the reason.
var explained = map[string]string{}
