package signin

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"countersign/internal/fault"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// OIDC is the authority's own OpenID Connect provider, as an operator sets it. Officers have no password here: the
// provider asks for the second factor that the authority demands (ASVS 6.3.3).
type OIDC struct {
	// Issuer is the provider's address, exactly as its tokens name it. It must be https, except in a demonstration.
	Issuer string `json:"issuer"`
	// ClientID and Secret are what the provider knows this node by. A public client has no secret; PKCE protects it.
	ClientID string `json:"client_id"`
	// SecretFile holds the client's secret, readable by the node's user only; empty for a public client.
	SecretFile string `json:"secret_file"`
	// CAFile holds the certificates (PEM) that the provider's own is signed with, where the machine does not know them.
	CAFile string `json:"ca_file"`
	// ACR are the authentication levels of which one must have been reached, for example one that asks for a
	// hardware key. Empty: whatever the provider asks for.
	ACR []string `json:"acr"`
}

// Connect prepares the provider. It is asked for its addresses at the first sign-in, so that a node starts while
// the provider is down. site is the address at which officers' browsers reach this node.
func Connect(o OIDC, secret, site string, roots *x509.CertPool, plain bool, now func() time.Time) (*Connection, error) {
	u, err := url.Parse(o.Issuer)
	if err != nil || u.Host == "" || u.Scheme != "https" && !(plain && u.Scheme == "http") {
		return nil, fmt.Errorf("sign-in: the issuer %q must be an https address", o.Issuer)
	}
	if o.ClientID == "" {
		return nil, fmt.Errorf("sign-in: the provider needs a client_id")
	}
	if back, err := url.Parse(site); err != nil || back.Host == "" {
		return nil, fmt.Errorf("sign-in: the address of the pages %q (public_url) must be set, so that the provider can lead back", site)
	}
	client := &http.Client{Timeout: 10 * time.Second,
		Transport:     &http.Transport{Proxy: http.ProxyFromEnvironment, TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }} // ASVS 15.3.2
	if now == nil {
		now = time.Now
	}
	return &Connection{OIDC: o, secret: secret, site: strings.TrimSuffix(site, "/"), client: client, now: now}, nil
}

// Connection is a Provider that speaks OpenID Connect: authorization code with PKCE, state and nonce.
type Connection struct {
	OIDC
	secret, site string
	client       *http.Client
	now          func() time.Time

	mu    sync.Mutex // guards found
	found *discovered
}

// discovered is what the provider says of itself.
type discovered struct {
	config   oauth2.Config
	verifier *oidc.IDTokenVerifier
	leave    string
	namesISS bool // names itself in what comes back (RFC 9207)
}

// discover asks the provider once; a failure is tried again at the next sign-in.
func (c *Connection) discover() (*discovered, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.found != nil {
		return c.found, nil
	}
	// Keys are fetched again for years: their context must not end with one request.
	p, err := oidc.NewProvider(oidc.ClientContext(context.Background(), c.client), c.Issuer)
	if err != nil {
		return nil, fault.New(fault.Unavailable, "signin.fault.unreachable").Because(err)
	}
	var more struct {
		Leave string `json:"end_session_endpoint"`
		ISS   bool   `json:"authorization_response_iss_parameter_supported"`
	}
	if err := p.Claims(&more); err != nil {
		return nil, fault.New(fault.Unavailable, "signin.fault.unreachable").Because(err)
	}
	c.found = &discovered{verifier: p.Verifier(&oidc.Config{ClientID: c.ClientID, Now: c.now}), leave: more.Leave, namesISS: more.ISS,
		config: oauth2.Config{ClientID: c.ClientID, ClientSecret: c.secret, Endpoint: p.Endpoint(), RedirectURL: c.site + PathReturn,
			Scopes: []string{oidc.ScopeOpenID, "profile"}}}
	return c.found, nil
}

const keptTrip = "oidc"

// Start implements Provider.
func (c *Connection) Start(ctx context.Context, s *Sessions, a Ask) (string, error) {
	d, err := c.discover()
	if err != nil {
		return "", err
	}
	trip := map[string]string{"state": rand.Text(), "nonce": rand.Text(), "verifier": oauth2.GenerateVerifier(), "next": a.Next,
		"at": stamp(c.now())}
	options := []oauth2.AuthCodeOption{oidc.Nonce(trip["nonce"]), oauth2.S256ChallengeOption(trip["verifier"])}
	if len(c.ACR) > 0 {
		options = append(options, oauth2.SetAuthURLParam("acr_values", strings.Join(c.ACR, " ")))
	}
	if a.Again { // OIDC Core 3.1.2.1: the provider must ask again, and say when it did
		trip["again"] = "yes"
		options = append(options, oauth2.SetAuthURLParam("prompt", "login"), oauth2.SetAuthURLParam("max_age", "0"))
	}
	s.KeepWhileAway(ctx, keptTrip, trip)
	return d.config.AuthCodeURL(trip["state"], options...), nil
}

// skew is how far the provider's clock may be off.
const skew = time.Minute

// Finish implements Provider. Whatever does not fit is refused in the same words; the log has the cause.
func (c *Connection) Finish(r *http.Request, s *Sessions) (Identity, Ask, error) {
	ctx, query := r.Context(), r.URL.Query()
	trip := s.Take(ctx, keptTrip)
	ask := Ask{Next: trip["next"], Again: trip["again"] != ""}
	refused := func(format string, args ...any) (Identity, Ask, error) {
		return Identity{}, ask, fault.New(fault.Denied, "signin.fault.refused").Because(fmt.Errorf(format, args...))
	}
	d, err := c.discover()
	if err != nil {
		return Identity{}, ask, err
	}
	if trip == nil || subtle.ConstantTimeCompare([]byte(trip["state"]), []byte(query.Get("state"))) != 1 {
		return refused("an answer that this browser did not ask for")
	}
	if iss := query.Get("iss"); iss != c.Issuer && (iss != "" || d.namesISS) { // RFC 9207
		return refused("an answer of %q", iss)
	}
	if e := query.Get("error"); e != "" {
		return refused("the provider answered %.100q", e)
	}
	token, err := d.config.Exchange(oidc.ClientContext(ctx, c.client), query.Get("code"), oauth2.VerifierOption(trip["verifier"]))
	if err != nil {
		return refused("code: %w", err)
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := d.verifier.Verify(oidc.ClientContext(ctx, c.client), raw)
	if err != nil {
		return refused("token: %w", err)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(trip["nonce"])) != 1 {
		return refused("a token that was made for another sign-in")
	}
	identity, err := c.identity(id, trip)
	if err != nil {
		return refused("%w", err)
	}
	return identity, ask, nil
}

// identity reads the claims, and checks how and when the person proved who they are.
func (c *Connection) identity(id *oidc.IDToken, trip map[string]string) (Identity, error) {
	var claims struct {
		Name     string `json:"name"`
		Username string `json:"preferred_username"`
		AuthTime int64  `json:"auth_time"`
		ACR      string `json:"acr"`
		AZP      string `json:"azp"`
	}
	if err := id.Claims(&claims); err != nil {
		return Identity{}, fmt.Errorf("claims: %w", err)
	}
	if claims.AZP != "" && claims.AZP != c.ClientID || claims.AZP == "" && len(id.Audience) > 1 { // OIDC Core 3.1.3.7
		return Identity{}, fmt.Errorf("a token for %q", claims.AZP)
	}
	if len(c.ACR) > 0 && !slices.Contains(c.ACR, claims.ACR) {
		return Identity{}, fmt.Errorf("authentication level %q is not one of %v", claims.ACR, c.ACR)
	}
	asked, err := time.Parse(time.RFC3339Nano, trip["at"])
	if err != nil {
		return Identity{}, err
	}
	if trip["again"] != "" && time.Unix(claims.AuthTime, 0).Before(asked.Add(-skew)) {
		return Identity{}, fmt.Errorf("the provider did not ask again: auth_time %d", claims.AuthTime)
	}
	if id.Subject == "" || len(id.Subject) > 255 { // OIDC Core 2: at most 255 characters
		return Identity{}, fmt.Errorf("a subject of %d characters", len(id.Subject))
	}
	name := claims.Name
	if name == "" {
		name = claims.Username
	}
	if r := []rune(name); len(r) > 100 {
		name = string(r[:100])
	}
	return Identity{Issuer: id.Issuer, Subject: id.Subject, Name: name, Proved: time.Unix(claims.AuthTime, 0)}, nil
}

// Leave implements Provider (OpenID Connect RP-Initiated Logout 1.0).
func (c *Connection) Leave() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.found == nil || c.found.leave == "" {
		return ""
	}
	q := url.Values{"client_id": {c.ClientID}, "post_logout_redirect_uri": {c.site + "/sign-in"}}
	return c.found.leave + "?" + q.Encode()
}
