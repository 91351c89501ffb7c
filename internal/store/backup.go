package store

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/base64"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"countersign/internal/fault"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// BackupFormat is the format of the unencrypted inside of a backup: a header, the rows of every table, and an end
// that counts them, one JSON value a line. It is the same for both engines, so that a backup of one can be
// restored to the other.
const BackupFormat = "countersign-backup/1"

type backupHeader struct {
	Format string        `json:"format"`
	Schema int64         `json:"schema"` // newest migration of the database
	Tables []backupTable `json:"tables"`
}

type backupTable struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
}

type backupRow struct {
	Table  int   `json:"t"`
	Values []any `json:"v"` // text, number, true or false, or {"b": base64}
}

type backupEnd struct {
	Rows []int64 `json:"rows"` // by table
}

// Export writes all tables as they are at one moment, while the node goes on writing: SQLite's readers and
// PostgreSQL's repeatable read both see one snapshot.
func (s *Store) Export(ctx context.Context, w io.Writer) error {
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	tx, err := conn.BeginTx(ctx, &sql.TxOptions{Isolation: s.engine.snapshot, ReadOnly: s.engine.snapshot != 0})
	if err != nil {
		return err
	}
	defer tx.Rollback()
	h := backupHeader{Format: BackupFormat}
	if err := tx.QueryRowContext(ctx, `SELECT MAX(version_id) FROM goose_db_version`).Scan(&h.Schema); err != nil {
		return err
	}
	if h.Tables, err = s.tables(ctx, tx); err != nil {
		return err
	}
	out := bufio.NewWriterSize(w, 1<<20)
	if err := line(out, h); err != nil {
		return err
	}
	end := backupEnd{Rows: make([]int64, len(h.Tables))}
	for i, t := range h.Tables {
		if end.Rows[i], err = exportTable(ctx, tx, i, t, out); err != nil {
			return fmt.Errorf("back up %s: %w", t.Name, err)
		}
	}
	if err := line(out, end); err != nil {
		return err
	}
	return out.Flush()
}

// tables lists every table but the migrations' own, logs first because others refer to it.
func (s *Store) tables(ctx context.Context, tx *sql.Tx) ([]backupTable, error) {
	rows, err := tx.QueryContext(ctx, s.engine.tables)
	names, err := collect(rows, err, func(r scanner) (string, error) {
		var n string
		err := r.Scan(&n)
		return n, err
	})
	if err != nil {
		return nil, err
	}
	// Sessions and leases end with the process that held them; nobody is signed in by a restore.
	names = slices.DeleteFunc(names, func(n string) bool {
		return strings.HasPrefix(n, "goose_") || strings.HasPrefix(n, "sqlite_") || n == "sessions" || n == "leases"
	})
	slices.SortFunc(names, func(a, b string) int {
		if (a == "logs") != (b == "logs") {
			return map[bool]int{true: -1, false: 1}[a == "logs"]
		}
		return strings.Compare(a, b)
	})
	var all []backupTable
	for _, n := range names {
		rows, err := tx.QueryContext(ctx, `SELECT * FROM `+n+` WHERE 1 = 0`)
		if err != nil {
			return nil, err
		}
		columns, err := rows.Columns()
		rows.Close()
		if err != nil {
			return nil, err
		}
		all = append(all, backupTable{n, columns})
	}
	return all, nil
}

func exportTable(ctx context.Context, tx *sql.Tx, index int, t backupTable, out *bufio.Writer) (n int64, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT `+strings.Join(t.Columns, ", ")+` FROM `+t.Name)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for ; rows.Next(); n++ {
		values, into := make([]any, len(t.Columns)), make([]any, len(t.Columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return n, err
		}
		for i, v := range values {
			if raw, ok := v.([]byte); ok {
				values[i] = map[string]string{"b": base64.StdEncoding.EncodeToString(raw)}
			}
		}
		if err := line(out, backupRow{index, values}); err != nil {
			return n, err
		}
	}
	return n, rows.Err()
}

func line(out *bufio.Writer, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if _, err := out.Write(b); err != nil {
		return err
	}
	return out.WriteByte('\n')
}

// Import fills an empty database from a backup. A backup of an older schema is brought up to date afterwards; one
// that was cut off is refused as a whole.
func Import(ctx context.Context, o Options, r io.Reader) error {
	s, err := open(o)
	if err != nil {
		return err
	}
	defer s.db.Close()
	if err := s.take(ctx, r); err != nil {
		return err
	}
	return s.migrate(ctx, 0)
}

// ImportAsWas fills an empty database from a backup and leaves it at the backup's schema, as the version before left
// it. The next Open brings it up to date.
func ImportAsWas(ctx context.Context, o Options, r io.Reader) error {
	s, err := open(o)
	if err != nil {
		return err
	}
	defer s.db.Close()
	return s.take(ctx, r)
}

// take makes the schema of a backup and fills it.
func (s *Store) take(ctx context.Context, r io.Reader) error {
	dec := jsontext.NewDecoder(bufio.NewReaderSize(r, 1<<20))
	var h backupHeader
	if err := json.UnmarshalDecode(dec, &h, json.RejectUnknownMembers(true)); err != nil || h.Format != BackupFormat {
		return fault.New(fault.Invalid, "fault.backup.malformed").Because(err)
	}
	if err := s.empty(ctx); err != nil {
		return err
	}
	if err := s.migrate(ctx, h.Schema); err != nil {
		return fmt.Errorf("schema %d of the backup: %w", h.Schema, err)
	}
	return s.fill(ctx, h, dec)
}

// empty refuses a database that holds anything.
func (s *Store) empty(ctx context.Context) error {
	rows, err := s.db.QueryContext(ctx, s.engine.tables)
	names, err := collect(rows, err, func(r scanner) (string, error) {
		var n string
		err := r.Scan(&n)
		return n, err
	})
	if err != nil {
		return err
	}
	if len(names) > 0 {
		return fault.New(fault.Conflict, "fault.backup.not-empty")
	}
	return nil
}

func (s *Store) fill(ctx context.Context, h backupHeader, dec *jsontext.Decoder) error {
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	inserts, truths := make([]*sql.Stmt, len(h.Tables)), make([][]bool, len(h.Tables))
	for i, t := range h.Tables {
		if !identifiers(append(t.Columns, t.Name)) {
			return fault.New(fault.Invalid, "fault.backup.malformed")
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM `+t.Name); err != nil { // what migrations put in
			return err
		}
		marks := make([]string, len(t.Columns))
		for n := range marks {
			marks[n] = placeholder(n + 1)
		}
		if truths[i], err = truthValues(ctx, tx, t); err != nil {
			return err
		}
		if inserts[i], err = tx.PrepareContext(ctx, `INSERT INTO `+t.Name+` (`+strings.Join(t.Columns, ", ")+`) VALUES (`+strings.Join(marks, ", ")+`)`); err != nil {
			return err
		}
		defer inserts[i].Close()
	}
	rows, end, err := fillRows(ctx, inserts, truths, h, dec)
	if err != nil {
		return err
	}
	if !slices.Equal(rows, end.Rows) {
		return fault.New(fault.Invalid, "fault.backup.cut-off")
	}
	return tx.Commit()
}

// truthValues says which columns hold true or false in this database: SQLite writes 0 and 1 for them, PostgreSQL takes
// neither.
func truthValues(ctx context.Context, tx *sql.Tx, t backupTable) ([]bool, error) {
	rows, err := tx.QueryContext(ctx, `SELECT `+strings.Join(t.Columns, ", ")+` FROM `+t.Name+` WHERE 1 = 0`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	types, err := rows.ColumnTypes()
	if err != nil {
		return nil, err
	}
	truth := make([]bool, len(types))
	for i, c := range types {
		truth[i] = c.DatabaseTypeName() == "BOOL"
	}
	return truth, rows.Err()
}

func fillRows(ctx context.Context, inserts []*sql.Stmt, truths [][]bool, h backupHeader, dec *jsontext.Decoder) ([]int64, backupEnd, error) {
	rows := make([]int64, len(h.Tables))
	var end backupEnd
	for {
		raw, err := dec.ReadValue()
		if err != nil {
			return rows, end, fault.New(fault.Invalid, "fault.backup.cut-off").Because(err)
		}
		var row struct {
			Table  int              `json:"t"`
			Values []jsontext.Value `json:"v"`
		}
		if json.Unmarshal(raw, &end, json.RejectUnknownMembers(true)) == nil {
			return rows, end, nil
		}
		if err := json.Unmarshal(raw, &row, json.RejectUnknownMembers(true)); err != nil || row.Table < 0 || row.Table >= len(inserts) || len(row.Values) != len(h.Tables[row.Table].Columns) {
			return rows, end, fault.New(fault.Invalid, "fault.backup.malformed").Because(err)
		}
		values := make([]any, len(row.Values))
		for i, v := range row.Values {
			if values[i], err = backupValue(v); err != nil {
				return rows, end, err
			}
			if n, ok := values[i].(int64); ok && truths[row.Table][i] {
				values[i] = n != 0
			}
		}
		if _, err := inserts[row.Table].ExecContext(ctx, values...); err != nil {
			return rows, end, fmt.Errorf("restore %s: %w", h.Tables[row.Table].Name, err)
		}
		rows[row.Table]++
	}
}

func backupValue(v jsontext.Value) (any, error) {
	switch v.Kind() {
	case '"':
		var s string
		err := json.Unmarshal(v, &s)
		return s, err
	case '0':
		return strconv.ParseInt(string(v), 10, 64)
	case 't', 'f':
		return v.Kind() == 't', nil
	case 'n':
		return nil, nil
	}
	var b struct {
		B []byte `json:"b"`
	}
	if err := json.Unmarshal(v, &b, json.RejectUnknownMembers(true)); err != nil {
		return nil, fault.New(fault.Invalid, "fault.backup.malformed").Because(err)
	}
	if b.B == nil {
		b.B = []byte{}
	}
	return b.B, nil
}

// identifiers tells whether names from a backup are plain names, fit to stand in a statement.
func identifiers(names []string) bool {
	for _, n := range names {
		if n == "" || strings.Trim(n, "abcdefghijklmnopqrstuvwxyz_0123456789") != "" {
			return false
		}
	}
	return true
}
