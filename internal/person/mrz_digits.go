package person

// Check digits: weights 7, 3, 1, modulo 10 (Doc 9303-3, 4.9). A repair is made only where the digit of its
// field proves it and only one repair does; two that both satisfy the digit are refused as ambiguous.

// span is a run of the text; a digit covers one or several.
type span struct{ from, to int }

// coverage is what one digit covers and where the digit stands.
type coverage struct {
	field DigitField
	at    int
	spans [4]span
	n     int
	free  span // where a repair may change a character: elsewhere another digit has spoken
	plain bool // only digits and filler belong here: a letter in it can only be its look-alike
}

func (c *coverage) add(from, to int) {
	c.spans[c.n] = span{from, to}
	c.n++
}

func charValue(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'A' && c <= 'Z':
		return int(c-'A') + 10
	}
	return 0
}

// sum is the weighted sum modulo 10 of all that c covers.
func (m *MRZ) sum(c *coverage) int {
	weights := [3]int{7, 3, 1}
	total, k := 0, 0
	for _, s := range c.spans[:c.n] {
		for _, b := range m.text[s.from:s.to] {
			total += charValue(b) * weights[k]
			if k++; k == 3 {
				k = 0
			}
		}
	}
	return total % 10
}

func (m *MRZ) right(c *coverage) bool {
	d := m.text[c.at]
	return d >= '0' && d <= '9' && int(d-'0') == m.sum(c)
}

// checkDigits judges every digit of the layout; the composite last, because it covers the others.
func (m *MRZ) checkDigits(l *layout) {
	c := coverage{field: DigitNumber, at: l.numberChk, free: span{l.number, l.number + 9}}
	c.add(l.number, l.number+9)
	if end := m.longEnd(l); end > 0 {
		c.at = end - 1 // over the whole number; the filler in the usual place is no part of it
		c.add(l.optional, end-1)
	}
	m.judge(&c)

	c = coverage{field: DigitBirth, at: l.birth + 6, plain: true}
	c.add(l.birth, l.birth+6)
	m.judge(&c)

	c = coverage{field: DigitExpiry, at: l.expiry + 6, plain: true}
	c.add(l.expiry, l.expiry+6)
	m.judge(&c)

	if l.optionalChk >= 0 { // TD3: the personal number and its digit may both be empty (Doc 9303-4)
		c = coverage{field: DigitOptional, at: l.optionalChk, free: span{l.optional, l.optEnd}}
		c.add(l.optional, l.optEnd)
		m.judge(&c)
	}
	if l.compositeChk >= 0 {
		c = m.composite(l)
		if !m.Holds() { // what a digit of its own calls wrong, the composite sees as well: it proves nothing then
			c.free = span{}
		}
		m.judge(&c)
	}
}

// composite covers what section 4.2 of parts 4, 5 and 6 says. Only the optional data of cards are covered
// by it alone, so only there may it prove a repair.
func (m *MRZ) composite(l *layout) coverage {
	c := coverage{field: DigitComposite, at: l.compositeChk}
	switch m.Kind {
	case TD1: // upper 6-30, middle 1-7, 9-15, 19-29
		c.add(5, 30)
		c.add(30, 37)
		c.add(38, 45)
		c.add(48, 59)
		c.free = span{48, 59}
	case TD2: // lower 1-10, 14-20, 22-35
		c.add(36, 46)
		c.add(49, 56)
		c.add(57, 71)
		c.free = span{64, 71}
	case TD3: // lower 1-10, 14-20, 22-43
		c.add(44, 54)
		c.add(57, 64)
		c.add(65, 87)
	}
	return c
}

// judge settles one digit.
func (m *MRZ) judge(c *coverage) {
	if m.right(c) {
		m.Digits[c.field] = DigitRight
		return
	}
	if m.text[c.at] == '<' && c.field != DigitComposite && m.allFill(c) && c.field != DigitNumber {
		m.Digits[c.field] = DigitEmpty
		return
	}
	before, text := m.nRepair, m.text
	m.forced(c)
	if m.right(c) {
		m.Digits[c.field] = DigitRepaired
		return
	}
	if !c.plain {
		if state := m.search(c); state != DigitWrong {
			m.Digits[c.field] = state
			if state == DigitRepaired {
				return
			}
			m.nRepair, m.text = before, text
			return
		}
	}
	m.nRepair, m.text = before, text // nothing is proven: show what was read
	m.Digits[c.field] = DigitWrong
}

func (m *MRZ) allFill(c *coverage) bool {
	for _, s := range c.spans[:c.n] {
		for _, b := range m.text[s.from:s.to] {
			if b != '<' {
				return false
			}
		}
	}
	return true
}

// forced replaces letters where only digits can stand: the digit itself, and dates.
func (m *MRZ) forced(c *coverage) {
	m.toDigit(c.at, c.field)
	if !c.plain {
		return
	}
	for _, s := range c.spans[:c.n] {
		for i := s.from; i < s.to; i++ {
			m.toDigit(i, c.field)
		}
	}
}

func (m *MRZ) toDigit(at int, f DigitField) {
	if d := lookAlike(m.text[at]); d >= '0' && d <= '9' {
		m.change(at, d, f)
	}
}

// likely tells whether the character at i stands among others of the kind that its look-alike is. One digit modulo ten is
// satisfied by one exchange in ten by chance, so in a number every exchange that could be made would "prove" a misread
// figure away; only a letter beside figures, or a figure between letters, is a misread one.
func (m *MRZ) likely(c *coverage, i int) bool {
	kind := func(at int) byte {
		if at < c.free.from || at >= c.free.to || m.text[at] == '<' {
			return 0
		}
		if m.text[at] <= '9' {
			return '0'
		}
		return 'A'
	}
	before, after := kind(i-1), kind(i+1)
	if m.text[i] > '9' {
		return before == '0' || after == '0'
	}
	return before != '0' && after != '0' && (before == 'A' || after == 'A')
}

// search tries one exchange of look-alikes, then two. Exactly one solution is a proof.
func (m *MRZ) search(c *coverage) DigitState {
	found, at, second := 0, -1, -1
	for i := c.free.from; i < c.free.to; i++ {
		if m.likely(c, i) && m.try(c, i, -1) {
			found++
			at = i
		}
	}
	if found == 0 {
		for i := c.free.from; i < c.free.to; i++ {
			for j := i + 1; j < c.free.to && lookAlike(m.text[i]) != 0 && m.likely(c, i); j++ {
				if m.likely(c, j) && m.try(c, i, j) {
					found++
					at, second = i, j
				}
			}
		}
	}
	switch found {
	case 0:
		return DigitWrong
	case 1:
		m.change(at, lookAlike(m.text[at]), c.field)
		if second >= 0 {
			m.change(second, lookAlike(m.text[second]), c.field)
		}
		return DigitRepaired
	}
	return DigitAmbiguous
}

// try tells whether exchanging the characters at i and j (unless negative) satisfies the digit.
func (m *MRZ) try(c *coverage, i, j int) bool {
	a := m.text[i]
	x := lookAlike(a)
	if x == 0 {
		return false
	}
	var b byte
	if j >= 0 {
		b = m.text[j]
		y := lookAlike(b)
		if y == 0 {
			return false
		}
		m.text[j] = y
	}
	m.text[i] = x
	ok := m.right(c)
	m.text[i] = a
	if j >= 0 {
		m.text[j] = b
	}
	return ok
}

func (m *MRZ) change(at int, to byte, f DigitField) {
	if m.nRepair < maxRepairs {
		width := layouts[m.Kind].width
		m.repairs[m.nRepair] = MRZRepair{Line: uint8(at/width + 1), Column: uint8(at%width + 1), From: m.text[at], To: to, Field: f}
		m.nRepair++
	}
	m.text[at] = to
}

// lookAlike is the character that readers confuse with c, or 0.
func lookAlike(c byte) byte {
	switch c {
	case '0':
		return 'O'
	case 'O':
		return '0'
	case '1':
		return 'I'
	case 'I':
		return '1'
	case '2':
		return 'Z'
	case 'Z':
		return '2'
	case '5':
		return 'S'
	case 'S':
		return '5'
	case '8':
		return 'B'
	case 'B':
		return '8'
	}
	return 0
}
