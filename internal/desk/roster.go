package desk

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"io"

	"countersign/internal/act"
	"countersign/internal/act/joint"
	"countersign/internal/fault"
	"countersign/internal/store"
	"countersign/internal/taskforce"
)

// RoleNode is the role of the node's own key: it says that an act could not be taken, and what must not show who caused it.
const RoleNode = "node"

// nodeOfficer is the fixed officer id of a node's own key.
const nodeOfficer act.ID = "00000000-0000-4000-8000-000000000000"

func (d *Desk) node() act.Officer {
	return act.Officer{ID: nodeOfficer, Authority: d.Authority, Role: RoleNode}
}

func (d *Desk) root() act.Officer {
	return act.Officer{ID: nodeOfficer, Authority: d.Authority, Role: "root"}
}

func (d *Desk) createLogs() error {
	return d.Store.Write(context.Background(), func(tx *store.Tx) error {
		for _, log := range []struct {
			origin string
			kind   store.LogKind
		}{{d.stream, store.Stream}, {d.peer, store.Peer}, {d.domestic, store.DomesticLog}} {
			if err := tx.CreateLog(log.origin, log.kind); err != nil {
				return err
			}
		}
		return d.enterPaired(tx)
	})
}

// EnterNode enters the node's own key into the roster: the first act of every stream. Doing it twice is the
// same as once.
func (d *Desk) EnterNode(ctx context.Context) error {
	return d.Store.Write(ctx, func(tx *store.Tx) error {
		roster, err := store.Roster(tx, d.Authority)
		if err != nil {
			return err
		}
		pub := d.Keys.Node.Public().(ed25519.PublicKey)
		if _, ok := roster[act.KeyID(pub)]; ok {
			return nil
		}
		t := d.turn(tx, Session{})
		if waits, err := t.nodeWaits(); err != nil || waits {
			return err
		}
		if err := t.enter(nodeOfficer, "node", RoleNode, pub, ""); err != nil {
			return err
		}
		return t.close()
	})
}

// EnterOfficer adds an officer to the roster that both states hold, with a fresh signing key that is sealed
// here. The entry is signed by the authority's root key. It returns the officer's id.
func (d *Desk) EnterOfficer(ctx context.Context, name, role, until string, entropy io.Reader) (act.ID, error) {
	id, err := NewID(entropy)
	if err != nil {
		return "", err
	}
	pub, key, err := ed25519.GenerateKey(entropy)
	if err != nil {
		return "", err
	}
	return id, d.Store.Write(ctx, func(tx *store.Tx) error {
		t := d.turn(tx, Session{})
		if err := t.enter(id, name, role, pub, until); err != nil {
			return err
		}
		sealed, err := d.Vault.Seal(tx, "", "officer_keys/"+string(id), key.Seed())
		if err != nil {
			return err
		}
		if err := tx.PutOfficerKey(id, act.KeyID(pub), sealed); err != nil {
			return err
		}
		return t.close()
	})
}

func (t *turn) enter(id act.ID, name, role string, pub ed25519.PublicKey, until string) error {
	return t.byRoot(act.Statement{Scope: act.Joint, Kind: joint.RosterEntered, Body: &joint.RosterEntry{Officer: id, Name: name,
		Role: role, Key: base64.StdEncoding.EncodeToString(pub), KeyID: act.KeyID(pub), Until: until}})
}

// EndOfficer ends an officer's key. Acts signed with it after this position are refused on both sides.
func (d *Desk) EndOfficer(ctx context.Context, id act.ID, reason string) error {
	return d.Store.Write(ctx, func(tx *store.Tx) error {
		t := d.turn(tx, Session{})
		if err := t.endKey(id, reason); err != nil {
			return err
		}
		return t.close()
	})
}

// settleRoster folds a roster act into the projection of signers.
func (t *turn) settleRoster(e act.Event, index int64) error {
	switch b := e.Body.(type) {
	case *joint.RosterEntry:
		pub, err := rosterKey(b)
		if err != nil {
			return err
		}
		return t.tx.PutSigner(b.KeyID, act.Signer{Officer: b.Officer, Authority: e.Officer.Authority, Name: b.Name, Role: b.Role, Key: pub, From: index, Until: b.Until})
	case *joint.RosterEnd:
		return t.tx.EndSigner(e.Officer.Authority, b.KeyID, index)
	}
	return nil
}

// rosterKey is the public key of a roster entry, whose name must be its hash.
func rosterKey(b *joint.RosterEntry) (ed25519.PublicKey, error) {
	pub, err := base64.StdEncoding.DecodeString(b.Key)
	if err != nil || len(pub) != ed25519.PublicKeySize || act.KeyID(pub) != b.KeyID {
		return nil, fault.New(fault.Invalid, "fault.roster.key")
	}
	return pub, nil
}

// SignIn opens a session for an own officer whose identity the sign-in has established.
func (d *Desk) SignIn(_ context.Context, id act.ID) (Session, error) {
	keyID, sealed, err := store.OfficerKey(d.Store, id)
	if err != nil {
		return Session{}, fault.New(fault.Missing, "fault.roster.no-officer").Because(err)
	}
	log, err := store.FindLog(d.Store, d.stream)
	if err != nil {
		return Session{}, err
	}
	roster, err := store.Roster(d.Store, d.Authority)
	if err != nil {
		return Session{}, err
	}
	signer, err := roster.At(keyID, log.Size, d.Clock().In(d.Law.Location()).Format("2006-01-02"))
	if err != nil {
		return Session{}, err
	}
	s := Session{Officer: act.Officer{ID: id, Authority: d.Authority, Role: signer.Role}, Name: signer.Name}
	if signer.Role == taskforce.PostedOfficer {
		if err := d.asPosted(&s); err != nil {
			return Session{}, err
		}
	}
	seed, err := d.Vault.Open(d.Store, "", "officer_keys/"+string(id), sealed)
	if err != nil {
		return Session{}, err
	}
	s.key = ed25519.NewKeyFromSeed(seed)
	return s, nil
}

// Officers lists an authority's signers that count now, for choosing an assignee and, in the demo, for sign-in.
func (d *Desk) Officers(authority string) (act.Roster, error) {
	return store.Roster(d.Store, authority)
}
