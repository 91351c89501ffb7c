package paper

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Fault is one departure from the checklist for accessible spreadsheets.
type Fault struct {
	Where string // sheet and cell
	Rule  string
}

func (f Fault) String() string { return f.Where + ": " + f.Rule }

// Lint checks the bytes of an XLSX or ODS file against the checklist.
func Lint(b []byte) ([]Fault, error) {
	w, err := open(b)
	if err != nil {
		return nil, err
	}
	var faults []Fault
	add := func(where, rule string) { faults = append(faults, Fault{where, rule}) }
	for _, p := range []struct{ value, name string }{{w.title, "title"}, {w.creator, "creator"}, {w.language, "language"}} {
		if p.value == "" {
			add("document", "no "+p.name)
		}
	}
	for _, f := range w.flaws {
		add("document", f)
	}
	names := map[string]bool{}
	for i := range w.views {
		v := &w.views[i]
		if v.Name == "" || names[v.Name] || len([]rune(v.Name)) > 31 {
			add(v.Name, "sheet names are unique, not blank and at most 31 characters")
		}
		names[v.Name] = true
		for _, f := range v.flaws {
			add(v.Name, f)
		}
		v.lint(add)
	}
	if len(w.views) < 3 || w.views[0].Table != "" || w.views[1].Table == "" {
		add("document", "sheets come in the order cover, contents, notes, tables")
	}
	return faults, nil
}

var symbols = regexp.MustCompile(`^(?:-|–|\.\.|\*|:|n/a)$`)

func (v *View) lint(add func(where, rule string)) {
	if len(v.Cells) == 0 || len(v.Cells[0]) == 0 || strings.TrimSpace(v.Cells[0][0]) == "" {
		add(v.Name+"!A1", "the sheet’s title is in A1")
		return
	}
	first, last := len(v.Cells), 0
	width := 1
	if v.Table != "" {
		var ok bool
		if width, first, last, ok = rangeOf(v.Table); !ok {
			add(v.Name, "the marked-up table begins in column A: "+v.Table)
			return
		}
		if last != len(v.Cells) {
			add(v.Name, "nothing stands below the table")
		}
		v.lintLead(add, first)
	}
	header := map[string]bool{}
	for i, row := range v.Cells {
		if len(row) == 0 || strings.Join(row, "") == "" {
			add(fmt.Sprintf("%s!A%d", v.Name, i+1), "no blank rows")
			continue
		}
		want := 1
		if v.Table != "" && i+1 >= first {
			want = width
		}
		if len(row) > want {
			add(fmt.Sprintf("%s!%s%d", v.Name, column(want), i+1), "nothing stands beside the table or the text in column A")
		}
		for j := range want {
			where := fmt.Sprintf("%s!%s%d", v.Name, column(j), i+1)
			switch {
			case j >= len(row) || strings.TrimSpace(row[j]) == "":
				add(where, "no empty cells: give the reason, for example [x]")
			case v.Table != "" && i+1 == first && header[row[j]]:
				add(where, "header cells are unique")
			case v.Table != "" && i+1 == first:
				header[row[j]] = true
			case symbols.MatchString(strings.TrimSpace(row[j])):
				add(where, "no symbols for missing values: use a shorthand in brackets")
			}
		}
	}
}

// lintLead checks what stands before the table: a statement about notes, and the source.
func (v *View) lintLead(add func(where, rule string), first int) {
	lead := ""
	for _, row := range v.Cells[:min(first-1, len(v.Cells))] {
		lead += strings.ToLower(strings.Join(row, " ")) + "\n"
	}
	if !strings.Contains(lead, "table") && !strings.Contains(lead, "tabel") {
		add(v.Name, "column A tells how many tables the sheet holds")
	}
	if !strings.Contains(lead, "note") && !strings.Contains(lead, "shënim") {
		add(v.Name, "column A says whether there are notes")
	}
	if !strings.Contains(lead, "source") && !strings.Contains(lead, "burim") {
		add(v.Name, "column A names the source")
	}
}

var ref = regexp.MustCompile(`^A(\d+):([A-Z]+)(\d+)$`)

func rangeOf(s string) (width, first, last int, ok bool) {
	m := ref.FindStringSubmatch(s)
	if m == nil {
		return 0, 0, 0, false
	}
	first, _ = strconv.Atoi(m[1])
	last, _ = strconv.Atoi(m[3])
	return columnIndex(m[2]) + 1, first, last, true
}

func columnIndex(s string) int {
	n := 0
	for _, c := range s {
		n = n*26 + int(c-'A') + 1
	}
	return n - 1
}
