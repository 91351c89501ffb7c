package store

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"countersign/internal/act"
)

// ActRow is an act as it is kept: what queries need in columns, the signed act sealed.
type ActRow struct {
	Log      int64
	Index    int64
	Seq      int64
	ID       act.ID
	Scope    act.Scope
	Kind     act.Kind
	About    act.ID
	Subject  act.ID
	Officer  act.Officer
	Occurred time.Time
	Made     time.Time
	Recorded time.Time
	Receipt  time.Time
	Refused  string // reason key when the act was held without effect
	Sealed   []byte
}

const actKept = `log, idx, seq, id, scope, kind, about, subject, officer, authority, role, occurred, made, recorded, refused, sealed`

// actColumns adds the receipt: the time of the smallest countersigned head that covers the act. It is read, not
// kept: what heads say cannot come apart from what acts say.
const actColumns = `log, idx, seq, id, scope, kind, about, subject, officer, authority, role, occurred, made, recorded, refused, sealed,
	COALESCE((SELECT h.at FROM heads h WHERE h.log = acts.log AND h.size > acts.idx AND LENGTH(h.cosigned) > 0 AND acts.scope = 'joint' ORDER BY h.size LIMIT 1), '')`

// InsertAct keeps one act and gives it its place in this node's order.
func (t *Tx) InsertAct(a *ActRow) error {
	var err error
	if a.Seq, err = t.nextSeq(); err != nil {
		return err
	}
	_, err = t.Exec(`INSERT INTO acts (`+actKept+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		a.Log, a.Index, a.Seq, string(a.ID), string(a.Scope), string(a.Kind), string(a.About), string(a.Subject), string(a.Officer.ID),
		a.Officer.Authority, a.Officer.Role, stamp(a.Occurred), stamp(a.Made), stamp(a.Recorded), a.Refused, a.Sealed)
	if err != nil {
		return fmt.Errorf("keep act %s: %w", a.ID, err)
	}
	return nil
}

func scanAct(r scanner) (ActRow, error) {
	var a ActRow
	var occurred, made, recorded, receipt string
	err := r.Scan(&a.Log, &a.Index, &a.Seq, &a.ID, &a.Scope, &a.Kind, &a.About, &a.Subject, &a.Officer.ID, &a.Officer.Authority,
		&a.Officer.Role, &occurred, &made, &recorded, &a.Refused, &a.Sealed, &receipt)
	a.Occurred, a.Made, a.Recorded, a.Receipt = instant(occurred), instant(made), instant(recorded), instant(receipt)
	return a, err
}

// ActsAbout lists the acts about one case, measure or posting in this node's order.
func ActsAbout(q Querier, about act.ID) ([]ActRow, error) {
	rows, err := q.Query(`SELECT `+actColumns+` FROM acts WHERE about = $1 ORDER BY seq`, string(about))
	return collect(rows, err, scanAct)
}

// ActsOfLog lists up to limit acts of a log from an index.
func ActsOfLog(q Querier, log, from, limit int64) ([]ActRow, error) {
	rows, err := q.Query(`SELECT `+actColumns+` FROM acts WHERE log = $1 AND idx >= $2 ORDER BY idx LIMIT $3`, log, from, limit)
	return collect(rows, err, scanAct)
}

// SealedOfLog lists what it takes to send acts again: identifier, person and sealed bytes.
func SealedOfLog(q Querier, log, from, limit int64) ([]ActRow, error) {
	rows, err := q.Query(`SELECT idx, id, subject, sealed FROM acts WHERE log = $1 AND idx >= $2 ORDER BY idx LIMIT $3`, log, from, limit)
	return collect(rows, err, func(r scanner) (ActRow, error) {
		var a ActRow
		err := r.Scan(&a.Index, &a.ID, &a.Subject, &a.Sealed)
		return a, err
	})
}

// ActsOfKind lists acts of one kind in this node's order after a sequence number, up to limit.
func ActsOfKind(q Querier, kind act.Kind, after, limit int64) ([]ActRow, error) {
	rows, err := q.Query(`SELECT `+actColumns+` FROM acts WHERE kind = $1 AND seq > $2 ORDER BY seq LIMIT $3`, string(kind), after, limit)
	return collect(rows, err, scanAct)
}

// FindAct returns one act by its id; ok is false when there is none.
func FindAct(q Querier, id act.ID) (a ActRow, ok bool, err error) {
	rows, err := q.Query(`SELECT `+actColumns+` FROM acts WHERE id = $1`, string(id))
	all, err := collect(rows, err, scanAct)
	if err != nil || len(all) == 0 {
		return a, false, err
	}
	return all[0], true, nil
}

// HasAct tells whether an act of this id is held.
func HasAct(q Querier, id act.ID) (bool, error) {
	var one int
	err := q.QueryRow(`SELECT 1 FROM acts WHERE id = $1`, string(id)).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// HeadRow is a signed head as kept.
type HeadRow struct {
	Size     int64
	Signed   []byte
	Cosigned []byte // empty until countersigned
	At       time.Time
}

// PutHead keeps a head; a newer one of the same size replaces it.
func (t *Tx) PutHead(log int64, h HeadRow) error {
	cosigned := h.Cosigned
	if cosigned == nil {
		cosigned = []byte{}
	}
	_, err := t.Exec(`INSERT INTO heads (log, size, signed, cosigned, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (log, size) DO UPDATE SET signed = excluded.signed, cosigned = excluded.cosigned, at = excluded.at`,
		log, h.Size, h.Signed, cosigned, stamp(h.At))
	return err
}

// NewestHead returns the largest head of a log, countersigned or not; ok is false when there is none.
func NewestHead(q Querier, log int64) (HeadRow, bool, error) {
	return oneHead(q.QueryRow(`SELECT size, signed, cosigned, at FROM heads WHERE log = $1 ORDER BY size DESC LIMIT 1`, log))
}

// CountersignedHead returns the smallest countersigned head of a log that covers the leaf at index.
func CountersignedHead(q Querier, log, index int64) (HeadRow, bool, error) {
	return oneHead(q.QueryRow(`SELECT size, signed, cosigned, at FROM heads WHERE log = $1 AND size > $2 AND LENGTH(cosigned) > 0 ORDER BY size LIMIT 1`, log, index))
}

// NewestCountersigned returns the largest countersigned head of a log.
func NewestCountersigned(q Querier, log int64) (HeadRow, bool, error) {
	return oneHead(q.QueryRow(`SELECT size, signed, cosigned, at FROM heads WHERE log = $1 AND LENGTH(cosigned) > 0 ORDER BY size DESC LIMIT 1`, log))
}

func oneHead(row *sql.Row) (HeadRow, bool, error) {
	h, err := scanHead(row)
	if errors.Is(err, sql.ErrNoRows) {
		return h, false, nil
	}
	return h, err == nil, err
}

func scanHead(r scanner) (h HeadRow, err error) {
	var at string
	err = r.Scan(&h.Size, &h.Signed, &h.Cosigned, &at)
	h.At = instant(at)
	return h, err
}
