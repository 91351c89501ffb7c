package synthetic

import (
	"testing"
	"time"
)

var day = time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)

func TestOneSeedOneWorld(t *testing.T) {
	a, b, other := New(4, day), New(4, day), New(5, day)
	differs := false
	for range 100 {
		p, q, r := a.Person(), b.Person(), other.Person()
		if p != q || a.Garble(&p) != b.Garble(&q) {
			t.Fatal("two worlds of one seed differ")
		}
		differs = differs || p != r
		if p.Birth.Year < 1900 || !p.Birth.Complete() || p.Given == "" || p.Surname == "" || len(p.Document.Number) != 9 {
			t.Errorf("%+v", p)
		}
	}
	if !differs {
		t.Error("the seed does not matter")
	}
}
