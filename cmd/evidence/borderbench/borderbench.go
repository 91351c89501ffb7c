// Package borderbench measures the checks at crossing points: zones, screening against a million names, days
// of stay, whole decisions. It prints each figure with its target and what it was measured on; a figure that
// misses its target is said to. All people are made up from the seed.
package borderbench

import (
	"crypto/ed25519"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"slices"
	"testing"
	"time"

	"countersign/internal/border/alert"
	"countersign/internal/border/screen"
	"countersign/internal/border/stay"
	"countersign/internal/border/synthetic"
	"countersign/internal/person"
)

// Bench is one run. Missed lists the figures that miss their targets.
type Bench struct {
	Out    io.Writer
	Quick  bool // a tenth of everything; times are then not judged
	Seed   uint64
	Missed []string

	narrow int // which of the harder worlds, 0: the ordinary one
	day    time.Time
	names  int
	people []synthetic.Person // every 100th on the list
	index  *screen.Index
	world  *synthetic.World
}

// calibrated is the day on which the made-up people live.
var calibrated = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// Run measures everything, one after the other.
func (b *Bench) Run() error {
	fmt.Fprintf(b.Out, "bench-border: %s, %d cores, seed %d, quick %t; load from other processes is part of all times\n", runtime.Version(), runtime.NumCPU(), b.Seed, b.Quick)
	b.day = calibrated
	for _, step := range []func() error{b.zones, b.stays, b.build, b.recall, b.strangers, b.delta, b.image, b.decisions, b.lane, b.safeguards} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (b *Bench) size(n int) int {
	if b.Quick {
		return n / 10
	}
	return n
}

// say prints a figure; over tells that it misses its target. Times are not judged in a quick run.
func (b *Bench) say(what, figure, target string, over, isTime bool, more string) {
	verdict := "within"
	switch {
	case b.Quick && isTime:
		verdict = "quick run, not judged against"
	case over:
		verdict = "MISSES"
		b.Missed = append(b.Missed, what)
	}
	fmt.Fprintf(b.Out, "%-52s %-34s %s target %s%s\n", what, figure, verdict, target, more)
}

const zone = "I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<2\nSTEVENSON<<PETER<JOHN<<<<<<<<<"

func (b *Bench) zones() error {
	var m person.MRZ
	raw, today := []byte(zone), person.MRZDate{Year: 2026, Month: 11, Day: 23}
	r := testing.Benchmark(func(tb *testing.B) {
		for tb.Loop() {
			if err := person.ParseMRZ(&m, raw, today); err != nil {
				tb.Fatal(err)
			}
		}
	})
	allocs := testing.AllocsPerRun(1000, func() { _ = person.ParseMRZ(&m, raw, today) })
	b.say("zone parsed with all digits", fmt.Sprintf("%d ns, %.0f allocations", r.NsPerOp(), allocs), "2000 ns, 0 allocations", r.NsPerOp() > 2000 || allocs > 0, true, "")
	return nil
}

// stays compares with the oracle and measures the count.
func (b *Bench) stays() error {
	n := b.size(1_000_000)
	if b.Quick {
		n = 20_000 // the oracle counts day by day and takes its time
	}
	rng := rand.New(rand.NewPCG(b.Seed, 90180))
	type history struct {
		rule  stay.Rule
		stays []stay.Stay
		on    stay.Day
	}
	wrong := 0
	var some []history
	for i := range n {
		rule, stays, on := stay.RandomHistory(rng)
		got, err := stay.Count(rule, stays, on)
		if err != nil {
			return err
		}
		if got != stay.Oracle(rule, stays, on) {
			wrong++
		}
		if i < 1000 {
			some = append(some, history{rule, stays, on})
		}
	}
	begin, rounds := time.Now(), 0
	for time.Since(begin) < 300*time.Millisecond {
		for _, h := range some {
			if _, err := stay.Count(h.rule, h.stays, h.on); err != nil {
				return err
			}
		}
		rounds += len(some)
	}
	each := time.Since(begin) / time.Duration(rounds)
	b.say("days of stay", each.String(), "5 µs", each > 5*time.Microsecond, true, "")
	b.say("days of stay against the oracle", fmt.Sprintf("%d differences in %d histories", wrong, n), "0", wrong > 0, false, "")
	return nil
}

func (b *Bench) header(version, base int64) alert.Header {
	return alert.Header{List: "al/wanted", Kind: alert.Wanted, Authority: "al-police", LegalBasis: "made up", Action: "border.next.compare-person",
		Version: version, Base: base, Issued: b.day, ValidFrom: b.day.Add(-time.Hour), ValidUntil: b.day.Add(24 * time.Hour)}
}

// made is a world of people: the ordinary one, or one of few surnames, or of few surnames and no second names.
func (b *Bench) made(seed uint64) *synthetic.World {
	w := synthetic.New(seed, b.day)
	if b.narrow > 0 {
		w.Narrow(300, b.narrow > 1)
	}
	return w
}

// build makes the list and the index.
func (b *Bench) build() error {
	b.names = b.size(1_000_000)
	b.world, b.people = b.made(b.Seed), nil
	alerts := make([]alert.Alert, b.names)
	for i := range alerts {
		p := b.world.Person()
		alerts[i] = b.world.Alert(&p, fmt.Sprint("r", i))
		if i%100 == 0 {
			alerts[i].Birth = p.Birth
			b.people = append(b.people, p)
		}
	}
	begin := time.Now()
	sb := screen.NewBuilder()
	if err := sb.List(b.header(1, 0)); err != nil {
		return err
	}
	for i := range alerts {
		sb.Add(&alerts[i])
	}
	alerts = nil
	b.index = sb.Build()
	took := time.Since(begin)
	b.say("index rebuilt", fmt.Sprintf("%.1f s, %d names", took.Seconds(), b.index.Forms()), "10 s", took > 10*time.Second, true, "")
	debug.FreeOSMemory()
	var ms runtime.MemStats
	runtime.ReadMemStats(&ms)
	mb := int(ms.HeapAlloc >> 20)
	b.say("heap with the index", fmt.Sprintf("%d MB", mb), "400 MB", mb > 400, false, "")
	return nil
}

type quantiles []time.Duration

func (q quantiles) at(f float64) time.Duration { return q[min(int(f*float64(len(q))), len(q)-1)] }

// recall looks for people on the list under garbled names.
func (b *Bench) recall() error {
	for _, c := range []struct {
		what   string
		change func(q *screen.Query)
		judged bool
	}{
		{"with birth date", func(*screen.Query) {}, true},
		{"with birth date only", func(q *screen.Query) { q.Sex, q.Nationality = 0, "" }, true},
		{"day and month exchanged", func(q *screen.Query) {
			if q.Birth.Day <= 12 {
				q.Birth.Month, q.Birth.Day = q.Birth.Day, q.Birth.Month
			}
		}, false},
		{"year of birth only", func(q *screen.Query) { q.Birth.Month, q.Birth.Day = 0, 0 }, false},
		{"name alone", func(q *screen.Query) { q.Birth = person.MRZDate{} }, false},
	} {
		b.recallOf(c.what, c.change, c.judged)
	}
	return nil
}

func (b *Bench) recallOf(what string, change func(*screen.Query), judged bool) {
	var s screen.Searcher
	var times quantiles
	at1, at20, second, total := 0, 0, 0, 0
	for i := range b.people[:min(len(b.people), b.size(10_000))] {
		p := &b.people[i]
		q := screen.Query{Name: b.world.Garble(p), Birth: p.Birth, Sex: p.Sex, Nationality: p.Nationality}
		change(&q)
		begin := time.Now()
		hits := b.index.Search(&s, &q, 20)
		times = append(times, time.Since(begin))
		total++
		for k := range hits {
			if a, _ := b.index.Alert(&hits[k]); a.Ref == fmt.Sprint("r", i*100) {
				at20++
				if k == 0 {
					at1++
				}
				if hits[k].Band >= screen.SecondLook {
					second++
				}
			}
		}
	}
	slices.Sort(times)
	share := func(n int) float64 { return float64(n) / float64(total) }
	fig := fmt.Sprintf("@1 %.4f @20 %.4f, looked at %.3f", share(at1), share(at20), share(second))
	target := "@1 0.97, @20 0.995"
	if !judged {
		target = "none"
	}
	b.say("recall, "+what, fig, target, judged && (share(at1) < 0.97 || share(at20) < 0.995), false, fmt.Sprintf("; %d garbled names", total))
	b.say("screening, "+what, fmt.Sprintf("p50 %v p99 %v p99.9 %v", times.at(.5).Round(time.Microsecond), times.at(.99).Round(time.Microsecond), times.at(.999).Round(time.Microsecond)),
		map[bool]string{true: "p50 0.3 ms, p99 4 ms", false: "none"}[judged], judged && (times.at(.5) > 300*time.Microsecond || times.at(.99) > 4*time.Millisecond), true, "")
}

// strangers screens people who are on no list.
func (b *Bench) strangers() error {
	n := 50_000 // false matches are rare: a tenth would measure nothing
	if b.Quick {
		n = 20_000
	}
	w := synthetic.New(b.Seed+1000, b.day)
	queries := make([]screen.Query, n)
	for i := range queries {
		queries[i] = Stranger(w)
	}
	var s screen.Searcher
	second, strong := 0, 0
	begin := time.Now()
	for i := range queries {
		switch hits := b.index.Search(&s, &queries[i], 20); {
		case len(hits) == 0:
		case hits[0].Band == screen.Strong:
			strong++
		case hits[0].Band == screen.SecondLook:
			second++
		}
	}
	rate := float64(n) / time.Since(begin).Seconds()
	per := func(k int) float64 { return float64(k) * 10_000 / float64(n) }
	b.say("screened a second, one core", fmt.Sprintf("%.0f", rate), "1500", rate < 1500, true, "")
	b.say("false second looks per 10,000 travellers", fmt.Sprintf("%.1f", per(second)), "20", per(second) > 20, false, fmt.Sprintf("; %d travellers on no list", n))
	b.say("false strong matches per 10,000 travellers", fmt.Sprintf("%.1f", per(strong)), "1", per(strong) > 1, false, "")
	return nil
}

// Stranger is a traveller as a document shows one.
func Stranger(w *synthetic.World) screen.Query {
	p := w.Person()
	return screen.Query{Name: p.Name(), Birth: p.Birth, Sex: p.Sex, Nationality: p.Nationality, Document: p.Document}
}

// Keys is a ring of made-up keys: one for the list's authority and one for the node.
func Keys() (ed25519.PrivateKey, alert.Ring) {
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	pub := key.Public().(ed25519.PublicKey)
	return key, alert.Ring{"police": {Authority: "al-police", Public: pub}, "node": {Authority: screen.ImageAuthority, Public: pub}}
}
