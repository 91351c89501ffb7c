package console

import (
	"slices"

	"countersign/internal/act"
	"countersign/internal/border"
	"countersign/internal/border/criteria"
	"countersign/internal/words"
)

// reasons is a check on the officer's own view, away from the traveller: every finding with its certainty, legal
// basis and what would satisfy it.
type reasons struct {
	ID       act.ID
	Answer   border.Answer
	Document []string // lines of the zone
	Decision string
	Referred bool
	result   *border.Result
	words    *words.Catalogue
}

// officer is the second view: the newest check, or one of those before it.
func (l *Lane) officer(id act.ID) *page {
	p := &page{Officer: true}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, old := range slices.Backward(l.order) {
		if id == "" {
			id = old
		}
		if len(p.Last) < 8 {
			p.Last = append(p.Last, l.shown(l.checks[old]))
		}
	}
	if c := l.checks[id]; c != nil {
		p.Check = &reasons{ID: c.id, Answer: c.result.Answer, Decision: c.state.Decision, Referred: c.state.Referred, result: c.result}
		if c.state.Proposed != nil {
			p.Check.Decision = "refuse"
		}
		if c.document != nil {
			p.Check.Document = c.document.Lines()
		}
	}
	return p
}

// line is one finding in words.
type line struct {
	Effect, Text, Certainty, Next, Basis, Satisfied, Conflict, Rule string
	Fields                                                          [][2]string
}

// Findings are the findings that ask for something, then the rest.
func (r *reasons) Findings() []line {
	var out []line
	for i := range r.result.Findings {
		f := &r.result.Findings[i]
		n := line{Effect: r.words.Text("border.effect." + string(f.Effect)), Text: f.Say(r.words), Certainty: r.words.Text("console.certainty." + string(f.Certainty)),
			Next: r.words.Text(f.Next), Basis: f.LegalBasis, Rule: f.Rule}
		if f.Reason != nil {
			n.Satisfied = f.Satisfied[r.words.Lang]
		}
		if f.Conflict != nil {
			n.Conflict = r.words.Text("border.cli.conflict", "basis", f.Conflict.Basis, "text", f.Conflict.Text[r.words.Lang])
		}
		if f.Alert != nil {
			for _, e := range f.Alert.Fields {
				n.Fields = append(n.Fields, [2]string{r.words.Text("border.field." + e.Field), r.words.Text("border.level." + e.Level)})
			}
		}
		out = append(out, n)
	}
	return out
}

// rule is one that can support a refusal, if an officer decides so.
type rule struct{ ID, Text string }

// Grounds are the rules that can support a refusal.
func (r *reasons) Grounds() []rule {
	var out []rule
	for i := range r.result.Findings {
		if f := &r.result.Findings[i]; f.Effect == criteria.MayRefuse {
			out = append(out, rule{f.Rule, f.Reason[r.words.Lang]})
		}
	}
	return out
}

// Questions are the facts that nobody knows yet and that the officer can ask for or see.
func (r *reasons) Questions() []rule {
	var out []rule
	seen := map[string]bool{}
	for _, e := range r.result.Evaluations() {
		if e.State != criteria.NotKnown {
			continue
		}
		for _, fact := range e.Absent {
			if seen[fact] || criteria.Vocabulary[fact] != criteria.Truth || !r.words.Has("console.fact."+fact) {
				continue
			}
			seen[fact] = true
			out = append(out, rule{fact, r.words.Text("console.fact." + fact)})
		}
	}
	return out
}

// Open tells whether the officer can still decide.
func (r *reasons) Open() bool {
	return !r.Referred && r.Decision != "allow" && r.Decision != "refuse"
}

// Referrals are those who protect.
func (p *page) Referrals() []string {
	return []string{"protection", "trafficking-victims", "child-protection", "medical"}
}
