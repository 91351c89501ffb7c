package desk

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"countersign/internal/access"
	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/fault"
	"countersign/internal/statistics"
	"countersign/internal/statistics/release"
	"countersign/internal/store"
)

// The steps of a statistical release. Each is an act; what stands in the way (the notice of four weeks, the
// second officer, open findings, the announced minute) is decided by package release on the fold of these acts.
// Nothing is kept of a release beside its acts but its files, which the acts name by their digest.

// ReleasePlan is what an announcement lays down.
type ReleasePlan struct {
	ID          string
	Kind        string    // release.KindJoint, or empty for this state's own tables
	At          time.Time // the announced minute
	First, Last statistics.Quarter
	Country     statistics.Country // nationality, of own tables
}

var releaseID = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{2,39}$`)

func releaseThing(first act.Officer) access.Resource {
	return access.Resource{Type: "release", First: first}
}

// AnnounceRelease announces a release at least four weeks ahead.
func (d *Desk) AnnounceRelease(ctx context.Context, who Session, p ReleasePlan) error {
	return d.perform(ctx, who, func(t *turn) error {
		list := statistics.Lists().Countries
		_, known := list.Index(string(p.Country))
		switch {
		case !releaseID.MatchString(p.ID):
			return fault.New(fault.Invalid, "fault.release.id", "value", p.ID)
		case p.Kind != "" && p.Kind != release.KindJoint, p.Kind == "" && !known, p.Last < p.First, p.Last > p.First+80:
			return fault.New(fault.Invalid, "fault.release.plan")
		case p.Last.End().After(p.At):
			return fault.New(fault.Invalid, "fault.release.not-over", "last", p.Last.String())
		}
		step := domestic.ReleaseStep{Release: p.ID, Step: release.StepAnnounce, At: p.At.UTC().Format(time.RFC3339), Kind: p.Kind,
			First: p.First.String(), Last: p.Last.String(), Country: string(p.Country)}
		return t.release("propose-edition", step, nil)
	})
}

// DraftRelease builds the files from the record as it stands and keeps them. What the audit finds is kept with
// them and blocks quality assurance until an officer has decided.
func (d *Desk) DraftRelease(ctx context.Context, who Session, id string) (findings []ReleaseFinding, err error) {
	return findings, d.perform(ctx, who, func(t *turn) error {
		s, err := t.releaseState(id)
		if err != nil {
			return err
		}
		var step domestic.ReleaseStep
		if step, findings, err = t.draft(s); err != nil {
			return err
		}
		step.Step = release.StepDraft
		if s.Phase == release.Drafted && s.Digest != step.Digest {
			if err := t.tx.DropReleaseFiles(id, s.Digest); err != nil {
				return err
			}
		}
		return t.release("propose-edition", step, nil)
	})
}

// DraftCorrection builds a published release again, with the note that will be published with it.
func (d *Desk) DraftCorrection(ctx context.Context, who Session, id, note string) (findings []ReleaseFinding, err error) {
	return findings, d.perform(ctx, who, func(t *turn) error {
		s, err := t.releaseState(id)
		if err != nil {
			return err
		}
		var step domestic.ReleaseStep
		note = strings.TrimSpace(note)
		if step, findings, err = t.draft(s, release.Correction{Day: t.tx.Now.UTC().Format(time.DateOnly), Note: note}); err != nil {
			return err
		}
		step.Step, step.Note = release.StepRedraft, note
		return t.release("correct-edition", step, nil)
	})
}

// DecideFindings is an officer's word that what the audit found does not stand against publication, and why.
func (d *Desk) DecideFindings(ctx context.Context, who Session, id, note string) error {
	return d.releaseStep(ctx, who, id, "confirm-edition", func(s release.State) domestic.ReleaseStep {
		return domestic.ReleaseStep{Step: release.StepDecide, Digest: pendingDigest(s), Note: strings.TrimSpace(note)}
	})
}

func pendingDigest(s release.State) string {
	if s.Pending != nil {
		return s.Pending.Digest
	}
	return s.Digest
}

// AssureRelease is the quality assurance by another officer.
func (d *Desk) AssureRelease(ctx context.Context, who Session, id string) error {
	return d.releaseStep(ctx, who, id, "confirm-edition", func(s release.State) domestic.ReleaseStep {
		return domestic.ReleaseStep{Step: release.StepAssure, Digest: s.Digest}
	})
}

// GrantPreRelease puts an officer on the list of those who may see the release in the last day before it.
func (d *Desk) GrantPreRelease(ctx context.Context, who Session, id string, reader act.ID, purpose string) error {
	return d.releaseStep(ctx, who, id, "propose-edition", func(release.State) domestic.ReleaseStep {
		return domestic.ReleaseStep{Step: release.StepGrant, Officer: reader, Purpose: strings.TrimSpace(purpose)}
	})
}

// PublishRelease publishes at the announced minute, not before, and signs with the authority's key.
func (d *Desk) PublishRelease(ctx context.Context, who Session, id string) error {
	return d.perform(ctx, who, func(t *turn) error {
		s, err := t.releaseState(id)
		if err != nil {
			return err
		}
		return t.release("publish-edition", domestic.ReleaseStep{Release: id, Step: release.StepPublish, Digest: s.Digest}, func() error { return t.signRelease(s, s.Digest) })
	})
}

// CorrectRelease publishes a drafted correction with its note. The earlier files stay where they are.
func (d *Desk) CorrectRelease(ctx context.Context, who Session, id string) error {
	return d.perform(ctx, who, func(t *turn) error {
		s, err := t.releaseState(id)
		if err != nil {
			return err
		}
		step := domestic.ReleaseStep{Release: id, Step: release.StepCorrect}
		if s.Pending != nil {
			step.Digest, step.Note = s.Pending.Digest, s.Pending.Note
		}
		return t.release("confirm-edition", step, func() error { return t.signRelease(s, step.Digest) })
	})
}

func (d *Desk) releaseStep(ctx context.Context, who Session, id, action string, make func(release.State) domestic.ReleaseStep) error {
	return d.perform(ctx, who, func(t *turn) error {
		s, err := t.releaseState(id)
		if err != nil {
			return err
		}
		step := make(s)
		step.Release = id
		return t.release(action, step, nil)
	})
}

// release takes one step: authorised, decided, done, signed. then runs between the decision and the signature.
func (t *turn) release(action string, step domestic.ReleaseStep, then func() error) error {
	s, err := t.releaseState(step.Release)
	if err != nil && step.Step != release.StepAnnounce {
		return err
	}
	var first act.Officer
	if action == "confirm-edition" {
		first.ID = s.Drafter
		if s.Pending != nil {
			first.ID = s.Pending.Drafter
		}
	}
	if err := t.allow(action, releaseThing(first)); err != nil {
		return err
	}
	zone, err := t.Agreement.Zone(t.Authority)
	if err != nil {
		return err
	}
	if step, err = release.Decide(s, step, t.who.Officer, t.tx.Now, zone); err != nil {
		return err
	}
	if then != nil {
		if err := then(); err != nil {
			return err
		}
	}
	_, err = t.say(act.Statement{Scope: act.Domestic, Kind: domestic.ReleaseStepped, Body: &step})
	return err
}

// releaseState folds one own release.
func (t *turn) releaseState(id string) (release.State, error) {
	all, err := t.ownReleases(t.tx)
	if err != nil {
		return release.State{}, err
	}
	i := slices.IndexFunc(all, func(s release.State) bool { return s.Release == id })
	if i < 0 {
		return release.State{}, fault.New(fault.Missing, "fault.release.unknown", "release", id)
	}
	return all[i], nil
}

// ownReleases folds every own release, in the order of announcement.
func (d *Desk) ownReleases(r reader) ([]release.State, error) {
	var all []release.State
	err := d.eachEvent(r, domestic.ReleaseStepped, func(e act.Event) error {
		step := e.Body.(*domestic.ReleaseStep)
		i := slices.IndexFunc(all, func(s release.State) bool { return s.Release == step.Release })
		if i < 0 {
			i, all = len(all), append(all, release.State{})
		}
		all[i] = release.Fold(all[i], *step, e.Officer, e.Recorded)
		return nil
	})
	return all, err
}

// eachEvent opens every act of a kind that took effect, in this node's order.
func (d *Desk) eachEvent(r reader, kind act.Kind, fn func(act.Event) error) error {
	const page = 256
	for after := int64(0); ; {
		rows, err := store.ActsOfKind(r, kind, after, page)
		if err != nil {
			return err
		}
		for _, row := range rows {
			after = row.Seq
			if row.Refused != "" {
				continue
			}
			e, err := d.event(r, row)
			if err != nil {
				return err
			}
			if err := fn(e); err != nil {
				return err
			}
		}
		if len(rows) < page {
			return nil
		}
	}
}
