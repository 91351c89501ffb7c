package press

import (
	"math/big"
	"regexp"
	"sort"
	"strings"
)

var (
	digitsEn = regexp.MustCompile("\\d{1,3}(?:[,\u00a0\u202f\u2009]\\d{3})+(?:\\.\\d+)?|\\d+(?:\\.\\d+)?")
	digitsSq = regexp.MustCompile("\\d{1,3}(?:[.\u00a0\u202f\u2009]\\d{3})+(?:,\\d+)?|\\d+(?:,\\d+)?")
	percent  = regexp.MustCompile(`(?i)^[ \x{00a0}\x{202f}-]?(?:%|per[ -]?cent\b|pct\b|percentage\b|për ?qind(?:ë|ësh)?|përqind|pikë përqindje)`)
	points   = regexp.MustCompile(`(?i)^[ \x{00a0}-]?(?:percentage[ -]points?\b|pikë përqindjeje)`)
	scaleRe  = regexp.MustCompile(`(?i)^[ \x{00a0}-]?(?:(thousand|mijë|k\b)|(million|milionë?|m\b)|(billion|miliardë?|bn\b))`)
	times    = regexp.MustCompile(`(?i)^[ -]?(?:times\b|fold\b|-?fish(?:im|uar)?\b|herë më shumë)`)
	boundRe  = regexp.MustCompile(`(?i)(?:\b(over|more than|above|exceeding|upwards of|in excess of|mbi|më shumë se|më tepër se)|\b(at least|no fewer than|no less than|a minimum of|të paktën|së paku|jo më pak se)|\b(nearly|almost|close to|just under|gati|afro|thuajse|pothuajse|pak më pak se)|\b(about|around|approximately|roughly|some|circa|rreth|afërsisht|përafërsisht)|\b(under|less than|fewer than|below|up to|at most|no more than|më pak se|nën|deri në))[ \x{00a0}]+(?:(?:a|an|the|a total of|[£€$])[ ]?)?$`)
	ordinals = regexp.MustCompile(`(?i)^(?:st|nd|rd|th|-t[ëai]|-shi)\b`)
	// A number after these words names a thing: a section, a page, a flight, a form.
	namesRe = regexp.MustCompile(`(?i)(?:\b(?:section|sections|article|articles|art\.|annex|chapter|page|pages|table|figure|note|no\.|number|flight|form|version|regulation|resolution|act|day|step|part|paragraph|para|line|terminal|phase|ext\.|tel\.?|fax|room|neni|nenit|neneve|tabela|tabelën|faqja|faqe|shënimi|nr\.|numër|numri|fluturimi|faza|paragrafi|pika|ligji)[ \x{00a0}]*|[#§])$`)
)

// statements finds every number in plain text that is no date, no name of a thing and no ordinal.
func statements(d *draft, lang Lang) ([]Statement, []when) {
	dates := periods(d.plain)
	taken := make([]bool, len(d.plain)+1)
	for _, w := range dates {
		for i := w.from; i < w.to; i++ {
			taken[i] = true
		}
	}
	var all []Statement
	digits := digitsEn // at most four times as many as a draft may have: the rest may be dates
	if lang == Albanian {
		digits = digitsSq
	}
	for _, m := range digits.FindAllStringIndex(d.plain, 4*maxStatements) {
		if !taken[m[0]] && !isName(d.plain, m[0], m[1]) {
			all = append(all, fromDigits(d.plain, m[0], m[1], lang))
		}
	}
	for i := range all {
		for j := all[i].Start; j < all[i].End; j++ {
			taken[j] = true
		}
	}
	for _, s := range written(d.plain, lang) {
		if !taken[s.Start] && !taken[max(s.Start, s.End-1)] {
			all = append(all, s)
		}
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Start < all[j].Start })
	for i := range all {
		s := &all[i]
		s.Line, s.Sentence = d.line(s.Start), d.sentenceAt(s.Start)
		if s.Bound == Exactly {
			s.Bound = boundBefore(d.plain[:s.Start])
		}
		if s.Unit == Percent && s.Value.Cmp(big.NewRat(50, 1)) == 0 && s.Bound == Over {
			s.Majority = true // “more than half”, “over 50%”
		}
		for _, m := range d.marks {
			if m.from < s.End && s.Start < m.to {
				s.Markup = m.claim
			}
		}
	}
	return all, dates
}

// isName tells whether digits are part of a name, a code, a section number or a list of dotted numbers.
func isName(s string, from, to int) bool {
	if from > 0 && !strings.HasSuffix(s[:from], "£") && !strings.HasSuffix(s[:from], "€") {
		c := s[from-1]
		if c == '_' || c == '.' && from > 1 && isDigit(s[from-2]) || c == ',' && from > 1 && isDigit(s[from-2]) {
			return true
		}
		if isLetter(c) || c == '-' && from > 1 && isLetter(s[from-2]) && strings.ToUpper(s[from-2:from-1]) == s[from-2:from-1] {
			return true
		}
	}
	if to-from > 1 && s[from] == '0' && isDigit(s[from+1]) { // telephone and reference numbers
		return true
	}
	if from > 1 && s[from-1] == '(' && isDigit(s[from-2]) && to < len(s) && s[to] == ')' { // Article 11(2)
		return true
	}
	if to < len(s) && (s[to] == '_' || s[to] == '/' && to+1 < len(s) && isDigit(s[to+1]) || s[to] == '.' && to+1 < len(s) && isDigit(s[to+1])) {
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

func fromDigits(s string, from, to int, lang Lang) Statement {
	text := s[from:to]
	thousands, decimal := ",", "."
	if lang == Albanian {
		thousands, decimal = ".", ","
	}
	clean := strings.NewReplacer(thousands, "", "\u00a0", "", "\u202f", "", "\u2009", "", decimal, ".").Replace(text)
	st := Statement{Start: from, Unit: Number}
	_, fraction, _ := strings.Cut(clean, ".")
	st.Unclear = len(fraction) == 3 // 1.888 in English, 1,888 in Albanian: thousands or decimals?
	st.Value, _ = new(big.Rat).SetString(clean)
	st.Precision = power(-len(fraction))
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
	return st
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
	for i, b := range []Bound{Over, AtLeast, Nearly, About, Under} {
		if m[2+2*i] >= 0 {
			return b
		}
	}
	return Exactly
}
