package component

import (
	"strconv"

	"countersign/internal/words"
)

// GateState is how a legal condition stands.
type GateState string

const (
	GateOpen       GateState = "open"       // the condition holds: the step may go on
	GateClosed     GateState = "closed"     // it does not hold
	GateUnknown    GateState = "unknown"    // not attested, which counts as closed
	GateStale      GateState = "stale"      // attested, but it must be attested again before the next step
	GateOverridden GateState = "overridden" // lifted by who may lift it
)

// Gate is one legal condition of a step: what is missing, by what law, who decides, by when.
type Gate struct {
	Title    string
	State    GateState
	Step     string // the step it guards
	Missing  string // what is missing; empty for an open gate
	Basis    string // legal basis
	Decides  string // who may decide
	By       string // date by which, 2006-01-02
	Attested string // who attested what when, in words
	Absolute bool   // nobody can lift it
	Href     string // where to attest it; empty: not for this officer
}

// Gates is the list of conditions, as tasks. A closed one says everything that is needed to open it.
type Gates struct {
	Words    *words.Catalogue
	IDPrefix string
	Items    []Gate
}

func (Gates) partial() string { return "gates" }

type gateView struct {
	Gate
	ID     string
	Status Status
	Due    string
}

// Shown are the gates with their words.
func (g Gates) Shown() []gateView {
	tones := map[GateState]Tone{GateOpen: Good, GateClosed: Bad, GateUnknown: Unknown, GateStale: Notice, GateOverridden: Notice}
	var all []gateView
	for i, gate := range g.Items {
		v := gateView{Gate: gate, ID: or(g.IDPrefix, "gate") + "-" + strconv.Itoa(i+1)}
		v.Status = Status{Tone: tones[gate.State], Text: g.Words.Text("web.gate." + string(gate.State))}
		if gate.By != "" {
			v.Due = g.Words.Day(gate.By)
		}
		all = append(all, v)
	}
	return all
}

// Summary counts the gates that hold the next step.
func (g Gates) Summary() string {
	closed := 0
	for _, gate := range g.Items {
		if gate.State == GateClosed || gate.State == GateUnknown || gate.State == GateStale {
			closed++
		}
	}
	if closed == 0 {
		return g.Words.Text("web.gates.all-open")
	}
	return g.Words.Count("web.gates.closed", closed)
}
