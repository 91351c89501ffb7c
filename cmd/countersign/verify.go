package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/internal/paper"
	"countersign/internal/record"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// verifyCmd checks what others say: an evidence bundle or the proof of a fork with nothing but public keys, a whole
// record from its database, a record against the peer's over the link, or the records of one or two nodes from outside,
// as an inspector.
type verifyCmd struct {
	What   []string `arg:"" optional:"" help:"Evidence bundle or proof of a fork (JSON); or the address of a node, or of both authorities’ nodes." placeholder:"FILE|ADDRESS"`
	Keys   []string `help:"Public key file of an authority, as compared at pairing; give both." placeholder:"AUTHORITY.pub.json"`
	Record []string `help:"Configuration file of a node: its whole record is checked, opened for reading only. Two are also checked against each other." placeholder:"CONFIG" type:"existingfile"`
	QR     string   `name:"qr" help:"Text of the square code on a paper: checks that the paper is about the act that the bundle proves." placeholder:"TEXT"`
	Peer   bool     `help:"With --record: ask the other authority over the link for what it holds, and compare."`

	Fingerprint []string `help:"With an address, instead of --keys: the fingerprint of an authority as people gave it; give both." placeholder:"GROUPS" sep:"none"`
	TokenFile   []string `help:"With an address: file with the inspector’s bearer token at that node, in the order of the addresses; or COUNTERSIGN_TOKEN." type:"existingfile" placeholder:"FILE"`
	State       string   `help:"With an address: file that remembers the newest heads seen. What is shown later must continue them; inspectors may share it." type:"path" placeholder:"FILE"`
	CAFile      string   `name:"ca-file" help:"With an address: certificates (PEM) that the node’s own is signed with." type:"existingfile" placeholder:"FILE"`
	Exercise    bool     `help:"With an address: the nodes are an exercise, under a stand-in agreement."`

	JSON bool `help:"Print the verdict as JSON."`
}

func (c *verifyCmd) Run(a *app) error {
	if (len(c.What) == 0) == (len(c.Record) == 0) {
		return fault.New(fault.Invalid, "fault.verify.what")
	}
	v, err := c.verdict(context.Background(), a)
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

func (c *verifyCmd) verdict(ctx context.Context, a *app) (*record.Verdict, error) {
	if len(c.Record) > 0 {
		return c.records(ctx)
	}
	if strings.HasPrefix(c.What[0], "https://") || strings.HasPrefix(c.What[0], "http://") {
		return c.network(ctx, a)
	}
	if len(c.What) > 1 {
		return nil, fault.New(fault.Invalid, "fault.verify.what")
	}
	authorities, err := c.authorities()
	if err != nil {
		return nil, err
	}
	raw, err := os.ReadFile(c.What[0])
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
			detail = strings.TrimSpace(check.Where + " " + a.words.Map(check.Fault, check.Args))
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
