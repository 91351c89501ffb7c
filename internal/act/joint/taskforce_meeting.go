package joint

import (
	"time"

	"countersign/internal/act"
)

const (
	MeetingCalled    act.Kind = "meeting.called"
	MeetingMoved     act.Kind = "meeting.moved"
	MeetingCancelled act.Kind = "meeting.cancelled"
	MinutesProposed  act.Kind = "minutes.proposed" // one side's text of what was decided
	MinutesAgreed    act.Kind = "minutes.agreed"   // the other agrees the same text: decisions and actions stand
	MinutesReturned  act.Kind = "minutes.returned" // not agreed, with what is wrong
	MinutesWithdrawn act.Kind = "minutes.withdrawn"
	DutySet          act.Kind = "duty.set" // who answers, day and night
	DutyEnded        act.Kind = "duty.ended"
)

var meetingKinds = act.Vocabulary{
	MeetingCalled:    func() any { return new(MeetingCall) },
	MeetingMoved:     func() any { return new(MeetingMove) },
	MeetingCancelled: func() any { return new(MeetingCancellation) },
	MinutesProposed:  func() any { return new(Minutes) },
	MinutesAgreed:    func() any { return new(Agreement) },
	MinutesReturned:  func() any { return new(ProposalRefusal) },
	MinutesWithdrawn: func() any { return new(Withdrawal) },
	DutySet:          func() any { return new(Duty) },
	DutyEnded:        func() any { return new(DutyEnd) },
}

// MeetingCall invites both sides; the side that calls a meeting moves and cancels it.
type MeetingCall struct {
	Title  Text      `json:"title"`
	Starts time.Time `json:"starts"`
	Ends   time.Time `json:"ends"`
	Place  Text      `json:"place"`
	Agenda []Text    `json:"agenda"`
}

// MeetingMove gives a meeting another time.
type MeetingMove struct {
	Starts time.Time `json:"starts"`
	Ends   time.Time `json:"ends"`
	Reason Text      `json:"reason"`
}

// MeetingCancellation says that the meeting does not take place.
type MeetingCancellation struct {
	Reason Text `json:"reason"`
}

// Minutes is a proposed text of the minutes. Base is the text last agreed (a correction), empty for the first.
type Minutes struct {
	Base      act.ID            `json:"base,omitzero"`
	Items     []Text            `json:"items"` // one per point of the agenda, in its order
	Decisions []MinutesDecision `json:"decisions"`
	Actions   []MinutesAction   `json:"actions"`
}

// MinutesDecision is one decision of the task force.
type MinutesDecision struct {
	ID      act.ID `json:"id"`
	Text    Text   `json:"text"`
	Measure act.ID `json:"measure,omitzero"` // the measure it concerns
}

// MinutesAction becomes a task of one side when the minutes are agreed; ID is the task's.
type MinutesAction struct {
	ID      act.ID `json:"id"`
	Title   Text   `json:"title"`
	Owner   string `json:"owner"` // authority
	Due     string `json:"due"`
	Measure act.ID `json:"measure,omitzero"`
}

// Duty names one side's contact point for a period. It is a desk, not a person.
type Duty struct {
	Function string    `json:"function"` // returns, border, crime, coordination
	Desk     Text      `json:"desk"`
	Phone    string    `json:"phone"`
	Email    string    `json:"email,omitzero"`
	From     time.Time `json:"from"`
	Until    time.Time `json:"until"`
}

// DutyEnd takes a contact point off duty before its time.
type DutyEnd struct {
	At time.Time `json:"at"`
}
