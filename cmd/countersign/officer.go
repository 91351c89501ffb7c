package main

import (
	"context"
	"maps"
	"slices"
	"strings"

	"countersign/internal/act"
	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/internal/node"
	"countersign/internal/words"
)

// asOfficer is what a command needs that works on a node's cases for an officer. Whoever can read the node's keys
// can do what its officers can: the operating system guards the folder, and the record says who did what.
type asOfficer struct {
	configured
	Officer string `help:"The officer for whom this is done: name, role or identifier." required:""`
	Purpose string `help:"Why personal data is read; it is recorded." enum:"casework,emergency,inspection" default:"casework"`
}

// session opens the node and the officer's session; the caller closes the node.
func (c *asOfficer) session(ctx context.Context) (*node.Node, desk.Session, error) {
	n, err := c.open(ctx, false)
	if err != nil {
		return nil, desk.Session{}, err
	}
	who, err := c.find(ctx, n)
	if err != nil {
		n.Close()
		return nil, who, err
	}
	return n, who, nil
}

func (c *asOfficer) find(ctx context.Context, n *node.Node) (desk.Session, error) {
	who, err := findOfficer(ctx, n, c.Officer)
	return who.For("purpose." + c.Purpose), err
}

// findOfficer signs in an officer of the node by name, role or identifier.
func findOfficer(ctx context.Context, n *node.Node, name string) (desk.Session, error) {
	roster, err := n.Desk.Officers(n.Authority)
	if err != nil {
		return desk.Session{}, err
	}
	var names []string
	for _, s := range slices.SortedFunc(maps.Values(roster), func(x, y act.Signer) int { return int(x.From - y.From) }) {
		if s.Role == desk.RoleNode || s.Ended != 0 {
			continue
		}
		names = append(names, s.Name+" ("+s.Role+")")
		if string(s.Officer) == name || s.Role == name || words.Fold(s.Name) == words.Fold(name) {
			return n.Desk.SignIn(ctx, s.Officer)
		}
	}
	return desk.Session{}, fault.New(fault.Missing, "fault.folder.officer", "officer", name, "officers", strings.Join(names, ", "))
}
