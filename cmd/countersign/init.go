package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"countersign/internal/fault"
	"countersign/internal/node"
	"countersign/internal/record"
	"countersign/internal/signin"

	"filippo.io/age"
)

// initCmd makes an authority's folder with fresh keys, its configuration, and its first officers.
type initCmd struct {
	Folder    string `help:"Folder of the authority; made if it is not there." required:"" type:"path"`
	Authority string `help:"The own state’s code in the agreement, for example gb." required:""`
	Agreement string `help:"Agreement to be carried out." required:""`
	Peer      string `help:"The other state’s code." required:""`
	PeerURL   string `name:"peer-url" help:"Where the other authority takes frames." default:""`

	Listen         string `help:"Address of pages and API; default a free port on loopback."`
	ExchangeListen string `name:"exchange-listen" help:"Address at which the other authority’s frames arrive."`
	PublicURL      string `name:"public-url" help:"Address at which officers’ browsers reach the pages."`
	Exercise       bool   `help:"An exercise: a stand-in agreement is allowed, and the node listens on loopback only."`

	rootAway
	RootBeside bool `name:"root-beside" help:"Keep the root key in the folder. For exercises, where it is the default."`

	Issuer     string   `help:"The authority’s OpenID Connect provider."`
	ClientID   string   `name:"client-id" help:"What the provider knows this node by."`
	SecretFile string   `name:"client-secret-file" help:"File with the client’s secret." type:"path"`
	CAFile     string   `name:"ca-file" help:"Certificates (PEM) that the provider’s own is signed with." type:"path"`
	ACR        []string `name:"acr" help:"Authentication level of which one must be reached."`

	Administrator []string `help:"First administrator, as NAME=SUBJECT: the name on the roster and the provider’s name for the person." placeholder:"NAME=SUBJECT" sep:"none"`
	Supervisor    []string `help:"First supervisor, as NAME=SUBJECT: each change of the roster needs a second officer." placeholder:"NAME=SUBJECT" sep:"none"`
}

func (c *initCmd) config() node.Config {
	return node.Config{Authority: c.Authority, Folder: c.Folder, Agreement: c.Agreement, Peer: c.Peer, PeerURL: c.PeerURL, Listen: c.Listen,
		ExchangeListen: c.ExchangeListen, PublicURL: c.PublicURL, Demo: c.Exercise,
		SignIn: signin.OIDC{Issuer: c.Issuer, ClientID: c.ClientID, SecretFile: c.SecretFile, CAFile: c.CAFile, ACR: c.ACR}}
}

func (c *initCmd) Run(a *app) error {
	config := c.config()
	first, err := c.first()
	if err != nil {
		return err
	}
	rules, unusable := node.Check(config)
	if unusable != nil && len(first) > 0 { // before any key is made
		return unusable
	}
	public, root, err := c.keys(a)
	if err != nil {
		return err
	}
	config.Root = root
	backupKey, err := age.GenerateX25519Identity()
	if err != nil {
		return err
	}
	identity := filepath.Join(c.Folder, "backup-identity.txt")
	if err := os.WriteFile(identity, []byte(backupKey.String()+"\n"), 0o600); err != nil {
		return err
	}
	path := filepath.Join(c.Folder, "config.json")
	if err := node.WriteConfig(path, c.config()); err != nil {
		return err
	}
	fmt.Fprintln(a.out, a.words.Text("init.done", "config", path, "keys", filepath.Join(c.Folder, node.PublicName(c.Authority))))
	fmt.Fprintln(a.out, a.words.Text("init.fingerprint", "authority", c.Authority, "fingerprint", public.Fingerprint()))
	fmt.Fprintln(a.out, a.words.Text("init.backup", "recipient", backupKey.Recipient().String(), "identity", identity))
	for _, title := range rules {
		fmt.Fprintln(a.out, a.words.Text("init.rules", "title", title.In(string(a.words.Lang))))
	}
	return c.enter(a, config, first, unusable == nil)
}

// keys makes the authority's keys. Root's goes into a file of its own, unless this is an exercise.
func (c *initCmd) keys(a *app) (record.Authority, ed25519.PrivateKey, error) {
	if c.RootBeside || c.Exercise && c.RootKey == "" {
		public, err := node.Init(c.Folder, c.Authority, rand.Reader)
		return public, nil, err
	}
	path, to, err := c.place(a, c.Folder, c.Authority)
	if err != nil {
		return record.Authority{}, nil, err
	}
	public, root, err := node.InitAway(c.Folder, c.Authority, func(root ed25519.PrivateKey) error {
		return node.WriteRoot(path, c.Authority, root, to)
	}, rand.Reader)
	if err != nil {
		return public, nil, err
	}
	fmt.Fprintln(a.out, a.words.Text("root.kept", "file", path))
	return public, root, nil
}

// firstOfficer is somebody whom the operator enters with the root key, before there are two who could do it.
type firstOfficer struct{ name, role, subject string }

func (c *initCmd) first() (all []firstOfficer, err error) {
	for _, group := range []struct {
		role  string
		given []string
	}{{"administrator", c.Administrator}, {"supervisor", c.Supervisor}} {
		for _, g := range group.given {
			name, subject, ok := strings.Cut(g, "=")
			if name = strings.TrimSpace(name); !ok || name == "" || subject == "" || c.Issuer == "" {
				return nil, fault.New(fault.Invalid, "fault.init.first", "given", g)
			}
			all = append(all, firstOfficer{name, group.role, strings.TrimSpace(subject)})
		}
	}
	return all, nil
}

// enter makes the first entries of the roster. A root key that is kept away is in the command's hands for this once.
func (c *initCmd) enter(a *app, config node.Config, first []firstOfficer, usable bool) error {
	if len(first) == 0 && (config.Root == nil || !usable) {
		return nil
	}
	ctx := context.Background()
	n, err := node.Open(ctx, config, false)
	if err != nil {
		return err
	}
	defer n.Close()
	if err := n.Desk.EnterNode(ctx); err != nil {
		return err
	}
	for _, o := range first {
		id, err := n.Desk.EnterOfficer(ctx, o.name, o.role, "", rand.Reader)
		if err != nil {
			return err
		}
		if err := n.Desk.BindAtRoot(ctx, id, c.Issuer, o.subject); err != nil {
			return err
		}
		fmt.Fprintln(a.out, a.words.Text("init.officer", "name", o.name, "role", a.words.Text("role."+o.role), "id", string(id)))
	}
	fmt.Fprintln(a.out, a.words.Text("init.next"))
	return nil
}

// pairCmd takes the peer's public keys after people have compared the fingerprint.
type pairCmd struct {
	File    string `arg:"" help:"Public key file of the other authority." type:"existingfile"`
	Folder  string `help:"Folder of this authority." required:"" type:"existingdir"`
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
