package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"countersign/internal/node"
	"countersign/internal/signin"
	"countersign/internal/signin/exercise"
	"countersign/internal/web/browsertest"
)

// side is a fresh authority with its own provider, as its operator sets it up.
type side struct {
	t                            *testing.T
	name, peer, lang             string
	folder, pages, frames, login string
	admin, supervisor            string
	words                        map[string]string // buttons in the side's language
}

// address is one on loopback that nobody uses.
func address(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// setUp runs the operator's commands and starts the provider.
func (s *side) setUp(peer *side) {
	s.t.Helper()
	l, err := exercise.Listen(s.login)
	if err != nil {
		s.t.Fatal(err)
	}
	p, err := exercise.New(exercise.Options{Issuer: "http://" + s.login, Client: s.name, Return: "http://" + s.pages + signin.PathReturn,
		People: []exercise.Person{{Subject: "a", Name: s.admin}, {Subject: "s", Name: s.supervisor}, {Subject: "n", Name: "New Person"}}})
	if err != nil {
		s.t.Fatal(err)
	}
	op := httptest.NewUnstartedServer(p.Handler())
	op.Listener.Close()
	op.Listener = l
	op.Start()
	s.t.Cleanup(op.Close)
	args := []string{"init", "--folder", s.folder, "--authority", s.name, "--peer", s.peer, "--agreement", "uk-al", "--exercise",
		"--listen", s.pages, "--exchange-listen", s.frames, "--peer-url", "http://" + peer.frames,
		"--issuer", "http://" + s.login, "--client-id", s.name, "--administrator", s.admin + "=a", "--supervisor", s.supervisor + "=s"}
	var out strings.Builder
	if code := run(args, &out, &out); code != 0 {
		s.t.Fatal(out.String())
	}
}

// serve runs the node as "countersign serve" does, until the test ends.
func (s *side) serve() {
	s.t.Helper()
	config, err := node.ReadConfig(filepath.Join(s.folder, "config.json"))
	if err != nil {
		s.t.Fatal(err)
	}
	config.Log, config.Slot = slog.New(slog.DiscardHandler), 200*time.Millisecond
	ctx, stop := context.WithCancel(context.Background())
	done, opened := make(chan error, 1), make(chan struct{}, 8)
	go func() { done <- node.RunAgain(ctx, config, func(*node.Node) { opened <- struct{}{} }) }()
	s.t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			s.t.Error(err)
		}
	})
	<-opened
	s.ready()
}

func (s *side) ready() {
	s.t.Helper()
	for range 200 {
		if r, err := http.Get("http://" + s.pages + "/healthz"); err == nil {
			r.Body.Close()
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	s.t.Fatal("the node does not answer")
}

func (s *side) open(p *browsertest.Page, path string) {
	p.Open("http://" + s.pages + path + map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")] + "lang=" + s.lang)
}

// enter signs in with the provider, in a browser that may know somebody else.
func (s *side) enter(p *browsertest.Page, subject, next string) {
	s.t.Helper()
	p.Open("http://" + s.login + "/leave")
	s.open(p, "/sign-in?next="+next)
	p.Accessible()
	p.Shot("first-run-sign-in-" + s.name)
	p.Click("main a.govuk-button")
	p.Click("button[value=" + subject + "]")
}

func (s *side) leave(p *browsertest.Page) {
	p.Click("form[action='/sign-out'] button")
}

// Two states set up their nodes from nothing: the operators' commands, then people in the browser. They compare
// fingerprints, two officers on each side, and the rosters reach the other state.
func TestFirstRunOfTwoNodes(t *testing.T) {
	folder := t.TempDir()
	gb := &side{t: t, name: "gb", peer: "al", lang: "en", folder: filepath.Join(folder, "gb"), admin: "Ada Prova", supervisor: "Sam Prova"}
	al := &side{t: t, name: "al", peer: "gb", lang: "sq", folder: filepath.Join(folder, "al"), admin: "Agron Prova", supervisor: "Shpresa Prova"}
	browser := browsertest.Start(t)
	for _, s := range []*side{gb, al} {
		s.pages, s.frames, s.login = address(t), address(t), address(t)
	}
	gb.setUp(al)
	al.setUp(gb)
	gb.serve()
	al.serve()
	p := browser.Page(t)
	own, keys := map[string]string{}, map[string]string{}
	for _, s := range []*side{gb, al} { // each administrator reads the own fingerprint and takes the own file
		s.enter(p, "a", "/administration")
		if !strings.Contains(p.Text("main"), map[string]string{"en": "Not paired", "sq": "I paçiftuar"}[s.lang]) {
			t.Fatalf("%s does not say that it is not paired: %s", s.name, p.Text("main"))
		}
		p.Accessible()
		p.Shot("first-run-administration-" + s.name)
		s.open(p, "/administration/pairing")
		p.Accessible()
		p.Shot("first-run-pairing-" + s.name)
		own[s.name] = p.Text("#own-fingerprint")
		keys[s.name] = browsertest.Eval[string](p, `(() => { const x = new XMLHttpRequest(); x.open("GET", "/administration/pairing/keys", false); x.send(); return x.responseText })()`)
		s.leave(p)
	}
	for _, s := range []*side{gb, al} {
		s.pair(p, keys[s.peer], own[s.peer], own[s.name])
	}
	for _, s := range []*side{gb, al} { // the rosters cross
		other := map[string]string{"gb": al.admin, "al": gb.admin}[s.name]
		s.enter(p, "a", "/officers")
		for range 100 {
			if s.open(p, "/officers"); strings.Contains(p.Text("main"), other) {
				break
			}
			time.Sleep(100 * time.Millisecond)
		}
		if !strings.Contains(p.Text("main"), other) {
			t.Errorf("%s never learned of %s", s.name, other)
		}
		p.Accessible()
		p.Shot("first-run-officers-" + s.name)
		s.leave(p)
	}
}

// pair walks both officers of a side through the comparison. A fingerprint that was not read out is refused, and the
// administrator cannot confirm alone.
func (s *side) pair(p *browsertest.Page, keys, theirs, ours string) {
	t := s.t
	t.Helper()
	s.enter(p, "a", "/administration/pairing")
	fill := func(read string) {
		browsertest.Eval[bool](p, fmt.Sprintf(`(document.querySelector("#keys").value = %q) !== ""`, keys))
		p.Fill("#read", read)
		p.Click("main form[action='/administration/pairing'] button")
	}
	fill(ours) // a mistake that people make: the own one
	if !strings.Contains(p.Title(), map[string]string{"en": "Error", "sq": "Gabim"}[s.lang]) {
		t.Fatalf("%s took its own fingerprint for the other one: %s", s.name, p.Text("main"))
	}
	p.Accessible()
	p.Shot("first-run-pairing-wrong-" + s.name)
	p.Fill("#read", theirs)
	p.Click("main form[action='/administration/pairing'] button")
	if browsertest.Eval[bool](p, `document.querySelector("#second") !== null`) {
		t.Fatalf("%s: the administrator may confirm alone", s.name)
	}
	s.leave(p)
	s.enter(p, "s", "/administration/pairing")
	p.Accessible()
	p.Shot("first-run-pairing-second-" + s.name)
	p.Fill("#second", strings.ToUpper(theirs))
	p.Click("button[value=confirm]")
	p.Accessible()
	p.Shot("first-run-paired-" + s.name)
	if _, err := os.Stat(filepath.Join(s.folder, node.PublicName(s.peer))); err != nil {
		t.Fatal(err)
	}
	s.ready()
	for range 100 { // the node opens again
		s.open(p, "/administration/pairing")
		if strings.Contains(p.Text("main"), theirs) {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	s.leave(p)
}

// A node whose operator wrote no provider, or gave an officer without one, is told so before any key is made.
func TestFirstOfficerNeedsProvider(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "gb")
	for _, args := range [][]string{
		{"--administrator", "Ada=a"}, {"--issuer", "https://id.example", "--client-id", "x", "--administrator", "Ada"},
		{"--issuer", "https://id.example", "--client-id", "x", "--administrator", "Ada=a"}, // a stand-in agreement, and no exercise
	} {
		all := append([]string{"init", "--folder", folder, "--authority", "gb", "--peer", "al", "--agreement", "uk-al"}, args...)
		if code := run(all, io.Discard, io.Discard); code == 0 {
			t.Errorf("%v was taken", args)
		}
		if _, err := os.Stat(folder); err == nil {
			t.Fatalf("%v left keys", args)
		}
	}
}
