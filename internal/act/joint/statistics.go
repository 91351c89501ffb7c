package joint

import "countersign/internal/act"

// Joint statistics: what both states count of the same transfers, and the signatures under a joint release.
const (
	MirrorCounted        act.Kind = "mirror.counted"
	ReleaseOffered       act.Kind = "release.offered"
	ReleaseCountersigned act.Kind = "release.countersigned"
)

var statisticsKinds = act.Vocabulary{
	MirrorCounted:        func() any { return new(MirrorCount) },
	ReleaseOffered:       func() any { return new(ReleaseOffer) },
	ReleaseCountersigned: func() any { return new(ReleaseCountersignature) },
}

// MirrorCount is one side's own count of the transfers of a period under the agreement: the acts by which
// handovers were accepted, which both sides hold. It carries no personal data and no code beyond the day.
type MirrorCount struct {
	First     string           `json:"first"` // 2006-01-02
	Last      string           `json:"last"`
	Transfers []MirrorTransfer `json:"transfers"`
}

// MirrorTransfer is one accepted handover as this side counts it.
type MirrorTransfer struct {
	Act act.ID `json:"act"` // the acceptance
	Day string `json:"day"` // on which this side counts it
}

// ReleaseOffer tells the peer all that it needs to compute a published joint release again from its own record.
type ReleaseOffer struct {
	Release   string           `json:"release"`
	First     string           `json:"first"` // quarters, both included
	Last      string           `json:"last"`
	Known     string           `json:"known"`      // RFC 3339
	PublishAt string           `json:"publish_at"` // RFC 3339
	Sizes     map[string]int64 `json:"sizes"`      // of both streams, by author
	Digest    string           `json:"digest"`     // SHA-256 of the manifest
	KeyID     string           `json:"key_id"`
	Signature string           `json:"signature"` // the publisher's, over the manifest, standard base64
}

// ReleaseCountersignature is the peer's signature under the manifest of a joint release, given after
// publication; sight of it before is an access on the publisher's pre-release list.
type ReleaseCountersignature struct {
	Release   string `json:"release"`
	Digest    string `json:"digest"` // SHA-256 of the manifest
	KeyID     string `json:"key_id"`
	Signature string `json:"signature"` // over the manifest, standard base64
}
