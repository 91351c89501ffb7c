package store

import (
	"database/sql"
	"errors"
	"time"

	"countersign/internal/act"
)

// HeadAt returns the head of a log at one size.
func HeadAt(q Querier, log, size int64) (HeadRow, bool, error) {
	return oneHead(q.QueryRow(`SELECT size, signed, cosigned, at FROM heads WHERE log = $1 AND size = $2`, log, size))
}

// AboutIn lists what the acts of a log in [from, size) are about.
func AboutIn(q Querier, log, from, size int64) ([]act.ID, error) {
	rows, err := q.Query(`SELECT DISTINCT about FROM acts WHERE log = $1 AND idx >= $2 AND idx < $3 AND about <> '' ORDER BY about`, log, from, size)
	return collect(rows, err, scanID)
}

func scanID(r scanner) (act.ID, error) {
	var id act.ID
	err := r.Scan(&id)
	return id, err
}

// RefuseAct notes that the receiver holds an act without effect. It returns what the act is about.
func (t *Tx) RefuseAct(log, index int64, reason string) (about act.ID, err error) {
	t.ForgetAll()
	err = t.QueryRow(`UPDATE acts SET refused = $1 WHERE log = $2 AND idx = $3 RETURNING about`, reason, log, index).Scan(&about)
	return about, err
}

// CountersignedWithin returns the largest countersigned head of a log that is no larger than size.
func CountersignedWithin(q Querier, log, size int64) (HeadRow, bool, error) {
	return oneHead(q.QueryRow(`SELECT size, signed, cosigned, at FROM heads WHERE log = $1 AND size <= $2 AND LENGTH(cosigned) > 0 ORDER BY size DESC LIMIT 1`, log, size))
}

// CountersignedHeads lists the countersigned heads of a log that are larger than a size, smallest first.
func CountersignedHeads(q Querier, log, above int64, limit int) ([]HeadRow, error) {
	rows, err := q.Query(`SELECT size, signed, cosigned, at FROM heads WHERE log = $1 AND size > $2 AND LENGTH(cosigned) > 0 ORDER BY size LIMIT $3`, log, above, limit)
	return collect(rows, err, scanHead)
}

// HeadsAbove lists the heads of a log that are larger than a size, smallest first.
func HeadsAbove(q Querier, log, above int64, limit int) ([]HeadRow, error) {
	rows, err := q.Query(`SELECT size, signed, cosigned, at FROM heads WHERE log = $1 AND size > $2 ORDER BY size LIMIT $3`, log, above, limit)
	return collect(rows, err, scanHead)
}

// NewestHeadOf is NewestHead for a log named by its origin.
func NewestHeadOf(q Querier, origin string) (HeadRow, bool, error) {
	return oneHead(q.QueryRow(`SELECT size, signed, cosigned, at FROM heads WHERE log = (SELECT id FROM logs WHERE origin = $1) ORDER BY size DESC LIMIT 1`, origin))
}

// Fork is the proof that a log was forked, as kept.
type Fork struct {
	Log   int64
	At    time.Time
	Proof []byte // record.Fork, JSON
}

// PutFork keeps the proof of a fork once; name tells one fork from another.
func (t *Tx) PutFork(log int64, name string, first, second, proof []byte) error {
	t.Forget(frozenKey)
	_, err := t.Exec(`INSERT INTO equivocations (log, at, held, other, proof, name) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (name) DO NOTHING`,
		log, stamp(t.Now), first, second, proof, name)
	return err
}

// Forks lists the proofs of forks, oldest first.
func Forks(q Querier) ([]Fork, error) {
	rows, err := q.Query(`SELECT log, at, proof FROM equivocations ORDER BY at, name`)
	return collect(rows, err, func(r scanner) (f Fork, err error) {
		var at string
		err = r.Scan(&f.Log, &at, &f.Proof)
		f.At = instant(at)
		return f, err
	})
}

// Frozen tells whether a fork is on record: the stream stands still until people have resolved it.
func Frozen(q Querier) (bool, error) {
	t, remembers := q.(*Tx)
	if remembers {
		if frozen, ok := t.Recall(frozenKey).(bool); ok {
			return frozen, nil
		}
	}
	var n int
	err := q.QueryRow(`SELECT COUNT(*) FROM equivocations`).Scan(&n)
	if err == nil && remembers {
		t.Remember(frozenKey, n > 0)
	}
	return n > 0, err
}

const frozenKey = "frozen"

// Refusal is a kind of message that was refused as a whole, here or at the peer, on one day.
type Refusal struct {
	At             time.Time // last
	Peer, Side     string
	Reason, Detail string // detail of the last
	Times          int64
}

// PutRefusal notes a refused message; it holds no contents.
func (t *Tx) PutRefusal(r Refusal) error {
	at := stamp(t.Now)
	_, err := t.Exec(`INSERT INTO refusals (at, peer, side, reason, detail, day, times) VALUES ($1, $2, $3, $4, $5, $6, 1)
		ON CONFLICT (day, peer, side, reason) DO UPDATE SET at = excluded.at, detail = excluded.detail, times = refusals.times + 1`,
		at, r.Peer, r.Side, r.Reason, r.Detail, at[:10])
	return err
}

// Refusals lists the refused messages by day and reason, newest first.
func Refusals(q Querier, limit int) ([]Refusal, error) {
	rows, err := q.Query(`SELECT at, peer, side, reason, detail, times FROM refusals ORDER BY at DESC, reason LIMIT $1`, limit)
	return collect(rows, err, func(r scanner) (x Refusal, err error) {
		var at string
		err = r.Scan(&at, &x.Peer, &x.Side, &x.Reason, &x.Detail, &x.Times)
		x.At = instant(at)
		return x, err
	})
}

// PutAuthorityKey keeps a key of either authority with the position of the act that announced it.
func (t *Tx) PutAuthorityKey(authority, use string, index int64, public []byte) error {
	_, err := t.Exec(`INSERT INTO authority_keys (authority, use, idx, public) VALUES ($1, $2, $3, $4) ON CONFLICT (authority, use, idx) DO NOTHING`, authority, use, index, public)
	return err
}

// AuthorityKey is one key with the position from which it counts.
type AuthorityKey struct {
	Authority, Use string
	Index          int64
	Public         []byte
}

// AuthorityKeys lists the keys of both authorities in the order of their positions.
func AuthorityKeys(q Querier) ([]AuthorityKey, error) {
	rows, err := q.Query(`SELECT authority, use, idx, public FROM authority_keys ORDER BY authority, use, idx`)
	return collect(rows, err, func(r scanner) (AuthorityKey, error) {
		var k AuthorityKey
		err := r.Scan(&k.Authority, &k.Use, &k.Index, &k.Public)
		return k, err
	})
}

// PutOwnKey keeps a private key that was made after the pairing, sealed.
func (t *Tx) PutOwnKey(use string, public, sealed []byte) error {
	_, err := t.Exec(`INSERT INTO own_keys (use, public, sealed) VALUES ($1, $2, $3) ON CONFLICT (use, public) DO NOTHING`, use, public, sealed)
	return err
}

// OwnKey returns the sealed private key that belongs to a public one; ok is false when it is not kept here.
func OwnKey(q Querier, use string, public []byte) (sealed []byte, ok bool, err error) {
	err = q.QueryRow(`SELECT sealed FROM own_keys WHERE use = $1 AND public = $2`, use, public).Scan(&sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	return sealed, err == nil, err
}
