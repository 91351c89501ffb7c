// Package check reads the database of a node that is not running and says what is wrong with it. It is the
// experiments' own judge: it reads the rows itself, computes the Merkle trees again from the acts, and knows
// nothing of how the product keeps them consistent, nor of any planted fault.
package check

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"countersign/cmd/evidence/host"
	"countersign/internal/act"
	"countersign/internal/node"
	"countersign/internal/record"
	"countersign/internal/vault"

	"github.com/go-json-experiment/json"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	_ "modernc.org/sqlite"
)

// Entry is one act at its place.
type Entry struct {
	Index, Seq    int64
	ID, About     act.ID
	Kind, Refused string
	Hash          tlog.Hash // of its leaf, computed again from the act
	subject       string
	sealed        []byte
	opened        *opened
}

// Head is a signed head as kept.
type Head struct {
	Size             int64
	Signed, Cosigned []byte
}

// Log is one log as kept.
type Log struct {
	ID      int64
	Origin  string
	Kind    string
	Size    int64
	Entries []Entry
	Heads   []Head
	stored  []byte // hashes, from the tiles
	roots   *roots
}

// Record is all of one node's record.
type Record struct {
	Authority string
	Logs      map[string]*Log // by origin
	ByID      map[act.ID]*Entry
	Cases     map[act.ID]Case
	Frozen    int   // proofs of a fork on file
	Schema    int64 // newest migration
	public    map[string]record.Authority
	judge     *Judge
}

// Case is the projection of a case.
type Case struct {
	Outcome string
	Acts    int64
}

// Read loads the record of the node in folder, whose process has ended.
func (j *Judge) Read(folder, authority string) (*Record, error) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(folder, "countersign.db")+"?_pragma=busy_timeout(5000)")
	if err != nil {
		return nil, err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	return j.ReadFrom(db, folder, authority)
}

// ReadPostgres is Read for a record in PostgreSQL, as it is at one moment; nodes may go on writing.
func (j *Judge) ReadPostgres(url, folder, authority string) (*Record, error) {
	db, err := sql.Open("pgx", url)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	tx, err := db.BeginTx(context.Background(), &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	r, err := j.empty(folder, authority)
	if err != nil {
		return nil, err
	}
	return r, r.read(tx, folder)
}

// queries is a database, or one moment of it.
type queries interface {
	Query(query string, args ...any) (*sql.Rows, error)
	QueryRow(query string, args ...any) *sql.Row
}

func (j *Judge) empty(folder, authority string) (r *Record, err error) {
	r = &Record{judge: j, Authority: authority, Logs: map[string]*Log{}, ByID: map[act.ID]*Entry{}, Cases: map[act.ID]Case{}, public: map[string]record.Authority{}}
	for _, name := range host.Both {
		if r.public[name], err = node.ReadAuthority(filepath.Join(folder, node.PublicName(name))); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// ReadFrom is Read on a database that is open already.
func (j *Judge) ReadFrom(db *sql.DB, folder, authority string) (*Record, error) {
	r, err := j.empty(folder, authority)
	if err != nil {
		return nil, err
	}
	var intact string
	if err := db.QueryRow(`PRAGMA quick_check`).Scan(&intact); err != nil {
		return nil, fmt.Errorf("quick_check: %w", err)
	}
	if intact != "ok" {
		return nil, fmt.Errorf("the database file is corrupt: %s", intact)
	}
	return r, r.read(db, folder)
}

func (r *Record) read(db queries, folder string) error {
	logs := map[int64]*Log{}
	err := each(db, `SELECT id, origin, kind, size FROM logs`, func(s *sql.Rows) error {
		l := &Log{}
		logs[l.ID] = l
		if err := s.Scan(&l.ID, &l.Origin, &l.Kind, &l.Size); err != nil {
			return err
		}
		logs[l.ID], r.Logs[l.Origin] = l, l
		return nil
	})
	if err != nil {
		return err
	}
	err = each(db, `SELECT log, idx, seq, id, about, kind, refused, subject, sealed FROM acts ORDER BY log, idx`, func(s *sql.Rows) error {
		var log int64
		var e Entry
		if err := s.Scan(&log, &e.Index, &e.Seq, &e.ID, &e.About, &e.Kind, &e.Refused, &e.subject, &e.sealed); err != nil {
			return err
		}
		if logs[log] == nil {
			return fmt.Errorf("act %s is in no log", e.ID)
		}
		logs[log].Entries = append(logs[log].Entries, e)
		return nil
	})
	if err != nil {
		return err
	}
	err = each(db, `SELECT log, n, hashes FROM tiles ORDER BY log, n`, func(s *sql.Rows) error {
		var log, n int64
		var b []byte
		if err := s.Scan(&log, &n, &b); err != nil {
			return err
		}
		logs[log].stored = append(logs[log].stored, b...)
		return nil
	})
	if err != nil {
		return err
	}
	err = each(db, `SELECT log, size, signed, cosigned FROM heads ORDER BY log, size`, func(s *sql.Rows) error {
		var log int64
		var h Head
		if err := s.Scan(&log, &h.Size, &h.Signed, &h.Cosigned); err != nil {
			return err
		}
		logs[log].Heads = append(logs[log].Heads, h)
		return nil
	})
	if err != nil {
		return err
	}
	err = each(db, `SELECT id, outcome, acts FROM cases`, func(s *sql.Rows) error {
		var id act.ID
		var c Case
		if err := s.Scan(&id, &c.Outcome, &c.Acts); err != nil {
			return err
		}
		r.Cases[id] = c
		return nil
	})
	if err != nil {
		return err
	}
	if err := db.QueryRow(`SELECT COUNT(*) FROM equivocations`).Scan(&r.Frozen); err != nil {
		return err
	}
	if err := db.QueryRow(`SELECT MAX(version_id) FROM goose_db_version`).Scan(&r.Schema); err != nil {
		return err
	}
	return r.open(db, folder)
}

func each(db queries, query string, fn func(*sql.Rows) error) error {
	rows, err := db.Query(query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := fn(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// wrapped finds the wrapped keys of subjects.
type wrapped map[string][]byte

func (w wrapped) FindKey(subject string) ([]byte, bool, error) {
	b, ok := w[subject]
	return b, ok, nil
}
func (w wrapped) PutKey(string, []byte) error { return errors.New("the judge makes no keys") }

// open opens every act and computes its leaf again.
func (r *Record) open(db queries, folder string) error {
	raw, err := os.ReadFile(filepath.Join(folder, "keys.json"))
	if err != nil {
		return err
	}
	var private struct {
		Master []byte `json:"master"`
	}
	if err := json.Unmarshal(raw, &private); err != nil {
		return err
	}
	safe, err := vault.New(private.Master)
	if err != nil {
		return err
	}
	keys := wrapped{}
	err = each(db, `SELECT subject, wrapped FROM keys`, func(s *sql.Rows) error {
		var subject string
		var b []byte
		if err := s.Scan(&subject, &b); err != nil {
			return err
		}
		keys[subject] = bytes.Clone(b)
		return nil
	})
	if err != nil {
		return err
	}
	for _, l := range r.Logs {
		for i := range l.Entries {
			e := &l.Entries[i]
			if e.opened, err = r.judge.open(safe, private.Master, keys, l.Origin, e); err != nil {
				return err
			}
			e.Hash, e.sealed = e.opened.leaf, nil
			r.ByID[e.ID] = e
		}
	}
	return nil
}

// Stream is the log of joint acts from one authority to the other, as this node has it.
func (r *Record) Stream(from string) *Log {
	l := r.Logs["countersign/"+host.Agreement+"/"+from+"/"+host.PeerOf(from)]
	if l == nil {
		return &Log{}
	}
	return l
}

func (r *Record) verifier(origin, authority string) (note.Verifier, error) {
	return record.LogVerifier(origin, ed25519.PublicKey(r.public[authority].Log))
}
