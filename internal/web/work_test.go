package web_test

import (
	"regexp"
	"slices"
	"testing"

	"countersign/internal/casework"
	"countersign/internal/person"
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
