package demo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"strings"
	"time"

	"countersign/internal/act"
	"countersign/internal/demo/browse"
	"countersign/internal/fault"
	"countersign/internal/words"
)

// Story is the demo's tale: what officers of two states do, step by step, and what was checked at each.
type Story struct {
	*World
	out     io.Writer
	words   *words.Catalogue
	seed    uint64
	proofs  string // folder for the evidence
	passed  int
	failed  int
	began   time.Time // of the step under way
	returns int       // counted so far by the story itself
	handed  act.ID    // the case whose handover the last chapter proves
	checks  act.ID    // the measure that the task force agreed and the crossing points carry out
}

// StoryStart is when the tale begins: a Monday two weeks before Christmas. Its own returns fall outside the
// periods whose published figures the synthetic past reproduces.
var StoryStart = time.Date(2023, 12, 11, 9, 0, 0, 0, time.UTC)

// Result is how the story ended.
type Result struct{ Passed, Failed int }

// Tell builds a world, tells the story in it and returns the world, which the caller closes.
func Tell(ctx context.Context, o Options, c *words.Catalogue, out io.Writer) (*World, Result, error) {
	if o.Start.IsZero() {
		o.Start = StoryStart
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Story{out: out, words: c, seed: o.Seed, proofs: cmp.Or(o.Proof, o.Folder), began: time.Now()}
	var err error
	if s.World, err = Build(ctx, o); err != nil {
		return nil, Result{}, err
	}
	s.lang = c.Lang
	for i, chapter := range []struct {
		key  string
		tell func(context.Context) error
	}{
		{"story.beginning", s.beginning}, {"story.past", s.past}, {"story.removal", s.removal}, {"story.voluntary", s.voluntary},
		{"story.silence", s.silence}, {"story.scotland", s.scotland}, {"story.calendar", s.calendar}, {"story.door", s.door}, {"story.family", s.family}, {"story.people", s.people}, {"story.messages", s.messages},
		{"story.outage", s.outage}, {"story.count", s.count}, {"story.taskforce", s.taskForce}, {"story.posting", s.posting},
		{"story.border", s.crossings},
		{"story.proof", s.proof}, {"story.figures", s.figures},
	} {
		s.heading(fmt.Sprintf("%d. %s", i+1, s.words.Text(chapter.key)))
		if err := chapter.tell(ctx); err != nil {
			s.report(false, s.words.Text("story.broken", "error", s.message(err)))
		}
	}
	s.heading(s.words.Text("story.end"))
	s.heads(ctx)
	return s.World, Result{s.passed, s.failed}, nil
}

func (s *Story) heading(text string) {
	fmt.Fprintf(s.out, "\n%s  (%s)\n", text, s.words.Moment(s.Clock.Now().In(london)))
}

// did reports a step that happened.
func (s *Story) did(key string, args ...string) { s.report(true, s.words.Text(key, args...)) }

// check reports whether what was looked at is as it must be.
func (s *Story) check(ok bool, key string, args ...string) { s.report(ok, s.words.Text(key, args...)) }

// refused reports whether err refuses with the expected fault; the refusal's own words are shown. A page has no keys: it
// must say what that fault says.
func (s *Story) refused(err error, want, key string, args ...string) {
	text := s.words.Text(key, args...)
	if page, ok := errors.AsType[*browse.Refusal](err); ok {
		if said := s.saying(want).FindString(page.Said); said != "" {
			s.report(true, text+" — "+said)
			return
		}
	}
	if fault.KeyOf(err) != want {
		s.report(false, fmt.Sprintf("%s: %v", text, err))
		return
	}
	s.report(true, text+" — "+s.message(err))
}

// saying finds the words of a fault in what a page says, whatever it names in them.
func (s *Story) saying(key string) *regexp.Regexp {
	return regexp.MustCompile(variable.ReplaceAllString(regexp.QuoteMeta(s.words.Text(key)), ".+?"))
}

var variable = regexp.MustCompile(`\\\{[a-z_]+\\\}`)

func (s *Story) report(ok bool, text string) {
	mark := "✓"
	if ok {
		s.passed++
	} else {
		s.failed++
		mark = "✗"
	}
	took := time.Since(s.began).Round(time.Millisecond)
	fmt.Fprintf(s.out, "  %s %s  [%v]\n", mark, text, took)
	s.began = time.Now()
}

// message is an error in the reader's words.
func (s *Story) message(err error) string {
	if key := fault.KeyOf(err); s.words.Has(key) {
		return s.words.Map(key, s.named(fault.ArgsOf(err)))
	}
	return err.Error()
}

// named gives arguments that are codes their words.
func (s *Story) named(args map[string]string) map[string]string {
	out := make(map[string]string, len(args))
	for k, v := range args {
		out[k] = v
		switch k {
		case "gate":
			if rule, ok := s.GB.Desk.Law.Gate(v); ok {
				out[k] = rule.Name.In(string(s.words.Lang))
			}
		case "step":
			out[k] = s.words.Text("case.step." + v)
		case "who", "roles", "role":
			roles := strings.Split(v, ", ")
			for i, r := range roles {
				roles[i] = s.words.Text("role." + r)
			}
			out[k] = strings.Join(roles, ", ")
		}
	}
	return out
}

// heads prints the heads of all logs: one seed, one world.
func (s *Story) heads(ctx context.Context) {
	for _, a := range []*Authority{s.GB, s.AL} {
		heads, err := a.Desk.Heads(ctx)
		if err != nil {
			s.report(false, err.Error())
			continue
		}
		for _, h := range heads {
			fmt.Fprintf(s.out, "  %-2s  %-28s %6d  %x\n", a.Authority, h.Origin, h.Size, h.Root[:16])
		}
	}
}

var london = zone("Europe/London")

func zone(name string) *time.Location {
	l, err := time.LoadLocation(name)
	if err != nil {
		panic("demo: " + err.Error()) // the zones are embedded in the binary
	}
	return l
}

// until moves the demo's clock to a London wall time.
func (s *Story) until(value string) {
	t, err := time.ParseInLocation("2006-01-02 15:04", value, london)
	if err != nil {
		panic("demo: " + err.Error())
	}
	s.Clock.Set(t)
}

// at is a London wall time.
func at(value string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", value, london)
	if err != nil {
		panic("demo: " + err.Error())
	}
	return t.UTC()
}
