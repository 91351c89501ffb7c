// Package exercise is a small OpenID Connect provider for demonstrations and tests, so that the whole sign-in of a
// real node can be tried without the authority's own provider. Whoever reaches it says which of its invented people
// they are; there are no passwords. Therefore it serves loopback only, and a node outside a demonstration refuses it:
// its issuer is not https.
//
// It never knows a real person, and nothing outside a demonstration may trust it.
package exercise

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"html/template"
	"net"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
)

// Person is somebody invented who can sign in.
type Person struct{ Subject, Name string }

// Options are what the provider works with. Issuer, Client and Return are required.
type Options struct {
	Issuer string // the address under which it is reached
	Client string // client_id of the node
	Secret string // of the client; empty for a public one
	Return string // the only address that codes are sent to
	People []Person
	ACR    string           // authentication level that it says it reached
	Now    func() time.Time // default time.Now
}

// Provider is a running provider.
type Provider struct {
	Options
	key *ecdsa.PrivateKey
	kid string

	mu    sync.Mutex
	codes map[string]grant // waiting to be redeemed, once
	in    map[string]login // by cookie: who is signed in at the provider
	// Spoil, where set, changes the claims of a token before it is signed: an attacker's or a broken provider's.
	Spoil func(claims map[string]any)
}

type login struct {
	person Person
	at     time.Time
}

type grant struct {
	login
	nonce, challenge string
	until            time.Time
}

// New makes a provider with a fresh key.
func New(o Options) (*Provider, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	pub, err := key.PublicKey.Bytes()
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(pub)
	return &Provider{Options: o, key: key, kid: hex.EncodeToString(sum[:8]), codes: map[string]grant{}, in: map[string]login{}}, nil
}

// ErrNotLoopback is why the provider does not start elsewhere.
var ErrNotLoopback = errors.New("the exercise provider asks for no password and listens on loopback only")

// Listen opens an address on loopback.
func Listen(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	if a, ok := l.Addr().(*net.TCPAddr); !ok || !a.IP.IsLoopback() {
		l.Close()
		return nil, ErrNotLoopback
	}
	return l, nil
}

// Handler serves discovery, keys, the question who one is, tokens and the way out.
func (p *Provider) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", p.discovery)
	mux.HandleFunc("GET /keys", p.keys)
	mux.HandleFunc("GET /authorize", p.authorize)
	mux.HandleFunc("POST /authorize", p.choose)
	mux.HandleFunc("POST /token", p.token)
	mux.HandleFunc("GET /leave", p.leave)
	return mux
}

func write(w http.ResponseWriter, status int, v any) {
	b, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		http.Error(w, "", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	w.Write(b)
}

func (p *Provider) discovery(w http.ResponseWriter, _ *http.Request) {
	write(w, http.StatusOK, map[string]any{"issuer": p.Issuer, "authorization_endpoint": p.Issuer + "/authorize", "token_endpoint": p.Issuer + "/token",
		"jwks_uri": p.Issuer + "/keys", "end_session_endpoint": p.Issuer + "/leave", "response_types_supported": []string{"code"},
		"subject_types_supported": []string{"public"}, "id_token_signing_alg_values_supported": []string{"ES256"},
		"code_challenge_methods_supported": []string{"S256"}, "authorization_response_iss_parameter_supported": true})
}

func (p *Provider) keys(w http.ResponseWriter, _ *http.Request) {
	pub, err := p.key.PublicKey.Bytes() // uncompressed: 4, x, y
	if err != nil {
		http.Error(w, "", http.StatusInternalServerError)
		return
	}
	write(w, http.StatusOK, map[string]any{"keys": []any{map[string]any{"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": p.kid,
		"x": text(pub[1:33]), "y": text(pub[33:])}}})
}

func text(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

const cookie = "exercise"

// question asks who it is. It is a tool's page in the language of its operator, not one of the service.
var question = template.Must(template.New("").Parse(`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Exercise sign-in</title></head><body><main>
<h1>Exercise sign-in</h1><p>For demonstrations and tests only. Everybody here is invented.</p>
<form method="post" action="/authorize?{{.Query}}">{{range .People}}<p><button type="submit" name="subject" value="{{.Subject}}">{{.Name}}</button></p>{{end}}</form></main></body></html>`))

// authorize answers at once who is signed in here already, unless the node asks for a new proof.
func (p *Provider) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if !p.known(w, q) {
		return
	}
	if c, err := r.Cookie(cookie); err == nil && q.Get("prompt") != "login" && q.Get("max_age") != "0" {
		p.mu.Lock()
		who, ok := p.in[c.Value]
		p.mu.Unlock()
		if ok {
			p.grant(w, r, who)
			return
		}
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	question.Execute(w, map[string]any{"People": p.People, "Query": template.URL(r.URL.RawQuery)})
}

// known refuses clients and ways back that it was not set up for, without leading anywhere.
func (p *Provider) known(w http.ResponseWriter, q url.Values) bool {
	ok := q.Get("client_id") == p.Client && q.Get("redirect_uri") == p.Return && q.Get("response_type") == "code" &&
		q.Get("code_challenge_method") == "S256" && q.Get("code_challenge") != ""
	if !ok {
		http.Error(w, "unknown client, address or response type, or no PKCE", http.StatusBadRequest)
	}
	return ok
}

func (p *Provider) choose(w http.ResponseWriter, r *http.Request) {
	if !p.known(w, r.URL.Query()) {
		return
	}
	at := slices.IndexFunc(p.People, func(x Person) bool { return x.Subject == r.PostFormValue("subject") })
	if at < 0 {
		http.Error(w, "nobody of that name", http.StatusBadRequest)
		return
	}
	who, id := login{p.People[at], p.Now()}, rand.Text()
	p.mu.Lock()
	p.in[id] = who
	p.mu.Unlock()
	http.SetCookie(w, &http.Cookie{Name: cookie, Value: id, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
	p.grant(w, r, who)
}

// grant leads back with a code that serves once, for a minute.
func (p *Provider) grant(w http.ResponseWriter, r *http.Request, who login) {
	q, code := r.URL.Query(), rand.Text()
	p.mu.Lock()
	p.codes[code] = grant{who, q.Get("nonce"), q.Get("code_challenge"), p.Now().Add(time.Minute)}
	p.mu.Unlock()
	back := url.Values{"code": {code}, "state": {q.Get("state")}, "iss": {p.Issuer}}
	http.Redirect(w, r, p.Return+"?"+back.Encode(), http.StatusSeeOther)
}

func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	g, ok := p.codes[r.PostFormValue("code")]
	delete(p.codes, r.PostFormValue("code"))
	p.mu.Unlock()
	proof := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	id, secret, basic := r.BasicAuth()
	if !basic {
		id, secret = r.PostFormValue("client_id"), r.PostFormValue("client_secret")
	}
	switch {
	case id != p.Client || subtle.ConstantTimeCompare([]byte(secret), []byte(p.Secret)) != 1:
		write(w, http.StatusUnauthorized, map[string]any{"error": "invalid_client"})
	case !ok || p.Now().After(g.until) || text(proof[:]) != g.challenge || r.PostFormValue("redirect_uri") != p.Return:
		write(w, http.StatusBadRequest, map[string]any{"error": "invalid_grant"})
	default:
		now := p.Now()
		claims := map[string]any{"iss": p.Issuer, "sub": g.person.Subject, "aud": p.Client, "iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(),
			"nonce": g.nonce, "auth_time": g.at.Unix(), "name": g.person.Name}
		if p.ACR != "" {
			claims["acr"] = p.ACR
		}
		if p.Spoil != nil {
			p.Spoil(claims)
		}
		signed, err := p.sign(claims)
		if err != nil {
			http.Error(w, "", http.StatusInternalServerError)
			return
		}
		write(w, http.StatusOK, map[string]any{"access_token": rand.Text(), "token_type": "Bearer", "expires_in": 60, "id_token": signed})
	}
}

// sign makes a compact JWS with ES256 (RFC 7515, RFC 7518 section 3.4).
func (p *Provider) sign(claims map[string]any) (string, error) {
	header, err := json.Marshal(map[string]any{"alg": "ES256", "kid": p.kid, "typ": "JWT"}, json.Deterministic(true))
	if err != nil {
		return "", err
	}
	payload, err := json.Marshal(claims, json.Deterministic(true))
	if err != nil {
		return "", err
	}
	input := text(header) + "." + text(payload)
	digest := sha256.Sum256([]byte(input))
	r, s, err := ecdsa.Sign(rand.Reader, p.key, digest[:])
	if err != nil {
		return "", err
	}
	signature := make([]byte, 64)
	r.FillBytes(signature[:32])
	s.FillBytes(signature[32:])
	return input + "." + text(signature), nil
}

func (p *Provider) leave(w http.ResponseWriter, r *http.Request) {
	if c, err := r.Cookie(cookie); err == nil {
		p.mu.Lock()
		delete(p.in, c.Value)
		p.mu.Unlock()
	}
	back, err := url.Parse(r.URL.Query().Get("post_logout_redirect_uri"))
	ours, err2 := url.Parse(p.Return)
	if err != nil || err2 != nil || back.Host != ours.Host || back.Scheme != ours.Scheme {
		http.Error(w, "signed out", http.StatusOK)
		return
	}
	http.Redirect(w, r, back.String(), http.StatusSeeOther)
}
