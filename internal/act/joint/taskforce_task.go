package joint

import "countersign/internal/act"

const (
	TaskOpened     act.Kind = "task.opened"     // for one's own side, or asked of the other
	TaskTaken      act.Kind = "task.taken"      // the side that was asked takes it on
	TaskDeclined   act.Kind = "task.declined"   // ... or does not
	TaskWithdrawn  act.Kind = "task.withdrawn"  // the asking side takes back a task not yet taken
	TaskAssigned   act.Kind = "task.assigned"   // the owner names an officer
	TaskDueMoved   act.Kind = "task.due-moved"  // the owner sets another date; the first stays visible
	TaskCompleted  act.Kind = "task.completed"  // only the owner, with evidence
	TaskQuestioned act.Kind = "task.questioned" // the other side doubts the evidence
	TaskCancelled  act.Kind = "task.cancelled"  // the owner gives it up, with a reason
	TaskEscalated  act.Kind = "task.escalated"  // either side
)

var taskKinds = act.Vocabulary{
	TaskOpened:     func() any { return new(Task) },
	TaskTaken:      func() any { return new(TaskTake) },
	TaskDeclined:   func() any { return new(TaskReason) },
	TaskWithdrawn:  func() any { return new(TaskReason) },
	TaskAssigned:   func() any { return new(TaskAssignment) },
	TaskDueMoved:   func() any { return new(TaskDate) },
	TaskCompleted:  func() any { return new(TaskCompletion) },
	TaskQuestioned: func() any { return new(TaskQuestion) },
	TaskCancelled:  func() any { return new(TaskReason) },
	TaskEscalated:  func() any { return new(TaskEscalation) },
}

// Task is something one side has to do by a date.
type Task struct {
	Title    Text   `json:"title"`
	Owner    string `json:"owner"` // authority
	Due      string `json:"due"`
	Evidence Text   `json:"evidence"` // what will show that it is done
	Measure  act.ID `json:"measure,omitzero"`
}

// TaskTake takes on a task that the other side asked for, perhaps naming the officer at once.
type TaskTake struct {
	Officer act.ID `json:"officer,omitzero"`
}

// TaskReason is the reason of a step that ends a task without completing it.
type TaskReason struct {
	Reason Text `json:"reason"`
}

// TaskAssignment names the officer who does it.
type TaskAssignment struct {
	Officer act.ID `json:"officer"`
}

// TaskDate moves the due date.
type TaskDate struct {
	Due    string `json:"due"`
	Reason Text   `json:"reason"`
}

// TaskCompletion says what shows that the task is done.
type TaskCompletion struct {
	Evidence []TaskEvidence `json:"evidence"`
}

// TaskEvidence points at what shows the completion: a document's digest, an edition of statistics, an act.
type TaskEvidence struct {
	Kind   string `json:"kind"` // document, edition, act, minutes
	Ref    string `json:"ref"`  // its number or id
	SHA256 string `json:"sha256,omitzero"`
	Note   Text   `json:"note"`
}

// TaskQuestion doubts one completion, named by its act.
type TaskQuestion struct {
	Completion act.ID `json:"completion"`
	Reason     Text   `json:"reason"`
}

// TaskEscalation raises a task to a higher level: 1 coordinators, 2 heads of the task force, 3 ministries.
type TaskEscalation struct {
	Level  int  `json:"level"`
	Reason Text `json:"reason"`
}
