package taskforce

import (
	"slices"
	"strings"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
)

// Caveats say who may read: everyone in the task force, its commanders on both sides, or named officers only.
var Caveats = []string{"task-force", "command", "named-officers"}

// Message is a message or briefing of the task force and who has read it.
type Message struct {
	ID      act.ID        `json:"id"`
	Act     act.ID        `json:"act"`
	From    act.Officer   `json:"from"`
	By      string        `json:"by"`
	Sent    time.Time     `json:"sent"`
	Body    joint.Message `json:"body"`
	Readers []Reader      `json:"readers"`
}

// Reader is one read receipt.
type Reader struct {
	Officer act.Officer `json:"officer"`
	At      time.Time   `json:"at"`
}

// Draft is a message that waits for a second officer. It never leaves its node.
type Draft struct {
	ID       act.ID // the act that drafted it
	Author   act.Officer
	Review   act.ID // the act that reviewed it; empty: not yet
	Reviewer act.Officer
	Cleared  bool
	Reason   string
	domestic.MessageDraft
}

func messageOf(id act.ID, acts []entry) *Message {
	var m *Message
	for _, e := range acts {
		switch b := e.event.Body.(type) {
		case *joint.Message:
			if m == nil {
				m = &Message{ID: id, Act: e.event.ID, From: e.event.Officer, By: e.stream, Sent: e.event.Made.UTC(), Body: *b}
				m.Body.Expires = b.Expires.UTC()
			}
		case *joint.MessageReceipt:
			if m != nil && b.Message == m.Act && !m.ReadBy(e.event.Officer.ID) {
				m.Readers = append(m.Readers, Reader{e.event.Officer, e.event.Made.UTC()})
			}
		}
	}
	return m
}

// ReadBy tells whether an officer has given a receipt.
func (m *Message) ReadBy(officer act.ID) bool {
	return slices.ContainsFunc(m.Readers, func(r Reader) bool { return r.Officer.ID == officer })
}

// Expired tells whether the text may no longer be shown.
func (m *Message) Expired(at time.Time) bool { return !at.Before(m.Body.Expires) }

// commanders may read what is for the command.
var commanders = []string{"coordinator", "supervisor"}

// MayRead tells whether the caveat lets an officer read the message at an instant. Access is asked as well.
func (m *Message) MayRead(o act.Officer, at time.Time) bool {
	if m.From.ID == o.ID {
		return true
	}
	if m.Expired(at) {
		return false
	}
	switch m.Body.Caveat {
	case "task-force":
		return true
	case "command":
		return slices.Contains(commanders, o.Role) || slices.Contains(m.Body.To, o.ID)
	}
	return slices.Contains(m.Body.To, o.ID)
}

// Unread lists the addressed officers who have given no receipt for a briefing.
func (m *Message) Unread() []act.ID {
	var out []act.ID
	for _, o := range m.Body.To {
		if !m.ReadBy(o) {
			out = append(out, o)
		}
	}
	return out
}

// NeedsReview tells whether a second officer has to read a text before it may cross: when it is about a person,
// holds an identifier, or speaks of protection.
func NeedsReview(d domestic.MessageDraft) bool {
	text := d.Subject + "\n" + d.Text
	return d.Person || NamesPerson(text) || Protected(text)
}

// DraftMessage puts a message before a second officer.
type DraftMessage struct {
	ID    act.ID
	Draft domestic.MessageDraft
}

func (c DraftMessage) decide(s State, env Env) ([]act.Statement, error) {
	if err := unused(c.ID, s.Messages); err != nil {
		return nil, err
	}
	if err := checkMessage(s, c.Draft, env); err != nil {
		return nil, err
	}
	return own(domestic.MessageDrafted, c.ID, &c.Draft), nil
}

// ReviewMessage clears a colleague's draft or sends it back.
type ReviewMessage struct {
	ID      act.ID
	Cleared bool
	Reason  string
}

func (c ReviewMessage) decide(s State, env Env) ([]act.Statement, error) {
	d := s.Drafts[c.ID]
	switch {
	case d == nil:
		return nil, missing("fault.taskforce.draft-unknown")
	case d.Review != "":
		return nil, conflict("fault.taskforce.draft-reviewed")
	case d.Author.ID == env.Officer.ID || d.Author.Role == env.Officer.Role: // design.md 5.4
		return nil, denied("fault.taskforce.second-officer")
	case !c.Cleared && strings.TrimSpace(c.Reason) == "":
		return nil, invalid("fault.taskforce.review-reason")
	}
	return own(domestic.MessageReviewed, c.ID,
		&domestic.MessageReview{Draft: d.ID, Cleared: c.Cleared, Reason: c.Reason}), nil
}

// SendMessage sends a message: one that needs no review as it is given, or the cleared draft of that id.
type SendMessage struct {
	ID      act.ID
	Message domestic.MessageDraft // ignored when a draft of this id exists
}

func (c SendMessage) decide(s State, env Env) ([]act.Statement, error) {
	if err := unused(c.ID, s.Messages); err != nil {
		return nil, err
	}
	d, out := c.Message, joint.Message{}
	if draft := s.Drafts[c.ID]; draft != nil {
		if !draft.Cleared || draft.Author.ID != env.Officer.ID {
			return nil, denied("fault.taskforce.not-cleared")
		}
		d, out.Reviewer, out.Reviewed = draft.MessageDraft, draft.Reviewer.ID, draft.Review
	} else if NeedsReview(d) {
		return nil, denied("fault.taskforce.not-cleared")
	}
	if err := checkMessage(s, d, env); err != nil {
		return nil, err
	}
	out.Caveat, out.Onward, out.To, out.Subject, out.Text = d.Caveat, d.Onward, d.To, d.Subject, d.Text
	out.Briefing, out.About, out.Person = d.Briefing, d.About, d.Person
	out.Expires, out.InReplyTo = d.Expires.UTC(), d.InReplyTo
	return one(joint.MessageSent, c.ID, &out), nil
}

func checkMessage(s State, d domestic.MessageDraft, env Env) error {
	switch {
	case !slices.Contains(Caveats, d.Caveat):
		return invalid("fault.taskforce.caveat", "caveat", d.Caveat)
	case d.Caveat == "named-officers" && len(d.To) == 0, d.Briefing && len(d.To) == 0:
		return invalid("fault.taskforce.no-recipient")
	case strings.TrimSpace(d.Subject) == "" || strings.TrimSpace(d.Text) == "":
		return invalid("fault.taskforce.message-empty")
	case len([]rune(d.Subject)) > 200 || len([]rune(d.Text)) > longest:
		return invalid("fault.taskforce.text-long", "field", "text")
	case !d.Expires.After(env.Now):
		return invalid("fault.taskforce.expiry")
	case NamesPerson(d.Subject): // the subject stands in lists
		return invalid("fault.taskforce.text-person", "field", "subject")
	case d.Person && (Protected(d.Text) || Protected(d.Subject)):
		// IAA 1999 s13(3): no reviewer can let that cross.
		return denied("fault.taskforce.text-protected")
	case d.Person && d.Caveat != "named-officers":
		return invalid("fault.taskforce.person-caveat")
	}
	if r := s.Messages[d.InReplyTo]; d.InReplyTo != "" && r == nil {
		return missing("fault.taskforce.message-unknown")
	}
	return nil
}

// ReadMessage is the signing officer's read receipt.
type ReadMessage struct{ ID act.ID }

func (c ReadMessage) decide(s State, env Env) ([]act.Statement, error) {
	m := s.Messages[c.ID]
	switch {
	case m == nil || m.From.ID == env.Officer.ID || !m.MayRead(env.Officer, env.Now):
		return nil, missing("fault.taskforce.message-unknown")
	case m.ReadBy(env.Officer.ID):
		return nil, conflict("fault.taskforce.message-read")
	}
	return reply(joint.MessageRead, c.ID, m.Act, &joint.MessageReceipt{Message: m.Act}), nil
}
