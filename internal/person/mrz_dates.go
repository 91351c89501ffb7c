package person

// MRZDate is a date as a document gives it: month and day may be unknown (0), and the year as well.
type MRZDate struct {
	Year       int16
	Month, Day uint8
}

// Before compares known dates.
func (d MRZDate) Before(e MRZDate) bool {
	if d.Year != e.Year {
		return d.Year < e.Year
	}
	if d.Month != e.Month {
		return d.Month < e.Month
	}
	return d.Day < e.Day
}

// Complete tells whether year, month and day are known.
func (d MRZDate) Complete() bool { return d.Year != 0 && d.Month != 0 && d.Day != 0 }

// String is 2006-01-02 with ?? for what is unknown.
func (d MRZDate) String() string {
	b := [10]byte{'?', '?', '?', '?', '-', '?', '?', '-', '?', '?'}
	if d.Year > 0 {
		b[0], b[1], b[2], b[3] = '0'+byte(d.Year/1000), '0'+byte(d.Year/100%10), '0'+byte(d.Year/10%10), '0'+byte(d.Year%10)
	}
	if d.Month > 0 {
		b[5], b[6] = '0'+d.Month/10, '0'+d.Month%10
	}
	if d.Day > 0 {
		b[8], b[9] = '0'+d.Day/10, '0'+d.Day%10
	}
	return string(b[:])
}

// takeDates reads birth and expiry and settles their centuries: a birth is not after today, an expiry is at
// most twenty years ahead (facts: identity-border, section 2).
func (m *MRZ) takeDates(l *layout, today MRZDate) {
	yy, mm, dd, ok := twoDigit(m.text[l.birth : l.birth+6])
	switch {
	case !ok:
		m.Notes |= NoteBirthInvalid
	default:
		m.Birth = MRZDate{0, uint8(mm), uint8(dd)}
		if yy >= 0 {
			m.Birth.Year = 2000 + int16(yy)
			if today.Before(m.Birth) {
				m.Birth.Year -= 100
			} else if m.Birth.Year-100 > today.Year-120 {
				m.Notes |= NoteCentury // the officer confirms it when it matters
			}
		}
		if yy < 0 || mm == 0 || dd == 0 {
			m.Notes |= NoteBirthUnknown
		}
		if !validDay(m.Birth) {
			m.Birth = MRZDate{}
			m.Notes |= NoteBirthInvalid
		}
	}
	yy, mm, dd, ok = twoDigit(m.text[l.expiry : l.expiry+6])
	switch {
	case !ok || yy < 0 && (mm != 0 || dd != 0):
		m.Notes |= NoteExpiryInvalid
	case yy < 0:
		m.Notes |= NoteExpiryNone
	default:
		m.Expiry = MRZDate{2000 + int16(yy), uint8(mm), uint8(dd)}
		if limit := (MRZDate{today.Year + 20, today.Month, today.Day}); limit.Before(m.Expiry) {
			m.Expiry.Year -= 100
		}
		if !m.Expiry.Complete() || !validDay(m.Expiry) {
			m.Expiry = MRZDate{}
			m.Notes |= NoteExpiryInvalid
		}
	}
}

// twoDigit reads YYMMDD; -1 or 0 stand for parts that are unknown, written as fillers (Doc 9303-3, 4.8) or,
// by some issuers, month and day as 00.
func twoDigit(b []byte) (yy, mm, dd int, ok bool) {
	yy, mm, dd = pair(b[0], b[1]), pair(b[2], b[3]), pair(b[4], b[5])
	if yy < -1 || mm < -1 || dd < -1 || mm > 12 || dd > 31 {
		return 0, 0, 0, false
	}
	return yy, max(mm, 0), max(dd, 0), true
}

// pair is the value of two digits, -1 for two fillers, -2 for anything else.
func pair(a, b byte) int {
	if a == '<' && b == '<' {
		return -1
	}
	if a < '0' || a > '9' || b < '0' || b > '9' {
		return -2
	}
	return int(a-'0')*10 + int(b-'0')
}

func validDay(d MRZDate) bool {
	if d.Day == 0 || d.Month == 0 {
		return d.Day <= 31
	}
	days := [...]uint8{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[d.Month-1]
	if d.Month == 2 && (d.Year%4 == 0 && (d.Year%100 != 0 || d.Year%400 == 0) || d.Year == 0) {
		days = 29
	}
	return d.Day <= days
}
