package person

import (
	"strings"
	"testing"
	"testing/quick"
)

var testDay = MRZDate{2026, 11, 23}

// Specimens of Doc 9303 parts 4 to 7 (issuing state Utopia), and made-up Albanian documents.
var specimens = []struct {
	name, text              string
	kind                    MRZKind
	number, surname, given  string
	birth, expiry, optional string
	sex                     byte
}{
	{"TD3 specimen of Doc 9303-4", "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
		TD3, "L898902C3", "ERIKSSON", "ANNA MARIA", "1974-08-12", "2012-04-15", "ZE184226B", 'F'},
	{"TD1 specimen of Doc 9303-5", "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<",
		TD1, "D23145890", "ERIKSSON", "ANNA MARIA", "1974-08-12", "2012-04-15", "", 'F'},
	{"TD1 long number of Doc 9303-5", "I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<2\nSTEVENSON<<PETER<JOHN<<<<<<<<<",
		TD1, "D23145890734", "STEVENSON", "PETER JOHN", "1934-07-12", "1995-07-12", "", 'M'},
	{"TD2 specimen of Doc 9303-6", "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6",
		TD2, "D23145890", "ERIKSSON", "ANNA MARIA", "1974-08-12", "2012-04-15", "", 'F'},
	{"MRV-A specimen of Doc 9303-7", "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL8988901C4XXX4009078F96121096ZE184226B<<<<<<",
		MRVA, "L8988901C", "ERIKSSON", "ANNA MARIA", "1940-09-07", "1996-12-10", "6ZE184226B", 'F'},
	{"MRV-B specimen of Doc 9303-7", "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nL8988901C4XXX4009078F9612109<<<<<<<<",
		MRVB, "L8988901C", "ERIKSSON", "ANNA MARIA", "1940-09-07", "1996-12-10", "", 'F'},
}

func TestSpecimens(t *testing.T) {
	for _, s := range specimens {
		for _, variant := range []string{s.text, strings.ReplaceAll(s.text, "\n", "\r\n"), strings.ReplaceAll(s.text, "\n", ""),
			strings.ToLower(s.text), strings.ReplaceAll(s.text, "<", "‹"), strings.ReplaceAll(s.text, "<", " "),
			"\x02" + s.text + "\x03", strings.ReplaceAll(s.text, "<", "&lt;"), "\ufeff" + s.text + "\n\n"} {
			var m MRZ
			if err := ParseMRZ(&m, []byte(variant), testDay); err != nil {
				t.Errorf("%s: %q: %v", s.name, variant, err)
				continue
			}
			surname, given := m.Names()
			if m.Kind != s.kind || m.Number() != s.number || surname != s.surname || given != s.given ||
				m.Birth.String() != s.birth || m.Expiry.String() != s.expiry || m.Optional() != s.optional || m.Sex != s.sex || !m.Holds() || len(m.Repairs()) > 0 {
				t.Errorf("%s: %v %s %s/%s %s %s %q %c %v %v", s.name, m.Kind, m.Number(), surname, given, m.Birth, m.Expiry, m.Optional(), m.Sex, m.Digits, m.Repairs())
			}
		}
	}
}

func parse(t *testing.T, lines ...string) *MRZ {
	t.Helper()
	var m MRZ
	if err := ParseMRZ(&m, []byte(strings.Join(lines, "\n")), testDay); err != nil {
		t.Fatal(err)
	}
	return &m
}

func TestEmptyOptionalDigit(t *testing.T) { // Doc 9303-4: filler or 0 where the personal number is empty
	for _, d := range []string{"<4", "04"} {
		m := parse(t, "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159<<<<<<<<<<<<<<"+d)
		if !m.Digits[DigitOptional].Holds() {
			t.Errorf("%q: %v", d, m.Digits)
		}
	}
}

func TestUnknownBirthParts(t *testing.T) { // Doc 9303-3, 4.8
	m := parse(t, "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "L8988901C4XXX40<<<<8F9612109<<<<<<<<")
	if m.Birth != (MRZDate{1940, 0, 0}) || m.Notes&NoteBirthUnknown == 0 || m.Digits[DigitBirth] != DigitRight {
		t.Errorf("%v %v %v", m.Birth, m.Notes, m.Digits)
	}
}

func TestCentury(t *testing.T) {
	for _, c := range []struct {
		birth, want string
		assumed     bool
	}{{"261123", "2026-11-23", true}, {"261124", "1926-11-24", false}, {"070101", "2007-01-01", true}, {"060101", "2006-01-01", false}} {
		var m MRZ
		copy(m.text[layouts[TD3].birth:], c.birth)
		copy(m.text[layouts[TD3].expiry:], "461123")
		m.takeDates(&layouts[TD3], testDay)
		if m.Birth.String() != c.want || (m.Notes&NoteCentury != 0) != c.assumed || m.Expiry.Year != 2046 {
			t.Errorf("%s: %v %v %v", c.birth, m.Birth, m.Notes&NoteCentury, m.Expiry)
		}
	}
	var m MRZ
	copy(m.text[layouts[TD3].birth:], "990230")
	copy(m.text[layouts[TD3].expiry:], "461124")
	if m.takeDates(&layouts[TD3], testDay); m.Notes&NoteBirthInvalid == 0 || m.Expiry.Year != 1946 {
		t.Errorf("30 February passed, or an expiry beyond twenty years: %v", m.Expiry)
	}
}

// A repair needs a proof: one exchange that satisfies the digit. None, or two, change nothing.
func TestRepairs(t *testing.T) {
	first := "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
	for _, c := range []struct {
		name, second string
		field        DigitField
		state        DigitState
		number       string
	}{
		{"letter in a date", "L898902C36UTO74O8122F1204159ZE184226B<<<<<10", DigitBirth, DigitRepaired, "L898902C3"},
		{"letter for the digit", "L898902C36UTO740812ZF1204159ZE184226B<<<<<10", DigitBirth, DigitRepaired, "L898902C3"},
		{"number, one solution", "L8989O2C36UTO7408122F1204159ZE184226B<<<<<10", DigitNumber, DigitRepaired, "L898902C3"},
		{"number, no look-alike helps", "L7469C4C34UTO7408122F1204159ZE184226B<<<<<10", DigitNumber, DigitWrong, "L7469C4C3"},
		// S1 and 5I differ from the true 51 by steps that both bring the sum back: two repairs, neither taken.
		{"number, two solutions", "AB5CDE8F<6UTO7408122F1204159ZE184226B<<<<<10", DigitNumber, DigitAmbiguous, "AB5CDE8F"},
	} {
		second := c.second
		if c.state == DigitAmbiguous {
			second = ambiguousNumber(t) + second[10:]
		}
		m := parse(t, first, second)
		if m.Digits[c.field] != c.state || c.state != DigitAmbiguous && m.Number() != c.number {
			t.Errorf("%s: %v, number %s, repairs %v", c.name, m.Digits, m.Number(), m.Repairs())
		}
		if c.state == DigitRepaired != (len(m.Repairs()) == 1) {
			t.Errorf("%s: repairs %v", c.name, m.Repairs())
		}
		if c.state != DigitRepaired && m.Lines()[1] != second {
			t.Errorf("%s: text changed without proof: %s", c.name, m.Lines()[1])
		}
	}
}

// ambiguousNumber builds nine characters and a digit that two different single exchanges satisfy: 5 and 8
// both change the sum by 3 times the weight, so at positions of equal weight either exchange does.
func ambiguousNumber(t *testing.T) string {
	t.Helper()
	var m MRZ
	copy(m.text[:], "S7781AA7<")
	m.text[3] = 'B' // S->5 and B->8 at positions 0 and 3, both of weight 7: -23*7 and -3*7, equal modulo 10
	c := coverage{}
	c.add(0, 9)
	m.text[0] = '5'
	want := m.sum(&c)
	m.text[0] = 'S'
	return string(m.text[:9]) + string(rune('0'+want))
}

func TestTruncatedName(t *testing.T) {
	m := parse(t, "P<UTOPAPANDROPOULOUS<<JONATHON<ALEXANDERSONI", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
	if m.Notes&NoteTruncated == 0 {
		t.Error("a name that fills its field may have been cut (Doc 9303-3, 4.6)")
	}
	m = parse(t, "P<UTOARKFREITH<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
	if surname, given := m.Names(); surname != "ARKFREITH" || given != "" || m.Notes&NoteNoGiven == 0 {
		t.Errorf("%q %q %v", surname, given, m.Notes)
	}
}

func TestShapesRefused(t *testing.T) {
	for _, s := range []string{"", "<", "hello", "P<UTO", strings.Repeat("<", 88), strings.Repeat("A", 200), "P<UTO\xff\xfe",
		"I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6"} {
		var m MRZ
		if err := ParseMRZ(&m, []byte(s), testDay); err == nil {
			t.Errorf("%q was taken for a %v", s, m.Kind)
		}
	}
}

// Any single digit replaced by another in a covered field is noticed.
func TestSingleErrorsNoticed(t *testing.T) {
	base := specimens[0].text
	for i, c := range base {
		if i < 45 || c < '0' || c > '9' {
			continue
		}
		for d := '0'; d <= '9'; d++ {
			if d == c {
				continue
			}
			m := parse(t, base[:i]+string(d)+base[i+1:])
			if m.Holds() && len(m.Repairs()) == 0 {
				t.Errorf("position %d: %c for %c passed", i, d, c)
			}
		}
	}
}

func TestNoAllocations(t *testing.T) {
	var m MRZ
	raw := []byte(specimens[2].text)
	if n := testing.AllocsPerRun(100, func() { _ = ParseMRZ(&m, raw, testDay) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkParseMRZ(b *testing.B) {
	raws := make([][]byte, len(specimens))
	for i, s := range specimens {
		raws[i] = []byte(s.text)
	}
	var m MRZ
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		_ = ParseMRZ(&m, raws[i%len(raws)], testDay)
	}
}

// Scanner noise never panics; what parses keeps its shape and parses again to the same.
func FuzzParseMRZ(f *testing.F) {
	for _, s := range specimens {
		f.Add([]byte(s.text))
	}
	f.Add([]byte("P<UTOPAPANDROPOULOUS<<JONATHON<ALEXANDERSONI\nL8989O2C36UTO74O8122F12041S9ZE184226B<<<<<1O"))
	f.Add([]byte("I<UTOD23145890<7349<<<<<<<<<<<3407127M9507122UTO<<<<<<<<<<<2STEVENSON<<PETER<JOHN"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var m, again MRZ
		if ParseMRZ(&m, raw, testDay) != nil {
			return
		}
		lines := m.Lines()
		m.Names()
		m.Optional()
		if err := ParseMRZ(&again, []byte(strings.Join(lines, "\n")), testDay); err != nil {
			t.Fatalf("%q does not parse again: %v", lines, err)
		}
		if again.Kind != m.Kind || again.Number() != m.Number() || again.Birth != m.Birth {
			t.Fatalf("%q parses to something else", lines)
		}
	})
}

func TestAlbanianNumber(t *testing.T) { // made-up numbers of facts: identity-border, 7.1
	for _, c := range []struct {
		number string
		want   AlbanianNumber
	}{
		{"J50312045N", AlbanianNumber{MRZDate{1995, 3, 12}, 'M', false}},
		{"I65520117B", AlbanianNumber{MRZDate{1986, 5, 20}, 'F', false}},
		{"H33214008S", AlbanianNumber{MRZDate{1973, 2, 14}, 'M', true}},
	} {
		got, warn := ParseAlbanianNumber(c.number)
		if got != c.want || len(warn) != 0 {
			t.Errorf("%s: %v %v", c.number, got, warn)
		}
		if w := CheckAlbanianNumber(c.number, MRZDate{1950, 1, 1}, 'X'); len(w) != 1 || w[0] != NumberBirth {
			t.Errorf("%s with another birth date: %v", c.number, w)
		}
		if w := CheckAlbanianNumber(c.number, MRZDate{}, 'M'+'F'-c.want.Sex); len(w) != 1 || w[0] != NumberSex {
			t.Errorf("%s with another sex: %v", c.number, w)
		}
		for i := 1; i < 9; i++ { // every single-digit error changes r
			b := []byte(c.number)
			b[i] = '0' + (b[i]-'0'+1)%10
			if albanianLetterFits(string(b)) {
				t.Errorf("%s passes", b)
			}
		}
	}
	if _, w := ParseAlbanianNumber("J50312"); len(w) != 1 || w[0] != NumberShape {
		t.Error(w)
	}
	if err := quick.Check(func(s string) bool { CheckAlbanianNumber(s, testDay, 'M'); return true }, nil); err != nil {
		t.Error(err)
	}
}

func TestStateCode(t *testing.T) { // Doc 9303-3 section 5, with the exceptions of facts: identity-border, section 2
	for in, want := range map[string]string{"D": "DEU", "D<<": "DEU", "DE": "DEU", "al": "ALB", "ALB": "ALB", "GB": "GBR", "GBN": "GBR",
		"RKS": "XKX", "KS": "XKX", "XK": "XKX", "UNO": "UNO", "XXA": "XXA", "": "", "GR": "GRC", "MK": "MKD", "ZQ": "ZQ"} {
		if got := StateCode(in); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}

// A birth date whose own digit is wrong makes the composite wrong as well: that is no proof of a repair elsewhere.
func TestCompositeProvesNothingBesideAWrongDigit(t *testing.T) {
	var m MRZ
	if err := ParseMRZ(&m, []byte("I<ITAHIJMJWQUYOC<<BR<<<<<<<<<<<<<<<<\n5M7FES0RU<ITA6505794X3411207IOXT8<<2"), MRZDate{2026, 11, 23}); err != nil {
		t.Fatal(err)
	}
	if m.Digits[DigitBirth] != DigitWrong || m.Digits[DigitComposite] != DigitWrong || len(m.Repairs()) > 0 || m.Number() != "5M7FES0RUIOXT" {
		t.Fatalf("%v %v %s", m.Digits, m.Repairs(), m.Number())
	}
}

// Spaces that a reader put in are dropped; those that stand for filler are filler; an indent is none.
func TestSpaces(t *testing.T) {
	const one, two = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"
	for name, zone := range map[string]string{"indent": "   " + one + "  \n\t " + two + " ", "groups": "P<UTO ERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36 UTO 7408122 F 1204159 ZE184226B<<<<<10",
		"filler": strings.ReplaceAll(one, "<", " ") + "\n" + strings.ReplaceAll(two, "<", " "), "no-break": "\u00a0" + one + "\n\u00a0" + two} {
		var m MRZ
		if err := ParseMRZ(&m, []byte(zone), MRZDate{2026, 11, 23}); err != nil || !m.Holds() || m.Number() != "L898902C3" {
			t.Errorf("%s: %v %v %q", name, err, m.Digits, m.Lines())
		}
	}
}
