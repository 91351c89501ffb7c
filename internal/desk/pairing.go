package desk

import (
	"context"
	"slices"
	"strings"
	"time"

	"countersign/internal/access"
	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/fault"
	"countersign/internal/record"
)

// Paired tells whether the other authority's keys are known here. Until then nothing leaves or comes in; officers
// can be entered, and the keys be compared.
func (d *Desk) Paired() bool { return len(d.Peer.Root) > 0 }

// OwnAuthority is the public keys of this authority, to be handed to the other one.
func (d *Desk) OwnAuthority() record.Authority {
	return record.Authority{Authority: d.Authority, Root: d.rootKey(), Log: public(d.Keys.Log), Cosign: public(d.Keys.Cosign),
		Seal: d.Own.Seal, TLS: d.Own.TLS}
}

// PeerAuthority is the other authority's public keys as they were compared; ok is false before the pairing.
func (d *Desk) PeerAuthority() (a record.Authority, ok bool) {
	p := d.Peer
	return record.Authority{Authority: p.Authority, Root: p.Root, Log: p.Log, Cosign: p.Cosign, Seal: p.Seal, TLS: p.TLS}, d.Paired()
}

// PairingChange is a proposed pairing and what became of it.
type PairingChange struct {
	ID      act.ID
	By      act.Officer
	At      time.Time
	Body    domestic.Pairing
	Second  act.Officer // who compared as well
	Done    bool        // confirmed or dropped
	Settled bool        // confirmed
}

// same compares fingerprints as people write them down.
func same(a, b string) bool {
	plain := func(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), "")) }
	return plain(a) != "" && plain(a) == plain(b)
}

// ProposePairing is the first officer's comparison: read is the fingerprint as a person on the other side read it
// out, and it must be that of the file.
func (d *Desk) ProposePairing(ctx context.Context, who Session, file []byte, read string) error {
	return d.perform(ctx, who, func(t *turn) error {
		if err := t.allow("propose-pairing", access.Resource{Type: "link"}); err != nil {
			return err
		}
		peer, err := t.peerFile(file)
		if err != nil {
			return err
		}
		if !same(read, peer.Fingerprint()) {
			return fault.New(fault.Denied, "fault.pair.fingerprint", "authority", peer.Authority)
		}
		waiting, err := t.pairings(t.tx)
		if err != nil {
			return err
		}
		for _, c := range waiting {
			if !c.Done {
				return fault.New(fault.Conflict, "fault.pair.waiting")
			}
		}
		_, err = t.say(act.Statement{Scope: act.Domestic, Kind: domestic.PairingProposed,
			Body: &domestic.Pairing{Authority: peer.Authority, Fingerprint: peer.Fingerprint(), Keys: string(file)}})
		return err
	})
}

// peerFile reads the other authority's public keys, which must be those of the authority that this node works with.
func (t *turn) peerFile(file []byte) (record.Authority, error) {
	if t.Paired() {
		return record.Authority{}, fault.New(fault.Conflict, "fault.pair.done", "authority", t.Peer.Authority)
	}
	peer, err := record.ReadAuthority(file)
	if err != nil {
		return peer, fault.New(fault.Invalid, "fault.pair.file").Because(err)
	}
	if peer.Authority != t.Peer.Authority {
		return peer, fault.New(fault.Invalid, "fault.pair.not-the-peer", "authority", peer.Authority, "peer", t.Peer.Authority)
	}
	return peer, nil
}

// AnswerPairing is the second officer's own comparison. With it the two authorities are paired at this side; the
// node starts again with the keys.
func (d *Desk) AnswerPairing(ctx context.Context, who Session, proposal act.ID, read string, confirm bool) error {
	return d.perform(ctx, who, func(t *turn) error {
		all, err := t.pairings(t.tx)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(all, func(c PairingChange) bool { return c.ID == proposal && !c.Done })
		if at < 0 {
			return fault.New(fault.Missing, "fault.roster.no-proposal")
		}
		c := all[at]
		if err := t.allow("confirm-pairing", access.Resource{Type: "link", First: c.By}); err != nil {
			return err
		}
		kind := domestic.PairingDropped
		if confirm {
			peer, err := t.peerFile([]byte(c.Body.Keys))
			if err != nil {
				return err
			}
			if !same(read, peer.Fingerprint()) {
				return fault.New(fault.Denied, "fault.pair.fingerprint", "authority", peer.Authority)
			}
			kind = domestic.PairingConfirmed
			if t.PeerConfirmed != nil {
				t.tx.After(func() { t.PeerConfirmed(peer) })
			}
		}
		_, err = t.say(act.Statement{Scope: act.Domestic, Kind: kind, Body: &domestic.PairingStep{Proposal: proposal, Fingerprint: c.Body.Fingerprint}})
		return err
	})
}

// Pairings lists what was proposed, the latest first.
func (d *Desk) Pairings(_ context.Context, who Session) ([]PairingChange, error) {
	if err := d.allow(who, "view-pairing", access.Resource{Type: "link"}); err != nil {
		return nil, err
	}
	return d.pairings(d.Store)
}

// ConfirmedPeer is the peer whose keys two officers have compared; ok is false before that.
func (d *Desk) ConfirmedPeer() (record.Authority, bool, error) {
	all, err := d.pairings(d.Store)
	if err != nil {
		return record.Authority{}, false, err
	}
	for _, c := range all {
		if c.Settled {
			peer, err := record.ReadAuthority([]byte(c.Body.Keys))
			return peer, err == nil, err
		}
	}
	return record.Authority{}, false, nil
}

func (d *Desk) pairings(r reader) ([]PairingChange, error) {
	var all []PairingChange
	at := map[act.ID]int{}
	for _, kind := range []act.Kind{domestic.PairingProposed, domestic.PairingConfirmed, domestic.PairingDropped} {
		err := d.eachOfKind(r, kind, func(e act.Event) {
			switch b := e.Body.(type) {
			case *domestic.Pairing:
				at[e.ID] = len(all)
				all = append(all, PairingChange{ID: e.ID, By: e.Officer, At: e.Made, Body: *b})
			case *domestic.PairingStep:
				if i, ok := at[b.Proposal]; ok {
					all[i].Done, all[i].Settled, all[i].Second = true, kind == domestic.PairingConfirmed, e.Officer
				}
			}
		})
		if err != nil {
			return nil, err
		}
	}
	slices.Reverse(all)
	return all, nil
}
