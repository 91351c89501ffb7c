package desk

import (
	"crypto/ed25519"
	"encoding/base64"
	"runtime"
	"sync"

	"countersign/internal/act"
	"countersign/internal/act/joint"
	"countersign/internal/store"
)

// incoming is one act of a batch with all that can be known of it outside the transaction: its parts, its
// leaf, and whether the officer's signature fits the key that it names.
type incoming struct {
	signed   *act.Signed
	envelope act.Envelope
	body     any
	leaf     []byte
	invalid  error             // why envelope or body cannot be read; the act is held without effect
	key      ed25519.PublicKey // the key that it names, if it is known
	fits     error             // whether the signature is by that key
}

// parse reads the acts of a batch on all processors. Bytes that are no act at all refuse the whole message.
func (d *Desk) parse(raw [][]byte) ([]incoming, error) {
	acts := make([]incoming, len(raw))
	if err := each(len(raw), func(i int) (err error) { acts[i], err = parseOne(d.peer, raw[i]); return err }); err != nil {
		return nil, err
	}
	known := map[string]ed25519.PublicKey{act.KeyID(d.Peer.Root): d.Peer.Root}
	for _, a := range acts {
		if err := d.learn(known, a); err != nil {
			return nil, err
		}
	}
	return acts, each(len(acts), func(i int) error {
		a := &acts[i]
		if a.key = known[a.envelope.KeyID]; a.key != nil {
			a.fits = a.signed.Verify(a.key)
		}
		return nil
	})
}

func parseOne(origin string, b []byte) (incoming, error) {
	signed, err := act.Parse(b)
	if err != nil {
		return incoming{}, err
	}
	a := incoming{signed: signed}
	if a.leaf, err = signed.Leaf(origin); err != nil {
		return a, err
	}
	envelope, body, err := signed.Open()
	a.envelope, a.invalid = envelope, err
	if err == nil && envelope.Scope == act.Joint {
		a.body, a.invalid = joint.Vocabulary.Decode(envelope.Kind, body)
	}
	return a, nil
}

// learn finds the public key that an act names: in the roster, or in a roster act of the same batch. A key's name
// is its hash, so that whoever enters it cannot give it to another.
func (d *Desk) learn(known map[string]ed25519.PublicKey, a incoming) error {
	if entry, ok := a.body.(*joint.RosterEntry); ok {
		if pub, err := base64.StdEncoding.DecodeString(entry.Key); err == nil && len(pub) == ed25519.PublicKeySize && act.KeyID(pub) == entry.KeyID {
			known[entry.KeyID] = pub
		}
	}
	if _, ok := known[a.envelope.KeyID]; ok || a.envelope.KeyID == "" {
		return nil
	}
	if key, ok := d.publics.Load(a.envelope.KeyID); ok {
		known[a.envelope.KeyID] = key.(ed25519.PublicKey)
		return nil
	}
	signer, ok, err := store.FindSigner(d.Store, a.envelope.KeyID)
	if ok && act.KeyID(signer.Key) == a.envelope.KeyID {
		known[a.envelope.KeyID] = signer.Key
		d.publics.Store(a.envelope.KeyID, signer.Key)
	}
	return err
}

// each runs fn for 0..n-1 on all processors and returns the first error in order.
func each(n int, fn func(i int) error) error {
	workers := min(runtime.GOMAXPROCS(0), (n+7)/8)
	if workers <= 1 {
		return one(n, fn)
	}
	errs := make([]error, n)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := w; i < n; i += workers {
				errs[i] = fn(i)
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// one is each on one processor.
func one(n int, fn func(i int) error) error {
	for i := range n {
		if err := fn(i); err != nil {
			return err
		}
	}
	return nil
}
