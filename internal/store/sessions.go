package store

import (
	"database/sql"
	"errors"
	"time"
)

// PutSession keeps a web session: its hashed token and its sealed data.
func (t *Tx) PutSession(token string, data []byte, expiry time.Time) error {
	_, err := t.Exec(`INSERT INTO sessions (token, data, expiry) VALUES ($1, $2, $3)
		ON CONFLICT (token) DO UPDATE SET data = excluded.data, expiry = excluded.expiry`, token, data, stamp(expiry))
	return err
}

// DropSession ends a session; one that is not there is ended already.
func (t *Tx) DropSession(token string) error {
	_, err := t.Exec(`DELETE FROM sessions WHERE token = $1`, token)
	return err
}

// DropExpiredSessions forgets what ended before now.
func (t *Tx) DropExpiredSessions(now time.Time) error {
	_, err := t.Exec(`DELETE FROM sessions WHERE expiry < $1`, stamp(now))
	return err
}

// FindSession reads a session that has not ended at now; ok is false for any other token.
func FindSession(q Querier, token string, now time.Time) (data []byte, ok bool, err error) {
	err = q.QueryRow(`SELECT data FROM sessions WHERE token = $1 AND expiry > $2`, token, stamp(now)).Scan(&data)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	return data, err == nil, err
}
