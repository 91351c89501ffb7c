package taskforce

import (
	"slices"

	"countersign/internal/act"
	"countersign/internal/act/joint"
)

// Activities an activity report counts: what was done, never whom it concerned.
var Activities = []string{"advice-given", "checks-observed", "interviews-observed", "documents-examined",
	"trainings-held", "meetings"}

// ReportPosting is the posted officer's activity report.
type ReportPosting struct {
	ID     act.ID
	Report joint.PostingReport
}

func (c ReportPosting) decide(s State, env Env) ([]act.Statement, error) {
	p, err := s.openTo(c.ID, env)
	if err != nil {
		return nil, err
	}
	if err := period(c.Report.From, c.Report.Until); err != nil {
		return nil, err
	}
	if c.Report.From < p.Accredited.From || c.Report.Until > min(p.Accredited.Until, env.today()) {
		return nil, invalid("fault.taskforce.report-period")
	}
	for i, a := range c.Report.Activities {
		twice := slices.ContainsFunc(c.Report.Activities[:i], func(b joint.PostingActivity) bool { return a.Code == b.Code })
		if !slices.Contains(Activities, a.Code) || twice || a.Count < 0 {
			return nil, invalid("fault.taskforce.activity", "code", a.Code)
		}
	}
	if err := check("summary", c.Report.Summary); err != nil {
		return nil, err
	}
	if Protected(c.Report.Summary.EN) || Protected(c.Report.Summary.SQ) {
		return nil, invalid("fault.taskforce.text-protected")
	}
	return one(joint.PostingReported, c.ID, &c.Report), nil
}

// SeeReport is the supervisor's receipt for an activity report.
type SeeReport struct{ ID, Report act.ID }

func (c SeeReport) decide(s State, env Env) ([]act.Statement, error) {
	p := s.Postings[c.ID]
	if p == nil || p.Accredited == nil {
		return nil, missing("fault.taskforce.posting-unknown")
	}
	if env.Us != p.Terms.Host || env.Officer.ID != p.Accredited.Supervisor {
		return nil, denied("fault.taskforce.supervisor-only")
	}
	i := slices.IndexFunc(p.Reports, func(r Report) bool { return r.ID == c.Report })
	if i < 0 || p.Reports[i].Seen != "" {
		return nil, conflict("fault.taskforce.report-seen")
	}
	return reply(joint.PostingReportSeen, c.ID, c.Report, &joint.PostingReportReceipt{Report: c.Report}), nil
}

// HandOverPost hands the post's open work to the posting that follows on the same post.
type HandOverPost struct {
	ID       act.ID
	Handover joint.PostingHandover
}

func (c HandOverPost) decide(s State, env Env) ([]act.Statement, error) {
	p, err := s.openTo(c.ID, env)
	if err != nil {
		return nil, err
	}
	next := s.Postings[c.Handover.To]
	if next == nil || next.ID == p.ID || next.Terms.Post != p.Terms.Post || next.Accredited == nil ||
		next.Recalled != nil || next.Accredited.From <= p.Accredited.Until {
		return nil, invalid("fault.taskforce.no-successor")
	}
	for _, id := range c.Handover.Tasks {
		if t := s.Tasks[id]; t == nil || !t.Live() || t.Officer != env.Officer.ID {
			return nil, invalid("fault.taskforce.handover-task")
		}
	}
	for _, t := range s.OpenTasks("") { // nothing is left behind (problems.md K11)
		if t.Officer == env.Officer.ID && !slices.Contains(c.Handover.Tasks, t.ID) {
			return nil, invalid("fault.taskforce.handover-left", "task", string(t.ID))
		}
	}
	if err := check("note", c.Handover.Note); err != nil {
		return nil, err
	}
	return one(joint.PostingHandedOver, c.ID, &c.Handover), nil
}

// TakeOverPost is the next officer's receipt for the handover.
type TakeOverPost struct{ ID, From act.ID }

func (c TakeOverPost) decide(s State, env Env) ([]act.Statement, error) {
	if _, err := s.openTo(c.ID, env); err != nil {
		return nil, err
	}
	from := s.Postings[c.From]
	if from == nil || from.Handover == nil || from.Handover.To != c.ID {
		return nil, conflict("fault.taskforce.no-handover")
	}
	if s.Postings[c.ID].TakenOver != nil {
		return nil, conflict("fault.taskforce.taken-over")
	}
	return reply(joint.PostingTakenOver, c.ID, from.HandoverID,
		&joint.PostingTakeover{From: c.From, Handover: from.HandoverID}), nil
}
