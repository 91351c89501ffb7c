package cube

import (
	"math/big"
	"slices"

	"countersign/internal/fault"
	"countersign/internal/statistics"
)

// Vintage is one value of a series in one edition.
type Vintage struct {
	Edition statistics.Edition
	Value   int64
	Held    bool // false: the edition does not hold the period
}

// Revisions returns a figure in every edition of one series, oldest first. Editions of another series are
// left out: a provisional table from live systems is not an earlier vintage of a quarterly one.
func Revisions(editions []*Holding, series statistics.Series, f Filter) []Vintage {
	var all []Vintage
	for _, h := range editions {
		if h.Edition.Series != series {
			continue
		}
		n, err := h.Sum(f)
		all = append(all, Vintage{h.Edition, n, err == nil})
	}
	slices.SortFunc(all, func(a, b Vintage) int { return a.Edition.Published.Compare(b.Edition.Published) })
	return all
}

// Triangle is the revision triangle of a measure: one row per quarter, one column per edition.
type Triangle struct {
	Editions []statistics.Edition
	Quarters []statistics.Quarter
	Values   [][]Vintage // [quarter][edition]
}

// NewTriangle builds the triangle for the quarters of a period.
func NewTriangle(editions []*Holding, series statistics.Series, f Filter) (*Triangle, error) {
	quarters, ok := f.Period.Quarters()
	if !ok {
		return nil, fault.New(fault.Missing, "fault.statistics.not-quarters", "period", f.Period.String())
	}
	t := &Triangle{Quarters: quarters}
	for _, q := range quarters {
		f.Period = statistics.QuarterPeriod(q)
		t.Values = append(t.Values, Revisions(editions, series, f))
	}
	for _, v := range t.Values[0] {
		t.Editions = append(t.Editions, v.Edition)
	}
	return t, nil
}

// Band is how far values of a measure have moved after they were first published: the smallest and the
// largest of later/first, and on how many revisions it rests. A band on few revisions says little, so
// whoever shows it shows N.
type Band struct {
	Low, High *big.Rat // as factors on the first published value
	N         int      // revisions seen: pairs of first and later editions of one quarter
}

// RevisionBand computes the band over all quarters of the triangle whose first value is at least MinBase.
func (t *Triangle) RevisionBand() Band {
	b := Band{Low: big.NewRat(1, 1), High: big.NewRat(1, 1)}
	for _, row := range t.Values {
		var first *Vintage
		for i := range row {
			if !row[i].Held {
				continue
			}
			if first == nil {
				first = &row[i]
				if first.Value < statistics.MinBase {
					break
				}
				continue
			}
			b.N++
			factor := big.NewRat(row[i].Value, first.Value)
			if factor.Cmp(b.Low) < 0 {
				b.Low = factor
			}
			if factor.Cmp(b.High) > 0 {
				b.High = factor
			}
		}
	}
	return b
}

// ShareBand is the range in which a share part/whole may come to lie when part and rest are both revised
// within their bands: the rule behind "fragile" (facts/statistics.md, section 4).
func ShareBand(part, rest int64, ofPart, ofRest Band) (low, high *big.Rat, err error) {
	if part+rest == 0 {
		return nil, nil, fault.New(fault.Invalid, "fault.statistics.no-base")
	}
	share := func(p, r *big.Rat) *big.Rat {
		a := new(big.Rat).Mul(big.NewRat(part, 1), p)
		c := new(big.Rat).Mul(big.NewRat(rest, 1), r)
		return a.Quo(a, new(big.Rat).Add(a, c))
	}
	if part == 0 || rest == 0 {
		s := big.NewRat(part, part+rest)
		return s, s, nil
	}
	return share(ofPart.Low, ofRest.High), share(ofPart.High, ofRest.Low), nil
}

// YearOnYear is the change of a measure from the year before, exact.
func (h *Holding) YearOnYear(f Filter) (*big.Rat, error) {
	now, err := h.Sum(f)
	if err != nil {
		return nil, err
	}
	f.Period = statistics.Period{From: f.Period.From.AddDate(-1, 0, 0), Until: f.Period.Until.AddDate(-1, 0, 0)}
	before, err := h.Sum(f)
	if err != nil {
		return nil, err
	}
	return statistics.Change(now, before)
}

// Rolling sums the four quarters that end with q.
func (h *Holding) Rolling(f Filter, q statistics.Quarter) (int64, error) {
	f.Period = statistics.Period{From: (q - 3).Start(), Until: q.End()}
	return h.Sum(f)
}
