package web

import (
	"strconv"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/taskforce"
	"countersign/internal/web/form"
)

// postingActs are the questions about postings and messages.
var postingActs = map[string]func(*forceAsker) func() taskforce.Command{
	"open-posting": askPosting,
	"nominate-officer": func(q *forceAsker) func() taskforce.Command {
		officer, consented := q.officer("officer", q.Desk.Authority, "", false), q.day("consented", "")
		return func() taskforce.Command {
			return taskforce.NominateOfficer{ID: q.id, Nominee: joint.PostingNominee{Officer: officer(), Consented: consented()}}
		}
	},
	"vet-officer": func(q *forceAsker) func() taskforce.Command {
		passed := q.yes("passed")
		return func() taskforce.Command { return taskforce.VetOfficer{ID: q.id, Passed: passed()} }
	},
	"consent-to-posting": func(q *forceAsker) func() taskforce.Command {
		given := q.yes("given")
		return func() taskforce.Command { return taskforce.ConsentToPosting{ID: q.id, Given: given()} }
	},
	"accredit-officer": askAccreditation,
	"record-training": func(q *forceAsker) func() taskforce.Command {
		course, date := q.pick("course", q.options("taskforce.course.", taskforce.Courses), "", false), q.day("date", q.today())
		return func() taskforce.Command {
			return taskforce.RecordTraining{ID: q.id, Training: joint.PostingTraining{Course: course(), Date: date()}}
		}
	},
	"accept-rules": func(q *forceAsker) func() taskforce.Command {
		q.intro = q.t("taskforce.page.rules.text")
		return func() taskforce.Command { return taskforce.AcceptRules{ID: q.id, Rules: q.hostRules()} }
	},
	"recall-posting": func(q *forceAsker) func() taskforce.Command {
		p := q.state.Postings[q.id]
		if p == nil {
			return nil
		}
		reasons := []string{"recalled-by-home", "officer-asked", "nomination-withdrawn"}
		if p.Terms.Host == q.Desk.Authority {
			reasons = []string{"ended-by-host"}
		}
		reason := q.pick("recall-reason", q.options("taskforce.recall.", reasons), "", false)
		return func() taskforce.Command { return taskforce.RecallPosting{ID: q.id, Reason: reason()} }
	},
	"report-posting": askReport,
	"see-report": func(q *forceAsker) func() taskforce.Command {
		return func() taskforce.Command { return taskforce.SeeReport{ID: q.id, Report: q.about} }
	},
	"hand-over-post": askHandOver,
	"take-over-post": func(q *forceAsker) func() taskforce.Command {
		return func() taskforce.Command { return taskforce.TakeOverPost{ID: q.id, From: q.about} }
	},
	"draft-message": askMessage,
	"review-message": func(q *forceAsker) func() taskforce.Command {
		cleared, reason := q.yes("cleared"), q.line("review-reason", "", true)
		return func() taskforce.Command {
			return taskforce.ReviewMessage{ID: q.id, Cleared: cleared(), Reason: reason()}
		}
	},
	"send-message": func(q *forceAsker) func() taskforce.Command {
		return func() taskforce.Command { return taskforce.SendMessage{ID: q.id} }
	},
	"read-message": func(q *forceAsker) func() taskforce.Command {
		return func() taskforce.Command { return taskforce.ReadMessage{ID: q.id} }
	},
}

func askPosting(q *forceAsker) func() taskforce.Command {
	title, host := q.text("title", joint.Text{}), q.pick("host", q.parties(), "", false)
	mandate := q.pick("mandate", q.measures("officer-exchange"), "", true)
	powers := q.many("powers", q.options("taskforce.power.", taskforce.Powers), nil, false)
	from, until := q.day("from", ""), q.day("until", "")
	return func() taskforce.Command {
		home := q.Desk.Authority
		if host() == home {
			home = q.Desk.Peer.Authority
		}
		return taskforce.OpenPosting{Terms: joint.Posting{Host: host(), Home: home, Mandate: act.ID(mandate()), Title: title(), Powers: powers(), From: from(), Until: until()}}
	}
}

func askAccreditation(q *forceAsker) func() taskforce.Command {
	p := q.state.Postings[q.id]
	if p == nil {
		return nil
	}
	powers, supervisor := q.many("powers", q.options("taskforce.power.", p.Terms.Powers), p.Terms.Powers, false), q.officer("supervisor", q.Desk.Authority, "", false)
	from, until := q.day("from", p.Terms.From), q.day("until", p.Terms.Until)
	return func() taskforce.Command {
		return taskforce.AccreditOfficer{ID: q.id, Accreditation: joint.PostingAccreditation{Powers: powers(), Supervisor: supervisor(), From: from(), Until: until()}}
	}
}

func askReport(q *forceAsker) func() taskforce.Command {
	from, until := q.day("from", ""), q.day("until", q.today())
	var rows []func() (joint.PostingActivity, bool)
	for _, code := range taskforce.Activities {
		n := &form.Number{Base: form.Base{Name: "activity-" + code, Label: "taskforce.activity." + code, Optional: true}, Max: 100_000}
		q.add(n)
		rows = append(rows, func() (joint.PostingActivity, bool) {
			x, ok := n.Value()
			return joint.PostingActivity{Code: code, Count: int64(x)}, ok
		})
	}
	summary := q.text("summary", joint.Text{})
	return func() taskforce.Command {
		r := joint.PostingReport{From: from(), Until: until(), Summary: summary()}
		for _, row := range rows {
			if x, ok := row(); ok {
				r.Activities = append(r.Activities, x)
			}
		}
		return taskforce.ReportPosting{ID: q.id, Report: r}
	}
}

// askHandOver: all open work of the officer goes over; nothing is left behind (problems.md K11).
func askHandOver(q *forceAsker) func() taskforce.Command {
	p := q.state.Postings[q.id]
	if p == nil {
		return nil
	}
	var next []form.Option
	for _, x := range q.state.Programme() {
		if x.ID != p.ID && x.Terms.Post == p.Terms.Post && x.Accredited != nil {
			next = append(next, form.Option{Value: string(x.ID), Text: q.both(x.Terms.Title) + " " + q.days(x.Accredited.From, x.Accredited.Until)})
		}
	}
	to, note := q.pick("successor", next, "", true), q.text("note", joint.Text{})
	return func() taskforce.Command {
		h := joint.PostingHandover{To: act.ID(to()), Note: note()}
		for _, t := range q.state.OpenTasks("") {
			if t.Officer == q.who.Officer.ID {
				h.Tasks = append(h.Tasks, t.ID)
			}
		}
		return taskforce.HandOverPost{ID: q.id, Handover: h}
	}
}

// askMessage: a text that names a person or speaks of protection goes to a second officer first; the form says so.
func askMessage(q *forceAsker) func() taskforce.Command {
	q.intro = q.t("taskforce.page.message.intro")
	caveat := q.pick("caveat", q.options("taskforce.caveat.", taskforce.Caveats), "", false)
	to := q.many("to", append(q.staff(q.Desk.Peer.Authority), q.staff(q.Desk.Authority)...), nil, true)
	subject := q.line("subject", "", false)
	text := &form.Long{Base: q.base("text", false), Rows: 8}
	q.add(text)
	person, briefing, onward := q.yes("person"), q.yes("briefing"), q.yes("onward")
	days := q.pick("days", []form.Option{{Value: "1", Label: "taskforce.option.days-1"}, {Value: "7", Label: "taskforce.option.days-7"}, {Value: "30", Label: "taskforce.option.days-30"}}, "7", false)
	return func() taskforce.Command {
		n, _ := strconv.Atoi(days())
		d := domestic.MessageDraft{Caveat: caveat(), Subject: subject(), Text: text.Value, Person: person(), Briefing: briefing(), Onward: onward(), Expires: q.Desk.Clock().AddDate(0, 0, n).UTC()}
		for _, id := range to() {
			d.To = append(d.To, act.ID(id))
		}
		if taskforce.NeedsReview(d) {
			return taskforce.DraftMessage{Draft: d}
		}
		return taskforce.SendMessage{Message: d}
	}
}
