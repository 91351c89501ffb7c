package stay

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"countersign/internal/fault"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// HistoryColumns is the first row of a history: days as 2006-01-02, an empty exit for a stay that goes on.
// The column counts is optional: "no" leaves a stay out of the count (an officer has found that it rested on
// another title). Other names of the columns are understood as well (historyNames), and so is JSON: an array of
// objects with these members.
var HistoryColumns = []string{"entry", "exit", "counts"}

// historyNames are the columns by the names that other systems give them.
var historyNames = map[string]string{
	"entry": "entry", "entry_date": "entry", "date_of_entry": "entry", "in": "entry", "from": "entry", "arrival": "entry", "start": "entry", "entered": "entry", "hyrja": "entry",
	"exit": "exit", "exit_date": "exit", "date_of_exit": "exit", "out": "exit", "to": "exit", "until": "exit", "departure": "exit", "end": "exit", "left": "exit", "dalja": "exit",
	"counts": "counts", "count": "counts", "counted": "counts",
	"id": "id", "case": "id", "person": "id", "traveller": "id",
}

// History is the stays of one person; ID is empty where the file does not say who it is about.
type History struct {
	ID    string
	Stays []Stay
}

// ReadHistory reads the history of one person. Its faults name the row.
func ReadHistory(r io.Reader) ([]Stay, error) {
	all, err := ReadHistories(r)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	if len(all) > 1 {
		return nil, fault.New(fault.Invalid, "fault.border.row", "line", "1", "field", "id", "value", all[1].ID)
	}
	return all[0].Stays, nil
}

// ReadHistories reads the histories of one person or of several, told apart by a column id, in the order of the file.
func ReadHistories(r io.Reader) ([]History, error) {
	br := bufio.NewReader(r)
	if head, _ := br.Peek(3); string(head) == "\ufeff" {
		_, _ = br.Discard(3)
	}
	for {
		c, err := br.Peek(1)
		if err != nil {
			return nil, headFault(err)
		}
		switch c[0] {
		case ' ', '\n', '\r', '\t':
			_, _ = br.Discard(1)
			continue
		case '[', '{':
			return jsonHistories(br)
		}
		return csvHistories(br)
	}
}

func headFault(err error) error {
	return fault.New(fault.Invalid, "fault.border.table-head", "columns", strings.Join(HistoryColumns, ", ")).Because(err)
}

// collector gathers rows by person.
type collector struct{ all []History }

// row takes one row; get gives its fields by the names of HistoryColumns and id.
func (c *collector) row(line int, get func(string) string) error {
	bad := func(field string) error {
		return fault.New(fault.Invalid, "fault.border.row", "line", fmt.Sprint(line), "field", field, "value", get(field))
	}
	id := get("id")
	i := slices.IndexFunc(c.all, func(h History) bool { return h.ID == id })
	if i < 0 {
		i = len(c.all)
		c.all = append(c.all, History{ID: id})
	}
	if get("entry") == "" && get("exit") == "" { // somebody who was never there
		return nil
	}
	var s Stay
	var err error
	if s.Entry, err = parseAny(get("entry")); err != nil {
		return bad("entry")
	}
	if exit := get("exit"); exit != "" && exit != "-" && !strings.EqualFold(exit, "null") {
		if s.Exit, err = parseAny(exit); err != nil || s.Exit < s.Entry {
			return bad("exit")
		}
	}
	switch strings.ToLower(get("counts")) {
	case "", "yes", "true", "1", "po":
		c.all[i].Stays = append(c.all[i].Stays, s)
	case "no", "false", "0", "jo":
	default:
		return bad("counts")
	}
	return nil
}

// parseAny reads 2006-01-02, the same with a time behind it, 02.01.2006 and 02/01/2006 (day first), and 20060102.
func parseAny(s string) (Day, error) {
	switch {
	case len(s) > 10 && (s[10] == 'T' || s[10] == ' '):
		return Parse(s[:10])
	case len(s) == 10 && (s[2] == '.' || s[2] == '/') && s[5] == s[2]:
		return Parse(s[6:] + "-" + s[3:5] + "-" + s[:2])
	case len(s) == 10 && s[4] == '/' && s[7] == '/':
		return Parse(strings.ReplaceAll(s, "/", "-"))
	case len(s) == 8 && !strings.ContainsAny(s, "-./"):
		return Parse(s[:4] + "-" + s[4:6] + "-" + s[6:])
	}
	return Parse(s)
}

func csvHistories(br *bufio.Reader) ([]History, error) {
	peek, _ := br.Peek(4096)
	first, _, _ := bytes.Cut(peek, []byte("\n"))
	cr := csv.NewReader(br)
	for _, sep := range "\t;" {
		if bytes.ContainsRune(first, sep) && !bytes.ContainsRune(first, ',') {
			cr.Comma = sep
		}
	}
	cr.FieldsPerRecord = -1
	cr.TrimLeadingSpace = cr.Comma != '\t' // an empty first field is no blank
	head, err := cr.Read()
	if err != nil {
		return nil, headFault(err)
	}
	at := map[string]int{}
	for i, h := range head {
		name, ok := historyNames[strings.ReplaceAll(strings.ToLower(strings.TrimSpace(h)), " ", "_")]
		if _, taken := at[name]; ok && !taken {
			at[name] = i
		}
	}
	if _, ok := at["entry"]; !ok {
		return nil, headFault(nil)
	}
	if _, ok := at["exit"]; !ok {
		return nil, headFault(nil)
	}
	c := &collector{}
	for {
		rec, err := cr.Read()
		if errors.Is(err, io.EOF) {
			return c.all, nil
		}
		if err != nil {
			return nil, fault.New(fault.Invalid, "fault.border.row", "line", "?", "field", "csv", "value", err.Error())
		}
		line, _ := cr.FieldPos(0)
		if err := c.row(line, func(name string) string {
			if i, ok := at[name]; ok && i < len(rec) {
				return strings.TrimSpace(rec[i])
			}
			return ""
		}); err != nil {
			return nil, err
		}
	}
}

// jsonHistories reads an array of stays, an array of people with their stays, or one such object.
func jsonHistories(r io.Reader) ([]History, error) {
	c, n := &collector{}, 0
	d := jsontext.NewDecoder(r)
	for {
		v, err := d.ReadValue()
		if errors.Is(err, io.EOF) {
			return c.all, nil
		}
		if err != nil {
			return nil, headFault(err)
		}
		if err := c.value(v, "", &n); err != nil {
			return nil, err
		}
	}
}

func (c *collector) value(v jsontext.Value, id string, n *int) error {
	if v.Kind() == '[' {
		var list []jsontext.Value
		if err := json.Unmarshal(v, &list); err != nil {
			return headFault(err)
		}
		if len(list) == 0 {
			c.all = append(c.all, History{ID: id})
		}
		for _, x := range list {
			if err := c.value(x, id, n); err != nil {
				return err
			}
		}
		return nil
	}
	var o map[string]jsontext.Value
	if err := json.Unmarshal(v, &o); err != nil {
		return headFault(err)
	}
	*n++
	fields := map[string]string{"id": id}
	for k, x := range o {
		if name, ok := historyNames[strings.ToLower(k)]; ok && x.Kind() != '[' && x.Kind() != '{' {
			fields[name] = text(x)
		}
	}
	for _, k := range []string{"stays", "history", "entries", "visits"} {
		if len(o[k]) > 0 && o[k].Kind() == '[' {
			return c.value(o[k], fields["id"], n)
		}
	}
	if fields["entry"] == "" {
		return fault.New(fault.Invalid, "fault.border.row", "line", fmt.Sprint(*n), "field", "entry", "value", "")
	}
	return c.row(*n, func(name string) string { return fields[name] })
}

// text is a scalar as a table would have it.
func text(v jsontext.Value) string {
	switch v.Kind() {
	case 'n':
		return ""
	case '"':
		var s string
		if json.Unmarshal(v, &s) == nil {
			return strings.TrimSpace(s)
		}
	}
	return string(v)
}
