package press

import (
	"countersign/internal/statistics"
)

// Published is a text that went out with its statements bound. It stays registered.
type Published struct {
	Document string
	Edition  statistics.Edition // it was checked against
	Findings []Finding
}

// Notice is a statement that a new edition makes wrong, with what a correction has to say.
type Notice struct {
	Document string
	Before   Finding
	After    Finding
}

// Binding is a number of a text that went out, with what it was bound to.
type Binding struct{ Text, Claim string }

// Rebind numbers the bindings of a text that went out anew: in order, each by its own words. A number that this
// version of the program finds besides stays unbound, and one that it no longer finds is left out.
func Rebind(d Draft, all []Binding) map[int]string {
	text := parse(d.Source, d.Format)
	if d.Lang == "" {
		d.Lang = LangOf(text.plain)
	}
	found, _, _ := statements(text, d.Lang)
	numbers, next := map[int]string{}, 0
	for _, b := range all {
		for i := next; i < len(found); i++ {
			if found[i].Text == b.Text {
				numbers[i+1], next = b.Claim, i+1
				break
			}
		}
	}
	return numbers
}

// Watch checks published statements against a new edition and returns those that no longer pass, and
// those that stand but are newly fragile. Statements that did not pass when they went out stay out.
func Watch(p Published, l Library, edition statistics.Edition) ([]Notice, error) {
	l = l.remember()
	target, err := l.At(edition.Series, edition.Published)
	if err != nil {
		return nil, err
	}
	var all []Notice
	for _, before := range p.Findings {
		if before.Claim == nil || !before.Verdict.Passes() {
			continue
		}
		after := Finding{Statement: before.Statement, Line: before.Line, Text: before.Text, Claim: before.Claim, How: before.How, Verdict: Unchecked}
		falls := before.Now != nil && before.Now.Sign() < 0
		judge(&after, l, target, falls)
		if !after.Verdict.Passes() {
			all = append(all, Notice{p.Document, before, after})
		}
	}
	return all, nil
}
