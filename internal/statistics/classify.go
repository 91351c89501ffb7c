package statistics

import "countersign/internal/fault"

// Circumstances are what decides where a return counts.
type Circumstances struct {
	RefusedAtPort bool // refused entry and later departed
	Juxtaposed    bool // of these: at the juxtaposed controls
	FromDetention bool // was in immigration detention until departure
	ByAuthority   bool // removed or deported by the authority
	Assisted      bool // left of their own accord with support
	KnownBefore   bool // the authority knew of the departure beforehand and saw it
	VerifiedLater bool // the departure was learned afterwards from other data
}

// Classify walks the published tree and returns the type in which a return counts, with the questions
// that decided, in order (keys of the catalogue). It asks in the order in which the published definitions
// rank (facts/statistics.md, section 2):
//
//	refused at port?  - yes: port, by place of control
//	removed or deported by the authority?  - yes: enforced, from detention or not
//	left from detention?  - yes: enforced, "other returns from detention" (so since August 2016)
//	assisted?  - yes: voluntary, assisted
//	known beforehand?  - yes: voluntary, controlled
//	verified later?  - yes: voluntary, other verified
//
// The published tables name "controlled" and "other verified" without a rule between them; that it is
// whether the authority knew beforehand is our reading. A departure that nobody has verified is no return.
func Classify(c Circumstances) (Type, []string, error) {
	switch {
	case c.RefusedAtPort && c.Juxtaposed:
		return "juxtaposed", []string{"statistics.tree.port", "statistics.tree.juxtaposed"}, nil
	case c.RefusedAtPort:
		return "uk-ports", []string{"statistics.tree.port"}, nil
	case c.ByAuthority && c.FromDetention:
		return "enforced-detention", []string{"statistics.tree.authority", "statistics.tree.detention"}, nil
	case c.ByAuthority:
		return "enforced-non-detained", []string{"statistics.tree.authority"}, nil
	case c.FromDetention:
		return "other-from-detention", []string{"statistics.tree.detention"}, nil
	case c.Assisted:
		return "assisted", []string{"statistics.tree.assisted"}, nil
	case c.KnownBefore:
		return "controlled", []string{"statistics.tree.known"}, nil
	case c.VerifiedLater:
		return "other-verified", []string{"statistics.tree.verified"}, nil
	}
	return "", nil, fault.New(fault.Invalid, "fault.statistics.not-verified")
}

// AgeBand is the band of an age in whole years on the day of departure; below zero is unknown.
func AgeBand(years int) Age {
	switch {
	case years < 0:
		return "unknown"
	case years < 18:
		return "0-17"
	case years < 30:
		return "18-29"
	case years < 50:
		return "30-49"
	case years < 70:
		return "50-69"
	}
	return "70+"
}
