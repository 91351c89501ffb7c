// Package node wires one authority: configuration, keys, store, desk, exchange, pages; it starts and stops
// them. It is the only place that reads the wall clock and the machine's randomness.
package node

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"countersign/internal/access"
	"countersign/internal/desk"
	"countersign/internal/exchange"
	"countersign/internal/signin"
	"countersign/internal/store"
	"countersign/internal/treaty"
	"countersign/internal/vault"
	"countersign/laws"
)

// Config is everything an operator can set. The zero value of a field is its default.
type Config struct {
	// Authority is the own state's code in the agreement, for example "gb". Required.
	Authority string `json:"authority"`
	// Folder holds keys, the SQLite database and the peer's public keys. Required. Back it up with
	// "countersign backup", never by copying the files of a running node.
	Folder string `json:"folder"`
	// Agreement is the id of the agreement that is carried out, for example "uk-al". Required. A stand-in is
	// refused unless Demo is set: its limits are not the agreed ones.
	Agreement string `json:"agreement"`
	// Peer is the other authority's code; its public keys are read from <folder>/<peer>.pub.json.
	Peer string `json:"peer"`
	// PeerURL is where the peer takes frames, for example "https://peer.example:8443".
	PeerURL string `json:"peer_url"`
	// Listen is the address of pages and API; default 127.0.0.1:0 (a free port).
	Listen string `json:"listen"`
	// ExchangeListen is the address at which the peer's frames arrive; default 127.0.0.1:0.
	ExchangeListen string `json:"exchange_listen"`
	// Slot is the time between pushes; default one second. Every slot sends a frame, also with nothing to say.
	Slot time.Duration `json:"slot"`
	// AtOnce pushes as soon as an act is durable, besides the slots. It is faster and tells an onlooker when
	// there was something to say; leave it off where that matters.
	AtOnce bool `json:"at_once"`
	// Postgres is the URL of a PostgreSQL database to use instead of SQLite.
	Postgres string `json:"postgres"`
	// AdminListen is the address of health and metrics; default 127.0.0.1:0. It must be on loopback.
	AdminListen string `json:"admin_listen"`
	// QuotaMB bounds the SQLite database: beyond it new acts are refused, before the disk itself is full. 0: none.
	QuotaMB int64 `json:"quota_mb"`
	// Pull fetches the peer's stream too. Set it where nobody can call this node from outside.
	Pull bool `json:"pull"`
	// TLS uses mutual TLS in the demo too; outside the demo it is always used.
	TLS bool `json:"tls"`
	// Demo allows a stand-in agreement and listening on loopback only. Without SignIn, officers are then chosen from a
	// list; outside the demo nobody signs in but with the authority's provider.
	Demo bool `json:"demo"`
	// PublicURL is the address at which officers' browsers reach the pages, for example "https://countersign.example".
	// The provider leads back to it, and its scheme decides whether cookies are bound to TLS.
	PublicURL string `json:"public_url"`
	// SignIn is the authority's own OpenID Connect provider. Without it nobody signs in outside the demo.
	SignIn signin.OIDC `json:"sign_in"`

	// Root is the root key while a command has it in its hands: the first step of an authority that keeps it away.
	Root ed25519.PrivateKey `json:"-"`
	// Clock and Entropy are injected by the demo and by tests; nil means the machine's own.
	Clock   func() time.Time               `json:"-"`
	Entropy func(purpose string) io.Reader `json:"-"`
	Log     *slog.Logger                   `json:"-"`
	// Manual leaves the pushing of slots to the caller (Push).
	Manual bool `json:"-"`
	// Headless serves no pages and no JSON API: the node exchanges, and whoever wired it works at its desk.
	Headless bool `json:"-"`
	// Driver is another database/sql driver for SQLite, such as one that counts what is read.
	Driver string `json:"-"`
	// Transport carries frames to the peer; nil means HTTP to PeerURL. A simulated network is injected here.
	Transport exchange.Transport `json:"-"`
}

// Node is one running authority.
type Node struct {
	Config
	Desk   *desk.Desk
	Border *desk.Border // the crossing points

	store    *store.Store
	link     *exchange.Link
	ring     *ring
	server   *exchange.Server
	wake     chan struct{}
	holder   string // names this process among replicas
	pages    net.Listener
	frames   net.Listener
	admin    net.Listener
	metrics  *metrics
	handlers []*http.Server
	paired   chan struct{} // two officers have compared the peer's keys: start again with them
}

// New opens an authority. It fails closed: what is inconsistent is named, with a hint at the repair.
func New(ctx context.Context, c Config) (*Node, error) {
	c.defaults()
	n := &Node{Config: c, wake: make(chan struct{}, 1), paired: make(chan struct{}, 1), holder: rand.Text()}
	err := n.open(ctx, false)
	if err == nil {
		err = n.OpenBorder()
	}
	if err == nil {
		err = n.listen()
	}
	if err != nil {
		n.Close()
		return nil, err
	}
	return n, nil
}

// Open opens an authority for the tools of its operator: it listens nowhere. It may stand beside the running node,
// on either engine. With readOnly nothing can be written.
func Open(ctx context.Context, c Config, readOnly bool) (*Node, error) {
	c.defaults()
	n := &Node{Config: c, wake: make(chan struct{}, 1), paired: make(chan struct{}, 1)}
	if err := n.open(ctx, readOnly); err != nil {
		n.Close()
		return nil, err
	}
	n.connect()
	return n, nil
}

func (c *Config) defaults() {
	if c.Listen == "" {
		c.Listen = "127.0.0.1:0"
	}
	if c.ExchangeListen == "" {
		c.ExchangeListen = "127.0.0.1:0"
	}
	if c.AdminListen == "" {
		c.AdminListen = "127.0.0.1:0"
	}
	if c.Slot == 0 {
		c.Slot = time.Second
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Entropy == nil {
		c.Entropy = func(string) io.Reader { return rand.Reader }
	}
	if c.Log == nil {
		c.Log = slog.New(slog.NewJSONHandler(os.Stderr, nil))
	}
}

func (n *Node) open(ctx context.Context, readOnly bool) error {
	rules, err := n.rules()
	if err != nil {
		return err
	}
	own, err := readKeys(n.Folder, n.Authority)
	if err != nil {
		return err
	}
	peer, err := n.readPeer()
	if err != nil {
		return err
	}
	openStore, newDesk := store.Open, desk.New
	if readOnly {
		openStore, newDesk = store.OpenReadOnly, desk.NewReader
	}
	if n.store, err = openStore(ctx, store.Options{Folder: n.Folder, Postgres: n.Postgres, Quota: n.QuotaMB << 20, Driver: n.Driver, Clock: n.Clock}); err != nil {
		return err
	}
	if n.Root != nil {
		own.Root = n.Root
	}
	safe, err := vault.New(own.master)
	if err != nil {
		return err
	}
	engine, err := access.Load()
	if err != nil {
		return err
	}
	n.Desk, err = newDesk(desk.Config{Authority: n.Authority, Keys: own.Keys, Store: n.store, Vault: safe, Access: engine,
		RootPublic: own.rootPublic,
		Own:        desk.Public{Seal: own.seal.PublicKey().Bytes(), TLS: own.tls.Public().(ed25519.PublicKey)},
		Peer:       desk.Peer{Authority: peer.Authority, Root: peer.Root, Log: peer.Log, Cosign: peer.Cosign, Public: desk.Public{Seal: peer.Seal, TLS: peer.TLS}},
		Agreement:  rules.agreement, Law: rules.law, Removal: rules.removal,
		Calendars: rules.calendars, Borders: laws.Border, Clock: n.Clock, Demo: n.Demo,
		Entropy: desk.Entropy{Joint: n.Entropy("joint"), Domestic: n.Entropy("domestic")}, Appended: n.appended, PeerConfirmed: n.confirmed,
		Speaks: exchange.Speaks.Latest, Log: n.Log})
	if err != nil {
		return err
	}
	n.ring = newRing(n.Desk, own)
	return n.finishPairing(ctx, readOnly)
}

// connect wires both ends of the exchange.
func (n *Node) connect() {
	n.metrics = newMetrics(n)
	party := exchange.Party{Authority: n.Authority, Peer: n.Peer, Keys: n.ring}
	n.server = &exchange.Server{Party: party, Streams: n.Desk, Log: n.Log, Count: n.metrics.refused}
	n.link = exchange.NewLink(party, n.Desk, exchange.HTTP{URL: n.PeerURL, Client: n.ring.client()}, n.Log)
	if n.Transport != nil {
		n.link.Transport = n.Transport
	}
	n.link.Pull, n.link.Recover, n.link.Count = n.Pull, n.recover, n.metrics.refused
	if n.Postgres != "" { // there may be other replicas
		n.link.Mine = n.pushes()
	}
}

// rules are the treaty and the law that this authority works under.
type rules struct {
	agreement *treaty.Agreement
	law       *treaty.Law
	removal   *treaty.Agreement
	calendars *treaty.Calendars
}

func (n *Node) rules() (r rules, err error) {
	if r.agreement, err = treaty.FindAgreement(n.Agreement, treaty.DateOf(n.Clock(), time.UTC)); err != nil {
		return r, err
	}
	if r.agreement.StandIn && !n.Demo {
		return r, fmt.Errorf("agreement %s is a stand-in: its limits are not the agreed ones; only the demo may run on it", n.Agreement)
	}
	if r.calendars, err = treaty.LoadCalendars(); err != nil {
		return r, err
	}
	if r.law, err = treaty.LoadLaw(laws.Files, n.Authority); err != nil || r.law.Removal == "" {
		return r, err
	}
	r.removal, err = treaty.FindAgreement(r.law.Removal, treaty.DateOf(n.Clock(), time.UTC))
	return r, err
}

// Check finds out whether a configuration names an agreement and a law that a node may work under, and returns their
// titles.
func Check(c Config) ([]treaty.Text, error) {
	c.defaults()
	r, err := (&Node{Config: c}).rules()
	if err != nil {
		return nil, err
	}
	return []treaty.Text{r.agreement.Title, r.law.Title}, nil
}

// appended wakes the push at once; it never waits.
func (n *Node) appended() {
	if !n.AtOnce {
		return
	}
	select {
	case n.wake <- struct{}{}:
	default:
	}
}

func (n *Node) listen() (err error) {
	n.connect()
	if n.pages, err = net.Listen("tcp", n.Listen); err != nil {
		return err
	}
	if n.frames, err = net.Listen("tcp", n.ExchangeListen); err != nil {
		return err
	}
	if n.Demo && !(loopback(n.pages) && loopback(n.frames)) {
		return fmt.Errorf("the demo listens on loopback only, not on %s and %s", n.pages.Addr(), n.frames.Addr())
	}
	if n.admin, err = net.Listen("tcp", n.AdminListen); err != nil {
		return err
	}
	if !loopback(n.admin) {
		return fmt.Errorf("health and metrics are for this machine only, not for %s", n.admin.Addr())
	}
	if !n.plain() {
		n.frames = tls.NewListener(n.frames, n.ring.server())
	}
	return nil
}

// plain tells whether frames go without TLS: only in the demo, which is on loopback.
func (n *Node) plain() bool { return n.Demo && !n.TLS }

// recover takes the own joint acts back from the peer while this node is behind its own past.
func (n *Node) recover(ctx context.Context) error {
	r, err := n.Desk.TakeBack(ctx, n.link.Returned)
	if r.Taken > 0 || r.Moved > 0 {
		n.Log.Warn("own acts were taken back from the peer; a person must resume the node", "from", r.From, "taken", r.Taken, "moved", r.Moved)
	}
	return err
}

func loopback(l net.Listener) bool {
	a, ok := l.Addr().(*net.TCPAddr)
	return ok && a.IP.IsLoopback()
}

// SetPeerURL tells where the peer listens, when it was not known before both had started.
func (n *Node) SetPeerURL(url string) {
	n.PeerURL = url
	n.link.Transport = exchange.HTTP{URL: url, Client: n.ring.client()}
}

// Link and Server are the two ends of the exchange, for files.
func (n *Node) Link() *exchange.Link     { return n.link }
func (n *Node) Server() *exchange.Server { return n.server }

// AdminURL is the address of health and metrics.
func (n *Node) AdminURL() string { return "http://" + n.admin.Addr().String() }

// URL is the address of the pages, ExchangeURL that of the exchange.
func (n *Node) URL() string { return "http://" + n.pages.Addr().String() }
func (n *Node) ExchangeURL() string {
	if n.plain() {
		return "http://" + n.frames.Addr().String()
	}
	return "https://" + n.frames.Addr().String()
}

// Close stops serving and closes the database after its last commit.
func (n *Node) Close() error {
	for _, s := range n.handlers {
		s.Close()
	}
	for _, l := range []net.Listener{n.pages, n.frames, n.admin} {
		if l != nil {
			l.Close()
		}
	}
	if n.store == nil {
		return nil
	}
	return n.store.Close()
}

func (n *Node) path(name string) string { return n.Folder + string(os.PathSeparator) + name }

// Store is the node's database, for readers.
func (n *Node) Store() *store.Store { return n.store }
