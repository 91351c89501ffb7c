package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"countersign/internal/act"
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
