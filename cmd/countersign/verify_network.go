package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"countersign/internal/act"
	"countersign/internal/api"
	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/internal/node"
	"countersign/internal/record"

	"github.com/go-json-experiment/json"
)

// remote is one node as its inspector reaches it: record.Source over the node's API. Nothing that it says is believed.
type remote struct {
	base    *url.URL
	token   string
	lang    string
	client  *http.Client
	name    string // authority, as the keys given by people name it
	exhibit []record.Exhibit
}

// maxAnswer bounds one answer of a node: a page of acts is far smaller.
const maxAnswer = 32 << 20

// network checks one or two nodes over their APIs.
func (c *verifyCmd) network(ctx context.Context, a *app) (*record.Verdict, error) {
	if len(c.What) > 2 {
		return nil, fault.New(fault.Invalid, "fault.verify.what")
	}
	seen, err := c.seen()
	if err != nil {
		return nil, err
	}
	var nodes []*remote
	for i, address := range c.What {
		r, err := c.remote(address, i, string(a.words.Lang))
		if err != nil {
			return nil, err
		}
		nodes = append(nodes, r)
	}
	v := &record.Verdict{Kind: "record"}
	look := inspection{verdict: v, seen: &seen, exercise: c.Exercise, copies: map[string]map[string]*record.Finding{}}
	if err := look.nodes(ctx, nodes, c); err != nil {
		return nil, err
	}
	if c.State == "" {
		fmt.Fprintln(a.err, a.words.Text("verify.no-state"))
		return v, nil
	}
	return v, c.keep(look.seen)
}

// remote prepares the connection to a node. A token goes to loopback or over TLS only.
func (c *verifyCmd) remote(address string, i int, lang string) (*remote, error) {
	base, err := url.Parse(strings.TrimSuffix(address, "/"))
	if err != nil || base.Host == "" || base.Scheme != "https" && !(base.Scheme == "http" && onLoopback(base.Hostname())) {
		return nil, fault.New(fault.Invalid, "fault.verify.address", "address", address)
	}
	token := os.Getenv("COUNTERSIGN_TOKEN")
	if i < len(c.TokenFile) {
		b, err := os.ReadFile(c.TokenFile[i])
		if err != nil {
			return nil, err
		}
		token = strings.TrimSpace(string(b))
	}
	if token == "" {
		return nil, fault.New(fault.Invalid, "fault.verify.token", "address", address)
	}
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment, TLSHandshakeTimeout: 10 * time.Second, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12}}
	if c.CAFile != "" {
		b, err := os.ReadFile(c.CAFile)
		if err != nil {
			return nil, err
		}
		transport.TLSClientConfig.RootCAs = x509.NewCertPool()
		if !transport.TLSClientConfig.RootCAs.AppendCertsFromPEM(b) {
			return nil, fault.New(fault.Invalid, "fault.verify.ca", "file", c.CAFile)
		}
	}
	return &remote{base: base, token: token, lang: lang, client: &http.Client{Timeout: 2 * time.Minute, Transport: transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}, nil
}

func onLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// get reads one answer of the node.
func (r *remote) get(ctx context.Context, path string, query url.Values, into any) error {
	address := r.base.JoinPath(api.Base, path)
	address.RawQuery = query.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), nil)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+r.token)
	req.Header.Set("X-Purpose", "inspection")
	req.Header.Set("Accept-Language", r.lang)
	resp, err := r.client.Do(req)
	if err != nil {
		return fault.New(fault.Unavailable, "fault.verify.unreachable", "address", r.base.String()).Because(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err == nil && len(b) > maxAnswer {
		err = errors.New("the answer is too large")
	}
	if err == nil && resp.StatusCode != http.StatusOK {
		err = errors.New(cmp.Or(titleOf(b), resp.Status))
	}
	if err == nil {
		err = json.Unmarshal(b, into, json.RejectUnknownMembers(true))
	}
	if err != nil {
		return fault.New(fault.Unavailable, "fault.verify.answer", "address", r.base.String()).Because(err)
	}
	return nil
}

// titleOf is what a node says about an answer that is none.
func titleOf(b []byte) string {
	var p struct {
		Title string `json:"title"`
	}
	if json.Unmarshal(b, &p) != nil {
		return ""
	}
	return p.Title
}

func (r *remote) standing(ctx context.Context) (s record.Standing, err error) {
	err = r.get(ctx, "/inspection/standing", nil, &s)
	r.exhibit = s.Changes
	return s, err
}

func page(origin string, from int64) url.Values {
	return url.Values{"origin": {origin}, "from": {strconv.FormatInt(from, 10)}}
}

// Acts implements record.Source.
func (r *remote) Acts(ctx context.Context, origin string, from int64) ([]record.Shown, error) {
	var lines []record.Line
	if err := r.get(ctx, "/inspection/acts", page(origin, from), &lines); err != nil {
		return nil, err
	}
	shown := make([]record.Shown, 0, len(lines))
	for _, l := range lines {
		x, err := l.Show()
		if err != nil { // a field that does not fit its commitment is a finding, not an outage: it shows nothing
			x = record.Shown{Index: l.Index, Root: x.Root, Signature: x.Signature}
		}
		shown = append(shown, x)
	}
	return shown, nil
}

// Heads implements record.Source.
func (r *remote) Heads(ctx context.Context, origin string, above int64) (heads []record.SignedHead, err error) {
	err = r.get(ctx, "/inspection/heads", page(origin, above), &heads)
	return heads, err
}

// inspection is the work on one or two nodes.
type inspection struct {
	verdict  *record.Verdict
	seen     *record.Seen
	known    []record.Authority
	exercise bool
	copies   map[string]map[string]*record.Finding // by author, then by node
}

// nodes reads how far each node goes, then every copy of every stream. With two nodes the first is asked again after the
// second, so that each author's own copy was sized after the other's copy of it.
func (l *inspection) nodes(ctx context.Context, nodes []*remote, c *verifyCmd) error {
	var standings []record.Standing
	for _, r := range append(nodes, nodes[:len(nodes)-1]...) {
		s, err := r.standing(ctx)
		if err != nil {
			return err
		}
		if r.name, l.known, err = c.pinned(s, l.known); err != nil {
			return err
		}
		standings = append(standings, s)
		l.add("verify.record.no-fork", r.name, !s.Frozen)
	}
	if len(nodes) == 2 && nodes[0].name == nodes[1].name {
		return fault.New(fault.Invalid, "fault.verify.one-authority", "authority", nodes[0].name)
	}
	for i, r := range nodes {
		for _, author := range []string{standings[0].Own.Authority, standings[0].Peer.Authority} {
			at := standings[i].Stream(author)
			if i == 0 && len(nodes) == 2 && author == r.name {
				at = standings[2].Stream(author)
			}
			var other int64
			if len(nodes) == 2 && author == r.name { // how far the other authority's copy of it goes
				other = standings[1-i].Stream(author).Size
			}
			if err := l.log(ctx, r, at, author, other); err != nil {
				return err
			}
		}
	}
	l.compare(nodes)
	return nil
}

func (l *inspection) add(key, detail string, ok bool) {
	for _, c := range l.verdict.Checks {
		if c.Key == key && c.Detail == detail && c.OK == ok {
			return
		}
	}
	l.verdict.Checks = append(l.verdict.Checks, record.Check{Key: key, OK: ok, Detail: detail})
}

// log reads one node's copy of one stream to the size that the node has claimed.
func (l *inspection) log(ctx context.Context, r *remote, at record.StreamStanding, author string, other int64) error {
	a := record.Audit{Source: r, Known: l.known, Changes: r.exhibit, InForce: func(e act.Envelope) error {
		return desk.InForce(strings.Split(at.Origin, "/")[1], e, l.exercise)
	}}
	if sender, err := record.Sender(at.Origin, l.known); err != nil || sender.Authority != author {
		return fault.New(fault.Denied, "fault.bundle.origin", "origin", at.Origin).Because(err)
	}
	found, err := a.Log(ctx, record.Stretch{Origin: at.Origin, Author: author, Size: at.Size, Newest: at.Newest, Whole: author != r.name,
		Marks: append(l.seen.Marks(at.Origin), other)})
	if err != nil {
		return err
	}
	good := true
	for _, c := range append(found.Checks, l.seen.Check(r.name, found)) {
		c.Detail = r.name + ": " + c.Detail
		if c.Where != "" {
			c.Where = r.name + ": " + c.Where
		}
		l.verdict.Checks = append(l.verdict.Checks, c)
		good = good && c.OK
	}
	if good {
		l.seen.Keep(r.name, found)
	}
	if l.copies[author] == nil {
		l.copies[author] = map[string]*record.Finding{}
	}
	l.copies[author][r.name] = found
	return nil
}

// compare holds the copies of two nodes against each other, and each claim of a refusal against the refusal.
func (l *inspection) compare(nodes []*remote) {
	for _, r := range nodes {
		for author, copies := range l.copies {
			for other, theirs := range l.copies {
				if author != other {
					l.verdict.Checks = append(l.verdict.Checks, record.Answered(r.name+": "+copies[r.name].Head.Origin, copies[r.name].Unanswered, theirs[r.name].Refused))
				}
			}
		}
	}
	if len(nodes) < 2 {
		return
	}
	for i, r := range nodes {
		copies := l.copies[r.name]
		l.verdict.Checks = append(l.verdict.Checks, record.SameRecord(copies[r.name], copies[nodes[1-i].name]))
	}
}

// pinned takes the keys that count: from the files that people gave, or those whose fingerprint they gave. A node's own word
// about keys is never enough.
func (c *verifyCmd) pinned(s record.Standing, known []record.Authority) (string, []record.Authority, error) {
	if len(known) == 0 {
		var err error
		if known, err = c.authorities(); err != nil {
			return "", nil, err
		}
		for _, a := range []record.Authority{s.Own, s.Peer} {
			for _, f := range c.Fingerprint {
				if sameFingerprint(f, a.Fingerprint()) {
					known = append(known, a)
				}
			}
		}
	}
	for _, a := range []record.Authority{s.Own, s.Peer} {
		found := false
		for _, k := range known {
			found = found || k.Authority == a.Authority && k.Fingerprint() == a.Fingerprint()
		}
		if !found {
			return "", nil, fault.New(fault.Denied, "fault.verify.pinned", "authority", a.Authority, "fingerprint", a.Fingerprint())
		}
	}
	return s.Own.Authority, known, nil
}

// authorities are those whose public key files were given.
func (c *verifyCmd) authorities() (all []record.Authority, err error) {
	for _, path := range c.Keys {
		k, err := node.ReadAuthority(path)
		if err != nil {
			return nil, err
		}
		all = append(all, k)
	}
	return all, nil
}

// sameFingerprint compares fingerprints as people write them down.
func sameFingerprint(a, b string) bool {
	plain := func(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), "")) }
	return plain(a) == plain(b)
}

// seen reads what was seen before; a file that is not there is made at the end.
func (c *verifyCmd) seen() (record.Seen, error) {
	var raw []byte
	if c.State != "" {
		b, err := os.ReadFile(c.State)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return record.Seen{}, err
		}
		raw = b
	}
	return record.ReadSeen(raw)
}

// keep replaces the memory as a whole: a crash leaves the old or the new one.
func (c *verifyCmd) keep(s *record.Seen) error {
	b, err := s.Encode()
	if err != nil {
		return err
	}
	partial := c.State + ".partial"
	if err := os.WriteFile(partial, b, 0o600); err != nil {
		return err
	}
	if err := os.Rename(partial, c.State); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(c.State))
}
