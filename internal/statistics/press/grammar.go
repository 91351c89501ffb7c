package press

import (
	"strings"
	"time"

	"countersign/internal/statistics"
)

// A reading is what the words of the sentence say of a number: measure, population, period. It is offered,
// and holds only when a person accepts it. It never looks at the number's value.

// vocabulary of measures, in both languages. Order does not matter: the nearest word to the number counts.
var measureWords = []struct {
	re      *pattern
	measure statistics.Measure
}{
	{words(`enforced|forced returns?|forcibly|by force|detyruar\pL*|me detyrim|detyrueshëm|me forcë|detyrimisht`), statistics.EnforcedReturns},
	{words(`voluntary|voluntarily|of their own accord|vullnetar\pL*|me vullnet(?:in)? (?:të|e) (?:lirë|tyre)`), statistics.VoluntaryReturns},
	{words(`refused entry|port refusals?|refusals? (?:at|of entry)|refused at (?:the )?(?:port|border)|turned away at (?:the )?(?:port|border)|iu refuzua hyrja|u refuzua hyrja|refuzim(?:e|eve)? të hyrjes`), statistics.PortReturns},
	{words(`(?:foreign national |foreign )?(?:offenders?|criminals?|prisoners?)|fnos?|të huaj të dënuar|të dënuar|shkelës të ligjit|autorë të veprave penale`), statistics.OffenderReturns},
	{words(`failed asylum seekers?|asylum[- ]related|refused asylum seekers?|azilkërkues(?:ve|it)? të refuzuar|të lidhura me azilin|azilkërkues`), statistics.AsylumRelated},
}

var (
	anyReturn = words(`returns?|returned|returnees?|sent (?:back|home)|removed|removals?|kthime(?:t|ve|sh)?|kthimi|kthyer|u kthyen|u ktheva|të kthyer|kthehen`)
	withPort  = words(`including (?:people |those )?refused|including port|with port|përfshirë (?:ata|personat)? ?(?:që|të cilëve)? ?(?:u|iu) refuzua`)
	// Words that narrow whom is counted in a way that no definition here has: no reading is offered when one
	// stands before the number in its sentence, or behind it up to the next clause.
	narrow    = words(`men|women|man|woman|males?|females?|boys?|girls?|child(?:ren)?|minors|aged|under[- ]18s?|over[- ]18s?|teenagers?|adults?|famil(?:y|ies)|couples?|detained|detention|detainees|held in|charters?|chartered|flights?|planes?|aircraft|ferr(?:y|ies)|small boats?|boats?|dinghy|dinghies|arrivals?|arriv(?:ed|ing|e)|cross(?:ed|ing|ings)?|deport(?:ed|ation|ations|ees?)|convicted of|assisted|escorted|unescorted|refused asylum|born|dual nationals?|students?|workers?|visa|overstay\pL*|trafficking|trafficked|victims?|burgl\pL*|second time|third time|again|twice|repeat\pL*|more than once|drugs?|drug|gang\pL*|gra|grua|burra|burrë|femra|meshkuj|fëmijë\pL*|të mitur\pL*|djem|vajza|familje\pL*|fluturim\pL*|çarter|varka|gomone|mbërritje|mbërritën|mbërritur|ndalim|ndaluar|të ndaluar|dëbuar|dëbime|dëbimi|asistuara|të asistuar|studentë|punëtorë|viktima\pL*|të moshës|moshës|nën moshën|mbi moshën|trafik\pL*|drog\pL*`)
	portAside = expression(`(?i)(?:including|includes?|with|excluding|without|not counting|apart from|përfshirë|duke përfshirë|pa përfshirë|pa|përveç)(?: (?:the |people |those |persons |anyone |ata |personat |të cilëve |që |iu |u ){0,4})? ?(?:refused|refuzua|refuzuar)[^,;.|]{0,40}?(?:port|entry|hyrj\pL*|$)`)
	// Plans, targets and what might be: no count of what was.
	planned = words(`target(?:s|ed)?|goals?|aims?|aiming|plan(?:s|ned|ning)?|expect(?:s|ed|ation)?|forecasts?|projected|projections?|predict(?:s|ed)?|intends?|would|could|might|may|should|will|if|promis(?:e|es|ed)|pledg(?:e|es|ed)|capacity|quota|ceiling|ambition|hopes?|hoped|objektiv\pL*|synoj\pL*|synon|pritet|priten|parashiko\pL*|plan|planifik\pL*|kuot\pL*|do të|mund të|nëse|premto\pL*`)
	// Figures of others.
	elsewhere = words(`eurostat|frontex|instat|iom|unhcr|european union|eu|european|europe|worldwide|globally|germany|gjermani\pL*|according to (?:the )?(?:albanian|tirana)|(?:albanian|tirana) (?:police|ministry|authorities|government) (?:counted|recorded|reported|registered)|policia (?:shqiptare|e shtetit)|bashkimi(?:t)? evropian|be-së|be`)
	// Other groups of people, of which nothing here is asked.
	others = words(`(?:all|other|any|various|different) (?:nationalit(?:y|ies)|countries)|of all nationalities|non-eu|eu nationals?|eea|eu citizens|non-\pL+|western balkans?|balkan|worldwide|overall total|gjitha (?:shtetësit\pL*|kombësit\pL*|vendet)|të tjera(?:t)? shtetësi|ballkani\pL*`)
	// One number for each of two periods, or one of several places.
	severally = words(`respectively|each|both years|apiece|përkatësisht|secil(?:in|i|a|ën)|të dy vitet`)
	rated     = words(`(?:a|per|each|every) (?:day|week|month|quarter|year)|daily|weekly|monthly|quarterly average|on average|average|averag(?:ing|ed)|median|mean|në (?:ditë|javë|muaj|vit)|mesatarisht|mesatare|mesatar|çdo (?:ditë|javë|muaj|vit)|(?:of|in|for|out of) every|nga çdo|për çdo`)
	negated   = expression(`(?i)\b(?:not|never|rather than|instead of|jo|e jo|dhe jo|në vend të) (?:\pL+ )?$`)
	madeUp    = expression(`(?i)\b(?:made|make|makes|making|taken|took|takes) up (?:\pL+ ){0,3}$`)
	alias     = expression(`(?i)^[ ,]*(?:[(–-] ?|(?:or|that is|i\.e\.|ose|pra|domethënë) )(?:by |me )?(?:about |around |some |nearly |almost |over |more than |rreth |mbi |gati )?$`)
	setBeside = words(`compared|against|versus|krahasuar|ndaj|karshi`)
	ofShare   = words(`share|proportion|percentage|rate|pjesa|pjesën|përqindja|përqindjen|raporti`)
	remove    = words(`removed|removals?|larguar|largime(?:t|ve)?|u larguan`)
	// ownPast compares a group with itself at another time: “more voluntary returns than the 492 of 2021”. A bar stands for the number that is read.
	ownPast = expression(`(?i)(?:more|fewer) (?:enforced|voluntary)(?: \pL+){0,2} than (?:the )?(?:(?:[\d.,]+|\|) ?(?:of|in|during) |(?:in|during) )(?:the year )?\d{4}`)
	versus  = words(`(?:more|fewer|less|higher|lower)(?: \pL+){0,3} than(?: \pL+){0,2} (?:enforced|voluntary|forced|offenders?)|as (?:many|high)(?: \pL+){0,3} as (?:enforced|voluntary|forced)|than (?:enforced|voluntary|forced)|outnumber(?:ed|ing|s)?|gap between|difference between|more (?:enforced|voluntary)(?: \pL+){0,2} than|sesa (?:të detyruara|vullnetare)|se (?:të detyruara|vullnetare|kthimet)|diferenca mes`)
	// of the whole: “51% of voluntary returns were …” asks for another share than ours
	ofWhole = expression(`(?i)^ ?(?:of|e|të|nga)(?: all| the| these| those| them| total| gjithë| të| kthimeve| kthimet)* (?:enforced|voluntary|forced|foreign|offenders?|failed|detyruara|vullnetare|huaj|dënuar)`)

	// What a number may count: after it, possibly behind adjectives, stands one of these or none of the words below.
	headRe = expression(`(?i)^(?:people|persons?|individuals?|nationals?|citizens?|migrants?|returns?|returnees?|returned|returning|removals?|removed|enforced|forced|forcibly|voluntary|voluntarily|volunteers?|foreign|failed|offenders?|fnos?|fno|criminals?|prisoners?|refused|refusals?|turned|asylum|departures?|departed|left|leaving|went|gone|were|was|are|is|have|had|has|been|being|in|of|by|from|to|at|on|for|with|and|or|but|than|more|fewer|less|higher|lower|up|down|the|these|those|them|this|that|who|whom|which|such|all|total|overall|during|over|compared|against|since|after|before|between|returns?|chose|agreed|came|cent|as|a|an|it|there|nor|while|whereas|when|making|took|took|place|recorded|so|did|do|not|also|only|further|additional|extra|other|others|kthime\pL*|kthim\pL*|kthyer|kthyen|u|të|e|i|nga|prej|me|pa|për|ishin|ishte|janë|është|qenë|kanë|ka|kishte|pati|persona|personat|person|njerëz|veta|shtetas|shtetasve|qytetarë|shqiptar\pL*|vullnetar\pL*|vullnetarisht|detyruar\pL*|detyrimisht|huaj|dënuar|autorë|azilkërkues\pL*|refuzim\pL*|u|në|gjatë|dhe|ose|por|kurse|ndërsa|krahasuar|ndaj|që|cilët|cilat|të|se|sesa|më|shumë|pak|gjithsej|largim\pL*|larguan|raste|rasteve|largua\pL*|kaluar|tyre|kësaj|këtyre|atyre|në|sipas|edhe|vit\pL*)$`)

	riseRe  = words(`rise|rose|risen|rising|increase|increased|increasing|up|grew|growth|grown|higher|more than in|jump|jumped|climbed|surge|surged|soared|expanded|rritje|rritja|u rrit|u rritën|janë rritur|është rritur|rritën|më e lartë|më të larta`)
	fallRe  = words(`fall|fell|fallen|falling|decrease|decreased|down|drop|dropped|decline|declined|lower|fewer than in|reduction|reduced|halved|shrank|rënie|rënia|ra|ranë|u ul|u ulën|ulje|ulja|më e ulët|më të ulëta`)
	endFrom = expression(`(?i)(?:\b(?:from|to|at|of|nga|në|me|prej|deri në)) ?(?:£|€)?$`)
	byRe    = expression(`(?i)\b(?:by|of|up|down|with|me|prej) (?:\pL+ ){0,2}$`)
	// “rose by”, “an increase of about”, “up”, “u rritën me”: what follows is how much it moved.
	movedBy  = expression(`(?i)\b(?:(?:(?:rise|rose|risen|rising|increas\pL*|gr[eo]w\pL*|jump\pL*|climb\pL*|surg\pL*|went up|gain\pL*|fall\pL*|fell|decreas\pL*|drop\pL*|declin\pL*|reduc\pL*|chang\pL*|mov\pL*|rritje\pL*|rritja|rritën|rrit|rritur|rënie\pL*|rënia|ranë|ra|ulën|ul|ulje\pL*|ulja|ulur|pakës\pL*|zvogël\pL*|shtuan|shtua|shtim\pL*)(?: (?:\pL+)){0,4}? (?:by|of|with|me|prej|për)|up|down|higher by|lower by|went up|went down)(?: (?:a |an )?(?:just |only |about |around |some |roughly |almost |nearly |over |further |more than |less than |fewer than |at least |up to |rreth |mbi |gati |afro |më shumë se |më pak se )*)?) ?(?:a )?$`)
	moreThan = expression(`(?i)^ ?(?:(?:\pL+ ){0,4}?(?:more|fewer|less|higher|lower)\b|(?:\pL+ ){0,3}?(?:më shumë|më pak|më tepër|më i lartë|më e lartë|më të larta|më i ulët|më e ulët|më të ulëta)(?:[^\pL]|$))`)
	opening  = expression(`(?i)^\s*(?:at|with|me|prej) (?:\pL+ ){0,2}$`)
	byOnly   = expression(`(?i)\b(?:by|me|prej) (?:(?:about|around|almost|nearly|over|more than|rreth|mbi|gati) )?$`)
	totalRe  = words(`in all|in total|altogether|overall|all told|a total of|gjithsej|në total|në tërësi|totalin`)
	fewerRe  = words(`fewer|less|lower|down|më pak|më i ulët|më e ulët|më të ulëta`)
	moreRe   = words(`more|higher|additional|extra|further|up|më shumë|më tepër|më i lartë|më e lartë|më të larta`)
	clause   = expression(`(?i)[,;:–—]| while | whereas | and | but | compared | ndërsa | kurse | dhe | por | krahasuar `)
	baseRe   = expression(`(?i)(?:^|[^\pL])(?:compared (?:with|to)|against|than(?: in)?|on|from|since|versus|vs\.?|over|krahasuar me|në krahasim me|ndaj|nga|se në|sesa në|karshi)(?:[^,;]{0,40}\bin)?(?: the)?(?: year| viti| vitin| vitit)? ?$`)
)

func words(s string) *pattern {
	return expression(`(?i)(?:^|[^\pL\pN])(?:` + s + `)(?:$|[^\pL\pN])`)
}

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
	today time.Time // the day of the text
	prose string    // the text with its dates blanked, at the same offsets
	ctx   context
	last  *Claim // the reading of the number before
	lang  Lang
	named map[int][]mention // what each sentence names, found once
	based map[int]bool      // dates that belong to the base of a comparison, by offset
}

// read offers a reading of statement i.
func (r *reader) read(i int) *Claim {
	st := &r.all[i]
	s := r.d.sentences[st.Sentence]
	before, after := r.around(i, s)
	c := &Claim{Kind: Count}
	if opening.MatchString(before) && strings.HasPrefix(after, ",") { // “At 1,036, voluntary returns …”
		after = after[1:]
	}
	near := limit(after)
	moved := !madeUp.MatchString(before) && r.isChange(before, after) || r.again(i) || byOnly.MatchString(before) && lastAt(riseRe, r.prose[s.from:st.Start])+lastAt(fallRe, r.prose[s.from:st.Start]) > -2
	switch st.Unit {
	case Money, Vague:
		c.miss("unit " + string(st.Unit))
	case Points:
		c.Kind = ShareChange
	case Percent:
		c.Kind = Share
		if moved {
			c.Kind = Change
			if ofShare.MatchString(r.prose[s.from:st.Start]) { // “the share rose by 2 per cent”: of what?
				c.miss("points")
			}
		}
		of := after
		if strings.HasSuffix(st.Text, " of") {
			of = "of " + strings.TrimLeft(after, " ")
		}
		if c.Kind == Share && ofWhole.MatchString(of) {
			c.miss("whole")
		}
	case Times:
		c.Kind = Change
	case Number:
		if movedBy.MatchString(before) && !madeUp.MatchString(before) || moreThan.MatchString(near) || r.again(i) || moved && byOnly.MatchString(before) {
			c.Kind = Change
		}
	}
	r.strange(c, s, st, before, near)
	r.population(c, st, near)
	r.measure(c, s, i, before, after)
	r.period(c, i, s, st)
	r.last = c
	return c
}

// again tells whether a number says the change before it once more: “rose by 270 (39%)”, “fell by 85, or 13.3%”.
func (r *reader) again(i int) bool {
	return i > 0 && r.last != nil && r.last.Kind == Change && r.all[i-1].Sentence == r.all[i].Sentence && alias.MatchString(r.d.plain[r.all[i-1].End:r.all[i].Start])
}

// strange notes words that no definition here carries: the number may be right, but of something else.
func (r *reader) strange(c *Claim, s span, st *Statement, before, near string) {
	sentence, lead := r.prose[s.from:s.to], r.prose[s.from:st.Start]
	lead = lead[strings.LastIndexByte(lead, ';')+1:]
	beside := before + "|" + near
	if ownPast.MatchString(before + "|" + r.d.plain[min(st.End, s.to):s.to]) {
		beside = ""
	}
	for _, w := range []struct {
		gap string
		re  *pattern
		in  string
	}{
		{"dimension", narrow, lead + "|" + near}, {"rate", rated, before + "|" + near}, {"plan", planned, before + "|" + near}, {"source", elsewhere, sentence},
		{"others", others, sentence}, {"severally", severally, sentence}, {"versus", versus, beside},
	} {
		if m := strings.Trim(w.re.FindString(w.in), " .,;:()|\n\t"); m != "" {
			c.miss(w.gap + " " + strings.ToLower(m))
		}
	}
	if negated.MatchString(before) {
		c.miss("negated")
	}
	if st.Unit == Number && c.Kind == Count {
		if w := r.counted(st, near); w != "" {
			c.miss("noun " + strings.ToLower(w))
		}
	}
}

// counted returns the word behind a number that says that it counts something else, as in “954 letters”.
func (r *reader) counted(st *Statement, near string) string {
	if len(near) == 0 || near[0] != ' ' && near[0] != '\n' {
		if near != "" && near[0] == '-' {
			return strings.TrimLeft(near, "-")
		}
		return ""
	}
	for _, w := range strings.Fields(near) {
		bare := strings.TrimRight(w, ".!?)”’\"")
		if bare == "" || bare[0] == '(' {
			return ""
		}
		if headRe.MatchString(bare) {
			return ""
		}
		if n, ok := statistics.Named(strings.TrimSuffix(bare, "’s")); !ok || !n.People {
			return bare
		}
		if bare != w { // the clause ends behind a nationality: “1,888 Albanians.”
			return ""
		}
	}
	return ""
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
func newReader(d *draft, lang Lang, all []Statement, dates []when, today time.Time) *reader {
	prose := []byte(d.plain)
	for _, w := range dates {
		for i := w.from; i < w.to; i++ {
			prose[i] = ' '
		}
	}
	return &reader{d: d, all: all, dates: dates, today: today, prose: string(prose), lang: lang, named: map[int][]mention{}, based: map[int]bool{}}
}

// limit cuts at the first clause boundary, or where a bracket opens that other numbers stand in.
func limit(s string) string {
	if at := strings.IndexByte(s, '('); at >= 0 && !strings.Contains(s[at:], ")") {
		s = s[:at]
	}
	if m := clause.FindStringIndex(" " + s); m != nil {
		return (" " + s)[:m[0]]
	}
	return s
}

func (r *reader) isChange(before, after string) bool {
	if movedBy.MatchString(before) {
		return true
	}
	if endFrom.MatchString(before) {
		return false
	}
	near := limit(after)
	return moreThan.MatchString(near) || riseRe.MatchString(before) || fallRe.MatchString(before) || riseRe.MatchString(near) || fallRe.MatchString(near)
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

func (r *reader) measure(c *Claim, s span, i int, before, after string) {
	st, port := &r.all[i], portAside.MatchString(r.d.text(s))
	if port { // “including people refused entry”, “without those refused entry”: no count of them
		before, after = portAside.ReplaceAllString(before, " "), portAside.ReplaceAllString(after, " ")
	}
	near := limit(after)
	m := first(near)
	share := c.Kind == Share || c.Kind == ShareChange
	if m == "" && !share && totalRe.MatchString(near) { // “393 enforced and 519 voluntary returns, 912 in all”
		if !anyReturn.MatchString(r.d.text(s)) {
			c.miss("measure")
			return
		}
		m = statistics.WithoutPort
	}
	if m == "" {
		var groups int
		own := before
		if at := setBeside.FindAllStringIndex(before, -1); at != nil && r.isBase(i) { // what stands before the comparison is the other number's
			own = before[at[len(at)-1][0]:]
			if _, _, n := hits(r.d.plain[s.from:st.Start]); n < 2 {
				own = before
			}
		}
		m, _, groups = hits(own)
		if groups > 1 && adding.MatchString(before) { // “a combination of A, B and C of 1,888”: of which?
			c.miss("measure")
			return
		}
	}
	if m == "" && !share && r.isBase(i) && i > 0 && r.all[i-1].Sentence == st.Sentence { // of the same measure as what is compared with it
		if _, _, n := hits(r.d.plain[s.from:st.Start]); n < 2 {
			m = r.ctx.measure
		}
	}
	generic := anyReturn.MatchString(near) || anyReturn.MatchString(before)
	if m == "" && !share && (remove.MatchString(near) || remove.MatchString(before)) { // removals: enforced ones, or all?
		c.miss("removed")
		return
	}
	if m == "" && generic && !share {
		m = statistics.WithoutPort
		if withPort.MatchString(r.d.text(s)) {
			m = statistics.WithPort
		}
	}
	if m == "" {
		lead := r.d.plain[s.from:st.Start]
		if port {
			lead = portAside.ReplaceAllString(lead, " ")
		}
		var groups int
		m, _, groups = hits(lead)
		if groups > 1 && r.isBase(i) { // “compared with 283 and 150”: which is which?
			c.miss("measure")
			return
		}
		if m == "" && r.ctx.measure != "" && !share {
			m = r.ctx.measure
		}
		if m == "" && !share && anyReturn.MatchString(r.d.text(s)) {
			m = statistics.WithoutPort
		}
		if m != "" {
			c.Carried = append(c.Carried, "measure")
		}
	}
	if m == "" {
		c.miss("measure")
		return
	}
	c.Measures = []statistics.Measure{m}
	if share {
		c.Whole = statistics.WithoutPort
		if withPort.MatchString(r.d.text(s)) {
			c.Whole = statistics.WithPort
		}
	}
	r.ctx.measure = m
}

// falls tells whether the words about a change say that it went down: those behind the number first, else
// the last before it.
func (r *reader) falls(i int) bool {
	before, after := r.around(i, r.d.sentences[r.all[i].Sentence])
	near := limit(after)
	if moreThan.MatchString(near) || movedBy.MatchString(before) == false {
		down, up := fewerRe.MatchString(near) || fallRe.MatchString(near), moreRe.MatchString(near) || riseRe.MatchString(near)
		if down != up {
			return down
		}
	}
	if lastAt(fallRe, before) == lastAt(riseRe, before) { // neither: “rose from 496 to 1,036, that is by 108.9%”
		before = r.prose[r.d.sentences[r.all[i].Sentence].from:r.all[i].Start]
	}
	return lastAt(fallRe, before) > lastAt(riseRe, before)
}

func lastAt(re *pattern, s string) int {
	at := -1
	for _, m := range re.FindAllStringIndex(s, -1) {
		at = m[0]
	}
	return at
}
