package desk_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"fmt"
	"strings"
	"testing"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/demo"
	"countersign/internal/desk"
	"countersign/internal/desk/desktest"
	"countersign/internal/fault"
	"countersign/internal/paper"
	"countersign/internal/statistics"
	"countersign/internal/statistics/release"
)

const ownTables = "returns-2023-q4"

func counting(a *demo.Authority, role string) desk.Session {
	return a.As(role).For("purpose.statistics")
}

func counted(n int, kind string) *domestic.ReturnRecord {
	return &domestic.ReturnRecord{Return: domestic.CountedReturn{ID: act.ID(fmt.Sprintf("00000000-0000-4000-8000-%012d", n)), Departed: "2023-11-20", Type: kind,
		Nationality: "ALB", Age: "18-29", Sex: "male", DestinationGroup: "home", Destination: "ALB"}}
}

// published takes a state's own tables of one quarter through every step.
func published(t *testing.T, w *demo.World) {
	t.Helper()
	ctx, d := context.Background(), w.GB.Desk
	statistician, supervisor, presser := counting(w.GB, "statistician"), counting(w.GB, "supervisor"), counting(w.GB, "press-officer")
	var items []any
	for i := range 30 {
		items = append(items, counted(i+1, "enforced-non-detained"))
	}
	at := time.Date(2024, 1, 18, 9, 30, 0, 0, time.UTC)
	do := func(step string, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", step, err)
		}
	}
	do("count", d.CountReturns(ctx, statistician, items...))
	do("announce", d.AnnounceRelease(ctx, statistician, desk.ReleasePlan{ID: ownTables, At: at, First: statistics.Q(2023, 4), Last: statistics.Q(2023, 4), Country: "albania"}))
	w.Clock.Set(at.Add(-2 * time.Hour))
	findings, err := d.DraftRelease(ctx, statistician, ownTables)
	do("draft", err)
	if len(findings) > 0 {
		do("decide", d.DecideFindings(ctx, supervisor, ownTables, "not about single people"))
	}
	do("assure", d.AssureRelease(ctx, supervisor, ownTables))
	w.Clock.Set(at)
	do("publish", d.PublishRelease(ctx, presser, ownTables))
}

// A return that is learned late changes a published release only by a noted correction of two officers. The
// corrected files say so themselves, verify, and are signed by this state alone; the peer is offered nothing.
func TestCorrectionOfOwnTables(t *testing.T) {
	w := desktest.World(t, 71)
	published(t, w)
	ctx, d := context.Background(), w.GB.Desk
	statistician, supervisor := counting(w.GB, "statistician"), counting(w.GB, "supervisor")
	before, err := d.ReleaseFiles(ctx, statistician, ownTables)
	if err != nil {
		t.Fatal(err)
	}
	var late []any // learned after publication from other data
	for i := range 6 {
		late = append(late, counted(100+i, "other-verified"))
	}
	w.Clock.Advance(48 * time.Hour)
	if err := d.CountReturns(ctx, statistician, late...); err != nil {
		t.Fatal(err)
	}
	if again, err := d.ReleaseFiles(ctx, statistician, ownTables); err != nil || !bytes.Equal(again[release.ManifestName], before[release.ManifestName]) {
		t.Fatalf("a published release moved with the record: %v", err)
	}
	const note = "Six departures of November were verified after publication."
	if _, err := d.DraftCorrection(ctx, statistician, ownTables, "  "); fault.KeyOf(err) != "fault.release.note" {
		t.Errorf("a correction without a note: %v", err)
	}
	findings, err := d.DraftCorrection(ctx, statistician, ownTables, note)
	if err != nil {
		t.Fatal(err)
	}
	if len(findings) > 0 {
		if err := d.DecideFindings(ctx, supervisor, ownTables, "about a group, not a person"); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.CorrectRelease(ctx, statistician, ownTables); err == nil {
		t.Error("the drafter corrects alone")
	}
	if err := d.CorrectRelease(ctx, supervisor, ownTables); err != nil {
		t.Fatal(err)
	}
	after, err := d.ReleaseFiles(ctx, statistician, ownTables)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"index.en.html", "index.sq.html", "release.json"} {
		if !strings.Contains(string(after[name]), note) || strings.Contains(string(before[name]), note) {
			t.Errorf("%s does not say what was corrected", name)
		}
	}
	sheets, err := paper.Read(after["returns.en.ods"])
	if err != nil || !strings.Contains(fmt.Sprint(sheets[0].Cells), note) {
		t.Errorf("the cover does not say what was corrected: %v", err)
	}
	keys := []release.Key{{Authority: demo.GB, Public: ed25519.PublicKey(w.GB.Public.Cosign)}}
	if r := release.Verify(after, keys); !r.OK() || len(r.Signers) != 1 {
		t.Errorf("%+v", r.Problems)
	}
	if r := release.Verify(after, append(keys, release.Key{Authority: demo.AL, Public: ed25519.PublicKey(w.AL.Public.Cosign)})); r.OK() {
		t.Error("a state's own tables pass for signed by both")
	}
	if err := d.OfferRelease(ctx, statistician, ownTables); fault.KeyOf(err) != "fault.release.not-offered" {
		t.Errorf("own tables are offered to the peer: %v", err)
	}
	if err := w.Slot(ctx); err != nil {
		t.Fatal(err)
	}
	if all, err := w.AL.Desk.Releases(ctx, counting(w.AL, "statistician")); err != nil || len(all) != 0 {
		t.Errorf("the peer has %v of a state's own tables: %v", all, err)
	}
}

// The peer computes a joint release again from its own record before it signs, once, and only what was offered.
func TestCountersignJointRelease(t *testing.T) {
	w := desktest.World(t, 72)
	ctx := context.Background()
	const id = "transfers-2023-q4"
	statistician, supervisor, presser := counting(w.GB, "statistician"), counting(w.GB, "supervisor"), counting(w.GB, "press-officer")
	at := time.Date(2024, 1, 18, 9, 30, 0, 0, time.UTC)
	steps := []func() error{
		func() error {
			return w.GB.Desk.AnnounceRelease(ctx, statistician, desk.ReleasePlan{ID: id, Kind: release.KindJoint, At: at, First: statistics.Q(2023, 4), Last: statistics.Q(2023, 4)})
		},
		func() error { w.Clock.Set(at.Add(-2 * time.Hour)); return nil },
		func() error { _, err := w.GB.Desk.DraftRelease(ctx, statistician, id); return err },
		func() error { return w.GB.Desk.DecideFindings(ctx, supervisor, id, "the peer counts later") },
		func() error { return w.GB.Desk.AssureRelease(ctx, supervisor, id) },
		func() error { w.Clock.Set(at); return w.GB.Desk.PublishRelease(ctx, presser, id) },
		func() error { return w.GB.Desk.OfferRelease(ctx, statistician, id) },
		func() error { return w.Slot(ctx) },
	}
	for i, step := range steps {
		if err := step(); err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
	}
	if _, err := w.AL.Desk.CountersignRelease(ctx, counting(w.AL, "statistician"), id); err != nil {
		t.Fatalf("an honest offer: %v", err)
	}
	if _, err := w.AL.Desk.CountersignRelease(ctx, counting(w.AL, "statistician"), id); fault.KeyOf(err) != "fault.release.signed" {
		t.Errorf("signed twice: %v", err)
	}
	if _, err := w.AL.Desk.CountersignRelease(ctx, counting(w.AL, "statistician"), "nothing-2023-q4"); fault.KeyOf(err) != "fault.release.unknown" {
		t.Errorf("an offer that was never made: %v", err)
	}
}
