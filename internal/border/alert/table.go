package alert

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"countersign/internal/fault"
	"countersign/internal/person"
)

// Columns are the documented columns of a list of alerts or of travellers to screen, in the order in which
// they are written. Reading goes by the names in the first row; the synonyms of columnNames are understood.
var Columns = []string{"op", "ref", "names", "birth", "sex", "nationality", "documents"}

type column int

const (
	colOp column = iota
	colRef
	colNames
	colBirth
	colSex
	colNationality
	colDocuments
	colGiven
	colSurname
	colIssuer
	colMiddle
	columns
)

var columnNames = map[string]column{
	"op": colOp, "operation": colOp,
	"ref": colRef, "id": colRef, "reference": colRef, "alert_id": colRef, "query_id": colRef,
	"names": colNames, "name": colNames, "full_name": colNames, "aliases": colNames, "alias": colNames,
	"given": colGiven, "given_name": colGiven, "given_names": colGiven, "first_name": colGiven, "forename": colGiven,
	"middle": colMiddle, "middle_name": colMiddle, "father": colMiddle, "father_name": colMiddle,
	"surname": colSurname, "last_name": colSurname, "family_name": colSurname,
	"birth": colBirth, "dob": colBirth, "birth_date": colBirth, "date_of_birth": colBirth, "birthdate": colBirth,
	"sex": colSex, "gender": colSex,
	"nationality": colNationality, "country": colNationality, "state": colNationality,
	"documents": colDocuments, "document": colDocuments, "document_number": colDocuments, "doc_number": colDocuments, "passport": colDocuments, "number": colDocuments,
	"issuer": colIssuer, "document_issuer": colIssuer, "doc_issuer": colIssuer,
}

// Row is one line of a table: a change, its place in the file, and what was wrong with it.
type Row struct {
	Line int
	Change
	Err error // *fault.Error with the line; the other fields are then not to be used
}

// Table reads rows one after the other.
type Table struct {
	csv    *csv.Reader
	json   *jsonRows // instead, where the table is JSON
	at     [columns][]int
	states map[string]string // codes seen before: a list has a few hundred
}

// NewTable reads the first row. Separators are commas, semicolons or tabs, whichever the first row has.
func NewTable(r io.Reader) (*Table, error) {
	br := bufio.NewReaderSize(r, 1<<16)
	head, _ := br.Peek(4096)
	if bytes.HasPrefix(head, []byte("\ufeff")) {
		_, _ = br.Discard(3)
		head = head[3:]
	}
	t := &Table{states: map[string]string{}}
	if startsJSON(br) {
		return t, t.newJSONRows(br)
	}
	t.csv = csv.NewReader(br)
	t.csv.ReuseRecord = true
	t.csv.FieldsPerRecord = -1 // counted below, so that the fault names the row
	first, _, _ := bytes.Cut(head, []byte("\n"))
	for _, sep := range []rune{'\t', ';'} {
		if bytes.ContainsRune(first, sep) && !bytes.ContainsRune(first, ',') {
			t.csv.Comma = sep
		}
	}
	names, err := t.csv.Read()
	if err != nil {
		return nil, fault.New(fault.Invalid, "fault.border.table-head", "columns", strings.Join(Columns, ", ")).Because(err)
	}
	for i, n := range names {
		key := strings.ReplaceAll(strings.ToLower(strings.TrimSpace(n)), " ", "_")
		if c, ok := columnNames[key]; ok {
			t.at[c] = append(t.at[c], i)
		}
	}
	if t.at[colNames] == nil && t.at[colSurname] == nil && t.at[colGiven] == nil && t.at[colDocuments] == nil {
		return nil, fault.New(fault.Invalid, "fault.border.table-head", "columns", strings.Join(Columns, ", "))
	}
	return t, nil
}

// Next returns the next row, or io.EOF. A row that cannot be read has Err set; reading goes on behind it.
func (t *Table) Next() (Row, error) {
	if t.json != nil {
		rec, line, err := t.json.next()
		if errors.Is(err, io.EOF) {
			return Row{}, io.EOF
		}
		if err != nil {
			return Row{}, err
		}
		row := Row{Line: line}
		row.Err = t.read(rec, &row)
		return row, nil
	}
	rec, err := t.csv.Read()
	if errors.Is(err, io.EOF) {
		return Row{}, io.EOF
	}
	line, _ := t.csv.FieldPos(0)
	var pe *csv.ParseError
	switch {
	case errors.As(err, &pe):
		return Row{Line: pe.Line, Err: rowFault(pe.Line, "csv", pe.Err.Error())}, nil
	case err != nil:
		return Row{}, err
	}
	row := Row{Line: line}
	row.Err = t.read(rec, &row)
	return row, nil
}

func (t *Table) read(rec []string, row *Row) error {
	get := func(c column) string {
		if len(t.at[c]) == 0 || t.at[c][0] >= len(rec) {
			return ""
		}
		return strings.TrimSpace(rec[t.at[c][0]])
	}
	for _, f := range rec {
		if strings.IndexByte(f, 0) >= 0 { // parts the arenas of the index
			return rowFault(row.Line, "csv", "0x00")
		}
	}
	a := &row.Alert
	a.Ref = strings.Clone(get(colRef))
	switch op := get(colOp); op {
	case "", "add", "+":
	case "remove", "-":
		row.Remove = true
		if a.Ref == "" {
			return rowFault(row.Line, "ref", "")
		}
		return nil
	default:
		return rowFault(row.Line, "op", op)
	}
	for _, i := range t.at[colNames] {
		if i < len(rec) {
			for s := range strings.SplitSeq(rec[i], "|") {
				if s = strings.TrimSpace(s); s != "" {
					a.Names = append(a.Names, strings.Clone(s))
				}
			}
		}
	}
	if full := strings.Join(strings.Fields(get(colGiven)+" "+get(colMiddle)+" "+get(colSurname)), " "); full != "" {
		a.Names = append([]string{full}, a.Names...)
	}
	var err error
	if a.Birth, err = ParseBirth(get(colBirth)); err != nil {
		return rowFault(row.Line, "birth", get(colBirth))
	}
	switch s := get(colSex); s {
	case "", "X", "x", "<", "U", "u", "unknown":
	case "M", "m", "male", "Male", "1":
		a.Sex = 'M'
	case "F", "f", "female", "Female", "2":
		a.Sex = 'F'
	default:
		return rowFault(row.Line, "sex", s)
	}
	a.Nationality = t.state(get(colNationality))
	issuer := t.state(get(colIssuer))
	for s := range strings.SplitSeq(get(colDocuments), "|") {
		if s = strings.TrimSpace(s); s == "" {
			continue
		}
		d := Document{Number: s, State: issuer}
		if state, number, ok := strings.Cut(s, ":"); ok {
			d = Document{Number: number, State: t.state(state)}
		}
		d.Number = strings.Clone(d.Number)
		a.Documents = append(a.Documents, d)
	}
	if len(a.Names) == 0 && len(a.Documents) == 0 {
		return rowFault(row.Line, "names", "")
	}
	return nil
}

func (t *Table) state(s string) string {
	if s == "" {
		return ""
	}
	if c, ok := t.states[s]; ok {
		return c
	}
	s = strings.Clone(s)
	c := person.StateCode(s)
	t.states[s] = c
	return c
}

func rowFault(line int, field, value string) *fault.Error {
	return fault.New(fault.Invalid, "fault.border.row", "line", fmt.Sprint(line), "field", field, "value", value)
}

// dateOf takes off what other systems put around a date: a time behind it, a word before it; and writes days, months and
// names of months as this package's forms do.
func dateOf(s string) string {
	if s = strings.TrimSpace(s); len(s) > 10 && s[4] == '-' && s[7] == '-' && (s[10] == 'T' || s[10] == ' ') {
		return s[:10]
	}
	for _, about := range []string{"circa ", "ca. ", "c. ", "approximately ", "about "} {
		if len(s) > len(about) && strings.EqualFold(s[:len(about)], about) {
			return strings.TrimSpace(s[len(about):])
		}
	}
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '-' || r == '.' || r == '/' })
	if len(parts) == 2 && len(parts[1]) == 4 && month(parts[0]) != "" { // March 1985
		return parts[1] + "-" + month(parts[0])
	}
	if len(parts) != 3 || len(parts[2]) != 4 || len(parts[0]) > 2 {
		return s
	}
	m := parts[1]
	if name := month(m); name != "" {
		m = name
	}
	if len(m) > 2 || len(m) == 0 || len(parts[0]) == 0 {
		return s
	}
	return parts[2] + "-" + strings.Repeat("0", 2-len(m)) + m + "-" + strings.Repeat("0", 2-len(parts[0])) + parts[0]
}

// month is the number of a month named in English, "" for anything else.
func month(s string) string {
	const names = "janfebmaraprmayjunjulaugsepoctnovdec"
	if len(s) < 3 {
		return ""
	}
	if i := strings.Index(names, strings.ToLower(s[:3])); i >= 0 && i%3 == 0 {
		return fmt.Sprintf("%02d", i/3+1)
	}
	return ""
}

// ParseBirth reads 1985-03-12, 1985-03, 1985 and the same with ??, XX or 00 for unknown parts, 12.03.1985,
// 12/03/1985, 12-3-1985, 12 Mar 1985 (day first) and 19850312. Empty is unknown.
func ParseBirth(s string) (person.MRZDate, error) {
	var d person.MRZDate
	if s == "" {
		return d, nil
	}
	var y, m, day string
	s = dateOf(s)
	switch {
	case s == "":
		return d, nil
	case len(s) == 10 && (s[4] == '-' || s[4] == '/'):
		y, m, day = s[:4], s[5:7], s[8:]
	case len(s) == 10 && (s[2] == '.' || s[2] == '/') && s[5] == s[2]:
		y, m, day = s[6:], s[3:5], s[:2]
	case len(s) == 8 && s[4] != '-':
		y, m, day = s[:4], s[4:6], s[6:]
	case len(s) == 7 && s[4] == '-':
		y, m = s[:4], s[5:]
	case len(s) == 4:
		y = s
	default:
		return d, errNoDate
	}
	parts := [3]int{}
	for i, p := range [3]string{y, m, day} {
		if p == "" || strings.Trim(p, "?Xx") == "" {
			continue
		}
		for _, c := range []byte(p) {
			if c < '0' || c > '9' {
				return d, errNoDate
			}
			parts[i] = parts[i]*10 + int(c-'0')
		}
	}
	days := [...]int{31, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}
	if parts[0] != 0 && (parts[0] < 1800 || parts[0] > 2200) || parts[1] > 12 || parts[2] > days[min(parts[1], 12)] {
		return d, errNoDate
	}
	return person.MRZDate{Year: int16(parts[0]), Month: uint8(parts[1]), Day: uint8(parts[2])}, nil
}

var errNoDate = errors.New("no date")

// WriteTable writes changes with the documented columns.
func WriteTable(w io.Writer, changes func(yield func(*Change) bool)) (int, error) {
	bw := bufio.NewWriterSize(w, 1<<16)
	cw := csv.NewWriter(bw)
	if err := cw.Write(Columns); err != nil {
		return 0, err
	}
	n := 0
	var failed error
	rec := make([]string, len(Columns))
	for c := range changes {
		a := &c.Alert
		rec[0], rec[1], rec[2], rec[3], rec[4], rec[5], rec[6] = "", a.Ref, strings.Join(a.Names, "|"), "", "", a.Nationality, ""
		if c.Remove {
			rec[0] = "remove"
		}
		if a.Birth != (person.MRZDate{}) {
			rec[3] = a.Birth.String()
		}
		if a.Sex != 0 {
			rec[4] = string(a.Sex)
		}
		for i, d := range a.Documents {
			if i > 0 {
				rec[6] += "|"
			}
			rec[6] += d.State + ":" + d.Number
		}
		if failed = cw.Write(rec); failed != nil {
			break
		}
		n++
	}
	cw.Flush()
	return n, errors.Join(failed, cw.Error(), bw.Flush())
}
