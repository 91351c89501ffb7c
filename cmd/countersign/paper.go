package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"

	"countersign/internal/act"
	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/internal/node"
	"countersign/internal/paper"
	"countersign/internal/words"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// paperCmd writes a paper of a case in both languages, or as data.
type paperCmd struct {
	asOfficer
	Case     string   `arg:"" help:"The case."`
	Kind     string   `arg:"" help:"application, notification, interview-report, reply, refusal, criminal-record-request, travel-document-request, transit-request, departure-details, transfer-notice, handover-record."`
	Out      string   `help:"File to write; a name that ends in .json takes the paper as data." required:"" type:"path"`
	Remedies string   `help:"JSON file with the ways to challenge a refusal: [{body, within, how, source}]. The software knows none." type:"existingfile"`
	Transit  []string `help:"States of transit, for a transit request." placeholder:"ITA"`
	Bundle   string   `help:"Also write the evidence of the paper's act to this file." type:"path"`
}

func (c *paperCmd) Run(a *app) error {
	more := desk.PaperChoice{Transit: c.Transit}
	if c.Remedies != "" {
		b, err := os.ReadFile(c.Remedies)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(b, &more.Remedies, json.RejectUnknownMembers(true)); err != nil {
			return fmt.Errorf("%s: %w", c.Remedies, err)
		}
	}
	if !paper.FormKind(c.Kind).Known() {
		return fault.New(fault.Missing, "fault.paper.kind", "kind", c.Kind)
	}
	ctx := context.Background()
	n, who, err := c.session(ctx)
	if err != nil {
		return err
	}
	defer n.Close()
	f, err := n.Desk.Paper(ctx, who, act.ID(c.Case), paper.FormKind(c.Kind), more)
	if err != nil {
		return err
	}
	if err := c.write(f); err != nil {
		return err
	}
	if err := c.report(a, f); err != nil {
		return err
	}
	return c.evidence(ctx, n, who, f)
}

func (c *paperCmd) write(f *paper.Form) error {
	var b bytes.Buffer
	if strings.HasSuffix(c.Out, ".json") {
		raw, err := json.Marshal(f, json.Deterministic(true), jsontext.WithIndent("  "))
		if err != nil {
			return err
		}
		b.Write(append(raw, '\n'))
	} else {
		catalogues, err := words.Load()
		if err != nil {
			return err
		}
		if err := paper.WriteFormPDF(&b, f, catalogues); err != nil {
			return err
		}
	}
	return os.WriteFile(c.Out, b.Bytes(), 0o600)
}

// report says what was written, whether it may be used, and what the square code says.
func (c *paperCmd) report(a *app, f *paper.Form) error {
	hash, err := f.Hash()
	if err != nil {
		return err
	}
	title := a.words.Text("paper.title." + string(f.Kind))
	if !f.Draft() {
		fmt.Fprintln(a.out, a.words.Text("paper.written", "file", c.Out, "paper", title, "hash", hash))
		fmt.Fprintln(a.out, f.Act.Mark)
		return nil
	}
	var why []string
	for _, key := range f.Withheld {
		why = append(why, a.words.Text(key, "language", f.Language))
	}
	fmt.Fprintln(a.out, a.words.Text("paper.written-draft", "file", c.Out, "paper", title, "hash", hash, "why", strings.Join(why, " ")))
	return nil
}

func (c *paperCmd) evidence(ctx context.Context, n *node.Node, who desk.Session, f *paper.Form) error {
	if c.Bundle == "" {
		return nil
	}
	b, err := n.Desk.Evidence(ctx, who, f.Act.ID)
	if err != nil {
		return err
	}
	return os.WriteFile(c.Bundle, b, 0o600)
}
