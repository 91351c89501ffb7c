package store_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"countersign/internal/store"
	"countersign/internal/store/storetest"
)

// A backup of either engine is restored to either, also what is true or false, which SQLite writes as numbers.
func TestBackupOfEitherEngineIsRestoredToEither(t *testing.T) {
	storetest.Each(t, func(t *testing.T, from store.Options) {
		s := storetest.Open(t, from)
		err := s.Write(t.Context(), func(tx *store.Tx) error {
			return tx.PutCase(store.CaseRow{ID: "case", Subject: "person", Side: "requesting", Paused: true, Opened: tx.Now, Updated: tx.Now, Acts: 3, Name: []byte("name")})
		})
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := s.Export(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		storetest.Each(t, func(t *testing.T, to store.Options) {
			if err := store.Import(t.Context(), to, bytes.NewReader(b.Bytes())); err != nil {
				t.Fatal(err)
			}
			c, ok, err := store.FindCase(storetest.Open(t, to), "case")
			if err != nil || !ok || !c.Paused || c.Blocked || c.Acts != 3 {
				t.Fatalf("%+v %v %v", c, ok, err)
			}
		})
	})
}

// A backup laid as it was keeps its schema until the database is opened.
func TestBackupLaidAsItWas(t *testing.T) {
	storetest.Each(t, func(t *testing.T, o store.Options) {
		old := []byte(`{"format":"` + store.BackupFormat + `","schema":11,"tables":[{"name":"counters","columns":["name","value"]}]}
{"t":0,"v":["seq",42]}
{"rows":[1]}
`)
		if err := store.ImportAsWas(t.Context(), o, bytes.NewReader(old)); err != nil {
			t.Fatal(err)
		}
		s, err := store.OpenReadOnly(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		if v := schemaOf(t, s); v != 11 {
			t.Errorf("schema %d, want 11", v)
		}
		s.Close()
		s = storetest.Open(t, o)
		var seq int64
		if err := s.QueryRow(`SELECT value FROM counters WHERE name = 'seq'`).Scan(&seq); err != nil || seq != 42 {
			t.Errorf("seq %d, %v", seq, err)
		}
		if v := schemaOf(t, s); v <= 11 {
			t.Errorf("schema %d after opening", v)
		}
	})
}

func schemaOf(t *testing.T, s *store.Store) (v int64) {
	t.Helper()
	if err := s.QueryRow(`SELECT MAX(version_id) FROM goose_db_version`).Scan(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

// The database lies in its folder, whatever the folder is called.
func TestFolderOfAnyName(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "50% of #1?_pragma=synchronous(0)")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	o := store.Options{Folder: folder, Clock: time.Now}
	storetest.Open(t, o)
	if _, err := os.Stat(filepath.Join(folder, "countersign.db")); err != nil {
		t.Error(err)
	}
	s, err := store.OpenReadOnly(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
}
