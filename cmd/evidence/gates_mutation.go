package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"countersign/cmd/evidence/mutate"
)

// mutantSet is the sources of one package in which faults are made, and the packages whose tests hold them.
type mutantSet struct {
	folder string
	files  []string
	tests  []string
}

// mutantSets are the production sources in which the law's conditions are evaluated and its dates are counted. The
// tests are those of the domain, then the truth table.
var mutantSets = []mutantSet{
	{"internal/casework", []string{"gates.go", "family.go", "notice.go", "deadlines.go", "holidays.go"}, []string{"internal/casework", "internal/casework/truth"}},
	{"internal/treaty", []string{"date.go", "calendar.go", "count.go", "reckon.go", "limit.go", "holidays.go"}, []string{"internal/treaty", "internal/casework"}},
}

// fate is what became of one mutant.
type fate struct {
	mutate.Numbered
	how string // killed, stillborn, survived
	by  string // the tests that killed it
}

// mutation changes the code of gates and clocks in one place at a time and runs the tests on each variant.
func (r *Run) mutation(ctx context.Context) error {
	root, err := moduleRoot()
	if err != nil {
		return fmt.Errorf("mutation testing needs the sources: %w", err)
	}
	all, err := allMutants(root)
	if err != nil {
		return err
	}
	list := slices.Concat(all...)
	total := len(list)
	list = slices.DeleteFunc(list, func(m mutate.Numbered) bool { return !strings.Contains(m.Key(), r.only) })
	if r.Quick {
		list = sample(list, quickMutants, r.Seed)
	}
	var fates []fate
	for i, set := range mutantSets {
		of := slices.DeleteFunc(slices.Clone(list), func(m mutate.Numbered) bool {
			return !slices.ContainsFunc(all[i], func(n mutate.Numbered) bool { return n.Number == m.Number })
		})
		if len(of) == 0 {
			continue
		}
		f, err := r.trySet(ctx, root, set, of)
		if err != nil {
			return err
		}
		fates = append(fates, f...)
	}
	r.tellMutants(total, fates)
	return nil
}

// quickMutants is how many mutants a quick run tries.
const quickMutants = 24

// allMutants makes the mutants of each set, numbered from 1 through all of them.
func allMutants(root string) (all [][]mutate.Numbered, err error) {
	n := 0
	for _, set := range mutantSets {
		var of []mutate.Numbered
		for _, name := range set.files {
			name = set.folder + "/" + name
			text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
			if err != nil {
				return nil, err
			}
			list, err := mutate.File(name, string(text))
			if err != nil {
				return nil, err
			}
			for _, m := range list {
				n++
				of = append(of, mutate.Numbered{Number: n, Mutant: m})
			}
		}
		all = append(all, of)
	}
	return all, nil
}

func sample[T any](all []T, n int, seed uint64) []T {
	list := slices.Clone(all)
	rand.New(rand.NewPCG(seed, 4)).Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list[:min(n, len(list))]
}

// tellMutants prints the score by file and by tests, and every survivor; one that nobody has explained is caught.
func (r *Run) tellMutants(all int, fates []fate) {
	total, files, by := map[string]int{}, map[string]map[string]int{}, map[string]int{}
	for _, f := range fates {
		if files[f.File] == nil {
			files[f.File] = map[string]int{}
		}
		why := explained[f.Key()]
		files[f.File][f.how]++
		total[f.how]++
		switch {
		case f.how == "killed":
			by[f.by]++
		case f.how == "survived" && why == "":
			r.Caught("no test notices the mutant %s", f.Name())
		case f.how == "survived":
			total["explained"]++
			r.Say("  survivor %s: %s", f.Name(), why)
		}
		if f.how != "survived" && why != "" {
			r.Caught("%s is explained as one that no test can notice, and was %s: %s", f.Name(), f.how, f.Key())
		}
	}
	for _, name := range slices.Sorted(keys(files)) {
		r.Say("  %-34s %4d killed, %2d survived, %2d do not compile", name, files[name]["killed"], files[name]["survived"], files[name]["stillborn"])
	}
	for _, name := range slices.Sorted(keys(by)) {
		r.Say("  %4d killed by %s", by[name], name)
	}
	r.Say("mutants: %d of %d tried; %d killed, %d survived (%d explained), %d that do not compile", len(fates), all,
		total["killed"], total["survived"], total["explained"], total["stillborn"])
	r.note("%d of %d mutants killed, %d survivors explained", total["killed"], total["killed"]+total["survived"], total["explained"])
}

func keys[V any](m map[string]V) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// shortName is a mutant's place for the progress lines.
func shortName(m mutate.Numbered) string { return strings.TrimPrefix(m.Name(), "internal/") }
