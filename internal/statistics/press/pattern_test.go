package press

import (
	"regexp"
	"testing"
)

// A pattern that cannot be compiled must not wait for the first text that meets it.
func TestEveryPatternCompiles(t *testing.T) {
	if len(patterns) < 100 {
		t.Fatalf("%d patterns", len(patterns))
	}
	for _, p := range patterns {
		if _, err := regexp.Compile(p.source); err != nil {
			t.Error(err)
		}
	}
}
