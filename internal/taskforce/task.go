package taskforce

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/joint"
)

// TaskStatus is where a task stands.
type TaskStatus string

const (
	TaskAsked      TaskStatus = "asked" // the other side has not answered yet
	TaskOpen       TaskStatus = "open"
	TaskDone       TaskStatus = "done"
	TaskQuestioned TaskStatus = "questioned" // done says the owner; the other side doubts the evidence
	TaskDeclined   TaskStatus = "declined"
	TaskWithdrawn  TaskStatus = "withdrawn"
	TaskCancelled  TaskStatus = "cancelled"
)

// Task is something one side has to do by a date.
type Task struct {
	ID          act.ID                 `json:"id"`
	AskedBy     string                 `json:"asked_by"` // who opened it; empty: agreed minutes
	Meeting     act.ID                 `json:"meeting"`
	Measure     act.ID                 `json:"measure"`
	Title       joint.Text             `json:"title"`
	Wanted      joint.Text             `json:"wanted"` // evidence that will show it is done
	Owner       string                 `json:"owner"`  // authority
	Officer     act.ID                 `json:"officer"`
	FirstDue    string                 `json:"first_due"`
	Due         string                 `json:"due"`
	Moves       []joint.TaskDate       `json:"moves"`
	Status      TaskStatus             `json:"status"`
	Completion  act.ID                 `json:"completion"` // the act with the latest evidence
	Completed   time.Time              `json:"completed"`
	Evidence    []joint.TaskEvidence   `json:"evidence"`
	Question    joint.Text             `json:"question"`
	Reason      joint.Text             `json:"reason"` // why it was declined, withdrawn or cancelled
	Level       int                    `json:"level"`  // of the highest escalation
	Escalations []joint.TaskEscalation `json:"escalations"`
	Crossings   []Crossing             `json:"crossings"`

	withdrawal *entry // which took the task back
}

// Live tells whether something is still to be done.
func (t *Task) Live() bool {
	return t.Status == TaskAsked || t.Status == TaskOpen || t.Status == TaskQuestioned
}

// Overdue counts the days since the due date; 0 when it is not over or nothing is to be done.
func (t *Task) Overdue(day string) int {
	if !t.Live() || day <= t.Due {
		return 0
	}
	a, _ := time.Parse(time.DateOnly, t.Due)
	b, _ := time.Parse(time.DateOnly, day)
	return int(b.Sub(a).Hours() / 24)
}

// origin is the line of agreed minutes from which a task comes.
type origin struct {
	meeting act.ID
	action  joint.MinutesAction
}

// tasksFromMinutes opens what agreed minutes name, and takes back what a crossing withdrawal undid.
func (s State) tasksFromMinutes(id act.ID, m *Meeting) {
	changed := slices.Clone(s.named[id])
	for _, task := range changed {
		s.origins[task] = slices.DeleteFunc(slices.Clone(s.origins[task]), func(o origin) bool { return o.meeting == id })
	}
	var named []act.ID
	if m != nil {
		for _, p := range m.agreedAll { // a later text overrides a line; it does not take a task away
			for _, a := range p.Content.(*joint.Minutes).Actions {
				s.origins[a.ID] = append(slices.DeleteFunc(slices.Clone(s.origins[a.ID]),
					func(o origin) bool { return o.meeting == id }), origin{id, a})
				named = append(named, a.ID)
			}
		}
	}
	s.named[id] = named
	for _, task := range append(changed, named...) {
		put(s.Tasks, task, s.taskOf(task, s.histories[thing{"task", task}].merge()))
	}
}

func (s State) taskOf(id act.ID, acts []entry) *Task {
	t := &Task{ID: id}
	if from := s.origins[id]; len(from) > 0 {
		o := slices.MinFunc(from, func(a, b origin) int { return strings.Compare(string(a.meeting), string(b.meeting)) })
		t.Meeting, t.Measure, t.Title, t.Owner = o.meeting, o.action.Measure, o.action.Title, o.action.Owner
		t.FirstDue, t.Due, t.Status = o.action.Due, o.action.Due, TaskOpen
	}
	var c conflicts
	for _, e := range acts {
		t.step(e, acts, &c)
	}
	for _, e := range acts {
		if n, ok := noteOf(e.event.Body); ok {
			c.note(e.stream, n)
		}
	}
	if t.Status == "" {
		return nil
	}
	t.Crossings = c
	return t
}

func (t *Task) step(e entry, acts []entry, c *conflicts) {
	if b, ok := e.event.Body.(*joint.Task); ok && t.Status == "" {
		t.AskedBy, t.Measure, t.Title, t.Wanted, t.Owner = e.stream, b.Measure, b.Title, b.Evidence, b.Owner
		t.FirstDue, t.Due, t.Status = b.Due, b.Due, TaskOpen
		if b.Owner != e.stream {
			t.Status, t.withdrawal = TaskAsked, withdrawal(e, b.Owner, acts)
		}
		return
	}
	if t.Status == "" {
		return
	}
	switch {
	case t.withdrawal != nil && e.event.ID == t.withdrawal.event.ID:
		t.Status, t.Reason = TaskWithdrawn, e.event.Body.(*joint.TaskReason).Reason
	case e.event.Kind == joint.TaskEscalated:
		b := e.event.Body.(*joint.TaskEscalation)
		t.Level = max(t.Level, b.Level)
		t.Escalations = append(t.Escalations, *b)
	case e.event.Kind == joint.TaskQuestioned && e.stream != t.Owner:
		t.question(e, acts, c)
	case e.stream == t.Owner: // everything else is the owner's alone
		t.owner(e, c)
	}
}

// withdrawal finds the act with which the asking side took the task back before it knew of an answer. It wins
// over a taking that crosses it.
func withdrawal(opened entry, owner string, acts []entry) *entry {
	for i, w := range acts {
		if w.event.Kind != joint.TaskWithdrawn || w.stream != opened.stream {
			continue
		}
		for _, a := range acts {
			if a.stream == owner && before(a, w) && (a.event.Kind == joint.TaskTaken || a.event.Kind == joint.TaskDeclined) {
				return nil
			}
		}
		return &acts[i]
	}
	return nil
}

// question: about the completion it names; a newer one that crossed it is looked at again.
func (t *Task) question(e entry, acts []entry, c *conflicts) {
	b := e.event.Body.(*joint.TaskQuestion)
	for _, a := range acts {
		if a.stream == t.Owner && a.event.Kind == joint.TaskCompleted && crossed(a, e) && t.withdrawal == nil {
			c.add("task", t.ID, a.event.ID, e.event.ID, RulingRenewed)
			t.Question = b.Reason
			return
		}
	}
	if t.Status == TaskDone && t.Completion == b.Completion {
		t.Status, t.Question = TaskQuestioned, b.Reason
	}
}

func (t *Task) owner(e entry, c *conflicts) {
	if t.withdrawal != nil { // work that was done meanwhile is shown, although it was no longer asked for
		if k := e.event.Kind; crossed(*t.withdrawal, e) && (k == joint.TaskTaken || k == joint.TaskCompleted) {
			c.add("task", t.ID, t.withdrawal.event.ID, e.event.ID, RulingWithdrawal)
		}
		return
	}
	switch b := e.event.Body.(type) {
	case *joint.TaskTake:
		if t.Status == TaskAsked {
			t.Status, t.Officer = TaskOpen, b.Officer
		}
	case *joint.TaskAssignment:
		if t.Live() {
			t.Officer = b.Officer
		}
	case *joint.TaskDate:
		if t.Live() {
			t.Due, t.Moves = b.Due, append(t.Moves, *b)
		}
	case *joint.TaskCompletion:
		if t.Status == TaskOpen || t.Status == TaskDone || t.Status == TaskQuestioned {
			t.Status, t.Completion, t.Completed, t.Evidence = TaskDone, e.event.ID, e.event.Made.UTC(), b.Evidence
		}
	case *joint.TaskReason:
		if e.event.Kind == joint.TaskDeclined && t.Status == TaskAsked {
			t.Status, t.Reason = TaskDeclined, b.Reason
		}
		if e.event.Kind == joint.TaskCancelled && (t.Status == TaskOpen || t.Status == TaskQuestioned) {
			t.Status, t.Reason = TaskCancelled, b.Reason
		}
	}
}

// OpenTasks lists what is still to be done, the earliest due date first. Empty owner: of both sides.
func (s State) OpenTasks(owner string) []*Task {
	var out []*Task
	for _, t := range s.Tasks {
		if t.Live() && (owner == "" || t.Owner == owner) {
			out = append(out, t)
		}
	}
	slices.SortFunc(out, func(a, b *Task) int {
		return cmp.Or(strings.Compare(a.Due, b.Due), strings.Compare(string(a.ID), string(b.ID)))
	})
	return out
}
