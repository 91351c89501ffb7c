package desk

import (
	"cmp"
	"context"
	"slices"
	"time"

	"countersign/internal/access"
	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/store"
)

// viewExport is the look at people whose data left in a file.
const viewExport = "export"

// ExportWeeks is how many weeks are counted, the running one included.
const ExportWeeks = 4

// Exported is how many files with people in them one officer took out, by week, the running week first. Local
// spreadsheets are what the pages are to replace (facts/problems.md, P9): the number is to fall.
type Exported struct {
	Officer act.ID
	Files   [ExportWeeks]int
	People  int64 // in the files of the running week, each time they were in one
}

// settleLook counts a look that took data out.
func (t *turn) settleLook(e act.Event) error {
	b, ok := e.Body.(*domestic.Consultation)
	if !ok || b.View != viewExport {
		return nil
	}
	return t.tx.PutExport(store.ExportRow{Act: e.ID, Officer: e.Officer.ID, At: e.Recorded, People: int64(len(b.People))})
}

// Exports counts the files taken out in the last weeks, for those who watch over looks. Weeks begin on Monday in the
// authority's own zone.
func (d *Desk) Exports(_ context.Context, who Session) ([]Exported, error) {
	if err := d.allow(who, "view-consultations", access.Resource{Type: "case"}); err != nil {
		return nil, err
	}
	now := d.Clock().In(d.Law.Location())
	monday := time.Date(now.Year(), now.Month(), now.Day()-(int(now.Weekday())+6)%7, 0, 0, 0, 0, now.Location())
	rows, err := store.ExportsSince(d.Store, monday.AddDate(0, 0, -7*(ExportWeeks-1)))
	if err != nil {
		return nil, err
	}
	by := map[act.ID]*Exported{}
	for _, r := range rows {
		x := by[r.Officer]
		if x == nil {
			x = &Exported{Officer: r.Officer}
			by[r.Officer] = x
		}
		week := 0
		for r.At.Before(monday.AddDate(0, 0, -7*week)) {
			week++
		}
		x.Files[week]++
		if week == 0 {
			x.People += r.People
		}
	}
	all := make([]Exported, 0, len(by))
	for _, x := range by {
		all = append(all, *x)
	}
	slices.SortFunc(all, func(a, b Exported) int {
		return cmp.Or(slices.Compare(b.Files[:], a.Files[:]), cmp.Compare(a.Officer, b.Officer))
	})
	return all, nil
}
