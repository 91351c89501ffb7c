package main

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"time"

	"countersign/internal/fault"
	"countersign/internal/node"
	"countersign/internal/paper"
	"countersign/internal/record"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// verifyCmd checks an evidence bundle offline, with nothing but the two authorities' public keys.
type verifyCmd struct {
	File string   `arg:"" help:"Evidence bundle (JSON)."`
	Keys []string `help:"Public key file of an authority, as compared at pairing; give both." placeholder:"AUTHORITY.pub.json" required:""`
	QR   string   `name:"qr" help:"Text of the square code on a paper: checks that the paper is about the act that the bundle proves." placeholder:"TEXT"`
	JSON bool     `help:"Print the verdict as JSON."`
}

func (c *verifyCmd) Run(a *app) error {
	var authorities []record.Authority
	for _, path := range c.Keys {
		k, err := node.ReadAuthority(path)
		if err != nil {
			return err
		}
		authorities = append(authorities, k)
	}
	raw, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	v, err := record.Verify(raw, authorities...)
	if err != nil {
		return err
	}
	if err := c.paper(raw, v); err != nil {
		return err
	}
	if err := c.print(a, v); err != nil {
		return err
	}
	if !v.OK() {
		return fault.New(fault.Denied, "fault.verify.refused")
	}
	return nil
}

// paper adds what the code on a paper says about the same act.
func (c *verifyCmd) paper(bundle []byte, v *record.Verdict) error {
	if c.QR == "" {
		return nil
	}
	mark, err := paper.ParseMark(c.QR)
	if err != nil {
		return err
	}
	err = mark.Check(bundle)
	v.Checks = append(v.Checks, record.Check{Key: "verify.paper", OK: err == nil, Detail: string(mark.Paper) + " " + mark.Hash})
	return nil
}

func (c *verifyCmd) print(a *app, v *record.Verdict) error {
	if c.JSON {
		b, err := json.Marshal(v, jsontext.WithIndent("  "), json.Deterministic(true))
		fmt.Fprintln(a.out, string(b))
		return err
	}
	for _, check := range v.Checks {
		word := a.words.Text("verify.holds")
		if !check.OK {
			word = a.words.Text("verify.fails")
		}
		fmt.Fprintf(a.out, "%-6s %s: %s\n", word, a.words.Text(check.Key), check.Detail)
	}
	if !v.OK() {
		return nil
	}
	fmt.Fprintln(a.out, a.words.Text("verify.proves", "officer", v.Officer, "role", v.Role, "authority", v.Authority, "kind", v.Kind,
		"received", v.Received.Format(time.RFC3339)))
	for _, label := range slices.Sorted(maps.Keys(v.Fields)) {
		fmt.Fprintf(a.out, "       %s = %s\n", label, v.Fields[label])
	}
	return nil
}
