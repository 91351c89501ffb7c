package press

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"countersign/internal/statistics"
	"countersign/internal/statistics/cube"
)

var (
	caveat    = words(`provisional|subject to revision|may be revised|will be revised|live operational|management information|të përkohshme|të përkohshëm|i përkohshëm|paraprake|mund të rishikohen|do të rishikohen|nga sistemet operative`)
	adding    = words(`combination of|a mix of|mix of|made up of|comprising|comprises|consisting of|consists of|composed of|split between|një kombinim|kombinim i|kombinim të|përbëhet nga|të përbëra nga|përfshirë`)
	inference = words(`evidence that|evidence of (?:the )?(?:success|effect\w*|impact)|proof that|proves? that|shows? that (?:the|our|this) (?:\pL+ ){0,4}(?:works?|is working|succe\pL+)|is working|encouraging trend|encouraging signs?|thanks to|as a (?:direct )?result of|because of (?:the|our)|due to (?:the|our)|deterr\pL+|success of|dëshmon se|dëshmojnë se|provon se|provojnë se|provë se|dëshmi se|prirje inkurajuese|tendencë inkurajuese|shenjë inkurajuese|falë|si rezultat i|po funksionon|funksionojnë|sukses\pL* i`)
	returnTo  = expression(`(?i)(?:\breturn(?:s|ed|ing)?|sent (?:back|home)|removed|removals)\b[^.;]{0,40}? to (?:albania|their (?:home|own) country)|(?:kthy\pL*|kthime\pL*)[^.;]{0,40}? (?:në|drejt) shqipëri`)
)

// warn adds the cautions, and findings for sentences without numbers that conclude what no figure carries.
func warn(r *Report, d *draft, l Library, target Source) {
	hasCaveat := caveat.MatchString(d.plain)
	spoken := map[int]bool{}
	for i := range r.Findings {
		f := &r.Findings[i]
		sentence := d.text(d.sentences[f.Statement.Sentence])
		first := !spoken[f.Statement.Sentence]
		spoken[f.Statement.Sentence] = true
		if first {
			f.Cautions = append(f.Cautions, wording(sentence)...)
		}
		if f.Claim == nil {
			continue
		}
		if f.Claim.Population.Nationality != "" && returnTo.MatchString(sentence) {
			f.Cautions = append(f.Cautions, Ambiguous)
		}
		if !hasCaveat && f.Now != nil && stillMoves(f.Claim, target) {
			f.Cautions = append(f.Cautions, Provisional)
		}
		if band, fragile := fragile(f, l, target); fragile {
			f.Cautions, f.Band = append(f.Cautions, Fragile), band
		}
	}
	for n, s := range d.sentences {
		if spoken[n] {
			continue
		}
		if c := wording(d.text(s)); len(c) > 0 {
			r.Findings = append(r.Findings, Finding{Line: d.line(s.from + indent(d.text(s))), Text: strings.Join(strings.Fields(d.text(s)), " "), Cautions: c})
		}
	}
	slices.SortStableFunc(r.Findings, func(a, b Finding) int { return a.Line - b.Line })
}

func indent(s string) int { return len(s) - len(strings.TrimLeft(s, " \t\n")) }

// wording finds what a sentence says beyond its numbers.
func wording(s string) []Caution {
	var c []Caution
	groups := map[statistics.Measure]bool{}
	for _, w := range measureWords {
		if w.re.MatchString(s) {
			groups[w.measure] = true
		}
	}
	overlapping := groups[statistics.OffenderReturns] || groups[statistics.AsylumRelated]
	if adding.MatchString(s) && overlapping && len(groups) >= 2 {
		c = append(c, AddedUp)
	}
	if inference.MatchString(s) {
		c = append(c, Inference)
	}
	return c
}

// stillMoves: voluntary returns are learned late, so that they and every total with them are provisional
// for a year; so is all that a provisional edition says.
func stillMoves(c *Claim, target Source) bool {
	if target.Provisional() {
		return true
	}
	recent := c.Period.Until.After(target.Edition().Published.AddDate(-1, 0, 0))
	late := c.Whole != ""
	for _, m := range c.Measures {
		late = late || m == statistics.VoluntaryReturns || m == statistics.WithoutPort || m == statistics.WithPort
	}
	return recent && late
}

// fragile tells whether a majority or a direction may turn by the revisions that the series has shown so
// far: editions after the one checked against are not known yet.
func fragile(f *Finding, l Library, target Source) (string, bool) {
	c := f.Claim
	if f.Now == nil || len(c.Measures) != 1 || c.Kind == Count || c.Kind == ShareChange {
		return "", false
	}
	band := func(m statistics.Measure) cube.Band { return bandOf(m, c.Population, l, target) }
	if c.Kind == Change {
		b := band(c.Measures[0])
		one := big.NewRat(1, 1)
		factor := new(big.Rat).Add(one, new(big.Rat).Quo(f.Now, big.NewRat(100, 1)))
		switch f.Statement.Unit {
		case Times:
			factor = f.Now
		case Number:
			before, err := target.Value(c.Measures[0], c.Population, c.Base)
			if err != nil || before == 0 {
				return "", false
			}
			factor = new(big.Rat).Add(one, new(big.Rat).Quo(f.Now, big.NewRat(before, 1)))
		}
		low, high := new(big.Rat).Quo(new(big.Rat).Mul(factor, b.Low), b.High), new(big.Rat).Quo(new(big.Rat).Mul(factor, b.High), b.Low)
		text := fmt.Sprintf("%s to %s, %d revisions", statistics.Percent(new(big.Rat).Sub(low, one), 0), statistics.Percent(new(big.Rat).Sub(high, one), 0), b.N)
		return text, b.N > 0 && low.Cmp(one) <= 0 && high.Cmp(one) >= 0
	}
	rest := statistics.VoluntaryReturns
	switch {
	case c.Whole != statistics.WithoutPort:
		return "", false
	case c.Measures[0] == statistics.VoluntaryReturns:
		rest = statistics.EnforcedReturns
	case c.Measures[0] != statistics.EnforcedReturns:
		return "", false
	}
	part, err := target.Value(c.Measures[0], c.Population, c.Period)
	if err != nil {
		return "", false
	}
	other, err := target.Value(rest, c.Population, c.Period)
	if err != nil {
		return "", false
	}
	a, b := band(c.Measures[0]), band(rest)
	half := big.NewRat(1, 2)
	if a.N == 0 || b.N == 0 { // nothing is known of how this series moves: three points stand in for a band
		share := big.NewRat(part, part+other)
		gap := new(big.Rat).Abs(new(big.Rat).Sub(share, half))
		return "no revision seen yet", gap.Cmp(big.NewRat(3, 100)) < 0
	}
	low, high, err := cube.ShareBand(part, other, a, b)
	if err != nil {
		return "", false
	}
	text := fmt.Sprintf("%s %% to %s %%, %d revisions", statistics.Percent(low, 1), statistics.Percent(high, 1), a.N+b.N)
	return text, low.Cmp(half) <= 0 && high.Cmp(half) >= 0
}

// bandOf is the revision band of a measure over the eight quarters before the edition.
func bandOf(m statistics.Measure, p statistics.Population, l Library, target Source) cube.Band {
	editions := l.before(target.Edition(), target.Edition().Series)
	slices.Reverse(editions)
	editions = append(editions, target)
	last := statistics.QuarterOf(target.Edition().Published) - 1
	t := cube.Triangle{}
	for q := last - 7; q <= last; q++ {
		var row []cube.Vintage
		for _, s := range editions {
			// A quarter counts as published by an edition a month after it has ended: before that its value
			// is unfinished, not revised.
			n, err := s.Value(m, p, statistics.QuarterPeriod(q))
			row = append(row, cube.Vintage{Edition: s.Edition(), Value: n, Held: err == nil && !q.End().AddDate(0, 1, 0).After(s.Edition().Published)})
		}
		t.Values = append(t.Values, row)
	}
	return t.RevisionBand()
}
