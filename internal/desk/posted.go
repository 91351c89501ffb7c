package desk

import (
	"context"
	"crypto/ed25519"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/fault"
	"countersign/internal/store"
	"countersign/internal/taskforce"
)

// Interfaces are the ways to this node on which a posted officer's access begins and ends: all of them ask the desk.
var Interfaces = []string{"pages", "api", "sessions", "devices"}

// accessOf tells whether the posting under which a session was opened gives access at an instant.
func (d *Desk) accessOf(f *force, who Session, at time.Time) bool {
	p := f.state.Postings[who.Posting]
	return d.hosts(p) && p.Nominee != nil && p.Nominee.Officer == who.Officer.ID && f.state.AccessAt(p.ID, at, d.Law.Location()).Open
}

func (d *Desk) hosts(p *taskforce.Posting) bool { return p != nil && p.Terms.Host == d.Authority }

// asPosted binds a session of a posted officer to the posting that gives access now, or refuses it.
func (d *Desk) asPosted(s *Session) error {
	f, now := d.force.durable.Load(), d.Clock()
	s.Posted = true
	for _, p := range f.state.Programme() {
		if s.Home, s.Posting = p.Terms.Home, p.ID; d.accessOf(f, *s, now) {
			return nil
		}
	}
	return fault.New(fault.Denied, "fault.taskforce.no-access")
}

// admitPosted: a posted officer on the peer's roster is an officer of ours whom the peer has accredited under a
// posting, until its last day.
func (t *turn) admitPosted(b *joint.RosterEntry) error {
	if b.Role != taskforce.PostedOfficer {
		return nil
	}
	f, err := t.forceNow()
	if err != nil {
		return err
	}
	if home, err := store.AuthorityOf(t.tx, b.Officer); err != nil || home != t.Authority {
		return fault.New(fault.Denied, "fault.roster.officer").Because(err)
	}
	for _, p := range f.state.Postings {
		if p.Terms.Host == t.Peer.Authority && p.Accredited != nil && p.Accredited.Officer == b.Officer && p.Accredited.Until == b.Until && p.Recalled == nil {
			return nil
		}
	}
	return fault.New(fault.Denied, "fault.roster.officer")
}

// KeepPostings lets access begin and end with the postings at this node: the officer is entered into the roster with
// a fresh key when access begins, and that key is ended when it ends. Whoever asks for anything is refused from the
// instant itself, whether this has run or not: the mandate is part of every question about access.
func (d *Desk) KeepPostings(ctx context.Context) error {
	if len(d.changed(d.force.durable.Load(), d.Clock())) == 0 {
		return nil
	}
	return d.Store.Write(ctx, func(tx *store.Tx) error {
		if why, err := store.ReadOnly(tx); err != nil || why != "" {
			return err
		}
		t := d.turn(tx, Session{})
		f, err := t.forceNow()
		if err != nil {
			return err
		}
		for _, p := range d.changed(f, tx.Now) {
			if err := t.keepPosting(p, f.state.AccessAt(p.ID, tx.Now, d.Law.Location())); err != nil {
				return err
			}
		}
		return t.close()
	})
}

// changed are the postings here whose access is not what the last act about it says.
func (d *Desk) changed(f *force, at time.Time) []*taskforce.Posting {
	var all []*taskforce.Posting
	for _, p := range f.state.Programme() {
		if !d.hosts(p) || p.Nominee == nil {
			continue
		}
		known := f.state.Access[p.ID]
		if open := len(known) > 0 && known[len(known)-1].Open; open != f.state.AccessAt(p.ID, at, d.Law.Location()).Open {
			all = append(all, p)
		}
	}
	return all
}

func (t *turn) keepPosting(p *taskforce.Posting, a taskforce.Access) error {
	kind, change := domestic.AccessClosed, t.endPosted
	if a.Open {
		kind, change = domestic.AccessOpened, t.enterPosted
	}
	if err := change(p); err != nil {
		return err
	}
	_, err := t.append(act.Statement{Scope: act.Domestic, Kind: kind, Case: p.ID,
		Body: &domestic.PostingAccess{Officer: p.Nominee.Officer, Why: a.Why, Interfaces: Interfaces}}, t.node(), t.Keys.Node)
	return err
}

// enterPosted lists the officer on this roster under the name that the home state gave.
func (t *turn) enterPosted(p *taskforce.Posting) error {
	home, err := store.Roster(t.tx, p.Terms.Home)
	if err != nil {
		return err
	}
	name := ""
	for _, s := range home {
		if s.Officer == p.Nominee.Officer {
			name = s.Name
		}
	}
	if name == "" {
		return fault.New(fault.Missing, "fault.roster.no-officer")
	}
	pub, key, err := ed25519.GenerateKey(t.Entropy.Joint)
	if err != nil {
		return err
	}
	if err := t.enter(p.Nominee.Officer, name, taskforce.PostedOfficer, pub, p.Accredited.Until); err != nil {
		return err
	}
	sealed, err := t.Vault.Seal(t.tx, "", "officer_keys/"+string(p.Nominee.Officer), key.Seed())
	if err != nil {
		return err
	}
	return t.tx.PutOfficerKey(p.Nominee.Officer, act.KeyID(pub), sealed)
}

func (t *turn) endPosted(p *taskforce.Posting) error { return t.endKey(p.Nominee.Officer, "left") }
