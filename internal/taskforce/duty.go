package taskforce

import (
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/joint"
)

// Functions for which a contact point is on duty.
var Functions = []string{"coordination", "returns", "border", "crime"}

// Duty is one side's contact point for a period.
type Duty struct {
	ID    act.ID     `json:"id"`
	By    string     `json:"by"`
	Entry joint.Duty `json:"entry"`
	Until time.Time  `json:"until"` // real end
}

func dutyOf(id act.ID, acts []entry) *Duty {
	var d *Duty
	for _, e := range acts {
		switch b := e.event.Body.(type) {
		case *joint.Duty:
			if d == nil {
				d = &Duty{ID: id, By: e.stream, Entry: *b, Until: b.Until.UTC()}
				d.Entry.From, d.Entry.Until = b.From.UTC(), b.Until.UTC()
			}
		case *joint.DutyEnd:
			if d != nil && e.stream == d.By && b.At.Before(d.Until) {
				d.Until = b.At.UTC()
			}
		}
	}
	return d
}

// OnDuty lists who answers at an instant, by authority and function.
func (s State) OnDuty(at time.Time) []*Duty {
	var out []*Duty
	for _, d := range s.Duties {
		if !at.Before(d.Entry.From) && at.Before(d.Until) {
			out = append(out, d)
		}
	}
	slices.SortFunc(out, func(a, b *Duty) int {
		return strings.Compare(a.By+a.Entry.Function+string(a.ID), b.By+b.Entry.Function+string(b.ID))
	})
	return out
}

// Gap is a time without a contact point.
type Gap struct{ From, Until time.Time }

// DutyGaps lists when nobody of an authority answers for a function between two instants, day and night.
func (s State) DutyGaps(authority, function string, from, until time.Time) []Gap {
	var on []Gap
	for _, d := range s.Duties {
		if d.By == authority && d.Entry.Function == function && d.Entry.From.Before(d.Until) {
			on = append(on, Gap{d.Entry.From, d.Until})
		}
	}
	slices.SortFunc(on, func(a, b Gap) int { return a.From.Compare(b.From) })
	var gaps []Gap
	for _, d := range on {
		if !d.From.Before(until) {
			break
		}
		if d.From.After(from) {
			gaps = append(gaps, Gap{from, d.From})
		}
		if d.Until.After(from) {
			from = d.Until
		}
	}
	if from.Before(until) {
		gaps = append(gaps, Gap{from, until})
	}
	return gaps
}

// ITU-T E.164: a plus sign and up to fifteen digits; spaces are for reading.
var phone = regexp.MustCompile(`^\+[1-9][0-9 ]{5,20}$`)

// SetDuty names one's own contact point.
type SetDuty struct {
	ID    act.ID
	Entry joint.Duty
}

func (c SetDuty) decide(s State, env Env) ([]act.Statement, error) {
	if err := unused(c.ID, s.Duties); err != nil {
		return nil, err
	}
	if !slices.Contains(Functions, c.Entry.Function) {
		return nil, invalid("fault.taskforce.function", "function", c.Entry.Function)
	}
	if err := check("desk", c.Entry.Desk); err != nil {
		return nil, err
	}
	digits := strings.ReplaceAll(c.Entry.Phone, " ", "")
	if !phone.MatchString(c.Entry.Phone) || len(digits) > 16 {
		return nil, invalid("fault.taskforce.phone")
	}
	if c.Entry.Email != "" {
		if a, err := mail.ParseAddress(c.Entry.Email); err != nil || a.Address != c.Entry.Email {
			return nil, invalid("fault.taskforce.email")
		}
	}
	if !c.Entry.From.Before(c.Entry.Until) || !c.Entry.Until.After(env.Now) {
		return nil, invalid("fault.taskforce.duty-time")
	}
	return one(joint.DutySet, c.ID, &c.Entry), nil
}

// EndDuty takes one's own contact point off duty before its time.
type EndDuty struct {
	ID act.ID
	At time.Time
}

func (c EndDuty) decide(s State, env Env) ([]act.Statement, error) {
	switch d := s.Duties[c.ID]; {
	case d == nil:
		return nil, missing("fault.taskforce.duty-unknown")
	case d.By != env.Us:
		return nil, denied("fault.taskforce.not-own-duty")
	case !c.At.Before(d.Until) || c.At.Before(env.Now):
		return nil, invalid("fault.taskforce.duty-time")
	}
	return one(joint.DutyEnded, c.ID, &joint.DutyEnd{At: c.At.UTC()}), nil
}
