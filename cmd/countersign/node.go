package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"countersign/internal/act"

	"countersign/internal/node"
)

// configured is what every command needs that works on a node.
type configured struct {
	Config string `help:"Configuration file of the node (JSON)." required:"" type:"existingfile" env:"COUNTERSIGN_CONFIG"`
}

// open opens the node's record without listening anywhere.
func (c configured) open(ctx context.Context, readOnly bool) (*node.Node, error) {
	config, err := node.ReadConfig(c.Config)
	if err != nil {
		return nil, err
	}
	return node.Open(ctx, config, readOnly)
}

// with opens the node, runs fn and closes it.
func (c configured) with(fn func(ctx context.Context, n *node.Node) error) error {
	ctx := context.Background()
	n, err := c.open(ctx, false)
	if err != nil {
		return err
	}
	defer n.Close()
	return fn(ctx, n)
}

// serveCmd runs one authority until it is told to stop.
type serveCmd struct{ configured }

func (c *serveCmd) Run(a *app) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	config, err := node.ReadConfig(c.Config)
	if err != nil {
		return err
	}
	debug.SetGCPercent(300) // a node is small; time matters more than memory
	return node.RunAgain(ctx, config, func(n *node.Node) {
		fmt.Fprintln(a.out, a.words.Text("serve.listening", "pages", n.URL(), "exchange", n.ExchangeURL(), "admin", n.AdminURL()))
		if !n.Desk.Paired() {
			fmt.Fprintln(a.out, a.words.Text("serve.unpaired", "authority", n.Peer))
		}
	})
}

// configCmd prints the configuration as it will be used.
type configCmd struct{ configured }

func (c *configCmd) Run(a *app) error {
	config, err := node.ReadConfig(c.Config)
	if err != nil {
		return err
	}
	b, err := config.Effective()
	if err != nil {
		return err
	}
	fmt.Fprintln(a.out, string(b))
	return nil
}

// resumeCmd lets a restored node work again, on a named person's word.
type resumeCmd struct {
	configured
	Officer string `help:"Identifier of the administrator who has looked at what came back." required:""`
}

func (c *resumeCmd) Run(a *app) error {
	return c.with(func(ctx context.Context, n *node.Node) error {
		who, err := n.Desk.SignIn(ctx, act.ID(c.Officer))
		if err != nil {
			return err
		}
		if err := n.Desk.Resume(ctx, who.For("purpose.administration")); err != nil {
			return err
		}
		fmt.Fprintln(a.out, a.words.Text("resume.done", "officer", who.Name))
		return nil
	})
}

// rebuildCmd derives all projections from the acts again and compares.
type rebuildCmd struct {
	configured
	Write bool `help:"Put the rebuilt projections in place of the live ones."`
}

func (c *rebuildCmd) Run(a *app) error {
	return c.with(func(ctx context.Context, n *node.Node) error {
		differences, err := n.Desk.Rebuild(ctx, c.Write)
		if err != nil {
			return err
		}
		for _, d := range differences {
			sign := "+"
			if d.Live {
				sign = "-"
			}
			fmt.Fprintln(a.out, sign, d.Table, d.Content)
		}
		if len(differences) > 0 {
			return errDiffers(len(differences))
		}
		fmt.Fprintln(a.out, a.words.Text("rebuild.same"))
		return nil
	})
}
