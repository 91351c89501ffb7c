package words

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestFold(t *testing.T) {
	for _, group := range [][]string{
		{"Çelë", "cele", "ÇELË", "C\u0327ele\u0308"},
		{"Gjonaj", "GJONAJ", " gjonaj "},
		{"O’Brien", "O'Brien", "o‘brien"},
		{"Đoković", "dokovic"},
		{"Straße", "strasse"},
		{"Ali  Hoxha", "ali hoxha"},
	} {
		for _, s := range group[1:] {
			if Fold(s) != Fold(group[0]) {
				t.Errorf("%q folds to %q, %q to %q", s, Fold(s), group[0], Fold(group[0]))
			}
		}
	}
	if Fold("Hasan") == Fold("Hysen") {
		t.Error("different names fold alike")
	}
}

func TestFoldTwiceIsOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		if once := Fold(s); Fold(once) != once {
			t.Fatalf("%q: %q, then %q", s, once, Fold(once))
		}
	})
}

func TestSortAlbanian(t *testing.T) {
	want := []string{"Cani", "Çela", "Dalipi", "Dhima", "Elezi", "Ëngjëlli", "Gashi", "Gjoka", "Leka", "Lleshi",
		"Nano", "Njazi", "Rama", "Rrapi", "Sula", "Shehu", "Toska", "Thaçi", "Xega", "Xhafa", "Zeneli", "Zhuri"}
	got := slices.Clone(want)
	slices.Reverse(got)
	Sort(Albanian, got, func(s string) string { return s })
	if !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	Sort(English, got, func(s string) string { return s })
	if slices.Index(got, "Shehu") > slices.Index(got, "Sula") {
		t.Errorf("English order: %v", got)
	}
}
