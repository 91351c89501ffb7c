package record

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"countersign/internal/act"
	"countersign/internal/fault"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// BundleFormat is the format of evidence bundles.
const BundleFormat = "countersign-evidence/1"

// Bundle is an act with all that proves it, for somebody who trusts neither state (design.md 5.12): the
// fields that are opened, the officer's signature, the officer's roster entry, and the place of both in a log
// head that one state signed and the other countersigned. Fields that stay closed stay blind.
type Bundle struct {
	Format  string  `json:"format"`
	Origin  string  `json:"origin"`  // the stream
	Head    string  `json:"head"`    // countersigned checkpoint, a signed note
	Act     Exhibit `json:"act"`     // what is proved
	Officer Exhibit `json:"officer"` // the roster act that entered the signer's key
	// Keys are the acts by which either authority has changed its log or countersigning key since the pairing, each
	// signed by the authority's root key.
	Keys []Exhibit `json:"keys,omitzero"`
}

// Exhibit is one act of the stream: its position, commitments, opened fields and inclusion proof.
type Exhibit struct {
	Index       int64    `json:"index"`
	Commitments []string `json:"commitments"` // base64
	Opened      []Opened `json:"opened"`
	Signature   string   `json:"signature"`
	Proof       []string `json:"proof"` // base64, RFC 6962
}

// Opened is one field with what shows that it fits its commitment.
type Opened struct {
	Label string         `json:"label"`
	Value jsontext.Value `json:"value"`
	Salt  string         `json:"salt"`
}

// MakeExhibit opens the fields that open accepts.
func MakeExhibit(s *act.Signed, index int64, proof tlog.RecordProof, open func(label string) bool) (Exhibit, error) {
	e := Exhibit{Index: index, Signature: b64(s.Signature), Opened: []Opened{}, Proof: []string{}}
	commitments, err := s.Commitments()
	if err != nil {
		return e, err
	}
	for i, c := range commitments {
		e.Commitments = append(e.Commitments, b64(c[:]))
		if !open(s.Fields[i].Label) {
			continue
		}
		salt, err := act.Salt(s.Secret, s.Fields[i].Label)
		if err != nil {
			return e, err
		}
		e.Opened = append(e.Opened, Opened{s.Fields[i].Label, s.Fields[i].Value, b64(salt)})
	}
	for _, h := range proof {
		e.Proof = append(e.Proof, b64(h[:]))
	}
	return e, nil
}

// Authority is the public keys by which one state is known; people compare their fingerprints at pairing.
type Authority struct {
	Authority string `json:"authority"`
	Root      []byte `json:"root"`
	Log       []byte `json:"log"`
	Cosign    []byte `json:"cosign"`
	Seal      []byte `json:"seal"`
	TLS       []byte `json:"tls"`
}

// Fingerprint is what people on both sides read to each other at pairing: 16 groups of four hexadecimal digits over
// all public keys of the authority. It is the same for everybody who holds the same keys.
func (a Authority) Fingerprint() string {
	h := sha256.New()
	h.Write([]byte("countersign/pairing/1\x00"))
	for _, part := range [][]byte{[]byte(a.Authority), a.Root, a.Log, a.Cosign, a.Seal, a.TLS} {
		var n [4]byte
		binary.BigEndian.PutUint32(n[:], uint32(len(part)))
		h.Write(n[:])
		h.Write(part)
	}
	digits := hex.EncodeToString(h.Sum(nil))
	groups := make([]string, 0, 16)
	for i := 0; i < len(digits); i += 4 {
		groups = append(groups, digits[i:i+4])
	}
	return strings.Join(groups, " ")
}

// ReadAuthority reads a public key file.
func ReadAuthority(b []byte) (Authority, error) {
	var a Authority
	if err := json.Unmarshal(b, &a, json.RejectUnknownMembers(true)); err != nil {
		return a, fault.New(fault.Invalid, "fault.keys.malformed").Because(err)
	}
	for _, k := range [][]byte{a.Root, a.Log, a.Cosign, a.TLS} {
		if len(k) != ed25519.PublicKeySize {
			return a, fault.New(fault.Invalid, "fault.keys.malformed")
		}
	}
	return a, nil
}

// Check is one thing that was looked at: a catalogue key, whether it holds, and what was found.
type Check struct {
	Key    string `json:"check"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail,omitzero"`
	Where  string `json:"where,omitzero"` // log and position at which it failed first
	// Fault and Args say what does not fit, as a message of the catalogue.
	Fault string            `json:"fault,omitzero"`
	Args  map[string]string `json:"args,omitzero"`
}

// Verdict is all checks of a bundle, and what it proves when all hold.
type Verdict struct {
	Checks    []Check           `json:"checks"`
	Kind      string            `json:"kind"`
	Authority string            `json:"authority"`
	Officer   string            `json:"officer"`
	Role      string            `json:"role"`
	Received  time.Time         `json:"received"` // time of the countersignature
	Fields    map[string]string `json:"fields"`   // opened fields, as JSON text
}

// OK tells whether every check holds.
func (v *Verdict) OK() bool {
	for _, c := range v.Checks {
		if !c.OK {
			return false
		}
	}
	return len(v.Checks) > 0
}

func (v *Verdict) check(key string, err error, detail string) bool {
	c := Check{Key: key, OK: err == nil, Detail: detail}
	if err != nil {
		c.Detail, c.Fault, c.Args = err.Error(), fault.KeyOf(err), fault.ArgsOf(err)
	}
	v.Checks = append(v.Checks, c)
	return err == nil
}

// Verify checks a bundle with nothing but the two authorities' public keys. The error is for bytes that are
// no bundle; what does not fit is in the verdict, by name.
func Verify(raw []byte, authorities ...Authority) (*Verdict, error) {
	var b Bundle
	if err := json.Unmarshal(raw, &b, json.RejectUnknownMembers(true)); err != nil {
		return nil, fault.New(fault.Invalid, "fault.bundle.malformed").Because(err)
	}
	if b.Format != BundleFormat {
		return nil, fault.New(fault.Invalid, "fault.bundle.format", "format", b.Format, "want", BundleFormat)
	}
	v := &Verdict{Fields: map[string]string{}}
	sender, receiver, err := parties(b.Origin, authorities)
	if !v.check("verify.parties", err, b.Origin) {
		return v, nil
	}
	head := v.head(b, sender, receiver)
	fields := v.exhibit("act", b.Act, b.Origin, head)
	entry := v.exhibit("officer", b.Officer, b.Origin, head)
	v.signer(b, fields, entry, sender)
	v.Kind, v.Authority, v.Role = text(fields["act.kind"]), text(fields["act.authority"]), text(fields["act.role"])
	v.Officer = text(entry["body.name"])
	for label, value := range fields {
		v.Fields[label] = string(value)
	}
	return v, nil
}

// parties finds the two authorities of a stream's origin: countersign/<agreement>/<from>/<to>.
func parties(origin string, known []Authority) (from, to Authority, err error) {
	names, err := partyNames(origin)
	if err != nil {
		return from, to, err
	}
	if from, err = find(known, names[0]); err != nil {
		return from, to, err
	}
	to, err = find(known, names[1])
	return from, to, err
}

// Sender finds the author of a stream among the authorities whose keys are given.
func Sender(origin string, known []Authority) (Authority, error) {
	names, err := partyNames(origin)
	if err != nil {
		return Authority{}, err
	}
	return find(known, names[0])
}

func partyNames(origin string) (names [2]string, err error) {
	parts := strings.Split(origin, "/")
	if len(parts) != 4 || parts[0] != "countersign" {
		return names, fault.New(fault.Invalid, "fault.bundle.origin", "origin", origin)
	}
	return [2]string{parts[2], parts[3]}, nil
}

func find(known []Authority, name string) (Authority, error) {
	for _, a := range known {
		if a.Authority == name {
			return a, nil
		}
	}
	return Authority{}, fault.New(fault.Missing, "fault.bundle.keys", "authority", name)
}

func (v *Verdict) head(b Bundle, sender, receiver Authority) Head {
	name := "countersign/" + receiver.Authority + "/countersign"
	cosigners := []*CosignVerifier{NewCosignVerifier(name, receiver.Cosign)}
	var logs []note.Verifier
	if log, err := LogVerifier(b.Origin, sender.Log); err == nil {
		logs = append(logs, log)
	}
	for _, e := range b.Keys {
		use, key, authority, err := e.keyChange(sender, receiver)
		if !v.check("verify.key", err, authority+" "+use) {
			continue
		}
		if log, err := LogVerifier(b.Origin, key); err == nil && use == "log" && authority == sender.Authority {
			logs = append(logs, log)
		}
		if use == "cosign" && authority == receiver.Authority {
			cosigners = append(cosigners, NewCosignVerifier(name, key))
		}
	}
	head, err := OpenHead([]byte(b.Head), b.Origin, logs...)
	v.check("verify.head", err, strconv.FormatInt(head.Size, 10))
	_, at, err := OpenCosignedBy([]byte(b.Head), b.Origin, logs, cosigners)
	v.Received = at
	v.check("verify.countersignature", err, at.Format(time.RFC3339))
	return head
}

// keyChange reads an act that changes a key, and checks that the authority's root key signed it.
func (e Exhibit) keyChange(parties ...Authority) (use string, key []byte, authority string, err error) {
	fields, err := e.fields()
	if err != nil {
		return "", nil, "", err
	}
	use, authority = text(fields["body.use"]), text(fields["act.authority"])
	bad := fault.New(fault.Denied, "fault.bundle.key")
	if text(fields["act.kind"]) != "link.key-changed" {
		return use, nil, authority, bad
	}
	if key, err = base64.StdEncoding.DecodeString(text(fields["body.key"])); err != nil || len(key) != ed25519.PublicKeySize {
		return use, nil, authority, bad
	}
	for _, p := range parties {
		if p.Authority == authority {
			return use, key, authority, verifyExhibit(e, p.Root)
		}
	}
	return use, key, authority, bad
}

// exhibit checks that the opened fields fit their commitments and that the act is in the log at its position.
func (v *Verdict) exhibit(name string, e Exhibit, origin string, head Head) map[string]jsontext.Value {
	fields, err := e.fields()
	v.check("verify."+name+".fields", err, strconv.Itoa(len(fields))+" of "+strconv.Itoa(len(e.Commitments)))
	v.check("verify."+name+".included", e.included(origin, head), strconv.FormatInt(e.Index, 10))
	return fields
}

func (e Exhibit) commitments() ([]act.Commitment, error) {
	all := make([]act.Commitment, len(e.Commitments))
	for i, s := range e.Commitments {
		b, err := strict(s)
		if err != nil || len(b) != len(all[i]) {
			return nil, fault.New(fault.Invalid, "fault.bundle.commitment", "n", strconv.Itoa(i))
		}
		all[i] = act.Commitment(b)
	}
	return all, nil
}

func (e Exhibit) fields() (map[string]jsontext.Value, error) {
	commitments, err := e.commitments()
	if err != nil {
		return nil, err
	}
	left := make(map[act.Commitment]bool, len(commitments))
	for _, c := range commitments {
		left[c] = true
	}
	fields := map[string]jsontext.Value{}
	for _, o := range e.Opened {
		salt, err := strict(o.Salt)
		value := o.Value.Clone() // a bundle is indented for people; what was committed to is the canonical form
		if err == nil {
			err = value.Canonicalize()
		}
		c := act.Commit(salt, act.Field{Label: o.Label, Value: value})
		if err != nil || !left[c] {
			return fields, fault.New(fault.Invalid, "fault.bundle.field", "label", o.Label)
		}
		delete(left, c)
		if _, twice := fields[o.Label]; twice {
			return fields, fault.New(fault.Invalid, "fault.bundle.field", "label", o.Label)
		}
		fields[o.Label] = value
	}
	return fields, nil
}

func (e Exhibit) root() ([32]byte, error) {
	c, err := e.commitments()
	return act.Root(c), err
}

func (e Exhibit) included(origin string, head Head) error {
	root, err := e.root()
	if err != nil {
		return err
	}
	signature, err := strict(e.Signature)
	if err != nil {
		return err
	}
	proof := make(tlog.RecordProof, len(e.Proof))
	for i, s := range e.Proof {
		h, err := strict(s)
		if err != nil || len(h) != tlog.HashSize {
			return fault.New(fault.Invalid, "fault.bundle.proof")
		}
		proof[i] = tlog.Hash(h)
	}
	leaf := tlog.RecordHash(act.Leaf(origin, root, signature))
	if e.Index < 0 || e.Index >= head.Size {
		return fault.New(fault.Invalid, "fault.bundle.proof")
	}
	if err := tlog.CheckRecord(proof, head.Size, head.Root, e.Index, leaf); err != nil {
		return fault.New(fault.Denied, "fault.bundle.not-included").Because(err)
	}
	return nil
}

// signer checks the chain from the authority's root key over the roster entry to the officer's signature.
func (v *Verdict) signer(b Bundle, fields, entry map[string]jsontext.Value, sender Authority) {
	v.check("verify.officer.entered", verifyExhibit(b.Officer, sender.Root), "")
	key, err := strict(text(entry["body.key"]))
	if err == nil && len(key) != ed25519.PublicKeySize {
		err = fault.New(fault.Invalid, "fault.bundle.key")
	}
	if err == nil {
		err = verifyExhibit(b.Act, key)
	}
	v.check("verify.act.signature", err, "")
	v.check("verify.officer.is-signer", sameSigner(b, fields, entry, sender), text(fields["act.role"]))
}

func verifyExhibit(e Exhibit, key ed25519.PublicKey) error {
	root, err := e.root()
	if err != nil {
		return err
	}
	signature, err := strict(e.Signature)
	if err != nil {
		return err
	}
	return act.Verify(root, signature, key)
}

// sameSigner checks that the act names the officer, role and key that the roster entry gives, and that the
// entry came first.
func sameSigner(b Bundle, fields, entry map[string]jsontext.Value, sender Authority) error {
	same := text(entry["act.kind"]) == "roster.entered" &&
		text(fields["act.authority"]) == sender.Authority &&
		text(fields["act.officer"]) == text(entry["body.officer"]) &&
		text(fields["act.role"]) == text(entry["body.role"]) &&
		text(fields["act.key"]) == text(entry["body.key_id"]) && text(fields["act.key"]) != ""
	if !same || b.Officer.Index >= b.Act.Index {
		return fault.New(fault.Denied, "fault.bundle.signer")
	}
	return nil
}

// text reads a JSON string, "" for anything else.
func text(v jsontext.Value) string {
	var s string
	if json.Unmarshal(v, &s) != nil {
		return ""
	}
	return s
}

func b64(b []byte) string { return base64.StdEncoding.EncodeToString(b) }
