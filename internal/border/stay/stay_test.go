package stay

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

var schengen = Rule{90, 180}

func day(t *testing.T, s string) Day {
	t.Helper()
	d, err := Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Examples worked by hand for SBC Art. 6(1): entry and exit days both count.
func TestArticle6(t *testing.T) {
	for _, c := range []struct {
		name       string
		stays      [][2]string
		on         string
		used       int
		last, from string
	}{
		{"nobody was ever there", nil, "2026-06-01", 0, "2026-08-29", "2026-06-01"},
		{"ninety days at a stretch", [][2]string{{"2026-01-01", "2026-03-31"}}, "2026-04-01", 90, "", "2026-06-30"},
		{"a day trip is one day", [][2]string{{"2026-05-01", "2026-05-01"}}, "2026-05-02", 1, "2026-07-29", "2026-05-02"},
		{"overlapping stamps count once", [][2]string{{"2026-01-01", "2026-01-31"}, {"2026-01-15", "2026-02-14"}}, "2026-02-14", 45, "2026-03-31", "2026-02-14"},
		{"old days leave as new ones enter", [][2]string{{"2026-01-01", "2026-02-14"}}, "2026-06-20", 45, "2026-09-17", "2026-06-20"},
		{"still there", [][2]string{{"2026-03-01", ""}}, "2026-05-29", 90, "2026-05-29", "2026-05-29"},
		{"overstaying", [][2]string{{"2026-03-01", ""}}, "2026-05-30", 91, "", "2026-08-29"},
	} {
		var stays []Stay
		for _, s := range c.stays {
			st := Stay{Entry: day(t, s[0])}
			if s[1] != "" {
				st.Exit = day(t, s[1])
			}
			stays = append(stays, st)
		}
		r, err := Count(schengen, stays, day(t, c.on))
		if err != nil {
			t.Fatal(err)
		}
		last := ""
		if r.LatestDeparture != 0 {
			last = r.LatestDeparture.String()
		}
		if r.Used != c.used || last != c.last || r.EarliestEntry.String() != c.from {
			t.Errorf("%s: used %d, until %q, from %s; want %d, %q, %s", c.name, r.Used, last, r.EarliestEntry, c.used, c.last, c.from)
		}
	}
}

// The oracle keeps a map of days and applies the sentence of the article to every day, one by one.
func TestAgainstOracle(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	for i := range 5000 {
		rule, stays, on := RandomHistory(rng)
		got, err := Count(rule, stays, on)
		if err != nil {
			t.Fatal(err)
		}
		if want := Oracle(rule, stays, on); got != want {
			t.Fatalf("history %d %v %v on %d:\n got %+v\nwant %+v", i, rule, stays, on, got, want)
		}
	}
}

func TestBadHistories(t *testing.T) {
	if _, err := Count(schengen, []Stay{{100, 99}}, 200); err == nil {
		t.Error("an exit before its entry passed")
	}
	if _, err := Count(Rule{0, 180}, nil, 200); err == nil {
		t.Error("a rule without days passed")
	}
	for _, s := range []string{"", "x,y\n", "entry,exit\n2026-13-01,\n", "entry,exit\n2026-02-02,2026-02-01\n", "entry,exit,counts\n2026-01-01,2026-01-02,perhaps\n"} {
		if _, err := ReadHistory(strings.NewReader(s)); err == nil {
			t.Errorf("%q passed", s)
		}
	}
	stays, err := ReadHistory(strings.NewReader("\ufeffExit,Entry,counts\n2026-01-05,2026-01-01,\n,2026-02-01,yes\n2026-03-05,2026-03-01,no\n"))
	if err != nil || len(stays) != 2 || stays[1].Exit != 0 {
		t.Errorf("%v %v", stays, err)
	}
}

func FuzzReadHistory(f *testing.F) {
	f.Add("entry,exit\n2026-01-01,2026-02-01\n")
	f.Add("entry;exit\n2026-01-01;\"")
	f.Fuzz(func(t *testing.T, s string) {
		stays, err := ReadHistory(strings.NewReader(s))
		if err != nil {
			return
		}
		if _, err := Count(schengen, stays, 20000); err != nil {
			t.Fatal(err)
		}
	})
}

func BenchmarkCount(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	_, stays, on := RandomHistory(rng)
	for b.Loop() {
		_, _ = Count(schengen, stays, on)
	}
}

// One history in the shapes in which other systems give it.
func TestReadHistories(t *testing.T) {
	want := []Stay{{day(t, "2026-01-02"), day(t, "2026-01-05")}, {day(t, "2026-03-01"), 0}}
	for _, s := range []string{
		"entry,exit\n2026-01-02,2026-01-05\n2026-03-01,\n",
		"\ufeffDate of entry;Date of exit\r\n02.01.2026;05.01.2026\r\n01.03.2026;\r\n",
		"exit\tentry\tcounts\n05/01/2026\t02/01/2026\tyes\n\t01/03/2026\t\n2026-02-02\t2026-02-01\tno\n",
		`[{"entry":"2026-01-02","exit":"2026-01-05"},{"entry":"2026-03-01","exit":null}]`,
		`{"stays":[{"from":"2026-01-02T10:00:00Z","to":"20260105"},{"from":"2026-03-01"}]}`,
	} {
		got, err := ReadHistory(strings.NewReader(s))
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %v %v", s, got, err)
		}
	}
	all, err := ReadHistories(strings.NewReader("id,entry,exit\na,2026-01-02,2026-01-05\nb,2026-01-01,2026-01-01\na,2026-03-01,\n"))
	if err != nil || len(all) != 2 || all[0].ID != "a" || !slices.Equal(all[0].Stays, want) || len(all[1].Stays) != 1 {
		t.Fatalf("%+v %v", all, err)
	}
	for _, s := range []string{"", "a,b\n1,2\n", "entry,exit\n2026-02-01,2026-01-01\n", "entry,exit\n,2026-01-01\n", `[{"exit":"2026-01-01"}]`, `[{"entry":"2026-01-01"`, "entry,exit\n2026-02-30,2026-03-01\n"} {
		if got, err := ReadHistories(strings.NewReader(s)); err == nil {
			t.Errorf("%q was read as %v", s, got)
		}
	}
}
