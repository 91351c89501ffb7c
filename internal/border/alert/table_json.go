package alert

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"

	"countersign/internal/fault"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// jsonRows reads a table that is JSON: an array of objects, or one object per line, with the names of the columns as
// members. Several names or documents may be an array; a document may be an object with number and issuer.
type jsonRows struct {
	d     *jsontext.Decoder
	array bool
	n     int
}

// startsJSON tells a JSON table by its first character. Blanks before it are taken away.
func startsJSON(br *bufio.Reader) bool {
	for {
		c, err := br.Peek(1)
		if err != nil {
			return false
		}
		switch c[0] {
		case ' ', '\n', '\r', '\t':
			_, _ = br.Discard(1)
		default:
			return c[0] == '[' || c[0] == '{'
		}
	}
}

// newJSONRows opens the table and lays the columns out in their own order.
func (t *Table) newJSONRows(br *bufio.Reader) error {
	t.json = &jsonRows{d: jsontext.NewDecoder(br)}
	for c := range columns {
		t.at[c] = []int{int(c)}
	}
	if t.json.d.PeekKind() == '[' {
		t.json.array = true
		if _, err := t.json.d.ReadToken(); err != nil {
			return fault.New(fault.Invalid, "fault.border.table-head", "columns", strings.Join(Columns, ", ")).Because(err)
		}
	}
	return nil
}

// next is one object as a record of all columns. A broken object ends the table: nothing behind it can be trusted.
func (r *jsonRows) next() (rec []string, line int, err error) {
	if r.array && r.d.PeekKind() == ']' {
		return nil, 0, io.EOF
	}
	v, err := r.d.ReadValue()
	if errors.Is(err, io.EOF) && !r.array {
		return nil, 0, io.EOF
	}
	r.n++
	if err != nil {
		return nil, r.n, rowFault(r.n, "json", err.Error())
	}
	var o map[string]jsontext.Value
	if err := json.Unmarshal(v, &o); err != nil {
		return nil, r.n, rowFault(r.n, "json", string(v[:min(len(v), 40)]))
	}
	rec = make([]string, columns)
	for k, x := range o {
		c, ok := columnNames[strings.ReplaceAll(strings.ToLower(strings.TrimSpace(k)), " ", "_")]
		if !ok {
			continue
		}
		s := jsonText(x)
		if rec[c] != "" && s != "" && (c == colNames || c == colDocuments) {
			s = rec[c] + "|" + s
		}
		if s != "" {
			rec[c] = s
		}
	}
	return rec, r.n, nil
}

// jsonText is a value as a table would have it.
func jsonText(v jsontext.Value) string {
	switch v.Kind() {
	case 'n':
		return ""
	case '"':
		var s string
		_ = json.Unmarshal(v, &s) // a string always is one
		return s
	case '[':
		var all []jsontext.Value
		if json.Unmarshal(v, &all) != nil {
			return ""
		}
		var b bytes.Buffer
		for i, x := range all {
			if i > 0 {
				b.WriteByte('|')
			}
			b.WriteString(jsonText(x))
		}
		return b.String()
	case '{':
		var o map[string]jsontext.Value
		if json.Unmarshal(v, &o) != nil {
			return ""
		}
		number, state, name := "", "", ""
		for k, x := range o {
			switch columnNames[strings.ToLower(k)] {
			case colDocuments:
				number = jsonText(x)
			case colIssuer, colNationality:
				state = jsonText(x)
			case colNames:
				name = jsonText(x)
			}
		}
		switch {
		case number != "" && state != "":
			return state + ":" + number
		case number != "":
			return number
		}
		return name
	}
	return string(v)
}
