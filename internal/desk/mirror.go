package desk

import (
	"context"
	"slices"
	"time"

	"countersign/internal/access"
	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/fault"
	"countersign/internal/statistics"
	"countersign/internal/statistics/mirror"
	"countersign/internal/store"
)

// CountMirror tells the peer what this side counts of the transfers of a period, act by act. The other side
// holds each of these acts; nothing else is in it.
func (d *Desk) CountMirror(ctx context.Context, who Session, first, last statistics.Quarter) error {
	return d.perform(ctx, who, func(t *turn) error {
		if err := t.allow("compare-mirror", releaseThing(act.Officer{})); err != nil {
			return err
		}
		body, err := t.mirrorCount(period(first, last))
		if err != nil {
			return err
		}
		_, err = t.say(act.Statement{Scope: act.Joint, Kind: joint.MirrorCounted, Body: &body})
		return err
	})
}

func period(first, last statistics.Quarter) statistics.Period {
	return statistics.Period{From: first.Start(), Until: last.End()}
}

// mirrorCount counts the handovers that took effect: those that this side accepted, and those that the peer
// accepted whose return stands in this side's own count. The day is that of the acceptance where the person
// arrived: the one date on which both sides count (docs/decisions/0020).
func (t *turn) mirrorCount(p statistics.Period) (joint.MirrorCount, error) {
	c := joint.MirrorCount{First: p.From.Format(time.DateOnly), Last: p.Until.AddDate(0, 0, -1).Format(time.DateOnly), Transfers: []joint.MirrorTransfer{}}
	counted, err := t.countedCases()
	if err != nil {
		return c, err
	}
	seen := map[act.ID]bool{}
	err = eachRow(t.tx, joint.CaseAccepted, func(row store.ActRow) error {
		if row.Refused != "" || seen[row.About] || row.Officer.Authority != t.Authority && !counted[row.About] {
			return nil
		}
		seen[row.About] = true
		zone, err := t.Agreement.Zone(row.Officer.Authority)
		if err != nil {
			return err
		}
		day := row.Occurred.In(zone).Format(time.DateOnly)
		if at, err := statistics.ParseDay(day); err != nil || !p.Contains(at) {
			return err
		}
		c.Transfers = append(c.Transfers, joint.MirrorTransfer{Act: row.ID, Day: day})
		return nil
	})
	return c, err
}

// countedCases are the cases whose return counts here now.
func (t *turn) countedCases() (map[act.ID]bool, error) {
	ledger, err := t.counting()
	if err != nil {
		return nil, err
	}
	bodies, err := store.CaseReturns(t.tx)
	if err != nil {
		return nil, err
	}
	counted := map[act.ID]bool{}
	for id, body := range bodies {
		b, err := domestic.Vocabulary.Decode(domestic.ReturnRecorded, []byte(body))
		if err != nil {
			return nil, err
		}
		counted[act.ID(id)] = ledger.Held(b.(*domestic.ReturnRecord).Return.ID, t.tx.Now)
	}
	return counted, nil
}

// Mirror compares what both sides count of a period: ours as the record has it now, theirs as they last said.
// It is nil while the peer has said nothing of the period.
func (d *Desk) Mirror(ctx context.Context, who Session, first, last statistics.Quarter) (report *mirror.Report, err error) {
	return report, d.perform(ctx, who, func(t *turn) error {
		if err := t.allow("compare-mirror", access.Resource{Type: "release"}); err != nil {
			return err
		}
		report, err = t.mirror(period(first, last))
		return err
	})
}

func (t *turn) mirror(p statistics.Period) (*mirror.Report, error) {
	theirs, err := t.theirCount(p)
	if err != nil || theirs == nil {
		return nil, err
	}
	ours, err := t.mirrorCount(p)
	if err != nil {
		return nil, err
	}
	return mirror.Compare(p, ours, *theirs)
}

// theirCount is the peer's newest count of exactly this period.
func (t *turn) theirCount(p statistics.Period) (*joint.MirrorCount, error) {
	var newest *joint.MirrorCount
	err := t.eachEvent(t.tx, joint.MirrorCounted, func(e act.Event) error {
		c := e.Body.(*joint.MirrorCount)
		if e.Officer.Authority == t.Peer.Authority && c.First == p.From.Format(time.DateOnly) && c.Last == p.Until.AddDate(0, 0, -1).Format(time.DateOnly) {
			newest = c
		}
		return nil
	})
	return newest, err
}

// MirrorMissing is the finding that the peer has not counted the period yet.
const MirrorMissing = "mirror-missing"

// mirrorFindings are the differences between both counts, by their acts.
func (t *turn) mirrorFindings(first, last string) ([]ReleaseFinding, error) {
	findings := []ReleaseFinding{}
	a, err := statistics.ParseQuarter(first)
	if err != nil {
		return nil, err
	}
	b, err := statistics.ParseQuarter(last)
	if err != nil {
		return nil, err
	}
	report, err := t.mirror(period(a, b))
	switch {
	case err != nil:
		return nil, err
	case report == nil:
		return []ReleaseFinding{{Kind: MirrorMissing, One: t.Peer.Authority}}, nil
	}
	for _, x := range report.Differences {
		findings = append(findings, ReleaseFinding{Kind: string(x.Kind), One: string(x.Act), Size: 1, Ours: dayOf(x.Ours), Their: dayOf(x.Theirs)})
	}
	return findings, nil
}

func dayOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

// admitRelease checks the size of what the peer says about statistics.
func admitRelease(body any) error {
	switch b := body.(type) {
	case *joint.MirrorCount:
		if len(b.Transfers) > 100_000 {
			return fault.New(fault.Invalid, "fault.act.too-large")
		}
		for _, day := range append([]string{b.First, b.Last}, days(b.Transfers)...) {
			if _, err := statistics.ParseDay(day); err != nil {
				return err
			}
		}
	case *joint.ReleaseOffer:
		if !releaseID.MatchString(b.Release) || len(b.Digest) != 64 || len(b.Sizes) > 2 {
			return fault.New(fault.Invalid, "fault.release.plan")
		}
	}
	return nil
}

func days(all []joint.MirrorTransfer) []string {
	return slices.Collect(func(yield func(string) bool) {
		for _, t := range all {
			if !yield(t.Day) {
				return
			}
		}
	})
}
