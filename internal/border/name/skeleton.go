package name

// Skeleton writes the phonetic key of a word into dst and returns its length: classes of consonants in which
// Albanian, Slavic, Greek, Italian and English spellings of one sound fall together, vowels only as a mark at the start.
// It finds candidates; Cost decides.
func Skeleton(dst *[MaxToken]byte, w []byte) int {
	n := 0
	put := func(c byte) {
		if n == 0 || dst[n-1] != c {
			dst[n] = c
			n++
		}
	}
	at := func(i int) byte {
		if i >= 0 && i < len(w) {
			return w[i]
		}
		return 0
	}
	for i := 0; i < len(w); i++ {
		c, next := w[i], at(i+1)
		switch c {
		case 'A', 'E', 'I', 'O', 'U':
			if i == 0 {
				put('A')
			}
		case 'Y':
			if i == 0 {
				put('2')
			}
		case 'H':
			if i == 0 {
				put('H')
			}
		case 'B', 'F', 'P', 'V', 'W':
			put('1')
			if next == 'H' {
				i++
			}
		case 'D':
			if next == 'Z' || next == 'J' || next == 'S' {
				put('2')
				i++
				if at(i+1) == 'H' {
					i++
				}
				continue
			}
			put('3')
			if next == 'H' {
				i++
			}
		case 'T':
			if next == 'S' || next == 'Z' {
				put('2')
				i++
				continue
			}
			put('3')
			if next == 'H' {
				i++
			}
		case 'L':
			put('4')
			if next == 'J' {
				i++
			}
		case 'M', 'N':
			put('5')
			if c == 'N' && (next == 'J' || next == 'Y') && i > 0 {
				i++
			}
		case 'R':
			put('6')
		case 'J':
			// A final J after a vowel is an ending (-aj), elsewhere a consonant.
			if i == 0 || i+1 < len(w) {
				put('2')
			}
		default: // C G K Q S X Z
			if c == 'K' && next == 'H' { // KH is H
				if i == 0 {
					put('H')
				}
				i++
				continue
			}
			if c == 'G' && next == 'N' {
				continue // GN is N
			}
			put('2')
			if next == 'H' || next == 'J' || next == 'Y' {
				i++
			}
		}
	}
	return n
}
