package main

import (
	"countersign/cmd/evidence/borderbench"
	"countersign/cmd/evidence/statbench"
)

// benchStatistics measures import, cube, release, verification and the press check.
func benchStatistics(r *Run) error {
	b := &statbench.Bench{Out: r.out, Quick: r.Quick, Seed: r.Seed}
	if err := b.Run(); err != nil {
		return err
	}
	return judge(r, b.Missed)
}

// benchBorder measures the check at a crossing point and how often it errs.
func benchBorder(r *Run) error {
	b := &borderbench.Bench{Out: r.out, Quick: r.Quick, Seed: r.Seed}
	if r.parts == "calibrate" { // sets the thresholds of the screening anew instead of measuring them
		return b.Calibrate()
	}
	if err := b.Run(); err != nil {
		return err
	}
	return judge(r, b.Missed)
}

// judge reports what missed its target.
func judge(r *Run, missed []string) error {
	for _, m := range missed {
		r.Caught("%s misses its target", m)
	}
	r.Figure("%d figures miss their targets", len(missed))
	return nil
}
