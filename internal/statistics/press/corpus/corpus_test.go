package corpus

import (
	"testing"

	"countersign/internal/statistics/official"
	"countersign/internal/statistics/press"
)

func library() press.Library {
	l := press.Library{press.FromOrigin{}}
	for _, e := range official.Editions {
		l = append(l, press.FromTable{Published: e})
	}
	return l
}

// At least 0.95 of the numbers are found, none is passed over in silence, and none passes by a reading that
// a person does not share.
func TestSets(t *testing.T) {
	for _, name := range Sets {
		set, err := Set(name)
		if err != nil {
			t.Fatal(name, err)
		}
		s, err := Measure(set, library())
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range s.Notes {
			t.Log(n)
		}
		t.Logf("%s: %d texts, %d numbers: %d found, %d extra; %d of %d readable ones read alike, %d misread; %d pass, %d of them falsely", name, s.Texts, s.Labels, s.Found, s.Extra, s.Read, s.Readable, s.Misread, s.Passed, s.False)
		if s.Texts < 40 || s.Found*100 < s.Labels*95 || s.False > 0 || s.Silent > 0 || s.Passed == 0 {
			t.Errorf("%s: %+v", name, s)
		}
	}
}

// A reading that a person does not share is counted, and a number that is not found: the measure is not blind.
func TestMeasureSees(t *testing.T) {
	set := []Text{{Lang: press.English, Edition: official.Editions[3], Plain: "In 2022 there were 964 enforced returns of Albanians.",
		Labels: []Label{{From: 19, To: 22, Claim: "voluntary | of albania | 2022"}, {From: 0, To: 2, Claim: ""}}}}
	s, err := Measure(set, library())
	if err != nil {
		t.Fatal(err)
	}
	if s.Found != 1 || s.Labels != 2 || s.Misread != 1 || s.Passed != 1 || s.False != 1 || s.Silent != 0 {
		t.Errorf("%+v", s)
	}
}
