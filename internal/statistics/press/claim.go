package press

import (
	"slices"
	"strings"

	"countersign/internal/fault"
	"countersign/internal/statistics"
)

// Kind is what a claim says of its measure.
type Kind string

const (
	Count  Kind = "count"
	Share  Kind = "share"  // of another measure, in percent
	Change Kind = "change" // on another period: in percent, as a factor, or as a number of returns

	ShareChange Kind = "share-change" // of a share on another period, in percentage points
)

// Claim is what a statement is bound to. As text, one line with three or four parts:
//
//	enforced | of albania | 2022
//	enforced / returns-without-port | of albania | 2022
//	voluntary | of albania | 2022 on 2021
//	enforced / returns-without-port | of albania | 2022 on 2021
//	returns-without-port | to albania | 2022-12-13..2023-04-07 | live-systems
//	offender + voluntary | of albania | 2022
type Claim struct {
	Kind       Kind
	Measures   []statistics.Measure // more than one: their sum
	Whole      statistics.Measure   // of a share
	Population statistics.Population
	Period     statistics.Period
	Base       statistics.Period // of a change
	Series     statistics.Series // empty: the series of the edition checked against
	Missing    []string          // of a suggestion: what the sentence does not say
	Carried    []string          // of a suggestion: what was taken from words before
}

// Complete tells whether a reading leaves nothing open.
func (c *Claim) Complete() bool { return c != nil && len(c.Missing) == 0 }

// miss notes once what a reading lacks: a code, and after a space the word that it is about.
func (c *Claim) miss(gap string) {
	if !slices.Contains(c.Missing, gap) {
		c.Missing = append(c.Missing, gap)
	}
}

// Gap splits what a reading lacks into its key in the catalogue and the word that it is about.
func Gap(missing string) (key, word string) {
	key, word, _ = strings.Cut(missing, " ")
	if key == "unit" {
		return "press.gap.unit." + word, ""
	}
	return "press.gap." + key, word
}

// String writes the claim as ParseClaim reads it.
func (c *Claim) String() string {
	var parts []string
	for _, m := range c.Measures {
		parts = append(parts, string(m))
	}
	what := strings.Join(parts, " + ")
	if what == "" {
		what = "?"
	}
	if (c.Kind == Share || c.Kind == ShareChange) && c.Whole != "" {
		what += " / " + string(c.Whole)
	}
	who := "?"
	switch {
	case c.Population.Nationality != "":
		who = "of " + string(c.Population.Nationality)
	case c.Population.Destination != "":
		who = "to " + string(c.Population.Destination)
	}
	period := "?"
	if !c.Period.From.IsZero() {
		period = periodText(c.Period)
	}
	if c.Kind == Change || c.Kind == ShareChange {
		base := "?"
		if !c.Base.From.IsZero() {
			base = periodText(c.Base)
		}
		period += " on " + base
	}
	text := what + " | " + who + " | " + period
	if c.Series != "" {
		text += " | " + string(c.Series)
	}
	return text
}

func periodText(p statistics.Period) string {
	s := p.String()
	if a, b, ok := strings.Cut(s, " to "); ok {
		return a + ".." + b
	}
	return s
}

// ParseClaim reads a claim; what it cannot read it names.
func ParseClaim(s string) (*Claim, error) {
	parts := strings.Split(s, "|")
	if len(parts) < 3 || len(parts) > 4 {
		return nil, fault.New(fault.Invalid, "fault.press.claim", "claim", clip(s))
	}
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	c := &Claim{Kind: Count}
	what, whole, share := strings.Cut(parts[0], "/")
	for _, m := range strings.Split(what, "+") {
		measure, err := measureOf(m)
		if err != nil {
			return nil, err
		}
		c.Measures = append(c.Measures, measure)
	}
	if share {
		var err error
		if c.Whole, err = measureOf(whole); err != nil {
			return nil, err
		}
		c.Kind = Share
	}
	if err := c.population(parts[1]); err != nil {
		return nil, err
	}
	period, base, change := strings.Cut(parts[2], " on ")
	var err error
	if c.Period, err = ParsePeriod(period); err != nil {
		return nil, err
	}
	if change {
		c.Kind = Change
		if share {
			c.Kind = ShareChange
		}
		if c.Base, err = ParsePeriod(base); err != nil {
			return nil, err
		}
	}
	if len(parts) == 4 {
		switch c.Series = statistics.Series(parts[3]); c.Series {
		case statistics.Quarterly, statistics.Live, statistics.Record:
		default:
			return nil, fault.New(fault.Invalid, "fault.press.series", "value", clip(parts[3]))
		}
	}
	return c, nil
}

func (c *Claim) population(s string) error {
	word, name, _ := strings.Cut(s, " ")
	country, ok := countryOf(strings.TrimSpace(name))
	switch {
	case !ok:
	case word == "of":
		c.Population.Nationality = country
		return nil
	case word == "to":
		c.Population.Destination = country
		return nil
	}
	return fault.New(fault.Invalid, "fault.press.population", "value", clip(s))
}

func countryOf(name string) (statistics.Country, bool) {
	n, ok := statistics.Named(name)
	return n.Country, ok
}

func measureOf(s string) (statistics.Measure, error) {
	s = strings.TrimSpace(s)
	for _, d := range statistics.Definitions() {
		if string(d.ID) == s {
			return d.ID, nil
		}
	}
	return "", fault.New(fault.Invalid, "fault.press.measure", "value", clip(s))
}

// ParsePeriod reads 2022, 2022 Q1, 2022 Q1..2022 Q3, or two days 2022-12-13..2023-04-07, both included.
func ParsePeriod(s string) (statistics.Period, error) {
	s = strings.TrimSpace(s)
	bad := fault.New(fault.Invalid, "fault.press.period", "value", clip(s))
	first, last, two := strings.Cut(s, "..")
	a, ok := onePeriod(first)
	if !ok || !two {
		if !ok {
			return a, bad
		}
		return a, nil
	}
	b, ok := onePeriod(last)
	if !ok || !b.Until.After(a.From) {
		return a, bad
	}
	return statistics.Period{From: a.From, Until: b.Until}, nil
}

func onePeriod(s string) (statistics.Period, bool) {
	s = strings.TrimSpace(s)
	if day, err := statistics.ParseDay(s); err == nil {
		return statistics.Days(day, day), true
	}
	if q, err := statistics.ParseQuarter(s); err == nil {
		return statistics.QuarterPeriod(q), true
	}
	if len(s) == 4 {
		if q, err := statistics.ParseQuarter(s + " Q1"); err == nil {
			return statistics.Year(q.Year()), true
		}
	}
	return statistics.Period{}, false
}

func clip(s string) string {
	r := []rune(strings.ToValidUTF8(s, "\uFFFD"))
	if len(r) > 60 {
		r = append(r[:60], '…')
	}
	return strings.Map(func(c rune) rune {
		if c < ' ' {
			return ' '
		}
		return c
	}, string(r))
}
