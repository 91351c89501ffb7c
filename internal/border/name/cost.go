package name

// None is the cost of two words that do not correspond.
const None = 255

// Unit is the cost of one plain edit; spellings that languages exchange regularly cost a fraction of it.
const Unit = 20

// variant says that two spellings are written for each other, at a price in Units of 1/20.
type variant struct {
	a, b string
	cost uint8
	end  bool // at the end of a word only
}

// variants: Albanian as seen in British, Italian, Greek and Serbian records (facts: identity-border, 7.2),
// then what transliterations of Slavic, Greek and Arabic names exchange.
var variants = []variant{
	{"E", "A", 6, false}, {"E", "", 4, true}, {"C", "CH", 4, false}, {"C", "Q", 4, false},
	{"Q", "CH", 4, false}, {"Q", "K", 4, false}, {"Q", "KY", 4, false}, {"Q", "G", 6, false}, {"Q", "KJ", 4, false},
	{"GJ", "G", 4, false}, {"GJ", "J", 4, false}, {"GJ", "DJ", 4, false}, {"GJ", "GY", 3, false}, {"GJ", "D", 6, false}, {"GJ", "GI", 3, false}, {"GJ", "XH", 5, false},
	{"XH", "J", 4, false}, {"XH", "DJ", 4, false}, {"XH", "DZ", 4, false}, {"XH", "DZH", 3, false}, {"XH", "G", 5, false}, {"XH", "X", 4, false}, {"XH", "TZ", 5, false},
	{"X", "DZ", 4, false}, {"X", "Z", 5, false}, {"X", "DS", 5, false}, {"ZH", "Z", 4, false}, {"ZH", "J", 5, false},
	{"SH", "S", 4, false}, {"SH", "SC", 4, false}, {"SH", "SCH", 3, false}, {"TH", "T", 4, false}, {"TH", "S", 6, false}, {"DH", "D", 4, false}, {"DH", "TH", 5, false},
	{"C", "TS", 4, false}, {"C", "TZ", 4, false}, {"C", "Z", 5, false}, {"J", "Y", 3, false}, {"J", "I", 4, false}, {"Y", "U", 4, false}, {"Y", "I", 4, false},
	{"NJ", "N", 5, false}, {"NJ", "NY", 3, false}, {"NJ", "GN", 3, false}, {"LJ", "L", 5, false},
	{"I", "", 5, true}, {"U", "", 5, true}, {"A", "", 5, true}, {"AJ", "", 6, true}, {"J", "", 5, true}, {"AJ", "A", 5, true}, {"AJ", "AY", 3, true},
	{"A", "AE", 3, false}, {"O", "OE", 3, false}, {"U", "UE", 3, false}, {"U", "OU", 3, false}, {"U", "OO", 3, false}, {"I", "EE", 3, false}, {"I", "IE", 5, false},
	{"K", "KH", 5, false}, {"H", "KH", 4, false}, {"H", "CH", 5, false}, {"G", "GH", 4, false}, {"K", "C", 6, false}, {"K", "CK", 4, false}, {"F", "PH", 3, false}, {"V", "W", 4, false},
	{"IA", "YA", 3, false}, {"IU", "YU", 3, false}, {"I", "IY", 4, true}, {"I", "YY", 4, true}, {"EI", "AI", 5, false}, {"KS", "X", 3, false}, {"B", "MP", 4, false}, {"D", "NT", 4, false},
	{"O", "U", 8, false}, {"E", "I", 8, false}, {"S", "Z", 8, false}, {"TZ", "TS", 4, false}, {"TZ", "Z", 5, false}, {"CH", "TS", 5, false}, {"CZ", "CH", 4, false}, {"SZ", "SH", 4, false},
}

// rule is a variant in one direction, kept by the last letters of both spellings.
type rule struct {
	a, b string
	cost uint8
	end  bool
}

// Costs weighs differences between words. It is built once and read by many.
type Costs struct {
	byLast [27][27][]rule // index 0: an empty spelling
	has    [27]uint32     // which of byLast are not empty
}

// NewCosts builds the table of both directions.
func NewCosts() *Costs {
	c := &Costs{}
	for _, v := range variants {
		for _, r := range []rule{{v.a, v.b, v.cost, v.end}, {v.b, v.a, v.cost, v.end}} {
			i, j := lastIndex(r.a), lastIndex(r.b)
			c.byLast[i][j] = append(c.byLast[i][j], r)
			c.has[i] |= 1 << j
		}
	}
	return c
}

func lastIndex(s string) int {
	if s == "" {
		return 0
	}
	return int(s[len(s)-1]-'A') + 1
}

// Between is the cost of taking a for b, or None if it is more than limit. Equal words cost 0.
func (c *Costs) Between(a, b *Token, limit uint8) uint8 {
	var p Pattern
	p.Prepare(a)
	return c.Cost(&p, b.Bytes(), limit)
}

// between fills the edit table. What both words begin and end with is left out but for the letters that an
// exchange may reach into.
func (c *Costs) between(t *table, a, b []byte, limit uint8) uint8 {
	const reach = 2
	from, upto := 0, 0
	for from < len(a) && from < len(b) && a[from] == b[from] {
		from++
	}
	for upto < len(a)-from && upto < len(b)-from && a[len(a)-1-upto] == b[len(b)-1-upto] {
		upto++
	}
	from, upto = max(from-reach, 0), max(upto-reach, 0)
	start := from == 0
	end := upto == 0
	a, b = a[from:len(a)-upto], b[from:len(b)-upto]
	if len(a) > MaxToken || len(b) > MaxToken {
		return None
	}
	t[0][0] = 0
	for j := 1; j <= len(b); j++ {
		t[0][j] = sat(t[0][j-1], Unit)
	}
	for i := 1; i <= len(a); i++ {
		row, up := &t[i], &t[i-1]
		row[0] = sat(up[0], Unit)
		x := a[i-1]
		has := c.has[x-'A'+1]
		for j := 1; j <= len(b); j++ {
			y := b[j-1]
			best := up[j-1]
			if x != y {
				best = sat(min(best, up[j], row[j-1]), Unit)
				if i > 1 && j > 1 && x == b[j-2] && y == a[i-2] { // neighbours exchanged
					best = min(best, sat(t[i-2][j-2], Unit))
				}
			}
			if i > 1 && a[i-2] == x { // doubled letters
				best = min(best, sat(up[j], 3))
			}
			if j > 1 && b[j-2] == y {
				best = min(best, sat(row[j-1], 3))
			}
			if has>>(y-'A'+1)&1 != 0 {
				best = exchange(c.byLast[x-'A'+1][y-'A'+1], t, a, b, i, j, best, start, end)
			}
			row[j] = best
		}
	}
	d := t[len(a)][len(b)]
	if end && len(a) > 0 && len(b) > 0 { // an ending left off
		d = exchange(c.byLast[0][b[len(b)-1]-'A'+1], t, a, b, len(a), len(b), d, start, end)
		d = exchange(c.byLast[a[len(a)-1]-'A'+1][0], t, a, b, len(a), len(b), d, start, end)
	}
	if d > limit {
		return None
	}
	return d
}

// exchange applies the variants that end at a[:i], b[:j].
func exchange(rules []rule, t *table, a, b []byte, i, j int, best uint8, start, end bool) uint8 {
	for k := range rules {
		r := &rules[k]
		if len(r.a) > i || len(r.b) > j || r.end && (!end || i < len(a) || j < len(b) || start && len(r.a) == i) {
			continue
		}
		if v := sat(t[i-len(r.a)][j-len(r.b)], r.cost); v < best &&
			string(a[i-len(r.a):i]) == r.a && string(b[j-len(r.b):j]) == r.b {
			best = v
		}
	}
	return best
}

func sat(a, b uint8) uint8 {
	if a > None-b {
		return None
	}
	return a + b
}

// Limit is how much two words of this length may differ and still be compared: nothing but regular
// exchanges for two letters, one edit up to six, two beyond.
func Limit(length int) uint8 {
	switch {
	case length <= 2:
		return Unit / 2
	case length <= 6:
		return Unit + Unit/2
	}
	return 2*Unit + Unit/2
}
