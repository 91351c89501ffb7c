package person

// scanned is the scanner's text in up to three lines of the alphabet A-Z 0-9 and '<'.
type scanned struct {
	text   [160]byte
	end    [4]int // end of each line in text
	lines  int
	filled int
}

// scan keeps characters of the alphabet, reads the filler variants that keyboards, fonts and web forms
// produce as '<', and takes line ends and control characters (STX, ETX, tab from wedge scanners) as breaks.
// It reports false when the text is too long or holds anything else: guessing is not reading.
func (z *scanned) scan(raw []byte) bool {
	for i := 0; i < len(raw); {
		c := raw[i]
		i++
		switch {
		case c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '<':
		case c >= 'a' && c <= 'z':
			c -= 'a' - 'A'
		case c == '\n' || c < ' ' || c == 0x7f:
			z.closeLine()
			continue
		case c == ' ': // settled at the end of the line
		case c == 0xc2 && i < len(raw) && raw[i] == 0xa0: // no-break space
			i++
			c = ' '
		case c == '&' && i+2 < len(raw) && raw[i] == 'l' && raw[i+1] == 't' && raw[i+2] == ';':
			i += 3
			c = '<'
		case c == 0xc2 && i < len(raw) && raw[i] == 0xab: // « stands for two
			i++
			if !z.put('<') {
				return false
			}
			c = '<'
		case c == 0xe2 && i+1 < len(raw) && raw[i] == 0x80 && raw[i+1] == 0xb9: // ‹
			i += 2
			c = '<'
		case c == 0xef && i+1 < len(raw) && raw[i] == 0xbc && raw[i+1] == 0x9c: // ＜ (full width)
			i += 2
			c = '<'
		case c == 0xef && i+1 < len(raw) && raw[i] == 0xbb && raw[i+1] == 0xbf: // byte order mark
			i += 2
			continue
		default:
			return false
		}
		if !z.put(c) {
			return false
		}
	}
	z.closeLine()
	return z.lines > 0
}

func (z *scanned) put(c byte) bool {
	if z.lines >= 3 || z.filled >= len(z.text) {
		return false
	}
	z.text[z.filled] = c
	z.filled++
	return true
}

// closeLine ends a line; blank lines and lines of nothing but filler at the edges are no lines.
func (z *scanned) closeLine() {
	start := 0
	if z.lines > 0 {
		start = z.end[z.lines-1]
	}
	z.settleSpaces(start)
	blank := true
	for _, c := range z.text[start:z.filled] {
		blank = blank && c == '<'
	}
	if blank && z.filled-start < 30 {
		z.filled = start
		return
	}
	if z.lines < 3 {
		z.end[z.lines] = z.filled
		z.lines++
	}
}

// settleSpaces decides what the spaces of a line were. Where the characters between them make a whole line or zone, the
// reader put them in; else those at the beginning are an indent, unless the line is only with them as long as a line
// is, and all others stand for filler.
func (z *scanned) settleSpaces(start int) {
	line := z.text[start:z.filled]
	spaces, lead := 0, 0
	for i, c := range line {
		if c == ' ' {
			spaces++
			if lead == i {
				lead++
			}
		}
	}
	if spaces == 0 {
		return
	}
	drop := 0
	switch {
	case whole(len(line) - spaces):
		drop = spaces
	case !whole(len(line)):
		drop = lead
	}
	n := start
	for _, c := range line {
		if c == ' ' && drop > 0 {
			drop--
			continue
		}
		if c == ' ' {
			c = '<'
		}
		z.text[n] = c
		n++
	}
	z.filled = n
}

// whole tells whether so many characters are a line of a zone, or a zone without breaks.
func whole(n int) bool {
	return n == 30 || n == 36 || n == 44 || n == 72 || n == 88 || n == 90
}

func (z *scanned) line(i int) []byte {
	if i == 0 {
		return z.text[:z.end[0]]
	}
	return z.text[z.end[i-1]:z.end[i]]
}

// kind decides the shape by number and length of lines. Trailing filler may be missing or doubled (some
// readers trim it, spaces at the end of a line become filler).
func (z *scanned) kind() (MRZKind, bool) {
	if z.lines == 1 && !z.splitJoined() {
		return 0, false
	}
	raw, longest, exact := 0, 0, true
	for i := range z.lines {
		raw = max(raw, len(z.line(i)))
		longest = max(longest, trimmedLen(z.line(i)))
	}
	kind, width := MRZKind(0), 0
	switch {
	case z.lines == 3 && longest <= 30:
		kind, width = TD1, 30
	case z.lines == 2 && (raw == 36 || raw != 44 && longest > 30 && longest <= 36):
		kind, width = TD2, 36
	case z.lines == 2 && (raw == 44 || longest > 36 && longest <= 44):
		kind, width = TD3, 44
	}
	if kind == 0 {
		return 0, false
	}
	if z.text[0] == 'V' {
		switch kind {
		case TD2:
			kind = MRVB
		case TD3:
			kind = MRVA
		}
	}
	for i := range z.lines {
		exact = exact && len(z.line(i)) >= width
	}
	return kind, !exact
}

// splitJoined cuts lines that came without a break. The document code settles what the length leaves open:
// passports begin with P, visas with V, cards with A, C or I (Doc 9303-4 to 9303-7).
func (z *scanned) splitJoined() bool {
	n := trimmedLen(z.line(0))
	switch z.text[0] {
	case 'P':
		if n == 72 {
			return z.split(36, 2)
		}
		return n == 88 && z.split(44, 2)
	case 'V':
		return n > 72 && n <= 88 && z.split(44, 2) || n > 57 && n <= 72 && z.split(36, 2)
	}
	return n == 72 && z.split(36, 2) || n > 60 && n <= 90 && z.split(30, 3)
}

func (z *scanned) split(width, lines int) bool {
	z.lines = lines
	for i := range lines {
		z.end[i] = min((i+1)*width, z.filled)
	}
	z.end[lines-1] = z.filled
	return true
}

// join copies the lines at full width into text.
func (z *scanned) join(text []byte, l *layout) {
	n := 0
	for i := range l.lines {
		line := z.line(i)
		for j := range l.width {
			if j < len(line) {
				text[n] = line[j]
			} else {
				text[n] = '<'
			}
			n++
		}
	}
}

func trimmedLen(b []byte) int {
	n := len(b)
	for n > 0 && b[n-1] == '<' {
		n--
	}
	return n
}
