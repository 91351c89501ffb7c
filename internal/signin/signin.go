// Package signin owns who is at the other end of a browser: web sessions with their ends, and the ways to
// prove who one is. A session says which officer signed in, how and when; what that officer may do is asked
// of the desk at every request, so that a right that ended is gone at once (ASVS 8.3.2).
//
// It never holds a signing key, never decides about access, and puts nothing into a cookie but a random token.
package signin

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"log/slog"
	"net/http"
	"time"

	"countersign/internal/act"
	"countersign/internal/store"
	"countersign/internal/vault"

	"github.com/alexedwards/scs/v2"
	"github.com/go-json-experiment/json"
)

// Options are what sessions work with. Store and Vault are required.
type Options struct {
	Store *store.Store
	Vault *vault.Vault
	// Secure is set where browsers reach the pages over TLS: the cookie is then bound to this host and to
	// TLS (__Host-). On loopback without TLS a browser would refuse such a cookie.
	Secure bool
	// Name tells apart the cookies of several nodes on one host, as in the demo: cookies know no port.
	Name string
	// Idle ends a session that nobody uses; default 20 minutes. Absolute ends every session; default 10 hours, a shift.
	Idle, Absolute time.Duration
	// Fresh is how long a sign-in counts as just made, for acts that cannot be taken back; default 15 minutes.
	Fresh time.Duration
	// Now is the wall clock by which sessions end; default time.Now. It is not the clock of the record.
	Now func() time.Time
	Log *slog.Logger
}

// Proof is that an officer showed who they are.
type Proof struct {
	Officer act.ID
	How     string // catalogue key of the means, for example "page.sign-in.how.demo"
	Subject string // Key of the identity at the authority's provider; empty: chosen from a list, in a demonstration
}

// Identity is somebody as the authority's provider knows them. Which officer that is, the roster says.
type Identity struct {
	Issuer  string
	Subject string    // the provider's own name for the person; never used again for anybody else (OIDC Core 2)
	Name    string    // as the provider has it; shown to the administrator who looks for the officer
	Proved  time.Time // when the person last proved who they are, as far as the provider says
}

// Key names an identity without spelling it out.
func (i Identity) Key() string {
	sum := sha256.Sum256([]byte(i.Issuer + "\x00" + i.Subject))
	return hex.EncodeToString(sum[:])
}

// Ask is why a browser is sent to the provider.
type Ask struct {
	Next  string // address of this site to go on with
	Again bool   // the officer must prove who it is anew, for an act that cannot be taken back (ASVS 7.5.3)
}

// Provider is a place where officers prove who they are, for example an OpenID Connect provider of the authority.
// Start returns the address to lead the browser to; Finish takes what comes back to PathReturn; Leave is where a
// browser ends its session there too, or empty.
type Provider interface {
	Start(ctx context.Context, s *Sessions, a Ask) (string, error)
	Finish(r *http.Request, s *Sessions) (Identity, Ask, error)
	Leave() string
}

// PathReturn is where a provider sends the browser back to.
const PathReturn = "/sign-in/return"

// unfinished is how long a browser may stay at the provider before its sign-in is forgotten.
const unfinished = 15 * time.Minute

// Sessions are the web sessions of one node.
type Sessions struct {
	options Options
	manager *scs.SessionManager
}

// Keys of a session's data.
const (
	keyOfficer = "officer"
	keyHow     = "how"
	keyBegan   = "began"  // of the session
	keySeen    = "seen"   // last request, to the minute
	keyProved  = "proved" // last proof of who it is
	keySubject = "subject"
)

// New makes the sessions of a node.
func New(o Options) *Sessions {
	o.defaults()
	m := scs.New()
	m.Store, m.Codec = &table{o}, codec{}
	m.Lifetime = o.Absolute
	m.HashTokenInStore = true
	m.Cookie = scs.SessionCookie{Name: "countersign" + o.Name, HttpOnly: true, Path: "/", SameSite: http.SameSiteLaxMode}
	if o.Secure { // __Host- binds the cookie to this host, the whole of it, over TLS (ASVS 3.3.1)
		m.Cookie.Name, m.Cookie.Secure = "__Host-"+m.Cookie.Name, true
	}
	m.ErrorFunc = func(w http.ResponseWriter, _ *http.Request, err error) {
		o.Log.Error("session", "err", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
	}
	return &Sessions{o, m}
}

func (o *Options) defaults() {
	set := func(d *time.Duration, value time.Duration) {
		if *d == 0 {
			*d = value
		}
	}
	set(&o.Idle, 20*time.Minute)
	set(&o.Absolute, 10*time.Hour)
	set(&o.Fresh, 15*time.Minute)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
}

// Wrap loads the session of each request and keeps what changed in it.
func (s *Sessions) Wrap(next http.Handler) http.Handler { return s.manager.LoadAndSave(next) }

// Begin starts a session for an officer under a new token, so that a token planted before is worth nothing
// (ASVS 7.2.4). What the visitor's session held before is dropped.
func (s *Sessions) Begin(ctx context.Context, p Proof) error {
	if err := s.manager.Clear(ctx); err != nil {
		return err
	}
	if err := s.manager.RenewToken(ctx); err != nil {
		return err
	}
	now := stamp(s.options.Now())
	s.manager.Put(ctx, keyOfficer, string(p.Officer))
	s.manager.Put(ctx, keyHow, p.How)
	s.manager.Put(ctx, keySubject, p.Subject)
	s.manager.Put(ctx, keyBegan, now)
	s.manager.Put(ctx, keySeen, now)
	s.manager.Put(ctx, keyProved, now)
	return nil
}

// Prove notes that the officer showed again who they are, under a new token (ASVS 7.5.3).
func (s *Sessions) Prove(ctx context.Context) error {
	s.manager.Put(ctx, keyProved, stamp(s.options.Now()))
	return s.manager.RenewToken(ctx)
}

// Fresh tells whether the last proof is recent enough for an act that cannot be taken back.
func (s *Sessions) Fresh(ctx context.Context) bool {
	return s.options.Now().Sub(s.time(ctx, keyProved)) < s.options.Fresh
}

// End ends the session: its row is gone and the cookie is taken back.
func (s *Sessions) End(ctx context.Context) error { return s.manager.Destroy(ctx) }

// Who is the officer of a live session; ok is false without one. A session left idle is ended here.
func (s *Sessions) Who(ctx context.Context) (p Proof, ok bool, err error) {
	p = s.proof(ctx)
	if p.Officer == "" {
		return p, false, nil
	}
	if s.Left(ctx) <= 0 {
		return Proof{}, false, s.End(ctx)
	}
	now := s.options.Now()
	if now.Sub(s.time(ctx, keySeen)) >= time.Minute { // each change is a durable write
		s.manager.Put(ctx, keySeen, stamp(now))
	}
	return p, true, nil
}

func (s *Sessions) proof(ctx context.Context) Proof {
	return Proof{Officer: act.ID(s.manager.GetString(ctx, keyOfficer)), How: s.manager.GetString(ctx, keyHow), Subject: s.manager.GetString(ctx, keySubject)}
}

// Glance is Who for what a page asks by itself: it is not a sign that anybody is there, so it prolongs nothing,
// and it writes nothing.
func (s *Sessions) Glance(r *http.Request) (p Proof, ok bool, err error) {
	cookie, err := r.Cookie(s.manager.Cookie.Name)
	if err != nil {
		return p, false, nil // no cookie, no session
	}
	ctx, err := s.manager.Load(r.Context(), cookie.Value)
	if err != nil {
		return p, false, err
	}
	p = s.proof(ctx)
	if p.Officer == "" || s.Left(ctx) <= 0 {
		return Proof{}, false, nil
	}
	return p, true, nil
}

// short lets a session of somebody who has not signed in end soon: it holds nothing but the way back.
func (s *Sessions) short(ctx context.Context) {
	if s.manager.GetString(ctx, keyOfficer) == "" {
		s.manager.SetDeadline(ctx, s.options.Now().Add(unfinished))
	}
}

// KeepWhileAway is Keep for a browser that goes to the provider, signed in or not.
func (s *Sessions) KeepWhileAway(ctx context.Context, name string, value map[string]string) {
	s.Keep(ctx, name, value)
	s.short(ctx)
}

// Left is how long the session lasts if nobody touches it.
func (s *Sessions) Left(ctx context.Context) time.Duration {
	now := s.options.Now()
	idle := s.time(ctx, keySeen).Add(s.options.Idle).Sub(now)
	whole := s.time(ctx, keyBegan).Add(s.options.Absolute).Sub(now)
	return min(idle, whole)
}

// Keep remembers something small for the session: a notice for the next page, the words of a search, a filter.
func (s *Sessions) Keep(ctx context.Context, name string, value map[string]string) {
	b, err := json.Marshal(value, json.Deterministic(true))
	if err == nil { // a map of strings always marshals
		s.manager.Put(ctx, keptPrefix+name, string(b))
	}
}

// Kept is what was kept; nil if nothing was.
func (s *Sessions) Kept(ctx context.Context, name string) map[string]string {
	var value map[string]string
	if err := json.Unmarshal([]byte(s.manager.GetString(ctx, keptPrefix+name)), &value); err != nil {
		return nil
	}
	return value
}

// Take is Kept, and forgets it.
func (s *Sessions) Take(ctx context.Context, name string) map[string]string {
	value := s.Kept(ctx, name)
	if value != nil {
		s.manager.Remove(ctx, keptPrefix+name)
	}
	return value
}

const keptPrefix = "kept/"

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// time reads an instant of the session; a missing one is long ago.
func (s *Sessions) time(ctx context.Context, key string) time.Time {
	t, _ := time.Parse(time.RFC3339Nano, s.manager.GetString(ctx, key))
	return t
}
