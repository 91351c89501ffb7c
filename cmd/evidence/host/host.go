// Package host makes pairs of authorities for the experiments, and runs a node with officers at work in a
// process of its own. The node is the product's own; nothing here is called by it.
package host

import (
	"context"
	crand "crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"time"

	"countersign/cmd/evidence/traffic"
	"countersign/internal/act"
	"countersign/internal/node"

	"github.com/go-json-experiment/json"
)

// The two authorities and their stand-in agreement.
const (
	GB        = "gb"
	AL        = "al"
	Agreement = "uk-al"
)

// Both lists the authorities; the first one requests.
var Both = []string{GB, AL}

// PeerOf is the other one.
func PeerOf(name string) string {
	if name == GB {
		return AL
	}
	return GB
}

// roles are the officers whom the work of each side needs.
var roles = map[string][]string{
	GB: {"caseworker", "senior-caseworker", "readmission-officer", "court-liaison", "medical-officer", "specialist", "supervisor", "coordinator", "escort-officer", "inspector", "administrator"},
	AL: {"readmission-officer", "senior-caseworker", "border-officer", "supervisor", "inspector", "administrator"},
}

const staffName = "staff.json"

// Pair makes both folders with keys, public keys of each other, and officers on the roster.
func Pair(ctx context.Context, folders map[string]string, entropy func(purpose string) io.Reader, clock func() time.Time) error {
	for _, name := range Both {
		public, err := node.Init(folders[name], name, entropy(name+"/keys"))
		if err != nil {
			return err
		}
		for _, folder := range folders {
			if err := node.WritePublic(folder, public); err != nil {
				return err
			}
		}
	}
	for _, name := range Both {
		if err := hire(ctx, name, folders[name], entropy(name+"/officers"), clock); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// Random is the machine's randomness for every purpose.
func Random(string) io.Reader { return crand.Reader }

func hire(ctx context.Context, name, folder string, entropy io.Reader, clock func() time.Time) error {
	n, err := node.New(ctx, node.Config{Authority: name, Folder: folder, Agreement: Agreement, Peer: PeerOf(name), Demo: true, Manual: true, Clock: clock, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	defer n.Close()
	if err := n.Desk.EnterNode(ctx); err != nil {
		return err
	}
	staff := map[string]act.ID{}
	for _, role := range roles[name] {
		if staff[role], err = n.Desk.EnterOfficer(ctx, "Officer "+role, role, "", entropy); err != nil {
			return err
		}
	}
	b, err := json.Marshal(staff)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, staffName), b, 0o600)
}

// Office opens the officers' sessions at a node.
func Office(ctx context.Context, n *node.Node, random traffic.Random) (*traffic.Office, error) {
	b, err := os.ReadFile(filepath.Join(n.Folder, staffName))
	if err != nil {
		return nil, err
	}
	var staff map[string]act.ID
	if err := json.Unmarshal(b, &staff); err != nil {
		return nil, err
	}
	o := traffic.NewOffice(n.Authority, PeerOf(n.Authority), n.Desk, n.Store(), random)
	for role, id := range staff {
		session, err := n.Desk.SignIn(ctx, id)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", role, err)
		}
		o.Seat(role, session.For("purpose.casework"))
	}
	return o, nil
}

// Ports finds free addresses on loopback, one each. They are kept over restarts, so they lie below the range from which
// the system hands out ports: no other program gets one of them while a node is down.
func Ports(n int) ([]string, error) {
	var addresses []string
	for tries := 0; len(addresses) < n; tries++ {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 10_000+rand.IntN(10_000)))
		if err != nil {
			if tries > 100 {
				return nil, err
			}
			continue
		}
		defer l.Close()
		addresses = append(addresses, l.Addr().String())
	}
	return addresses, nil
}

// Job is what a process of its own is to do.
type Job struct {
	Authority string `json:"authority"`
	Folder    string `json:"folder"`
	Exchange  string `json:"exchange"` // own address
	PeerURL   string `json:"peer_url"`
	Seed      uint64 `json:"seed"`
	Callers   int    `json:"callers"`  // officers at work; 0: the node only exchanges
	Receipts  int    `json:"receipts"` // callers who send test acts and wait for the receipt of each
	Bare      bool   `json:"bare"`     // a node without officers: opening makes the schema
	Headless  bool   `json:"headless"` // no pages and no JSON API
	Slot      int64  `json:"slot_ms"`  // milliseconds
	Postgres  string `json:"postgres"` // URL of the database; empty: SQLite in the folder
	Backup    string `json:"backup"`   // folder to write one backup after the other to; empty: none
}
