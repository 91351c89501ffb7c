package taskforce

import (
	"encoding/hex"
	"slices"
	"strings"

	"countersign/internal/act"
	"countersign/internal/act/joint"
)

// OpenTask opens a task for one's own side, or asks it of the other.
type OpenTask struct {
	ID   act.ID
	Task joint.Task
}

func (c OpenTask) decide(s State, env Env) ([]act.Statement, error) {
	if err := unused(c.ID, s.Tasks); err != nil {
		return nil, err
	}
	if err := checkTask(s, c.Task.Title, c.Task.Owner, c.Task.Due, c.Task.Measure); err != nil {
		return nil, err
	}
	if err := check("evidence", c.Task.Evidence); err != nil {
		return nil, err
	}
	if c.Task.Due < env.today() {
		return nil, late("fault.taskforce.due-past", "due", c.Task.Due)
	}
	return one(joint.TaskOpened, c.ID, &c.Task), nil
}

func checkTask(s State, title joint.Text, owner, due string, measure act.ID) error {
	if err := check("title", title); err != nil {
		return err
	}
	if !slices.Contains(s.Parties[:], owner) {
		return invalid("fault.taskforce.not-party", "authority", owner)
	}
	if measure != "" && s.Measures[measure] == nil {
		return missing("fault.taskforce.measure-unknown")
	}
	return date("due", due)
}

// TakeTask takes on a task that the other side asked for.
type TakeTask struct{ ID, Officer act.ID }

func (c TakeTask) decide(s State, env Env) ([]act.Statement, error) {
	if _, err := ownTask(s, c.ID, env, TaskAsked); err != nil {
		return nil, err
	}
	return one(joint.TaskTaken, c.ID, &joint.TaskTake{Officer: c.Officer}), nil
}

// DeclineTask does not take it on, with a reason.
type DeclineTask struct {
	ID     act.ID
	Reason joint.Text
}

func (c DeclineTask) decide(s State, env Env) ([]act.Statement, error) {
	if _, err := ownTask(s, c.ID, env, TaskAsked); err != nil {
		return nil, err
	}
	return because(joint.TaskDeclined, c.ID, c.Reason)
}

// WithdrawTask takes back what one asked of the other side and it has not taken yet.
type WithdrawTask struct {
	ID     act.ID
	Reason joint.Text
}

func (c WithdrawTask) decide(s State, env Env) ([]act.Statement, error) {
	switch t := s.Tasks[c.ID]; {
	case t == nil:
		return nil, missing("fault.taskforce.task-unknown")
	case t.AskedBy != env.Us || t.Owner == env.Us:
		return nil, denied("fault.taskforce.not-own-task")
	case t.Status != TaskAsked:
		return nil, conflict("fault.taskforce.task-status", "status", string(t.Status))
	}
	return because(joint.TaskWithdrawn, c.ID, c.Reason)
}

// AssignTask names the officer of one's own side who does it.
type AssignTask struct{ ID, Officer act.ID }

func (c AssignTask) decide(s State, env Env) ([]act.Statement, error) {
	if _, err := ownTask(s, c.ID, env, TaskOpen, TaskQuestioned); err != nil {
		return nil, err
	}
	if c.Officer == "" {
		return nil, invalid("fault.taskforce.no-id")
	}
	return one(joint.TaskAssigned, c.ID, &joint.TaskAssignment{Officer: c.Officer}), nil
}

// MoveTask sets another due date; the first one stays visible to both.
type MoveTask struct {
	ID     act.ID
	Due    string
	Reason joint.Text
}

func (c MoveTask) decide(s State, env Env) ([]act.Statement, error) {
	if _, err := ownTask(s, c.ID, env, TaskOpen, TaskQuestioned); err != nil {
		return nil, err
	}
	if err := date("due", c.Due); err != nil {
		return nil, err
	}
	if c.Due < env.today() {
		return nil, late("fault.taskforce.due-past", "due", c.Due)
	}
	if err := check("reason", c.Reason); err != nil {
		return nil, err
	}
	return one(joint.TaskDueMoved, c.ID, &joint.TaskDate{Due: c.Due, Reason: c.Reason}), nil
}

// CompleteTask closes one's own task, with evidence. Nobody else can.
type CompleteTask struct {
	ID       act.ID
	Evidence []joint.TaskEvidence
}

func (c CompleteTask) decide(s State, env Env) ([]act.Statement, error) {
	if _, err := ownTask(s, c.ID, env, TaskOpen, TaskDone, TaskQuestioned); err != nil {
		return nil, err
	}
	if len(c.Evidence) == 0 {
		return nil, invalid("fault.taskforce.no-evidence")
	}
	for _, e := range c.Evidence {
		if !slices.Contains([]string{"document", "edition", "act", "minutes"}, e.Kind) || strings.TrimSpace(e.Ref) == "" {
			return nil, invalid("fault.taskforce.no-evidence")
		}
		if sum, err := hex.DecodeString(e.SHA256); err != nil || e.Kind == "document" && len(sum) != 32 {
			return nil, invalid("fault.taskforce.evidence-digest")
		}
		if err := check("evidence", e.Note); err != nil {
			return nil, err
		}
	}
	return one(joint.TaskCompleted, c.ID, &joint.TaskCompletion{Evidence: c.Evidence}), nil
}

// QuestionTask doubts the evidence of the other side's completed task. It does not reopen or close it for the
// owner: the owner answers.
type QuestionTask struct {
	ID     act.ID
	Reason joint.Text
}

func (c QuestionTask) decide(s State, env Env) ([]act.Statement, error) {
	t := s.Tasks[c.ID]
	switch {
	case t == nil:
		return nil, missing("fault.taskforce.task-unknown")
	case t.Owner == env.Us:
		return nil, denied("fault.taskforce.own-task")
	case t.Status != TaskDone:
		return nil, conflict("fault.taskforce.task-status", "status", string(t.Status))
	}
	if err := check("reason", c.Reason); err != nil {
		return nil, err
	}
	return reply(joint.TaskQuestioned, c.ID, t.Completion,
		&joint.TaskQuestion{Completion: t.Completion, Reason: c.Reason}), nil
}

// CancelTask gives up one's own task, with a reason.
type CancelTask struct {
	ID     act.ID
	Reason joint.Text
}

func (c CancelTask) decide(s State, env Env) ([]act.Statement, error) {
	if _, err := ownTask(s, c.ID, env, TaskOpen, TaskQuestioned); err != nil {
		return nil, err
	}
	return because(joint.TaskCancelled, c.ID, c.Reason)
}

// EscalateTask raises a task to a higher level: 1 coordinators, 2 heads of the task force, 3 ministries. Either
// side may; when is for people to decide.
type EscalateTask struct {
	ID     act.ID
	Level  int
	Reason joint.Text
}

func (c EscalateTask) decide(s State, env Env) ([]act.Statement, error) {
	t := s.Tasks[c.ID]
	switch {
	case t == nil:
		return nil, missing("fault.taskforce.task-unknown")
	case !t.Live():
		return nil, conflict("fault.taskforce.task-status", "status", string(t.Status))
	case c.Level <= t.Level || c.Level > 3:
		return nil, invalid("fault.taskforce.level")
	}
	if err := check("reason", c.Reason); err != nil {
		return nil, err
	}
	return one(joint.TaskEscalated, c.ID, &joint.TaskEscalation{Level: c.Level, Reason: c.Reason}), nil
}

// ownTask returns a task that this side owns and that is in one of the states.
func ownTask(s State, id act.ID, env Env, in ...TaskStatus) (*Task, error) {
	switch t := s.Tasks[id]; {
	case t == nil:
		return nil, missing("fault.taskforce.task-unknown")
	case t.Owner != env.Us: // neither side can close the other's task
		return nil, denied("fault.taskforce.not-own-task")
	case !slices.Contains(in, t.Status):
		return nil, conflict("fault.taskforce.task-status", "status", string(t.Status))
	default:
		return t, nil
	}
}

func because(kind act.Kind, id act.ID, reason joint.Text) ([]act.Statement, error) {
	if err := check("reason", reason); err != nil {
		return nil, err
	}
	return one(kind, id, &joint.TaskReason{Reason: reason}), nil
}
