package taskforce

import (
	"slices"
	"strings"

	"countersign/internal/act"
	"countersign/internal/act/joint"
)

// MeasureKinds are the kinds of joint measures.
var MeasureKinds = []string{"checks", "verifications", "returns", "officer-exchange", "crime-exploitation",
	"legal-routes", "reintegration"}

// IndicatorCodes is the closed list of what a measure may be judged by. There is no figure about protection in
// it, and no figure per officer (law.md 9: no removal counters per officer).
var IndicatorCodes = []string{"checks-made", "documents-examined", "forged-documents-found", "exits-refused",
	"exit-refusals-reviewed", "verifications-requested", "verifications-answered", "days-to-answer-median",
	"travel-documents-issued", "returns-enforced", "returns-voluntary", "returns-monitored", "complaints-received",
	"operations-joint", "officers-posted", "trainings-held", "information-sessions", "legal-permits-issued",
	"reintegration-grants"}

// checkTerms refuses terms that are incomplete or that the agreement does not carry.
func checkTerms(s State, t joint.MeasureTerms, env Env) error {
	if !slices.Contains(MeasureKinds, t.Kind) {
		return invalid("fault.taskforce.measure-kind", "kind", t.Kind)
	}
	if err := check("title", t.Title); err != nil {
		return err
	}
	if err := check("objective", t.Objective); err != nil {
		return err
	}
	if err := check("resources", t.Resources); err != nil {
		return err
	}
	if err := period(t.From, t.Until); err != nil {
		return err
	}
	if !env.Agreement.covers(t.From, t.Until) {
		return invalid("fault.taskforce.outside-agreement", "from", t.From, "until", t.Until)
	}
	for _, f := range []func(State, joint.MeasureTerms, Env) error{checkPlaces, checkBasis, checkIndicators,
		checkOwners, checkRisks} {
		if err := f(s, t, env); err != nil {
			return err
		}
	}
	return nil
}

// checkPlaces: a crossing point must be one of the agreement, and a check happens somewhere.
func checkPlaces(_ State, t joint.MeasureTerms, env Env) error {
	for i, p := range t.Places {
		if _, ok := env.Agreement.CrossingPoints[p]; !ok {
			return invalid("fault.taskforce.crossing-point", "place", p)
		}
		if slices.Contains(t.Places[:i], p) {
			return invalid("fault.taskforce.place-twice", "place", p)
		}
	}
	if t.Kind == "checks" && len(t.Places) == 0 {
		return invalid("fault.taskforce.no-place")
	}
	return nil
}

// checkBasis: a measure rests on an article or on a commitment that both sides have entered.
func checkBasis(s State, t joint.MeasureTerms, _ Env) error {
	if len(t.Basis) == 0 {
		return invalid("fault.taskforce.no-basis")
	}
	for _, b := range t.Basis {
		if (strings.TrimSpace(b.Article) == "") == (b.Commitment == "") {
			return invalid("fault.taskforce.no-basis")
		}
		if b.Commitment == "" {
			continue
		}
		if c := s.Commitments[b.Commitment]; c == nil || c.Entry == nil {
			return missing("fault.taskforce.commitment-unknown")
		}
	}
	return nil
}

func checkIndicators(_ State, t joint.MeasureTerms, _ Env) error {
	if len(t.Indicators) == 0 {
		return invalid("fault.taskforce.no-indicator")
	}
	for i, x := range t.Indicators {
		twice := slices.ContainsFunc(t.Indicators[:i], func(y joint.Indicator) bool { return y.Code == x.Code })
		if !slices.Contains(IndicatorCodes, x.Code) || twice || x.Target < 0 || x.Baseline != nil && *x.Baseline < 0 {
			return invalid("fault.taskforce.indicator", "code", x.Code)
		}
	}
	return nil
}

// checkOwners: both sides answer for a measure, as equals.
func checkOwners(s State, t joint.MeasureTerms, _ Env) error {
	seen := map[string]act.ID{}
	for _, o := range t.Owners {
		if o.Officer != "" {
			seen[o.Authority] = o.Officer
		}
	}
	if len(t.Owners) != 2 || seen[s.Parties[0]] == "" || seen[s.Parties[1]] == "" {
		return invalid("fault.taskforce.owners")
	}
	return nil
}

// checkRisks: no measure without having asked whose rights it touches.
func checkRisks(_ State, t joint.MeasureTerms, _ Env) error {
	if len(t.Risks) == 0 {
		return invalid("fault.taskforce.no-risk")
	}
	for _, r := range t.Risks {
		if strings.TrimSpace(r.Right) == "" {
			return invalid("fault.taskforce.no-risk")
		}
		if err := check("risk", r.Risk, r.Mitigation); err != nil {
			return err
		}
	}
	return nil
}
