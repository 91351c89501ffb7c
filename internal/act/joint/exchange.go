package joint

import "countersign/internal/act"

// ActRefused answers an act that the receiver holds but could not take: it has no effect on either side. The
// receiver still countersigns, because a leaf cannot be removed and one bad act would block for ever
// (facts/exchange.md, section 7).
const ActRefused act.Kind = "act.refused"

var exchangeKinds = act.Vocabulary{
	ActRefused: func() any { return new(ActRefusal) },
}

// ActRefusal names the act by its position and says why in a code of the protocol, never in words.
type ActRefusal struct {
	Index  int64  `json:"index"`
	Act    act.ID `json:"act"`
	Reason string `json:"reason"`
}
