// Package store holds all SQL: one dialect for SQLite and PostgreSQL (facts: TEXT, BIGINT, BOOLEAN, BYTEA; $n
// in order of first appearance; instants as fixed-width UTC text). It owns the single writer that takes
// whatever waits into one durable commit, the Merkle hashes, and the projections.
//
// It decides nothing: callers hand it functions that run inside the transaction.
package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"countersign/internal/act"

	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	_ "modernc.org/sqlite"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Store is one authority's database.
type Store struct {
	db     *sql.DB
	writer *writer
	engine engine
	reads  statements
}

// Options says where the database is.
type Options struct {
	Folder   string // SQLite: the data folder; the file is countersign.db
	Postgres string // PostgreSQL URL; when set, Folder is not used for data
	Quota    int64  // SQLite: bytes beyond which the database does not grow; 0: none
	readOnly bool
	Driver   string           // SQLite: another database/sql driver for it, such as one that counts; default "sqlite"
	Clock    func() time.Time // injected where the node is wired
}

// engine is the little in which SQLite and PostgreSQL differ.
type engine struct {
	name    string
	driver  string
	dialect goose.Dialect
	begin   string
	// writing prepares the writer's connection: what SQLite keeps for a savepoint of one commit stays in memory instead of
	// in a temporary file, which costs writes and protects nothing.
	writing string
	// snapshot is the isolation under which a reader sees one moment; SQLite's readers always do.
	snapshot sql.IsolationLevel
	tables   string // lists the tables
}

var (
	sqlite = engine{"sqlite", "sqlite", goose.DialectSQLite3, "BEGIN IMMEDIATE", "PRAGMA temp_store = MEMORY", 0,
		`SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`}
	postgres = engine{"postgres", "pgx", goose.DialectPostgres, "BEGIN ISOLATION LEVEL SERIALIZABLE", "SELECT 1", sql.LevelRepeatableRead,
		`SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() ORDER BY table_name`}
)

// Open opens or creates the database, brings its schema up to date and starts the writer.
func Open(ctx context.Context, o Options) (*Store, error) {
	s, err := open(o)
	if err != nil {
		return nil, err
	}
	if err := s.prepare(ctx, o); err != nil {
		s.db.Close()
		return nil, err
	}
	return s, nil
}

// OpenReadOnly opens a database to look at it: nothing is migrated, nothing can be written.
func OpenReadOnly(ctx context.Context, o Options) (*Store, error) {
	o.readOnly = true
	s, err := open(o)
	if err != nil {
		return nil, err
	}
	var n int
	if err := s.db.QueryRowContext(ctx, "SELECT COUNT(*) FROM logs").Scan(&n); err != nil {
		s.db.Close()
		return nil, fmt.Errorf("open database for reading: %w", err)
	}
	return s, nil
}

func open(o Options) (*Store, error) {
	e, dsn := sqlite, sqliteDSN(filepath.Join(o.Folder, "countersign.db"), o.Quota)
	if o.Postgres != "" {
		e, dsn = postgres, o.Postgres
	}
	if o.readOnly && o.Postgres == "" {
		dsn = sqliteURI(filepath.Join(o.Folder, "countersign.db")) + "?mode=ro&_pragma=busy_timeout(5000)&_pragma=query_only(1)"
	}
	if o.Driver != "" && o.Postgres == "" {
		e.driver = o.Driver
	}
	db, err := sql.Open(e.driver, dsn)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	db.SetMaxOpenConns(8)
	return &Store{db: db, engine: e}, nil
}

func (s *Store) prepare(ctx context.Context, o Options) error {
	if err := s.migrate(ctx, 0); err != nil {
		return fmt.Errorf("migrate database: %w", err)
	}
	if err := s.checkDurable(ctx); err != nil {
		return err
	}
	w, err := newWriter(ctx, s, o.Clock)
	s.writer = w
	return err
}

// sqliteDSN sets busy_timeout first: the pragmas after it may have to wait (facts/stack.md).
func sqliteDSN(path string, quota int64) string {
	pragmas := []string{"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "secure_delete(1)"}
	if quota > 0 {
		pragmas = append(pragmas, "max_page_count("+strconv.FormatInt(quota/4096, 10)+")")
	}
	return sqliteURI(path) + "?_pragma=" + strings.Join(pragmas, "&_pragma=")
}

// sqliteURI names a file whatever is in its path: a folder with # or ? in its name would else be cut off there, and the
// database be another file (sqlite.org/uri.html).
func sqliteURI(path string) string {
	return "file:" + strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
}

// migrate brings the schema to a version, or with 0 up to date.
func (s *Store) migrate(ctx context.Context, to int64) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	options := []goose.ProviderOption{goose.WithGoMigrations(s.engine.guardMigration())}
	if s.engine.name == postgres.name { // several replicas may start at once
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return err
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	p, err := goose.NewProvider(s.engine.dialect, s.db, files, options...)
	if err != nil {
		return err
	}
	if to > 0 {
		_, err = p.UpTo(ctx, to)
	} else {
		_, err = p.Up(ctx)
	}
	return err
}

// checkDurable reads back what the promise "acknowledged means durable" rests on.
func (s *Store) checkDurable(ctx context.Context) error {
	if s.engine.name == postgres.name {
		var on string
		if err := s.db.QueryRowContext(ctx, "SHOW synchronous_commit").Scan(&on); err != nil {
			return err
		}
		if on == "off" || on == "local" {
			return fmt.Errorf("PostgreSQL has synchronous_commit=%s: an acknowledged act could be lost; set it to on", on)
		}
		return nil
	}
	var mode, sync string
	if err := s.db.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&mode); err != nil {
		return err
	}
	if err := s.db.QueryRowContext(ctx, "PRAGMA synchronous").Scan(&sync); err != nil {
		return err
	}
	if mode != "wal" || sync != "2" {
		return fmt.Errorf("SQLite runs with journal_mode=%s synchronous=%s; need wal and 2 (FULL): is the folder on a file system without locking?", mode, sync)
	}
	return nil
}

// Close stops the writer, lets its last commit finish, and closes the database.
func (s *Store) Close() error {
	if s.writer != nil {
		s.writer.stop()
	}
	s.reads.close()
	return s.db.Close()
}

// Querier reads: inside a transaction (*Tx) or outside it (*Store).
type Querier interface {
	Query(query string, args ...any) (*sql.Rows, error)
	QueryRow(query string, args ...any) *sql.Row
}

// scanner is the one thing that reading a row needs.
type scanner interface{ Scan(...any) error }

// collect scans all rows of a query.
func collect[T any](rows *sql.Rows, err error, scan func(scanner) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

// stamp writes an instant as the store keeps it; the zero time is "".
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(act.TimeFormat)
}

// instant reads what stamp wrote.
func instant(s string) time.Time {
	t, _ := time.Parse(act.TimeFormat, s)
	return t
}

// placeholder writes the n-th parameter of a statement put together from parts.
func placeholder(n int) string { return "$" + strconv.Itoa(n) }
