package store

import (
	"time"

	"countersign/internal/act"
)

// ExportRow is one file that an officer took out.
type ExportRow struct {
	Act     act.ID
	Officer act.ID
	At      time.Time
	People  int64
}

// PutExport notes a file that was taken out.
func (t *Tx) PutExport(e ExportRow) error {
	_, err := t.Exec(`INSERT INTO exports (act, officer, at, people) VALUES ($1, $2, $3, $4) ON CONFLICT (act) DO NOTHING`, string(e.Act), string(e.Officer), stamp(e.At), e.People)
	return err
}

// ExportsSince lists the files taken out at or after a time, oldest first.
func ExportsSince(q Querier, from time.Time) ([]ExportRow, error) {
	rows, err := q.Query(`SELECT act, officer, at, people FROM exports WHERE at >= $1 ORDER BY at, act`, stamp(from))
	return collect(rows, err, func(r scanner) (e ExportRow, err error) {
		var at string
		err = r.Scan(&e.Act, &e.Officer, &at, &e.People)
		e.At = instant(at)
		return e, err
	})
}
