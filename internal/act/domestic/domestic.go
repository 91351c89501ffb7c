// Package domestic is the vocabulary of acts that never leave their node: barriers and their nature,
// detention, notices served, consultations of personal data, overrides, returns as counted by one state.
// A test holds that neither exchange nor act/joint imports it (design.md, section 4).
package domestic

import "countersign/internal/act"

// Vocabulary is every domestic kind.
var Vocabulary = act.Merge(
	dataKinds,
	nodeKinds,
	caseKinds,
	barrierKinds,
	journeyKinds,
	statisticsKinds,
	taskforceKinds,
	borderKinds,
	casefileKinds,
	officeKinds, rootKinds,
	accessKinds,
	borderLaneKinds,
)
