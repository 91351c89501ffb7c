package alert

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"

	"countersign/internal/fault"
	"countersign/internal/person"
)

func rows(t *testing.T, s string) (out []Row) {
	t.Helper()
	tab, err := NewTable(strings.NewReader(s))
	if err != nil {
		t.Fatal(err)
	}
	for {
		r, err := tab.Next()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, r)
	}
}

func TestTableInOtherWords(t *testing.T) {
	want := Alert{Ref: "7", Names: []string{"Arben Hoxha"}, Birth: person.MRZDate{Year: 1985, Month: 3, Day: 12}, Sex: 'M', Nationality: "ALB", Documents: []Document{{"BA1234567", "ALB"}}}
	for _, s := range []string{
		"ref,names,birth,sex,nationality,documents\n7,Arben Hoxha,1985-03-12,M,ALB,ALB:BA1234567\n",
		"\ufeffID;Given Name;Surname;DOB;Gender;Country;Passport;Issuer\r\n7;Arben;Hoxha;12.03.1985;male;AL;BA1234567;AL\r\n",
		"id\tfull_name\tdate_of_birth\tsex\tnationality\tdocument\n7\tArben Hoxha\t19850312\tm\tal\tal:BA1234567\n",
	} {
		if got := rows(t, s); len(got) != 1 || got[0].Err != nil || !reflect.DeepEqual(got[0].Alert, want) {
			t.Errorf("%q: %+v", s, got)
		}
	}
}

// Faults name the row and the field, and reading goes on behind them.
func TestFaultsByRow(t *testing.T) {
	got := rows(t, "ref,names,birth,sex,op\n1,A B,1985-13-01,M,\n2,A B,,Q,\n3,,,,\n4,A B,1985,F,\n,,,,remove\n6,,,,remove\n7,A B,,,change\n8,\"A\" B,,,\n9,A B,1985-02-30,,\n10,A\x00B,,,\n")
	want := []string{"birth", "sex", "names", "", "ref", "", "op", "csv", "birth", "csv"}
	if len(got) != len(want) {
		t.Fatalf("%d rows", len(got))
	}
	for i, r := range got {
		if f := fault.ArgsOf(r.Err)["field"]; f != want[i] || r.Err != nil && r.Line != i+2 {
			t.Errorf("row %d: %v", r.Line, r.Err)
		}
	}
	if !got[5].Remove || got[5].Alert.Ref != "6" {
		t.Errorf("%+v", got[5])
	}
}

func TestBirths(t *testing.T) {
	for in, want := range map[string]string{"1985": "1985-??-??", "1985-03": "1985-03-??", "1985-03-XX": "1985-03-??", "1985-??-??": "1985-??-??", "1985-00-00": "1985-??-??", "": "????-??-??"} {
		if d, err := ParseBirth(in); err != nil || d.String() != want {
			t.Errorf("%s: %v %v", in, d, err)
		}
	}
	for _, in := range []string{"85", "1985-3-1", "1985-04-31", "yesterday!", "31/12/198", "0012-01-01"} {
		if d, err := ParseBirth(in); err == nil {
			t.Errorf("%s was read as %v", in, d)
		}
	}
}

// What is written reads back.
func TestWriteTable(t *testing.T) {
	in := []Change{
		{Alert: Alert{Ref: "1", Names: []string{"Arben Hoxha", "Ben"}, Birth: person.MRZDate{Year: 1985}, Sex: 'M', Nationality: "ALB", Documents: []Document{{"X1", "ALB"}, {"Y2", ""}}}},
		{Remove: true, Alert: Alert{Ref: "2"}},
	}
	var b bytes.Buffer
	if n, err := WriteTable(&b, func(yield func(*Change) bool) {
		for i := range in {
			if !yield(&in[i]) {
				return
			}
		}
	}); err != nil || n != 2 {
		t.Fatal(n, err)
	}
	got := rows(t, b.String())
	for i := range in {
		if got[i].Err != nil || !reflect.DeepEqual(got[i].Change, in[i]) {
			t.Errorf("%+v, want %+v", got[i].Change, in[i])
		}
	}
}

// The same tables as JSON, in the shapes in which other systems give them.
func TestTableAsJSON(t *testing.T) {
	want := Alert{Ref: "7", Names: []string{"Arben Hoxha", "Ben"}, Birth: person.MRZDate{Year: 1985, Month: 3, Day: 12}, Sex: 'M', Nationality: "ALB", Documents: []Document{{"BA1234567", "ALB"}}}
	for _, s := range []string{
		`[{"ref": "7", "names": ["Arben Hoxha", "Ben"], "birth": "1985-03-12", "sex": "M", "nationality": "ALB", "documents": ["ALB:BA1234567"]}]`,
		"\ufeff\r\n" + `{"id": 7, "name": "Arben Hoxha|Ben", "dob": "12 Mar 1985", "gender": "male", "country": "AL", "documents": [{"number": "BA1234567", "issuer": "AL"}]}` + "\n",
		`[{"id": "7", "given_name": "Arben", "surname": "Hoxha", "aliases": ["Ben"], "date_of_birth": "1985-03-12T00:00:00Z", "sex": "m", "nationality": "al", "passport": "BA1234567", "issuer": "ALB"}]`,
	} {
		if got := rows(t, s); len(got) != 1 || got[0].Err != nil || !reflect.DeepEqual(got[0].Alert, want) {
			t.Errorf("%s: %+v", s, got)
		}
	}
	got := rows(t, `[{"ref":"1","name":"A B","dob":"sometime"},{"ref":"2","name":"A B","dob":null}]`)
	if len(got) != 2 || got[0].Err == nil || got[1].Err != nil {
		t.Fatalf("%+v", got)
	}
	tab, err := NewTable(strings.NewReader(`[{"ref":"1","name":"A B"},{"ref":`))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tab.Next(); err != nil {
		t.Fatal(err)
	}
	if _, err := tab.Next(); err == nil || errors.Is(err, io.EOF) {
		t.Fatal("a table that was cut off is taken for a whole one", err)
	}
}
