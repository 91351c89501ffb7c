package desk

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"

	"countersign/internal/access"
	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/fault"
	"countersign/internal/taskforce"
)

// TaskForceState shows the joint task force to an officer whom the policies let see it: action is view-measures,
// view-tasks, view-postings or view-calendar. The state is never changed; nobody but officers is named in it. Texts of
// messages are not in it (Messages). A posted officer gets nothing of the host's own.
func (d *Desk) TaskForceState(_ context.Context, who Session, action string) (taskforce.State, error) {
	if err := d.allow(who, action, access.Resource{Type: "task-force"}); err != nil {
		return taskforce.State{}, err
	}
	s := d.force.durable.Load().state
	s.Messages, s.Drafts = nil, nil
	if who.Posted {
		s.Advice, s.Access = nil, nil
	}
	return s, nil
}

// MessageLine is a message as its reader sees it in a list.
type MessageLine struct {
	taskforce.Message
	Mine, Read bool
}

// Messages lists what the officer may read now, newest first. Subjects hold no person; texts are shown one at a time.
func (d *Desk) Messages(_ context.Context, who Session) ([]MessageLine, error) {
	if err := d.allow(who, "view-messages", access.Resource{Type: "task-force"}); err != nil {
		return nil, err
	}
	now := d.Clock()
	var all []MessageLine
	for _, m := range d.force.durable.Load().state.Messages {
		if !m.MayRead(who.Officer, now) {
			continue
		}
		line := MessageLine{Message: *m, Mine: m.From.ID == who.Officer.ID, Read: m.ReadBy(who.Officer.ID)}
		line.Body.Text = ""
		all = append(all, line)
	}
	slices.SortFunc(all, func(a, b MessageLine) int {
		return cmp.Or(b.Sent.Compare(a.Sent), strings.Compare(string(a.ID), string(b.ID)))
	})
	return all, nil
}

// ViewMessage shows one message. After its expiry the text is not shown any more, not even to its author; a look at a
// text about a person is recorded first.
func (d *Desk) ViewMessage(ctx context.Context, who Session, id act.ID) (taskforce.Message, error) {
	if err := d.allow(who, "view-messages", access.Resource{Type: "task-force"}); err != nil {
		return taskforce.Message{}, err
	}
	m, now := d.force.durable.Load().state.Messages[id], d.Clock()
	if m == nil || !m.MayRead(who.Officer, now) {
		return taskforce.Message{}, fault.New(fault.Missing, "fault.taskforce.message-unknown")
	}
	shown := *m
	if m.Expired(now) {
		shown.Body.Text = ""
		return shown, nil
	}
	if m.Body.Person {
		if err := d.consult(ctx, who, "view-messages", access.Resource{Type: "task-force"}, "message", id); err != nil {
			return taskforce.Message{}, err
		}
	}
	return shown, nil
}

// Drafts lists the texts that wait for a second officer: one's own, and to whoever reviews those of others. A posted
// officer sees only the own ones.
func (d *Desk) Drafts(_ context.Context, who Session) (map[act.ID]taskforce.Draft, error) {
	if err := d.allow(who, "view-messages", access.Resource{Type: "task-force"}); err != nil {
		return nil, err
	}
	state, all := d.force.durable.Load().state, map[act.ID]taskforce.Draft{}
	for id, draft := range state.Drafts {
		reviews := d.allow(who, "review-message", access.Resource{Type: "task-force", First: draft.Author}) == nil
		if state.Messages[id] == nil && (draft.Author.ID == who.Officer.ID || reviews) {
			all[id] = *draft
		}
	}
	return all, nil
}

// MayForce tells whether the officer could give a command as things stand, for what a page offers: nil, or that a
// field is still to be filled in. It is asked again when it is done.
func (d *Desk) MayForce(who Session, c taskforce.Command) error {
	f, now := d.force.durable.Load(), d.Clock()
	if err := d.allowAt(f, now, who, taskforce.Name(c), forceResource(f.state, c, who)); err != nil {
		return err
	}
	_, err := taskforce.Decide(f.state, c, d.forceEnv(who, now))
	if fault.KindOf(err) == fault.Invalid {
		return nil
	}
	return err
}

// Progress is the public page of the commitments: what was promised, by whom, by when, and how far it is. It asks
// nobody who they are, because nothing in it is about a person.
func (d *Desk) Progress(day string) []taskforce.Line {
	return d.force.durable.Load().state.Progress(day)
}

// Calendar is the shared calendar as a feed without personal data, for whoever holds the token of an officer who may
// see the calendar now. Nothing tells a wrong token from one that no longer counts.
func (d *Desk) Calendar(officer act.ID, token string, w taskforce.CalendarWords) (string, error) {
	missing := fault.New(fault.Missing, "fault.taskforce.calendar")
	if !hmac.Equal([]byte(token), []byte(d.calendarToken(officer))) {
		return "", missing
	}
	who, err := d.SignIn(context.Background(), officer)
	if fault.KindOf(err) != "" {
		return "", missing
	}
	if err != nil {
		return "", err
	}
	if d.allow(who.For("purpose.taskforce"), "view-calendar", access.Resource{Type: "task-force"}) != nil {
		return "", missing
	}
	return d.force.durable.Load().state.Calendar(w, d.Clock()), nil
}

// CalendarToken is what an officer gives to a calendar program instead of a password. It opens nothing but the
// calendar, and ends with the officer's key.
func (d *Desk) CalendarToken(who Session) (string, error) {
	if err := d.allow(who, "view-calendar", access.Resource{Type: "task-force"}); err != nil {
		return "", err
	}
	return d.calendarToken(who.Officer.ID), nil
}

func (d *Desk) calendarToken(officer act.ID) string {
	h := hmac.New(sha256.New, d.Keys.Blind)
	h.Write([]byte("calendar\x00" + string(officer)))
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// ForceEvents are the acts about one thing of the task force in this node's order, with what each officer was at the
// time. A posted officer gets the joint ones.
func (d *Desk) ForceEvents(_ context.Context, who Session, action string, id act.ID) ([]act.Event, error) {
	if err := d.allow(who, action, access.Resource{Type: "task-force"}); err != nil {
		return nil, err
	}
	events, err := d.eventsAbout(d.Store, id)
	return slices.DeleteFunc(events, func(e act.Event) bool {
		_, message := e.Body.(*domestic.MessageDraft)
		return !isForce(e.Kind) || message || who.Posted && e.Scope == act.Domestic
	}), err
}

// ForceDigest is the digest of this node's joint task force record, to be compared with the other node's.
func (d *Desk) ForceDigest() (string, error) { return d.force.durable.Load().state.Digest() }

// PostedHere lists the officers of the other state who have access now, with their posting.
func (d *Desk) PostedHere() map[act.ID]act.ID {
	out := map[act.ID]act.ID{}
	s := d.force.durable.Load().state
	for id := range maps.Keys(s.Postings) {
		if p := s.Postings[id]; d.hosts(p) && p.Nominee != nil && s.AccessAt(id, d.Clock(), d.Law.Location()).Open {
			out[p.Nominee.Officer] = id
		}
	}
	return out
}
