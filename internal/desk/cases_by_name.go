package desk

import (
	"context"
	"strings"

	"countersign/internal/access"
	"countersign/internal/fault"
	"countersign/internal/store"
	"countersign/internal/words"
)

// CasesByName is Cases in the order of family names, as the language has it. Names are sealed one by one, so that the
// database cannot sort them; the register in memory can. The look at those people is recorded who are on the page
// that is shown.
func (d *Desk) CasesByName(ctx context.Context, who Session, f store.CaseFilter, lang words.Lang, down bool) ([]CaseLine, int, error) {
	if err := d.allow(who, "view-work-list", access.Resource{Type: "case"}); err != nil {
		return nil, 0, err
	}
	ids, err := store.CaseIDs(d.Store, f)
	if err != nil {
		return nil, 0, err
	}
	page, err := d.byName(lang, ids, down, f.Offset, f.Limit)
	if err != nil {
		return nil, 0, err
	}
	rows, err := store.CasesByID(d.Store, page)
	if err != nil {
		return nil, 0, err
	}
	lines, err := d.shown(ctx, who, rows, "work-list")
	return lines, len(ids), err
}

// familyFirst puts the last word of a name first.
func familyFirst(name string) string {
	all := strings.Fields(name)
	if len(all) == 0 {
		return "" // forgotten
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
