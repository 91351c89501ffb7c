package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"countersign/internal/act"
	"countersign/internal/fault"
	"countersign/internal/store"
	"countersign/internal/store/storetest"

	"golang.org/x/mod/sumdb/tlog"
)

const origin = "countersign/test/log"

func withLog(t *testing.T, o store.Options) *store.Store {
	s := storetest.Open(t, o)
	if err := s.Write(t.Context(), func(tx *store.Tx) error { return tx.CreateLog(origin, store.Stream) }); err != nil {
		t.Fatal(err)
	}
	return s
}

// add appends one act whose leaf is its text.
func add(tx *store.Tx, text string) error {
	log, err := tx.Log(origin)
	if err != nil {
		return err
	}
	row := &store.ActRow{Log: log.ID, Index: log.Append([]byte(text)), ID: act.ID(text), Scope: act.Joint, Kind: "test", About: "case",
		Made: tx.Now, Occurred: tx.Now, Recorded: tx.Now, Sealed: []byte(text)}
	return tx.InsertAct(row)
}

// The log that the store keeps must be the RFC 6962 log of its leaves, across restarts and failed jobs.
func TestLogIsTheMerkleLogOfItsLeaves(t *testing.T) {
	storetest.Each(t, func(t *testing.T, o store.Options) {
		var leaves []string
		for round := range 3 {
			s := withLog(t, o)
			for i := range 301 {
				text := fmt.Sprintf("%d/%d", round, i)
				fail := errors.New("no")
				err := s.Write(t.Context(), func(tx *store.Tx) error {
					if err := add(tx, text); err != nil {
						return err
					}
					if i%7 == 3 {
						return fail
					}
					return nil
				})
				if i%7 == 3 {
					if !errors.Is(err, fail) {
						t.Fatalf("failed job answered %v", err)
					}
					continue
				}
				if err != nil {
					t.Fatal(err)
				}
				leaves = append(leaves, text)
			}
			check(t, s, leaves)
			s.Close()
		}
	})
}

func check(t *testing.T, s *store.Store, leaves []string) {
	t.Helper()
	info, err := store.FindLog(s, origin)
	if err != nil {
		t.Fatal(err)
	}
	if info.Size != int64(len(leaves)) {
		t.Fatalf("size %d, want %d", info.Size, len(leaves))
	}
	reader := store.HashReader{Q: s, Log: info.ID}
	root, err := tlog.TreeHash(info.Size, reader)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := store.ActsOfLog(s, info.ID, 0, info.Size+1)
	if err != nil || len(rows) != len(leaves) {
		t.Fatalf("%d rows (%v), want %d", len(rows), err, len(leaves))
	}
	for i, row := range rows {
		if string(row.Sealed) != leaves[i] || row.Index != int64(i) {
			t.Fatalf("row %d is %q at %d, want %q", i, row.Sealed, row.Index, leaves[i])
		}
		if i%50 == 0 {
			proof, err := tlog.ProveRecord(info.Size, int64(i), reader)
			if err != nil {
				t.Fatal(err)
			}
			if err := tlog.CheckRecord(proof, info.Size, root, int64(i), tlog.RecordHash([]byte(leaves[i]))); err != nil {
				t.Fatalf("leaf %d: %v", i, err)
			}
		}
	}
}

// Many callers at once share commits; each act lands exactly once and a panic harms only its own caller.
func TestManyCallers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, o store.Options) {
		s := withLog(t, o)
		var wg sync.WaitGroup
		var mu sync.Mutex
		done := map[string]bool{}
		for c := range 32 {
			wg.Go(func() {
				for i := range 20 {
					text := fmt.Sprintf("%d-%d", c, i)
					err := s.Write(context.Background(), func(tx *store.Tx) error {
						if err := add(tx, text); err != nil {
							return err
						}
						if c == 5 && i == 5 {
							panic("bug")
						}
						return nil
					})
					if (err != nil) != (c == 5 && i == 5) {
						t.Errorf("%s: %v", text, err)
					}
					if err == nil {
						mu.Lock()
						done[text] = true
						mu.Unlock()
					}
				}
			})
		}
		wg.Wait()
		info, _ := store.FindLog(s, origin)
		rows, err := store.ActsOfLog(s, info.ID, 0, 1000)
		if err != nil || len(rows) != len(done) {
			t.Fatalf("%d rows (%v), want %d", len(rows), err, len(done))
		}
		var leaves []string
		for i, r := range rows {
			leaves = append(leaves, string(r.Sealed))
			if !done[string(r.Sealed)] || r.Seq <= 0 || r.Index != int64(i) {
				t.Fatalf("row %+v", r)
			}
		}
		check(t, s, leaves)
	})
}

// A job whose context has ended does nothing; a closed store says so.
func TestEndedContextAndClosedStore(t *testing.T) {
	s := withLog(t, storetest.SQLite(t))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Write(ctx, func(tx *store.Tx) error { return add(tx, "x") }); err == nil {
		t.Error("an ended context was written")
	}
	s.Close()
	if err := s.Write(t.Context(), func(tx *store.Tx) error { return nil }); err == nil {
		t.Error("a closed store took a job")
	}
}

func BenchmarkWrite(b *testing.B) {
	s := storetest.Open(b, storetest.SQLite(b))
	s.Write(b.Context(), func(tx *store.Tx) error { return tx.CreateLog(origin, store.Stream) })
	for i := 0; b.Loop(); i++ {
		if err := s.Write(b.Context(), func(tx *store.Tx) error { return add(tx, fmt.Sprint(i)) }); err != nil {
			b.Fatal(err)
		}
	}
}

// A job that fails before anything else was written must not set the order back.
func TestFailedJobKeepsTheOrder(t *testing.T) {
	o := storetest.SQLite(t)
	s := withLog(t, o)
	for i := range 3 {
		if err := s.Write(t.Context(), func(tx *store.Tx) error { return add(tx, fmt.Sprint(i)) }); err != nil {
			t.Fatal(err)
		}
	}
	s.Close()
	s = withLog(t, o)
	s.Write(t.Context(), func(tx *store.Tx) error { return errors.Join(add(tx, "x"), errors.New("no")) })
	if err := s.Write(t.Context(), func(tx *store.Tx) error { return add(tx, "3") }); err != nil {
		t.Fatal(err)
	}
	var seq []int64
	if err := store.EachAct(s, func(a store.ActRow) error { seq = append(seq, a.Seq); return nil }); err != nil || !slices.Equal(seq, []int64{1, 2, 3, 4}) {
		t.Errorf("order %v (%v)", seq, err)
	}
}

// Several processes write to one database: each act lands once, the log is one log, and a replica whose connection is
// cut in the middle of anything loses nothing that it acknowledged and doubles nothing.
func TestReplicas(t *testing.T) {
	storetest.Each(t, func(t *testing.T, o store.Options) {
		withLog(t, o)
		replicas := []*store.Store{storetest.Open(t, o), storetest.Open(t, o), storetest.Open(t, o)}
		var mu sync.Mutex
		acked := map[string]bool{}
		var wg sync.WaitGroup
		for r, s := range replicas {
			for c := range 4 {
				wg.Go(func() {
					for i := range 25 {
						text := fmt.Sprintf("%d-%d-%d", r, c, i)
						if err := s.Write(context.Background(), func(tx *store.Tx) error { return add(tx, text) }); err == nil {
							mu.Lock()
							acked[text] = true
							mu.Unlock()
						} else if o.Postgres == "" {
							t.Error(err)
						}
					}
				})
			}
		}
		if o.Postgres != "" {
			for range 10 {
				time.Sleep(30 * time.Millisecond)
				var n int
				if err := replicas[0].QueryRow(`SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database() AND backend_type = 'client backend' AND state <> 'idle' AND query NOT LIKE '%pg_terminate%'`).Scan(&n); err != nil {
					t.Log(err)
				}
			}
		}
		wg.Wait()
		s := storetest.Open(t, o)
		info, _ := store.FindLog(s, origin)
		rows, err := store.ActsOfLog(s, info.ID, 0, 1000)
		if err != nil {
			t.Fatal(err)
		}
		var leaves []string
		stored := map[string]bool{}
		for _, r := range rows {
			if stored[string(r.Sealed)] {
				t.Errorf("%s is there twice", r.Sealed)
			}
			stored[string(r.Sealed)] = true
			leaves = append(leaves, string(r.Sealed))
		}
		for text := range acked {
			if !stored[text] {
				t.Errorf("%s was acknowledged and is lost", text)
			}
		}
		if len(acked) < 250 {
			t.Errorf("only %d acts were taken", len(acked))
		}
		check(t, s, leaves)
	})
}

// A full disk refuses new acts with its own reason, loses none, and the store works again when there is room.
func TestDiskFull(t *testing.T) {
	o := storetest.SQLite(t)
	o.Quota = 1 << 20
	s := withLog(t, o)
	var leaves []string
	var full error
	for i := range 2000 {
		text := fmt.Sprintf("%d %s", i, strings.Repeat("x", 700))
		if err := s.Write(t.Context(), func(tx *store.Tx) error { return add(tx, text) }); err != nil {
			full = err
			break
		}
		leaves = append(leaves, text)
	}
	if fault.KeyOf(full) != "fault.store.full" || len(leaves) < 50 {
		t.Fatalf("after %d acts: %v", len(leaves), full)
	}
	for range 3 {
		if err := s.Write(t.Context(), func(tx *store.Tx) error { return add(tx, "more "+strings.Repeat("x", 5000)) }); fault.KeyOf(err) != "fault.store.full" {
			t.Fatalf("still full: %v", err)
		}
	}
	check(t, s, leaves)
	s.Close()
	o.Quota = 0
	s = withLog(t, o)
	if err := s.Write(t.Context(), func(tx *store.Tx) error { return add(tx, "room") }); err != nil {
		t.Fatal(err)
	}
	check(t, s, append(leaves, "room"))
}
