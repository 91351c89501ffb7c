package screen

import (
	"bytes"
	"slices"

	"countersign/internal/border/alert"
	"countersign/internal/border/name"
)

// builder gathers alerts for one segment. It may use maps: only queries may not.
type builder struct {
	s      segment
	births []uint32
	toks   []uint32
	tokOff []uint32
	owner  []uint32
	dict   map[string]uint32
	nats   map[string]uint16
	buf    [name.MaxTokens]name.Token
}

func newBuilder() *builder {
	b := &builder{dict: map[string]uint32{}, nats: map[string]uint16{"": 0}, tokOff: []uint32{0}}
	b.s.refOff, b.s.nameOff, b.s.docOff = []uint32{0}, []uint32{0}, []uint32{0}
	b.s.wordOff = []uint32{0}
	b.s.natName, b.s.natFreq = []byte{0, 0, 0}, []uint32{0}
	return b
}

func (b *builder) add(list uint8, a *alert.Alert) {
	s := &b.s
	id := uint32(len(s.sex))
	birth := pack(a.Birth)
	s.sex = append(s.sex, a.Sex)
	s.list = append(s.list, list)
	s.birthOf = append(s.birthOf, birth)
	s.nat = append(s.nat, b.natOf(a.Nationality))
	s.refs = append(s.refs, a.Ref...)
	s.refOff = append(s.refOff, uint32(len(s.refs)))
	for _, n := range a.Names {
		s.names = append(append(s.names, n...), 0)
		b.addForm(id, birth, n)
	}
	s.nameOff = append(s.nameOff, uint32(len(s.names)))
	for _, d := range a.Documents {
		s.docs = append(append(append(append(s.docs, d.State...), ':'), d.Number...), 0)
	}
	s.docOff = append(s.docOff, uint32(len(s.docs)))
}

func (b *builder) natOf(n string) uint16 {
	if len(n) != 3 {
		n = ""
	}
	i, ok := b.nats[n]
	if !ok {
		i = uint16(len(b.s.natFreq))
		b.nats[n] = i
		b.s.natName = append(b.s.natName, n...)
		b.s.natFreq = append(b.s.natFreq, 0)
	}
	b.s.natFreq[i]++
	return i
}

func (b *builder) addForm(id, birth uint32, n string) {
	words := tokensOf(&b.buf, n)
	if len(words) == 0 {
		return // a script we cannot fold: found by document number only
	}
	for i := range words {
		w := words[i].Bytes()
		t, ok := b.dict[string(w)]
		if !ok {
			t = uint32(len(b.dict))
			b.dict[string(w)] = t
			b.s.words = append(b.s.words, w...)
			b.s.wordOff = append(b.s.wordOff, uint32(len(b.s.words)))
		}
		b.toks = append(b.toks, t)
	}
	b.tokOff = append(b.tokOff, uint32(len(b.toks)))
	b.births = append(b.births, birth)
	b.owner = append(b.owner, id)
}

// build orders forms by birth date and makes the postings and tables.
func (b *builder) build() *segment {
	s := &b.s
	n := len(b.births)
	order := make([]uint64, n)
	for i, p := range b.births {
		order[i] = uint64(p)<<32 | uint64(i)
	}
	slices.Sort(order)
	s.birth, s.alertOf, s.sig = make([]uint32, n), make([]uint32, n), make([]uint64, n)
	s.tokOff, s.tokens = make([]uint32, 1, n+1), make([]uint32, 0, len(b.toks))
	for f, o := range order {
		i := uint32(o)
		s.birth[f], s.alertOf[f] = uint32(o>>32), b.owner[i]
		words := b.toks[b.tokOff[i]:b.tokOff[i+1]]
		for _, t := range words {
			s.sig[f] |= pairsOf(s.word(t))
		}
		s.tokens = append(s.tokens, words...)
		s.tokOff = append(s.tokOff, uint32(len(s.tokens)))
	}
	b.toks, b.births, b.tokOff, b.owner, b.dict = nil, nil, nil, nil, nil
	s.post()
	s.tables()
	s.clip()
	return s
}

// post makes the posting lists; forms come in order, so each list is ascending. A word twice in one form is
// posted once.
func (s *segment) post() {
	words := len(s.wordOff) - 1
	s.postOff = make([]uint32, words+1)
	each := func(f func(form, word uint32)) {
		for form := range s.birth {
			ts := s.form(uint32(form))
			for i, t := range ts {
				if !slices.Contains(ts[:i], t) {
					f(uint32(form), t)
				}
			}
		}
	}
	each(func(_, t uint32) { s.postOff[t+1]++ })
	for i := 1; i <= words; i++ {
		s.postOff[i] += s.postOff[i-1]
	}
	next := slices.Clone(s.postOff)
	s.posts = make([]uint32, s.postOff[words])
	each(func(f, t uint32) {
		s.posts[next[t]] = f
		next[t]++
	})
}

func (s *segment) tables() {
	words := uint32(len(s.wordOff) - 1)
	s.wordMask = make([]uint32, words)
	var dels, phon []uint64
	var skel [name.MaxToken]byte
	for w := range words {
		b := s.word(w)
		s.wordMask[w] = name.Mask(b)
		deletions(b, edits(len(b)), func(h uint32) { dels = append(dels, uint64(h)<<32|uint64(w)) })
		phon = append(phon, uint64(hash(skel[:name.Skeleton(&skel, b)]))<<32|uint64(w))
	}
	s.deletes, s.phonetic = fill(dels), fill(phon)
	dels, phon = nil, nil
	docs, refs := []uint64{}, make([]uint64, 0, len(s.sex))
	for a := range uint32(len(s.sex)) {
		refs = append(refs, uint64(refKey(s.list[a], string(s.refs[s.refOff[a]:s.refOff[a+1]])))<<32|uint64(a))
		d := s.docs[s.docOff[a]:s.docOff[a+1]]
		for start, i := 0, 0; i < len(d); i++ {
			if d[i] != 0 {
				continue
			}
			_, number, _ := bytes.Cut(d[start:i], []byte{':'})
			if h, n := docKey(string(number)); n > 0 {
				docs = append(docs, uint64(h)<<32|uint64(a))
			}
			start = i + 1
		}
	}
	s.byDoc, s.byRef = fill(docs), fill(refs)
}

// clip gives back what growing left over.
func (s *segment) clip() {
	s.refs, s.names, s.docs, s.words = slices.Clip(slices.Clone(s.refs)), slices.Clip(slices.Clone(s.names)), slices.Clip(slices.Clone(s.docs)), slices.Clip(slices.Clone(s.words))
	s.refOff, s.nameOff, s.docOff, s.wordOff = slices.Clone(s.refOff), slices.Clone(s.nameOff), slices.Clone(s.docOff), slices.Clone(s.wordOff)
	s.sex, s.list, s.nat, s.birthOf = slices.Clone(s.sex), slices.Clone(s.list), slices.Clone(s.nat), slices.Clone(s.birthOf)
}
