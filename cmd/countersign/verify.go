package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"time"

	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/internal/node"
	"countersign/internal/paper"
	"countersign/internal/record"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// verifyCmd checks what others say: an evidence bundle or the proof of a fork with nothing but public keys, a whole
// record from its database, or a record against the peer's over the link.
type verifyCmd struct {
	File   string   `arg:"" optional:"" help:"Evidence bundle, or proof of a fork (JSON)."`
	Keys   []string `help:"Public key file of an authority, as compared at pairing; give both." placeholder:"AUTHORITY.pub.json"`
	Record []string `help:"Configuration file of a node: its whole record is checked, opened for reading only. Two are also checked against each other." placeholder:"CONFIG" type:"existingfile"`
	QR     string   `name:"qr" help:"Text of the square code on a paper: checks that the paper is about the act that the bundle proves." placeholder:"TEXT"`
	Peer   bool     `help:"With --record: ask the other authority over the link for what it holds, and compare."`
	JSON   bool     `help:"Print the verdict as JSON."`
}

func (c *verifyCmd) Run(a *app) error {
	if (c.File == "") == (len(c.Record) == 0) {
		return fault.New(fault.Invalid, "fault.verify.what")
	}
	v, err := c.verdict(context.Background())
	if err != nil {
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

func (c *verifyCmd) verdict(ctx context.Context) (*record.Verdict, error) {
	if len(c.Record) > 0 {
		return c.records(ctx)
	}
	var authorities []record.Authority
	for _, path := range c.Keys {
		k, err := node.ReadAuthority(path)
		if err != nil {
			return nil, err
		}
		authorities = append(authorities, k)
	}
	raw, err := os.ReadFile(c.File)
	if err != nil {
		return nil, err
	}
	if f, err := record.ReadFork(raw); err == nil {
		return fork(f, authorities), nil
	}
	v, err := record.Verify(raw, authorities...)
	if err != nil {
		return nil, err
	}
	return v, c.paper(raw, v)
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

// fork checks the proof that an authority signed two records. It holds when the accusation is true.
func fork(f record.Fork, authorities []record.Authority) *record.Verdict {
	v := &record.Verdict{Kind: "fork"}
	sender, err := record.Sender(f.Origin, authorities)
	if err == nil {
		v.Authority, err = sender.Authority, f.Check(sender)
	}
	check := record.Check{Key: "verify.fork", OK: err == nil, Detail: f.Origin}
	if err != nil {
		check.Detail, check.Fault, check.Args = err.Error(), fault.KeyOf(err), fault.ArgsOf(err)
	}
	v.Checks = []record.Check{check}
	return v
}

// records checks whole records, each alone and two against each other.
func (c *verifyCmd) records(ctx context.Context) (*record.Verdict, error) {
	v := &record.Verdict{Kind: "record"}
	var desks []*desk.Desk
	for _, path := range c.Record {
		n, err := (configured{Config: path}).open(ctx, true)
		if err != nil {
			return nil, err
		}
		defer n.Close()
		checks, err := n.Desk.Audit(ctx)
		if err != nil {
			return nil, err
		}
		v.Checks = append(v.Checks, checks...)
		desks = append(desks, n.Desk)
		if c.Peer {
			checks, err := n.Desk.CompareWithPeer(ctx, n.Link().Returned)
			if err != nil {
				return nil, err
			}
			v.Checks = append(v.Checks, checks...)
		}
	}
	if len(desks) == 2 {
		checks, err := desk.CompareRecords(desks[0], desks[1])
		if err != nil {
			return nil, err
		}
		v.Checks = append(v.Checks, checks...)
	}
	return v, nil
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
		detail := check.Detail
		if check.Fault != "" && a.words.Has(check.Fault) {
			detail = a.words.Map(check.Fault, check.Args)
		}
		fmt.Fprintf(a.out, "%-6s %s: %s\n", word, a.words.Text(check.Key), detail)
	}
	switch {
	case !v.OK():
	case v.Kind == "record":
		fmt.Fprintln(a.out, a.words.Text("verify.record.whole", "count", strconv.Itoa(len(v.Checks))))
	case v.Kind == "fork":
		fmt.Fprintln(a.out, a.words.Text("verify.fork.proved", "authority", v.Authority))
	default:
		fmt.Fprintln(a.out, a.words.Text("verify.proves", "officer", v.Officer, "role", v.Role, "authority", v.Authority, "kind", v.Kind,
			"received", v.Received.Format(time.RFC3339)))
		for _, label := range slices.Sorted(maps.Keys(v.Fields)) {
			fmt.Fprintf(a.out, "       %s = %s\n", label, v.Fields[label])
		}
	}
	return nil
}

// errDiffers is what a comparison that failed answers.
func errDiffers(n int) error {
	return fault.New(fault.Conflict, "fault.rebuild.differs", "count", strconv.Itoa(n))
}
