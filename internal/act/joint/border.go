package joint

import "countersign/internal/act"

// BorderCounted is what both states may see of a measure: totals, never travellers.
const BorderCounted act.Kind = "border.counted"

var borderKinds = act.Vocabulary{
	BorderCounted: func() any { return new(BorderCounts) },
}

// BorderCounts are the totals of one day of a measure, rounded to five with small cells left out. There is no
// cell by nationality, none by outcome of an alert list, and none about referrals.
type BorderCounts struct {
	Measure   act.ID       `json:"measure"`
	Day       string       `json:"day"` // 2006-01-02 at the crossing points
	Points    []BorderCell `json:"points"`
	Criteria  []BorderCell `json:"criteria"`
	Hours     []BorderCell `json:"hours"`
	Travelled int          `json:"travelled"` // all checks, rounded
}

// BorderCell is one count; Low means fewer than the limit below which nothing is shown.
type BorderCell struct {
	Of       string `json:"of"`       // crossing point, rule or hour
	Decision string `json:"decision"` // allow, second-line, refuse
	Count    int    `json:"count,omitzero"`
	Low      bool   `json:"low,omitzero"`
}
