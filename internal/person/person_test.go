package person

import (
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"pgregory.net/rapid"
)

func TestDateText(t *testing.T) {
	for _, s := range []string{"", "1990", "1990-05", "1990-05-17", "2024-02-29"} {
		d, err := ParseDate(s)
		if err != nil || d.String() != s {
			t.Errorf("%q: %v, %v", s, d, err)
		}
	}
	for _, s := range []string{"0000", "1990-13", "1990-02-30", "2023-02-29", "199", "1990-5-7", "17.05.1990", "1990-00-00"} {
		if d, err := ParseDate(s); err == nil {
			t.Errorf("%q read as %v", s, d)
		}
	}
}

func TestDateJSON(t *testing.T) {
	b, err := json.Marshal(Particulars{Names: []Name{{Family: "Hoxha"}}, Birth: Date{1990, 5, 0}, Nationalities: []string{"ALB"}})
	if err != nil {
		t.Fatal(err)
	}
	var p Particulars
	if err := json.Unmarshal(b, &p, json.RejectUnknownMembers(true)); err != nil || p.Birth.String() != "1990-05" {
		t.Fatalf("%s: %v %v", b, p.Birth, err)
	}
}

// Somebody who may be a child is treated as a child.
func TestYears(t *testing.T) {
	for _, c := range []struct {
		birth, day string
		want       int
		sure       bool
	}{
		{"2005-11-23", "2023-11-22", 17, true},
		{"2005-11-23", "2023-11-23", 18, true},
		{"2004-02-29", "2022-02-28", 17, true},
		{"2004-02-29", "2022-03-01", 18, true},
		{"2005", "2023-06-01", 17, false},
		{"2005-06", "2023-06-15", 17, false},
		{"2004", "2023-06-01", 18, false},
		{"", "2023-06-01", 0, false},
	} {
		b, _ := ParseDate(c.birth)
		d, _ := ParseDate(c.day)
		if got, sure := b.Years(d); got != c.want || sure != c.sure {
			t.Errorf("born %s on %s: %d %v, want %d %v", c.birth, c.day, got, sure, c.want, c.sure)
		}
	}
}

func TestYearsAreOrdered(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		birth := DateOf(time.Unix(rapid.Int64Range(0, 1_700_000_000).Draw(t, "birth"), 0).UTC())
		day := DateOf(time.Unix(rapid.Int64Range(1_700_000_000, 1_800_000_000).Draw(t, "day"), 0).UTC())
		exact, sure := birth.Years(day)
		if !sure {
			t.Fatalf("an exact birthday leaves no doubt: %v %v", birth, day)
		}
		birth.Day = 0
		if vague, _ := birth.Years(day); vague > exact {
			t.Fatalf("knowing less made %v older: %d > %d", birth, vague, exact)
		}
	})
}

func TestDocumentCovers(t *testing.T) {
	day := On(2023, 3, 10)
	d := Document{Type: LaissezPasser, Number: "X1", Issuer: "ALB", Issued: On(2023, 3, 1), ValidUntil: On(2023, 3, 12)}
	for _, c := range []struct {
		name   string
		doc    Document
		margin int
		want   bool
	}{
		{"valid with margin", d, 2, true},
		{"margin too long", d, 3, false},
		{"no last day is no validity", Document{Type: Passport, Number: "1", Issuer: "ALB"}, 0, false},
		{"not yet issued on the day", Document{Type: Passport, Issued: On(2023, 3, 11), ValidUntil: On(2030, 1, 1)}, 0, false},
	} {
		if got := c.doc.Covers(day, c.margin); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestProblems(t *testing.T) {
	today := On(2023, 1, 1)
	ok := Particulars{Names: []Name{{Family: "Hoxha", Given: "Arben"}}, Birth: On(1990, 5, 17), Sex: "M", Nationalities: []string{"ALB"}}
	if p := ok.Problem(today); p != "" {
		t.Fatal(p)
	}
	for field, change := range map[string]func(*Particulars){
		"names":         func(p *Particulars) { p.Names = nil },
		"birth":         func(p *Particulars) { p.Birth = On(2023, 1, 2) },
		"sex":           func(p *Particulars) { p.Sex = "male" },
		"nationalities": func(p *Particulars) { p.Nationalities = []string{"al"} },
		"birth_country": func(p *Particulars) { p.BirthCountry = "Shqipëri" },
	} {
		p := ok
		change(&p)
		if got := p.Problem(today); got != field {
			t.Errorf("want %s, got %q", field, got)
		}
	}
	if p := (Document{Type: Passport, Number: "B1", Issuer: "ALB", Issued: On(2023, 1, 2), ValidUntil: On(2022, 1, 1)}).Problem(); p != "valid_until" {
		t.Errorf("a document that ends before it begins: %q", p)
	}
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"", "1990", "1990-05-17", "2023-02-29", "9999-99-99"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if d, err := ParseDate(s); err == nil && d.String() != s {
			t.Fatalf("%q became %q", s, d)
		}
	})
}
