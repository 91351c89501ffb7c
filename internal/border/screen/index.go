// Package screen holds the alert lists of a node or lane in memory and finds, for one traveller, the alerts
// that may concern the same person or document, with the evidence for each field.
//
// The score of a match is its weight of evidence in bits, less the logarithm of the number of names looked
// through: at score s, chance alone gives about 2^-s matches per traveller. So thresholds are set to a number
// of alerts per 10,000 travellers, whatever the lists' size (facts: identity-border, sections 1 and 4). The
// package ranks and explains; it never decides that two persons are one.
package screen

import (
	"errors"
	"fmt"
	"io"
	"math"
	"sync/atomic"
	"time"

	"countersign/internal/border/alert"
	"countersign/internal/border/name"
	"countersign/internal/fault"
)

// Index is an immutable set of lists ready to be searched. A change gives a new Index; readers keep the one
// they have.
type Index struct {
	costs      *name.Costs
	lists      []alert.Header // by list number
	segs       []*segment     // the first is the largest; frequencies come from it
	dead       [][]uint64     // by segment: alerts removed or replaced since; nil: none
	forms      int
	prior      float64 // bits: logarithm of the number of forms
	unseen     float64 // share of words to come that no list has
	Thresholds Thresholds
}

// maxLists is set by the width of a list number.
const maxLists = 250

// Builder makes an Index of one or more lists.
type Builder struct {
	b     *builder
	lists []alert.Header
}

// NewBuilder starts an empty index.
func NewBuilder() *Builder { return &Builder{b: newBuilder()} }

// List begins a list; alerts added next belong to it.
func (b *Builder) List(h alert.Header) error {
	if len(b.lists) == maxLists {
		return fault.New(fault.Invalid, "fault.border.too-many-lists", "limit", fmt.Sprint(maxLists))
	}
	for _, l := range b.lists {
		if l.List == h.List {
			return fault.New(fault.Conflict, "fault.border.snapshot-other", "list", h.List)
		}
	}
	b.lists = append(b.lists, h)
	return nil
}

// Add adds an alert to the list begun last.
func (b *Builder) Add(a *alert.Alert) { b.b.add(uint8(len(b.lists)-1), a) }

// Build finishes the index with the shipped thresholds.
func (b *Builder) Build() *Index {
	ix := &Index{costs: name.NewCosts(), lists: b.lists, Thresholds: Shipped()}
	ix.segs = []*segment{b.b.build()}
	ix.dead = [][]uint64{nil}
	b.b = nil
	ix.count()
	return ix
}

func (ix *Index) count() {
	ix.forms = 0
	for _, s := range ix.segs {
		ix.forms += len(s.birth)
	}
	ix.unseen = leastUnseen
	if len(ix.segs) > 0 {
		ix.unseen = max(ix.segs[0].once(), leastUnseen)
	}
	ix.prior = math.Log2(float64(max(ix.forms, 1000)))
}

// once estimates how many of the words to come are new: as many as there are words seen only once (Good and Turing).
func (s *segment) once() float64 {
	if len(s.posts) == 0 {
		return 1
	}
	n := 0
	for i := 1; i < len(s.postOff); i++ {
		if s.postOff[i]-s.postOff[i-1] == 1 {
			n++
		}
	}
	return float64(n) / float64(len(s.posts))
}

// Forms is the number of names looked through.
func (ix *Index) Forms() int { return ix.forms }

// Alerts is the number of alerts, less those removed.
func (ix *Index) Alerts() int {
	n := 0
	for i, s := range ix.segs {
		n += len(s.sex)
		for _, w := range ix.dead[i] {
			for ; w != 0; w &= w - 1 {
				n--
			}
		}
	}
	return n
}

// Lists are the headers of the lists loaded.
func (ix *Index) Lists() []alert.Header { return ix.lists }

// Load reads whole lists. Nothing is returned unless every file proves right to its last byte.
func Load(ring alert.Ring, now time.Time, files ...io.Reader) (*Index, error) {
	b := NewBuilder()
	if err := b.Load(ring, now, files...); err != nil {
		return nil, err
	}
	return b.Build(), nil
}

// Load adds whole signed lists. After an error the builder is of no more use.
func (b *Builder) Load(ring alert.Ring, now time.Time, files ...io.Reader) error {
	for _, r := range files {
		snap, err := alert.Open(r, ring)
		if err != nil {
			return err
		}
		if err := snap.Header.Follows(nil, now); err != nil {
			return err
		}
		if err := b.List(snap.Header); err != nil {
			return err
		}
		for {
			c, err := snap.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return err
			}
			b.Add(&c.Alert)
		}
	}
	return nil
}

// mergeAbove bounds how many small segments a search has to visit.
const mergeAbove = 6

// Apply returns the index with a delta applied. The receiver stays as it is and stays usable.
func (ix *Index) Apply(r io.Reader, ring alert.Ring, now time.Time) (*Index, error) {
	snap, err := alert.Open(r, ring)
	if err != nil {
		return nil, err
	}
	list := -1
	for i := range ix.lists {
		if ix.lists[i].List == snap.Header.List {
			list = i
		}
	}
	if list < 0 || snap.Header.Base == 0 {
		return nil, fault.New(fault.Conflict, "fault.border.snapshot-base", "list", snap.Header.List, "base", fmt.Sprint(snap.Header.Base))
	}
	if err := snap.Header.Follows(&ix.lists[list], now); err != nil {
		return nil, err
	}
	next := ix.copy()
	b := newBuilder()
	fresh := map[string]int{} // a reference given twice in one delta: the last one counts
	var adds []alert.Alert
	for {
		c, err := snap.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		next.bury(uint8(list), c.Alert.Ref)
		if at, ok := fresh[c.Alert.Ref]; ok {
			adds[at].Ref = ""
			delete(fresh, c.Alert.Ref)
		}
		if !c.Remove {
			fresh[c.Alert.Ref] = len(adds)
			adds = append(adds, c.Alert)
		}
	}
	for i := range adds {
		if adds[i].Ref != "" {
			b.add(uint8(list), &adds[i])
		}
	}
	next.lists[list] = snap.Header
	if len(next.segs) > mergeAbove {
		next.merge(b)
	}
	next.segs, next.dead = append(next.segs, b.build()), append(next.dead, nil)
	next.count()
	return next, nil
}

func (ix *Index) copy() *Index {
	c := *ix
	c.lists = append([]alert.Header(nil), ix.lists...)
	c.segs = append([]*segment(nil), ix.segs...)
	c.dead = make([][]uint64, len(ix.dead))
	for i, d := range ix.dead {
		c.dead[i] = append([]uint64(nil), d...)
	}
	return &c
}

// bury marks every alert with this reference as gone.
func (ix *Index) bury(list uint8, ref string) {
	h := refKey(list, ref)
	for i, s := range ix.segs {
		for _, a := range s.byRef.get(h) {
			if s.list[a] != list || string(s.refs[s.refOff[a]:s.refOff[a+1]]) != ref {
				continue
			}
			if len(ix.dead[i]) == 0 {
				ix.dead[i] = make([]uint64, (len(s.sex)+63)/64)
			}
			ix.dead[i][a/64] |= 1 << (a % 64)
		}
	}
}

func (ix *Index) buried(seg int, a uint32) bool {
	d := ix.dead[seg]
	return len(d) > 0 && d[a/64]&(1<<(a%64)) != 0
}

// merge puts the alerts of all small segments into b.
func (ix *Index) merge(b *builder) {
	for i := 1; i < len(ix.segs); i++ {
		for a := range uint32(len(ix.segs[i].sex)) {
			if !ix.buried(i, a) {
				al := ix.segs[i].alert(a)
				b.add(ix.segs[i].list[a], &al)
			}
		}
	}
	ix.segs, ix.dead = ix.segs[:1], ix.dead[:1]
}

// Resident is the index in use: readers take it without waiting, a new one replaces it at once, and a file
// that proves wrong leaves the previous one where it is.
type Resident struct{ now atomic.Pointer[Index] }

// Index is the index in use, nil before the first Set.
func (r *Resident) Index() *Index { return r.now.Load() }

// Set puts ix in use.
func (r *Resident) Set(ix *Index) { r.now.Store(ix) }

// Change applies a delta to the index in use. On error nothing changes.
func (r *Resident) Change(f io.Reader, ring alert.Ring, now time.Time) error {
	old := r.now.Load()
	if old == nil {
		return fault.New(fault.Unavailable, "fault.border.no-lists")
	}
	next, err := old.Apply(f, ring, now)
	if err != nil {
		return err
	}
	if !r.now.CompareAndSwap(old, next) {
		return fault.New(fault.Conflict, "fault.border.list-changed")
	}
	return nil
}
