package main

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"countersign/cmd/evidence/counted"
)

// work counts what an act costs in things that do not depend on how busy the machine is: statements of both databases
// and allocations of both nodes and the callers. What nodes do by the clock is in it, and is little.
func (r *Run) work(ctx context.Context) error {
	if err := counted.Register(); err != nil {
		return err
	}
	p, err := r.openPair(ctx, "work", link{atOnce: true, slot: time.Second, driver: counted.Driver})
	if err != nil {
		return err
	}
	defer p.Close()
	for _, callers := range []int{1, 64} {
		if _, err := p.callers(ctx, callers, 200*time.Millisecond, p.test()); err != nil { // statements are prepared, sessions begun
			return err
		}
		var before, after runtime.MemStats
		counts := counted.Now()
		runtime.ReadMemStats(&before)
		m, err := p.callers(ctx, callers, 800*time.Millisecond, p.test())
		if err != nil {
			return err
		}
		runtime.ReadMemStats(&after)
		counts = counts.Since()
		if m.acts < 20 {
			return fmt.Errorf("%d acts are too few to say anything", m.acts)
		}
		n := float64(m.acts)
		r.Say("%3d callers: %.1f statements an act at both nodes together, %.0f rows read, %.0f allocations of %.0f KiB together (%d acts)", callers,
			float64(counts.Statements)/n, float64(counts.Rows)/n, float64(after.Mallocs-before.Mallocs)/n, float64(after.TotalAlloc-before.TotalAlloc)/n/1024, m.acts)
	}
	return nil
}
