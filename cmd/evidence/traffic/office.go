// Package traffic is officers at work: random casework through the desk, as one seed has it. It knows what
// officers know, chooses the next step from the work list, and tells what was acknowledged.
package traffic

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"countersign/internal/act"
	"countersign/internal/casework"
	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/internal/store"
)

// Random is a seeded source that several callers may share.
type Random interface{ IntN(n int) int }

// Shared makes one source safe for several callers.
type Shared struct {
	mu sync.Mutex
	r  *rand.Rand
}

// NewShared seeds a shared source.
func NewShared(seed, stream uint64) *Shared { return &Shared{r: rand.New(rand.NewPCG(seed, stream))} }

// IntN implements Random.
func (s *Shared) IntN(n int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.r.IntN(n)
}

// Acked is told of every official act that was acknowledged to an officer: of one case, with the acts that it
// consists of. A case that was just opened is told without acts.
type Acked func(about act.ID, events []act.Event)

// Office is one authority's officers.
type Office struct {
	Authority string
	Peer      string
	Desk      *desk.Desk
	Store     *store.Store
	Random    Random
	Now       func() time.Time
	Acked     Acked
	Did       func(id act.ID, command string) // told of every command that was acknowledged
	Lifting   func(id, barrier act.ID)        // told before a barrier is lifted
	Viewed    func()                          // told of every case that was shown
	Refusal   func(reason string)             // told of every command that was refused
	Idle      func()                          // told when the work list is empty
	Wait      func(until time.Time)           // lets time pass; nil on the wall clock
	Whole     bool                            // also journeys, barriers and counting

	mu    sync.Mutex
	seats map[string]desk.Session
	tally Tally
}

// Tally counts what officers did.
type Tally struct {
	Opened, Done int            // cases opened, commands acknowledged
	Refused      map[string]int // commands refused, by reason
	Failed       int            // commands that failed because the node is stopping or stopped
}

// NewOffice makes an office without officers.
func NewOffice(authority, peer string, d *desk.Desk, s *store.Store, random Random) *Office {
	return &Office{Authority: authority, Peer: peer, Desk: d, Store: s, Random: random, Now: d.Clock, Acked: func(act.ID, []act.Event) {}, Did: func(act.ID, string) {},
		Lifting: func(act.ID, act.ID) {}, Viewed: func() {}, Idle: func() {}, Refusal: func(string) {}, Wait: func(time.Time) {}, seats: map[string]desk.Session{}, tally: Tally{Refused: map[string]int{}}}
}

// Seat gives a role its session.
func (o *Office) Seat(role string, s desk.Session) { o.seats[role] = s }

// As is the session of a role.
func (o *Office) As(role string) desk.Session { return o.seats[role] }

// Tally returns a copy of the counts.
func (o *Office) Tally() Tally {
	o.mu.Lock()
	defer o.mu.Unlock()
	t := o.tally
	t.Refused = map[string]int{}
	for k, v := range o.tally.Refused {
		t.Refused[k] = v
	}
	return t
}

// do gives one command. A refusal is an answer like another; only an error inside the product is returned.
func (o *Office) do(ctx context.Context, role string, id act.ID, c casework.Command) (bool, error) {
	events, err := o.Desk.Case(ctx, o.As(role), id, c)
	if err != nil {
		return false, o.note(err)
	}
	o.Acked(id, events)
	o.Did(id, casework.Name(c))
	o.mu.Lock()
	o.tally.Done++
	o.mu.Unlock()
	return true, nil
}

// note counts an error that officers meet in daily work, and passes on any other.
func (o *Office) note(err error) error {
	if err == nil {
		return nil
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	switch key := fault.KeyOf(err); {
	case key != "":
		o.tally.Refused[key]++
		o.Refusal(key)
		return nil
	case errors.Is(err, context.Canceled):
		o.tally.Failed++
		return nil
	}
	return err
}

// cases lists open cases that the authority owes a step in.
func (o *Office) cases(limit int) ([]store.CaseRow, error) {
	rows, _, err := store.Cases(o.Store, store.CaseFilter{Open: true, Owes: o.Authority, Limit: limit, Sort: "updated"})
	return rows, err
}
