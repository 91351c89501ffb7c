package taskforce

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"countersign/internal/act"
)

// CalendarWords are the few words of the shared calendar, in the reader's language. Titles, places and names are
// never in it: a calendar travels to phones and other servers.
type CalendarWords struct {
	Name, Meeting, MeasureBegins, MeasureEnds, TaskDue, PostingBegins, PostingEnds string
}

// Calendar is the shared calendar as iCalendar text (RFC 5545), without personal data: only what kind of thing
// happens when, and the reference by which an officer finds it after signing in. now is the DTSTAMP.
func (s State) Calendar(w CalendarWords, now time.Time) string {
	var lines []string
	stamp := now.UTC().Format(utcForm)
	event := func(id act.ID, what, summary, begins, ends string) {
		lines = append(lines, strings.Join([]string{"BEGIN:VEVENT", fold("UID:" + escape(string(id)+"-"+what+"@countersign")),
			"DTSTAMP:" + stamp, "DTSTART" + begins, "DTEND" + ends,
			fold("SUMMARY:" + escape(summary+" "+short(id))), "CLASS:PRIVATE", "END:VEVENT"}, crlf)+crlf)
	}
	for _, m := range s.Meetings {
		if !m.Cancelled {
			event(m.ID, "meeting", w.Meeting, ":"+m.Starts.Format(utcForm), ":"+m.Ends.Format(utcForm))
		}
	}
	days := func(id act.ID, what, summary, day string) {
		if t, err := time.Parse(time.DateOnly, day); err == nil {
			event(id, what, summary, ";VALUE=DATE:"+t.Format(dayForm), ";VALUE=DATE:"+t.AddDate(0, 0, 1).Format(dayForm))
		}
	}
	for _, m := range s.Measures {
		if m.Base() != "" {
			days(m.ID, "begins", w.MeasureBegins, m.Terms().From)
			days(m.ID, "ends", w.MeasureEnds, m.lastDay())
		}
	}
	for _, t := range s.Tasks {
		if t.Live() {
			days(t.ID, "due", w.TaskDue, t.Due)
		}
	}
	for _, p := range s.Postings {
		if p.Accredited != nil {
			days(p.ID, "begins", w.PostingBegins, p.Accredited.From)
			days(p.ID, "ends", w.PostingEnds, p.lastDay())
		}
	}
	slices.Sort(lines)
	head := []string{"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Countersign//Task force//EN", "CALSCALE:GREGORIAN",
		fold("X-WR-CALNAME:" + escape(w.Name))}
	return strings.Join(head, crlf) + crlf + strings.Join(lines, "") + "END:VCALENDAR" + crlf
}

const (
	crlf    = "\r\n"
	utcForm = "20060102T150405Z"
	dayForm = "20060102"
)

// lastDay is the last day of the terms, or the day before an agreed end.
func (m *Measure) lastDay() string {
	last := m.Terms().Until
	for _, p := range m.Agreed {
		if p.Change == "end" {
			if t, err := time.Parse(time.DateOnly, effective(p)); err == nil {
				last = min(last, t.AddDate(0, 0, -1).Format(time.DateOnly))
			}
		}
	}
	return last
}

// short is the beginning of a random id: enough to find the thing, and nothing can be read from it.
func short(id act.ID) string {
	s := string(id)
	if len(s) > 8 {
		s = s[:8]
	}
	return s
}

// escape follows RFC 5545, 3.3.11.
func escape(s string) string { return escapes.Replace(s) }

var escapes = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", "")

// fold breaks a line after 75 octets (RFC 5545, 3.1), never inside a character.
func fold(line string) string {
	if len(line) <= 75 {
		return line
	}
	var b strings.Builder
	used := 0
	for _, r := range line {
		n := len(string(r))
		if used+n > 75 {
			fmt.Fprint(&b, crlf, " ")
			used = 1
		}
		b.WriteRune(r)
		used += n
	}
	return b.String()
}
