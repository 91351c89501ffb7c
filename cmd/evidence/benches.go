package main

import "countersign/cmd/evidence/statbench"

// benchStatistics measures import, cube, release, verification and the press check.
func benchStatistics(r *Run) error {
	b := &statbench.Bench{Out: r.out, Quick: r.Quick, Seed: r.Seed}
	if err := b.Run(); err != nil {
		return err
	}
	for _, m := range b.Missed {
		r.Caught("%s misses its target", m)
	}
	r.Figure("%d figures miss their targets", len(b.Missed))
	return nil
}
