package screen

import (
	"math"
	"math/bits"
	"slices"

	"countersign/internal/border/alert"
	"countersign/internal/border/name"
	"countersign/internal/person"
)

// Query is what is known of one traveller.
type Query struct {
	Name        string // in any order; as in the document
	NameCut     bool   // the document's zone was too short for the name
	Birth       person.MRZDate
	Sex         byte
	Nationality string
	Document    alert.Document
}

const (
	maxWords      = 8    // words of a query that are looked up
	maxCandidates = 300  // scored in full, without a birth date
	maxDated      = 60   // with one, beyond those of the day itself
	postingBudget = 1e5  // postings walked for one query without a birth date
	alike         = 0.25 // share of letter pairs that a form of the same birth date must have
	near          = 0.7  // share of letter pairs that a form found by its birth date alone must share
)

// word is one word of the query with what the dictionary says about it.
type word struct {
	name.Pattern
	exact   uint32 // dictionary number in the segment searched; ^0: not there
	first   int    // neighbours[first:last]
	last    int
	volume  int        // postings of all neighbours in the windows
	bits    [4]float64 // weight of agreement by level (levelExact ...)
	skipped bool       // too common to walk: judged at scoring
}

type neighbour struct {
	word uint32
	cost uint8
}

type run struct{ lo, hi uint32 }

// Searcher is the scratch memory of one goroutine. It allocates when it first meets a larger index and not
// afterwards.
type Searcher struct {
	words      []word // of store
	store      [maxWords]word
	all        [name.MaxTokens]name.Token
	sig        uint64
	neighbours []neighbour
	stamp      []uint32 // by dictionary word: query number that saw it
	queryNo    uint32
	mask       []uint16 // by form: words of the query that hit it
	touched    []uint32
	picked     []candidate
	windows    []run
	hits       []Hit
	query      *Query
	doc        uint32
	docLen     int
	align      aligner
	memo       [memoSize]memo
	memoNo     uint32
	hitAt      []uint32 // by alert: place in hits, counted from 1
}

type candidate struct {
	form     uint32
	priority int32
}

const queued = 1 << 15 // mark in mask: already picked

// Search returns the best matches, at most top, best first. The slice is valid until the next search with
// the same Searcher.
func (ix *Index) Search(s *Searcher, q *Query, top int) []Hit {
	s.query, s.hits = q, s.hits[:0]
	s.prepare()
	s.doc, s.docLen = docKey(q.Document.Number)
	for i, seg := range ix.segs {
		s.lookUp(ix, seg, i == 0)
		if s.memoNo++; s.memoNo == 0 {
			s.memo = [memoSize]memo{}
			s.memoNo = 1
		}
		if n := len(seg.sex); len(s.hitAt) < n {
			s.hitAt = make([]uint32, n+n/8)
		}
		s.byDocument(ix, i, seg)
		s.gather(seg, q)
		for _, c := range s.picked {
			a := seg.alertOf[c.form]
			if !ix.buried(i, a) {
				s.add(ix, i, a, int(c.form), false)
			}
		}
		s.reset()
	}
	slices.SortFunc(s.hits, func(a, b Hit) int {
		switch {
		case a.Band != b.Band:
			return int(b.Band) - int(a.Band)
		case a.Score > b.Score:
			return -1
		case a.Score < b.Score:
			return 1
		case a.seg != b.seg:
			return a.seg - b.seg
		}
		return int(a.alert) - int(b.alert)
	})
	if len(s.hits) > top {
		s.hits = s.hits[:top]
	}
	return s.hits
}

// prepare folds the name.
func (s *Searcher) prepare() {
	n := name.Tokens(&s.all, s.query.Name)
	s.words, s.sig = s.store[:min(n, maxWords)], 0
	for i := range s.words {
		w := &s.words[i]
		w.Prepare(&s.all[i])
		s.sig |= pairsOf(w.Bytes())
	}
}

// lookUp finds the neighbours of each word in the segment's dictionary. The first segment, being the
// largest, also says how common they are.
func (s *Searcher) lookUp(ix *Index, seg *segment, weigh bool) {
	s.neighbours = s.neighbours[:0]
	if words := len(seg.wordMask); len(s.stamp) < words {
		s.stamp = make([]uint32, words+words/8)
	}
	for i := range s.words {
		w := &s.words[i]
		w.exact, w.first = ^uint32(0), len(s.neighbours)
		s.queryNo++
		var mass [4]uint32
		k, limit := edits(w.Len()), name.Limit(w.Len())
		if s.query.Birth.Complete() && k > 1 {
			// Two slips in a name are looked for among the forms of the same birth date.
			k, limit = 1, name.Unit+name.Unit/2
		}
		see := func(id uint32, phonetic bool) {
			if s.stamp[id] == s.queryNo {
				return
			}
			within := k
			if phonetic {
				within++
			}
			// A bucket holds others as well. An edit changes at most two members of the set of letters.
			if bits.OnesCount32(seg.wordMask[id]^w.Mask()) > 2*within {
				return
			}
			b := seg.word(id)
			if !w.Within(b, within) {
				return
			}
			s.stamp[id] = s.queryNo
			cost := ix.costs.Weigh(&w.Pattern, b, limit)
			if cost == name.None {
				return
			}
			if cost == 0 {
				w.exact = id
			}
			s.neighbours = append(s.neighbours, neighbour{id, cost})
			mass[levelOf(cost)] += seg.postOff[id+1] - seg.postOff[id]
		}
		deletions(w.Bytes(), k, func(h uint32) {
			for _, id := range seg.deletes.get(h) {
				see(id, false)
			}
		})
		if skel := w.Skeleton(); len(skel) > 1 {
			for _, id := range seg.phonetic.get(hash(skel)) {
				see(id, true)
			}
		}
		if k == 1 { // not looked for, so taken for more common than they are
			mass[levelEdits] = 8*(mass[levelEdit]+mass[levelVariant]) + 1
		}
		w.last = len(s.neighbours)
		if weigh {
			w.weigh(mass, len(seg.birth), ix.unseen)
		}
	}
	if s.queryNo > math.MaxUint32-2*maxWords {
		clear(s.stamp)
		s.queryNo = 0
	}
}

// thin is how many ordinary names a short list is filled up with when it is asked how common something is: a
// list of ten alerts does not make their names common.
const thin = 2000

// Likelihoods of each level for the same person. What is written is an ordinary record: most words agree exactly. A
// word that no list has is either a name that no list has, or a slip of somebody's pen; among the listed it can only be
// the second, so there the slip itself says little against the match.
var (
	sameKnown  = [4]float64{levelExact: 0.84, levelVariant: 0.08, levelEdit: 0.04, levelEdits: 0.008}
	sameUnseen = [4]float64{levelVariant: 0.10, levelEdit: 0.07, levelEdits: 0.012}
)

// leastUnseen is the share of travellers' words that no list has, at least: travellers come from more places than
// lists do.
const leastUnseen = 0.15

// weigh sets the bits of agreement per level: log2 of how much likelier it is for the same person than by
// chance. Chance is the share of names in the lists that have a word at this level.
func (w *word) weigh(mass [4]uint32, forms int, unseen float64) {
	same, rest := sameKnown, 1.0
	if mass[levelExact] == 0 {
		same, rest = sameUnseen, unseen
		same[levelExact] = sameKnown[levelExact] * rest // not there in this segment; a delta may have it
	}
	sum := 0.0
	for l := levelExact; l <= levelEdits; l++ {
		sum += float64(mass[l])
		chance := (sum + thin/2000) / (float64(forms) + thin)
		w.bits[l] = max(math.Log2(same[l]/(chance*rest)), 0.5)
		if l > levelExact {
			w.bits[l] = min(w.bits[l], w.bits[l-1]-0.5)
		}
	}
}

// gather picks the forms worth scoring: by words hit within the birth windows, and by birth date alone.
func (s *Searcher) gather(seg *segment, q *Query) {
	if n := len(seg.birth); len(s.mask) < n {
		s.mask = make([]uint16, n+n/8)
	}
	s.picked, s.touched = s.picked[:0], s.touched[:0]
	if len(s.words) == 0 {
		return
	}
	s.setWindows(seg, q.Birth)
	if q.Birth.Year != 0 {
		s.byBirth(seg, q.Birth)
	}
	budget := int(postingBudget)
	for range s.words {
		best := -1
		for i := range s.words { // rarest first
			w := &s.words[i]
			if w.volume >= 0 && (best < 0 || w.volume < s.words[best].volume) {
				best = i
			}
		}
		w := &s.words[best]
		w.skipped = w.volume > budget && best >= 0 && len(s.touched) > 0
		if !w.skipped {
			s.walk(seg, w, uint16(1)<<best)
			budget -= w.volume
		}
		w.volume = -1
	}
	s.pick(seg)
}

// setWindows says which runs of forms are walked: two years around the birth year and those without one.
func (s *Searcher) setWindows(seg *segment, b person.MRZDate) {
	s.windows = s.windows[:0]
	if b.Year == 0 {
		s.windows = append(s.windows, run{0, uint32(len(seg.birth))})
	} else {
		known := seg.from(1 << 9)
		lo, hi := seg.from(uint32(b.Year-2)<<9), seg.from(uint32(b.Year+3)<<9)
		if known > 0 {
			s.windows = append(s.windows, run{0, known})
		}
		s.windows = append(s.windows, run{lo, hi})
	}
	for i := range s.words {
		w := &s.words[i]
		w.volume = 0
		for _, nb := range s.neighbours[w.first:w.last] {
			w.volume += int(seg.postOff[nb.word+1] - seg.postOff[nb.word])
		}
		if b.Year != 0 {
			w.volume /= 12 // about what falls into five years
		}
	}
}

func (s *Searcher) walk(seg *segment, w *word, bit uint16) {
	for _, nb := range s.neighbours[w.first:w.last] {
		for _, r := range s.windows {
			for _, f := range seg.postings(nb.word, r.lo, r.hi) {
				if s.mask[f] == 0 {
					s.touched = append(s.touched, f)
				}
				s.mask[f] |= bit
			}
		}
	}
}

// byBirth picks forms by the birth date alone: all of the day itself and of the day with month exchanged,
// and those that share letters among the days that one slip of the pen reaches.
func (s *Searcher) byBirth(seg *segment, b person.MRZDate) {
	day := func(y, m, d int, least float64) {
		if m > 12 || d > 31 || y <= 0 {
			return
		}
		p := uint32(y)<<9 | uint32(m)<<5 | uint32(d)
		s.scan(seg, run{seg.from(p), seg.from(p + 1)}, least)
	}
	y, m, d := int(b.Year), int(b.Month), int(b.Day)
	if m == 0 || d == 0 { // a year alone: the words decide
		return
	}
	day(y, m, d, alike)
	if m != d {
		day(y, d, m, alike)
	}
	day(y, 0, 0, near)
	for k := -10; k <= 10; k++ { // within two years the words find them
		if k < -2 || k > 2 {
			day(y+k, m, d, near)
		}
	}
	for k := -90; k <= 90; k += 10 {
		if k < -10 || k > 10 {
			day(y+k, m, d, near)
		}
	}
	if swapped := y/100*100 + y%10*10 + y/10%10; swapped < y-10 || swapped > y+10 {
		day(swapped, m, d, near)
	}
}

// scan queues the forms of a run that share at least this part of the query's letter pairs. Crowded days
// (1 January stands for many unknown days) are always looked at through the letters.
func (s *Searcher) scan(seg *segment, r run, least float64) {
	if r.hi-r.lo > 400 {
		least = max(least, 0.4)
	}
	need := int(least * float64(bits.OnesCount64(s.sig)))
	for f := r.lo; f < r.hi; f++ {
		common := bits.OnesCount64(seg.sig[f] & s.sig)
		if common < need {
			// A shorter name in the list may be contained in the query's.
			if own := bits.OnesCount64(seg.sig[f]); common < max(int(min(2*least, 0.85)*float64(own)), 2) {
				continue
			}
		}
		if s.mask[f]&queued == 0 {
			if s.mask[f] == 0 {
				s.touched = append(s.touched, f)
			}
			s.mask[f] |= queued
			s.picked = append(s.picked, candidate{f, math.MaxInt32})
		}
	}
}

// pick queues what the words hit: two of them, or one that carries half the name's weight, or one where
// either side has no other. Beyond maxCandidates the weakest are left out.
func (s *Searcher) pick(seg *segment) {
	var weight [1 << maxWords]float32
	total, skipped := float32(0), false
	for i := range s.words {
		total += float32(s.words[i].bits[levelExact])
		skipped = skipped || s.words[i].skipped
	}
	for m := 1; m < 1<<len(s.words); m++ {
		low := bits.TrailingZeros(uint(m))
		weight[m] = weight[m&(m-1)] + float32(s.words[low].bits[levelExact])
	}
	pairs := bits.OnesCount64(s.sig)
	first := len(s.picked)
	for _, f := range s.touched {
		m := s.mask[f]
		if m&queued != 0 {
			continue
		}
		ok := bits.OnesCount16(m) >= 2 || weight[m]*2 >= total || seg.tokOff[f+1]-seg.tokOff[f] == 1
		if !ok && !skipped {
			continue
		}
		common := bits.OnesCount64(seg.sig[f] & s.sig)
		if !ok && common*5 < pairs*3 {
			continue
		}
		s.picked = append(s.picked, candidate{f, int32(weight[m]*8) + int32(common*4)})
	}
	limit := maxCandidates
	if s.query.Birth.Complete() {
		limit = maxDated
	}
	if extra := s.picked[first:]; len(extra) > limit {
		slices.SortFunc(extra, func(a, b candidate) int {
			if a.priority != b.priority {
				return int(b.priority) - int(a.priority)
			}
			return int(a.form) - int(b.form)
		})
		s.picked = s.picked[:first+limit]
	}
}

func (s *Searcher) reset() {
	for i := range s.hits {
		if h := &s.hits[i]; h.alert < uint32(len(s.hitAt)) {
			s.hitAt[h.alert] = 0
		}
	}
	for _, f := range s.touched {
		s.mask[f] = 0
	}
}
