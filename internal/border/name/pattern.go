package name

// Pattern is a word prepared to be compared with many others. It carries the scratch memory for that, so it
// belongs to one goroutine.
type Pattern struct {
	Token
	places [27]uint32 // by letter: where it stands in the word
	skel   [MaxToken]byte
	nSkel  uint8
	table  table
}

// table is the edit table; its borders are written before each use.
type table [MaxToken + 1][MaxToken + 1]uint8

// Prepare fills p from a token.
func (p *Pattern) Prepare(t *Token) {
	p.Token = *t
	p.places = [27]uint32{}
	for i, c := range p.Bytes() {
		p.places[c-'A'+1] |= 1 << i
	}
	p.nSkel = uint8(Skeleton(&p.skel, p.Bytes()))
}

// Skeleton is the phonetic key of the word.
func (p *Pattern) Skeleton() []byte { return p.skel[:p.nSkel] }

// Far tells in a few nanoseconds that no comparison can succeed within limit: the words are more edits apart
// than allowed, and their sounds differ as well.
func (p *Pattern) Far(b []byte, limit uint8) bool {
	d := p.Len() - len(b)
	if d < -4 || d > 4 {
		return true
	}
	if p.distance(b) <= int(limit/Unit) {
		return false
	}
	var skel [MaxToken]byte
	n := Skeleton(&skel, b)
	return n == 0 || string(skel[:n]) != string(p.skel[:p.nSkel])
}

// Within tells whether b is at most so many edits away.
func (p *Pattern) Within(b []byte, edits int) bool {
	d := p.Len() - len(b)
	return d <= edits && -d <= edits && p.distance(b) <= edits
}

// Weigh is Cost for a word already known to be near.
func (c *Costs) Weigh(p *Pattern, b []byte, limit uint8) uint8 {
	return c.between(&p.table, p.Bytes(), b, limit)
}

// distance is the edit distance with exchanged neighbours as one edit, by bit vectors (Hyyrö 2003).
func (p *Pattern) distance(b []byte) int {
	n := p.Len()
	if n == 0 {
		return len(b)
	}
	last := uint32(1) << (n - 1)
	pv, mv, d0, before, score := ^uint32(0), uint32(0), uint32(0), uint32(0), n
	for _, c := range b {
		eq := p.places[c-'A'+1]
		swap := ^d0 & eq << 1 & before
		d0 = ((eq & pv) + pv) ^ pv | eq | mv | swap
		ph, mh := mv|^(d0|pv), pv&d0
		if ph&last != 0 {
			score++
		} else if mh&last != 0 {
			score--
		}
		ph = ph<<1 | 1
		pv, mv = mh<<1|^(d0|ph), ph&d0
		before = eq
	}
	return score
}

// Cost is Between for a prepared word and folded letters.
func (c *Costs) Cost(p *Pattern, b []byte, limit uint8) uint8 {
	if string(p.Bytes()) == string(b) {
		return 0
	}
	if p.Far(b, limit) {
		return None
	}
	return c.between(&p.table, p.Bytes(), b, limit)
}

// Words is Cost for two folded words of which none is prepared.
func (c *Costs) Words(a, b []byte, limit uint8) uint8 {
	var t Token
	t.Set(a)
	var p Pattern
	p.Prepare(&t)
	return c.Cost(&p, b, limit)
}
