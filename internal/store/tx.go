package store

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"time"
)

// Tx is the transaction that a job runs in. It is valid only while the job runs.
type Tx struct {
	Now time.Time // the one clock of the transaction

	conn       *sql.Conn
	statements map[string]*sql.Stmt
	logs       map[string]*Log // cached right edges, by origin
	after      []func()
	keys       map[string]struct{} // subjects whose key was made in this transaction
	seq        int64               // last place given in this node's order; 0: to be read
	seqDirty   bool
	memory     memory
}

// nextSeq gives the next place in this node's order. The counter is read once and written once per commit.
func (t *Tx) nextSeq() (int64, error) {
	if t.seq == 0 {
		if err := t.QueryRow(`SELECT value FROM counters WHERE name = 'seq'`).Scan(&t.seq); err != nil {
			return 0, err
		}
	}
	t.seq++
	t.seqDirty = true
	return t.seq, nil
}

// Exec runs a statement and returns how many rows it touched. Statements are prepared once.
func (t *Tx) Exec(query string, args ...any) (int64, error) {
	st, err := t.statement(query)
	if err != nil {
		return 0, err
	}
	r, err := st.Exec(args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// Query reads rows inside the transaction.
func (t *Tx) Query(query string, args ...any) (*sql.Rows, error) {
	st, err := t.statement(query)
	if err != nil {
		return nil, err
	}
	return st.Query(args...)
}

// QueryRow reads one row inside the transaction.
func (t *Tx) QueryRow(query string, args ...any) *sql.Row {
	st, err := t.statement(query)
	if err != nil {
		return t.conn.QueryRowContext(context.Background(), query, args...)
	}
	return st.QueryRow(args...)
}

// After runs fn once the transaction is durable; not at all if it fails.
func (t *Tx) After(fn func()) { t.after = append(t.after, fn) }

func (t *Tx) statement(query string) (*sql.Stmt, error) {
	if st, ok := t.statements[query]; ok {
		return st, nil
	}
	st, err := t.conn.PrepareContext(context.Background(), query)
	if err == nil {
		t.statements[query] = st
	}
	return st, err
}

// run runs a prepared statement whose count of rows does not matter.
func (t *Tx) run(query string) error {
	_, err := t.Exec(query)
	return err
}

// exec runs what ends a transaction that has failed: there nothing can be prepared any more.
func (t *Tx) exec(query string) error {
	_, err := t.conn.ExecContext(context.Background(), query)
	return err
}

func (t *Tx) release() {
	for _, st := range t.statements {
		st.Close()
	}
	t.conn.Close()
}

// mark and restore undo what a failed job left in memory.
type mark struct {
	logs  map[string]*Log
	after int
	seq   int64
	dirty bool // of seq
	kept  int  // changes of memory
}

func (t *Tx) mark() mark {
	m := mark{logs: make(map[string]*Log, len(t.logs)), after: len(t.after), seq: t.seq, dirty: t.seqDirty, kept: len(t.memory.before)}
	for origin, l := range t.logs {
		m.logs[origin] = l.clone()
	}
	return m
}

func (t *Tx) restore(m mark) {
	t.logs, t.seq, t.seqDirty = m.logs, m.seq, m.dirty
	t.after = slices.Delete(t.after, m.after, len(t.after))
	t.memory.undo(m.kept)
}

func (t *Tx) forget() {
	t.logs = map[string]*Log{}
	t.after = t.after[:0]
	t.seq, t.seqDirty = 0, false
	t.memory.settle()
	t.ForgetAll()
}

// flush writes the tails of the logs that grew: once per commit, not per act.
func (t *Tx) flush() error {
	for _, l := range t.logs {
		l.grew = false
		if err := l.flush(t); err != nil {
			return err
		}
	}
	if !t.seqDirty {
		return nil
	}
	t.seqDirty = false
	_, err := t.Exec(`UPDATE counters SET value = $1 WHERE name = 'seq'`, t.seq)
	return err
}

// LimitPages bounds the SQLite database to so many pages, or to those it has; a node's quota is set when it is opened.
func (t *Tx) LimitPages(pages int64) error {
	var now int64
	return t.conn.QueryRowContext(context.Background(), "PRAGMA max_page_count("+strconv.FormatInt(pages, 10)+")").Scan(&now)
}
