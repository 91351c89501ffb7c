package desk

import (
	"context"
	"crypto/ed25519"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/fault"
	"countersign/internal/store"

	"github.com/go-json-experiment/json/jsontext"
)

// What only root says. Where the root key is kept away from the node, as a real authority keeps it, such an act is prepared
// here, signed on the machine that has the key, and brought back (docs/decisions/0074). Who decides stays the same:
// root signs what two officers have decided.

// RootAway tells whether the root key is kept elsewhere.
func (d *Desk) RootAway() bool { return d.Keys.Root == nil }

// rootKey is the authority's public root key, wherever its private half is.
func (d *Desk) rootKey() ed25519.PublicKey {
	if d.RootAway() {
		return d.RootPublic
	}
	return public(d.Keys.Root)
}

// byRoot says what only root says: at once where the key is here, else it waits for the key.
func (t *turn) byRoot(s act.Statement) error {
	if !t.RootAway() {
		_, err := t.append(s, t.root(), t.Keys.Root)
		return err
	}
	if err := t.mayShare(s); err != nil {
		return err
	}
	body, err := joint.Vocabulary.Encode(s.Kind, s.Body)
	if err != nil {
		return err
	}
	e, err := t.envelope(s, t.root(), t.Entropy.Joint)
	if err != nil {
		return err
	}
	o, err := act.NewOrder(e, body, t.rootKey())
	if err != nil {
		return err
	}
	_, err = t.append(act.Statement{Scope: act.Domestic, Kind: domestic.RootPrepared,
		Body: &domestic.RootOrder{Order: e.ID, Kind: e.Kind, Envelope: string(o.Envelope), Body: string(o.Body)}}, t.node(), t.Keys.Node)
	return err
}

// RootOrders are the acts that wait for the root key, the oldest first.
func (d *Desk) RootOrders(context.Context) ([]act.Order, error) { return d.rootOrders(d.Store) }

func (d *Desk) rootOrders(r reader) ([]act.Order, error) {
	dropped := map[act.ID]bool{}
	err := d.eachOfKind(r, domestic.RootDropped, func(e act.Event) { dropped[e.Body.(*domestic.RootDrop).Order] = true })
	if err != nil {
		return nil, err
	}
	var all []act.Order
	var failed error
	err = d.eachOfKind(r, domestic.RootPrepared, func(e act.Event) {
		b := e.Body.(*domestic.RootOrder)
		_, signed, err := store.FindAct(r, b.Order)
		if err != nil {
			failed = err
		}
		if !signed && !dropped[b.Order] {
			all = append(all, act.Order{Envelope: jsontext.Value(b.Envelope), Body: jsontext.Value(b.Body)})
		}
	})
	if failed != nil {
		err = failed
	}
	return all, err
}

// rootOrder finds the order of an id among those that wait.
func (t *turn) rootOrder(id act.ID) (act.Order, error) {
	all, err := t.rootOrders(t.tx)
	if err != nil {
		return act.Order{}, err
	}
	for _, o := range all {
		if e, err := o.Read(); err == nil && e.ID == id {
			return o, nil
		}
	}
	return act.Order{}, fault.New(fault.Missing, "fault.root.no-order", "order", string(id))
}

// TakeRoot takes an act that root has signed elsewhere. It must be one that waits here, word for word.
func (d *Desk) TakeRoot(ctx context.Context, raw []byte) (act.Event, error) {
	signed, err := act.Parse(raw)
	if err != nil {
		return act.Event{}, err
	}
	e, inner, err := signed.Open()
	if err != nil {
		return act.Event{}, err
	}
	if err := signed.Verify(d.rootKey()); err != nil {
		return act.Event{}, err
	}
	body, err := joint.Vocabulary.Decode(e.Kind, inner)
	if err != nil {
		return act.Event{}, err
	}
	event := eventOf(e, body)
	err = d.Store.Write(ctx, func(tx *store.Tx) error {
		if why, err := store.ReadOnly(tx); err != nil || why != "" {
			return fault.New(fault.Unavailable, "fault.node.read-only").Because(err)
		}
		t := d.turn(tx, Session{})
		o, err := t.rootOrder(e.ID)
		if err != nil {
			return err
		}
		if !o.Is(signed) || !joint.RootOnly(e.Kind) {
			return fault.New(fault.Denied, "fault.root.other", "order", string(e.ID))
		}
		if err := t.mayShare(act.Statement{Scope: act.Joint, Kind: e.Kind}); err != nil {
			return err
		}
		event.Recorded = tx.Now
		if err := t.keep(t.stream, signed, &event, ""); err != nil {
			return err
		}
		t.grew = true
		if err := t.settle(event); err != nil {
			return err
		}
		return t.close()
	})
	return event, err
}

// DropRootOrder takes an order back before it is signed. The end of an officer is never taken back: the officer's key was
// destroyed here when it was decided.
func (d *Desk) DropRootOrder(ctx context.Context, id act.ID) error {
	return d.Store.Write(ctx, func(tx *store.Tx) error {
		t := d.turn(tx, Session{})
		o, err := t.rootOrder(id)
		if err != nil {
			return err
		}
		if e, err := o.Read(); err != nil || e.Kind == joint.RosterEnded {
			return fault.New(fault.Conflict, "fault.root.stays").Because(err)
		}
		if _, err := t.append(act.Statement{Scope: act.Domestic, Kind: domestic.RootDropped, Body: &domestic.RootDrop{Order: id}}, t.node(), t.Keys.Node); err != nil {
			return err
		}
		return t.close()
	})
}

// endKey ends an officer's key on the roster. Where root is away the private half is destroyed at once, so that the officer
// is out at the next click and not when root has signed; until then acts that were signed before keep their way.
func (t *turn) endKey(officer act.ID, reason string) error {
	keyID, _, err := store.OfficerKey(t.tx, officer)
	if err != nil {
		return fault.New(fault.Missing, "fault.roster.no-officer").Because(err)
	}
	if err := t.byRoot(act.Statement{Scope: act.Joint, Kind: joint.RosterEnded, Body: &joint.RosterEnd{KeyID: keyID, Reason: reason}}); err != nil {
		return err
	}
	if !t.RootAway() {
		return nil
	}
	return t.tx.DropOfficerKey(officer)
}

// nodeWaits tells whether the entry of the node's own key waits for root already.
func (t *turn) nodeWaits() (bool, error) {
	all, err := t.rootOrders(t.tx)
	if err != nil {
		return false, err
	}
	for _, o := range all {
		if e, err := o.Read(); err == nil && e.Kind == joint.RosterEntered {
			b, err := joint.Vocabulary.Decode(e.Kind, o.Body)
			if entry, ok := b.(*joint.RosterEntry); err == nil && ok && entry.Officer == nodeOfficer {
				return true, nil
			}
		}
	}
	return false, nil
}
