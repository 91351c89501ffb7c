package borderbench

import (
	"fmt"

	"countersign/internal/border/screen"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// What the shipped thresholds ask for, per 10,000 travellers on no list, in the hardest of three made-up populations:
// below the targets, because real populations are none of them.
const (
	secondLooks = 18
	strongOnes  = 0.4
)

// Calibrate sets the thresholds anew on lists and travellers of its own seeds and prints them as the data that the
// screening ships with: those of the population that needs the highest. A run of the benchmark uses other seeds.
func (b *Bench) Calibrate() error {
	if b.day.IsZero() {
		b.day = calibrated
	}
	var highest screen.Thresholds
	n := b.size(100_000)
	for b.narrow = range 3 {
		if err := b.build(); err != nil {
			return err
		}
		w := b.made(b.Seed + 5000)
		t := b.index.Calibrate(func(yield func(*screen.Query) bool) {
			for range n {
				if q := Stranger(w); !yield(&q) {
					return
				}
			}
		}, secondLooks, strongOnes)
		fmt.Fprintf(b.Out, "population %d: second look from %.2f, strong from %.2f\n", b.narrow, t.SecondLook, t.Strong)
		highest.SecondLook, highest.Strong = max(highest.SecondLook, t.SecondLook), max(highest.Strong, t.Strong)
	}
	highest.Provenance = screen.Provenance{PerTenThousandSecond: secondLooks, PerTenThousandStrong: strongOnes, Forms: b.index.Forms(), Travellers: n,
		Source: "border/synthetic, by bench-border -part calibrate: the hardest of three populations", Seed: b.Seed, Date: b.day}
	out, err := json.Marshal(highest, jsontext.WithIndent("  "))
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(b.Out, "%s\n", out)
	return err
}
