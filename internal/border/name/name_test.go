package name

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func folded(s string) string {
	var buf [MaxTokens]Token
	var words []string
	for i := range Tokens(&buf, s) {
		words = append(words, buf[i].String())
	}
	return strings.Join(words, " ")
}

func TestTokens(t *testing.T) { // Doc 9303-3, section 6; facts: identity-border, 7.2
	for in, want := range map[string]string{
		"Dedë Çela": "DEDE CELA", "HOXHA<<ARBEN<ILIR": "HOXHA ARBEN ILIR", "O’Brien-Smith": "OBRIEN SMITH", "Müller, Jörg": "MULLER JORG",
		"Đorđević": "DORDEVIC", "Straße": "STRASSE", "Джевахир Хоџа": "DZHEVAKHIR KHODZA", "Γιώργος": "GIORGOS", "Je\u0308rg": "JERG", "张伟": "", "Ｈｏｘｈａ": "HOXHA",
	} {
		if got := folded(in); got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}

func cost(c *Costs, a, b string) uint8 {
	var x, y Token
	x.Set([]byte(a))
	y.Set([]byte(b))
	return c.Between(&x, &y, 2*Unit)
}

func TestVariantsAreCheap(t *testing.T) { // the table of facts: identity-border, 7.2
	c := NewCosts()
	for _, p := range []string{"HOXHA HODJA", "HOXHA HODZA", "HOXHA HOJA", "GJON DJON", "GJON JON", "DEDE DED", "CELA CHELA", "QEMAL KEMAL", "XHAFER DZAFER",
		"SHEHU SEHU", "THANAS TANAS", "MARKU MARK", "LEKA LEK", "LLESHI LESHI", "RRAPAJ RAPAJ", "NJAZI NYAZI", "MULLER MUELLER", "RAMA RAMAJ", "YLLI ULI"} {
		a, b, _ := strings.Cut(p, " ")
		if got := cost(c, a, b); got > Unit/2 {
			t.Errorf("%s: %d", p, got)
		}
	}
	for _, p := range []string{"ARBEN ARTAN", "MARKU MARA", "HOXHA HYSA", "SOKOL SPIRO"} {
		a, b, _ := strings.Cut(p, " ")
		if got := cost(c, a, b); got <= Unit/2 {
			t.Errorf("%s are different names: %d", p, got)
		}
	}
}

// The cost is symmetrical, nothing for equal words, and never more than plain edits.
func TestCosts(t *testing.T) {
	c := NewCosts()
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.StringMatching(`[A-Z]{1,12}`).Draw(t, "a"), rapid.StringMatching(`[A-Z]{1,12}`).Draw(t, "b")
		if rapid.Bool().Draw(t, "near") && len(a) > 1 {
			i := rapid.IntRange(0, len(a)-1).Draw(t, "at")
			b = a[:i] + a[i+1:]
		}
		if cost(c, a, a) != 0 {
			t.Fatal("equal words cost something")
		}
		if x, y := cost(c, a, b), cost(c, b, a); x != y {
			t.Fatalf("%s %s: %d one way, %d the other", a, b, x, y)
		}
		var p Pattern
		var tok Token
		tok.Set([]byte(a))
		p.Prepare(&tok)
		if got, want := p.distance([]byte(b)), plain(a, b); got != want {
			t.Fatalf("%s %s: distance %d, want %d", a, b, got, want)
		}
		if d := plain(a, b); d <= 2 && int(cost(c, a, b)) > d*Unit {
			t.Fatalf("%s %s: %d edits cost %d", a, b, d, cost(c, a, b))
		}
	})
}

// plain is the restricted edit distance by its definition.
func plain(a, b string) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		d[i][0] = i
	}
	for j := range d[0] {
		d[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			same := 1
			if a[i-1] == b[j-1] {
				same = 0
			}
			d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, d[i-1][j-1]+same)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(a)][len(b)]
}

func FuzzTokens(f *testing.F) {
	f.Add("Dedë Çela", "HODZHA")
	f.Add("\xff\xfe", "a\u0308")
	c := NewCosts()
	f.Fuzz(func(t *testing.T, a, b string) {
		var x, y [MaxTokens]Token
		n, m := Tokens(&x, a), Tokens(&y, b)
		for i := range n {
			for _, l := range x[i].Bytes() {
				if l < 'A' || l > 'Z' {
					t.Fatalf("%q folds to %q", a, x[i].String())
				}
			}
			for j := range m {
				c.Between(&x[i], &y[j], 2*Unit)
			}
		}
	})
}
