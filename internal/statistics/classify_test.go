package statistics

import (
	"testing"

	"countersign/internal/fault"
)

// Where each return counts, and that every answer is a type of the code list in the group that the
// published definitions give it.
func TestClassify(t *testing.T) {
	for name, c := range map[string]struct {
		in    Circumstances
		kind  Type
		group Group
	}{
		"refused at a port":                  {Circumstances{RefusedAtPort: true}, "uk-ports", Port},
		"refused at the juxtaposed controls": {Circumstances{RefusedAtPort: true, Juxtaposed: true}, "juxtaposed", Port},
		"refused at port, then detained":     {Circumstances{RefusedAtPort: true, FromDetention: true, ByAuthority: true}, "uk-ports", Port},
		"removed from detention":             {Circumstances{ByAuthority: true, FromDetention: true}, "enforced-detention", Enforced},
		"removed without detention":          {Circumstances{ByAuthority: true}, "enforced-non-detained", Enforced},
		"a volunteer who leaves detention":   {Circumstances{FromDetention: true, Assisted: true, KnownBefore: true}, "other-from-detention", Enforced},
		"with support":                       {Circumstances{Assisted: true, KnownBefore: true}, "assisted", Voluntary},
		"without support, departure seen":    {Circumstances{KnownBefore: true}, "controlled", Voluntary},
		"learned later from other data":      {Circumstances{VerifiedLater: true}, "other-verified", Voluntary},
	} {
		kind, why, err := Classify(c.in)
		if err != nil || kind != c.kind || GroupOf(kind) != c.group || len(why) == 0 {
			t.Errorf("%s: %s in %s, %v", name, kind, GroupOf(kind), err)
		}
	}
	if _, _, err := Classify(Circumstances{}); fault.KeyOf(err) != "fault.statistics.not-verified" {
		t.Errorf("nobody saw it: %v", err)
	}
	for years, want := range map[int]Age{-1: "unknown", 0: "0-17", 17: "0-17", 18: "18-29", 29: "18-29", 30: "30-49", 49: "30-49", 50: "50-69", 69: "50-69", 70: "70+"} {
		if got := AgeBand(years); got != want {
			t.Errorf("%d years: %s", years, got)
		}
	}
}
