package borderbench

import (
	"fmt"

	"countersign/internal/border/screen"
	"countersign/internal/border/synthetic"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// What the shipped thresholds ask for, per 10,000 travellers on no list: below the targets, because real
// populations are not the generated one.
const (
	secondLooks = 12
	strongOnes  = 0.4
)

// Calibrate sets the thresholds anew on a list and travellers of its own seeds and prints them as the data
// that the screening ships with. A run of the benchmark uses other seeds.
func (b *Bench) Calibrate() error {
	if b.day.IsZero() {
		b.day = calibrated
	}
	if err := b.build(); err != nil {
		return err
	}
	n := b.size(100_000)
	w := synthetic.New(b.Seed+5000, b.day)
	t := b.index.Calibrate(func(yield func(*screen.Query) bool) {
		for range n {
			if q := Stranger(w); !yield(&q) {
				return
			}
		}
	}, secondLooks, strongOnes)
	t.Provenance = screen.Provenance{PerTenThousandSecond: secondLooks, PerTenThousandStrong: strongOnes, Forms: b.index.Forms(), Travellers: n,
		Source: "border/synthetic, by calibrate-border", Seed: b.Seed, Date: b.day}
	out, err := json.Marshal(t, jsontext.WithIndent("  "))
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(b.Out, "%s\n", out)
	return err
}
