package joint

import (
	"time"

	"countersign/internal/act"
)

const (
	MessageSent act.Kind = "message.sent"
	MessageRead act.Kind = "message.read" // read receipt
)

var messageKinds = act.Vocabulary{
	MessageSent: func() any { return new(Message) },
	MessageRead: func() any { return new(MessageReceipt) },
}

// Message is a message or briefing between officers of the two states.
type Message struct {
	Caveat    string    `json:"caveat"`  // task-force, command, named-officers
	Onward    bool      `json:"onward"`  // may be passed on outside the task force; false: not without authorisation
	To        []act.ID  `json:"to"`      // officers; needed for named-officers
	Subject   string    `json:"subject"` // without persons
	Text      string    `json:"text"`
	Briefing  bool      `json:"briefing"`       // a briefing asks everyone addressed for a receipt
	About     act.ID    `json:"about,omitzero"` // measure, task, meeting or posting
	Person    bool      `json:"person"`         // the text is about a person
	Reviewer  act.ID    `json:"reviewer,omitzero"`
	Reviewed  act.ID    `json:"reviewed,omitzero"` // the sender's own review act, for its inspectorate
	Expires   time.Time `json:"expires"`           // after this the text is no longer shown
	InReplyTo act.ID    `json:"in_reply_to,omitzero"`
}

// MessageReceipt says that the signing officer has read the message of the act's case.
type MessageReceipt struct {
	Message act.ID `json:"message"` // the act read
}
