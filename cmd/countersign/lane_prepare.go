package main

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/border/criteria"
	"countersign/internal/console"
	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/internal/node"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// crossings is what a command needs that works on a node's crossing points as one of its officers.
type crossings struct {
	configured
	Officer string `help:"Identifier of the officer on the roster who does it; what the officer may not do is refused." required:"" placeholder:"ID"`
}

func (c *crossings) as(fn func(ctx context.Context, b *desk.Border, who desk.Session) error) error {
	return c.with(func(ctx context.Context, n *node.Node) error {
		if err := n.OpenBorder(); err != nil {
			return err
		}
		who, err := n.Desk.SignIn(ctx, act.ID(c.Officer))
		if err != nil {
			return err
		}
		return fn(ctx, n.Border, who.For("purpose.border"))
	})
}

// borderLoadCmd takes a signed list into use.
type borderLoadCmd struct {
	crossings
	File string `arg:"" help:"Signed list, or signed changes to the one in use." type:"existingfile"`
}

// Run changes nothing unless the whole file proves right; a node that runs takes the list up by itself.
func (c *borderLoadCmd) Run(a *app) error {
	return c.as(func(ctx context.Context, b *desk.Border, who desk.Session) error {
		f, err := os.Open(c.File)
		if err != nil {
			return err
		}
		defer f.Close()
		if err := b.ActivateSnapshot(ctx, who, f); err != nil {
			return err
		}
		lists, err := b.ListStatuses(who)
		for _, l := range lists {
			fmt.Fprintln(a.out, a.words.Text("border.cli.loaded", "list", l.List, "version", fmt.Sprint(l.Version), "alerts", a.words.Number(int64(l.Count))))
		}
		return err
	})
}

// laneLendCmd is an officer’s act: the lane may sign for the officer, for some hours.
type laneLendCmd struct {
	crossings
	Lane   string `help:"Name of the lane." required:"" placeholder:"NAME"`
	Point  string `help:"Crossing point of the lane, as the register names it." required:"" placeholder:"POINT"`
	Public string `help:"The lane’s public key, as enrol printed it." required:"" placeholder:"KEY"`
	Hours  int    `help:"For how many hours, at most 24." default:"8"`
}

// Run signs the delegation.
func (c *laneLendCmd) Run(a *app) error {
	public, err := base64.StdEncoding.DecodeString(c.Public)
	if err != nil || len(public) != ed25519.PublicKeySize {
		return fault.New(fault.Invalid, "fault.border.delegation").Because(err)
	}
	return c.as(func(ctx context.Context, b *desk.Border, who desk.Session) error {
		now := b.Clock().UTC().Truncate(time.Second)
		d, err := b.DelegateLane(ctx, who, domestic.BorderDelegation{Lane: c.Lane, Point: c.Point, KeyID: act.KeyID(public), Public: c.Public,
			From: now, Until: now.Add(time.Duration(c.Hours) * time.Hour)})
		if err != nil {
			return err
		}
		fmt.Fprintln(a.out, a.words.Text("console.lane.lent", "lane", d.Lane, "until", a.words.Moment(d.Until.In(b.Zone))))
		return nil
	})
}

// lanePrepareCmd fills a lane’s folder for a shift: settings, trusted key, lists.
type lanePrepareCmd struct {
	configured
	Lane      string   `help:"Name of the lane." required:"" placeholder:"NAME"`
	Folder    string   `help:"The lane’s folder, with its key in it or to be copied to the lane." required:"" type:"path" placeholder:"FOLDER"`
	Direction string   `help:"entry or exit." enum:"entry,exit" default:"exit"`
	To        []string `help:"Destination of those who pass there: areas and state, for example schengen,ITA or gb. Not given: unknown." placeholder:"CODE"`
}

// Run writes what the node has for the lane. It makes no delegation: that is an officer's act. Where the lane works
// already, the lists arrive beside those in use, and the lane takes them when they have proved right.
func (c *lanePrepareCmd) Run(a *app) error {
	n, err := c.open(context.Background(), true)
	if err != nil {
		return err
	}
	defer n.Close()
	if err := n.OpenBorder(); err != nil {
		return err
	}
	if err := os.MkdirAll(c.Folder, 0o700); err != nil {
		return err
	}
	keyID, err := c.key()
	if err != nil {
		return err
	}
	setup, err := n.Border.SetUpLane(c.Lane, keyID)
	if err != nil {
		return err
	}
	if err := errors.Join(c.settings(n, setup), c.ring(n.Border)); err != nil {
		return err
	}
	name := filepath.Join(c.Folder, console.ListsFile)
	if _, err := os.Stat(name); err == nil {
		name = filepath.Join(c.Folder, console.ArrivingFile)
	}
	f, err := os.Create(name + ".part")
	if err != nil {
		return err
	}
	if err := errors.Join(n.Border.PackForLane(f), f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(name+".part"))
	}
	if err := os.Rename(name+".part", name); err != nil {
		return err
	}
	fmt.Fprintln(a.out, a.words.Text("console.lane.prepared", "lane", c.Lane, "until", a.words.Moment(setup.Delegation.Until.In(n.Border.Zone))))
	return nil
}

// key is the lane's own key, where its folder is at hand: then only a delegation of that key will do.
func (c *lanePrepareCmd) key() (string, error) {
	name := filepath.Join(c.Folder, console.KeyFile)
	if _, err := os.Stat(name); errors.Is(err, os.ErrNotExist) {
		return "", nil
	}
	key, err := seedFile(name)
	if err != nil {
		return "", err
	}
	return act.KeyID(key.Public().(ed25519.PublicKey)), nil
}

func (c *lanePrepareCmd) settings(n *node.Node, setup *desk.LaneSetup) error {
	d := setup.Delegation
	direction := criteria.Direction(c.Direction)
	measure, _, err := n.Border.MeasureAt(d.Point, direction, n.Border.Clock())
	if err != nil {
		return err
	}
	s := console.Settings{Delegation: domestic.BorderDelegation{Lane: d.Lane, Point: d.Point, KeyID: d.KeyID, Public: setup.Public, From: d.From, Until: d.Until},
		Officer: d.Officer, State: n.Authority, Direction: direction, Destination: c.To, Measure: measure, Zone: n.Border.Zone.String(), PointName: n.Border.PointName(d.Point), Cleared: setup.Cleared}
	b, err := json.Marshal(s, jsontext.Multiline(true))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(c.Folder, console.SettingsFile), b, 0o600)
}

func (c *lanePrepareCmd) ring(b *desk.Border) error {
	ring := map[string]map[string]string{}
	for id, k := range b.Trusts() {
		ring[id] = map[string]string{"authority": k.Authority, "public": base64.StdEncoding.EncodeToString(k.Public)}
	}
	text, err := json.Marshal(ring, json.Deterministic(true))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(c.Folder, console.RingFile), text, 0o600)
}
