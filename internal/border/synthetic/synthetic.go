// Package synthetic makes up people, alerts and travellers from a seed: for tests, benchmarks, calibration
// and the demo. No record describes a person who exists. It never reads data about anybody.
package synthetic

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"time"

	"countersign/internal/border/alert"
	"countersign/internal/person"
)

// Person is an invented one.
type Person struct {
	Given, Middle, Surname string
	Sex                    byte
	Birth                  person.MRZDate
	Nationality            string
	Document               alert.Document
}

// Name in the order of a document: given, middle (or father's), surname.
func (p *Person) Name() string {
	if p.Middle == "" {
		return p.Given + " " + p.Surname
	}
	return p.Given + " " + p.Middle + " " + p.Surname
}

// World draws people from a seed. Two worlds of one seed are equal.
type World struct {
	rng   *rand.Rand
	day   time.Time
	few   int  // surnames of one nation, 0: as many as there are
	plain bool // nobody has a second name
	pool  map[string][]string
}

// New starts a world whose people live on day.
func New(seed uint64, day time.Time) *World {
	return &World{rng: rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15)), day: day}
}

// Narrow makes a harder world: each nation has a few surnames only, the first of them the most common, and with plain
// nobody has a second name. Whoever sets thresholds on the ordinary world alone has assumed that names are many.
func (w *World) Narrow(surnames int, plain bool) *World {
	w.few, w.plain, w.pool = surnames, plain, map[string][]string{}
	return w
}

// narrow gives p one of the few surnames.
func (w *World) narrow(p *Person) {
	if w.plain {
		p.Middle = ""
	}
	l := w.pool[p.Nationality]
	if len(l) < w.few {
		w.pool[p.Nationality] = append(l, p.Surname)
		return
	}
	u := w.rng.Float64()
	p.Surname = l[int(u*u*float64(len(l)))]
}

// Rand is the world's own source of chance.
func (w *World) Rand() *rand.Rand { return w.rng }

// Person draws one.
func (w *World) Person() Person {
	c := w.culture()
	p := Person{Sex: 'M', Nationality: c.nation}
	names := c.men
	if w.rng.IntN(100) < 38 {
		p.Sex, names = 'F', c.women
	}
	p.Given = w.common(names)
	switch {
	case c.father:
		p.Middle = w.common(c.men)
	case w.rng.IntN(100) < 55:
		p.Middle = w.common(names)
	}
	p.Surname = w.surname(c)
	if w.rng.IntN(100) < 8 { // another nationality than the name suggests
		p.Nationality = w.culture().nation
	}
	p.Birth = w.birth()
	p.Document = w.document(p.Nationality)
	if w.few > 0 {
		w.narrow(&p)
	}
	return p
}

func (w *World) culture() *culture {
	n := w.rng.IntN(100)
	for i := range cultures {
		if n -= cultures[i].share; n < 0 {
			return &cultures[i]
		}
	}
	return &cultures[0]
}

// common draws with falling frequency (Zipf-like, exponent near 0.8).
func (w *World) common(names []string) string {
	u := w.rng.Float64()
	i := int(math.Pow(u, 1.7) * float64(len(names)))
	return names[min(i, len(names)-1)]
}

// surname: four in ten are common ones, the others from syllables; so a million people have close to a
// hundred thousand different words, as recombined lists have.
func (w *World) surname(c *culture) string {
	if w.rng.IntN(10) < 4 {
		return w.common(c.surnames)
	}
	var b strings.Builder
	b.WriteString(w.common(c.head))
	for range 1 + w.rng.IntN(20)/19 {
		b.WriteString(w.common(c.middle))
	}
	b.WriteString(w.common(c.tail))
	return b.String()
}

// birth: adults mostly; one in fifty stands on 1 January, because the day is not known.
func (w *World) birth() person.MRZDate {
	age := 1 + int(math.Abs(w.rng.NormFloat64()*17)) + 17*w.rng.IntN(2) + 12
	d := w.day.AddDate(-min(age, 95), 0, -w.rng.IntN(366))
	if w.rng.IntN(50) == 0 {
		return person.MRZDate{Year: int16(d.Year()), Month: 1, Day: 1}
	}
	return person.MRZDate{Year: int16(d.Year()), Month: uint8(d.Month()), Day: uint8(d.Day())}
}

func (w *World) document(nation string) alert.Document {
	const letters = "ABCDEFGHJKLMNPRSTUVWXYZ"
	if nation == "GBR" {
		return alert.Document{Number: fmt.Sprintf("%09d", 100000000+w.rng.IntN(900000000)), State: nation}
	}
	return alert.Document{Number: fmt.Sprintf("%c%c%07d", letters[w.rng.IntN(len(letters))], letters[w.rng.IntN(len(letters))], w.rng.IntN(10000000)), State: nation}
}

// Alert turns a person into an alert: one in twenty knows only the year, one in seven no document.
func (w *World) Alert(p *Person, ref string) alert.Alert {
	a := alert.Alert{Ref: ref, Names: []string{p.Name()}, Birth: p.Birth, Sex: p.Sex, Nationality: p.Nationality}
	if w.rng.IntN(20) == 0 {
		a.Birth.Month, a.Birth.Day = 0, 0
	}
	if w.rng.IntN(7) != 0 {
		a.Documents = []alert.Document{p.Document}
	}
	return a
}

// Garble writes a name as another record might have it: one random edit, a third reordered, a quarter
// without its middle name (the conditions of facts: identity-border, section 4).
func (w *World) Garble(p *Person) string {
	parts := strings.Fields(p.Given)
	if p.Middle != "" && w.rng.IntN(4) != 0 {
		parts = append(parts, strings.Fields(p.Middle)...)
	}
	parts = append(parts, strings.Fields(p.Surname)...)
	if w.rng.IntN(3) == 0 {
		w.rng.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
	}
	k := w.rng.IntN(len(parts))
	parts[k] = w.edit(parts[k])
	return strings.Join(parts, " ")
}

func (w *World) edit(s string) string {
	r := []rune(s)
	if len(r) < 2 {
		return s
	}
	i := w.rng.IntN(len(r))
	c := rune('a' + w.rng.IntN(26))
	switch w.rng.IntN(4) {
	case 0:
		r[i] = c
	case 1:
		r = append(r[:i], r[i+1:]...)
	case 2:
		r = append(r[:i], append([]rune{c}, r[i:]...)...)
	default:
		if i == len(r)-1 {
			i--
		}
		r[i], r[i+1] = r[i+1], r[i]
	}
	return string(r)
}
