package taskforce

import (
	"slices"
	"strings"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/joint"
)

// Commitment is a promise of the register: what, by whom, by when, and how far it is.
type Commitment struct {
	ID         act.ID            `json:"id"`
	Entry      *joint.Commitment `json:"entry"` // as both agreed it; nil: not agreed yet
	EnteredOn  time.Time         `json:"entered_on"`
	Proposals  []*Proposal       `json:"proposals"`
	Agreed     *Proposal         `json:"agreed"` // which made the entry
	Open       *Proposal         `json:"open"`
	Statements []Statement       `json:"statements"` // of the sides that owe it, in order
	Crossings  []Crossing        `json:"crossings"`
}

// Statement is one side's own word on how far it is.
type Statement struct {
	ID   act.ID    `json:"id"`
	By   string    `json:"by"`
	Made time.Time `json:"made"`
	joint.CommitmentProgress
}

// CommitmentStates are what a side may say of its progress.
var CommitmentStates = []string{"not-started", "under-way", "delayed", "kept", "not-kept"}

func commitmentOf(id act.ID, acts []entry) *Commitment {
	t := negotiate("commitment", id, acts)
	if len(t.all) == 0 {
		return nil
	}
	c := &Commitment{ID: id, Proposals: t.all, Open: t.open(), Crossings: t.conflicts}
	if p := t.current(); p != nil {
		c.Agreed, c.Entry, c.EnteredOn = p, p.Content.(*joint.Commitment), p.At
	}
	for _, e := range acts {
		if b, ok := e.event.Body.(*joint.CommitmentProgress); ok {
			c.Statements = append(c.Statements, Statement{e.event.ID, e.stream, e.event.Made.UTC(), *b})
		}
	}
	return c
}

// Line is one line of the public page: the promise and each owing side's latest word, in both languages. A side
// that has said nothing has no entry; silence is never filled in.
type Line struct {
	ID      act.ID
	Entry   joint.Commitment
	Overdue bool
	Latest  map[string]Statement // authority -> its own latest statement
}

// Progress is the public page on a day, by due date; promises without a date come last.
func (s State) Progress(day string) []Line {
	var out []Line
	for _, c := range s.Commitments {
		if c.Entry == nil {
			continue
		}
		l := Line{ID: c.ID, Entry: *c.Entry, Latest: map[string]Statement{}}
		for _, st := range c.Statements {
			if st.AsOf <= day && st.AsOf >= l.Latest[st.By].AsOf {
				l.Latest[st.By] = st
			}
		}
		kept := true
		for _, by := range l.Entry.By {
			kept = kept && l.Latest[by].Status == "kept"
		}
		l.Overdue = !kept && l.Entry.Due != "" && day > l.Entry.Due
		out = append(out, l)
	}
	slices.SortFunc(out, func(a, b Line) int {
		return strings.Compare(dueKey(a), dueKey(b))
	})
	return out
}

func dueKey(l Line) string {
	if l.Entry.Due == "" {
		return "~" + string(l.ID)
	}
	return l.Entry.Due + string(l.ID)
}
