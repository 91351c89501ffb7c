package store

import (
	"database/sql"
	"errors"
	"strings"

	"countersign/internal/act"
)

// thisTurn is the number of the transaction that writes. Turns are given one after the other, so that whoever has
// read the lines up to one turn finds what was written since behind it.
const thisTurn = `(SELECT turn FROM writer WHERE name = 'writer')`

// RegisterRow is a case as what is asked of all cases at once needs it, with the wrapped key of its person.
type RegisterRow struct {
	CaseRow
	Turn    int64
	Wrapped []byte // empty: forgotten
}

// FindKey implements vault.Keys for the one person of the row.
func (r RegisterRow) FindKey(subject string) ([]byte, bool, error) {
	return r.Wrapped, subject == string(r.Subject), nil
}

// PutKey implements vault.Keys: a row makes no keys.
func (r RegisterRow) PutKey(string, []byte) error { return errors.New("a row cannot make a key") }

// RegisterAfter lists cases in the order in which they were written last: those behind a place in it.
func RegisterAfter(q Querier, turn int64, id act.ID, limit int) ([]RegisterRow, error) {
	rows, err := q.Query(`SELECT c.id, c.subject, c.outcome, c.owes, c.due, c.updated, c.name_sealed, c.measured_sealed, c.turn, COALESCE(k.wrapped, '')
		FROM cases c LEFT JOIN keys k ON k.subject = c.subject WHERE c.turn >= $1 AND (c.turn > $1 OR c.id > $2) ORDER BY c.turn, c.id LIMIT $3`, turn, string(id), limit)
	return collect(rows, err, func(s scanner) (r RegisterRow, err error) {
		var due, updated string
		err = s.Scan(&r.ID, &r.Subject, &r.Outcome, &r.Owes, &due, &updated, &r.Name, &r.Measured, &r.Turn, &r.Wrapped)
		r.Due, r.Updated = instant(due), instant(updated)
		return r, err
	})
}

// touchCases has the lines of a person read again by whoever keeps them in memory.
func (t *Tx) touchCases(subject act.ID) error {
	_, err := t.Exec(`UPDATE cases SET turn = `+thisTurn+` WHERE subject = $1`, string(subject))
	return err
}

// CaseIDs are all cases that match, in no order: one long value, because a row for each would cost more than the
// search. Sort, Limit and Offset do not count.
func CaseIDs(q Querier, f CaseFilter) ([]act.ID, error) {
	where, args := f.where()
	var all sql.NullString
	if err := q.QueryRow(`SELECT string_agg(id, ',') FROM cases`+where, args...).Scan(&all); err != nil || all.String == "" {
		return nil, err
	}
	ids := make([]act.ID, 0, strings.Count(all.String, ",")+1)
	for id := range strings.SplitSeq(all.String, ",") {
		ids = append(ids, act.ID(id))
	}
	return ids, nil
}

// CasesByID reads the lines of some cases, in the order asked for.
func CasesByID(q Querier, ids []act.ID) ([]CaseRow, error) {
	marks, args := make([]string, 0, len(ids)+1), make([]any, 0, len(ids))
	for _, id := range ids {
		args = append(args, string(id))
		marks = append(marks, placeholder(len(args)))
	}
	rows, err := q.Query(`SELECT `+caseColumns+` FROM cases WHERE id IN (`+strings.Join(append(marks, "''"), ", ")+`)`, args...)
	found, err := collect(rows, err, scanCase)
	byID := make(map[act.ID]CaseRow, len(found))
	for _, c := range found {
		byID[c.ID] = c
	}
	list := make([]CaseRow, 0, len(ids))
	for _, id := range ids {
		if c, ok := byID[id]; ok {
			list = append(list, c)
		}
	}
	return list, err
}
