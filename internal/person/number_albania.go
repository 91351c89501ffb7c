package person

import (
	"strings"
)

// AlbanianNumber is what an Albanian personal number says about its holder. The rule for its letter rests
// on a published open-source formula checked against published business numbers; no real personal number
// was used. So a mismatch is a warning for the officer, never a rejection.
type AlbanianNumber struct {
	Birth    MRZDate
	Sex      byte // 'M' or 'F'
	Resident bool // number of a foreign resident
}

// NumberWarning says what about a personal number does not fit; "" is nothing.
type NumberWarning string

const (
	NumberShape  NumberWarning = "shape"  // not D Y MM DD NNN C
	NumberLetter NumberWarning = "letter" // the check letter is another
	NumberDate   NumberWarning = "date"   // no such day
	NumberBirth  NumberWarning = "birth"  // another birth date than the document's
	NumberSex    NumberWarning = "sex"    // another sex than the document's
)

const albanianLetters = "WABCDEFGHIJKLMNOPQRSTUV"

// ParseAlbanianNumber reads D Y MM DD NNN C. What could be read is returned beside the warnings.
func ParseAlbanianNumber(s string) (AlbanianNumber, []NumberWarning) {
	s = strings.ToUpper(strings.TrimSpace(s))
	if len(s) != 10 {
		return AlbanianNumber{}, []NumberWarning{NumberShape}
	}
	for i := 1; i < 9; i++ {
		if s[i] < '0' || s[i] > '9' {
			return AlbanianNumber{}, []NumberWarning{NumberShape}
		}
	}
	decade, ok := albanianDecade(s[0])
	if !ok || s[9] < 'A' || s[9] > 'Z' {
		return AlbanianNumber{}, []NumberWarning{NumberShape}
	}
	var n AlbanianNumber
	var warn []NumberWarning
	month := pair(s[2], s[3])
	switch {
	case month >= 1 && month <= 12:
		n.Sex = 'M'
	case month >= 51 && month <= 62:
		n.Sex, month = 'F', month-50
	case month >= 31 && month <= 42:
		n.Sex, n.Resident, month = 'M', true, month-30
	case month >= 81 && month <= 92:
		n.Sex, n.Resident, month = 'F', true, month-80
	default:
		return AlbanianNumber{}, []NumberWarning{NumberDate}
	}
	n.Birth = MRZDate{int16(decade + int(s[1]-'0')), uint8(month), uint8(pair(s[4], s[5]))}
	if n.Birth.Day == 0 || !validDay(n.Birth) {
		warn = append(warn, NumberDate)
	}
	if !albanianLetterFits(s) {
		warn = append(warn, NumberLetter)
	}
	return n, warn
}

// CheckAlbanianNumber compares a number with the document it stands in. Unknown parts are not compared.
func CheckAlbanianNumber(s string, birth MRZDate, sex byte) []NumberWarning {
	n, warn := ParseAlbanianNumber(s)
	if len(warn) > 0 && warn[0] == NumberShape || n.Sex == 0 {
		return warn
	}
	differs := birth.Year != 0 && birth.Year != n.Birth.Year ||
		birth.Month != 0 && birth.Month != n.Birth.Month || birth.Day != 0 && birth.Day != n.Birth.Day
	if differs {
		warn = append(warn, NumberBirth)
	}
	if (sex == 'M' || sex == 'F') && sex != n.Sex {
		warn = append(warn, NumberSex)
	}
	return warn
}

// albanianDecade: 0-9 stand for the 1800s to 1890s, A-J for the 1900s to 1990s, K-M for 2000, 2010, 2020.
func albanianDecade(c byte) (int, bool) {
	switch {
	case c >= '0' && c <= '9':
		return 1800 + 10*int(c-'0'), true
	case c >= 'A' && c <= 'M':
		return 1900 + 10*int(c-'A'), true
	}
	return 0, false
}

// albanianLetterFits: r = (v(D) + sum of i x digit i, i = 1..8) mod 23. At r = 0 both W and A occur in
// published numbers. The value of a digit in place D is not confirmed, so there the letter is not judged.
func albanianLetterFits(s string) bool {
	if s[0] >= '0' && s[0] <= '9' {
		return true
	}
	r := strings.IndexByte(albanianLetters, s[0])
	for i := 1; i <= 8; i++ {
		r += i * int(s[i]-'0')
	}
	r %= 23
	return s[9] == albanianLetters[r] || r == 0 && s[9] == 'A'
}
