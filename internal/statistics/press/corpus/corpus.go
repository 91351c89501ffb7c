// Package corpus holds texts whose numbers are labelled by hand, and counts how the press check reads them.
//
// The texts are synthetic sentences about the published editions. On the first set the grammar was developed;
// the second and the third were each written afterwards, measured as they were, and then served to mend it
// (docs/evidence.md has the counts at first reading).
package corpus

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"time"

	"countersign/internal/statistics"
	"countersign/internal/statistics/press"
)

//go:embed *.txt
var files embed.FS

// Label is one number of a text as a person read it. Claim is empty where no reading may bind it.
type Label struct {
	From, To int // in the text
	Claim    string
}

// Text is one labelled text.
type Text struct {
	Lang    press.Lang
	Edition time.Time
	Plain   string
	Labels  []Label
}

// Sets are their names, in the order in which they were written.
var Sets = []string{"first", "second", "third"}

// Set reads a set of texts.
func Set(name string) ([]Text, error) {
	b, err := files.ReadFile(name + ".txt")
	if err != nil {
		return nil, err
	}
	var all []Text
	for n, block := range strings.Split(string(b), "\n== ")[1:] {
		head, body, _ := strings.Cut(block, "\n")
		lang, day, _ := strings.Cut(strings.TrimSpace(head), " ")
		edition, err := statistics.ParseDay(day)
		if err != nil {
			return nil, fmt.Errorf("text %d: %w", n+1, err)
		}
		t := Text{Lang: press.Lang(lang), Edition: edition}
		if err := t.read(strings.TrimSpace(body)); err != nil {
			return nil, fmt.Errorf("text %d: %w", n+1, err)
		}
		all = append(all, t)
	}
	return all, nil
}

func (t *Text) read(body string) error {
	for body != "" {
		before, rest, ok := strings.Cut(body, "«")
		t.Plain += before
		if !ok {
			return nil
		}
		inner, after, closed := strings.Cut(rest, "»")
		text, label, labelled := strings.Cut(inner, "=")
		if !closed || !labelled {
			return fmt.Errorf("label %q", inner)
		}
		l := Label{From: len(t.Plain), To: len(t.Plain) + len(text), Claim: expand(label)}
		if l.Claim != "" {
			c, err := press.ParseClaim(l.Claim)
			if err != nil {
				return fmt.Errorf("label %q: %w", label, err)
			}
			l.Claim = c.String()
		}
		t.Plain, body = t.Plain+text, after
		t.Labels = append(t.Labels, l)
	}
	return nil
}

var short = strings.NewReplacer("TP", "returns-with-port", "E", "enforced", "V", "voluntary", "T", "returns-without-port", "P", "port", "O", "offender")

// expand writes a short label as a claim: “E/T 2022” is a share among Albanian nationals.
func expand(label string) string {
	if label == "-" || strings.Contains(label, "|") {
		return strings.TrimPrefix(label, "-")
	}
	what, period, _ := strings.Cut(label, " ")
	return strings.ReplaceAll(short.Replace(what), "/", " / ") + " | of albania | " + period
}

// Score is how a set was read.
type Score struct {
	Texts, Labels  int
	Found          int // numbers reported as statements
	Extra          int // statements where a person sees none
	Readable, Read int // labels that bind, and those that the reading binds alike
	Misread        int // complete readings that a person does not share
	Passed         int // statements that pass when every complete reading is accepted
	False          int // of these, those whose reading a person does not share
	Silent         int // digits that are reported neither as a statement nor as an aside
	Notes          []string
}

// Measure checks every text of a set against its edition with every complete reading accepted.
func Measure(set []Text, l press.Library) (*Score, error) {
	s := &Score{Texts: len(set)}
	for _, t := range set {
		r, err := press.Check(press.Draft{Source: t.Plain, Format: press.Text, Lang: t.Lang}, l,
			press.Options{Edition: statistics.Edition{Series: statistics.Quarterly, Published: t.Edition}, Accept: true})
		if err != nil {
			return nil, err
		}
		s.text(t, r)
	}
	return s, nil
}

func (s *Score) text(t Text, r *press.Report) {
	hit := make([]bool, len(t.Labels))
	reported := []byte(t.Plain)
	for _, f := range r.Findings {
		if f.Statement == nil {
			continue
		}
		for i := f.Statement.Start; i < f.Statement.End; i++ {
			reported[i] = ' '
		}
		i := slices.IndexFunc(t.Labels, func(l Label) bool { return f.Statement.Start < l.To && l.From < f.Statement.End })
		if i < 0 {
			s.Extra++
			s.note("extra", t, f, "")
			continue
		}
		hit[i] = true
		s.reading(t, f, t.Labels[i].Claim)
	}
	for _, a := range r.Asides {
		reported = []byte(strings.Replace(string(reported), a.Text, strings.Repeat(" ", len(a.Text)), 1))
	}
	if strings.ContainsAny(string(reported), "0123456789") {
		s.Silent++
		s.Notes = append(s.Notes, "silent: "+strings.TrimSpace(string(reported)))
	}
	for i, h := range hit {
		s.Labels++
		if h {
			s.Found++
		} else {
			s.Notes = append(s.Notes, "missed: "+t.Plain[t.Labels[i].From:t.Labels[i].To]+" in: "+t.Plain)
		}
		if t.Labels[i].Claim != "" {
			s.Readable++
		}
	}
}

func (s *Score) reading(t Text, f press.Finding, want string) {
	same := f.Claim != nil && f.Claim.String() == want
	switch {
	case same:
		s.Read++
	case f.Claim != nil:
		s.Misread++
		s.note("misread", t, f, want)
	case want != "":
		s.note("unread", t, f, want)
	}
	if f.Verdict.Passes() {
		if s.Passed++; !same {
			s.False++
			s.note("FALSE MATCH", t, f, want)
		}
	} else if same && f.Verdict == press.Wrong {
		s.note("judged wrong", t, f, want)
	}
}

func (s *Score) note(what string, t Text, f press.Finding, want string) {
	reading := "none"
	if c := f.Claim; c != nil {
		reading = c.String()
	} else if f.Suggestion != nil {
		reading = f.Suggestion.String() + " missing " + strings.Join(f.Suggestion.Missing, ", ")
	}
	s.Notes = append(s.Notes, fmt.Sprintf("%s: %q read as %s, labelled %q, %s: %s", what, f.Statement.Text, reading, want, f.Verdict, t.Plain))
}
