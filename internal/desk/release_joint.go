package desk

import (
	"context"
	"encoding/base64"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/joint"
	"countersign/internal/fault"
	"countersign/internal/statistics"
	"countersign/internal/statistics/mirror"
	"countersign/internal/statistics/release"
	"countersign/internal/store"
)

// OfferRelease asks the peer to compute a published joint release again and to countersign it. Before publication
// it is refused: the peer's sight would be an access that no list names.
func (d *Desk) OfferRelease(ctx context.Context, who Session, id string) error {
	return d.perform(ctx, who, func(t *turn) error {
		s, err := t.releaseState(id)
		if err != nil {
			return err
		}
		if err := t.allow("propose-edition", releaseThing(act.Officer{})); err != nil {
			return err
		}
		if s.Kind != release.KindJoint || !s.Public() || s.Pending != nil {
			return fault.New(fault.Conflict, "fault.release.not-offered", "release", id)
		}
		manifest, ok, err := store.ReleaseFile(t.tx, id, s.Digest, release.ManifestName)
		if err != nil || !ok {
			return fault.New(fault.Missing, "fault.release.unknown", "release", id).Because(err)
		}
		keyID, signature, err := t.signManifest(manifest)
		if err != nil {
			return err
		}
		_, err = t.say(act.Statement{Scope: act.Joint, Kind: joint.ReleaseOffered, Body: &joint.ReleaseOffer{Release: id, First: s.First, Last: s.Last,
			Known: s.Draft.Known, PublishAt: s.At.UTC().Format(time.RFC3339), Sizes: s.Draft.Sizes, Digest: s.Digest, KeyID: keyID, Signature: signature}})
		return err
	})
}

func (t *turn) signManifest(manifest []byte) (keyID, signature string, err error) {
	key, err := t.releaseKey()
	if err != nil {
		return "", "", err
	}
	raw, err := key.Sign(release.Message(manifest))
	return key.KeyID(), base64.StdEncoding.EncodeToString(raw), err
}

// CountersignRelease computes the peer's joint release again from this node's own record. Only when every byte
// of its manifest is the same does this authority sign it too. Otherwise it is refused, and the report says where
// both counts of the transfers differ, act by act.
func (d *Desk) CountersignRelease(ctx context.Context, who Session, id string) (report *mirror.Report, err error) {
	err = d.perform(ctx, who, func(t *turn) error {
		if err := t.allow("propose-edition", releaseThing(act.Officer{})); err != nil {
			return err
		}
		offer, err := t.offer(t.tx, id)
		if err != nil {
			return err
		}
		files, err := t.recompute(offer)
		if err != nil {
			return err
		}
		manifest := files[release.ManifestName]
		switch {
		case release.Digest(manifest) != offer.Digest:
			return fault.New(fault.Conflict, "fault.release.differs", "release", id)
		case !t.fitsPeer(manifest, offer.KeyID, offer.Signature):
			return fault.New(fault.Denied, "fault.release.peer-signature", "release", id)
		}
		if held, err := t.countersigned(t.tx, t.Authority, offer.Digest); err != nil || held != nil {
			return fault.New(fault.Conflict, "fault.release.signed", "authority", t.Authority).Because(err)
		}
		delete(files, release.SignaturesName)
		if err := t.tx.PutReleaseFiles(id, offer.Digest, files); err != nil {
			return err
		}
		keyID, signature, err := t.signManifest(manifest)
		if err != nil {
			return err
		}
		_, err = t.say(act.Statement{Scope: act.Joint, Kind: joint.ReleaseCountersigned,
			Body: &joint.ReleaseCountersignature{Release: id, Digest: offer.Digest, KeyID: keyID, Signature: signature}})
		return err
	})
	if fault.KeyOf(err) != "fault.release.differs" {
		return nil, err
	}
	// Outside the transaction that was refused: the differences are read, nothing is written.
	second := d.perform(ctx, who, func(t *turn) error {
		offer, e := t.offer(t.tx, id)
		if e != nil {
			return e
		}
		a, e := statistics.ParseQuarter(offer.First)
		if e != nil {
			return e
		}
		b, e := statistics.ParseQuarter(offer.Last)
		if e != nil {
			return e
		}
		report, e = t.mirror(period(a, b))
		return e
	})
	if second != nil {
		return nil, second
	}
	return report, err
}

// recompute builds an offered release from the own record.
func (t *turn) recompute(o *joint.ReleaseOffer) (map[string][]byte, error) {
	known, err := time.Parse(time.RFC3339, o.Known)
	if err != nil {
		return nil, fault.New(fault.Invalid, "fault.release.plan").Because(err)
	}
	at, err := time.Parse(time.RFC3339, o.PublishAt)
	if err != nil {
		return nil, fault.New(fault.Invalid, "fault.release.plan").Because(err)
	}
	content, err := t.jointContent(jointPlan{id: o.Release, authority: t.Peer.Authority, first: o.First, last: o.Last, known: known, at: at, sizes: o.Sizes})
	if err != nil {
		return nil, err
	}
	return content.Files()
}

// offer is the peer's newest offer of a release.
func (d *Desk) offer(r reader, id string) (*joint.ReleaseOffer, error) {
	all, err := d.offers(r)
	if err != nil {
		return nil, err
	}
	for _, o := range all {
		if o.Release == id {
			return o, nil
		}
	}
	return nil, fault.New(fault.Missing, "fault.release.unknown", "release", id)
}

// offers are the peer's newest offers, one per release.
func (d *Desk) offers(r reader) ([]*joint.ReleaseOffer, error) {
	var all []*joint.ReleaseOffer
	err := d.eachEvent(r, joint.ReleaseOffered, func(e act.Event) error {
		o := e.Body.(*joint.ReleaseOffer)
		if e.Officer.Authority != d.Peer.Authority {
			return nil
		}
		for i, x := range all {
			if x.Release == o.Release {
				all[i] = o
				return nil
			}
		}
		all = append(all, o)
		return nil
	})
	return all, err
}

// countersigned is an authority's countersignature under a manifest; nil when there is none.
func (d *Desk) countersigned(r reader, authority, digest string) (*joint.ReleaseCountersignature, error) {
	var found *joint.ReleaseCountersignature
	err := d.eachEvent(r, joint.ReleaseCountersigned, func(e act.Event) error {
		if c := e.Body.(*joint.ReleaseCountersignature); e.Officer.Authority == authority && c.Digest == digest {
			found = c
		}
		return nil
	})
	return found, err
}
