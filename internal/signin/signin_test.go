package signin

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"countersign/internal/store"
	"countersign/internal/store/storetest"
	"countersign/internal/vault"
)

// site says who is signed in, and signs in and out.
func site(t *testing.T, o Options) *httptest.Server {
	t.Helper()
	s := New(o)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /in", func(w http.ResponseWriter, r *http.Request) {
		if err := s.Begin(r.Context(), Proof{Officer: "officer-1", How: "test"}); err != nil {
			t.Error(err)
		}
		s.Keep(r.Context(), "search", map[string]string{"name": "Ëngjëll Çela"})
	})
	mux.HandleFunc("GET /out", func(w http.ResponseWriter, r *http.Request) {
		if err := s.End(r.Context()); err != nil {
			t.Error(err)
		}
	})
	mux.HandleFunc("GET /who", func(w http.ResponseWriter, r *http.Request) {
		p, _, err := s.Who(r.Context())
		if err != nil {
			t.Error(err)
		}
		io.WriteString(w, string(p.Officer)+" "+s.Kept(r.Context(), "search")["name"])
	})
	server := httptest.NewServer(s.Wrap(mux))
	t.Cleanup(server.Close)
	return server
}

func browser(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar}
}

func get(t *testing.T, c *http.Client, url string) string {
	t.Helper()
	r, err := c.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func safe(t *testing.T) *vault.Vault {
	t.Helper()
	master, err := vault.NewMaster()
	if err != nil {
		t.Fatal(err)
	}
	v, err := vault.New(master)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// A session lives through a restart, ends when it is left idle, ends when its time is over, and is sealed.
func TestSessions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, o store.Options) {
		s := storetest.Open(t, o)
		now := time.Now()
		options := Options{Store: s, Vault: safe(t), Now: func() time.Time { return now }}
		c := browser(t)
		first := site(t, options)
		get(t, c, first.URL+"/in")
		if got := get(t, c, first.URL+"/who"); got != "officer-1 Ëngjëll Çela" {
			t.Fatalf("signed in as %q", got)
		}
		var data []byte
		if err := s.QueryRow(`SELECT data FROM sessions`).Scan(&data); err != nil || strings.Contains(string(data), "officer-1") || strings.Contains(string(data), "jëll") {
			t.Errorf("the database spells out the session (%v)", err)
		}
		again := site(t, options) // another process on the same database
		r, err := http.NewRequest(http.MethodGet, again.URL+"/who", nil)
		if err != nil {
			t.Fatal(err)
		}
		address, err := http.NewRequest(http.MethodGet, first.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, cookie := range c.Jar.Cookies(address.URL) {
			r.AddCookie(cookie)
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		b, _ := io.ReadAll(answer.Body)
		answer.Body.Close()
		if string(b) != "officer-1 Ëngjëll Çela" {
			t.Errorf("after a restart: %q", b)
		}
		now = now.Add(19 * time.Minute)
		if got := get(t, c, first.URL+"/who"); !strings.HasPrefix(got, "officer-1") {
			t.Errorf("ended too early: %q", got)
		}
		now = now.Add(21 * time.Minute)
		if got := get(t, c, first.URL+"/who"); strings.HasPrefix(got, "officer-1") {
			t.Errorf("idle for 21 minutes, and still %q", got)
		}
		get(t, c, first.URL+"/in")
		for range 40 { // never idle, and yet a shift ends
			now = now.Add(15 * time.Minute)
			get(t, c, first.URL+"/who")
		}
		if got := get(t, c, first.URL+"/who"); strings.HasPrefix(got, "officer-1") {
			t.Errorf("after ten hours still %q", got)
		}
	})
}

// Signing out drops the row; a session moved to another token opens for nobody.
func TestSignOutAndTampering(t *testing.T) {
	s := storetest.Open(t, storetest.SQLite(t))
	c := browser(t)
	server := site(t, Options{Store: s, Vault: safe(t)})
	get(t, c, server.URL+"/in")
	if err := s.Write(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec(`UPDATE sessions SET data = $1`, []byte("altered"))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if got := get(t, c, server.URL+"/who"); strings.HasPrefix(got, "officer-1") {
		t.Error("an altered session was believed")
	}
	get(t, c, server.URL+"/in")
	get(t, c, server.URL+"/out")
	var rows int
	if err := s.QueryRow(`SELECT COUNT(*) FROM sessions WHERE expiry > $1`, time.Now().UTC().Format("2006")).Scan(&rows); err != nil || rows > 1 {
		t.Errorf("%d sessions are left (%v)", rows, err)
	}
}

// With TLS the cookie is bound to its host and cannot be read by scripts.
func TestCookie(t *testing.T) {
	s := storetest.Open(t, storetest.SQLite(t))
	server := site(t, Options{Store: s, Vault: safe(t), Secure: true})
	r, err := http.Get(server.URL + "/in")
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	for _, cookie := range r.Cookies() {
		if !strings.HasPrefix(cookie.Name, "__Host-") || !cookie.Secure || !cookie.HttpOnly || cookie.Path != "/" || cookie.Domain != "" {
			t.Errorf("%+v", cookie)
		}
	}
	if len(r.Cookies()) == 0 {
		t.Error("no cookie")
	}
}
