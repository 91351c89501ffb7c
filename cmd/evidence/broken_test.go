package main

import (
	"fmt"
	"strings"
	"testing"
)

// The mean over start seeds is of what each run has said.
func TestMeanUntilCaught(t *testing.T) {
	var s seen
	for i, days := range []float64{10.5, 20} {
		s.add("years: CAUGHT 1: seed 7 step 3: I4: gb carried out depart" + fmt.Sprintf(afterSeeds, i+1, days))
	}
	for _, want := range []string{"2 start seeds", "after 1.5 seeds and 15.2 simulated days", "by I4 2"} {
		if !strings.Contains(s.String(), want) {
			t.Errorf("%q lacks %q", s.String(), want)
		}
	}
}
