package store

import (
	"database/sql"
	"errors"
	"time"
)

// Names of facts about the node itself.
const (
	factRestored = "restored" // instant of the last restore that a person confirmed
	factReadOnly = "read-only"
)

func fact(q Querier, name string) (value string, err error) {
	err = q.QueryRow(`SELECT value FROM node_facts WHERE name = $1`, name).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return value, err
}

func (t *Tx) setFact(name, value string) error {
	_, err := t.Exec(`INSERT INTO node_facts (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
	return err
}

// RestoredAt is when the node came back from a backup: what was attested before is unknown again. Zero: never.
func RestoredAt(q Querier) (time.Time, error) {
	v, err := fact(q, factRestored)
	return instant(v), err
}

// SetRestored notes a restore.
func (t *Tx) SetRestored(at time.Time) error { return t.setFact(factRestored, stamp(at)) }

// ReadOnly says why the node takes no acts; "" when it does.
func ReadOnly(q Querier) (string, error) { return fact(q, factReadOnly) }

// SetReadOnly stops or, with "", allows the taking of acts.
func (t *Tx) SetReadOnly(why string) error { return t.setFact(factReadOnly, why) }
