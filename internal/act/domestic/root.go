package domestic

import "countersign/internal/act"

// Kinds about what only the authority's root key says, where that key is kept away from the node.
const (
	RootPrepared act.Kind = "root.prepared"
	RootDropped  act.Kind = "root.dropped"
)

var rootKinds = act.Vocabulary{
	RootPrepared: func() any { return new(RootOrder) },
	RootDropped:  func() any { return new(RootDrop) },
}

// RootOrder is a joint act that is decided and waits for root's signature: its envelope and its body, as they will be signed.
type RootOrder struct {
	Order    act.ID   `json:"order"` // the id that the act will have
	Kind     act.Kind `json:"kind"`
	Envelope string   `json:"envelope"` // JSON
	Body     string   `json:"body"`     // JSON
}

// RootDrop says that an order is not to be signed any more.
type RootDrop struct {
	Order act.ID `json:"order"`
}
