package store

import (
	"database/sql"
	"errors"
	"time"

	"countersign/internal/act"
)

// PutSubject binds an identity at the authority's provider to an officer. What either was bound to before is undone.
func (t *Tx) PutSubject(key, issuer string, officer act.ID) error {
	if _, err := t.Exec(`DELETE FROM subjects WHERE key = $1 OR officer = $2`, key, string(officer)); err != nil {
		return err
	}
	_, err := t.Exec(`INSERT INTO subjects (key, officer, issuer) VALUES ($1, $2, $3)`, key, string(officer), issuer)
	return err
}

// OfficerOfSubject is the officer to whom an identity is bound; empty for nobody's.
func OfficerOfSubject(q Querier, key string) (act.ID, error) {
	var officer string
	err := q.QueryRow(`SELECT officer FROM subjects WHERE key = $1`, key).Scan(&officer)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return act.ID(officer), err
}

// BoundOfficers are the officers who have an identity at the provider.
func BoundOfficers(q Querier) (map[act.ID]bool, error) {
	rows, err := q.Query(`SELECT officer FROM subjects`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := map[act.ID]bool{}
	for rows.Next() {
		var officer string
		if err := rows.Scan(&officer); err != nil {
			return nil, err
		}
		all[act.ID(officer)] = true
	}
	return all, rows.Err()
}

// WaitingSubject is somebody whom the provider knows and the roster does not.
type WaitingSubject struct {
	Key, Reference string
	Sealed         []byte
	At             time.Time
}

// waitingKept bounds how many wait, so that nobody can fill the database with attempts (K27); waitingFor how long.
const (
	waitingKept = 200
	waitingFor  = 7 * 24 * time.Hour
)

// PutWaitingSubject keeps one who waits, and forgets those who waited too long or are too many.
func (t *Tx) PutWaitingSubject(w WaitingSubject) error {
	if _, err := t.Exec(`DELETE FROM waiting_subjects WHERE at < $1`, stamp(t.Now.Add(-waitingFor))); err != nil {
		return err
	}
	if _, err := t.Exec(`INSERT INTO waiting_subjects (key, reference, sealed, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (key) DO UPDATE SET sealed = excluded.sealed, at = excluded.at`, w.Key, w.Reference, w.Sealed, stamp(w.At)); err != nil {
		return err
	}
	_, err := t.Exec(`DELETE FROM waiting_subjects WHERE key NOT IN (SELECT key FROM waiting_subjects ORDER BY at DESC, key LIMIT $1)`, waitingKept)
	return err
}

// DropWaitingSubject forgets one who waits no longer.
func (t *Tx) DropWaitingSubject(key string) error {
	_, err := t.Exec(`DELETE FROM waiting_subjects WHERE key = $1`, key)
	return err
}

// WaitingSubjects are those who wait, the latest first.
func WaitingSubjects(q Querier, now time.Time) ([]WaitingSubject, error) {
	rows, err := q.Query(`SELECT key, reference, sealed, at FROM waiting_subjects WHERE at >= $1 ORDER BY at DESC, key`, stamp(now.Add(-waitingFor)))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []WaitingSubject
	for rows.Next() {
		var w WaitingSubject
		var at string
		if err := rows.Scan(&w.Key, &w.Reference, &w.Sealed, &at); err != nil {
			return nil, err
		}
		w.At = instant(at)
		all = append(all, w)
	}
	return all, rows.Err()
}
