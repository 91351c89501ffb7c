package treaty

import (
	"strconv"
	"strings"
	"time"
)

// Speaker fills a message of a catalogue; *words.Catalogue is one.
type Speaker interface {
	Text(key string, args ...string) string
}

// Explain puts every step of a date in words, in the language "en" or "sq" of the speaker.
func (r Reckoning) Explain(say Speaker, lang string) []string {
	var lines []string
	for _, s := range r.Steps {
		lines = append(lines, r.explain(s, say, lang))
	}
	return lines
}

func (r Reckoning) explain(s Step, say Speaker, lang string) string {
	key := s.Key
	if (key == "treaty.step.counted" || key == "treaty.step.weekend" || key == "treaty.step.stopped") && s.Count > 1 && s.Unit != Hour {
		key += "-days"
	}
	if key == "treaty.step.stopped" && s.Unit == Hour {
		key = "treaty.step.stopped-hours"
	}
	args := []string{
		"from", WordDate(s.From, say), "to", WordDate(s.To, say), "count", strconv.Itoa(s.Count),
		"first", strconv.Itoa(s.First), "last", strconv.Itoa(s.First + s.Count - 1),
		"zone", r.Zone.String(), "time", r.EndsAt.In(r.Zone).Format("15:04"),
	}
	if s.Unit != "" {
		args = append(args, "span", Span(s.Count, s.Unit, say))
	}
	if s.Key == "treaty.step.start" {
		args = append(args, "event", say.Text("treaty.trigger."+s.Reason))
	} else if s.Key == "treaty.step.restart" {
		args = append(args, "event", say.Text("treaty.event."+s.Reason))
	}
	if h := s.Holiday; h != nil {
		args = append(args, "holiday", h.Name.In(lang), "place", Place(h.State, h.Part, say),
			"status", say.Text("treaty.status."+string(h.Status)))
		if !h.Moved.IsZero() {
			key += "-moved"
			args = append(args, "moved", WordDate(h.Moved, say))
		}
	}
	return say.Text(key, args...)
}

// WordDate writes a date with its weekday in the speaker's language.
func WordDate(d Date, say Speaker) string {
	if d.IsZero() {
		return ""
	}
	return say.Text("treaty.date", "weekday", say.Text("treaty.weekday."+strconv.Itoa(int(d.Weekday()))),
		"day", strconv.Itoa(d.Day), "month", say.Text("treaty.month."+strconv.Itoa(int(d.Month))),
		"year", strconv.Itoa(d.Year))
}

// Span writes a length of time: 14 calendar days.
func Span(n int, unit Unit, say Speaker) string {
	return say.Text("treaty.unit."+string(unit), "count", strconv.Itoa(n))
}

// Place names a State or one of its parts.
func Place(state, part string, say Speaker) string {
	if part != "" {
		return say.Text("treaty.part." + part)
	}
	return say.Text("treaty.state." + state)
}

// Terms writes the limit itself: within 14 calendar days after receipt; at least 3 working days before transfer.
func (l *Limit) Terms(say Speaker) string {
	return say.Text("treaty.terms."+string(l.Bound)+"-"+string(l.Direction),
		"span", Span(l.Limit, l.Unit, say), "event", say.Text("treaty.trigger."+string(l.StartsOn)))
}

// Effect names what silence or lateness does.
func (l *Limit) Effect(say Speaker) string {
	var all []string
	for _, e := range l.OnExpiry {
		all = append(all, say.Text("treaty.expiry."+string(e)))
	}
	return strings.Join(all, "; ")
}

// When names the facts on which the limit depends, or "".
func (l *Limit) When(say Speaker) string {
	var all []string
	for _, v := range l.AppliesWhen.Tier {
		all = append(all, say.Text("treaty.tier."+string(v)))
	}
	for _, v := range l.AppliesWhen.Category {
		all = append(all, say.Text("treaty.category."+string(v)))
	}
	for _, v := range l.AppliesWhen.Escort {
		all = append(all, say.Text("treaty.escort."+string(v)))
	}
	for _, v := range l.AppliesWhen.Means {
		all = append(all, say.Text("treaty.means."+string(v)))
	}
	return strings.Join(all, ", ")
}

// Noon is the instant used where only a date is known: every zone of an agreement then agrees on the day.
func Noon(d Date, zone *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, zone)
}
