package main

import (
	"bufio"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"time"

	"countersign/internal/border"
	"countersign/internal/border/screen"
	"countersign/internal/person"
)

// laneCmd is what a lane needs: an image of the lists to start from, and checks with the link down.
type laneCmd struct {
	Pack    lanePackCmd    `cmd:"" help:"Build the image of the alert lists that a lane starts from, signed by this node."`
	Enrol   laneEnrolCmd   `cmd:"" help:"Make the lane’s key and print its public half, for the officer who lends the lane the right to sign."`
	Lend    laneLendCmd    `cmd:"" help:"An officer lends a lane’s key the right to sign, for some hours; the page of the lanes does the same."`
	Prepare lanePrepareCmd `cmd:"" help:"Fill a lane’s folder from a node: settings under the officer’s delegation, trusted key, lists."`
	Serve   laneServeCmd   `cmd:"" help:"Serve the lane’s screen on this machine: decides with the link down, delivers each decision once when it is back."`
	Scan    laneScanCmd    `cmd:"" help:"Answer the scanner: one zone after the other from standard input, with word, shape and colour, and never a reason."`
}

// lanePackCmd builds an image.
type lanePackCmd struct {
	List  []string `help:"Signed snapshots." required:"" type:"existingfile" placeholder:"FILE"`
	Ring  string   `help:"JSON file of trusted keys." type:"existingfile" placeholder:"FILE"`
	KeyID string   `help:"Name of the node’s key." required:"" placeholder:"NAME"`
	Key   string   `help:"File with the node’s Ed25519 seed in base64; made if it does not exist." required:"" placeholder:"FILE"`
	Out   string   `help:"File to write." required:"" placeholder:"FILE"`
}

// Run writes the image beside the old one and puts it in its place only when it is whole.
func (c *lanePackCmd) Run(a *app) error {
	key, err := seedFile(c.Key)
	if err != nil {
		return err
	}
	ix, err := openLists(c.List, c.Ring, time.Now(), nil)
	if err != nil {
		return err
	}
	f, err := os.Create(c.Out + ".new")
	if err != nil {
		return err
	}
	if err := errors.Join(ix.WriteImage(f, c.KeyID, key), f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(c.Out+".new", c.Out); err != nil {
		return err
	}
	fmt.Fprintf(a.out, "{%q: {\"authority\": %q, \"public\": %q}}\n", c.KeyID, screen.ImageAuthority, base64.StdEncoding.EncodeToString(key.Public().(ed25519.PublicKey)))
	return nil
}

// laneScanCmd answers at a lane. What stands on its screen is in view of the traveller: what to do, never why.
type laneScanCmd struct {
	journeyFlags
}

// Run reads zones until the input ends. Lines may come alone or joined; an empty line ends a zone.
func (c *laneScanCmd) Run(a *app) error {
	in, err := c.input(a)
	if err != nil {
		return err
	}
	var s screen.Searcher
	var zone []byte
	answer := func() {
		if len(zone) == 0 {
			return
		}
		var m person.MRZ
		if c.On == "" {
			in.Now = time.Now()
		}
		in.MRZ = &m
		if person.ParseMRZ(&m, zone, mrzDay(in.Now)) != nil {
			in.MRZ = nil
		}
		zone = zone[:0]
		r := border.Check(in, &s)
		fmt.Fprintf(a.out, "%s (%s, %s)", a.words.Text(r.Answer.Word), r.Answer.Shape, r.Answer.Colour)
		if len(r.Findings) > 0 && r.Answer != border.Clear {
			fmt.Fprintf(a.out, " %s", a.words.Text(r.Findings[0].Next))
		}
		for _, l := range r.Lists {
			fmt.Fprintf(a.out, " %s", a.words.Text("border.cli.list", "list", l.List, "version", fmt.Sprint(l.Version), "hours", fmt.Sprintf("%.0f", l.Hours)))
		}
		fmt.Fprintln(a.out)
	}
	sc := bufio.NewScanner(os.Stdin)
	for sc.Scan() {
		if len(sc.Bytes()) == 0 {
			answer()
			continue
		}
		if zone = append(append(zone, sc.Bytes()...), '\n'); len(zone) > 400 {
			answer()
		}
	}
	answer()
	return sc.Err()
}
