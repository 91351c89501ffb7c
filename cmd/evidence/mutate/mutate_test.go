package mutate

import (
	"go/parser"
	"go/token"
	"testing"
)

const sample = `package p

func f(a, b int, t T) (n int, s string) {
	if a == b && t.Before(t) {
		n++
	}
	switch {
	case a > 3:
		return 1, "x"
	}
	return n, s
}
`

// Every operator is used, each mutant is other text that still parses, and no two are the same.
func TestOperators(t *testing.T) {
	list, err := File("p.go", sample)
	if err != nil {
		t.Fatal(err)
	}
	used, seen := map[string]int{}, map[string]bool{sample: true}
	for _, m := range list {
		used[m.Operator]++
		if text := m.Source(); seen[text] {
			t.Errorf("%s: the same text twice", m.Name())
		} else if _, err := parser.ParseFile(token.NewFileSet(), "p.go", text, 0); err != nil {
			t.Errorf("%s: %v", m.Name(), err)
		} else {
			seen[text] = true
		}
	}
	for op, want := range map[string]int{"flip comparison": 5, "negate condition": 2, "drop case": 1, "drop statement": 2, "swap constant": 3} {
		if used[op] != want {
			t.Errorf("%s: %d, want %d", op, used[op], want)
		}
	}
}
