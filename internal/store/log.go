package store

import (
	"database/sql"
	"errors"
	"fmt"

	"countersign/internal/record"

	"golang.org/x/mod/sumdb/tlog"
)

// tileHashes is how many stored hashes one row of tiles holds.
const tileHashes = 256

// LogKind says whose log it is.
type LogKind string

const (
	Stream      LogKind = "stream"   // own joint acts, for the peer
	Peer        LogKind = "peer"     // the peer's joint acts, as held here
	DomesticLog LogKind = "domestic" // own domestic acts
	Device      LogKind = "device"   // a lane or handover device
)

// Log is a log's right edge inside the writer: appending reads nothing.
type Log struct {
	ID     int64
	Origin string
	edge   *record.Edge
	stored int64  // hashes in all
	tail   []byte // bytes of the last, incomplete tile
	full   []tile // complete tiles not yet written
	dirty  bool   // something is not written yet
	grew   bool   // in this transaction
}

type tile struct {
	n      int64
	hashes []byte
}

// Size is the number of leaves.
func (l *Log) Size() int64 { return l.edge.Size() }

// Head is the log's present head, unsigned.
func (l *Log) Head() record.Head {
	return record.Head{Origin: l.Origin, Size: l.edge.Size(), Root: l.edge.Root()}
}

// Append adds a leaf and returns its index. Nothing is written before the transaction flushes.
func (l *Log) Append(leaf []byte) int64 {
	for _, h := range l.edge.Append(leaf) {
		l.tail = append(l.tail, h[:]...)
		l.stored++
		if l.stored%tileHashes == 0 {
			l.full = append(l.full, tile{l.stored/tileHashes - 1, l.tail})
			l.tail = nil
		}
	}
	l.dirty, l.grew = true, true
	return l.edge.Size() - 1
}

// Preview returns a copy to try leaves on, for example the tail of a peer's stream before it is believed.
func (l *Log) Preview() *record.Edge { return l.edge.Clone() }

// clone copies what Append changes in place; tail may share memory only up to its length.
func (l *Log) clone() *Log {
	c := *l
	c.edge = l.edge.Clone()
	c.tail = l.tail[:len(l.tail):len(l.tail)]
	c.full = l.full[:len(l.full):len(l.full)]
	return &c
}

// Pending tells whether leaves of this commit are in memory only; Flush writes them, so that hashes can be read.
func (l *Log) Pending() bool { return l.dirty }

// Flush writes what the log has in memory.
func (l *Log) Flush(t *Tx) error { return l.flush(t) }

// Grew tells whether the log has grown since the transaction began.
func (l *Log) Grew() bool { return l.grew }

func (l *Log) flush(t *Tx) error {
	if !l.dirty {
		return nil
	}
	const put = `INSERT INTO tiles (log, n, hashes) VALUES ($1, $2, $3) ON CONFLICT (log, n) DO UPDATE SET hashes = excluded.hashes`
	for _, full := range l.full {
		if _, err := t.Exec(put, l.ID, full.n, full.hashes); err != nil {
			return err
		}
	}
	if len(l.tail) > 0 {
		if _, err := t.Exec(put, l.ID, l.stored/tileHashes, l.tail); err != nil {
			return err
		}
	}
	if _, err := t.Exec(`UPDATE logs SET size = $1 WHERE id = $2`, l.edge.Size(), l.ID); err != nil {
		return err
	}
	l.full, l.dirty = nil, false
	return nil
}

// CreateLog makes sure that the log exists.
func (t *Tx) CreateLog(origin string, kind LogKind) error {
	_, err := t.Exec(`INSERT INTO logs (id, origin, kind, size) VALUES ((SELECT COALESCE(MAX(id), 0) + 1 FROM logs), $1, $2, 0) ON CONFLICT (origin) DO NOTHING`, origin, string(kind))
	return err
}

// Log returns the right edge of a log, from memory or from its tiles.
func (t *Tx) Log(origin string) (*Log, error) {
	if l, ok := t.logs[origin]; ok {
		return l, nil
	}
	l := &Log{Origin: origin}
	var size int64
	err := t.QueryRow(`SELECT id, size FROM logs WHERE origin = $1`, origin).Scan(&l.ID, &size)
	if err != nil {
		return nil, fmt.Errorf("log %s: %w", origin, err)
	}
	reader := HashReader{t, l.ID}
	if l.edge, err = record.ReadEdge(size, reader); err != nil {
		return nil, fmt.Errorf("log %s: %w", origin, err)
	}
	l.stored = tlog.StoredHashCount(size)
	if l.stored%tileHashes > 0 {
		if l.tail, err = reader.tile(l.stored / tileHashes); err != nil {
			return nil, fmt.Errorf("log %s: %w", origin, err)
		}
		l.tail = l.tail[:l.stored%tileHashes*tlog.HashSize]
	}
	t.logs[origin] = l
	return l, nil
}

// Opened returns the right edge of a log if this transaction or one before it has it in memory, else nil.
func (t *Tx) Opened(origin string) *Log { return t.logs[origin] }

// LogInfo is a log as readers see it.
type LogInfo struct {
	ID     int64
	Origin string
	Kind   LogKind
	Size   int64
}

// FindLog reads a log by origin outside the writer.
func FindLog(q Querier, origin string) (LogInfo, error) {
	i := LogInfo{Origin: origin}
	err := q.QueryRow(`SELECT id, kind, size FROM logs WHERE origin = $1`, origin).Scan(&i.ID, &i.Kind, &i.Size)
	return i, err
}

// HashReader reads stored hashes of one log for tlog's proofs.
type HashReader struct {
	Q   Querier
	Log int64
}

// ReadHashes implements tlog.HashReader.
func (r HashReader) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	tiles := map[int64][]byte{}
	out := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		n, at := x/tileHashes, int(x%tileHashes)*tlog.HashSize
		b, ok := tiles[n]
		if !ok {
			var err error
			if b, err = r.tile(n); err != nil {
				return nil, err
			}
			tiles[n] = b
		}
		if len(b) < at+tlog.HashSize {
			return nil, fmt.Errorf("hash %d is missing from tile %d", x, n)
		}
		out[i] = tlog.Hash(b[at : at+tlog.HashSize])
	}
	return out, nil
}

func (r HashReader) tile(n int64) ([]byte, error) {
	var b []byte
	err := r.Q.QueryRow(`SELECT hashes FROM tiles WHERE log = $1 AND n = $2`, r.Log, n).Scan(&b)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("tile %d is missing", n)
	}
	return b, err
}
