package mirror

import (
	"slices"
	"testing"

	"countersign/internal/act"
	"countersign/internal/act/joint"
	"countersign/internal/fault"
	"countersign/internal/statistics"

	"pgregory.net/rapid"
)

func counts(pairs ...string) joint.MirrorCount {
	c := joint.MirrorCount{First: "2023-01-01", Last: "2023-03-31"}
	for i := 0; i < len(pairs); i += 2 {
		c.Transfers = append(c.Transfers, joint.MirrorTransfer{Act: act.ID(pairs[i]), Day: pairs[i+1]})
	}
	return c
}

func TestCompare(t *testing.T) {
	p := statistics.QuarterPeriod(statistics.Q(2023, 1))
	r, err := Compare(p, counts("a", "2023-01-05", "b", "2023-02-01", "c", "2023-03-31", "d", "2023-03-30", "f", "2023-03-01", "f", "2023-03-02"),
		counts("a", "2023-01-05", "b", "2023-02-02", "c", "2023-04-01", "e", "2023-02-10", "f", "2023-03-01"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range r.Differences {
		got = append(got, string(d.Act)+" "+string(d.Kind))
	}
	if want := []string{"b other-day", "c other-period", "d only-ours", "e only-theirs", "f twice"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if r.Ours != 5 || r.Theirs != 4 || r.Agreed != 2 || r.Agree() {
		t.Errorf("%+v", r)
	}
	if _, err := Compare(p, counts("a", "5 January"), counts()); fault.KeyOf(err) != "fault.statistics.day" {
		t.Error(err)
	}
}

// Each difference in the totals is explained by acts: the two sides see the same differences mirrored.
func TestMirrored(t *testing.T) {
	p := statistics.QuarterPeriod(statistics.Q(2023, 1))
	rapid.Check(t, func(t *rapid.T) {
		side := func() joint.MirrorCount {
			var pairs []string
			for _, id := range rapid.SliceOfDistinct(rapid.SampledFrom([]string{"a", "b", "c", "d", "e"}), rapid.ID[string]).Draw(t, "acts") {
				pairs = append(pairs, id, rapid.SampledFrom([]string{"2022-12-31", "2023-01-01", "2023-03-31", "2023-04-01"}).Draw(t, "day"))
			}
			return counts(pairs...)
		}
		a, b := side(), side()
		x, err := Compare(p, a, b)
		if err != nil {
			t.Fatal(err)
		}
		y, err := Compare(p, b, a)
		if err != nil {
			t.Fatal(err)
		}
		if x.Ours != y.Theirs || x.Theirs != y.Ours || x.Agreed != y.Agreed || len(x.Differences) != len(y.Differences) {
			t.Fatalf("%+v and %+v", x, y)
		}
		if x.Agree() && (x.Ours != x.Theirs || x.Agreed != x.Ours) {
			t.Fatalf("no difference, other totals: %+v", x)
		}
	})
}
