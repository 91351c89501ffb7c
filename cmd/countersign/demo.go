package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"

	"countersign/internal/demo"
	"countersign/internal/fault"
)

// demoCmd tells the story between two authorities on this machine, and serves both afterwards.
type demoCmd struct {
	Story  bool   `help:"Tell the story once and exit: 0 when every check holds, 1 otherwise."`
	Seed   uint64 `help:"One seed gives one world: the same acts and the same heads." default:"1"`
	Folder string `help:"Where to keep both databases; default: a temporary folder that is removed at the end." type:"path"`
	Proof  string `help:"Folder for the evidence bundle and the public keys that the story's last chapter leaves." default:"demo" type:"path"`
	GB     string `name:"gb" help:"Address of the British pages." default:"127.0.0.1:8441"`
	AL     string `name:"al" help:"Address of the Albanian pages." default:"127.0.0.1:8442"`
}

func (c *demoCmd) Run(a *app) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if c.Folder == "" {
		folder, err := os.MkdirTemp("", "countersign-demo-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(folder)
		c.Folder = folder
	}
	o := demo.Options{Folder: c.Folder, Seed: c.Seed, Proof: c.Proof}
	if !c.Story {
		o.ListenGB, o.ListenAL = c.GB, c.AL
	}
	world, result, err := demo.Tell(ctx, o, a.words, a.out)
	if err != nil {
		return err
	}
	defer world.Close()
	if !c.Story {
		c.serve(ctx, a, world)
	}
	fmt.Fprintf(a.out, "\n%d passed, %d failed\n", result.Passed, result.Failed)
	if result.Failed > 0 {
		return fault.New(fault.Conflict, "fault.demo.failed", "count", strconv.Itoa(result.Failed))
	}
	return nil
}

// serve lets the demo's clock run on and both nodes push in slots, until the person has seen enough.
func (c *demoCmd) serve(ctx context.Context, a *app, w *demo.World) {
	w.Serve(ctx)
	fmt.Fprintln(a.out)
	for _, node := range []*demo.Authority{w.GB, w.AL} {
		fmt.Fprintln(a.out, a.words.Text("demo.serving", "authority", a.words.Text("authority."+node.Authority), "url", node.URL()))
		var officers []string
		for _, o := range node.Officers {
			officers = append(officers, o.Name+" ("+a.words.Text("role."+o.Role)+")")
		}
		fmt.Fprintln(a.out, "  "+a.words.Text("demo.sign-in", "officers", strings.Join(officers, ", ")))
	}
	fmt.Fprintln(a.out, a.words.Text("demo.stop"))
	<-ctx.Done()
}
