package treaty

import (
	"fmt"
	"reflect"
	"slices"
	"time"
)

// checker holds one file to the vocabulary and keeps the first thing that is wrong.
type checker struct {
	file    string
	data    []byte
	sources map[string]bool
	err     error
}

func (c *checker) refuse(pointer, key string, args ...string) {
	if c.err == nil {
		c.err = refuse(c.file, c.data, pointer, key, args...)
	}
}

// word refuses a value outside a closed list; an empty value is refused where the word is required.
func word[T ~string](c *checker, pointer string, value T, allowed []T, required bool) {
	switch {
	case value == "" && !required, slices.Contains(allowed, value):
	case value == "":
		c.refuse(pointer, "fault.treaty.file.missing", "allowed", list(allowed))
	default:
		c.refuse(pointer, "fault.treaty.file.value", "value", string(value), "allowed", list(allowed))
	}
}

func each[T ~string](c *checker, pointer string, values, allowed []T) {
	for i, v := range values {
		word(c, fmt.Sprintf("%s/%d", pointer, i), v, allowed, true)
	}
}

func (c *checker) text(pointer, value string) {
	if value == "" {
		c.refuse(pointer, "fault.treaty.file.missing", "allowed", `"..."`)
	}
}

func (c *checker) both(pointer string, t Text) {
	c.text(pointer+"/en", t.En)
	c.text(pointer+"/sq", t.Sq)
}

func (c *checker) notes(pointer string, notes []Text) {
	for i, n := range notes {
		c.both(fmt.Sprintf("%s/%d", pointer, i), n)
	}
}

func (c *checker) date(pointer string, d Date) {
	if d.IsZero() {
		c.refuse(pointer, "fault.treaty.file.missing", "allowed", "2006-01-02")
	}
}

// cited holds article and source: an article is given or written "unknown", and the source is one of the file's.
func (c *checker) cited(pointer, article, source string) {
	if article == "" {
		c.refuse(pointer+"/article", "fault.treaty.file.missing", "allowed", `"Art ...", "`+UnknownArticle+`"`)
	}
	if !c.sources[source] {
		var known []string
		for id := range c.sources {
			known = append(known, id)
		}
		slices.Sort(known)
		c.refuse(pointer+"/source", "fault.treaty.file.value", "value", source, "allowed", list(known))
	}
}

func (c *checker) agreement(a *Agreement) {
	c.text("/id", a.ID)
	c.date("/version", a.Version)
	word(c, "/kind", a.Kind, kinds, true)
	c.both("/title", a.Title)
	c.parties(a)
	word(c, "/mark", a.Mark, marks, true)
	word(c, "/effective_act", a.EffectiveAct, effectiveActs, a.Kind == Treaty)
	if !a.InForceUntil.IsZero() && !a.InForceFrom.Before(a.InForceUntil) {
		c.refuse("/in_force_until", "fault.treaty.file.value", "value", a.InForceUntil.String(), "allowed", "> in_force_from")
	}
	c.sources = map[string]bool{}
	for i, s := range a.Sources {
		p := fmt.Sprintf("/sources/%d", i)
		c.text(p+"/id", s.ID)
		c.text(p+"/title", s.Title)
		c.text(p+"/reference", s.Reference)
		c.sources[s.ID] = true
	}
	if a.StandIn {
		// A stand-in says for what it stands and names the texts from which its values come.
		c.both("/stand_in_for", a.StandInFor)
		if len(a.Sources) < 2 {
			c.refuse("/sources", "fault.treaty.file.missing", "allowed", "2 ...")
		}
	}
	if len(a.Limits) == 0 {
		c.refuse("/limits", "fault.treaty.file.missing", "allowed", "[ ... ]")
	}
	c.limits("/limits", a.Limits, nil)
	for i, u := range a.NotKnown {
		p := fmt.Sprintf("/not_known/%d", i)
		word(c, p+"/rule", u.Rule, rules, true)
		c.both(p+"/note", u.Note)
	}
	if a.DailyRequests != nil && *a.DailyRequests < 1 {
		c.refuse("/daily_requests", "fault.treaty.file.value", "value", fmt.Sprint(*a.DailyRequests), "allowed", "null, 1, 2, 3 ...")
	}
	c.annexes(a)
	c.notes("/notes", a.Notes)
}

func (c *checker) parties(a *Agreement) {
	if least := map[Kind]int{Treaty: 2, DomesticLaw: 1}[a.Kind]; len(a.Parties) < least {
		c.refuse("/parties", "fault.treaty.file.missing", "allowed", `["gb", "al"]`)
	}
	for i, p := range a.Parties {
		if len(p) != 2 || p[0] < 'a' || p[0] > 'z' || p[1] < 'a' || p[1] > 'z' {
			c.refuse(fmt.Sprintf("/parties/%d", i), "fault.treaty.file.value", "value", p, "allowed", "gb, al ... (ISO 3166-1)")
		}
		if _, err := time.LoadLocation(a.Zones[p]); a.Zones[p] == "" || err != nil {
			c.refuse("/zones/"+p, "fault.treaty.file.value", "value", a.Zones[p], "allowed", "Europe/London, Europe/Tirane ... (IANA)")
		}
	}
}

func (c *checker) limits(pointer string, ls []Limit, parent *Limit) {
	for i := range ls {
		l, p := &ls[i], fmt.Sprintf("%s/%d", pointer, i)
		c.limit(p, l)
		for _, other := range ls[:i] {
			if other.Rule == l.Rule && reflect.DeepEqual(other.AppliesWhen, l.AppliesWhen) {
				c.refuse(p+"/rule", "fault.treaty.file.duplicate", "value", string(l.Rule))
			}
		}
		// A sub-limit runs inside its limit: it cannot be the longer of two in the same unit.
		if parent != nil && parent.Unit == l.Unit && l.Limit > parent.Limit {
			c.refuse(p+"/limit", "fault.treaty.file.value", "value", fmt.Sprint(l.Limit), "allowed", fmt.Sprintf("<= %d", parent.Limit))
		}
		c.limits(p+"/sub_limits", l.SubLimits, l)
	}
}

func (c *checker) limit(p string, l *Limit) {
	word(c, p+"/rule", l.Rule, rules, true)
	if l.Limit < 1 || l.Limit > 1000 {
		c.refuse(p+"/limit", "fault.treaty.file.value", "value", fmt.Sprint(l.Limit), "allowed", "1 ... 1000")
	}
	word(c, p+"/unit", l.Unit, units, true)
	word(c, p+"/bound", l.Bound, bounds, false)
	word(c, p+"/direction", l.Direction, directions, false)
	word(c, p+"/starts_on", l.StartsOn, triggers, true)
	word(c, p+"/first_day", l.FirstDay, firstDays, false)
	c.decision(p, l)
	unit, _ := l.Effective()
	word(c, p+"/calendar", l.Calendar, whose, unit == WorkingDay || l.RollsOver)
	if unit != WorkingDay && !l.RollsOver && l.Calendar != "" {
		c.refuse(p+"/calendar", "fault.treaty.file.value", "value", string(l.Calendar), "allowed", "null (unit working_day, rolls_over)")
	}
	each(c, p+"/applies_when/tier", l.AppliesWhen.Tier, tiers)
	each(c, p+"/applies_when/category", l.AppliesWhen.Category, categories)
	each(c, p+"/applies_when/escort", l.AppliesWhen.Escort, escorts)
	each(c, p+"/applies_when/means", l.AppliesWhen.Means, means)
	c.clauses(p, l)
	if len(l.OnExpiry) == 0 {
		c.refuse(p+"/on_expiry", "fault.treaty.file.missing", "allowed", list(expiries))
	}
	each(c, p+"/on_expiry", l.OnExpiry, expiries)
	if len(l.OnExpiry) > 1 && slices.Contains(l.OnExpiry, NoEffect) {
		c.refuse(p+"/on_expiry", "fault.treaty.file.value", "value", list(l.OnExpiry), "allowed", string(NoEffect))
	}
	c.cited(p, l.Article, l.Source)
	c.notes(p+"/notes", l.Notes)
}

func (c *checker) decision(p string, l *Limit) {
	if l.Decision == nil {
		return
	}
	if l.Unit != DayUnspecified {
		c.refuse(p+"/decision", "fault.treaty.file.value", "value", string(l.Unit), "allowed", "unit "+string(DayUnspecified))
	}
	word(c, p+"/decision/means", l.Decision.Means, []Unit{CalendarDay, WorkingDay}, true)
	c.text(p+"/decision/by", l.Decision.By)
	c.date(p+"/decision/on", l.Decision.On)
}

func (c *checker) clauses(p string, l *Limit) {
	if x := l.Extension; x != nil {
		word(c, p+"/extension/basis", x.Basis, bases, true)
		word(c, p+"/extension/unit", x.Unit, units, false)
		word(c, p+"/extension/until", x.Until, events, x.Max == 0)
		if x.Max < 0 || x.Basis == Total && (x.Max <= l.Limit || x.Unit != "" && x.Unit != l.Unit) {
			c.refuse(p+"/extension/max", "fault.treaty.file.value", "value", fmt.Sprint(x.Max), "allowed", fmt.Sprintf("> %d", l.Limit))
		}
	}
	if r := l.Restart; r != nil {
		each(c, p+"/restart/on", r.On, events)
		if len(r.On) == 0 || r.Limit < 0 {
			c.refuse(p+"/restart", "fault.treaty.file.missing", "allowed", list(events))
		}
	}
	if l.Direction == Backward && (l.Extension != nil || l.Restart != nil || l.RollsOver) {
		c.refuse(p+"/direction", "fault.treaty.file.value", "value", string(l.Direction), "allowed", string(Forward))
	}
}

func (c *checker) annexes(a *Agreement) {
	if a.Language != nil {
		c.text("/language/code", a.Language.Code)
		c.cited("/language", a.Language.Article, a.Language.Source)
	}
	for i, r := range a.Categories {
		p := fmt.Sprintf("/categories/%d", i)
		word(c, p+"/category", r.Category, categories, true)
		c.both(p+"/duty", r.Duty)
		c.cited(p, r.Article, r.Source)
	}
	for i, e := range a.Evidence {
		p := fmt.Sprintf("/evidence/%d", i)
		word(c, p+"/tier", e.Tier, tiers, true)
		each(c, p+"/categories", e.Categories, categories)
		c.both(p+"/effect", e.Effect)
		c.cited(p, e.Article, e.Source)
	}
	for i, f := range a.Forms {
		p := fmt.Sprintf("/forms/%d", i)
		c.text(p+"/form", f.Form)
		c.text(p+"/annex", f.Annex)
		c.cited(p, f.Article, f.Source)
	}
	for i, k := range a.Costs {
		p := fmt.Sprintf("/costs/%d", i)
		c.both(p+"/rule", k.Rule)
		c.cited(p, k.Article, k.Source)
	}
	for i, x := range a.CrossingPoints {
		p := fmt.Sprintf("/crossing_points/%d", i)
		word(c, p+"/state", x.State, a.Parties, true)
		word(c, p+"/means", x.Means, means, true)
		c.text(p+"/name", x.Name)
	}
}
