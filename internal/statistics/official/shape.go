package official

import (
	"fmt"
	"strings"

	"countersign/internal/fault"
	"countersign/internal/statistics/cube"
)

// field is one dimension of a published table.
type field int

const (
	quarterField field = iota
	yearField          // the workbooks repeat the year beside the quarter
	countryField
	regionField
	groupField
	typeField
	ageField
	sexField
	destField
	countField
)

// columns gives the names under which files and workbooks carry each dimension, in lower case with
// underscores. Which name stands for the country tells nationality from destination.
var columns = map[string]struct {
	field field
	to    bool // by destination
	of    bool // by nationality
	flag  bool // counts offenders
}{
	"quarter": {field: quarterField}, "year": {field: yearField}, "date_of_return": {field: quarterField},
	"nationality": {field: countryField, of: true}, "return_destination": {field: countryField, to: true},
	"region": {field: regionField}, "return_destination_region": {field: regionField}, "return_type_group": {field: groupField},
	"return_type": {field: typeField}, "age": {field: ageField}, "sex": {field: sexField},
	"destination_group": {field: destField}, "return_destination_group": {field: destField},
	"returns": {field: countField}, "number_of_returns": {field: countField},
	"number_of_foreign_national_offender_returns": {field: countField, flag: true}, "number_of_fno_returns": {field: countField, flag: true},
}

// shapes lists what each table must fix. A file that leaves one of them open (all ages, say) would yield
// sums that look like cells (facts, section 2: Eurostat's trap).
var shapes = map[cube.Table][]field{
	cube.D01: {quarterField, countryField, regionField, groupField, typeField, ageField, sexField, destField, countField},
	cube.D02: {quarterField, countryField, regionField, groupField, typeField, countField},
	cube.D03: {quarterField, countryField, regionField, destField, countField},
	cube.D04: {quarterField, countryField, regionField, countField},
}

var fieldNames = map[field]string{quarterField: "quarter", yearField: "year", countryField: "nationality or return_destination",
	regionField: "region", groupField: "return_type_group", typeField: "return_type", ageField: "age", sexField: "sex",
	destField: "destination_group", countField: "returns"}

// layout is where a file keeps its fields.
type layout struct {
	table  cube.Table
	column [countField + 1]int // -1: absent
	width  int
}

// plan reads a header row.
func plan(name string, row int, header []string) (*layout, error) {
	l := &layout{width: len(header)}
	for i := range l.column {
		l.column[i] = -1
	}
	if asylumTable(header) {
		return nil, fault.New(fault.Invalid, "fault.statistics.asylum-table", "file", name)
	}
	var to, flag bool
	for i, h := range header {
		key := columnKey(h)
		c, ok := columns[key]
		if !ok {
			return nil, refuse(name, row, i, "fault.statistics.column", "column", clip(h))
		}
		if l.column[c.field] >= 0 {
			return nil, refuse(name, row, i, "fault.statistics.column-twice", "column", clip(h))
		}
		l.column[c.field] = i
		to, flag = to || c.to, flag || c.flag
	}
	switch {
	case flag && to:
		l.table = cube.D04
	case flag:
		l.table = cube.D03
	case to:
		l.table = cube.D02
	default:
		l.table = cube.D01
	}
	for _, f := range shapes[l.table] {
		if l.column[f] < 0 {
			return nil, refuse(name, row, 0, "fault.statistics.unfixed", "table", string(l.table), "dimension", fieldNames[f])
		}
	}
	return l, nil
}

func columnKey(h string) string {
	return strings.ReplaceAll(strings.ToLower(strings.TrimSpace(h)), " ", "_")
}

// asylumTable recognises Ret_04 and Ret_05: a category beside the groups of returns. They cut across the
// groups, leave the quarter open, and tell of asylum, which this program holds nothing about (design.md, section 4).
func asylumTable(header []string) bool {
	var category, groups bool
	for _, h := range header {
		category = category || columnKey(h) == "category"
		groups = groups || columnKey(h) == "enforced_returns"
	}
	return category && groups
}

// refuse names the cell: file, row (counted from 1, the header included) and column letter.
func refuse(name string, row, column int, key string, args ...string) *fault.Error {
	return fault.New(fault.Invalid, key, append([]string{"file", name, "cell", cellName(row, column)}, args...)...)
}

func cellName(row, column int) string {
	s := ""
	for column++; column > 0; column = (column - 1) / 26 {
		s = string(rune('A'+(column-1)%26)) + s
	}
	return fmt.Sprintf("%s%d", s, row)
}

// clip shortens a hostile value for a message and shows control characters as escapes.
func clip(s string) string {
	r := []rune(s)
	if len(r) > 60 {
		r = append(r[:60], '…')
	}
	q := fmt.Sprintf("%q", string(r))
	return q[1 : len(q)-1]
}
