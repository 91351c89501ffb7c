package signin_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"countersign/internal/fault"
	"countersign/internal/signin"
	"countersign/internal/signin/exercise"
	"countersign/internal/store/storetest"
	"countersign/internal/vault"
)

// rig is a provider, a node's sessions that trust it, and one browser.
type rig struct {
	t        *testing.T
	now      time.Time
	provider *exercise.Provider
	site     *httptest.Server
	browser  *http.Client
	last     error // of the last return
	identity signin.Identity
}

func newRig(t *testing.T, change func(*signin.OIDC, *exercise.Options)) *rig {
	t.Helper()
	r := &rig{t: t, now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return r.now }
	master, err := vault.NewMaster()
	if err != nil {
		t.Fatal(err)
	}
	safe, err := vault.New(master)
	if err != nil {
		t.Fatal(err)
	}
	sessions := signin.New(signin.Options{Store: storetest.Open(t, storetest.SQLite(t)), Vault: safe})
	mux := http.NewServeMux()
	r.site = httptest.NewServer(sessions.Wrap(mux))
	t.Cleanup(r.site.Close)
	op := httptest.NewUnstartedServer(nil)
	o := exercise.Options{Issuer: "http://" + op.Listener.Addr().String(), Client: "node", Secret: "s3cret", Return: r.site.URL + signin.PathReturn, Now: clock,
		People: []exercise.Person{{Subject: "emp-1", Name: "Ana Prova"}, {Subject: "emp-2", Name: "Ben Prova"}}}
	c := signin.OIDC{Issuer: o.Issuer, ClientID: "node"}
	if change != nil {
		change(&c, &o)
	}
	if r.provider, err = exercise.New(o); err != nil {
		t.Fatal(err)
	}
	op.Config.Handler = r.provider.Handler()
	op.Start()
	t.Cleanup(op.Close)
	connection, err := signin.Connect(c, "s3cret", r.site.URL, nil, true, clock)
	if err != nil {
		t.Fatal(err)
	}
	mux.HandleFunc("GET /start", func(w http.ResponseWriter, q *http.Request) {
		to, err := connection.Start(q.Context(), sessions, signin.Ask{Next: "/cases", Again: q.URL.Query().Has("again")})
		if err != nil {
			t.Error(err)
		}
		http.Redirect(w, q, to, http.StatusSeeOther)
	})
	mux.HandleFunc("GET "+signin.PathReturn, func(w http.ResponseWriter, q *http.Request) {
		var ask signin.Ask
		r.identity, ask, r.last = connection.Finish(q, sessions)
		io.WriteString(w, "returned to "+ask.Next)
	})
	r.browser = r.newBrowser()
	return r
}

func (r *rig) newBrowser() *http.Client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		r.t.Fatal(err)
	}
	return &http.Client{Jar: jar}
}

// signIn walks from the start to the return; at the question the browser chooses subject.
func (r *rig) signIn(subject, query string) (identity signin.Identity, asked bool, err error) {
	r.t.Helper()
	r.identity, r.last = signin.Identity{}, nil
	answer, err := r.browser.Get(r.site.URL + "/start" + query)
	if err != nil {
		r.t.Fatal(err)
	}
	answer.Body.Close()
	if strings.HasPrefix(answer.Request.URL.Path, "/authorize") {
		asked = true
		if answer, err = r.browser.PostForm(answer.Request.URL.String(), url.Values{"subject": {subject}}); err != nil {
			r.t.Fatal(err)
		}
		answer.Body.Close()
	}
	return r.identity, asked, r.last
}

// A person is led to the provider and back; asked to prove it again, the provider must ask again.
func TestSignInWithProvider(t *testing.T) {
	r := newRig(t, nil)
	id, _, err := r.signIn("emp-1", "")
	if err != nil || id.Subject != "emp-1" || id.Name != "Ana Prova" || id.Key() == "" {
		t.Fatal(id, err)
	}
	r.now = r.now.Add(20 * time.Minute)
	if _, asked, err := r.signIn("emp-1", ""); err != nil || asked {
		t.Errorf("signed in at the provider already, and asked again: %v (%v)", asked, err)
	}
	again, asked, err := r.signIn("emp-1", "?again")
	if err != nil || !asked || !again.Proved.Equal(r.now) {
		t.Errorf("asked %v, proved %v at %v (%v)", asked, again.Proved, r.now, err)
	}
}

// Each of these is a sign-in that must not be believed: what an attacker or a broken provider could send.
func TestSignInRefused(t *testing.T) {
	for name, spoil := range map[string]func(map[string]any){
		"of another provider": func(c map[string]any) { c["iss"] = "https://elsewhere.example" },
		"for another client":  func(c map[string]any) { c["aud"] = "another" },
		"for two clients":     func(c map[string]any) { c["aud"] = []string{"node", "another"} },
		"by another party":    func(c map[string]any) { c["azp"] = "another" },
		"expired":             func(c map[string]any) { c["exp"] = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC).Unix() },
		"of another sign-in":  func(c map[string]any) { c["nonce"] = "replayed" },
		"without a nonce":     func(c map[string]any) { delete(c, "nonce") },
		"of nobody":           func(c map[string]any) { c["sub"] = "" },
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, nil)
			if _, _, err := r.signIn("emp-1", ""); err != nil { // the control: unspoiled it is taken
				t.Fatal(err)
			}
			r.provider.Spoil = spoil
			if id, _, err := r.signIn("emp-1", ""); fault.KindOf(err) != fault.Denied {
				t.Errorf("%+v was believed (%v)", id, err)
			}
		})
	}
}

// A provider that does not ask again, though it must, is not believed.
func TestOldProofIsNoNewOne(t *testing.T) {
	r := newRig(t, nil)
	r.provider.Spoil = func(c map[string]any) { c["auth_time"] = r.now.Add(-time.Hour).Unix() }
	if _, _, err := r.signIn("emp-1", ""); err != nil {
		t.Fatal(err)
	}
	if _, _, err := r.signIn("emp-1", "?again"); fault.KindOf(err) != fault.Denied {
		t.Errorf("an hour-old proof served (%v)", err)
	}
	r.provider.Spoil = func(c map[string]any) { delete(c, "auth_time") }
	if _, _, err := r.signIn("emp-1", "?again"); fault.KindOf(err) != fault.Denied {
		t.Errorf("no time of proof served (%v)", err)
	}
}

// The authority may demand a level of authentication.
func TestLevel(t *testing.T) {
	for level, want := range map[string]bool{"hardware": true, "password": false, "": false} {
		r := newRig(t, func(c *signin.OIDC, o *exercise.Options) { c.ACR, o.ACR = []string{"hardware"}, level })
		if _, _, err := r.signIn("emp-1", ""); (err == nil) != want {
			t.Errorf("level %q: %v", level, err)
		}
	}
}

// What comes back counts once, in the browser that asked, with the state that was given out.
func TestAnswerOfAnotherBrowser(t *testing.T) {
	r := newRig(t, nil)
	var back string
	r.browser.CheckRedirect = func(q *http.Request, _ []*http.Request) error {
		if q.URL.Path == signin.PathReturn {
			back = q.URL.String()
			return http.ErrUseLastResponse
		}
		return nil
	}
	r.signIn("emp-1", "")
	if back == "" {
		t.Fatal("the provider led nowhere")
	}
	open := func(c *http.Client, address string) error {
		r.last = nil
		answer, err := c.Get(address)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		return r.last
	}
	if err := open(r.newBrowser(), back); fault.KindOf(err) != fault.Denied {
		t.Errorf("another browser signed in with the code (%v)", err)
	}
	u, _ := url.Parse(back)
	q := u.Query()
	q.Set("iss", "https://elsewhere.example")
	u.RawQuery = q.Encode()
	if err := open(r.browser, u.String()); fault.KindOf(err) != fault.Denied {
		t.Errorf("an answer of another provider (%v)", err)
	}
	r.signIn("emp-1", "")
	if err := open(r.browser, back[:strings.Index(back, "state=")]+"state=x"); fault.KindOf(err) != fault.Denied {
		t.Errorf("a wrong state (%v)", err)
	}
	r.signIn("emp-1", "")
	if err := open(r.browser, back); err != nil {
		t.Errorf("the control: %v", err)
	}
	if err := open(r.browser, back); fault.KindOf(err) != fault.Denied {
		t.Errorf("the same answer twice (%v)", err)
	}
}

// Without PKCE a code that was overheard is worth nothing: the provider of the exercise holds to it.
func TestCodeWithoutVerifier(t *testing.T) {
	r := newRig(t, nil)
	redeem := func(values url.Values) string {
		answer, err := http.PostForm(r.provider.Issuer+"/token", values)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		var body map[string]any
		if err := json.NewDecoder(answer.Body).Decode(&body); err != nil {
			t.Fatal(err)
		}
		s, _ := body["error"].(string)
		return s
	}
	if got := redeem(url.Values{"client_id": {"node"}, "client_secret": {"s3cret"}, "code": {"x"}}); got != "invalid_grant" {
		t.Error(got)
	}
	if got := redeem(url.Values{"client_id": {"node"}, "client_secret": {"wrong"}}); got != "invalid_client" {
		t.Error(got)
	}
}

// An issuer that is not https is for demonstrations; so the exercise provider cannot serve a real node.
func TestIssuerMustBeSafe(t *testing.T) {
	for issuer, ok := range map[string]bool{"http://127.0.0.1:9": false, "https://id.example": true, "": false, "ftp://x": false} {
		if _, err := signin.Connect(signin.OIDC{Issuer: issuer, ClientID: "x"}, "", "https://node.example", nil, false, nil); (err == nil) != ok {
			t.Errorf("%q: %v", issuer, err)
		}
	}
	if _, err := signin.Connect(signin.OIDC{Issuer: "http://127.0.0.1:9", ClientID: "x"}, "", "http://127.0.0.1:8", nil, true, nil); err != nil {
		t.Error(err)
	}
	if l, err := exercise.Listen("0.0.0.0:0"); err == nil {
		l.Close()
		t.Error("the exercise provider offers itself to everybody")
	}
}
