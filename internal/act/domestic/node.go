package domestic

import "countersign/internal/act"

// NodeResumed is signed by the person who looked at a node that came back from a backup and let it work again.
const NodeResumed act.Kind = "node.resumed"

var nodeKinds = act.Vocabulary{
	NodeResumed: func() any { return new(Resumption) },
}

// Resumption says from where the node's own joint acts are whole again. Domestic acts after the backup are lost:
// every gate is unknown until it is attested anew.
type Resumption struct {
	Joint    int64 `json:"joint"`    // size of the own stream when it was resumed
	Domestic int64 `json:"domestic"` // size of the domestic log as the backup had it
}
