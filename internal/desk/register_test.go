package desk_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/casework"
	"countersign/internal/demo"
	"countersign/internal/desk"
	"countersign/internal/desk/desktest"
	"countersign/internal/person"
	"countersign/internal/store"
	"countersign/internal/words"
)

const dashboardSpan = 365 * 24 * time.Hour

// dashboards are what the desk keeps of all cases, and what their acts say.
func dashboards(t *testing.T, w *desktest.Walk, a *demo.Authority) (kept, folded *desk.Dashboard) {
	t.Helper()
	w.World.Clock.Advance(desk.DashboardAge)
	who := a.As("statistician")
	kept, err := a.Desk.Dashboard(t.Context(), who, dashboardSpan)
	if err != nil {
		t.Fatal(err)
	}
	if folded, err = a.Desk.DashboardOfActs(t.Context(), who, dashboardSpan); err != nil {
		t.Fatal(err)
	}
	if again, err := a.Desk.Dashboard(t.Context(), who, dashboardSpan); err != nil || again != kept {
		t.Error("what was just counted is counted again", err)
	}
	return kept, folded
}

// A return from request to handover: at each step the dashboards of both nodes count what the acts say, receipts
// included, without folding a case again.
func TestDashboardsFollowTheActs(t *testing.T) {
	w := desktest.Open(t, 31)
	steps := []func() *desktest.Walk{w.Request, w.Push, w.Agree, w.Push, w.Document, w.Seat, w.Announce, w.Push, w.HandOver, w.Push}
	for i, step := range steps {
		step()
		for _, a := range []*demo.Authority{w.World.GB, w.World.AL} {
			if kept, folded := dashboards(t, w, a); !reflect.DeepEqual(kept, folded) {
				t.Errorf("step %d, %s:\nkept   %+v\nfolded %+v", i, a.Authority, kept, folded)
			}
		}
	}
	if kept, _ := dashboards(t, w, w.World.GB); len(kept.Replies) == 0 || kept.Documents.Unused+kept.Cancellations.Booked == 0 {
		t.Errorf("nothing was counted: %+v", kept)
	}
}

// The comparison above can fail: a register that misses what was written is found.
func TestOverlookedCaseIsFound(t *testing.T) {
	w := desktest.Open(t, 32)
	w.Request()
	w.Push()
	dashboards(t, w, w.World.GB)
	w.World.GB.Desk.Overlook()
	w.Agree()
	w.Push()
	if kept, folded := dashboards(t, w, w.World.GB); reflect.DeepEqual(kept, folded) {
		t.Error("nobody notices that the register stands still")
	}
}

// Figures of a case that no act bears out are found by a rebuild, and mended by it.
func TestRebuildFindsOtherFigures(t *testing.T) {
	w := desktest.Open(t, 33)
	w.Request()
	w.Push()
	gb := w.World.GB.Desk
	row, _, err := store.FindCase(gb.Store, w.ID)
	if err != nil {
		t.Fatal(err)
	}
	for i, expected := range []int{0, 2, 2, 0} {
		if i == 1 {
			if err := gb.Measure(t.Context(), w.ID, row.Subject); err != nil {
				t.Fatal(err)
			}
		}
		found, err := gb.Rebuild(t.Context(), i == 2)
		if err != nil || len(found) != expected {
			t.Errorf("%d: %d differences, not %d: %v (%v)", i, len(found), expected, found, err)
		}
	}
	if kept, folded := dashboards(t, w, w.World.GB); !reflect.DeepEqual(kept, folded) {
		t.Errorf("after the rebuild:\n%+v\n%+v", kept, folded)
	}
}

// byName reads a list page by page.
func byName(t *testing.T, a *demo.Authority, f store.CaseFilter, lang words.Lang, down bool) (names []string) {
	t.Helper()
	f.Limit = 7
	for {
		lines, total, err := a.Desk.CasesByName(t.Context(), a.As("supervisor"), f, lang, down)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range lines {
			names = append(names, l.Name)
		}
		if f.Offset += f.Limit; f.Offset >= total {
			if len(names) != total {
				t.Errorf("%d lines on the pages, and %d in all", len(names), total)
			}
			return names
		}
	}
}

// A list of any length comes in the order of the language's dictionary, page by page; a corrected name moves, and
// a forgotten person comes last.
func TestCasesByName(t *testing.T) {
	w := desktest.World(t, 34)
	families := []string{"Çela", "Cela", "Dhima", "Duka", "Ëngjëlli", "Egro", "Gjoka", "Gurra", "Llaci", "Luka", "Njazi", "Nano", "Rrapi", "Rama", "Shehu", "Sula",
		"Thaçi", "Toska", "Xhafa", "Xega", "Zhuri", "Zeneli"}
	var ids []act.ID
	for i, f := range families {
		opening := desktest.Opening()
		opening.Person.Names = []person.Name{{Given: "Agim" + string(rune(97+i)), Family: f}}
		id, err := w.GB.Desk.OpenCase(t.Context(), w.GB.As("caseworker"), opening)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
		if i == 9 {
			byName(t, w.GB, store.CaseFilter{}, words.Albanian, false) // the register is filled, and then goes on
		}
	}
	check := func(f store.CaseFilter, last int) {
		t.Helper()
		for _, lang := range []words.Lang{words.English, words.Albanian} {
			all, _, err := w.GB.Desk.Cases(t.Context(), w.GB.As("supervisor"), store.CaseFilter{Open: f.Open, Limit: 1000})
			if err != nil {
				t.Fatal(err)
			}
			var want []string
			for _, l := range all {
				want = append(want, l.Name)
			}
			words.Sort(lang, want, func(s string) string { return desk.FamilyFirst(s) })
			want = append(want[last:], want[:last]...) // no name sorts first, and comes last
			for _, down := range []bool{false, true} {
				if got := byName(t, w.GB, f, lang, down); !slices.Equal(got, want) {
					t.Errorf("%s, down %v:\n%q\n%q", lang, down, got, want)
				}
				slices.Reverse(want)
			}
		}
	}
	check(store.CaseFilter{}, 0)
	if _, err := w.GB.Desk.Case(t.Context(), w.GB.As("senior-caseworker"), ids[3], casework.CloseCase{Reason: "other"}); err != nil {
		t.Fatal(err)
	}
	check(store.CaseFilter{Open: true}, 0)
	p := desktest.Opening().Person
	p.Names = []person.Name{{Given: "Agima", Family: "Zyla"}}
	if _, err := w.GB.Desk.Case(t.Context(), w.GB.As("caseworker"), ids[0], casework.CorrectPerson{PersonChange: domestic.PersonChange{Person: p, Fields: []string{"name"}, Reason: casework.ChangeReasons[0]}}); err != nil {
		t.Fatal(err)
	}
	check(store.CaseFilter{}, 0)
	row, _, err := store.FindCase(w.GB.Desk.Store, ids[5])
	if err != nil {
		t.Fatal(err)
	}
	if err := w.GB.Desk.Store.Write(t.Context(), func(tx *store.Tx) error { return tx.DestroyKey(row.Subject) }); err != nil {
		t.Fatal(err)
	}
	w.GB.Desk.Vault.Drop(string(row.Subject))
	check(store.CaseFilter{}, 1)
}

// Somebody whose names are both common is found among many, however the marks are typed; a search that fits too many
// shows the first ones.
func TestSearchAmongMany(t *testing.T) {
	w := desktest.World(t, 35)
	who := w.GB.As("caseworker")
	for i := range 2*desk.FindCap + 1 {
		opening := desktest.Opening()
		opening.Person.Names = []person.Name{{Given: "Agim", Family: "Hoxha"}}
		switch {
		case i == desk.FindCap:
			opening.Person.Names = []person.Name{{Given: "Agim", Family: "Çela"}, {Given: "Gëzim", Family: "Hoxha", Kind: "alias"}}
		case i > desk.FindCap:
			opening.Person.Names[0] = person.Name{Given: "Ilir", Family: "Çela"}
		}
		if _, err := w.GB.Desk.OpenCase(t.Context(), who, opening); err != nil {
			t.Fatal(err)
		}
	}
	for name, n := range map[string]int{"agim cela": 1, "ÇELA Agim": 1, "gezim": 1, "Agim": desk.FindCap, "çela": desk.FindCap, "Agim Nobody": 0} {
		found, err := w.GB.Desk.FindPeople(t.Context(), who, desk.Search{Name: name})
		if err != nil || len(found) != n {
			t.Errorf("%q: %d found, not %d (%v)", name, len(found), n, err)
		}
	}
}
