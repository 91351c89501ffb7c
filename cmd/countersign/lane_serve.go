package main

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"countersign/internal/act"
	"countersign/internal/border/criteria"
	"countersign/internal/console"
	"countersign/internal/fault"
	"countersign/laws"
)

// laneEnrolCmd makes the key that an officer then lends the lane.
type laneEnrolCmd struct {
	Folder string `help:"The lane’s folder; made if it does not exist." required:"" type:"path" placeholder:"FOLDER"`
}

// Run prints the public half. The private half never leaves the folder.
func (c *laneEnrolCmd) Run(a *app) error {
	if err := os.MkdirAll(c.Folder, 0o700); err != nil {
		return err
	}
	key, err := seedFile(filepath.Join(c.Folder, console.KeyFile))
	if err != nil {
		return err
	}
	pub := key.Public().(ed25519.PublicKey)
	fmt.Fprintln(a.out, a.words.Text("console.lane.enrolled", "public", base64.StdEncoding.EncodeToString(pub)))
	fmt.Fprintln(a.out, act.KeyID(pub))
	return nil
}

// laneServeCmd is the lane at work.
type laneServeCmd struct {
	Folder string        `help:"The lane’s folder: lane.json, lane.key, ring.json, lists.image. A new image is put there as lists.new." required:"" type:"existingdir" placeholder:"FOLDER"`
	Listen string        `help:"Loopback address of the screen." default:"127.0.0.1:8450"`
	Node   string        `help:"Address at the node that takes the queue; not given: the queue waits." placeholder:"URL"`
	Every  time.Duration `help:"How often to deliver and to look for new lists." default:"10s"`
}

// Run serves the screen until it is interrupted. What waits stays on the disk.
func (c *laneServeCmd) Run(a *app) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	begin := time.Now()
	books, err := criteria.Load(laws.Border)
	if err != nil {
		return err
	}
	cfg := console.Config{Folder: c.Folder, Books: books, Wall: func() time.Time { return time.Now().Round(0) },
		Elapsed: func() time.Duration { return time.Since(begin) }}
	if c.Node != "" {
		cfg.Deliver = console.Over(c.Node)
	}
	l, err := console.Open(cfg)
	if err != nil {
		return err
	}
	listener, err := loopback(c.Listen)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: l.Handler(), ReadHeaderTimeout: 5 * time.Second}
	go l.Run(ctx, c.Every)
	fmt.Fprintln(a.out, a.words.Text("console.lane.ready", "lane", l.Name(), "point", l.Point(), "url", "http://"+listener.Addr().String()))
	fmt.Fprintln(a.out, a.words.Text("console.lane.started", "seconds", fmt.Sprintf("%.2f", time.Since(begin).Seconds()), "alerts", fmt.Sprint(l.Alerts()), "count", fmt.Sprint(l.Status().Waiting)))
	go func() {
		<-ctx.Done()
		end, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		server.Shutdown(end)
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	left, _ := l.Send(context.Background()) // what cannot be delivered now waits on the disk
	fmt.Fprintln(a.out, a.words.Text("console.lane.left", "count", fmt.Sprint(left)))
	return nil
}

// loopback listens where only this machine reaches.
func loopback(address string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fault.New(fault.Denied, "fault.console.loopback", "address", address)
	}
	return net.Listen("tcp", address)
}
