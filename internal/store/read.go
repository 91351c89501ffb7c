package store

import (
	"database/sql"
	"sync"
)

// statements are the readers' prepared statements: parsing costs more than most of the reading.
type statements struct {
	mu    sync.Mutex
	known map[string]*sql.Stmt
}

// maxStatements bounds them; what is put together from parts beyond that is parsed each time.
const maxStatements = 256

// get prepares a statement on its first use; nil when it is to be parsed each time, or cannot be.
func (c *statements) get(db *sql.DB, query string) *sql.Stmt {
	c.mu.Lock()
	defer c.mu.Unlock()
	if st, ok := c.known[query]; ok || len(c.known) >= maxStatements {
		return st
	}
	st, err := db.Prepare(query)
	if err != nil {
		return nil // running it will say why
	}
	if c.known == nil {
		c.known = map[string]*sql.Stmt{}
	}
	c.known[query] = st
	return st
}

func (c *statements) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, st := range c.known {
		st.Close()
	}
	c.known = nil
}

// Query reads outside any transaction.
func (s *Store) Query(query string, args ...any) (*sql.Rows, error) {
	if st := s.reads.get(s.db, query); st != nil {
		return st.Query(args...)
	}
	return s.db.Query(query, args...)
}

// QueryRow reads one row outside any transaction.
func (s *Store) QueryRow(query string, args ...any) *sql.Row {
	if st := s.reads.get(s.db, query); st != nil {
		return st.QueryRow(args...)
	}
	return s.db.QueryRow(query, args...)
}
