package casework

import (
	"slices"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/joint"
	"countersign/internal/fault"
)

// ArrangeInterview offers an interview by the requested state's mission. It is impossible while a barrier
// holds: nobody is brought before the authorities whose protection they may have asked against.
type ArrangeInterview struct{ joint.InterviewArranged }

func (ArrangeInterview) about() about {
	return about{name: "arrange-interview", side: Requesting, roles: caseRoles}
}

func (c ArrangeInterview) decide(s *State, env *Env) ([]act.Statement, error) {
	if err := all(s.awaitingReply(), need("channel", c.Channel, Channels), need("language", c.Language, nil),
		when(!c.At.After(env.Now) || c.At.After(env.Now.AddDate(0, 3, 0)), "fault.case.date", "field", "at"),
		when(!c.Interpreter && c.Language != s.Support.Language && s.Support.Interpreter, "fault.case.needed", "field", "interpreter"),
		closed(s, env, StepRequest)); err != nil {
		return nil, err
	}
	body := c.InterviewArranged
	return one(s.joint(joint.CaseInterviewArranged, &body)), nil
}

// RecordInterview is the written result. An interview in which more was asked than identity and nationality
// does not count and cannot be recorded as held.
type RecordInterview struct {
	Interview act.ID
	joint.InterviewResult
}

func (RecordInterview) about() about {
	return about{name: "record-interview", side: Requested, roles: replyRoles}
}

func (c RecordInterview) decide(s *State, env *Env) ([]act.Statement, error) {
	i := slices.IndexFunc(s.Interviews, func(v Interview) bool { return v.Arranged.ID == c.Interview && !v.Held.Is() })
	switch {
	case i < 0:
		return nil, fault.New(fault.Missing, "fault.case.no-interview")
	case s.Interviews[i].Stopped.Is(): // the person is not brought; why is not told
		return nil, fault.New(fault.Conflict, "fault.case.paused")
	}
	t, err := env.past(c.At, "at")
	if err := all(err, s.awaitingReply(), need("result", c.Result, InterviewResults), when(!c.OnlyIdentity, "fault.case.barred-question"),
		when(c.Attendees < 1 || c.Attendees > 20, "fault.case.needed", "field", "attendees"),
		when(t.Before(s.Interviews[i].Arranged.At.Truncate(time.Minute)), "fault.case.date", "field", "at")); err != nil {
		return nil, err
	}
	if c.Result == "not-confirmed" {
		if err := need("reason", c.Reason, RefusalReasons); err != nil {
			return nil, err
		}
	}
	body := c.InterviewResult
	body.At = t
	return one(answer(s.joint(joint.CaseInterviewHeld, &body), c.Interview)), nil
}

// AskCriminalRecord asks for a criminal record, a request of its own type with a legal basis of its own. It is
// barred while a barrier holds.
type AskCriminalRecord struct{ Basis, Purpose string }

func (AskCriminalRecord) about() about {
	return about{name: "ask-criminal-record", side: Requesting, roles: seniorRoles}
}

func (c AskCriminalRecord) decide(s *State, env *Env) ([]act.Statement, error) {
	if err := all(when(!s.asked(), "fault.case.no-request"), need("basis", c.Basis, nil), need("purpose", c.Purpose, RecordPurposes),
		when(slices.ContainsFunc(s.Records, func(r CriminalRecord) bool { return !r.Answered.Is() }), "fault.case.question-open"),
		when(len(c.Basis) > 120, "fault.case.text-long"), closed(s, env, StepRequest)); err != nil {
		return nil, err
	}
	return one(s.joint(joint.CaseRecordAsked, &joint.RecordRequest{Basis: c.Basis, Purpose: c.Purpose})), nil
}

// AnswerCriminalRecord answers it.
type AnswerCriminalRecord struct {
	Request act.ID
	joint.RecordAnswer
}

func (AnswerCriminalRecord) about() about {
	return about{name: "answer-criminal-record", side: Requested, roles: replyRoles}
}

func (c AnswerCriminalRecord) decide(s *State, env *Env) ([]act.Statement, error) {
	if !slices.ContainsFunc(s.Records, func(r CriminalRecord) bool { return r.Asked.ID == c.Request && !r.Answered.Is() }) {
		return nil, fault.New(fault.Missing, "fault.case.no-question")
	}
	if err := when(c.Found != (len(c.Entries) > 0), "fault.case.needed", "field", "entries"); err != nil {
		return nil, err
	}
	for _, e := range c.Entries {
		if err := all(need("category", e.Category, RecordCategories),
			when(!e.Convicted.Exact() || env.day().Before(e.Convicted) || e.Months < 0, "fault.case.date", "field", "convicted")); err != nil {
			return nil, err
		}
	}
	body := c.RecordAnswer
	return one(answer(s.joint(joint.CaseRecordAnswered, &body), c.Request)), nil
}

// AskTakeBack says that somebody was readmitted in error, within the time of the agreement (EC-Albania Art 12).
type AskTakeBack struct{ Evidence []joint.Evidence }

func (AskTakeBack) about() about {
	return about{name: "ask-take-back", side: Requested, roles: replyRoles, late: true}
}

func (c AskTakeBack) decide(s *State, env *Env) ([]act.Statement, error) {
	if err := all(when(s.Accepted == nil, "fault.case.not-returned"), when(s.TakeBack.Is(), "fault.case.question-open"),
		s.evidence(c.Evidence, env)); err != nil {
		return nil, err
	}
	t, err := s.term("wrongful-readmission", env)
	switch {
	case err != nil:
		return nil, fault.New(fault.Denied, "fault.case.no-effect").Because(err)
	case !env.Now.Before(t.Due):
		return nil, fault.New(fault.Late, "fault.case.late", "due", day(t.Due))
	}
	return one(answer(s.joint(joint.CaseTakeBackAsked, &joint.TakeBack{Evidence: c.Evidence}), s.Accepted.ID)), nil
}

// AgreeTakeBack takes the person back.
type AgreeTakeBack struct{}

func (AgreeTakeBack) about() about {
	return about{name: "agree-take-back", side: Requesting, roles: []string{"senior-caseworker", "readmission-officer"}, late: true}
}

func (AgreeTakeBack) decide(s *State, env *Env) ([]act.Statement, error) {
	if err := all(when(!s.TakeBack.Is() || s.TakeBackOK.Is(), "fault.case.no-question")); err != nil {
		return nil, err
	}
	return one(answer(s.joint(joint.CaseTakeBackAgreed, &joint.TakeBack{}), s.TakeBack.ID)), nil
}
