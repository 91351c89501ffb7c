package main

import (
	"slices"
	"testing"
)

// Every planted fault still fits the sources, and every experiment that claims a control has one.
func TestPlantedFaultsFitTheSources(t *testing.T) {
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range mutants {
		if _, err := m.overlay(root, t.TempDir()); err != nil {
			t.Errorf("%s: %v", m.name, err)
		}
	}
	for _, name := range []string{"crash", "powercut", "diskfull", "years", "partition", "restore", "tamper", "replicas", "gates", "bench-record", "bench-border",
		"bench-pages", "bench-taskforce"} {
		if !slices.ContainsFunc(mutants, func(m mutant) bool { return m.quick && slices.Contains(m.caughtBy, name) }) {
			t.Errorf("%s has no planted fault for a quick run", name)
		}
	}
}
