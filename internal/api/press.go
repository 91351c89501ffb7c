package api

import (
	"context"
	"strconv"
	"strings"

	"countersign/internal/fault"
	"countersign/internal/statistics"
	"countersign/internal/statistics/press"
	"countersign/internal/words"
)

// Checked is what the check says of one number in a draft.
type Checked struct {
	Number   int      `json:"number" doc:"place among the numbers of the draft; by it a binding names it"`
	Line     int      `json:"line"`
	Text     string   `json:"text"`
	Sentence string   `json:"sentence"`
	Verdict  string   `json:"verdict"`
	Passes   bool     `json:"passes"`
	Claim    string   `json:"claim,omitempty" doc:"what the number was bound to"`
	How      string   `json:"how,omitempty" doc:"who bound it"`
	Offered  string   `json:"offered,omitempty" doc:"what it could be bound to; a person decides"`
	Missing  []string `json:"missing,omitempty" doc:"why it cannot be checked, in the language of the request"`
	Now      string   `json:"now,omitempty" doc:"the value at the edition"`
	TrueOf   string   `json:"true_of,omitempty" doc:"the edition of which the printed value is true"`
	Instead  string   `json:"instead,omitempty" doc:"the definition that has the printed value"`
	Cautions []string `json:"cautions"`
}

// Worded is a sentence without a number that concludes what no figure carries.
type Worded struct {
	Line     int      `json:"line"`
	Sentence string   `json:"sentence"`
	Cautions []string `json:"cautions"`
}

// PressAside is a number that states nothing: a date, a name, an address, the mark of a list.
type PressAside struct {
	Line int    `json:"line"`
	Text string `json:"text"`
	Why  string `json:"why" enum:"date,name,code,list"`
}

// PressReport is the check of one draft against one edition.
type PressReport struct {
	Edition  string       `json:"edition"`
	Passes   bool         `json:"passes" doc:"every number passes; cautions may stand"`
	Numbers  []Checked    `json:"numbers"`
	Wordings []Worded     `json:"wordings"`
	Asides   []PressAside `json:"asides"`
}

type draftIn struct {
	WithPurpose
	WithLanguage
	Body struct {
		Text     string            `json:"text" maxLength:"262144"`
		Format   string            `json:"format,omitempty" enum:"text,markdown,html" default:"text"`
		Language string            `json:"language,omitempty" enum:"en,sq" doc:"of the draft; absent: recognised"`
		Date     string            `json:"date,omitempty" format:"date" doc:"day of the text, from which “last year” is reckoned"`
		Series   string            `json:"series" enum:"record,quarterly,live-systems"`
		Edition  string            `json:"edition" format:"date" doc:"day on which the edition was published, or of the record as it was known"`
		Accept   bool              `json:"accept,omitempty" doc:"a person accepts the one complete reading of each number"`
		Bindings map[string]string `json:"bindings,omitempty" doc:"claims by the number that they bind"`
	}
}

func (s *service) checkDraft(ctx context.Context, in *draftIn) (*body[PressReport], error) {
	who, err := session(ctx, in.Purpose)
	if err != nil {
		return nil, err
	}
	draft, o, err := in.read()
	if err != nil {
		return nil, err
	}
	report, err := s.Desk.CheckDraft(ctx, who, draft, o)
	if err != nil {
		return nil, err
	}
	out := PressReport{Edition: report.Edition.String(), Passes: report.Passes(), Numbers: []Checked{}, Wordings: []Worded{}, Asides: []PressAside{}}
	for _, f := range report.Findings {
		cautions := []string{}
		for _, x := range f.Cautions {
			cautions = append(cautions, string(x))
		}
		if f.Statement == nil {
			out.Wordings = append(out.Wordings, Worded{f.Line, f.Text, cautions})
			continue
		}
		out.Numbers = append(out.Numbers, checked(len(out.Numbers)+1, f, cautions, spoken(ctx)))
	}
	for _, a := range report.Asides {
		out.Asides = append(out.Asides, PressAside(a))
	}
	return &body[PressReport]{out}, nil
}

func checked(number int, f press.Finding, cautions []string, w *words.Catalogue) Checked {
	c := Checked{Number: number, Line: f.Line, Text: f.Statement.Text, Sentence: f.Text, Verdict: string(f.Verdict), Passes: f.Verdict.Passes(),
		Now: f.Show(f.Now, string(w.Lang)), Instead: f.Instead, Cautions: cautions}
	if f.Claim != nil {
		c.Claim, c.How = f.Claim.String(), strings.ReplaceAll(string(f.How), " ", "-")
	}
	if f.Suggestion != nil {
		c.Offered = f.Suggestion.String()
		for _, g := range f.Suggestion.Missing {
			key, word := press.Gap(g)
			c.Missing = append(c.Missing, w.Text(key, "word", word))
		}
	}
	if !f.True.Published.IsZero() {
		c.TrueOf = f.True.String()
	}
	return c
}

// read turns a request into what the desk is asked.
func (in *draftIn) read() (d press.Draft, o press.Options, err error) {
	b := &in.Body
	d = press.Draft{Source: b.Text, Format: press.Format(b.Format), Lang: press.Lang(b.Language)}
	o = press.Options{Edition: statistics.Edition{Series: statistics.Series(b.Series)}, Accept: b.Accept, Bindings: map[int]string{}}
	if o.Edition.Published, err = statistics.ParseDay(b.Edition); err != nil {
		return d, o, err
	}
	if b.Date != "" {
		if d.Date, err = statistics.ParseDay(b.Date); err != nil {
			return d, o, err
		}
	}
	for k, claim := range b.Bindings {
		n, err := strconv.Atoi(k)
		if err != nil || n < 1 {
			return d, o, fault.New(fault.Invalid, "fault.press.bindings", "file", "bindings")
		}
		o.Bindings[n] = claim
	}
	return d, o, nil
}
