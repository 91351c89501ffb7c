package lossy

import (
	"math/rand/v2"
	"testing"
)

// What was not synced is gone after a cut, kept after a kill, and between the two with half kept.
func TestWhatSurvives(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	for _, c := range []struct {
		loss Loss
		want string
	}{{All, "synced"}, {Nothing, "synced, not"}} {
		d := NewDisk(map[string][]byte{"a.db": nil})
		f := d.names["a.db"]
		f.change(change{0, []byte("synced")})
		f.sync()
		f.change(change{6, []byte(", not")})
		d.names["new.db-wal"] = &file{live: []byte("x"), synced: []byte("x")}
		after := d.After(c.loss, random)
		if got := string(after.Files()["a.db"]); got != c.want {
			t.Errorf("%s: %q, want %q", c.loss, got, c.want)
		}
		if _, ok := after.Files()["new.db-wal"]; ok != (c.loss == Nothing) {
			t.Errorf("%s: a name whose folder was not synced: %v", c.loss, ok)
		}
	}
}

// An armed disk stops at the chosen operation and stays stopped.
func TestArmedDiskStops(t *testing.T) {
	d := NewDisk(nil)
	d.Arm("sync log", 2)
	for i, want := range []bool{true, true, false, false} {
		phase := []string{"write", "sync", "sync", "write"}[i]
		if ok := d.operation(phase, "a.db-wal") == 0; ok != want {
			t.Errorf("operation %d: %v, want %v", i, ok, want)
		}
	}
	if d.Phase() != "sync log" {
		t.Errorf("stopped at %q", d.Phase())
	}
}
