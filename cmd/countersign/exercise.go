package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"countersign/internal/fault"
	"countersign/internal/signin"
	"countersign/internal/signin/exercise"
)

// exerciseCmd runs a provider of invented people, so that the sign-in of an exercise node can be tried.
type exerciseCmd struct {
	Listen   string   `help:"Address; it must be on loopback." default:"127.0.0.1:0"`
	ClientID string   `name:"client-id" help:"What the node is known by." required:""`
	Pages    string   `help:"Address of the node’s pages." required:""`
	Person   []string `help:"Somebody invented, as NAME=SUBJECT." required:"" placeholder:"NAME=SUBJECT" sep:"none"`
}

func (c *exerciseCmd) Run(a *app) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	l, err := exercise.Listen(c.Listen)
	if err != nil {
		return err
	}
	defer l.Close()
	o := exercise.Options{Issuer: "http://" + l.Addr().String(), Client: c.ClientID, Return: strings.TrimSuffix(c.Pages, "/") + signin.PathReturn}
	for _, p := range c.Person {
		name, subject, ok := strings.Cut(p, "=")
		if !ok || name == "" || subject == "" {
			return fault.New(fault.Invalid, "fault.init.first", "given", p)
		}
		o.People = append(o.People, exercise.Person{Subject: subject, Name: name})
	}
	p, err := exercise.New(o)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: p.Handler(), ReadHeaderTimeout: 10 * time.Second}
	context.AfterFunc(ctx, func() { server.Close() })
	fmt.Fprintln(a.out, a.words.Text("exercise.listening", "issuer", o.Issuer))
	if err := server.Serve(l); err != http.ErrServerClosed {
		return err
	}
	return nil
}
