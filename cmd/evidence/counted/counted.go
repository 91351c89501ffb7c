// Package counted is SQLite's driver with a counter: how many statements are run and how many rows are read. It changes
// nothing that passes through it.
package counted

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"sync"
	"sync/atomic"

	_ "modernc.org/sqlite"
)

// Driver is the name under which node.Config and store.Options find it once it is registered.
const Driver = "sqlite-counted"

// Counts is what was read since the program started, by everything that uses the driver.
type Counts struct{ Statements, Rows int64 }

type counters struct{ statements, rows atomic.Int64 }

var (
	register sync.Once
	counter  counters
)

// Register makes the driver known.
func Register() error {
	var failed error
	register.Do(func() {
		db, err := sql.Open("sqlite", ":memory:")
		if err != nil {
			failed = err
			return
		}
		sql.Register(Driver, &counting{db.Driver()})
		failed = db.Close()
	})
	return failed
}

// Now is what was read until now.
func Now() Counts { return Counts{counter.statements.Load(), counter.rows.Load()} }

// Since is what was read after c.
func (c Counts) Since() Counts {
	n := Now()
	return Counts{n.Statements - c.Statements, n.Rows - c.Rows}
}

type counting struct{ driver.Driver }

func (d *counting) Open(name string) (driver.Conn, error) {
	c, err := d.Driver.Open(name)
	if err != nil {
		return nil, err
	}
	inner, ok := c.(whole)
	if !ok {
		return nil, errors.Join(errors.New("SQLite's driver has changed"), c.Close())
	}
	return &conn{inner}, nil
}

// whole is what database/sql uses of SQLite's connections.
type whole interface {
	driver.Conn
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.ConnBeginTx
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

type conn struct{ whole }

func (c *conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	counter.statements.Add(1)
	return c.whole.ExecContext(ctx, query, args)
}

func (c *conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	r, err := c.whole.QueryContext(ctx, query, args)
	return read(r, err)
}

func (c *conn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	s, err := c.whole.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	inner, ok := s.(prepared)
	if !ok {
		return nil, errors.Join(errors.New("SQLite's driver has changed"), s.Close())
	}
	return &stmt{inner}, nil
}

type prepared interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

type stmt struct{ prepared }

func (s *stmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	counter.statements.Add(1)
	return s.prepared.ExecContext(ctx, args)
}

func (s *stmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	r, err := s.prepared.QueryContext(ctx, args)
	return read(r, err)
}

func read(r driver.Rows, err error) (driver.Rows, error) {
	if err != nil {
		return nil, err
	}
	counter.statements.Add(1)
	return &rows{r}, nil
}

type rows struct{ driver.Rows }

func (r *rows) Next(into []driver.Value) error {
	err := r.Rows.Next(into)
	if err == nil {
		counter.rows.Add(1)
	}
	return err
}
