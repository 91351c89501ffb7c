package laws

import "embed"

// Border holds the rulebooks of border checks and the registers of crossing points.
//
//go:embed al/border-*.json gb/border-*.json schengen/border-*.json
var Border embed.FS
