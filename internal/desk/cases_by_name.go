package desk

import (
	"context"
	"slices"
	"strings"

	"countersign/internal/access"
	"countersign/internal/act"
	"countersign/internal/fault"
	"countersign/internal/store"
	"countersign/internal/words"
)

// NameSortCap is how many cases a list may have and still be sorted by name. Names are sealed one by one, so that the
// database cannot sort them: they are opened here.
const NameSortCap = 500

// CasesByName is Cases in the order of family names, as the language has it. The look at those people is recorded who
// are on the page that is shown. A longer list than the cap comes by due date, and sorted is false.
func (d *Desk) CasesByName(ctx context.Context, who Session, f store.CaseFilter, lang words.Lang, down bool) (lines []CaseLine, total int, sorted bool, err error) {
	if err := d.allow(who, "view-work-list", access.Resource{Type: "case"}); err != nil {
		return nil, 0, false, err
	}
	limit, offset := f.Limit, f.Offset
	f.Sort = "due"
	if total, err = store.CountCases(d.Store, f); err != nil {
		return nil, 0, false, err
	}
	if total > NameSortCap {
		lines, total, err = d.Cases(ctx, who, f)
		return lines, total, false, err
	}
	f.Limit, f.Offset = NameSortCap, 0
	rows, total, err := store.Cases(d.Store, f)
	if err != nil {
		return nil, 0, false, err
	}
	if lines, err = d.named(rows); err != nil {
		return nil, 0, false, err
	}
	words.Sort(lang, lines, func(l CaseLine) string { return familyFirst(l.Name) })
	if down {
		slices.Reverse(lines)
	}
	lines = lines[min(offset, len(lines)):min(offset+limit, len(lines))]
	people := make([]act.ID, 0, len(lines))
	for _, l := range lines {
		people = append(people, l.Subject)
	}
	slices.Sort(people)
	err = d.consult(ctx, who, "view-work-list", access.Resource{Type: "case"}, "work-list", slices.Compact(people)...)
	if err != nil {
		return nil, 0, false, err
	}
	return lines, total, true, nil
}

// familyFirst puts the last word of a name first.
func familyFirst(name string) string {
	all := strings.Fields(name)
	if len(all) == 0 {
		return "\U0010ffff" // an erased person's case comes last
	}
	return all[len(all)-1] + " " + strings.Join(all[:len(all)-1], " ")
}

// named opens the names of lines.
func (d *Desk) named(rows []store.CaseRow) ([]CaseLine, error) {
	lines := make([]CaseLine, 0, len(rows))
	for _, r := range rows {
		name, err := d.Vault.Open(d.Store, string(r.Subject), caseName(r.ID), r.Name)
		if err != nil && fault.KindOf(err) != fault.Missing { // an erased person's case stays, without the name
			return nil, err
		}
		lines = append(lines, CaseLine{r, string(name)})
	}
	return lines, nil
}
