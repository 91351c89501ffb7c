package borderbench

import (
	"bytes"
	"strings"
	"testing"
)

// The benchmark runs through and what does not depend on the machine's load is within its targets.
func TestQuick(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds: run without -short")
	}
	var out bytes.Buffer
	b := &Bench{Out: &out, Quick: true, Seed: 3}
	if err := b.Run(); err != nil {
		t.Fatal(err)
	}
	if len(b.Missed) > 0 {
		t.Errorf("missed: %v", b.Missed)
	}
	for _, want := range []string{"zone parsed", "oracle", "recall", "false second looks", "delta", "first decision", "whole decision", "misread", "damaged, cut or unsigned", "set clocks", "lost or counted twice", "still known"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no figure for %q", want)
		}
	}
	t.Log("\n" + out.String())
}
