package web

import (
	"slices"

	"countersign/internal/act/domestic"
	"countersign/internal/border/criteria"
	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/internal/web/form"
)

// checkForms are what an officer may still do about one check.
type checkForms struct {
	answers, allow, second, refuse, confirm, review, refer, other *BorderForm

	facts                    map[string]*form.Choice
	rule, language, outcome  *form.Pick
	reasons, proportionality [2]*form.Long
	given                    *form.Choices
	why, looked              *form.Long
	to, match                *form.Pick
}

func (f *checkForms) named() map[string]*BorderForm {
	return map[string]*BorderForm{"answers": f.answers, "allow": f.allow, "second-line": f.second, "refuse": f.refuse, "confirm": f.confirm, "review": f.review, "refer": f.refer, "other": f.other}
}

func (f *checkForms) shown() []*BorderForm {
	return slices.DeleteFunc([]*BorderForm{f.confirm, f.answers, f.allow, f.second, f.other, f.refuse, f.refer, f.review}, func(b *BorderForm) bool { return b == nil })
}

// checkForms offers what is open: a decision on a check whose traveller the node holds, a second officer's word on a
// proposal, a review of what was decided, and the way to those who protect.
func (v *visit) checkForms(b *desk.Border, d *desk.Decided) *checkForms {
	f := &checkForms{facts: map[string]*form.Choice{}}
	path := "/border/checks/" + string(d.ID) + "/"
	open := !d.State.Referred && d.State.Decision != "allow" && d.State.Decision != "refuse"
	decides, reviews := b.MayDo(v.who, "decide-check"), b.MayDo(v.who, "review-refusal")
	if d.Check != nil && open && decides && d.State.Proposed == nil {
		v.decideForms(f, d.Check, path)
	}
	if open && b.MayDo(v.who, "record-finding") {
		f.to = &form.Pick{Base: form.Base{Name: "to", Label: "console.refer.to"}, Options: keyed("console.refer.", []string{"protection", "trafficking-victims", "child-protection", "medical"})}
		f.refer = v.newBorderForm("page.border.refer", path+"refer", f.to)
	}
	if d.State.Proposed != nil && reviews {
		f.given = &form.Choices{Base: form.Base{Name: "given", Label: "page.border.given", Missing: "page.border.given.missing"}, Options: keyed("page.border.given.", []string{"copy", "complaint"})}
		f.confirm = v.newBorderForm("page.border.confirm", path+"confirm", f.given)
		f.confirm.Warning = true
	}
	if reviews && (d.State.Decision == "refuse" || d.State.Decision == "allow" || d.State.Decision == "second-line" && d.State.Proposed == nil) {
		f.outcome = &form.Pick{Base: form.Base{Name: "outcome", Label: "page.border.review.outcome"}, Options: keyed("page.border.review.", []string{"upheld", "corrected", "withdrawn"})}
		f.why = &form.Long{Base: form.Base{Name: "why", Label: "page.border.review.why"}, Rows: 3}
		f.review = v.newBorderForm("page.border.review", path+"review", f.outcome, f.why)
	}
	return f
}

func (v *visit) decideForms(f *checkForms, c *desk.BorderCheck, path string) {
	var asked []form.Field
	for _, e := range c.Result.Evaluations() {
		for _, fact := range e.Absent {
			if e.State != criteria.NotKnown || f.facts[fact] != nil || criteria.Vocabulary[fact] != criteria.Truth || !v.words.Has("console.fact."+fact) {
				continue
			}
			f.facts[fact] = &form.Choice{Base: form.Base{Name: "fact-" + fact, Label: "console.fact." + fact, Optional: true, Unmarked: true}, Inline: true,
				Options: []form.Option{{Value: "yes", Label: "console.yes"}, {Value: "no", Label: "console.no"}}}
			asked = append(asked, f.facts[fact])
		}
	}
	if len(asked) > 0 {
		f.answers = v.newBorderForm("page.border.answers", path+"answers", asked...)
	}
	f.allow = v.newBorderForm("page.border.allow", path+"allow")
	if c.State.Decision == "" {
		f.second = v.newBorderForm("page.border.send", path+"second-line")
	}
	var grounds, matches []form.Option
	for i := range c.Result.Findings {
		x := &c.Result.Findings[i]
		if x.Effect == criteria.MayRefuse {
			grounds = append(grounds, form.Option{Value: x.Rule, Text: x.Reason[v.words.Lang]})
		}
		if x.Alert != nil && !x.Alert.Before {
			matches = append(matches, form.Option{Value: x.Alert.List + " " + x.Alert.Ref, Text: x.Alert.List + ", " + x.Alert.Ref})
		}
	}
	if len(matches) > 0 {
		f.match = &form.Pick{Base: form.Base{Name: "match", Label: "page.border.match"}, Options: matches}
		f.looked = &form.Long{Base: form.Base{Name: "looked", Label: "page.border.match.why"}, Rows: 2}
		f.other = v.newBorderForm("page.border.other", path+"other", f.match, f.looked)
	}
	if len(grounds) == 0 {
		return
	}
	f.rule = &form.Pick{Base: form.Base{Name: "rule", Label: "console.refuse.rule"}, Options: grounds}
	f.language = &form.Pick{Base: form.Base{Name: "language", Label: "console.refuse.language"}, Value: "sq", Options: keyed("page.language.", []string{"sq", "en"})}
	for i, lang := range []string{"en", "sq"} {
		f.reasons[i] = &form.Long{Base: form.Base{Name: "reasons-" + lang, Label: "page.border.reasons." + lang}, Rows: 3}
		f.proportionality[i] = &form.Long{Base: form.Base{Name: "proportionality-" + lang, Label: "page.border.proportionality." + lang}, Rows: 3}
	}
	f.refuse = v.newBorderForm("page.border.refuse", path+"refuse", f.rule, f.reasons[0], f.reasons[1], f.proportionality[0], f.proportionality[1], f.language)
	f.refuse.Warning = true
}

// doCheck takes one of the forms; the address says which.
func doCheck(v *visit, b *desk.Border) error {
	id, what := v.id("id"), v.r.PathValue("what")
	d, err := b.ViewDecision(v.ctx(), v.who, id)
	if err != nil {
		return err
	}
	f := v.checkForms(b, d)
	one := f.named()[what]
	if one == nil {
		return fault.New(fault.Conflict, "page.fault.no-page")
	}
	return v.takeBorder(one, func(status int) error { return v.showCheck(b, status, d, f) }, func() error { return v.actOnCheck(b, d, f, what) },
		"page.border.did."+what, "/border/checks/"+string(id))
}

func (v *visit) actOnCheck(b *desk.Border, d *desk.Decided, f *checkForms, what string) error {
	switch what {
	case "answers":
		facts := map[string]any{}
		for name, c := range f.facts {
			if c.Value != "" {
				facts[name] = c.Value == "yes"
			}
		}
		_, err := b.RecordFinding(v.ctx(), v.who, d.ID, facts)
		return err
	case "allow":
		return b.Allow(v.ctx(), v.who, d.ID)
	case "second-line":
		return b.SendToSecondLine(v.ctx(), v.who, d.ID)
	case "refuse":
		texts := func(l [2]*form.Long) map[string]string { return map[string]string{"en": l[0].Value, "sq": l[1].Value} }
		return b.Refuse(v.ctx(), v.who, d.ID, f.rule.Value, domestic.BorderRefusal{Reasons: texts(f.reasons), Proportionality: texts(f.proportionality), PersonLanguage: f.language.Value})
	case "confirm":
		return b.ConfirmRefusal(v.ctx(), v.who, d.ID, slices.Contains(f.given.Values, "copy"), slices.Contains(f.given.Values, "complaint"))
	case "review":
		return b.ReviewDecision(v.ctx(), v.who, d.ID, f.outcome.Value, f.why.Value)
	case "refer":
		return b.Refer(v.ctx(), v.who, d.ID, f.to.Value)
	case "other":
		for i := range d.Check.Result.Findings {
			if x := d.Check.Result.Findings[i].Alert; x != nil && x.List+" "+x.Ref == f.match.Value {
				return b.ClearMatch(v.ctx(), v.who, d.ID, x.List, x.Ref, f.looked.Value)
			}
		}
	}
	return fault.New(fault.Missing, "page.fault.no-page")
}
