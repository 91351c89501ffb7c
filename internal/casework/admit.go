package casework

import (
	"countersign/internal/act"
	"countersign/internal/act/joint"
)

// ContestedWriter is the key of a contest about a fact that the other side writes.
const ContestedWriter = "case.contested.writer"

// IsJoint tells whether the kind is a joint act about a return case.
func IsJoint(k act.Kind) bool { return joint.IsCase(k) }
