// Package statistics counts returns from acts, as they were known at any instant. It owns the counting
// rules (definitions as dated, hashed data), the code lists, the ledger of recorded, corrected and
// retracted returns, and the arithmetic of shares and changes.
//
// Its sub-packages each do one thing: official (files and values that a statistics office published), past
// (the demo's synthetic history), cube, disclose, release, press, mirror, timeliness.
//
// It never reads a clock, a database or the network, never rounds before it has computed, and never sums
// groups that overlap: Measure and Figure refuse it (design.md, section 7). Facts about asylum or
// trafficking have no place in its records (design.md, section 4).
package statistics
