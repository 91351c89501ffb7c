// Package joint is the closed vocabulary that both states share. A file per domain adds its kinds; nothing
// here may tell, or let anyone infer, that a person has claimed asylum or is a victim of trafficking
// (design.md, section 4): no reason codes beyond "withdrawn", no barrier names, no free text about a person
// that a second officer has not reviewed.
//
// It imports only act and person, never domestic; the exchange imports only this package.
package joint

import "countersign/internal/act"

// Vocabulary is every joint kind.
var Vocabulary = act.Merge(
	rosterKinds,
	exchangeKinds,
	linkKinds,
	caseKinds,
	taskforceKinds,
	borderKinds,
	statisticsKinds,
	calendarKinds,
)
