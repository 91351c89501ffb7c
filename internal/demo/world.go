// Package demo builds a world of two authorities with invented people, tells the story of whole returns in
// it, and serves it afterwards. The nodes are the product's own: two databases, all writes through the desk,
// and nothing between them but HTTP on loopback.
package demo

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"time"

	"countersign/internal/act"
	"countersign/internal/demo/browse"
	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/internal/node"
	"countersign/internal/record"
	"countersign/internal/words"
)

// The two authorities of the demo and their agreement, a stand-in.
const (
	GB        = "gb"
	AL        = "al"
	Agreement = "uk-al"
)

// World is two paired authorities.
type World struct {
	Clock *Clock
	GB    *Authority
	AL    *Authority

	toAL, toGB *relay                     // the lines between them
	browsers   map[string]*browse.Visitor // by authority and officer
	lang       words.Lang                 // of the pages that officers see; English if empty
	given      browse.Tally
	stop       context.CancelFunc
}

// Authority is one node with its officers.
type Authority struct {
	*node.Node
	Public   record.Authority
	Officers []Officer
	byRole   map[string]desk.Session
}

// Officer is somebody of the demo who can sign in.
type Officer struct {
	ID   act.ID
	Name string
	Role string
}

// Options are what makes one world different from another.
type Options struct {
	Folder string // of both authorities' data
	Proof  string // where the story leaves its evidence and both public keys; default: Folder
	Seed   uint64
	Start  time.Time
	Slot   time.Duration // of the push slots once the world serves; default one second
	Log    *slog.Logger
	// Listen gives the nodes fixed addresses; empty means free ports on loopback.
	ListenGB, ListenAL string
	// Postgres holds, by authority, the address of a fresh PostgreSQL database; where none is named it is SQLite in Folder.
	Postgres map[string]string
}

// staff are the officers of both sides. Names are invented.
var staff = map[string][]Officer{
	GB: {{Name: "Priya Raman", Role: "caseworker"}, {Name: "Owen Hughes", Role: "senior-caseworker"}, {Name: "Fiona Baird", Role: "court-liaison"},
		{Name: "Dr Samuel Adeyemi", Role: "medical-officer"}, {Name: "Helen Marsh", Role: "specialist"}, {Name: "Tom Whitlock", Role: "escort-officer"},
		{Name: "Grace Okafor", Role: "supervisor"}, {Name: "Daniel Reid", Role: "coordinator"}, {Name: "Ruth Ellison", Role: "statistician"},
		{Name: "James Calder", Role: "press-officer"}, {Name: "Margaret Sloan", Role: "inspector"}, {Name: "Ian Prescott", Role: "administrator"},
		{Name: "Lucy Fairweather", Role: "readmission-officer"}, {Name: "Ben Carter", Role: "border-officer"},
		{Name: "Amina Yusuf", Role: "counsel"}},
	AL: {{Name: "Arta Kelmendi", Role: "readmission-officer"}, {Name: "Besnik Hoxhaj", Role: "senior-caseworker"}, {Name: "Drita Muka", Role: "border-officer"},
		{Name: "Gentian Leka", Role: "supervisor"}, {Name: "Elira Prendi", Role: "coordinator"}, {Name: "Ilir Shehu", Role: "statistician"},
		{Name: "Mirela Çela", Role: "specialist"}, {Name: "Saimir Dervishi", Role: "inspector"}, {Name: "Valbona Gjoka", Role: "administrator"},
		{Name: "Ardit Zeneli", Role: "caseworker"}, {Name: "Teuta Brahimi", Role: "press-officer"}},
}

// Staff lists the officers of an authority before they have keys.
func Staff(authority string) []Officer { return staff[authority] }

// Build makes both authorities, pairs them, starts them and enters their officers.
func Build(ctx context.Context, o Options) (*World, error) {
	ctx, stop := context.WithCancel(ctx)
	w := &World{Clock: &Clock{at: o.Start}, stop: stop}
	if err := w.build(ctx, o); err != nil {
		w.Close()
		return nil, err
	}
	return w, nil
}

func (w *World) build(ctx context.Context, o Options) (err error) {
	folders := map[string]string{GB: filepath.Join(o.Folder, GB), AL: filepath.Join(o.Folder, AL)}
	if err := pair(folders, o.Seed); err != nil {
		return err
	}
	if w.GB, err = w.open(ctx, o, folders[GB], GB, AL, o.ListenGB); err != nil {
		return err
	}
	if w.AL, err = w.open(ctx, o, folders[AL], AL, GB, o.ListenAL); err != nil {
		return err
	}
	if err := w.wire(); err != nil {
		return err
	}
	for _, a := range []*Authority{w.GB, w.AL} {
		if err := a.hire(ctx, entropy(o.Seed, a.Authority+"/officers")); err != nil {
			return err
		}
		go a.Run(ctx)
	}
	return nil
}

// wire puts the lines between the two nodes.
func (w *World) wire() (err error) {
	if w.toAL, err = newRelay(); err != nil {
		return err
	}
	if w.toGB, err = newRelay(); err != nil {
		return err
	}
	w.toAL.to, w.toGB.to = w.AL.ExchangeURL(), w.GB.ExchangeURL()
	w.GB.SetPeerURL(w.toAL.url())
	w.AL.SetPeerURL(w.toGB.url())
	return nil
}

// pair makes both folders and gives each the other's public keys, as people do at pairing.
func pair(folders map[string]string, seed uint64) error {
	for _, name := range []string{GB, AL} {
		public, err := node.Init(folders[name], name, entropy(seed, name+"/keys"))
		if err != nil {
			return err
		}
		for _, other := range folders {
			if err := node.WritePublic(other, public); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *World) open(ctx context.Context, o Options, folder, name, peer, listen string) (*Authority, error) {
	n, err := node.New(ctx, node.Config{Authority: name, Folder: folder, Postgres: o.Postgres[name], Agreement: Agreement, Peer: peer, Listen: listen, Slot: o.Slot,
		Demo: true, Manual: true, Clock: w.Clock.Now, Log: o.Log,
		Entropy: func(purpose string) io.Reader { return entropy(o.Seed, name+"/"+purpose) }})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	public, err := node.ReadAuthority(filepath.Join(folder, node.PublicName(name)))
	return &Authority{Node: n, Public: public, byRole: map[string]desk.Session{}}, err
}

// hire enters the node's key and the officers into the roster.
func (a *Authority) hire(ctx context.Context, random io.Reader) error {
	if err := a.Desk.EnterNode(ctx); err != nil {
		return err
	}
	for _, o := range staff[a.Authority] {
		id, err := a.Desk.EnterOfficer(ctx, o.Name, o.Role, "", random)
		if err != nil {
			return err
		}
		session, err := a.Desk.SignIn(ctx, id)
		if err != nil {
			return err
		}
		o.ID = id
		a.Officers = append(a.Officers, o)
		a.byRole[o.Role] = session.For("purpose.casework")
	}
	return nil
}

// As is the session of the authority's officer with a role.
func (a *Authority) As(role string) desk.Session {
	s, ok := a.byRole[role]
	if !ok {
		panic("demo: " + a.Authority + " has no " + role)
	}
	return s
}

// Slot lets one push slot pass on both sides, so that what each side held is with the other and its
// countersignature is back.
func (w *World) Slot(ctx context.Context) error {
	w.Clock.Advance(time.Second)
	for _, a := range []*Authority{w.GB, w.AL} {
		if _, err := a.Push(ctx); err != nil && fault.KindOf(err) != fault.Unavailable {
			return fmt.Errorf("%s: %w", a.Authority, err)
		}
	}
	return nil
}

// Close stops both authorities.
func (w *World) Close() {
	w.stop()
	for _, a := range []*Authority{w.GB, w.AL} {
		if a != nil {
			a.Node.Close()
		}
	}
	for _, r := range []*relay{w.toAL, w.toGB} {
		if r != nil {
			r.server.Close()
		}
	}
}

// entropy is a seeded stream for one purpose; two purposes never share a byte.
func entropy(seed uint64, purpose string) io.Reader {
	return rand.NewChaCha8(sha256.Sum256(fmt.Appendf(nil, "countersign/demo/%d/%s", seed, purpose)))
}

// Serve lets time run on and both nodes push in their slots, as real nodes do.
func (w *World) Serve(ctx context.Context) {
	w.Clock.Run()
	for _, a := range []*Authority{w.GB, w.AL} {
		go a.PushInSlots(ctx)
		go a.KeepPostings(ctx)
		go a.SweepEachMinute(ctx)
		go a.KeepBorder(ctx)
	}
}
