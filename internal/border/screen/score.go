package screen

import (
	"math"

	"countersign/internal/border/alert"
	"countersign/internal/border/name"
	"countersign/internal/person"
)

// Levels of agreement of one word of a name.
const (
	levelExact = iota
	levelVariant
	levelEdit
	levelEdits
)

func levelOf(cost uint8) int {
	switch {
	case cost == 0:
		return levelExact
	case cost <= name.Unit/2:
		return levelVariant
	case cost <= name.Unit+name.Unit/2:
		return levelEdit
	}
	return levelEdits
}

// Level says how one field agrees, in words that a catalogue has ("border.level.exact").
type Level uint8

const (
	Unknown   Level = iota // not given on one side
	Exact                  // equal
	Similar                // a spelling apart
	Swapped                // day and month exchanged
	OneDigit               // one slip in the date or number
	YearOnly               // the year agrees, more is not known
	Near                   // within two years
	Different              // not equal
)

func (l Level) String() string {
	return [...]string{"unknown", "exact", "similar", "swapped", "one-digit", "year-only", "near", "different"}[l]
}

// Field names a part of the evidence.
type Field uint8

const (
	FieldName Field = iota
	FieldBirth
	FieldSex
	FieldNationality
	FieldDocument
	fields
)

func (f Field) String() string {
	return [...]string{"name", "birth", "sex", "nationality", "document"}[f]
}

// Evidence is what one field contributes.
type Evidence struct {
	Level Level
	Bits  float64
}

// Band is what a match asks of the officer.
type Band uint8

const (
	NoFinding Band = iota
	SecondLook
	Strong
)

func (b Band) String() string { return [...]string{"no-finding", "second-look", "strong"}[b] }

// Hit is one alert that may concern the traveller.
type Hit struct {
	Score    float64 // bits beyond what chance gives once per traveller
	Band     Band
	Evidence [fields]Evidence
	Before   bool // for the caller: an officer has cleared this match before
	seg      int
	alert    uint32
	list     uint8
}

// Alert opens the alert behind a hit.
func (ix *Index) Alert(h *Hit) (alert.Alert, *alert.Header) {
	return ix.segs[h.seg].alert(h.alert), &ix.lists[h.list]
}

// add scores one alert by one of its forms (form < 0: by its document alone) and keeps the better score of an
// alert seen already.
func (s *Searcher) add(ix *Index, segNo int, a uint32, form int, byDocument bool) {
	seg, q := ix.segs[segNo], s.query
	base := ix.segs[0]
	byName := s.nameEvidence(ix, seg, form)
	if form >= 0 && byName.pairs > 1 {
		byName.Bits -= kinship(base, seg, a) * float64(byName.pairs-1)
	}
	if byName.Bits <= 0 && !byDocument {
		return // nothing speaks for it
	}
	h := Hit{seg: segNo, alert: a, list: seg.list[a]}
	e := &h.Evidence
	e[FieldName] = byName.Evidence
	e[FieldDocument] = s.documentEvidence(seg, a)
	e[FieldBirth] = birthEvidence(base, q.Birth, unpack(seg.birthOf[a]))
	e[FieldSex] = sexEvidence(q.Sex, seg.sex[a])
	e[FieldNationality] = s.nationalityEvidence(seg, a)
	h.Score = -ix.prior
	for i := range e {
		h.Score += e[i].Bits
	}
	h.Band = ix.band(&h)
	if at := s.hitAt[a]; at > 0 {
		if o := &s.hits[at-1]; h.Score > o.Score {
			*o = h
		}
		return
	}
	s.hits = append(s.hits, h)
	s.hitAt[a] = uint32(len(s.hits))
}

// band applies the thresholds. A name alone is never strong; a document number that agrees always deserves
// a second look, and on a list of documents it is what the list is about.
func (ix *Index) band(h *Hit) Band {
	e := &h.Evidence
	doc := e[FieldDocument].Level == Exact
	b := NoFinding
	switch {
	case h.Score >= ix.Thresholds.Strong:
		b = Strong
	case h.Score >= ix.Thresholds.SecondLook:
		b = SecondLook
	}
	if e[FieldName].Level == Exact && e[FieldBirth].Level == Exact && e[FieldSex].Level != Different {
		b = max(b, SecondLook) // however common: the same name and the same day
	}
	switch e[FieldBirth].Level {
	case Different, Unknown, Near:
		if !doc {
			b = min(b, SecondLook)
		}
	}
	if doc {
		b = max(b, SecondLook)
		if ix.lists[h.list].Kind == alert.LostDocument && e[FieldDocument].Bits >= bitsDocument {
			b = Strong
		}
	}
	return b
}

// Bits of the smaller fields. A nationality and a sex follow from a name so often that agreement says
// little; disagreement says more, but both are wrong in records often enough never to exclude anybody.
const (
	bitsSexAgrees      = 0.3
	bitsSexDiffers     = -4
	bitsNationAgrees   = 0.5
	bitsNationDiffers  = -1.5
	bitsDocument       = 28 // number and issuing state
	bitsDocumentNumber = 22 // number; the state is not given on one side
	bitsDocumentOther  = 5  // same number, another state
	bitsDocumentSlip   = 9  // one character apart
)

func sexEvidence(a, b byte) Evidence {
	known := func(c byte) bool { return c == 'M' || c == 'F' }
	switch {
	case !known(a) || !known(b):
		return Evidence{Unknown, 0}
	case a == b:
		return Evidence{Exact, bitsSexAgrees}
	}
	return Evidence{Different, bitsSexDiffers}
}

func (s *Searcher) nationalityEvidence(seg *segment, a uint32) Evidence {
	n := seg.nat[a]
	switch {
	case s.query.Nationality == "" || n == 0:
		return Evidence{Unknown, 0}
	case string(seg.natName[int(n)*3:int(n)*3+3]) == s.query.Nationality:
		return Evidence{Exact, bitsNationAgrees}
	}
	return Evidence{Different, bitsNationDiffers}
}

// Words of one name are not independent: whoever bears one Greek name bears others. Each word after the first
// is expected among the people of one origin, not among everybody, and so weighs less by the logarithm of
// their share. This lowers scores, and more so for the smaller groups: without it they would be stopped
// wrongly more often than others.
const (
	kinShare   = 0.4 // of what full dependence would take
	kinUnknown = 1.0 // bits, where a list does not say
	kinMost    = 4.0
)

func kinship(base, seg *segment, a uint32) float64 {
	n := int(seg.nat[a]) * 3
	if n == 0 {
		return kinUnknown
	}
	for i, freq := range base.natFreq {
		if i > 0 && string(base.natName[i*3:i*3+3]) == string(seg.natName[n:n+3]) {
			return min(kinShare*math.Log2(float64(len(base.sex)+thin)/(float64(freq)+thin/8)), kinMost)
		}
	}
	return kinMost / 2
}

// birthEvidence weighs birth dates; how common a date is comes from the lists themselves, which takes the
// crowd on 1 January for what it is.
func birthEvidence(base *segment, a, b person.MRZDate) Evidence {
	if a.Year == 0 || b.Year == 0 {
		return Evidence{Unknown, 0}
	}
	rarity := func(lo, hi uint32, usual float64) float64 {
		n := float64(len(base.birth))
		return -math.Log2((float64(base.from(hi)-base.from(lo)) + thin*usual) / (n + thin))
	}
	const perDay, perYear = 1.0 / 25000, 1.0 / 70
	p := pack(b)
	switch {
	case a == b && a.Complete():
		return Evidence{Exact, rarity(p, p+1, perDay) - 0.2}
	case a.Complete() && b.Complete() && a.Year == b.Year && a.Month == b.Day && a.Day == b.Month:
		return Evidence{Swapped, rarity(p, p+1, perDay) - 6}
	case a.Complete() && b.Complete() && slips(a, b) == 1:
		return Evidence{OneDigit, rarity(p, p+1, perDay) - 9}
	case a.Year == b.Year && (!a.Complete() || !b.Complete()):
		if a.Month != 0 && b.Month != 0 && a.Month != b.Month {
			return Evidence{Near, -2}
		}
		y := uint32(b.Year) << 9
		return Evidence{YearOnly, rarity(y, y+1<<9, perYear) - 0.3}
	case a.Year-b.Year <= 2 && b.Year-a.Year <= 2:
		return Evidence{Near, -3}
	}
	return Evidence{Different, -8}
}

// slips counts digits of yyyymmdd that differ; two neighbours exchanged are one slip.
func slips(a, b person.MRZDate) int {
	x, y := digits(a), digits(b)
	n := 0
	for i := 0; i < 8; i++ {
		if x[i] == y[i] {
			continue
		}
		if i < 7 && x[i] == y[i+1] && x[i+1] == y[i] {
			i++
		}
		n++
	}
	return n
}

func digits(d person.MRZDate) (b [8]byte) {
	v := int(d.Year)*10000 + int(d.Month)*100 + int(d.Day)
	for i := 7; i >= 0; i-- {
		b[i] = byte(v % 10)
		v /= 10
	}
	return b
}

// byDocument adds the alerts with the traveller's document number: the check of highest value, made first.
func (s *Searcher) byDocument(ix *Index, segNo int, seg *segment) {
	if s.docLen < 4 { // too short to tell anything
		return
	}
	for _, a := range seg.byDoc.get(s.doc) {
		if ix.buried(segNo, a) {
			continue
		}
		if e := s.documentEvidence(seg, a); e.Level == Different || e.Level == Unknown {
			continue
		}
		best := -1
		for f := range s.formsOf(seg, a) {
			best = f
			s.add(ix, segNo, a, f, true)
		}
		if best < 0 {
			s.add(ix, segNo, a, -1, true)
		}
	}
}

// formsOf yields the forms of an alert: those of its birth date that point back to it.
func (s *Searcher) formsOf(seg *segment, a uint32) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		p := seg.birthOf[a]
		for f := seg.from(p); f < uint32(len(seg.birth)) && seg.birth[f] == p; f++ {
			if seg.alertOf[f] == a && !yield(int(f)) {
				return
			}
		}
	}
}

func (s *Searcher) documentEvidence(seg *segment, a uint32) Evidence {
	d := seg.docs[seg.docOff[a]:seg.docOff[a+1]]
	best := Evidence{Unknown, 0}
	if len(d) == 0 || s.docLen == 0 {
		return best
	}
	best = Evidence{Different, 0} // people have several documents: another number says nothing
	for start, i := 0, 0; i < len(d); i++ {
		if d[i] != 0 {
			continue
		}
		if e := s.compareDocument(d[start:i]); e.Bits > best.Bits {
			best = e
		}
		start = i + 1
	}
	return best
}

func (s *Searcher) compareDocument(d []byte) Evidence {
	colon := 0
	for d[colon] != ':' {
		colon++
	}
	state, number := d[:colon], d[colon+1:]
	exact, same := sameNumber(number, s.query.Document.Number)
	sameState := len(state) == 0 || s.query.Document.State == "" || string(state) == s.query.Document.State
	switch {
	case exact && !sameState:
		return Evidence{Similar, bitsDocumentOther}
	case exact && len(state) > 0 && s.query.Document.State != "":
		return Evidence{Exact, bitsDocument}
	case exact:
		return Evidence{Exact, bitsDocumentNumber}
	case same && sameState:
		return Evidence{OneDigit, bitsDocumentSlip + 4}
	case sameState && oneSlip(number, s.query.Document.Number):
		return Evidence{OneDigit, bitsDocumentSlip}
	}
	return Evidence{Different, 0}
}

// sameNumber compares numbers without spaces and case: exactly, and with look-alikes made one.
func sameNumber(a []byte, b string) (exact, same bool) {
	exact, same = true, true
	i, j := 0, 0
	for {
		for i < len(a) && docChar(a[i]) == 0 {
			i++
		}
		for j < len(b) && docChar(b[j]) == 0 {
			j++
		}
		if i == len(a) || j == len(b) {
			done := i == len(a) && j == len(b)
			return exact && done, same && done
		}
		if a[i]|0x20 != b[j]|0x20 {
			exact = false
		}
		if docChar(a[i]) != docChar(b[j]) {
			return false, false
		}
		i, j = i+1, j+1
	}
}

func oneSlip(a []byte, b string) bool {
	if len(a) != len(b) || len(a) < 7 {
		return false
	}
	n := 0
	for i := range a {
		if a[i] != b[i] {
			n++
		}
	}
	return n == 1
}
