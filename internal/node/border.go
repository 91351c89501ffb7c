package node

import (
	"context"
	"time"

	"countersign/internal/border/criteria"
	"countersign/internal/border/measure"
	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/laws"
)

// AlertKeysFile names, in the node's folder, the authorities whose signed alert lists this node takes:
// {"key-id": {"authority": "...", "public": "base64"}}. Without it no list is taken.
const AlertKeysFile = "alert-keys.json"

// OpenBorder opens the crossing points: rulebooks, register, and the alert lists that the record says are in use, which
// takes seconds where they are long. A node that serves does it by itself; a tool only when it needs them.
func (n *Node) OpenBorder() error {
	books, err := criteria.Load(laws.Border)
	if err != nil {
		return err
	}
	points, err := measure.LoadRegister(laws.Border, n.Authority)
	if err != nil && fault.KindOf(err) != fault.Missing { // of some states no register is known
		return err
	}
	n.Border, err = desk.NewBorder(n.Desk, desk.BorderConfig{Books: books, Points: points, RingFile: n.path(AlertKeysFile), Zone: n.Desk.Law.Location(),
		Folder: n.path("alerts")})
	return err
}

// How often travellers with whom nothing was found are forgotten, and how soon lists that were taken into use elsewhere
// count here.
const (
	forgetEvery = time.Hour
	followEvery = 5 * time.Second
)

// KeepBorder follows the lists and forgets travellers until ctx ends.
func (n *Node) KeepBorder(ctx context.Context) {
	go n.Border.RunFollowing(ctx, followEvery)
	n.Border.RunForgetting(ctx, forgetEvery)
}
