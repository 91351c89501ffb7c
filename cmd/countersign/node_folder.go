package main

import (
	"context"
	"log/slog"

	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/internal/node"
)

// nodeFolder lets a command work on a node's own folder, as one of its officers.
type nodeFolder struct {
	Node      string `help:"Folder of a node to work on, as one of its officers." type:"existingdir" placeholder:"FOLDER"`
	Authority string `help:"With --node: the authority that runs it." default:"gb"`
	Peer      string `help:"With --node: the other authority." default:"al"`
	Agreement string `help:"With --node: the agreement." default:"uk-al"`
	Officer   string `help:"With --node: the officer who asks: name, role or identifier; what the officer may not do is refused."`
	Demo      bool   `help:"With --node: the node works under a stand-in agreement."`
}

// open opens the node's record without serving it; the caller closes the node.
func (f nodeFolder) open(ctx context.Context) (*node.Node, desk.Session, error) {
	if f.Officer == "" {
		return nil, desk.Session{}, fault.New(fault.Invalid, "fault.roster.no-officer")
	}
	n, err := node.New(ctx, node.Config{Authority: f.Authority, Folder: f.Node, Agreement: f.Agreement, Peer: f.Peer, Demo: f.Demo, Manual: true,
		Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, desk.Session{}, err
	}
	who, err := findOfficer(ctx, n, f.Officer)
	if err != nil {
		n.Close()
		return nil, who, err
	}
	return n, who.For("purpose.statistics"), nil
}
