package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"sync"
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
	clock func() time.Time
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
	w := &writer{jobs: make(chan *job, maxBatch), done: make(chan struct{}), begin: s.engine.begin, clock: clock,
		tx: &Tx{conn: conn, statements: map[string]*sql.Stmt{}, logs: map[string]*Log{}}}
	go w.run()
	return w, nil
}

// Write runs fn in a durable transaction, possibly together with others, each isolated by a savepoint. When
// fn returns an error nothing of it remains. The time of the transaction is tx.Now.
func (s *Store) Write(ctx context.Context, fn func(*Tx) error) error {
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

// commit runs one batch. A serialization failure of PostgreSQL runs the whole batch again, hashes included.
func (w *writer) commit(batch []*job) {
	for attempt := 0; ; attempt++ {
		err := w.try(batch)
		if err != nil {
			w.tx.forget() // a stale right edge would fork the tree
			w.tx.exec("ROLLBACK")
			if attempt < 10 && isSerialization(err) {
				continue
			}
			err = translate(err)
			for _, j := range batch {
				j.err = err
			}
		}
		break
	}
	for _, j := range batch {
		close(j.done)
	}
}

func (w *writer) try(batch []*job) error {
	if err := w.tx.exec(w.begin); err != nil {
		return err
	}
	w.tx.Now = w.clock().UTC().Truncate(time.Millisecond)
	w.tx.after = w.tx.after[:0]
	for _, j := range batch {
		if err := w.one(j); err != nil {
			return err
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
	if err := w.tx.exec("COMMIT"); err != nil {
		return err
	}
	for _, fn := range w.tx.after {
		fn()
	}
	return nil
}

// one runs a job behind a savepoint; only a failure of the savepoint itself fails the batch.
func (w *writer) one(j *job) error {
	if err := w.tx.run("SAVEPOINT act"); err != nil {
		return err
	}
	mark := w.tx.mark()
	if j.err = protect(j, w.tx); j.err != nil {
		if isSerialization(j.err) {
			return j.err
		}
		j.err = translate(j.err)
		w.tx.restore(mark)
		if err := w.tx.run("ROLLBACK TO act"); err != nil {
			return err
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

func isSerialization(err error) bool {
	var state interface{ SQLState() string }
	return errors.As(err, &state) && (state.SQLState() == "40001" || state.SQLState() == "40P01")
}
