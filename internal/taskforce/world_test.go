package taskforce

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/joint"
	"countersign/internal/fault"
	"countersign/internal/words"
)

// pair is two nodes of a test: each folds its own acts at once and the other's when they are delivered.
type pair struct {
	t    *testing.T
	now  time.Time
	made int
	node map[string]*node
}

type node struct {
	state State
	out   []act.Event // not delivered yet
}

func newPair(t *testing.T) *pair {
	return &pair{t: t, now: time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC),
		node: map[string]*node{"al": {state: New("al", "gb")}, "gb": {state: New("al", "gb")}}}
}

func (p *pair) env(us, role string) Env {
	return Env{Now: p.now, Us: us, Officer: act.Officer{ID: act.ID(us + "-" + role), Authority: us, Role: role},
		Agreement: Agreement{From: "2026-01-01", Until: "2027-12-31", CrossingPoints: map[string]struct{}{"TIA": {}, "DRZ": {}}}}
}

// as lets an officer try a command; key is the fault expected, empty for none. It returns the act made.
func (p *pair) as(us, role string, c Command, key string) act.ID {
	p.t.Helper()
	return p.with(p.env(us, role), c, key)
}

func (p *pair) with(env Env, c Command, key string) act.ID {
	p.t.Helper()
	n := p.node[env.Us]
	statements, err := Decide(n.state, c, env)
	if got := fault.KeyOf(err); got != key {
		p.t.Fatalf("%s %s: fault %q (%v), want %q", env.Us, Name(c), got, err, key)
	}
	var id act.ID
	for _, st := range statements {
		p.made++
		id = act.ID(fmt.Sprintf("act-%03d", p.made))
		e := act.Event{ID: id, Scope: st.Scope, Kind: st.Kind, Case: st.Case, Officer: env.Officer, Made: p.now,
			Recorded: p.now, InReplyTo: st.InReplyTo, Seen: n.state.Size(n.state.Peer(env.Us)), Body: st.Body}
		n.state = Fold(n.state, e)
		if st.Scope == act.Joint {
			n.out = append(n.out, e)
		}
	}
	return id
}

// deliver brings both sides up to date and checks that they agree.
func (p *pair) deliver() {
	p.t.Helper()
	for us, n := range p.node {
		other := p.node[n.state.Peer(us)]
		for _, e := range n.out {
			e.Recorded = p.now
			other.state = Fold(other.state, e)
		}
		n.out = nil
	}
	a, err := p.node["al"].state.Digest()
	if err != nil {
		p.t.Fatal(err)
	}
	if b, _ := p.node["gb"].state.Digest(); a != b {
		p.t.Fatal("the two records differ")
	}
}

func both(s string) joint.Text { return joint.Text{EN: s, SQ: s + " (sq)"} }

func terms(kind string) joint.MeasureTerms {
	base := int64(40)
	return joint.MeasureTerms{Kind: kind, Title: both("Checks in May"), Objective: both("Fewer forged documents"),
		Basis: []joint.MeasureBasis{{Article: "Art. 19"}}, Indicators: []joint.Indicator{{Code: "checks-made", Baseline: &base, Target: 100}},
		Owners: []joint.MeasureOwner{{Authority: "al", Officer: "al-coordinator"}, {Authority: "gb", Officer: "gb-coordinator"}},
		From:   "2026-05-10", Until: "2026-12-31", Places: []string{"TIA"}, Resources: both("Four officers"),
		Risks: []joint.RightsRisk{{Right: "ECHR Protocol 4 Art. 2", Risk: both("Exit refused without reason"), Mitigation: both("Each refusal is reviewed")}}}
}

// agreed makes a measure that both sides have agreed.
func (p *pair) agreed(id act.ID, kind string) {
	p.t.Helper()
	prop := p.as("gb", "coordinator", ProposeMeasure{ID: id, Terms: terms(kind)}, "")
	p.deliver()
	p.as("al", "coordinator", AcceptMeasure{ID: id, Proposal: prop}, "")
	p.deliver()
}

// Every key that the code uses exists in both languages, and nothing in the catalogue is unused.
func TestWords(t *testing.T) {
	all, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	literal := regexp.MustCompile(`"((?:fault\.)?taskforce\.[a-z.-]*[a-z])"`)
	want := map[string]bool{}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range literal.FindAllStringSubmatch(string(b), -1) {
			want[m[1]] = true
		}
	}
	group := func(name string, codes ...string) {
		for _, c := range codes {
			want["taskforce."+name+"."+c] = true
		}
	}
	for _, r := range Rulings {
		group("ruling", string(r))
	}
	group("kind", MeasureKinds...)
	group("indicator", IndicatorCodes...)
	group("commitment", CommitmentStates...)
	group("power", Powers...)
	group("course", Courses...)
	group("activity", Activities...)
	group("function", Functions...)
	group("caveat", Caveats...)
	group("recall", recallReasons...)
	for key := range want {
		if key == "taskforce.ruling" {
			continue
		}
		for _, l := range words.Langs {
			if !all[l].Has(key) {
				t.Errorf("%s: %s is missing", l, key)
			}
		}
	}
}
