package store

import (
	"database/sql"
	"errors"
	"time"

	"countersign/internal/act"
)

// AttachmentRow is a sealed file of a case.
type AttachmentRow struct {
	ID      act.ID
	About   act.ID
	Subject act.ID
	Size    int64 // before sealing
	Sealed  []byte
	At      time.Time
}

// PutAttachment keeps a file; it is never changed.
func (t *Tx) PutAttachment(a AttachmentRow) error {
	_, err := t.Exec(`INSERT INTO attachments (id, about, subject, size, sealed, at) VALUES ($1, $2, $3, $4, $5, $6)`,
		string(a.ID), string(a.About), string(a.Subject), a.Size, a.Sealed, stamp(t.Now))
	return err
}

// FindAttachment returns a file by its id; ok is false when there is none.
func FindAttachment(q Querier, id act.ID) (a AttachmentRow, ok bool, err error) {
	var at string
	err = q.QueryRow(`SELECT id, about, subject, size, sealed, at FROM attachments WHERE id = $1`, string(id)).
		Scan(&a.ID, &a.About, &a.Subject, &a.Size, &a.Sealed, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return a, false, nil
	}
	a.At = instant(at)
	return a, err == nil, err
}

// AttachedBytes is how much the files of a case hold together.
func AttachedBytes(q Querier, about act.ID) (total int64, err error) {
	return total, q.QueryRow(`SELECT COALESCE(SUM(size), 0) FROM attachments WHERE about = $1`, string(about)).Scan(&total)
}
