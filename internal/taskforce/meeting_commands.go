package taskforce

import (
	"countersign/internal/act"
	"countersign/internal/act/joint"
)

// CallMeeting invites both sides.
type CallMeeting struct {
	ID   act.ID
	Call joint.MeetingCall
}

func (c CallMeeting) decide(s State, env Env) ([]act.Statement, error) {
	if err := unused(c.ID, s.Meetings); err != nil {
		return nil, err
	}
	if err := check("agenda", append([]joint.Text{c.Call.Title, c.Call.Place}, c.Call.Agenda...)...); err != nil {
		return nil, err
	}
	if len(c.Call.Agenda) == 0 {
		return nil, invalid("fault.taskforce.no-agenda")
	}
	if !c.Call.Ends.After(c.Call.Starts) || c.Call.Starts.Before(env.Now) {
		return nil, invalid("fault.taskforce.meeting-time")
	}
	return one(joint.MeetingCalled, c.ID, &c.Call), nil
}

// MoveMeeting gives one's own meeting another time.
type MoveMeeting struct {
	ID   act.ID
	Move joint.MeetingMove
}

func (c MoveMeeting) decide(s State, env Env) ([]act.Statement, error) {
	if err := ownMeeting(s, c.ID, env); err != nil {
		return nil, err
	}
	if !c.Move.Ends.After(c.Move.Starts) || c.Move.Starts.Before(env.Now) {
		return nil, invalid("fault.taskforce.meeting-time")
	}
	if err := check("reason", c.Move.Reason); err != nil {
		return nil, err
	}
	return one(joint.MeetingMoved, c.ID, &c.Move), nil
}

// CancelMeeting says that one's own meeting does not take place.
type CancelMeeting struct {
	ID     act.ID
	Reason joint.Text
}

func (c CancelMeeting) decide(s State, env Env) ([]act.Statement, error) {
	if err := ownMeeting(s, c.ID, env); err != nil {
		return nil, err
	}
	if err := check("reason", c.Reason); err != nil {
		return nil, err
	}
	return one(joint.MeetingCancelled, c.ID, &joint.MeetingCancellation{Reason: c.Reason}), nil
}

func ownMeeting(s State, id act.ID, env Env) error {
	switch m := s.Meetings[id]; {
	case m == nil:
		return missing("fault.taskforce.meeting-unknown")
	case m.CalledBy != env.Us:
		return denied("fault.taskforce.not-own-meeting")
	case m.Cancelled:
		return conflict("fault.taskforce.meeting-cancelled")
	case len(m.Minutes) > 0:
		return conflict("fault.taskforce.meeting-minuted")
	}
	return nil
}

// ProposeMinutes proposes the text of the minutes, or a correction of the agreed text.
type ProposeMinutes struct {
	ID      act.ID
	Minutes joint.Minutes // Base is filled in
}

func (c ProposeMinutes) decide(s State, env Env) ([]act.Statement, error) {
	m := s.Meetings[c.ID]
	switch {
	case m == nil:
		return nil, missing("fault.taskforce.meeting-unknown")
	case m.Cancelled:
		return nil, conflict("fault.taskforce.meeting-cancelled")
	case m.Open != nil:
		return nil, conflict("fault.taskforce.open-proposal", "authority", m.Open.By)
	case env.Now.Before(m.Starts):
		return nil, invalid("fault.taskforce.minutes-early")
	case len(c.Minutes.Items) != len(m.Agenda):
		return nil, invalid("fault.taskforce.minutes-items")
	}
	if err := c.check(s); err != nil {
		return nil, err
	}
	body := c.Minutes
	body.Base = ""
	if m.Agreed != nil {
		body.Base = m.Agreed.ID
	}
	return one(joint.MinutesProposed, c.ID, &body), nil
}

func (c ProposeMinutes) check(s State) error {
	if err := check("minutes", c.Minutes.Items...); err != nil {
		return err
	}
	used := map[act.ID]bool{"": true}
	for _, d := range c.Minutes.Decisions {
		if used[d.ID] {
			return invalid("fault.taskforce.no-id")
		}
		used[d.ID] = true
		if err := check("decision", d.Text); err != nil {
			return err
		}
		if d.Measure != "" && s.Measures[d.Measure] == nil {
			return missing("fault.taskforce.measure-unknown")
		}
	}
	for _, a := range c.Minutes.Actions {
		if t := s.Tasks[a.ID]; used[a.ID] || t != nil && t.Meeting != c.ID {
			return invalid("fault.taskforce.no-id")
		}
		used[a.ID] = true
		if err := checkTask(s, a.Title, a.Owner, a.Due, a.Measure); err != nil {
			return err
		}
	}
	return nil
}

// AgreeMinutes agrees to the other side's text: its decisions and actions stand.
type AgreeMinutes struct{ ID, Proposal act.ID }

func (c AgreeMinutes) decide(s State, env Env) ([]act.Statement, error) {
	m := s.Meetings[c.ID]
	if m == nil {
		return nil, missing("fault.taskforce.meeting-unknown")
	}
	p, err := answerable(m.Minutes, c.Proposal, env)
	if err != nil {
		return nil, err
	}
	return reply(joint.MinutesAgreed, c.ID, p.ID, &joint.Agreement{Proposal: p.ID}), nil
}

// ReturnMinutes sends the other side's text back with what is wrong.
type ReturnMinutes struct {
	ID, Proposal act.ID
	Reason       joint.Text
}

func (c ReturnMinutes) decide(s State, env Env) ([]act.Statement, error) {
	m := s.Meetings[c.ID]
	if m == nil {
		return nil, missing("fault.taskforce.meeting-unknown")
	}
	p, err := answerable(m.Minutes, c.Proposal, env)
	if err != nil {
		return nil, err
	}
	if err := check("reason", c.Reason); err != nil {
		return nil, err
	}
	return reply(joint.MinutesReturned, c.ID, p.ID, &joint.ProposalRefusal{Proposal: p.ID, Reason: c.Reason}), nil
}

// WithdrawMinutes takes back one's own text.
type WithdrawMinutes struct{ ID, Proposal act.ID }

func (c WithdrawMinutes) decide(s State, env Env) ([]act.Statement, error) {
	m := s.Meetings[c.ID]
	if m == nil {
		return nil, missing("fault.taskforce.meeting-unknown")
	}
	if err := withdrawable(m.Minutes, c.Proposal, env); err != nil {
		return nil, err
	}
	return reply(joint.MinutesWithdrawn, c.ID, c.Proposal, &joint.Withdrawal{Proposal: c.Proposal}), nil
}
