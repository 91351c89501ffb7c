package node_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/desk"
	"countersign/internal/exchange"
	"countersign/internal/fault"
	"countersign/internal/node"
	"countersign/internal/person"
	"countersign/internal/store"
	"countersign/internal/store/storetest"
)

// countersigned waits until an act that says nothing has been countersigned by the other side.
func countersigned(t testing.TB, n *node.Node, who desk.Session) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	e, err := n.Desk.TestLink(ctx, who, "")
	if err == nil {
		err = n.Desk.AwaitReceipt(ctx, e.Index)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Two nodes on either engine, over mutual TLS, in both directions; every key is changed while they run.
func TestTwoNodes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, o store.Options) {
		p := pairUp(t, func(c *node.Config) {
			if c.Authority == "gb" {
				c.Postgres = o.Postgres
			}
		})
		countersigned(t, p.gb, p.officer)
		countersigned(t, p.al, p.al2)
		for _, use := range []joint.KeyUse{joint.UseLog, joint.UseCosign, joint.UseTLS, joint.UseSeal} {
			public, private := newKey(t, use)
			if err := p.gb.Desk.ChangeKey(t.Context(), use, "routine", public, private); err != nil {
				t.Fatal(err)
			}
			for range 3 {
				countersigned(t, p.gb, p.officer)
				countersigned(t, p.al, p.al2)
			}
			if inUse, _ := p.gb.Desk.OwnKeys(use); !bytes.Equal(inUse, public) {
				t.Errorf("%s: the new key is not in use", use)
			}
			if got := p.al.Desk.PeerKeys(use)[0]; !bytes.Equal(got, public) {
				t.Errorf("%s: the peer does not have the new key", use)
			}
		}
		for _, n := range []*node.Node{p.gb, p.al} {
			checks, err := n.Desk.Audit(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range checks {
				if !c.OK {
					t.Errorf("%s: %s %s", n.Authority, c.Key, c.Detail)
				}
			}
			if d, err := n.Desk.Rebuild(t.Context(), false); err != nil || len(d) > 0 {
				t.Errorf("%s: %v %v", n.Authority, d, err)
			}
		}
		checks, err := desk.CompareRecords(p.gb.Desk, p.al.Desk)
		if err != nil || !checks[0].OK || !checks[1].OK {
			t.Errorf("%v (%v)", checks, err)
		}
	})
}

func newKey(t *testing.T, use joint.KeyUse) (public, private []byte) {
	t.Helper()
	if use == joint.UseSeal {
		k, err := exchange.KEM().GenerateKey()
		if err != nil {
			t.Fatal(err)
		}
		b, err := k.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		return k.PublicKey().Bytes(), b
	}
	pub, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return pub, key.Seed()
}

// Nobody but the paired peer gets through: no certificate, another one, an older TLS.
func TestOnlyThePairedPeer(t *testing.T) {
	p := pairUp(t)
	stranger := prepare(t)
	other := stranger.open(t, "gb", "al")
	defer other.Close()
	other.SetPeerURL(p.al.ExchangeURL())
	if _, err := other.Push(t.Context()); fault.KeyOf(err) != "fault.exchange.unreachable" {
		t.Errorf("a stranger's node: %v", err)
	}
	for name, c := range map[string]*tls.Config{
		"no certificate": {InsecureSkipVerify: true},
		"older TLS":      {InsecureSkipVerify: true, MaxVersion: tls.VersionTLS12},
	} {
		client := &http.Client{Transport: &http.Transport{TLSClientConfig: c}, Timeout: 5 * time.Second}
		if r, err := client.Post(p.al.ExchangeURL()+exchange.Path, "application/octet-stream", strings.NewReader("x")); err == nil {
			r.Body.Close()
			t.Errorf("%s: answered %s", name, r.Status)
		}
	}
	if r, err := http.Get(strings.Replace(p.al.ExchangeURL(), "https", "http", 1) + exchange.Path); err == nil && r.StatusCode == http.StatusOK {
		t.Error("answered without TLS")
	}
	countersigned(t, p.gb, p.officer)
}

// A node whose peer is away works on, and drains when it is back; a state that nobody can call pulls.
func TestOutageAndPull(t *testing.T) {
	p := pairUp(t, func(c *node.Config) { c.Pull = c.Authority == "gb" })
	p.al.SetPeerURL("https://127.0.0.1:1") // al cannot call
	countersigned(t, p.gb, p.officer)
	countersigned(t, p.al, p.al2)
	url := p.al.ExchangeURL()
	p.gb.SetPeerURL("https://127.0.0.1:1")
	e, err := p.gb.Desk.TestLink(t.Context(), p.officer, "")
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(300 * time.Millisecond)
	if s, _ := p.gb.Desk.LinkState(t.Context()); s.Countersigned > e.Index {
		t.Error("countersigned through an outage")
	}
	p.gb.SetPeerURL(url)
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := p.gb.Desk.AwaitReceipt(ctx, e.Index); err != nil {
		t.Fatal(err)
	}
}

// Health and metrics are for this machine; they say what an operator needs, and readiness ends when a node is
// read-only.
func TestHealthAndMetrics(t *testing.T) {
	p := pairUp(t)
	countersigned(t, p.gb, p.officer)
	if code, body := get(t, p.gb.AdminURL()+"/healthz"); code != 200 || body != "ok\n" {
		t.Error(code, body)
	}
	if code, body := get(t, p.gb.AdminURL()+"/readyz"); code != 200 {
		t.Error(code, body)
	}
	_, body := get(t, p.gb.AdminURL()+"/metrics")
	for _, want := range []string{"countersign_stream_lag_acts 0", "countersign_stream_acts 3", "countersign_deadlines_due 0", "countersign_database_up 1", "countersign_stream_frozen 0"} {
		if !strings.Contains(body, want) {
			t.Errorf("metrics lack %q:\n%s", want, body)
		}
	}
	p.gb.SetPeerURL("https://127.0.0.1:1")
	if err := p.gb.Store().Write(t.Context(), func(tx *store.Tx) error { return tx.SetReadOnly("fault.exchange.behind") }); err != nil {
		t.Fatal(err)
	}
	if code, body := get(t, p.gb.AdminURL()+"/readyz"); code != 503 || !strings.Contains(body, "behind") {
		t.Error(code, body)
	}
	c := p.config("gb", "al")
	c.AdminListen = "0.0.0.0:0"
	if n, err := node.New(t.Context(), c); err == nil {
		n.Close()
		t.Error("metrics were offered to everybody")
	}
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	r, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, string(b)
}

// A marker stands in every name; nothing that a node writes outside the sealed acts may hold it: not the log, not a
// metric, not one byte of the database file.
func TestNoNamesInWhatIsWritten(t *testing.T) {
	const marker = "Zzqxmarker"
	var log lockedBuffer
	p := pairUp(t, func(c *node.Config) {
		c.Log = slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	id, err := p.gb.Desk.EnterOfficer(t.Context(), "Officer", "caseworker", "", rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	who, err := p.gb.Desk.SignIn(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	who = who.For("purpose.casework")
	opened, err := p.gb.Desk.OpenCase(t.Context(), who, domestic.CaseOpening{Agreement: "uk-al", Peer: "al", Route: "readmission", Part: "EAW",
		Person: person.Particulars{Names: []person.Name{{Family: marker, Given: marker}}, Birth: person.On(1994, 5, 17), Nationalities: []string{"ALB"}, Sex: "M"}, Destination: "ALB"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.gb.Desk.ViewCase(t.Context(), who, opened); err != nil {
		t.Fatal(err)
	}
	if _, err := p.gb.Desk.FindPeople(t.Context(), who, desk.Search{Name: marker}); err != nil {
		t.Fatal(err)
	}
	p.gb.Desk.Refused(t.Context(), "here", "fault.exchange.frame", "")
	http.Post(p.gb.ExchangeURL()+exchange.Path, "application/octet-stream", strings.NewReader(marker))
	p.gb.SetPeerURL("https://127.0.0.1:1")
	p.gb.Push(t.Context())
	_, metrics := get(t, p.gb.AdminURL()+"/metrics")
	written := []byte(log.String() + metrics)
	for _, pattern := range []string{"countersign.db*", "*.log"} {
		files, _ := filepath.Glob(filepath.Join(p.folders["gb"], pattern))
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			written = append(written, b...)
		}
	}
	if len(written) < 10_000 {
		t.Fatalf("only %d bytes were searched", len(written))
	}
	if bytes.Contains(bytes.ToLower(written), []byte(strings.ToLower(marker))) {
		t.Error("a name stands in the open")
	}
	if log.String() == "" {
		t.Error("nothing was logged at all")
	}
	for _, line := range strings.Split(strings.TrimSpace(log.String()), "\n") {
		var entry map[string]any
		if json.Unmarshal([]byte(line), &entry) != nil {
			t.Errorf("a line of the log is not structured: %s", line)
		}
	}
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// Three replicas of one authority on one PostgreSQL: all take acts, one pushes, and when that one is gone another does.
func TestReplicasOfANode(t *testing.T) {
	o := storetest.Postgres(t)
	p := pairUp(t, func(c *node.Config) {
		if c.Authority == "gb" {
			c.Postgres = o.Postgres
		}
	})
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	var replicas []*node.Node
	for range 2 {
		n := p.open(t, "gb", "al")
		n.SetPeerURL(p.al.ExchangeURL())
		replicas = append(replicas, n)
		p.background.Go(func() { n.Run(ctx) })
		defer n.Close()
	}
	for _, n := range append([]*node.Node{p.gb}, replicas...) {
		who, err := n.Desk.SignIn(t.Context(), p.officer.Officer.ID)
		if err != nil {
			t.Fatal(err)
		}
		countersigned(t, n, who.For("purpose.administration"))
	}
	p.al.SetPeerURL(replicas[1].ExchangeURL()) // the peer calls whichever is there
	countersigned(t, p.al, p.al2)
	p.gb.Close()
	who, err := replicas[0].Desk.SignIn(t.Context(), p.officer.Officer.ID)
	if err != nil {
		t.Fatal(err)
	}
	countersigned(t, replicas[0], who.For("purpose.administration"))
	stop()
}
