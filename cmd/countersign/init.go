package main

import (
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"countersign/internal/fault"
	"countersign/internal/node"

	"filippo.io/age"
)

// initCmd makes an authority's folder with fresh keys.
type initCmd struct {
	Folder    string `help:"Folder of the authority; made if it is not there." required:"" type:"path"`
	Authority string `help:"The own state’s code in the agreement, for example gb." required:""`
	Agreement string `help:"Agreement to be carried out." required:""`
	Peer      string `help:"The other state’s code." required:""`
	PeerURL   string `name:"peer-url" help:"Where the other authority takes frames." default:""`
}

func (c *initCmd) Run(a *app) error {
	public, err := node.Init(c.Folder, c.Authority, rand.Reader)
	if err != nil {
		return err
	}
	backupKey, err := age.GenerateX25519Identity()
	if err != nil {
		return err
	}
	identity := filepath.Join(c.Folder, "backup-identity.txt")
	if err := os.WriteFile(identity, []byte(backupKey.String()+"\n"), 0o600); err != nil {
		return err
	}
	config := filepath.Join(c.Folder, "config.json")
	if err := node.WriteConfig(config, node.Config{Authority: c.Authority, Folder: c.Folder, Agreement: c.Agreement, Peer: c.Peer, PeerURL: c.PeerURL}); err != nil {
		return err
	}
	fmt.Fprintln(a.out, a.words.Text("init.done", "config", config, "keys", filepath.Join(c.Folder, node.PublicName(c.Authority))))
	fmt.Fprintln(a.out, a.words.Text("init.fingerprint", "authority", c.Authority, "fingerprint", public.Fingerprint()))
	fmt.Fprintln(a.out, a.words.Text("init.backup", "recipient", backupKey.Recipient().String(), "identity", identity))
	return nil
}

// pairCmd takes the peer's public keys after people have compared the fingerprint.
type pairCmd struct {
	File    string `arg:"" help:"Public key file of the other authority." type:"existingfile"`
	Folder  string `help:"Folder of the own authority." required:"" type:"existingdir"`
	Confirm string `help:"The fingerprint as the other side read it aloud. Without it the fingerprint of the file is shown and nothing is done."`
}

func (c *pairCmd) Run(a *app) error {
	peer, err := node.ReadAuthority(c.File)
	if err != nil {
		return err
	}
	fmt.Fprintln(a.out, a.words.Text("init.fingerprint", "authority", peer.Authority, "fingerprint", peer.Fingerprint()))
	if c.Confirm == "" {
		fmt.Fprintln(a.out, a.words.Text("pair.compare"))
		return nil
	}
	plain := func(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), "")) }
	if plain(c.Confirm) != plain(peer.Fingerprint()) {
		return fault.New(fault.Denied, "fault.pair.fingerprint", "authority", peer.Authority)
	}
	target := filepath.Join(c.Folder, node.PublicName(peer.Authority))
	if before, err := node.ReadAuthority(target); err == nil && before.Fingerprint() != peer.Fingerprint() {
		return fault.New(fault.Conflict, "fault.pair.other", "authority", peer.Authority)
	}
	if err := node.WritePublic(c.Folder, peer); err != nil {
		return err
	}
	fmt.Fprintln(a.out, a.words.Text("pair.done", "authority", peer.Authority))
	return nil
}
