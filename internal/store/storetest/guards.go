package storetest

import (
	"context"
	"errors"
	"fmt"

	"countersign/internal/store"
)

// Unguard takes the guards off a database, as somebody who owns it can: what is done then must be found by the record.
func Unguard(ctx context.Context, s *store.Store) error {
	var tried error
	for _, list := range []string{ // each engine knows one of the two
		`SELECT 'DROP TRIGGER ' || name FROM sqlite_master WHERE type = 'trigger'`,
		`SELECT 'DROP TRIGGER ' || t.tgname || ' ON ' || c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
			JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema() AND NOT t.tgisinternal`,
	} {
		err := s.Write(ctx, func(tx *store.Tx) error {
			all, err := drops(tx, list)
			if err != nil {
				return err
			}
			for _, d := range all {
				if _, err := tx.Exec(d); err != nil {
					return fmt.Errorf("%s: %w", d, err)
				}
			}
			return nil
		})
		if err == nil {
			return nil
		}
		tried = errors.Join(tried, err)
	}
	return tried
}

func drops(tx *store.Tx, query string) (list []string, err error) {
	rows, err := tx.Query(query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var d string
		if err := rows.Scan(&d); err != nil {
			return nil, err
		}
		list = append(list, d)
	}
	return list, rows.Err()
}
