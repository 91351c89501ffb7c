package screen

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"countersign/internal/border/alert"
	"countersign/internal/fault"
)

func file(t *testing.T, h alert.Header, keyID string, changes ...alert.Change) []byte {
	t.Helper()
	key, _ := keyRing()
	var b bytes.Buffer
	if err := alert.Write(&b, h, keyID, key, func(yield func(*alert.Change) bool) {
		for i := range changes {
			if !yield(&changes[i]) {
				return
			}
		}
	}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func add(ref, n string) alert.Change {
	return alert.Change{Alert: alert.Alert{Ref: ref, Names: []string{n}, Birth: born(1985, 3, 12)}}
}

// Snapshots and deltas: what is signed is loaded whole or not at all, and the previous one stays.
func TestSnapshots(t *testing.T) {
	_, ring := keyRing()
	whole := file(t, header(alert.Wanted, 1, 0), "police", add("a", "Arben Hoxha"), add("b", "Sokol Ndreca"))
	ix, err := Load(ring, noon, bytes.NewReader(whole))
	if err != nil || ix.Alerts() != 2 {
		t.Fatal(err)
	}
	var r Resident
	r.Set(ix)
	delta := file(t, header(alert.Wanted, 2, 1), "police", alert.Change{Remove: true, Alert: alert.Alert{Ref: "a"}}, add("b", "Sokol Prifti"), add("c", "Zef Doda"))
	if err := r.Change(bytes.NewReader(delta), ring, noon); err != nil {
		t.Fatal(err)
	}
	next := r.Index()
	for n, want := range map[string]string{"Arben Hoxha": "", "Sokol Prifti": "b", "Zef Doda": "c"} {
		if got, _ := best(next, Query{Name: n, Birth: born(1985, 3, 12)}); got != want {
			t.Errorf("after the delta %s finds %q", n, got)
		}
	}
	if next.Alerts() != 2 || ix.Alerts() != 2 || next.Lists()[0].Version != 2 || ix.Lists()[0].Version != 1 {
		t.Error("the index before the delta has changed")
	}
	spoilt := func(b []byte, at int) []byte { c := slices.Clone(b); c[at] ^= 1; return c }
	late := header(alert.Wanted, 3, 2)
	late.ValidUntil = noon
	for name, b := range map[string]struct {
		file []byte
		key  string
	}{
		"a changed body":            {spoilt(delta, len(delta)-3), ""},
		"a changed header":          {spoilt(delta, 40), "fault.border.snapshot-signature"},
		"cut short":                 {delta[:len(delta)-5], ""},
		"the same delta again":      {delta, "fault.border.snapshot-base"},
		"a delta on another":        {file(t, header(alert.Wanted, 9, 8), "police", add("x", "X Y")), "fault.border.snapshot-base"},
		"an authority's other list": {file(t, header(alert.Wanted, 3, 2), "other", add("x", "X Y")), "fault.border.snapshot-authority"},
		"an unknown key":            {file(t, header(alert.Wanted, 3, 2), "nobody", add("x", "X Y")), "fault.border.snapshot-signature"},
		"no longer valid":           {file(t, late, "police", add("x", "X Y")), "fault.border.snapshot-validity"},
		"a list not loaded":         {file(t, header(alert.Missing, 2, 1), "police", add("x", "X Y")), "fault.border.snapshot-base"},
		"no file at all":            {[]byte("\x00\x01"), "fault.border.snapshot-form"},
	} {
		err := r.Change(bytes.NewReader(b.file), ring, noon)
		if err == nil || b.key != "" && fault.KeyOf(err) != b.key {
			t.Errorf("%s: %v", name, err)
		}
		if r.Index() != next {
			t.Errorf("%s: the previous index did not stay", name)
		}
	}
}

func TestManyDeltasMerge(t *testing.T) {
	_, ring := keyRing()
	ix, err := Load(ring, noon, bytes.NewReader(file(t, header(alert.Wanted, 1, 0), "police", add("r0", "Arben Hoxha"))))
	if err != nil {
		t.Fatal(err)
	}
	for v := int64(2); v < 40; v++ {
		d := file(t, header(alert.Wanted, v, v-1), "police", add(fmt.Sprint("r", v%7), fmt.Sprint("Sokol Prifti", strings.Repeat("x", int(v%7)))))
		if ix, err = ix.Apply(bytes.NewReader(d), ring, noon); err != nil {
			t.Fatal(err)
		}
	}
	if ix.Alerts() != 7 || len(ix.segs) > mergeAbove+2 {
		t.Errorf("%d alerts in %d segments", ix.Alerts(), len(ix.segs))
	}
}

// A list that nobody signed gives no names, whatever bytes arrive.
func FuzzSnapshot(f *testing.F) {
	key, ring := keyRing()
	var b bytes.Buffer
	_ = alert.Write(&b, header(alert.Wanted, 1, 0), "police", key, func(yield func(*alert.Change) bool) { c := add("a", "Arben Hoxha"); yield(&c) })
	f.Add(b.Bytes())
	f.Add([]byte("countersign-alerts 1\n{}\nx y\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		ix, err := Load(ring, noon, bytes.NewReader(data))
		if err == nil && !bytes.Equal(data, b.Bytes()) {
			t.Fatalf("%d names from a file nobody signed", ix.Forms())
		}
		if _, err := ReadImage(bytes.NewReader(data), ring); err == nil {
			t.Fatal("an image nobody signed")
		}
	})
}

// Tables are what people write by hand: whatever they hold, rows are read or refused with their number, and
// whatever is read can be searched.
func FuzzTable(f *testing.F) {
	f.Add([]byte("ref,names,birth,sex,nationality,documents\n1,Arben Hoxha|Ben Hoxha,1985-03-12,M,AL,AL:BA1234567\n"), "Arben Hoxha")
	f.Add([]byte("id;given;surname;dob\n1;Zef;Doda;12.03.1985\n2;;\"x"), "ZEF D\xff")
	f.Fuzz(func(t *testing.T, data []byte, q string) {
		tab, err := alert.NewTable(bytes.NewReader(data))
		if err != nil {
			return
		}
		b := NewBuilder()
		_ = b.List(header(alert.Wanted, 1, 0))
		for {
			row, err := tab.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return
			}
			if row.Err == nil && !row.Remove {
				b.Add(&row.Alert)
			}
		}
		ix := b.Build()
		query := Query{Name: q, Birth: born(1985, 3, 12), NameCut: true, Document: alert.Document{Number: q}}
		for _, h := range ix.Search(&Searcher{}, &query, 20) {
			ix.Alert(&h)
		}
	})
}
