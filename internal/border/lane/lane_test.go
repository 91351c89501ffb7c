package lane

import (
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"slices"
	"testing"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/fault"

	"pgregory.net/rapid"
)

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

func delegated(t interface{ Fatal(...any) }) (*Delegation, ed25519.PrivateKey) {
	key := ed25519.NewKeyFromSeed(make([]byte, 32))
	d, err := FromAct(act.Event{Officer: act.Officer{ID: "o1", Authority: "al", Role: "border-officer"}, Body: &domestic.BorderDelegation{
		Lane: "al-morine/3", Point: "al-morine", KeyID: "k1", Public: base64.StdEncoding.EncodeToString(key.Public().(ed25519.PublicKey)),
		From: noon.Add(-time.Hour), Until: noon.Add(8 * time.Hour)}})
	if err != nil {
		t.Fatal(err)
	}
	return d, key
}

func decision(n int) act.Statement {
	return act.Statement{Scope: act.Domestic, Kind: domestic.BorderDecided, Body: &domestic.BorderDecision{
		BorderCheckRef: domestic.BorderCheckRef{Check: act.ID(fmt.Sprint("c", n)), Point: "al-morine", Direction: "exit"}, Decision: "allow"}}
}

// Whatever batches arrive, in whatever order, doubled or cut, every decision is taken in exactly once.
func TestExactlyOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, key := delegated(t)
		keys := map[string]*Delegation{"k1": d}
		q := NewQueue(d, key, 1, "")
		n := rapid.IntRange(1, 20).Draw(t, "decisions")
		for i := range n {
			if _, err := q.Append(decision(i), noon.Add(time.Duration(i)*time.Second)); err != nil {
				t.Fatal(err)
			}
		}
		all := slices.Clone(q.Pending)
		var at Position
		seen := map[string]int{}
		for round := 0; at.Seq < uint64(n) && round < 200; round++ {
			from := rapid.IntRange(0, n-1).Draw(t, "from")
			to := rapid.IntRange(from, n).Draw(t, "to")
			if round > 50 {
				from, to = int(at.Seq), n
			}
			var got []Merged
			got, at, _ = Merge(at, all[from:to], keys, noon.Add(time.Hour))
			for _, m := range got {
				seen[m.MergeKey]++
			}
		}
		if len(seen) != n {
			t.Fatalf("%d of %d decisions arrived", len(seen), n)
		}
		for k, times := range seen {
			if times != 1 {
				t.Fatalf("%s was taken in %d times", k, times)
			}
		}
		q.Acknowledge(at.Seq)
		if len(q.Pending) != 0 {
			t.Fatal("acknowledged entries are still pending")
		}
	})
}

func TestMergeRefuses(t *testing.T) {
	d, key := delegated(t)
	keys := map[string]*Delegation{"k1": d}
	fresh := func() []Entry {
		q := NewQueue(d, key, 1, "")
		for i := range 3 {
			if _, err := q.Append(decision(i), noon); err != nil {
				t.Fatal(err)
			}
		}
		return q.Pending
	}
	for _, c := range []struct {
		name  string
		spoil func(b []Entry) []Entry
		key   string
	}{
		{"a changed body", func(b []Entry) []Entry {
			b[0].Body = []byte(`{"check":"c9","point":"al-morine","direction":"exit","rulebooks":[],"lists":[],"decision":"allow"}`)
			return b
		}, "fault.border.lane-signature"},
		{"a gap", func(b []Entry) []Entry { return b[1:] }, "fault.border.lane-gap"},
		{"a broken chain", func(b []Entry) []Entry { b[1].Prev = "00"; return b }, "fault.border.lane-gap"},
		{"another lane's key", func(b []Entry) []Entry { b[0].Lane = "al-morine/4"; return b }, "fault.border.lane-signature"},
		{"made after the shift", func([]Entry) []Entry {
			long := *d
			long.Until = noon.Add(100 * time.Hour)
			q := NewQueue(&long, key, 1, "")
			_, _ = q.Append(decision(0), noon.Add(10*time.Hour))
			return q.Pending
		}, "fault.border.lane-time"},
		{"a kind that a lane may not sign", func([]Entry) []Entry {
			q := NewQueue(d, key, 1, "")
			_, _ = q.Append(act.Statement{Kind: domestic.BorderRefused, Body: &domestic.BorderRefusal{}}, noon)
			return q.Pending
		}, "fault.border.lane-kind"},
	} {
		_, _, err := Merge(Position{}, c.spoil(fresh()), keys, noon.Add(20*time.Hour))
		if fault.KeyOf(err) != c.key {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	b := fresh()
	_, at, err := Merge(Position{}, b[:1], keys, noon)
	if err != nil {
		t.Fatal(err)
	}
	q := NewQueue(d, key, 1, "")
	if _, err := q.Append(decision(7), noon); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Merge(at, q.Pending, keys, noon); fault.KeyOf(err) != "fault.border.lane-fork" {
		t.Errorf("another entry in a taken place: %v", err)
	}
}

func TestKeyEndsByItself(t *testing.T) {
	d, key := delegated(t)
	if _, err := NewQueue(d, key, 1, "").Append(decision(0), d.Until); fault.KindOf(err) != fault.Late {
		t.Errorf("a key signed after its end: %v", err)
	}
	e := act.Event{Body: &domestic.BorderDelegation{Lane: "x", KeyID: "k", Public: base64.StdEncoding.EncodeToString(d.Public), From: noon, Until: noon.Add(25 * time.Hour)}}
	if _, err := FromAct(e); err == nil {
		t.Error("a key for more than a day was accepted")
	}
}

func TestClockJumps(t *testing.T) {
	c := StartClock(noon, time.Hour)
	for _, x := range []struct {
		wall    time.Time
		elapsed time.Duration
		jumped  bool
	}{
		{noon.Add(time.Hour), 2 * time.Hour, false},
		{noon.Add(time.Hour + time.Minute), 2 * time.Hour, false},
		{noon.Add(-23 * time.Hour), 2 * time.Hour, true},
		{noon.Add(25 * time.Hour), 2 * time.Hour, true},
	} {
		if got := c.Check(x.wall, x.elapsed).Noticed(); got != x.jumped {
			t.Errorf("%v after %v: %v", x.wall, x.elapsed, got)
		}
	}
	if !c.Now(3 * time.Hour).Equal(noon.Add(2 * time.Hour)) {
		t.Error("the lane's own time does not follow what has passed")
	}
}

func FuzzMerge(f *testing.F) {
	d, _ := delegated(f)
	f.Add("al-morine/3", uint64(1), "", []byte(`{"decision":"allow"}`), "k1", "AAAA")
	f.Fuzz(func(t *testing.T, lane string, seq uint64, prev string, body []byte, key, sig string) {
		e := Entry{Lane: lane, Seq: seq, Prev: prev, Made: noon, Kind: domestic.BorderDecided, Body: body, Key: key, Sig: sig}
		if got, _, _ := Merge(Position{}, []Entry{e}, map[string]*Delegation{"k1": d}, noon); len(got) > 0 {
			t.Fatal("an unsigned entry was taken in")
		}
	})
}
