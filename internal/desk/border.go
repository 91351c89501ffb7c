package desk

import (
	"context"
	"encoding/hex"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"countersign/internal/access"
	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/border"
	"countersign/internal/border/alert"
	"countersign/internal/border/criteria"
	"countersign/internal/border/measure"
	"countersign/internal/border/screen"
	"countersign/internal/border/stay"
	"countersign/internal/fault"
	"countersign/internal/person"
	"countersign/internal/store"

	"github.com/go-json-experiment/json"
)

// BorderConfig is what the checks of a node work with.
type BorderConfig struct {
	Books     []*criteria.Book  // in force at every point, by state, direction and day
	Measures  []*criteria.Book  // applied only where and when a measure activates them
	Points    *measure.Register // the state's crossing points
	Ring      alert.Ring        // authorities that may sign lists
	RingFile  string            // read instead of Ring whenever a list is opened, so that a key is added without a restart
	Folder    string            // where the lists in use are kept
	Zone      *time.Location    // of the crossing points
	Retention time.Duration     // of travellers with whom nothing was found
}

// StandInRetention is used where the law that sets it was not found: a project rule, to be replaced by the law's.
const StandInRetention = 24 * time.Hour

// Border is the part of the door that leads to the crossing points: one function per official act about a check,
// a list, a measure or a lane. Nothing of a return, a transfer or a handover is read here, and nothing from here
// leaves the node but the totals of a measure.
type Border struct {
	*Desk
	BorderConfig
	index   screen.Resident
	cleared atomic.Pointer[border.Cleared]
	reading sync.Mutex       // one reader of the files of lists at a time
	seen    map[string]int64 // versions of the lists at the last look of FollowLists
}

// NewBorder opens the lists that acts of activation name. A list whose file is gone or damaged is left out and
// told to the operator: the lanes then say that it is missing.
func NewBorder(d *Desk, c BorderConfig) (*Border, error) {
	if c.Retention == 0 {
		c.Retention = StandInRetention
	}
	if c.Zone == nil {
		c.Zone = time.UTC
	}
	b := &Border{Desk: d, BorderConfig: c}
	return b, errors.Join(b.readLists(), b.readCleared())
}

func isBorder(kind act.Kind) bool {
	switch kind {
	case domestic.BorderDecided, domestic.BorderRefusalProposed, domestic.BorderRefused, domestic.BorderReviewed, domestic.BorderCleared,
		domestic.BorderReferred, domestic.BorderSnapshotActivated, domestic.BorderMeasureActivated, domestic.BorderLaneDelegated,
		domestic.BorderLaneTaken, domestic.BorderLaneRevoked, domestic.BorderLaneClosed, domestic.BorderForgotten, borderCounted:
		return true
	}
	return false
}

// Traveller is what a check was made on. It is kept sealed under a key of this check alone.
type Traveller struct {
	Zone        []string           `json:"zone"` // as read; empty: no readable zone
	Point       string             `json:"point"`
	Direction   criteria.Direction `json:"direction"`
	Destination []string           `json:"destination"`
	Facts       map[string]any     `json:"facts"` // what the officer has asked and seen
	Stays       []stay.Stay        `json:"stays"`
	Planned     stay.Day           `json:"planned"`
	Issued      stay.Day           `json:"issued"`
	At          time.Time          `json:"at"`
	facts       criteria.Facts     // Facts as values
	zone        *person.MRZ        // Zone as read
}

// BorderCheck is a check as an officer sees it.
type BorderCheck struct {
	ID        act.ID
	Traveller Traveller
	Document  *person.MRZ // nil: the zone could not be read
	Result    *border.Result
	Ref       domestic.BorderCheckRef
	State     border.State
}

// OpenCheck makes a check. What was shown is sealed; whoever has nothing against them is forgotten by the sweep.
func (b *Border) OpenCheck(ctx context.Context, who Session, v Traveller) (*BorderCheck, error) {
	if err := b.allow(who, "open-check", access.Resource{Type: "check", Domestic: true}); err != nil {
		return nil, err
	}
	v.At = b.Clock().UTC()
	if err := v.read(); err != nil {
		return nil, err
	}
	c := &BorderCheck{Traveller: v, Document: v.zone}
	return c, b.perform(ctx, who, func(t *turn) (err error) {
		if c.ID, err = NewID(t.Entropy.Domestic); err != nil {
			return err
		}
		t.about = c.ID
		if err := b.run(t.tx, c); err != nil {
			return err
		}
		return t.keepTraveller(c)
	})
}

// RecordFinding adds what the officer asked or saw, and makes the check again on it.
func (b *Border) RecordFinding(ctx context.Context, who Session, check act.ID, facts map[string]any) (*BorderCheck, error) {
	if err := b.allow(who, "record-finding", access.Resource{Type: "check", Domestic: true}); err != nil {
		return nil, err
	}
	var c *BorderCheck
	err := b.perform(ctx, who, func(t *turn) (err error) {
		if c, err = b.check(t.tx, check); err != nil {
			return err
		}
		if c.Traveller.Facts == nil {
			c.Traveller.Facts = map[string]any{}
		}
		for k, v := range facts {
			c.Traveller.Facts[k] = v
		}
		if err := c.Traveller.read(); err != nil {
			return err
		}
		if err := b.run(t.tx, c); err != nil {
			return err
		}
		return t.keepTraveller(c)
	})
	return c, err
}

// ViewCheck shows a check with its reasons, for the officer in the second line; the look is recorded first.
func (b *Border) ViewCheck(ctx context.Context, who Session, check act.ID) (*BorderCheck, error) {
	if err := b.consult(ctx, who, "view-check", access.Resource{Type: "check", Domestic: true}, "border-check", check); err != nil {
		return nil, err
	}
	return b.check(b.Store, check)
}

// read turns kept text into values.
func (v *Traveller) read() error {
	v.facts = criteria.Facts{}
	for k, x := range v.Facts {
		var val criteria.Value
		switch x := x.(type) {
		case bool:
			val = criteria.Is(x)
		case float64:
			val = criteria.Num(x)
		case string:
			val = criteria.Str(x)
		}
		if val.Kind == criteria.Missing || criteria.Vocabulary[k] != val.Kind {
			return fault.New(fault.Invalid, "fault.border.facts", "fact", k)
		}
		v.facts[k] = val
	}
	var text []byte
	for _, l := range v.Zone {
		text = append(append(text, l...), '\n')
	}
	v.zone = nil
	if m := new(person.MRZ); len(text) > 0 && person.ParseMRZ(m, text, mrzDay(v.At)) == nil {
		v.zone = m
	}
	return nil
}

func mrzDay(t time.Time) person.MRZDate {
	y, m, d := t.Date()
	return person.MRZDate{Year: int16(y), Month: uint8(m), Day: uint8(d)}
}

// run makes the check: the same function that a lane runs with the link down.
func (b *Border) run(q store.Querier, c *BorderCheck) error {
	measure, books, err := b.measureAt(q, c.Traveller.Point, c.Traveller.Direction, c.Traveller.At)
	if err != nil {
		return err
	}
	v := &c.Traveller
	absent, err := b.absent(q)
	if err != nil {
		return err
	}
	in := &border.Input{Absent: absent, Now: v.At, Zone: b.Zone, MRZ: v.zone, Facts: v.facts, Books: books, Index: b.index.Index(), Cleared: b.Cleared(),
		Stays: v.Stays, Planned: v.Planned, Issued: v.Issued,
		Journey: criteria.Journey{State: b.Authority, Direction: v.Direction, Destination: v.Destination}}
	c.Document, c.Result = v.zone, border.Check(in, &screen.Searcher{})
	c.Ref = c.Result.Ref(c.ID, v.Point, v.Direction, measure)
	return nil
}

// keepTraveller seals what the check was made on.
func (t *turn) keepTraveller(c *BorderCheck) error {
	plain, err := json.Marshal(c.Traveller)
	if err != nil {
		return err
	}
	sealed, err := t.Vault.Seal(t.tx, string(c.ID), travellerPlace(c.ID), plain)
	if err != nil {
		return err
	}
	return t.tx.PutTraveller(store.TravellerRow{Check: c.ID, At: c.Traveller.At, Finding: c.Result.Answer != border.Clear, Sealed: sealed})
}

func travellerPlace(id act.ID) string { return "border/travellers/" + string(id) }

// check opens a check and makes it again as of its own time.
func (b *Border) check(r reader, id act.ID) (*BorderCheck, error) {
	row, ok, err := store.FindTraveller(r, id)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, fault.New(fault.Missing, "fault.border.forgotten")
	}
	plain, err := b.Vault.Open(r, string(id), travellerPlace(id), row.Sealed)
	if err != nil {
		return nil, err
	}
	c := &BorderCheck{ID: id}
	if err := json.Unmarshal(plain, &c.Traveller); err != nil {
		return nil, err
	}
	if err := c.Traveller.read(); err != nil {
		return nil, err
	}
	if err := b.run(r, c); err != nil {
		return nil, err
	}
	c.State, err = b.checkState(r, id)
	return c, err
}

// checkState folds the acts about a check, those of lanes as their officers said them.
func (d *Desk) checkState(r reader, id act.ID) (border.State, error) {
	var s border.State
	events, err := d.eventsAbout(r, id)
	if err != nil {
		return s, err
	}
	for _, e := range events {
		if e, err = d.laneEvent(r, e); err != nil {
			return s, err
		}
		s = border.Fold(s, e)
	}
	return s, nil
}

// Cleared are the false matches that officers have recorded.
func (b *Border) Cleared() border.Cleared {
	if c := b.cleared.Load(); c != nil {
		return *c
	}
	return nil
}

func (b *Border) readCleared() error {
	keys, err := store.ClearedKeys(b.Store)
	if err != nil {
		return err
	}
	all := border.Cleared{}
	for _, k := range keys {
		var key border.ClearedKey
		if n, err := hex.Decode(key[:], []byte(k)); err == nil && n == len(key) {
			all[key] = struct{}{}
		}
	}
	b.cleared.Store(&all)
	return nil
}
