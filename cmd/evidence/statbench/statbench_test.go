package statbench

import (
	"bytes"
	"strings"
	"testing"
)

// The benchmark runs through, counts every event and verifies what it builds.
func TestQuick(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds: run without -short")
	}
	var out bytes.Buffer
	b := &Bench{Out: &out, Quick: true, Seed: 1}
	if err := b.Run(); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"cube over events", "whole release", "verification of a release", "press check"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no figure for %q", want)
		}
	}
	t.Log("\n" + out.String())
}
