package statistics

import (
	"math/big"

	"countersign/internal/fault"
)

// MinBase is the smallest base on which a percentage change is given (facts/statistics.md, section 6).
const MinBase = 50

// Share is part over whole, exact. A whole of zero has no share.
func Share(part, whole int64) (*big.Rat, error) {
	if whole == 0 {
		return nil, fault.New(fault.Invalid, "fault.statistics.no-base")
	}
	return big.NewRat(part, whole), nil
}

// Change is (now - before) / before, exact; refused on a base below MinBase.
func Change(now, before int64) (*big.Rat, error) {
	if before < MinBase {
		return nil, fault.New(fault.Invalid, "fault.statistics.small-base")
	}
	return big.NewRat(now-before, before), nil
}

// Percent writes a ratio as a percentage with decimals places, computed on the exact value and rounded
// once, half away from zero; without the sign "%".
func Percent(r *big.Rat, decimals int) string {
	return Decimal(new(big.Rat).Mul(r, big.NewRat(100, 1)), decimals)
}

// Decimal writes a ratio with decimals places, rounded half away from zero.
func Decimal(r *big.Rat, decimals int) string {
	return RoundRat(r, decimals).FloatString(decimals)
}

// RoundRat rounds half away from zero to decimals places.
func RoundRat(r *big.Rat, decimals int) *big.Rat {
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(decimals)), nil)
	n := new(big.Int).Mul(r.Num(), scale)
	n.Mul(n, big.NewInt(2))
	d := new(big.Int).Mul(r.Denom(), big.NewInt(2))
	half := new(big.Int).Set(r.Denom())
	if n.Sign() < 0 {
		half.Neg(half)
	}
	q := new(big.Int).Quo(n.Add(n, half), d) // Quo truncates toward zero
	return new(big.Rat).SetFrac(q, scale)
}

// Points is the difference of two shares in percentage points: a change in a share is never a percentage.
func Points(now, before *big.Rat) *big.Rat {
	return new(big.Rat).Mul(new(big.Rat).Sub(now, before), big.NewRat(100, 1))
}

// Count writes a count with thousands separated: by a comma in English, by a full stop in Albanian.
func Count(n int64, lang string) string {
	sep := byte(',')
	if lang == "sq" {
		sep = '.'
	}
	s := big.NewInt(n).String()
	sign := ""
	if n < 0 {
		sign, s = "-", s[1:]
	}
	out := make([]byte, 0, len(s)+len(s)/3)
	for i := range len(s) {
		if i > 0 && (len(s)-i)%3 == 0 {
			out = append(out, sep)
		}
		out = append(out, s[i])
	}
	return sign + string(out)
}
