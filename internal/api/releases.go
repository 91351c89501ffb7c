package api

import (
	"context"
	"net/http"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/desk"
	"countersign/internal/statistics"
	"countersign/internal/statistics/press"

	"github.com/danielgtaylor/huma/v2"
)

// Release is a statistical release and how far it is.
type Release struct {
	Release string    `json:"release"`
	Kind    string    `json:"kind,omitempty" doc:"joint, or this state's own tables"`
	Phase   string    `json:"phase"`
	First   string    `json:"first" doc:"quarter"`
	Last    string    `json:"last"`
	At      time.Time `json:"at" doc:"the announced minute"`
	Digest  string    `json:"digest,omitempty" doc:"of the manifest"`
	Own     bool      `json:"own"`
	Signers []string  `json:"signers" doc:"authorities whose signatures stand under the manifest"`
	Open    int       `json:"open_findings"`
}

type plan struct {
	Release string    `json:"release"`
	Kind    string    `json:"kind"`
	At      time.Time `json:"at"`
	First   string    `json:"first"`
	Last    string    `json:"last"`
	Country string    `json:"country"`
}

type note struct {
	Note string `json:"note"`
}

type reader struct {
	Officer act.ID `json:"officer"`
	Purpose string `json:"purpose"`
}

type statement struct{ domestic.PressStatement }

const tagReleases = "releases"

// releases registers editions' way to the public, and the press check.
func (s *service) releases() {
	get(s, "releases", "/releases", tagReleases, "Releases, newest first", s.allReleases)
	register(s, huma.Operation{OperationID: "check-draft", Method: http.MethodPost, Path: "/press/checks", Tags: []string{tagReleases},
		Summary: "Check every number of a draft against an edition; nothing is kept", MaxBodyBytes: press.MaxDraft * 2}, s.checkDraft)
	step := func(id, path, summary string, do func(context.Context, desk.Session, string) error) deed {
		return deed{id, path, tagReleases, summary, none{}, func(ctx context.Context, who desk.Session, id string, _ any) error { return do(ctx, who, id) }}
	}
	s.deeds(
		deed{"announce-release", "/releases", tagReleases, "Announce a release, at least four weeks ahead", plan{}, s.announce},
		step("draft-release", "/releases/{id}/draft", "Build the files from the record as it stands", func(ctx context.Context, who desk.Session, id string) error {
			_, err := s.Desk.DraftRelease(ctx, who, id)
			return err
		}),
		deed{"decide-findings", "/releases/{id}/findings", tagReleases, "Say why the findings do not stand against publication", note{},
			func(ctx context.Context, who desk.Session, id string, b any) error {
				return s.Desk.DecideFindings(ctx, who, id, b.(note).Note)
			}},
		step("assure-release", "/releases/{id}/assurance", "The second officer's quality assurance", s.Desk.AssureRelease),
		deed{"grant-pre-release", "/releases/{id}/readers", tagReleases, "Let an officer read before publication", reader{},
			func(ctx context.Context, who desk.Session, id string, b any) error {
				return s.Desk.GrantPreRelease(ctx, who, id, b.(reader).Officer, b.(reader).Purpose)
			}},
		step("publish-release", "/releases/{id}/publication", "Publish at the announced minute", s.Desk.PublishRelease),
		step("offer-release", "/releases/{id}/offer", "Offer a joint release to the other state", s.Desk.OfferRelease),
		step("countersign-release", "/releases/{id}/countersignature", "Compute the other state's release here, and sign what is equal", func(ctx context.Context, who desk.Session, id string) error {
			_, err := s.Desk.CountersignRelease(ctx, who, id)
			return err
		}),
		deed{"release-statement", "/press/statements", tagReleases, "Register a text that goes out; one number that does not pass refuses it", statement{},
			func(ctx context.Context, who desk.Session, _ string, b any) error {
				return s.Desk.ReleaseStatement(ctx, who, b.(statement).PressStatement)
			}},
	)
}

func (s *service) announce(ctx context.Context, who desk.Session, _ string, b any) error {
	p := b.(plan)
	first, err := statistics.ParseQuarter(p.First)
	if err != nil {
		return err
	}
	last, err := statistics.ParseQuarter(p.Last)
	if err != nil {
		return err
	}
	return s.Desk.AnnounceRelease(ctx, who, desk.ReleasePlan{ID: p.Release, Kind: p.Kind, At: p.At, First: first, Last: last, Country: statistics.Country(p.Country)})
}

func (s *service) allReleases(ctx context.Context, in *registerIn) (*body[Pages[Release]], error) {
	who, err := session(ctx, in.Purpose)
	if err != nil {
		return nil, err
	}
	all, err := s.Desk.Releases(ctx, who)
	if err != nil {
		return nil, err
	}
	return paged(in.Page, "/releases", all, func(r desk.ReleaseView) Release {
		return Release{Release: r.Release, Kind: r.Kind, Phase: string(r.Phase), First: r.First, Last: r.Last, At: r.At.UTC(), Digest: r.Digest, Own: r.Own,
			Signers: append([]string{}, r.Signers...), Open: r.State.Open}
	}), nil
}
