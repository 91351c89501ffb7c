package demo

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"io"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/border"
	"countersign/internal/border/alert"
	"countersign/internal/border/criteria"
	"countersign/internal/border/lane"
	"countersign/internal/border/screen"
	"countersign/internal/border/synthetic"
	"countersign/internal/desk"
	"countersign/internal/node"
	"countersign/internal/person"
	"countersign/laws"
)

// checkpoint is the Albanian border police for one day of a measure: three crossing points with a lane each, and
// invented travellers. What a lane does here, it does with the link down: the node hears of it by delivery alone.
type checkpoint struct {
	*Story
	desk    *desk.Border
	list    []byte // the signed list in use
	damaged []byte // a newer one with one bit changed
	index   *screen.Index
	books   []*criteria.Book
	zone    *time.Location
	world   *synthetic.World
	chance  *rand.Rand
	random  io.Reader
	measure act.ID
	lanes   []*dayLane
	refused []act.ID       // proposed at a lane
	tally   map[string]int // by decision, as the officers at the lanes made them
	search  screen.Searcher
}

// dayLane is one lane and its officer's queue.
type dayLane struct {
	point     string
	queue     *lane.Queue
	delivered int // deliveries made
	again     int // of them, such as the lane had made before because the answer was lost
	longest   int // entries that waited at most
}

var dayPoints = []string{"al-kakavije", "al-durres-port", "al-tirana-airport"}

// dayTravellers is how many people go through the three points on the day.
const dayTravellers = 10_000

func (s *Story) checkpoint() (*checkpoint, error) {
	c := &checkpoint{Story: s, tally: map[string]int{}, random: entropy(s.seed, "border"), zone: zone("Europe/Tirane"),
		chance: rand.New(rand.NewPCG(s.seed, 7)), world: synthetic.New(s.seed+7, s.Clock.Now())}
	var err error
	if c.books, err = criteria.Load(laws.Border); err != nil {
		return nil, err
	}
	pub, key, err := ed25519.GenerateKey(c.random)
	if err != nil {
		return nil, err
	}
	if c.list, err = c.signedList(key, 1); err != nil {
		return nil, err
	}
	if c.damaged, err = c.signedList(key, 2); err != nil {
		return nil, err
	}
	c.damaged[len(c.damaged)/2] ^= 1
	ring := alert.Ring{"demo-police": {Authority: "al-police", Public: pub}}
	if c.index, err = screen.Load(ring, s.Clock.Now(), bytes.NewReader(c.list)); err != nil {
		return nil, err
	}
	trusted := fmt.Sprintf(`{"demo-police": {"authority": "al-police", "public": %q}}`, base64.StdEncoding.EncodeToString(pub))
	if err := os.WriteFile(filepath.Join(s.AL.Folder, node.AlertKeysFile), []byte(trusted), 0o600); err != nil {
		return nil, err
	}
	c.desk, c.measure = s.AL.Border, s.checks
	return c, nil
}

// signedList is a list of invented people, none of whom was ever returned: it is drawn before anybody travels.
func (c *checkpoint) signedList(key ed25519.PrivateKey, version int64) ([]byte, error) {
	now := c.Clock.Now()
	var file bytes.Buffer
	h := alert.Header{List: "al/wanted", Kind: alert.Wanted, Authority: "al-police", LegalBasis: "demo", Action: "border.next.compare-person", Version: version,
		Issued: now, ValidFrom: now, ValidUntil: now.AddDate(0, 0, 7)}
	err := alert.Write(&file, h, "demo-police", key, func(yield func(*alert.Change) bool) {
		for i := range 2000 {
			p := c.world.Person()
			if !yield(&alert.Change{Alert: c.world.Alert(&p, fmt.Sprint("w", i))}) {
				return
			}
		}
	})
	return file.Bytes(), err
}

// open lends each lane a key for twelve hours; the operator sets the lane up with what was lent.
func (c *checkpoint) open() error {
	officer, err := c.Browser(c.AL, "border-officer")
	if err != nil {
		return err
	}
	for i, point := range dayPoints {
		pub, key, err := ed25519.GenerateKey(c.random)
		if err != nil {
			return err
		}
		name := fmt.Sprintf("%s-%d", point, i+1)
		if _, err := officer.Fill("/border/lanes", "/border/lanes/lend", url.Values{"lane": {name}, "point": {point}, "public": {base64.StdEncoding.EncodeToString(pub)}, "hours": {"12"}}); err != nil {
			return err
		}
		d, err := c.desk.SetUpLane(name, "")
		if err != nil {
			return err
		}
		c.lanes = append(c.lanes, &dayLane{point: point, queue: lane.NewQueue(d.Delegation, key, 1, "")})
	}
	return nil
}

// traveller goes through a lane at a moment: the check, and the officer's decision on it.
func (c *checkpoint) traveller(l *dayLane, at time.Time) error {
	p, expiry := c.world.Person(), "340101"
	switch c.chance.IntN(300) {
	case 0:
		expiry = "210101"
	case 1, 2: // valid, but not for as long as the order asks
		expiry = at.AddDate(0, 0, 60).Format("060102")
	}
	var m person.MRZ
	y, month, d := at.Date()
	if err := person.ParseMRZ(&m, []byte(synthetic.Zone(&p, expiry)), person.MRZDate{Year: int16(y), Month: uint8(month), Day: uint8(d)}); err != nil {
		return err
	}
	in := &border.Input{Now: at, Zone: c.zone, MRZ: &m, Facts: c.facts(), Books: c.books, Index: c.index,
		Journey: criteria.Journey{State: AL, Direction: criteria.Exit, Destination: []string{"gb"}}}
	id, err := desk.NewID(c.random)
	if err != nil {
		return err
	}
	r := border.Check(in, &c.search)
	ref := r.Ref(id, l.point, criteria.Exit, c.measure)
	if r.Answer == border.AskMore { // the officer asks, the traveller shows
		for fact, kind := range criteria.Vocabulary {
			if strings.HasPrefix(fact, "trip.") && kind == criteria.Truth {
				in.Facts[fact] = criteria.Is(true)
			}
		}
		r = border.Check(in, &c.search)
	}
	return c.decide(l, r, ref, at)
}

// facts are what a traveller shows without being asked: most of them all of it.
func (c *checkpoint) facts() criteria.Facts {
	f := criteria.Facts{"document.biometric": criteria.Is(true), "minor.accompanied_by": criteria.Str("both-parents")}
	for _, name := range []string{"trip.purpose_shown", "trip.address_shown", "trip.lodging_shown", "trip.return_shown", "trip.means_shown"} {
		if c.chance.IntN(50) > 0 {
			f[name] = criteria.Is(true)
		}
	}
	return f
}

// decide is the officer's: nothing found goes on; a document that is not valid is proposed for refusal with reasons
// about this person; all else goes to the second line, and most come out of it.
func (c *checkpoint) decide(l *dayLane, r *border.Result, ref domestic.BorderCheckRef, at time.Time) error {
	env := border.Env{Now: at, Result: r, Books: c.books}
	switch {
	case r.Answer != border.SecondLine:
		c.tally["allow"]++
		return c.sign(l, border.State{}, border.Allow{Ref: ref}, env)
	case r.Findings[0].Effect == criteria.MayRefuse:
		c.tally["refuse"]++
		c.refused = append(c.refused, ref.Check)
		form := r.Form(ref, r.Findings[0].Rule)
		form.PersonLanguage = "sq"
		form.Reasons = map[string]string{"en": "The passport that this person showed ended on 1 January 2021, and no other was shown.",
			"sq": "Pasaporta që tregoi ky person kishte mbaruar më 1 janar 2021 dhe nuk u tregua asnjë tjetër."}
		form.Proportionality = map[string]string{"en": "A new passport can be had; nothing urgent was said about the journey.",
			"sq": "Mund të merret pasaportë e re; për udhëtimin nuk u tha asgjë urgjente."}
		return c.sign(l, border.State{}, border.Refuse{Form: form}, env)
	}
	if err := c.sign(l, border.State{}, border.SendToSecondLine{Ref: ref}, env); err != nil {
		return err
	}
	if c.chance.IntN(10) == 0 {
		c.tally["second-line"]++
		return nil
	}
	c.tally["allow"]++
	env.Now = at.Add(7 * time.Minute)
	return c.sign(l, border.State{Decision: "second-line"}, border.Allow{Ref: ref}, env)
}

func (c *checkpoint) sign(l *dayLane, s border.State, command any, env border.Env) error {
	statements, err := border.Decide(s, command, env)
	if err != nil {
		return err
	}
	_, err = l.queue.Append(statements[0], env.Now)
	l.longest = max(l.longest, len(l.queue.Pending))
	return err
}

// deliver brings a lane's queue to the node. Now and then the answer is lost, and the lane delivers the same again.
func (c *checkpoint) deliver(ctx context.Context, l *dayLane) error {
	for len(l.queue.Pending) > 0 {
		batch := l.queue.Pending[:min(len(l.queue.Pending), 1000)]
		at, err := c.desk.DeliverLane(ctx, batch)
		if err != nil {
			return err
		}
		if l.delivered++; c.chance.IntN(5) == 0 {
			l.again++
			continue
		}
		l.queue.Acknowledge(at.Seq)
	}
	return nil
}
