package border

import (
	"fmt"
	"slices"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/border/criteria"
)

// Ref is what an act of decision says about the check it rests on: the rulebooks and list versions, so that it
// can be run again, and the rules that asked for something. It names nobody.
func (r *Result) Ref(check act.ID, point string, direction criteria.Direction, measure act.ID) domestic.BorderCheckRef {
	ref := domestic.BorderCheckRef{Check: check, Point: point, Direction: string(direction), Measure: measure, Rulebooks: []string{}, Lists: []string{}}
	for i := range r.evaluations {
		e := &r.evaluations[i]
		if name := e.Book.ID + "@" + e.Book.Hash[:12]; !slices.Contains(ref.Rulebooks, name) {
			ref.Rulebooks = append(ref.Rulebooks, name)
		}
		if e.Effect.Rank() >= criteria.Ask.Rank() {
			ref.Rules = append(ref.Rules, e.Rule.ID)
		}
	}
	for _, l := range r.Lists {
		ref.Lists = append(ref.Lists, fmt.Sprintf("%s@%d", l.List, l.Version))
	}
	return ref
}

// Form begins a refusal on a rule that was found not met: what the law gives. Reasons and proportionality are
// the officer's.
func (r *Result) Form(ref domestic.BorderCheckRef, rule string) domestic.BorderRefusal {
	f := domestic.BorderRefusal{BorderCheckRef: ref, Rule: rule, Reasons: map[string]string{}, Proportionality: map[string]string{}, Remedy: map[string]string{}}
	for i := range r.evaluations {
		if e := &r.evaluations[i]; e.Rule.ID == rule {
			f.LegalBasis, f.Support = e.Rule.LegalBasis, e.Rule.Support
			for lang, text := range e.Book.Remedy.Text {
				f.Remedy[string(lang)] = text
			}
		}
	}
	return f
}
