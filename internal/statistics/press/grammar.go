package press

import (
	"regexp"
	"slices"
	"strings"

	"countersign/internal/statistics"
)

// A reading is what the words of the sentence say of a number: measure, population, period. It is offered,
// and holds only when a person accepts it. It never looks at the number's value.

// vocabulary of measures, in both languages. Order does not matter: the nearest word to the number counts.
var measureWords = []struct {
	re      *regexp.Regexp
	measure statistics.Measure
}{
	{words(`enforced|forced returns?|forcibly|by force|kthime(?:ve|t)? të detyruara|të detyruara|detyrueshëm|me forcë|detyrimisht`), statistics.EnforcedReturns},
	{words(`voluntary|voluntarily|of their own accord|vullnetare|vullnetar|vullnetarisht|vullnetarë|me vullnet të lirë`), statistics.VoluntaryReturns},
	{words(`refused entry|turned away at (?:the )?(?:port|border)|iu refuzua hyrja|u refuzua hyrja|refuzim(?:e|eve)? të hyrjes`), statistics.PortReturns},
	{words(`(?:foreign national |foreign )?(?:offenders?|criminals?|prisoners?)|fnos?|të huaj të dënuar|të dënuar|shkelës të ligjit|autorë të veprave penale`), statistics.OffenderReturns},
	{words(`failed asylum seekers?|asylum[- ]related|refused asylum seekers?|azilkërkues(?:ve|it)? të refuzuar|të lidhura me azilin|azilkërkues`), statistics.AsylumRelated},
}

var (
	anyReturn = words(`returns?|returned|returnees?|sent (?:back|home)|removed|removals?|kthime(?:t|ve|sh)?|kthimi|kthyer|u kthyen|u ktheva|të kthyer|kthehen`)
	withPort  = words(`including (?:people |those )?refused|including port|with port|përfshirë (?:ata|personat)? ?(?:që|të cilëve)? ?(?:u|iu) refuzua`)
	// Words that narrow or change what is counted in a way that no definition here has: no reading is offered.
	foreignTo = words(`men|women|males?|females?|boys|girls|children|minors|aged|under 18|adults|famil(?:y|ies)|detained|detention|charter|flights?|small boats?|boats?|arrivals?|arrived|cross(?:ed|ings?)|applications?|claims?|visas?|deport(?:ed|ation|ations)|refused asylum|grants?|appeals?|days?|weeks?|months? later|hours?|officers?|escorts?|tickets?|pounds|euros?|agreements?|meetings?|gra|burra|femra|meshkuj|fëmijë|të mitur|familje|fluturim(?:e|eve)?|varka|mbërritje|mbërritën|kërkesa|viza|dëbuar|dëbime|ditë|javë|oficerë|marrëveshje`)

	riseRe  = words(`rise|rose|risen|rising|increase|increased|increasing|up|grew|growth|grown|higher|more than in|jump|jumped|climbed|surge|surged|rritje|rritja|u rrit|u rritën|janë rritur|është rritur|rritën|më e lartë|më të larta`)
	fallRe  = words(`fall|fell|fallen|falling|decrease|decreased|down|drop|dropped|decline|declined|lower|fewer than in|reduction|reduced|rënie|rënia|ra|ranë|u ul|u ulën|ulje|ulja|më e ulët|më të ulëta`)
	endFrom = regexp.MustCompile(`(?i)(?:\b(?:from|to|at|of|nga|në|me|prej|deri në)) ?(?:£|€)?$`)
	byRe    = regexp.MustCompile(`(?i)\b(?:by|of|up|down|with|me|prej) (?:\pL+ ){0,2}$`)
	clause  = regexp.MustCompile(`(?i)[,;:–—]| while | whereas | and | but | compared | ndërsa | kurse | dhe | por | krahasuar `)
	baseRe  = regexp.MustCompile(`(?i)(?:^|[^\pL])(?:compared (?:with|to)|against|than(?: in)?|on|from|since|versus|vs\.?|over|krahasuar me|në krahasim me|ndaj|nga|se në|sesa në|karshi)(?:[^,;]{0,40}\bin)?(?: the)?(?: year| viti| vitin| vitit)? ?$`)
	yearAgo = words(`year[- ]on[- ]year|on the (?:previous|prior) year|on the year before|(?:than|compared (?:with|to)) the (?:previous year|year before)|a year earlier|krahasuar me (?:një )?vit(?:in)? (?:më parë|e mëparshëm|e kaluar|paraardhës)|ndaj vitit të mëparshëm`)
)

func words(s string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)(?:^|[^\pL\pN])(?:` + s + `)(?:$|[^\pL\pN])`)
}

// demonyms name the populations that drafts speak of; other countries are found by their official label.
var demonyms = []struct {
	re      *regexp.Regexp
	country statistics.Country
}{
	{words(`albanians?(?: nationals?| citizens?| men| people| migrants| offenders)?|shqiptar(?:ë|ëve|ët|e|eve)?`), "albania"}, {words(`brazilians?|brazilian(?:ë|ëve|e)?`), "brazil"},
	{words(`romanians?|rumun(?:ë|ëve|e)?`), "romania"}, {words(`indians?|indian(?:ë|ëve|e)?`), "india"}, {words(`vietnamese|vietnamez(?:ë|ëve|e)?`), "vietnam"},
	{words(`iraqis?|irakian(?:ë|ëve|e)?`), "iraq"}, {words(`poles|polish|polak(?:ë|ëve|e)?`), "poland"}, {words(`chinese|kinez(?:ë|ëve|e)?`), "china"},
	{words(`pakistanis?|pakistanez(?:ë|ëve|e)?`), "pakistan"}, {words(`bulgarians?|bullgar(?:ë|ëve|e)?`), "bulgaria"},
}

var (
	albaniaAuthority = regexp.MustCompile(`(?i)albanian (?:government|authorit\w+|police|state|border|embassy|minister\w*|ministry|officials?|language|lek)|(?:qeveria|policia|autoritetet|ambasada|ministria|shteti|gjuha) shqiptare`)
	toAlbania        = regexp.MustCompile(`(?i)(?:\bto|drejt|për në|(?:kthy\pL*|kthime\pL*|kthimi\pL*|rikthy\pL*)[^.;]{0,50}? në) (?:albania|shqipëri(?:së|në|a)?)(?:$|[^\pL])`)
	ofAlbania        = regexp.MustCompile(`(?i)(?:nationals?|citizens?|people) (?:of|from) albania|(?:shtetas\pL*|qytetarë\pL*)[^.;]{0,12}? (?:të shqipërisë|nga shqipëria)`)
)

// context is what earlier words of the draft leave standing.
type context struct {
	population statistics.Population
	period     statistics.Period
	measure    statistics.Measure
}

// reader derives readings over one draft.
type reader struct {
	d     *draft
	all   []Statement
	dates []when
	prose string // the text with its dates blanked, at the same offsets
	ctx   context
	named map[int]naming // what each sentence names, found once
}

// naming is which populations a sentence speaks of.
type naming struct {
	of, to  statistics.Country
	several bool
}

// read offers a reading of statement i.
func (r *reader) read(i int) *Claim {
	st := &r.all[i]
	s := r.d.sentences[st.Sentence]
	before, after := r.around(i, s)
	c := &Claim{Kind: Count}
	switch st.Unit {
	case Money, Points:
		c.Missing = append(c.Missing, "unit")
	case Percent, Times:
		c.Kind = Share
		if st.Unit == Times || r.isChange(before, after) {
			c.Kind = Change
		}
	case Number:
		if (riseRe.MatchString(before) || fallRe.MatchString(before)) && byRe.MatchString(before) && !endFrom.MatchString(before) {
			c.Missing = append(c.Missing, "absolute-change")
		}
	}
	if w := foreignTo.FindString(limit(after)); w != "" {
		c.Missing = append(c.Missing, "dimension "+strings.Trim(strings.ToLower(w), " .,;:()"))
	}
	r.population(c, s, st)
	r.measure(c, s, st, before, after)
	r.period(c, i, s, st)
	return c
}

// around returns the words between this number and its neighbours. A number in brackets right after
// shares what follows it: “954 (51%) were enforced”.
func (r *reader) around(i int, s span) (before, after string) {
	from, to := s.from, s.to
	if i > 0 && r.all[i-1].Sentence == r.all[i].Sentence {
		from = r.all[i-1].End
		if strings.Trim(r.d.plain[from:r.all[i].Start], " (") == "" && i > 1 && r.all[i-2].Sentence == r.all[i].Sentence {
			from = r.all[i-2].End
		} else if strings.Trim(r.d.plain[from:r.all[i].Start], " (") == "" {
			from = s.from
		}
	}
	j := i + 1
	start := r.all[i].End
	if j < len(r.all) && r.all[j].Sentence == r.all[i].Sentence {
		if gap := strings.TrimSpace(r.d.plain[start:r.all[j].Start]); gap == "(" || gap == "(about" || gap == "(rreth" {
			start = r.all[j].End
			j++
		}
	}
	if j < len(r.all) && r.all[j].Sentence == r.all[i].Sentence {
		to = r.all[j].Start
	}
	from, start = min(from, r.all[i].Start), min(start, to)
	return r.prose[from:r.all[i].Start], strings.TrimLeft(r.prose[start:to], ") ")
}

// newReader keeps a copy of the text without its dates, so that “the first week of April” is not taken for
// a count of weeks.
func newReader(d *draft, all []Statement, dates []when) *reader {
	prose := []byte(d.plain)
	for _, w := range dates {
		for i := w.from; i < w.to; i++ {
			prose[i] = ' '
		}
	}
	return &reader{d: d, all: all, dates: dates, prose: string(prose), named: map[int]naming{}}
}

// limit cuts at the first clause boundary.
func limit(s string) string {
	if m := clause.FindStringIndex(" " + s); m != nil {
		return (" " + s)[:m[0]]
	}
	return s
}

func (r *reader) isChange(before, after string) bool {
	if endFrom.MatchString(before) && !byRe.MatchString(before) {
		return false
	}
	near := limit(after)
	return riseRe.MatchString(before) || fallRe.MatchString(before) || riseRe.MatchString(near) || fallRe.MatchString(near)
}

func hits(s string) (found statistics.Measure, at int, n int) {
	at = -1
	seen := map[statistics.Measure]bool{}
	for _, w := range measureWords {
		for _, m := range w.re.FindAllStringIndex(s, -1) {
			seen[w.measure] = true
			if m[0] > at {
				found, at = w.measure, m[0]
			}
		}
	}
	return found, at, len(seen)
}

func first(s string) statistics.Measure {
	var found statistics.Measure
	at := len(s) + 1
	for _, w := range measureWords {
		if m := w.re.FindStringIndex(s); m != nil && m[0] < at {
			found, at = w.measure, m[0]
		}
	}
	return found
}

func (r *reader) measure(c *Claim, s span, st *Statement, before, after string) {
	m := first(limit(after))
	if m == "" {
		var groups int
		m, _, groups = hits(before)
		if groups > 1 && adding.MatchString(before) { // “a combination of A, B and C of 1,888”: of which?
			c.Missing = append(c.Missing, "measure")
			return
		}
	}
	generic := anyReturn.MatchString(limit(after)) || anyReturn.MatchString(before)
	if m == "" && generic && c.Kind != Share {
		m = statistics.WithoutPort
		if withPort.MatchString(r.d.text(s)) {
			m = statistics.WithPort
		}
	}
	if m == "" {
		if m, _, _ = hits(r.d.plain[s.from:st.Start]); m == "" && r.ctx.measure != "" && c.Kind != Share {
			m = r.ctx.measure
		}
		if m == "" && c.Kind != Share && anyReturn.MatchString(r.d.text(s)) {
			m = statistics.WithoutPort
		}
		if m != "" {
			c.Carried = append(c.Carried, "measure")
		}
	}
	if m == "" {
		c.Missing = append(c.Missing, "measure")
		return
	}
	if slices.Contains(c.Carried, "measure") && foreignTo.MatchString(before) {
		c.Missing = append(c.Missing, "measure")
	}
	c.Measures = []statistics.Measure{m}
	if c.Kind == Share {
		c.Whole = statistics.WithoutPort
	}
	r.ctx.measure = m
}

// names finds the populations of a sentence: “of” a nationality, “to” a country.
func names(text string) naming {
	var n naming
	clean := albaniaAuthority.ReplaceAllString(text, " ")
	for _, d := range demonyms {
		if d.re.MatchString(clean) {
			n.several = n.several || n.of != ""
			n.of = d.country
		}
	}
	if ofAlbania.MatchString(text) {
		n.of = "albania"
	}
	if toAlbania.MatchString(text) {
		n.to = "albania"
	}
	return n
}

func (r *reader) population(c *Claim, s span, st *Statement) {
	n, ok := r.named[st.Sentence]
	if !ok {
		n = names(r.d.text(s))
		r.named[st.Sentence] = n
	}
	if n.several {
		c.Missing = append(c.Missing, "population")
		return
	}
	of, to := n.of, n.to
	switch {
	case of != "" && to != "":
		c.Missing = append(c.Missing, "of-or-to")
		return
	case of != "":
		c.Population.Nationality = of
	case to != "":
		c.Population.Destination = to
	case r.ctx.population != (statistics.Population{}):
		c.Population = r.ctx.population
		c.Carried = append(c.Carried, "population")
		return
	default:
		c.Missing = append(c.Missing, "population")
		return
	}
	r.ctx.population = c.Population
}

// period finds the dates that belong to a number: behind it up to the next number, else before it, else
// elsewhere in the sentence, else carried on from before.
func (r *reader) period(c *Claim, i int, s span, st *Statement) {
	var in []when
	for _, w := range r.dates {
		if !w.day && w.from >= s.from && w.to <= s.to {
			in = append(in, w)
		}
	}
	if c.Kind == Change {
		r.change(c, in, s)
		return
	}
	next := s.to
	if i+1 < len(r.all) && r.all[i+1].Sentence == st.Sentence {
		next = r.all[i+1].Start
	}
	pick := func(fits func(when) bool) bool {
		for _, w := range in {
			if fits(w) {
				c.Period = w.period
				return true
			}
		}
		return false
	}
	base := func(w when) bool { return baseRe.MatchString(r.d.plain[st.End:max(st.End, w.from)]) }
	slices.SortFunc(in, func(a, b when) int { return a.from - b.from })
	ok := pick(func(w when) bool { return w.from >= st.End && w.to <= next && !base(w) })
	if !ok {
		slices.Reverse(in)
		ok = pick(func(w when) bool { return w.to <= st.Start })
		slices.Reverse(in)
	}
	if !ok {
		ok = pick(func(w when) bool { return w.from >= next && !comparison.MatchString(r.d.plain[st.End:w.from]) })
	}
	if !ok && !r.ctx.period.From.IsZero() {
		c.Period, ok = r.ctx.period, true
		c.Carried = append(c.Carried, "period")
	}
	if !ok {
		c.Missing = append(c.Missing, "period")
		return
	}
	r.ctx.period = c.Period
}

var comparison = words(`compared|from|than|up|down|against|krahasuar|nga|ndaj|sesa`)

// change needs two periods: the later is what is spoken of, the earlier its base.
func (r *reader) change(c *Claim, in []when, s span) {
	var distinct []statistics.Period
	for _, w := range in {
		if !slices.Contains(distinct, w.period) {
			distinct = append(distinct, w.period)
		}
	}
	slices.SortFunc(distinct, func(a, b statistics.Period) int { return a.From.Compare(b.From) })
	switch {
	case len(distinct) == 2:
		c.Base, c.Period = distinct[0], distinct[1]
	case len(distinct) == 1 && yearAgo.MatchString(r.d.text(s)):
		c.Period = distinct[0]
		c.Base = statistics.Period{From: c.Period.From.AddDate(-1, 0, 0), Until: c.Period.Until.AddDate(-1, 0, 0)}
	case len(distinct) == 1 && !r.ctx.period.From.IsZero() && r.ctx.period.From.After(distinct[0].From) && baseRe.MatchString(r.d.plain[s.from:firstOf(in)]):
		c.Base, c.Period = distinct[0], r.ctx.period
		c.Carried = append(c.Carried, "period")
	default:
		c.Missing = append(c.Missing, "period", "base")
		return
	}
	r.ctx.period = c.Period
}

func firstOf(in []when) int {
	at := in[0].from
	for _, w := range in {
		at = min(at, w.from)
	}
	return at
}

// falls tells whether the words about a change say that it went down.
func (r *reader) falls(i int) bool {
	before, after := r.around(i, r.d.sentences[r.all[i].Sentence])
	down := fallRe.MatchString(before) || fallRe.MatchString(limit(after))
	up := riseRe.MatchString(before) || riseRe.MatchString(limit(after))
	return down && !up
}
