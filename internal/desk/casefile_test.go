package desk_test

import (
	"bytes"
	"context"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"countersign/internal/act/joint"
	"countersign/internal/casefile"
	"countersign/internal/casework"
	"countersign/internal/demo"
	"countersign/internal/desk"
	"countersign/internal/desk/desktest"
	"countersign/internal/fault"
)

// taken are two cases of another system: one asked for on 11 December, whose limit it shows a day too late, and
// one that was not asked for yet.
func taken(t *testing.T) []casefile.Record {
	t.Helper()
	b, err := os.ReadFile("../casefile/testdata/mapping.json")
	if err != nil {
		t.Fatal(err)
	}
	m, err := casefile.ReadMapping(b)
	if err != nil {
		t.Fatal(err)
	}
	r, err := casefile.Read(strings.NewReader("CaseRef;Surname;Forenames;Other names;DOB;Sex;Nat;Passport;Expires;Sent;Received;Due\n"+
		"HO/1;Hoxha;Agim;;17/05/1994;Male;Albanian;BA1234567;01/03/2030;11/12/2023;12/12/2023;27/12/2023\n"+
		"HO/2;Përparim;Edlira;;30/08/1991;Female;Albanian;;;;;\n"), m)
	if err != nil || len(r.Problems) > 0 {
		t.Fatal(err, r.Problems)
	}
	return r.Records
}

// In shadow mode this node looks and counts, and nothing about the cases leaves, whoever tries.
func TestShadowModeOnlyObserves(t *testing.T) {
	w := desktest.World(t, 61)
	ctx, gb := context.Background(), w.GB
	w.Clock.Set(time.Date(2023, 12, 20, 9, 0, 0, 0, time.UTC))
	who := gb.As("caseworker")
	before := leaving(t, w)
	done, err := gb.Desk.Import(ctx, who, taken(t), true)
	if err != nil || len(done) != 2 || done[0].Known {
		t.Fatal(done, err)
	}
	again, err := gb.Desk.Import(ctx, who, taken(t), true)
	if err != nil || !again[0].Known || again[0].Case != done[0].Case || !again[1].Known {
		t.Errorf("taken over twice: %+v %v", again, err)
	}
	seen, err := gb.Desk.Observe(ctx, gb.As("senior-caseworker"))
	if err != nil || len(seen) != 2 {
		t.Fatal(seen, err)
	}
	slices.SortFunc(seen, func(a, b casefile.Observation) int { return strings.Compare(a.Reference, b.Reference) })
	// Received on 12 December: 14 calendar days later is the 26th, not the 27th as the other system shows.
	one := seen[0]
	if one.Next.Key != "case.next.reply" || one.Rule != "reply" || !one.StandIn || !one.Differs ||
		!one.Due.Equal(time.Date(2023, 12, 27, 0, 0, 0, 0, zone(t, "Europe/Tirane"))) {
		t.Errorf("%+v", one)
	}
	if two := seen[1]; two.Next.Key != "case.next.request" || len(two.Closed) == 0 || two.Differs {
		t.Errorf("%+v", two)
	}
	// An officer may work on the file; every joint act is refused, on every command, and nothing leaves.
	id := done[1].Case
	if err := w.Attest(ctx, id, casework.StepRequest); err != nil {
		t.Fatal(err)
	}
	request := casework.RequestReadmission{Category: "national", Evidence: []joint.Evidence{{Type: "own-statement"}}}
	for _, role := range []string{"caseworker", "senior-caseworker"} {
		if _, err := gb.Desk.Case(ctx, gb.As(role), id, request); fault.KeyOf(err) != "fault.import.shadow" {
			t.Errorf("%s: %v", role, err)
		}
	}
	if after := leaving(t, w); after != before {
		t.Errorf("%d acts left", after-before)
	}
	// Those who answer for cases may let it be worked on here; then it leaves like any other.
	if err := gb.Desk.EndShadow(ctx, who, id); fault.KindOf(err) != fault.Denied {
		t.Errorf("a caseworker ends the shadow: %v", err)
	}
	if err := gb.Desk.EndShadow(ctx, gb.As("senior-caseworker"), id); err != nil {
		t.Fatal(err)
	}
	if _, err := gb.Desk.Case(ctx, who, id, request); err != nil {
		t.Error(err)
	}
	if after := leaving(t, w); after != before+1 {
		t.Errorf("%d acts left", after-before)
	}
	if rest, err := gb.Desk.Observe(ctx, gb.As("senior-caseworker")); err != nil || len(rest) != 1 {
		t.Errorf("%d observed (%v)", len(rest), err)
	}
	if _, err := gb.Desk.Observe(ctx, gb.As("escort-officer")); fault.KindOf(err) != fault.Denied {
		t.Errorf("an escort sees all cases: %v", err)
	}
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func leaving(t *testing.T, w *demo.World) int64 {
	t.Helper()
	n, err := w.GB.Desk.Size(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// What was taken over is found by name and number, and goes back as it came, with where it stands here.
func TestImportFindsAndExports(t *testing.T) {
	w := desktest.World(t, 62)
	ctx, gb := context.Background(), w.GB
	w.Clock.Set(time.Date(2023, 12, 20, 9, 0, 0, 0, time.UTC))
	if _, err := gb.Desk.Import(ctx, gb.As("caseworker"), taken(t), false); err != nil {
		t.Fatal(err)
	}
	for _, s := range []desk.Search{{Name: "perparim"}, {Document: "ba 1234567"}} {
		if found, err := gb.Desk.FindPeople(ctx, gb.As("caseworker"), s); err != nil || len(found) != 1 {
			t.Errorf("%+v: %d %v", s, len(found), err)
		}
	}
	lines, err := gb.Desk.Export(ctx, gb.As("senior-caseworker"))
	if err != nil || len(lines) != 2 {
		t.Fatal(len(lines), err)
	}
	var out bytes.Buffer
	if err := (*casefile.Mapping)(nil).WriteCSV(&out, lines); err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"HO/1", "Përparim", "case.next.request", "BA1234567"} {
		if !strings.Contains(out.String(), word) {
			t.Errorf("%q is not in the export:\n%s", word, out.String())
		}
	}
	if _, err := gb.Desk.Export(ctx, gb.As("statistician")); fault.KindOf(err) != fault.Denied {
		t.Errorf("a statistician takes all names: %v", err)
	}
	// A record that no law of this node knows is not taken, and leaves nothing behind.
	bad := taken(t)[:1]
	bad[0].Import.Reference, bad[0].Opening.Part = "HO/9", "Narnia"
	if _, err := gb.Desk.Import(ctx, gb.As("caseworker"), bad, false); fault.KindOf(err) != fault.Invalid {
		t.Errorf("%v", err)
	}
	if lines, _ := gb.Desk.Export(ctx, gb.As("senior-caseworker")); len(lines) != 2 {
		t.Errorf("%d cases after a refused one", len(lines))
	}
}
