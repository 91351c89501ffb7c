package main

import (
	"bufio"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"os"
	"strconv"
	"strings"

	"countersign/internal/act/joint"
	"countersign/internal/exchange"
	"countersign/internal/fault"
	"countersign/internal/node"
)

// exchangeCmd is everything about the link to the other authority.
type exchangeCmd struct {
	Status linkStatusCmd `cmd:"" help:"How the link stands: sizes, what is not countersigned yet, pauses, forks."`
	Export linkExportCmd `cmd:"" help:"Write what the other authority has not countersigned as a file, when the line is down."`
	Import linkImportCmd `cmd:"" help:"Take a file of the other authority: frames, or the answers to our own."`
	Pause  linkPauseCmd  `cmd:"" help:"Stop the exchange at once; work inside goes on."`
	Resume linkResumeCmd `cmd:"" help:"End this authority’s pause."`
	End    linkEndCmd    `cmd:"" help:"End the exchange for good."`
	Rotate linkRotateCmd `cmd:"" help:"Replace one of the authority’s keys; the change travels as an act signed by root."`
	Forks  linkForksCmd  `cmd:"" help:"Write the proofs that the other authority signed two records, for anybody to check."`
}

type linkStatusCmd struct{ configured }

func (c *linkStatusCmd) Run(a *app) error {
	ctx := context.Background()
	n, err := c.open(ctx, true)
	if err != nil {
		return err
	}
	defer n.Close()
	s, err := n.Desk.LinkState(ctx)
	if err != nil {
		return err
	}
	number := func(n int64) string { return a.words.Number(n) }
	fmt.Fprintln(a.out, a.words.Text("exchange.status", "own", number(s.Size), "open", number(s.Size-s.Countersigned), "peer", number(s.Held)))
	for key, on := range map[string]bool{"exchange.paused-here": s.PausedHere > 0, "exchange.paused-there": s.PausedThere > 0, "exchange.ended": s.Ended != "",
		"exchange.frozen": s.Frozen, "exchange.read-only": s.ReadOnly != ""} {
		if on {
			fmt.Fprintln(a.out, a.words.Text(key))
		}
	}
	return nil
}

type linkExportCmd struct {
	configured
	File string `arg:"" help:"File to write." type:"path"`
}

func (c *linkExportCmd) Run(a *app) error {
	return c.with(func(ctx context.Context, n *node.Node) error {
		s, err := n.Desk.LinkState(ctx)
		if err != nil {
			return err
		}
		f, err := os.OpenFile(c.File, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		defer f.Close()
		acts, err := n.Link().Export(ctx, s.Countersigned, f)
		if err != nil {
			os.Remove(c.File)
			return err
		}
		if err := f.Sync(); err != nil {
			return err
		}
		fmt.Fprintln(a.out, a.words.Text("exchange.exported", "count", strconv.FormatInt(acts, 10), "file", c.File))
		return nil
	})
}

type linkImportCmd struct {
	configured
	File   string `arg:"" help:"File of the other authority." type:"existingfile"`
	Answer string `help:"Where to write the answers that go back to the other authority." type:"path"`
}

func (c *linkImportCmd) Run(a *app) error {
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	r := bufio.NewReader(f)
	kind, err := exchange.Opening(r)
	if err != nil {
		return err
	}
	return c.with(func(ctx context.Context, n *node.Node) error {
		if kind == exchange.AnswersFile {
			size, err := n.Link().ImportAnswers(ctx, r)
			if err == nil {
				fmt.Fprintln(a.out, a.words.Text("exchange.countersigned", "size", a.words.Number(size)))
			}
			return err
		}
		if c.Answer == "" {
			return fault.New(fault.Invalid, "fault.exchange.answer-file")
		}
		out, err := os.OpenFile(c.Answer, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		defer out.Close()
		frames, err := n.Server().Import(ctx, r, out)
		if err != nil {
			return err
		}
		fmt.Fprintln(a.out, a.words.Text("exchange.imported", "count", strconv.Itoa(frames), "file", c.Answer))
		return out.Sync()
	})
}

type linkPauseCmd struct {
	configured
	Reason string `help:"maintenance, incident or agreement." default:"maintenance"`
}

func (c *linkPauseCmd) Run(a *app) error {
	return c.with(func(ctx context.Context, n *node.Node) error { return n.Desk.PauseLink(ctx, c.Reason) })
}

type linkResumeCmd struct{ configured }

func (c *linkResumeCmd) Run(a *app) error {
	return c.with(func(ctx context.Context, n *node.Node) error { return n.Desk.ResumeLink(ctx) })
}

type linkEndCmd struct {
	configured
	Reason string `help:"agreement-expired, agreement-ended or replaced." required:""`
}

func (c *linkEndCmd) Run(a *app) error {
	return c.with(func(ctx context.Context, n *node.Node) error {
		if err := n.Desk.EndLink(ctx, c.Reason); err != nil {
			return err
		}
		if a.waits(n); n.Desk.RootAway() {
			fmt.Fprintln(a.out, a.words.Text("root.pause-now"))
		}
		return nil
	})
}

type linkRotateCmd struct {
	configured
	Use    string `arg:"" help:"log, cosign, seal or tls." enum:"log,cosign,seal,tls"`
	Reason string `help:"routine or compromised." enum:"routine,compromised" default:"routine"`
}

func (c *linkRotateCmd) Run(a *app) error {
	public, private, err := newKey(joint.KeyUse(c.Use))
	if err != nil {
		return err
	}
	return c.with(func(ctx context.Context, n *node.Node) error {
		if err := n.Desk.ChangeKey(ctx, joint.KeyUse(c.Use), c.Reason, public, private); err != nil {
			return err
		}
		fmt.Fprintln(a.out, a.words.Text("exchange.rotated", "use", c.Use))
		a.waits(n)
		return nil
	})
}

func newKey(use joint.KeyUse) (public, private []byte, err error) {
	if use == joint.UseSeal {
		key, err := exchange.KEM().GenerateKey()
		if err != nil {
			return nil, nil, err
		}
		private, err = key.Bytes()
		return key.PublicKey().Bytes(), private, err
	}
	pub, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	return pub, key.Seed(), nil
}

type linkForksCmd struct {
	configured
	Folder string `arg:"" help:"Folder for the proofs." type:"existingdir"`
}

func (c *linkForksCmd) Run(a *app) error {
	ctx := context.Background()
	n, err := c.open(ctx, true)
	if err != nil {
		return err
	}
	defer n.Close()
	proofs, err := n.Desk.Forks()
	if err != nil {
		return err
	}
	for i, p := range proofs {
		path := strings.TrimSuffix(c.Folder, "/") + "/fork-" + strconv.Itoa(i+1) + ".json"
		if err := os.WriteFile(path, append(p, '\n'), 0o644); err != nil {
			return err
		}
		fmt.Fprintln(a.out, path)
	}
	return nil
}
