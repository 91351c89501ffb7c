package api

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/joint"
	"countersign/internal/desk"
	"countersign/internal/taskforce"
)

// Both is a text in both languages, of equal rank.
type Both struct {
	EN string `json:"en"`
	SQ string `json:"sq"`
}

func both(t joint.Text) Both { return Both{t.EN, t.SQ} }

// Open is a proposal that waits for the other side.
type Open struct {
	Proposal act.ID    `json:"proposal"`
	By       string    `json:"by" doc:"authority"`
	Change   string    `json:"change"`
	At       time.Time `json:"at"`
}

func openOf(p *taskforce.Proposal) *Open {
	if p == nil {
		return nil
	}
	return &Open{p.ID, p.By, p.Change, p.At.UTC()}
}

// IndicatorView is one figure of a measure: where it began, where it should go, what the record says, what each side reported.
type IndicatorView struct {
	Code     string           `json:"code"`
	Baseline *int64           `json:"baseline,omitempty" doc:"absent: unknown"`
	Target   int64            `json:"target"`
	Counted  map[string]int64 `json:"counted" doc:"by authority, from the record of this node; absent: the record cannot tell"`
	Reported map[string]int64 `json:"reported" doc:"by authority, of its latest account"`
}

// MeasureView is a joint measure as it stands today.
type MeasureView struct {
	Measure    act.ID          `json:"measure"`
	Title      Both            `json:"title"`
	Kind       string          `json:"kind"`
	Status     string          `json:"status"`
	ProposedBy string          `json:"proposed_by"`
	From       string          `json:"from"`
	Until      string          `json:"until"`
	Places     []string        `json:"places"`
	Base       act.ID          `json:"base,omitempty" doc:"the proposal last agreed, which a change has to name"`
	Open       *Open           `json:"open,omitempty"`
	Indicators []IndicatorView `json:"indicators,omitempty" doc:"of one measure only"`
	Crossings  int             `json:"crossings" doc:"acts that crossed on the wire, each resolved by a named ruling"`
}

// TaskView is something that one side has to do by a date.
type TaskView struct {
	Task     act.ID `json:"task"`
	Title    Both   `json:"title"`
	Wanted   Both   `json:"wanted" doc:"evidence that will show it is done"`
	Owner    string `json:"owner"`
	Officer  act.ID `json:"officer,omitempty"`
	Due      string `json:"due"`
	FirstDue string `json:"first_due"`
	Status   string `json:"status"`
	Overdue  int    `json:"overdue_days"`
	Level    int    `json:"level" doc:"of the highest escalation"`
	Measure  act.ID `json:"measure,omitempty"`
	Meeting  act.ID `json:"meeting,omitempty"`
}

// MeetingView is a meeting of the task force.
type MeetingView struct {
	Meeting   act.ID    `json:"meeting"`
	Title     Both      `json:"title"`
	Starts    time.Time `json:"starts"`
	Ends      time.Time `json:"ends"`
	Place     Both      `json:"place"`
	Agenda    []Both    `json:"agenda"`
	Cancelled bool      `json:"cancelled"`
	Agreed    bool      `json:"agreed" doc:"both sides agreed the minutes"`
	Open      *Open     `json:"open,omitempty" doc:"minutes that wait for the other side"`
}

// CommitmentView is a promise of the register and each owing side's latest word.
type CommitmentView struct {
	Commitment act.ID            `json:"commitment"`
	Promise    *Both             `json:"promise,omitempty" doc:"absent: not agreed yet"`
	By         []string          `json:"by"`
	Due        string            `json:"due,omitempty"`
	StandIn    bool              `json:"stand_in"`
	Latest     map[string]string `json:"latest" doc:"authority and its latest state"`
	Open       *Open             `json:"open,omitempty"`
}

// PostingView is an officer's posting at the other state.
type PostingView struct {
	Posting act.ID `json:"posting"`
	Home    string `json:"home"`
	Host    string `json:"host"`
	Officer act.ID `json:"officer,omitempty"`
	From    string `json:"from"`
	Until   string `json:"until"`
	Access  bool   `json:"access" doc:"gives access at this moment"`
	Recall  string `json:"recalled_by,omitempty"`
}

// DutyView is a contact point.
type DutyView struct {
	Duty     act.ID    `json:"duty"`
	By       string    `json:"by"`
	Function string    `json:"function"`
	Desk     Both      `json:"desk"`
	Phone    string    `json:"phone"`
	From     time.Time `json:"from"`
	Until    time.Time `json:"until"`
	Now      bool      `json:"now"`
}

// MessageView is a message in a list; texts are read on the pages, one at a time, because each look is recorded.
type MessageView struct {
	Message act.ID    `json:"message"`
	Subject string    `json:"subject"`
	Caveat  string    `json:"caveat"`
	From    string    `json:"from" doc:"authority"`
	Sent    time.Time `json:"sent"`
	Expires time.Time `json:"expires"`
	Mine    bool      `json:"mine"`
	Read    bool      `json:"read"`
}

type registerIn struct {
	WithPurpose
	WithLanguage
	Page
}

type thingIn struct {
	WithPurpose
	WithLanguage
	ID string `path:"id" format:"uuid"`
}

const tagForce = "task force"

// taskforce registers the registers of the task force and every act of it.
func (s *service) taskforce() {
	get(s, "measures", "/task-force/measures", tagForce, "Joint measures", s.measures)
	get(s, "measure", "/task-force/measures/{id}", tagForce, "A joint measure with its figures", s.measure)
	get(s, "tasks", "/task-force/tasks", tagForce, "Tasks, by due date", s.tasks)
	get(s, "meetings", "/task-force/meetings", tagForce, "Meetings", s.meetings)
	get(s, "commitments", "/task-force/commitments", tagForce, "Commitments", s.commitments)
	get(s, "postings", "/task-force/postings", tagForce, "Postings, both directions", s.postings)
	get(s, "duties", "/task-force/duties", tagForce, "Contact points, day and night", s.duties)
	get(s, "messages", "/task-force/messages", tagForce, "Messages that the officer may read, without their texts", s.messages)
	for _, c := range taskforce.Commands {
		name := taskforce.Name(c)
		s.deeds(deed{id: name, path: "/task-force/acts/" + name, tag: tagForce, summary: "Act: " + strings.ReplaceAll(name, "-", " "), body: c,
			do: func(ctx context.Context, who desk.Session, _ string, body any) error {
				c, ok := body.(taskforce.Command)
				if !ok {
					return wrong(body)
				}
				_, err := s.Desk.TaskForce(ctx, who, c)
				return err
			}})
	}
}

// force is the task force as the officer may see it.
func (s *service) force(ctx context.Context, purpose, action string) (taskforce.State, desk.Session, error) {
	who, err := session(ctx, purpose)
	if err != nil {
		return taskforce.State{}, who, err
	}
	state, err := s.Desk.TaskForceState(ctx, who, action)
	return state, who, err
}

func (s *service) today() string {
	return s.Desk.Clock().In(s.Desk.Law.Location()).Format(time.DateOnly)
}

// byKey sorts a register, so that its pages do not overlap.
func byKey[T any](m map[act.ID]*T, key func(*T) string) []*T {
	return slices.SortedFunc(maps.Values(m), func(a, b *T) int { return strings.Compare(key(a), key(b)) })
}

func (s *service) measures(ctx context.Context, in *registerIn) (*body[Pages[MeasureView]], error) {
	state, _, err := s.force(ctx, in.Purpose, "view-measures")
	if err != nil {
		return nil, err
	}
	all := byKey(state.Measures, func(m *taskforce.Measure) string { return m.Terms().From + string(m.ID) })
	return paged(in.Page, "/task-force/measures", all, s.measureOf), nil
}

func (s *service) measureOf(m *taskforce.Measure) MeasureView {
	day := s.today()
	t := m.TermsOn(day)
	return MeasureView{Measure: m.ID, Title: both(t.Title), Kind: t.Kind, Status: string(m.StatusOn(day)), ProposedBy: m.ProposedBy, From: t.From, Until: t.Until,
		Places: slices.Clone(append([]string{}, t.Places...)), Base: m.Base(), Open: openOf(m.Open), Crossings: len(m.Crossings)}
}

func (s *service) measure(ctx context.Context, in *thingIn) (*body[MeasureView], error) {
	state, who, err := s.force(ctx, in.Purpose, "view-measures")
	if err != nil {
		return nil, err
	}
	m := state.Measures[act.ID(in.ID)]
	if m == nil {
		return nil, missing("fault.taskforce.measure-unknown")
	}
	counted, err := s.Desk.MeasureFigures(ctx, who, m.ID, "", "")
	if err != nil {
		return nil, err
	}
	out := s.measureOf(m)
	for _, f := range m.Situation(s.today()) {
		i := IndicatorView{Code: f.Code, Baseline: f.Baseline, Target: f.Target, Reported: f.Reported, Counted: counted[f.Code]}
		if i.Counted == nil {
			i.Counted = map[string]int64{}
		}
		out.Indicators = append(out.Indicators, i)
	}
	return &body[MeasureView]{out}, nil
}

func (s *service) tasks(ctx context.Context, in *registerIn) (*body[Pages[TaskView]], error) {
	state, _, err := s.force(ctx, in.Purpose, "view-tasks")
	if err != nil {
		return nil, err
	}
	day := s.today()
	return paged(in.Page, "/task-force/tasks", byKey(state.Tasks, func(t *taskforce.Task) string { return t.Due + string(t.ID) }), func(t *taskforce.Task) TaskView {
		return TaskView{Task: t.ID, Title: both(t.Title), Wanted: both(t.Wanted), Owner: t.Owner, Officer: t.Officer, Due: t.Due, FirstDue: t.FirstDue,
			Status: string(t.Status), Overdue: t.Overdue(day), Level: t.Level, Measure: t.Measure, Meeting: t.Meeting}
	}), nil
}

func (s *service) meetings(ctx context.Context, in *registerIn) (*body[Pages[MeetingView]], error) {
	state, _, err := s.force(ctx, in.Purpose, "view-calendar")
	if err != nil {
		return nil, err
	}
	key := func(m *taskforce.Meeting) string { return m.Starts.Format(time.RFC3339) + string(m.ID) }
	return paged(in.Page, "/task-force/meetings", byKey(state.Meetings, key), func(m *taskforce.Meeting) MeetingView {
		out := MeetingView{Meeting: m.ID, Title: both(m.Title), Starts: m.Starts, Ends: m.Ends, Place: both(m.Place), Agenda: []Both{}, Cancelled: m.Cancelled,
			Agreed: m.Agreed != nil, Open: openOf(m.Open)}
		for _, a := range m.Agenda {
			out.Agenda = append(out.Agenda, both(a))
		}
		return out
	}), nil
}

func (s *service) commitments(ctx context.Context, in *registerIn) (*body[Pages[CommitmentView]], error) {
	state, _, err := s.force(ctx, in.Purpose, "view-measures")
	if err != nil {
		return nil, err
	}
	key := func(c *taskforce.Commitment) string {
		if c.Entry == nil || c.Entry.Due == "" {
			return "~" + string(c.ID)
		}
		return c.Entry.Due + string(c.ID)
	}
	return paged(in.Page, "/task-force/commitments", byKey(state.Commitments, key), func(c *taskforce.Commitment) CommitmentView {
		out := CommitmentView{Commitment: c.ID, By: []string{}, Latest: map[string]string{}, Open: openOf(c.Open)}
		if c.Entry != nil {
			promise := both(c.Entry.Promise)
			out.Promise, out.By, out.Due, out.StandIn = &promise, append(out.By, c.Entry.By...), c.Entry.Due, c.Entry.StandIn
		}
		for _, x := range c.Statements {
			out.Latest[x.By] = x.Status
		}
		return out
	}), nil
}

func (s *service) postings(ctx context.Context, in *registerIn) (*body[Pages[PostingView]], error) {
	state, _, err := s.force(ctx, in.Purpose, "view-postings")
	if err != nil {
		return nil, err
	}
	return paged(in.Page, "/task-force/postings", state.Programme(), func(p *taskforce.Posting) PostingView {
		out := PostingView{Posting: p.ID, Home: p.Terms.Home, Host: p.Terms.Host, From: p.Terms.From, Until: p.Terms.Until,
			Access: state.AccessAt(p.ID, s.Desk.Clock(), s.Desk.Law.Location()).Open}
		if p.Nominee != nil {
			out.Officer = p.Nominee.Officer
		}
		if p.Recalled != nil {
			out.Recall = p.Recalled.By
		}
		return out
	}), nil
}

func (s *service) duties(ctx context.Context, in *registerIn) (*body[Pages[DutyView]], error) {
	state, _, err := s.force(ctx, in.Purpose, "view-calendar")
	if err != nil {
		return nil, err
	}
	now := s.Desk.Clock()
	key := func(d *taskforce.Duty) string { return d.Entry.From.Format(time.RFC3339) + string(d.ID) }
	return paged(in.Page, "/task-force/duties", byKey(state.Duties, key), func(d *taskforce.Duty) DutyView {
		return DutyView{Duty: d.ID, By: d.By, Function: d.Entry.Function, Desk: both(d.Entry.Desk), Phone: d.Entry.Phone, From: d.Entry.From, Until: d.Until,
			Now: !now.Before(d.Entry.From) && now.Before(d.Until)}
	}), nil
}

func (s *service) messages(ctx context.Context, in *registerIn) (*body[Pages[MessageView]], error) {
	who, err := session(ctx, in.Purpose)
	if err != nil {
		return nil, err
	}
	all, err := s.Desk.Messages(ctx, who)
	if err != nil {
		return nil, err
	}
	return paged(in.Page, "/task-force/messages", all, func(m desk.MessageLine) MessageView {
		return MessageView{Message: m.ID, Subject: m.Body.Subject, Caveat: m.Body.Caveat, From: m.From.Authority, Sent: m.Sent.UTC(), Expires: m.Body.Expires.UTC(),
			Mine: m.Mine, Read: m.Read}
	}), nil
}
