package desk_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/hpke"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"countersign/internal/access"
	"countersign/internal/act"
	"countersign/internal/act/joint"
	"countersign/internal/desk"
	"countersign/internal/exchange"

	"countersign/internal/record"
	"countersign/internal/store"
	"countersign/internal/store/storetest"
	"countersign/internal/treaty"
	"countersign/internal/vault"
	"countersign/laws"

	"golang.org/x/mod/sumdb/tlog"
)

const agreement = "uk-al"

// secrets are all private keys of one authority.
type secrets struct {
	name string
	desk.Keys
	tls  ed25519.PrivateKey
	seal hpke.PrivateKey
}

func newSecrets(t testing.TB, name string) *secrets {
	key := func() ed25519.PrivateKey {
		_, k, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	seal, err := exchange.KEM().GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	return &secrets{name: name, tls: key(), seal: seal,
		Keys: desk.Keys{Root: key(), Log: key(), Domestic: key(), Cosign: key(), Node: key(), Blind: bytes.Repeat([]byte{7}, 32)}}
}

func pub(k ed25519.PrivateKey) ed25519.PublicKey { return k.Public().(ed25519.PublicKey) }

func (s *secrets) public() desk.Public {
	return desk.Public{Seal: s.seal.PublicKey().Bytes(), TLS: pub(s.tls)}
}

// clock is a time that tests set.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func newClock() *clock { return &clock{time.Date(2024, 3, 4, 9, 0, 0, 0, time.UTC)} }

// openDesk opens one authority over a database.
func openDesk(t testing.TB, s *store.Store, master []byte, own, peer *secrets, c *clock) *desk.Desk {
	t.Helper()
	d, err := tryDesk(s, master, own, peer, c)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func tryDesk(s *store.Store, master []byte, own, peer *secrets, c *clock) (*desk.Desk, error) {
	safe, err := vault.New(master)
	if err != nil {
		return nil, err
	}
	engine, err := access.Load()
	if err != nil {
		return nil, err
	}
	a, err := treaty.FindAgreement(agreement, treaty.DateOf(c.now(), time.UTC))
	if err != nil {
		return nil, err
	}
	law, err := treaty.LoadLaw(laws.Files, own.name)
	if err != nil {
		return nil, err
	}
	calendars, err := treaty.LoadCalendars()
	if err != nil {
		return nil, err
	}
	return desk.New(desk.Config{Authority: own.name, Own: own.public(), Keys: own.Keys, Store: s, Vault: safe, Access: engine, Agreement: a, Law: law, Calendars: calendars,
		Peer:  desk.Peer{Authority: peer.name, Root: pub(peer.Root), Log: pub(peer.Log), Cosign: pub(peer.Cosign), Public: peer.public()},
		Clock: c.now, Demo: true, Entropy: desk.Entropy{Joint: rand.Reader, Domestic: rand.Reader}})
}

func newMaster(t testing.TB) []byte {
	m, err := vault.NewMaster()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// sealKeys implements exchange.Keys over the desk's ring, for keys that never change in a test.
type sealKeys struct{ own, peer *secrets }

func (k sealKeys) Own() []hpke.PrivateKey { return []hpke.PrivateKey{k.own.seal} }
func (k sealKeys) Peer() hpke.PublicKey   { return k.peer.seal.PublicKey() }

func party(own, peer *secrets) exchange.Party {
	return exchange.Party{Authority: own.name, Peer: peer.name, Keys: sealKeys{own, peer}}
}

func server(d *desk.Desk, own, peer *secrets) *exchange.Server {
	return &exchange.Server{Party: party(own, peer), Streams: d, Log: slog.New(slog.DiscardHandler)}
}

// wire carries frames to a server in the same process; fn may lose, change or repeat them.
type wire struct {
	to *exchange.Server
	fn func(frame []byte, take func([]byte) ([]byte, error)) ([]byte, error)
}

var errLost = errors.New("lost on the way")

func (w *wire) Carry(ctx context.Context, frame []byte) ([]byte, error) {
	take := func(f []byte) ([]byte, error) { return w.to.Take(ctx, f) }
	if w.fn != nil {
		return w.fn(frame, take)
	}
	return take(frame)
}

// side is one real authority of a test.
type side struct {
	*desk.Desk
	keys    *secrets
	store   *store.Store
	options store.Options
	master  []byte
	server  *exchange.Server
	link    *exchange.Link
	wire    *wire
	officer desk.Session
	// casework is an officer who may look for people.
	casework desk.Session
	clock    *clock
}

var searchFor = desk.Search{Name: "Nobody"}

// two opens two real authorities.
func two(t testing.TB, o func() store.Options) (gb, al *side) {
	c := newClock()
	ks, ka := newSecrets(t, "gb"), newSecrets(t, "al")
	gb, al = openSide(t, o(), ks, ka, c, newMaster(t)), openSide(t, o(), ka, ks, c, newMaster(t))
	connect(gb, al)
	return gb, al
}

func connect(gb, al *side) {
	for _, p := range [][2]*side{{gb, al}, {al, gb}} {
		p[0].wire = &wire{to: p[1].server}
		p[0].link = exchange.NewLink(party(p[0].keys, p[1].keys), p[0].Desk, p[0].wire, slog.New(slog.DiscardHandler))
	}
}

func openSide(t testing.TB, o store.Options, own, peer *secrets, c *clock, master []byte) *side {
	t.Helper()
	o.Clock = c.now
	s := &side{keys: own, store: storetest.Open(t, o), options: o, clock: c, master: master}
	s.Desk = openDesk(t, s.store, master, own, peer, c)
	s.server = server(s.Desk, own, peer)
	if why, err := store.ReadOnly(s.store); err != nil || why != "" {
		return s
	}
	if err := s.EnterNode(t.Context()); err != nil {
		t.Fatal(err)
	}
	id, err := s.EnterOfficer(t.Context(), "Officer "+own.name, "administrator", "", rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if s.officer, err = s.SignIn(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	s.officer = s.officer.For("purpose.administration")
	if id, err = s.EnterOfficer(t.Context(), "Caseworker "+own.name, "caseworker", "", rand.Reader); err != nil {
		t.Fatal(err)
	}
	if s.casework, err = s.SignIn(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	s.casework = s.casework.For("purpose.casework")
	return s
}

// say makes one joint act that says nothing.
func (s *side) say(t testing.TB) act.Event {
	t.Helper()
	e, err := s.TestLink(context.Background(), s.officer, "")
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func (s *side) slot(t testing.TB) {
	t.Helper()
	if _, err := s.link.Slot(context.Background()); err != nil {
		t.Fatal(err)
	}
}

// heads are own stream and peer's stream as held here.
func (s *side) heads(t testing.TB) (own, peer record.Head) {
	t.Helper()
	h, err := s.Heads(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return h[0], h[1]
}

func agree(t testing.TB, gb, al *side) {
	t.Helper()
	g, gp := gb.heads(t)
	a, ap := al.heads(t)
	if g != ap || a != gp {
		t.Fatalf("the two records differ:\n%v %v\n%v %v", g, ap, gp, a)
	}
}

// forger is an authority that says anything with keys that are really paired: what its own software would not do.
type forger struct {
	*secrets
	to      *side
	officer ed25519.PrivateKey
	hashes  []tlog.Hash
	edge    *record.Edge
	seq     int
	now     func() time.Time
}

const forgedOfficer act.ID = "11111111-2222-4333-8444-555555555555"

// forge opens one real authority whose peer is the forger.
func forge(t testing.TB, o store.Options) (*forger, *side) {
	c := newClock()
	f := &forger{secrets: newSecrets(t, "gb"), edge: &record.Edge{}, now: c.now}
	f.officer = newSecrets(t, "gb").Node
	f.to = openSide(t, o, newSecrets(t, "al"), f.secrets, c, newMaster(t))
	f.push(t, f.signed(t, f.Root, joint.RosterEntered, entry(nodeID, "node", "node", f.Node), nil),
		f.signed(t, f.Root, joint.RosterEntered, entry(forgedOfficer, "Forged", "administrator", f.officer), nil))
	return f, f.to
}

const nodeID act.ID = "00000000-0000-4000-8000-000000000000"

func entry(id act.ID, name, role string, key ed25519.PrivateKey) *joint.RosterEntry {
	return &joint.RosterEntry{Officer: id, Name: name, Role: role, Key: base64.StdEncoding.EncodeToString(pub(key)), KeyID: act.KeyID(pub(key))}
}

// envelope is a good one of a kind, to be spoiled.
func (f *forger) envelope(kind act.Kind) act.Envelope {
	f.seq++
	return act.Envelope{Agreement: agreement, Version: f.to.Agreement.Version.String(), ID: act.ID(fmt.Sprintf("99999999-0000-4000-8000-%012d", f.seq)),
		Scope: act.Joint, Kind: kind, Made: act.Instant(f.now()), Occurred: act.Instant(f.now()), Officer: forgedOfficer, Authority: "gb", Role: "administrator"}
}

func (f *forger) signed(t testing.TB, key ed25519.PrivateKey, kind act.Kind, body any, spoil func(*act.Envelope)) []byte {
	t.Helper()
	e := f.envelope(kind)
	if spoil != nil {
		spoil(&e)
	}
	raw, err := joint.Vocabulary.Encode(kind, body)
	if err != nil {
		t.Fatal(err)
	}
	return f.raw(t, e, raw, key)
}

func (f *forger) raw(t testing.TB, e act.Envelope, body []byte, key ed25519.PrivateKey) []byte {
	t.Helper()
	s, err := act.Sign(e, body, key, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	b, err := s.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// good is an act that says nothing, signed by the forger's officer.
func (f *forger) good(t testing.TB) []byte {
	return f.signed(t, f.officer, joint.LinkTested, &joint.LinkTest{Nonce: rand.Text()}, nil)
}

func (f *forger) origin() string { return desk.StreamOrigin(agreement, "gb", "al") }

// batch appends acts to the forger's log and signs its head.
func (f *forger) batch(t testing.TB, acts ...[]byte) record.Batch {
	t.Helper()
	b := record.Batch{From: f.edge.Size(), Acts: acts}
	for _, a := range acts {
		s, err := act.Parse(a)
		if err != nil {
			t.Fatal(err)
		}
		leaf, err := s.Leaf(f.origin())
		if err != nil {
			t.Fatal(err)
		}
		f.hashes = append(f.hashes, f.edge.Append(leaf)...)
	}
	b.Head = f.head(t, record.Head{Origin: f.origin(), Size: f.edge.Size(), Root: f.edge.Root()}, f.Log)
	return b
}

func (f *forger) head(t testing.TB, h record.Head, key ed25519.PrivateKey) []byte {
	t.Helper()
	signer, err := record.LogSigner(h.Origin, key)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := record.SignHead(h, signer)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

// push sends acts and expects that they are taken as a batch.
func (f *forger) push(t testing.TB, acts ...[]byte) record.Answer {
	t.Helper()
	a, err := f.to.Incoming(t.Context(), f.batch(t, acts...))
	if err != nil || a.Refused != "" {
		t.Fatalf("a batch was refused: %v %s", err, a.Refused)
	}
	return a
}

// fork is the state of the forger's log, to go another way from.
func (f *forger) fork() func() {
	hashes, edge := append([]tlog.Hash(nil), f.hashes...), f.edge.Clone()
	return func() { f.hashes, f.edge = hashes, edge }
}

// dump reads the whole database as text, but for the notes of refused messages and the counters they share nothing with.
func dump(t testing.TB, s *side) string {
	t.Helper()
	var out strings.Builder
	for _, table := range []string{"logs ORDER BY id", "tiles ORDER BY log, n", "acts ORDER BY log, idx", "heads ORDER BY log, size", "keys ORDER BY subject", "signers ORDER BY key_id",
		"officer_keys ORDER BY officer", "counters ORDER BY name", "equivocations ORDER BY name", "node_facts ORDER BY name", "cases ORDER BY id", "tokens ORDER BY subject, token", "returns ORDER BY seq",
		"authority_keys ORDER BY authority, use, idx", "own_keys ORDER BY use, public"} {
		rows, err := store.TextRows(s.store, "SELECT * FROM "+table)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&out, "%s\n%s\n", table, strings.Join(rows, "\n"))
	}
	return out.String()
}

// reasons are the noted refusals of one side, with how often each was noted.
func reasons(t testing.TB, s *side, side string) map[string]int64 {
	t.Helper()
	list, err := store.Refusals(s.store, 1000)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]int64{}
	for _, r := range list {
		if r.Side == side {
			out[r.Reason] += r.Times
		}
	}
	return out
}
