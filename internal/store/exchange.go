package store

import (
	"time"

	"countersign/internal/act"
)

// HeadAt returns the head of a log at one size.
func HeadAt(q Querier, log, size int64) (HeadRow, bool, error) {
	return oneHead(q.QueryRow(`SELECT size, signed, cosigned, at FROM heads WHERE log = $1 AND size = $2`, log, size))
}

// MarkReceipt notes the time of the countersignature on the acts of a log in [from, size) that have none yet,
// and returns what they are about.
func (t *Tx) MarkReceipt(log, from, size int64, at time.Time) ([]act.ID, error) {
	rows, err := t.Query(`UPDATE acts SET receipt = $1 WHERE log = $2 AND idx >= $3 AND idx < $4 AND receipt = '' RETURNING about`, stamp(at), log, from, size)
	return collect(rows, err, func(r scanner) (id act.ID, err error) { return id, r.Scan(&id) })
}

// RefuseAct notes that the receiver holds an act without effect. It returns what the act is about.
func (t *Tx) RefuseAct(log, index int64, reason string) (about act.ID, err error) {
	err = t.QueryRow(`UPDATE acts SET refused = $1 WHERE log = $2 AND idx = $3 RETURNING about`, reason, log, index).Scan(&about)
	return about, err
}

// PutEquivocation keeps the proof of a fork: the head held and the other one.
func (t *Tx) PutEquivocation(log int64, held, other []byte) error {
	_, err := t.Exec(`INSERT INTO equivocations (log, at, held, other, proof) VALUES ($1, $2, $3, $4, $5)`, log, stamp(t.Now), held, other, []byte{})
	return err
}

// Frozen tells whether a fork is on record: the stream stands still until people have resolved it.
func Frozen(q Querier) (bool, error) {
	var n int
	err := q.QueryRow(`SELECT COUNT(*) FROM equivocations`).Scan(&n)
	return n > 0, err
}

// Refusal is a message refused as a whole, here or at the peer.
type Refusal struct {
	At             time.Time
	Peer, Side     string
	Reason, Detail string
}

// PutRefusal notes a refused message; it holds no contents.
func (t *Tx) PutRefusal(r Refusal) error {
	_, err := t.Exec(`INSERT INTO refusals (at, peer, side, reason, detail) VALUES ($1, $2, $3, $4, $5)`, stamp(t.Now), r.Peer, r.Side, r.Reason, r.Detail)
	return err
}

// Refusals lists the refused messages, newest first.
func Refusals(q Querier, limit int) ([]Refusal, error) {
	rows, err := q.Query(`SELECT at, peer, side, reason, detail FROM refusals ORDER BY at DESC LIMIT $1`, limit)
	return collect(rows, err, func(r scanner) (x Refusal, err error) {
		var at string
		err = r.Scan(&at, &x.Peer, &x.Side, &x.Reason, &x.Detail)
		x.At = instant(at)
		return x, err
	})
}
