package store

import (
	"time"

	"countersign/internal/act"
)

// ReturnRow is one act that counts, corrects or retracts a return. Its body holds codes only.
type ReturnRow struct {
	Seq      int64
	Act      act.ID
	Kind     act.Kind
	Recorded time.Time
	Body     string
}

// PutReturn adds to the projection that statistics folds.
func (t *Tx) PutReturn(r ReturnRow) error {
	_, err := t.Exec(`INSERT INTO returns (seq, act, kind, recorded, body) VALUES ((SELECT COALESCE(MAX(seq), 0) + 1 FROM returns), $1, $2, $3, $4)`,
		string(r.Act), string(r.Kind), stamp(r.Recorded), r.Body)
	return err
}

// Returns hands the return acts after a sequence number to fn, in the order of recording.
func Returns(q Querier, after int64, fn func(ReturnRow) error) error {
	rows, err := q.Query(`SELECT seq, act, kind, recorded, body FROM returns WHERE seq > $1 ORDER BY seq`, after)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var r ReturnRow
		var recorded string
		if err := rows.Scan(&r.Seq, &r.Act, &r.Kind, &recorded, &r.Body); err != nil {
			return err
		}
		r.Recorded = instant(recorded)
		if err := fn(r); err != nil {
			return err
		}
	}
	return rows.Err()
}
