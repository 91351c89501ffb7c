package simulate

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"countersign/internal/act"
	"countersign/internal/act/joint"
	"countersign/internal/taskforce"
)

// mirror folds the same acts with "al" renamed to "zl", which sorts after "gb", and compares what came of them.
// A difference means that a rule favours one side by its name: the two sides would not be equals.
func (w *world) mirror(want taskforce.State) ([]string, error) {
	s := taskforce.New("zl", "gb")
	for _, from := range w.sides {
		for i, e := range from.stream {
			renamed, err := rename(e)
			if err != nil {
				return nil, err
			}
			s = taskforce.FoldAt(s, other(from.name), int64(i), renamed)
		}
	}
	a, b := outcome(want), outcome(s)
	var diff []string
	for _, line := range a {
		if _, ok := slices.BinarySearch(b, line); !ok {
			diff = append(diff, line)
		}
	}
	if len(diff) == 0 && len(a) != len(b) {
		diff = append(diff, fmt.Sprintf("%d outcomes, mirrored %d", len(a), len(b)))
	}
	return diff, nil
}

func other(name string) string {
	if name == "al" {
		return "zl"
	}
	return name
}

func rename(e act.Event) (act.Event, error) {
	raw, err := joint.Vocabulary.Encode(e.Kind, e.Body)
	if err != nil {
		return e, err
	}
	e.Officer.Authority = other(e.Officer.Authority)
	e.Body, err = joint.Vocabulary.Decode(e.Kind, bytes.ReplaceAll(raw, []byte(`"al"`), []byte(`"zl"`)))
	return e, err
}

// outcome is what became of everything, in sorted lines without the order of crossing acts.
func outcome(s taskforce.State) []string {
	var out []string
	add := func(parts ...any) { out = append(out, strings.ReplaceAll(fmt.Sprintln(parts...), "zl", "al")) }
	proposals := func(all []*taskforce.Proposal) {
		for _, p := range all {
			add("proposal", p.ID, p.Status)
		}
	}
	for _, m := range s.Measures {
		proposals(m.Proposals)
		add("measure", m.ID, m.StatusOn("2026-06-01"), m.StatusOn("2027-06-01"), m.Base())
	}
	for _, m := range s.Meetings {
		proposals(m.Minutes)
		add("meeting", m.ID, m.Cancelled)
	}
	for _, c := range s.Commitments {
		proposals(c.Proposals)
	}
	for _, t := range s.Tasks {
		add("task", t.ID, t.Status, t.Owner, t.Due, t.Completion, t.Level)
	}
	for _, p := range s.Postings {
		add("posting", p.ID, p.Stage(""), p.Nominee, p.Vetted[p.Terms.Host], p.Vetted[p.Terms.Home])
	}
	for _, x := range s.Crossings() {
		noted := []string{}
		for _, n := range x.Noted {
			noted = append(noted, strings.ReplaceAll(n, "zl", "al"))
		}
		slices.Sort(noted)
		add("crossing", x.Acts, x.Ruling, noted)
	}
	slices.Sort(out)
	return out
}
