package demo

import (
	"cmp"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/joint"
	"countersign/internal/taskforce"
)

// forceOnPage gives a command of the task force by the page that the node has for it, and returns what it is about.
func (f *force) forceOnPage(a *Authority, officer act.ID, c taskforce.Command) (act.ID, error) {
	v, err := f.browserOf(a, officer)
	if err != nil {
		return "", err
	}
	path, query := "/task-force/act/"+forceForm(c), forceQuery(c)
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	answers, err := f.forceAnswers(a, c)
	if err != nil {
		return "", err
	}
	page, err := v.Fill(path, "force-act", answers)
	if err != nil {
		return "", err
	}
	parts := strings.Split(page.Path, "/")
	if len(parts) < 3 || parts[1] != "task-force" || parts[2] == "act" {
		return "", fmt.Errorf("%s ended on %s: %s", path, page.Path, page.Words())
	}
	return act.ID(parts[len(parts)-1]), nil
}

// forceForm is the name of the form: an amendment has one of its own, and a message goes out of the form for drafts.
func forceForm(c taskforce.Command) string {
	switch c := c.(type) {
	case taskforce.ChangeMeasure:
		if c.Change == "amend" {
			return "amend-measure"
		}
	case taskforce.SendMessage:
		if c.ID == "" {
			return "draft-message"
		}
	}
	return taskforce.Name(c)
}

// forceQuery is what the links to the forms say they are about.
func forceQuery(c taskforce.Command) url.Values {
	v := url.Values{}
	set := func(id, about act.ID) { put(v, map[string]string{"id": string(id), "about": string(about)}) }
	switch c := c.(type) {
	case taskforce.AcceptMeasure:
		set(c.ID, c.Proposal)
	case taskforce.WithdrawMeasure:
		set(c.ID, c.Proposal)
	case taskforce.ChangeMeasure:
		set(c.ID, "")
	case taskforce.AccountMeasure:
		set(c.ID, "")
	case taskforce.ProposeMinutes:
		set(c.ID, "")
	case taskforce.AgreeMinutes:
		set(c.ID, c.Proposal)
	case taskforce.CompleteTask:
		set(c.ID, "")
	case taskforce.NoteCrossing:
		set(c.Case, "")
		put(v, map[string]string{"family": c.Family, "first": string(c.Acts[0]), "second": string(c.Acts[1])})
	case taskforce.NominateOfficer:
		set(c.ID, "")
	case taskforce.VetOfficer:
		set(c.ID, "")
	case taskforce.ConsentToPosting:
		set(c.ID, "")
	case taskforce.AccreditOfficer:
		set(c.ID, "")
	case taskforce.RecordTraining:
		set(c.ID, "")
	case taskforce.AcceptRules:
		set(c.ID, "")
	case taskforce.ReportPosting:
		set(c.ID, "")
	}
	return v
}

// forceAnswers are a command as its form asks for it.
func (f *force) forceAnswers(a *Authority, c taskforce.Command) (url.Values, error) {
	v := url.Values{}
	switch c := c.(type) {
	case taskforce.ProposeMeasure:
		termsAnswers(a, v, c.Terms)
	case taskforce.ChangeMeasure:
		termsAnswers(a, v, *c.Terms)
		putDay(v, "change-from", c.From)
		putBoth(v, "reason", c.Reason)
	case taskforce.AccountMeasure:
		putDay(v, "from", c.Account.From)
		putDay(v, "until", c.Account.Until)
		putBoth(v, "summary", c.Account.Summary)
		for _, r := range c.Account.Results {
			v.Set("result-"+r.Code, strconv.FormatInt(r.Value, 10))
		}
	case taskforce.CallMeeting:
		meetingAnswers(a, v, c.Call)
	case taskforce.ProposeMinutes:
		minutesAnswers(v, c.Minutes)
	case taskforce.CompleteTask:
		e := c.Evidence[0]
		put(v, map[string]string{"evidence-kind": e.Kind, "reference": e.Ref, "digest": e.SHA256})
		putBoth(v, "note", e.Note)
	case taskforce.SendMessage:
		m := c.Message
		put(v, map[string]string{"caveat": m.Caveat, "subject": m.Subject, "text": m.Text, "person": yes(m.Person), "briefing": yes(m.Briefing), "onward": yes(m.Onward), "days": "30"})
		for _, to := range m.To {
			v.Add("to", string(to))
		}
	case taskforce.AcceptMeasure, taskforce.WithdrawMeasure, taskforce.AgreeMinutes, taskforce.NoteCrossing:
	default:
		return v, postingAnswers(v, c)
	}
	return v, nil
}

func postingAnswers(v url.Values, c taskforce.Command) error {
	switch c := c.(type) {
	case taskforce.OpenPosting:
		putBoth(v, "title", c.Terms.Title)
		put(v, map[string]string{"host": c.Terms.Host, "mandate": string(c.Terms.Mandate)})
		v["powers"] = c.Terms.Powers
		putDay(v, "from", c.Terms.From)
		putDay(v, "until", c.Terms.Until)
	case taskforce.NominateOfficer:
		v.Set("officer", string(c.Nominee.Officer))
		putDay(v, "consented", c.Nominee.Consented)
	case taskforce.VetOfficer:
		v.Set("passed", yes(c.Passed))
	case taskforce.ConsentToPosting:
		v.Set("given", yes(c.Given))
	case taskforce.AccreditOfficer:
		v.Set("supervisor", string(c.Accreditation.Supervisor))
		v["powers"] = c.Accreditation.Powers
		putDay(v, "from", c.Accreditation.From)
		putDay(v, "until", c.Accreditation.Until)
	case taskforce.RecordTraining:
		v.Set("course", c.Training.Course)
		putDay(v, "date", c.Training.Date)
	case taskforce.ReportPosting:
		putDay(v, "from", c.Report.From)
		putDay(v, "until", c.Report.Until)
		putBoth(v, "summary", c.Report.Summary)
		for _, x := range c.Report.Activities {
			v.Set("activity-"+x.Code, strconv.FormatInt(x.Count, 10))
		}
	case taskforce.AcceptRules:
	default:
		return fmt.Errorf("the story does not know the form of %s", taskforce.Name(c))
	}
	return nil
}

// termsAnswers are the terms of a measure. Each side names its own owner first.
func termsAnswers(a *Authority, v url.Values, t joint.MeasureTerms) {
	v.Set("kind", t.Kind)
	putBoth(v, "title", t.Title)
	putBoth(v, "objective", t.Objective)
	putBoth(v, "resources", t.Resources)
	putDay(v, "from", t.From)
	putDay(v, "until", t.Until)
	if len(t.Places) > 0 {
		v["places"] = t.Places
	}
	for _, o := range t.Owners {
		v.Set(map[bool]string{true: "owner-own", false: "owner-peer"}[o.Authority == a.Authority], string(o.Officer))
	}
	for i, b := range t.Basis {
		v.Set(row("article", i), b.Article)
	}
	for i, x := range t.Indicators {
		n := strconv.Itoa(i + 1)
		put(v, map[string]string{"indicator-" + n: x.Code, "target-" + n: strconv.FormatInt(x.Target, 10)})
	}
	for i, r := range t.Risks {
		v.Set(row("right", i), r.Right)
		putBoth(v, row("risk", i), r.Risk)
		putBoth(v, row("mitigation", i), r.Mitigation)
	}
}

// row is the name of a question that is asked once for each line of a list; the first has the name alone.
func row(name string, i int) string {
	if i == 0 {
		return name
	}
	return name + "-" + strconv.Itoa(i+1)
}

func meetingAnswers(a *Authority, v url.Values, m joint.MeetingCall) {
	putBoth(v, "title", m.Title)
	putBoth(v, "place-text", m.Place)
	for i, x := range m.Agenda {
		putBoth(v, "agenda-"+strconv.Itoa(i+1), x)
	}
	zone := a.Desk.Law.Location()
	for name, t := range map[string]time.Time{"starts": m.Starts, "ends": m.Ends} {
		putDay(v, name+"-date", t.In(zone).Format(time.DateOnly))
		v.Set(name+"-clock", t.In(zone).Format("15:04"))
	}
}

func minutesAnswers(v url.Values, m joint.Minutes) {
	for i, x := range m.Items {
		putBoth(v, "item-"+strconv.Itoa(i+1), x)
	}
	for i, d := range m.Decisions {
		putBoth(v, "decision-"+strconv.Itoa(i+1), d.Text)
	}
	for i, x := range m.Actions {
		n := strconv.Itoa(i + 1)
		putBoth(v, "action-"+n, x.Title)
		v.Set("action-owner-"+n, x.Owner)
		putDay(v, "action-due-"+n, x.Due)
	}
}

// putBoth answers a question that is asked in both languages.
func putBoth(v url.Values, name string, t joint.Text) {
	v.Set(name+"-en", t.EN)
	v.Set(name+"-sq", t.SQ)
}

// putDay answers a question for a whole day.
func putDay(v url.Values, name, day string) {
	parts := strings.Split(day, "-")
	for i, part := range []string{"-year", "-month", "-day"} {
		v.Set(name+part, strings.TrimPrefix(parts[i], "0"))
	}
}

// newest is the last proposal about a measure or a meeting, as the officers' own node holds it.
func (f *force) newest(a *Authority, about act.ID) act.ID {
	if f.err != nil {
		return ""
	}
	s := f.state(a)
	var all []*taskforce.Proposal
	if m := s.Measures[about]; m != nil {
		all = m.Proposals
	}
	if m := s.Meetings[about]; m != nil {
		all = m.Minutes
	}
	var last *taskforce.Proposal
	for _, p := range all {
		if p.By == a.Authority && (last == nil || cmp.Compare(last.Made.UnixNano(), p.Made.UnixNano()) < 0) {
			last = p
		}
	}
	if last == nil {
		return ""
	}
	return last.ID
}
