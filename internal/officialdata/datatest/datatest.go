// Package datatest gives tests the official data files, or ends the test: skipped with the reason, or
// failed under -require-data (or COUNTERSIGN_REQUIRE_DATA=1, for runs over packages that do not know the
// flag).
package datatest

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"countersign/internal/officialdata"
)

var require = flag.Bool("require-data", os.Getenv("COUNTERSIGN_REQUIRE_DATA") == "1", "fail tests that do not find the official data, instead of skipping them")

// File returns the path of one file, for example "returns/ret_d01_2023-05-25.csv.gz".
func File(t testing.TB, name string) string {
	t.Helper()
	reason := "set COUNTERSIGN_DATA to the folder of official data, or put it at ../shared/data"
	if d := officialdata.Dir(); d != "" {
		path := filepath.Join(d, name)
		if _, err := os.Stat(path); err == nil {
			return path
		}
		reason = "not in " + d
	}
	if *require {
		t.Fatalf("official data %s: %s", name, reason)
	}
	t.Skipf("skipped: official data %s: %s", name, reason)
	return ""
}
