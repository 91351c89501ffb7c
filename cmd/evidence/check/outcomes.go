package check

import (
	"countersign/cmd/evidence/host"
	"countersign/internal/act"
)

// Count is how many acts of a kind the record has, with effect.
func (r *Record) Count(kind string) (n int) {
	for _, l := range r.Logs {
		for _, e := range l.Entries {
			if e.Kind == kind && e.Refused == "" {
				n++
			}
		}
	}
	return n
}

// Outcomes checks I7 on records that have converged: a handover that one side holds for accepted is accepted at
// the other, what is withdrawn at one side is not under way at the other, and no return is counted twice.
func Outcomes(records map[string]*Record) []Problem {
	out := &list{who: "both"}
	ours, theirs := records[host.GB], records[host.AL]
	for id, c := range theirs.Cases {
		mine, ok := ours.Cases[id]
		switch {
		case !ok:
			out.add("I7", "case %s is known to %s alone", id, theirs.Authority)
		case mine.Outcome == "withdrawn" && c.Outcome == "":
			out.add("I7", "case %s is withdrawn at %s and under way at %s", id, ours.Authority, theirs.Authority)
		case (c.Outcome == "returned") != (mine.Outcome == "returned"), c.Outcome == "withdrawn" && mine.Outcome != "withdrawn":
			out.add("I7", "case %s is %q at %s and %q at %s", id, mine.Outcome, ours.Authority, c.Outcome, theirs.Authority)
		}
	}
	counted := map[act.ID]int{}
	for _, l := range ours.Logs {
		for _, e := range l.Entries {
			if e.Kind == "return.recorded" && e.About != "" {
				if counted[e.About]++; counted[e.About] > 1 {
					out.add("I7", "the return of case %s is counted %d times", e.About, counted[e.About])
				}
			}
		}
	}
	return out.all
}
