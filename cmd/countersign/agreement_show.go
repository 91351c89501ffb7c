package main

import (
	"fmt"
	"strings"

	"countersign/internal/treaty"
)

type agreementShow struct {
	ID string `arg:"" help:"Agreement, for example uk-al."`
	On string `help:"Show the version that applies on this day; the newest unless given." placeholder:"DATE"`
}

func (c *agreementShow) Run(a *app) error {
	on := treaty.NewDate(9999, 12, 31)
	if c.On != "" {
		var err error
		if on, err = treaty.ParseDate(c.On); err != nil {
			return err
		}
	}
	g, err := treaty.FindAgreement(c.ID, on)
	if err != nil {
		return err
	}
	s := &sheet{a: a, g: g}
	s.head(c.On, on)
	s.limits()
	s.annexes()
	s.rest()
	return nil
}

// sheet prints one agreement.
type sheet struct {
	a *app
	g *treaty.Agreement
}

func (s *sheet) say(key string, args ...string) string {
	return s.a.words.Text("treaty.cli."+key, args...)
}
func (s *sheet) line(indent int, parts ...string) {
	fmt.Fprintln(s.a.out, strings.Repeat(" ", indent)+strings.Join(parts, "; "))
}

func (s *sheet) head(asked string, on treaty.Date) {
	g := s.g
	s.line(0, fmt.Sprintf("%s (%s)", g.Title.In(s.a.lang()), g.ID), s.say("version", "date", g.Version.String()))
	s.a.warn(g, "")
	s.line(0, s.say("parties", "parties", strings.Join(g.Parties, ", ")))
	if asked != "" {
		s.line(0, s.a.force(g, on))
	} else if !g.InForceChecked {
		s.line(0, s.say("force-unchecked"))
	}
	for _, src := range g.Sources {
		s.line(0, s.say("source", "source", fmt.Sprintf("[%s] %s (%s)", src.ID, src.Title, src.Reference)))
	}
}

func (s *sheet) limits() {
	s.title("limits")
	for i := range s.g.Limits {
		s.limit(&s.g.Limits[i], 2)
	}
	if len(s.g.NotKnown) > 0 {
		s.title("not-known")
		for _, u := range s.g.NotKnown {
			s.line(2, string(u.Rule)+": "+u.Note.In(s.a.lang()))
		}
	}
}

func (s *sheet) title(key string) { fmt.Fprint(s.a.out, "\n"+s.say(key)+"\n") }

func (s *sheet) limit(l *treaty.Limit, indent int) {
	w := s.a.words
	parts := []string{string(l.Rule) + ": " + l.Terms(w)}
	if when := l.When(w); when != "" {
		parts = append(parts, s.say("when", "when", when))
	}
	if l.Calendar != "" {
		parts = append(parts, s.say("calendar-"+string(l.Calendar)))
	}
	parts = append(parts, s.clauses(l)...)
	if l.Direction == treaty.Forward && l.Bound == treaty.AtMost {
		parts = append(parts, s.say("at-end", "effect", l.Effect(w)))
	}
	s.line(indent, append(parts, s.a.article(l.Article)+" ["+l.Source+"]")...)
	for _, n := range l.Notes {
		s.line(indent+2, "- "+n.In(s.a.lang()))
	}
	for i := range l.SubLimits {
		s.limit(&l.SubLimits[i], indent+2)
	}
}

func (s *sheet) clauses(l *treaty.Limit) (parts []string) {
	if x := l.Extension; x != nil {
		unit := l.Unit
		if x.Unit != "" {
			unit = x.Unit
		}
		text := s.say("extension-open")
		if x.Max > 0 {
			text = s.say("extension-"+string(x.Basis), "span", treaty.Span(x.Max, unit, s.a.words))
		}
		if x.NeedsReason {
			text += ", " + s.say("reasoned")
		}
		parts = append(parts, text)
	}
	if r := l.Restart; r != nil {
		for _, e := range r.On {
			parts = append(parts, s.say("restart", "event", s.a.words.Text("treaty.event."+string(e))))
		}
	}
	return parts
}

func (s *sheet) annexes() {
	g, w, lang := s.g, s.a.words, s.a.lang()
	if len(g.Categories) > 0 {
		s.title("categories")
	}
	for _, c := range g.Categories {
		s.line(2, w.Text("treaty.category."+string(c.Category))+": "+c.Duty.In(lang), s.a.article(c.Article)+" ["+c.Source+"]")
	}
	if len(g.Evidence) > 0 {
		s.title("evidence")
	}
	for _, e := range g.Evidence {
		var who []string
		for _, c := range e.Categories {
			who = append(who, w.Text("treaty.category."+string(c)))
		}
		s.line(2, w.Text("treaty.tier."+string(e.Tier))+" ("+strings.Join(who, ", ")+"): "+e.Effect.In(lang), s.a.article(e.Article)+" ["+e.Source+"]")
		s.items("treaty.evidence.", e.Items)
	}
	if len(g.Forms) > 0 {
		s.title("forms")
	}
	for _, f := range g.Forms {
		s.line(2, w.Text("treaty.form."+f.Form), s.say("annex", "annex", f.Annex), s.a.article(f.Article)+" ["+f.Source+"]")
		s.items("treaty.field.", f.Fields)
	}
}

func (s *sheet) items(prefix string, items []string) {
	if len(items) == 0 {
		s.line(4, s.say("annex-not-read"))
		return
	}
	var all []string
	for _, i := range items {
		all = append(all, s.a.words.Text(prefix+i))
	}
	s.line(4, strings.Join(all, "; "))
}

func (s *sheet) rest() {
	g, w, lang := s.g, s.a.words, s.a.lang()
	if len(g.Costs) > 0 {
		s.title("costs")
	}
	for _, c := range g.Costs {
		parts := []string{c.Rule.In(lang), s.a.article(c.Article) + " [" + c.Source + "]"}
		if c.PaidWithin > 0 {
			parts = append(parts, s.say("paid-within", "span", treaty.Span(c.PaidWithin, treaty.CalendarDay, w)))
		}
		if c.PaidArticle != "" {
			parts = append(parts, s.a.article(c.PaidArticle))
		}
		s.line(2, parts...)
	}
	if g.Kind == treaty.Treaty {
		s.title("points")
		if g.CrossingPoints == nil {
			s.line(2, s.say("points-unknown"))
		}
		for _, p := range g.CrossingPoints {
			s.line(2, p.State+": "+p.Name+" ("+w.Text("treaty.means."+string(p.Means))+")")
		}
		if g.DailyRequests == nil {
			s.line(0, s.say("budget-unknown"))
		} else {
			s.line(0, s.say("budget", "count", fmt.Sprint(*g.DailyRequests)))
		}
	}
	if l := g.Language; l != nil {
		s.line(0, s.say("language", "code", l.Code), s.a.article(l.Article))
	}
	if len(g.Notes) > 0 {
		s.title("notes")
	}
	for _, n := range g.Notes {
		s.line(2, "- "+n.In(lang))
	}
	s.a.warn(g, "")
}
