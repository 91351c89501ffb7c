package main

import (
	"bytes"
	"strings"
	"testing"

	"countersign/internal/officialdata/datatest"
)

// The official editions through the command line: May, then November with the revision shown.
func TestOfficialEditions(t *testing.T) {
	store := t.TempDir()
	do := func(args ...string) string {
		t.Helper()
		var out, errs bytes.Buffer
		if code := run(args, &out, &errs); code != 0 {
			t.Fatalf("%v: %s", args, errs.String())
		}
		return strings.Join(strings.Fields(out.String()), " ")
	}
	for _, e := range []struct {
		published string
		want      []string
	}{
		{"2023-05-25", []string{"Enforced returns 956 [z]", "Voluntary returns 1,002 [z]", "at port 1,958 [z]"}},
		{"2023-11-23", []string{"Enforced returns 956 964 +8", "Voluntary returns 1,002 1,036 +34", "at port 1,958 2,000 +42"}},
	} {
		do("stats", "import", "--store", store, datatest.File(t, "returns/ret_d01_"+e.published+".csv.gz"), datatest.File(t, "returns/ret_d03_"+e.published+".csv.gz"))
		table := do("stats", "table", "--store", store, "--nationality", "Albania", "--year", "2022")
		for _, want := range e.want {
			if !strings.Contains(table, want) {
				t.Errorf("%s: no %q in %s", e.published, want, table)
			}
		}
	}
}
