package store

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"countersign/internal/record"

	"golang.org/x/mod/sumdb/tlog"
)

// projections are the tables that follow from the acts alone, with the rows that do, and their order. A package
// that adds a projection adds it here: what is not here cannot be rebuilt or compared.
var projections = []struct{ table, rows, order string }{
	{"cases", "1 = 1", "id"},
	{"counsels", "1 = 1", "officer, about"},
	{"tokens", "1 = 1", "subject, token"},
	{"returns", "1 = 1", "seq"},
	{"exports", "1 = 1", "act"},
	{"signers", "1 = 1", "key_id"},
	{"authority_keys", "idx >= 0", "authority, use, idx"},
	{"node_facts", "name = 'link'", "name"},
	{"border_checks", "1 = 1", "id"},
	{"border_lists", "1 = 1", "list"},
	{"border_measures", "1 = 1", "act"},
	{"border_counts", "1 = 1", "authority, measure, day"},
	{"border_cleared", "1 = 1", "key"},
	{"lanes", "1 = 1", "lane"},
	{"lane_keys", "1 = 1", "key_id"},
	{"subjects", "1 = 1", "key"},
	{"teams", "1 = 1", "team"},
	{"team_members", "1 = 1", "team, officer"},
}

// ClearProjections empties them, before they are derived again.
func (t *Tx) ClearProjections() error {
	t.ForgetAll()
	for _, p := range projections {
		if _, err := t.Exec(`DELETE FROM ` + p.table + ` WHERE ` + p.rows); err != nil {
			return err
		}
	}
	_, err := t.Exec(`UPDATE acts SET refused = '' WHERE refused <> '' AND log IN (SELECT id FROM logs WHERE kind = 'stream')`)
	return err
}

// Snapshot reads every projection as text, row by row.
func Snapshot(q Querier) (map[string][]string, error) {
	all := map[string][]string{}
	for _, p := range projections {
		rows, err := TextRows(q, `SELECT * FROM `+p.table+` WHERE `+p.rows+` ORDER BY `+p.order)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.table, err)
		}
		all[p.table] = rows
	}
	rows, err := TextRows(q, `SELECT log, idx, refused FROM acts WHERE refused <> '' ORDER BY log, idx`)
	all["acts.refused"] = rows
	return all, err
}

// TextRows reads the rows of a query as text, for comparing.
func TextRows(q Querier, query string) ([]string, error) {
	rows, err := q.Query(query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	all := []string{}
	for rows.Next() {
		values, into := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		var b strings.Builder
		for i, v := range values {
			if strings.HasSuffix(names[i], "_sealed") || names[i] == "turn" {
				continue // sealed anew each time: equal contents, unlike bytes; and the turn is the one of the writing
			}
			if raw, ok := v.([]byte); ok {
				v = fmt.Sprintf("%x", raw)
			}
			fmt.Fprintf(&b, "%s=%v ", names[i], v)
		}
		all = append(all, strings.TrimSpace(b.String()))
	}
	return all, rows.Err()
}

// Difference is one row that only one of two snapshots has.
type Difference struct {
	Table   string
	Live    bool // the live projection has it; otherwise only the rebuilt one
	Content string
}

// Compare lists what differs between the live projections and the rebuilt ones.
func Compare(live, rebuilt map[string][]string) []Difference {
	var out []Difference
	for _, table := range slices.Sorted(maps.Keys(live)) {
		out = append(out, only(table, true, live[table], rebuilt[table])...)
		out = append(out, only(table, false, rebuilt[table], live[table])...)
	}
	return out
}

func only(table string, live bool, a, b []string) []Difference {
	have := map[string]int{}
	for _, row := range b {
		have[row]++
	}
	var out []Difference
	for _, row := range a {
		if have[row]--; have[row] < 0 {
			out = append(out, Difference{table, live, row})
		}
	}
	return out
}

// EachAct hands every act to fn in this node's order.
func EachAct(q Querier, fn func(ActRow) error) error {
	const page = 512
	for after := int64(0); ; {
		rows, err := q.Query(`SELECT `+actColumns+` FROM acts WHERE seq > $1 ORDER BY seq LIMIT $2`, after, page)
		acts, err := collect(rows, err, scanAct)
		if err != nil {
			return err
		}
		for _, a := range acts {
			if err := fn(a); err != nil {
				return err
			}
			after = a.Seq
		}
		if len(acts) < page {
			return nil
		}
	}
}

// CutLog takes the leaves from size on off a log and returns their acts: only for a node that comes back from a
// backup, and only leaves that no signed head covers.
func (t *Tx) CutLog(origin string, size int64) ([]ActRow, error) {
	t.ForgetAll()
	l, err := t.Log(origin)
	if err != nil {
		return nil, err
	}
	if err := l.flush(t); err != nil {
		return nil, err
	}
	rows, err := ActsOfLog(t, l.ID, size, l.Size()-size+1)
	if err != nil {
		return nil, err
	}
	if err := t.setFact(factCutting, origin); err != nil {
		return nil, err
	}
	if _, err := t.Exec(`DELETE FROM acts WHERE log = $1 AND idx >= $2`, l.ID, size); err != nil {
		return nil, err
	}
	if _, err := t.Exec(`DELETE FROM heads WHERE log = $1 AND size > $2`, l.ID, size); err != nil {
		return nil, err
	}
	stored := tlog.StoredHashCount(size)
	if _, err := t.Exec(`DELETE FROM tiles WHERE log = $1 AND n > $2`, l.ID, stored/tileHashes); err != nil {
		return nil, err
	}
	reader := HashReader{t, l.ID}
	edge, err := record.ReadEdge(size, reader)
	if err != nil {
		return nil, err
	}
	cut := &Log{ID: l.ID, Origin: origin, edge: edge, stored: stored, dirty: true, grew: true}
	if stored%tileHashes > 0 {
		if cut.tail, err = reader.tile(stored / tileHashes); err != nil {
			return nil, err
		}
		cut.tail = cut.tail[:stored%tileHashes*tlog.HashSize]
	}
	if err := cut.flush(t); err != nil { // while the guards let a log be cut
		return nil, err
	}
	t.logs[origin] = cut
	return rows, t.setFact(factCutting, "")
}
