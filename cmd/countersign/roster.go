package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"maps"
	"slices"

	"countersign/internal/act"
	"countersign/internal/node"
)

// rosterCmd is the officers of this authority. Each change is signed by root, here or where the root key is.
type rosterCmd struct {
	List rosterListCmd `cmd:"" help:"List both authorities’ officers."`
	Add  rosterAddCmd  `cmd:"" help:"Add an officer; the entry travels to the other authority, signed by root."`
	Bind rosterBindCmd `cmd:"" help:"Say which account at the authority’s provider is an officer, on the word of the machine’s operator."`
	End  rosterEndCmd  `cmd:"" help:"End an officer’s key; later acts with it are refused on both sides."`
}

type rosterListCmd struct{ configured }

func (c *rosterListCmd) Run(a *app) error {
	n, err := c.open(context.Background(), true)
	if err != nil {
		return err
	}
	defer n.Close()
	for _, authority := range []string{n.Authority, n.Peer} {
		roster, err := n.Desk.Officers(authority)
		if err != nil {
			return err
		}
		for _, id := range slices.SortedFunc(maps.Keys(roster), func(x, y string) int { return int(roster[x].From - roster[y].From) }) {
			s := roster[id]
			state := a.words.Text("roster.valid")
			if s.Ended > 0 {
				state = a.words.Text("roster.ended")
			}
			fmt.Fprintf(a.out, "%s  %s  %-20s  %s  %s\n", s.Authority, s.Officer, s.Role, s.Name, state)
		}
	}
	return nil
}

type rosterAddCmd struct {
	configured
	Name  string `help:"Name or service number, as the other authority will see it." required:""`
	Role  string `help:"Role for which the key signs." required:""`
	Until string `help:"Last day, 2006-01-02; empty: until ended."`
}

func (c *rosterAddCmd) Run(a *app) error {
	return c.with(func(ctx context.Context, n *node.Node) error {
		if err := n.Desk.EnterNode(ctx); err != nil {
			return err
		}
		id, err := n.Desk.EnterOfficer(ctx, c.Name, c.Role, c.Until, rand.Reader)
		if err == nil {
			fmt.Fprintln(a.out, id)
			a.waits(n)
		}
		return err
	})
}

type rosterEndCmd struct {
	configured
	Officer string `arg:"" help:"Identifier of the officer."`
	Reason  string `help:"left, replaced or compromised." enum:"left,replaced,compromised" default:"left"`
}

func (c *rosterEndCmd) Run(a *app) error {
	return c.with(func(ctx context.Context, n *node.Node) error {
		if err := n.Desk.EndOfficer(ctx, act.ID(c.Officer), c.Reason); err != nil {
			return err
		}
		a.waits(n)
		return nil
	})
}

// rosterBindCmd is for the first officers, and for the day on which nobody can sign in any more.
type rosterBindCmd struct {
	configured
	Officer string `arg:"" help:"Identifier of the officer."`
	Subject string `help:"The provider’s name for the person (sub)." required:""`
	Issuer  string `help:"The provider; default: the configuration’s."`
}

func (c *rosterBindCmd) Run(a *app) error {
	return c.with(func(ctx context.Context, n *node.Node) error {
		return n.Desk.BindAtRoot(ctx, act.ID(c.Officer), cmp.Or(c.Issuer, n.SignIn.Issuer), c.Subject)
	})
}
