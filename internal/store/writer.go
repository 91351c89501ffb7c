package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"countersign/internal/fault"
)

// maxBatch bounds how many waiting jobs share one commit.
const maxBatch = 256

// writer is the only path to the database's tables. One goroutine takes whatever waits, runs each job
// behind a savepoint, commits once, and only then answers: acknowledged means durable.
type writer struct {
	jobs  chan *job
	done  chan struct{}
	close sync.Once
	tx    *Tx
	begin string
	hooks []func(*Tx) error

	db         *sql.DB
	holder     string // names this process among those that write
	turn       int64
	committing bool
	foreign    []func() error
	clock      func() time.Time
	count      atomic.Int64
}

type job struct {
	ctx  context.Context
	fn   func(*Tx) error
	err  error
	done chan struct{}
}

func newWriter(ctx context.Context, s *Store, clock func() time.Time) (*writer, error) {
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := conn.ExecContext(ctx, s.engine.writing); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	w := &writer{db: s.db, holder: rand.Text(), turn: -1, jobs: make(chan *job, maxBatch), done: make(chan struct{}), begin: s.engine.begin, clock: clock,
		tx: &Tx{conn: conn, statements: map[string]*sql.Stmt{}, logs: map[string]*Log{}, keys: map[string]struct{}{},
			memory: memory{values: map[string]any{}}}}
	go w.run()
	return w, nil
}

// Write runs fn in a durable transaction, possibly together with others, each isolated by a savepoint. When
// fn returns an error nothing of it remains. The time of the transaction is tx.Now.
func (s *Store) Write(ctx context.Context, fn func(*Tx) error) error {
	if s.writer == nil {
		return fault.New(fault.Unavailable, "fault.store.readonly")
	}
	j := &job{ctx: ctx, fn: fn, done: make(chan struct{})}
	select {
	case s.writer.jobs <- j:
	case <-s.writer.done:
		return fault.New(fault.Unavailable, "fault.store.closed")
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-j.done:
		return j.err
	case <-s.writer.done:
		return fault.New(fault.Unavailable, "fault.store.closed")
	}
}

// Commits is how many transactions were made durable since the store was opened.
func (s *Store) Commits() int64 {
	if s.writer == nil {
		return 0
	}
	return s.writer.count.Load()
}

// Foreign has fn called when another process has written to the database: what is kept in memory of it is stale.
func (s *Store) Foreign(fn func() error) { s.writer.foreign = append(s.writer.foreign, fn) }

// BeforeCommit has fn run once in each commit, after the jobs: what belongs to all of them together, such as the
// head that covers them. It is called before the first Write.
func (s *Store) BeforeCommit(fn func(*Tx) error) { s.writer.hooks = append(s.writer.hooks, fn) }

func (w *writer) run() {
	defer close(w.done)
	for j := range w.jobs {
		if j == nil {
			return
		}
		batch := []*job{j}
		stop := false
		for len(batch) < maxBatch && len(w.jobs) > 0 {
			next := <-w.jobs
			if next == nil {
				stop = true
				break
			}
			batch = append(batch, next)
		}
		w.commit(batch)
		if stop {
			return
		}
	}
}

func (w *writer) stop() {
	w.close.Do(func() { w.jobs <- nil })
	<-w.done
	w.tx.release()
}

// commit runs one batch. A serialization failure of PostgreSQL runs the whole batch again, hashes included, and so
// does a connection that was lost before the commit. A connection lost at the commit leaves its outcome unknown
// until the turn has been read.
func (w *writer) commit(batch []*job) {
	err := w.try(batch)
	for attempt := 1; err != nil && attempt < 50; attempt++ {
		w.tx.forget() // a stale right edge would fork the tree
		if fatal(err) {
			panic(fmt.Sprintf("store: what is on the disk is unknown: %v", err))
		}
		switch {
		case isSerialization(err):
			w.tx.exec("ROLLBACK")
		case isLost(err):
			if done, lost := w.reconnect(attempt); lost != nil {
				err = lost
				continue
			} else if done {
				w.after()
				err = nil
				continue
			}
		default:
			w.tx.exec("ROLLBACK")
			w.fail(batch, err)
			return
		}
		err = w.try(batch)
	}
	w.fail(batch, err)
}

// fail answers the batch; with no error each job has its own.
func (w *writer) fail(batch []*job, err error) {
	for _, j := range batch {
		if err != nil {
			j.err = translate(err)
		}
		close(j.done)
	}
}

const reconnectTimeout = 10 * time.Second

// reconnect takes another connection, and tells whether the turn that was under way had been committed.
func (w *writer) reconnect(attempt int) (done bool, err error) {
	w.tx.release()
	time.Sleep(time.Duration(min(attempt, 20)) * 50 * time.Millisecond)
	ctx, cancel := context.WithTimeout(context.Background(), reconnectTimeout)
	defer cancel()
	if w.tx.conn, err = w.db.Conn(ctx); err != nil {
		return false, fmt.Errorf("%w: %w", driver.ErrBadConn, err)
	}
	w.tx.statements = map[string]*sql.Stmt{}
	var turn int64
	var holder string
	if err := w.tx.QueryRow(`SELECT turn, holder FROM writer WHERE name = 'writer'`).Scan(&turn, &holder); err != nil {
		return false, fmt.Errorf("%w: %w", driver.ErrBadConn, err)
	}
	if w.committing && turn > w.turn {
		return false, fault.New(fault.Unavailable, "fault.store.unknown") // others wrote since: it may or may not be there
	}
	return w.committing && turn == w.turn && holder == w.holder, nil
}

func (w *writer) try(batch []*job) error {
	w.committing = false
	if err := w.tx.run(w.begin); err != nil {
		return err
	}
	if err := w.takeTurn(); err != nil {
		return err
	}
	w.tx.Now = w.clock().UTC().Truncate(time.Millisecond)
	w.tx.after = w.tx.after[:0]
	clear(w.tx.keys)
	if len(batch) == 1 {
		if failed, err := w.alone(batch[0]); failed || err != nil {
			return err
		}
	} else {
		for _, j := range batch {
			if err := w.one(j); err != nil {
				return err
			}
		}
	}
	for _, hook := range w.hooks {
		if err := hook(w.tx); err != nil {
			return err
		}
	}
	if err := w.tx.flush(); err != nil {
		return err
	}
	w.committing = true
	if err := w.tx.run("COMMIT"); err != nil {
		return err
	}
	w.after()
	return nil
}

func (w *writer) after() {
	w.count.Add(1)
	w.tx.memory.settle()
	for _, fn := range w.tx.after {
		fn()
	}
}

// takeTurn locks the writer's row. When another process has written since the last turn, what is in memory of the
// database is forgotten, and those who keep more of it are told.
func (w *writer) takeTurn() error {
	before := w.turn
	if err := w.tx.QueryRow(`UPDATE writer SET turn = turn + 1, holder = $1 WHERE name = 'writer' RETURNING turn`, w.holder).Scan(&w.turn); err != nil {
		w.turn = before
		return err
	}
	if w.turn == before+1 {
		return nil
	}
	w.tx.forget()
	for _, fn := range w.foreign {
		if err := fn(); err != nil {
			return err
		}
	}
	return nil
}

// alone runs the only job of a transaction. It needs no savepoint: when it fails, the transaction ends with nothing, and
// the turn goes back with it.
func (w *writer) alone(j *job) (failed bool, err error) {
	mark := w.tx.mark()
	if j.err = protect(j, w.tx); j.err == nil {
		return false, nil
	}
	if isSerialization(j.err) || isLost(j.err) || fatal(j.err) {
		return true, j.err
	}
	j.err = translate(j.err)
	w.tx.restore(mark)
	if err := w.tx.exec("ROLLBACK"); err != nil { // a full disk has ended it already
		w.tx.forget()
	}
	w.turn--
	return true, nil
}

// one runs a job behind a savepoint; only a failure of the savepoint itself fails the batch.
func (w *writer) one(j *job) error {
	if err := w.tx.run("SAVEPOINT act"); err != nil {
		return err
	}
	mark := w.tx.mark()
	if j.err = protect(j, w.tx); j.err != nil {
		if isSerialization(j.err) || isLost(j.err) {
			return j.err
		}
		j.err = translate(j.err)
		w.tx.restore(mark)
		if err := w.tx.run("ROLLBACK TO act"); err != nil {
			return errors.Join(j.err, err) // a full disk ends the whole transaction: its own words must stay
		}
	}
	return w.tx.run("RELEASE act")
}

// protect turns a panic of one job into its error, so that one caller's bug does not stop the authority.
func protect(j *job, tx *Tx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in transaction: %v\n%s", p, debug.Stack())
		}
	}()
	if err := j.ctx.Err(); err != nil {
		return err
	}
	return j.fn(tx)
}

// translate turns what an operator can mend into a fault; other errors stay internal.
func translate(err error) error {
	switch s := err.Error(); {
	case strings.Contains(s, "database or disk is full"), strings.Contains(s, "(13)"), strings.Contains(s, "53100"):
		return fault.New(fault.Unavailable, "fault.store.full").Because(err)
	case strings.Contains(s, "readonly"):
		return fault.New(fault.Unavailable, "fault.store.readonly").Because(err)
	}
	return err
}

// isLost tells whether the connection itself has gone.
func isLost(err error) bool {
	var state interface{ SQLState() string }
	if errors.As(err, &state) { // class 57P: the server is going down or has ended the connection
		return strings.HasPrefix(state.SQLState(), "57P") || strings.HasPrefix(state.SQLState(), "08")
	}
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) || strings.Contains(err.Error(), "conn closed")
}

// fatal tells of an fsync that failed: whether the pages are on the disk is unknown and stays so, because the
// system may report the error only once (SQLITE_IOERR_FSYNC, SQLITE_IOERR_DIR_FSYNC).
func fatal(err error) bool {
	return strings.Contains(err.Error(), "(1034)") || strings.Contains(err.Error(), "(1290)")
}

func isSerialization(err error) bool {
	var state interface{ SQLState() string }
	return errors.As(err, &state) && (state.SQLState() == "40001" || state.SQLState() == "40P01")
}
