package desk

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/fault"
	"countersign/internal/statistics"
	"countersign/internal/statistics/cube"
	"countersign/internal/statistics/disclose"
	"countersign/internal/statistics/release"
	"countersign/internal/store"

	"github.com/go-json-experiment/json"
	"golang.org/x/mod/sumdb/tlog"
)

// lag is the usual recording delay in days: a return recorded later than that counts as late.
const lag = 42

// ReleaseFinding is what stands against publishing a draft until an officer has decided.
type ReleaseFinding struct {
	Kind  string `json:"kind"`            // tables, editions, or how the two counts of transfers differ
	One   string `json:"one"`             // cell, or the act of a transfer
	Other string `json:"other,omitzero"`  // cell or earlier release
	Size  int64  `json:"size,omitzero"`   // how many people it is about
	Ours  string `json:"ours,omitzero"`   // day on which this side counts the transfer
	Their string `json:"theirs,omitzero"` // and the other side
}

// draft builds the files of a release and keeps them with what was found. A correction is noted in the files
// themselves, with those before it; a joint release has its notes at the publisher only, because the other state
// computes the same bytes and holds no note.
func (t *turn) draft(s release.State, correction ...release.Correction) (domestic.ReleaseStep, []ReleaseFinding, error) {
	step := domestic.ReleaseStep{Release: s.Release, Known: t.tx.Now.UTC().Format(time.RFC3339)}
	last, err := statistics.ParseQuarter(s.Last)
	if err != nil {
		return step, nil, err
	}
	if last.End().After(t.tx.Now) {
		return step, nil, fault.New(fault.Invalid, "fault.release.not-over", "last", s.Last)
	}
	var content *release.Content
	findings := []ReleaseFinding{}
	if s.Kind == release.KindJoint {
		content, findings, err = t.draftJoint(s, &step)
	} else {
		content, findings, err = t.draftOwn(s, &step, correction)
	}
	if err != nil {
		return step, nil, err
	}
	if err := t.keepDraft(content, &step); err != nil {
		return step, nil, err
	}
	step.Open = len(findings)
	raw, err := json.Marshal(findings)
	if err != nil {
		return step, nil, err
	}
	return step, findings, t.tx.PutFindings(s.Release, step.Digest, string(raw))
}

func (t *turn) keepDraft(c *release.Content, step *domestic.ReleaseStep) error {
	files, err := c.Files()
	if err != nil {
		return err
	}
	delete(files, release.SignaturesName) // signed when it is published
	step.Digest = release.Digest(files[release.ManifestName])
	return t.tx.PutReleaseFiles(c.ID, step.Digest, files)
}

// draftOwn counts this state's own tables from its returns as known now.
func (t *turn) draftOwn(s release.State, step *domestic.ReleaseStep, correction []release.Correction) (*release.Content, []ReleaseFinding, error) {
	ledger, err := t.counting()
	if err != nil {
		return nil, nil, err
	}
	log, err := t.tx.Log(t.domestic)
	if err != nil {
		return nil, nil, err
	}
	head := log.Head()
	step.Head = headText(t.domestic, head.Size, head.Root)
	in, err := releaseInput(s, t.Authority, ledger, t.tx.Now)
	if err != nil {
		return nil, nil, err
	}
	in.Secret = t.releaseSecret()
	for _, n := range s.Notes {
		in.Corrections = append(in.Corrections, release.Correction{Day: n.At.UTC().Format(time.DateOnly), Note: n.Text})
	}
	in.Corrections = append(in.Corrections, correction...)
	in.RecordHead = t.commitment(step.Head)
	previous, err := t.previous(s)
	if err != nil {
		return nil, nil, err
	}
	for _, p := range previous {
		known, err := time.Parse(time.RFC3339, p.Draft.Known)
		if err != nil {
			return nil, nil, err
		}
		in.Earlier = append(in.Earlier, cube.FromLedger(ledger, known))
		in.Changes = ledger.Changes(known, t.tx.Now, lag)
	}
	content, risks, err := release.Build(in)
	if err != nil {
		return nil, nil, err
	}
	if n := len(previous); n > 0 {
		files, err := store.ReleaseFiles(t.tx, previous[n-1].Release, previous[n-1].Digest)
		if err != nil {
			return nil, nil, err
		}
		before, err := release.Read(files)
		if err != nil {
			return nil, nil, err
		}
		risks = append(risks, release.Against(before, content, in.Policy.Threshold)...)
	}
	findings := []ReleaseFinding{}
	for _, r := range risks {
		findings = append(findings, ReleaseFinding{Kind: r.Kind, One: r.One, Other: r.Other, Size: r.Residual})
	}
	return content, findings, nil
}

func releaseInput(s release.State, authority string, ledger *statistics.Ledger, now time.Time) (release.Input, error) {
	first, err := statistics.ParseQuarter(s.First)
	if err != nil {
		return release.Input{}, err
	}
	last, err := statistics.ParseQuarter(s.Last)
	return release.Input{ID: s.Release, Authority: authority, Country: statistics.Country(s.Country), First: first, Last: last,
		Holding: cube.FromLedger(ledger, now), Changes: ledger.Changes(time.Time{}, now, lag), PublishAt: s.At, Policy: disclose.DefaultPolicy}, err
}

// previous are the own releases of the same tables that were published before, oldest first: the last one is what
// a reader can compare with.
func (t *turn) previous(s release.State) ([]release.State, error) {
	all, err := t.ownReleases(t.tx)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(o release.State) bool { return !o.Public() || o.Kind != s.Kind || o.Country != s.Country })
	slices.SortStableFunc(all, func(a, b release.State) int { return a.Shown.Compare(b.Shown) })
	return all, nil
}

// releaseSecret makes the salts of withheld cells. It never leaves the node.
func (d *Desk) releaseSecret() []byte {
	m := hmac.New(sha256.New, d.Keys.Blind)
	m.Write([]byte("countersign release salts"))
	return m.Sum(nil)
}

// commitment names a head of the domestic log in public without telling how many acts it has: that number moves
// with what stays in this state. Whoever may see the domestic log can check it.
func (d *Desk) commitment(head string) string {
	m := hmac.New(sha256.New, d.releaseSecret())
	m.Write([]byte(head))
	return "committed " + hex.EncodeToString(m.Sum(nil))
}

func headText(origin string, size int64, root tlog.Hash) string {
	return fmt.Sprintf("%s\n%d\n%s\n", origin, size, base64.StdEncoding.EncodeToString(root[:]))
}

// draftJoint counts what both states hold: their joint acts below the sizes that both have.
func (t *turn) draftJoint(s release.State, step *domestic.ReleaseStep) (*release.Content, []ReleaseFinding, error) {
	sizes, err := t.sharedSizes()
	if err != nil {
		return nil, nil, err
	}
	step.Sizes = sizes
	known, err := time.Parse(time.RFC3339, step.Known)
	if err != nil {
		return nil, nil, err
	}
	content, err := t.jointContent(jointPlan{id: s.Release, authority: t.Authority, first: s.First, last: s.Last, known: known, at: s.At, sizes: sizes})
	if err != nil {
		return nil, nil, err
	}
	findings, err := t.mirrorFindings(s.First, s.Last)
	return content, findings, err
}

// sharedSizes are how far both states hold both streams.
func (t *turn) sharedSizes() (map[string]int64, error) {
	own, err := t.tx.Log(t.stream)
	if err != nil {
		return nil, err
	}
	head, _, err := store.NewestCountersigned(t.tx, own.ID)
	if err != nil {
		return nil, err
	}
	peer, err := t.tx.Log(t.peer)
	if err != nil {
		return nil, err
	}
	return map[string]int64{t.Authority: head.Size, t.Peer.Authority: peer.Size()}, nil
}

// jointPlan is what both states have to agree on to compute the same joint release.
type jointPlan struct {
	id, authority, first, last string
	known, at                  time.Time
	sizes                      map[string]int64
}

func (t *turn) jointContent(p jointPlan) (*release.Content, error) {
	in := release.JointInput{ID: p.id, Authority: p.authority, Parties: []string{t.Authority, t.Peer.Authority}, Zones: map[string]*time.Location{}, Known: p.known, PublishAt: p.at}
	var err error
	if in.First, err = statistics.ParseQuarter(p.first); err != nil {
		return nil, err
	}
	if in.Last, err = statistics.ParseQuarter(p.last); err != nil {
		return nil, err
	}
	for _, a := range in.Parties {
		if in.Zones[a], err = t.Agreement.Zone(a); err != nil {
			return nil, err
		}
	}
	if in.RecordHead, err = t.jointHead(p.sizes); err != nil {
		return nil, err
	}
	if in.Acts, err = t.jointActs(p.sizes); err != nil {
		return nil, err
	}
	return release.BuildJoint(in)
}

// jointHead names both heads by one hash: how many acts the states exchange is not published.
func (t *turn) jointHead(sizes map[string]int64) (string, error) {
	origins := map[string]origin{t.Authority: t.stream, t.Peer.Authority: t.peer}
	h := sha256.New()
	for _, a := range slices.Sorted(maps.Keys(origins)) {
		log, err := t.tx.Log(origins[a])
		if err != nil {
			return "", err
		}
		size := sizes[a]
		if size < 0 || size > log.Size() {
			return "", fault.New(fault.Unavailable, "fault.release.not-here-yet")
		}
		root, err := tlog.TreeHash(size, store.HashReader{Q: t.tx, Log: log.ID})
		if err != nil {
			return "", err
		}
		h.Write([]byte(headText(origins[a], size, root)))
	}
	return "sha256 " + hex.EncodeToString(h.Sum(nil)), nil
}

// jointActs reads the columns of the joint acts that count; nothing is opened.
func (t *turn) jointActs(sizes map[string]int64) ([]release.JointAct, error) {
	var all []release.JointAct
	for _, rule := range release.Rules() {
		err := eachRow(t.tx, rule.Kind, func(row store.ActRow) error {
			if row.Refused == "" && row.Scope == act.Joint && row.Index < sizes[row.Officer.Authority] {
				all = append(all, release.JointAct{Kind: row.Kind, Case: row.About, Author: row.Officer.Authority, At: row.Occurred})
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

func eachRow(q store.Querier, kind act.Kind, fn func(store.ActRow) error) error {
	const page = 1024
	for after := int64(0); ; {
		rows, err := store.ActsOfKind(q, kind, after, page)
		if err != nil {
			return err
		}
		for _, row := range rows {
			after = row.Seq
			if err := fn(row); err != nil {
				return err
			}
		}
		if len(rows) < page {
			return nil
		}
	}
}

// releaseKey signs for the authority with the key that countersigns heads: its public half is in the file that
// people compared at pairing. The message of a release is another than any head (release.Signer).
type releaseKey struct {
	authority string
	key       ed25519.PrivateKey
}

func (k releaseKey) Authority() string             { return k.authority }
func (k releaseKey) KeyID() string                 { return act.KeyID(public(k.key)) }
func (k releaseKey) Sign(m []byte) ([]byte, error) { return ed25519.Sign(k.key, m), nil }

func (t *turn) releaseKey() (releaseKey, error) {
	key, err := t.ownSeed(t.tx, joint.UseCosign, t.inUse(joint.UseCosign).Public, t.Keys.Cosign)
	return releaseKey{t.Authority, key}, err
}

// signRelease puts the authority's signature beside the files.
func (t *turn) signRelease(s release.State, digest string) error {
	manifest, ok, err := store.ReleaseFile(t.tx, s.Release, digest, release.ManifestName)
	if err != nil || !ok {
		return fault.New(fault.Missing, "fault.release.unknown", "release", s.Release).Because(err)
	}
	key, err := t.releaseKey()
	if err != nil {
		return err
	}
	signatures, err := release.AddSignatures(manifest, nil, key)
	if err != nil {
		return err
	}
	return t.tx.PutReleaseFiles(s.Release, digest, map[string][]byte{release.SignaturesName: signatures})
}

// fitsPeer tells whether a signature over a manifest is by a key that the peer has or had in use.
func (d *Desk) fitsPeer(manifest []byte, keyID, signature string) bool {
	raw, err := base64.StdEncoding.DecodeString(signature)
	if err != nil {
		return false
	}
	for _, k := range d.ring().all(d.Peer.Authority, joint.UseCosign) {
		if act.KeyID(k.Public) == keyID && ed25519.Verify(k.Public, release.Message(manifest), raw) {
			return true
		}
	}
	return false
}

// given is a signature that was made elsewhere.
type given struct {
	authority, keyID, signature string
}

func (g given) Authority() string { return g.authority }
func (g given) KeyID() string     { return g.keyID }
func (g given) Sign([]byte) ([]byte, error) {
	return base64.StdEncoding.DecodeString(g.signature)
}
