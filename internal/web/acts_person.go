package web

import (
	"slices"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/casework"
	"countersign/internal/person"
	"countersign/internal/web/form"
)

func willing(a *asker) bool {
	c := a.view.State.Consent
	return c != nil && !c.Withdrawn.Is()
}

func detained(a *asker) bool {
	d := a.view.State.Detention
	return d != nil && !d.Ended.Is()
}

func child(a *asker) bool {
	years, _ := a.view.State.Particulars.Birth.Years(person.DateOf(a.now()))
	return years < 18
}

// personActs are about the person: who it is, what the person needs and wants, family, detention.
var personActs = map[string]official{
	"correct-person": {Group: "person", Ask: correctPerson},
	"record-need": {Group: "person", Ask: func(a *asker) func() casework.Command {
		kind := a.one("need", "need", casework.NeedTypes)
		shared := a.tick("shared")
		return func() casework.Command {
			return casework.RecordNeed{Need: domestic.Need{Type: kind(), Shared: shared()}}
		}
	}},
	"end-need": {Group: "person", When: func(a *asker) bool { return len(a.view.State.Needs) > 0 }, Ask: func(a *asker) func() casework.Command {
		var have []string
		for _, n := range a.view.State.Needs {
			have = append(have, n.Type)
		}
		kind := a.one("need", "need", have)
		return func() casework.Command { return casework.EndNeed{Type: kind()} }
	}},
	"set-support": {Group: "person", Ask: func(a *asker) func() casework.Command {
		s := a.view.State.Support
		language := a.language("language", s.Language)
		interpreter := a.yes("interpreter")
		representative := a.filled("representative", s.Representative, true)
		since := a.date("represented-since", true, time.Time{}, a.now())
		return func() casework.Command {
			return casework.SetSupport{Support: domestic.Support{Language: language(), Interpreter: interpreter(), Representative: representative(), Since: since()}}
		}
	}},
	"record-consent": {Group: "person", When: func(a *asker) bool { return !willing(a) }, Ask: func(a *asker) func() casework.Command {
		at := a.past("at")
		language := a.language("language", a.view.State.Support.Language)
		read := a.line("read-by", false)
		understood := a.yes("understood")
		checked := a.one("checked", "check", casework.Checks)
		text := a.line("form-version", true)
		assistance := a.tick("assistance")
		return func() casework.Command {
			return casework.RecordConsent{Consent: domestic.Consent{At: at(), Language: language(), ReadBy: read(), Understood: understood(), Checked: checked(), Form: text(), Assistance: assistance()}}
		}
	}},
	"withdraw-consent": {Group: "person", Crosses: true, Stops: true, When: willing, Ask: func(a *asker) func() casework.Command {
		at := a.past("at")
		return func() casework.Command { return casework.WithdrawConsent{At: at()} }
	}},
	"link-family": {Group: "person", Ask: func(a *asker) func() casework.Command {
		other := a.choose("family-case", a.otherCases(), false)
		relation := a.one("relation", "relation", casework.Relations)
		return func() casework.Command {
			l := domestic.FamilyLink{Family: a.view.State.Case, Case: act.ID(other()), Relation: relation()}
			if len(a.view.State.Family) > 0 {
				l.Family = a.view.State.Family[0].Family
			}
			return casework.LinkFamily{FamilyLink: l}
		}
	}},
	"decide-separation": {Group: "person", When: func(a *asker) bool { return len(a.view.State.Family) > 0 }, Ask: func(a *asker) func() casework.Command {
		allowed := a.yes("separation")
		reason := a.line("why", false)
		return func() casework.Command {
			return casework.DecideSeparation{Separation: domestic.Separation{Allowed: allowed(), Reason: reason()}}
		}
	}},
	"decide-best-interests": {Group: "person", When: child, Ask: func(a *asker) func() casework.Command {
		back := a.yes("best-interests")
		receiver := a.line("receiver", true)
		relation := a.line("receiver-relation", true)
		reception := a.yes("reception")
		decided := a.date("decided", false, time.Time{}, a.now())
		return func() casework.Command {
			return casework.DecideBestInterests{BestInterests: domestic.BestInterests{Return: back(), Receiver: receiver(), Relation: relation(), Reception: reception(), Decided: decided()}}
		}
	}},
	"record-offender": {Group: "custody", Ask: func(a *asker) func() casework.Command {
		offender := a.yes("offender")
		ends := a.date("sentence-ends", true, time.Time{}, time.Time{})
		release := a.date("release-date", true, time.Time{}, time.Time{})
		order := a.date("deportation-order", true, time.Time{}, time.Time{})
		from := a.date("requisite-from", true, time.Time{}, time.Time{})
		until := a.date("requisite-until", true, time.Time{}, time.Time{})
		early := a.date("early-removal", true, time.Time{}, time.Time{})
		pending := a.yes("prosecution-pending")
		return func() casework.Command {
			return casework.RecordOffender{Offender: domestic.Offender{Offender: offender(), SentenceEnds: ends(), ReleaseDate: release(), DeportationOrder: order(), RequisiteFrom: from(), RequisiteUntil: until(), EarlyRemovalFrom: early(),
				Pending: pending()}}
		}
	}},
	"detain": {Group: "custody", When: func(a *asker) bool { return !detained(a) }, Ask: func(a *asker) func() casework.Command {
		power := a.line("power", false)
		ground := a.one("ground", "ground", casework.DetentionGrounds)
		imminent := a.one("imminent", "imminence", casework.Imminence)
		place := a.line("place", false)
		at := a.past("at")
		return func() casework.Command {
			return casework.Detain{Detention: domestic.Detention{Power: power(), Ground: ground(), Imminent: imminent(), Place: place(), At: at()}}
		}
	}},
	"review-detention": {Group: "custody", When: detained, Ask: func(a *asker) func() casework.Command {
		still := a.yes("still-valid")
		reason := a.line("why", false)
		next := a.date("next-review", true, a.now(), time.Time{})
		return func() casework.Command {
			return casework.ReviewDetention{DetentionReview: domestic.DetentionReview{Maintained: still(), Reason: reason(), Next: next()}}
		}
	}},
	"end-detention": {Group: "custody", When: detained, Ask: func(a *asker) func() casework.Command {
		how := a.one("how", "detention-end", casework.DetentionEnds)
		at := a.past("at")
		return func() casework.Command {
			return casework.EndDetention{DetentionEnd: domestic.DetentionEnd{How: how(), At: at()}}
		}
	}},
}

// particulars ask who the person is, filled with what is known.
func (a *asker) particulars(p person.Particulars) func() person.Particulars {
	main := p.Main()
	family := a.filled("family", main.Family, false)
	given := a.filled("given", main.Given, true)
	alias := ""
	for _, n := range p.Names {
		if n.Kind == "alias" {
			alias = n.String()
		}
	}
	also := a.filled("alias", alias, true)
	birth := &form.Date{Base: a.base("birth"), Partial: true, Latest: a.now()}
	birth.Set(p.Birth.String())
	a.add(birth)
	place := a.filled("birth-place", p.BirthPlace, true)
	country := a.country("birth-country", p.BirthCountry, true)
	sex := a.chosen("sex", p.Sex, codeOptions("sexes", person.Sexes), true)
	nationality := ""
	if len(p.Nationalities) > 0 {
		nationality = p.Nationalities[0]
	}
	national := a.country("nationality", nationality, false)
	father := a.filled("father-name", p.FatherName, true)
	mother := a.filled("mother-name", p.MotherName, true)
	residence := a.filled("last-residence", p.LastResidence, true)
	return func() person.Particulars {
		out := p
		out.Names = []person.Name{{Family: family(), Given: given()}}
		for _, n := range p.Names {
			if n != main && n.Kind != "alias" {
				out.Names = append(out.Names, n)
			}
		}
		if also() != "" {
			out.Names = append(out.Names, person.Name{Family: also(), Kind: "alias"})
		}
		out.Birth, out.BirthPlace, out.BirthCountry, out.Sex = dateOf(birth), place(), country(), sex()
		out.Nationalities = append([]string{national()}, rest(p.Nationalities)...)
		out.FatherName, out.MotherName, out.LastResidence = father(), mother(), residence()
		return out
	}
}

func rest(list []string) []string {
	if len(list) < 2 {
		return nil
	}
	return list[1:]
}

// chosen is choose with an answer that is known already.
func (a *asker) chosen(name, value string, options []form.Option, optional bool) func() string {
	read := a.choose(name, options, optional)
	switch f := a.fields[len(a.fields)-1].(type) {
	case *form.Pick:
		f.Value = value
	case *form.Choice:
		f.Value = value
	}
	return read
}

func correctPerson(a *asker) func() casework.Command {
	before := a.view.State.Particulars
	after := a.particulars(before)
	reason := a.one("reason", "change", casework.ChangeReasons)
	return func() casework.Command {
		p := after()
		return casework.CorrectPerson{PersonChange: domestic.PersonChange{Person: p, Unaccompanied: a.view.State.Unaccompanied, Fields: changed(before, p), Reason: reason()}}
	}
}

// changed names the particulars that differ.
func changed(a, b person.Particulars) []string {
	var fields []string
	add := func(differs bool, name string) {
		if differs {
			fields = append(fields, name)
		}
	}
	add(!slices.Equal(a.Names, b.Names), "names")
	add(a.Birth != b.Birth, "birth")
	add(a.BirthPlace != b.BirthPlace, "birth_place")
	add(a.BirthCountry != b.BirthCountry, "birth_country")
	add(a.Sex != b.Sex, "sex")
	add(!slices.Equal(a.Nationalities, b.Nationalities), "nationalities")
	add(a.FatherName != b.FatherName, "father_name")
	add(a.MotherName != b.MotherName, "mother_name")
	add(a.LastResidence != b.LastResidence, "last_residence")
	return fields
}
