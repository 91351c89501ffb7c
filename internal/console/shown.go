package console

import (
	"fmt"
	"strconv"
	"time"

	"countersign/internal/act"
	"countersign/internal/border"
	"countersign/internal/border/lane"
	"countersign/internal/fault"
)

// Shown is what stands on the screen in view of the traveller: what to do, never why.
type Shown struct {
	Check  act.ID        `json:"check"`
	Answer border.Answer `json:"answer"`
	Next   string        `json:"next"` // catalogue key
}

// shown leaves out every reason. Only a zone that could not be read is told, because the officer has to read it
// again: that says nothing about the traveller.
func (l *Lane) shown(c *check) *Shown {
	s := &Shown{Check: c.id, Answer: c.result.Answer, Next: "border.next.none"}
	switch c.result.Answer {
	case border.AskMore:
		s.Next = "border.next.ask"
	case border.SecondLine:
		s.Next = "border.next.second-line"
	}
	if c.document == nil {
		s.Next = "border.next.read-again"
	}
	return s
}

// Status is how the lane stands, for the foot of every page.
type Status struct {
	Lists   []ListLine
	Waiting int
	Offline bool // the last delivery failed
	Clock   Jump
	Refused string // catalogue key: why the newest file of lists was not taken
	Until   time.Time
	Ended   bool
	Last    string // hash of the newest entry, by which a supervisor closes the day
}

// ListLine is one list and its age.
type ListLine struct {
	List    string
	Version int64
	Issued  time.Time
	Hours   string
	Usable  bool
}

// Jump says whether the wall clock was set while the lane ran.
type Jump struct {
	Jumped  bool
	Minutes string
}

// Status tells how the lane stands now.
func (l *Lane) Status() Status {
	now, jump := l.now()
	s := Status{Last: l.journal.last(), Waiting: l.journal.waiting(), Until: l.delegation.Until.In(l.zone), Ended: !now.Before(l.delegation.Until),
		Clock: Jump{jump.Noticed(), minutes(jump.By)}}
	l.mu.Lock()
	s.Offline, s.Refused = l.link != nil, l.refused
	l.mu.Unlock()
	ix, limit := l.lists.Index(), l.limit()
	if ix == nil {
		return s
	}
	for _, h := range ix.Lists() {
		age := now.Sub(h.Issued)
		s.Lists = append(s.Lists, ListLine{h.List, h.Version, h.Issued.In(l.zone), fmt.Sprintf("%.1f", age.Hours()), age <= limit && h.Valid(now)})
	}
	return s
}

// RestartClock is an officer's word that the wall clock is right now.
func (l *Lane) RestartClock() error {
	wall := l.Wall()
	if wall.Before(l.delegation.From) {
		return fault.New(fault.Invalid, "fault.console.clock", "minutes", minutes(l.delegation.From.Sub(wall)))
	}
	l.clock.Store(lane.StartClock(wall, l.Elapsed()))
	return nil
}

func minutes(d time.Duration) string { return strconv.FormatFloat(d.Minutes(), 'f', 0, 64) }

// Name, Point and Alerts say which lane this is and how many alerts it holds.
func (l *Lane) Name() string  { return l.settings.Delegation.Lane }
func (l *Lane) Point() string { return l.settings.Delegation.Point }
func (l *Lane) Alerts() int {
	if ix := l.lists.Index(); ix != nil {
		return ix.Alerts()
	}
	return 0
}
