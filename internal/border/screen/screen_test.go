package screen

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"slices"
	"testing"
	"time"

	"countersign/internal/border/alert"
	"countersign/internal/border/synthetic"
	"countersign/internal/person"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func header(kind alert.Kind, version, base int64) alert.Header {
	return alert.Header{List: "al/" + string(kind), Kind: kind, Authority: "al-police", LegalBasis: "stand-in", Action: "border.next.compare-person",
		Version: version, Base: base, Issued: noon, ValidFrom: noon.Add(-time.Hour), ValidUntil: noon.Add(48 * time.Hour)}
}

func indexed(alerts ...alert.Alert) *Index {
	b := NewBuilder()
	_ = b.List(header(alert.Wanted, 1, 0))
	for i := range alerts {
		b.Add(&alerts[i])
	}
	return b.Build()
}

func born(y, m, d int) person.MRZDate {
	return person.MRZDate{Year: int16(y), Month: uint8(m), Day: uint8(d)}
}

// crowd is a made-up population that gives words their frequencies.
func crowd(n int) ([]alert.Alert, []synthetic.Person) {
	w := synthetic.New(11, noon)
	alerts, people := make([]alert.Alert, n), make([]synthetic.Person, n)
	for i := range n {
		people[i] = w.Person()
		alerts[i] = w.Alert(&people[i], fmt.Sprint("r", i))
	}
	return alerts, people
}

func best(ix *Index, q Query) (string, Hit) {
	hits := ix.Search(&Searcher{}, &q, 20)
	if len(hits) == 0 {
		return "", Hit{}
	}
	a, _ := ix.Alert(&hits[0])
	return a.Ref, hits[0]
}

// Spellings seen in British, Italian, Greek and Serbian records (facts: identity-border, 7.2).
func TestAlbanianSpellings(t *testing.T) {
	alerts, _ := crowd(4000)
	people := []string{"Arben Hoxha", "Gjon Marku", "Xhevahir Çela", "Dedë Gjoni", "Shpëtim Përlala", "Qemal Bushati", "Njazi Dervishi", "Ylli Rrapaj"}
	for i, n := range people {
		alerts = append(alerts, alert.Alert{Ref: n, Names: []string{n}, Birth: born(1980, 5, 10+i), Sex: 'M', Nationality: "ALB"})
	}
	ix := indexed(alerts...)
	for _, c := range []struct{ as, want string }{
		{"HODZHA ARBEN", "Arben Hoxha"}, {"Arben Hodža", "Arben Hoxha"}, {"Arben Hodja", "Arben Hoxha"}, {"Арбен Хоџа", "Arben Hoxha"},
		{"Djon Mark", "Gjon Marku"}, {"GION MARCU", "Gjon Marku"}, {"Jevahir Chela", "Xhevahir Çela"}, {"Ded Gjon", "Dedë Gjoni"},
		{"Sptim Perlala", "Shpëtim Përlala"}, {"SHPETIM PERLALA", "Shpëtim Përlala"}, {"Kemal Bushati", "Qemal Bushati"}, {"Nyazi Dervishi", "Njazi Dervishi"},
		{"Yli Rapaj", "Ylli Rrapaj"}, {"Marku, Gjon", "Gjon Marku"}, {"Shpetim Ardian PERLALA", "Shpëtim Përlala"}, {"ARBENHOXHA", "Arben Hoxha"},
	} {
		at := slices.Index(people, c.want)
		if got, h := best(ix, Query{Name: c.as, Birth: born(1980, 5, 10+at)}); got != c.want {
			t.Errorf("%s: found %q, %v, score %.1f", c.as, got, h.Band, h.Score)
		}
	}
}

// The evidence names how each field agrees; what is missing on one side weighs nothing.
func TestEvidence(t *testing.T) {
	ix := indexed(alert.Alert{Ref: "a", Names: []string{"Sokol Ndreca"}, Birth: born(1985, 3, 12), Sex: 'M', Nationality: "ALB", Documents: []alert.Document{{Number: "BA1234567", State: "ALB"}}})
	number := func(n, state string) alert.Document { return alert.Document{Number: n, State: state} }
	for _, c := range []struct {
		name  string
		q     Query
		field Field
		want  Level
	}{
		{"exact", Query{Name: "Sokol Ndreca", Birth: born(1985, 3, 12)}, FieldBirth, Exact},
		{"day and month exchanged", Query{Name: "Sokol Ndreca", Birth: born(1985, 12, 3)}, FieldBirth, Swapped},
		{"one digit", Query{Name: "Sokol Ndreca", Birth: born(1985, 3, 13)}, FieldBirth, OneDigit},
		{"year transposed", Query{Name: "Sokol Ndreca", Birth: born(1958, 3, 12)}, FieldBirth, OneDigit},
		{"year only", Query{Name: "Sokol Ndreca", Birth: born(1985, 0, 0)}, FieldBirth, YearOnly},
		{"within two years", Query{Name: "Sokol Ndreca", Birth: born(1986, 7, 20)}, FieldBirth, Near},
		{"unknown", Query{Name: "Sokol Ndreca"}, FieldBirth, Unknown},
		{"sex differs", Query{Name: "Sokol Ndreca", Sex: 'F'}, FieldSex, Different},
		{"name similar", Query{Name: "Socol Ndreka", Birth: born(1985, 3, 12)}, FieldName, Similar},
		{"document", Query{Name: "Somebody Else", Document: number("BA1234567", "ALB")}, FieldDocument, Exact},
		{"document misread", Query{Name: "Sokol Ndreca", Birth: born(1985, 3, 12), Document: number("8A1234567", "ALB")}, FieldDocument, OneDigit},
		{"document of another state", Query{Name: "Sokol Ndreca", Birth: born(1985, 3, 12), Document: number("BA1234567", "ITA")}, FieldDocument, Similar},
	} {
		ref, h := best(ix, c.q)
		if ref != "a" || h.Evidence[c.field].Level != c.want {
			t.Errorf("%s: %q %v", c.name, ref, h.Evidence)
		}
	}
}

// A name alone is never strong; the number of a listed document always is looked at.
func TestBands(t *testing.T) {
	alerts, people := crowd(3000)
	ix := indexed(alerts...)
	for i := range 200 {
		q := Query{Name: people[i].Name()}
		for _, h := range ix.Search(&Searcher{}, &q, 20) {
			if h.Band == Strong {
				t.Fatalf("%s is strong by name alone", q.Name)
			}
		}
	}
	for i := range 200 { // however common the name: the same name on the same day is looked at
		if people[i].Birth == alerts[i].Birth {
			if _, h := best(ix, Query{Name: people[i].Name(), Birth: people[i].Birth}); h.Band == NoFinding {
				t.Errorf("%s, %s: not looked at", people[i].Name(), people[i].Birth)
			}
		}
	}
	lost := NewBuilder()
	_ = lost.List(header(alert.LostDocument, 1, 0))
	lost.Add(&alert.Alert{Ref: "d1", Documents: []alert.Document{{Number: "BA7654321", State: "ALB"}}})
	if ref, h := best(lost.Build(), Query{Name: "Anybody", Document: alert.Document{Number: "ba 7654321", State: "ALB"}}); ref != "d1" || h.Band != Strong {
		t.Errorf("a lost document was missed: %q %v", ref, h.Band)
	}
}

// Recall as in facts: identity-border, section 4, on a smaller list: one random edit, a third reordered, a
// quarter without middle name, with birth date.
func TestRecall(t *testing.T) {
	const n = 20000
	alerts, people := crowd(n)
	for i := range alerts {
		alerts[i].Birth = people[i].Birth
	}
	ix := indexed(alerts...)
	w := synthetic.New(5, noon)
	var s Searcher
	at1, at20, total := 0, 0, 0
	for i := 0; i < n; i += 10 {
		q := Query{Name: w.Garble(&people[i]), Birth: people[i].Birth, Sex: people[i].Sex, Nationality: people[i].Nationality}
		total++
		for k, h := range ix.Search(&s, &q, 20) {
			if a, _ := ix.Alert(&h); a.Ref == fmt.Sprint("r", i) {
				at20++
				if k == 0 {
					at1++
				}
			}
		}
	}
	if float64(at20) < 0.995*float64(total) || float64(at1) < 0.97*float64(total) {
		t.Errorf("recall @1 %d, @20 %d of %d", at1, at20, total)
	}
}

func TestNoAllocationsOnceWarm(t *testing.T) {
	alerts, people := crowd(5000)
	ix := indexed(alerts...)
	var s Searcher
	q := Query{Name: people[7].Name(), Birth: people[7].Birth}
	ix.Search(&s, &q, 20)
	if n := testing.AllocsPerRun(50, func() { ix.Search(&s, &q, 20) }); n > 0 {
		t.Errorf("%v allocations for a query", n)
	}
}

func keyRing() (ed25519.PrivateKey, alert.Ring) {
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	pub := key.Public().(ed25519.PublicKey)
	return key, alert.Ring{"police": {Authority: "al-police", Public: pub}, "node": {Authority: ImageAuthority, Public: pub}, "other": {Authority: "al-court", Public: pub}}
}

func TestImage(t *testing.T) {
	key, ring := keyRing()
	alerts, people := crowd(2000)
	ix := indexed(alerts...)
	var b bytes.Buffer
	if err := ix.WriteImage(&b, "node", key); err != nil {
		t.Fatal(err)
	}
	back, err := ReadImage(bytes.NewReader(b.Bytes()), ring)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 100 {
		q := Query{Name: people[i].Name(), Birth: people[i].Birth, Document: people[i].Document}
		x, y := slices.Clone(ix.Search(&Searcher{}, &q, 20)), back.Search(&Searcher{}, &q, 20)
		if !slices.Equal(x, y) {
			t.Fatalf("%s: the image answers otherwise", q.Name)
		}
	}
	for _, at := range []int{3, 30, b.Len() / 2, b.Len() - 1} {
		c := slices.Clone(b.Bytes())
		c[at] ^= 4
		if _, err := ReadImage(bytes.NewReader(c), ring); err == nil {
			t.Errorf("a changed byte at %d passed", at)
		}
	}
	b.Reset()
	if err := ix.WriteImage(&b, "police", key); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadImage(&b, ring); err == nil {
		t.Error("an image signed by a list's authority passed for a node's")
	}
}
