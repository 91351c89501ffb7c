package main

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"countersign/internal/fault"
	"countersign/internal/node"
	"countersign/internal/statistics"
	"countersign/internal/statistics/cube"
	"countersign/internal/statistics/disclose"
	"countersign/internal/statistics/past"
	"countersign/internal/statistics/release"
)

// releaseCmd builds and verifies statistical releases without a node.
type releaseCmd struct {
	Build  releaseBuild  `cmd:"" help:"Build a release from the demo's synthetic record, as known on 2023-04-24 or 2023-05-25."`
	Verify releaseVerify `cmd:"" help:"Compute a release again from its own files, offline, and name what does not fit."`
}

type releaseBuild struct {
	Folder string `arg:"" help:"Empty or new folder to write into." type:"path"`
	Known  string `help:"Day as known on which the record is counted." enum:"2023-04-24,2023-05-25" default:"2023-05-25"`
	Seed   uint64 `help:"Seed of the demo's record." default:"1"`
	Sign   string `help:"authority=FILE: sign with the Ed25519 seed in FILE (32 bytes in standard base64)."`
	Secret string `help:"File with the secret that makes the salts of withheld cells; at least 16 bytes." type:"existingfile"`
	nodeFolder
	Release string `help:"With --node: name of the release whose files are written, with every signature under it."`
}

func (c *releaseBuild) Run(a *app) error {
	day, err := statistics.ParseDay(c.Known)
	if err != nil {
		return err
	}
	if entries, err := os.ReadDir(c.Folder); err == nil && len(entries) > 0 {
		return fault.New(fault.Conflict, "fault.release.exists", "folder", c.Folder)
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if c.Node != "" {
		return c.fromNode(a)
	}
	if c.Secret == "" {
		return fault.New(fault.Invalid, "fault.release.secret")
	}
	secret, err := os.ReadFile(c.Secret)
	if err != nil {
		return err
	}
	signers, err := c.signers()
	if err != nil {
		return err
	}
	in, err := demoRelease(day, c.Seed, secret)
	if err != nil {
		return err
	}
	content, risks, err := release.Build(in)
	if err != nil {
		return err
	}
	if len(risks) > 0 {
		return fault.New(fault.Denied, "fault.release.audit", "count", strconv.Itoa(len(risks)), "first", risks[0].One+" − "+risks[0].Other)
	}
	if err := os.MkdirAll(c.Folder, 0o755); err != nil {
		return err
	}
	n := 0
	err = content.Write(func(name string, _ int, write func(io.Writer) error) error {
		n++
		return writeDurablyBy(filepath.Join(c.Folder, name), write)
	}, signers...)
	if err != nil {
		return err
	}
	c.say(a, content, n)
	return nil
}

func (c *releaseBuild) say(a *app, content *release.Content, files int) {
	fmt.Fprintln(a.out, a.words.Text("release.built", "id", content.ID, "files", strconv.Itoa(files), "cells", strconv.Itoa(len(content.Cells)), "folder", c.Folder))
}

func (c *releaseBuild) write(a *app, content *release.Content, files map[string][]byte) error {
	if err := os.MkdirAll(c.Folder, 0o755); err != nil {
		return err
	}
	for name, b := range files {
		if err := writeDurably(filepath.Join(c.Folder, name), b); err != nil {
			return err
		}
	}
	c.say(a, content, len(files))
	return nil
}

// fromNode writes the files that a node keeps of a release, byte for byte.
func (c *releaseBuild) fromNode(a *app) error {
	ctx := context.Background()
	n, who, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer n.Close()
	files, err := n.Desk.ReleaseFiles(ctx, who, c.Release)
	if err != nil {
		return err
	}
	content, err := release.Read(files)
	if err != nil {
		return err
	}
	return c.write(a, content, files)
}

// demoRelease is the input of a release of the demo's record: Albanian nationals, from 2021 Q1 to the last
// whole quarter that the official series published at the time.
func demoRelease(day time.Time, seed uint64, secret []byte) (release.Input, error) {
	ledger, err := demoLedger(seed)
	if err != nil {
		return release.Input{}, err
	}
	known, before := past.KnownOn(day), past.KnownOn(past.February)
	if day.Equal(past.May) {
		before = past.KnownOn(past.April)
	}
	return release.Input{ID: "returns-" + day.Format(time.DateOnly), Authority: "gb", Country: "albania", First: statistics.Q(2021, 1), Last: statistics.Q(2022, 4),
		Holding: cube.FromLedger(ledger, known), Earlier: []*cube.Holding{cube.FromLedger(ledger, before)}, Changes: ledger.Changes(before, known, 42),
		PublishAt: day.Add(8*time.Hour + 30*time.Minute), RecordHead: "demo record, seed " + strconv.FormatUint(seed, 10), Policy: disclose.DefaultPolicy, Secret: secret}, nil
}

// seedSigner signs with a key that is given as a seed.
type seedSigner struct {
	authority string
	key       ed25519.PrivateKey
}

func (s seedSigner) Authority() string { return s.authority }
func (s seedSigner) KeyID() string {
	return base64.StdEncoding.EncodeToString(s.key.Public().(ed25519.PublicKey))[:12]
}
func (s seedSigner) Sign(m []byte) ([]byte, error) { return ed25519.Sign(s.key, m), nil }

func (c *releaseBuild) signers() ([]release.Signer, error) {
	if c.Sign == "" {
		return nil, nil
	}
	authority, path, ok := strings.Cut(c.Sign, "=")
	if !ok || authority == "" {
		return nil, fault.New(fault.Invalid, "fault.release.key", "value", c.Sign)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	seed, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(b)))
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil, fault.New(fault.Invalid, "fault.release.key", "value", c.Sign)
	}
	return []release.Signer{seedSigner{authority, ed25519.NewKeyFromSeed(seed)}}, nil
}

type releaseVerify struct {
	Folder string   `arg:"" help:"Folder of a release." type:"existingdir"`
	Key    []string `help:"authority=KEY: the authority's Ed25519 public key in standard base64. Its signature is then required."`
	Keys   []string `help:"File with an authority's public keys, as made at pairing. Its signature is then required." type:"existingfile"`
}

func (c *releaseVerify) Run(a *app) error {
	keys, err := parseKeys(c.Key)
	if err != nil {
		return err
	}
	for _, path := range c.Keys {
		public, err := node.ReadAuthority(path)
		if err != nil {
			return err
		}
		keys = append(keys, release.Key{Authority: public.Authority, Public: public.Cosign})
	}
	files, err := readFolder(c.Folder)
	if err != nil {
		return err
	}
	r := release.Verify(files, keys)
	for _, p := range r.Problems {
		fmt.Fprintln(a.out, a.words.Text("release.verify.problem", "where", p.Where, "what", p.What))
	}
	if !r.OK() {
		return fault.New(fault.Invalid, "fault.release.verify", "count", strconv.Itoa(len(r.Problems)))
	}
	fmt.Fprintln(a.out, a.words.Text("release.verify.ok", "id", r.Manifest.ID, "files", strconv.Itoa(len(files)), "cells", strconv.Itoa(r.Cells), "root", r.Manifest.Root))
	if len(keys) == 0 {
		fmt.Fprintln(a.out, a.words.Text("release.verify.unsigned"))
	} else {
		fmt.Fprintln(a.out, a.words.Text("release.verify.signed", "authorities", strings.Join(r.Signers, ", ")))
	}
	return nil
}

func parseKeys(given []string) ([]release.Key, error) {
	var keys []release.Key
	for _, k := range given {
		authority, key, ok := strings.Cut(k, "=")
		raw, err := base64.StdEncoding.DecodeString(key)
		if !ok || authority == "" || err != nil || len(raw) != ed25519.PublicKeySize {
			return nil, fault.New(fault.Invalid, "fault.release.key", "value", k)
		}
		keys = append(keys, release.Key{Authority: authority, Public: raw})
	}
	return keys, nil
}

// readFolder reads the files of a release; a folder that is none is refused by name.
func readFolder(folder string) (map[string][]byte, error) {
	if _, err := os.Stat(filepath.Join(folder, "manifest.json")); err != nil {
		return nil, fault.New(fault.Missing, "fault.release.folder", "folder", folder, "file", "manifest.json")
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, e := range entries {
		if !e.Type().IsRegular() {
			continue
		}
		b, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			return nil, err
		}
		files[e.Name()] = b
	}
	return files, nil
}
