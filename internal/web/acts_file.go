package web

import (
	"countersign/internal/act/domestic"
	"countersign/internal/casework"
	"countersign/internal/store"
	"countersign/internal/web/form"
)

// fileActs move the file: whose it is, on which route, when it ends, and how the return counts.
var fileActs = map[string]official{
	"assign": {Group: "file", Ask: func(a *asker) func() casework.Command {
		officer := a.officer("officer")
		reason := a.line("why", true)
		return func() casework.Command { return casework.Assign{Officer: officer(), Reason: reason()} }
	}},
	"recategorise": {Group: "file", Ask: func(a *asker) func() casework.Command {
		var options []form.Option
		for _, r := range casework.Routes {
			if r != a.view.State.Route {
				options = append(options, form.Option{Value: string(r), Label: "case.route." + string(r)})
			}
		}
		to := a.choose("route", options, false)
		reason := a.one("reason", "move", casework.MoveReasons)
		return func() casework.Command { return casework.Recategorise{To: casework.Route(to()), Reason: reason()} }
	}, When: func(a *asker) bool { return !asked(a) && !booked(a) }},
	"move-back": {Group: "file", Ask: func(a *asker) func() casework.Command {
		var options []form.Option
		for _, s := range casework.Steps {
			options = append(options, form.Option{Value: string(s), Label: "case.step." + string(s)})
		}
		to := a.choose("step", options, false)
		reason := a.one("reason", "move", casework.MoveReasons)
		return func() casework.Command { return casework.MoveBack{To: casework.Step(to()), Reason: reason()} }
	}},
	"review-text": {Group: "file", Second: true, Ask: func(a *asker) func() casework.Command {
		author := a.officer("author")
		text := a.text("text", false)
		return func() casework.Command { return casework.ReviewText{Author: author(), Text: text()} }
	}},
	"close-case": {Group: "file", Final: true, Ask: func(a *asker) func() casework.Command {
		reason := a.one("reason", "end", casework.EndReasons)
		return func() casework.Command { return casework.CloseCase{Reason: reason()} }
	}},
	"record-return": {Group: "count", Ask: none(casework.RecordReturn{})},
	"correct-return": {Group: "count", When: counted, Ask: func(a *asker) func() casework.Command {
		r := currentReturn(a)
		kind := a.chosen("return-type", r.Type, keyed("page.return-type.", returnTypes), false)
		departed := &form.Date{Base: a.base("departed-on"), Latest: a.now()}
		departed.Set(r.Departed)
		a.add(departed)
		nationality := a.country("nationality", r.Nationality, false)
		age := a.chosen("age-band", r.Age, keyed("page.age-band.", ageBands), false)
		sex := a.chosen("counted-sex", r.Sex, keyed("page.counted-sex.", []string{"female", "male", "unknown"}), false)
		reason := a.choose("reason", keyed("page.return-reason.", []string{"reclassified", "date", "personal-detail", "offender-flag"}), false)
		return func() casework.Command {
			r.Type, r.Departed, r.Nationality, r.Age, r.Sex = kind(), departed.Value(), nationality(), age(), sex()
			return casework.CorrectReturn{Return: r, Reason: reason()}
		}
	}},
	"retract-return": {Group: "count", Final: true, When: counted, Ask: func(a *asker) func() casework.Command {
		reason := a.choose("reason", keyed("page.return-reason.", []string{"duplicate", "did-not-depart"}), false)
		return func() casework.Command {
			return casework.RetractReturn{Record: currentReturn(a).ID, Reason: reason()}
		}
	}},
}

var (
	returnTypes = []string{"enforced-detention", "enforced-non-detained", "assisted", "controlled", "other-verified", "uk-ports", "juxtaposed"}
	ageBands    = []string{"0-17", "18-29", "30-49", "50-69", "70+", "unknown"}
)

func keyed(prefix string, values []string) []form.Option {
	var all []form.Option
	for _, x := range values {
		all = append(all, form.Option{Value: x, Label: prefix + x})
	}
	return all
}

func counted(a *asker) bool {
	r := a.view.State.Return
	return r != nil && !r.Retracted
}

// currentReturn is the return as it is counted now.
func currentReturn(a *asker) (r domestic.CountedReturn) {
	for _, e := range a.view.Events {
		switch b := e.Body.(type) {
		case *domestic.ReturnRecord:
			r = b.Return
		case *domestic.ReturnCorrection:
			r = b.Return
		}
	}
	return r
}

// otherCases are the officer's open cases, to link a family: nobody is searched for here.
func (a *asker) otherCases() []form.Option {
	lines, _, err := a.Desk.Cases(a.ctx(), a.who, store.CaseFilter{Open: true, Officer: a.view.State.Owner, Limit: 200})
	if err != nil {
		return nil
	}
	var all []form.Option
	for _, l := range lines {
		if l.ID != a.view.State.Case {
			all = append(all, form.Option{Value: string(l.ID), Text: l.Name})
		}
	}
	return all
}
