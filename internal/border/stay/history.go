package stay

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"countersign/internal/fault"
)

// HistoryColumns is the first row of a history: days as 2006-01-02, an empty exit for a stay that goes on.
// The column counts is optional: "no" leaves a stay out of the count (an officer has found that it rested on
// another title).
var HistoryColumns = []string{"entry", "exit", "counts"}

// ReadHistory reads a CSV file. Its faults name the row.
func ReadHistory(r io.Reader) ([]Stay, error) {
	cr := csv.NewReader(r)
	cr.FieldsPerRecord = -1
	cr.TrimLeadingSpace = true
	head, err := cr.Read()
	if err != nil {
		return nil, fault.New(fault.Invalid, "fault.border.table-head", "columns", strings.Join(HistoryColumns, ", ")).Because(err)
	}
	at := map[string]int{"entry": -1, "exit": -1, "counts": -1}
	for i, h := range head {
		at[strings.ToLower(strings.TrimSpace(strings.TrimPrefix(h, "\ufeff")))] = i
	}
	if at["entry"] < 0 || at["exit"] < 0 {
		return nil, fault.New(fault.Invalid, "fault.border.table-head", "columns", strings.Join(HistoryColumns, ", "))
	}
	var stays []Stay
	for {
		rec, err := cr.Read()
		if errors.Is(err, io.EOF) {
			return stays, nil
		}
		if err != nil {
			return nil, fault.New(fault.Invalid, "fault.border.row", "line", "?", "field", "csv", "value", err.Error())
		}
		line, _ := cr.FieldPos(0)
		get := func(name string) string {
			if i := at[name]; i >= 0 && i < len(rec) {
				return strings.TrimSpace(rec[i])
			}
			return ""
		}
		bad := func(field string) error {
			return fault.New(fault.Invalid, "fault.border.row", "line", fmt.Sprint(line), "field", field, "value", get(field))
		}
		var s Stay
		if s.Entry, err = Parse(get("entry")); err != nil {
			return nil, bad("entry")
		}
		if get("exit") != "" {
			if s.Exit, err = Parse(get("exit")); err != nil || s.Exit < s.Entry {
				return nil, bad("exit")
			}
		}
		switch strings.ToLower(get("counts")) {
		case "", "yes", "true", "1":
			stays = append(stays, s)
		case "no", "false", "0":
		default:
			return nil, bad("counts")
		}
	}
}
