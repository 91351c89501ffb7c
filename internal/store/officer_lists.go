package store

import (
	"database/sql"
	"errors"

	"countersign/internal/act"
)

// PutOfficerLists keeps the lists of an officer.
func (t *Tx) PutOfficerLists(officer act.ID, sealed []byte) error {
	_, err := t.Exec(`INSERT INTO officer_lists (officer, sealed) VALUES ($1, $2) ON CONFLICT (officer) DO UPDATE SET sealed = excluded.sealed`, string(officer), sealed)
	return err
}

// OfficerLists reads them; nil when there are none.
func OfficerLists(q Querier, officer act.ID) (sealed []byte, err error) {
	err = q.QueryRow(`SELECT sealed FROM officer_lists WHERE officer = $1`, string(officer)).Scan(&sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return sealed, err
}
