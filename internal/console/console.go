// Package console is a lane at a crossing point: the screen in front of the officer, the alert lists in memory, and
// the queue of decisions on its own disk. It works with the link down and delivers when the link is back. It runs
// without a node and without a database, on loopback only.
//
// It never decides, and what stands on the screen in view of the traveller never says why. It has no way to receive
// anything but signed lists: nothing of a return can reach it.
package console

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/hex"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/border"
	"countersign/internal/border/alert"
	"countersign/internal/border/criteria"
	"countersign/internal/border/lane"
	"countersign/internal/border/screen"
	"countersign/internal/fault"
	"countersign/internal/person"
	"countersign/internal/words"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
)

// Settings are what the node gave the lane for a shift, in lane.json. The key itself is in lane.key and never
// leaves the lane.
type Settings struct {
	Delegation  domestic.BorderDelegation `json:"delegation"`
	Officer     act.Officer               `json:"officer"` // who delegated, and decides here
	State       string                    `json:"state"`
	Direction   criteria.Direction        `json:"direction"`
	Destination []string                  `json:"destination"`
	Measure     act.ID                    `json:"measure,omitzero"`
	Zone        string                    `json:"zone"`
	PointName   string                    `json:"point_name,omitzero"` // as the register has it
	Cleared     []string                  `json:"cleared,omitzero"`    // false matches known to the node
}

// Config is how a lane runs.
type Config struct {
	Folder  string
	Books   []*criteria.Book
	Wall    func() time.Time
	Elapsed func() time.Duration // since any fixed moment, by a clock that nobody can set
	Deliver func(context.Context, []lane.Entry) (lane.Position, error)
	Log     *slog.Logger
}

// Lane is a lane at work.
type Lane struct {
	Config
	settings   Settings
	delegation *lane.Delegation
	zone       *time.Location
	ring       alert.Ring
	lists      screen.Resident
	cleared    border.Cleared
	journal    *journal
	clock      atomic.Pointer[lane.Clock]
	searchers  sync.Pool
	catalogues map[words.Lang]*words.Catalogue

	mu      sync.Mutex
	checks  map[act.ID]*check // those shown lately
	order   []act.ID
	refused string // why the newest file of lists was not taken; "" it was
	link    error  // of the last delivery

	manifest atomic.Pointer[manifest] // the newest
}

// check is one traveller's, kept in memory only and for a short while.
type check struct {
	deciding sync.Mutex
	id       act.ID
	at       time.Time
	zone     []byte
	document *person.MRZ
	facts    criteria.Facts
	result   *border.Result
	state    border.State
}

// keptChecks and keptFor bound what the officer's view can go back to; then a lane has forgotten the traveller.
const (
	keptChecks = 4096
	keptFor    = 30 * time.Minute
)

// Names of a lane's files.
const (
	SettingsFile = "lane.json"
	KeyFile      = "lane.key"
	RingFile     = "ring.json"
	ListsFile    = "lists.image"
)

// Open starts a lane from its folder.
func Open(c Config) (*Lane, error) {
	l := &Lane{Config: c, checks: map[act.ID]*check{}, cleared: border.Cleared{}}
	l.searchers.New = func() any { return new(screen.Searcher) }
	if l.Log == nil {
		l.Log = slog.New(slog.DiscardHandler)
	}
	var err error
	if l.catalogues, err = words.Load(); err != nil {
		return nil, err
	}
	l.clock.Store(lane.StartClock(c.Wall(), c.Elapsed()))
	key, err := l.read()
	if err != nil {
		return nil, err
	}
	if l.journal, err = openJournal(c.Folder, func(next uint64, prev string) *lane.Queue {
		return lane.NewQueue(l.delegation, key, next, prev)
	}); err != nil {
		return nil, err
	}
	l.openLists()
	return l, nil
}

func (l *Lane) read() (ed25519.PrivateKey, error) {
	bad := func(name string, err error) error {
		return fault.New(fault.Invalid, "fault.console.settings", "file", name).Because(err)
	}
	b, err := os.ReadFile(filepath.Join(l.Folder, SettingsFile))
	if err != nil {
		return nil, bad(SettingsFile, err)
	}
	s := &l.settings
	if err := json.Unmarshal(b, s, json.RejectUnknownMembers(true)); err != nil {
		return nil, bad(SettingsFile, err)
	}
	if l.zone, err = time.LoadLocation(s.Zone); err != nil {
		return nil, bad(SettingsFile, err)
	}
	if l.delegation, err = lane.FromAct(act.Event{Officer: s.Officer, Body: &s.Delegation}); err != nil {
		return nil, err
	}
	for _, c := range s.Cleared {
		var key border.ClearedKey
		if n, err := hex.Decode(key[:], []byte(c)); err != nil || n != len(key) {
			return nil, bad(SettingsFile, err)
		}
		l.cleared[key] = struct{}{}
	}
	if b, err = os.ReadFile(filepath.Join(l.Folder, RingFile)); err != nil {
		return nil, bad(RingFile, err)
	}
	if l.ring, err = alert.ParseRing(b); err != nil {
		return nil, err
	}
	if b, err = os.ReadFile(filepath.Join(l.Folder, KeyFile)); err != nil {
		return nil, bad(KeyFile, err)
	}
	seed, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(b)))
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil, bad(KeyFile, err)
	}
	key := ed25519.NewKeyFromSeed(seed)
	if !key.Public().(ed25519.PublicKey).Equal(l.delegation.Public) {
		return nil, bad(KeyFile, nil)
	}
	return key, nil
}

// now is the time that the lane goes by, and whether the wall clock was set meanwhile.
func (l *Lane) now() (time.Time, lane.Jump) {
	elapsed, clock := l.Elapsed(), l.clock.Load()
	return clock.Now(elapsed).UTC(), clock.Check(l.Wall(), elapsed)
}

// Scan checks what the scanner sent. Noise is an answer too: read again, or the second line.
func (l *Lane) Scan(zone []byte) *Shown {
	at, _ := l.now()
	c := &check{id: act.ID(uuid.NewString()), at: at, zone: zone, facts: criteria.Facts{}}
	var m person.MRZ
	y, month, d := at.Date()
	if person.ParseMRZ(&m, zone, person.MRZDate{Year: int16(y), Month: uint8(month), Day: uint8(d)}) == nil {
		c.document = &m
	}
	l.run(c)
	l.keep(c)
	return l.shown(c)
}

func (l *Lane) run(c *check) {
	s := l.searchers.Get().(*screen.Searcher)
	defer l.searchers.Put(s)
	c.result = border.Check(&border.Input{Now: c.at, Zone: l.zone, MRZ: c.document, Facts: c.facts, Books: l.Books, Index: l.lists.Index(), Cleared: l.cleared,
		Journey: criteria.Journey{State: l.settings.State, Direction: l.settings.Direction, Destination: l.settings.Destination}}, s)
}

func (l *Lane) keep(c *check) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.checks[c.id] = c
	l.order = append(l.order, c.id)
	for len(l.order) > keptChecks || c.at.Sub(l.checks[l.order[0]].at) > keptFor {
		delete(l.checks, l.order[0])
		l.order = l.order[1:]
	}
}

func (l *Lane) find(id act.ID) (*check, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	c, ok := l.checks[id]
	if !ok {
		return nil, fault.New(fault.Missing, "fault.console.gone")
	}
	return c, nil
}

// Decide records an officer's decision about a check: it returns once the decision is on the lane's disk.
func (l *Lane) Decide(id act.ID, command func(*border.Result, domestic.BorderCheckRef) any) error {
	c, err := l.find(id)
	if err != nil {
		return err
	}
	now, jump := l.now()
	if jump.Noticed() { // an act that names a wrong time is worse than a minute's wait
		return fault.New(fault.Conflict, "fault.console.clock", "minutes", minutes(jump.By))
	}
	c.deciding.Lock() // one decision at a time about one traveller
	defer c.deciding.Unlock()
	l.mu.Lock()
	result, state := c.result, c.state
	l.mu.Unlock()
	ref := result.Ref(c.id, l.settings.Delegation.Point, l.settings.Direction, l.settings.Measure)
	statements, err := border.Decide(state, command(result, ref), border.Env{Officer: l.settings.Officer, Now: now, Result: result, Books: l.Books})
	if err != nil {
		return err
	}
	for _, st := range statements {
		if b, ok := st.Body.(*domestic.BorderDecision); ok {
			b.SnapshotAgeSeconds = int64(l.oldest(now).Seconds())
		}
		if err := l.journal.add(st, now); err != nil {
			return err
		}
		state = border.Fold(state, act.Event{Kind: st.Kind, Officer: l.settings.Officer, Body: st.Body})
	}
	l.mu.Lock()
	c.state = state
	l.mu.Unlock()
	return nil
}

// Answer adds what the officer asked and saw, and makes the check again.
func (l *Lane) Answer(id act.ID, facts criteria.Facts) error {
	c, err := l.find(id)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for k, v := range facts {
		if criteria.Vocabulary[k] != v.Kind {
			return fault.New(fault.Invalid, "fault.border.facts", "fact", k)
		}
		c.facts[k] = v
	}
	l.run(c)
	return nil
}

// oldest is the age of the oldest list.
func (l *Lane) oldest(now time.Time) time.Duration {
	var age time.Duration
	if ix := l.lists.Index(); ix != nil {
		for _, h := range ix.Lists() {
			age = max(age, now.Sub(h.Issued))
		}
	}
	return age
}

// Send delivers what waits, as much as fits, and says how many entries still do.
func (l *Lane) Send(ctx context.Context) (int, error) {
	var err error
	for err == nil {
		batch := l.journal.pending(500)
		if len(batch) == 0 || l.Deliver == nil {
			break
		}
		var at lane.Position
		if at, err = l.Deliver(ctx, batch); at.Seq > 0 && at.Seq >= batch[0].Seq {
			if e := l.journal.acknowledge(at); err == nil {
				err = e
			}
		}
	}
	l.mu.Lock()
	l.link = err
	l.mu.Unlock()
	return l.journal.waiting(), err
}

// Run takes new lists and delivers from time to time until ctx ends.
func (l *Lane) Run(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		l.TakeLists()
		if _, err := l.Send(ctx); err != nil && ctx.Err() == nil {
			l.Log.Warn("the lane's queue could not be delivered", "err", err)
		}
	}
}
