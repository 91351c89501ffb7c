package press

import (
	"strconv"
	"strings"
	"time"

	"countersign/internal/statistics"
)

// when is a period or a date found in the text.
type when struct {
	span
	period statistics.Period
	day    bool                                      // a single day or a time: no period of returns, only part of a range
	vague  bool                                      // “since 2010”, “late 2022”: no whole period
	ends   []statistics.Period                       // of “from 2021 to 2022”: both, for a change between them
	since  bool                                      // “since 2021”: no period, but a base
	reckon func(statistics.Period) statistics.Period // “the year before”: from the period spoken of
	today  func(time.Time) statistics.Period         // “last year”: from the day of the text
}

const monthNames = `january|february|march|april|may|june|july|august|september|october|november|december|janari?t?|shkurti?t?|marsi?t?|prilli?t?|maji?t?|qershori?t?|korriku?t?|gushti?t?|shtatori?t?|tetori?t?|nëntori?t?|dhjetori?t?`

// monthOf reads a month's name in either language; Albanian names may bear an ending.
func monthOf(s string) time.Month {
	s = strings.ToLower(s)
	for i, n := range []string{"january janar", "february shkurt", "march mars", "april prill", "may maj", "june qershor", "july korrik",
		"august gusht", "september shtator", "october tetor", "november nëntor", "december dhjetor"} {
		en, sq, _ := strings.Cut(n, " ")
		if s == en || strings.HasPrefix(s, sq) {
			return time.Month(i + 1)
		}
	}
	return 0
}

const (
	dayRe   = `(?:the )?(\d{1,2})(?:st|nd|rd|th)?(?: of)? (` + monthNames + `)(?:,? (?:të vitit |e vitit |i vitit )?(\d{4}))?`
	yearDig = `(19[89]\d|20[0-4]\d)`
	weekRe  = `(?:the )?(?:end of the )?(?:first week of|java e parë e|javën e parë të|javës së parë të)(?: muajit)? (` + monthNames + `)(?:,? (?:të vitit |e vitit |i vitit )?(\d{4}))?`
	ofYear  = `(?: of| in|,)?(?: the year| të vitit| i vitit| e vitit| të| i| e| vitit)? ?(\d{4})`
	ordinal = `(first|second|third|fourth|last|final|i parë|e parë|i dytë|e dytë|i tretë|e tretë|i katërt|e katërt|të parë|të dytë|të tretë|të katërt)`
)

var (
	rangeRe    = expression(`(?i)\b(?:from|between|since|nga|ndërmjet|mes|midis|prej)(?: data| datës| dates)? ` + dayRe + `,? (?:to|until|and|up to|till|through|deri më|deri në|deri|dhe)(?: the end of)? (?:` + dayRe + `|` + weekRe + `)`)
	dottedRe   = expression(`\b(\d{1,2})([./])(\d{1,2})[./](\d{4})\b`)
	isoRe      = expression(`\b(\d{4})-(\d{2})-(\d{2})\b`)
	longRe     = expression(`(?i)\b` + dayRe + `\b`)
	monthIn    = expression(`(?i)(?:^|[^\pL])(?:(?:between |from |nga |ndërmjet |mes |prej )?(` + monthNames + `) (?:and|to|until|dhe|deri në|deri më|deri) )?(` + monthNames + `)(?: të vitit| i vitit| e vitit)? (\d{4})\b`)
	q1Re       = expression(`(?i)\bq([1-4])(?: of)? (\d{4})\b|\b(\d{4}) q([1-4])\b`)
	quartRe    = expression(`(?i)(?:the )?(?:` + ordinal + ` quarter|tremujor(?:i|in|it)? (?:i |e |të )?` + ordinal + `)` + ofYear + `\b`)
	threeRe    = expression(`(?i)(?:the )?(?:` + ordinal + ` three months|(?:tre|tri) muaj(?:t|ve|ve të|t e|)? (?:e |të )?(?:parë|fundit))` + ofYear + `\b`)
	endRe      = expression(`(?i)(?:(year|twelve months|12 months|viti|vitin|12 muajt|12-mujori)|(quarter|three months|3 months|tremujori|tremujorin|tre muajt))(?: to| ending| ended| up to| deri në| deri më| që përfundon në| që përfundoi në| që mbyllet në)(?: the)?(?: end of| fund të| fund të muajit)? (?:(?:28|29|30|31) )?(` + monthNames + `) (\d{4})\b`)
	halfRe     = expression(`(?i)(?:the )?(?:(first|second|last|latter) (?:half|six months|6 months)|first (nine months|9 months|three quarters)|gjysma e (parë|dytë)|gjysmën e (parë|dytë)|gjysmës së (parë|dytë)|gjashtëmujori(?:n|t)? (?:i |e |të )?(parë|dytë)|(?:6|gjashtë) mujorin e (parë|dytë)|gjashtë muajt e (parë|fundit)|(nëntë)mujori(?:n|t)?(?: i| e| të)? (?:parë)|(nëntë) muajt e parë)` + ofYear + `\b`)
	spanRe     = expression(`(?i)\b(?:(between|from|nga|prej|ndërmjet|midis|mes)(?: viti| vitit| vitet| viteve)? |(?:in|during|over|across|në|gjatë)(?: the years| vitet| viteve)? )` + yearDig + ` (?:to|and|until|through|deri në|deri më|deri|dhe|e|në)(?: viti| vitin| vitit)? ` + yearDig + `\b`)
	fiscalRe   = expression(`\b(?:19|20)\d\d ?[-–/] ?(?:\d\d|(?:19|20)\d\d)\b`)
	bareQRe    = expression(`(?i)\b(?:q[1-4]\b|(?:the )?(?:first|second|third|fourth|final) (?:quarter|half)\b|tremujori(?:n|t)? (?:i|e|të) (?:parë|dytë|tretë|katërt))`)
	vagueRe    = expression(`(?i)(?:\b(?:early|late|mid|since|by|until|till|before|after|through|into|end of|start of|beginning of|spring|summer|autumn|winter|christmas|easter|half of|months of|weeks of|part of|most of|much of|rest of|remainder of|so far in|nisjen e|fillim të|fillimin e|fund të|fundin e|mes të|që nga|që prej|qysh në|qysh prej|para|pas|pranverën e|verën e|vjeshtën e|dimrin e|deri në|deri më)(?: in| of| the| së| të| vitin| vitit| viti| muaji| muajin| muajit| mid| early| late| end of)*)[ -]?$`)
	yearRe     = expression(`\b(19[89]\d|20[0-4]\d)\b`)
	clockRe    = expression(`\b\d{1,2}[:.]\d{2}(?: ?(?:am|pm|hours)\b|:\d{2}\b)|\b\d{1,2}:\d{2}\b|\b\d{1,2} ?(?:am|pm)\b`)
	countRe    = expression(`(?i)^ ?(?:%|people|persons|returns|returnees|albanian|nationals|individuals|offenders|cases|removals|kthime|persona|njerëz|shtetas|shqiptarë|veta|raste|per ?cent|për ?qind)`)
	beforeYear = expression(`(?i)(?:\b(?:in|of|during|since|by|until|to|from|and|year|for|than|with|against|vs|on|through|between|calendar|early|late|mid|viti|vitit|vitin|në|gjatë|më|deri|nga|dhe|me|krahasuar me|ndaj)|[(/–-]) ?$`)
)

// periods finds every date and period, longest first, so that their digits are not taken for counts.
func periods(s string) []when {
	var all []when
	used := make([]bool, len(s))
	add := func(from, to int, p statistics.Period, day bool) {
		for i := from; i < to; i++ {
			if used[i] {
				return
			}
		}
		for i := from; i < to; i++ {
			used[i] = true
		}
		all = append(all, when{span: span{from, to}, period: p, day: day})
	}
	for _, m := range rangeRe.FindAllStringSubmatchIndex(s, -1) {
		if p, ok := rangeOf(s, m); ok {
			add(m[0], m[1], p, false)
		}
	}
	for _, m := range endRe.FindAllStringSubmatchIndex(s, -1) {
		if year, ok := number(s, m, 4); ok {
			until := statistics.Day(year, monthOf(group(s, m, 3))+1, 1)
			months := -12
			if group(s, m, 2) != "" {
				months = -3
			}
			add(m[0], m[1], statistics.Period{From: until.AddDate(0, months, 0), Until: until}, false)
		}
	}
	for _, m := range halfRe.FindAllStringSubmatchIndex(s, -1) {
		year, _ := number(s, m, 11)
		first, last := 1, 2
		switch strings.ToLower(group(s, m, 1) + group(s, m, 3) + group(s, m, 4) + group(s, m, 5) + group(s, m, 6) + group(s, m, 7) + group(s, m, 8)) {
		case "second", "last", "latter", "dytë", "fundit":
			first, last = 3, 4
		case "":
			last = 3
		}
		add(m[0], m[1], statistics.Period{From: statistics.Q(year, first).Start(), Until: statistics.Q(year, last).End()}, false)
	}
	for _, m := range spanRe.FindAllStringSubmatchIndex(s, -1) {
		a, _ := number(s, m, 2)
		b, _ := number(s, m, 3)
		if a < b && (group(s, m, 1) != "" || b == a+1) {
			n := len(all)
			from := m[4]
			if group(s, m, 1) != "" {
				from = m[2]
			}
			if add(from, m[1], statistics.Period{From: statistics.Year(a).From, Until: statistics.Year(b).Until}, false); len(all) > n {
				all[n].ends = []statistics.Period{statistics.Year(a), statistics.Year(b)}
			}
		}
	}
	for _, m := range dottedRe.FindAllStringSubmatchIndex(s, -1) {
		d, _ := number(s, m, 1)
		month, _ := number(s, m, 3)
		year, _ := number(s, m, 4)
		if d >= 1 && d <= 31 && month >= 1 && month <= 12 && s[m[4]] == s[m[8]-1] {
			day := statistics.Day(year, time.Month(month), d)
			add(m[0], m[1], statistics.Days(day, day), true)
		}
	}
	for _, m := range fiscalRe.FindAllStringIndex(s, -1) {
		if n := len(all); m[1] == len(s) || s[m[1]] != '-' && !isDigit(s[m[1]]) { // no ISO date
			if add(m[0], m[1], statistics.Period{}, false); len(all) > n {
				all[n].vague = true
			}
		}
	}
	for _, m := range q1Re.FindAllStringSubmatchIndex(s, -1) {
		q, ok := number(s, m, 1)
		year, _ := number(s, m, 2)
		if !ok {
			year, _ = number(s, m, 3)
			q, _ = number(s, m, 4)
		}
		add(m[0], m[1], statistics.QuarterPeriod(statistics.Q(year, q)), false)
	}
	for _, m := range quartRe.FindAllStringSubmatchIndex(s, -1) {
		if year, ok := number(s, m, 3); ok {
			add(m[0], m[1], statistics.QuarterPeriod(statistics.Q(year, ordinalOf(group(s, m, 1)+group(s, m, 2)))), false)
		}
	}
	for _, m := range threeRe.FindAllStringSubmatchIndex(s, -1) {
		if year, ok := number(s, m, 2); ok {
			which := ordinalOf(group(s, m, 1) + " " + s[m[0]:m[1]])
			add(m[0], m[1], statistics.QuarterPeriod(statistics.Q(year, which)), false)
		}
	}
	for _, m := range isoRe.FindAllStringSubmatchIndex(s, -1) {
		if day, err := statistics.ParseDay(s[m[0]:m[1]]); err == nil {
			add(m[0], m[1], statistics.Days(day, day), true)
		}
	}
	for _, m := range longRe.FindAllStringSubmatchIndex(s, -1) {
		d, _ := number(s, m, 1)
		year, _ := number(s, m, 3)
		if d >= 1 && d <= 31 {
			day := statistics.Day(max(year, 1), monthOf(group(s, m, 2)), d)
			add(m[0], m[1], statistics.Days(day, day), true)
		}
	}
	for _, m := range monthIn.FindAllStringSubmatchIndex(s, -1) {
		year, _ := number(s, m, 3)
		last := monthOf(group(s, m, 2))
		first := last
		if g := group(s, m, 1); g != "" {
			first = monthOf(g)
		}
		from := statistics.Day(year, first, 1)
		if first > last {
			from = from.AddDate(-1, 0, 0)
		}
		start := m[0]
		if m[2] >= 0 {
			start = m[2]
		} else {
			start = m[4]
		}
		add(start, m[1], statistics.Period{From: from, Until: statistics.Day(year, last+1, 1)}, false)
	}
	for _, m := range clockRe.FindAllStringIndex(s, -1) {
		add(m[0], m[1], statistics.Period{}, true)
	}
	for _, m := range yearRe.FindAllStringIndex(s, -1) {
		if m[0] > 0 && strings.ContainsRune(".,£€$", rune(s[m[0]-1])) || m[1]+1 < len(s) && (s[m[1]] == ',' || s[m[1]] == '.') && isDigit(s[m[1]+1]) {
			continue
		}
		if countRe.MatchString(s[m[1]:]) && !beforeYear.MatchString(tail(s, m[0], 32)) {
			continue
		}
		year, _ := strconv.Atoi(s[m[0]:m[1]])
		add(m[0], m[1], statistics.Year(year), false)
	}
	all = append(all, relatives(s, used)...)
	for _, m := range bareQRe.FindAllStringIndex(s, -1) {
		n := len(all)
		if add(m[0], m[1], statistics.Period{}, false); len(all) > n {
			all[n].vague = true
		}
	}
	for i := range all {
		w := &all[i]
		before := tail(s, w.from, 40)
		if w.day || w.ends != nil || w.reckon != nil {
			continue
		}
		w.since = sinceRe.MatchString(before)
		w.vague = w.vague || w.since || vagueRe.MatchString(before)
	}
	return all
}

// rangeOf reads “from 13 December 2022 to 7 April 2023”; a year given once serves both ends.
func rangeOf(s string, m []int) (statistics.Period, bool) {
	d1, _ := number(s, m, 1)
	m1 := monthOf(group(s, m, 2))
	y1, has1 := number(s, m, 3)
	d2, m2 := 7, time.Month(0)
	var y2 int
	var has2 bool
	if group(s, m, 5) != "" {
		d2, _ = number(s, m, 4)
		m2 = monthOf(group(s, m, 5))
		y2, has2 = number(s, m, 6)
	} else {
		m2 = monthOf(group(s, m, 7)) // the first week: its seventh day
		y2, has2 = number(s, m, 8)
	}
	switch {
	case !has1 && !has2:
		return statistics.Period{}, false
	case !has1:
		y1 = y2
		if m1 > m2 {
			y1--
		}
	case !has2:
		y2 = y1
		if m1 > m2 {
			y2++
		}
	}
	first, last := statistics.Day(y1, m1, d1), statistics.Day(y2, m2, d2)
	return statistics.Days(first, last), !last.Before(first)
}

func group(s string, m []int, i int) string {
	if 2*i+1 >= len(m) || m[2*i] < 0 {
		return ""
	}
	return s[m[2*i]:m[2*i+1]]
}

func number(s string, m []int, i int) (int, bool) {
	n, err := strconv.Atoi(group(s, m, i))
	return n, err == nil
}

func ordinalOf(s string) int {
	s = strings.ToLower(s)
	switch {
	case strings.Contains(s, "second"), strings.Contains(s, "dytë"):
		return 2
	case strings.Contains(s, "third"), strings.Contains(s, "tretë"):
		return 3
	case strings.Contains(s, "fourth"), strings.Contains(s, "last"), strings.Contains(s, "final"), strings.Contains(s, "katërt"), strings.Contains(s, "fundit"):
		return 4
	}
	return 1
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
