package desk

import (
	"cmp"
	"context"
	"slices"
	"time"

	"countersign/internal/access"
	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/fault"
	"countersign/internal/statistics/release"
	"countersign/internal/store"

	"github.com/go-json-experiment/json"
)

// ReleaseView is a release as its officers see it. Nothing in it names a person who was returned.
type ReleaseView struct {
	release.State
	Own      bool
	Offer    *joint.ReleaseOffer // of the peer
	Signers  []string            // authorities whose signatures stand under the manifest
	Findings []ReleaseFinding    // of the newest draft, until it is published
}

// Releases lists the own releases and those that the peer offers, newest first.
func (d *Desk) Releases(_ context.Context, who Session) ([]ReleaseView, error) {
	if err := d.allow(who, "view-statistics", access.Resource{Type: "release"}); err != nil {
		return nil, err
	}
	own, err := d.ownReleases(d.Store)
	if err != nil {
		return nil, err
	}
	var all []ReleaseView
	for _, s := range own {
		v, err := d.releaseView(s)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	offers, err := d.offers(d.Store)
	if err != nil {
		return nil, err
	}
	for _, o := range offers {
		v, err := d.offeredView(o)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	slices.SortStableFunc(all, func(a, b ReleaseView) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.Release, b.Release)) })
	return all, nil
}

// Release is one of them.
func (d *Desk) Release(ctx context.Context, who Session, id string) (ReleaseView, error) {
	all, err := d.Releases(ctx, who)
	if err != nil {
		return ReleaseView{}, err
	}
	for _, v := range all {
		if v.State.Release == id {
			return v, nil
		}
	}
	return ReleaseView{}, fault.New(fault.Missing, "fault.release.unknown", "release", id)
}

func (d *Desk) releaseView(s release.State) (ReleaseView, error) {
	v := ReleaseView{State: s, Own: true, Findings: []ReleaseFinding{}}
	if s.Public() {
		v.Signers = []string{d.Authority}
		c, err := d.countersigned(d.Store, d.Peer.Authority, s.Digest)
		if err != nil {
			return v, err
		}
		if ok, err := d.peerSigned(s.Release, c); err != nil {
			return v, err
		} else if ok {
			v.Signers = append(v.Signers, d.Peer.Authority)
		}
	}
	if digest := pendingDigest(s); digest != "" && (!s.Public() || s.Pending != nil) {
		raw, err := store.Findings(d.Store, s.Release, digest)
		if err != nil || raw == "" {
			return v, err
		}
		if err := json.Unmarshal([]byte(raw), &v.Findings); err != nil {
			return v, err
		}
	}
	return v, nil
}

// peerSigned checks a countersignature against the manifest that is kept here.
func (d *Desk) peerSigned(id string, c *joint.ReleaseCountersignature) (bool, error) {
	if c == nil {
		return false, nil
	}
	manifest, ok, err := store.ReleaseFile(d.Store, id, c.Digest, release.ManifestName)
	return ok && d.fitsPeer(manifest, c.KeyID, c.Signature), err
}

func (d *Desk) offeredView(o *joint.ReleaseOffer) (ReleaseView, error) {
	v := ReleaseView{Offer: o, Findings: []ReleaseFinding{}}
	v.State = release.State{Release: o.Release, Kind: release.KindJoint, Phase: release.Published, First: o.First, Last: o.Last, Digest: o.Digest}
	v.At, _ = time.Parse(time.RFC3339, o.PublishAt) // for display; recompute refuses one that is malformed
	v.Shown = v.At
	c, err := d.countersigned(d.Store, d.Authority, o.Digest)
	if c != nil { // this node has computed the same manifest and checked the peer's signature under it
		v.Signers = []string{d.Peer.Authority, d.Authority}
	}
	return v, err
}

// ReleaseFiles hands out the files of a release with every signature that is under it, byte for byte as they were
// built. Before publication only those on the list see them, in the last day, and each look is an act.
func (d *Desk) ReleaseFiles(ctx context.Context, who Session, id string) (map[string][]byte, error) {
	v, err := d.Release(ctx, who, id)
	if err != nil {
		return nil, err
	}
	if !v.Public() {
		if err := d.preRelease(ctx, who, v); err != nil {
			return nil, err
		}
	}
	files, err := store.ReleaseFiles(d.Store, id, v.Digest)
	if err != nil {
		return nil, err
	}
	if len(files) == 0 { // offered, and not yet computed here
		return nil, fault.New(fault.Missing, "fault.release.not-computed", "release", id)
	}
	return files, d.sign(v, files)
}

// preRelease lets the officers who make a draft see it, and others only as listed readers.
func (d *Desk) preRelease(ctx context.Context, who Session, v ReleaseView) error {
	if v.Digest == "" {
		return fault.New(fault.Conflict, "fault.release.not-drafted", "release", v.State.Release)
	}
	for _, action := range []string{"propose-edition", "confirm-edition"} {
		if d.allow(who, action, releaseThing(act.Officer{})) == nil {
			return nil
		}
	}
	return d.perform(ctx, who, func(t *turn) error {
		return t.release("view-statistics", domestic.ReleaseStep{Release: v.State.Release, Step: release.StepAccess}, nil)
	})
}

// sign completes the signatures file: the publisher's, and the other state's once it has countersigned.
func (d *Desk) sign(v ReleaseView, files map[string][]byte) error {
	if !slices.Contains(v.Signers, d.Peer.Authority) {
		return nil
	}
	manifest := files[release.ManifestName]
	var err error
	if v.Own {
		c, e := d.countersigned(d.Store, d.Peer.Authority, v.Digest)
		if e != nil || c == nil {
			return e
		}
		files[release.SignaturesName], err = release.AddSignatures(manifest, files[release.SignaturesName], given{d.Peer.Authority, c.KeyID, c.Signature})
		return err
	}
	c, err := d.countersigned(d.Store, d.Authority, v.Digest)
	if err != nil || c == nil {
		return err
	}
	files[release.SignaturesName], err = release.AddSignatures(manifest, nil, given{d.Peer.Authority, v.Offer.KeyID, v.Offer.Signature}, given{d.Authority, c.KeyID, c.Signature})
	return err
}
