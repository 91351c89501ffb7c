// Package name compares the written names of persons: it folds spellings to the alphabet of travel documents
// and weighs the differences that languages, scripts and typing leave. It knows no person and keeps nothing.
package name

import (
	"unicode/utf8"
)

// MaxTokens is how many words of one name are compared; longer names keep their first ones.
const MaxTokens = 12

// MaxToken is the longest word compared, in letters.
const MaxToken = 24

// Token is one folded word: letters A-Z only.
type Token struct {
	text [MaxToken]byte
	n    uint8
	mask uint32 // the set of its letters
}

// Len is the number of letters.
func (t *Token) Len() int { return int(t.n) }

// Bytes is the folded word; it must not be changed.
func (t *Token) Bytes() []byte { return t.text[:t.n] }

// Mask is the set of its letters.
func (t *Token) Mask() uint32 { return t.mask }

func (t *Token) String() string { return string(t.text[:t.n]) }

// Set makes t from letters A-Z.
func (t *Token) Set(b []byte) {
	t.n = uint8(copy(t.text[:], b))
	t.mask = Mask(t.text[:t.n])
}

func (t *Token) put(s string) {
	for i := 0; i < len(s) && t.n < MaxToken; i++ {
		t.text[t.n] = s[i]
		t.n++
	}
}

// Mask is the set of letters of a folded word.
func Mask(b []byte) uint32 {
	var m uint32
	for _, c := range b {
		m |= 1 << (c & 31)
	}
	return m
}

// Tokens folds s into words in dst and returns how many. Letters follow Doc 9303-3 section 6 for Latin,
// Cyrillic and Greek; titles and single letters stay as they are. Apostrophes join (D'Angelo), hyphens and
// everything else part. It allocates nothing.
func Tokens(dst *[MaxTokens]Token, s string) int {
	n := 0
	var t Token
	flush := func() {
		if t.n > 0 && n < MaxTokens {
			t.mask = Mask(t.text[:t.n])
			dst[n] = t
			n++
		}
		t = Token{}
	}
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			i++
			switch {
			case c >= 'a' && c <= 'z':
				c -= 'a' - 'A'
				fallthrough
			case c >= 'A' && c <= 'Z':
				if t.n < MaxToken {
					t.text[t.n] = c
					t.n++
				}
			case c == '\'' || c == '`':
			default:
				flush()
			}
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		if r >= 0x300 && r <= 0x36f || r == 'ʼ' || r == '’' || r == '‘' || r == 'ʻ' { // combining marks, apostrophes
			continue
		}
		if f := foldRune(r); f != "" {
			t.put(f)
		} else if r != 'ь' && r != 'Ь' && r != 'ъ' && r != 'Ъ' {
			flush()
		}
	}
	flush()
	return n
}

// foldRune gives the letters for one character, or "". Umlauts fold to the bare letter: the other way of
// writing them (AE, OE, UE) is a cheap difference in Cost.
func foldRune(r rune) string {
	if r >= 0xc0 && r < 0x180 {
		return latin[r-0xc0]
	}
	if r >= 0x400 && r < 0x460 {
		return cyrillic(r)
	}
	if r >= 0x370 && r < 0x400 {
		return greek(r)
	}
	switch r {
	case 'Ș', 'ș':
		return "S"
	case 'Ț', 'ț':
		return "T"
	case 'Ǧ', 'ǧ':
		return "G"
	case 'Ə', 'ə':
		return "E"
	}
	if r >= 'Ａ' && r <= 'Ｚ' {
		return alphabet[r-'Ａ' : r-'Ａ'+1]
	}
	if r >= 'ａ' && r <= 'ｚ' {
		return alphabet[r-'ａ' : r-'ａ'+1]
	}
	return ""
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// latin is U+00C0 to U+017F.
var latin = [...]string{
	"A", "A", "A", "A", "A", "A", "AE", "C", "E", "E", "E", "E", "I", "I", "I", "I",
	"D", "N", "O", "O", "O", "O", "O", "", "O", "U", "U", "U", "U", "Y", "TH", "SS",
	"A", "A", "A", "A", "A", "A", "AE", "C", "E", "E", "E", "E", "I", "I", "I", "I",
	"D", "N", "O", "O", "O", "O", "O", "", "O", "U", "U", "U", "U", "Y", "TH", "Y",
	"A", "A", "A", "A", "A", "A", "C", "C", "C", "C", "C", "C", "C", "C", "D", "D",
	"D", "D", "E", "E", "E", "E", "E", "E", "E", "E", "E", "E", "G", "G", "G", "G",
	"G", "G", "G", "G", "H", "H", "H", "H", "I", "I", "I", "I", "I", "I", "I", "I",
	"I", "I", "IJ", "IJ", "J", "J", "K", "K", "K", "L", "L", "L", "L", "L", "L", "L",
	"L", "L", "L", "N", "N", "N", "N", "N", "N", "N", "N", "N", "O", "O", "O", "O",
	"O", "O", "OE", "OE", "R", "R", "R", "R", "R", "R", "S", "S", "S", "S", "S", "S",
	"S", "S", "T", "T", "T", "T", "T", "T", "U", "U", "U", "U", "U", "U", "U", "U",
	"U", "U", "U", "U", "W", "W", "Y", "Y", "Y", "Z", "Z", "Z", "Z", "Z", "Z", "S",
}

// cyrillic follows Doc 9303-3, table 6 B (Serbian and Macedonian letters as their states write them).
func cyrillic(r rune) string {
	if r >= 'а' && r <= 'я' {
		r -= 'а' - 'А'
	} else if r >= 0x450 {
		r -= 0x50
	}
	switch r {
	case 'Ё', 'Э', 'Є':
		return "E"
	case 'Ђ':
		return "D"
	case 'Ѓ':
		return "G"
	case 'Ѕ':
		return "DZ"
	case 'І', 'Ї':
		return "I"
	case 'Ј':
		return "J"
	case 'Љ':
		return "LJ"
	case 'Њ':
		return "NJ"
	case 'Ћ':
		return "C"
	case 'Ќ':
		return "K"
	case 'Ў':
		return "U"
	case 'Џ':
		return "DZ"
	}
	if r >= 'А' && r <= 'Я' {
		return [...]string{"A", "B", "V", "G", "D", "E", "ZH", "Z", "I", "I", "K", "L", "M", "N", "O", "P", "R", "S", "T", "U", "F",
			"KH", "TS", "CH", "SH", "SHCH", "", "Y", "", "E", "IU", "IA"}[r-'А']
	}
	return ""
}

// greek is the letter-by-letter part of ELOT 743; digraphs are left to Cost.
func greek(r rune) string {
	switch r {
	case 'ά', 'Ά', 'α', 'Α':
		return "A"
	case 'έ', 'Έ', 'ε', 'Ε':
		return "E"
	case 'ή', 'Ή', 'η', 'Η', 'ί', 'Ί', 'ι', 'Ι', 'ϊ', 'Ϊ', 'ΐ':
		return "I"
	case 'ό', 'Ό', 'ο', 'Ο', 'ώ', 'Ώ', 'ω', 'Ω':
		return "O"
	case 'ύ', 'Ύ', 'υ', 'Υ', 'ϋ', 'Ϋ', 'ΰ':
		return "Y"
	case 'ς':
		return "S"
	}
	if r >= 'α' && r <= 'ω' {
		r -= 'α' - 'Α'
	}
	if r >= 'Α' && r <= 'Ω' {
		return [...]string{"A", "V", "G", "D", "E", "Z", "I", "TH", "I", "K", "L", "M", "N", "X", "O", "P", "R", "", "S", "T", "Y", "F", "CH", "PS", "O"}[r-'Α']
	}
	return ""
}
