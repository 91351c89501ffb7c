package act

import (
	"crypto/ed25519"
	"io"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Order is an act that is decided and waits for the signature of a key that is not here: the authority's root key, kept on a
// machine without a network.
type Order struct {
	Envelope jsontext.Value `json:"envelope"`
	Body     jsontext.Value `json:"body"`
}

// NewOrder prepares an act. Whose key will sign it is part of what is signed.
func NewOrder(e Envelope, body jsontext.Value, key ed25519.PublicKey) (Order, error) {
	e.Protocol, e.Schema, e.KeyID = Protocol, Schema, KeyID(key)
	raw, err := json.Marshal(e)
	return Order{Envelope: raw, Body: body}, err
}

// Read opens the envelope. What has another protocol or schema than ours cannot be signed here.
func (o Order) Read() (e Envelope, err error) {
	if err := json.Unmarshal(o.Envelope, &e, json.RejectUnknownMembers(true)); err != nil {
		return e, malformed(err)
	}
	if e.Protocol != Protocol || e.Schema != Schema {
		return e, malformed(nil)
	}
	return e, nil
}

// Sign signs the act as it was prepared.
func (o Order) Sign(key ed25519.PrivateKey, entropy io.Reader) (*Signed, error) {
	e, err := o.Read()
	if err != nil {
		return nil, err
	}
	body := o.Body.Clone()
	if err := body.Canonicalize(); err != nil {
		return nil, malformed(err)
	}
	return Sign(e, body, key, entropy)
}

// Is tells whether a signed act says what was ordered and nothing else.
func (o Order) Is(s *Signed) bool {
	e, err := o.Read()
	if err != nil {
		return false
	}
	body := o.Body.Clone()
	if body.Canonicalize() != nil {
		return false
	}
	want, err := fields(e, body)
	return err == nil && slices.EqualFunc(want, s.Fields, func(x, y Field) bool { return x.Label == y.Label && string(x.Value) == string(y.Value) })
}
