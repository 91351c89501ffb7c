package web

import (
	"cmp"
	"slices"

	"countersign/internal/act"
	"countersign/internal/fault"
	"countersign/internal/taskforce"
	"countersign/internal/web/component"
)

var postingTones = map[string]component.Tone{"accredited": component.Good, "recalled": component.Bad, "not-consented": component.Bad, "nominated": component.Waiting, "consented": component.Waiting}

func (v *visit) postingStatus(p *taskforce.Posting) component.Status {
	return component.Status{Tone: cmp.Or(postingTones[p.Stage(v.today())], component.Neutral), Text: v.t("taskforce.posting." + p.Stage(v.today()))}
}

// postingsPage is the programme in both directions.
func postingsPage(v *visit) error {
	s, err := v.forceState("view-postings")
	if err != nil {
		return err
	}
	names, err := v.Desk.Names()
	if err != nil {
		return err
	}
	p := v.forcePage(v.t("taskforce.page.menu.postings"))
	all := s.Programme()
	p.part("", v.paged(p.Title, v.columnsOf("title", "direction", "officer", "period", "status", "access"), len(all), func(i int) component.WorkRow {
		x, status := all[i], v.postingStatus(all[i])
		from, until := x.Terms.From, x.Terms.Until
		if x.Accredited != nil {
			from, until = x.Accredited.From, x.Accredited.Until
		}
		access := s.AccessAt(x.ID, v.now(), v.zoneOf(x.Terms.Host))
		tone := component.Neutral
		if access.Open {
			tone = component.Good
		}
		return component.WorkRow{Cells: []component.TableCell{{HTML: link("/task-force/postings/"+string(x.ID), v.both(x.Terms.Title))}, {Text: v.t("taskforce.page.direction", "home", v.authority(x.Terms.Home), "host", v.authority(x.Terms.Host))},
			{Text: v.officer(names, nominee(x))}, {Text: v.days(from, until)}, statusCell(status.Tone, status.Text), statusCell(tone, v.t(access.Why))}}
	}))
	v.offer(p, "", "", taskforce.OpenPosting{ID: probe})
	return v.render("taskforce", p)
}

func nominee(p *taskforce.Posting) act.ID {
	if p.Nominee == nil {
		return ""
	}
	return p.Nominee.Officer
}

func postingPage(v *visit) error {
	s, err := v.forceState("view-postings")
	if err != nil {
		return err
	}
	x := s.Postings[v.id("id")]
	if x == nil {
		return fault.New(fault.Missing, "fault.taskforce.posting-unknown")
	}
	names, err := v.Desk.Names()
	if err != nil {
		return err
	}
	status, access := v.postingStatus(x), s.AccessAt(x.ID, v.now(), v.zoneOf(x.Terms.Host))
	p := v.thing("postings", v.both(x.Terms.Title), x.ID)
	p.Status, p.Intro = &status, v.t(access.Why)
	v.conflicts(p, s, x.Crossings)
	if stage := x.Stage(v.today()); stage != "ended" && stage != "recalled" {
		v.offer(p, x.ID, "", taskforce.NominateOfficer{ID: x.ID}, taskforce.VetOfficer{ID: x.ID}, taskforce.ConsentToPosting{ID: x.ID, Given: true}, taskforce.AccreditOfficer{ID: x.ID},
			taskforce.RecordTraining{ID: x.ID}, taskforce.RecallPosting{ID: x.ID})
		if x.Rules == nil {
			v.offer(p, x.ID, "", taskforce.AcceptRules{ID: x.ID})
		}
	}
	v.offer(p, x.ID, "", taskforce.ReportPosting{ID: x.ID})
	if slices.ContainsFunc(s.Programme(), func(y *taskforce.Posting) bool {
		return y.ID != x.ID && y.Terms.Post == x.Terms.Post && y.Accredited != nil && x.Handover == nil
	}) {
		v.offer(p, x.ID, "", taskforce.HandOverPost{ID: x.ID})
	}
	for _, before := range s.Programme() {
		if before.Handover != nil && before.Handover.To == x.ID && x.TakenOver == nil {
			v.offer(p, x.ID, before.ID, taskforce.TakeOverPost{ID: x.ID, From: before.ID})
		}
	}
	for _, r := range x.Reports {
		v.offer(p, x.ID, r.ID, taskforce.SeeReport{ID: x.ID, Report: r.ID})
	}
	v.postingFacts(p, s, x, names)
	v.reports(p, x)
	if known := s.Access[x.ID]; len(known) > 0 {
		table := component.Table{Head: v.heads("on", "access", "why"), Caption: v.t("taskforce.page.access"), CaptionClasses: "govuk-visually-hidden"}
		for _, a := range slices.Backward(known) {
			key := "taskforce.page.access.closed"
			if a.Open {
				key = "taskforce.page.access.opened"
			}
			table.Rows = append(table.Rows, []component.TableCell{{Text: v.moment(a.At)}, {Text: v.t(key)}, {Text: v.t(a.Why)}})
		}
		p.part(v.t("taskforce.page.access"), table)
	}
	if err := v.history(p, "view-postings", x.ID); err != nil {
		return err
	}
	return v.render("taskforce", p)
}

func (v *visit) postingFacts(p *ForcePage, s taskforce.State, x *taskforce.Posting, names map[act.ID]string) {
	var vetted, trained []string
	for _, a := range []string{x.Terms.Home, x.Terms.Host} {
		if passed, ok := x.Vetted[a]; ok {
			key := "taskforce.page.vetted.no"
			if passed {
				key = "taskforce.page.vetted.yes"
			}
			vetted = append(vetted, v.t(key, "authority", v.authority(a)))
		}
	}
	for _, t := range x.Trainings {
		trained = append(trained, v.t("taskforce.course."+t.Course))
	}
	mandate, consent, supervisor, powers, period, rules := "", "", "", v.list2("taskforce.power.", x.Terms.Powers), v.days(x.Terms.From, x.Terms.Until), ""
	if m := s.Measures[x.Terms.Mandate]; m != nil {
		mandate = v.both(m.Terms().Title)
	}
	if x.Consent != nil {
		consent = v.t(map[bool]string{true: "taskforce.yes", false: "taskforce.no"}[*x.Consent])
	}
	if x.Accredited != nil {
		supervisor, powers, period = v.officer(names, x.Accredited.Supervisor), v.list2("taskforce.power.", x.Accredited.Powers), v.days(x.Accredited.From, x.Accredited.Until)
	}
	if x.Rules != nil {
		rules = v.t("taskforce.page.rules", "version", x.Rules.Version)
	}
	p.part(v.t("taskforce.page.facts"), v.facts("direction", v.t("taskforce.page.direction", "home", v.authority(x.Terms.Home), "host", v.authority(x.Terms.Host)), "mandate", mandate, "officer", v.officer(names, nominee(x)),
		"period", period, "powers", powers, "places", v.places(slices.DeleteFunc([]string{x.Terms.Place}, func(s string) bool { return s == "" })), "vetted", v.words.List(vetted), "consent", consent, "supervisor", supervisor,
		"trainings", v.words.List(trained), "rules", rules))
}

func (v *visit) reports(p *ForcePage, x *taskforce.Posting) {
	if len(x.Reports) == 0 {
		return
	}
	table := component.Table{Head: v.heads("period", "activities", "summary", "seen"), Caption: v.t("taskforce.page.reports"), CaptionClasses: "govuk-visually-hidden"}
	for _, r := range slices.Backward(x.Reports) {
		var done []string
		for _, a := range r.Activities {
			done = append(done, v.t("taskforce.page.counted", "what", v.t("taskforce.activity."+a.Code), "count", v.words.Number(a.Count)))
		}
		seen := "taskforce.no"
		if r.Seen != "" {
			seen = "taskforce.yes"
		}
		table.Rows = append(table.Rows, []component.TableCell{{Text: v.days(r.From, r.Until)}, {Text: v.words.List(done)}, {Text: v.both(r.Summary)}, {Text: v.t(seen)}})
	}
	p.part(v.t("taskforce.page.reports"), table)
}
