package press

import (
	"slices"
	"strings"
	"time"

	"countersign/internal/statistics"
)

// Which period a number is of, among those that its sentence names.

var (
	baseNumber = expression(`(?i)\b(?:from|than|against|versus|vs\.?|compared (?:with|to)|up on|down on|nga|prej|ndaj|karshi|krahasuar me|në krahasim me|se|sesa)(?: (?:just|only|about|around|some|nearly|almost|over|more than|fewer than|a total of|the|rreth|mbi|gati|vetëm|totalin prej))* ?$`)
	toNumber   = expression(`(?i)\b(?:to|në|deri në)(?: (?:just|about|around|nearly|almost|over|more than|rreth|mbi|gati))* ?$`)
)

// spoken lists the dates of a sentence in order, with those that are reckoned from another worked out. What
// cannot be worked out is vague.
func (r *reader) spoken(s span) (in []when, principal statistics.Period) {
	for _, w := range r.dates {
		if w.from >= s.from && w.to <= s.to {
			if w.today != nil {
				w.period = w.today(r.today)
			}
			in = append(in, w)
		}
	}
	slices.SortFunc(in, func(a, b when) int { return a.from - b.from })
	for _, w := range in {
		if w.whole() && w.reckon == nil && !baseRe.MatchString(r.prose[s.from:w.from]) {
			principal = w.period
			break
		}
	}
	if principal.From.IsZero() {
		principal = r.ctx.period
	}
	for i := range in {
		if in[i].reckon == nil {
			continue
		}
		if !principal.From.IsZero() {
			in[i].period = in[i].reckon(principal)
		}
		in[i].vague = in[i].period.From.IsZero()
	}
	return in, principal
}

func (w when) whole() bool { return !w.day && !w.vague && !w.period.From.Equal(time.Time{}) }

// period finds the dates that belong to a number: behind it up to the next number, else before it, else
// elsewhere in the sentence, else carried on from before.
func (r *reader) period(c *Claim, i int, s span, st *Statement) {
	in, principal := r.spoken(s)
	next := s.to
	if i+1 < len(r.all) && r.all[i+1].Sentence == st.Sentence {
		next = r.all[i+1].Start
	}
	if c.Kind == Change || c.Kind == ShareChange {
		r.change(c, in, s, st, next, principal)
		return
	}
	lead, base := r.d.plain[s.from:st.Start], r.isBase(i)
	behind := func(w when) bool { // in the same clause, and not set before the next number as in “(2021: 694)”
		return w.from >= st.End && !turns.MatchString(r.prose[st.End:w.from]) && !(w.to <= next && strings.TrimSpace(r.d.plain[w.to:next]) == ":")
	}
	steps := []func() int{
		func() int {
			return slices.IndexFunc(in, func(w when) bool { return behind(w) && w.to <= next && !baseRe.MatchString(r.prose[st.End:w.from]) })
		},
		func() int {
			for k := len(in) - 1; k >= 0; k-- {
				if in[k].to <= st.Start && !r.based[in[k].from] {
					return k
				}
			}
			return -1
		},
		func() int {
			return slices.IndexFunc(in, func(w when) bool {
				return behind(w) && w.from >= next && (base || !comparison.MatchString(r.d.plain[st.End:w.from]))
			})
		},
	}
	if base { // its date stands behind it, if need be behind the numbers that share it
		steps[1], steps[2] = steps[2], steps[1]
	}
	at := -1
	for _, step := range steps {
		if at = step(); at >= 0 {
			break
		}
	}
	switch {
	case at >= 0 && in[at].whole():
		c.Period = in[at].period
		if e := in[at].ends; e != nil {
			switch {
			case base:
				c.Period = e[0]
			case toNumber.MatchString(lead):
				c.Period = e[1]
			}
		}
		if base {
			r.based[in[at].from] = true
		}
	case at >= 0:
		c.miss("when " + r.d.plain[in[at].from:in[at].to])
		return
	case !r.ctx.period.From.IsZero():
		c.Period = r.ctx.period
		c.Carried = append(c.Carried, "period")
		return
	default:
		c.miss("period")
		return
	}
	if !base && in[at].reckon == nil {
		r.ctx.period = c.Period
	}
}

// turns are where a sentence goes on to something else.
var turns = expression(`(?i);| while | whereas | ndërsa | kurse `)

var comparison = words(`compared|from|than|up|down|against|krahasuar|nga|ndaj|sesa`)

// isBase tells whether a number is what another is compared with: “from 494”, “compared with 283 and 150”.
func (r *reader) isBase(i int) bool {
	for ; i >= 0; i-- {
		s := r.d.sentences[r.all[i].Sentence]
		if baseNumber.MatchString(r.d.plain[s.from:r.all[i].Start]) {
			return true
		}
		if i == 0 || r.all[i-1].Sentence != r.all[i].Sentence {
			return false
		}
		if gap := strings.TrimSpace(r.d.plain[r.all[i-1].End:r.all[i].Start]); gap != "and" && gap != "dhe" && gap != "e" {
			return false
		}
	}
	return false
}

// change needs two periods of one length: the later is what is spoken of, the earlier its base.
func (r *reader) change(c *Claim, in []when, s span, st *Statement, next int, principal statistics.Period) {
	var distinct []statistics.Period
	add := func(p statistics.Period) {
		if !slices.Contains(distinct, p) {
			distinct = append(distinct, p)
		}
	}
	lone := true // the one period that is named is the base
	for _, w := range in {
		switch {
		case w.day:
		case w.ends != nil:
			add(w.ends[0])
			add(w.ends[1])
		case w.reckon != nil && !w.vague:
			add(w.period)
			add(principal)
		case w.vague && !w.since:
			c.miss("when " + r.d.plain[w.from:w.to])
			return
		case !w.period.From.IsZero():
			add(w.period)
			lone = lone && baseRe.MatchString(r.prose[s.from:w.from])
		}
	}
	slices.SortFunc(distinct, func(a, b statistics.Period) int { return a.From.Compare(b.From) })
	if len(distinct) > 2 { // “68% higher than in 2021, and 93% higher than in 2010”: the base is the one behind the number
		if i := slices.IndexFunc(in, func(w when) bool {
			return w.whole() && w.from >= st.End && w.to <= next && baseRe.MatchString(r.prose[st.End:w.from])
		}); i >= 0 && principal.From.After(in[i].period.From) {
			distinct = []statistics.Period{in[i].period, principal}
		}
	}
	switch {
	case len(distinct) == 2:
		c.Base, c.Period = distinct[0], distinct[1]
	case len(distinct) == 1 && lone && r.ctx.period.From.After(distinct[0].From):
		c.Base, c.Period = distinct[0], r.ctx.period
		c.Carried = append(c.Carried, "period")
	case len(distinct) == 1 && !lone:
		c.Period = distinct[0]
		c.miss("base")
		return
	default:
		c.miss("period")
		c.miss("base")
		return
	}
	if d := c.Period.Until.Sub(c.Period.From) - c.Base.Until.Sub(c.Base.From); d > 72*time.Hour || d < -72*time.Hour {
		c.miss("base") // a year on a quarter compares nothing
	}
	r.ctx.period = c.Period
}
