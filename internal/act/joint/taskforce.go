package joint

import "countersign/internal/act"

// The task force: joint measures, meetings and tasks, commitments, postings, messages. Case of each act is the
// id of the measure, meeting, task ... it is about. A person who is returned never appears in these acts;
// the only people named are officers, by their roster id.
var taskforceKinds = act.Merge(measureKinds, meetingKinds, taskKinds, commitmentKinds, postingKinds, messageKinds)

// Text is one sentence or page in both languages of the task force; neither is the translation of the other.
type Text struct {
	EN string `json:"en"`
	SQ string `json:"sq"`
}

// CrossingNoted records that an officer has seen how a crossing was resolved, so that nothing is dropped in
// silence. Case is the thing on which the acts crossed.
const CrossingNoted act.Kind = "crossing.noted"

// CrossingNote names the two acts that crossed, the smaller id first.
type CrossingNote struct {
	Family string    `json:"family"` // measure, meeting, commitment, task, posting
	Acts   [2]act.ID `json:"acts"`
}
