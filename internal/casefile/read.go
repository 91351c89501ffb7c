package casefile

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"countersign/internal/fault"

	"github.com/go-json-experiment/json"
)

// row is one case of the other system: its columns, or its members by their path.
type row struct {
	line   int
	values map[string]string
}

// Read reads a file of the other system, CSV or JSON by its first byte.
func Read(r io.Reader, m *Mapping) (*Result, error) {
	b, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return nil, err
	}
	b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	switch {
	case len(b) > MaxBytes:
		return nil, fault.New(fault.Invalid, "fault.import.large", "limit", strconv.Itoa(MaxBytes>>20))
	case !utf8.Valid(b): // a guessed encoding would spoil names for good
		return nil, fault.New(fault.Invalid, "fault.import.encoding")
	}
	read := readCSV
	if t := bytes.TrimLeft(b, " \t\r\n"); len(t) > 0 && t[0] == '[' {
		read = readJSON
	}
	rows, err := read(b, m)
	if err != nil {
		return nil, err
	}
	return m.records(rows), nil
}

func malformed(line int, cause error) error {
	return fault.New(fault.Invalid, "fault.import.malformed", "line", strconv.Itoa(line)).Because(cause)
}

func readCSV(b []byte, m *Mapping) ([]row, error) {
	r := csv.NewReader(bytes.NewReader(b))
	if m.Delimiter != "" {
		r.Comma = rune(m.Delimiter[0])
	}
	head, err := r.Read()
	if err != nil {
		return nil, malformed(1, err)
	}
	seen := map[string]bool{}
	for i, name := range head {
		head[i] = strings.TrimSpace(name)
		if seen[head[i]] {
			return nil, fault.New(fault.Invalid, "fault.import.column-twice", "column", head[i])
		}
		seen[head[i]] = true
	}
	if err := m.columns(seen); err != nil {
		return nil, err
	}
	var rows []row
	for {
		values, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, malformed(lineOf(err), err)
		}
		line, _ := r.FieldPos(0)
		if len(rows) == maxLines {
			return nil, fault.New(fault.Invalid, "fault.import.lines", "limit", strconv.Itoa(maxLines))
		}
		x := row{line: line, values: make(map[string]string, len(head))}
		for i, v := range values {
			x.values[head[i]] = unguard(v)
		}
		rows = append(rows, x)
	}
}

// lineOf is the line at which the reader of CSV stopped.
func lineOf(err error) int {
	if e, ok := errors.AsType[*csv.ParseError](err); ok {
		return e.Line
	}
	return 0
}

// columns refuses a file without a column that the mapping names and has no value for.
func (m *Mapping) columns(have map[string]bool) error {
	for _, name := range Fields {
		if f, ok := m.Fields[name]; ok && f.From != "" && f.Value == "" && !have[f.From] {
			return fault.New(fault.Invalid, "fault.import.no-column", "column", f.From, "field", name)
		}
	}
	return nil
}

func readJSON(b []byte, _ *Mapping) ([]row, error) {
	var list []map[string]any
	if err := json.Unmarshal(b, &list); err != nil {
		return nil, malformed(1, err)
	}
	if len(list) > maxLines {
		return nil, fault.New(fault.Invalid, "fault.import.lines", "limit", strconv.Itoa(maxLines))
	}
	rows := make([]row, len(list))
	for i, object := range list {
		rows[i] = row{line: i + 1, values: map[string]string{}}
		flatten("", object, rows[i].values)
	}
	return rows, nil
}

// flatten names each value by its path; the values of a list stand one after the other, a line each.
func flatten(path string, v any, out map[string]string) {
	switch x := v.(type) {
	case map[string]any:
		for name, inner := range x {
			if path != "" {
				name = path + "." + name
			}
			flatten(name, inner, out)
		}
	case []any:
		parts := make([]string, 0, len(x))
		for _, inner := range x {
			one := map[string]string{}
			flatten("x", inner, one)
			parts = append(parts, one["x"])
		}
		out[path] = strings.Join(parts, "\n")
	case string:
		out[path] = x
	case bool:
		out[path] = strconv.FormatBool(x)
	case float64:
		out[path] = strconv.FormatFloat(x, 'f', -1, 64)
	}
}

// guard keeps a spreadsheet from running a cell as a formula; unguard takes it off again.
func guard(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r'", rune(s[0])) {
		return "'" + s
	}
	return s
}

func unguard(s string) string {
	if len(s) > 1 && s[0] == '\'' && strings.ContainsRune("=+-@\t\r'", rune(s[1])) {
		return s[1:]
	}
	return s
}
