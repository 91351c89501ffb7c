// Package desk is the one door: everything that happens goes through one function per official act. Each
// authorises, lets the pure domain decide, signs, seals, appends to the record and updates the projections in
// ONE transaction (design.md, section 2). There is no other writer.
//
// It knows no HTTP and no clock of its own; clock and entropy are injected where the node is wired.
package desk

import (
	"crypto/ed25519"
	"io"
	"io/fs"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"countersign/internal/access"
	"countersign/internal/act"
	"countersign/internal/record"
	"countersign/internal/statistics"
	"countersign/internal/store"
	"countersign/internal/treaty"
	"countersign/internal/vault"
)

// Config is what a desk works with. All fields are required unless said otherwise.
type Config struct {
	Authority string // own state's code in the agreement, for example "gb"
	Peer      Peer
	Own       Public // own public keys beside those in Keys
	// RootPublic is the own root key where its private half is kept elsewhere.
	RootPublic ed25519.PublicKey
	Keys       Keys
	Store      *store.Store
	Vault      *vault.Vault
	Access     *access.Engine
	Agreement  *treaty.Agreement // the version in force; a case is pinned to it
	Law        *treaty.Law       // own state's law profile
	Removal    *treaty.Agreement // the limits of the own removal law, in the shape of an agreement; may be nil
	Calendars  *treaty.Calendars
	Borders    fs.FS // registers of crossing points, STATE/border-points.json; may be nil
	Clock      func() time.Time
	Demo       bool // the demo may work on a stand-in whose entry into force nobody checked
	// Entropy has a source per scope, so that what stays domestic cannot shift one random byte of what
	// leaves (design.md, section 4: twin worlds).
	Entropy Entropy
	// Appended is called after each commit that grew the own stream; may be nil. A node that pushes at once
	// wakes its exchange here; one with fixed slots does not.
	Appended func()
	// PeerConfirmed is called after two officers have compared the other authority's keys; may be nil. The node
	// keeps the keys and starts again with them.
	PeerConfirmed func(record.Authority)

	Speaks int64        // newest version of the link's protocol; 0 means 1
	Log    *slog.Logger // nil discards
}

// Entropy is randomness by scope.
type Entropy struct{ Joint, Domestic io.Reader }

// Keys are the authority's own private keys, one per purpose (facts/exchange.md, section 6).
type Keys struct {
	Root     ed25519.PrivateKey // signs the roster; nil where it is kept away from the node
	Log      ed25519.PrivateKey // signs heads of the stream
	Domestic ed25519.PrivateKey // signs heads of the domestic log
	Cosign   ed25519.PrivateKey // countersigns the peer's heads
	Node     ed25519.PrivateKey // signs what no officer says: refusals of what cannot be taken
	Blind    []byte             // keys the blind index of people
}

// Peer is the other authority as confirmed at pairing: public keys, compared by people on both sides.
type Peer struct {
	Authority string
	Root      ed25519.PublicKey
	Log       ed25519.PublicKey
	Cosign    ed25519.PublicKey
	Public
}

// Public is the public keys that the transport uses.
type Public struct {
	Seal []byte // HPKE
	TLS  ed25519.PublicKey
}

// Desk is one authority's door.
type Desk struct {
	Config
	stream   origin // own joint acts
	peer     origin // the peer's joint acts
	domestic string

	keys       atomic.Pointer[ring]
	logKeys    sync.Map // note verifiers and the own signer, by origin and public key: making them costs more than using them
	publics    sync.Map // officers' public keys by their name, which is their hash: it cannot come to mean another
	seen       seenKeys
	receipts   *receipts
	eager      atomic.Bool
	opened     openedActs
	followed   atomic.Int64           // turn of the database that readers have seen
	stood      atomic.Pointer[string] // the newest own head that the peer was seen to hold and that agrees
	keyChanged bool                   // in the commit under way; only the writer touches it

	swept    sweeping
	editions editionCache
	register register
	force    taskForce
	places   map[string]string  // crossing points by code
	counted  *statistics.Ledger // the writer's own copy; nil when it must be read again
}

type origin = string

// StreamOrigin names the log of joint acts from one authority to the other under an agreement.
func StreamOrigin(agreement, from, to string) string {
	return "countersign/" + agreement + "/" + from + "/" + to
}

// DomesticOrigin names an authority's domestic log.
func DomesticOrigin(authority string) string { return "countersign/" + authority + "/domestic" }

// CosignerName names an authority's countersigning key.
func CosignerName(authority string) string { return "countersign/" + authority + "/countersign" }

// New prepares the desk and makes sure that its logs exist.
func New(c Config) (*Desk, error) {
	d := prepare(c)
	d.Store.BeforeCommit(d.headAtCommit)
	d.Store.Foreign(d.Refresh)
	if err := d.createLogs(); err != nil {
		return nil, err
	}
	return d, d.load()
}

// NewReader prepares a desk over a store that is open for reading only: it can audit, and do nothing.
func NewReader(c Config) (*Desk, error) {
	d := prepare(c)
	return d, d.load()
}

func (d *Desk) load() error {
	if err := d.loadKeys(); err != nil {
		return err
	}
	if err := d.seen.load(d.Store); err != nil {
		return err
	}
	if err := d.loadForce(); err != nil {
		return err
	}
	if err := d.loadPlaces(); err != nil {
		return err
	}
	return d.readReceipts()
}

func prepare(c Config) *Desk {
	d := &Desk{Config: c, domestic: DomesticOrigin(c.Authority),
		stream: StreamOrigin(c.Agreement.ID, c.Authority, c.Peer.Authority),
		peer:   StreamOrigin(c.Agreement.ID, c.Peer.Authority, c.Authority)}
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	d.Speaks, d.receipts = max(d.Speaks, 1), newReceipts(0)
	return d
}

// Refresh reads again what is kept in memory of the database, after another process has written to it.
func (d *Desk) Refresh() error {
	d.counted, d.force.waiting = nil, nil
	return d.reread()
}

func (d *Desk) reread() error {
	d.closeOpened()
	if err := d.loadKeys(); err != nil {
		return err
	}
	if err := d.readReceipts(); err != nil {
		return err
	}
	return d.loadForce()
}

// Follow is Refresh for a replica that only reads: when another one has written, what readers use is read again.
func (d *Desk) Follow() error {
	turn, err := store.Turn(d.Store)
	if err != nil || d.followed.Swap(turn) == turn {
		return err
	}
	return d.reread()
}

// alarm tells the operator of something that needs a person.
func (d *Desk) alarm(what string, err error) { d.Log.Error(what, "err", err) }

// Session is a signed-in officer with the unlocked signing key and the purpose stated for this work.
type Session struct {
	Officer act.Officer
	Name    string
	Purpose string // catalogue key, for example "purpose.casework"
	Posted  bool   // an officer of the other state at this node
	Home    string // authority that sent a posted officer
	Posting act.ID // under which a posted officer works
	key     ed25519.PrivateKey
}

// For returns the session with another stated purpose.
func (s Session) For(purpose string) Session {
	s.Purpose = purpose
	return s
}
