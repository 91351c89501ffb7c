package paper_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"countersign/internal/act"
	"countersign/internal/fault"
	"countersign/internal/paper"
	"countersign/internal/schemas"
	"countersign/internal/words"

	"github.com/go-json-experiment/json"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

var update = flag.Bool("update", false, "write docs/schemas anew")

const folder = "../../docs/schemas/" + schemas.Version

// contents are the typed contents of every paper.
var contents = map[paper.FormKind]any{paper.ApplicationForm: paper.Application{}, paper.NotificationForm: paper.Notification{}, paper.ReplyForm: paper.Reply{},
	paper.InterviewForm: paper.Interview{}, paper.RecordForm: paper.CriminalRecord{}, paper.DocumentForm: paper.TravelDocument{},
	paper.TransferForm: paper.Transfer{}, paper.TransitForm: paper.Transit{}, paper.HandoverForm: paper.Handover{},
	paper.RefusalForm: paper.Refusal{}, paper.DepartureForm: paper.Departure{}}

// Every paper has a dated schema that is what its type says, and a filled paper follows it.
func TestPapersFollowTheirSchemas(t *testing.T) {
	for _, kind := range paper.FormKinds {
		s := schemas.Of(reflect.TypeFor[paper.Form](), nil)
		s.Properties["content"] = schemas.Of(reflect.TypeOf(contents[kind]), nil)
		want, err := schemas.Document("paper:"+string(kind), "Paper "+string(kind), s)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(folder, "paper."+string(kind)+".json")
		if *update {
			if err := os.WriteFile(path, want, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is not what the Go type says (%v); run go test ./internal/paper -update", path, err)
		}
		c := jsonschema.NewCompiler()
		c.AssertFormat()
		compiled, err := c.Compile(path)
		if err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(sample(kind))
		if err != nil {
			t.Fatal(err)
		}
		v, _ := jsonschema.UnmarshalJSON(bytes.NewReader(b))
		if err := compiled.Validate(v); err != nil {
			t.Errorf("%s: %v\n%s", kind, err, b)
		}
		delete(v.(map[string]any)["content"].(map[string]any), firstMember(b))
		if compiled.Validate(v) == nil {
			t.Errorf("%s: taken without a section", kind)
		}
	}
}

func firstMember(b []byte) string {
	var f struct {
		Content map[string]any `json:"content"`
	}
	json.Unmarshal(b, &f)
	for name := range f.Content {
		return name
	}
	return ""
}

// sample is a paper with something in every field, so long that it needs more than one page.
func sample(kind paper.FormKind) *paper.Form {
	v := reflect.New(reflect.TypeOf(contents[kind]))
	fill(v.Elem())
	return &paper.Form{Schema: schemas.Version, Kind: kind, Case: "0f5e7a52-1c35-4a8b-9f6f-2b8f1d3f2a10", Requesting: "gb", Requested: "al", Withheld: []string{},
		Agreement: paper.Treaty{ID: "x", Version: "2026-11-23", TitleEn: "Test", TitleSq: "Provë", Own: "Europe/London", Requested: "Europe/Tirane"},
		Act: paper.Reference{ID: "a", Kind: "case.requested", Signed: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), Officer: "Arta Çela", Role: "caseworker", Authority: "gb", Joint: true,
			Received: time.Date(2026, 11, 23, 9, 1, 0, 0, time.UTC), Mark: goodMark(kind)}, Content: v.Interface()}
}

func fill(v reflect.Value) {
	if v.Type() == reflect.TypeFor[time.Time]() {
		v.Set(reflect.ValueOf(time.Date(2026, 12, 1, 10, 0, 0, 0, time.UTC)))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString("Përshëndetje ëçËÇ")
	case reflect.Int:
		v.SetInt(2)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 3, 3))
		for i := range 3 {
			fill(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i))
		}
	}
}

func goodMark(kind paper.FormKind) paper.Mark {
	leaf := paper.LeafHash([]byte("x"))
	return paper.Mark{Paper: kind, Act: "a", Origin: "countersign/uk-al/gb/al", Index: 3, Leaf: leaf, Size: 9, Root: leaf, Hash: strings.Repeat("0", 32)}
}

// Every field, section and title of every paper has words in both languages, and both languages show the same
// fields in the same order.
func TestEveryFieldHasWords(t *testing.T) {
	c, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, kind := range paper.FormKinds {
		en, sq := sample(kind).Sections(c[words.English]), sample(kind).Sections(c[words.Albanian])
		if len(en) != len(sq) || len(en) == 0 {
			t.Fatalf("%s: %d and %d sections", kind, len(en), len(sq))
		}
		keys := []string{"paper.title." + string(kind), "paper.field.none"}
		for i, s := range en {
			keys = append(keys, "paper.section."+s.Key)
			for j, r := range s.Rows {
				keys = append(keys, "paper.field."+r.Key)
				if sq[i].Rows[j].Key != r.Key {
					t.Errorf("%s: field %s beside %s", kind, r.Key, sq[i].Rows[j].Key)
				}
			}
		}
		for _, key := range keys {
			used[key] = true
			for lang, words := range c {
				if !words.Has(key) {
					t.Errorf("%s has no words (%s)", key, lang)
				}
			}
		}
	}
	var all map[string]any
	b, _ := os.ReadFile("../words/catalogue/en/paper.json")
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatal(err)
	}
	for key := range all {
		for _, part := range []string{"paper.field.", "paper.section.", "paper.title."} {
			if strings.HasPrefix(key, part) && !used[key] {
				t.Errorf("%s is in the catalogue and on no paper", key)
			}
		}
	}
}

// Every paper prints, over as many pages as it needs, and one letter more is another version.
func TestEveryPaperPrints(t *testing.T) {
	c, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range paper.FormKinds {
		f := sample(kind)
		for _, withheld := range [][]string{{}, {"paper.draft.not-signed"}} {
			f.Withheld = withheld
			var b bytes.Buffer
			if err := paper.WriteFormPDF(&b, f, c); err != nil || !bytes.HasPrefix(b.Bytes(), []byte("%PDF-")) || !bytes.Contains(b.Bytes(), []byte("/Count")) {
				t.Errorf("%s: %v, %d bytes", kind, err, b.Len())
			}
		}
		one, err := f.Hash()
		if err != nil {
			t.Fatal(err)
		}
		f.Requested = "alb"
		if two, _ := f.Hash(); two == one {
			t.Errorf("%s: two papers with one version", kind)
		}
	}
}

func TestBuildRefusesWhatIsNoPaper(t *testing.T) {
	if _, err := paper.BuildForm(paper.FormInput{Kind: "invoice"}); fault.KeyOf(err) != "fault.paper.kind" {
		t.Error(err)
	}
	for _, kind := range paper.FormKinds {
		f, err := paper.BuildForm(paper.FormInput{Kind: kind, Own: "gb"})
		if err == nil && !f.Draft() {
			t.Errorf("%s: a paper of an empty case may be used", kind)
		}
	}
}

func FuzzParseMark(f *testing.F) {
	good := goodMark(paper.ReplyForm)
	domestic := good
	domestic.Size, domestic.Root = 0, ""
	for _, s := range []string{good.String(), domestic.String(), "", "countersign-paper/1", good.String() + " x", strings.ToUpper(good.String())} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m, err := paper.ParseMark(s)
		if err != nil {
			return
		}
		again, err := paper.ParseMark(m.String())
		if err != nil || again != m || !slices.Contains(paper.FormKinds, m.Paper) || m.Act == act.ID("") {
			t.Errorf("%q: %+v %v", s, m, err)
		}
	})
}

func BenchmarkWriteFormPDF(b *testing.B) {
	c, err := words.Load()
	if err != nil {
		b.Fatal(err)
	}
	f := sample(paper.ApplicationForm)
	var out bytes.Buffer
	for b.Loop() {
		out.Reset()
		if err := paper.WriteFormPDF(&out, f, c); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(out.Len()), "bytes")
}
