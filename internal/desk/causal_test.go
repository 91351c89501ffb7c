package desk

import (
	"slices"
	"strings"
	"testing"

	"countersign/internal/act"

	"pgregory.net/rapid"
)

func names(events []act.Event) string {
	var all []string
	for _, e := range events {
		all = append(all, string(e.ID))
	}
	return strings.Join(all, " ")
}

func mine(id string, index, seen int64) act.Event {
	return act.Event{ID: act.ID(id), Scope: act.Joint, Officer: act.Officer{Authority: "al"}, Index: index, Seen: seen}
}

func peers(id string, index int64) act.Event {
	return act.Event{ID: act.ID(id), Scope: act.Joint, Officer: act.Officer{Authority: "gb"}, Index: index}
}

// After a restore the own answers came back before the questions; they are read in the order in which they were given.
func TestAnswersStandBehindWhatTheyAnswer(t *testing.T) {
	fact := act.Event{ID: "fact", Scope: act.Domestic, Officer: act.Officer{Authority: "al"}}
	for _, c := range []struct {
		events []act.Event
		want   string
	}{
		{[]act.Event{peers("q1", 0), mine("a1", 0, 1), fact, peers("q2", 1), mine("a2", 1, 2)}, "q1 a1 fact q2 a2"},
		{[]act.Event{mine("a1", 0, 4), mine("a2", 1, 8), fact, peers("q1", 3), peers("q2", 7), peers("q3", 9)}, "fact q1 a1 q2 a2 q3"},
		{[]act.Event{peers("q1", 0), mine("a1", 0, 1), mine("a2", 1, 6), mine("a3", 2, 6), peers("q2", 5)}, "q1 a1 q2 a2 a3"},
		{[]act.Event{mine("a1", 0, 9)}, "a1"}, // what it had seen is about something else, or has not come again
	} {
		if got := names(causal(c.events, "al")); got != c.want {
			t.Errorf("%s became %s, not %s", names(c.events), got, c.want)
		}
	}
}

// However a restore has put two streams together, the order found is the one in which the acts were made.
func TestCausalOrderIsFoundAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var told, own, other []act.Event
		for i := range rapid.IntRange(1, 30).Draw(t, "acts") {
			if rapid.Bool().Draw(t, "own") {
				e := mine("a"+string(rune('A'+i)), int64(len(own)), int64(len(other)))
				told, own = append(told, e), append(own, e)
			} else {
				e := peers("q"+string(rune('A'+i)), int64(len(other)))
				told, other = append(told, e), append(other, e)
			}
		}
		// The first acts were in the backup as they were told; of the rest the own ones came back first.
		kept := rapid.IntRange(0, len(told)).Draw(t, "backup")
		restored := slices.Clone(told[:kept])
		for _, of := range [][]act.Event{own, other} {
			for _, e := range of {
				if !slices.ContainsFunc(restored[:kept], func(k act.Event) bool { return k.ID == e.ID }) {
					restored = append(restored, e)
				}
			}
		}
		got := causal(restored, "al")
		if overtaken(got, "al") {
			t.Fatalf("%s became %s", names(restored), names(got))
		}
		for _, who := range []string{"al", "gb"} {
			pick := func(events []act.Event) string {
				return names(slices.DeleteFunc(slices.Clone(events), func(e act.Event) bool { return e.Officer.Authority != who }))
			}
			if pick(got) != pick(told) {
				t.Fatalf("the acts of %s changed places: %s, %s", who, names(told), names(got))
			}
		}
	})
}
