package web_test

import (
	"bytes"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/casework"
	"countersign/internal/desk"
	"countersign/internal/person"
	"countersign/internal/store"
	"countersign/internal/words"
)

var firstCell = regexp.MustCompile(`<th scope="row"[^>]*><a class="govuk-link" href="/cases/[^"]*">([^<]*)</a>`)

// Names are sealed one by one in the database and still come in the order of the language: Ç after C, Ë after E.
func TestListIsSortedByName(t *testing.T) {
	w := newWorld(t)
	for i, family := range []string{"Zeka", "Çela", "Eca", "Cura", "Ënda", "Dhima", "Dani"} {
		w.open(family, invented("Arben", family, person.On(1980+i, 1, 2)), casework.Readmission)
	}
	names := func(v *visitor, path string) (all []string) {
		for _, m := range firstCell.FindAllStringSubmatch(v.page(path), -1) {
			all = append(all, m[1])
		}
		return all
	}
	want := []string{"Arben Cura", "Arben Çela", "Arben Dani", "Arben Dhima", "Arben Eca", "Arben Ënda", "Arben Zeka"}
	v := w.as(t, w.GB, "supervisor", words.Albanian)
	if got := names(v, "/cases?sort=name"); !slices.Equal(got, want) {
		t.Errorf("sorted by name: %q", got)
	}
	slices.Reverse(want)
	if got := names(v, "/cases?sort=name&down=1"); !slices.Equal(got, want) {
		t.Errorf("sorted by name, turned round: %q", got)
	}
	if got := names(v, "/cases?sort=due"); slices.Equal(got, want) {
		t.Errorf("sorted by date, and yet by name: %q", got)
	}
}

// A list that an officer keeps is there in the next session, is nobody else's, stands sealed, and goes when it is told to.
func TestListIsKept(t *testing.T) {
	w := newWorld(t)
	const name = "Rastet e Çelës"
	v := w.as(t, w.GB, "supervisor", words.English)
	v.post("/cases/filter", url.Values{"name": {name}, "show": {"blocked"}, "route": {"readmission"}})
	again := w.as(t, w.GB, "supervisor", words.English)
	if body := again.page("/cases"); !strings.Contains(body, name) || !strings.Contains(body, "/cases?route=readmission&amp;show=blocked") {
		t.Errorf("the list is gone in the next session: %s", main(body))
	}
	if body := w.as(t, w.GB, "caseworker", words.English).page("/cases"); strings.Contains(body, name) {
		t.Error("somebody else has the list")
	}
	rows, err := store.TextRows(w.GB.Store(), "SELECT * FROM officer_lists")
	if err != nil || len(rows) != 1 {
		t.Errorf("%d rows (%v)", len(rows), err)
	}
	var sealed []byte
	if err := w.GB.Store().QueryRow("SELECT sealed FROM officer_lists").Scan(&sealed); err != nil || len(sealed) == 0 || bytes.Contains(sealed, []byte("Rastet")) {
		t.Errorf("the name stands in the clear (%v)", err)
	}
	again.post("/cases/filter/remove", url.Values{"name": {name}})
	if body := again.page("/cases"); strings.Contains(body, name) {
		t.Error("the list was not removed")
	}
	for i := range desk.SavedListsCap + 3 {
		again.post("/cases/filter", url.Values{"name": {"list " + strconv.Itoa(i)}, "show": {"week"}})
	}
	if body := again.page("/cases"); strings.Contains(body, ">list 0<") || !strings.Contains(body, ">list "+strconv.Itoa(desk.SavedListsCap+2)+"<") {
		t.Error("the newest lists are not the ones that are kept")
	}
}

// Each team is a queue of its own: the files of its members, in the list and in its total.
func TestTeamIsAQueue(t *testing.T) {
	w := newWorld(t)
	w.people()
	owner := w.GB.As("caseworker").Officer.ID
	if err := w.GB.Desk.ProposeRosterChange(t.Context(), w.GB.As("administrator").For("purpose.casework"), domestic.RosterProposal{Team: &domestic.Team{Name: "Luton", Members: []act.ID{owner}}}); err != nil {
		t.Fatal(err)
	}
	supervisor := w.GB.As("supervisor")
	all, err := w.GB.Desk.RosterChanges(t.Context(), supervisor)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.GB.Desk.AnswerRosterChange(t.Context(), supervisor, all[0].ID, true); err != nil {
		t.Fatal(err)
	}
	teams, err := w.GB.Desk.Queues(t.Context(), w.GB.As("caseworker"))
	if err != nil || len(teams) != 1 {
		t.Fatal(teams, err)
	}
	if outside, err := w.GB.Desk.Queues(t.Context(), w.GB.As("senior-caseworker")); err != nil || len(outside) > 1 {
		t.Error(outside, err)
	}
	w.do(w.GB, "senior-caseworker", "held", casework.Assign{Officer: w.GB.As("senior-caseworker").Officer.ID})
	v := w.as(t, w.GB, "caseworker", words.English)
	path := "/cases?show=all&owner=team-" + string(teams[0].ID)
	body := v.page(path)
	if !strings.Contains(body, "Team Luton") || !strings.Contains(body, string(w.cases["asked"])) || strings.Contains(body, string(w.cases["held"])) {
		t.Errorf("the team’s queue: %s", main(body))
	}
}
