package press

import (
	"strings"
	"time"

	"countersign/internal/statistics"
)

// Periods that a text names by another: “the year before” is reckoned from the period it speaks of, “last
// year” from the day of the text.

var (
	sinceRe = expression(`(?i)(?:\b(?:since|që nga|që prej|qysh prej|prej)(?: viti| vitit)?(?: the)? ?)$`)

	// of the period spoken of; “the same period last year” is one year before it, whatever the day of the text
	earlierYear = expression(`(?i)\b(?:(?:in |on |than |the )*same (?:quarter|period|three months|months|half)(?: of| in)?(?: the)? (?:last year|previous year|year before|prior year|preceding year|a year earlier|one year earlier)|(?:on |in |during |than (?:in )?)?the (?:year before|previous year|prior year|preceding year|previous twelve months|previous 12 months|twelve months before|12 months before)|(?:a|one) year (?:earlier|before|previously)|twelve months earlier|12 months earlier|year[- ]on[- ]year|year over year|on the year|(?:në )?(?:të njëjtin tremujor|të njëjtën periudhë)(?: të)?(?: vitit)? (?:të )?(?:kaluar|të mëparshëm|mëparshëm|paraardhës|një viti më parë|një vit më parë)|(?:një vit|vitin|viti|vitit) (?:më parë|e mëparshëm|i mëparshëm|të mëparshëm|paraardhës|pararendës)|vit pas viti|mbi bazë vjetore|në bazë vjetore)`)
	laterYear   = expression(`(?i)\b(?:(?:in |during )?the (?:following year|next year|year after)|(?:a|one) year later|(?:një vit më vonë|vitin pasardhës|vitin vijues|vitin e ardhshëm))`)
	earlierQ    = expression(`(?i)\b(?:(?:on |in |than (?:in )?)?the (?:previous|preceding|prior) (?:quarter|three months)|the quarter before|(?:a|one) quarter earlier|quarter[- ]on[- ]quarter|(?:një tremujor|tremujorin) (?:më parë|e mëparshëm|paraardhës|pararendës))`)
	// of the day of the text
	lastYear  = expression(`(?i)\b(?:last year(?:['’]s)?|vitin e kaluar|viti i kaluar|vitit të kaluar|vjet\b)`)
	thisYear  = expression(`(?i)\b(?:(?:so far )?this year|(?:the )?current year|këtë vit|këtij viti|sivjet)`)
	lastQ     = expression(`(?i)\b(?:(?:the )?last quarter|tremujorin e kaluar|tremujorit të kaluar)`)
	lastM     = expression(`(?i)\b(?:last month|muajin e kaluar|muajit të kaluar|this month|këtë muaj|last week|javën e kaluar|this week|yesterday|dje|today|sot|recent(?:ly| months| weeks| years)|muajt e fundit|vitet e fundit|to date|deri më sot|deri tani|so far)`)
	quarterOf = expression(`(?i)(?:the )?` + ordinal + ` quarter of (this year|last year|that year|the same year)|tremujor(?:i|in|it)? (?:i |e |të )?` + ordinal + ` (?:i |e |të )?(këtij viti|vitit të kaluar|atij viti|të njëjtit vit)`)
)

var (
	yearsEarlier = expression(`(?i)\b(\d{1,2}|two|three|four|five|ten|dy|tre|tri|katër|pesë|dhjetë) (?:years|vjet|vite) (earlier|before|previously|ago|later|më parë|më vonë)`)
	yearCounts   = map[string]int{"two": 2, "three": 3, "four": 4, "five": 5, "ten": 10, "dy": 2, "tre": 3, "tri": 3, "katër": 4, "pesë": 5, "dhjetë": 10}
)

func yearsOn(n int) func(statistics.Period) statistics.Period {
	return func(p statistics.Period) statistics.Period {
		return statistics.Period{From: p.From.AddDate(n, 0, 0), Until: p.Until.AddDate(n, 0, 0)}
	}
}

// relatives finds them where nothing has been found yet.
func relatives(s string, used []bool) []when {
	var all []when
	add := func(re *pattern, w when) {
		for _, m := range re.FindAllStringIndex(s, -1) {
			free := true
			for i := m[0]; i < m[1]; i++ {
				free = free && !used[i]
			}
			if !free || !ends(s, m[1]) {
				continue
			}
			for i := m[0]; i < m[1]; i++ {
				used[i] = true
			}
			w.span = span{m[0], m[1]}
			all = append(all, w)
		}
	}
	for _, m := range quarterOf.FindAllStringSubmatchIndex(s, -1) {
		q, which := ordinalOf(group(s, m, 1)+group(s, m, 3)), strings.ToLower(group(s, m, 2)+group(s, m, 4))
		w := when{span: span{m[0], m[1]}, today: func(day time.Time) statistics.Period { return statistics.QuarterPeriod(statistics.Q(day.Year(), q)) }}
		switch which {
		case "last year", "vitit të kaluar":
			w.today = func(day time.Time) statistics.Period { return statistics.QuarterPeriod(statistics.Q(day.Year()-1, q)) }
		case "that year", "the same year", "atij viti", "të njëjtit vit":
			w.today, w.reckon = nil, func(p statistics.Period) statistics.Period {
				return statistics.QuarterPeriod(statistics.Q(p.From.Year(), q))
			}
		}
		for i := m[0]; i < m[1]; i++ {
			used[i] = true
		}
		all = append(all, w)
	}
	for _, m := range yearsEarlier.FindAllStringSubmatchIndex(s, -1) {
		n, ok := yearCounts[strings.ToLower(group(s, m, 1))]
		if !ok {
			n, ok = number(s, m, 1)
		}
		if !ok || n > 50 || used[m[0]] || used[m[1]-1] {
			continue
		}
		for i := m[0]; i < m[1]; i++ {
			used[i] = true
		}
		w := when{span: span{m[0], m[1]}, reckon: yearsOn(-n)}
		switch strings.ToLower(group(s, m, 2)) {
		case "ago":
			w.reckon, w.today = nil, func(day time.Time) statistics.Period { return statistics.Year(day.Year() - n) }
		case "later", "më vonë":
			w.reckon = yearsOn(n)
		}
		all = append(all, w)
	}
	add(earlierYear, when{reckon: yearsOn(-1)})
	add(laterYear, when{reckon: yearsOn(1)})
	add(earlierQ, when{reckon: func(p statistics.Period) statistics.Period {
		if qs, ok := p.Quarters(); ok && len(qs) == 1 {
			return statistics.QuarterPeriod(qs[0] - 1)
		}
		return statistics.Period{}
	}})
	add(lastYear, when{today: func(day time.Time) statistics.Period { return statistics.Year(day.Year() - 1) }})
	add(thisYear, when{today: func(day time.Time) statistics.Period { return statistics.Year(day.Year()) }})
	add(lastQ, when{today: func(day time.Time) statistics.Period {
		return statistics.QuarterPeriod(statistics.QuarterOf(day) - 1)
	}})
	add(lastM, when{vague: true, day: true})
	return all
}

// ends tells whether a word ends at an offset.
func ends(s string, at int) bool {
	return at >= len(s) || !isLetter(s[at]) || strings.HasPrefix(s[at:], "’") || strings.HasPrefix(s[at:], "”") || strings.HasPrefix(s[at:], "–")
}

// dateline finds the day that a draft gives itself: a line near its beginning that holds a day and hardly
// anything else, as in “London, 24 April 2023”.
func dateline(d *draft, dates []when) time.Time {
	for _, w := range dates {
		if !w.day || w.period.From.Year() < 1900 {
			continue
		}
		from := strings.LastIndexByte(d.plain[:w.from], '\n') + 1
		to := len(d.plain)
		if n := strings.IndexByte(d.plain[w.to:], '\n'); n >= 0 {
			to = w.to + n
		}
		rest := strings.Fields(d.plain[from:w.from] + " " + d.plain[w.to:to])
		if strings.Count(d.plain[:from], "\n") < 8 && len(rest) <= 3 {
			return w.period.From
		}
	}
	return time.Time{}
}
