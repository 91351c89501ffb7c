package domestic

import (
	"time"

	"countersign/internal/act"
)

const (
	MessageDrafted  act.Kind = "message.drafted"  // waits for a second officer
	MessageReviewed act.Kind = "message.reviewed" // cleared, or sent back
	MeasureAdvised  act.Kind = "measure.advised"  // one's own legal or rights advice on a proposal
	AccessOpened    act.Kind = "posting.access-opened"
	AccessClosed    act.Kind = "posting.access-closed"
)

var taskforceKinds = act.Vocabulary{
	MessageDrafted:  func() any { return new(MessageDraft) },
	MessageReviewed: func() any { return new(MessageReview) },
	MeasureAdvised:  func() any { return new(MeasureAdvice) },
	AccessOpened:    func() any { return new(PostingAccess) },
	AccessClosed:    func() any { return new(PostingAccess) },
}

// MessageDraft is a message that a second officer has to read before it may cross. It stays at home; only
// what was cleared leaves.
type MessageDraft struct {
	Caveat    string    `json:"caveat"`
	Onward    bool      `json:"onward"`
	To        []act.ID  `json:"to"`
	Subject   string    `json:"subject"`
	Text      string    `json:"text"`
	Briefing  bool      `json:"briefing"`
	About     act.ID    `json:"about,omitzero"`
	Person    bool      `json:"person"`
	Expires   time.Time `json:"expires"`
	InReplyTo act.ID    `json:"in_reply_to,omitzero"`
}

// MessageReview is the second officer's answer about a draft, named by its act.
type MessageReview struct {
	Draft   act.ID `json:"draft"`
	Cleared bool   `json:"cleared"`
	Reason  string `json:"reason,omitzero"` // why not
}

// MeasureAdvice is what one's own lawyers or rights officers say about a proposal before it is answered.
type MeasureAdvice struct {
	Proposal act.ID `json:"proposal"`
	Field    string `json:"field"`  // legal, rights, data-protection, finance
	Advice   string `json:"advice"` // accept, accept-with-changes, decline
	Text     string `json:"text"`
}

// PostingAccess is the host's own evidence that access began or ended, and on which interfaces.
type PostingAccess struct {
	Officer    act.ID   `json:"officer"`
	Why        string   `json:"why"`        // catalogue key, for example "taskforce.access.recalled"
	Interfaces []string `json:"interfaces"` // pages, api, sessions, devices
}
