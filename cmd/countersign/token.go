package main

import (
	"context"
	"fmt"
	"time"
)

// tokenCmd gives a program the right to work for an officer through the JSON API, for a shift at most.
type tokenCmd struct {
	asOfficer
	Life time.Duration `help:"How long it serves; at most 12 hours." default:"1h"`
	End  string        `help:"End this token at once instead of making one." placeholder:"TOKEN"`
}

func (c *tokenCmd) Run(a *app) error {
	ctx := context.Background()
	n, who, err := c.session(ctx)
	if err != nil {
		return err
	}
	defer n.Close()
	if c.End != "" {
		return n.Desk.EndToken(ctx, c.End)
	}
	token, err := n.Desk.MintToken(ctx, who, c.Life)
	if err != nil {
		return err
	}
	fmt.Fprintln(a.out, token)
	return nil
}
