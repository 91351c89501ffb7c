package record

import (
	"crypto/ed25519"
	"encoding/base64"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/joint"
	"countersign/internal/fault"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/mod/sumdb/tlog"
)

// Shown is one act of a log as a source shows it: whole, or blind but for the fields that its reader may see, or erased.
// Root is computed by the reader from commitments, and each of Fields fits its commitment.
type Shown struct {
	Index     int64
	Root      [32]byte
	Signature []byte
	Fields    map[string]jsontext.Value
	// Refused is the node's word that the act was held without effect: it may be bad.
	Refused bool
	// Erased is the leaf of an act about a person whose key was destroyed. Nothing else of it is left.
	Erased *tlog.Hash
}

// ShowWhole shows an act that can be read.
func ShowWhole(index int64, s *act.Signed) (Shown, error) {
	x := Shown{Index: index, Signature: s.Signature, Fields: make(map[string]jsontext.Value, len(s.Fields))}
	for _, f := range s.Fields {
		x.Fields[f.Label] = f.Value
	}
	var err error
	x.Root, err = s.Root()
	return x, err
}

// Show reads an exhibit: the root follows from its commitments, and each opened field is checked against its own.
func (e Exhibit) Show() (x Shown, err error) {
	x.Index = e.Index
	if x.Fields, err = e.fields(); err != nil {
		return x, err
	}
	if x.Signature, err = strict(e.Signature); err != nil {
		return x, fault.New(fault.Invalid, "fault.act.malformed").Because(err)
	}
	x.Root, err = e.root()
	return x, err
}

// envelope reads what an auditor must see of an act. An act that shows less cannot be judged.
func (x Shown) envelope() (e act.Envelope, err error) {
	bad := fault.New(fault.Invalid, "fault.act.malformed")
	for label, into := range map[string]any{"act.protocol": &e.Protocol, "act.schema": &e.Schema, "act.agreement": &e.Agreement, "act.version": &e.Version, "act.id": &e.ID,
		"act.scope": &e.Scope, "act.kind": &e.Kind, "act.made": &e.Made, "act.officer": &e.Officer, "act.authority": &e.Authority, "act.role": &e.Role, "act.key": &e.KeyID} {
		value, ok := x.Fields[label]
		if !ok {
			return e, bad
		}
		if err := json.Unmarshal(value, into); err != nil {
			return e, bad.Because(err)
		}
	}
	if e.Protocol != act.Protocol || e.Schema != act.Schema {
		return e, fault.New(fault.Invalid, "fault.act.version", "protocol", e.Protocol, "schema", e.Schema)
	}
	return e, nil
}

// ForAuditor tells which fields of an act an auditor must see: who signed, for which office, what kind of act, when, under
// which agreement; of the acts about roster, keys and link, which are about no person, everything. Whom a case is about and
// what is said there stays blind.
func ForAuditor(kind act.Kind) func(label string) bool {
	all := joint.IsRoster(kind) || joint.IsLink(kind) || kind == joint.ActRefused
	return func(label string) bool { return all || auditorSees[label] }
}

var auditorSees = map[string]bool{"act.protocol": true, "act.schema": true, "act.agreement": true, "act.version": true, "act.id": true, "act.scope": true,
	"act.kind": true, "act.made": true, "act.officer": true, "act.authority": true, "act.role": true, "act.key": true}

// act checks one act at its place: it opens, its officer was on the roster there, and it could be made.
func (w *audit) act(x Shown) {
	index := w.edge.Size()
	if x.Erased != nil {
		w.found.Erased++
		w.edge.AppendHash(*x.Erased)
		return
	}
	w.edge.Append(act.Leaf(w.Origin, x.Root, x.Signature))
	e, err := x.envelope()
	if x.Refused && w.stream() {
		if e.Kind != joint.ActRefused { // a refusal that is itself bad is held without an answer
			w.found.Unanswered = append(w.found.Unanswered, index)
		}
		return
	}
	if err == nil && (e.Authority != w.Author || w.stream() && e.Scope != act.Joint) {
		err = fault.New(fault.Denied, "fault.exchange.authority")
	}
	if err != nil {
		w.fail("verify.record.acts", index, err)
		return
	}
	w.signer(index, e, x)
	if e.Scope != act.Joint {
		return
	}
	if err := w.enter(index, e, x); err != nil {
		w.fail("verify.record.acts", index, err)
	}
	if w.InForce != nil {
		if err := w.InForce(e); err != nil {
			w.fail("verify.record.agreement", index, err)
		}
	}
}

// signer judges the key at the act's position: root for what only root says, the node's own key for what only the node
// says, an officer's for all else.
func (w *audit) signer(index int64, e act.Envelope, x Shown) {
	if joint.RootOnly(e.Kind) {
		err := act.Verify(x.Root, x.Signature, w.root)
		if err == nil && e.KeyID != act.KeyID(w.root) {
			err = fault.New(fault.Denied, "fault.roster.not-root")
		}
		if err != nil {
			w.fail("verify.record.signatures", index, err)
		}
		return
	}
	signer, ok := w.found.Roster[e.KeyID]
	if !ok || signer.Officer != e.Officer || signer.Role != e.Role {
		w.fail("verify.record.roster", index, fault.New(fault.Denied, "fault.roster.unknown-key", "key", e.KeyID))
		return
	}
	if w.stream() {
		if joint.NodeSays(e.Kind) != (e.Role == "node") {
			w.fail("verify.record.roster", index, fault.New(fault.Denied, "fault.roster.role", "role", e.Role))
		}
		if _, err := w.found.Roster.At(e.KeyID, index, time.Time(e.Made).Format(time.DateOnly)); err != nil {
			w.fail("verify.record.roster", index, err)
		}
	}
	if err := act.Verify(x.Root, x.Signature, signer.Key); err != nil {
		w.fail("verify.record.signatures", index, err)
	}
}

// enter folds what the audit itself stands on: roster, log keys, refusals.
func (w *audit) enter(index int64, e act.Envelope, x Shown) error {
	if !joint.IsRoster(e.Kind) && e.Kind != joint.KeyChanged && e.Kind != joint.ActRefused {
		return nil
	}
	body, err := joint.Vocabulary.Decode(e.Kind, x.body())
	if err != nil {
		return err
	}
	switch b := body.(type) {
	case *joint.RosterEntry:
		key, err := rosterKey(b)
		if err != nil {
			return err
		}
		w.found.Roster[b.KeyID] = act.Signer{Officer: b.Officer, Authority: w.Author, Name: b.Name, Role: b.Role, Key: key, From: index, Until: b.Until}
	case *joint.RosterEnd:
		if s, ok := w.found.Roster[b.KeyID]; ok && s.Ended == 0 {
			s.Ended = index
			w.found.Roster[b.KeyID] = s
		}
	case *joint.KeyChange:
		key, err := base64.StdEncoding.DecodeString(b.Key)
		if b.Use == joint.UseLog && err == nil && len(key) == ed25519.PublicKeySize {
			w.logKeys = append(w.logKeys, change{index: index, key: key})
		}
	case *joint.ActRefusal:
		w.found.Refused[b.Index] = true
	}
	return nil
}

// body joins the opened members of the body.
func (x Shown) body() jsontext.Value {
	b := map[string]jsontext.Value{}
	for label, value := range x.Fields {
		if len(label) > 5 && label[:5] == "body." {
			b[label[5:]] = value
		}
	}
	raw, err := json.Marshal(b, json.Deterministic(true))
	if err != nil {
		return nil
	}
	return raw
}
