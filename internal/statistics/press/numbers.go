package press

import (
	"math/big"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	digits   = expression("\\d+(?:[.,'’\u00a0\u202f\u2009]\\d+)*")
	percent  = expression(`(?i)^[ \x{00a0}\x{202f}-]?(?:%|per[ -]?cent\b|pct\b|percentage\b|për ?qind(?:ë|ësh)?|përqind)`)
	points   = expression(`(?i)^[ \x{00a0}-]?(?:(?:percentage|per[ -]?cent|%)[ -]points?\b|pp\b|p\.p\.|points?\b|pikë(?: të)? (?:përqindje(?:je|sh)?|përqind))`)
	scaleRe  = expression(`(?i)^[ \x{00a0}-]?(?:(thousand|mijë|k\b)|(million|milionë?|m\b)|(billion|miliardë?|bn\b))`)
	times    = expression(`(?i)^[ -]?(?:times\b|fold\b|-?fish(?:im|uar)?\b|herë më (?:shumë|i lartë|e lartë|të larta))`)
	boundRe  = expression(`(?i)(?:\b(over|more than|above|exceed(?:ing|ed|s)?|upwards of|in excess of|mbi|më shumë se|më tepër se)|\b(at least|no fewer than|no less than|not less than|not fewer than|a minimum of|të paktën|së paku|jo më pak se)|\b(nearly|almost|close to|just under|approaching|not quite|gati|afro|thuajse|pothuajse|pak më pak se)|\b(about|around|approximately|roughly|some|circa|ca\.|c\.|an estimated|rreth|afërsisht|përafërsisht|diku te)|\b(under|less than|fewer than|below|më pak se|nën)|\b(up to|at most|no more than|not more than|a maximum of|deri në|jo më shumë se|më së shumti))[ \x{00a0}]+(?:(?:a|an|the|a total of|total of|[£€$])[ ]?)?$`)
	orMore   = expression(`(?i)^(?:\+|[ \x{00a0}](?:or more|and more|or above|plus|ose më shumë|e më shumë|e sipër))`)
	orLess   = expression(`(?i)^[ \x{00a0}](?:or fewer|or less|ose më pak|e më pak)`)
	ordinals = expression(`(?i)^(?:st|nd|rd|th|-t[ëai]|-shi)\b`)
	// A number after these words names a thing: a section, a page, a flight, a form.
	namesRe = expression(`(?i)(?:\b(?:section|sections|article|articles|art\.|annex|chapter|page|pages|table|figure|note|no\.|number|flight|form|version|regulation|resolution|act|day|step|part|paragraph|para|line|terminal|phase|ext\.|tel\.?|fax|room|neni|nenit|neneve|tabela|tabelën|faqja|faqe|shënimi|nr\.|numër|numri|fluturimi|faza|paragrafi|pika|ligji)[ \x{00a0}]*|[#§])$`)
	rangeTo = expression(`(?i)^(?: ?[–—-] ?| (?:to|and|or|deri në|deri|dhe|e|ose) )$`)
	between = expression(`(?i)\b(?:between|ndërmjet|midis|mes)(?: (?:about|around|some|rreth))? $`)
	numFrom = expression(`(?i)\b(?:from|nga|prej) (?:\pL+ )?$`)
)

// statements finds every number in plain text. What is a date, the name of a thing or an ordinal is no
// statement and comes back aside, so that no digit of a text is passed over in silence.
func statements(d *draft, lang Lang) (all []Statement, dates []when, asides []Aside) {
	dates = periods(d.plain)
	taken := make([]bool, len(d.plain)+1)
	for _, w := range dates {
		for i := w.from; i < w.to; i++ {
			taken[i] = true
		}
		if hasDigit(d.plain[w.from:w.to]) {
			asides = append(asides, Aside{d.line(w.from), d.plain[w.from:w.to], AsideDate})
		}
	}
	put := func(s Statement) {
		for j := s.Start; j < s.End; j++ {
			taken[j] = true
		}
		all = append(all, s)
	}
	found := written(d.plain, lang)
	for _, s := range found { // “one in 5” takes its digits along
		if hasDigit(s.Text) && !taken[s.Start] && !taken[s.End-1] {
			put(s)
		}
	}
	for at := 0; at < len(d.plain) && len(all) <= maxStatements && len(asides) <= 4*maxStatements; {
		m := digits.FindStringIndex(d.plain[at:])
		if m == nil {
			break
		}
		from, to := at+m[0], spaced(d.plain, at+m[0], at+m[1])
		if at = to; taken[from] {
			continue
		}
		n := len(asides) // “020 7946 0000”: one name
		follows := n > 0 && asides[n-1].Why == AsideName && from > 0 && strings.HasSuffix(d.plain[:from-1], asides[n-1].Text) && d.plain[from-1] == ' '
		if st, ok := fromDigits(d.plain, from, to, lang); ok && !follows && (st.Unit == Percent || !isName(d.plain, from, to)) {
			put(st)
		} else {
			asides = append(asides, Aside{d.line(from), d.plain[from:to], AsideName})
		}
	}
	for _, s := range found {
		if !taken[s.Start] && !taken[s.End-1] {
			put(s)
		}
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Start < all[j].Start })
	all = ranges(d.plain, all)
	for i := range all {
		complete(d, &all[i])
	}
	return all, dates, asides
}

func hasDigit(s string) bool { return strings.ContainsAny(s, "0123456789") }

// complete adds what stands around a number: its line, its qualifier and its author's mark.
func complete(d *draft, s *Statement) {
	s.Line, s.Sentence = d.line(s.Start), d.sentenceAt(s.Start)
	if s.Bound == Exactly {
		s.Bound = boundBefore(d.plain[:s.Start])
	}
	switch after := d.plain[s.End:]; {
	case s.Bound != Exactly:
	case orMore.MatchString(after):
		s.Bound = AtLeast
	case orLess.MatchString(after):
		s.Bound = AtMost
	}
	if s.Unit == Percent && s.Value.Cmp(big.NewRat(50, 1)) == 0 && (s.Bound == Over || s.Bound == Under) {
		s.Majority = true // “more than half”, “over 50%”, “fewer than half”
	}
	for _, m := range d.marks {
		if m.from < s.End && s.Start < m.to {
			s.Markup = m.claim
		}
	}
}

// ranges joins “between 900 and 1,000” and “900–1,000” into one statement each. “From 494 to 1,036” stays two.
func ranges(s string, all []Statement) []Statement {
	joined := all[:0]
	for i := 0; i < len(all); i++ {
		a := all[i]
		if i+1 < len(all) {
			b := all[i+1]
			gap := s[a.End:b.Start]
			word := strings.ContainsAny(gap, "adeoAN") && !strings.ContainsAny(gap, "-–—")
			open := between.MatchString(tail(s, a.Start, 40))
			is := rangeTo.MatchString(gap) && (a.Unit == b.Unit || a.Unit == Number) && a.Value.Cmp(b.Value) < 0 && a.Markup == b.Markup
			if is && (open || !word && !numFrom.MatchString(tail(s, a.Start, 24)) || strings.Contains(gap, " to ") && !numFrom.MatchString(tail(s, a.Start, 24))) {
				b.High, b.Value, b.Start, b.Bound = b.Value, a.Value, a.Start, Between
				b.Text, b.Unclear, b.Written = s[a.Start:b.End], a.Unclear || b.Unclear, a.Written
				joined = append(joined, b)
				i++
				continue
			}
		}
		joined = append(joined, a)
	}
	return joined
}

// spaced extends “1 958” over thousands that an ordinary space sets apart.
func spaced(s string, from, to int) int {
	if to-from > 3 {
		return to
	}
	for to+4 <= len(s) && s[to] == ' ' && isDigit(s[to+1]) && isDigit(s[to+2]) && isDigit(s[to+3]) && (to+4 == len(s) || !isDigit(s[to+4]) && s[to+4] != '/' && s[to+4] != '-') {
		to += 4
	}
	return to
}

// isName tells whether digits are part of a name, a code, a section number or a list of dotted numbers.
func isName(s string, from, to int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:from])
	if before == '_' || unicode.IsLetter(before) {
		return true
	}
	if before == '-' && from > 1 { // BA-2654, but not “over-50”
		if r, _ := utf8.DecodeLastRuneInString(s[:from-1]); unicode.IsUpper(r) {
			return true
		}
	}
	if to-from > 1 && s[from] == '0' && isDigit(s[from+1]) { // telephone and reference numbers
		return true
	}
	if from > 1 && s[from-1] == '(' && isDigit(s[from-2]) && to < len(s) && s[to] == ')' { // Article 11(2)
		return true
	}
	if to < len(s) && (s[to] == '_' || s[to] == '/' && to+1 < len(s) && isDigit(s[to+1])) {
		return true
	}
	if from > 1 && s[from-1] == '/' && isDigit(s[from-2]) {
		return true
	}
	return ordinals.MatchString(s[to:]) || namesRe.MatchString(tail(s, from, 24))
}

// tail is up to n bytes before an offset, cut at a rune.
func tail(s string, at, n int) string {
	from := max(0, at-n)
	for from < at && s[from]&0xC0 == 0x80 {
		from++
	}
	return s[from:at]
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80 }

// fromDigits reads a number; false where the digits are none, as 24.4.2023 or 1.2.3.
func fromDigits(s string, from, to int, lang Lang) (Statement, bool) {
	st := Statement{Start: from, Unit: Number}
	clean, fraction, unclear, ok := separators(s[from:to], lang)
	if !ok {
		return st, false
	}
	st.Unclear = unclear
	st.Value, _ = new(big.Rat).SetString(clean)
	st.Precision = power(-fraction)
	if from > 0 && strings.ContainsAny(tail(s, from, 4), "£€$") {
		st.Unit = Money
	}
	if m := scaleRe.FindStringSubmatchIndex(s[to:]); m != nil && (to+m[1] >= len(s) || !isLetter(s[to+m[1]])) {
		exponent := 3
		if m[4] >= 0 {
			exponent = 6
		} else if m[6] >= 0 {
			exponent = 9
		}
		st.Value.Mul(st.Value, power(exponent))
		st.Precision.Mul(st.Precision, power(exponent))
		st.Unclear = false
		to += m[1]
	}
	st.End = unit(s, to, &st)
	st.Text = s[st.Start:st.End]
	return st, true
}

// separators reads the marks between groups of digits: thousands or decimals. A comma or full stop before
// exactly three digits means thousands in one language and decimals in the other; where it is not the
// language's own mark for thousands, what is meant is unclear.
func separators(text string, lang Lang) (clean string, fraction int, unclear, ok bool) {
	groups := strings.FieldsFunc(text, func(r rune) bool { return r < '0' || r > '9' })
	var marks []string
	rest := text
	for i, g := range groups {
		rest = rest[len(g):]
		if i+1 < len(groups) {
			n := strings.Index(rest, groups[i+1])
			marks, rest = append(marks, rest[:n]), rest[n:]
		}
	}
	if len(marks) == 0 {
		return text, 0, false, true
	}
	own := ","
	if lang == Albanian {
		own = "."
	}
	last := marks[len(marks)-1]
	thousands := len(groups[0]) <= 3
	for _, g := range groups[1:] {
		thousands = thousands && len(g) == 3
	}
	all := strings.Join(groups, "")
	point := func() string {
		n := len(groups) - 1
		return strings.Join(groups[:n], "") + "." + groups[n]
	}
	fraction = len(groups[len(groups)-1])
	same := true
	for _, m := range marks {
		same = same && m == marks[0]
	}
	switch {
	case last != "." && last != ",":
		// A space between groups is read as thousands; an ordinary one in English is no usage of the language.
		return all, 0, last == " " && lang == English, thousands && same
	case len(marks) > 1 && same:
		return all, 0, false, thousands
	case len(marks) > 1: // 1,958.5: the last mark differs and is the decimal one
		for _, g := range groups[1 : len(groups)-1] {
			ok = ok || len(g) != 3
		}
		return point(), fraction, false, !ok
	case fraction != 3 || groups[0] == "0" || len(groups[0]) > 3:
		return point(), fraction, false, true
	case last == own:
		return all, 0, false, true
	}
	return point(), fraction, true, true // 1.888 in English, 1,888 in Albanian
}

// unit reads %, percentage points or “times” after a number.
func unit(s string, to int, st *Statement) int {
	if m := points.FindStringIndex(s[to:]); m != nil {
		st.Unit = Points
		return to + m[1]
	}
	if m := percent.FindStringIndex(s[to:]); m != nil {
		st.Unit = Percent
		return to + m[1]
	}
	if m := times.FindStringIndex(s[to:]); m != nil {
		st.Unit = Times
		return to + m[1]
	}
	return to
}

func power(n int) *big.Rat {
	p := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(n, -n))), nil)
	if n < 0 {
		return new(big.Rat).SetFrac(big.NewInt(1), p)
	}
	return new(big.Rat).SetInt(p)
}

func boundBefore(before string) Bound {
	m := boundRe.FindStringSubmatchIndex(tail(before, len(before), 60))
	if m == nil {
		return Exactly
	}
	for i, b := range []Bound{Over, AtLeast, Nearly, About, Under, AtMost} {
		if m[2+2*i] >= 0 {
			return b
		}
	}
	return Exactly
}
