package casefile_test

import (
	"bytes"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"countersign/internal/act/domestic"
	"countersign/internal/casefile"
	"countersign/internal/casework"
	"countersign/internal/fault"
	"countersign/internal/person"
	"countersign/internal/words"
)

func mapping(t testing.TB, name string) *casefile.Mapping {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	m, err := casefile.ReadMapping(b)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func read(t testing.TB, m *casefile.Mapping, file string) *casefile.Result {
	t.Helper()
	r, err := casefile.Read(strings.NewReader(file), m)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

const cases = "CaseRef;Surname;Forenames;Other names;DOB;Sex;Nat;Passport;Expires;Sent;Received;Due\n" +
	"HO/1;Hoxha;Agim;Gimi Hoxha|A. Hoxha;17/05/1994;Male;Albanian;BA1234567;01/03/2030;11/12/2023;12/12/2023;26/12/2023\n" +
	"HO/2;Përparim;Edlira;;30/08/1991;Female;Albanian;;;;;\n"

func TestReadCSV(t *testing.T) {
	r := read(t, mapping(t, "mapping.json"), cases)
	if len(r.Problems) > 0 || len(r.Records) != 2 {
		t.Fatalf("%v", r.Problems)
	}
	one := r.Records[0]
	want := person.Particulars{Names: []person.Name{{Family: "Hoxha", Given: "Agim"}, {Family: "Hoxha", Given: "Gimi", Kind: "alias"}, {Family: "Hoxha", Given: "A.", Kind: "alias"}},
		Birth: person.On(1994, 5, 17), Sex: "M", Nationalities: []string{"ALB"}}
	if !reflect.DeepEqual(one.Opening.Person, want) {
		t.Errorf("%+v", one.Opening.Person)
	}
	if one.Opening.Route != "readmission" || one.Opening.Part != "EAW" || one.Opening.Destination != "ALB" {
		t.Errorf("%+v", one.Opening)
	}
	if one.Document == nil || one.Document.Number != "BA1234567" || one.Document.Issuer != "ALB" || one.Document.ValidUntil != person.On(2030, 3, 1) {
		t.Errorf("%+v", one.Document)
	}
	// A day is the day in the other system's zone; a limit's day counts to its end.
	if i := one.Import; !i.Due.Equal(time.Date(2023, 12, 27, 0, 0, 0, 0, time.UTC)) || i.Reference != "HO/1" || i.System != "old-case-system" {
		t.Errorf("%+v", i)
	}
	if r.Records[1].Document != nil {
		t.Error("an empty number is a document")
	}
}

// JSON goes the same way, with members by their path.
func TestReadJSON(t *testing.T) {
	file := `[{"id": "X-7", "person": {"last": "Kola", "first": "Fatmir", "born": "1988-02", "citizen": ["ALB", "XKX"]}, "interpreter": true}]`
	r := read(t, mapping(t, "mapping_json.json"), file)
	if len(r.Problems) > 0 || len(r.Records) != 1 {
		t.Fatalf("%v", r.Problems)
	}
	p := r.Records[0].Opening.Person
	if p.Main().Family != "Kola" || p.Birth != (person.Date{Year: 1988, Month: 2}) || !slices.Equal(p.Nationalities, []string{"ALB", "XKX"}) {
		t.Errorf("%+v", p)
	}
}

// A line is taken as a whole or not at all, and all that is wrong with it is said at once.
func TestBadLines(t *testing.T) {
	m := mapping(t, "mapping.json")
	head := strings.SplitN(cases, "\n", 2)[0] + "\n"
	for name, c := range map[string]struct {
		line string
		want []string // field and key
	}{
		"no name":                 {"HO/3;;Agim;;17/05/1994;Male;Albanian;;;;;", []string{"surname fault.import.needed"}},
		"no number, no birth":     {";Hoxha;Agim;;;Male;Albanian;;;;;", []string{"reference fault.import.needed", "birth fault.import.needed"}},
		"an impossible day":       {"HO/3;Hoxha;Agim;;31/02/1994;Male;Albanian;;;;;", []string{"birth fault.import.date"}},
		"unknown codes":           {"HO/3;Hoxha;Agim;;17/05/1994;Man;Martian;;;;;", []string{"sex fault.import.code", "nationality fault.import.code"}},
		"a reply before":          {"HO/3;Hoxha;Agim;;17/05/1994;Male;Albanian;;;11/12/2023;10/12/2023;", []string{"received fault.import.order"}},
		"a receipt of nothing":    {"HO/3;Hoxha;Agim;;17/05/1994;Male;Albanian;;;;10/12/2023;", []string{"requested fault.import.needed"}},
		"a number as a name":      {"HO/3;Hoxha7;Agim;;17/05/1994;Male;Albanian;;;;;", []string{"surname fault.import.value"}},
		"a document without type": {"HO/3;Hoxha;Agim;;17/05/1994;Male;Albanian;" + strings.Repeat("9", 41) + ";;;;", []string{"document_number fault.import.document"}},
	} {
		r := read(t, m, head+c.line+"\n")
		var got []string
		for _, p := range r.Problems {
			got = append(got, p.Field+" "+p.Key)
		}
		slices.Sort(got)
		slices.Sort(c.want)
		if !slices.Equal(got, c.want) || len(r.Records) != 0 {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	twice := read(t, m, head+"HO/3;A;B;;17/05/1994;Male;Albanian;;;;;\nHO/3;C;D;;17/05/1994;Male;Albanian;;;;;\n")
	if len(twice.Records) != 1 || len(twice.Problems) != 1 || twice.Problems[0].Key != "fault.import.twice" {
		t.Errorf("%+v", twice.Problems)
	}
}

func TestBadFiles(t *testing.T) {
	m := mapping(t, "mapping.json")
	for file, want := range map[string]string{
		"": "fault.import.malformed", "CaseRef;Surname\nx;y\n": "fault.import.no-column", "A;A\n": "fault.import.column-twice",
		cases + "HO/9;only\n": "fault.import.malformed", "\xff\xfeH\x00": "fault.import.encoding", "[{]": "fault.import.malformed", `[{"a":1,"a":2}]`: "fault.import.malformed",
	} {
		if _, err := casefile.Read(strings.NewReader(file), m); fault.KeyOf(err) != want {
			t.Errorf("%.20q: %v, want %s", file, err, want)
		}
	}
	for text, field := range map[string]string{
		`{}`: "system", `{"system":"x","fields":{"shoe":{"from":"a"}}}`: "shoe", `{"system":"x","delimiter":";;","fields":{}}`: "delimiter",
		`{"system":"x","fields":{"surname":{}}}`: "surname", `{"system":"x","zone":"Mars","fields":{}}`: "zone", `{"system":"x","fields":{}}`: "reference", `{"system":"x","colour":1}`: "",
	} {
		_, err := casefile.ReadMapping([]byte(text))
		if fault.KeyOf(err) != "fault.import.mapping" || fault.ArgsOf(err)["field"] != field {
			t.Errorf("%s: %v, want %q", text, err, field)
		}
	}
}

// What goes out under a mapping comes back in under it.
func TestThereAndBack(t *testing.T) {
	m := mapping(t, "mapping.json")
	first := read(t, m, cases)
	var lines []casefile.Line
	for _, r := range first.Records {
		s := casework.State{Case: "c", Particulars: r.Opening.Person, Route: casework.Route(r.Opening.Route), Part: r.Opening.Part, Destination: r.Opening.Destination}
		if r.Document != nil {
			s.Documents = []casework.Document{{Document: *r.Document}}
		}
		lines = append(lines, casefile.Line{Case: "c", State: s, Import: r.Import})
	}
	var out, js bytes.Buffer
	if err := m.WriteCSV(&out, lines); err != nil {
		t.Fatal(err)
	}
	again := read(t, m, out.String())
	if len(again.Problems) > 0 {
		t.Fatalf("%v\n%s", again.Problems, out.String())
	}
	for i := range first.Records {
		a, b := first.Records[i], again.Records[i]
		if !reflect.DeepEqual(a.Opening, b.Opening) || !reflect.DeepEqual(a.Document, b.Document) || a.Import != b.Import {
			t.Errorf("\nthere %+v\nback  %+v", a, b)
		}
	}
	if err := m.WriteJSON(&js, lines); err != nil {
		t.Fatal(err)
	}
	if r := read(t, m, js.String()); len(r.Problems) > 0 || !reflect.DeepEqual(r.Records[0].Opening, first.Records[0].Opening) {
		t.Errorf("%v", r.Problems)
	}
}

// A cell that a spreadsheet would run as a formula is guarded on the way out, and comes back as it was.
func TestNoFormulas(t *testing.T) {
	m := mapping(t, "mapping.json")
	s := casework.State{Case: "c", Route: "readmission", Part: "EAW", Destination: "ALB", Particulars: person.Particulars{
		Names: []person.Name{{Family: "=HYPERLINK(“x”)", Given: "'Agim"}}, Birth: person.On(1990, 1, 1), Sex: "M", Nationalities: []string{"ALB"}}}
	var out bytes.Buffer
	if err := m.WriteCSV(&out, []casefile.Line{{Case: "c", State: s, Import: domestic.Import{Reference: "-1"}}}); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), ";=HYP") || strings.Contains(out.String(), "\n-1") {
		t.Errorf("%s", out.String())
	}
	r := read(t, m, out.String())
	if len(r.Records) != 1 || r.Records[0].Opening.Person.Main() != s.Particulars.Main() || r.Records[0].Import.Reference != "-1" {
		t.Errorf("%+v %v", r.Records, r.Problems)
	}
}

// Every key that the reader can name has words in both languages.
func TestKeysHaveWords(t *testing.T) {
	catalogues, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"casefile.go", "read.go", "record.go"} {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range strings.Split(string(b), `"`) {
			if strings.HasPrefix(part, "fault.import.") {
				for lang, c := range catalogues {
					if !c.Has(part) {
						t.Errorf("%s has no words (%s)", part, lang)
					}
				}
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(cases)
	f.Add("\xef\xbb\xbf" + cases)
	f.Add(`[{"CaseRef":"1","Surname":"A","DOB":"01/01/1990","Nat":"Albanian"}]`)
	f.Add("CaseRef;Surname;Forenames;Other names;DOB;Sex;Nat;Passport;Expires;Sent;Received;Due\n\"")
	m := mapping(f, "mapping.json")
	f.Fuzz(func(t *testing.T, file string) {
		r, err := casefile.Read(strings.NewReader(file), m)
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Errorf("%v", err)
			}
			return
		}
		for _, x := range r.Records {
			if x.Import.Reference == "" || x.Opening.Person.Problem(person.On(x.Opening.Person.Birth.Year+1, 1, 1)) != "" || x.Line == 0 {
				t.Errorf("taken: %+v", x)
			}
		}
		for _, p := range r.Problems {
			if p.Key == "" || p.Field == "" || p.Line == 0 {
				t.Errorf("a problem without a place: %+v", p)
			}
		}
	})
}

func FuzzReadMapping(f *testing.F) {
	b, err := os.ReadFile("testdata/mapping.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte(`{"system":"x","fields":{"reference":{"from":"a","codes":{"":""}}}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := casefile.ReadMapping(b)
		if err != nil {
			return
		}
		if _, err := casefile.Read(strings.NewReader(cases), m); err != nil && fault.KindOf(err) != fault.Invalid {
			t.Error(err)
		}
	})
}
