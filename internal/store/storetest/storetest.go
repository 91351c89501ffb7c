// Package storetest opens real databases for tests: SQLite in a temporary folder always, PostgreSQL when
// COUNTERSIGN_TEST_POSTGRES names a server (make test starts one on loopback).
package storetest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"net/url"
	"os"
	"testing"
	"time"

	"countersign/internal/store"
)

// Env names the server on which tests may make schemas of their own.
const Env = "COUNTERSIGN_TEST_POSTGRES"

var require = flag.Bool("require-postgres", os.Getenv("COUNTERSIGN_REQUIRE_POSTGRES") == "1", "fail instead of skipping when "+Env+" is not set")

// Each runs the test on every engine.
func Each(t *testing.T, test func(t *testing.T, o store.Options)) {
	t.Run("sqlite", func(t *testing.T) { test(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, Postgres(t)) })
}

// SQLite returns options for a fresh database in a temporary folder.
func SQLite(t testing.TB) store.Options {
	return store.Options{Folder: t.TempDir(), Clock: time.Now}
}

// Postgres returns options for a fresh schema, dropped when the test ends.
func Postgres(t testing.TB) store.Options {
	t.Helper()
	server := os.Getenv(Env)
	if server == "" {
		if *require {
			t.Fatalf("%s is not set", Env)
		}
		t.Skipf("%s is not set: start a PostgreSQL on loopback and give its URL, or run make test, which does", Env)
	}
	address, drop, err := Schema(server)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := drop(); err != nil {
			t.Error(err)
		}
	})
	return store.Options{Postgres: address, Clock: time.Now}
}

// Schema makes a fresh schema on the server and returns its address and what drops it.
func Schema(server string) (address string, drop func() error, err error) {
	u, err := url.Parse(server)
	if err != nil {
		return "", nil, err
	}
	db, err := sql.Open("pgx", server)
	if err != nil {
		return "", nil, err
	}
	schema := "t_" + rand.Text()
	drop = func() error {
		_, err := db.Exec(fmt.Sprintf(`DROP SCHEMA %q CASCADE`, schema))
		return errors.Join(err, db.Close())
	}
	if _, err := db.Exec(fmt.Sprintf(`CREATE SCHEMA %q`, schema)); err != nil {
		return "", nil, errors.Join(err, db.Close())
	}
	q := u.Query()
	q.Set("search_path", `"`+schema+`"`)
	u.RawQuery = q.Encode()
	return u.String(), drop, nil
}

// Open opens the store and closes it when the test ends.
func Open(t testing.TB, o store.Options) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}
