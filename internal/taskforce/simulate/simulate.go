// Package simulate plays a task force of two sides that edit the same measures, minutes, tasks and postings
// while their link is slow or down, with the real Decide and Fold, and compares both records at the end.
//
// Time and chance are given by the caller: one seed is one run. It knows no network and no database.
package simulate

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/joint"
	"countersign/internal/fault"
	"countersign/internal/taskforce"
)

// Chance draws a number from 0 to n-1. *rand.Rand is one; a property test gives its own.
type Chance interface{ IntN(n int) int }

// Options shape a run; the zero value is a year of moderate work.
type Options struct {
	Hours    int  // length of the run; 0: a year
	PerHour  int  // attempts of each side in an hour; 0: 1
	Delay    int  // longest delay of a delivery in hours; 0: 12
	Outage   int  // longest outage of the link in hours; 0: 72
	Measures int  // the sides stop proposing new measures at this number; 0: 12
	Broken   bool // positive control: the receiver forgets what the sender had seen
}

// Result is what a run came to.
type Result struct {
	Acts       int            // joint acts of both sides
	Attempts   int            // commands tried
	Refused    map[string]int // commands refused by Decide, by fault key
	Crossed    int            // pairs of acts about one thing that crossed
	Conflicts  map[string]int // conflicts shown to people, by ruling
	Noted      int            // conflicts that at least one side has noted
	Outages    int
	Measures   int
	Tasks      int
	Postings   int
	Meetings   int
	Ahead      int      // postings that were accredited and recalled before their first day
	Begun      []string // ... of which one side gave access all the same: must be empty
	Different  []string // things on which the records of the two sides differ: must be empty
	Favoured   []string // outcomes that change when the sides change names: must be empty
	Replays    int      // further interleavings of the same acts that were folded
	ReplaysOff int      // ... and came to another state: must be 0
}

// Equal tells whether both records agree, in every interleaving tried, and whichever side sorts first.
func (r Result) Equal() bool {
	return len(r.Begun) == 0 && len(r.Different) == 0 && r.ReplaysOff == 0 && len(r.Favoured) == 0
}

// Year runs one seed.
func Year(seed uint64, o Options) (Result, error) {
	return Run(rand.New(rand.NewPCG(seed, 8)), o)
}

// Run plays a world with the given chance.
func Run(c Chance, o Options) (Result, error) {
	w := newWorld(c, o)
	for w.hour = 0; w.hour < w.o.Hours; w.hour++ {
		if err := w.step(); err != nil {
			return w.result, err
		}
	}
	return w.finish()
}

// side is one authority: its own state, its stream, and what is on the way to it.
type side struct {
	name     string
	officers []act.Officer
	state    taskforce.State
	stream   []act.Event
	inbox    []delivery
}

type delivery struct {
	hour int
	act  act.Event
}

type world struct {
	c       Chance
	o       Options
	hour    int
	down    int // the link is down until this hour
	sides   [2]*side
	drawn   uint64
	ids     map[string][]act.ID // things by family, in the order of their making
	result  Result
	nominee int
}

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func newWorld(c Chance, o Options) *world {
	set := func(v *int, d int) {
		if *v == 0 {
			*v = d
		}
	}
	set(&o.Hours, 365*24)
	set(&o.PerHour, 1)
	set(&o.Delay, 12)
	set(&o.Outage, 72)
	set(&o.Measures, 12)
	w := &world{c: c, o: o, ids: map[string][]act.ID{}}
	w.result.Refused, w.result.Conflicts = map[string]int{}, map[string]int{}
	for i, name := range []string{"al", "gb"} {
		w.sides[i] = &side{name: name, state: taskforce.New("al", "gb"), officers: []act.Officer{
			{ID: act.ID(name + "-coordinator"), Authority: name, Role: "coordinator"},
			{ID: act.ID(name + "-supervisor"), Authority: name, Role: "supervisor"}}}
	}
	return w
}

func (w *world) now() time.Time { return start.Add(time.Duration(w.hour) * time.Hour) }

// step is one hour: the link may fail, what has arrived is folded, and each side acts.
func (w *world) step() error {
	if w.hour >= w.down && w.c.IntN(200) == 0 {
		w.down = w.hour + 1 + w.c.IntN(w.o.Outage)
		w.result.Outages++
	}
	for i := range w.sides {
		w.receive(w.sides[i])
	}
	for i := range w.sides {
		for range w.o.PerHour {
			if err := w.try(w.sides[i], w.sides[1-i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// receive folds what is due, in the order of the stream. Nothing arrives while the link is down.
func (w *world) receive(s *side) {
	for len(s.inbox) > 0 && s.inbox[0].hour <= w.hour && w.hour >= w.down {
		e := s.inbox[0].act
		e.Recorded = w.now()
		if w.o.Broken {
			e.Seen = 0
		}
		s.state, s.inbox = taskforce.Fold(s.state, e), s.inbox[1:]
	}
}

// try lets an officer of s attempt one thing.
func (w *world) try(s, peer *side) error {
	officer := s.officers[w.c.IntN(len(s.officers))]
	cmd, as := w.choose(s, peer)
	if cmd == nil {
		return nil
	}
	if as.ID != "" {
		officer = as
	}
	w.result.Attempts++
	statements, err := taskforce.Decide(s.state, cmd, w.env(s, officer))
	if err != nil {
		if fault.KindOf(err) == "" {
			return err
		}
		w.result.Refused[fault.KeyOf(err)]++
		return nil
	}
	for _, st := range statements {
		if err := w.sign(s, peer, officer, st); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) env(s *side, officer act.Officer) taskforce.Env {
	return taskforce.Env{Now: w.now(), Us: s.name, Officer: officer, Agreement: taskforce.Agreement{
		From: "2025-01-01", Until: "2028-12-31", CrossingPoints: map[string]struct{}{"TIA": {}, "DRZ": {}, "KAK": {}}}}
}

// sign makes the act, folds it at home and puts it on its way, as bytes.
func (w *world) sign(s, peer *side, officer act.Officer, st act.Statement) error {
	e := act.Event{ID: w.id(), Scope: st.Scope, Kind: st.Kind, Case: st.Case, Officer: officer, Occurred: w.now(),
		Made: w.now(), Recorded: w.now(), InReplyTo: st.InReplyTo, Seen: s.state.Size(peer.name), Body: st.Body}
	s.state = taskforce.Fold(s.state, e)
	if st.Scope != act.Joint {
		return nil
	}
	raw, err := joint.Vocabulary.Encode(e.Kind, e.Body)
	if err != nil {
		return err
	}
	sent := e
	if sent.Body, err = joint.Vocabulary.Decode(e.Kind, raw); err != nil {
		return err
	}
	s.stream = append(s.stream, sent)
	due := max(w.hour+w.c.IntN(w.o.Delay+1), w.lastDue(peer))
	peer.inbox = append(peer.inbox, delivery{due, sent})
	w.result.Acts++
	return nil
}

func (w *world) lastDue(peer *side) int {
	if len(peer.inbox) == 0 {
		return 0
	}
	return peer.inbox[len(peer.inbox)-1].hour
}

// id draws a version 4 UUID from the run's own counter, so that a run needs no other source of chance.
func (w *world) id() act.ID {
	w.drawn++
	sum := sha256.Sum256(fmt.Append(nil, "id ", w.drawn, " ", w.c.IntN(1<<16)))
	sum[6], sum[8] = sum[6]&0x0f|0x40, sum[8]&0x3f|0x80
	h := hex.EncodeToString(sum[:16])
	return act.ID(h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:])
}
