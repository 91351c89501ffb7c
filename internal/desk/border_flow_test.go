package desk_test

import (
	"bytes"
	"encoding/hex"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"countersign/internal/border/criteria"
	"countersign/internal/border/lane"
	"countersign/internal/console"
	"countersign/internal/desk"
	"countersign/internal/desk/desktest"
	"countersign/internal/fault"
	"countersign/laws"
)

// A whole return with its handover changes nothing at the crossing points of either state: no alert, no lane, no
// check, no remembered match, and no list for a lane to start from.
func TestReturnReachesNoLane(t *testing.T) {
	w := desktest.Open(t, 11).Request().Agree().Document().Seat().Announce().HandOver()
	books, err := criteria.Load(laws.Border)
	must(t, err)
	for _, d := range []*desk.Desk{w.World.GB.Desk, w.World.AL.Desk} {
		b, err := desk.NewBorder(d, desk.BorderConfig{Books: books, Folder: t.TempDir()})
		must(t, err)
		for _, table := range []string{"border_checks", "border_lists", "border_cleared", "border_travellers", "border_counts", "lanes", "lane_keys"} {
			var n int
			if err := d.Store.QueryRow("SELECT COUNT(*) FROM " + table).Scan(&n); err != nil || n != 0 {
				t.Errorf("%s: a return left %d rows in %s (%v)", d.Authority, n, table, err)
			}
		}
		if len(b.Cleared()) != 0 {
			t.Errorf("%s: a return left something that a check goes by", d.Authority)
		}
		if err := b.Pack(desk.Session{}, new(bytes.Buffer)); err == nil {
			t.Errorf("%s: an image without any list", d.Authority)
		}
	}
}

// Files of lists come only through the door: what lies in the folder and is in no act is not read.
func TestForeignFileIsNotRead(t *testing.T) {
	p := atTheBorder(t)
	name := hex.EncodeToString([]byte("al/wanted")) + "-1.alerts"
	must(t, os.WriteFile(filepath.Join(p.Folder, name), p.list(t, 1, anna(12)), 0o600))
	again, err := desk.NewBorder(p.al.Desk, p.BorderConfig)
	must(t, err)
	if err := again.Pack(p.supervisor, new(bytes.Buffer)); fault.KeyOf(err) != "fault.border.no-lists" {
		t.Fatal(err)
	}
}

// Over the line between lane and node: an answer says how far the node holds the log, and why it takes no more.
func TestDeliveryOverHTTP(t *testing.T) {
	p := atTheBorder(t)
	l := p.lane(t, "lane-1")
	for range 3 {
		l.allow(t)
	}
	server := httptest.NewServer(console.Deliveries(p.Border))
	defer server.Close()
	deliver := console.Over(server.URL)
	for range 2 {
		if at, err := deliver(t.Context(), l.queue.Pending); err != nil || at.Seq != 3 || at.Prev != l.queue.Prev {
			t.Fatal(at, err)
		}
	}
	want(t, second(deliver(t.Context(), l.other3(t))), "fault.border.lane-fork")
	want(t, second(deliver(t.Context(), nil)), "fault.border.lane-batch")
	server.Close()
	want(t, second(deliver(t.Context(), l.queue.Pending)), "console.offline")
}

// other3 is another third entry than the one that was delivered.
func (l *laneRig) other3(t testing.TB) []lane.Entry {
	saved := *l.queue
	defer func() { *l.queue = saved }()
	l.queue.Next, l.queue.Prev, l.queue.Pending = 3, l.queue.Pending[2].Prev, nil
	l.n = 800
	l.allow(t)
	return l.queue.Pending
}
