package desk_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"countersign/internal/desk"
	"countersign/internal/exchange"
	"countersign/internal/fault"
	"countersign/internal/record"
	"countersign/internal/store"
	"countersign/internal/store/storetest"
)

// restored opens a side again from a backup, in a fresh database.
func (s *side) restored(t testing.TB, backup []byte, peer *side, o store.Options, mark bool) *side {
	t.Helper()
	o.Clock = s.clock.now
	if err := store.Import(context.Background(), o, bytes.NewReader(backup)); err != nil {
		t.Fatal(err)
	}
	again := &side{keys: s.keys, store: storetest.Open(t, o), options: o, clock: s.clock, master: s.master}
	if mark {
		mustMark(t, again.store)
	}
	again.Desk = openDesk(t, again.store, s.master, s.keys, peer.keys, s.clock)
	again.server = server(again.Desk, s.keys, peer.keys)
	var err error
	if again.officer, err = again.SignIn(t.Context(), s.officer.Officer.ID); err != nil {
		t.Fatal(err)
	}
	again.officer = again.officer.For("purpose.administration")
	connect(again, peer)
	again.link.Recover = func(ctx context.Context) error { _, err := again.TakeBack(ctx, again.link.Returned); return err }
	return again
}

func (s *side) backup(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := s.store.Export(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A node restored from a backup k acts old takes its own acts back, with the receipts they had, keeps every gate
// unknown and waits for a person; then both records are what they were.
func TestRestoreFromAnyBackup(t *testing.T) {
	storetest.Each(t, func(t *testing.T, o store.Options) {
		gb, al := two(t, func() store.Options { return storetest.SQLite(t) })
		var backups [][]byte
		for k := range 6 {
			backups = append(backups, gb.backup(t))
			for range k {
				gb.say(t)
				al.say(t)
			}
			gb.clock.at = gb.clock.at.Add(time.Hour)
			gb.slot(t)
			al.slot(t)
		}
		want, wantPeer := gb.heads(t)
		receipts := receiptsOf(t, gb)
		for k, b := range backups {
			t.Run(fmt.Sprint(k), func(t *testing.T) {
				options := o
				if o.Postgres == "" || k > 0 {
					options = storetest.SQLite(t)
				}
				again := gb.restored(t, b, al, options, k%2 == 0)
				if _, err := again.link.Slot(t.Context()); err != nil && fault.KeyOf(err) != "fault.exchange.behind" {
					t.Fatal(err)
				}
				if k%2 == 0 || k < len(backups)-1 {
					if _, err := again.TestLink(t.Context(), again.officer, ""); fault.KeyOf(err) != "fault.node.read-only" {
						t.Fatalf("a restored node took an act: %v", err)
					}
				}
				again.slot(t) // takes back
				al.link = exchange.NewLink(party(al.keys, gb.keys), al.Desk, &wire{to: again.server}, al.link.Log)
				al.slot(t)
				if own, peer := again.heads(t); own != want || peer != wantPeer {
					t.Fatalf("restored %v %v, want %v %v", own, peer, want, wantPeer)
				}
				if got := receiptsOf(t, again); got != receipts {
					t.Errorf("receipts differ:\n%s", firstDifference(receipts, got))
				}
				if at, _ := store.RestoredAt(again.store); at.IsZero() {
					t.Error("what was attested before is still believed")
				}
				if _, err := again.TestLink(t.Context(), again.officer, ""); fault.KeyOf(err) != "fault.node.read-only" {
					t.Fatalf("the node resumed by itself: %v", err)
				}
				if err := again.Resume(t.Context(), again.officer); err != nil {
					t.Fatal(err)
				}
				if d, err := again.Rebuild(t.Context(), false); err != nil || len(d) > 0 {
					t.Errorf("projections differ after the restore: %v (%v)", d, err)
				}
			})
		}
	})
}

func mustMark(t testing.TB, s *store.Store) {
	t.Helper()
	if err := desk.MarkRestored(context.Background(), s); err != nil {
		t.Fatal(err)
	}
}

func receiptsOf(t testing.TB, s *side) string {
	t.Helper()
	var out bytes.Buffer
	err := store.EachAct(s.store, func(a store.ActRow) error {
		if a.Scope == "joint" {
			fmt.Fprintln(&out, a.Officer.Authority, a.Index, a.ID, a.Receipt.Format(time.RFC3339), a.Refused)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.Split(out.Bytes(), []byte("\n"))
	slices.SortFunc(lines, bytes.Compare)
	return string(bytes.Join(lines, []byte("\n")))
}

// The files of a running node were rolled back behind its back, and it made acts before it could ask: they were under
// no head, and are put behind what the peer holds.
func TestRolledBackUnnoticed(t *testing.T) {
	gb, al := pairOf(t)
	old := gb.backup(t)
	for range 3 {
		gb.say(t)
	}
	gb.slot(t)
	again := gb.restored(t, old, al, storetest.SQLite(t), false)
	made := again.say(t)
	again.say(t)
	again.say(t)
	again.say(t) // more than was lost: sizes alone tell nothing
	if _, err := again.link.Slot(t.Context()); fault.KeyOf(err) != "fault.exchange.behind" {
		t.Fatalf("a fork was signed: %v", err)
	}
	again.slot(t)
	if err := again.Resume(t.Context(), again.officer); err != nil {
		t.Fatal(err)
	}
	again.slot(t)
	agree(t, again, al)
	row, ok, err := store.FindAct(al.store, made.ID)
	if err != nil || !ok || row.Refused != "" {
		t.Errorf("an act made after the rollback is lost: %+v %v", row, err)
	}
	if forks, _ := store.Forks(al.store); len(forks) > 0 {
		t.Error("the peer saw a fork")
	}
}

// What the peer gives back is believed only under a head that this node signed.
func TestGiveBackIsChecked(t *testing.T) {
	gb, al := pairOf(t)
	old := gb.backup(t)
	gb.say(t)
	gb.say(t)
	gb.slot(t)
	for name, spoil := range map[string]func(r *record.Returned){
		"an act less":     func(r *record.Returned) { r.Acts = r.Acts[:1] },
		"in other order":  func(r *record.Returned) { r.Acts[0], r.Acts[1] = r.Acts[1], r.Acts[0] },
		"another's act":   func(r *record.Returned) { r.Acts[0] = foreign(t, al) },
		"no valid head":   func(r *record.Returned) { r.Head = bytes.Replace(r.Head, []byte("gb/al"), []byte("gb/xx"), 1) },
		"broken receipts": func(r *record.Returned) { r.Heads[0] = r.Head },
	} {
		t.Run(name, func(t *testing.T) {
			again := gb.restored(t, old, al, storetest.SQLite(t), true)
			before := dump(t, again)
			_, err := again.TakeBack(t.Context(), func(ctx context.Context, from, countersigned int64) (record.Returned, error) {
				r, err := again.link.Returned(ctx, from, countersigned)
				spoil(&r)
				return r, err
			})
			if err == nil {
				t.Fatal("believed")
			}
			if after := dump(t, again); after != before {
				t.Errorf("something stayed:\n%s", firstDifference(before, after))
			}
		})
	}
}

func foreign(t *testing.T, s *side) []byte {
	b, err := s.Outgoing(t.Context(), 0)
	if err != nil || len(b.Acts) == 0 {
		t.Fatal(err)
	}
	return b.Acts[0]
}

// A backup that was cut off, or is none, restores nothing.
func TestBadBackups(t *testing.T) {
	gb, _ := pairOf(t)
	b := gb.backup(t)
	for name, bad := range map[string][]byte{"empty": nil, "cut off": b[:len(b)*2/3], "no end": b[:bytes.LastIndexByte(b[:len(b)-1], '\n')+1], "other": []byte(`{"format":"x"}`),
		"a statement for a name": bytes.Replace(b, []byte(`"name":"acts"`), []byte(`"name":"acts; DROP TABLE acts"`), 1)} {
		o := storetest.SQLite(t)
		if err := store.Import(t.Context(), o, bytes.NewReader(bad)); err == nil {
			t.Errorf("%s: restored", name)
		}
	}
	if err := store.Import(t.Context(), gb.options, bytes.NewReader(b)); fault.KeyOf(err) != "fault.backup.not-empty" {
		t.Errorf("over a live database: %v", err)
	}
}
