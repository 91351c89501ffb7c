package store

import (
	"database/sql"
	"errors"
	"time"

	"countersign/internal/act"
)

// LaneRow is how far a lane's own log was taken in.
type LaneRow struct {
	Lane   string
	Point  string
	Seq    uint64
	Prev   string
	Closed string
}

// PutLane keeps a lane's position.
func (t *Tx) PutLane(l LaneRow) error {
	_, err := t.Exec(`INSERT INTO lanes (lane, point, seq, prev, closed) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (lane) DO UPDATE SET point = excluded.point, seq = excluded.seq, prev = excluded.prev, closed = excluded.closed`,
		l.Lane, l.Point, int64(l.Seq), l.Prev, l.Closed)
	return err
}

func scanLane(r scanner) (LaneRow, error) {
	var l LaneRow
	var seq int64
	err := r.Scan(&l.Lane, &l.Point, &seq, &l.Prev, &l.Closed)
	l.Seq = uint64(seq)
	return l, err
}

// FindLane reads a lane; ok is false when no key was ever lent to it.
func FindLane(q Querier, name string) (LaneRow, bool, error) {
	l, err := scanLane(q.QueryRow(`SELECT lane, point, seq, prev, closed FROM lanes WHERE lane = $1`, name))
	if errors.Is(err, sql.ErrNoRows) {
		return LaneRow{Lane: name}, false, nil
	}
	return l, err == nil, err
}

// AllLanes lists every lane.
func AllLanes(q Querier) ([]LaneRow, error) {
	rows, err := q.Query(`SELECT lane, point, seq, prev, closed FROM lanes ORDER BY lane`)
	return collect(rows, err, scanLane)
}

// LaneKeyRow is a key that an officer lent to a lane.
type LaneKeyRow struct {
	KeyID   string
	Lane    string
	Point   string
	Public  string // standard base64
	Officer act.Officer
	From    time.Time
	Until   time.Time
	Revoked time.Time
}

// PutLaneKey keeps a delegation.
func (t *Tx) PutLaneKey(k LaneKeyRow) error {
	_, err := t.Exec(`INSERT INTO lane_keys (key_id, lane, point, public, officer, authority, role, starts, ends, revoked) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '')`,
		k.KeyID, k.Lane, k.Point, k.Public, string(k.Officer.ID), k.Officer.Authority, k.Officer.Role, stamp(k.From), stamp(k.Until))
	return err
}

// RevokeLaneKey ends one key of a lane, or with keyID "" all of them, as of the time of the transaction.
func (t *Tx) RevokeLaneKey(lane, keyID string) (int64, error) {
	return t.Exec(`UPDATE lane_keys SET revoked = $1 WHERE lane = $2 AND (key_id = $3 OR $3 = '') AND revoked = ''`, stamp(t.Now), lane, keyID)
}

// LaneKeys lists every key that was ever lent to a lane.
func LaneKeys(q Querier, lane string) ([]LaneKeyRow, error) {
	rows, err := q.Query(`SELECT key_id, lane, point, public, officer, authority, role, starts, ends, revoked FROM lane_keys WHERE lane = $1 ORDER BY starts, key_id`, lane)
	return collect(rows, err, func(r scanner) (LaneKeyRow, error) {
		var k LaneKeyRow
		var from, until, revoked string
		err := r.Scan(&k.KeyID, &k.Lane, &k.Point, &k.Public, &k.Officer.ID, &k.Officer.Authority, &k.Officer.Role, &from, &until, &revoked)
		k.From, k.Until, k.Revoked = instant(from), instant(until), instant(revoked)
		return k, err
	})
}

// LogsOf lists the logs of a kind.
func LogsOf(q Querier, kind LogKind) ([]LogInfo, error) {
	rows, err := q.Query(`SELECT id, origin, kind, size FROM logs WHERE kind = $1 ORDER BY origin`, string(kind))
	return collect(rows, err, func(r scanner) (LogInfo, error) {
		var i LogInfo
		err := r.Scan(&i.ID, &i.Origin, &i.Kind, &i.Size)
		return i, err
	})
}

// TravellerRow is what a document showed, sealed.
type TravellerRow struct {
	Check   act.ID
	At      time.Time
	Finding bool
	Sealed  []byte
}

// PutTraveller keeps a traveller's data until the key is destroyed.
func (t *Tx) PutTraveller(r TravellerRow) error {
	_, err := t.Exec(`INSERT INTO border_travellers (check_id, at, finding, sealed) VALUES ($1, $2, $3, $4)
		ON CONFLICT (check_id) DO UPDATE SET finding = excluded.finding, sealed = excluded.sealed`, string(r.Check), stamp(r.At), r.Finding, r.Sealed)
	return err
}

// KeepTraveller marks that something rests on a traveller's data: it does not expire with the others.
func (t *Tx) KeepTraveller(check act.ID) error {
	_, err := t.Exec(`UPDATE border_travellers SET finding = $1 WHERE check_id = $2`, true, string(check))
	return err
}

// DropTraveller removes the row; its key is destroyed beside it.
func (t *Tx) DropTraveller(check act.ID) error {
	_, err := t.Exec(`DELETE FROM border_travellers WHERE check_id = $1`, string(check))
	return err
}

func scanTraveller(r scanner) (TravellerRow, error) {
	var v TravellerRow
	var at string
	err := r.Scan(&v.Check, &at, &v.Finding, &v.Sealed)
	v.At = instant(at)
	return v, err
}

// FindTraveller reads one; ok is false when it has expired.
func FindTraveller(q Querier, check act.ID) (TravellerRow, bool, error) {
	v, err := scanTraveller(q.QueryRow(`SELECT check_id, at, finding, sealed FROM border_travellers WHERE check_id = $1`, string(check)))
	if errors.Is(err, sql.ErrNoRows) {
		return v, false, nil
	}
	return v, err == nil, err
}

// Travellers lists up to limit of those kept since before a time, the oldest first.
func Travellers(q Querier, before time.Time, limit int64) ([]TravellerRow, error) {
	rows, err := q.Query(`SELECT check_id, at, finding, sealed FROM border_travellers WHERE at <= $1 AND finding = $2 ORDER BY at, check_id LIMIT $3`, stamp(before), false, limit)
	return collect(rows, err, scanTraveller)
}
