package desk_test

import (
	"bytes"
	"context"
	"os"
	"slices"
	"strings"
	"testing"

	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/casework"
	"countersign/internal/demo"
	"countersign/internal/desk"
	"countersign/internal/desk/desktest"
	"countersign/internal/fault"
	"countersign/internal/paper"
	"countersign/internal/record"
	"countersign/internal/words"
)

func form(t *testing.T, w *desktest.Walk, a *demo.Authority, role string, kind paper.FormKind, more desk.PaperChoice) *paper.Form {
	t.Helper()
	f, err := a.Desk.Paper(context.Background(), a.As(role), w.ID, kind, more)
	if err != nil {
		t.Fatal(kind, err)
	}
	return f
}

func pdf(t *testing.T, f *paper.Form) []byte {
	t.Helper()
	c, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	var b, again bytes.Buffer
	for _, out := range []*bytes.Buffer{&b, &again} {
		if err := paper.WriteFormPDF(out, f, c); err != nil {
			t.Fatal(f.Kind, err)
		}
	}
	if !bytes.Equal(b.Bytes(), again.Bytes()) {
		t.Errorf("%s: two prints of one paper differ", f.Kind)
	}
	if folder := os.Getenv("COUNTERSIGN_PAPERS"); folder != "" {
		os.WriteFile(folder+"/"+string(f.Kind)+map[bool]string{true: "-draft"}[f.Draft()]+".pdf", b.Bytes(), 0o644)
	}
	return b.Bytes()
}

// No legal form before the countersigned act (pain K18): the paper of a return goes from draft to proof.
func TestPapersOfAReturn(t *testing.T) {
	w := desktest.Open(t, 11)
	gb, al, ctx := w.GB, w.AL, context.Background()
	w.Do(gb, "caseworker", casework.RecordNeed{Need: domestic.Need{Type: "diet", Shared: true}}).Do(gb, "caseworker", casework.RecordNeed{Need: domestic.Need{Type: "medicine"}})

	draft := form(t, w, gb, "caseworker", paper.ApplicationForm, desk.PaperChoice{})
	if !slices.Equal(draft.Withheld, []string{"paper.draft.not-signed"}) || draft.Act.ID != "" {
		t.Errorf("before the act: %+v", draft.Withheld)
	}
	pdf(t, draft)
	w.Request()
	signed := form(t, w, gb, "caseworker", paper.ApplicationForm, desk.PaperChoice{})
	if !slices.Equal(signed.Withheld, []string{"paper.draft.not-countersigned"}) || signed.Act.Mark.Act != "" {
		t.Errorf("signed, not countersigned: %+v %+v", signed.Withheld, signed.Act)
	}
	w.Push()
	final := form(t, w, gb, "caseworker", paper.ApplicationForm, desk.PaperChoice{})
	if final.Draft() || final.Act.Mark.Size == 0 {
		t.Fatalf("countersigned: %+v", final)
	}
	pdf(t, final)

	// Only the need that the person agreed to share is on the paper, on both sides.
	received := form(t, w, al, "readmission-officer", paper.ApplicationForm, desk.PaperChoice{})
	for _, f := range []*paper.Form{final, received} {
		if needs := f.Content.(*paper.Application).Special.Needs; !slices.Equal(needs, []string{"diet"}) {
			t.Errorf("needs on the paper: %v", needs)
		}
	}
	if final.Act.Mark.Leaf != received.Act.Mark.Leaf || final.Act.Mark.Index != received.Act.Mark.Index || final.Act.Mark.Root != received.Act.Mark.Root {
		t.Errorf("the two states print different marks: %+v %+v", final.Act.Mark, received.Act.Mark)
	}

	// A reply does not exist before it is given.
	if _, err := gb.Desk.Paper(ctx, gb.As("caseworker"), w.ID, paper.ReplyForm, desk.PaperChoice{}); fault.KeyOf(err) != "fault.paper.nothing" {
		t.Errorf("a reply before the reply: %v", err)
	}
	w.Agree().Document().Seat().Announce().HandOver()
	for kind, side := range map[paper.FormKind]*demo.Authority{paper.ReplyForm: gb, paper.DocumentForm: gb, paper.TransferForm: al, paper.HandoverForm: al, paper.DepartureForm: gb} {
		role := map[string]string{"gb": "caseworker", "al": "border-officer"}[side.Authority]
		f := form(t, w, side, role, kind, desk.PaperChoice{})
		if f.Draft() || !f.Agreement.StandIn {
			t.Errorf("%s: withheld %v, stand-in %v", kind, f.Withheld, f.Agreement.StandIn)
		}
		pdf(t, f)
	}
	transit := form(t, w, gb, "caseworker", paper.TransitForm, desk.PaperChoice{Transit: []string{"ITA"}})
	if !transit.Draft() {
		t.Error("a transit request has no act and must stay a draft")
	}
	pdf(t, transit)
	if _, err := al.Desk.Paper(ctx, al.As("border-officer"), w.ID, paper.DepartureForm, desk.PaperChoice{}); fault.KeyOf(err) != "fault.paper.side" {
		t.Errorf("the requested state prints a removal notice: %v", err)
	}
	list, err := gb.Desk.Papers(ctx, gb.As("caseworker"), w.ID)
	if err != nil || len(list) != 6 {
		t.Errorf("papers of the case: %d %v", len(list), err)
	}
}

// The code on the paper and the proof of its act fit together; of another act they do not.
func TestMarkAgainstEvidence(t *testing.T) {
	w := desktest.Open(t, 12).Request().Agree()
	ctx, gb := context.Background(), w.GB
	application := form(t, w, gb, "caseworker", paper.ApplicationForm, desk.PaperChoice{})
	reply := form(t, w, gb, "caseworker", paper.ReplyForm, desk.PaperChoice{})
	bundle, err := gb.Desk.Evidence(ctx, gb.As("caseworker"), application.Act.ID)
	if err != nil {
		t.Fatal(err)
	}
	verdict, err := record.Verify(bundle, w.GB.Public, w.AL.Public)
	if err != nil || !verdict.OK() {
		t.Fatalf("%v %+v", err, verdict)
	}
	for _, c := range []struct {
		mark paper.Mark
		want string
	}{{application.Act.Mark, ""}, {reply.Act.Mark, "fault.paper.other-act"}} {
		read, err := paper.ParseMark(c.mark.String())
		if err != nil || read != c.mark {
			t.Fatalf("mark %q: %+v %v", c.mark, read, err)
		}
		if got := fault.KeyOf(read.Check(bundle)); got != c.want {
			t.Errorf("%s: got %q, want %q", c.mark.Paper, got, c.want)
		}
	}
	forged := application.Act.Mark
	forged.Root = forged.Leaf
	if got := fault.KeyOf(forged.Check(bundle)); got != "fault.paper.other-head" {
		t.Errorf("another root under the same size: %q", got)
	}
}

// A refusal names its reason; without remedies and without the person's language it must not be served.
func TestRefusalNeedsRemediesAndLanguage(t *testing.T) {
	w := desktest.Open(t, 13).Request().Push()
	w.Do(w.AL, "readmission-officer", casework.ReplyRefuse{Reason: "identity-not-established"}).Push()
	bare := form(t, w, w.GB, "caseworker", paper.RefusalForm, desk.PaperChoice{})
	if !slices.Equal(bare.Withheld, []string{"paper.draft.no-remedies"}) {
		t.Errorf("without remedies: %v", bare.Withheld)
	}
	pdf(t, bare)
	remedy := []paper.Remedy{{Body: "Court of the story", Within: "as the court says", How: "in writing", Source: "invented for a test"}}
	if whole := form(t, w, w.GB, "caseworker", paper.RefusalForm, desk.PaperChoice{Remedies: remedy}); whole.Draft() || whole.Language != "sq" {
		t.Errorf("with remedies: %v %q", whole.Withheld, whole.Language)
	}
	w.Do(w.GB, "caseworker", casework.SetSupport{Support: domestic.Support{Language: "rom", Interpreter: true}})
	if other := form(t, w, w.GB, "caseworker", paper.RefusalForm, desk.PaperChoice{Remedies: remedy}); !slices.Equal(other.Withheld, []string{"paper.draft.language"}) {
		t.Errorf("in a language that is not there: %v", other.Withheld)
	}
}

// The preview is what the other state sees, byte for byte, and nothing more; signing nothing, it changes nothing.
func TestPreviewIsWhatCrosses(t *testing.T) {
	w := desktest.Open(t, 14)
	ctx, who := context.Background(), w.GB.As("caseworker")
	w.Do(w.GB, "caseworker", casework.RecordNeed{Need: domestic.Need{Type: "wheelchair", Shared: true}}).Attested(casework.StepRequest)
	c := casework.RequestReadmission{Category: "national", Evidence: []joint.Evidence{{Type: "own-statement"}}}
	before, err := w.GB.Desk.Size(ctx)
	if err != nil {
		t.Fatal(err)
	}
	seen, err := w.GB.Desk.Preview(ctx, who, w.ID, c)
	if err != nil || len(seen) != 1 || seen[0].Kind != joint.CaseRequested {
		t.Fatalf("%v %v", seen, err)
	}
	if after, _ := w.GB.Desk.Size(ctx); after != before {
		t.Error("a preview was signed")
	}
	events, err := w.GB.Desk.Case(ctx, who, w.ID, c)
	if err != nil {
		t.Fatal(err)
	}
	w.Push()
	v, err := w.AL.Desk.ViewCase(ctx, w.AL.As("readmission-officer"), w.ID)
	if err != nil {
		t.Fatal(err)
	}
	got, err := joint.Vocabulary.Encode(joint.CaseRequested, v.Events[0].Body)
	if err != nil || !bytes.Equal(got, seen[0].Body) || v.Events[0].ID != events[0].ID {
		t.Errorf("seen there %s\npreviewed  %s (%v)", got, seen[0].Body, err)
	}
	// A domestic act crosses nothing.
	if none, err := w.GB.Desk.Preview(ctx, who, w.ID, casework.RecordNeed{Need: domestic.Need{Type: "diet"}}); err != nil || len(none) != 0 {
		t.Errorf("a need crosses: %v %v", none, err)
	}
	if _, err := w.GB.Desk.Preview(ctx, w.GB.As("escort-officer"), w.ID, c); fault.KindOf(err) != fault.Denied {
		t.Errorf("an escort previews an application: %v", err)
	}
}

// No paper has a field, a label or a code that speaks of asylum (facts/agreements.md, section 7).
func TestNoPaperAsksForAsylum(t *testing.T) {
	for _, lang := range []string{"en", "sq"} {
		b, err := os.ReadFile("../words/catalogue/" + lang + "/paper.json")
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{"asyl", "azil", "refugj", "refugee", "traffick", "trafik", "strehim"} {
			if strings.Contains(strings.ToLower(string(b)), word) {
				t.Errorf("%s papers say %q", lang, word)
			}
		}
	}
}
