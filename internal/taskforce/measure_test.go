package taskforce

import (
	"testing"

	"countersign/internal/act/joint"
)

// A measure is in force only when the other side has accepted, from its first day to its last.
func TestMeasureLife(t *testing.T) {
	p := newPair(t)
	prop := p.as("gb", "coordinator", ProposeMeasure{ID: "m", Terms: terms("checks")}, "")
	p.as("gb", "supervisor", AcceptMeasure{ID: "m", Proposal: prop}, "fault.taskforce.own-proposal")
	p.as("gb", "coordinator", ChangeMeasure{ID: "m", Change: "end", From: "2026-06-01", Reason: both("x")}, "fault.taskforce.measure-not-agreed")
	p.deliver()
	al := p.node["al"]
	if got := al.state.Measures["m"].StatusOn("2026-06-01"); got != MeasureProposed {
		t.Fatalf("before the answer: %s", got)
	}
	p.as("al", "coordinator", AcceptMeasure{ID: "m", Proposal: "nothing"}, "fault.taskforce.proposal-unknown")
	p.as("al", "coordinator", AcceptMeasure{ID: "m", Proposal: prop}, "")
	p.as("al", "coordinator", AcceptMeasure{ID: "m", Proposal: prop}, "fault.taskforce.not-open")
	p.deliver()

	suspend := p.as("al", "coordinator", ChangeMeasure{ID: "m", Change: "suspend", From: "2026-07-01", Reason: both("Strike")}, "")
	p.deliver()
	p.as("gb", "coordinator", ChangeMeasure{ID: "m", Change: "end", From: "2026-08-01", Reason: both("x")}, "fault.taskforce.open-proposal")
	p.as("gb", "coordinator", AcceptMeasure{ID: "m", Proposal: suspend}, "")
	p.deliver()
	resume := p.as("gb", "coordinator", ChangeMeasure{ID: "m", Change: "resume", From: "2026-08-01", Reason: both("Over")}, "")
	p.deliver()
	p.as("al", "coordinator", AcceptMeasure{ID: "m", Proposal: resume}, "")
	amended := terms("checks")
	amended.Places, amended.Until = []string{"TIA", "DRZ"}, "2026-11-30"
	amend := p.as("al", "coordinator", ChangeMeasure{ID: "m", Change: "amend", From: "2026-09-01", Terms: &amended, Reason: both("More")}, "")
	p.deliver()
	p.as("gb", "coordinator", AcceptMeasure{ID: "m", Proposal: amend}, "")
	end := p.as("gb", "coordinator", ChangeMeasure{ID: "m", Change: "end", From: "2026-11-01", Reason: both("Done")}, "")
	p.deliver()
	p.as("al", "coordinator", AcceptMeasure{ID: "m", Proposal: end}, "")
	p.deliver()

	m := p.node["gb"].state.Measures["m"]
	for day, want := range map[string]MeasureStatus{"2026-05-09": MeasureAhead, "2026-05-10": MeasureInForce,
		"2026-06-30": MeasureInForce, "2026-07-01": MeasureSuspended, "2026-07-31": MeasureSuspended,
		"2026-08-01": MeasureInForce, "2026-10-31": MeasureInForce, "2026-11-01": MeasureEnded, "2027-01-01": MeasureEnded} {
		if got := m.StatusOn(day); got != want {
			t.Errorf("%s: %s, want %s", day, got, want)
		}
	}
	if n := len(m.TermsOn("2026-08-31").Places); n != 1 {
		t.Errorf("before the amendment: %d places", n)
	}
	if n := len(m.TermsOn("2026-09-01").Places); n != 2 {
		t.Errorf("from the amendment on: %d places", n)
	}
}

// What cannot be agreed: a place that does not exist, a period after the agreement's end, half-empty terms.
func TestMeasureRefused(t *testing.T) {
	p := newPair(t)
	for name, c := range map[string]struct {
		change func(*joint.MeasureTerms)
		key    string
	}{
		"unknown crossing point":     {func(m *joint.MeasureTerms) { m.Places = []string{"XXX"} }, "fault.taskforce.crossing-point"},
		"after the agreement's end":  {func(m *joint.MeasureTerms) { m.Until = "2028-01-01" }, "fault.taskforce.outside-agreement"},
		"before the agreement":       {func(m *joint.MeasureTerms) { m.From = "2025-12-31" }, "fault.taskforce.outside-agreement"},
		"over already":               {func(m *joint.MeasureTerms) { m.From, m.Until = "2026-04-01", "2026-05-03" }, "fault.taskforce.period-over"},
		"backwards":                  {func(m *joint.MeasureTerms) { m.Until = "2026-05-09" }, "fault.taskforce.period"},
		"no such day":                {func(m *joint.MeasureTerms) { m.From = "2026-02-30" }, "fault.taskforce.date"},
		"checks nowhere":             {func(m *joint.MeasureTerms) { m.Places = nil }, "fault.taskforce.no-place"},
		"no basis":                   {func(m *joint.MeasureTerms) { m.Basis = nil }, "fault.taskforce.no-basis"},
		"article and commitment":     {func(m *joint.MeasureTerms) { m.Basis[0].Commitment = "c" }, "fault.taskforce.no-basis"},
		"commitment not in register": {func(m *joint.MeasureTerms) { m.Basis = []joint.MeasureBasis{{Commitment: "c"}} }, "fault.taskforce.commitment-unknown"},
		"one owner":                  {func(m *joint.MeasureTerms) { m.Owners = m.Owners[:1] }, "fault.taskforce.owners"},
		"owners of one side":         {func(m *joint.MeasureTerms) { m.Owners[0].Authority = "gb" }, "fault.taskforce.owners"},
		"nobody asked about rights":  {func(m *joint.MeasureTerms) { m.Risks = nil }, "fault.taskforce.no-risk"},
		"a figure per officer":       {func(m *joint.MeasureTerms) { m.Indicators[0].Code = "returns-per-officer" }, "fault.taskforce.indicator"},
		"a figure about asylum":      {func(m *joint.MeasureTerms) { m.Indicators[0].Code = "asylum-claims" }, "fault.taskforce.indicator"},
		"one language":               {func(m *joint.MeasureTerms) { m.Objective.SQ = " " }, "fault.taskforce.text-both"},
		"a passport number":          {func(m *joint.MeasureTerms) { m.Objective.EN = "Find BA1234567" }, "fault.taskforce.text-person"},
	} {
		m := terms("checks")
		c.change(&m)
		t.Run(name, func(t *testing.T) { p.t = t; p.as("gb", "coordinator", ProposeMeasure{ID: "x", Terms: m}, c.key) })
	}
	p.t = t
	// The accepting side judges by its own file: an agreement that ends there earlier carries no longer measure.
	prop := p.as("gb", "coordinator", ProposeMeasure{ID: "m", Terms: terms("checks")}, "")
	p.deliver()
	env := p.env("al", "coordinator")
	env.Agreement.Until = "2026-10-31"
	p.with(env, AcceptMeasure{ID: "m", Proposal: prop}, "fault.taskforce.outside-agreement")
	env.Agreement.Until, env.Agreement.CrossingPoints = "", nil
	p.with(env, AcceptMeasure{ID: "m", Proposal: prop}, "fault.taskforce.crossing-point")
	// Not in force: nothing new begins.
	env = p.env("gb", "coordinator")
	env.Agreement.Until = "2026-05-03"
	p.with(env, ProposeMeasure{ID: "y", Terms: terms("checks")}, "fault.taskforce.agreement-not-in-force")
}

func amendTo(target int64) ChangeMeasure {
	t := terms("checks")
	t.Indicators[0].Target = target
	return ChangeMeasure{ID: "m", Change: "amend", From: "2026-06-01", Terms: &t, Reason: both("More")}
}

// Two different amendments cross: neither stands, people are told, and withdrawing one's own lets the other's stand.
func TestCrossingAmendments(t *testing.T) {
	p := newPair(t)
	p.agreed("m", "checks")
	ours := p.as("gb", "coordinator", amendTo(200), "")
	theirs := p.as("al", "coordinator", amendTo(300), "")
	p.deliver()
	x := p.node["gb"].state.Crossings()
	if len(x) != 1 || x[0].Ruling != RulingBothAside {
		t.Fatalf("crossings: %+v", x)
	}
	p.as("al", "coordinator", AcceptMeasure{ID: "m", Proposal: ours}, "fault.taskforce.not-open")
	p.as("al", "coordinator", NoteCrossing{Family: "measure", Case: "m", Acts: x[0].Acts}, "")
	p.as("al", "supervisor", NoteCrossing{Family: "measure", Case: "m", Acts: x[0].Acts}, "fault.taskforce.crossing-noted")
	p.as("gb", "coordinator", WithdrawMeasure{ID: "m", Proposal: ours}, "")
	p.deliver()
	p.as("gb", "coordinator", AcceptMeasure{ID: "m", Proposal: theirs}, "")
	p.deliver()
	s := p.node["al"].state
	if got := s.Measures["m"].Terms().Indicators[0].Target; got != 300 {
		t.Errorf("target %d", got)
	}
	if got := s.Crossings(); len(got) != 1 || len(got[0].Noted) != 1 || got[0].Noted[0] != "al" {
		t.Errorf("crossings: %+v", got)
	}
}

// The other rulings between proposals and answers that cross.
func TestCrossingRulings(t *testing.T) {
	for name, c := range map[string]struct {
		play   func(p *pair)
		ruling Ruling
		target int64
		open   bool
		status MeasureStatus // on 2026-07-01
	}{
		"the same amendment": {func(p *pair) {
			p.as("gb", "coordinator", amendTo(200), "")
			p.as("al", "coordinator", amendTo(200), "")
		}, RulingSame, 200, false, MeasureInForce},
		"ending and amending": {func(p *pair) {
			p.as("gb", "coordinator", amendTo(200), "")
			p.as("al", "coordinator", ChangeMeasure{ID: "m", Change: "end", From: "2026-06-01", Reason: both("x")}, "")
		}, RulingCautious, 100, true, MeasureInForce},
		"withdrawal and acceptance": {func(p *pair) {
			a := p.as("gb", "coordinator", amendTo(200), "")
			p.deliver()
			p.as("gb", "coordinator", WithdrawMeasure{ID: "m", Proposal: a}, "")
			p.as("al", "coordinator", AcceptMeasure{ID: "m", Proposal: a}, "")
		}, RulingWithdrawal, 100, false, MeasureInForce},
		"a change of what was withdrawn": {func(p *pair) {
			a := p.as("gb", "coordinator", amendTo(200), "")
			p.deliver()
			p.as("gb", "coordinator", WithdrawMeasure{ID: "m", Proposal: a}, "")
			p.as("al", "coordinator", AcceptMeasure{ID: "m", Proposal: a}, "")
			p.as("al", "coordinator", amendTo(400), "")
		}, RulingBaseGone, 100, false, MeasureInForce},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPair(t)
			p.agreed("m", "checks")
			c.play(p)
			p.deliver()
			s := p.node["al"].state
			found := false
			for _, x := range s.Crossings() {
				found = found || x.Ruling == c.ruling
			}
			m := s.Measures["m"]
			if !found || m.Terms().Indicators[0].Target != c.target || (m.Open != nil) != c.open || m.StatusOn("2026-07-01") != c.status {
				t.Errorf("crossings %+v, target %d, open %v, %s", s.Crossings(), m.Terms().Indicators[0].Target, m.Open, m.StatusOn("2026-07-01"))
			}
		})
	}
}

// A measure is accounted for by both sides; the situation page shows each side's own figure.
func TestAccount(t *testing.T) {
	p := newPair(t)
	p.agreed("m", "checks")
	p.now = p.now.AddDate(0, 1, 0)
	account := func(code string, v int64, until string) AccountMeasure {
		return AccountMeasure{ID: "m", Account: joint.MeasureAccount{From: "2026-05-10", Until: until,
			Results: []joint.IndicatorResult{{Code: code, Value: v}}, Summary: both("May")}}
	}
	p.as("gb", "coordinator", account("returns-enforced", 3, "2026-05-31"), "fault.taskforce.indicator")
	p.as("gb", "coordinator", account("checks-made", -3, "2026-05-31"), "fault.taskforce.indicator")
	p.as("gb", "coordinator", account("checks-made", 3, "2026-06-30"), "fault.taskforce.account-ahead")
	p.as("gb", "coordinator", account("checks-made", 60, "2026-05-31"), "")
	p.as("al", "coordinator", account("checks-made", 55, "2026-05-20"), "")
	p.as("al", "coordinator", account("checks-made", 62, "2026-05-31"), "")
	p.deliver()
	f := p.node["gb"].state.Measures["m"].Situation("2026-06-04")
	if len(f) != 1 || f[0].Reported["gb"] != 60 || f[0].Reported["al"] != 62 || *f[0].Baseline != 40 || f[0].Target != 100 {
		t.Errorf("%+v", f)
	}
}

// A posted officer agrees to nothing on the host's behalf.
func TestPostedOfficerDecidesNothing(t *testing.T) {
	p := newPair(t)
	prop := p.as("gb", "coordinator", ProposeMeasure{ID: "m", Terms: terms("checks")}, "")
	p.deliver()
	for _, c := range Commands {
		if ofPosted(c) {
			continue
		}
		p.as("al", PostedOfficer, c, "fault.taskforce.posted-officer")
	}
	p.as("al", PostedOfficer, AcceptMeasure{ID: "m", Proposal: prop}, "fault.taskforce.posted-officer")
	// Nor does the zero value of any command pass, or panic.
	for _, c := range Commands {
		if _, err := Decide(p.node["al"].state, c, p.env("al", "coordinator")); err == nil {
			t.Errorf("%s: the zero value passes", Name(c))
		}
	}
	other := p.env("al", "coordinator")
	other.Officer.Authority = "gb"
	p.with(other, AcceptMeasure{ID: "m", Proposal: prop}, "fault.taskforce.not-our-officer")
}
