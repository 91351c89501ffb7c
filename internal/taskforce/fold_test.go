package taskforce

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/joint"
)

// forge folds an act that the other side should never have made, as if its node were broken or hostile.
func (p *pair) forge(stream string, kind act.Kind, id act.ID, body any) {
	p.made++
	e := act.Event{ID: act.ID(fmt.Sprintf("forged-%d", p.made)), Scope: act.Joint, Kind: kind, Case: id,
		Officer: act.Officer{ID: "x", Authority: stream, Role: "coordinator"}, Made: p.now, Body: body}
	if n := p.node[stream]; n != nil {
		e.Seen = n.state.Size(n.state.Peer(stream))
	}
	for _, n := range p.node {
		n.state = Fold(n.state, e)
	}
}

// The fold trusts no decision of the other node: what is not its to say has no effect here.
func TestForgedActsHaveNoEffect(t *testing.T) {
	p := newPair(t)
	p.as("gb", "coordinator", open("gb"), "")
	prop := p.as("gb", "coordinator", ProposeMeasure{ID: "m", Terms: terms("officer-exchange")}, "")
	p.deliver()
	p.forge("al", joint.TaskCompleted, "t", &joint.TaskCompletion{Evidence: shown})
	p.forge("al", joint.TaskCancelled, "t", &joint.TaskReason{Reason: both("x")})
	p.forge("gb", joint.MeasureAccepted, "m", &joint.Agreement{Proposal: prop})
	p.forge("al", joint.MeasureWithdrawn, "m", &joint.Withdrawal{Proposal: prop})
	p.forge("al", joint.MeasureChangeProposed, "m", &joint.MeasureChange{Change: "end", From: "2026-05-05", Reason: both("x")})
	p.forge("xk", joint.MeasureAccepted, "m", &joint.Agreement{Proposal: prop})
	s := p.node["gb"].state
	if s.Tasks["t"].Status != TaskOpen || s.Measures["m"].StatusOn("2026-06-01") != MeasureProposed || s.Measures["m"].Open.ID != prop {
		t.Errorf("task %s, measure %s", s.Tasks["t"].Status, s.Measures["m"].StatusOn("2026-06-01"))
	}
	p.as("al", "coordinator", AcceptMeasure{ID: "m", Proposal: prop}, "")
	p.deliver()
	p.accredit("x", "gb-officer", "2026-06-01", "2026-08-31")
	p.forge("gb", joint.PostingAccredited, "x", &joint.PostingAccreditation{Officer: "gb-officer", Powers: []string{"executive"},
		From: "2026-01-01", Until: "2030-12-31"})
	if got := p.node["al"].state.Postings["x"].Accredited.Until; got != "2026-08-31" {
		t.Errorf("the home state accredited its own officer until %s", got)
	}
}

// Records are replaced, never changed: a page that still holds one reads what it read.
func TestRecordsAreNotChanged(t *testing.T) {
	p := newPair(t)
	p.as("gb", "coordinator", open("gb"), "")
	before := p.node["gb"].state.Tasks["t"]
	clone := p.node["gb"].state.Clone()
	p.as("gb", "coordinator", CompleteTask{ID: "t", Evidence: shown}, "")
	if before.Status != TaskOpen || clone.Tasks["t"].Status != TaskOpen || p.node["gb"].state.Tasks["t"].Status != TaskDone {
		t.Error("an old record changed")
	}
}

// No body that the vocabulary accepts makes the fold or its views fail.
func FuzzFold(f *testing.F) {
	for _, seed := range []string{`{"proposal":"a"}`, `{"family":"task","acts":["a","b"]}`, `{"reason":{"en":"a","sq":"b"}}`,
		`{"base":"b","change":"end","from":"x","reason":{"en":"","sq":""}}`, `{"at":"2026-01-01T00:00:00Z"}`,
		`{"items":[],"decisions":[],"actions":[{"id":"a","title":{"en":"","sq":""},"owner":"zz","due":"?"}]}`,
		`{"officer":"o","powers":[],"supervisor":"","from":"","until":"9"}`} {
		for kind := range 12 {
			f.Add(uint8(kind*5), seed, uint8(kind))
		}
	}
	kinds := joint.Vocabulary.Kinds()
	f.Fuzz(func(t *testing.T, kind uint8, body string, seen uint8) {
		s := New("al", "gb")
		for i := range 4 { // the same body under neighbouring kinds, from both sides, about one thing
			k := kinds[(int(kind)+i/2)%len(kinds)]
			b, err := joint.Vocabulary.Decode(k, []byte(body))
			if err != nil {
				continue
			}
			s = Fold(s, act.Event{ID: act.ID([]string{"a", "b", "c", "d"}[i]), Scope: act.Joint, Kind: k, Case: "a",
				Officer: act.Officer{ID: "o", Authority: s.Parties[i%2]}, Seen: int64(seen) % 3, Body: b})
		}
		if _, err := s.Digest(); err != nil && !strings.Contains(err.Error(), "UTF-8") && !strings.Contains(err.Error(), "year") {
			t.Fatal(err)
		}
		s.Calendar(CalendarWords{}, time.Time{})
		s.Progress("2026-01-01")
		s.OpenTasks("")
		s.Crossings()
		s.Decisions()
		s.AccessAt("a", time.Time{}, time.UTC)
		s.NextChange("a", time.Time{}, time.UTC)
		if m := s.Measures["a"]; m != nil {
			m.Situation("2026-01-01")
			m.StatusOn("2026-01-01")
		}
		for _, x := range s.Tasks {
			x.Overdue("2026-01-01")
		}
	})
}

// A folded calendar line unfolds to itself (RFC 5545, 3.1).
func FuzzCalendarLine(f *testing.F) {
	f.Add(strings.Repeat("ë", 80))
	f.Add("SUMMARY:short")
	f.Fuzz(func(t *testing.T, line string) {
		line = strings.ToValidUTF8(line, "")
		folded := fold(line)
		for _, part := range strings.Split(folded, crlf+" ") {
			if len(part) > 75 {
				t.Fatalf("%d octets", len(part))
			}
		}
		if !strings.Contains(line, crlf) && strings.ReplaceAll(folded, crlf+" ", "") != line {
			t.Fatal("does not unfold to itself")
		}
	})
}

// large is a state of 10,000 tasks and 200 measures.
func large(b *testing.B) State {
	s := New("al", "gb")
	say := func(kind act.Kind, id string, body any) {
		stream := s.Parties[len(id)%2]
		s = Fold(s, act.Event{ID: act.ID("act-" + id), Scope: act.Joint, Kind: kind, Case: act.ID(id),
			Officer: act.Officer{ID: "o", Authority: stream}, Seen: s.Size(s.Peer(stream)), Body: body})
	}
	for i := range 10000 {
		say(joint.TaskOpened, fmt.Sprint("task-", i), &joint.Task{Title: both("x"), Owner: "al", Due: "2026-06-01"})
	}
	for i := range 200 {
		say(joint.MeasureProposed, fmt.Sprint("measure-", i), &joint.MeasureProposal{Terms: terms("checks")})
	}
	return s
}

func BenchmarkPages(b *testing.B) {
	s := large(b)
	for name, f := range map[string]func(){
		"open tasks": func() { s.OpenTasks("") },
		"conflicts":  func() { s.Crossings() },
		"calendar":   func() { s.Calendar(CalendarWords{}, time.Time{}) },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				f()
			}
		})
	}
}

func BenchmarkFold(b *testing.B) {
	for b.Loop() {
		large(b)
	}
}
