package store

import (
	"database/sql"
	"errors"
	"time"

	"countersign/internal/act"
)

// AnswerRow is the first answer to a request of the JSON API.
type AnswerRow struct {
	Officer act.ID
	Key     string
	Digest  []byte // SHA-256 of what was asked
	Status  int64
	Body    []byte
	At      time.Time
}

// PutAnswer keeps the first answer under its key; a second one is an error.
func (t *Tx) PutAnswer(a AnswerRow) error {
	_, err := t.Exec(`INSERT INTO answers (officer, key, digest, status, body, at) VALUES ($1, $2, $3, $4, $5, $6)`,
		string(a.Officer), a.Key, a.Digest, a.Status, a.Body, stamp(a.At))
	return err
}

// DropAnswers forgets answers that nobody will ask for again.
func (t *Tx) DropAnswers(before time.Time) error {
	_, err := t.Exec(`DELETE FROM answers WHERE at < $1`, stamp(before))
	return err
}

// FindAnswer returns the answer that an officer's key had before; ok is false when there is none.
func FindAnswer(q Querier, officer act.ID, key string) (a AnswerRow, ok bool, err error) {
	var at string
	err = q.QueryRow(`SELECT officer, key, digest, status, body, at FROM answers WHERE officer = $1 AND key = $2`, string(officer), key).
		Scan(&a.Officer, &a.Key, &a.Digest, &a.Status, &a.Body, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return a, false, nil
	}
	a.At = instant(at)
	return a, err == nil, err
}

// TokenRow is a bearer token, known by its hash only.
type TokenRow struct {
	Hash    []byte
	Officer act.ID
	Expires time.Time
	Ended   time.Time
}

// PutAPIToken keeps a new bearer token.
func (t *Tx) PutAPIToken(r TokenRow) error {
	_, err := t.Exec(`INSERT INTO api_tokens (hash, officer, expires) VALUES ($1, $2, $3)`, r.Hash, string(r.Officer), stamp(r.Expires))
	return err
}

// EndAPIToken ends a token at once.
func (t *Tx) EndAPIToken(hash []byte) error {
	_, err := t.Exec(`UPDATE api_tokens SET ended = $1 WHERE hash = $2 AND ended = ''`, stamp(t.Now), hash)
	return err
}

// FindAPIToken returns a token by its hash; ok is false when there is none.
func FindAPIToken(q Querier, hash []byte) (r TokenRow, ok bool, err error) {
	var expires, ended string
	err = q.QueryRow(`SELECT hash, officer, expires, ended FROM api_tokens WHERE hash = $1`, hash).Scan(&r.Hash, &r.Officer, &expires, &ended)
	if errors.Is(err, sql.ErrNoRows) {
		return r, false, nil
	}
	r.Expires, r.Ended = instant(expires), instant(ended)
	return r, err == nil, err
}
