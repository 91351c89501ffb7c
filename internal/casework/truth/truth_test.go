package truth

import (
	"os"
	"testing"

	"countersign/internal/treaty"
)

// The gates and the hand-written law agree on every cell of the quick table; the evidence command runs the whole.
func TestTruthTable(t *testing.T) {
	law, err := treaty.LoadLaw(os.DirFS("../../../laws"), "gb")
	if err != nil {
		t.Fatal(err)
	}
	r := Check(law, true)
	t.Logf("%d rows, %d cells, %d open", r.Rows, r.Cells, r.Open)
	for _, w := range r.Wrong {
		t.Error(w)
	}
	if r.Disagreements > 0 || r.Open == 0 {
		t.Errorf("%d disagreements, %d open cells", r.Disagreements, r.Open)
	}
	for _, rule := range Rules() {
		if r.Used[rule] == 0 && rule != "after a restore everything is unknown" && rule != "no new request when the agreement is not in force" &&
			rule != "notification only for the willing" {
			t.Errorf("no cell shows the rule: %s", rule)
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
