package taskforce

import (
	"slices"
	"strings"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/joint"
)

// Meeting is a meeting of the task force, its agenda and its minutes.
type Meeting struct {
	ID        act.ID       `json:"id"`
	CalledBy  string       `json:"called_by"`
	Title     joint.Text   `json:"title"`
	Starts    time.Time    `json:"starts"`
	Ends      time.Time    `json:"ends"`
	Place     joint.Text   `json:"place"`
	Agenda    []joint.Text `json:"agenda"`
	Cancelled bool         `json:"cancelled"`
	Reason    joint.Text   `json:"reason"`    // of the last move or of the cancellation
	Minutes   []*Proposal  `json:"minutes"`   // every text proposed
	Agreed    *Proposal    `json:"agreed"`    // the text both agreed last
	Open      *Proposal    `json:"open"`      // waits for the other side
	Crossings []Crossing   `json:"crossings"` //
	agreedAll []*Proposal
}

// Text returns the agreed minutes, or nil.
func (m *Meeting) Text() *joint.Minutes {
	if m.Agreed == nil {
		return nil
	}
	return m.Agreed.Content.(*joint.Minutes)
}

func meetingOf(id act.ID, acts []entry) *Meeting {
	t := negotiate("meeting", id, acts)
	m := &Meeting{ID: id, Minutes: t.all, Agreed: t.current(), Open: t.open(), agreedAll: t.agreed}
	var ended []entry // cancellations
	for _, e := range acts {
		switch b := e.event.Body.(type) {
		case *joint.MeetingCall:
			if m.CalledBy == "" {
				m.CalledBy, m.Title, m.Place, m.Agenda = e.stream, b.Title, b.Place, b.Agenda
				m.Starts, m.Ends = b.Starts.UTC(), b.Ends.UTC()
			}
		case *joint.MeetingMove:
			if e.stream == m.CalledBy && !m.Cancelled {
				m.Starts, m.Ends, m.Reason = b.Starts.UTC(), b.Ends.UTC(), b.Reason
			}
		case *joint.MeetingCancellation:
			if e.stream == m.CalledBy {
				m.Cancelled, m.Reason = true, b.Reason
				ended = append(ended, e)
			}
		}
	}
	if m.CalledBy == "" {
		return nil
	}
	m.held(t, ended)
	m.Crossings = t.conflicts
	return m
}

// held: minutes of the other side that crossed a cancellation show that the meeting took place.
func (m *Meeting) held(t *talks, ended []entry) {
	for _, e := range ended {
		for _, p := range t.all {
			if crossed(e, p.place) {
				t.conflicts.add("meeting", m.ID, e.event.ID, p.ID, RulingHeld)
				m.Cancelled = false
			}
		}
	}
	for _, e := range t.acts {
		if n, ok := noteOf(e.event.Body); ok {
			t.conflicts.note(e.stream, n)
		}
	}
}

// Decision is one line of the register of decisions.
type Decision struct {
	Meeting act.ID
	On      time.Time
	joint.MinutesDecision
}

// Decisions is the register of what both sides decided, newest first.
func (s State) Decisions() []Decision {
	var out []Decision
	for _, m := range s.Meetings {
		if m.Agreed == nil {
			continue
		}
		for _, d := range m.Text().Decisions {
			out = append(out, Decision{m.ID, m.Starts, d})
		}
	}
	slices.SortFunc(out, func(a, b Decision) int {
		if c := b.On.Compare(a.On); c != 0 {
			return c
		}
		return strings.Compare(string(a.ID), string(b.ID))
	})
	return out
}
