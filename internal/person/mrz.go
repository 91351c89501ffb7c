// Package person owns what is known of a person before any authority has decided anything: names, partial
// dates, travel documents with their machine readable zones, and personal numbers. It reads and compares; it
// never decides whether a document is genuine and never looks anybody up.
package person

import (
	"countersign/internal/fault"
)

// MRZKind is one of the five shapes of a machine readable zone (ICAO Doc 9303 parts 4 to 7).
type MRZKind uint8

const (
	TD1  MRZKind = iota + 1 // card, 3 lines of 30
	TD2                     // card, 2 lines of 36
	TD3                     // passport book, 2 lines of 44
	MRVA                    // visa, 2 lines of 44, no composite digit
	MRVB                    // visa, 2 lines of 36, no composite digit
)

func (k MRZKind) String() string {
	return [...]string{"", "TD1", "TD2", "TD3", "MRV-A", "MRV-B"}[k]
}

// DigitField names what a check digit covers.
type DigitField uint8

const (
	DigitNumber DigitField = iota
	DigitBirth
	DigitExpiry
	DigitOptional // TD3 personal number only
	DigitComposite
	digitFields
)

func (f DigitField) String() string {
	return [...]string{"number", "birth", "expiry", "optional", "composite"}[f]
}

// DigitState is what became of one check digit.
type DigitState uint8

const (
	DigitAbsent    DigitState = iota // this kind of document has no such digit
	DigitRight                       // computed and equal
	DigitEmpty                       // filler in place of the digit of an empty optional field: allowed
	DigitRepaired                    // right after one proven repair, which is listed
	DigitWrong                       // computed and different; nothing proves a repair
	DigitAmbiguous                   // two different repairs would both satisfy it: none is made
)

func (s DigitState) String() string {
	return [...]string{"absent", "right", "empty", "repaired", "wrong", "ambiguous"}[s]
}

// Holds tells whether the digit gives no reason for doubt.
func (s DigitState) Holds() bool { return s <= DigitRepaired }

// MRZNote is a set of remarks about a zone that parsed but is not plain.
type MRZNote uint16

const (
	NoteTruncated    MRZNote = 1 << iota // the name fills its field: it may have been cut (Doc 9303-3, 4.6)
	NoteNoGiven                          // no secondary identifier
	NoteNameChars                        // the name holds characters other than A-Z and filler; left as read
	NoteBirthUnknown                     // a part of the birth date is unknown
	NoteBirthInvalid                     // the birth date is not a date
	NoteExpiryNone                       // no date of expiry
	NoteExpiryInvalid
	NoteCentury   // the century of birth is assumed: the earlier one is possible as well
	NoteSex       // neither M, F, X nor filler
	NotePadded    // trailing filler was missing and has been added
	NoteLongField // the document number runs on into the optional data
)

// MRZRepair is one character changed because a check digit proves it. Officers see every one.
type MRZRepair struct {
	Line, Column uint8 // counted from 1, as an officer counts
	From, To     byte
	Field        DigitField
}

const maxRepairs = 8

// MRZ is a parsed zone. It holds its own copy of the text, so that parsing into a caller's struct
// allocates nothing. Fields are read with the methods; the names stay as printed.
type MRZ struct {
	Kind    MRZKind
	Birth   MRZDate // zero parts are unknown
	Expiry  MRZDate
	Sex     byte // 'M', 'F', 'X' or '<' for unspecified
	Notes   MRZNote
	Digits  [5]DigitState // by DigitField
	repairs [maxRepairs]MRZRepair
	nRepair uint8
	text    [90]byte
	number  [32]byte // assembled document number without filler
	nNumber uint8
	optAt   uint8 // where the optional data begin once a long number has been taken off
}

// layout is where a kind keeps its fields: offsets into the joined text, half open.
type layout struct {
	lines, width              int
	names, number, numberChk  int
	nameEnd                   int
	nationality, birth, sex   int
	expiry, optional, optEnd  int
	optional2, opt2End        int
	optionalChk, compositeChk int // -1: none
}

var layouts = [...]layout{
	TD1: {lines: 3, width: 30, names: 60, nameEnd: 90, number: 5, numberChk: 14, nationality: 45, birth: 30, sex: 37,
		expiry: 38, optional: 15, optEnd: 30, optional2: 48, opt2End: 59, optionalChk: -1, compositeChk: 59},
	TD2: {lines: 2, width: 36, names: 5, nameEnd: 36, number: 36, numberChk: 45, nationality: 46, birth: 49, sex: 56,
		expiry: 57, optional: 64, optEnd: 71, optionalChk: -1, compositeChk: 71},
	TD3: {lines: 2, width: 44, names: 5, nameEnd: 44, number: 44, numberChk: 53, nationality: 54, birth: 57, sex: 64,
		expiry: 65, optional: 72, optEnd: 86, optionalChk: 86, compositeChk: 87},
	MRVA: {lines: 2, width: 44, names: 5, nameEnd: 44, number: 44, numberChk: 53, nationality: 54, birth: 57, sex: 64,
		expiry: 65, optional: 72, optEnd: 88, optionalChk: -1, compositeChk: -1},
	MRVB: {lines: 2, width: 36, names: 5, nameEnd: 36, number: 36, numberChk: 45, nationality: 46, birth: 49, sex: 56,
		expiry: 57, optional: 64, optEnd: 72, optionalChk: -1, compositeChk: -1},
}

// ParseMRZ reads a scanner's bytes into m: lines separated or joined, in either case, with the filler
// variants that readers send. today settles the century of the dates. The error says that this is no zone
// at all; wrong digits are no error but stand in m.Digits, because the officer must see them.
func ParseMRZ(m *MRZ, raw []byte, today MRZDate) error {
	*m = MRZ{}
	err := m.read(raw)
	if err != nil {
		return err
	}
	l := &layouts[m.Kind]
	m.checkDigits(l)
	m.takeNumber(l)
	m.takeDates(l, today)
	m.takeSex(l)
	m.checkName(l)
	return nil
}

// read normalises the input and finds its kind.
func (m *MRZ) read(raw []byte) error {
	var z scanned
	if !z.scan(raw) {
		return fault.New(fault.Invalid, "fault.mrz.shape")
	}
	kind, padded := z.kind()
	if kind == 0 {
		return fault.New(fault.Invalid, "fault.mrz.shape")
	}
	l := &layouts[kind]
	m.Kind = kind
	if padded {
		m.Notes |= NotePadded
	}
	z.join(m.text[:], l)
	return nil
}

func (m *MRZ) takeSex(l *layout) {
	m.Sex = m.text[l.sex]
	switch m.Sex {
	case 'M', 'F', 'X', '<':
	default:
		m.Sex = '<'
		m.Notes |= NoteSex
	}
}

// takeNumber assembles the document number. A filler in place of its digit on a card means that the number
// runs on into the optional data, whose first word ends with the digit (Doc 9303-5, note j; 9303-6, note j).
func (m *MRZ) takeNumber(l *layout) {
	n := copy(m.number[:], m.text[l.number:l.number+9])
	m.optAt = uint8(l.optional)
	if end := m.longEnd(l); end > 0 {
		n += copy(m.number[n:], m.text[l.optional:end-1])
		m.optAt = uint8(end)
		m.Notes |= NoteLongField
	}
	for n > 0 && m.number[n-1] == '<' {
		n--
	}
	m.nNumber = uint8(n)
}

// longEnd returns the end of the word in the optional data that continues a long number, or 0.
func (m *MRZ) longEnd(l *layout) int {
	if m.Kind != TD1 && m.Kind != TD2 || m.text[l.numberChk] != '<' || m.text[l.numberChk-1] == '<' {
		return 0
	}
	end := l.optional
	for end < l.optEnd && m.text[end] != '<' {
		end++
	}
	if end-l.optional < 2 { // at least one character of the number and the digit
		return 0
	}
	return end
}

func (m *MRZ) checkName(l *layout) {
	field := m.text[l.names:l.nameEnd]
	if field[len(field)-1] != '<' {
		m.Notes |= NoteTruncated
	}
	given := false
	for i, c := range field {
		if c != '<' && (c < 'A' || c > 'Z') {
			m.Notes |= NoteNameChars
		}
		if i >= 2 && c != '<' && field[i-1] == '<' && field[i-2] == '<' {
			given = true
		}
	}
	if !given {
		m.Notes |= NoteNoGiven
	}
}

// Lines returns the zone as understood, after repairs.
func (m *MRZ) Lines() []string {
	l := &layouts[m.Kind]
	lines := make([]string, l.lines)
	for i := range lines {
		lines[i] = string(m.text[i*l.width : (i+1)*l.width])
	}
	return lines
}

// Code is the document code, for example "P" or "ID".
func (m *MRZ) Code() string { return spaced(m.text[0:2]) }

// Issuer is the issuing state or organisation as printed, for example "ALB", "D", "RKS".
func (m *MRZ) Issuer() string { return spaced(m.text[2:5]) }

// Nationality as printed.
func (m *MRZ) Nationality() string {
	at := layouts[m.Kind].nationality
	return spaced(m.text[at : at+3])
}

// Number is the whole document number.
func (m *MRZ) Number() string { return string(m.number[:m.nNumber]) }

// Optional is the issuer's own data: the personal number in an Albanian passport. Where a card has two such
// fields they are joined by a space.
func (m *MRZ) Optional() string {
	l := &layouts[m.Kind]
	s := spaced(m.text[m.optAt:l.optEnd])
	if l.opt2End > 0 {
		if t := spaced(m.text[l.optional2:l.opt2End]); t != "" {
			if s != "" {
				s += " "
			}
			s += t
		}
	}
	return s
}

// Names returns primary (surname) and secondary (given) identifiers with fillers as spaces.
func (m *MRZ) Names() (surname, given string) {
	l := &layouts[m.Kind]
	field := m.text[l.names:l.nameEnd]
	for i := 0; i+1 < len(field); i++ {
		if field[i] == '<' && field[i+1] == '<' {
			return spaced(field[:i]), spaced(field[i+2:])
		}
	}
	return spaced(field), ""
}

// Repairs lists what was changed and why it was allowed.
func (m *MRZ) Repairs() []MRZRepair { return m.repairs[:m.nRepair] }

// Holds tells whether every check digit that exists holds.
func (m *MRZ) Holds() bool {
	for _, d := range m.Digits {
		if !d.Holds() {
			return false
		}
	}
	return true
}

// spaced shows runs of filler as one space and drops those at the ends.
func spaced(b []byte) string {
	var out [48]byte
	n := 0
	for _, c := range b {
		if c == '<' {
			if n > 0 && out[n-1] != ' ' {
				out[n] = ' '
				n++
			}
			continue
		}
		out[n] = c
		n++
	}
	for n > 0 && out[n-1] == ' ' {
		n--
	}
	return string(out[:n])
}
