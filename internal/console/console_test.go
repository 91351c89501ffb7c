package console_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/border"
	"countersign/internal/border/alert"
	"countersign/internal/border/criteria"
	"countersign/internal/border/lane"
	"countersign/internal/border/screen"
	"countersign/internal/border/synthetic"
	"countersign/internal/console"
	"countersign/internal/fault"
	"countersign/internal/web/browsertest"
	"countersign/internal/words"
	"countersign/laws"

	"github.com/go-json-experiment/json"
)

var morning = time.Date(2026, 5, 4, 7, 0, 0, 0, time.UTC)

// rig is a lane's folder and the clocks around it.
type rig struct {
	folder  string
	key     ed25519.PrivateKey
	wall    time.Time
	elapsed time.Duration
	deliver func(context.Context, []lane.Entry) (lane.Position, error)
	d       *lane.Delegation
}

func (r *rig) pass(d time.Duration) { r.wall, r.elapsed = r.wall.Add(d), r.elapsed+d }

func newRig(t testing.TB) *rig {
	t.Helper()
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, 32))
	pub := key.Public().(ed25519.PublicKey)
	r := &rig{folder: t.TempDir(), key: key, wall: morning}
	b := domestic.BorderDelegation{Lane: "lane-1", Point: "al-tirana-airport", KeyID: act.KeyID(pub), Public: base64.StdEncoding.EncodeToString(pub),
		From: morning.Add(-time.Hour), Until: morning.Add(8 * time.Hour)}
	officer := act.Officer{ID: "44444444-0000-4000-8000-000000000001", Authority: "al", Role: "border-officer"}
	s := console.Settings{Delegation: b, Officer: officer, State: "al", Direction: criteria.Exit, Destination: []string{"gb"}, Zone: "Europe/Tirane"}
	var err error
	if r.d, err = lane.FromAct(act.Event{Officer: officer, Body: &b}); err != nil {
		t.Fatal(err)
	}
	put := func(name string, v any) {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		r.write(t, name, text)
	}
	put(console.SettingsFile, s)
	put(console.RingFile, map[string]map[string]string{"node": {"authority": "node", "public": b.Public}})
	r.write(t, console.KeyFile, []byte(base64.StdEncoding.EncodeToString(key.Seed())))
	r.write(t, console.ListsFile, r.image(t, 1, morning.Add(-time.Hour)))
	return r
}

func (r *rig) write(t testing.TB, name string, b []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(r.folder, name), b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// image is a list of invented people, one of whom is the wanted one of the tests.
func (r *rig) image(t testing.TB, version int64, issued time.Time) []byte {
	t.Helper()
	b := screen.NewBuilder()
	if err := b.List(alert.Header{List: "al/wanted", Kind: alert.Wanted, Authority: "al-police", LegalBasis: "a warrant", Action: "border.next.compare-person",
		Version: version, Issued: issued, ValidFrom: issued, ValidUntil: issued.AddDate(0, 0, 30)}); err != nil {
		t.Fatal(err)
	}
	p := wanted()
	b.Add(&alert.Alert{Ref: "w1", Names: []string{p.Name()}, Birth: p.Birth, Sex: p.Sex, Nationality: p.Nationality, Documents: []alert.Document{p.Document}})
	var out bytes.Buffer
	if err := b.Build().WriteImage(&out, "node", r.key); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func wanted() synthetic.Person {
	w := synthetic.New(3, morning)
	for {
		if p := w.Person(); p.Nationality == "ALB" && morning.Year()-int(p.Birth.Year) > 20 {
			return p
		}
	}
}

// stranger is somebody of another nationality with whom nothing is open.
func stranger() synthetic.Person {
	w := synthetic.New(4, morning)
	for {
		if p := w.Person(); p.Nationality == "GBR" && morning.Year()-int(p.Birth.Year) > 20 {
			return p
		}
	}
}

func (r *rig) open(t testing.TB) *console.Lane {
	t.Helper()
	books, err := criteria.Load(laws.Border)
	if err != nil {
		t.Fatal(err)
	}
	l, err := console.Open(console.Config{Folder: r.folder, Books: books, Wall: func() time.Time { return r.wall },
		Elapsed: func() time.Duration { return r.elapsed }, Deliver: func(ctx context.Context, b []lane.Entry) (lane.Position, error) { return r.deliver(ctx, b) }})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func zoneOf(p synthetic.Person) []byte { return []byte(synthetic.Zone(&p, "340101")) }

func allow(t testing.TB, l *console.Lane, zone []byte) error {
	t.Helper()
	return l.Decide(l.Scan(zone).Check, func(_ *border.Result, ref domestic.BorderCheckRef) any { return border.Allow{Ref: ref} })
}

// node takes a lane's queue as the real one does, but its answers may be lost.
type node struct {
	at   lane.Position
	got  []lane.Merged
	lose int
	down bool
	now  func() time.Time
	keys map[string]*lane.Delegation
}

var errDown = errors.New("no link")

func (n *node) take(_ context.Context, batch []lane.Entry) (lane.Position, error) {
	if n.down {
		return lane.Position{}, errDown
	}
	m, at, err := lane.Merge(n.at, batch, n.keys, n.now())
	n.got, n.at = append(n.got, m...), at
	if n.lose > 0 {
		n.lose--
		return lane.Position{}, errDown
	}
	return at, err
}

func (r *rig) node() *node {
	n := &node{now: func() time.Time { return r.wall }, keys: map[string]*lane.Delegation{r.d.KeyID: r.d}}
	r.deliver = n.take
	return n
}

// Decisions are made with the link down, survive a stop in the middle, and arrive once though answers are lost.
func TestOfflineAndOnce(t *testing.T) {
	r := newRig(t)
	n := r.node()
	n.down = true
	l := r.open(t)
	for range 5 {
		if err := allow(t, l, zoneOf(stranger())); err != nil {
			t.Fatal(err)
		}
		r.pass(time.Minute)
	}
	if left, err := l.Send(t.Context()); left != 5 || err == nil || !l.Status().Offline {
		t.Fatal(left, err)
	}
	file := filepath.Join(r.folder, "queue.jsonl")
	b, _ := os.ReadFile(file)
	os.WriteFile(file, append(b, `{"lane":"lane-1","seq":6,"pr`...), 0o600) // the power went in the middle of a line
	l = r.open(t)
	if w := l.Status().Waiting; w != 5 {
		t.Fatal("after the restart", w, "wait")
	}
	if err := allow(t, l, zoneOf(stranger())); err != nil {
		t.Fatal(err)
	}
	n.down, n.lose = false, 1
	l.Send(t.Context())
	if left, err := l.Send(t.Context()); left != 0 || err != nil {
		t.Fatal(left, err)
	}
	if len(n.got) != 6 || n.at.Seq != 6 {
		t.Fatalf("%d entries arrived, the node stands at %d", len(n.got), n.at.Seq)
	}
	l = r.open(t) // the queue is empty, the log goes on where it was
	if err := allow(t, l, zoneOf(stranger())); err != nil {
		t.Fatal(err)
	}
	if left, err := l.Send(t.Context()); left != 0 || err != nil || n.at.Seq != 7 {
		t.Fatal(left, err, n.at)
	}
}

// A queue that was tampered with on the disk does not start.
func TestTamperedQueue(t *testing.T) {
	r := newRig(t)
	r.node().down = true
	l := r.open(t)
	allow(t, l, zoneOf(stranger()))
	allow(t, l, zoneOf(stranger()))
	file := filepath.Join(r.folder, "queue.jsonl")
	b, _ := os.ReadFile(file)
	os.WriteFile(file, bytes.Replace(b, []byte(`allow`), []byte(`alloW`), 1), 0o600)
	if _, err := console.Open(console.Config{Folder: r.folder, Wall: func() time.Time { return r.wall }, Elapsed: func() time.Duration { return 0 }}); fault.KeyOf(err) != "fault.console.queue" {
		t.Fatal(err)
	}
}

// A bad, old or replayed image is put aside; the one in use stays.
func TestBadLists(t *testing.T) {
	r := newRig(t)
	r.node()
	r.write(t, console.ListsFile, r.image(t, 2, morning.Add(-time.Hour)))
	l := r.open(t)
	good := r.image(t, 3, morning)
	bad := bytes.Clone(good)
	bad[len(bad)-9] ^= 1
	unsigned := bytes.Replace(bytes.Clone(good), []byte("node "), []byte("nobody "), 1)
	for name, b := range map[string][]byte{"corrupt": bad, "cut": good[:len(good)/2], "unsigned": unsigned, "old": r.image(t, 9, morning.Add(-25*time.Hour)), "replayed": r.image(t, 1, morning), "empty": {}} {
		r.write(t, "lists.new", b)
		l.TakeLists()
		s := l.Status()
		if s.Refused == "" || len(s.Lists) != 1 || s.Lists[0].Version != 2 {
			t.Errorf("%s: %+v", name, s)
		}
		if _, err := os.Stat(filepath.Join(r.folder, "lists.new")); err == nil {
			t.Errorf("%s lies there still", name)
		}
	}
	r.write(t, "lists.new", good)
	l.TakeLists()
	if s := l.Status(); s.Refused != "" || s.Lists[0].Version != 3 {
		t.Fatalf("%+v", s)
	}
	r.write(t, console.ListsFile, bad) // damaged on the disk: the one before is used
	if s := r.open(t).Status(); len(s.Lists) != 1 || s.Lists[0].Version != 2 {
		t.Fatalf("%+v", s)
	}
	r.pass(25 * time.Hour) // too old: nobody goes on as if lists had been asked
	if got := l.Scan(zoneOf(stranger())); got.Answer != border.SecondLine {
		t.Fatalf("%+v", got)
	}
}

// A wall clock that is set while the lane runs stops decisions until an officer has confirmed the time.
func TestClockJump(t *testing.T) {
	r := newRig(t)
	r.node()
	l := r.open(t)
	for _, by := range []time.Duration{time.Hour, -time.Hour} {
		r.wall = r.wall.Add(by)
		if err := allow(t, l, zoneOf(stranger())); fault.KeyOf(err) != "fault.console.clock" {
			t.Fatal(by, err)
		}
		r.wall = r.wall.Add(-by)
	}
	r.wall = r.wall.Add(10 * time.Minute)
	if err := l.RestartClock(); err != nil {
		t.Fatal(err)
	}
	if err := allow(t, l, zoneOf(stranger())); err != nil {
		t.Fatal(err)
	}
}

// Whatever the scanner types, an answer comes back, and the answer never says why.
func FuzzScan(f *testing.F) {
	f.Add([]byte("P<"))
	f.Add(zoneOf(stranger()))
	f.Add([]byte{0, 255, '\n', 27})
	r := newRig(f)
	r.node()
	l := r.open(f)
	server := httptest.NewServer(l.Handler())
	f.Cleanup(server.Close)
	f.Fuzz(func(t *testing.T, zone []byte) {
		if s := l.Scan(zone); s.Answer.Word == "" {
			t.Fatalf("%+v", s)
		}
		resp, err := http.PostForm(server.URL+"/scan", url.Values{"zone": {string(zone)}})
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Fatal(err, resp)
		}
		resp.Body.Close()
	})
}

// The console by keyboard alone, in both languages: scan, at most three keystrokes, nothing that tells the traveller
// why, and no fault that axe-core finds.
func TestConsoleByKeyboard(t *testing.T) {
	r := newRig(t)
	n := r.node()
	l := r.open(t)
	server := httptest.NewServer(l.Handler())
	t.Cleanup(server.Close)
	browser := browsertest.Start(t)
	catalogues, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range words.Langs {
		t.Run(string(lang), func(t *testing.T) {
			c := catalogues[lang]
			p := browser.Page(t)
			p.Size(1024, 768)
			p.Open(server.URL + "/?lang=" + string(lang))
			p.Accessible()
			p.Shot("lane-ready-" + string(lang))
			p.Size(1024, 768)
			for _, s := range []struct {
				name, zone, word, keys, done string
			}{
				{"clear", string(zoneOf(stranger())), "border.answer.clear", browsertest.Enter, "console.done.allow"},
				{"wanted", string(zoneOf(wanted())), "border.answer.second-line", browsertest.Enter, "console.done.second-line"},
				{"override", string(zoneOf(wanted())), "border.answer.second-line", browsertest.Tab + browsertest.Enter, "console.done.allow"},
			} {
				before := l.Status().Waiting
				if got := p.Focused(); !strings.Contains(got, "zone") && !strings.Contains(got, c.Text("console.scan")) {
					t.Fatalf("%s: the scanner would type into %q", s.name, got)
				}
				p.Press(strings.Replace(s.zone, "\n", "\r", 1))
				p.Submit(browsertest.Enter)
				if got := p.Text("#answer .word"); got != c.Text(s.word) {
					t.Fatalf("%s: %q", s.name, got)
				}
				whole := p.Text("body")
				for _, secret := range []string{"w1", "al/wanted@", c.Text("border.finding.alert-strong", "list", "al/wanted"), "warrant", "urdhër"} {
					if strings.Contains(whole, secret) {
						t.Errorf("%s: the screen in view of the traveller says %q", s.name, secret)
					}
				}
				p.Accessible()
				p.Fits()
				if h := browsertest.Eval[int](p, "document.documentElement.scrollHeight"); h > 768 {
					t.Errorf("%s: the page is %d high and must be scrolled", s.name, h)
				}
				p.Shot("lane-" + s.name + "-" + string(lang))
				p.Size(1024, 768)
				for _, k := range s.keys[:len(s.keys)-1] {
					p.Press(string(k))
				}
				p.Submit(s.keys[len(s.keys)-1:])
				if got := p.Text("[role=status]"); got != c.Text(s.done) {
					t.Fatalf("%s: %q", s.name, got)
				}
				if l.Status().Waiting != before+1 {
					t.Fatalf("%s: nothing waits for delivery", s.name)
				}
			}
			p.Open(server.URL + "/officer")
			if !strings.Contains(p.Text(".findings"), c.Text("border.field.birth")) {
				t.Error("the officer’s view does not show the evidence")
			}
			p.Accessible()
			p.Shot("lane-officer-" + string(lang))
			if err := l.StartManifest([]byte(manifestOf(20))); err != nil {
				t.Fatal(err)
			}
			for !strings.Contains(p.Text("main"), "21") || !strings.Contains(p.Text("main"), ",") {
				p.Open(server.URL + "/manifest")
			}
			p.Accessible()
			p.Shot("lane-manifest-" + string(lang))
			if _, err := l.Send(t.Context()); err != nil {
				t.Fatal(err)
			}
		})
	}
	if len(n.got) != 6 {
		t.Fatalf("%d decisions arrived", len(n.got))
	}
}

// manifestOf is a manifest of strangers with the wanted one among them, and one page that could not be read.
func manifestOf(n int) string {
	w := synthetic.New(11, morning)
	var b strings.Builder
	for i := range n {
		p := w.Person()
		for p.Nationality == "ALB" {
			p = w.Person()
		}
		if i == n/2 {
			p = wanted()
		}
		b.Write(zoneOf(p))
		b.WriteString("\n")
	}
	return b.String() + "\nnoise\n"
}

// A whole ferry in one go: everybody is checked, those to be asked are named by their place, nothing is decided, and the
// next manifest waits for this one.
func TestManifest(t *testing.T) {
	r := newRig(t)
	r.node()
	l := r.open(t)
	server := httptest.NewServer(l.Handler())
	t.Cleanup(server.Close)
	post := func(zones string) (int, string) {
		resp, err := http.PostForm(server.URL+"/manifest?lang=en", url.Values{"zones": {zones}})
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, string(b)
	}
	if status, _ := post(""); status != http.StatusUnprocessableEntity {
		t.Fatal("an empty manifest was taken", status)
	}
	if status, body := post(manifestOf(1000)); status != http.StatusOK {
		t.Fatal(status, body)
	}
	var body string
	for end := time.Now().Add(20 * time.Second); !strings.Contains(body, "Nothing found:"); time.Sleep(20 * time.Millisecond) {
		resp, err := http.Get(server.URL + "/manifest?lang=en")
		if err != nil || time.Now().After(end) {
			t.Fatal(err, body)
		}
		b, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		body = string(b)
	}
	if !strings.Contains(body, "1001 of 1001") || !strings.Contains(body, `<th scope="row">501</th>`) || !strings.Contains(body, "Not readable: 1.") {
		t.Fatal(body)
	}
	if l.Status().Waiting != 0 {
		t.Fatal("a manifest decided something")
	}
}

// The form to print says that it is a proposal, and carries reasons, remedy and leaflet in both languages.
func TestPaperOfARefusal(t *testing.T) {
	r := newRig(t)
	r.node()
	l := r.open(t)
	server := httptest.NewServer(l.Handler())
	t.Cleanup(server.Close)
	p, shown := expired(l)
	page := func() (int, string) {
		resp, err := http.Get(server.URL + "/officer/" + string(shown.Check) + "/paper")
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, _ := io.ReadAll(resp.Body)
		return resp.StatusCode, string(b)
	}
	if status, _ := page(); status != http.StatusNotFound {
		t.Fatal("a form without a proposal", status)
	}
	reasons := propose(t, l, shown.Check)
	status, body := page()
	for _, want := range []string{reasons["en"], reasons["sq"], p.Document.Number, "A proposal. It is a refusal only when", "How to complain", "Si mund të ankoheni", "People’s Advocate", "Avokatin e Popullit"} {
		if status != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%d: no %q in\n%s", status, want, body)
		}
	}
}

// expired is a stranger whose passport has ended, and the check.
func expired(l *console.Lane) (synthetic.Person, *console.Shown) {
	p := stranger()
	return p, l.Scan([]byte(synthetic.Zone(&p, "210101")))
}

// propose proposes the refusal, with reasons about this person in both languages.
func propose(t *testing.T, l *console.Lane, check act.ID) map[string]string {
	t.Helper()
	reasons := map[string]string{"en": "The passport of this person ended on 1 January 2021; no other was shown.", "sq": "Pasaporta e këtij personi mbaroi më 1 janar 2021; nuk u tregua tjetër."}
	if err := l.Decide(check, func(res *border.Result, ref domestic.BorderCheckRef) any {
		f := res.Form(ref, "al.exit.document-valid")
		f.PersonLanguage, f.Reasons, f.Proportionality = "sq", reasons, reasons
		return border.Refuse{Form: f}
	}); err != nil {
		t.Fatal(err)
	}
	return reasons
}

// The form of a refusal and the leaflet, as the officer sees them before they are printed.
func TestPaperInBrowser(t *testing.T) {
	r := newRig(t)
	r.node()
	l := r.open(t)
	server := httptest.NewServer(l.Handler())
	t.Cleanup(server.Close)
	_, shown := expired(l)
	propose(t, l, shown.Check)
	p := browsertest.Start(t).Page(t)
	p.Open(server.URL + "/officer/" + string(shown.Check) + "/paper")
	p.Accessible()
	p.Fits()
	p.Shot("lane-paper")
	if pdf := p.PDF(); !bytes.HasPrefix(pdf, []byte("%PDF")) {
		t.Error("it cannot be printed")
	}
}

// The screen answers this machine's own names only.
func TestOtherHostsAreRefused(t *testing.T) {
	r := newRig(t)
	r.node()
	req := httptest.NewRequest(http.MethodGet, "/", nil)
	req.Host = "evil.example:8450"
	w := httptest.NewRecorder()
	r.open(t).Handler().ServeHTTP(w, req)
	if w.Code != http.StatusMisdirectedRequest {
		t.Fatal(w.Code)
	}
}
