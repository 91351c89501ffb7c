package desk

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/hpke"
	"encoding/base64"
	"sync"

	"countersign/internal/act"
	"countersign/internal/act/joint"
	"countersign/internal/fault"
	"countersign/internal/record"
	"countersign/internal/store"

	"golang.org/x/mod/sumdb/note"
)

// ring is the public keys of both authorities by position in their owner's stream. It is replaced as a whole
// after the commit of an act that changes a key.
type ring []store.AuthorityKey

// all are the keys that an authority has had for a use, oldest first.
func (r ring) all(authority string, use joint.KeyUse) []store.AuthorityKey {
	var out []store.AuthorityKey
	for _, k := range r {
		if k.Authority == authority && k.Use == string(use) {
			out = append(out, k)
		}
	}
	return out
}

// before is the key that counts at a size: the last one announced below it.
func before(keys []store.AuthorityKey, size int64) store.AuthorityKey {
	var k store.AuthorityKey
	for i, next := range keys {
		if i == 0 || next.Index < size {
			k = next
		}
	}
	return k
}

func (d *Desk) ring() ring { return *d.keys.Load() }

func (d *Desk) loadKeys() error {
	keys, err := store.AuthorityKeys(d.Store)
	if err == nil {
		r := ring(keys)
		d.keys.Store(&r)
	}
	return err
}

// enterPaired keeps the keys that people compared at pairing. Others for the same use are not taken in their
// place: keys change by acts only.
func (d *Desk) enterPaired(tx *store.Tx) error {
	paired := []store.AuthorityKey{
		{Authority: d.Authority, Use: string(joint.UseLog), Public: public(d.Keys.Log)},
		{Authority: d.Authority, Use: string(joint.UseCosign), Public: public(d.Keys.Cosign)},
		{Authority: d.Authority, Use: string(joint.UseSeal), Public: d.Own.Seal},
		{Authority: d.Authority, Use: string(joint.UseTLS), Public: d.Own.TLS},
	}
	if d.Paired() {
		paired = append(paired,
			store.AuthorityKey{Authority: d.Peer.Authority, Use: string(joint.UseLog), Public: d.Peer.Log},
			store.AuthorityKey{Authority: d.Peer.Authority, Use: string(joint.UseCosign), Public: d.Peer.Cosign},
			store.AuthorityKey{Authority: d.Peer.Authority, Use: string(joint.UseSeal), Public: d.Peer.Seal},
			store.AuthorityKey{Authority: d.Peer.Authority, Use: string(joint.UseTLS), Public: d.Peer.TLS})
	}
	known, err := store.AuthorityKeys(tx)
	if err != nil {
		return err
	}
	for _, p := range paired {
		for _, k := range known {
			if k.Authority == p.Authority && k.Use == p.Use && k.Index < 0 && !bytes.Equal(k.Public, p.Public) {
				return fault.New(fault.Conflict, "fault.keys.paired-otherwise", "authority", p.Authority, "use", p.Use)
			}
		}
		if err := tx.PutAuthorityKey(p.Authority, p.Use, -1, p.Public); err != nil {
			return err
		}
	}
	return nil
}

func public(k ed25519.PrivateKey) []byte { return k.Public().(ed25519.PublicKey) }

// logVerifiers checks heads of a stream with every log key that its author has had. Heads that this node has just signed
// itself are known again.
func (d *Desk) logVerifiers(origin string, keys []store.AuthorityKey) []note.Verifier {
	var out []note.Verifier
	for _, k := range keys {
		if own, ok := d.logKeys.Load(origin + string(k.Public)); ok {
			out = append(out, own.(note.Verifier))
		} else if v, err := record.LogVerifier(origin, k.Public); err == nil {
			d.logKeys.Store(origin+string(k.Public), v)
			out = append(out, v)
		}
	}
	return out
}

func (d *Desk) ownLog() []note.Verifier {
	return d.logVerifiers(d.stream, d.ring().all(d.Authority, joint.UseLog))
}

// withChanges adds the log keys that root announces in the acts themselves: the head that covers such an act is
// signed by the new key already.
func (d *Desk) withChanges(authority string, from int64, acts []incoming) []store.AuthorityKey {
	root := d.Peer.Root
	if authority == d.Authority {
		root = d.rootKey()
	}
	keys := d.ring().all(authority, joint.UseLog)
	for _, i := range logKeyChanges(root, acts) {
		b := acts[i].body.(*joint.KeyChange)
		if pub, err := base64.StdEncoding.DecodeString(b.Key); err == nil && from+int64(i) > keys[len(keys)-1].Index {
			keys = append(keys, store.AuthorityKey{Authority: authority, Use: string(joint.UseLog), Index: from + int64(i), Public: pub})
		}
	}
	return keys
}

// peerLogKeyAt is the one key of the peer that counts at the end of a batch: an older one does not do.
func (d *Desk) peerLogKeyAt(from int64, acts []incoming) []note.Verifier {
	key := before(d.withChanges(d.Peer.Authority, from, acts), from+int64(len(acts)))
	return d.logVerifiers(d.peer, []store.AuthorityKey{key})
}

// logKeyChanges are the acts by which root changes the log key.
func logKeyChanges(root ed25519.PublicKey, acts []incoming) []int {
	var all []int
	for i, a := range acts {
		b, ok := a.body.(*joint.KeyChange)
		if ok && b.Use == joint.UseLog && a.fits == nil && a.envelope.KeyID == act.KeyID(root) {
			all = append(all, i)
		}
	}
	return all
}

// logSigner is the own log key that counts at a size.
func (d *Desk) logSigner(q reader, size int64) (note.Signer, error) {
	k := before(d.ring().all(d.Authority, joint.UseLog), size)
	name := d.stream + string(k.Public)
	if made, _ := d.logKeys.Load(name); made != nil {
		if own, ok := made.(*record.OwnLog); ok {
			return own, nil
		}
	}
	seed, err := d.ownSeed(q, joint.UseLog, k.Public, d.Keys.Log)
	if err != nil {
		return nil, err
	}
	own, err := record.NewOwnLog(d.stream, seed)
	if err == nil {
		d.logKeys.Store(name, own)
	}
	return own, err
}

// ownSeed is the private key of an own public one: of the pairing, or made later and sealed in the store.
func (d *Desk) ownSeed(q reader, use joint.KeyUse, pub []byte, paired ed25519.PrivateKey) (ed25519.PrivateKey, error) {
	if bytes.Equal(public(paired), pub) {
		return paired, nil
	}
	seed, err := d.OwnKey(q, use, pub)
	if err != nil {
		return nil, err
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

// OwnKey opens an own private key that was made after the pairing.
func (d *Desk) OwnKey(q reader, use joint.KeyUse, pub []byte) ([]byte, error) {
	sealed, ok, err := store.OwnKey(q, string(use), pub)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, fault.New(fault.Missing, "fault.keys.not-here", "use", string(use))
	}
	return d.Vault.Open(q, "", "own_keys/"+string(use)+"/"+base64.StdEncoding.EncodeToString(pub), sealed)
}

// cosigner is the own countersigning key in use: the newest that the peer has countersigned the announcement of.
func (t *turn) cosigner() *record.Cosigner {
	key := t.Keys.Cosign
	if k := t.inUse(joint.UseCosign); !bytes.Equal(k.Public, public(key)) {
		if seed, err := t.ownSeed(t.tx, joint.UseCosign, k.Public, key); err == nil {
			key = seed
		}
	}
	return record.NewCosigner(CosignerName(t.Authority), key)
}

// inUse is the newest own key whose announcement the peer has countersigned: before that the peer may not know it.
func (d *Desk) inUse(use joint.KeyUse) store.AuthorityKey {
	return before(d.ring().all(d.Authority, use), d.receipts.size())
}

// OwnKeys and PeerKeys are the public keys of a use that count now: the one in use and, for the peer, also the one
// before it until the new one has been seen in use.
func (d *Desk) OwnKeys(use joint.KeyUse) (inUse []byte, all [][]byte) {
	for _, k := range d.ring().all(d.Authority, use) {
		all = append(all, k.Public)
	}
	return d.inUse(use).Public, all
}

// PeerKeys lists the peer's keys of a use that are accepted, newest first.
func (d *Desk) PeerKeys(use joint.KeyUse) [][]byte {
	keys := d.ring().all(d.Peer.Authority, use)
	if len(keys) == 0 {
		return nil
	}
	newest := keys[len(keys)-1].Public
	if len(keys) == 1 || d.seen.has(use, newest) {
		return [][]byte{newest}
	}
	return [][]byte{newest, keys[len(keys)-2].Public}
}

// SawKey notes that the peer has used its newest key: the one before it is not taken any more.
func (d *Desk) SawKey(ctx context.Context, use joint.KeyUse, pub []byte) error {
	keys := d.ring().all(d.Peer.Authority, use)
	if len(keys) < 2 || !bytes.Equal(keys[len(keys)-1].Public, pub) || d.seen.has(use, pub) {
		return nil
	}
	d.seen.add(use, pub)
	return d.Store.Write(ctx, func(tx *store.Tx) error { return tx.SetSeenKey(string(use), pub) })
}

// seenKeys are the peer's newest keys that were seen in use, by use.
type seenKeys struct {
	mu   sync.Mutex
	keys map[string][]byte
}

func (s *seenKeys) load(q store.Querier) (err error) {
	s.keys, err = store.SeenKeys(q)
	return err
}

func (s *seenKeys) has(use joint.KeyUse, pub []byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return bytes.Equal(s.keys[string(use)], pub)
}

func (s *seenKeys) add(use joint.KeyUse, pub []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys[string(use)] = pub
}

// ChangeKey announces a new key of this authority and keeps its private half sealed. Root signs it.
func (d *Desk) ChangeKey(ctx context.Context, use joint.KeyUse, reason string, pub, private []byte) error {
	return d.Store.Write(ctx, func(tx *store.Tx) error {
		t := d.turn(tx, Session{})
		place := "own_keys/" + string(use) + "/" + base64.StdEncoding.EncodeToString(pub)
		sealed, err := d.Vault.Seal(tx, "", place, private)
		if err != nil {
			return err
		}
		if err := tx.PutOwnKey(string(use), pub, sealed); err != nil {
			return err
		}
		change := &joint.KeyChange{Use: use, Key: base64.StdEncoding.EncodeToString(pub), Reason: reason}
		if err := checkKey(change); err != nil {
			return err
		}
		if err := t.byRoot(act.Statement{Scope: act.Joint, Kind: joint.KeyChanged, Body: change}); err != nil {
			return err
		}
		return t.close()
	})
}

// checkKey checks that an announced key is usable for its use.
func checkKey(b *joint.KeyChange) error {
	bad := fault.New(fault.Invalid, "fault.keys.malformed")
	pub, err := base64.StdEncoding.DecodeString(b.Key)
	if err != nil {
		return bad
	}
	switch b.Use {
	case joint.UseSeal:
		if _, err := hpke.MLKEM768X25519().NewPublicKey(pub); err != nil {
			return bad
		}
		return nil
	case joint.UseLog, joint.UseCosign, joint.UseTLS:
		if len(pub) == ed25519.PublicKeySize {
			return nil
		}
	}
	return bad
}

// settleKey lets a change of key count from its position.
func (t *turn) settleKey(e act.Event) error {
	b := e.Body.(*joint.KeyChange)
	pub, err := base64.StdEncoding.DecodeString(b.Key)
	if err != nil {
		return err
	}
	t.keyChanged = true
	t.tx.After(func() {
		if err := t.loadKeys(); err != nil {
			t.alarm("keys could not be read again", err)
		}
	})
	return t.tx.PutAuthorityKey(e.Officer.Authority, string(b.Use), e.Index, pub)
}
