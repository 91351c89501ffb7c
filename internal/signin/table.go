package signin

import (
	"context"
	"time"

	"countersign/internal/store"
)

// table keeps sessions in the node's own database: they live through a restart, and end on every replica at
// once. It gets tokens hashed and seals the data under the node's key, with the token's hash as its place.
type table struct{ Options }

func place(token string) string { return "sessions/" + token }

// FindCtx returns a session's data.
func (t *table) FindCtx(_ context.Context, token string) ([]byte, bool, error) {
	sealed, ok, err := store.FindSession(t.Store, token, t.Now())
	if err != nil || !ok {
		return nil, false, err
	}
	plain, err := t.Vault.Open(t.Store, "", place(token), sealed)
	if err != nil { // moved or altered in the database: nobody's session
		t.Log.Warn("a session could not be opened", "err", err)
		return nil, false, nil
	}
	return plain, true, nil
}

// CommitCtx keeps a session, and forgets those that ended.
func (t *table) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	return t.Store.Write(ctx, func(tx *store.Tx) error {
		sealed, err := t.Vault.Seal(tx, "", place(token), data)
		if err != nil {
			return err
		}
		if err := tx.DropExpiredSessions(t.Now()); err != nil {
			return err
		}
		return tx.PutSession(token, sealed, expiry)
	})
}

// DeleteCtx ends a session.
func (t *table) DeleteCtx(ctx context.Context, token string) error {
	return t.Store.Write(ctx, func(tx *store.Tx) error { return tx.DropSession(token) })
}

// Find, Commit and Delete complete the interface; scs calls those with a context.
func (t *table) Find(token string) ([]byte, bool, error) {
	return t.FindCtx(context.Background(), token)
}
func (t *table) Commit(token string, b []byte, expiry time.Time) error {
	return t.CommitCtx(context.Background(), token, b, expiry)
}
func (t *table) Delete(token string) error { return t.DeleteCtx(context.Background(), token) }
