package truth

import (
	"os"
	"testing"

	"countersign/internal/treaty"
)

// The gates and the hand-written law agree on every cell of the quick table; the evidence command runs the whole.
func TestTruthTable(t *testing.T) {
	for _, id := range []string{"gb", "al"} {
		law, err := treaty.LoadLaw(os.DirFS("../../../laws"), id)
		if err != nil {
			t.Fatal(err)
		}
		r := Check(law, true)
		t.Logf("%s: %d rows, %d cells, %d open", id, r.Rows, r.Cells, r.Open)
		for _, w := range r.Wrong {
			t.Error(w)
		}
		if r.Disagreements > 0 || r.Open == 0 {
			t.Errorf("%s: %d disagreements, %d open cells", id, r.Disagreements, r.Open)
		}
		for _, rule := range Rules(id, true) {
			if r.Used[rule] == 0 {
				t.Errorf("%s: no cell shows the rule: %s", id, rule)
			}
		}
	}
}

// The table has to be able to fail: a profile that forgets the margin of the travel document is caught.
func TestTruthTableCatches(t *testing.T) {
	for name, spoil := range map[string]func(*treaty.Law){
		"margin": func(l *treaty.Law) { l.MarginDays = 0 },
	} {
		law, err := treaty.LoadLaw(os.DirFS("../../../laws"), "gb")
		if err != nil {
			t.Fatal(err)
		}
		spoil(law)
		if r := Check(law, true); r.Disagreements == 0 {
			t.Errorf("%s: the table noticed nothing", name)
		}
	}
}
