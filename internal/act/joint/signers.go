package joint

import (
	"strings"

	"countersign/internal/act"
)

// Who signs what is part of the vocabulary: receivers and auditors judge by it alike.

// IsLink tells the acts about the link itself; they go on when the link has ended.
func IsLink(kind act.Kind) bool { return strings.HasPrefix(string(kind), "link.") }

// IsRoster tells the acts that enter and end officers' keys.
func IsRoster(kind act.Kind) bool { return kind == RosterEntered || kind == RosterEnded }

// RootOnly are the acts that only an authority's root key signs, and the only ones that it signs.
func RootOnly(kind act.Kind) bool {
	return IsRoster(kind) || kind == KeyChanged || kind == LinkEnded || kind == LinkFloor
}

// NodeSays are the joint acts that the node's own key signs, and the only ones: where nobody decided about a person, and
// “not yet”, “withdrawn” and what goes with them, which have to look alike whoever caused them. The name of a medical
// officer, of a court's liaison or of a specialist for trafficking would be the reason (docs/decisions/0041).
func NodeSays(kind act.Kind) bool {
	switch kind {
	case ActRefused, LinkPaused, LinkResumed,
		CasePaused, CaseReceivingPaused, CaseWithdrawn, CaseTransferWithdrawn, CaseDocumentReturned:
		return true
	}
	return false
}
