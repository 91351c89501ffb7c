package screen

import (
	"sort"

	"countersign/internal/border/alert"
	"countersign/internal/border/name"
	"countersign/internal/person"
)

// segment is one immutable part of the index. Everything is a flat array, so that a million names take a few
// hundred megabytes, the collector has nothing to follow, and an image of it can be written and read back.
//
// A form is one name of an alert. Forms are numbered in the order of their birth dates: every posting list is
// thereby partitioned by birth date, and the forms of a day, a month or a year are one run of numbers.
type segment struct {
	birth   []uint32 // by form: packed date (see pack), ascending; 0 unknown
	sig     []uint64 // by form: letter pairs present
	tokOff  []uint32 // by form, +1: into tokens
	tokens  []uint32 // dictionary numbers of the words of a form
	alertOf []uint32 // by form

	sex     []byte   // by alert
	nat     []uint16 // by alert: into natName
	list    []uint8  // by alert: into Index.lists
	refOff  []uint32 // by alert, +1
	refs    []byte
	nameOff []uint32 // by alert, +1: all forms as written, separated by 0
	names   []byte
	docOff  []uint32 // by alert, +1: state:number, separated by 0
	docs    []byte
	natName []byte   // three letters each, first unknown
	natFreq []uint32 // by nationality
	birthOf []uint32 // by alert

	wordOff  []uint32 // dictionary, +1
	words    []byte
	wordMask []uint32
	postOff  []uint32 // by word, +1
	posts    []uint32 // forms, ascending
	deletes  buckets  // words by their deletion neighbourhood
	phonetic buckets  // words by skeleton
	byDoc    buckets  // alerts by document number
	byRef    buckets  // alerts by list and reference
}

// buckets is a hash table without keys: what stands in a bucket is verified by whoever looks it up.
type buckets struct {
	shift uint32
	off   []uint32
	items []uint32
}

// fill builds buckets from pairs of hash and item.
func fill(pairs []uint64) buckets {
	bitsN := uint32(4)
	for 1<<bitsN < len(pairs) && bitsN < 28 {
		bitsN++
	}
	b := buckets{shift: 32 - bitsN, off: make([]uint32, 1<<bitsN+1), items: make([]uint32, len(pairs))}
	for _, p := range pairs {
		b.off[uint32(p>>32)>>b.shift+1]++
	}
	for i := 1; i < len(b.off); i++ {
		b.off[i] += b.off[i-1]
	}
	next := make([]uint32, len(b.off))
	copy(next, b.off)
	for _, p := range pairs {
		k := uint32(p>>32) >> b.shift
		b.items[next[k]] = uint32(p)
		next[k]++
	}
	return b
}

func (b *buckets) get(h uint32) []uint32 {
	if len(b.off) == 0 {
		return nil
	}
	k := h >> b.shift
	return b.items[b.off[k]:b.off[k+1]]
}

// hash is FNV-1a with a final mix: buckets use the high bits.
func hash(b []byte) uint32 {
	h := uint32(2166136261)
	for _, c := range b {
		h = (h ^ uint32(c)) * 16777619
	}
	return mix(h)
}

func mix(h uint32) uint32 {
	h ^= h >> 16
	h *= 0x85ebca6b
	h ^= h >> 13
	h *= 0xc2b2ae35
	return h ^ h>>16
}

// pack puts a date into an ordered number; a year alone stands before its days.
func pack(d person.MRZDate) uint32 { return uint32(d.Year)<<9 | uint32(d.Month)<<5 | uint32(d.Day) }

func unpack(p uint32) person.MRZDate {
	return person.MRZDate{Year: int16(p >> 9), Month: uint8(p >> 5 & 15), Day: uint8(p & 31)}
}

// from is the first form born on p or later.
func (s *segment) from(p uint32) uint32 {
	return uint32(sort.Search(len(s.birth), func(i int) bool { return s.birth[i] >= p }))
}

func (s *segment) word(id uint32) []byte { return s.words[s.wordOff[id]:s.wordOff[id+1]] }

func (s *segment) form(f uint32) []uint32 { return s.tokens[s.tokOff[f]:s.tokOff[f+1]] }

// postings of a word among the forms [lo, hi).
func (s *segment) postings(word, lo, hi uint32) []uint32 {
	p := s.posts[s.postOff[word]:s.postOff[word+1]]
	if len(p) == 0 || lo == 0 && hi == uint32(len(s.birth)) {
		return p
	}
	a := lower(p, lo)
	return p[a : a+lower(p[a:], hi)]
}

// lower is the first place in ascending p whose value is at least v.
func lower(p []uint32, v uint32) int {
	i, j := 0, len(p)
	for i < j {
		m := int(uint(i+j) >> 1)
		if p[m] < v {
			i = m + 1
		} else {
			j = m
		}
	}
	return i
}

// signature marks the letter pairs of words in 64 bits.
func signature(words ...[]byte) uint64 {
	var s uint64
	for _, w := range words {
		s |= pairsOf(w)
	}
	return s
}

func pairsOf(w []byte) uint64 {
	var s uint64
	for i := 1; i < len(w); i++ {
		s |= 1 << (mix(uint32(w[i-1])<<5^uint32(w[i])) & 63)
	}
	return s
}

// alert rebuilds an alert from the arenas, for an officer's eyes and for merging segments.
func (s *segment) alert(a uint32) alert.Alert {
	al := alert.Alert{
		Ref: string(s.refs[s.refOff[a]:s.refOff[a+1]]), Names: split(s.names[s.nameOff[a]:s.nameOff[a+1]]),
		Birth: unpack(s.birthOf[a]), Sex: s.sex[a], Nationality: s.nationality(a),
	}
	for _, d := range split(s.docs[s.docOff[a]:s.docOff[a+1]]) {
		i := 0
		for d[i] != ':' {
			i++
		}
		al.Documents = append(al.Documents, alert.Document{State: d[:i], Number: d[i+1:]})
	}
	return al
}

func (s *segment) nationality(a uint32) string {
	n := int(s.nat[a]) * 3
	if n == 0 {
		return ""
	}
	return string(s.natName[n : n+3])
}

func split(b []byte) []string {
	var out []string
	for start, i := 0, 0; i < len(b); i++ {
		if b[i] == 0 {
			out = append(out, string(b[start:i]))
			start = i + 1
		}
	}
	return out
}

// edits is how many edits apart two words may be to be neighbours in the dictionary.
func edits(length int) int {
	switch {
	case length <= 2:
		return 0
	case length <= 6:
		return 1
	}
	return 2
}

// deletions calls f with the hash of w's first letters and of everything that deleting up to k of them
// leaves: two words within that many edits share one (the symmetric deletion neighbourhood).
func deletions(w []byte, k int, f func(h uint32)) {
	if len(w) > 8 {
		w = w[:8]
	}
	f(hash(w))
	if k == 0 {
		return
	}
	var b, c [8]byte
	for i := range w {
		if i > 0 && w[i] == w[i-1] {
			continue
		}
		n := copy(b[:], w[:i])
		n += copy(b[n:], w[i+1:])
		f(hash(b[:n]))
		if k == 1 {
			continue
		}
		for j := i; j < n; j++ {
			if j > i && b[j] == b[j-1] {
				continue
			}
			m := copy(c[:], b[:j])
			m += copy(c[m:], b[j+1:n])
			f(hash(c[:m]))
		}
	}
}

// docKey hashes a document number with the characters that readers confuse made one.
func docKey(number string) (h uint32, n int) {
	var b [40]byte
	for i := 0; i < len(number) && n < len(b); i++ {
		if c := docChar(number[i]); c != 0 {
			b[n] = c
			n++
		}
	}
	return hash(b[:n]), n
}

func docChar(c byte) byte {
	switch {
	case c >= 'a' && c <= 'z':
		c -= 'a' - 'A'
	case c >= '0' && c <= '9', c >= 'A' && c <= 'Z':
	default:
		return 0
	}
	switch c {
	case 'O':
		return '0'
	case 'I':
		return '1'
	case 'Z':
		return '2'
	case 'S':
		return '5'
	case 'B':
		return '8'
	}
	return c
}

func refKey(list uint8, ref string) uint32 {
	return mix(hash([]byte(ref)) ^ uint32(list)*0x9e3779b1)
}

// tokensOf folds every form of a name list.
func tokensOf(dst *[name.MaxTokens]name.Token, s string) []name.Token {
	return dst[:name.Tokens(dst, s)]
}
