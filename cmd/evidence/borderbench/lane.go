package borderbench

import (
	"bytes"
	"fmt"
	"slices"
	"time"

	"countersign/internal/border"
	"countersign/internal/border/alert"
	"countersign/internal/border/criteria"
	"countersign/internal/border/screen"
	"countersign/internal/border/synthetic"
	"countersign/internal/person"
	"countersign/laws"
)

// delta applies a signed delta of a thousand changes.
func (b *Bench) delta() error {
	key, ring := Keys()
	w := synthetic.New(b.Seed+2000, b.day)
	var changes []alert.Change
	for i := range 1000 {
		p := w.Person()
		if i%4 == 0 {
			changes = append(changes, alert.Change{Remove: true, Alert: alert.Alert{Ref: fmt.Sprint("r", 1+i*7)}})
			continue
		}
		changes = append(changes, alert.Change{Alert: w.Alert(&p, fmt.Sprint("d", i))})
	}
	var file bytes.Buffer
	if err := alert.Write(&file, b.header(2, 1), "police", key, func(yield func(*alert.Change) bool) {
		for i := range changes {
			if !yield(&changes[i]) {
				return
			}
		}
	}); err != nil {
		return err
	}
	begin := time.Now()
	next, err := b.index.Apply(&file, ring, b.day)
	if err != nil {
		return err
	}
	took := time.Since(begin)
	b.say("delta of 1,000 changes in use", took.Round(100*time.Microsecond).String(), "100 ms", took > 100*time.Millisecond, true, fmt.Sprintf("; %d alerts", next.Alerts()))
	return nil
}

// image measures how soon a lane decides after a cold start.
func (b *Bench) image() error {
	key, ring := Keys()
	var file bytes.Buffer
	if err := b.index.WriteImage(&file, "node", key); err != nil {
		return err
	}
	begin := time.Now()
	ix, err := screen.ReadImage(bytes.NewReader(file.Bytes()), ring)
	if err != nil {
		return err
	}
	books, err := criteria.Load(laws.Border)
	if err != nil {
		return err
	}
	in := b.input(ix, books)
	var m person.MRZ
	if err := person.ParseMRZ(&m, []byte(zone), person.MRZDate{Year: 2026, Month: 11, Day: 23}); err != nil {
		return err
	}
	in.MRZ = &m
	border.Check(in, &screen.Searcher{})
	took := time.Since(begin)
	b.say("lane's first decision from an image", fmt.Sprintf("%.2f s, %d MB", took.Seconds(), file.Len()>>20), "3 s", took > 3*time.Second, true, "; from memory: add the disk")
	return nil
}

func (b *Bench) input(ix *screen.Index, books []*criteria.Book) *border.Input {
	return &border.Input{Now: b.day, Books: books, Index: ix,
		Journey: criteria.Journey{State: "al", Direction: criteria.Exit, Destination: []string{"gb"}}}
}

// decisions measures zone, screening and rules together, without a chip.
func (b *Bench) decisions() error {
	books, err := criteria.Load(laws.Border)
	if err != nil {
		return err
	}
	w := synthetic.New(b.Seed+3000, b.day)
	n := b.size(20_000)
	zones := make([][]byte, n)
	for i := range zones {
		p := w.Person()
		zones[i] = []byte(ZoneOf(&p))
	}
	in := b.input(b.index, books)
	var s screen.Searcher
	var m person.MRZ
	var times quantiles
	begin := time.Now()
	for _, z := range zones {
		start := time.Now()
		if err := person.ParseMRZ(&m, z, person.MRZDate{Year: 2026, Month: 11, Day: 23}); err != nil {
			return fmt.Errorf("%s: %w", z, err)
		}
		if !m.Holds() {
			return fmt.Errorf("%s: digits %v", z, m.Digits)
		}
		in.MRZ = &m
		border.Check(in, &s)
		times = append(times, time.Since(start))
	}
	rate := float64(n) / time.Since(begin).Seconds()
	slices.Sort(times)
	b.say("whole decision in process", fmt.Sprintf("p50 %v p99 %v", times.at(.5).Round(time.Microsecond), times.at(.99).Round(time.Microsecond)), "p99 25 ms", times.at(.99) > 25*time.Millisecond, true,
		fmt.Sprintf("; %.0f a second on one core", rate))
	return nil
}

// ZoneOf prints the zone of a made-up person's passport, valid for ten years from 2024.
func ZoneOf(p *synthetic.Person) string { return synthetic.Zone(p, "340101") }
