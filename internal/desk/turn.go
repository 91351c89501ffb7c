package desk

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"io"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/fault"
	"countersign/internal/statistics"
	"countersign/internal/store"

	"github.com/google/uuid"
)

// turn is one official act under way inside the transaction.
type turn struct {
	*Desk
	tx       *store.Tx
	who      Session
	grew     bool                // own stream
	ledger   *statistics.Ledger  // of returns, once the turn counts
	touched  map[act.ID]struct{} // what the new acts are about; projected before commit
	replayed map[act.ID]*replay  // in a rebuild: what was recorded up to its moment
	force    *force              // of the task force, once the turn changes it

	said       []act.Event // as the turn's officer
	about      act.ID      // what the turn began, where no act says so yet
	rebuilding bool        // projections are derived again: what is kept in memory is read at the end
	swept      bool        // time alone moved what is projected
}

// perform runs one official act: authorised by the caller's first step, decided and signed inside fn. A node
// that is read-only, because an old backup was restored, performs none.
func (d *Desk) perform(ctx context.Context, who Session, fn func(*turn) error) error {
	return d.Store.Write(ctx, func(tx *store.Tx) error {
		if why, err := store.ReadOnly(tx); err != nil || why != "" {
			return fault.New(fault.Unavailable, "fault.node.read-only").Because(err)
		}
		t := d.turn(tx, who)
		if err := t.first(ctx, fn); err != nil {
			return err
		}
		return t.close()
	})
}

func (d *Desk) turn(tx *store.Tx, who Session) *turn {
	return &turn{Desk: d, tx: tx, who: who, touched: map[act.ID]struct{}{}}
}

// close brings the projections of everything touched up to date, and wakes the exchange after commit.
func (t *turn) close() error {
	for id := range t.touched {
		if err := t.project(id); err != nil {
			return fmt.Errorf("project %s: %w", id, err)
		}
	}
	t.closeForce()
	if t.grew && t.Appended != nil {
		t.tx.After(t.Appended)
	}
	return nil
}

// say signs the statements as the turn's officer, seals and appends them. What is the authority's word and not
// the officer's goes in the node's name: the officer's own act stands beside it in the domestic log.
func (t *turn) say(statements ...act.Statement) ([]act.Event, error) {
	events := make([]act.Event, 0, len(statements))
	for _, s := range statements {
		by, key := t.who.Officer, t.who.key
		if s.Scope == act.Joint && joint.NodeSays(s.Kind) {
			by, key = t.node(), t.Keys.Node
		}
		e, err := t.append(s, by, key)
		if err != nil {
			return nil, err
		}
		events = append(events, e)
	}
	t.said = append(t.said, events...)
	return events, nil
}

// append makes one act of a statement. The officer's signature and the leaf's place in the log are made in
// the same transaction as everything that follows from the act.
func (t *turn) append(s act.Statement, by act.Officer, key ed25519.PrivateKey) (act.Event, error) {
	if s.Scope == act.Domestic {
		return t.appendTo(t.domestic, s, by, key)
	}
	return t.appendTo(t.stream, s, by, key)
}

// appendTo appends to the log named by origin: the stream, the domestic log, or a device's own.
func (t *turn) appendTo(origin string, s act.Statement, by act.Officer, key ed25519.PrivateKey) (act.Event, error) {
	vocabulary, entropy := joint.Vocabulary, t.Entropy.Joint
	if s.Scope == act.Domestic {
		vocabulary, entropy = domestic.Vocabulary, t.Entropy.Domestic
	}
	if err := t.mayShare(s); err != nil {
		return act.Event{}, err
	}
	body, err := vocabulary.Encode(s.Kind, s.Body)
	if err != nil {
		return act.Event{}, err
	}
	envelope, err := t.envelope(s, by, entropy)
	if err != nil {
		return act.Event{}, err
	}
	signed, err := act.Sign(envelope, body, key, entropy)
	if err != nil {
		return act.Event{}, err
	}
	event := eventOf(envelope, s.Body)
	event.Recorded = t.tx.Now
	if err := t.keep(origin, signed, &event, ""); err != nil {
		return act.Event{}, err
	}
	t.grew = t.grew || origin == t.stream
	return event, t.settle(event)
}

// mayShare refuses joint acts once the link has ended; a pause lets them be made and holds them here.
func (t *turn) mayShare(s act.Statement) error {
	if s.Scope != act.Joint || joint.IsLink(s.Kind) || joint.IsRoster(s.Kind) || s.Kind == joint.ActRefused {
		return nil
	}
	link, err := store.Link(t.tx)
	if err == nil && link.Ended != "" {
		err = fault.New(fault.Denied, "fault.exchange.ended")
	}
	return err
}

// envelope surrounds a statement with what the record needs. Joint acts name the size of the peer's stream
// that their author had seen (design.md 5.1); domestic acts say nothing about the exchange.
func (t *turn) envelope(s act.Statement, by act.Officer, entropy io.Reader) (act.Envelope, error) {
	id, err := NewID(entropy)
	if err != nil {
		return act.Envelope{}, err
	}
	e := act.Envelope{Agreement: t.Agreement.ID, Version: t.Agreement.Version.String(), ID: id, Scope: s.Scope, Kind: s.Kind,
		Subject: s.Subject, Case: s.Case, Occurred: act.Instant(s.Occurred), Made: act.Instant(t.tx.Now),
		ValidUntil: act.Instant(s.ValidUntil), InReplyTo: s.InReplyTo, Officer: by.ID, Authority: by.Authority, Role: by.Role}
	if s.Occurred.IsZero() {
		e.Occurred = e.Made
	}
	if s.Scope == act.Joint {
		peer, err := t.tx.Log(t.peer)
		if err != nil {
			return e, err
		}
		e.Seen = peer.Size()
	}
	return e, nil
}

// keep seals a signed act and appends it to the log of origin. refused is the reason of an act that is held
// without effect.
func (t *turn) keep(origin string, signed *act.Signed, e *act.Event, refused string) error {
	plain, err := signed.Encode()
	if err != nil {
		return err
	}
	leaf, err := signed.Leaf(origin)
	if err != nil {
		return err
	}
	log, err := t.tx.Log(origin)
	if err != nil {
		return err
	}
	sealed, err := t.Vault.Seal(t.tx, string(e.Subject), place(e.ID), plain)
	if err != nil {
		return err
	}
	e.Index = log.Append(leaf)
	err = t.tx.InsertAct(&store.ActRow{Log: log.ID, Index: e.Index, ID: e.ID, Scope: e.Scope, Kind: e.Kind, About: e.Case,
		Subject: e.Subject, Officer: e.Officer, Occurred: e.Occurred, Made: e.Made, Recorded: e.Recorded, Receipt: e.Receipt,
		Refused: refused, Sealed: sealed})
	if err != nil || refused != "" {
		return err
	}
	return t.remember(signed, *e)
}

// place is the associated data under which an act is sealed.
func place(id act.ID) string { return "acts/" + string(id) }

// eventOf reads an event from its envelope.
func eventOf(e act.Envelope, body any) act.Event {
	return act.Event{ID: e.ID, Scope: e.Scope, Kind: e.Kind, Subject: e.Subject, Case: e.Case,
		Officer: act.Officer{ID: e.Officer, Authority: e.Authority, Role: e.Role}, Occurred: time.Time(e.Occurred),
		Made: time.Time(e.Made), ValidUntil: time.Time(e.ValidUntil), InReplyTo: e.InReplyTo, Seen: e.Seen, Body: body}
}

// NewID draws a random UUID (version 4): it tells nothing of time, order or kind.
func NewID(entropy io.Reader) (act.ID, error) {
	id, err := uuid.NewRandomFromReader(entropy)
	return act.ID(id.String()), err
}
