package desk

import (
	"crypto/sha256"
	"sync"

	"countersign/internal/act"
	"countersign/internal/store"
	"countersign/internal/vault"

	"github.com/go-json-experiment/json/jsontext"
)

// reader is what opening acts needs: rows and wrapped keys.
type reader interface {
	store.Querier
	vault.Keys
}

// signedAct opens the kept bytes of an act.
func (d *Desk) signedAct(r reader, row store.ActRow) (*act.Signed, error) {
	plain, err := d.Vault.Open(r, string(row.Subject), place(row.ID), row.Sealed)
	if err != nil {
		return nil, err
	}
	return act.Parse(plain)
}

// event opens one kept act.
func (d *Desk) event(r reader, row store.ActRow) (act.Event, error) {
	o, err := d.openAct(r, row)
	if err != nil {
		return act.Event{}, err
	}
	body, err := vocabularyOf(o.envelope.Scope).Decode(o.envelope.Kind, o.body) // a fresh one each time: folds may keep and grow it
	if err != nil {
		return act.Event{}, err
	}
	e := eventOf(o.envelope, body)
	e.Recorded, e.Receipt, e.Index = row.Recorded, row.Receipt, row.Index
	return e, nil
}

// openedAct is what an act says. Acts never change, so it may be remembered.
type openedAct struct {
	envelope act.Envelope
	body     jsontext.Value
}

// openedActs remembers what sealed bytes say, as long as the vault holds the key with which they were opened. It goes
// by the bytes and not by the act's name: a transaction that fails may have shown an act that never was, and another
// one of that name may come.
type openedActs struct {
	mu   sync.Mutex
	acts map[openedKey]openedAct
}

type openedKey struct {
	subject, id act.ID
	sealed      [sha256.Size]byte
}

// maxOpened bounds what is remembered.
const maxOpened = 8192

func (d *Desk) openAct(r reader, row store.ActRow) (openedAct, error) {
	key := openedKey{row.Subject, row.ID, sha256.Sum256(row.Sealed)}
	if d.Vault.Holds(string(row.Subject)) {
		d.opened.mu.Lock()
		o, ok := d.opened.acts[key]
		d.opened.mu.Unlock()
		if ok {
			return o, nil
		}
	}
	signed, err := d.signedAct(r, row)
	if err != nil {
		return openedAct{}, err
	}
	var o openedAct
	if o.envelope, o.body, err = signed.Open(); err != nil {
		return o, err
	}
	d.opened.mu.Lock()
	defer d.opened.mu.Unlock()
	if d.opened.acts == nil || len(d.opened.acts) >= maxOpened {
		d.opened.acts = make(map[openedKey]openedAct, maxOpened/8)
	}
	d.opened.acts[key] = o
	return o, nil
}

// forgotten drops keys that a durable transaction has destroyed, and what was opened with them.
func (d *Desk) forgotten(subjects ...act.ID) {
	gone := make(map[act.ID]struct{}, len(subjects))
	for _, id := range subjects {
		gone[id] = struct{}{}
		d.Vault.Drop(string(id))
	}
	d.opened.mu.Lock()
	defer d.opened.mu.Unlock()
	for key := range d.opened.acts {
		if _, ok := gone[key.subject]; ok {
			delete(d.opened.acts, key)
		}
	}
}

// closeOpened drops all keys and what was opened with them: another process may have destroyed some.
func (d *Desk) closeOpened() {
	d.Vault.DropAll()
	d.opened.mu.Lock()
	defer d.opened.mu.Unlock()
	clear(d.opened.acts)
}

// eventsAbout opens all acts about one thing that took effect, in this node's order, as far as it is causal.
func (d *Desk) eventsAbout(r reader, about act.ID) ([]act.Event, error) {
	rows, err := store.ActsAbout(r, about)
	if err != nil {
		return nil, err
	}
	events := make([]act.Event, 0, len(rows))
	for _, row := range rows {
		if row.Refused != "" && row.Scope == act.Joint { // nobody refuses what never leaves the node: such a mark is no act’s
			continue
		}
		e, err := d.event(r, row)
		if err != nil {
			return nil, err
		}
		events = append(events, e)
	}
	return causal(events, d.Authority), nil
}
