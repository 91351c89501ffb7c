package desk

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"time"

	"countersign/internal/fault"
	"countersign/internal/store"
)

// tokenLongest is the longest life of a bearer token: a shift.
const tokenLongest = 12 * time.Hour

// MintToken makes a bearer token with which a program works for the signed-in officer until it expires. Only its
// hash is kept. Whether the officer may do a thing is asked at each request, as for pages.
func (d *Desk) MintToken(ctx context.Context, who Session, life time.Duration) (string, error) {
	if who.key == nil || life <= 0 || life > tokenLongest {
		return "", fault.New(fault.Invalid, "fault.api.token")
	}
	token := "cs_" + rand.Text() + rand.Text()
	hash := sha256.Sum256([]byte(token))
	return token, d.Store.Write(ctx, func(tx *store.Tx) error {
		return tx.PutAPIToken(store.TokenRow{Hash: hash[:], Officer: who.Officer.ID, Expires: tx.Now.Add(life)})
	})
}

// TokenSession opens the session of a bearer token. A token that nobody knows, has ended or has expired is
// refused in the same words.
func (d *Desk) TokenSession(ctx context.Context, token string) (Session, error) {
	refused := fault.New(fault.Denied, "fault.api.token")
	hash := sha256.Sum256([]byte(token))
	row, ok, err := store.FindAPIToken(d.Store, hash[:])
	if err != nil {
		return Session{}, err
	}
	if !ok || !row.Ended.IsZero() || !d.Clock().Before(row.Expires) {
		return Session{}, refused
	}
	s, err := d.SignIn(ctx, row.Officer)
	if err != nil { // the officer left the roster: the token ends with the key
		return Session{}, refused.Because(err)
	}
	return s, nil
}

// EndToken ends a token before it expires.
func (d *Desk) EndToken(ctx context.Context, token string) error {
	hash := sha256.Sum256([]byte(token))
	return d.Store.Write(ctx, func(tx *store.Tx) error { return tx.EndAPIToken(hash[:]) })
}
