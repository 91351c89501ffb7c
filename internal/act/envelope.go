package act

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"time"

	"countersign/internal/fault"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/text/unicode/norm"
)

// Protocol and Schema are inside the signed bytes: a message cannot be read under another version than the
// one it was made under (threat T6). Within a schema, unknown fields are refused.
const (
	Protocol = "countersign/1"
	Schema   = "2026-11-01"
)

// MaxSize bounds one signed act. Attachments travel beside their act, bound by a hash in its body.
const MaxSize = 64 << 10

// TimeFormat is the one way instants are written, in acts and in the store: UTC, milliseconds, fixed width.
const TimeFormat = "2006-01-02T15:04:05.000Z"

// Envelope is what surrounds a body: who says it, when, under which agreement, about what.
type Envelope struct {
	Protocol   string  `json:"act.protocol"`
	Schema     string  `json:"act.schema"`
	Agreement  string  `json:"act.agreement"` // id of the agreement, "" for domestic acts outside any
	Version    string  `json:"act.version"`   // the agreement's version: the day from which it applies
	ID         ID      `json:"act.id"`
	Scope      Scope   `json:"act.scope"`
	Kind       Kind    `json:"act.kind"`
	Subject    ID      `json:"act.subject"`
	Case       ID      `json:"act.case"`
	Occurred   Instant `json:"act.occurred"`
	Made       Instant `json:"act.made"`
	ValidUntil Instant `json:"act.valid_until"`
	InReplyTo  ID      `json:"act.in_reply_to"`
	Seen       int64   `json:"act.seen"`
	Officer    ID      `json:"act.officer"`
	Authority  string  `json:"act.authority"`
	Role       string  `json:"act.role"`
	KeyID      string  `json:"act.key"`
}

// Instant is a time in TimeFormat; the zero time is "".
type Instant time.Time

// MarshalText writes the instant, "" for zero.
func (i Instant) MarshalText() ([]byte, error) {
	if t := time.Time(i); !t.IsZero() {
		return t.UTC().AppendFormat(nil, TimeFormat), nil
	}
	return nil, nil
}

// UnmarshalText reads exactly what MarshalText writes.
func (i *Instant) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*i = Instant{}
		return nil
	}
	t, err := time.Parse(TimeFormat, string(b))
	if err != nil {
		return err
	}
	*i = Instant(t)
	return nil
}

// Field is one label of an act with its value as the exact bytes of canonical JSON. Envelope fields are
// labelled "act.…", the members of the body "body.…".
type Field struct {
	Label string
	Value jsontext.Value
}

// Signed is an act as it is sealed, carried and kept: its fields in the order of their labels, the secret
// from which the salts of their commitments come, and the officer's signature over the commitments.
type Signed struct {
	Fields    []Field
	Secret    []byte // 32 bytes
	Signature []byte // Ed25519, 64 bytes

	root *[32]byte // over the commitments, once computed
}

// wire is the outer form of a signed act. Its bytes are canonical JSON (RFC 8785) and are kept as sent.
type wire struct {
	Fields    jsontext.Value `json:"fields"`
	Secret    []byte         `json:"secret"`
	Signature []byte         `json:"signature"`
}

// fields flattens the envelope and the canonical body into labelled values, sorted by label.
func fields(e Envelope, body jsontext.Value) ([]Field, error) {
	head, err := json.Marshal(e)
	if err != nil {
		return nil, err
	}
	all, err := members(head, "")
	if err != nil {
		return nil, err
	}
	inner, err := members(body, "body.")
	if err != nil {
		return nil, err
	}
	all = append(all, inner...)
	slices.SortFunc(all, func(a, b Field) int { return strings.Compare(a.Label, b.Label) })
	return all, nil
}

// members splits a JSON object into its members, prefixing each name.
func members(object []byte, prefix string) ([]Field, error) {
	dec := jsontext.NewDecoder(bytes.NewBuffer(object)) // a buffer is read where it is
	if tok, err := dec.ReadToken(); err != nil {
		return nil, err
	} else if tok.Kind() != '{' {
		return nil, fault.New(fault.Invalid, "fault.act.not-object")
	}
	var all []Field
	for dec.PeekKind() == '"' {
		name, err := dec.ReadToken()
		if err != nil {
			return nil, err
		}
		label := prefix + name.String()
		value, err := dec.ReadValue()
		if err != nil {
			return nil, err
		}
		end := dec.InputOffset() // the values stay where they are in object, which nobody changes
		all = append(all, Field{label, object[end-int64(len(value)) : end : end]})
	}
	_, err := dec.ReadToken()
	return all, err
}

// object joins the fields whose label has the prefix into one canonical JSON object without it.
func object(all []Field, prefix, strip string) jsontext.Value {
	size := 2
	for _, f := range all {
		size += len(f.Label) + len(f.Value) + 4
	}
	out := append(make([]byte, 0, size), '{')
	for _, f := range all {
		name, ok := strings.CutPrefix(f.Label, prefix)
		if !ok {
			continue
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		out, _ = jsontext.AppendQuote(out, strings.TrimPrefix(prefix, strip)+name)
		out = append(append(out, ':'), f.Value...)
	}
	return append(out, '}')
}

// Encode gives the bytes of the act: canonical JSON, the only form in which it is carried or kept.
func (s *Signed) Encode() ([]byte, error) {
	b, err := json.Marshal(wire{object(s.Fields, "", ""), s.Secret, s.Signature})
	if err != nil {
		return nil, err
	}
	if len(b) > MaxSize {
		return nil, fault.New(fault.Invalid, "fault.act.too-large")
	}
	return b, nil
}

// Parse reads what Encode writes and nothing else: duplicate keys, unknown members, trailing bytes, text
// that is not NFC, and any other than the canonical form are refused (facts/exchange.md, section 6).
func Parse(b []byte) (*Signed, error) {
	if len(b) > MaxSize {
		return nil, fault.New(fault.Invalid, "fault.act.too-large")
	}
	canonical := jsontext.Value(bytes.Clone(b))
	if err := canonical.Canonicalize(); err != nil {
		return nil, malformed(err)
	}
	if !bytes.Equal(canonical, b) || !norm.NFC.IsNormal(b) {
		return nil, fault.New(fault.Invalid, "fault.act.not-canonical")
	}
	var w wire
	if err := json.Unmarshal(b, &w, json.RejectUnknownMembers(true)); err != nil {
		return nil, malformed(err)
	}
	all, err := members(w.Fields, "")
	if err != nil {
		return nil, malformed(err)
	}
	if len(w.Secret) != secretSize || len(w.Signature) != signatureSize {
		return nil, malformed(nil)
	}
	if !bytes.HasSuffix(b, tail(w)) { // base64 has several readings of its last character; one is ours
		return nil, fault.New(fault.Invalid, "fault.act.not-canonical")
	}
	return &Signed{Fields: all, Secret: w.Secret, Signature: w.Signature}, nil
}

// tail is how the canonical form of an act ends.
func tail(w wire) []byte {
	return fmt.Appendf(nil, `"secret":"%s","signature":"%s"}`,
		base64.StdEncoding.EncodeToString(w.Secret), base64.StdEncoding.EncodeToString(w.Signature))
}

func malformed(cause error) error {
	return fault.New(fault.Invalid, "fault.act.malformed").Because(cause)
}

// Open reads the envelope and the raw body. The envelope's own fields are all required.
func (s *Signed) Open() (Envelope, jsontext.Value, error) {
	var e Envelope
	if err := json.Unmarshal(object(s.Fields, "act.", ""), &e, json.RejectUnknownMembers(true)); err != nil {
		return e, nil, malformed(err)
	}
	if e.Protocol != Protocol || e.Schema != Schema {
		return e, nil, fault.New(fault.Invalid, "fault.act.version", "protocol", e.Protocol, "schema", e.Schema)
	}
	if e.ID == "" || e.Kind == "" || e.KeyID == "" || time.Time(e.Made).IsZero() {
		return e, nil, malformed(nil)
	}
	return e, object(s.Fields, "body.", "body."), nil
}
