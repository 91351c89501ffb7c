package web_test

import (
	"flag"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/casework"
	"countersign/internal/demo"
	"countersign/internal/person"
	"countersign/internal/web/static"
	"countersign/internal/words"
)

// world is two real nodes with real databases, a clock that stands still, and a few invented people, so that
// one seed gives the same pages.
type world struct {
	*demo.World
	t     testing.TB
	cases map[string]act.ID
}

var start = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func newWorld(t testing.TB) *world {
	t.Helper()
	w, err := demo.Build(t.Context(), demo.Options{Folder: t.TempDir(), Seed: 7, Start: start, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	return &world{World: w, t: t, cases: map[string]act.ID{}}
}

func invented(given, family string, born person.Date) person.Particulars {
	return person.Particulars{Names: []person.Name{{Family: family, Given: given}}, Birth: born, BirthPlace: "Lushnjë", BirthCountry: "ALB", Sex: "M",
		Nationalities: []string{"ALB"}, FatherName: "Petrit", MotherName: "Lumturi", LastResidence: "Lushnjë", Languages: []string{"sq"}}
}

// open opens a case as the British caseworker.
func (w *world) open(name string, p person.Particulars, route casework.Route) act.ID {
	w.t.Helper()
	o := domestic.CaseOpening{Route: string(route), Part: "EAW", Person: p, Destination: "ALB",
		Encounter: domestic.Encounter{Route: "in-country-check", Place: "Luton", Date: person.On(2026, 11, 20)}}
	if route.TouchesPeer() {
		o.Agreement, o.Peer = demo.Agreement, demo.AL
	}
	id, err := w.GB.Desk.OpenCase(w.t.Context(), w.GB.As("caseworker"), o)
	if err != nil {
		w.t.Fatal(err)
	}
	w.cases[name] = id
	w.Clock.Advance(time.Minute)
	return id
}

func (w *world) do(a *demo.Authority, role, name string, c casework.Command) {
	w.t.Helper()
	w.Clock.Advance(time.Minute)
	if _, err := a.Desk.Case(w.t.Context(), a.As(role), w.cases[name], c); err != nil {
		w.t.Fatalf("%s: %T: %v", name, c, err)
	}
}

func (w *world) attest(name string, step casework.Step) {
	w.t.Helper()
	w.Clock.Advance(time.Minute)
	if err := w.Attest(w.t.Context(), w.cases[name], step); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) slot() {
	w.t.Helper()
	if err := w.Slot(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

// people fills the world: one case asked and waiting, one to answer, one held up by a court, one just opened.
func (w *world) people() {
	w.open("asked", invented("Agim", "Hoxha", person.On(1994, 5, 17)), casework.Readmission)
	w.attest("asked", casework.StepRequest)
	w.do(w.GB, "caseworker", "asked", casework.RequestReadmission{Category: "national", Evidence: []joint.Evidence{{Type: "passport-copy"}}})
	w.slot()
	w.open("question", invented("Çlirim", "Përmeti", person.On(1988, 2, 0)), casework.Readmission)
	w.attest("question", casework.StepRequest)
	w.do(w.GB, "caseworker", "question", casework.RequestReadmission{Category: "national", Evidence: []joint.Evidence{{Type: "own-statement"}}})
	w.slot()
	w.do(w.AL, "readmission-officer", "question", casework.AskMoreInformation{Items: []string{"photograph", "parents"}})
	w.slot()
	w.open("held", invented("Dritan", "Leka", person.On(2001, 9, 3)), casework.Readmission)
	w.do(w.GB, "court-liaison", "held", casework.SetBarrier{Barrier: domestic.Barrier{Gate: "appeal-pending", Effect: "suspensive", Evidence: "court-record", Reference: "PA/00012/2026"}})
	w.open("new", invented("Ëngjëll", "Gjoka", person.On(1979, 1, 30)), casework.NotificationOnly)
	w.office()
}

// office adds what waits for second officers: a text and two changes of the roster.
func (w *world) office() {
	w.t.Helper()
	ctx := w.t.Context()
	if err := w.GB.Desk.ProposeText(ctx, w.GB.As("caseworker"), w.cases["question"], "The photograph was taken at the reporting centre."); err != nil {
		w.t.Fatal(err)
	}
	if err := w.GB.Desk.Admit(ctx, w.GB.As("senior-caseworker"), w.cases["question"], w.GB.As("counsel").Officer.ID, true); err != nil {
		w.t.Fatal(err)
	}
	for _, p := range []domestic.RosterProposal{{Name: "Nora Whitby", Role: "caseworker"}, {Officer: w.GB.As("press-officer").Officer.ID, Reason: "moved to another post"}} {
		if err := w.GB.Desk.ProposeRosterChange(ctx, w.GB.As("administrator").For("purpose.casework"), p); err != nil {
			w.t.Fatal(err)
		}
	}
}

// visitor is a browser without a window.
type visitor struct {
	t      testing.TB
	client *http.Client
	base   string
}

func (w *world) visitor(t testing.TB, a *demo.Authority, lang words.Lang) *visitor {
	w.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.t.Fatal(err)
	}
	u, err := url.Parse(a.URL())
	if err != nil {
		w.t.Fatal(err)
	}
	jar.SetCookies(u, []*http.Cookie{{Name: "lang", Value: string(lang)}})
	return &visitor{t, &http.Client{Jar: jar, Timeout: 20 * time.Second}, a.URL()}
}

// as is a visitor who signed in as the officer with a role.
func (w *world) as(t testing.TB, a *demo.Authority, role string, lang words.Lang) *visitor {
	w.t.Helper()
	v := w.visitor(t, a, lang)
	for _, o := range a.Officers {
		if o.Role == role {
			if status, body := v.post("/sign-in", url.Values{"officer": {string(o.ID)}, "next": {"/start"}}); status >= 500 {
				t.Fatalf("sign-in: %d\n%s", status, body)
			}
			return v
		}
	}
	w.t.Fatalf("nobody is %s", role)
	return nil
}

func (v *visitor) answer(r *http.Response, err error) (int, string) {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return r.StatusCode, string(b)
}

func (v *visitor) get(path string) (int, string) {
	v.t.Helper()
	return v.answer(v.client.Get(v.base + path))
}

func (v *visitor) post(path string, values url.Values) (int, string) {
	v.t.Helper()
	return v.answer(v.client.PostForm(v.base+path, values))
}

// page is a page that must be there.
func (v *visitor) page(path string) string {
	v.t.Helper()
	status, body := v.get(path)
	if status != http.StatusOK {
		v.t.Fatalf("%s: %d\n%s", path, status, main(body))
	}
	return body
}

var mainPart = regexp.MustCompile(`(?s)<main.*</main>`)

func main(body string) string { return mainPart.FindString(body) }

// flaw is what no page may hold: a key without words, what html/template refused, an empty variable.
var flaw = regexp.MustCompile(`\[[a-z-]+(\.[a-zA-Z0-9_-]+)+\]|ZgotmplZ|\{[a-z_]+\}| style="|<script>`)

var fileVersion = regexp.MustCompile(static.Prefix + `([a-z]+)\.[A-Za-z0-9_-]{12}\.`)

var fingerprint = regexp.MustCompile(`([0-9a-f]{4} ){15}[0-9a-f]{4}`)

// same compares a page with its golden file.
func same(t *testing.T, name, got string) {
	t.Helper()
	if m := flaw.FindString(got); m != "" {
		t.Errorf("%s holds %q", name, m)
	}
	path := filepath.Join("testdata", name+".html")
	got = fileVersion.ReplaceAllString(got, static.Prefix+"$1.VERSION.")
	got = fingerprint.ReplaceAllString(got, "FINGERPRINT") // a world's sealing keys are not seeded
	if flag.Lookup("update").Value.String() == "true" {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; go test -update writes it", err)
	}
	a, b := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			t.Fatalf("%s differs from line %d:\n got %s\nwant %s", path, i+1, a[i], b[i])
		}
	}
	if len(a) != len(b) {
		t.Fatalf("%s has %d lines, want %d", path, len(a), len(b))
	}
}

// sent is the first joint act of a case.
func (w *world) sent(name string) act.ID {
	w.t.Helper()
	view, err := w.GB.Desk.ViewCase(w.t.Context(), w.GB.As("caseworker"), w.cases[name])
	if err != nil {
		w.t.Fatal(err)
	}
	for _, e := range view.Events {
		if e.Scope == act.Joint {
			return e.ID
		}
	}
	w.t.Fatalf("%s has no joint act", name)
	return ""
}
