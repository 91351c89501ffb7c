package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"countersign/internal/act"
	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/internal/node"

	"filippo.io/age"
)

// rootCmd is the way of what only root signs: prepared at the node, signed on the machine that has the key, brought back.
type rootCmd struct {
	List   rootListCmd   `cmd:"" help:"What waits for the root key, in words."`
	Export rootExportCmd `cmd:"" help:"At the node: write what waits to a file, to be carried to the root key."`
	Sign   rootSignCmd   `cmd:"" help:"Away from the node: show what is to be signed, ask, and sign it with the root key."`
	Import rootImportCmd `cmd:"" help:"At the node: take what was signed."`
	Drop   rootDropCmd   `cmd:"" help:"At the node: take back what is not to be signed any more."`
	Move   rootMoveCmd   `cmd:"" help:"Take the root key out of the node’s folder into a sealed file, to be carried away."`
}

type rootListCmd struct{ configured }

func (c *rootListCmd) Run(a *app) error {
	return c.rootOrders(a, func(_ *node.Node, orders []act.Order) error {
		for _, o := range orders {
			e, text, err := a.order(o)
			if err != nil {
				return err
			}
			fmt.Fprintf(a.out, "%s  %s\n", e.ID, text)
		}
		return nil
	})
}

// rootOrders opens the node and does something with what waits for its root key; where nothing waits it says so.
func (c *configured) rootOrders(a *app, do func(*node.Node, []act.Order) error) error {
	ctx := context.Background()
	n, err := c.open(ctx, true)
	if err != nil {
		return err
	}
	defer n.Close()
	orders, err := n.Desk.RootOrders(ctx)
	if err != nil {
		return err
	}
	if len(orders) == 0 {
		fmt.Fprintln(a.out, a.words.Text("root.none"))
		return nil
	}
	return do(n, orders)
}

// order says in words what an order would have root say.
func (a *app) order(o act.Order) (act.Envelope, string, error) {
	l, err := desk.ReadRootOrder(o)
	if err != nil {
		return l.Envelope, "", err
	}
	return l.Envelope, l.Say(a.words.Map), nil
}

type rootExportCmd struct {
	configured
	File string `arg:"" help:"File to write." type:"path"`
}

func (c *rootExportCmd) Run(a *app) error {
	return c.rootOrders(a, func(n *node.Node, orders []act.Order) error {
		own := n.Desk.OwnAuthority()
		if err := node.WriteRootFile(c.File, node.RootOrders{Format: node.RootOrdersFormat, Authority: own.Authority, Root: own.Root, Orders: orders}); err != nil {
			return err
		}
		fmt.Fprintln(a.out, a.words.Text("root.exported", "count", strconv.Itoa(len(orders)), "file", c.File))
		return nil
	})
}

// rootKeyFlags say where the root key is and what opens it.
type rootKeyFlags struct {
	Key            string `help:"File with the root key." required:"" type:"existingfile" placeholder:"AUTHORITY.root.age"`
	PassphraseFile string `name:"passphrase-file" help:"File with the passphrase; without it, and without --identity, it is asked for." type:"existingfile"`
	Identity       string `help:"File with the age identity to which the key is sealed, instead of a passphrase." type:"existingfile"`
}

func (c *rootKeyFlags) open(a *app, in *bufio.Reader) (string, ed25519.PrivateKey, error) {
	if c.Identity != "" {
		f, err := os.Open(c.Identity)
		if err != nil {
			return "", nil, err
		}
		defer f.Close()
		with, err := age.ParseIdentities(f)
		if err != nil {
			return "", nil, err
		}
		return node.ReadRoot(c.Key, with...)
	}
	passphrase, err := c.passphrase(a, in)
	if err != nil {
		return "", nil, err
	}
	with, err := age.NewScryptIdentity(passphrase)
	if err != nil {
		return "", nil, fault.New(fault.Denied, "fault.root.closed", "file", c.Key).Because(err)
	}
	return node.ReadRoot(c.Key, with)
}

func (c *rootKeyFlags) passphrase(a *app, in *bufio.Reader) (string, error) {
	if c.PassphraseFile != "" {
		b, err := os.ReadFile(c.PassphraseFile)
		return strings.TrimSpace(string(b)), err
	}
	fmt.Fprint(a.err, a.words.Text("root.passphrase")+" ")
	line, err := in.ReadString('\n')
	return strings.TrimSpace(line), err
}

// rootSignCmd needs no node, no database and no network.
type rootSignCmd struct {
	File string `arg:"" help:"File that “root export” wrote." type:"existingfile"`
	rootKeyFlags
	Out string `help:"File to write; it goes back to the node." required:"" type:"path"`
	Yes bool   `help:"Sign without asking; what is signed is shown all the same."`
}

func (c *rootSignCmd) Run(a *app) error {
	orders, err := node.ReadRootFile[node.RootOrders](c.File)
	if err != nil {
		return err
	}
	if orders.Format != node.RootOrdersFormat || len(orders.Orders) == 0 {
		return fault.New(fault.Invalid, "fault.root.file", "file", c.File)
	}
	fmt.Fprintln(a.out, a.words.Text("root.shows", "authority", orders.Authority, "count", strconv.Itoa(len(orders.Orders))))
	for i, o := range orders.Orders {
		e, text, err := a.order(o)
		if err != nil {
			return err
		}
		if e.Authority != orders.Authority {
			return fault.New(fault.Denied, "fault.root.wrong-key", "file", c.File, "authority", e.Authority)
		}
		fmt.Fprintf(a.out, "%d. %s\n", i+1, text)
	}
	in := bufio.NewReader(os.Stdin)
	authority, key, err := c.open(a, in)
	if err != nil {
		return err
	}
	if authority != orders.Authority || !bytes.Equal(key.Public().(ed25519.PublicKey), orders.Root) {
		return fault.New(fault.Denied, "fault.root.wrong-key", "file", c.Key, "authority", orders.Authority)
	}
	if err := c.ask(a, in, len(orders.Orders)); err != nil {
		return err
	}
	signed := node.RootSigned{Format: node.RootSignedFormat, Authority: authority}
	for _, o := range orders.Orders {
		s, err := o.Sign(key, rand.Reader)
		if err != nil {
			return err
		}
		b, err := s.Encode()
		if err != nil {
			return err
		}
		signed.Acts = append(signed.Acts, b)
	}
	if err := node.WriteRootFile(c.Out, signed); err != nil {
		return err
	}
	fmt.Fprintln(a.out, a.words.Text("root.signed", "file", c.Out))
	return nil
}

// ask wants the number of acts typed: a bare “yes” is typed without reading.
func (c *rootSignCmd) ask(a *app, in *bufio.Reader, count int) error {
	if c.Yes {
		return nil
	}
	fmt.Fprint(a.err, a.words.Text("root.ask")+" ")
	line, err := in.ReadString('\n')
	if err != nil || strings.TrimSpace(line) != strconv.Itoa(count) {
		return fault.New(fault.Denied, "fault.root.unsigned").Because(err)
	}
	return nil
}

type rootImportCmd struct {
	configured
	File string `arg:"" help:"File that “root sign” wrote." type:"existingfile"`
}

func (c *rootImportCmd) Run(a *app) error {
	signed, err := node.ReadRootFile[node.RootSigned](c.File)
	if err != nil {
		return err
	}
	return c.with(func(ctx context.Context, n *node.Node) error {
		if signed.Format != node.RootSignedFormat || signed.Authority != n.Authority {
			return fault.New(fault.Invalid, "fault.root.file", "file", c.File)
		}
		for _, raw := range signed.Acts {
			e, err := n.Desk.TakeRoot(ctx, raw)
			if err != nil {
				return err
			}
			fmt.Fprintln(a.out, a.words.Text("root.taken", "act", string(e.ID)))
		}
		return nil
	})
}

type rootDropCmd struct {
	configured
	Order string `arg:"" help:"Identifier, as “root list” shows it."`
}

func (c *rootDropCmd) Run(*app) error {
	return c.with(func(ctx context.Context, n *node.Node) error { return n.Desk.DropRootOrder(ctx, act.ID(c.Order)) })
}

type rootMoveCmd struct {
	configured
	rootAway
}

func (c *rootMoveCmd) Run(a *app) error {
	config, err := node.ReadConfig(c.Config)
	if err != nil {
		return err
	}
	path, to, err := c.place(a, config.Folder, config.Authority)
	if err != nil {
		return err
	}
	if err := node.MoveRoot(config.Folder, config.Authority, path, to); err != nil {
		return err
	}
	fmt.Fprintln(a.out, a.words.Text("root.kept", "file", path))
	return nil
}

// rootAway says where a root key goes that is not kept at the node.
type rootAway struct {
	RootKey        string   `name:"root-key" help:"File for the root key, away from the folder; default AUTHORITY.root.age where you stand." type:"path" placeholder:"FILE"`
	RootTo         []string `name:"root-to" help:"Seal the root key to this age recipient instead of a passphrase." placeholder:"RECIPIENT"`
	RootPassphrase string   `name:"root-passphrase-file" help:"File with a passphrase for the root key; without it one is made and shown once." type:"existingfile"`
}

func (c *rootAway) place(a *app, folder, authority string) (string, []age.Recipient, error) {
	path := c.RootKey
	if path == "" {
		path = authority + ".root.age"
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return "", nil, err
	}
	inside, err := filepath.Abs(folder)
	if err != nil {
		return "", nil, err
	}
	if strings.HasPrefix(path, inside+string(os.PathSeparator)) {
		return "", nil, fault.New(fault.Invalid, "fault.root.beside", "file", path)
	}
	if _, err := os.Stat(path); err == nil {
		return "", nil, fault.New(fault.Conflict, "fault.root.there", "file", path)
	}
	to, err := c.recipients(a)
	return path, to, err
}

func (c *rootAway) recipients(a *app) (to []age.Recipient, err error) {
	for _, one := range c.RootTo {
		r, err := age.ParseX25519Recipient(one)
		if err != nil {
			return nil, fault.New(fault.Invalid, "fault.backup.recipient", "recipient", one).Because(err)
		}
		to = append(to, r)
	}
	if len(to) > 0 {
		return to, nil
	}
	passphrase := rand.Text()
	if c.RootPassphrase != "" {
		b, err := os.ReadFile(c.RootPassphrase)
		if err != nil {
			return nil, err
		}
		passphrase = strings.TrimSpace(string(b))
	} else {
		fmt.Fprintln(a.out, a.words.Text("root.new-passphrase", "passphrase", passphrase))
	}
	r, err := age.NewScryptRecipient(passphrase)
	if err != nil {
		return nil, fault.New(fault.Invalid, "fault.root.closed", "file", c.RootPassphrase).Because(err)
	}
	return []age.Recipient{r}, nil
}

// waits tells after a command that what it decided is not in force before root has signed.
func (a *app) waits(n *node.Node) {
	if n.Desk.RootAway() {
		fmt.Fprintln(a.out, a.words.Text("root.waits"))
	}
}
