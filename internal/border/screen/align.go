package screen

import (
	"math/bits"

	"countersign/internal/border/name"
)

// aligner pairs the words of two names one to one, each pair by the weight of its agreement.
type aligner struct {
	gain  [maxWords][name.MaxTokens]float64
	level [maxWords][name.MaxTokens]int8
	usedQ [maxWords]bool
	usedF [name.MaxTokens]bool
}

// Weights of what does not pair. A middle name left out is common; a word on each side that has no partner
// means two different names.
const (
	bitsLeftOut  = -0.8
	bitsConflict = -4.5
	bitsInitial  = 1.0
	weakestPair  = 0.01
)

// nameEvidence scores the query's words against one form.
func (s *Searcher) nameEvidence(ix *Index, seg *segment, form int) nameMatch {
	if form < 0 || len(s.words) == 0 {
		return nameMatch{}
	}
	tokens := seg.form(uint32(form))
	al := &s.align
	al.usedQ, al.usedF = [maxWords]bool{}, [name.MaxTokens]bool{}
	for i := range s.words {
		for j := range tokens {
			al.gain[i][j], al.level[i][j] = 0, levelEdits
		}
	}
	for j, t := range tokens {
		m := s.levels(ix, seg, t)
		for i := range s.words {
			switch l := m.level[i]; {
			case l <= levelEdits:
				al.gain[i][j], al.level[i][j] = s.words[i].bits[l], l
			case l == levelInitial:
				al.gain[i][j], al.level[i][j] = bitsInitial, levelEdit
			}
		}
	}
	total, worst, pairs := 0.0, int8(levelExact), 0
	for {
		bi, bj, best := -1, -1, weakestPair
		for i := range s.words {
			for j := range tokens {
				if !al.usedQ[i] && !al.usedF[j] && al.gain[i][j] > best {
					bi, bj, best = i, j, al.gain[i][j]
				}
			}
		}
		if bi < 0 {
			break
		}
		al.usedQ[bi], al.usedF[bj] = true, true
		total += best
		worst = max(worst, al.level[bi][bj])
		pairs++
	}
	if pairs < len(s.words) && pairs < len(tokens) {
		total += s.joined(ix, seg, tokens)
	}
	leftQ, leftF := 0, 0
	for i := range s.words {
		if !al.usedQ[i] {
			leftQ++
		}
	}
	for j := range tokens {
		if !al.usedF[j] {
			leftF++
		}
	}
	both := min(leftQ, leftF)
	total += float64(both)*bitsConflict + float64(leftQ+leftF-2*both)*bitsLeftOut
	e := Evidence{Exact, total}
	switch {
	case both > 0 && (both >= pairs || total <= 0):
		e.Level = Different
	case worst > levelExact || leftQ+leftF > 0:
		e.Level = Similar
	}
	return nameMatch{e, pairs}
}

// nameMatch is the evidence of a name and how many of its words found a partner.
type nameMatch struct {
	Evidence
	pairs int
}

// memo remembers how a word of the dictionary compares with each word of the query: candidates share words.
type memo struct {
	no    uint32
	word  uint32
	level [maxWords]int8
}

const (
	memoSize     = 2048
	levelInitial = levelEdits + 1
	levelNone    = levelEdits + 2
)

func (s *Searcher) levels(ix *Index, seg *segment, t uint32) *memo {
	m := &s.memo[mix(t)%memoSize]
	if m.no == s.memoNo && m.word == t {
		return m
	}
	m.no, m.word = s.memoNo, t
	b := seg.word(t)
	for i := range s.words {
		m.level[i] = s.level(ix, seg, i, t, b)
	}
	return m
}

func (s *Searcher) level(ix *Index, seg *segment, i int, t uint32, b []byte) int8 {
	w := &s.words[i]
	switch {
	case t == w.exact:
		return levelExact
	case len(b) == 1 || w.Len() == 1:
		if b[0] == w.Bytes()[0] {
			return levelInitial
		}
		return levelNone
	case s.cut(w, b, i):
		return levelEdit
	}
	if m := seg.wordMask[t]; bits.OnesCount32(m&w.Mask())*2+1 < min(bits.OnesCount32(m), bits.OnesCount32(w.Mask())) {
		return levelNone // too few letters in common for any comparison
	}
	cost := ix.costs.Cost(&w.Pattern, b, name.Limit(max(w.Len(), len(b))))
	if cost == name.None {
		return levelNone
	}
	return int8(levelOf(cost))
}

// cut takes the last word of a name that the zone cut short for the beginning of a longer one.
func (s *Searcher) cut(w *word, b []byte, i int) bool {
	return s.query.NameCut && i == len(s.words)-1 && w.Len() >= 3 && len(b) > w.Len() && string(b[:w.Len()]) == w.String()
}

// joined rescues words that one side writes as one (Abdul Aziz, Abdulaziz): two neighbours left over on one
// side against one left over on the other.
func (s *Searcher) joined(ix *Index, seg *segment, tokens []uint32) float64 {
	al := &s.align
	var buf [2 * name.MaxToken]byte
	const limit = name.Unit + name.Unit/2
	for i := 0; i+1 < len(s.words); i++ {
		if al.usedQ[i] && al.usedQ[i+1] {
			continue
		}
		n := copy(buf[:], s.words[i].Bytes())
		n += copy(buf[n:], s.words[i+1].Bytes())
		for j, t := range tokens {
			b := seg.word(t)
			if al.usedF[j] || al.usedQ[i] || al.usedQ[i+1] || n > name.MaxToken || len(b) > n+2 || n > len(b)+2 || b[0] != buf[0] {
				continue
			}
			if c := ix.costs.Words(buf[:n], b, limit); c != name.None {
				al.usedQ[i], al.usedQ[i+1], al.usedF[j] = true, true, true
				l := levelOf(c)
				return max(s.words[i].bits[l], s.words[i+1].bits[l]) + 1
			}
		}
	}
	for j := 0; j+1 < len(tokens); j++ {
		if al.usedF[j] || al.usedF[j+1] {
			continue
		}
		n := copy(buf[:], seg.word(tokens[j]))
		n += copy(buf[n:], seg.word(tokens[j+1]))
		for i := range s.words {
			w := &s.words[i]
			if al.usedQ[i] || n > name.MaxToken || w.Len() > n+2 || n > w.Len()+2 || w.Bytes()[0] != buf[0] {
				continue
			}
			if c := ix.costs.Cost(&w.Pattern, buf[:n], limit); c != name.None {
				al.usedQ[i], al.usedF[j], al.usedF[j+1] = true, true, true
				return w.bits[levelOf(c)]
			}
		}
	}
	return 0
}
