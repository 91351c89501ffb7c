package press

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"countersign/internal/fault"
	"countersign/internal/statistics"
)

// Draft is a text to be checked.
type Draft struct {
	Source string
	Format Format
	Lang   Lang      // empty: recognised
	Date   time.Time // the day of the text, from which “last year” is reckoned; zero: its dateline, else the edition's
}

// Options says what a person has decided.
type Options struct {
	Edition  statistics.Edition // checked against
	Accept   bool               // the person accepts the one reading of each statement that has a complete one
	Bindings map[int]string     // claims by the number of the statement, from 1
}

// MaxDraft and maxStatements bound what is read at once.
const (
	MaxDraft      = 256 << 10 // some 40,000 words
	maxStatements = 2_000
)

// Check reads a draft and judges every number in it.
func Check(d Draft, l Library, o Options) (*Report, error) {
	if len(d.Source) > MaxDraft {
		return nil, fault.New(fault.Invalid, "fault.press.too-long")
	}
	l = l.remember()
	target, err := l.At(o.Edition.Series, o.Edition.Published)
	if err != nil {
		return nil, err
	}
	text := parse(d.Source, d.Format)
	if d.Lang == "" {
		d.Lang = LangOf(text.plain)
	}
	all, dates, asides := statements(text, d.Lang)
	if len(all) > maxStatements || len(dates) > maxStatements {
		return nil, fault.New(fault.Invalid, "fault.press.too-long")
	}
	if d.Date.IsZero() {
		d.Date = dateline(text, dates)
	}
	if d.Date.IsZero() {
		d.Date = o.Edition.Published
	}
	r := newReader(text, d.Lang, all, dates, d.Date)
	report := &Report{Edition: target.Edition(), Asides: append(text.asides, asides...)}
	slices.SortStableFunc(report.Asides, func(a, b Aside) int { return a.Line - b.Line })
	for i := range all {
		f, err := bind(r, i, o)
		if err != nil {
			f.Problem = err
		}
		if f.Claim != nil {
			judge(f, l, target, r.falls(i))
		}
		if all[i].Unclear {
			f.Verdict, f.Cautions = Unchecked, append(f.Cautions, Separator)
		}
		f.Line, f.Text = all[i].Line, strings.Join(strings.Fields(text.text(text.sentences[all[i].Sentence])), " ")
		report.Findings = append(report.Findings, *f)
	}
	warn(report, text, l, target)
	return report, nil
}

// bind finds what a statement is bound to: the author's mark first, then a person's binding, then the
// reading if it is accepted. The reading is made in any case: it is the suggestion, and carries context on.
func bind(r *reader, i int, o Options) (*Finding, error) {
	st := &r.all[i]
	f := &Finding{Statement: st, Verdict: Unchecked, At: o.Edition}
	f.Suggestion = r.read(i)
	claim, how := st.Markup, ByMarkup
	if claim == "" {
		claim, how = o.Bindings[i+1], ByPerson
	}
	if claim != "" {
		c, err := ParseClaim(claim)
		if err != nil {
			return f, err
		}
		f.Claim, f.How, f.Suggestion = c, how, nil
		r.ctx.population, r.ctx.period, r.ctx.measure = c.Population, c.Period, c.Measures[0]
		return f, nil
	}
	if o.Accept && f.Suggestion.Complete() {
		f.Claim, f.How, f.Suggestion = f.Suggestion, ByReading, nil
	}
	return f, nil
}

// judge compares a bound statement with the edition, then looks where else it is true.
func judge(f *Finding, l Library, target Source, falls bool) {
	c, st := f.Claim, f.Statement
	if c.Series != "" && c.Series != target.Edition().Series {
		newest := l.before(statistics.Edition{Series: target.Edition().Series, Published: target.Edition().Published}, c.Series)
		if len(newest) == 0 {
			f.Verdict = Unpublished
			return
		}
		target = newest[0]
	}
	f.At = target.Edition()
	if !unitFits(c.Kind, st.Unit) {
		f.Problem = fault.New(fault.Invalid, "fault.press.unit", "unit", string(st.Unit), "kind", string(c.Kind))
		return
	}
	now, err := c.value(target, st.Unit)
	switch fault.KeyOf(err) {
	case "":
	case "fault.statistics.overlap", "fault.statistics.union":
		f.Verdict, f.Problem = OverlapSum, err
		return
	case "fault.statistics.suppressed":
		f.Verdict, f.Problem = Suppressed, err
		return
	default:
		f.Verdict, f.Problem = Unpublished, err
		return
	}
	f.Now = now
	printed := st.signed(c.Kind, falls)
	if v := fits(st, printed, now); v != Wrong {
		f.Verdict = v
		return
	}
	f.Verdict = Wrong
	for _, s := range l.before(target.Edition(), target.Edition().Series) {
		if v, err := c.value(s, st.Unit); err == nil && fits(st, printed, v) != Wrong {
			f.Verdict, f.True = Stale, s.Edition()
			return
		}
	}
	for _, other := range c.alternates() {
		if v, err := other.value(target, st.Unit); err == nil && fits(st, printed, v) != Wrong {
			f.Verdict, f.Instead = WrongDefinition, other.String()
			return
		}
	}
	for _, s := range l.others(target.Edition()) {
		if v, err := c.value(s, st.Unit); err == nil && fits(st, printed, v) != Wrong {
			f.Verdict, f.True = OtherSource, s.Edition()
			return
		}
	}
}

func unitFits(k Kind, u Unit) bool {
	switch k {
	case Count:
		return u == Number
	case Share:
		return u == Percent
	case ShareChange:
		return u == Points
	}
	return u == Percent || u == Times || u == Number
}

// value computes a claim from one edition, exactly. Shares and changes are in percent.
func (c *Claim) value(s Source, u Unit) (*big.Rat, error) {
	m, err := statistics.Union(s.Edition().Published, c.Measures...)
	if err != nil {
		return nil, err
	}
	n, err := s.Value(m, c.Population, c.Period)
	if err != nil {
		return nil, err
	}
	hundred := big.NewRat(100, 1)
	switch c.Kind {
	case Share:
		return c.share(s, n, c.Period)
	case ShareChange:
		now, err := c.share(s, n, c.Period)
		if err != nil {
			return nil, err
		}
		if n, err = s.Value(m, c.Population, c.Base); err != nil {
			return nil, err
		}
		before, err := c.share(s, n, c.Base)
		if err != nil {
			return nil, err
		}
		return now.Sub(now, before), nil
	case Change:
		before, err := s.Value(m, c.Population, c.Base)
		if err != nil {
			return nil, err
		}
		if u == Number {
			return big.NewRat(n-before, 1), nil
		}
		change, err := statistics.Change(n, before)
		if err != nil {
			return nil, err
		}
		if u == Times {
			return change.Add(change, big.NewRat(1, 1)), nil
		}
		return change.Mul(change, hundred), nil
	}
	return new(big.Rat).SetInt64(n), nil
}

// share is n over the claim's whole in a period, in percent.
func (c *Claim) share(s Source, n int64, p statistics.Period) (*big.Rat, error) {
	whole, err := s.Value(c.Whole, c.Population, p)
	if err != nil {
		return nil, err
	}
	share, err := statistics.Share(n, whole)
	if err != nil {
		return nil, err
	}
	return share.Mul(share, big.NewRat(100, 1)), nil
}

// alternates are the definitions that are most often confused with the claim's: of a nationality and to a
// country, with and without people refused entry at port. It is a fixed short list, not a search by value.
func (c *Claim) alternates() []*Claim {
	var all []*Claim
	swap := func(p statistics.Population) statistics.Population {
		return statistics.Population{Nationality: p.Destination, Destination: p.Nationality}
	}
	port := func(m statistics.Measure) statistics.Measure {
		switch m {
		case statistics.WithoutPort:
			return statistics.WithPort
		case statistics.WithPort:
			return statistics.WithoutPort
		}
		return m
	}
	a := *c
	a.Population = swap(c.Population)
	b := *c
	b.Measures, b.Whole = nil, port(c.Whole)
	for _, m := range c.Measures {
		b.Measures = append(b.Measures, port(m))
	}
	all = append(all, &a)
	if b.String() != c.String() {
		both := b
		both.Population = swap(c.Population)
		all = append(all, &b, &both)
	}
	return all
}

func (st *Statement) signed(k Kind, falls bool) *big.Rat {
	if (k == Change || k == ShareChange) && st.Unit != Times && falls {
		return new(big.Rat).Neg(st.Value)
	}
	return st.Value
}

// fits compares a printed number with the exact value, by its qualifier (facts/statistics.md, section 6:
// “over N” is N < x ≤ 1.1 N, “nearly N” is 0.95 N ≤ x < N).
func fits(st *Statement, printed, x *big.Rat) Verdict {
	p := new(big.Rat).Abs(printed)
	if printed.Sign() < 0 {
		x = new(big.Rat).Neg(x)
	}
	within := func(low, high string) bool {
		l, _ := new(big.Rat).SetString(low)
		h, _ := new(big.Rat).SetString(high)
		return x.Cmp(l.Mul(l, p)) >= 0 && x.Cmp(h.Mul(h, p)) <= 0
	}
	verdict := func(ok bool, v Verdict) Verdict {
		if ok {
			return v
		}
		return Wrong
	}
	switch st.Bound {
	case Over:
		return verdict(x.Cmp(p) > 0 && (st.Majority || within("1", "1.1")), Match)
	case AtLeast:
		return verdict(within("1", "1.1"), Match)
	case Nearly:
		return verdict(x.Cmp(p) < 0 && within("0.95", "1"), Match)
	case Under:
		return verdict(x.Cmp(p) < 0 && (st.Majority || within("0.9", "1")), Match)
	case AtMost:
		return verdict(within("0.9", "1"), Match)
	case Between:
		return verdict(st.High != nil && x.Cmp(p) >= 0 && x.Cmp(st.High) <= 0, Match)
	case About:
		return verdict(rounds(p, x, st.coarse()) || within("0.975", "1.025") || st.Written && within("0.95", "1.05"), MatchRounded)
	}
	if x.Cmp(p) == 0 {
		return Match
	}
	return verdict((st.Unit != Number || st.Precision.Cmp(big.NewRat(1, 1)) > 0) && rounds(p, x, st.Precision), MatchRounded)
}

// coarse is the precision that the zeros at the end of a number suggest: “about 1,900” is to the hundred.
func (st *Statement) coarse() *big.Rat {
	p := new(big.Rat).Set(st.Precision)
	if !st.Value.IsInt() || st.Value.Sign() == 0 {
		return p
	}
	ten := big.NewRat(10, 1)
	for new(big.Rat).Quo(st.Value, new(big.Rat).Mul(p, ten)).IsInt() {
		p.Mul(p, ten)
	}
	return p
}

// rounds tells whether x, rounded half away from zero to a precision, is p.
func rounds(p, x, precision *big.Rat) bool {
	return statistics.RoundRat(new(big.Rat).Quo(x, precision), 0).Cmp(new(big.Rat).Quo(p, precision)) == 0
}

// Show writes a value as a text would print it.
func (f *Finding) Show(v *big.Rat, lang string) string {
	if v == nil {
		return ""
	}
	change := f.Claim != nil && (f.Claim.Kind == Change || f.Claim.Kind == ShareChange)
	if f.Claim != nil && (f.Claim.Kind == Count || f.Claim.Kind == Change && f.Statement != nil && f.Statement.Unit == Number) {
		n, _ := strconv.ParseInt(statistics.Decimal(v, 0), 10, 64)
		s := statistics.Count(n, lang)
		if change && n > 0 {
			s = "+" + s
		}
		return s
	}
	s := statistics.Decimal(v, 1)
	if lang == "sq" {
		s = strings.ReplaceAll(s, ".", ",")
	}
	if f.Statement != nil && f.Statement.Unit == Times {
		return s + "×"
	}
	if change && v.Sign() > 0 {
		s = "+" + s
	}
	if f.Claim != nil && f.Claim.Kind == ShareChange {
		if lang == "sq" {
			return s + " p.p."
		}
		return s + " pp"
	}
	return fmt.Sprintf("%s %%", s)
}

// LangOf recognises the language of a draft by its commonest words.
func LangOf(s string) Lang {
	sq := len(albanianWords.FindAllStringIndex(s, 200))
	en := len(englishWords.FindAllStringIndex(s, 200))
	if sq > en {
		return Albanian
	}
	return English
}

var (
	albanianWords = words(`të|në|dhe|për|një|është|janë|më|që|ishin|nga|me|u`)
	englishWords  = words(`the|and|of|in|to|were|was|for|that|a|by|from`)
)
