package criteria

// State is how one rule came out.
type State string

const (
	Met           State = "met"
	NotMet        State = "not-met"
	NotKnown      State = "unknown"        // a fact is missing: ask
	NotApplicable State = "not-applicable" // another destination, or its own condition does not hold
	NotInForce    State = "not-in-force"
	LawNotFound   State = "law-not-found" // nothing can rest on it until somebody has read it
)

// Evaluation is one rule's result with everything an officer, and later a court, needs to follow it.
type Evaluation struct {
	Book   *Book
	Rule   *Rule
	State  State
	Effect Effect   // what it asks for; "" nothing
	Facts  []string // facts used, in order
	Absent []string // those that were not known
}

// Journey is the frame of a check.
type Journey struct {
	State       string // whose officers check
	Direction   Direction
	Destination []string // areas and state of the destination, for example "schengen", "ITA"; nil unknown
	Day         string   // 2006-01-02
}

// Evaluate runs every rule of the rulebooks that touch the journey: those of the state that checks, and, for
// the traveller's information only, what the destination asks for on entry.
func Evaluate(books []*Book, j Journey, f Facts) []Evaluation {
	var out []Evaluation
	for _, b := range books {
		own := b.State == j.State && b.Direction == j.Direction
		ahead := j.Direction == Exit && b.Direction == Entry && b.State != j.State && matches(b.State, j.Destination)
		if !own && !ahead {
			continue
		}
		for i := range b.Rules {
			e := evaluate(b, &b.Rules[i], j, f)
			if ahead && e.Effect != "" {
				e.Effect = Info // another authority's criteria: told, not applied
			}
			out = append(out, e)
		}
	}
	return out
}

func matches(area string, destination []string) bool {
	for _, d := range destination {
		if d == area {
			return true
		}
	}
	return false
}

func evaluate(b *Book, r *Rule, j Journey, f Facts) Evaluation {
	e := Evaluation{Book: b, Rule: r}
	seen := map[string]bool{}
	note := func(fact string) {
		if seen[fact] {
			return
		}
		seen[fact] = true
		e.Facts = append(e.Facts, fact)
		if f[fact].Kind == Missing {
			e.Absent = append(e.Absent, fact)
		}
	}
	r.When.walk(note)
	r.Require.walk(note)
	if !inForce(b.From, b.To, j.Day) || !inForce(r.From, r.To, j.Day) {
		e.State = NotInForce
		return e
	}
	applies := destinationOf(r, j.Destination)
	if r.When != nil {
		applies = min(applies, r.When.Eval(f))
	}
	switch {
	case applies == False:
		e.State = NotApplicable
		return e
	case r.Mark == "N":
		e.State, e.Effect = LawNotFound, Info
		return e
	}
	result := r.Require.Eval(f)
	switch {
	case result == True:
		e.State = Met
	case applies == Unknown || result == Unknown:
		// Unknown is not "no": the officer asks. Nothing harder than a question rests on it.
		e.State, e.Effect = NotKnown, least(r.Effect, Ask)
	default:
		e.State, e.Effect = NotMet, r.Effect
	}
	return e
}

func least(a, b Effect) Effect {
	if a.Rank() < b.Rank() {
		return a
	}
	return b
}

func destinationOf(r *Rule, destination []string) Three {
	for _, d := range r.Destinations {
		if d == "any" || matches(d, destination) {
			return True
		}
	}
	if len(destination) == 0 {
		return Unknown
	}
	return False
}

func inForce(from, to, day string) bool {
	return (from == "" || day >= from) && (to == "" || day <= to)
}
