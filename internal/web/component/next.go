package component

import (
	"time"

	"countersign/internal/words"
)

// WhyStep is one step of how a date was reached.
type WhyStep struct {
	Text  string // what was counted: "Receipt by the requested state"
	Date  string // the date that the step gives, 2006-01-02
	Basis string // article or calendar: "Art. 11(2)"
}

// Why opens the trace of a date: every limit says what it counts from, by which article, in which zone.
type Why struct {
	Words *words.Catalogue
	Date  string // 2006-01-02
	Zone  time.Time
	Steps []WhyStep
	Note  string
}

func (Why) partial() string { return "why" }

// ZoneName is the zone in whose days the date is counted, empty if Zone is zero.
func (w Why) ZoneName() string {
	if w.Zone.IsZero() {
		return ""
	}
	return w.Words.Zone(w.Zone)
}

// Next says what is next, who owes it and by when: one sentence for the whole case (pain P11).
type Next struct {
	Words  *words.Catalogue
	What   string // "Reply to the readmission application"
	Who    string // who owes it, in words
	Ours   bool   // it is this officer's or this authority's to do
	Due    string // 2006-01-02; empty: no limit runs
	Today  time.Time
	Why    *Why
	Href   string // where to do it
	Button string // the act's name; empty: nothing to do here
	Note   string // what holds it up
	Done   bool   // the case is closed; What says how
}

func (Next) partial() string { return "next" }

// day is the due date, false if there is none.
func (n Next) day() (time.Time, bool) {
	d, err := time.Parse(time.DateOnly, n.Due)
	return d, err == nil
}

// Tone is how pressing it is.
func (n Next) Tone() Tone {
	d, limited := n.day()
	today := n.Today.Format(time.DateOnly)
	switch {
	case n.Done:
		return Good
	case limited && n.Due < today:
		return Bad
	case !n.Ours:
		return Waiting
	case limited && d.AddDate(0, 0, -3).Format(time.DateOnly) <= today:
		return Notice
	}
	return Neutral
}

// Status names the tone; empty for ordinary work.
func (n Next) Status() *Status {
	key := map[Tone]string{Good: "web.next.done", Bad: "web.next.overdue", Waiting: "web.next.waiting", Notice: "web.next.soon"}[n.Tone()]
	if key == "" {
		return nil
	}
	return &Status{Tone: n.Tone(), Text: n.Words.Text(key)}
}

// By is the limit in words: the date and how far it is.
func (n Next) By() string {
	d, ok := n.day()
	if !ok {
		return n.Words.Text("web.next.no-limit")
	}
	return n.Words.Text("web.next.by", "date", n.Words.Date(d), "distance", n.Words.Distance(d, n.Today))
}
