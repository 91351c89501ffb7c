package api

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"countersign/internal/fault"
	"countersign/internal/statistics"
	"countersign/internal/statistics/press"

	"github.com/danielgtaylor/huma/v2"
)

// PressFinding is what the check says of one number of a draft, or of wording without one.
type PressFinding struct {
	Number     int      `json:"number,omitempty" doc:"place among the numbers of the draft; by it a binding names it"`
	Line       int      `json:"line"`
	Text       string   `json:"text,omitempty" doc:"the number as printed"`
	Sentence   string   `json:"sentence"`
	Verdict    string   `json:"verdict,omitempty" enum:"match,match-rounded,stale,other-source,wrong,wrong-definition,overlap-sum,unpublished,suppressed,unchecked"`
	Claim      string   `json:"claim,omitempty" doc:"what it is bound to"`
	How        string   `json:"how,omitempty" doc:"who bound it"`
	Suggestion string   `json:"suggestion,omitempty" doc:"how the sentence reads; it binds nothing before a person accepts it"`
	Missing    []string `json:"missing,omitempty" doc:"why it cannot be checked, in the language of the request"`
	Now        string   `json:"now,omitempty" doc:"the value at the edition"`
	TrueOf     string   `json:"true_of,omitempty" doc:"the edition of which the printed value is true"`
	Instead    string   `json:"instead,omitempty" doc:"the definition that has the printed value"`
	Cautions   []string `json:"cautions,omitempty"`
}

// PressAside is a number that states nothing.
type PressAside struct {
	Line int    `json:"line"`
	Text string `json:"text"`
	Why  string `json:"why" enum:"date,name,code,list"`
}

// PressReport is the check of a draft.
type PressReport struct {
	Edition  string         `json:"edition"`
	Passes   bool           `json:"passes"`
	Findings []PressFinding `json:"findings"`
	Asides   []PressAside   `json:"asides"`
}

type pressIn struct {
	WithPurpose
	WithLanguage
	Body struct {
		Text     string            `json:"text" maxLength:"262144"`
		Format   string            `json:"format,omitempty" enum:"text,markdown,html" default:"text"`
		Language string            `json:"language,omitempty" enum:"en,sq" doc:"of the draft; absent: recognised"`
		Date     string            `json:"date,omitempty" format:"date" doc:"day of the text"`
		Series   string            `json:"series,omitempty" enum:"record,quarterly,live-systems" default:"record"`
		Edition  string            `json:"edition" format:"date"`
		Accept   bool              `json:"accept,omitempty" doc:"a person has read and accepts every complete reading"`
		Bindings map[string]string `json:"bindings,omitempty" doc:"claims by the number of the statement"`
	}
}

func (s *service) press() {
	register(s, huma.Operation{OperationID: "check-press", Method: http.MethodPost, Path: "/press/checks", Tags: []string{tagReleases}, MaxBodyBytes: press.MaxDraft * 2,
		Summary: "Check every number in a draft against a published edition", Description: "Writes nothing. What is not bound by markup, by a person or by an accepted reading never passes."}, s.checkPress)
}

func (s *service) checkPress(ctx context.Context, in *pressIn) (*body[PressReport], error) {
	who, err := session(ctx, in.Purpose)
	if err != nil {
		return nil, err
	}
	day, err := statistics.ParseDay(in.Body.Edition)
	if err != nil {
		return nil, err
	}
	draft := press.Draft{Source: in.Body.Text, Format: press.Format(in.Body.Format), Lang: press.Lang(in.Body.Language)}
	if in.Body.Date != "" {
		if draft.Date, err = statistics.ParseDay(in.Body.Date); err != nil {
			return nil, err
		}
	}
	bindings := map[int]string{}
	for k, claim := range in.Body.Bindings {
		n, err := strconv.Atoi(k)
		if err != nil || n < 1 {
			return nil, fault.New(fault.Invalid, "fault.press.bindings", "file", "bindings")
		}
		bindings[n] = claim
	}
	r, err := s.Desk.CheckDraft(ctx, who, draft, press.Options{Edition: statistics.Edition{Series: statistics.Series(in.Body.Series), Published: day},
		Accept: in.Body.Accept, Bindings: bindings})
	if err != nil {
		return nil, err
	}
	w := spoken(ctx)
	out := PressReport{Edition: r.Edition.String(), Passes: r.Passes(), Findings: []PressFinding{}, Asides: []PressAside{}}
	n := 0
	for _, f := range r.Findings {
		x := PressFinding{Line: f.Line, Sentence: f.Text, Instead: f.Instead}
		if f.Statement != nil {
			n++
			x.Number, x.Text, x.Verdict, x.Now = n, f.Statement.Text, string(f.Verdict), f.Show(f.Now, string(w.Lang))
		}
		if f.Claim != nil {
			x.Claim, x.How = f.Claim.String(), strings.ReplaceAll(string(f.How), " ", "-")
		} else if f.Suggestion != nil {
			x.Suggestion = f.Suggestion.String()
			for _, g := range f.Suggestion.Missing {
				key, word := press.Gap(g)
				x.Missing = append(x.Missing, w.Text(key, "word", word))
			}
		}
		if !f.True.Published.IsZero() {
			x.TrueOf = string(f.True.Series) + " " + f.True.Published.Format(time.DateOnly)
		}
		for _, c := range f.Cautions {
			x.Cautions = append(x.Cautions, string(c))
		}
		out.Findings = append(out.Findings, x)
	}
	for _, a := range r.Asides {
		out.Asides = append(out.Asides, PressAside(a))
	}
	return &body[PressReport]{out}, nil
}
